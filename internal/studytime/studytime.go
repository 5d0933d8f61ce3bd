package studytime

import (
	"strconv"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/trainer"
)

// Part is what a time is for.
type Part string

// The parts.
const (
	Before   Part = "before"   // the preparation of who has a seat
	After    Part = "after"    // their follow-up
	Teaching Part = "teaching" // preparing to teach
)

// Parts are all of them.
var Parts = []Part{Before, After, Teaching}

// Key is the part's message key.
func (p Part) Key() string { return "studytime.part." + string(p) }

// The bounds of a time: within working life, also that of who works evenings, at most a day's
// work, and not so short that it is none. Nothing is set further ahead of or behind the course
// day than the far one, in days.
const (
	earliest = "06:00"
	latest   = "22:00"
	longest  = 8 * 60
	shortest = 10
	farthest = 180
)

// Slot is a time of a day, in Sweden: "13:00".
type Slot struct {
	Day          clock.Day
	Starts, Ends string
}

// Minutes is how long it is.
func (s Slot) Minutes() int { return minutes(s.Ends) - minutes(s.Starts) }

func minutes(s string) int {
	hour, _ := strconv.Atoi(s[:2])
	minute, _ := strconv.Atoi(s[3:])
	return 60*hour + minute
}

// over is the moment at which the slot is over.
func (s Slot) over() clock.Instant { return s.Day.At(minutes(s.Ends)/60, minutes(s.Ends)%60) }

// beside tells whether the slot lies on its part's side of the other, which is a course day.
func (s Slot) beside(part Part, day Slot) bool {
	if part == After {
		return s.Day > day.Day || s.Day == day.Day && s.Starts >= day.Ends
	}
	return s.Day < day.Day || s.Day == day.Day && s.Ends <= day.Starts
}

// check notes what is wrong with a slot that somebody sets for the part around the course day.
func (s Slot) check(checks *fault.Checks, part Part, day Slot, now clock.Instant) {
	checks.Require(part == Before || part == After || part == Teaching, "part", "studytime.part_missing")
	trainer.CheckHours(checks, "", s.Day, s.Starts, s.Ends)
	if checks.Err() != nil {
		return
	}
	checks.Require(s.Starts >= earliest && s.Ends <= latest, "starts", "studytime.outside_work", "Earliest", earliest, "Latest", latest)
	checks.Require(s.Minutes() <= longest, "ends", "studytime.too_long", "Hours", longest/60)
	checks.Require(s.Minutes() >= shortest, "ends", "studytime.too_short", "Minutes", shortest)
	begins := s.Day.At(minutes(s.Starts)/60, minutes(s.Starts)%60)
	checks.Require(begins > now, "day", "studytime.has_been")
	checks.Require(s.beside(part, day), "day", "studytime.wrong_side_"+string(part), "Day", day.Day)
	checks.Require(s.Day >= day.Day-farthest && s.Day <= day.Day+farthest, "day", "studytime.too_far", "Count", farthest)
}

// Lapse is why a time no longer holds, "" when it does.
type Lapse string

// The reasons.
const (
	Cancelled Lapse = "cancelled" // the round was
	Moved     Lapse = "moved"     // the course day is now on the other side
	NoSeat    Lapse = "no_seat"   // the seat was given up, or the day is no longer theirs to teach
	Left      Lapse = "left"      // they are not employed there on the day
)

// Key is the reason's message key.
func (l Lapse) Key() string { return "studytime.lapse." + string(l) }

// Time is a time that was set for somebody.
type Time struct {
	Slot
	ID          int64
	PersonID    int64
	Person      string
	Unit        string
	CourseDayID int64
	RoundID     int64
	CourseSlug  string
	Course      string
	Part        Part
	Taught      Slot // the course day
	Had         *bool
	SetAt       clock.Instant

	cancelled, has, employed bool
}

// Lapsed is why the time no longer holds. What was answered did.
func (t Time) Lapsed() Lapse {
	switch {
	case t.Had != nil:
		return ""
	case t.cancelled:
		return Cancelled
	case !t.employed:
		return Left
	case !t.has:
		return NoSeat
	case !t.beside(t.Part, t.Taught):
		return Moved
	}
	return ""
}

// settles is the first day on which the sums of the term of the day are told. From then on
// nobody says how its times went, so that what was told does not change: see
// docs/decisions/study-time-sums.md.
func settles(day clock.Day) clock.Day {
	_, last := clock.Term(strconv.Itoa(day.Year()), clock.TermOf(day), day)
	return last + 1
}

// Answerable tells whether the person may say now how it went, or say it anew.
func (t Time) Answerable(now clock.Instant) bool {
	return t.Lapsed() == "" && t.over() <= now && now.Day() < settles(t.Day)
}

// Coming tells whether the time holds and is not over.
func (t Time) Coming(now clock.Instant) bool { return t.Lapsed() == "" && t.over() > now }

// Proposal is a time for so many minutes around the course day: in the afternoon of a workday
// before it, or after it, not before tomorrow, and not longer than half a day, for what takes
// longer is done at several times. ok is false when there is no such day left.
func Proposal(part Part, needed int, day Slot, today clock.Day) (s Slot, ok bool) {
	const half, quarter, afternoon = 4 * 60, 15, 13 * 60
	length := max(30, min(half, (needed+quarter-1)/quarter*quarter))
	if part == After {
		s.Day = max(day.Day, today) + 1
		for weekend(s.Day) {
			s.Day++
		}
		ok = true
	} else {
		s.Day = day.Day - 3
		for weekend(s.Day) {
			s.Day--
		}
		if s.Day <= today {
			s.Day = today + 1
			for weekend(s.Day) {
				s.Day++
			}
		}
		ok = s.Day < day.Day
	}
	s.Starts, s.Ends = clockTime(afternoon), clockTime(afternoon+length)
	return s, ok
}

func weekend(d clock.Day) bool { w := d.Weekday(); return w == 0 || w == 6 }

// clockTime is minutes after midnight as "13:00".
func clockTime(m int) string {
	two := func(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }
	return two(m/60) + ":" + two(m%60)
}
