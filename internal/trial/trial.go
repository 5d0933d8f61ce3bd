package trial

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
)

// Trial is a draft that a group tries, as it was in the version.
type Trial struct {
	ID        int64
	CourseID  int64
	EditionID int64
	Number    int // of the edition
	Version   int // of the draft
	Counts    bool
	StartedAt clock.Instant
	EndedAt   *clock.Instant
	Became    int // the number of the edition that was published after it, its own when the draft was thrown away; 0 for none yet
}

// Running tells whether it goes on.
func (t Trial) Running() bool { return t.EndedAt == nil }

// Dropped tells whether its draft was thrown away.
func (t Trial) Dropped() bool { return t.Became == t.Number }

// Participant is somebody who was asked to try the edition, or has graded it. Done and Required are tasks that must be
// done; Grade is the slug of one of survey.Grades, empty until they have said it.
type Participant struct {
	PersonID       int64
	Name           string
	LeftAt         *clock.Instant
	Done, Required int
	Grade          string
	Said           string
	Invited        bool // not only in a round
}

// Task is what came of a task in the trial: how many opened it and did it. First counts
// those who were right at their first try, of a quiz.
type Task struct {
	Opened, Done, First int
}

// Results are what came of a trial. Others counts those who take the edition in a round that
// tries it and whom nobody asked: they have no name here. Tasks are by key, Grades by slug.
type Results struct {
	People []Participant
	Others int
	Tasks  map[string]Task
	Grades map[string]int
}

// Finished counts those who have done all required tasks.
func (r Results) Finished() (n int) {
	for _, p := range r.People {
		if p.Required > 0 && p.Done == p.Required {
			n++
		}
	}
	return n
}

// Taking is a trial in whose edition somebody takes the course, with what they have said of the
// whole. Left tells that they have left the trial; Invited that they were asked, and may leave.
type Taking struct {
	Trial
	Course  catalogue.Course
	Grade   string
	Said    string
	Left    bool
	Invited bool
}

// Open tells whether the trial goes on and they are in it.
func (t Taking) Open() bool { return t.Running() && !t.Left }
