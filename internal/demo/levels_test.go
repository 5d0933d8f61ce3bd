package demo_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/statistics"
)

// levels: some have gone on from Ny in 2026, one stands before the open gate,
// and the picker's employee has a certificate.
func levels(t *testing.T, d *db.DB) {
	journey := int64(number(t, d, `SELECT id FROM journey WHERE slug = 'barn-och-unga'`))
	all, on, err := statistics.StepExperience(ctx, d.Reader(), access.System(), journey, 20, now.Day())
	must(t, err)
	if on != clock.Date(2026, 6, 30) || len(all) != 1 || all[0].Suppressed || all[0].Total != 10 || all[0].Good() != 700 {
		t.Errorf("the answers of %s are %+v", on, all)
	}
	texts, err := statistics.StepFreeTexts(ctx, d.Reader(), access.System(), journey, 20, now.Day())
	must(t, err)
	if len(texts) != 1 || len(texts[0].Texts) != 5 {
		t.Errorf("the texts are %+v", texts)
	}
	people, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT person_id FROM account WHERE journey_id = $1 AND closed_on IS NULL`, journey)
	must(t, err)
	open := 0
	for _, person := range people {
		standings, err := learning.Standings(ctx, d.Reader(), person, now.Day())
		must(t, err)
		for _, s := range standings {
			if s.JourneyID == journey && s.Step == "Ny" && s.Open() {
				open++
			}
		}
	}
	if open != 1 {
		t.Errorf("%d stand before the gate of Ny, want one", open)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM level_up WHERE answered_on < '2026-01-01'`); n > 0 {
		t.Errorf("%d answers of a year of which nobody knows them", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM certificate AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = 'medarbetare@example.org'`); n != 1 {
		t.Errorf("the picker's employee has %d certificates", n)
	}
	if n := number(t, d, `SELECT COUNT(*) FROM account AS a JOIN account_step AS s ON s.account_id = a.id AND s.to_day IS NULL JOIN step AS st ON st.id = s.step_id WHERE st.up_to_years IS NOT NULL AND a.profession_since IS NULL`); n > 0 {
		t.Errorf("of %d in a step it is not known how long they have been in the profession", n)
	}
}
