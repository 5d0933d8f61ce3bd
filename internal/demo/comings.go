package demo

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/trainer"
)

// comings lets a few trainers end who hold no more days, because they find no time, as the annual
// report tells (S1:213–215), and lets others say that they would like to teach: one waits for the
// role picker's manager, one for the region, to one the manager has said no. Who does is invented.
func comings(w *world.World) error {
	type member struct {
		id, person int64
		last       clock.Day
	}
	idle, err := db.Rows(w.Ctx, w.Tx, func(m *member) []any { return []any{&m.id, &m.person, &m.last} }, `
		SELECT t.id, t.person_id, MAX(d.day)
		FROM trainer AS t
		JOIN round AS r ON r.course_id = t.course_id AND r.region_id = t.region_id
		JOIN course_day AS d ON d.round_id = r.id
		JOIN day_trainer AS x ON x.course_day_id = d.id AND x.person_id = t.person_id
		JOIN person AS p ON p.id = t.person_id
		WHERE t.region_id = $1
		AND t.ended_on IS NULL
		AND p.email LIKE '%.%@%'
		GROUP BY t.id, t.person_id
		HAVING MAX(d.day) < $2
		ORDER BY MAX(d.day), t.id`, w.Regions[world.Dalarna], w.Today-60)
	if err != nil {
		return err
	}
	for i, why := range []trainer.Why{{Reason: trainer.NoTime}, {Reason: trainer.Workload}, {Reason: trainer.NoTime}, {Reason: trainer.OtherReason, Word: "Börjar studera i januari"}} {
		if i < len(idle) {
			if err := trainer.End(w.Ctx, w.Tx, access.System(), idle[i].id, min(idle[i].last+30, w.Today-1), why); err != nil {
				return err
			}
		}
	}
	staff, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT DISTINCT e.person_id
		FROM role_grant AS g
		JOIN person AS m ON m.id = g.person_id
		JOIN employment AS e ON e.organisation_id = g.organisation_id AND e.to_day IS NULL AND e.main
		JOIN completion AS c ON c.person_id = e.person_id AND c.revoked_at IS NULL
		JOIN course AS k ON k.id = c.course_id AND k.days > 0
		WHERE m.email = $1
		AND e.person_id <> g.person_id
		AND NOT EXISTS (SELECT 1 FROM trainer AS t WHERE t.person_id = e.person_id)
		ORDER BY e.person_id`, population.ManagerAddress)
	if err != nil {
		return err
	}
	for i, person := range staff[:min(3, len(staff))] {
		if err := wish(w, person, i); err != nil {
			return err
		}
	}
	return nil
}

// wish lets the person say that they would like to teach a course that they have finished: nobody
// answers the first, the manager agrees to the second and refuses the third.
func wish(w *world.World, person int64, nth int) error {
	at := (w.Today - 20).At(10+nth, 0)
	course, err := db.Row(w.Ctx, w.Tx, db.One[int64], `
		SELECT MIN(c.course_id)
		FROM completion AS c
		JOIN course AS k ON k.id = c.course_id AND k.days > 0
		WHERE c.person_id = $1
		AND c.revoked_at IS NULL`, person)
	if err != nil {
		return err
	}
	viewer, _, err := identity.Viewer(w.Ctx, w.Tx, person, at.Day())
	if err != nil {
		return err
	}
	var site letter.Site
	if _, err := recruitment.Say(w.Ctx, w.Tx, viewer, course, "Jag tycker om att prata inför grupp.", site, at); err != nil || nth == 0 {
		return ignored(err)
	}
	id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT MAX(id) FROM trainer_wish WHERE person_id = $1`, person)
	if err != nil {
		return err
	}
	manager, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM person WHERE email = $1`, population.ManagerAddress)
	if err != nil {
		return err
	}
	if viewer, _, err = identity.Viewer(w.Ctx, w.Tx, manager, at.Day()); err != nil {
		return err
	}
	return recruitment.Answer(w.Ctx, w.Tx, viewer, id, nth == 1, trainer.Why{Reason: trainer.Workload}, site, at+clock.Instant(86_400_000_000))
}

// ignored is nil for what the product refuses: then the demo goes without it.
func ignored(err error) error {
	if fault.Of(err) == nil {
		return err
	}
	return nil
}
