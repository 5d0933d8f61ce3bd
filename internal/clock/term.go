package clock

import "strconv"

// The terms: spring to the end of June, autumn from July on.
const (
	Spring = "vt"
	Autumn = "ht"
)

// Term is the first and last day of the year, or of its term, as the address
// writes them; a term without a year is this year's.
func Term(year, term string, today Day) (from, until Day) {
	y, err := strconv.Atoi(year)
	if err != nil || y < 2000 || y > 2100 {
		if term != Spring && term != Autumn {
			return 0, 0
		}
		y = today.Year()
	}
	switch term {
	case Spring:
		return YearStart(y), Date(y, 6, 30)
	case Autumn:
		return Date(y, 7, 1), YearEnd(y)
	}
	return YearStart(y), YearEnd(y)
}

// TermOf is the term in which the day lies.
func TermOf(day Day) string {
	if day <= Date(day.Year(), 6, 30) {
		return Spring
	}
	return Autumn
}
