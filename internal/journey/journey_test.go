package journey_test

import (
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

var (
	today = clock.Date(2026, 11, 23)
	now   = today.At(9, 0)
)

// The courses of the cases: two with days and one on the web, all of one step.
const (
	first, second, web = 1, 2, 3
	theStep            = 7
)

func way(change ...func(*journey.Way)) journey.Way {
	w := journey.Way{
		Steps: []journey.Step{{
			StepStanding: learning.StepStanding{Gate: learning.Gate{AccountID: 5, StepID: theStep, Step: "Ny", Next: "Van", Courses: 3}},
			All:          []int64{first, second, web},
		}},
		Known: map[int64]journey.Course{},
	}
	for id, days := range map[int64]int{first: 2, second: 1, web: 0} {
		w.Known[id] = journey.Course{
			Course: catalogue.Course{ID: id, Name: "Kurs", Days: days}, StepIDs: []int64{theStep}, Published: true,
			HasTasks: true, Rules: catalogue.Rules{PreparationDays: 7, FollowUpDays: 14}, Left: map[catalogue.Phase]journey.Left{},
		}
	}
	for _, f := range change {
		f(&w)
	}
	return w
}

func course(id int64, f func(*journey.Course)) func(*journey.Way) {
	return func(w *journey.Way) {
		c := w.Known[id]
		f(&c)
		w.Known[id] = c
	}
}

func left(id int64, phase catalogue.Phase, tasks int) func(*journey.Way) {
	return course(id, func(c *journey.Course) {
		c.Left[phase] = journey.Left{Tasks: tasks, Next: &catalogue.Task{Key: "k"}}
	})
}

func begun(id int64) func(*journey.Way) {
	return course(id, func(c *journey.Course) { c.Begun = true })
}

func seated(id int64, days ...clock.Day) func(*journey.Way) {
	return func(w *journey.Way) {
		s := seat.Seat{RoundID: 10 * id, CourseID: id, FirstDay: days[0], LastDay: days[len(days)-1]}
		for _, d := range days {
			s.Days = append(s.Days, seat.SeatDay{Day: round.Day{Day: d, Starts: "09:00", Ends: "16:00"}})
		}
		w.Seats = append(w.Seats, s)
	}
}

func done(ids ...int64) func(*journey.Way) {
	return func(w *journey.Way) {
		for _, id := range ids {
			on := clock.Date(2025, 5, 5)
			course(id, func(c *journey.Course) { c.CompletedOn = &on })(w)
			w.Steps[0].Done++
			w.Done = append(w.Done, journey.Completed{Completion: learning.Completion{CourseID: id, On: on}})
		}
	}
}

func ahead(id int64, firstDay, opens clock.Day, free int) func(*journey.Way) {
	return func(w *journey.Way) {
		w.Ahead = append(w.Ahead, planning.Ahead{ID: 100 + id, CourseID: id, FirstDay: firstDay, LastDay: firstDay, SignupFrom: opens, SignupUntil: firstDay - 1, Free: free})
	}
}

func offered(id int64, until clock.Instant) func(*journey.Way) {
	return func(w *journey.Way) {
		w.Queue = append(w.Queue, seat.Request{CourseID: id, Entry: seat.Entry{RoundID: 10 * id, OfferUntil: &until}})
	}
}

func TestThereIsAlwaysOneNextThing(t *testing.T) {
	for _, c := range []struct {
		name   string
		way    journey.Way
		want   journey.Kind
		course int64
	}{
		{"the gate of a finished step comes before all else", way(done(first, second, web), seated(first, today)), journey.LevelUp, 0},
		{
			"who was moved back to a gate that they have passed goes on", way(done(first, second, web), func(w *journey.Way) { w.Steps[0].Answered, w.Steps[0].NextID = true, 7 }), journey.LevelUp, 0,
		},
		{"an answered gate is passed", way(done(first, second, web), func(w *journey.Way) { w.Steps[0].Answered = true }), journey.Nothing, 0},
		{"an offered seat comes before today's course day", way(offered(second, now+1), seated(first, today)), journey.Offer, 0},
		{"an offer that has lapsed is none", way(offered(second, now), seated(first, today)), journey.CheckIn, first},
		{"today's course day comes before a preparation that is late", way(seated(first, today), seated(second, today+2), left(second, catalogue.Preparation, 1)), journey.CheckIn, first},
		{"who is checked in today goes on with what comes", way(seated(first, today, today+7), func(w *journey.Way) { w.Seats[0].Days[0].Mark = round.Present }), journey.CourseDay, first},
		{"a preparation due within the month comes before a begun course", way(seated(first, today+37), left(first, catalogue.Preparation, 2), begun(web), left(web, catalogue.During, 1)), journey.Preparation, first},
		{"a preparation due later does not", way(seated(first, today+38), left(first, catalogue.Preparation, 2), begun(web), left(web, catalogue.During, 1)), journey.Task, web},
		{"a preparation that is begun is gone on with, however far off", way(seated(first, today+200), left(first, catalogue.Preparation, 1), begun(first)), journey.Task, first},
		{"a late preparation is still the next thing until the first day", way(seated(first, today+1), left(first, catalogue.Preparation, 1)), journey.Preparation, first},
		{"an advised preparation is past after the first day", way(seated(first, today-1, today+7), left(first, catalogue.Preparation, 1)), journey.CourseDay, first},
		{"a required one is not", way(seated(first, today-1, today+7), left(first, catalogue.Preparation, 1), course(first, func(c *journey.Course) { c.Rules.Preparation = catalogue.Require })), journey.Preparation, first},
		{"of two preparations the one that is due first", way(seated(second, today+20), seated(first, today+10), left(first, catalogue.Preparation, 1), left(second, catalogue.Preparation, 1)), journey.Preparation, first},
		{"a begun web course comes before a course day to come", way(seated(first, today+3), begun(web), left(web, catalogue.During, 3)), journey.Task, web},
		{"a begun preparation without a seat is gone on with", way(begun(first), left(first, catalogue.Preparation, 1)), journey.Task, first},
		{"of a course with days and no seat only the preparation is to be done", way(begun(first), left(first, catalogue.FollowUp, 1), ahead(first, today+40, today-1, 3)), journey.Book, first},
		{"a course day to come comes before the follow-up of another", way(seated(second, today-3), left(second, catalogue.FollowUp, 1), seated(first, today+3)), journey.CourseDay, first},
		{"the earliest course day comes first", way(seated(second, today+9), seated(first, today+3)), journey.CourseDay, first},
		{"after the course days comes the follow-up", way(seated(first, today-3), left(first, catalogue.FollowUp, 1)), journey.FollowUp, first},
		{"the follow-up comes before an evaluation", way(seated(first, today-3), left(first, catalogue.FollowUp, 1), done(second), func(w *journey.Way) { w.Done[0].On = today - 3 }), journey.FollowUp, first},
		{"a course completed lately is evaluated", way(done(first), func(w *journey.Way) { w.Done[0].On = today - 90 }), journey.Evaluation, first},
		{"one completed long ago is not asked about", way(done(first), func(w *journey.Way) { w.Done[0].On = today - 91 }), journey.Web, web},
		{"a web course of the step can be begun at once", way(done(first), seated(second, today-30)), journey.Web, web},
		{"a web course whose content is to come is not offered", way(done(first), seated(second, today-30), course(web, func(c *journey.Course) { c.HasTasks = false })), journey.Nothing, 0},
		{"a course with days is, though it has no tasks", way(done(web), course(first, func(c *journey.Course) { c.HasTasks = false }), ahead(first, today+30, today-2, 5)), journey.Book, first},
		{"the first course of the step that has seats is the next to sign up for", way(ahead(first, today+30, today+2, 5), ahead(second, today+40, today-2, 5)), journey.Book, second},
		{"a full round is no place to sign up", way(done(web), ahead(first, today+30, today-2, 0)), journey.Opens, first},
		{"when nothing can be booked, it says which round comes first", way(done(web), ahead(first, today+50, today+9, 5), ahead(second, today+40, today+9, 5)), journey.Opens, second},
		{"when no round is planned, it asks to say what one wants", way(done(web)), journey.Wish, first},
		{"who waits in all queues has nothing to do", way(done(web, first), offered(second, now)), journey.Nothing, 0},
		{"without an account there is nothing to do", journey.Way{}, journey.Nothing, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.way.Things(now)
			if got[0].Kind != c.want || got[0].Course.ID != c.course {
				t.Errorf("the next thing is %q of course %d, want %q of %d", got[0].Kind, got[0].Course.ID, c.want, c.course)
			}
		})
	}
}

func TestWithoutAStepAllCoursesOfTheJourneyAreOnesOwn(t *testing.T) {
	w := way(done(web, first), ahead(second, today+30, today-2, 5))
	w.Steps[0].StepID = 0
	for id, c := range w.Known {
		c.StepIDs = nil
		w.Known[id] = c
	}
	if got := w.Things(now)[0]; got.Kind != journey.Book || got.Course.ID != second {
		t.Errorf("the next thing is %+v", got)
	}
	w = way(done(first, second, web))
	w.Steps[0].StepID = 0
	if got := w.Things(now)[0]; got.Kind != journey.Nothing {
		t.Errorf("a gate opens where there is no step: %+v", got)
	}
}

func TestWhatComesStandsByItsDay(t *testing.T) {
	w := way(seated(first, today+20, today+27), left(first, catalogue.Preparation, 2), left(first, catalogue.FollowUp, 1),
		seated(second, today-5), left(second, catalogue.FollowUp, 1))
	want := []struct {
		kind journey.Kind
		on   clock.Day
	}{
		{journey.FollowUp, today + 9}, {journey.Preparation, today + 13}, {journey.CourseDay, today + 20}, {journey.CourseDay, today + 27}, {journey.FollowUp, today + 41},
	}
	got := w.Coming(today)
	if len(got) != len(want) {
		t.Fatalf("%d days come, want %d: %+v", len(got), len(want), got)
	}
	for i, e := range got {
		if e.Kind != want[i].kind || e.On != want[i].on {
			t.Errorf("the %d. is %s on %s, want %s on %s", i+1, e.Kind, e.On, want[i].kind, want[i].on)
		}
	}
}
