package visit

import (
	"strconv"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
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
	minutes := func(s string) int {
		h, m, _ := strings.Cut(s, ":")
		hour, _ := strconv.Atoi(h)
		minute, _ := strconv.Atoi(m)
		return 60*hour + minute
	}
	return v.Lang.Hours(minutes(starts), minutes(ends))
}

// Words is a text in the visitor's language.
func (v *Visit) Words(w catalogue.Words) string { return w.In(v.Lang.Code()) }
