package publication

import "yrkesresan/internal/clock"

// Next is the first end of a term that is not before the day: 30 June or
// 31 December. Its publication is made when it is over.
func Next(day clock.Day) clock.Day {
	if summer := clock.Date(day.Year(), 6, 30); day <= summer {
		return summer
	}
	return clock.YearEnd(day.Year())
}
