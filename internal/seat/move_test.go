package seat_test

import (
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestASeatGoesToAColleague(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(1))
		o := w.SignedUp(id, w.Staff[0], w.Staff[1], w.Staff[2])
		replace := func(v access.Viewer, enrolment, colleague int64, at clock.Instant) (id int64, err error) {
			err = w.Write(func(tx *db.Tx) error {
				id, err = seat.Replace(roundtest.Ctx, tx, v, enrolment, colleague, at)
				return err
			})
			return id, err
		}
		enrolment := o[0].EnrolmentID
		for name, c := range map[string]struct {
			viewer    access.Viewer
			colleague int64
			want      string
		}{
			"by oneself":                  {roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[3], "fault.not_found"},
			"by another region":           {roundtest.Uppsalas, w.Staff[3], "fault.not_found"},
			"with another municipality's": {roundtest.Dalarnas, w.Others[0], "person round.other_municipality"},
		} {
			if _, err := replace(c.viewer, enrolment, c.colleague, roundtest.Now); roundtest.Key(err) != c.want {
				t.Errorf("%s gives %v, want %s", name, err, c.want)
			}
		}
		// Past those who wait; who waited does so no longer.
		again, err := replace(roundtest.Faluns, enrolment, w.Staff[2], roundtest.Now)
		roundtest.Must(t, err)
		w.Holds(id)
		if diff := cmp.Diff([]int64{w.Staff[2]}, w.Seated(id)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]int64{w.Staff[1]}, w.Line(id)); diff != "" {
			t.Error(diff)
		}
		replaces, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT replaces_id FROM enrolment WHERE id = $1`, again)
		roundtest.Must(t, err)
		if replaces != enrolment {
			t.Errorf("replaces %d, want %d", replaces, enrolment)
		}
		if _, err := replace(roundtest.Faluns, enrolment, w.Staff[4], roundtest.Now); roundtest.Key(err) != "round.already_withdrawn" {
			t.Errorf("a seat given away gives %v", err)
		}
	})
}

func TestASeatIsMovedToAnotherRoundOfTheCourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		a, b := w.Published(w.Roomy(1)), w.Published(w.Roomy(1))
		inA, inB := w.SignedUp(a, w.Staff[0], w.Staff[1]), w.SignedUp(b, w.Staff[2])
		move := func(v access.Viewer, enrolment, to int64) error {
			return w.Write(func(tx *db.Tx) error {
				_, err := seat.Move(roundtest.Ctx, tx, v, enrolment, to, roundtest.Now)
				return err
			})
		}
		self := roundtest.Employee(w.Staff[0], roundtest.Dalarna)
		if err := move(self, inA[0].EnrolmentID, b); roundtest.Key(err) != "round.full" {
			t.Errorf("a full round gives %v", err)
		}
		if diff := cmp.Diff([]int64{w.Staff[0]}, w.Seated(a)); diff != "" {
			t.Errorf("a refused move gave the seat up: %s", diff)
		}
		roundtest.Must(t, w.Withdraw(roundtest.System, inB[0].EnrolmentID, roundtest.Now))
		if err := move(roundtest.Employee(w.Staff[1], roundtest.Dalarna), inA[0].EnrolmentID, b); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a colleague's seat gives %v", err)
		}
		roundtest.Must(t, move(self, inA[0].EnrolmentID, b))
		w.Holds(a)
		w.Holds(b)
		if diff := cmp.Diff([][]int64{{w.Staff[1]}, {w.Staff[0]}}, [][]int64{w.Seated(a), w.Seated(b)}); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMovesThatCrossBothHappenOrDoNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		for range 6 {
			a, b := w.Published(w.Roomy(2)), w.Published(w.Roomy(2))
			inA, inB := w.SignedUp(a, w.Staff[0]), w.SignedUp(b, w.Staff[1])
			move := func(enrolment, to int64) func() error {
				return func() error {
					return w.Write(func(tx *db.Tx) error {
						_, err := seat.Move(roundtest.Ctx, tx, roundtest.System, enrolment, to, roundtest.Now)
						return err
					})
				}
			}
			if diff := cmp.Diff(map[string]int{"": 2}, roundtest.Together(move(inA[0].EnrolmentID, b), move(inB[0].EnrolmentID, a))); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff([][]int64{{w.Staff[1]}, {w.Staff[0]}}, [][]int64{w.Seated(a), w.Seated(b)}); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestACrowdMovesBothWaysAtOnceAndLosesNoSeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		// The first round is full and two wait; the other has six seats free.
		people := w.Crowd(26)
		a, b := w.Published(w.Roomy(12)), w.Published(w.Roomy(16))
		seats := append(w.SignedUp(a, people[:12]...), w.SignedUp(b, people[12:22]...)...)
		w.SignedUp(a, people[22:24]...)
		var all []func() error
		var tries atomic.Int32
		for i, o := range seats {
			to := b
			if i >= 12 {
				to = a
			}
			all = append(all, func() error {
				return w.Write(func(tx *db.Tx) error {
					tries.Add(1)
					_, err := seat.Move(roundtest.Ctx, tx, roundtest.System, o.EnrolmentID, to, roundtest.Now)
					return err
				})
			})
		}
		// Some come and go in between.
		for _, id := range []int64{a, b} {
			for _, p := range people[24:] {
				all = append(all, func() error { _, err := w.SignUp(roundtest.System, id, p, roundtest.Now); return err })
			}
		}
		got := roundtest.Together(all...)
		if got[""]+got["round.full"] != len(all) {
			t.Fatalf("moves ended so: %v", got)
		}
		// A deadlock would end one of the two, which is then tried again.
		if n := tries.Load(); int(n) != len(seats) {
			t.Errorf("%d moves took %d tries", len(seats), n)
		}
		if got[""] < 4+4 { // two of the six seats may go to those who come
			t.Errorf("only %d moved where at least four could: %v", got[""]-4, got)
		}
		w.Holds(a)
		w.Holds(b)
		// Everybody who had a seat has one, and one only.
		count := map[int64]int{}
		for _, p := range append(w.Seated(a), w.Seated(b)...) {
			count[p]++
		}
		for _, p := range people[:22] {
			if count[p] != 1 {
				t.Errorf("person %d has %d seats", p, count[p])
			}
		}
	})
}
