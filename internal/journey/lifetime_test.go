package journey_test

import (
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// A course that has ended is on nobody's way but theirs who have completed it, and the
// gate counts the same courses as the way.
func TestARetiredCourseIsOnTheWayOfThoseWhoHaveIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, organisation.Install(ctx, d))
		must(t, catalogue.Install(ctx, d))
		bou, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), bou.ID)
		must(t, err)
		courses, err := catalogue.Courses(ctx, d.Reader(), bou.ID)
		must(t, err)
		done, left := courses[0].ID, courses[1].ID // both of the first step
		var me access.Viewer
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			if me.PersonID, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Ny", FamilyName: "Medarbetare"}, falun, clock.Date(2026, 1, 1), "", now); err != nil {
				return err
			}
			if _, err = people.OpenAccount(ctx, tx, system, people.NewAccount{
				PersonID: me.PersonID, JourneyID: bou.ID, OpenedOn: clock.Date(2026, 1, 1), Roles: []access.Role{access.Employee}, StepID: steps[0].ID,
			}); err != nil {
				return err
			}
			if _, err = learning.Complete(ctx, tx, system, learning.New{PersonID: me.PersonID, CourseID: done, On: today - 9, Source: learning.Local}, now); err != nil {
				return err
			}
			for _, c := range []int64{done, left} {
				if err := lifetime.Retire(ctx, tx, system, c, today+1, "Ersätts", now); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, c := range []struct {
			days          clock.Day
			courses, done int
			left          bool
		}{{0, 6, 1, true}, {1, 5, 1, false}} {
			w, err := journey.Of(ctx, d.Reader(), me, (today+c.days).At(9, 0))
			must(t, err)
			s := w.Steps[0]
			if s.Courses != c.courses || s.Done != c.done || !slices.Contains(s.All, done) || slices.Contains(s.All, left) != c.left {
				t.Errorf("after %d days the step is %+v", c.days, s)
			}
			if wanted := w.Wanted(); slices.ContainsFunc(wanted, func(k journey.Course) bool { return k.ID == left }) != c.left {
				t.Errorf("after %d days they could go on with %d courses", c.days, len(wanted))
			}
			standings, err := learning.Standings(ctx, d.Reader(), me.PersonID, today+c.days)
			must(t, err)
			if standings[0] != s.StepStanding {
				t.Errorf("after %d days the gate says %+v, the way %+v", c.days, standings[0], s.StepStanding)
			}
		}
	})
}
