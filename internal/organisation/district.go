package organisation

import (
	"context"
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// A district (stadsdel) is a unit that other units of the municipality belong to, each from a
// day on. It has administrators and managers of its own, whose roles open those units
// (access.Grant.Units); fee and agreement stay with the municipality.

// DistrictSQL is the identity of the district, as SQL, that the unit belongs to on the day;
// both are expressions. A district belongs to itself. It is 0 where there is none.
func DistrictSQL(unit, day string) string {
	return strings.NewReplacer("{unit}", unit, "{day}", day).Replace(`COALESCE((
		SELECT self.organisation_id
		FROM district AS self
		WHERE self.organisation_id = {unit}
	), (
		SELECT COALESCE(part.district_id, 0)
		FROM district_unit AS part
		WHERE part.unit_id = {unit}
		AND part.withdrawn_at IS NULL
		AND part.from_day <= {day}
		ORDER BY part.from_day DESC
		LIMIT 1), 0)`)
}

// IsDistrictSQL is the condition that the organisation, an expression, is a district.
func IsDistrictSQL(organisation string) string {
	return `EXISTS (SELECT 1 FROM district AS self WHERE self.organisation_id = ` + organisation + `)`
}

// DistrictUnits are the units that belong to the district on the day. It asks no viewer: it
// says how far a role reaches that is held there.
func DistrictUnits(ctx context.Context, q db.Querier, districtID int64, day clock.Day) ([]int64, error) {
	return db.Rows(ctx, q, db.One[int64], `
		SELECT part.unit_id
		FROM district_unit AS part
		WHERE part.district_id = $1
		AND part.withdrawn_at IS NULL
		AND part.from_day <= $2
		AND NOT EXISTS (
			SELECT 1
			FROM district_unit AS later
			WHERE later.unit_id = part.unit_id
			AND later.withdrawn_at IS NULL
			AND later.from_day > part.from_day
			AND later.from_day <= $2
		)
		ORDER BY part.unit_id`, districtID, day)
}

// DistrictOf are the districts of the municipality's units on the day, by unit; units of none
// are missing, and each district is there as its own. It asks no viewer: whoever calls sees
// the units.
func DistrictOf(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (map[int64]int64, error) {
	type row struct{ unit, district int64 }
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.unit, &r.district} }, `
		SELECT p.unit, p.district
		FROM (
			SELECT o.id AS unit, `+DistrictSQL("o.id", "$2")+` AS district
			FROM organisation AS o
			WHERE o.municipality_id = $1
			AND o.kind = 'unit'
		) AS p
		WHERE p.district <> 0`, municipalityID, day)
	all := make(map[int64]int64, len(rows))
	for _, r := range rows {
		all[r.unit] = r.district
	}
	return all, err
}

// Districts are those of the municipality that are open on the day, with their names of that
// day, in Swedish order. They are public, as their names are.
func Districts(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) ([]Organisation, error) {
	return units(ctx, q, municipalityID, day, "AND "+IsDistrictSQL("o.id"))
}

// DistrictRow is a district on a day: how many units belong to it, and how many administer it.
type DistrictRow struct {
	ID             int64
	Name           string
	Units          int
	Administrators int
	ClosedOn       *clock.Day
}

// DistrictRows are all districts of the municipality as they are on the day, the closed ones
// too, in Swedish order, for those who manage them.
func DistrictRows(ctx context.Context, q db.Querier, viewer access.Viewer, m Organisation, day clock.Day) ([]DistrictRow, error) {
	if err := access.ManageUnits(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	rows, err := db.Rows(ctx, q, func(d *DistrictRow) []any { return []any{&d.ID, &d.Name, &d.Administrators, &d.ClosedOn} }, `
		SELECT
			o.id,
			o.name,
			(
				SELECT COUNT(DISTINCT g.person_id)
				FROM role_grant AS g
				WHERE g.organisation_id = o.id
				AND g.role = 'district_admin'
				AND g.from_day <= $2
				AND (g.to_day IS NULL OR g.to_day >= $2)
			),
			(SELECT k.closed_on FROM unit_closing AS k WHERE k.unit_id = o.id AND k.withdrawn_at IS NULL)
		FROM organisation AS o
		JOIN district AS d ON d.organisation_id = o.id
		WHERE o.municipality_id = $1
		ORDER BY o.sort_key, o.id`, m.ID, day)
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	units, err := UnitRows(ctx, q, viewer, m, day)
	at := make(map[int64]*DistrictRow, len(rows))
	for i := range rows {
		at[rows[i].ID] = &rows[i]
	}
	for _, u := range units {
		if d := at[u.District]; d != nil && !u.IsDistrict() && !u.Closed(day) {
			d.Units++
		}
	}
	return rows, err
}

// Membership is to which district a unit belongs from a day on; with an empty Name to none.
type Membership struct {
	From clock.Day
	Name string
	By   string // who said it; empty for the product itself
}

// Memberships are to which districts the unit has belonged and will belong, the latest first,
// for those who manage it.
func Memberships(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64) ([]Membership, error) {
	if _, err := managedUnit(ctx, q, viewer, unitID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(m *Membership) []any { return []any{&m.From, &m.Name, &m.By} }, `
		SELECT
			part.from_day,
			COALESCE(o.name, ''),
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM district_unit AS part
		LEFT JOIN organisation AS o ON o.id = part.district_id
		LEFT JOIN person AS p ON p.id = part.told_by
		WHERE part.unit_id = $1
		AND part.withdrawn_at IS NULL
		ORDER BY part.from_day DESC`, unitID)
}

// AddDistrict makes a district in the municipality.
func AddDistrict(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, name string, now clock.Instant) (int64, error) {
	id, err := AddUnit(ctx, tx, viewer, municipalityID, name)
	if err == nil {
		_, err = db.Exec(ctx, tx, `INSERT INTO district (organisation_id, made_at, made_by) VALUES ($1, $2, $3)`, id, now, viewer.ActorID())
	}
	return id, err
}

// SetDistrict says to which district the unit belongs from a day on, 0 for none, for those who
// manage it. What was said of later days no longer holds. fault.Invalid "district" when it is
// no district of the unit's municipality, is closed, or the unit is a district itself.
func SetDistrict(ctx context.Context, tx *db.Tx, viewer access.Viewer, unitID, districtID int64, from clock.Day, now clock.Instant) error {
	u, err := managedUnit(ctx, tx, viewer, unitID)
	if err != nil {
		return err
	}
	if err := holdUnit(ctx, tx, u.ID); err != nil {
		return err
	}
	var district *int64
	if districtID != 0 {
		if err := openDistrict(ctx, tx, u, districtID); err != nil {
			return err
		}
		district = &districtID
	}
	if _, err := db.Exec(ctx, tx, `UPDATE district_unit SET withdrawn_at = $3, withdrawn_by = $4 WHERE unit_id = $1 AND from_day >= $2 AND withdrawn_at IS NULL`,
		u.ID, from, now, viewer.ActorID()); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO district_unit (unit_id, from_day, district_id, told_at, told_by) VALUES ($1, $2, $3, $4, $5)`,
		u.ID, from, district, now, viewer.ActorID())
	return err
}

// openDistrict is nil when the unit can belong to the district, which is taken for this
// transaction: who closes it waits.
func openDistrict(ctx context.Context, tx *db.Tx, u Organisation, districtID int64) error {
	wrong := fault.Invalid("district", "district.not_here")
	d, err := ByID(ctx, tx, districtID)
	if errors.Is(err, fault.NotFound) {
		return wrong
	}
	if err != nil {
		return err
	}
	if !d.District || u.District || d.MunicipalityID != u.MunicipalityID {
		return wrong
	}
	return HoldOpen(ctx, tx, d, nil, "district")
}
