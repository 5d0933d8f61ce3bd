package lessons

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/learning"
)

// atGate is how many have gone through the gate from Ny in Barn och unga. The
// annual report 2025 tells shares without any numbers (4.5.1), which nothing can
// be made of: the demo's answers are all of 2026, and shared about as there.
var atGate = []struct {
	on    clock.Day
	grade learning.Grade
	text  string
}{
	{clock.Date(2026, 2, 12), learning.VeryGood, "Kursdagarna gav mest. Det var bra att träffa andra som är nya."},
	{clock.Date(2026, 2, 26), learning.FairlyGood, ""},
	{clock.Date(2026, 3, 5), learning.FairlyGood, "Lite mycket text i förberedelserna, men bra filmer."},
	{clock.Date(2026, 3, 19), learning.Neither, "En del kunde jag redan från utbildningen."},
	{clock.Date(2026, 4, 9), learning.VeryGood, ""},
	{clock.Date(2026, 4, 23), learning.NoOpinion, ""},
	{clock.Date(2026, 5, 7), learning.FairlyGood, "Jag hade velat gå kursen om barnsamtal tidigare."},
	{clock.Date(2026, 5, 21), learning.VeryGood, "Bra upplagt: först läsa, sedan prata med andra."},
	{clock.Date(2026, 6, 4), learning.FairlyGood, ""},
	{clock.Date(2026, 6, 11), learning.NoOpinion, ""},
}

// LevelUp lets people of Barn och unga finish the step Ny: those of atGate have
// gone on to Van, and one more stands before the open gate. The picker's
// employee has a certificate.
func LevelUp(w *world.World) error {
	type account struct{ id, person int64 }
	// Those who have taken most of it, and wait for nothing; no one of the picker.
	accounts, err := db.Rows(w.Ctx, w.Tx, func(a *account) []any { return []any{&a.id, &a.person} }, `
		SELECT
			a.id,
			a.person_id
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id AND j.slug = $1
		JOIN account_step AS t ON t.account_id = a.id AND t.to_day IS NULL
		JOIN step AS s ON s.id = t.step_id AND s.slug = 'ny'
		JOIN employment AS e ON e.person_id = a.person_id AND e.to_day IS NULL AND e.region_id = $2
		JOIN person AS p ON p.id = a.person_id
		WHERE a.closed_on IS NULL
		AND a.opened_on < '2025-07-01'
		AND p.email LIKE '%.%@example.org'
		AND NOT EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role <> 'employee')
		AND NOT EXISTS (SELECT 1 FROM enrolment AS n JOIN round AS o ON o.id = n.round_id WHERE n.person_id = a.person_id AND o.last_day >= '2026-01-01')
		AND NOT EXISTS (SELECT 1 FROM queue_entry AS q WHERE q.person_id = a.person_id)
		AND NOT EXISTS (SELECT 1 FROM interest AS i WHERE i.person_id = a.person_id)
		ORDER BY (SELECT COUNT(*) FROM completion AS c WHERE c.person_id = a.person_id AND c.revoked_at IS NULL) DESC, a.id
		LIMIT $3`, world.BarnOchUnga, w.Regions[world.Dalarna], len(atGate)+1)
	if err != nil {
		return err
	}
	if len(accounts) != len(atGate)+1 {
		return fmt.Errorf("%d people can finish the step, want %d", len(accounts), len(atGate)+1)
	}
	for i, a := range accounts {
		on := w.Today - 2
		if i > 0 {
			on = atGate[i-1].on
		}
		if err := finish(w, a.person, on); err != nil {
			return fmt.Errorf("finish the step: %w", err)
		}
		if i == 0 {
			continue
		}
		at := on.At(15, 30)
		level, err := learning.LevelUp(w.Ctx, w.Tx, w.Self(a.person), a.id, atGate[i-1].grade, atGate[i-1].text, at)
		if err == nil {
			_, err = learning.CertifyStep(w.Ctx, w.Tx, w.Self(a.person), level, at)
		}
		if err != nil {
			return fmt.Errorf("level up: %w", err)
		}
	}
	return certify(w)
}

// finish completes what somebody has left of the step Ny, as a file from the
// platform of before tells it.
func finish(w *world.World, person int64, by clock.Day) error {
	left, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT j.course_id
		FROM course_journey AS j
		WHERE j.step_id = $1
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = $2 AND c.course_id = j.course_id AND c.revoked_at IS NULL)
		ORDER BY j.ordinal`, w.Steps[world.BarnOchUnga+"/ny"], person)
	if err != nil {
		return err
	}
	on := max(by-14, clock.Date(2026, 1, 12))
	for _, course := range left {
		if _, err := learning.Complete(w.Ctx, w.Tx, access.System(), learning.New{PersonID: person, CourseID: course, On: on, Source: learning.Import}, on.At(8, 0)); err != nil {
			return err
		}
	}
	return nil
}

// certify gives the picker's employee the certificate of the course that they
// completed first.
func certify(w *world.World) error {
	id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `
		SELECT c.id
		FROM completion AS c
		JOIN person AS p ON p.id = c.person_id AND p.email = $1
		WHERE c.revoked_at IS NULL
		ORDER BY c.completed_on, c.id
		LIMIT 1`, population.EmployeeAddress)
	if err == nil {
		_, err = learning.Certify(w.Ctx, w.Tx, access.System(), id, w.Now)
	}
	return err
}

// Complete keeps what people completed in courses given locally, as they report
// it themselves.
func Complete(w *world.World, all []*population.Person) error {
	for _, p := range all {
		for _, c := range p.Completions {
			if _, err := learning.Complete(w.Ctx, w.Tx, access.Viewer{PersonID: p.ID}, learning.New{
				PersonID: p.ID, CourseID: w.Courses[c.Course], On: c.On, Source: learning.Local,
			}, c.On.At(15, 30)); err != nil {
				return fmt.Errorf("%s, %s: %w", p.Email, c.Course, err)
			}
		}
	}
	return nil
}
