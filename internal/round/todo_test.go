package round_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestWhatWaitsFollowsTheRoundThroughItsLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Days[1].Trainers = n.Days[0].Trainers
		id := w.Published(n)
		seats := w.Enrolled(id, w.Staff[:3]...)
		kinds := func(viewer access.Viewer, day clock.Day) (kinds []round.TodoKind) {
			t.Helper()
			todos, err := round.Todos(roundtest.Ctx, d.Reader(), viewer, roundtest.Dalarna, day, 10)
			roundtest.Must(t, err)
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
			if diff := cmp.Diff(want, kinds(roundtest.Dalarnas, day)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		// The same of a national round waits for those who own the programme.
		owner := access.Viewer{Grants: []access.Grant{{Role: access.National, Level: access.Nation, OrganisationID: 1}}}
		national := func(viewer access.Viewer) int {
			t.Helper()
			todos, err := round.Todos(roundtest.Ctx, d.Reader(), viewer, 0, roundtest.Today+6, 10)
			roundtest.Must(t, err)
			return len(todos)
		}
		give := func(region any) {
			t.Helper()
			roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
				_, err := db.Exec(roundtest.Ctx, tx, `UPDATE round SET region_id = $2 WHERE id = $1`, id, region)
				return err
			}))
		}
		if n := national(owner); n != 0 {
			t.Errorf("%d of a region's wait for the nation", n)
		}
		give(nil)
		if n, regions := national(owner), national(roundtest.Dalarnas); n != 1 || regions != 0 {
			t.Errorf("%d of the nation's wait, %d for a region", n, regions)
		}
		give(roundtest.Dalarna)
		want("while sign-up is open", roundtest.Today)
		want("when sign-up has ended", roundtest.Today+6, round.TodoConfirmation)
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Confirm(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Now)
		}))
		want("when it is confirmed", roundtest.Today+6)
		want("on the first day", roundtest.First, round.TodoAttendance)
		want("after both days", roundtest.First+5, round.TodoAttendance, round.TodoAttendance)
		if got := kinds(roundtest.Uppsalas, roundtest.First+5); got != nil {
			t.Errorf("another region is told to do %v", got)
		}
		for _, day := range w.Get(roundtest.Dalarnas, id).CourseDays {
			var trainers []attendance.TrainerMarking
			for _, tr := range day.Trainers {
				trainers = append(trainers, attendance.TrainerMarking{PersonID: tr.PersonID, Present: true})
			}
			roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), trainers, (roundtest.First+2).At(9, 0)))
		}
		want("when both lists are saved", roundtest.First+5, round.TodoApproval)
		roundtest.Must(t, w.Approve(roundtest.Dalarnas, id, roundtest.First+5, (roundtest.First+5).At(9, 0), attendance.Approval{EnrolmentID: seats[0]}))
		want("when somebody is approved", roundtest.First+5)
	})
}

func TestTheNextDayIsTheEarliestAheadOfOnesOwnSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		w.Enrolled(id, w.Staff[0])
		for day, want := range map[clock.Day]clock.Day{roundtest.Today: roundtest.First, roundtest.First: roundtest.First, roundtest.First + 1: roundtest.First + 1, roundtest.First + 2: 0} {
			next, err := round.Next(roundtest.Ctx, d.Reader(), roundtest.Employee(w.Staff[0], roundtest.Dalarna), day)
			roundtest.Must(t, err)
			switch {
			case next == nil && want != 0, next != nil && next.Day != want:
				t.Errorf("on %s the next day is %+v, want %s", day, next, want)
			}
		}
		if next, err := round.Next(roundtest.Ctx, d.Reader(), roundtest.Employee(w.Staff[1], roundtest.Dalarna), roundtest.Today); err != nil || next != nil {
			t.Errorf("somebody without a seat has %+v, %v", next, err)
		}
	})
}

func TestHowFarBackAndAheadTheStartPageLooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Days = n.Days[:1]
		lead := []planning.NewTrainer{{PersonID: w.Rss, Role: trainer.Lead}}
		n.Days[0].Trainers = lead
		w.Published(n)
		for _, c := range []struct {
			name string
			day  clock.Day
			want int
		}{
			{"a team is not asked for ninety-one days ahead", roundtest.First - 91, 0},
			{"it is ninety days ahead, and one alone is none", roundtest.First - 90, 1},
			{"what was forgotten sixty days ago waits", roundtest.First + 60, 1},
			{"after that it is found in the lists", roundtest.First + 61, 0},
		} {
			todos, err := round.Todos(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, c.day, 10)
			roundtest.Must(t, err)
			if len(todos) != c.want {
				t.Errorf("%s: %+v", c.name, todos)
			}
		}
	})
}
