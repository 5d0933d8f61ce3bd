package web

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
)

// pastDaysPerPage is how many of a trainer's past days a page shows.
const pastDaysPerPage = 20

// myDays is a trainer's course days: those whose attendance is to be saved
// first, then what comes, then what has been.
func (s *Server) myDays(v *Visit) error {
	days, err := trainer.MyDays(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	var waiting, coming, past []trainer.Day
	for _, d := range days {
		switch {
		case d.NeedsAttendance(v.Today):
			waiting = append(waiting, d)
		case d.Day >= v.Today:
			coming = append(coming, d)
		default:
			past = append(past, d)
		}
	}
	slices.Reverse(past) // the latest first

	f := v.Frame(v.T("my_days.title"))
	parts := []templ.Component{ui.PageHead{Title: v.T("my_days.title")}.View(v.Lang), v.nextOfMyDays(waiting, coming)}
	if len(days) == 0 {
		parts[1] = ui.Empty{Picture: ui.PictureCalendar, Title: v.T("my_days.none"), Text: v.T("my_days.none_help")}.View(v.Lang)
		return v.Page(f, parts...)
	}
	if len(waiting) > 0 {
		parts = append(parts, section("waiting", v.T("my_days.waiting"), v.myDayTable("waiting-table", "my_days.waiting", waiting).View(v.Lang)))
	}
	t := v.myDayTable("coming-table", "my_days.coming", coming)
	t.Empty = ui.Empty{Picture: ui.PictureCalendar, Title: v.T("my_days.none_coming"), Text: v.T("my_days.none_help")}
	parts = append(parts, section("coming", v.T("my_days.coming"), t.View(v.Lang)))
	if len(past) > 0 {
		page := lastPage(max(1, v.Number("page", 1)), len(past), pastDaysPerPage)
		from := (page - 1) * pastDaysPerPage
		t := v.myDayTable("past-table", "my_days.past", past[from:min(from+pastDaysPerPage, len(past))])
		t.Pager = &ui.Pager{Address: v.Address(), Page: page, PerPage: pastDaysPerPage, Rows: len(past)}
		parts = append(parts, section("past", v.T("my_days.past"), t.View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// nextOfMyDays is the oldest list to save, or the next day to hold.
func (v *Visit) nextOfMyDays(waiting, coming []trainer.Day) templ.Component {
	if len(waiting) > 0 {
		d := waiting[0]
		return ui.NextThing{
			Sentence: v.T("rounds.next_attendance", "Day", v.Lang.ShortDay(d.Day)), Help: d.Course + ", " + d.Round,
			Action: &ui.Action{Label: v.T("rounds.register_attendance"), Href: dayPath(d.ID, "attendance")},
		}.View(v.Lang)
	}
	for _, d := range coming {
		if d.CancelledAt == nil {
			help := d.Course + ", " + d.Round
			if d.Place != "" {
				help += ", " + d.Place
			}
			return ui.NextThing{
				Sentence: v.T("my_days.next", "When", v.Lang.DayHours(d.Day, minutes(d.Starts), minutes(d.Ends))), Help: help,
				Action: &ui.Action{Label: v.T("my_courses.see_round"), Href: roundPath(d.RoundID)},
			}.View(v.Lang)
		}
	}
	return templ.NopComponent
}

func (v *Visit) myDayTable(id, caption string, days []trainer.Day) ui.Table {
	t := ui.Table{
		ID: id, Caption: v.T(caption), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("rounds.course")}, {Label: v.T("rounds.day"), Keep: true}, {Label: v.T("rounds.hours"), Keep: true}, {Label: v.T("rounds.place")},
			{Label: v.T("my_days.role")}, {Label: v.T("rounds.enrolled"), Numeric: true}, {Label: v.T("rounds.attendance")},
		},
	}
	for _, d := range days {
		note := d.Round
		if d.Days > 1 {
			note += ", " + v.T("my_days.day_n_of", "N", d.Ordinal, "All", d.Days)
		}
		attendance := ui.Text(v.T("rounds.attendance_opens", "Day", v.Lang.TinyDay(d.Day)))
		switch {
		case d.CancelledAt != nil:
			attendance = ui.Status(v.T("round.status.cancelled"), ui.Negative)
		case d.NeedsAttendance(v.Today):
			attendance = ui.Cell{Text: v.T("rounds.register_attendance"), Href: dayPath(d.ID, "attendance"), About: v.Lang.ShortDay(d.Day)}
		case d.HeldAt != nil:
			attendance = ui.Cell{Text: v.T("rounds.change_attendance"), Href: dayPath(d.ID, "attendance"), About: v.Lang.ShortDay(d.Day)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: d.Course, Href: roundPath(d.RoundID), Note: note}, ui.Text(v.Lang.ShortDay(d.Day)),
			ui.Text(v.Lang.Hours(minutes(d.Starts), minutes(d.Ends))), ui.Text(d.Place), ui.Text(v.T(d.Role.Key())),
			ui.Text(v.Lang.Number(int64(d.Participants))), attendance,
		}})
	}
	return t
}
