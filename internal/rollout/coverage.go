package rollout

import (
	"cmp"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
)

// Coverage is how far the staff of a place have come with a course on a day: of
// the Staff whom it is meant for, those who have Done it, those who lack it and
// are Seated, and those who lack it WithoutSeat, of whom some are Waiting.
type Coverage struct {
	UnitID      int64
	Unit        string
	Staff       int
	Done        int
	Seated      int
	WithoutSeat int
	Waiting     int
}

// Lacking are those who lack the course.
func (c Coverage) Lacking() learning.Lacking {
	return learning.Lacking{All: c.Seated + c.WithoutSeat, Booked: c.Seated, Waiting: c.Waiting}
}

// Add adds those of another place or course.
func (c *Coverage) Add(o Coverage) {
	c.Staff, c.Done, c.Seated, c.WithoutSeat, c.Waiting = c.Staff+o.Staff, c.Done+o.Done, c.Seated+o.Seated, c.WithoutSeat+o.WithoutSeat, c.Waiting+o.Waiting
}

func (c *Coverage) count(s learning.Stand) {
	c.Staff++
	switch {
	case s.Booked():
		c.Seated++
	case s.Waits():
		c.WithoutSeat++
		c.Waiting++
	case s.Lacks():
		c.WithoutSeat++
	case s.Done != nil: // of a course that nobody is asked for, who has not taken it neither has nor lacks it
		c.Done++
	}
}

// Cover counts the staff, together and by unit in Swedish order.
func Cover(staff []Member) (whole Coverage, units []Coverage) {
	at := map[int64]int{}
	for _, m := range staff {
		i, ok := at[m.UnitID]
		if !ok {
			i = len(units)
			at[m.UnitID] = i
			units = append(units, Coverage{UnitID: m.UnitID, Unit: m.Unit})
		}
		whole.count(m.Stand)
		units[i].count(m.Stand)
	}
	slices.SortFunc(units, func(a, b Coverage) int {
		return cmp.Or(slices.Compare(i18n.SortKey(a.Unit), i18n.SortKey(b.Unit)), cmp.Compare(a.UnitID, b.UnitID))
	})
	return whole, units
}

// Point is how many of today's staff had completed the course by the end of a
// day.
type Point struct {
	Day  clock.Day
	Done int
}

// OverTime is how today's staff have come to where they are: a point for the
// last day of each of the months before the day, the oldest first, and one for
// the day.
func OverTime(staff []Member, months int, day clock.Day) []Point {
	points := make([]Point, 0, months+1)
	year, month, _ := day.Date()
	for i := months; i > 0; i-- {
		points = append(points, Point{Day: clock.Date(year, month, 1).AddDate(0, 1-i, 0) - 1})
	}
	points = append(points, Point{Day: day})
	for _, m := range staff {
		for i := range points {
			if m.Done != nil && *m.Done <= points[i].Day {
				points[i].Done++
			}
		}
	}
	return points
}

// PaceDays is how far back the pace is measured: long enough to hold a term's
// rhythm, short enough to be the present one.
const PaceDays = 90

// Lately is how many of the staff have completed the course in the last PaceDays.
func Lately(staff []Member, day clock.Day) (lately int) {
	for _, m := range staff {
		if m.Done != nil && *m.Done > day-PaceDays {
			lately++
		}
	}
	return lately
}

// AllDone is the day on which all of today's staff will have completed the
// course if they go on as in the last 90 days. ok is false when nobody has
// completed it in that time, or all have.
func AllDone(staff []Member, day clock.Day) (on clock.Day, ok bool) {
	left, lately := 0, Lately(staff, day)
	for _, m := range staff {
		if m.Lacks() {
			left++
		}
	}
	if left == 0 || lately == 0 {
		return 0, false
	}
	return day + clock.Day((left*PaceDays+lately-1)/lately), true //nolint:gosec // ninety days for each of a municipality's staff at most
}
