package seat_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestANoCanBeTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return seat.SetManagerApproves(roundtest.Ctx, tx, roundtest.Faluns, roundtest.Falun, true, roundtest.Now)
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

func TestAManagerReadsWhoElseIsAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		first := w.Roomy(5).Days[0].Day
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if err := seat.SetManagerApproves(roundtest.Ctx, tx, roundtest.Faluns, roundtest.Falun, true, roundtest.Now); err != nil {
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
		missing, err := seat.MissingWith(roundtest.Ctx, d.Reader(), roundtest.Faluns, []int64{o.EntryID})
		roundtest.Must(t, err)
		want := []seat.Missing{{Day: first, Name: "Test Falun01"}, {Day: first, Name: "Test Falun02", Leave: true}, {Day: first + 1, Name: "Test Falun01"}, {Day: first + 1, Name: "Test Falun03", Leave: true}}
		if diff := cmp.Diff(want, missing[o.EntryID]); diff != "" {
			t.Error(diff)
		}
		if others, err := seat.MissingWith(roundtest.Ctx, d.Reader(), roundtest.Uppsalas, []int64{o.EntryID}); err != nil || len(others) != 0 {
			t.Errorf("another region reads %+v, %v", others, err)
		}
	})
}
