package trainer_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/trainer"
)

func TestATrainersLoadIsDaysWithPreparationAndMeetings(t *testing.T) {
	for name, c := range map[string]struct {
		load        trainer.Load
		workdays    int
		thousandths int
		over        bool
	}{
		"nothing is nothing":                                      {trainer.Load{}, 122, 0, false},
		"one day takes a day and a half":                          {trainer.Load{Days: 1}, 122, 12, false},
		"two days and a meeting are the 3 % that the source says": {trainer.Load{Days: 2, Meetings: 1}, 122, 29, false},
		"three days are over":                                     {trainer.Load{Days: 3}, 122, 37, true},
		"exactly 3 % is not over":                                 {trainer.Load{Days: 2}, 100, 30, false},
		"a half day more is":                                      {trainer.Load{Days: 2, Meetings: 1}, 100, 35, true},
		"a term without working days has no share":                {trainer.Load{Days: 1}, 0, 0, true},
	} {
		if got := c.load.Thousandths(c.workdays); got != c.thousandths {
			t.Errorf("%s: %d thousandths, want %d", name, got, c.thousandths)
		}
		if got := c.load.Over(c.workdays); got != c.over {
			t.Errorf("%s: over is %t", name, got)
		}
	}
}

func TestATermIsHalfAYear(t *testing.T) {
	for day, want := range map[clock.Day]string{
		clock.Date(2026, 1, 1): "2026-01-01–2026-06-30", clock.Date(2026, 6, 30): "2026-01-01–2026-06-30",
		clock.Date(2026, 7, 1): "2026-07-01–2026-12-31", clock.Date(2026, 12, 31): "2026-07-01–2026-12-31",
	} {
		term := trainer.TermOf(day)
		if got := term.From.String() + "–" + term.Until.String(); got != want {
			t.Errorf("%s is in %s, want %s", day, got, want)
		}
		if term.Next().Before() != term || term.Before().Next() != term {
			t.Errorf("the terms around %s do not meet", day)
		}
	}
}

func TestATrainerSaysWhenTheyCannot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		municipal, rss, course := world(t, d)
		for _, p := range []int64{municipal, rss} {
			_, err := recruit(d, regional(dalarna), trainer.New{PersonID: p, CourseID: course, RegionID: dalarna, On: day})
			must(t, err)
		}
		me := access.Viewer{PersonID: municipal, Trainer: true}
		cannot := func(viewer access.Viewer, a trainer.Absence) error {
			return d.Write(ctx, func(tx *db.Tx) error { return trainer.CannotHold(ctx, tx, viewer, a, day) })
		}
		must(t, cannot(me, trainer.Absence{From: day + 3, To: day + 5, Note: " Semester "}))
		must(t, cannot(access.Viewer{PersonID: rss, Trainer: true}, trainer.Absence{From: day + 400, To: day + 765}))
		if f := fault.Of(cannot(me, trainer.Absence{From: day + 400, To: day + 766})); f == nil || f.Fields[0].Key != "trainer.absence_long" {
			t.Errorf("a day more than a year is taken: %v", f)
		}
		mine, err := trainer.MyAbsences(ctx, d.Reader(), me, day)
		must(t, err)
		if len(mine) != 1 || mine[0].From != day+3 || mine[0].To != day+5 || mine[0].Note != "Semester" {
			t.Fatalf("got %+v", mine)
		}
		for name, a := range map[string]trainer.Absence{
			"backwards": {From: day + 3, To: day + 2}, "over already": {From: day - 3, To: day - 1}, "for years": {From: day, To: day + 800},
		} {
			if err := cannot(me, a); !errors.Is(err, fault.Invalid("", "")) {
				t.Errorf("%s gives %v", name, err)
			}
		}
		if err := cannot(access.Viewer{PersonID: rss}, trainer.Absence{From: day, To: day}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who is no trainer says so: %v", err)
		}
		if err := cannot(access.Viewer{PersonID: rss + 1000, Trainer: true}, trainer.Absence{From: day, To: day}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who leads days and is in no team says so: %v", err)
		}
		for on, want := range map[clock.Day]int{day + 2: 0, day + 3: 1, day + 5: 1, day + 6: 0} {
			taken, err := trainer.Engagements(ctx, d.Reader(), regional(dalarna), dalarna, on, 0)
			must(t, err)
			if len(taken) != want || want == 1 && taken[municipal][0].Kind != trainer.IsAway {
				t.Errorf("on %s: %v", on, taken)
			}
		}
		if _, err := trainer.Engagements(ctx, d.Reader(), regional(uppsala), dalarna, day, 0); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region looks: %v", err)
		}
		again := func(viewer access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return trainer.CanAgain(ctx, tx, viewer, mine[0].ID) })
		}
		if err := again(access.Viewer{PersonID: rss, Trainer: true}); !errors.Is(err, fault.NotFound) {
			t.Errorf("a colleague takes it back: %v", err)
		}
		must(t, again(me))
		if left, err := trainer.MyAbsences(ctx, d.Reader(), me, day); err != nil || len(left) != 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	})
}

func TestATrainerMeetingFromPlanToAttendance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		municipal, rss, course := world(t, d)
		for _, p := range []int64{municipal, rss} {
			_, err := recruit(d, regional(dalarna), trainer.New{PersonID: p, CourseID: course, RegionID: dalarna, On: day})
			must(t, err)
		}
		write := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }
		n := trainer.NewMeeting{
			RegionID: dalarna, Title: "Utbildarträff", Day: day + 10, Starts: "13:00", Ends: "16:00", Place: "Falun", Invited: trainer.Invited{Courses: []int64{course}},
		}
		plan := func(viewer access.Viewer, n trainer.NewMeeting) (id int64, err error) {
			err = write(func(tx *db.Tx) error {
				id, err = trainer.PlanMeeting(ctx, tx, viewer, n, day)
				return err
			})
			return id, err
		}
		if _, err := plan(regional(uppsala), n); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region plans: %v", err)
		}
		wrong := n
		wrong.Title, wrong.Day, wrong.Ends, wrong.Place, wrong.Courses = " ", day-1, "12:00", "", nil
		_, err := plan(regional(dalarna), wrong)
		var fields []string
		for _, f := range fault.Of(err).Fields {
			fields = append(fields, f.Name)
		}
		if diff := cmp.Diff([]string{"title", "day", "ends", "place", "courses"}, fields); diff != "" {
			t.Error(diff)
		}
		nobody := n
		nobody.Courses = []int64{course + 1000}
		if _, err := plan(regional(dalarna), nobody); !errors.Is(err, fault.Invalid("", "")) {
			t.Errorf("inviting an empty team gives %v", err)
		}
		id, err := plan(regional(dalarna), n)
		must(t, err)

		me := access.Viewer{PersonID: municipal, Trainer: true}
		mine, err := trainer.MyMeetings(ctx, d.Reader(), me, day)
		must(t, err)
		if len(mine) != 1 || !mine[0].NeedsAnswer(day) || mine[0].Invited != 2 {
			t.Fatalf("invited to %+v", mine)
		}
		answer := func(viewer access.Viewer, a trainer.Answer, today clock.Day) error {
			return write(func(tx *db.Tx) error { return trainer.AnswerMeeting(ctx, tx, viewer, id, a, today) })
		}
		must(t, answer(me, trainer.Accepted, day))
		must(t, answer(access.Viewer{PersonID: rss, Trainer: true}, trainer.Declined, day))
		for name, err := range map[string]error{
			"a guest who is not invited": answer(access.Viewer{PersonID: 999, Trainer: true}, trainer.Accepted, day),
			"an administrator answers":   answer(regional(dalarna), trainer.Accepted, day),
		} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := answer(me, trainer.Declined, day+11); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("answering afterwards gives %v", err)
		}
		detail, err := trainer.MeetingByID(ctx, d.Reader(), me, id)
		must(t, err)
		if detail.Guests != nil || detail.Own == nil || detail.Own.Answer != trainer.Accepted || detail.Manages {
			t.Errorf("a guest sees %+v", detail)
		}
		term := trainer.TermOf(day + 10)
		load := func(person int64) trainer.Load {
			t.Helper()
			all, err := trainer.Loads(ctx, d.Reader(), regional(dalarna), dalarna, term)
			must(t, err)
			return all[person]
		}
		if load(municipal).Meetings != 1 || load(rss).Meetings != 0 {
			t.Errorf("meetings: %d and %d", load(municipal).Meetings, load(rss).Meetings)
		}
		if own, err := trainer.MyLoad(ctx, d.Reader(), me, term); err != nil || own != load(municipal) {
			t.Errorf("the own load is %v, %v", own, err)
		}
		taken, err := trainer.Engagements(ctx, d.Reader(), regional(dalarna), dalarna, day+10, 0)
		must(t, err)
		if len(taken) != 1 || taken[municipal][0].Kind != trainer.AtMeeting {
			t.Errorf("taken: %v", taken)
		}

		mark := func(viewer access.Viewer, today clock.Day) error {
			return write(func(tx *db.Tx) error { return trainer.MarkMeeting(ctx, tx, viewer, id, []int64{rss}, today) })
		}
		if err := mark(regional(dalarna), day); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("marking ahead gives %v", err)
		}
		if err := mark(me, day+10); !errors.Is(err, fault.NotFound) {
			t.Errorf("a guest marks: %v", err)
		}
		must(t, mark(regional(dalarna), day+10))
		detail, err = trainer.MeetingByID(ctx, d.Reader(), regional(dalarna), id)
		must(t, err)
		if len(detail.Guests) != 2 || *detail.Guests[0].Attended != true || *detail.Guests[1].Attended != false || detail.Attended != 1 {
			t.Errorf("came: %+v", detail)
		}
		done, err := trainer.DoneIn(ctx, d.Reader(), access.Viewer{PersonID: rss}, rss, day.Year(), day+10)
		must(t, err)
		if len(done.Meetings) != 1 || done.Meetings[0].Minutes() != 180 || len(done.Days) != 0 {
			t.Errorf("done: %+v", done)
		}
		if _, err := trainer.DoneIn(ctx, d.Reader(), me, rss, day.Year(), day); !errors.Is(err, fault.NotFound) {
			t.Errorf("a colleague looks: %v", err)
		}
		if err := write(func(tx *db.Tx) error { return trainer.CancelMeeting(ctx, tx, regional(dalarna), id, (day+11).At(9, 0)) }); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("cancelling what is over gives %v", err)
		}
		must(t, write(func(tx *db.Tx) error { return trainer.CancelMeeting(ctx, tx, regional(dalarna), id, day.At(9, 0)) }))
		if err := answer(me, trainer.Declined, day); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("answering to a cancelled one gives %v", err)
		}
		if load(rss).Meetings != 0 {
			t.Error("a cancelled meeting is still work")
		}
	})
}
