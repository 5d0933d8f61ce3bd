package seat_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestANoCanBeTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return people.SetManagerApproves(roundtest.Ctx, tx, roundtest.Faluns, roundtest.Falun, true, roundtest.Now)
		}))
		boss := roundtest.Faluns
		boss.PersonID = w.Staff[3]
		id := w.Published(w.Roomy(1))
		asks := func(person int64) int64 {
			t.Helper()
			o, err := w.SignUp(roundtest.Employee(person, roundtest.Dalarna), id, person, roundtest.Now)
			roundtest.Must(t, err)
			return o.EntryID
		}
		refuse := func(entry int64) {
			t.Helper()
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				return seat.Refuse(roundtest.Ctx, tx, boss, entry, "för få den veckan", roundtest.Now)
			}))
		}
		again := func(entry int64) (o seat.Outcome, err error) {
			err = w.Write(func(tx *db.Tx) error {
				o, err = seat.Reconsider(roundtest.Ctx, tx, boss, entry, roundtest.Now)
				return err
			})
			return o, err
		}
		first, second := asks(w.Staff[0]), asks(w.Staff[1])
		if _, err := again(first); roundtest.Key(err) != "round.asked_again" {
			t.Errorf("what nobody has refused gives %v", err)
		}
		refuse(first)
		refuse(second)
		// The seat is free: they get it. Then it is not, and the other waits.
		if o, err := again(second); err != nil || o.Status != seat.Enrolled {
			t.Errorf("taken back it gives %+v, %v", o, err)
		}
		if o, err := again(first); err != nil || o.Status != seat.Waiting || o.Position != 1 {
			t.Errorf("taken back in a full round it gives %+v, %v", o, err)
		}
		w.Holds(id)
		if _, err := again(second); roundtest.Key(err) != "round.asked_again" {
			t.Errorf("twice gives %v", err)
		}
		answered, err := seat.AnsweredBy(roundtest.Ctx, d.Reader(), boss, roundtest.Today, 10)
		roundtest.Must(t, err)
		var got []string
		for _, a := range answered {
			got = append(got, fmt.Sprint(a.PersonID == w.Staff[0], a.Refused, a.Waits, a.EnrolmentID != 0))
		}
		if diff := cmp.Diff([]string{"false false false true", "true false true false"}, got); diff != "" {
			t.Error(diff)
		}
		for name, v := range map[string]int64{"another's answers": w.Staff[4], "nobody's": 0} {
			other := roundtest.Faluns
			other.PersonID = v
			if all, err := seat.AnsweredBy(roundtest.Ctx, d.Reader(), other, roundtest.Today, 10); err != nil || len(all) != 0 {
				t.Errorf("%s are %+v, %v", name, all, err)
			}
		}
		// For fourteen days they are shown, and not on the fifteenth. The round is still
		// to come.
		for days, want := range map[clock.Day]int{14: 2, 15: 0} {
			if all, err := seat.AnsweredBy(roundtest.Ctx, d.Reader(), boss, roundtest.Today+days, 10); err != nil || len(all) != want {
				t.Errorf("after %d days %d are shown, %v, want %d", days, len(all), err, want)
			}
		}
	})
}
