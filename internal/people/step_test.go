package people_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// The bounds are those of the journey Barn och unga (domain.md, "Journeys").
func TestYearsInTheProfessionProposeTheStep(t *testing.T) {
	opened := clock.Date(2026, 6, 1)
	two, five := 2, 5
	steps := []catalogue.Step{{Name: "Ny", UpToYears: &two}, {Name: "Van", OverYears: &two, UpToYears: &five}, {Name: "Erfaren", OverYears: &five}}
	for name, c := range map[string]struct {
		since clock.Day
		want  string
	}{
		"who begins today is new":                            {opened, "Ny"},
		"who begins later is new":                            {opened + 30, "Ny"},
		"two years to the day are up to and including two":   {clock.Date(2024, 6, 1), "Ny"},
		"a day more than two years is over two":              {clock.Date(2024, 5, 31), "Van"},
		"five years to the day are up to and including five": {clock.Date(2021, 6, 1), "Van"},
		"a day more than five years is over five":            {clock.Date(2021, 5, 31), "Erfaren"},
		"who began in the last century is experienced":       {clock.Date(1988, 8, 15), "Erfaren"},
	} {
		t.Run(name, func(t *testing.T) {
			years := people.YearsIn(c.since, opened)
			for _, s := range steps {
				if s.For(years) != (s.Name == c.want) {
					t.Errorf("%v years: %s for them is %v", years, s.Name, s.For(years))
				}
			}
		})
	}
	for _, years := range []float64{0, 0.5, 2, 2.5, 5, 17.25} {
		if got := people.YearsIn(people.Since(years, opened), opened); got < years-0.01 || got > years+0.01 {
			t.Errorf("%v years in the profession come back as %v", years, got)
		}
	}
}

func TestEveryWordOnAStepIsKeptWithWhoSaidItAndWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		opened := clock.Date(2025, 1, 10)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), journey.ID)
		must(t, err)
		id, office := add(t, d, "Konto", "Person", falun, opened), add(t, d, "Kommunens", "Administratör", falun, opened)
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		admin.PersonID = office
		since := clock.Date(2023, 5, 1)
		var account int64
		set := func(v access.Viewer, step int64, from clock.Day, reason string) error {
			return in(d, func(tx *db.Tx) error { return people.SetStep(ctx, tx, v, account, step, from, reason, now) })
		}
		must(t, in(d, func(tx *db.Tx) (err error) {
			account, err = people.OpenAccount(ctx, tx, admin, people.NewAccount{
				PersonID: id, JourneyID: journey.ID, OpenedOn: opened, Roles: []access.Role{access.Employee}, StepID: steps[0].ID, ProfessionSince: &since,
			})
			return err
		}))
		if f := fault.Of(set(admin, steps[1].ID, opened+30, "  ")); f == nil || f.Kind != fault.KindInvalid || f.Fields[0].Name != "reason" {
			t.Errorf("a step without a reason gives %v", f)
		}
		must(t, set(admin, steps[1].ID, opened+30, "har arbetat utomlands"))
		must(t, set(admin, 0, opened+10, "blev chef"))
		must(t, set(access.System(), steps[1].ID, opened+60, people.ByLevelUp))

		p, err := people.Get(ctx, d.Reader(), admin, id, opened+40)
		must(t, err)
		if a := p.Accounts[0]; a.Step != "" || a.ProfessionSince == nil || *a.ProfessionSince != since {
			t.Errorf("the account is %+v", a)
		}
		got, err := people.StepChanges(ctx, d.Reader(), admin, id, opened+90)
		must(t, err)
		var said []string
		for _, c := range got {
			said = append(said, c.Step+"/"+c.From.String()+"/"+c.Reason+"/"+c.By)
		}
		want := []string{
			"Van/2025-03-11/levling/", "/2025-01-20/blev chef/Kommunens Administratör",
			"Van/2025-02-09/har arbetat utomlands/Kommunens Administratör", "Ny/2025-01-10//Kommunens Administratör",
		}
		if len(said) != len(want) {
			t.Fatalf("the history is %q", said)
		}
		for i := range want {
			if said[i] != want[i] {
				t.Errorf("line %d of the history is %q, want %q", i, said[i], want[i])
			}
		}
		if got[3].At != nil || got[2].At == nil || *got[2].At != now {
			t.Error("what was said when the account was opened has no moment of its own, what was said later has")
		}
		neighbour := viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna)
		if _, err := people.StepChanges(ctx, d.Reader(), neighbour, id, opened+90); fault.Of(err) != fault.NotFound {
			t.Errorf("the neighbouring municipality reads the history: %v", err)
		}
	})
}
