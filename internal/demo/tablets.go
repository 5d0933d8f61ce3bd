package demo

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/tablet"
)

// shareTablets gives the manager's unit a tablet, and so the unit of Borlänge's protected
// person. All who work there have the demo's code, but one.
func shareTablets(w *world.World) error {
	units, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT MIN(g.organisation_id)
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id
		WHERE p.email = 'chef@example.org'
		UNION
		SELECT MIN(e.organisation_id)
		FROM employment AS e
		JOIN protected_person AS x ON x.person_id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE e.to_day IS NULL
		AND o.kind = 'unit'`)
	if err != nil {
		return err
	}
	made := (w.Today - 70).At(8, 15)
	for _, unit := range units {
		if unit == 0 {
			continue
		}
		if _, err := tablet.Make(w.Ctx, w.Tx, access.System(), unit, "Personalrummet", made); err != nil {
			return err
		}
		people, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
			SELECT DISTINCT person_id
			FROM employment
			WHERE organisation_id = $1
			AND (to_day IS NULL OR to_day >= $2)
			ORDER BY person_id DESC`, unit, w.Today)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			if err := tablet.SetDemoCode(w.Ctx, w.Tx, made, people[1:]...); err != nil {
				return err
			}
		}
	}
	return nil
}
