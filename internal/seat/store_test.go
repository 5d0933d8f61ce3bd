package seat_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestASeatIsTakenByThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		late := (roundtest.Today + 6).At(9, 0)
		for name, c := range map[string]struct {
			viewer access.Viewer
			person int64
			at     clock.Instant
			want   string
		}{
			"one's own":                              {roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[0], roundtest.Now, ""},
			"a colleague's":                          {roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[1], roundtest.Now, "fault.not_found"},
			"the municipality's staff":               {roundtest.Faluns, w.Staff[0], roundtest.Now, ""},
			"the neighbouring municipality's":        {roundtest.Faluns, w.Others[0], roundtest.Now, "fault.not_found"},
			"an unknown person's":                    {roundtest.Faluns, 9999, roundtest.Now, "fault.not_found"},
			"an unknown person's, by the product":    {roundtest.System, 9999, roundtest.Now, "fault.not_found"},
			"by another region's administrator":      {roundtest.Uppsalas, w.Staff[0], roundtest.Now, "fault.not_found"},
			"by nobody":                              {access.Viewer{}, w.Staff[0], roundtest.Now, "fault.not_found"},
			"one's own after sign-up":                {roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[0], late, "round.signup_closed"},
			"the municipality's staff after sign-up": {roundtest.Faluns, w.Staff[0], late, "round.signup_closed"},
			"by the round's manager after sign-up":   {roundtest.Dalarnas, w.Staff[0], late, ""},
			"one's own before sign-up":               {roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[0], (roundtest.Today - 1).At(9, 0), "round.signup_closed"},
		} {
			t.Run(name, func(t *testing.T) {
				id := w.Published(w.Plan())
				if _, err := w.Enrol(c.viewer, id, c.person, c.at); roundtest.Key(err) != c.want {
					t.Errorf("got %q, want %q", roundtest.Key(err), c.want)
				}
				want := 0
				if c.want == "" {
					want = 1
				}
				if got := w.Get(roundtest.System, id).Seats; got != want {
					t.Errorf("%d seats are taken, want %d", got, want)
				}
			})
		}
		if _, err := w.Enrol(roundtest.System, 9999, w.Staff[0], roundtest.Now); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a seat in an unknown round gives %v", err)
		}
	})
}

func TestASeatIsGivenBackAndTakenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Capacity, n.Minimum = 2, 0
		id := w.Published(n)
		me := roundtest.Employee(w.Staff[0], roundtest.Dalarna)
		enrolment, err := w.Enrol(me, id, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		w.Enrolled(id, w.Staff[1])
		if _, err := w.Enrol(me, id, w.Staff[0], roundtest.Now); roundtest.Key(err) != "round.already_enrolled" {
			t.Errorf("a second seat in a full round gives %v", err)
		}
		if _, err := w.Enrol(roundtest.System, id, w.Staff[2], roundtest.Now); roundtest.Key(err) != "round.full" {
			t.Errorf("a third seat of two gives %v", err)
		}
		withdraw := func(v access.Viewer, enrolment int64, at clock.Instant) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error { return seat.Withdraw(roundtest.Ctx, tx, v, enrolment, at) })
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"giving back a colleague's", withdraw(roundtest.Employee(w.Staff[1], roundtest.Dalarna), enrolment, roundtest.Now), "fault.not_found"},
			{"giving back one of another region", withdraw(roundtest.Uppsalas, enrolment, roundtest.Now), "fault.not_found"},
			{"giving back an unknown one", withdraw(roundtest.System, 9999, roundtest.Now), "fault.not_found"},
			{"giving it back on the first day", withdraw(me, enrolment, roundtest.First.At(8, 0)), "round.has_begun"},
			{"giving it back", withdraw(me, enrolment, roundtest.Now), ""},
			{"giving it back twice", withdraw(roundtest.Dalarnas, enrolment, roundtest.Now), "round.already_withdrawn"},
		} {
			if roundtest.Key(step.err) != step.want {
				t.Errorf("%s gives %q, want %q", step.name, roundtest.Key(step.err), step.want)
			}
		}
		again, err := w.Enrol(me, id, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		if got := w.Get(me, id); got.Seats != 2 || got.EnrolmentID != again || again == enrolment {
			t.Errorf("seats %d, mine %d (before %d, now %d)", got.Seats, got.EnrolmentID, enrolment, again)
		}
	})
}

func TestSixtyAtOnceTakeTwentyTwoSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		persons := make([]int64, 60)
		for i := range persons {
			persons[i] = w.Person(fmt.Sprintf("Trängsel%02d", i), roundtest.Falun)
		}
		results := make([]error, len(persons))
		var start, done sync.WaitGroup
		start.Add(1)
		for i, p := range persons {
			done.Add(1)
			go func() {
				defer done.Done()
				start.Wait()
				_, results[i] = w.Enrol(roundtest.Employee(p, roundtest.Dalarna), id, p, roundtest.Now)
			}()
		}
		start.Done()
		done.Wait()
		got := map[string]int{}
		for _, err := range results {
			got[roundtest.Key(err)]++
		}
		if diff := cmp.Diff(map[string]int{"": 22, "round.full": 38}, got); diff != "" {
			t.Error(diff)
		}
		if seats := w.Get(roundtest.System, id).Seats; seats != 22 {
			t.Errorf("%d seats are taken", seats)
		}
	})
}
