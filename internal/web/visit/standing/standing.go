// Package standing says how people stand with courses, on a page and in a spreadsheet.
package standing

import (
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/ui"
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

// Of is StandCell in a spreadsheet. A day that is planned is a word and the day,
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

// OnLeave says that somebody is on leave, and when they are back if it is known.
func OnLeave(v *visit.Visit, who interface {
	Back() (day clock.Day, known bool)
}) string {
	back, known := who.Back()
	if !known {
		return v.T("coverage.away")
	}
	return v.T("coverage.back", "Day", v.Lang.TinyDay(back))
}

// SeatWord says that somebody has a seat on the day, or had one and nobody has
// said yet how it went.
func SeatWord(v *visit.Visit, day clock.Day) string {
	if day < v.Today {
		return v.T("staff.unsettled", "Day", v.Lang.TinyDay(day))
	}
	return v.T("staff.booked", "Day", v.Lang.TinyDay(day))
}

// LackWords say how many of those who lack something are booked or wait; empty
// when none is.
func LackWords(v *visit.Visit, l learning.Lacking) string {
	var words []string
	if l.Booked > 0 {
		words = append(words, v.T("staff.booked_of_them", "Count", l.Booked))
	}
	if l.Waiting > 0 {
		words = append(words, v.T("staff.waiting_of_them", "Count", l.Waiting))
	}
	if len(words) == 0 {
		return ""
	}
	return v.T("staff.of_them", "What", strings.Join(words, v.T("staff.and")))
}

// WhoLacks says how many lack a course, and how they stand.
func WhoLacks(v *visit.Visit, l learning.Lacking, course string) string {
	words := v.T("staff.people_missing", "Count", l.All, "Course", course)
	if of := LackWords(v, l); of != "" {
		words += ", " + of
	}
	return words
}

// LackCell is how many courses somebody lacks: as many as the row has tags.
func LackCell(v *visit.Visit, l learning.Lacking) ui.Cell {
	cell := ui.Text(v.Lang.Number(int64(l.All)))
	cell.Note = LackWords(v, l)
	return cell
}

// StandCell says how somebody stands with a course. A tag says that they lack it,
// in one of three ways; what is done, or booked without being meant for them,
// stands without one.
func StandCell(v *visit.Visit, s learning.Stand) ui.Cell {
	switch {
	case s.Done != nil:
		return ui.Text(v.T("staff.completed", "Day", v.Lang.TinyDay(*s.Done)))
	case s.Booked():
		return ui.Status(SeatWord(v, *s.NextDay), ui.Info)
	case s.NextID != 0:
		return ui.Text(SeatWord(v, *s.NextDay))
	case s.Waits():
		return ui.Status(v.T("staff.waits"), ui.Info)
	case s.Lacks():
		return ui.Status(v.T("staff.missing"), ui.Caution)
	}
	return ui.Cell{}
}
