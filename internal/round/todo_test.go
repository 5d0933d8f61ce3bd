package round_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

func TestWhatWaitsFollowsTheRoundThroughItsLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan()
		n.Days[1].Trainers = n.Days[0].Trainers
		id := w.published(n)
		seats := w.enrolled(id, w.staff[:3]...)
		kinds := func(viewer access.Viewer, day clock.Day) (kinds []round.TodoKind) {
			t.Helper()
			todos, err := round.Todos(ctx, d.Reader(), viewer, dalarna, day, 10)
			must(t, err)
			for _, todo := range todos {
				if todo.RoundID != id || todo.Seats != 3 {
					t.Errorf("got %+v", todo)
				}
				kinds = append(kinds, todo.Kind)
			}
			return kinds
		}
		want := func(what string, day clock.Day, want ...round.TodoKind) {
			t.Helper()
			if diff := cmp.Diff(want, kinds(dalarnas, day)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		want("while sign-up is open", today)
		want("when sign-up has ended", today+6, round.TodoConfirmation)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return round.Confirm(ctx, tx, dalarnas, id, now) }))
		want("when it is confirmed", today+6)
		want("on the first day", first, round.TodoAttendance)
		want("after both days", first+5, round.TodoAttendance, round.TodoAttendance)
		if got := kinds(uppsalas, first+5); got != nil {
			t.Errorf("another region is told to do %v", got)
		}
		for _, day := range w.get(dalarnas, id).CourseDays {
			var trainers []round.TrainerMarking
			for _, tr := range day.Trainers {
				trainers = append(trainers, round.TrainerMarking{PersonID: tr.PersonID, Present: true})
			}
			must(t, w.save(dalarnas, day, all(seats, round.Present), trainers, (first+2).At(9, 0)))
		}
		want("when both lists are saved", first+5, round.TodoApproval)
		must(t, w.approve(dalarnas, id, first+5, (first+5).At(9, 0), round.Approval{EnrolmentID: seats[0]}))
		want("when somebody is approved", first+5)
	})
}

func TestTheNextDayIsTheEarliestAheadOfOnesOwnSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		w.enrolled(id, w.staff[0])
		for day, want := range map[clock.Day]clock.Day{today: first, first: first, first + 1: first + 1, first + 2: 0} {
			next, err := round.Next(ctx, d.Reader(), employee(w.staff[0], dalarna), day)
			must(t, err)
			switch {
			case next == nil && want != 0, next != nil && next.Day != want:
				t.Errorf("on %s the next day is %+v, want %s", day, next, want)
			}
		}
		if next, err := round.Next(ctx, d.Reader(), employee(w.staff[1], dalarna), today); err != nil || next != nil {
			t.Errorf("somebody without a seat has %+v, %v", next, err)
		}
	})
}
