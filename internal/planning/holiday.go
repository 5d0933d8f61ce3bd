package planning

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"

	"yrkesresan/internal/clock"
)

// holidays are the days on which nobody plans a course: the public holidays by
// law (lag 1989:253), and the eves that count as such in working life. Easter
// Sunday and Whit Sunday are Sundays anyway.
var holidays = map[*cal.Holiday]string{
	se.Nyarsdagen: "new_year", se.TrettondedagJul: "epiphany", se.Langfredagen: "good_friday", se.AnnandagPask: "easter_monday",
	se.ForstaMaj: "may_day", se.KristiHimmelfardsdag: "ascension", se.Nationaldagen: "national_day", se.Midsommarafton: "midsummer_eve",
	se.Midsommardagen: "midsummer", se.AllaHelgonsDag: "all_saints", se.Julafton: "christmas_eve", se.Juldagen: "christmas",
	se.AnnandagJul: "boxing_day", se.Nyarsafton: "new_years_eve",
}

// Holiday is the name of the Swedish holiday on the day, as in the message
// round.holiday.midsummer_eve; empty when it is none.
func Holiday(day clock.Day) string {
	for h, name := range holidays {
		if actual, _ := h.Calc(day.Year()); clock.DayOf(actual) == day {
			return name
		}
	}
	return ""
}

// Weekend tells whether the day is a Saturday or a Sunday.
func Weekend(day clock.Day) bool {
	w := day.Weekday()
	return w == time.Saturday || w == time.Sunday
}
