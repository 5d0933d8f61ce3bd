package study

import (
	"net/url"

	"github.com/a-h/templ"

	"yrkesresan/internal/journey"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Offline is what the browser keeps for where there is no network: the coming days,
// and the tasks that have been opened, which the worker puts in between the marks.
func Offline(v *visit.Visit) error {
	way, err := journey.Of(v.Context(), v.Reader(), v.Viewer, v.Now)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("journey.offline"))
	f.Reading, f.Nav, f.Search, f.Person = true, nil, "", nil // nothing of it could be opened
	keep(v, f.Title)
	var coming ui.Summary
	for _, e := range way.Coming(v.Today) {
		fact := ui.Fact{Term: v.Lang.ShortDay(e.On), Value: v.T("journey.last_day_"+string(e.Kind), "Course", e.Course.Title())}
		if e.Kind == journey.CourseDay {
			fact = ui.Fact{Term: v.Lang.DayHours(e.On, visit.Minutes(e.Day.Starts), visit.Minutes(e.Day.Ends)), Value: dayWords(v, e)}
		}
		coming = append(coming, fact)
	}
	days := ui.Paragraph(v.T("journey.nothing_comes"))
	if len(coming) > 0 {
		days = coming.View(v.Lang)
	}
	const mark = "<!--opened-->"
	return v.Page(f,
		ui.PageHead{Title: f.Title, Lead: v.T("journey.offline_lead", "When", v.Lang.DayTime(v.Now)), Action: &ui.Action{Label: v.T("journey.offline_again"), Href: "/"}}.View(v.Lang),
		ui.Section("coming", v.T("journey.coming"), days),
		ui.Section("opened", v.T("journey.offline_tasks"), templ.Raw(mark), ui.Paragraph(v.T("journey.offline_no_tasks")), templ.Raw(mark)),
	)
}

// keep lets the browser's worker keep the page under its title.
func keep(v *visit.Visit, title string) { v.W.Header().Set("Keep-Page", url.PathEscape(title)) }
