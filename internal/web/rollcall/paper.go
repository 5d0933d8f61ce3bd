package rollcall

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catering"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/meals"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Paper is the day's list to print ahead and sign in the room, for those who keep
// the list: names, workplaces, and the diets as totals.
func Paper(v *visit.Visit) error {
	sheet, err := sheetInAddress(v)
	if err != nil {
		return err
	}
	d, err := round.Get(v.Context(), v.Reader(), v.Viewer, sheet.ID)
	if err != nil {
		return err
	}
	title := v.T("attendance.paper", "Day", v.Lang.ShortDay(sheet.Day.Day))
	name := sheet.Course + ", " + sheet.Label
	f := v.Frame(title, v.RoundCrumbs(sheet.Round, ui.Crumb{Label: name, Href: visit.RoundPath(sheet.ID)}, ui.Crumb{Label: v.T("attendance.title"), Href: visit.DayPath(sheet.Day.ID, "attendance")}, ui.Crumb{Label: title})...)
	lead := name + ", " + v.Lang.Hours(visit.Minutes(sheet.Day.Starts), visit.Minutes(sheet.Day.Ends))
	if sheet.Day.Place != "" {
		lead += ", " + sheet.Day.Place
	}
	t := ui.Table{
		ID: "paper", Caption: v.T("attendance.participants", "Count", len(sheet.Enrolments)),
		Columns: []ui.Column{{Label: v.T("round.name")}, {Label: v.T("attendance.workplace")}, {Label: v.T("attendance.signature")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("round.no_participants"), Text: v.T("round.no_participants_help")},
	}
	for _, e := range sheet.Enrolments {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(e.Name), ui.Text(workplace(e)), line()}})
	}
	trainers := ui.Table{
		ID: "paper-trainers", Caption: v.T("attendance.trainers"),
		Columns: []ui.Column{{Label: v.T("round.name")}, {Label: v.T("attendance.workplace")}, {Label: v.T("attendance.signature")}},
	}
	for _, tr := range sheet.Day.Trainers {
		trainers.Rows = append(trainers.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr.Name), ui.Text(TrainerWords(v, tr)), line()}})
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: lead}.View(v.Lang), ui.Paragraph(v.T("attendance.paper_help"))}
	if !d.Local() {
		counts, err := catering.Totals(v.Context(), v.Reader(), v.Viewer, d)
		if err != nil {
			return err
		}
		if len(counts) > 0 {
			parts = append(parts, ui.Paragraph(v.T("attendance.paper_diets", "Diets", meals.Diets(v, counts))))
		}
	}
	parts = append(parts, t.View(v.Lang))
	if len(trainers.Rows) > 0 {
		parts = append(parts, trainers.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// line is where somebody signs.
func line() ui.Cell { return ui.Cell{Slot: signLine()} }

// workplace is somebody's unit and municipality, each where it is known.
func workplace(e round.Enrolment) string {
	words := slices.DeleteFunc([]string{e.Unit, e.Municipality}, func(s string) bool { return s == "" })
	return strings.Join(slices.Compact(words), ", ")
}
