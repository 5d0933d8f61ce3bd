package demo

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/protection"
)

// protect lets Borlänge name its administrator to look after protected identities, and
// marks one of its people, who has a seat ahead: an invented person with an invented alias.
func protect(w *world.World) error {
	m, err := organisation.MunicipalityNamed(w.Ctx, w.Tx, "borlange")
	if err != nil {
		return err
	}
	admin, err := identity.ByEmail(w.Ctx, w.Tx, "kommunadministrator@example.org")
	if err != nil {
		return err
	}
	viewer, _, err := identity.Viewer(w.Ctx, w.Tx, admin, w.Today)
	if err != nil {
		return err
	}
	since := (w.Today - 90).At(9, 0)
	if err := protection.Name(w.Ctx, w.Tx, viewer, m, admin, since); err != nil {
		return err
	}
	if viewer, _, err = identity.Viewer(w.Ctx, w.Tx, admin, w.Today); err != nil {
		return err
	}
	person, err := db.Row(w.Ctx, w.Tx, db.One[int64], `
		SELECT MIN(n.person_id)
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		JOIN employment AS e ON e.person_id = n.person_id AND e.to_day IS NULL AND e.from_day <= $2
		WHERE e.municipality_id = $1
		AND n.withdrawn_at IS NULL
		AND r.cancelled_at IS NULL
		AND r.delivery = 'regional'
		AND r.first_day > $2
		AND n.person_id NOT IN (SELECT person_id FROM role_grant)
		AND n.person_id NOT IN (SELECT person_id FROM trainer)`, m.ID, w.Today)
	if err != nil {
		return err
	}
	if err := protection.MarkIn(w.Ctx, w.Tx, viewer, person, "Deltagare R7K2D", (w.Today-60).At(10, 0)); err != nil {
		return err
	}
	// Somebody opened what is known once, so that the person has something to read.
	return protection.Look(w.Ctx, w.Tx, access.Viewer{PersonID: admin, Grants: viewer.Grants, Guards: viewer.Guards}, m, "Anmälan till kursdag efter samtal", (w.Today-20).At(13, 30))
}
