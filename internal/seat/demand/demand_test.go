package demand_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/seat/demand"
	"yrkesresan/internal/trainer"
)

func TestDemandStandsAgainstWhatIsPlanned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Journeys()
		of := func(day clock.Day) demand.Demand {
			all, err := demand.In(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, day)
			roundtest.Must(t, err)
			for _, each := range all {
				if each.CourseID == w.Course {
					return each
				}
			}
			t.Fatal("the course is missing")
			return demand.Demand{}
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			for _, p := range w.Staff[5:8] {
				if _, err := seat.Wish(roundtest.Ctx, tx, roundtest.System, w.Course, p, roundtest.Now); err != nil {
					return err
				}
			}
			member, err := trainer.Recruit(roundtest.Ctx, tx, roundtest.Dalarnas, trainer.New{PersonID: w.Borlange, CourseID: w.Course, RegionID: roundtest.Dalarna, On: roundtest.Today - 30})
			if err != nil {
				return err
			}
			return trainer.Ready(roundtest.Ctx, tx, roundtest.Dalarnas, member, roundtest.Today-20)
		}))
		want := demand.Demand{CourseID: w.Course, Slug: "kurs", Course: "Kurs", Wishes: 3, Likely: 2, Trainers: 1, Regional: true}
		if diff := cmp.Diff(want, of(roundtest.Today)); diff != "" {
			t.Error(diff)
		}
		if got := of(roundtest.Today).Lacks(); got != 3 {
			t.Errorf("%d lack a seat", got)
		}
		// One of the likely and one who wished have a seat, one waits.
		w.SignedUp(w.Published(w.Roomy(2)), w.Staff[0], w.Staff[5], w.Staff[8])
		want.Wishes, want.Likely, want.Rounds, want.Seats, want.Waiting = 2, 1, 1, 2, 1
		if diff := cmp.Diff(want, of(roundtest.Today)); diff != "" {
			t.Error(diff)
		}
		for _, v := range []struct {
			name   string
			region int64
		}{{"another region", roundtest.Uppsala}, {"no region", 0}} {
			if _, err := demand.In(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, v.region, roundtest.Today); roundtest.Key(err) != "fault.not_found" {
				t.Errorf("%s gives %v", v.name, err)
			}
		}
	})
}
