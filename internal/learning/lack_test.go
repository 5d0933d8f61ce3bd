package learning_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
)

func TestWhoLacksACourseAndWhatIsSaidBesideIt(t *testing.T) {
	on := clock.Date(2026, 3, 3)
	for name, c := range map[string]struct {
		stand                             learning.Stand
		lacks, booked, waits, withoutSeat bool
	}{
		"whom it is meant for and who has not completed it lacks it":      {stand: learning.Stand{Meant: true}, lacks: true, withoutSeat: true},
		"who has completed it does not lack it":                           {stand: learning.Stand{Meant: true, Done: &on}},
		"whom it is not meant for does not lack it":                       {stand: learning.Stand{}},
		"who is booked lacks it all the same":                             {stand: learning.Stand{Meant: true, NextID: 1, NextDay: &on}, lacks: true, booked: true},
		"who waits lacks it, without a seat":                              {stand: learning.Stand{Meant: true, Waiting: true}, lacks: true, waits: true, withoutSeat: true},
		"who is booked in one round and waits for another is booked":      {stand: learning.Stand{Meant: true, NextID: 1, NextDay: &on, Waiting: true}, lacks: true, booked: true},
		"who is on leave lacks it all the same":                           {stand: learning.Stand{Meant: true, Away: &on}, lacks: true, withoutSeat: true},
		"who is booked without its being meant for them does not lack it": {stand: learning.Stand{NextID: 1, NextDay: &on}},
		"who has completed it and is booked again does not lack it":       {stand: learning.Stand{Meant: true, Done: &on, NextID: 1, NextDay: &on, Waiting: true}},
	} {
		t.Run(name, func(t *testing.T) {
			var l learning.Lacking
			l.Count(c.stand)
			if c.stand.Lacks() != c.lacks || c.stand.Booked() != c.booked || c.stand.Waits() != c.waits || c.stand.WithoutSeat() != c.withoutSeat {
				t.Errorf("lacks %v, booked %v, waits %v, without a seat %v", c.stand.Lacks(), c.stand.Booked(), c.stand.Waits(), c.stand.WithoutSeat())
			}
			if (l.All == 1) != c.lacks || (l.Booked == 1) != c.booked || (l.Waiting == 1) != c.waits {
				t.Errorf("counted %+v", l)
			}
		})
	}
}

// TestTheRuleInSQLIsTheRule asks both about people in every step and role of two
// journeys, some of whom have completed what is meant for them.
func TestTheRuleInSQLIsTheRule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStaff(t, d)
		children, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), children.ID)
		must(t, err)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for i, roles := range [][]access.Role{{access.Employee}, {access.Manager}, {access.Employee, access.Manager}} {
				for _, step := range append([]catalogue.Step{{}}, steps...) {
					stepID := step.ID
					if !slices.Contains(roles, access.Employee) {
						stepID = 0 // managers are in no step
					}
					id, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Ek"}, []int64{s.north, s.south, s.north}[i], clock.Date(2025, 1, 1), "", now)
					if err != nil {
						return err
					}
					for _, a := range []people.NewAccount{
						{PersonID: id, JourneyID: children.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: roles, StepID: stepID},
						{PersonID: id, JourneyID: s.journey.ID, OpenedOn: clock.Date(2025, 1, 1), Roles: []access.Role{access.Manager}},
					} {
						if _, err := people.OpenAccount(ctx, tx, system, a); err != nil {
							return err
						}
					}
				}
			}
			return nil
		}))
		some := 0
		for _, journey := range []int64{children.ID, s.journey.ID} {
			_, whole := s.team(t, learning.TeamFilter{JourneyID: journey})
			for i, c := range whole.Courses {
				_, team := s.team(t, learning.TeamFilter{JourneyID: journey, LacksID: c.ID})
				var rule []int64
				for _, m := range team.Members {
					rule = append(rule, m.PersonID)
				}
				var b db.Builder
				b.Add(`SELECT e.person_id FROM employment AS e
					JOIN account AS o ON o.person_id = e.person_id AND o.journey_id = ?
					WHERE e.organisation_id IN (?, ?) AND`, journey, s.north, s.south).Append(learning.LacksSQL(c.ID, day))
				inSQL, err := db.Rows(ctx, d.Reader(), db.One[int64], b.String(), b.Args()...)
				must(t, err)
				slices.Sort(rule)
				slices.Sort(inSQL)
				if diff := cmp.Diff(rule, inSQL); diff != "" {
					t.Errorf("%s (%s): %s", c.Slug, c.Audience, diff)
				}
				if n := whole.Courses[i].Lacking.All; n != len(rule) {
					t.Errorf("%s: the column counts %d, the list has %d", c.Slug, n, len(rule))
				}
				some += len(rule)
			}
		}
		if some == 0 {
			t.Error("nobody lacks anything")
		}
	})
}

func TestACourseIsMeantForThoseOfItsStepRoleOrForAll(t *testing.T) {
	const ny, van int64 = 1, 2
	all, managers, both := catalogue.Course{Audience: "Alla"}, catalogue.Course{Audience: "Chefer och arbetsledare"}, catalogue.Course{Audience: "Erfarna och chefer"}
	news := catalogue.Course{Audience: "Nya"}
	for name, c := range map[string]struct {
		course           catalogue.Course
		courseStep, step int64
		employee, leads  bool
		want             bool
	}{
		"a course for all is for an employee without a step": {course: all, employee: true, want: true},
		"a course for all is for somebody in any step":       {course: all, courseStep: ny, step: van, want: true},
		"a course for all is not for who is a manager only":  {course: all, leads: true},
		"a step's course is for those in the step":           {course: news, courseStep: ny, step: ny, employee: true, want: true},
		"a step's course is not for those in another step":   {course: news, courseStep: ny, step: van, employee: true},
		"a step's course is not for those in no step":        {course: news, courseStep: ny, employee: true},
		"a managers' course is for managers":                 {course: managers, leads: true, want: true},
		"a managers' course is not for employees":            {course: managers, step: ny, employee: true},
		"a course for a step and managers is for a manager":  {course: both, courseStep: van, leads: true, want: true},
		"a course for a step and managers is for the step":   {course: both, courseStep: van, step: van, employee: true, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := learning.MeantFor(c.course, c.courseStep, c.step, c.employee, c.leads); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
