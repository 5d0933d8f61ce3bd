package planning_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func remove(w *roundtest.World, viewer access.Viewer, id int64) error {
	return w.D.Write(roundtest.Ctx, func(tx *db.Tx) error { return planning.Delete(roundtest.Ctx, tx, viewer, id, roundtest.Now) })
}

func TestAPlanIsDeletedAndCountsNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0])
		sal := w.Room("Sal Runn", 30)
		n := w.Plan()
		n.Days[0].RoomID = sal
		id, err := w.Planned(roundtest.Dalarnas, n)
		roundtest.Must(t, err)
		day := w.Get(roundtest.Dalarnas, id).CourseDays[0].ID
		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Staff[0], trainer.Assistant))

		for name, viewer := range map[string]access.Viewer{"another region": roundtest.Uppsalas, "an employee": roundtest.Employee(w.Staff[1], roundtest.Dalarna)} {
			if err := remove(w, viewer, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s deletes the plan: %v", name, err)
			}
		}
		roundtest.Must(t, remove(w, roundtest.Dalarnas, id))

		asked := access.Viewer{PersonID: w.Staff[0], Trainer: true, Home: access.Place{RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Falun, PersonID: w.Staff[0]}}
		for name, viewer := range map[string]access.Viewer{"who planned it": roundtest.Dalarnas, "who was asked": asked} {
			if _, err := round.Get(roundtest.Ctx, d.Reader(), viewer, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s still opens it: %v", name, err)
			}
			page, err := round.Rounds(roundtest.Ctx, d.Reader(), viewer, round.Filter{Today: roundtest.Today})
			roundtest.Must(t, err)
			if page.Total != 0 {
				t.Errorf("%s still finds it in the list", name)
			}
		}
		days, err := trainer.MyDays(roundtest.Ctx, d.Reader(), asked)
		roundtest.Must(t, err)
		if len(days) != 0 {
			t.Errorf("who was asked has %d days", len(days))
		}
		plan, err := round.Year(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.First.Year(), roundtest.Today, roundtest.First+100, roundtest.Today)
		roundtest.Must(t, err)
		for _, c := range plan.Courses {
			if len(c.Rounds) != 0 || c.Planned != 0 {
				t.Errorf("the year plan counts %d of %s", c.Planned, c.Title)
			}
		}
		again := w.Plan()
		again.Days[0].RoomID = sal
		clashes, err := planning.Clashes(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, again, 0, roundtest.Today)
		roundtest.Must(t, err)
		if len(clashes) != 0 {
			t.Errorf("its room and trainers are taken: %+v", clashes)
		}

		// Nothing more can be done to it.
		if err := remove(w, roundtest.Dalarnas, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
		err = d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Publish(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Now)
		})
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("published after that: %v", err)
		}
	})
}

func TestWhatWasPublishedIsNotDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		if got := roundtest.Key(remove(w, roundtest.Dalarnas, id)); got != "round.plan_is_published" {
			t.Errorf("a published round: %q", got)
		}
		// Of one who publishes and one who deletes at the same time one is told.
		other, err := w.Planned(roundtest.Dalarnas, w.Plan())
		roundtest.Must(t, err)
		got := roundtest.Together(
			func() error { return remove(w, roundtest.Dalarnas, other) },
			func() error {
				return d.Write(roundtest.Ctx, func(tx *db.Tx) error {
					return planning.Publish(roundtest.Ctx, tx, roundtest.Dalarnas, other, roundtest.Now)
				})
			})
		if got[""] != 1 || len(got) != 2 {
			t.Errorf("both at once: %v", got)
		}
	})
}
