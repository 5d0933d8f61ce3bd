package journey

import (
	"cmp"
	"slices"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/seat"
)

// Way is somebody's own way, as it is on a day.
type Way struct {
	Steps []Step
	Seats []seat.Seat      // in rounds that are to come, under way or lately held; the last first
	Queue []seat.Request   // in which they wait
	Done  []Completed      // the latest first
	Ahead []planning.Ahead // to sign up for; read only when nothing else is to be done
	Known map[int64]Course // every course named above, by its identity

	Leveled bool // they may have gone through a gate (learning.Levels)
	Wishes  bool // they may wish for a course (round.MyInterests)
}

// Step is an open account: where somebody is in a journey. Without a step in it
// StepID is 0, and Courses and Done are of the whole journey.
type Step struct {
	learning.StepStanding
	Slug string
	All  []int64 // the journey's courses in their order
}

// Open tells whether the gate to the next step stands open.
func (s Step) Open() bool { return s.StepID != 0 && s.StepStanding.Open() }

// Course is a course as somebody stands with it. Left is what is left of the
// required tasks of their edition, by phase; nothing for an edition without
// tasks.
type Course struct {
	catalogue.Course
	StepIDs     []int64 // the steps that it belongs to, in all journeys of the person
	Published   bool    // an edition of it stands
	Retired     bool
	Begun       bool
	CompletedOn *clock.Day
	Rules       catalogue.Rules
	HasTasks    bool
	Left        map[catalogue.Phase]Left
}

// Awaited tells whether the course is a web course whose tasks are not there yet: nobody
// can begin it.
func (c Course) Awaited() bool { return c.Days == 0 && !c.HasTasks && c.CompletedOn == nil }

// Demanded tells whether the course counts for its step: people are asked for it, or they
// have completed it.
func (c Course) Demanded() bool { return c.Published && !c.Retired || c.CompletedOn != nil }

// Left is what is left of a phase: how many tasks, how long they take, and the
// first of them.
type Left struct {
	Tasks   int
	Minutes int
	Next    *catalogue.Task
}

// Completed is a course that somebody has completed. Evaluated tells whether
// they have said what they thought of it.
type Completed struct {
	learning.Completion
	Evaluated bool
}

// Kind is what there is to do.
type Kind string

// The kinds in the order in which they come: what opens the way, what others
// wait for, what has its day, what is begun, and then what comes next.
const (
	LevelUp     Kind = "level_up"    // all courses of the step are completed: answer the question
	Offer       Kind = "offer"       // a seat is offered: take it or leave it
	CheckIn     Kind = "check_in"    // there is a course day today
	OwnWord     Kind = "own_word"    // say that one was there, on a day of a local round
	Preparation Kind = "preparation" // before a course day, due soon or late
	Task        Kind = "task"        // of a course that is begun
	CourseDay   Kind = "course_day"  // the next one
	FollowUp    Kind = "follow_up"   // after the course days
	Evaluation  Kind = "evaluation"  // of a course completed lately
	Web         Kind = "web"         // a web course of the step can be begun
	Book        Kind = "book"        // the step's next course has a round to sign up for
	Opens       Kind = "opens"       // … has a round, whose sign-up has not opened or which is full
	Wish        Kind = "wish"        // … is not planned: say that one wants it
	Nothing     Kind = "nothing"
)

// Kinds are all of them in their order.
var Kinds = []Kind{LevelUp, Offer, CheckIn, OwnWord, Preparation, Task, CourseDay, FollowUp, Evaluation, Web, Book, Opens, Wish, Nothing}

// Thing is something to do. Course, Seat, Day, Round and the rest are there as
// the kind needs them.
type Thing struct {
	Kind    Kind
	Step    *Step
	Course  Course
	RoundID int64
	Day     *seat.SeatDay
	Until   *clock.Instant // of an offer
	Due     *clock.Day
	Left    Left
	Round   *planning.Ahead
}

const (
	// soon is how long before its day a preparation is the next thing to do.
	soon clock.Day = 30
	// Lately is for how long after the course days their follow-up and the
	// evaluation are asked for.
	Lately clock.Day = 90
)

// Since is the day from which seats matter to somebody's way on the day.
func Since(today clock.Day) clock.Day { return today - Lately }

// Things are what there is to do, the one next thing first; never empty.
func (w Way) Things(now clock.Instant) []Thing {
	things := slices.Concat(w.gates(), w.offers(now), w.ofSeats(now), w.begun(), w.evaluations(now.Day()))
	if len(things) == 0 {
		things = []Thing{w.further(now.Day())}
	}
	slices.SortStableFunc(things, func(a, b Thing) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(a.day(), b.day()))
	})
	return things
}

// day is when the thing is to be done, for the order among its like.
func (t Thing) day() clock.Day {
	switch {
	case t.Due != nil:
		return *t.Due
	case t.Day != nil:
		return t.Day.Day.Day
	}
	return 0
}

func (w Way) gates() (things []Thing) {
	for i, s := range w.Steps {
		if s.Open() || s.StepID != 0 && s.Again() {
			things = append(things, Thing{Kind: LevelUp, Step: &w.Steps[i]})
		}
	}
	return things
}

func (w Way) offers(now clock.Instant) (things []Thing) {
	for _, e := range w.Queue {
		if e.Offered(now) {
			things = append(things, Thing{Kind: Offer, Course: Course{Course: catalogue.Course{Name: e.Course}}, RoundID: e.RoundID, Until: e.OfferUntil})
		}
	}
	return things
}

// ofSeats is what the rounds ask for in which somebody has a seat: the
// preparation, the days, the follow-up.
func (w Way) ofSeats(now clock.Instant) (things []Thing) {
	today := now.Day()
	met := map[int64]bool{}
	for _, booked := range w.Seats {
		if met[booked.CourseID] {
			continue // of two rounds of a course the last one counts
		}
		met[booked.CourseID] = true
		c := w.Known[booked.CourseID]
		thing := Thing{Course: c, RoundID: booked.RoundID}
		said := unsaid(booked, now)
		if said != nil {
			next := thing
			next.Kind, next.Day = OwnWord, said
			things = append(things, next)
		}
		if day := booked.Coming(today); day != nil && day != said {
			next := thing
			next.Kind, next.Day = CourseDay, day
			if day.Day.Day == today {
				next.Kind = CheckIn
			}
			things = append(things, next)
		}
		if left := c.Left[catalogue.Preparation]; left.Tasks > 0 && w.stillPrepares(booked, today) {
			due := learning.Due(c.Rules, catalogue.Preparation, booked.FirstDay, booked.LastDay)
			next := thing
			next.Kind, next.Due, next.Left = Preparation, due, left
			switch {
			case *due <= today+soon:
				things = append(things, next)
			case c.Begun:
				next.Kind = Task
				things = append(things, next)
			}
		}
		if left := c.Left[catalogue.FollowUp]; left.Tasks > 0 && booked.LastDay < today {
			next := thing
			next.Kind, next.Due, next.Left = FollowUp, learning.Due(c.Rules, catalogue.FollowUp, booked.FirstDay, booked.LastDay), left
			things = append(things, next)
		}
	}
	return things
}

// unsaid is the first day of a local round of which one can say that one was
// there, and nobody has said anything.
func unsaid(booked seat.Seat, now clock.Instant) *seat.SeatDay {
	for i, d := range booked.Days {
		own := attendance.OwnDay{Day: d.Day, Local: booked.Local}
		if d.Mark == "" && own.Reportable(now) {
			return &booked.Days[i]
		}
	}
	return nil
}

// stillPrepares tells whether the preparation is still to be done: until the
// first day, and after it where nobody is approved without it.
func (w Way) stillPrepares(booked seat.Seat, today clock.Day) bool {
	c := w.Known[booked.CourseID]
	return booked.FirstDay >= today || c.CompletedOn == nil && learning.GateOf(c.Rules, catalogue.Preparation, false) == catalogue.Require
}

// seated tells whether somebody has a seat in a round of the course.
func (w Way) seated(courseID int64) bool {
	return slices.ContainsFunc(w.Seats, func(s seat.Seat) bool { return s.CourseID == courseID })
}

// begun are the courses that somebody has begun by themselves: web courses, and
// the preparation of a course in which they have no seat yet.
func (w Way) begun() (things []Thing) {
	for _, c := range w.Known {
		if !c.Begun || c.CompletedOn != nil || w.seated(c.ID) || c.Retired && c.Days > 0 { // there are no days to prepare for
			continue
		}
		if left := c.firstLeft(); left.Tasks > 0 {
			things = append(things, Thing{Kind: Task, Course: c, Left: left})
		}
	}
	slices.SortFunc(things, func(a, b Thing) int { return cmp.Compare(a.Course.ID, b.Course.ID) })
	return things
}

// firstLeft is what is to be done now of the course by somebody without a seat:
// a course with days is no more than prepared.
func (c Course) firstLeft() Left {
	phases := []catalogue.Phase{catalogue.Preparation}
	if c.Days == 0 {
		phases = append(phases, catalogue.During, catalogue.FollowUp)
	}
	for _, phase := range phases {
		if left := c.Left[phase]; left.Tasks > 0 {
			return left
		}
	}
	return Left{}
}

func (w Way) evaluations(today clock.Day) (things []Thing) {
	for _, d := range w.Done {
		if !d.Evaluated && d.On >= today-Lately && d.On <= today {
			return []Thing{{Kind: Evaluation, Course: Course{Course: catalogue.Course{ID: d.CourseID, Name: d.Course, Slug: d.CourseSlug}}}}
		}
	}
	return nil
}

// Wanted are the courses that somebody could go on with: those left of their
// steps that can be begun, in which they have no seat and stand in no queue, in the
// order of the journeys.
func (w Way) Wanted() (all []Course) {
	met := map[int64]bool{}
	for i, s := range w.Steps {
		for _, id := range s.All {
			c := w.Known[id]
			switch {
			case met[id] || !w.Steps[i].has(c) || !c.Demanded() || c.Awaited() || c.CompletedOn != nil || w.seated(id) || w.waits(id):
			default:
				met[id] = true
				all = append(all, c)
			}
		}
	}
	return all
}

func (w Way) waits(courseID int64) bool {
	return slices.ContainsFunc(w.Queue, func(e seat.Request) bool { return e.CourseID == courseID })
}

// has tells whether the course is one of the step; without a step, of the
// journey.
func (s Step) has(c Course) bool { return s.StepID == 0 || slices.Contains(c.StepIDs, s.StepID) }

// further is what one can go on with: the first course of the step that can be
// begun or signed up for; else the round that comes first; else to say what one
// wants.
func (w Way) further(today clock.Day) Thing {
	wanted := w.Wanted()
	var opens *Thing
	for _, c := range wanted {
		if c.Days == 0 {
			return Thing{Kind: Web, Course: c, Left: c.firstLeft()}
		}
		for i, a := range w.Ahead {
			switch {
			case a.CourseID != c.ID:
			case a.Bookable(today):
				return Thing{Kind: Book, Course: c, RoundID: a.ID, Round: &w.Ahead[i]}
			case opens == nil || a.FirstDay < opens.Round.FirstDay:
				opens = &Thing{Kind: Opens, Course: c, RoundID: a.ID, Round: &w.Ahead[i]}
			}
		}
	}
	if opens != nil {
		return *opens
	}
	for _, c := range wanted {
		if c.Days > 0 {
			return Thing{Kind: Wish, Course: c}
		}
	}
	return Thing{Kind: Nothing}
}

// Event is a day that comes.
type Event struct {
	Kind    Kind // CourseDay, Preparation or FollowUp
	On      clock.Day
	Course  Course
	RoundID int64
	Day     *seat.SeatDay // of a course day
	Left    Left          // of what is due on the day
}

// Coming are the days that come, the next first: course days, and the days by
// which something is due that is not done.
func (w Way) Coming(today clock.Day) (events []Event) {
	for _, booked := range w.Seats {
		c := w.Known[booked.CourseID]
		for i, d := range booked.Days {
			if d.Day.Day >= today && d.HeldAt == nil {
				events = append(events, Event{Kind: CourseDay, On: d.Day.Day, Course: c, RoundID: booked.RoundID, Day: &booked.Days[i]})
			}
		}
		for phase, kind := range map[catalogue.Phase]Kind{catalogue.Preparation: Preparation, catalogue.FollowUp: FollowUp} {
			due, left := learning.Due(c.Rules, phase, booked.FirstDay, booked.LastDay), c.Left[phase]
			if due != nil && *due >= today && left.Tasks > 0 {
				events = append(events, Event{Kind: kind, On: *due, Course: c, RoundID: booked.RoundID, Left: left})
			}
		}
	}
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)),
			cmp.Compare(a.RoundID, b.RoundID), cmp.Compare(a.start(), b.start()))
	})
	return events
}

func (e Event) start() string {
	if e.Day == nil {
		return ""
	}
	return e.Day.Starts
}
