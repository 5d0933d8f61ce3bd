package round_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

func TestAManagerReadsWhoElseIsAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		first := w.Roomy(5).Days[0].Day
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if err := people.SetManagerApproves(roundtest.Ctx, tx, roundtest.Faluns, roundtest.Falun, true, roundtest.Now); err != nil {
				return err
			}
			// On leave to the first day, from the second on, and until the day before.
			for person, days := range map[int64][2]any{w.Staff[2]: {first - 5, first}, w.Staff[3]: {first + 1, nil}, w.Staff[4]: {first - 9, first - 1}} {
				if _, err := db.Exec(roundtest.Ctx, tx, `INSERT INTO leave (person_id, from_day, to_day, told_at) VALUES ($1, $2, $3, 1)`, person, days[0], days[1]); err != nil {
					return err
				}
			}
			return nil
		}))
		id, same, left := w.Published(w.Roomy(5)), w.Published(w.Roomy(5)), w.Published(w.Roomy(5))
		w.Enrolled(same, w.Staff[1], w.Others[0])
		roundtest.Must(t, w.Withdraw(roundtest.System, w.Enrolled(left, w.Staff[5])[0], roundtest.Now))
		o, err := w.SignUp(roundtest.Employee(w.Staff[0], roundtest.Dalarna), id, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		missing, err := round.MissingWith(roundtest.Ctx, d.Reader(), roundtest.Faluns, []int64{o.EntryID})
		roundtest.Must(t, err)
		want := []round.Missing{{Day: first, Name: "Test Falun01"}, {Day: first, Name: "Test Falun02", Leave: true}, {Day: first + 1, Name: "Test Falun01"}, {Day: first + 1, Name: "Test Falun03", Leave: true}}
		if diff := cmp.Diff(want, missing[o.EntryID]); diff != "" {
			t.Error(diff)
		}
		if others, err := round.MissingWith(roundtest.Ctx, d.Reader(), roundtest.Uppsalas, []int64{o.EntryID}); err != nil || len(others) != 0 {
			t.Errorf("another region reads %+v, %v", others, err)
		}
	})
}
