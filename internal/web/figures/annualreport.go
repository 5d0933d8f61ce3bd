package figures

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/report"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/finance"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// anchor is a part of a page to lead to.
type anchor struct{ ID, Title string }

// AnnualReport is a region's year as a document.
func AnnualReport(v *visit.Visit) error {
	r, years, err := reportAsked(v)
	if err != nil {
		return err
	}
	reconstructed, err := finance.Reconstructed(v, r.Region.ID, r.Year)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: report.Title(r, v.Lang), Lead: v.T("figures.annual.lead", "Day", r.AsOf), Print: true}
	file := func(label, page string) ui.Action {
		return ui.Action{Label: v.T(label), Href: visit.RegionPath(r.Region, page) + "?" + reportQuery(v, r).Encode(), Kind: ui.Secondary}
	}
	head.Others = []ui.Action{file("figures.annual.xlsx", "annual-report.xlsx")}
	f := v.Frame(head.Title, v.CrumbsOf(r.Region)...)
	f.Organisation = v.T("figures.source", "Place", r.Region.Name)
	parts := []templ.Component{head.View(v.Lang), v.YearTabs(visit.RegionPath(r.Region, "annual-report"), years, r.Year), reportAsOf(v, r)}
	if r.Empty() {
		return v.Page(f, append(parts, ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("figures.annual.none", "Year", strconv.Itoa(r.Year)), Text: v.T("figures.annual.none_help", "Region", r.Region.Name),
		}.View(v.Lang))...)
	}
	if n := len(r.Corrections(v.Lang)); n > 0 {
		parts = append(parts, ui.Notice{
			Tone: ui.Info, Title: v.T("figures.annual.corrected_title", "Count", n), Text: v.T("figures.annual.corrected", "Day", r.Printed.SignedOn),
			Action: &ui.Action{Label: v.T("figures.annual.see_corrections"), Href: "#corrections"},
		}.View(v.Lang))
	}
	parts = append(parts, reconstructed)
	tables := r.Tables(v.Lang)
	var toc []anchor
	var body []templ.Component
	charts := reportCharts(v, r)
	for _, t := range tables {
		toc = append(toc, anchor{t.ID, t.Title})
		body = append(body, ui.Section(t.ID, t.Title, reportTable(v, t), charts[t.ID]))
	}
	if r.Printed != nil {
		toc = append(toc, anchor{"corrections", v.T("report.title.corrections")})
		body = append(body, reportCorrections(v, r))
	}
	parts = append(parts, contents(v.T("figures.annual.contents"), toc))
	body = append(body, ui.Fold(v.T("figures.annual.formats"),
		file("figures.annual.json", "annual-report.json").View(v.Lang), file("figures.annual.txt", "annual-report.txt").View(v.Lang)))
	return v.Page(f, append(parts, body...)...)
}

// reportAsked is the report that the address asks for: of the year, and as of
// the day when there is one. A year that is not over is as of today.
func reportAsked(v *visit.Visit) (report.AnnualReport, []int, error) {
	region, err := v.Region()
	if err != nil {
		return report.AnnualReport{}, nil, err
	}
	if err := access.Figures(v.Viewer).Allow(region.Place()); err != nil {
		return report.AnnualReport{}, nil, err
	}
	years, year, err := v.Years(region.ID)
	if err != nil {
		return report.AnnualReport{}, nil, err
	}
	options := report.Options{Today: v.Today}
	if day := v.Day("day", 0); day != 0 {
		day = min(day, v.Today)
		options.AsOf = &day
	} else if clock.YearEnd(year) > v.Today {
		options.AsOf = &v.Today
	}
	r, err := report.Annual(v.Context(), v.Reader(), v.Viewer, region.ID, year, options)
	return r, years, err
}

// reportAsOf asks for the report as of another day of its year.
func reportAsOf(v *visit.Visit, r report.AnnualReport) templ.Component {
	f := ui.Filter{
		Label: v.T("figures.as_of"), Action: v.URL.Path, Hidden: []ui.Hidden{{Name: "year", Value: strconv.Itoa(r.Year)}},
		Fields: []ui.Field{{Input: ui.DateInput, Name: "day", Label: v.T("figures.day"), Value: r.AsOf.String(), Max: v.Today.String()}},
		Result: v.T("ui.per_day", "Day", r.AsOf),
	}
	if v.FormValue("day") != "" {
		f.Clear = v.Address().With("day", "")
	}
	return f.View(v.Lang)
}

// reportTable is one of the report's tables; a figure that was printed otherwise
// has the printed one beneath.
func reportTable(v *visit.Visit, t report.Table) templ.Component {
	table := ui.Table{
		ID: t.ID + "-table", Caption: t.Title, QuietTitle: true, Note: t.Caption, Dense: true,
		Wide:  len(t.Columns) > 4 && len(t.Rows) > 0 && len(t.Rows[0].Name) < 40, // a question is too long to stand still beside its figures
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("figures.annual.empty_table"), Text: t.Caption},
	}
	for i, c := range t.Columns {
		table.Columns = append(table.Columns, ui.Column{Label: c, Numeric: i > 0 && numeric(t, i-1)})
	}
	for _, r := range t.Rows {
		cells := []ui.Cell{ui.Text(r.Name)}
		for _, c := range r.Cells {
			cell := ui.Text(c.Show(v.Lang))
			if c.Printed != nil {
				cell.Note = v.T("report.printed", "Printed", c.ShowPrinted(v.Lang))
			}
			cells = append(cells, cell)
		}
		if r.Total {
			table.Total = cells
		} else {
			table.Rows = append(table.Rows, ui.Row{Cells: cells})
		}
	}
	return table.View(v.Lang)
}

// numeric tells whether a column holds figures.
func numeric(t report.Table, column int) bool {
	for _, r := range t.Rows {
		if r.Cells[column].Unit != "" {
			return true
		}
	}
	return false
}

// reportCorrections is what the printed report has otherwise, computed.
func reportCorrections(v *visit.Visit, r report.AnnualReport) templ.Component {
	t := ui.Table{
		ID: "corrections", Caption: v.T("report.title.corrections"), Note: v.T("figures.annual.corrections_help", "Day", r.Printed.SignedOn),
		Columns: []ui.Column{
			{Label: v.T("report.column.figure")}, {Label: v.T("report.column.printed"), Numeric: true}, {Label: v.T("report.column.computed"), Numeric: true},
		},
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("figures.annual.no_corrections"), Text: v.T("figures.annual.no_corrections_help")},
	}
	for _, c := range r.Corrections(v.Lang) {
		printed, computed := report.Cell{Unit: c.Unit, Value: c.Printed}, report.Cell{Unit: c.Unit, Value: c.Computed}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(c.Figure), ui.Text(printed.Show(v.Lang)), ui.Text(computed.Show(v.Lang))}})
	}
	return v.Table(t)
}

// reportCharts are the charts by the table that they stand under.
func reportCharts(v *visit.Visit, r report.AnnualReport) map[string]templ.Component {
	source := v.T("figures.source", "Place", r.Region.Name)
	evaluations, _ := evaluationChart(v, r.Evaluations, v.T("figures.source", "Place", v.Server.Country[r.Region.ParentID].Name), r.EvaluationsOn)
	charts := map[string]templ.Component{
		"courses":        approvedChart(v, r, source).View(v.Lang),
		"course-days":    dayChart(v, r, source).View(v.Lang),
		"pot":            finance.PotBars(v, r.Region, r.Pot, r.Year, r.AsOf).View(v.Lang),
		"manager-survey": surveyChart(v, r, source).View(v.Lang),
		"evaluations":    evaluations.View(v.Lang),
	}
	for _, a := range slices.Concat([]statistics.AccountTable{r.AuthorityAccounts, r.ProviderAccounts}, r.OtherAccounts) {
		charts["accounts-"+a.Journey.Slug] = accountChart(v, a, source, v.T("money.municipality")).View(v.Lang)
	}
	for _, c := range append([]statistics.CompletionTable{r.Completions}, r.OtherCompletions...) {
		charts["completions-"+c.Journey.Slug] = completionChart(v, c, source).View(v.Lang)
	}
	for _, t := range r.Tables(v.Lang) {
		if charts[t.ID] == nil {
			charts[t.ID] = templ.NopComponent
		}
	}
	return charts
}

// approvedChart is the approved participants per course.
func approvedChart(v *visit.Visit, r report.AnnualReport, source string) ui.BarChart {
	if r.Courses.Total.Approved == 0 {
		return ui.BarChart{}
	}
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "chart-approved", Source: source, AsOf: r.AsOf, Column: v.T("money.course"), Desc: v.T("figures.annual.approved_desc"),
			Title: v.T("figures.annual.approved_finding", "Count", r.Courses.Total.Approved, "Courses", len(r.Courses.Rows)),
		},
		Unit: v.T("report.column.approved"),
	}
	for _, c := range r.Courses.Rows {
		chart.Bars = append(chart.Bars, ui.Bar{Label: c.Course.Name, Values: []float64{float64(c.Approved)}})
	}
	return chart
}

// dayChart is the participants of each course day.
func dayChart(v *visit.Visit, r report.AnnualReport, source string) ui.BarChart {
	if len(r.Days.Each) == 0 {
		return ui.BarChart{}
	}
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "chart-days", Source: source, AsOf: r.AsOf, Column: v.T("money.day"), Desc: v.T("figures.annual.days_desc"),
			Title: v.T("figures.annual.days_finding", "Mean", v.Lang.Decimal(r.Days.Mean.Float(), 1), "Range", v.Lang.Range(int64(r.Days.Min), int64(r.Days.Max))),
		},
		Unit: v.T("money.participants"),
	}
	for _, d := range r.Days.Each {
		chart.Bars = append(chart.Bars, ui.Bar{Label: v.Lang.TinyDay(d.Day) + " " + d.Course, Values: []float64{float64(d.Participants)}})
	}
	return chart
}

// surveyChart is the answers to the manager survey's first question, the overall
// impression.
func surveyChart(v *visit.Visit, r report.AnnualReport, source string) ui.BarChart {
	if len(r.ManagerSurvey) == 0 || r.ManagerSurvey[0].Total < statistics.FewestShown {
		return ui.BarChart{}
	}
	overall := r.ManagerSurvey[0]
	var best statistics.SurveyAnswer
	chart := ui.BarChart{
		ChartText: ui.ChartText{ID: "chart-survey", Source: source, AsOf: overall.AsOf, Column: v.T("figures.annual.answer"), Desc: v.T("figures.annual.survey_desc")},
		Unit:      v.T("figures.annual.share_of_answers"), Format: func(share float64) string { return v.Lang.Percent(share, 0) },
	}
	for _, a := range overall.Answers {
		chart.Bars = append(chart.Bars, ui.Bar{Label: a.Label, Values: []float64{a.Percent.Float()}})
		if a.Percent > best.Percent {
			best = a
		}
	}
	chart.Title = v.T("figures.annual.survey_finding", "Share", v.Lang.Percent(best.Percent.Float(), 0), "Answer", best.Label, "Total", overall.Total)
	return chart
}

// reportQuery asks for the same report again.
func reportQuery(v *visit.Visit, r report.AnnualReport) url.Values {
	query := url.Values{"year": {strconv.Itoa(r.Year)}}
	if v.FormValue("day") != "" {
		query.Set("day", r.AsOf.String())
	}
	return query
}

func AnnualReportXLSX(v *visit.Visit) error {
	return reportFile(v, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", report.XLSX)
}

func AnnualReportText(v *visit.Visit) error {
	return reportFile(v, "text/plain; charset=utf-8", "txt", report.Text)
}

func AnnualReportJSON(v *visit.Visit) error {
	return reportFile(v, "application/json", "json", func(w io.Writer, r report.AnnualReport, _ *i18n.Lang) error { return report.JSON(w, r) })
}

// reportFile answers with the report as a file, made whole before it is sent.
func reportFile(v *visit.Visit, kind, ending string, write func(io.Writer, report.AnnualReport, *i18n.Lang) error) error {
	r, _, err := reportAsked(v)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(&file, r, v.Lang); err != nil {
		return err
	}
	v.Download(kind, fmt.Sprintf("%s-%s-%d.%s", v.T("figures.annual.file"), r.Region.Slug, r.Year, ending))
	_, _ = file.WriteTo(v.W) // a browser that left is no fault of ours
	return nil
}
