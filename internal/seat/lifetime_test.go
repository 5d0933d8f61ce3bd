package seat_test

import (
	"testing"

	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/seat/demand"
)

func TestNobodyNewGetsASeatInARetiredCourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(2))
		other := w.Published(w.Roomy(5))
		w.SignedUp(id, w.Staff[0], w.Staff[1], w.Staff[2]) // the third waits
		day := roundtest.Today + 3
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return lifetime.Retire(roundtest.Ctx, tx, roundtest.System, w.Course, day, "Ersätts", roundtest.Now)
		}))
		before, on := (day-1).At(9, 0), day.At(9, 0)
		if _, err := w.SignUp(roundtest.System, other, w.Staff[3], before); err != nil {
			t.Errorf("the day before: %v", err)
		}
		me := roundtest.Employee(w.Staff[4], roundtest.Dalarna)
		for name, do := range map[string]func(tx *db.Tx) error{
			"signs up themselves": func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, me, other, w.Staff[4], on)
				return err
			},
			"is signed up by the region": func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, roundtest.Dalarnas, other, w.Staff[4], on)
				return err
			},
			"wishes": func(tx *db.Tx) error {
				_, err := seat.Wish(roundtest.Ctx, tx, me, w.Course, w.Staff[4], on)
				return err
			},
		} {
			if err := w.Write(do); roundtest.Key(err) != "lifetime.nobody_new" {
				t.Errorf("on the day somebody %s: %v", name, err)
			}
		}
		// Who has a seat keeps it; a seat that is given back stays free.
		leaving := w.Get(roundtest.System, id).Enrolments[0].ID
		roundtest.Must(t, w.Write(func(tx *db.Tx) error { return seat.Withdraw(roundtest.Ctx, tx, roundtest.System, leaving, on) }))
		if r := w.Get(roundtest.System, id); r.Seats != 1 || r.Waiting != 1 || r.Offered != 0 {
			t.Errorf("the round has %d seats, %d waiting, %d offered", r.Seats, r.Waiting, r.Offered)
		}
		r := w.Get(roundtest.System, other).Round
		for _, c := range []struct {
			on     clock.Day
			status round.Status
			next   int
		}{{day - 1, round.Open, 2}, {day, round.Closed, 0}} {
			if got := r.Status(c.on); got != c.status || r.Bookable(c.on) != (c.status == round.Open) || r.SignupEnds() != day-1 {
				t.Errorf("on %s the round is %s, bookable %t, its sign-up ends %s", c.on, got, r.Bookable(c.on), r.SignupEnds())
			}
			page, err := round.Rounds(roundtest.Ctx, d.Reader(), roundtest.System, round.Filter{Status: c.status, Today: c.on})
			roundtest.Must(t, err)
			if page.Total != 2 {
				t.Errorf("on %s %d rounds are %s", c.on, page.Total, c.status)
			}
			next, err := seat.NextOf(roundtest.Ctx, d.Reader(), me, w.Course, 0, c.on, 10)
			roundtest.Must(t, err)
			if len(next) != c.next {
				t.Errorf("on %s %d rounds can be signed up for", c.on, len(next))
			}
			wanted, err := demand.In(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, c.on)
			roundtest.Must(t, err)
			if len(wanted) != c.next/2 {
				t.Errorf("on %s demand names %d courses", c.on, len(wanted))
			}
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error { return lifetime.TakeUp(roundtest.Ctx, tx, roundtest.System, w.Course, on) }))
		if _, err := w.SignUp(me, other, w.Staff[4], on); err != nil {
			t.Errorf("taken up again: %v", err)
		}
	})
}
