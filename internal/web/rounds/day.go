package rounds

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// dayWord is "Dag 2, tis 2 december 2025".
func (p *roundPage) dayWord(day round.Day) string {
	if p.d.Days == 1 {
		return p.Lang.ShortDay(day.Day)
	}
	return p.T("round.day_n", "N", day.Ordinal) + ", " + p.Lang.ShortDay(day.Day)
}

func (p *roundPage) days() templ.Component {
	d := p.d
	works := p.works()
	t := ui.Table{
		ID: "days-table", Caption: p.T("round.course_days"), QuietTitle: true, Dense: works,
		Columns: []ui.Column{{Label: p.T("round.day"), Keep: true}, {Label: p.T("round.hours"), Keep: true}, {Label: p.T("round.place")}, {Label: p.T("round.trainers")}},
	}
	if works {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("round.enrolled"), Numeric: true}, ui.Column{Label: p.T("round.attended"), Numeric: true})
	}
	money := d.Held > 0 && p.charged() && p.seesMoney()
	if d.MarksAttendance() {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("round.attendance")})
	}
	if money {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("round.money")})
	}
	for _, day := range d.CourseDays {
		cells := []ui.Cell{
			ui.Text(p.Lang.ShortDay(day.Day)), ui.Text(p.Lang.Hours(visit.Minutes(day.Starts), visit.Minutes(day.Ends))), p.placeCell(day),
			{Slot: dayTrainers(p.Visit, day, works, d.Manages && d.CancelledAt == nil && !d.Local())},
		}
		if works {
			attended := ui.Text("")
			if day.HeldAt != nil {
				attended = ui.Text(p.Lang.Number(int64(day.Attended)))
			}
			cells = append(cells, ui.Text(p.Lang.Number(int64(d.Seats))), attended)
		}
		if d.MarksAttendance() {
			cells = append(cells, p.attendanceCell(day))
		}
		if money {
			cell := ui.Text("")
			if day.HeldAt != nil {
				cell = ui.Cell{Text: p.T("round.day_money"), Href: visit.DayMoneyPath(day.ID), About: p.Lang.ShortDay(day.Day)}
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return ui.Section("days", p.T("round.course_days"), t.View(p.Lang))
}

// seesMoney tells whether a day of the round has money that the visitor may
// open: all of it, or that of their own municipality's people and trainers.
func (p *roundPage) seesMoney() bool {
	scope := access.MunicipalMoney(p.Viewer)
	if scope.Empty() || scope.Covers(access.Place{RegionID: p.d.RegionID}) {
		return !scope.Empty()
	}
	return slices.ContainsFunc(p.d.Enrolments, func(e round.Enrolment) bool {
		return scope.Covers(access.Place{MunicipalityID: e.MunicipalityID})
	})
}

func (p *roundPage) attendanceCell(day round.Day) ui.Cell {
	if p.d.CancelledAt != nil {
		return ui.Text("")
	}
	if !day.Markable(p.Today) {
		opens := p.T("round.attendance_opens", "Day", p.Lang.TinyDay(day.Day))
		if p.d.Seats == 0 {
			return ui.Text(opens)
		}
		return ui.Cell{Text: p.T("round.attendance_paper"), Href: visit.DayPath(day.ID, "paper"), About: p.Lang.ShortDay(day.Day), Note: opens}
	}
	key := "round.register_attendance"
	if day.HeldAt != nil {
		key = "round.change_attendance"
	}
	return ui.Cell{Text: p.T(key), Href: visit.DayPath(day.ID, "attendance"), About: p.Lang.ShortDay(day.Day)}
}
