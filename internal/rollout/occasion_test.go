package rollout_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/trainer"
)

var site = letter.Site{Base: "https://yrkesresan.example.org"}

func (w *town) municipality(t *testing.T) organisation.Organisation {
	t.Helper()
	m, err := organisation.ByID(ctx, w.d.Reader(), borlange)
	must(t, err)
	return m
}

func (w *town) occasions(v access.Viewer, plan int64, groups ...rollout.NewOccasion) (ids []int64, err error) {
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		ids, err = rollout.MakeOccasions(ctx, tx, v, plan, groups, now)
		return err
	})
	return ids, err
}

func on(d clock.Day) []planning.NewDay {
	return []planning.NewDay{{Day: d, Starts: "09:00", Ends: "16:00", Place: "Norr"}}
}

func TestOccasionsAreMadeAllOrNoneOfThoseWhoWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		plan, err := w.make(borl, w.plan())
		must(t, err)
		count := func(sql string, args ...any) int {
			t.Helper()
			n, err := db.Row(ctx, d.Reader(), db.One[int], sql, args...)
			must(t, err)
			return n
		}
		good := rollout.NewOccasion{People: []int64{w.bjork}, Days: on(day + 20)}
		for name, c := range map[string]struct {
			viewer access.Viewer
			groups []rollout.NewOccasion
			want   string
		}{
			"of nobody":                    {borl, nil, "groups rollout.nobody"},
			"by the neighbour":             {falu, []rollout.NewOccasion{good}, "fault.not_found"},
			"of somebody on leave":         {borl, []rollout.NewOccasion{good, {People: []int64{w.dahl}, Days: on(day + 21)}}, "rollout.people_changed"},
			"of somebody who is done":      {borl, []rollout.NewOccasion{{People: []int64{w.ask}, Days: on(day + 21)}}, "rollout.people_changed"},
			"of somebody in two groups":    {borl, []rollout.NewOccasion{good, good}, "rollout.people_changed"},
			"with a day that is no day":    {borl, []rollout.NewOccasion{good, {People: []int64{w.ced}}}, "groups.1.days round.days_missing"},
			"that ends before it begins":   {borl, []rollout.NewOccasion{good, {People: []int64{w.ced}, Days: []planning.NewDay{{Day: day + 9, Starts: "12:00", Ends: "9"}}}}, "groups.1.days.0.ends round.time_wrong"},
			"held by somebody from abroad": {borl, []rollout.NewOccasion{{People: []int64{w.ced}, Days: []planning.NewDay{{Day: day + 9, Starts: "12:00", Ends: "13:00", Trainers: []planning.NewTrainer{{PersonID: 999999, Role: trainer.Lead}}}}}}, "groups.0.days.0.trainers round.leader_elsewhere"},
		} {
			if _, err := w.occasions(c.viewer, plan, c.groups...); key(err) != c.want {
				t.Errorf("occasions %s: %v, want %s", name, err, c.want)
			}
			if n := count(`SELECT COUNT(*) FROM round`); n != 0 {
				t.Fatalf("occasions %s: %d are there, want none", name, n)
			}
		}

		ids, err := w.occasions(borl, plan, good, rollout.NewOccasion{People: []int64{w.ced}, Days: on(day + 40)})
		must(t, err)
		if len(ids) != 2 {
			t.Fatalf("made %v, want two", ids)
		}
		all, err := rollout.Occasions(ctx, d.Reader(), borl, plan, day)
		must(t, err)
		if len(all) != 2 || all[0].Label != "BAS 3 våren 2026, grupp 1" || all[0].FirstDay != day+20 || len(all[0].People) != 1 || all[0].People[0].Unit != "Norr" || all[0].Free() != 14 {
			t.Errorf("the occasions are %+v", all)
		}
		manager := access.Viewer{Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: w.south, RegionID: 20, MunicipalityID: borlange}}}
		if all, err := rollout.Occasions(ctx, d.Reader(), manager, plan, day); err != nil || len(all) != 2 || all[0].People != nil {
			t.Errorf("a manager sees %+v, %v, want the days without names", all, err)
		}
		if _, err := rollout.Occasions(ctx, d.Reader(), falu, plan, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour sees them: %v", err)
		}
		if n := count(`SELECT COUNT(*) FROM round WHERE rollout_id = $1 AND published_at IS NOT NULL AND municipality_id = $2`, plan, borlange); n != 2 {
			t.Errorf("%d are published, want 2", n)
		}
		if n := count(`SELECT COUNT(*) FROM river_job WHERE kind = 'letter_news'`); n != 2 {
			t.Errorf("letters of %d occasions are to be written, want 2", n)
		}
		if _, err := w.occasions(borl, plan, good); key(err) != "rollout.people_changed" {
			t.Errorf("the same once more: %v, want that people have changed", err)
		}
		staff, err := rollout.Staff(ctx, d.Reader(), borl, borlange, w.course, day)
		must(t, err)
		if staff[1].NextDay == nil || *staff[1].NextDay != day+20 {
			t.Errorf("Björk is next planned %v, want on %v", staff[1].NextDay, day+20)
		}
	})
}

func TestAReminderReachesThoseWhoMissTheCourseOnceAWeekAndTheirManagers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		m := w.municipality(t)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			var failed error
			for email, person := range map[string]int64{"bjork@example.org": w.bjork, "dahl@example.org": w.dahl, "ask@example.org": w.ask} {
				_, err := db.Exec(ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, person, email)
				failed = errors.Join(failed, err)
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, '2025-01-01', 0)`, w.ask, w.north)
			return errors.Join(failed, err)
		}))
		remind := func(v access.Viewer, at clock.Instant) (done rollout.Reminded, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				done, err = rollout.Remind(ctx, tx, v, m, w.course, site, at)
				return err
			})
			return done, err
		}
		if _, err := remind(falu, now); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour reminds: %v", err)
		}
		// Cederkvist has no address and is noted all the same; Dahl is on leave.
		for _, c := range []struct {
			name string
			at   clock.Instant
			want rollout.Reminded
		}{
			{"the first time", now, rollout.Reminded{People: 1, Managers: 1, Away: 1}},
			{"at once again", now, rollout.Reminded{Lately: 2, Away: 1}},
			{"six days later", (day + 6).At(12, 0), rollout.Reminded{Lately: 2, Away: 1}},
			{"a week later", (day + 7).At(12, 0), rollout.Reminded{People: 1, Managers: 1, Away: 1}},
		} {
			got, err := remind(borl, c.at)
			must(t, err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
		// A web course without content leads to nothing that anybody could do.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE course SET days = 0 WHERE id = $1`, w.course)
			return err
		}))
		if _, err := remind(borl, (day+14).At(12, 0)); key(err) != "rollout.nothing_to_begin" {
			t.Errorf("of a web course without content: %v", err)
		}
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'mail_letter'`); err != nil || n != 4 {
			t.Errorf("%d letters wait, %v, want 4", n, err)
		}
	})
}

// letters are those that wait to be sent to the address.
func (w *town) letters(t *testing.T, to string) int {
	t.Helper()
	n, err := db.Row(ctx, w.d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'mail_letter' AND CAST(args AS TEXT) LIKE $1`, "%"+to+"%")
	must(t, err)
	return n
}

// leads makes the person the manager of the units.
func (w *town) leads(t *testing.T, person int64, email string, units ...int64) {
	t.Helper()
	must(t, w.d.Write(ctx, func(tx *db.Tx) error {
		_, failed := db.Exec(ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, person, email)
		for _, unit := range units {
			_, err := db.Exec(ctx, tx, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, '2025-01-01', 0)`, person, unit)
			failed = errors.Join(failed, err)
		}
		return failed
	}))
}

func TestAManagerOfSeveralUnitsIsWrittenToAboutAllOfThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		w.leads(t, w.ask, "ask@example.org", w.north, w.south)
		for _, unit := range []int64{w.north, w.south} {
			n := w.plan()
			n.Units = []rollout.Unit{{ID: unit, StartsOn: day}}
			plan, err := w.make(borl, n)
			must(t, err)
			must(t, d.Write(ctx, func(tx *db.Tx) error {
				_, err := planning.PlanLocal(ctx, tx, borl, planning.New{CourseID: w.course, MunicipalityID: borlange, RolloutID: plan, Days: on(day + 60)}, nil, now)
				return err
			}))
		}
		must(t, rollout.Due(ctx, d, site, day.At(9, 0)))
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM course_reminder`); err != nil || n != 2 {
			t.Fatalf("%d are reminded, %v, want one of each plan", n, err)
		}
		if n := w.letters(t, "ask@example.org"); n != 1 {
			t.Errorf("the manager of both units gets %d letters, want one", n)
		}

		// Somebody else who misses the course on the same day is another letter.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `DELETE FROM course_reminder WHERE person_id = $1`, w.ced)
			return err
		}))
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			done, err := rollout.Remind(ctx, tx, borl, w.municipality(t), w.course, site, day.At(10, 0))
			if err == nil && done.Managers != 1 {
				t.Errorf("reminded are %+v", done)
			}
			return err
		}))
		if n := w.letters(t, "ask@example.org"); n != 2 {
			t.Errorf("of two reminders the manager gets %d letters", n)
		}
	})
}

func TestTheTrainersOfAnOccasionAreNamedInSwedishOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		plan, err := w.make(borl, w.plan())
		must(t, err)
		days := on(day + 20)
		for _, person := range []int64{w.dahl, w.ced, w.ask} {
			days[0].Trainers = append(days[0].Trainers, planning.NewTrainer{PersonID: person, Role: trainer.Assistant})
		}
		days[0].Trainers[0].Role = trainer.Lead
		_, err = w.occasions(borl, plan, rollout.NewOccasion{People: []int64{w.bjork}, Days: days})
		must(t, err)
		all, err := rollout.Occasions(ctx, d.Reader(), borl, plan, day)
		must(t, err)
		if want := "Test Ask, Test Cederkvist, Test Dahl"; all[0].Trainers != want {
			t.Errorf("they are %q, want %q", all[0].Trainers, want)
		}
	})
}

func TestARunningPlanRemindsUnitsThatHaveStarted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		n := w.plan()
		n.Units = []rollout.Unit{{ID: w.north, StartsOn: day}, {ID: w.south, StartsOn: day + 30}}
		plan, err := w.make(borl, n)
		must(t, err)
		reminded := func() (all []int64) {
			t.Helper()
			all, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT person_id FROM course_reminder ORDER BY person_id`)
			must(t, err)
			return all
		}
		morning := func(on clock.Day) clock.Instant { return on.At(8, 0) }
		must(t, rollout.Due(ctx, d, site, morning(day)))
		if got := reminded(); got != nil {
			t.Fatalf("%v are reminded before there is any occasion", got)
		}
		_, err = w.occasions(borl, plan, rollout.NewOccasion{People: []int64{w.ced}, Days: on(day + 60)})
		must(t, err)
		must(t, rollout.Due(ctx, d, site, day.At(7, 59)))
		if got := reminded(); got != nil {
			t.Fatalf("%v are reminded before working hours", got)
		}
		for range 2 {
			must(t, rollout.Due(ctx, d, site, morning(day)))
			if diff := cmp.Diff([]int64{w.bjork}, reminded()); diff != "" {
				t.Fatal(diff)
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error { return rollout.End(ctx, tx, borl, plan, now) }))
		must(t, rollout.Due(ctx, d, site, morning(day+14)))
		if diff := cmp.Diff([]int64{w.bjork}, reminded()); diff != "" {
			t.Error("an ended plan reminds", diff)
		}
	})
}

func TestWhoHadASeatLatelyMissesNothingUntilSomebodySaysThatTheyWereAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		plan, err := w.make(borl, w.plan())
		must(t, err)
		rounds, err := w.occasions(borl, plan, rollout.NewOccasion{People: []int64{w.ced, w.bjork}, Days: on(day + 20)})
		must(t, err)
		// One of them was there, the other was not; of neither is anything said yet.
		missing := func(at clock.Day) (lacks []string) {
			t.Helper()
			all, err := rollout.Staff(ctx, d.Reader(), borl, borlange, w.course, at)
			must(t, err)
			for _, m := range all {
				if m.WithoutSeat() && m.Away == nil {
					lacks = append(lacks, m.Name)
				}
				if !m.WithoutSeat() && m.Done == nil && (m.NextID != rounds[0] || *m.NextDay != day+20) {
					t.Errorf("%s has a seat in %d on %s", m.Name, m.NextID, m.NextDay)
				}
			}
			g, err := rollout.OverviewOf(ctx, d.Reader(), borl, w.municipality(t), 0, at)
			must(t, err)
			for _, c := range g.Courses {
				if c.ID == w.course && c.Seated+len(lacks) != c.Staff-c.Done-1 { // Dahl is on leave
					t.Errorf("on %s the overview says %+v, and %v miss it", at, c.Coverage, lacks)
				}
			}
			return lacks
		}
		for name, c := range map[string]struct {
			at   clock.Day
			want []string
		}{
			"before the day":       {day, nil},
			"on the day":           {day + 20, nil},
			"the day after":        {day + 21, nil},
			"a month later":        {day + 50, nil},
			"more than that after": {day + 51, []string{"Test Björk", "Test Cederkvist"}},
		} {
			if diff := cmp.Diff(c.want, missing(c.at)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `
				INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, source)
				SELECT c.id, n.id, CASE WHEN n.person_id = $1 THEN 'absent' ELSE 'present' END, 0, 'trainer'
				FROM enrolment AS n
				JOIN course_day AS c ON c.round_id = n.round_id
				WHERE n.round_id = $2`, w.bjork, rounds[0])
			return err
		}))
		if diff := cmp.Diff([]string{"Test Björk"}, missing(day+21)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheOverviewAndTheListOfPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		m := w.municipality(t)
		plan, err := w.make(borl, w.plan())
		must(t, err)
		_, err = w.occasions(borl, plan, rollout.NewOccasion{People: []int64{w.ced}, Days: on(day + 40)})
		must(t, err)
		bas3 := func() rollout.Coverage {
			t.Helper()
			o, err := rollout.OverviewOf(ctx, d.Reader(), borl, m, 0, day)
			must(t, err)
			for _, c := range o.Courses {
				if c.ID == w.course {
					return c.Coverage
				}
			}
			return rollout.Coverage{}
		}
		if diff := cmp.Diff(rollout.Coverage{Staff: 4, Done: 1, Seated: 1, WithoutSeat: 2}, bas3()); diff != "" {
			t.Error(diff)
		}
		// What is kept in memory is not shown when the facts have changed.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := learning.Register(ctx, tx, system, learning.New{PersonID: w.bjork, CourseID: w.course, On: day}, now)
			return err
		}))
		if diff := cmp.Diff(rollout.Coverage{Staff: 4, Done: 2, Seated: 1, WithoutSeat: 1}, bas3()); diff != "" {
			t.Error(diff)
		}

		for name, c := range map[string]struct {
			filter rollout.Filter
			want   []string
			total  int
		}{
			"all by name":                   {rollout.Filter{}, []string{"Ask", "Björk", "Cederkvist", "Dahl"}, 4},
			"the second page":               {rollout.Filter{Page: 2, PerPage: 3}, []string{"Dahl"}, 4},
			"a page after the last":         {rollout.Filter{Page: 9, PerPage: 3}, []string{"Dahl"}, 4},
			"a unit":                        {rollout.Filter{UnitID: w.south}, []string{"Cederkvist", "Dahl"}, 2},
			"who misses the course":         {rollout.Filter{LacksID: w.course}, []string{"Cederkvist", "Dahl"}, 2},
			"who misses most first":         {rollout.Filter{Sort: "-missing"}, []string{"Cederkvist", "Dahl", "Ask", "Björk"}, 4},
			"backwards":                     {rollout.Filter{Sort: "-name", PerPage: 2}, []string{"Dahl", "Cederkvist"}, 4},
			"a unit's people who miss it, ": {rollout.Filter{UnitID: w.north, LacksID: w.course}, nil, 0},
		} {
			g, err := rollout.GridOf(ctx, d.Reader(), borl, m, c.filter, day)
			must(t, err)
			var got []string
			for _, r := range g.Rows {
				got = append(got, r.FamilyName)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || g.Total != c.total {
				t.Errorf("%s: %d, %s", name, g.Total, diff)
			}
		}
		g, err := rollout.GridOf(ctx, d.Reader(), borl, m, rollout.Filter{}, day)
		must(t, err)
		for k, c := range g.Courses {
			if c.ID != w.course {
				continue
			}
			done, next, without := g.Rows[0].Stands[k].Done, g.Rows[2].Stands[k].NextDay, g.Rows[3].Stands[k].WithoutSeat()
			if done == nil || *done != clock.Date(2026, 2, 2) || next == nil || *next != day+40 || !without {
				t.Errorf("the course is %+v", g.Rows)
			}
		}
		if back, known := g.Rows[3].Back(); !known || back != clock.Date(2026, 7, 1) || g.Rows[3].Form != people.Permanent || g.Rows[3].Unit != "Ängen" {
			t.Errorf("Dahl is %+v", g.Rows[3])
		}
		// Nobody of the town is in the first journey that the managers' course belongs to.
		managers, err := catalogue.CourseBySlug(ctx, d.Reader(), "leda-larande-och-utveckling")
		must(t, err)
		if g, err := rollout.GridOf(ctx, d.Reader(), borl, m, rollout.Filter{LacksID: managers.ID}, day); err != nil || g.Journey.Slug != "funktionshinder-utforare" {
			t.Errorf("who misses a course of several journeys is asked for in %q, %v", g.Journey.Slug, err)
		}
		// A course of one journey is looked for there, wherever most people are.
		ny, err := catalogue.CourseBySlug(ctx, d.Reader(), "arbeta-med-familjehem")
		must(t, err)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			children, err := catalogue.JourneyBySlug(ctx, tx, "barn-och-unga")
			if err != nil {
				return err
			}
			_, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: w.ced, JourneyID: children.ID, OpenedOn: day - 30, Roles: []access.Role{access.Employee}})
			return err
		}))
		if g, err := rollout.GridOf(ctx, d.Reader(), borl, m, rollout.Filter{LacksID: ny.ID}, day); err != nil || g.Journey.Slug != "barn-och-unga" {
			t.Errorf("who misses a course of another journey is asked for in %q, %v", g.Journey.Slug, err)
		}
		for name, f := range map[string]rollout.Filter{"unit": {UnitID: 999999}, "journey": {JourneyID: 999999}, "course": {LacksID: 999999}} {
			if _, err := rollout.GridOf(ctx, d.Reader(), borl, m, f, day); !errors.Is(err, fault.NotFound) {
				t.Errorf("an unknown %s: %v", name, err)
			}
		}
		for name, v := range map[string]access.Viewer{"the neighbour": falu, "one of the staff": {PersonID: w.ask}, "a manager": office(access.Manager, access.Municipality, borlange)} {
			if _, err := rollout.GridOf(ctx, d.Reader(), v, m, rollout.Filter{}, day); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s sees the list: %v", name, err)
			}
			if _, err := rollout.OverviewOf(ctx, d.Reader(), v, m, 0, day); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s sees the overview: %v", name, err)
			}
		}
	})
}
