// Package standing says in a spreadsheet how people stand with courses.
package standing

import (
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/visit"
)

// Words are the words of a spreadsheet about standings, fetched once for
// many.
type Words struct {
	v              *visit.Visit
	missing, waits string
}

// In is them in the visitor's language.
func In(v *visit.Visit) Words {
	return Words{v, v.T("staff.missing"), v.T("staff.waits")}
}

// Of is visit.StandCell in a spreadsheet. A day that is planned is a word and the day,
// so that nobody takes it for one on which the course was completed.
func (w Words) Of(s learning.Stand) any {
	switch {
	case s.Done != nil:
		return *s.Done
	case s.NextID != 0 && *s.NextDay < w.v.Today:
		return w.v.T("staff.unsettled", "Day", s.NextDay.String())
	case s.NextID != 0:
		return w.v.T("coverage.grid.planned", "Day", s.NextDay.String())
	case s.Waits():
		return w.waits
	case s.Lacks():
		return w.missing
	}
	return ""
}
