package tablet

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/text"
)

// Idle is after how long without a touch a session on a tablet ends, and CookieLife how long a
// browser keeps its secret: as long as browsers keep anything.
const (
	Idle       = 5 * time.Minute
	CookieLife = 400 * 24 * time.Hour
)

// longestName is the longest name of a tablet, in letters, and mostOfUnit how many a unit has
// at a time.
const (
	longestName = 60
	mostOfUnit  = 50
)

// Tablet is one of a unit's.
type Tablet struct {
	ID     int64
	UnitID int64
	Unit   string
	Name   string
	MadeAt clock.Instant
	UsedAt *clock.Instant // when somebody last signed in on it with a code
}

func (t *Tablet) columns() []any {
	return []any{&t.ID, &t.UnitID, &t.Unit, &t.Name, &t.MadeAt, &t.UsedAt}
}

const selected = `
	SELECT t.id, t.unit_id, o.name, t.name, t.made_at, t.used_at
	FROM tablet AS t
	JOIN organisation AS o ON o.id = t.unit_id
	WHERE t.removed_at IS NULL`

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte("tablet " + secret))
	return sum[:]
}

// shared is nil when the viewer may let the people of the unit share a tablet.
func shared(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64) error {
	u, err := organisation.ByID(ctx, q, unitID)
	if err == nil && u.Kind != organisation.Unit {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	return access.ShareTablets(viewer).Allow(u.Place())
}

// All are the tablets of the units that the viewer looks after, by unit, the newest first.
// fault.Forbidden for those who look after none.
func All(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Tablet, error) {
	scope := access.ShareTablets(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	condition, args := scope.Where(access.Columns{Region: "o.region_id", Municipality: "o.municipality_id", Unit: "o.id"})
	var b db.Builder
	b.Add(selected+` AND `+condition, args...).Add(`ORDER BY o.sort_key, o.id, t.made_at DESC, t.id DESC`)
	return db.Rows(ctx, q, (*Tablet).columns, b.String(), b.Args()...)
}

// Make lets the unit's people share a tablet of that name from now on. The secret belongs into
// its cookie, and is kept nowhere else. fault.Invalid ("unit", "name"), and fault.Conflict
// when the unit has very many.
func Make(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64, name string, now clock.Instant) (secret string, err error) {
	if access.ShareTablets(viewer).Empty() {
		return "", fault.Forbidden
	}
	name = text.Line(name)
	var checks fault.Checks
	checks.Require(unitID != 0, "unit", "tablet.unit_missing")
	checks.Require(name != "", "name", "fault.name_missing")
	checks.Require(utf8.RuneCountInString(name) <= longestName, "name", "fault.too_long", "Max", longestName)
	if err := checks.Err(); err != nil {
		return "", err
	}
	if err := shared(ctx, tx, viewer, unitID); err != nil {
		return "", err
	}
	has, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM tablet WHERE unit_id = $1 AND removed_at IS NULL`, unitID)
	if err != nil {
		return "", err
	}
	if has >= mostOfUnit {
		return "", fault.Conflict("tablet.too_many", "Most", mostOfUnit)
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO tablet (unit_id, name, secret_hash, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5)`, unitID, name, hash(secret), now, viewer.ActorID()); err != nil {
		return "", fmt.Errorf("let a unit share a tablet: %w", err)
	}
	return secret, nil
}

// Remove ends the sharing: nobody gets in on the tablet any more, and who is in is out.
// fault.NotFound for one that is out of reach or is gone.
func Remove(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	if access.ShareTablets(viewer).Empty() {
		return fault.Forbidden
	}
	unit, err := db.Row(ctx, tx, db.One[int64], `SELECT unit_id FROM tablet WHERE id = $1 AND removed_at IS NULL`, id)
	if err != nil {
		return err
	}
	if err := shared(ctx, tx, viewer, unit); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE tablet SET removed_at = $2, removed_by = $3 WHERE id = $1 AND removed_at IS NULL`, id, now, viewer.ActorID())
	if err != nil {
		return fmt.Errorf("share a tablet no more: %w", err)
	}
	if n == 0 {
		return fault.NotFound
	}
	return nil
}

// WithSecret is the tablet whose cookie holds the secret. It asks no viewer: it is nobody's.
// fault.NotFound for one that is shared no more, and while its unit is closed.
func WithSecret(ctx context.Context, q db.Querier, secret string, today clock.Day) (Tablet, error) {
	if secret == "" {
		return Tablet{}, fault.NotFound
	}
	return db.Row(ctx, q, (*Tablet).columns, selected+`
		AND t.secret_hash = $1
		AND NOT EXISTS (SELECT 1 FROM unit_closing AS c WHERE c.unit_id = t.unit_id AND c.withdrawn_at IS NULL AND c.closed_on <= $2)`,
		hash(secret), today)
}

// Person is somebody of the tablet's unit.
type Person struct {
	ID    int64
	Name  string // or alias
	Coded bool   // they have a code
}

// People are those who work in the tablet's unit today, by first name, as it is shown; those whose identity is
// protected by their alias. sought keeps those whose name it fits; empty for everybody.
func People(ctx context.Context, q db.Querier, t Tablet, sought string, today clock.Day) ([]Person, error) {
	all, err := db.Rows(ctx, q, (*Person).columns, people+` ORDER BY p.id`, t.UnitID, today)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Person) int { return bytes.Compare(i18n.SortKey(a.Name), i18n.SortKey(b.Name)) })
	words := text.Seek(sought)
	if len(words) == 0 {
		return all, nil
	}
	var fit []Person
	for _, p := range all {
		if words.Fits(p.Name) != text.Nowhere {
			fit = append(fit, p)
		}
	}
	return fit, nil
}

// people asks employment itself, and so finds those whose identity is protected, too: person
// holds their alias. Who comes by an import is kept back until the import is whole.
const people = `
	SELECT p.id, TRIM(p.given_name || ' ' || p.family_name), p.id IN (SELECT person_id FROM tablet_code)
	FROM person AS p
	WHERE p.id IN (
		SELECT e.person_id
		FROM employment AS e
		WHERE e.organisation_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		AND (e.import_id IS NULL OR e.import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying'))
	)`

func (p *Person) columns() []any { return []any{&p.ID, &p.Name, &p.Coded} }

// OnList is the person of the tablet's list. fault.NotFound for who is not on it.
func OnList(ctx context.Context, q db.Querier, t Tablet, personID int64, today clock.Day) (Person, error) {
	return db.Row(ctx, q, (*Person).columns, people+` AND p.id = $3`, t.UnitID, today, personID)
}
