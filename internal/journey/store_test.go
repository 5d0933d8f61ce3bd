package journey_test

import (
	"context"
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/seat"
)

var (
	ctx    = context.Background()
	system = access.System()
)

const falun, borlange int64 = 2080, 2081

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A newcomer of Barn och unga: all that the pages show is read from the facts,
// on both engines.
func TestTheWayIsReadFromTheFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, organisation.Install(ctx, d))
		must(t, catalogue.Install(ctx, d))
		bou, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), bou.ID)
		must(t, err)
		courses, err := catalogue.Courses(ctx, d.Reader(), bou.ID)
		must(t, err)
		var me access.Viewer
		in := func(f func(tx *db.Tx) error) {
			t.Helper()
			must(t, d.Write(ctx, f))
		}
		in(func(tx *db.Tx) (err error) {
			if me.PersonID, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Ny", FamilyName: "Medarbetare"}, falun, clock.Date(2026, 1, 1), "", now); err != nil {
				return err
			}
			_, err = people.OpenAccount(ctx, tx, system, people.NewAccount{
				PersonID: me.PersonID, JourneyID: bou.ID, OpenedOn: clock.Date(2026, 1, 1), Roles: []access.Role{access.Employee}, StepID: steps[0].ID,
			})
			return err
		})
		me.Home = access.Place{RegionID: 20, MunicipalityID: falun}
		read := func() journey.Way {
			t.Helper()
			w, err := journey.Of(ctx, d.Reader(), me, now)
			must(t, err)
			return w
		}
		w := read()
		if len(w.Steps) != 1 || w.Steps[0].Step != "Ny" || w.Steps[0].Next != "Van" || w.Steps[0].Courses != 6 || w.Steps[0].Done != 0 || len(w.Steps[0].All) != len(courses) {
			t.Fatalf("the step is %+v", w.Steps)
		}
		if got := w.Things(now)[0]; got.Kind != journey.Wish || got.Course.ID != courses[0].ID {
			t.Errorf("with nothing planned the next thing is %+v", got)
		}

		// A round of the second course to sign up for comes before the wish.
		var plan int64
		in(func(tx *db.Tx) (err error) {
			first := today + 60
			n := planning.New{
				CourseID: courses[1].ID, RegionID: 20, Label: "VT-27", Capacity: 5, Minimum: 1, SignupFrom: today - 1, SignupUntil: first - 5,
				Delivery: catalogue.Regional, TariffKind: courses[1].TariffKind,
			}
			for i := range max(1, courses[1].Days) {
				n.Days = append(n.Days, planning.NewDay{Day: first + clock.Day(i), Starts: "09:00", Ends: "16:00", Place: "Falun"})
			}
			if plan, err = planning.Plan(ctx, tx, system, n, now); err != nil {
				return err
			}
			return planning.Publish(ctx, tx, system, plan, now)
		})
		w = read()
		if got := w.Things(now)[0]; got.Kind != journey.Book || got.RoundID != plan || got.Round.Free != 5 {
			t.Errorf("with a round to sign up for the next thing is %+v", got)
		}
		in(func(tx *db.Tx) error {
			_, err := seat.Enrol(ctx, tx, me, plan, me.PersonID, now)
			return err
		})
		w = read()
		if got := w.Things(now)[0]; got.Kind != journey.CourseDay || got.Course.ID != courses[1].ID {
			t.Errorf("with a seat the next thing is %+v", got)
		}
		if got := w.Coming(today); len(got) == 0 || got[0].Kind != journey.CourseDay || got[0].On != today+60 {
			t.Errorf("what comes is %+v", got)
		}

		// All that is completed counts, wherever somebody works.
		in(func(tx *db.Tx) error {
			for _, c := range courses {
				if !w.Known[c.ID].Published {
					continue
				}
				if _, err := learning.Complete(ctx, tx, system, learning.New{PersonID: me.PersonID, CourseID: c.ID, On: today - 200, Source: learning.Import}, now); err != nil {
					return err
				}
			}
			return people.Employ(ctx, tx, system, me.PersonID, borlange, today, "")
		})
		me.Home.MunicipalityID = borlange
		w = read()
		if s := w.Steps[0]; s.Done != 6 || !s.Open() {
			t.Errorf("with all completed the step is %+v", s.StepStanding)
		}
		standings, err := learning.Standings(ctx, d.Reader(), me.PersonID, today)
		must(t, err)
		if standings[0] != w.Steps[0].StepStanding {
			t.Errorf("the gate says %+v, the way %+v", standings[0], w.Steps[0].StepStanding)
		}
		if got := w.Things(now)[0]; got.Kind != journey.LevelUp {
			t.Errorf("the next thing is %+v", got)
		}
		if _, err := journey.Of(ctx, d.Reader(), access.Viewer{}, now); !errors.Is(err, fault.Forbidden) {
			t.Errorf("nobody's way is %v", err)
		}
	})
}
