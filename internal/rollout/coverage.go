package rollout

import (
	"cmp"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
)

// Coverage is how far the staff of a place have come with a course on a day.
// Seated are those who have not completed it and have a seat to come; Missing
// have neither.
type Coverage struct {
	UnitID  int64
	Unit    string
	Staff   int
	Done    int
	Seated  int
	Missing int
}

func (c *Coverage) count(m Member) { c.add(m.Done != nil, m.NextID != 0) }

func (c *Coverage) add(done, seated bool) {
	c.Staff++
	switch {
	case done:
		c.Done++
	case seated:
		c.Seated++
	default:
		c.Missing++
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
		whole.count(m)
		units[i].count(m)
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
		if m.Done == nil {
			left++
		}
	}
	if left == 0 || lately == 0 {
		return 0, false
	}
	return day + clock.Day((left*PaceDays+lately-1)/lately), true //nolint:gosec // ninety days for each of a municipality's staff at most
}
