package organisation

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

// UnitRow is a unit on a day: how many are employed there and how many lead it.
// ClosedOn is the first day on which there is no such unit any more, nil for one that
// goes on.
type UnitRow struct {
	ID       int64
	Name     string
	People   int
	Managers int
	ClosedOn *clock.Day
	Provider string // the company that runs it; empty for the municipality
	District int64  // the district that it belongs to; its own ID for a district, 0 for none
}

// Closed tells whether there is no such unit on the day.
func (u UnitRow) Closed(day clock.Day) bool { return u.ClosedOn != nil && *u.ClosedOn <= day }

// IsDistrict tells whether the unit is a district.
func (u UnitRow) IsDistrict() bool { return u.District == u.ID }

// FormerName is what a unit was called up to and including a day.
type FormerName struct {
	Name  string
	Until clock.Day
}

// NameOn is the name, as SQL, that the organisation o had on the day, which is an
// expression; where that is NULL, its name now.
func NameOn(day string) string {
	return `COALESCE((
		SELECT n.name
		FROM unit_name AS n
		WHERE n.unit_id = o.id
		AND n.until_day >= ` + day + `
		ORDER BY n.until_day
		LIMIT 1), o.name)`
}

// openOn is the condition that the unit o is open on the day.
const openOn = `NOT EXISTS (SELECT 1 FROM unit_closing AS k WHERE k.unit_id = o.id AND k.withdrawn_at IS NULL AND k.closed_on <= `

// Units are those of the municipality that are open on the day, with their names of that
// day, in Swedish order.
func Units(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) ([]Organisation, error) {
	return units(ctx, q, municipalityID, day, "")
}

func units(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day, which string) ([]Organisation, error) {
	return db.Rows(ctx, q, (*Organisation).columns, `
		SELECT
			o.id,
			o.kind,
			o.parent_id,
			o.region_id,
			o.municipality_id,
			o.slug,
			`+NameOn("$2")+`,
			`+IsDistrictSQL("o.id")+`
		FROM organisation AS o
		WHERE o.municipality_id = $1
		AND o.kind = 'unit'
		AND `+openOn+`$2)
		`+which+`
		ORDER BY o.sort_key, o.id`, municipalityID, day)
}

var unitRows = `
	SELECT
		o.id,
		o.name,
		(
			SELECT COUNT(*)
			FROM employed AS e
			WHERE e.organisation_id = o.id
			AND e.from_day <= $2
			AND (e.to_day IS NULL OR e.to_day >= $2)
		),
		(
			SELECT COUNT(DISTINCT g.person_id)
			FROM role_grant AS g
			WHERE g.organisation_id = o.id
			AND g.from_day <= $2
			AND (g.to_day IS NULL OR g.to_day >= $2)
		),
		(SELECT k.closed_on FROM unit_closing AS k WHERE k.unit_id = o.id AND k.withdrawn_at IS NULL),
		` + ProviderSQL("o.id", "$2") + `,
		` + DistrictSQL("o.id", "$2") + `
	FROM organisation AS o
	WHERE o.kind = 'unit'`

func (u *UnitRow) columns() []any {
	return []any{&u.ID, &u.Name, &u.People, &u.Managers, &u.ClosedOn, &u.Provider, &u.District}
}

// UnitRows are all units of the municipality as they are on the day, the empty and the
// closed ones too, in Swedish order, for those who manage them.
func UnitRows(ctx context.Context, q db.Querier, viewer access.Viewer, m Organisation, day clock.Day) ([]UnitRow, error) {
	if err := access.ManageUnits(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*UnitRow).columns, unitRows+`
		AND o.municipality_id = $1
		ORDER BY o.sort_key, o.id`, m.ID, day)
}

// UnitOn is one unit as it is on the day, with what it was called before, the last name
// first, for those who manage it.
func UnitOn(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64, day clock.Day) (UnitRow, []FormerName, error) {
	if _, err := managedUnit(ctx, q, viewer, unitID); err != nil {
		return UnitRow{}, nil, err
	}
	u, err := db.Row(ctx, q, (*UnitRow).columns, unitRows+` AND o.id = $1`, unitID, day)
	if err != nil {
		return u, nil, err
	}
	names, err := db.Rows(ctx, q, func(n *FormerName) []any { return []any{&n.Name, &n.Until} },
		`SELECT name, until_day FROM unit_name WHERE unit_id = $1 ORDER BY until_day DESC`, unitID)
	return u, names, err
}

func managedUnit(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64) (Organisation, error) {
	scope := access.ManageUnits(viewer)
	if scope.Empty() {
		return Organisation{}, fault.Forbidden
	}
	u, err := ByID(ctx, q, unitID)
	if err == nil && (u.Kind != Unit || !scope.Covers(u.Place())) {
		err = fault.NotFound
	}
	return u, err
}

func checkUnitName(name string) error {
	var checks fault.Checks
	checks.Require(name != "", "name", "fault.name_missing")
	checks.Require(utf8.RuneCountInString(name) <= 100, "name", "fault.too_long", "Max", 100)
	return checks.Err()
}

// AddUnit makes a unit in the municipality.
func AddUnit(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, name string) (int64, error) {
	name = strings.TrimSpace(name)
	if err := checkUnitName(name); err != nil {
		return 0, err
	}
	m, err := ByID(ctx, tx, municipalityID)
	if err != nil {
		return 0, err
	}
	if m.Kind != Municipality || !access.ManageUnits(viewer).Covers(m.Place()) {
		return 0, fault.NotFound
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO organisation (kind, parent_id, region_id, municipality_id, slug, name, sort_key)
		VALUES ('unit', $1, $2, $1, $3, $4, $5)
		RETURNING id`, m.ID, m.RegionID, Slug(name), name, i18n.SortKey(name))
	if db.IsUnique(err) {
		return 0, fault.Invalid("name", "fault.unit_exists")
	}
	return id, err
}

// RemoveUnit takes away a unit that was made by mistake. fault.Conflict
// "intake.unit_stays" when something is or was there.
func RemoveUnit(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM organisation WHERE id = $1`, u.ID)
	if db.IsCheck(err) {
		return fault.Conflict("intake.unit_stays")
	}
	return err
}

// RenameUnit gives the unit another name from today on. Days before keep the name that
// it had then; a name that held for less than a day is forgotten.
func RenameUnit(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64, name string, now clock.Instant) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err != nil {
		return err
	}
	if name = strings.TrimSpace(name); name == u.Name {
		return nil
	}
	if err := checkUnitName(name); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO unit_name (unit_id, name, until_day, changed_at, changed_by)
		SELECT id, name, $2, $3, $4 FROM organisation WHERE id = $1
		ON CONFLICT (unit_id, until_day) DO NOTHING`, u.ID, now.Day()-1, now, viewer.ActorID()); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE organisation SET name = $2, slug = $3, sort_key = $4 WHERE id = $1`, u.ID, name, Slug(name), i18n.SortKey(name))
	if db.IsUnique(err) {
		return fault.Invalid("name", "fault.unit_exists")
	}
	return err
}

// InUse is what still needs a unit from a day on.
type InUse struct {
	People   []Named // employed there
	Managers []Named // who lead it
	Rounds   []Named // its own occasions with course days
	Units    []Named // that belong to it: it is a district
}

// Named is a person or a round of those.
type Named struct {
	ID   int64
	Name string
}

// Any tells whether there is something of the kind.
func (u InUse) Any() bool { return len(u.People)+len(u.Managers)+len(u.Rounds)+len(u.Units) > 0 }

// UsedFrom is what still needs the unit from the day on, for those who manage it: it
// cannot be closed then.
func UsedFrom(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64, day clock.Day) (used InUse, err error) {
	if _, err := managedUnit(ctx, q, viewer, unitID); err != nil {
		return used, err
	}
	columns := func(n *Named) []any { return []any{&n.ID, &n.Name} }
	const named = `TRIM(p.given_name || ' ' || p.family_name)`
	if used.People, err = db.Rows(ctx, q, columns, `
		SELECT p.id, `+named+`
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		WHERE e.organisation_id = $1
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY e.sort_key, e.id`, unitID, day); err != nil {
		return used, err
	}
	if used.Managers, err = db.Rows(ctx, q, columns, `
		SELECT DISTINCT p.id, `+named+`
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id
		WHERE g.organisation_id = $1
		AND (g.to_day IS NULL OR g.to_day >= $2)
		ORDER BY 2, 1`, unitID, day); err != nil {
		return used, err
	}
	if used.Units, err = db.Rows(ctx, q, columns, `
		SELECT DISTINCT o.id, o.name
		FROM district_unit AS part
		JOIN organisation AS o ON o.id = part.unit_id
		WHERE part.district_id = $1
		AND part.withdrawn_at IS NULL
		AND NOT EXISTS (
			SELECT 1
			FROM district_unit AS later
			WHERE later.unit_id = part.unit_id
			AND later.withdrawn_at IS NULL
			AND later.from_day > part.from_day
			AND later.from_day <= $2
		)
		AND `+openOn+`$2)
		ORDER BY 2, 1`, unitID, day); err != nil {
		return used, err
	}
	used.Rounds, err = db.Rows(ctx, q, columns, `
		SELECT DISTINCT r.id, c.name
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN course AS c ON c.id = r.course_id
		WHERE r.unit_id = $1
		AND r.cancelled_at IS NULL
		AND d.day >= $2
		ORDER BY 2, 1`, unitID, day)
	return used, err
}

// holdUnit takes the unit for this transaction: who closes it and who puts something
// into it wait for each other.
func holdUnit(ctx context.Context, tx *db.Tx, unitID int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE organisation SET code = code WHERE id = $1 AND kind = 'unit'`, unitID)
	return err
}

// CloseUnit closes the unit; day is the first on which there is no such unit.
// fault.Invalid "day" while something needs it from then on (UsedFrom), fault.Conflict
// when it is closed already.
func CloseUnit(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64, day clock.Day, now clock.Instant) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err == nil {
		err = holdUnit(ctx, tx, u.ID)
	}
	if err != nil {
		return err
	}
	used, err := UsedFrom(ctx, tx, viewer, u.ID, day)
	if err != nil {
		return err
	}
	if used.Any() {
		return fault.Invalid("day", "fault.unit_used", "Day", day)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO unit_closing (unit_id, closed_on, told_at, told_by) VALUES ($1, $2, $3, $4)`, u.ID, day, now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("fault.unit_closed_already")
	}
	return err
}

// ReopenUnit takes the closing of the unit back: it is as if it had never been closed.
func ReopenUnit(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID int64, now clock.Instant) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE unit_closing SET withdrawn_at = $2, withdrawn_by = $3 WHERE unit_id = $1 AND withdrawn_at IS NULL`, u.ID, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("fault.unit_open_already")
	}
	return err
}

// HoldOpen is for what is put into an organisation until the day, or for good: it takes
// the unit for this transaction, and is fault.Invalid of the field when it is closed by
// then. Other organisations are never closed.
func HoldOpen(ctx context.Context, tx *db.Tx, o Organisation, until *clock.Day, field string) error {
	if o.Kind != Unit {
		return nil
	}
	if err := holdUnit(ctx, tx, o.ID); err != nil {
		return err
	}
	closed, err := db.Rows(ctx, tx, db.One[clock.Day], `SELECT closed_on FROM unit_closing WHERE unit_id = $1 AND withdrawn_at IS NULL`, o.ID)
	if err == nil && len(closed) == 1 && (until == nil || *until >= closed[0]) {
		err = fault.Invalid(field, "fault.unit_closed", "Unit", o.Name, "Day", closed[0])
	}
	return err
}
