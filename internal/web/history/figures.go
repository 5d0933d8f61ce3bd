// Package history is the pages of what a region did before it had the product: the figures, and the
// files from which they are read in.
package history

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/history"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Figures is what was given before, year by year, and what was answered.
func Figures(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	given, err := history.GivenIn(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	asked, err := history.AskedIn(v.Context(), v.Reader(), v.Viewer, region.ID)
	if err != nil {
		return err
	}
	title := v.T("history.title")
	head := ui.PageHead{Title: title, Lead: v.T("history.lead", "Region", region.Name)}
	if access.ReadInHistory(v.Viewer).Covers(region.Place()) {
		head.Others = []ui.Action{{Label: v.T("history.imports"), Href: address.RegionHistory(region.Slug, "imports"), Kind: ui.Secondary}}
	}
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("nav.figures"), Href: visit.RegionPath(region, "figures")}, ui.Crumb{Label: title})...)
	parts := []templ.Component{head.View(v.Lang), v.Take(givenTable(v, given), address.RegionHistory(region.Slug))}
	if len(asked) > 0 {
		parts = append(parts, v.Take(askedTable(v, asked), address.RegionHistory(region.Slug)))
	}
	return v.Page(f, parts...)
}

const rowsPerPage = 60

func givenTable(v *visit.Visit, given []history.Given) ui.Table {
	t := ui.Table{
		ID: "given", Caption: v.T("history.given"), Note: v.T("history.given_note"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("history.column.year"), Keep: true}, {Label: v.T("history.column.course")}, {Label: v.T("history.completed"), Numeric: true}, {Label: v.T("history.rounds"), Numeric: true},
			{Label: v.T("history.days"), Numeric: true}, {Label: v.T("history.seats"), Numeric: true}, {Label: v.T("history.column.attended"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("history.none"), Text: v.T("history.none_help")},
	}
	given, t.Pager = visit.Paged(v, given, v.PerPage(rowsPerPage))
	t.Address = v.Address()
	for _, g := range given {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(visit.ID(int64(g.Year))), ui.Link(g.Course, visit.CoursePath(g.Slug)), v.NumberCell(g.Completed), v.NumberCell(g.Rounds),
			v.NumberCell(g.Days), v.NumberCell(g.Participants), v.NumberCell(g.Attended),
		}})
	}
	return t
}

func askedTable(v *visit.Visit, asked []history.Asked) ui.Table {
	t := ui.Table{
		ID: "asked", Caption: v.T("history.asked"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("history.column.year"), Keep: true}, {Label: v.T("history.column.course")}, {Label: v.T("history.column.question")},
			{Label: v.T("history.column.answer")}, {Label: v.T("history.column.answers"), Numeric: true},
		},
	}
	for _, a := range asked {
		var shares []string
		for n, answer := range a.Answers {
			shares = append(shares, v.T("history.share", "Answer", answer, "Count", a.Counts[n]))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(visit.ID(int64(a.Year))), ui.Text(a.Course), ui.Text(a.Question), ui.Text(strings.Join(shares, ", ")), v.NumberCell(a.Total),
		}})
	}
	return t
}
