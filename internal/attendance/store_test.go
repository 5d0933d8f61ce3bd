package attendance_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestAttendanceIsSavedWholeByThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:3]...)
		foreign := w.Enrolled(w.Published(w.Plan()), w.Staff[0])
		day := w.Get(roundtest.System, id).CourseDays[0]
		at := roundtest.First.At(16, 0)
		present := roundtest.All(seats, round.Present)
		teacher := access.Viewer{PersonID: w.Borlange, Trainer: true}
		for name, c := range map[string]struct {
			viewer   access.Viewer
			marks    []attendance.Marking
			trainers []attendance.TrainerMarking
			at       clock.Instant
			want     string
		}{
			"the day before":        {roundtest.Dalarnas, present, roundtest.There(day, true), (roundtest.First - 1).At(23, 59), "round.day_ahead"},
			"a seat of another":     {roundtest.Dalarnas, append(slices.Clone(present), roundtest.All(foreign, round.Present)...), roundtest.There(day, true), at, fmt.Sprintf("mark_%d round.mark_foreign", foreign[0])},
			"a seat left out":       {roundtest.Dalarnas, present[1:], roundtest.There(day, true), at, fmt.Sprintf("mark_%d round.mark_missing", seats[0])},
			"a seat twice":          {roundtest.Dalarnas, append(slices.Clone(present), present[0]), roundtest.There(day, true), at, fmt.Sprintf("mark_%d round.mark_foreign", seats[0])},
			"a mark that is none":   {roundtest.Dalarnas, roundtest.All(seats[:1], "x"), roundtest.There(day, true), at, fmt.Sprintf("mark_%d round.mark_wrong, mark_%d round.mark_missing, mark_%d round.mark_missing", seats[0], seats[1], seats[2])},
			"a trainer left out":    {roundtest.Dalarnas, present, roundtest.There(day, true)[1:], at, fmt.Sprintf("trainer_%d round.trainer_mark_missing", w.Rss)},
			"a trainer of another":  {roundtest.Dalarnas, present, append(roundtest.There(day, true), attendance.TrainerMarking{PersonID: w.Others[0]}), at, fmt.Sprintf("trainer_%d round.trainer_foreign", w.Others[0])},
			"a participant":         {roundtest.Employee(w.Staff[0], roundtest.Dalarna), present, roundtest.There(day, true), at, "fault.not_found"},
			"the municipality":      {roundtest.Faluns, present, roundtest.There(day, true), at, "fault.not_found"},
			"the neighbours":        {roundtest.Uppsalas, present, roundtest.There(day, true), at, "fault.not_found"},
			"a trainer of no round": {access.Viewer{PersonID: w.Others[0], Trainer: true}, present, roundtest.There(day, true), at, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				if err := w.Save(c.viewer, day, c.marks, c.trainers, c.at); roundtest.Key(err) != c.want {
					t.Errorf("got %q, want %q", roundtest.Key(err), c.want)
				}
				if got := w.Get(roundtest.System, id); got.Held != 0 || got.CourseDays[0].Attended != 0 || got.CourseDays[0].Trainers[0].Present != nil {
					t.Errorf("something was saved: %+v", got.CourseDays[0])
				}
			})
		}
		if err := w.Save(roundtest.System, round.Day{ID: 9999}, nil, nil, at); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("an unknown day gives %v", err)
		}

		// A trainer of another day of the round may save this one too.
		marks := []attendance.Marking{
			{EnrolmentID: seats[0], Mark: round.Present}, {EnrolmentID: seats[1], Mark: round.Late},
			{EnrolmentID: seats[2], Mark: round.Absent, Reason: "sjuk"},
		}
		roundtest.Must(t, w.Save(teacher, day, marks, roundtest.There(day, true), at))
		sheet, err := round.SheetOf(roundtest.Ctx, d.Reader(), teacher, day.ID)
		roundtest.Must(t, err)
		var got []attendance.Marking
		for _, e := range sheet.Enrolments {
			got = append(got, attendance.Marking{EnrolmentID: e.ID, Mark: e.Marks[0], Reason: e.Reasons[0]})
		}
		if diff := cmp.Diff(marks, got); diff != "" {
			t.Error(diff)
		}
		if sheet.Day.Attended != 2 || sheet.Day.HeldAt == nil || *sheet.Day.HeldAt != at {
			t.Errorf("the day is %+v", sheet.Day)
		}
		for _, e := range sheet.Day.Trainers {
			if e.Present == nil || !*e.Present {
				t.Errorf("%s is not marked present", e.Name)
			}
		}
		if _, err := round.SheetOf(roundtest.Ctx, d.Reader(), roundtest.Faluns, day.ID); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("the form is shown to a municipality: %v", err)
		}
		if err := d.Write(roundtest.Ctx, func(tx *db.Tx) error { return seat.Withdraw(roundtest.Ctx, tx, roundtest.Dalarnas, seats[2], at) }); roundtest.Key(err) != "round.has_marks" {
			t.Errorf("giving back a marked seat gives %v", err)
		}
		if err := d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.Dalarnas, id, round.TooFewSeats, "x", at)
		}); roundtest.Key(err) != "round.has_begun" {
			t.Errorf("cancelling a round that has begun gives %v", err)
		}
	})
}

func TestAChangedMarkIsKeptWithWhoWhenAndWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:2]...)
		day := w.Get(roundtest.System, id).CourseDays[0]
		at, later := roundtest.First.At(16, 0), roundtest.First.At(17, 0)
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), roundtest.There(day, true), at))

		changed := roundtest.All(seats, round.Present)
		changed[1] = attendance.Marking{EnrolmentID: seats[1], Mark: round.Absent, Reason: "fel person"}
		trainers := roundtest.There(day, true)
		trainers[0].Present = false
		teacher := access.Viewer{PersonID: w.Borlange}
		roundtest.Must(t, w.Save(teacher, day, changed, trainers, later))
		roundtest.Must(t, w.Save(teacher, day, changed, trainers, later.Add(1e9))) // says nothing new

		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		events = slices.DeleteFunc(events, func(e round.Event) bool {
			return e.Kind != round.MarkChanged && e.Kind != round.TrainerChanged && e.Kind != round.WasHeld
		})
		want := []round.Event{
			{At: later, Kind: round.TrainerChanged, By: "Test Utbildare", Subject: "Test Kursledare", Day: 1, Old: round.Present, New: round.Absent},
			{At: later, Kind: round.MarkChanged, By: "Test Utbildare", Subject: "Test Falun01", Day: 1, Old: round.Present, New: round.Absent, Reason: "fel person"},
			{At: at, Kind: round.WasHeld, Day: 1},
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
		if got := w.Get(roundtest.System, id).CourseDays[0]; got.Attended != 1 || *got.HeldAt != at {
			t.Errorf("attended %d, held %v", got.Attended, got.HeldAt)
		}
		if _, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Faluns, id); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("the history is shown to a municipality: %v", err)
		}
	})
}

func TestApprovalGivesTheCompletionAndTakesItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:4]...)
		foreign := w.Enrolled(w.Published(w.Plan()), w.Staff[9])[0]
		end, at := roundtest.First+1, (roundtest.First+1).At(17, 0)
		days := w.Get(roundtest.System, id).CourseDays
		roundtest.Must(t, w.Save(roundtest.System, days[0], roundtest.All(seats, round.Present), roundtest.There(days[0], true), roundtest.First.At(17, 0)))
		last := roundtest.All(seats, round.Late)
		last[1].Mark, last[3].Mark = round.Excused, round.Absent
		roundtest.Must(t, w.Save(roundtest.System, days[1], last, roundtest.There(days[1], true), at))
		if got := w.Get(roundtest.System, id); got.Awaiting != 2 || got.Status(end) != round.Held {
			t.Errorf("%d await approval, %s; want 2, held", got.Awaiting, got.Status(end))
		}
		// One of them had completed the course before.
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			_, err := learning.Complete(roundtest.Ctx, tx, roundtest.System, learning.New{PersonID: w.Staff[2], CourseID: w.Course, On: roundtest.Today, Source: learning.Import}, roundtest.Now)
			return err
		}))

		for name, c := range map[string]struct {
			viewer access.Viewer
			on     clock.Day
			seat   int64
			want   string
		}{
			"a missed day without a reason": {roundtest.Dalarnas, end, seats[1], fmt.Sprintf("approve_%d round.approval_reason_missing", seats[1])},
			"a seat of another round":       {roundtest.Dalarnas, end, foreign, fmt.Sprintf("approve_%d round.mark_foreign", foreign)},
			"a day ahead":                   {roundtest.Dalarnas, end + 1, seats[0], "on round.approved_ahead"},
			"a day before the last":         {roundtest.Dalarnas, end - 1, seats[0], "on round.approved_before_end"},
			"a trainer":                     {access.Viewer{PersonID: w.Rss}, end, seats[0], "fault.not_found"},
			"the municipality":              {roundtest.Faluns, end, seats[0], "fault.not_found"},
			"the neighbouring region":       {roundtest.Uppsalas, end, seats[0], "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				err := w.Approve(c.viewer, id, c.on, at, attendance.Approval{EnrolmentID: seats[0]}, attendance.Approval{EnrolmentID: c.seat})
				if roundtest.Key(err) != c.want {
					t.Errorf("got %q, want %q", roundtest.Key(err), c.want)
				}
				if got := w.Get(roundtest.System, id).Approved; got != 0 {
					t.Errorf("%d were approved all the same", got)
				}
			})
		}

		roundtest.Must(t, w.Approve(roundtest.Dalarnas, id, end, at,
			attendance.Approval{EnrolmentID: seats[0]}, attendance.Approval{EnrolmentID: seats[1], Reason: "gjorde dagen i Uppsala"}, attendance.Approval{EnrolmentID: seats[2]}))
		roundtest.Must(t, w.Approve(roundtest.Dalarnas, id, end, at, attendance.Approval{EnrolmentID: seats[0]})) // stays as it is
		got := w.Get(roundtest.System, id)
		if got.Approved != 3 || got.Awaiting != 0 || got.Status(end) != round.Approved {
			t.Errorf("approved %d, awaiting %d, %s", got.Approved, got.Awaiting, got.Status(end))
		}
		for i, want := range []learning.Source{learning.Round, learning.Round, learning.Import, ""} {
			c := w.Completions(w.Staff[i])
			switch {
			case want == "" && len(c) != 0:
				t.Errorf("who was not approved has %+v", c)
			case want != "" && (len(c) != 1 || c[0].Source != want):
				t.Errorf("participant %d has %+v, want one from %s", i, c, want)
			case want == learning.Round && (c[0].On != end || *c[0].RoundID != id || c[0].Edition != 1):
				t.Errorf("participant %d has %+v", i, c[0])
			}
		}

		unapprove := func(v access.Viewer, enrolment int64) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error { return attendance.Unapprove(roundtest.Ctx, tx, v, enrolment, "fel person", at) })
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"by a trainer", unapprove(access.Viewer{PersonID: w.Rss}, seats[0]), "fault.not_found"},
			{"of an unknown seat", unapprove(roundtest.System, 9999), "fault.not_found"},
			{"of who is not approved", unapprove(roundtest.Dalarnas, seats[3]), "round.not_approved"},
			{"of one", unapprove(roundtest.Dalarnas, seats[0]), ""},
			{"of who had completed before", unapprove(roundtest.Dalarnas, seats[2]), ""},
		} {
			if roundtest.Key(step.err) != step.want {
				t.Errorf("taking back the approval %s gives %q, want %q", step.name, roundtest.Key(step.err), step.want)
			}
		}
		if c := w.Completions(w.Staff[0]); len(c) != 0 {
			t.Errorf("the completion is still there: %+v", c)
		}
		if c := w.Completions(w.Staff[2]); len(c) != 1 {
			t.Errorf("the earlier completion is gone: %+v", c)
		}
		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		if events[0].Kind != round.WasUnapproved || events[0].Reason != "fel person" || events[0].Subject != "Test Falun02" {
			t.Errorf("the last event is %+v", events[0])
		}
		if !slices.ContainsFunc(events, func(e round.Event) bool {
			return e.Kind == round.WasApproved && e.Subject == "Test Falun01" && e.Reason == "gjorde dagen i Uppsala"
		}) {
			t.Error("the reason of an approval is not kept")
		}
	})
}

func TestACompletionGoesOverToTheApprovalThatIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		at := (roundtest.First + 3).At(9, 0)
		var rounds, seats []int64
		for i := range clock.Day(2) {
			id := w.Published(w.Plan())
			enrolment := w.Enrolled(id, w.Staff[0])[0]
			roundtest.Must(t, w.Approve(roundtest.System, id, roundtest.First+1+i, at, attendance.Approval{EnrolmentID: enrolment, Reason: "intyg"}))
			rounds, seats = append(rounds, id), append(seats, enrolment)
		}
		for _, want := range [][]int64{rounds[:1], rounds[1:], nil} {
			var got []int64
			for _, c := range w.Completions(w.Staff[0]) {
				got = append(got, *c.RoundID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("the completion is from %v, want %v", got, want)
			}
			if len(want) > 0 {
				roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
					return attendance.Unapprove(roundtest.Ctx, tx, roundtest.System, seats[0], "", at)
				}))
				seats = seats[1:]
			}
		}
	})
}

func TestTwoListsSavedAtOnceLeaveOneOfThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		for range 8 {
			id := w.Published(w.Plan())
			seats := w.Enrolled(id, w.Staff...)
			day := w.Get(roundtest.System, id).CourseDays[0]
			results := make([]error, 2)
			var start, done sync.WaitGroup
			start.Add(1)
			for i, mark := range []round.Mark{round.Present, round.Absent} {
				done.Add(1)
				go func() {
					defer done.Done()
					start.Wait()
					results[i] = w.Save(roundtest.System, day, roundtest.All(seats, mark), roundtest.There(day, mark == round.Present), roundtest.First.At(16, i))
				}()
			}
			start.Done()
			done.Wait()
			roundtest.Must(t, errors.Join(results...))
			sheet, err := round.SheetOf(roundtest.Ctx, d.Reader(), roundtest.System, day.ID)
			roundtest.Must(t, err)
			marks := map[round.Mark]int{}
			for _, e := range sheet.Enrolments {
				marks[e.Marks[0]]++
			}
			if len(marks) != 1 {
				t.Errorf("the lists are mixed: %v", marks)
			}
			for _, teacher := range sheet.Day.Trainers {
				if *teacher.Present != (marks[round.Present] > 0) {
					t.Errorf("the trainers are those of one list, the participants those of the other")
				}
			}
			// The list that came first was saved, the other changed it.
			events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.System, id)
			roundtest.Must(t, err)
			kinds := map[round.Kind]int{}
			for _, e := range events {
				kinds[e.Kind]++
			}
			if kinds[round.WasHeld] != 1 || kinds[round.MarkChanged] != len(seats) || kinds[round.TrainerChanged] != len(day.Trainers) {
				t.Errorf("the history says %v", kinds)
			}
		}
	})
}
