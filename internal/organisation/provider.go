package organisation

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Provider is who runs a unit from a day on: a company that works for the municipality, or
// with an empty name the municipality itself. Whoever works there counts with the
// municipality, which sends them and pays. Number is the company's organisation number, ten
// digits; empty for a sole trader, whose number is a personal identity number.
type Provider struct {
	From   clock.Day
	Name   string
	Number string
	By     string // who said it; empty for the product itself
}

// Private tells whether it is a company.
func (p Provider) Private() bool { return p.Name != "" }

// ReadNumber is the organisation number that somebody typed, as ten digits: "559999-1238",
// with or without the hyphen or "16" before it. false when it is none: the third digit is 2
// at least, which tells it from a personal identity number, and the last is a check digit.
func ReadNumber(typed string) (string, bool) {
	digits := strings.NewReplacer("-", "", " ", "").Replace(typed)
	if len(digits) == 12 {
		digits = strings.TrimPrefix(digits, "16")
	}
	if len(digits) != 10 || digits[2] < '2' {
		return "", false
	}
	sum := 0
	for i, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return "", false
		}
		d := int(c - '0')
		if i%2 == 0 { // doubled, and its digits added up
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return digits, sum%10 == 0
}

// WriteNumber is the organisation number as people write it.
func WriteNumber(number string) string {
	if len(number) != 10 {
		return number
	}
	return number[:6] + "-" + number[6:]
}

// ProviderSQL is the name of the company, as SQL, that runs the unit on the day; both are
// expressions. It is empty where the municipality does.
func ProviderSQL(unit, day string) string {
	return strings.NewReplacer("{unit}", unit, "{day}", day).Replace(`COALESCE((
		SELECT run.name
		FROM unit_provider AS run
		WHERE run.unit_id = {unit}
		AND run.withdrawn_at IS NULL
		AND run.from_day <= {day}
		ORDER BY run.from_day DESC
		LIMIT 1), '')`)
}

// Private are the municipality's units that companies run on the day, each with the
// company's name. It asks no viewer: whoever calls sees the units.
func Private(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (map[int64]string, error) {
	type row struct {
		unit int64
		name string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.unit, &r.name} }, `
		SELECT p.unit_id, p.name
		FROM (
			SELECT o.id AS unit_id, `+ProviderSQL("o.id", "$2")+` AS name
			FROM organisation AS o
			WHERE o.municipality_id = $1
			AND o.kind = 'unit'
		) AS p
		WHERE p.name <> ''`, municipalityID, day)
	all := make(map[int64]string, len(rows))
	for _, r := range rows {
		all[r.unit] = r.name
	}
	return all, err
}

// Providers are who has run and will run the unit, the latest first, for those who manage it.
func Providers(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64) ([]Provider, error) {
	if _, err := managedUnit(ctx, q, viewer, unitID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(p *Provider) []any { return []any{&p.From, &p.Name, &p.Number, &p.By} }, `
		SELECT
			r.from_day,
			r.name,
			r.number,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM unit_provider AS r
		LEFT JOIN person AS p ON p.id = r.told_by
		WHERE r.unit_id = $1
		AND r.withdrawn_at IS NULL
		ORDER BY r.from_day DESC`, unitID)
}

// SetProvider says who runs the unit from a day on, for those who manage it. What was said of
// later days no longer holds. fault.Invalid "provider", "number".
func SetProvider(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64, p Provider, now clock.Instant) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	p.Name = strings.TrimSpace(p.Name)
	checks.Require(utf8.RuneCountInString(p.Name) <= 100, "provider", "fault.too_long", "Max", 100)
	checks.Require(p.Name != "" || p.Number == "", "provider", "fault.name_missing")
	if p.Number != "" {
		number, ok := ReadNumber(p.Number)
		checks.Require(ok, "number", "municipality.provider_number_wrong")
		p.Number = number
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := holdUnit(ctx, tx, u.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE unit_provider SET withdrawn_at = $3, withdrawn_by = $4 WHERE unit_id = $1 AND from_day >= $2 AND withdrawn_at IS NULL`,
		u.ID, p.From, now, viewer.ActorID()); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO unit_provider (unit_id, from_day, name, number, told_at, told_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		u.ID, p.From, p.Name, p.Number, now, viewer.ActorID())
	return err
}
