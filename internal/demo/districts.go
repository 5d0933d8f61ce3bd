package demo

import (
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// districts divides Borlänge into two districts, which it does not have: they are invented, so
// that there are some to see. One unit is in none. Somebody who works in the first administers
// it, and is the picker's.
func districts(w *world.World) error {
	m, err := organisation.MunicipalityNamed(w.Ctx, w.Tx, "borlange")
	if err != nil {
		return err
	}
	units, err := organisation.Units(w.Ctx, w.Tx, m.ID, w.Today)
	if err != nil {
		return err
	}
	from, system := clock.Date(2026, 1, 1), access.System()
	var both []int64
	for _, name := range []string{"Norra Borlänge", "Södra Borlänge"} {
		id, err := organisation.AddDistrict(w.Ctx, w.Tx, system, m.ID, name, from.At(9, 0))
		if err != nil {
			return err
		}
		both = append(both, id)
	}
	for i, u := range units[:len(units)-1] {
		if err := organisation.SetDistrict(w.Ctx, w.Tx, system, u.ID, both[i*2/len(units)], from, from.At(9, 0)); err != nil {
			return err
		}
	}
	who, err := db.Row(w.Ctx, w.Tx, db.One[int64], `
		SELECT MIN(e.person_id)
		FROM employment AS e
		JOIN district_unit AS d ON d.unit_id = e.organisation_id AND d.district_id = $1
		JOIN account AS a ON a.person_id = e.person_id AND a.closed_on IS NULL
		WHERE e.to_day IS NULL
		AND e.from_day < $2
		AND e.person_id NOT IN (SELECT person_id FROM role_grant)
		AND e.person_id NOT IN (SELECT person_id FROM trainer)
		AND e.person_id NOT IN (SELECT person_id FROM protected_person)
		AND e.person_id NOT IN (SELECT id FROM person WHERE email NOT LIKE '%.%@%')`, both[0], from)
	if err != nil {
		return err
	}
	if who == 0 {
		return errors.New("nobody works in the district's units")
	}
	if _, err := db.Exec(w.Ctx, w.Tx, `UPDATE person SET email = $2 WHERE id = $1`, who, population.DistrictAddress); err != nil {
		return err
	}
	if err := people.KeepWords(w.Ctx, w.Tx, who); err != nil {
		return err
	}
	_, err = identity.Grant(w.Ctx, w.Tx, system, who, access.DistrictAdmin, both[0], from, from.At(9, 0))
	return err
}
