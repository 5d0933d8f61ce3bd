package rollout_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
)

// crew is a database with a municipality of n people in 40 units, all of them
// in a journey of 5 courses, and a plan for all of them.
func crew(b *testing.B, n int) (*db.DB, organisation.Organisation, int64) {
	b.Helper()
	d := dbtest.Open(b, "sqlite:"+filepath.Join(b.TempDir(), "crew.db"))
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	check(errors.Join(d.Migrate(ctx), jobs.Migrate(ctx, d), organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	check(err)
	bas3, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-3")
	check(err)
	var plan int64
	check(d.Write(ctx, func(tx *db.Tx) error {
		var units []int64
		made := rollout.New{Name: "Alla", From: day, Until: day + 180, GroupSize: 15}
		for i := range 40 {
			id, err := organisation.AddUnit(ctx, tx, system, borlange, fmt.Sprintf("Enhet %d", i))
			if err != nil {
				return err
			}
			units = append(units, id)
			made.Units = append(made.Units, rollout.Unit{ID: id, StartsOn: day})
		}
		for i := range n {
			id, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: fmt.Sprintf("Namn%d", i)}, units[i%len(units)], clock.Date(2025, 1, 1), "Stödassistent", now)
			if err != nil {
				return err
			}
			if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: []access.Role{access.Employee}}); err != nil {
				return err
			}
		}
		plan, err = rollout.Make(ctx, tx, borl, borlange, bas3.ID, made, now)
		return err
	}))
	m, err := organisation.ByID(ctx, d.Reader(), borlange)
	check(errors.Join(err, d.Analyze(ctx)))
	return d, m, plan
}

// Splitting 2 000 people and making their 134 occasions: 100 ms is the goal.
func BenchmarkSplitting2000(b *testing.B) {
	d, m, plan := crew(b, 2000)
	p, err := rollout.Get(ctx, d.Reader(), borl, plan)
	if err != nil {
		b.Fatal(err)
	}
	undo := errors.New("undone")
	for b.Loop() {
		err := d.Write(ctx, func(tx *db.Tx) error {
			staff, err := rollout.Staff(ctx, tx, borl, m.ID, p.CourseID, day)
			if err != nil {
				return err
			}
			_, ready, _ := p.Chosen(staff)
			groups, err := rollout.Split(rollout.Candidates(ready), p.GroupSize, rollout.Mixed)
			if err != nil {
				return err
			}
			var made []rollout.NewOccasion
			for i, g := range groups {
				o := rollout.NewOccasion{Days: []planning.NewDay{{Day: day + clock.Day(i), Starts: "09:00", Ends: "16:00", Place: "Norr"}}}
				for _, c := range g {
					o.People = append(o.People, c.PersonID)
				}
				made = append(made, o)
			}
			if ids, err := rollout.MakeOccasions(ctx, tx, borl, plan, made, now); err != nil || len(ids) != 134 {
				return fmt.Errorf("%d occasions: %w", len(ids), err)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			b.Fatal(err)
		}
	}
}

// A municipality of 6 000: the first page of its list, and the whole of it.
func BenchmarkPeopleOf6000(b *testing.B) {
	d, m, _ := crew(b, 6000)
	for name, f := range map[string]rollout.Filter{"first page": {PerPage: 50}, "whole": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				g, err := rollout.GridOf(ctx, d.Reader(), borl, m, f, day)
				if err != nil || g.Total != 6000 {
					b.Fatal(g.Total, err)
				}
			}
		})
	}
}
