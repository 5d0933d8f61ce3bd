package demo

import (
	"context"
	"errors"
	"fmt"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/lessons"
	"yrkesresan/internal/demo/municipalities"
	"yrkesresan/internal/demo/nation"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/rounds"
	"yrkesresan/internal/demo/surveys"
	"yrkesresan/internal/demo/trainers"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/file"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/publication"
)

// ErrOthers says that a database holds people who are not the demo's: it is not
// mixed with them.
var ErrOthers = errors.New("load the demo: the database holds people already; give the demo a database of its own")

// Load fills a migrated database with the demo as it stands at the moment (not
// before July 2026: its history reaches until then), in one transaction. A
// database that holds the demo stays as it is; one that holds other people is
// refused with ErrOthers. The files of the demo's courses are kept in the store,
// also when it has lost those of a demo that was loaded before.
func Load(ctx context.Context, d *db.DB, store *file.Store, now clock.Instant) error {
	contents, err := courses.Receive(store)
	if err != nil {
		return err
	}
	if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		return err
	}
	loaded := false
	err = d.Write(ctx, func(tx *db.Tx) error {
		var err error
		if loaded, err = isLoaded(ctx, tx); err != nil {
			return err
		}
		if loaded { // perhaps before this could be told
			return reconstructed(ctx, tx)
		}
		p, err := newPlan(now.Day())
		if err != nil {
			return err
		}
		w, err := world.Open(ctx, tx, now, p.Today)
		if err != nil {
			return err
		}
		return p.load(w, contents)
	})
	if err != nil || loaded {
		return err
	}
	return d.Analyze(ctx)
}

func isLoaded(ctx context.Context, tx *db.Tx) (bool, error) {
	type count struct{ all, ours int }
	n, err := db.Row(ctx, tx, func(c *count) []any { return []any{&c.all, &c.ours} },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN email = $1 THEN 1 ELSE 0 END), 0) FROM person`, population.EmployeeAddress)
	switch {
	case err != nil:
		return false, err
	case n.ours > 0:
		return true, nil
	case n.all > 0:
		return false, ErrOthers
	}
	return false, nil
}

// plan is everything that Load carries out.
type plan struct {
	*rounds.Plan
	teams []trainers.Member
}

// newPlan lays out the demo as it stands on the day. It fails when a table is
// broken or cannot be met by any people. The parts throw the same dice, so that
// one that throws more often changes all that come after it.
func newPlan(today clock.Day) (*plan, error) {
	pop := population.New(today)
	p := &plan{Plan: rounds.NewPlan(pop)}
	for _, part := range []func() error{
		pop.BarnOchUnga, pop.Funktionshinder, pop.RSS, p.LayOut2025, pop.Year2026, pop.Elsewhere, p.LayOutElsewhere,
		func() error { return surveys.Evaluate(pop) }, p.LayOut2026, p.LayOutComing, pop.Offices,
	} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("plan the demo: %w", err)
		}
	}
	p.teams = trainers.Teams(p.Plan)
	return p, nil
}

// load carries the plan out in the world.
func (p *plan) load(w *world.World, contents []catalogue.Package) error {
	for _, part := range []struct {
		what string
		do   func(*world.World) error
	}{
		{"catalogue", courses.Add},
		{"units", p.AddUnits},
		{"people", p.AddPeople},
		{"terms", func(w *world.World) error { return p.AddTerms(w, p.teaching()) }},
		{"courses", func(w *world.World) error { return courses.Publish(w, contents) }},
		{"ends of courses", courses.End},
		{"tariffs", tariffs},
		{"teams", func(w *world.World) error { return trainers.Recruit(w, p.teams) }},
		{"team", func(w *world.World) error { return trainers.Equip(w, p.Cast.Trainers["B1"]) }},
		{"rooms", p.AddRooms},
		{"rounds", p.Give},
		{"catering", p.Cater},
		{"trainers", func(w *world.World) error { return trainers.Ask(w, p.Plan) }},
		{"completions", func(w *world.World) error { return lessons.Complete(w, p.People) }},
		{"sign-ups", rounds.SignUp},
		{"learning", func(w *world.World) error { return lessons.Learn(w, contents) }},
		{"reviews", courses.AskForReview},
		{"trials", courses.Try},
		{"occasions", municipalities.GiveOccasions},
		{"surveys", func(w *world.World) error { return surveys.Answer(w, p.People) }},
		{"printed report", surveys.Print},
		{"courses that come", courses.Come},
		{"plans", municipalities.MakePlans},
		{"what was said of courses", courses.Say},
		{"letters", p.Write},
		{"levels", lessons.LevelUp},
		{"somebody who is there twice", lessons.Twin},
		{"publications", func(w *world.World) error { return publication.Due(w.Ctx, w.Tx, w.Now) }},
		{"nation", nation.Do},
		{"protected identity", protect},
		{"shared tablets", shareTablets},
		{"districts", districts},
		{"groups of municipalities", groups},
		{"time to learn", studyTimes},
		{"trainers' comings and goings", comings},
		{"mail that was tried", triedMail},
		{"earlier years", before},
		{"reconstruction", func(w *world.World) error { return reconstructed(w.Ctx, w.Tx) }},
	} {
		if err := part.do(w); err != nil {
			return fmt.Errorf("load the demo's %s: %w", part.what, err)
		}
	}
	return nil
}

// teaching are those who are in a team.
func (p *plan) teaching() map[*population.Person]bool {
	all := map[*population.Person]bool{}
	for _, m := range p.teams {
		all[m.Who] = true
	}
	return all
}

// tariffs are Dalarna's as decided (annual report 2025, section 3.2), and
// invented ones of its neighbours.
func tariffs(w *world.World) error {
	for _, t := range []struct {
		region, kind string
		from         clock.Day
		fee, pot     int64 // kronor
		lead         economy.Weight
		rss          economy.RSSRule
	}{
		{world.Dalarna, "authority", clock.Date(2023, 1, 1), 650, 400, 150, economy.RSSKept},
		{world.Dalarna, "manager", clock.Date(2026, 1, 1), 450, 200, 150, economy.RSSShared},
		{"uppsala", "authority", clock.Date(2023, 1, 1), 700, 420, 150, economy.RSSShared},
		{"uppsala", "authority", clock.Date(2026, 1, 1), 725, 430, 150, economy.RSSShared},
		{"gavleborg", "authority", clock.Date(2023, 1, 1), 600, 350, 125, economy.RSSKept},
	} {
		if _, err := economy.AddTariff(w.Ctx, w.Tx, w.Regional[t.region], economy.Tariff{
			RegionID: w.Regions[t.region], Kind: t.kind, From: t.from,
			Terms: economy.Terms{
				Fee: money.Kronor(t.fee), PerParticipant: money.Kronor(t.pot),
				LeadWeight: t.lead, TrainerWeight: 100, RSS: t.rss,
			},
		}, (t.from-365).At(9, 0)); err != nil {
			return err
		}
	}
	return nil
}
