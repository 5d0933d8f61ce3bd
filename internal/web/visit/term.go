package visit

import (
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
)

// Learns tells whether the office is that of somebody who comes to learn rather
// than to administer.
func Learns(role access.Role) bool { return role == access.Employee || role == access.Trainer }

// The terms: spring to the end of June, autumn from July on.
const (
	Spring = "vt"
	Autumn = "ht"
)

// Term is the first and last day of the year, or of its term, as the address
// writes them; a term without a year is this year's.
func Term(year, term string, today clock.Day) (from, until clock.Day) {
	y, err := strconv.Atoi(year)
	if err != nil || y < 2000 || y > 2100 {
		if term != Spring && term != Autumn {
			return 0, 0
		}
		y = today.Year()
	}
	switch term {
	case Spring:
		return clock.YearStart(y), clock.Date(y, 6, 30)
	case Autumn:
		return clock.Date(y, 7, 1), clock.YearEnd(y)
	}
	return clock.YearStart(y), clock.YearEnd(y)
}
