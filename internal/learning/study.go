package learning

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
)

// EditionFor is the edition in which somebody takes a course: the one they have
// begun; else that of the round in which they have a seat; else the newest. So a
// new edition moves nobody who is under way. 0 when there is none at all.
func EditionFor(begun, seat, newest int64) int64 {
	switch {
	case begun != 0:
		return begun
	case seat != 0:
		return seat
	}
	return newest
}

// Due is the day by which the tasks of the phase should be done, for somebody
// whose course days are from first to last; nil for a phase without such a day.
// It is derived from the days, so that it moves with them.
func Due(r catalogue.Rules, phase catalogue.Phase, first, last clock.Day) *clock.Day {
	var due clock.Day
	switch {
	case phase == catalogue.Preparation:
		due = first - clock.Day(r.PreparationDays) //nolint:gosec // a year at most: Content.Check
	case phase == catalogue.FollowUp && r.FollowUpDays > 0:
		due = last + clock.Day(r.FollowUpDays) //nolint:gosec // a year at most: Content.Check
	default:
		return nil
	}
	return &due
}

// GateOf is what the rules ask of the phase. The tasks of a web course are the
// course.
func GateOf(r catalogue.Rules, phase catalogue.Phase, web bool) catalogue.Gate {
	gate := catalogue.Advise
	switch phase {
	case catalogue.Preparation:
		gate = r.Preparation
	case catalogue.FollowUp:
		gate = r.FollowUp
	case catalogue.During:
	}
	if web || gate == catalogue.Require {
		return catalogue.Require
	}
	return catalogue.Advise
}

// Task is a task of an edition with how far somebody has come in it.
type Task struct {
	*catalogue.Task
	Progress
}

// Study is a course as somebody takes it. Edition is theirs (ID 0 when none stands and
// they have begun none), Newest the number of the newest one that stands. Withdrawn tells
// that their edition is, Retired that the course ends or has ended. Content is nil for
// an edition without tasks. Completed is nil until they have completed the
// course.
type Study struct {
	Course           catalogue.Course
	Edition          catalogue.Edition
	Newest           int
	Begun            bool // something is saved: the edition is theirs to finish
	Withdrawn        *lifetime.Withdrawal
	Retired          *lifetime.Retirement
	Content          *catalogue.Content
	Tasks            []Task // in the order of the document
	Completed        *clock.Day
	CompletionID     int64 // 0: not completed
	CompletedEdition int   // 0: not known
}

// Web tells whether the course has no course days: it is done when its tasks
// are.
func (s Study) Web() bool { return s.Course.Days == 0 }

// Closed tells whether the course is closed to them on the day: it is retired, and they
// have neither begun it nor a seat in a round of it. Who has begun may finish, without a
// last day.
func (s Study) Closed(today clock.Day, seated bool) bool {
	return s.Retired.On(today) && !seated && !s.Begun && s.Completed == nil
}

// Phase are the tasks of the phase.
func (s Study) Phase(phase catalogue.Phase) (tasks []Task) {
	for _, t := range s.Tasks {
		if t.Phase == phase {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// Left counts the required tasks that are not done, of the tasks given.
func Left(tasks []Task) (left int) {
	for _, t := range tasks {
		if !t.Optional && t.DoneAt == nil {
			left++
		}
	}
	return left
}

// Minutes is how long what is left of the required tasks takes.
func Minutes(tasks []Task) (minutes int) {
	for _, t := range tasks {
		if !t.Optional && t.DoneAt == nil {
			minutes += t.Minutes
		}
	}
	return minutes
}

// Next is the task to do now: the first required one that is not done; nil when
// all are.
func Next(tasks []Task) *Task {
	for i, t := range tasks {
		if !t.Optional && t.DoneAt == nil {
			return &tasks[i]
		}
	}
	return nil
}

// At is the place of the task with the key among the tasks, -1 when it is none
// of them.
func (s Study) At(key string) int {
	for i, t := range s.Tasks {
		if t.Key == key {
			return i
		}
	}
	return -1
}
