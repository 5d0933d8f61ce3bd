package economy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
)

// The pot follows who was there: the share of a trainer who is replaced goes to
// the other's municipality, and who declined is no obstacle to the year.
func TestTheShareFollowsTheTrainerWhoSteppedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		date := clock.Date(2025, 3, 3)
		id := w.round("authority")
		day := w.day(id, 1, date)
		for range 10 {
			w.mark(day, w.seat(id, w.person(falun)), "present")
		}
		lead, ill, other, declined := w.person(borlange), w.person(falun), w.person(mora), w.person(falun)
		w.trainer(day, lead, trainer.Lead, true)
		w.trainer(day, ill, trainer.Assistant, true)
		w.insert("day_trainer", "course_day_id person_id role asked_at answer", day, declined, trainer.Assistant, 0, "declined")
		w.must(func(tx *db.Tx) error {
			_, err := trainer.Recruit(ctx, tx, w.leader, trainer.New{PersonID: other, CourseID: w.course, RegionID: dalarna, On: date - 30})
			return err
		})
		shares := func() (got []string) {
			t.Helper()
			y := w.year(2025)
			if left := y.Unfinished(); len(left) != 0 {
				t.Errorf("unfinished: %+v", left[0].Obstacles)
			}
			for _, s := range y.Days[0].Pot.Shares {
				got = append(got, fmt.Sprint(s.Organisation.Name, " ", int64(s.Amount)))
			}
			return got
		}
		if diff := cmp.Diff([]string{"Borlänge 240000", "Falun 160000"}, shares()); diff != "" {
			t.Error(diff)
		}
		w.must(func(tx *db.Tx) error {
			return planning.ReplaceTrainer(ctx, tx, w.leader, planning.Replacement{DayID: day, PersonID: ill, Other: other, Reason: "Sjuk"}, (date+1).At(9, 0))
		})
		if diff := cmp.Diff([]string{"Borlänge 240000", "Mora 160000"}, shares()); diff != "" {
			t.Error(diff)
		}
	})
}
