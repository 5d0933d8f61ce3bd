package visit

import (
	"strconv"
	"strings"

	"yrkesresan/internal/cost"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/web/ui"
)

// OnLeave says that somebody is on leave, and when they are back if it is known.
func (v *Visit) OnLeave(back clock.Day, known bool) string {
	if !known {
		return v.T("coverage.away")
	}
	return v.T("coverage.back", "Day", v.Lang.TinyDay(back))
}

// SeatWord says that somebody has a seat on the day, or had one and nobody has
// said yet how it went.
func (v *Visit) SeatWord(day clock.Day) string {
	if day < v.Today {
		return v.T("staff.unsettled", "Day", v.Lang.TinyDay(day))
	}
	return v.T("staff.booked", "Day", v.Lang.TinyDay(day))
}

// LackWords say how many of those who lack something are booked or wait; empty
// when none is.
func (v *Visit) LackWords(l learning.Lacking) string {
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
func (v *Visit) WhoLacks(l learning.Lacking, course string) string {
	words := v.T("staff.people_missing", "Count", l.All, "Course", course)
	if of := v.LackWords(l); of != "" {
		words += ", " + of
	}
	return words
}

// LackCell is how many courses somebody lacks: as many as the row has tags.
func (v *Visit) LackCell(l learning.Lacking) ui.Cell {
	cell := ui.Text(v.Lang.Number(int64(l.All)))
	cell.Note = v.LackWords(l)
	return cell
}

// StandCell says how somebody stands with a course. A tag says that they lack it,
// in one of three ways; what is done, or booked without being meant for them,
// stands without one.
func (v *Visit) StandCell(s learning.Stand) ui.Cell {
	switch {
	case s.Done != nil:
		return ui.Text(v.T("staff.completed", "Day", v.Lang.TinyDay(*s.Done)))
	case s.Booked():
		return ui.Status(v.SeatWord(*s.NextDay), ui.Info)
	case s.NextID != 0:
		return ui.Text(v.SeatWord(*s.NextDay))
	case s.Waits():
		return ui.Status(v.T("staff.waits"), ui.Info)
	case s.Lacks():
		return ui.Status(v.T("staff.missing"), ui.Caution)
	}
	return ui.Cell{}
}

// FileSize is a size in words.
func (v *Visit) FileSize(size int64) string {
	if size >= 1<<20 {
		return v.T("material.megabytes", "Size", v.Lang.Decimal(float64(size)/(1<<20), 1))
	}
	return v.T("material.kilobytes", "Size", (size+1023)/1024)
}

func OnWhen(b bool) string {
	if b {
		return "on"
	}
	return ""
}

// ReaderCell is whom an e-mail is for; who was not reached is linked to, so that the
// address can be put right.
func (v *Visit) ReaderCell(p letter.Part) ui.Cell {
	if p.Bounced() && v.Viewer.Has(access.Regional, access.Operator) {
		return ui.Link(p.Name, PersonPath(p.PersonID))
	}
	return ui.Text(p.Name)
}

func (v *Visit) OccasionTime(o rollout.Occasion) string {
	return v.Lang.DayHours(o.FirstDay, Minutes(o.Starts), Minutes(o.Ends))
}

// Minutes is a time of day such as "09:30" in minutes after midnight.
func Minutes(s string) int {
	h, m, err := 0, 0, error(nil)
	if len(s) == len("09:30") {
		if h, err = strconv.Atoi(s[:2]); err == nil {
			m, err = strconv.Atoi(s[3:])
		}
	}
	if err != nil {
		return 0
	}
	return 60*h + m
}

// Hours is "09:00" and "16:00" as the language writes it.
func Hours(v *Visit, starts, ends string) string {
	return v.Lang.Hours(Minutes(starts), Minutes(ends))
}

// Words is a text in the visitor's language.
func (v *Visit) Words(w catalogue.Words) string { return w.In(v.Lang.Code()) }

// CostFigure is what days cost, with how many of them it is made of. Where none is
// known there is no amount to say: it would be taken for nothing.
func (v *Visit) CostFigure(label string, s cost.Sum) ui.Figure {
	f := ui.Figure{Label: label, Value: v.T("cost.unknown"), Note: v.T("cost.known_of", "Known", s.Known, "Count", s.Days)}
	if s.Known > 0 || s.Amount > 0 {
		f.Value = v.Lang.Money(s.Amount)
	}
	return f
}
