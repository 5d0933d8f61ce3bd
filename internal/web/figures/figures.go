package figures

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/publication"
	"yrkesresan/internal/round"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Regional are a region's figures of a journey as of a day: accounts and
// completions per municipality, answers to evaluations, the rounds of the year.
func Regional(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	if err := access.Figures(v.Viewer).Allow(region.Place()); err != nil {
		return err
	}
	journeys, journey, err := journeyAsked(v)
	if err != nil {
		return err
	}
	day, q := v.DayOrToday(), v.Reader()
	accounts, err := statistics.Accounts(v.Context(), q, v.Viewer, region.ID, journey.ID, day)
	if err != nil {
		return err
	}
	completions, err := statistics.Completions(v.Context(), q, v.Viewer, region.ID, journey.ID, day)
	if err != nil {
		return err
	}
	evaluations, published, err := statistics.Evaluations(v.Context(), q, v.Viewer, journey.ID, region.ID, day)
	if err != nil {
		return err
	}
	courses, err := statistics.Courses(v.Context(), q, v.Viewer, region.ID, journey.ID, day.Year(), day)
	if err != nil {
		return err
	}
	cancelled, err := statistics.CancelledRounds(v.Context(), q, v.Viewer, region.ID, journey.ID, day.Year(), day)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("figures.title", "Place", region.Name), Lead: v.T("figures.lead", "Journey", journey.Name, "Day", day),
		Others: []ui.Action{
			{Label: v.T("figures.to_report"), Href: visit.RegionPath(region, "annual-report"), Kind: ui.Secondary},
			{Label: v.T("history.title"), Href: address.RegionHistory(region.Slug), Kind: ui.Secondary},
		},
	}
	joined, err := joinedFigure(v, region.ID, visit.RegionPath(region, "affiliation"), day)
	if err != nil {
		return err
	}
	source := v.T("figures.source", "Place", region.Name)
	parts := []templ.Component{head.View(v.Lang), journeyTabs(v, journeys, journey), asOf(v, journey, day)}
	parts = append(parts, figureTables(v, accounts, completions, source, v.T("money.municipality"), joined, func(o organisation.Organisation) string { return municipalityRows(v, o) })...)
	steps, err := stepExperience(v, journey.ID, region.ID, source, day)
	if err != nil {
		return err
	}
	ids := make([]int64, len(cancelled))
	for i, r := range cancelled {
		ids[i] = r.ID
	}
	seen, err := round.Seen(v.Context(), v.Reader(), v.Viewer, ids)
	if err != nil {
		return err
	}
	parts = append(parts, evaluationTable(v, evaluations, source, day, published), steps, coursesGiven(v, courses), cancelledRounds(v, cancelled, seen, day))
	return v.Page(v.Frame(head.Title, v.CrumbsOf(region)...), parts...)
}

// OfGroup are the figures of a group of municipalities, for a page of its own: the journey and
// the day that are asked for, accounts and completions per member of the day.
func OfGroup(v *visit.Visit, g municipalgroup.Group) ([]templ.Component, error) {
	journeys, journey, err := journeyAsked(v)
	if err != nil {
		return nil, err
	}
	day := v.DayOrToday()
	accounts, completions, err := statistics.Group(v.Context(), v.Reader(), v.Viewer, g, journey.ID, day)
	if err != nil {
		return nil, err
	}
	members := ui.Figure{Label: v.T("groups.members"), Value: v.Lang.Number(int64(len(accounts.Rows))), AsOf: day}
	parts := []templ.Component{journeyTabs(v, journeys, journey), asOf(v, journey, day)}
	return append(parts, figureTables(v, accounts, completions, v.T("figures.source", "Place", g.Name), v.T("money.municipality"), members, func(o organisation.Organisation) string { return municipalityRows(v, o) })...), nil
}

// National are the country's, a row per region.
func National(v *visit.Visit) error {
	if err := access.Figures(v.Viewer).Allow(access.Place{}); err != nil { // the nation is no place in it
		return err
	}
	journeys, journey, err := journeyAsked(v)
	if err != nil {
		return err
	}
	day, q := v.DayOrToday(), v.Reader()
	accounts, completions, err := statistics.Nation(v.Context(), q, v.Viewer, journey.ID, day)
	if err != nil {
		return err
	}
	evaluations, published, err := statistics.Evaluations(v.Context(), q, v.Viewer, journey.ID, 0, day)
	if err != nil {
		return err
	}
	nation := v.Server.Country[organisation.NationID]
	head := ui.PageHead{Title: v.T("figures.title", "Place", nation.Name), Lead: v.T("figures.lead", "Journey", journey.Name, "Day", day)}
	joined, err := joinedFigure(v, 0, address.NationAffiliation, day)
	if err != nil {
		return err
	}
	source := v.T("figures.source", "Place", nation.Name)
	parts := []templ.Component{head.View(v.Lang), journeyTabs(v, journeys, journey), asOf(v, journey, day)}
	parts = append(parts, figureTables(v, accounts, completions, source, v.T("figures.region"), joined, func(o organisation.Organisation) string {
		return regionRows(o, journey, day)
	})...)
	steps, err := stepExperience(v, journey.ID, 0, source, day)
	if err != nil {
		return err
	}
	parts = append(parts, evaluationTable(v, evaluations, source, day, published), steps)
	return v.Page(v.Frame(head.Title, v.CrumbsOf(nation)...), parts...)
}

// joinedFigure is how many of the region's municipalities, or of all (0), have joined; it
// leads to which.
func joinedFigure(v *visit.Visit, regionID int64, path string, day clock.Day) (ui.Figure, error) {
	joined, all, err := affiliation.Count(v.Context(), v.Reader(), v.Viewer, regionID, day)
	f := ui.Figure{Label: v.T("affiliation.joined"), Value: v.Lang.Number(int64(joined)), Unit: v.T("affiliation.of", "Count", all), AsOf: day}
	if access.Affiliations(v.Viewer).Covers(access.Place{RegionID: regionID}) {
		f.Href = path
	}
	return f, err
}

// journeyAsked is the journey in the address, the first without one.
func journeyAsked(v *visit.Visit) ([]catalogue.Journey, catalogue.Journey, error) {
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return nil, catalogue.Journey{}, err
	}
	slug := v.FormValue("journey")
	for _, j := range journeys {
		if j.Slug == slug || slug == "" {
			return journeys, j, nil
		}
	}
	return nil, catalogue.Journey{}, fault.NotFound
}

func journeyTabs(v *visit.Visit, journeys []catalogue.Journey, journey catalogue.Journey) templ.Component {
	tabs := ui.Tabs{Label: v.T("figures.journeys")}
	at := v.Address()
	at.Query.Del("sort")
	for _, j := range journeys {
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Name, Href: at.With("journey", j.Slug), Current: j.ID == journey.ID})
	}
	return tabs.View(v.Lang)
}

// asOf asks for the day of the figures.
func asOf(v *visit.Visit, journey catalogue.Journey, day clock.Day) templ.Component {
	f := ui.Filter{
		Label: v.T("figures.as_of"), Action: v.URL.Path, Hidden: []ui.Hidden{{Name: "journey", Value: journey.Slug}},
		Fields: []ui.Field{{
			Input: ui.DateInput, Name: "day", Label: v.T("figures.day"), Value: day.String(), Max: v.Today.String(),
		}},
		Result: v.T("ui.per_day", "Day", day),
	}
	if day != v.Today {
		f.Clear = v.Address().With("day", "")
	}
	return f.View(v.Lang)
}

// municipalityRows leads to a municipality's page, for those who see its people.
func municipalityRows(v *visit.Visit, o organisation.Organisation) string {
	if !access.Staff(v.Viewer).Covers(o.Place()) {
		return ""
	}
	return visit.MunicipalityPath(o)
}

func regionRows(o organisation.Organisation, journey catalogue.Journey, day clock.Day) string {
	return visit.RegionPath(o, "figures") + "?day=" + day.String() + "&journey=" + journey.Slug
}

// figureTables are the accounts and completions with their charts.
func figureTables(v *visit.Visit, a statistics.AccountTable, c statistics.CompletionTable, source, of string, joined ui.Figure, rows func(organisation.Organisation) string) []templ.Component {
	if a.Total.Accounts == 0 {
		return []templ.Component{ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("figures.no_accounts", "Journey", a.Journey.Name, "Day", a.Day), Text: v.T("figures.no_accounts_help"),
		}.View(v.Lang)}
	}
	figures := ui.Figures{{Label: v.T("report.column.accounts"), Value: v.Lang.Number(int64(a.Total.Accounts)), AsOf: a.Day, Href: "#accounts"}}
	figures = append(figures, ui.Figure{
		Label: v.T("report.column.employees"), Value: v.Lang.Number(int64(a.Total.Employees)), AsOf: a.Day, Href: "#accounts",
	})
	if best, ok := mostCompleted(c); ok {
		figures = append(figures, ui.Figure{
			Label: v.T("figures.completed", "Course", c.Courses[best].Short()), Value: v.Lang.Percent(c.Total.Share(best).Float(), 1), AsOf: c.Day,
			Note: v.T("figures.of_employees", "Completed", c.Total.Completed[best], "Employees", c.Total.Employees), Href: "#completions",
		})
	}
	figures = append(figures, joined)
	return []templ.Component{
		figures.View(v.Lang),
		ui.Columns(accountChart(v, a, source, of).View(v.Lang), completionChart(v, c, source).View(v.Lang)),
		accounts(v, a, of, rows), completions(v, c, of, rows),
	}
}

// sortable is a row of figures that can be sorted by each.
type sortable struct {
	values []int64
	ui.Row
}

// sorted orders rows by the column in the address, "a2" or "-a2" for the table
// a's second figure; without one they stay in Swedish order. It returns the key
// in force.
func sorted(v *visit.Visit, table string, rows []sortable) ([]ui.Row, string) {
	key := v.FormValue("sort")
	number, falling := strings.CutPrefix(key, "-")
	number, ours := strings.CutPrefix(number, table)
	if at, err := strconv.Atoi(number); ours && err == nil && at >= 0 && (len(rows) == 0 || at < len(rows[0].values)) {
		slices.SortStableFunc(rows, func(a, b sortable) int {
			if falling {
				a, b = b, a
			}
			return cmp.Compare(a.values[at], b.values[at])
		})
	} else {
		key = ""
	}
	sorted := make([]ui.Row, len(rows))
	for i, r := range rows {
		sorted[i] = r.Row
	}
	return sorted, key
}

// accounts is a row per organisation: steps in an authority journey, roles in
// every one. The note says how they overlap.
func accounts(v *visit.Visit, a statistics.AccountTable, of string, rows func(organisation.Organisation) string) templ.Component {
	t := ui.Table{ID: "accounts", Caption: v.T("report.title.accounts", "Journey", a.Journey.Name), Wide: true, Dense: true, Address: v.Address()}
	note := "report.caption.authority_accounts"
	if a.Journey.Audience == catalogue.Provider {
		note = "report.caption.provider_accounts"
	}
	t.Note = v.T(note, "Day", a.Day, "Overlap", a.Total.Overlap, "None", a.Total.None)
	if a.Twice > 0 {
		t.Note += " " + v.T("figures.twice", "Count", a.Twice)
	}
	names := []string{v.T("report.column.accounts")}
	for _, s := range a.Steps {
		names = append(names, s.Name)
	}
	names = append(names, v.T("report.column.employees"), v.T("report.column.managers"), v.T("report.column.trainers"),
		v.T("report.column.municipal_admins"), v.T("figures.overlap."+string(a.Journey.Audience)), v.T("figures.none"))
	figures := func(r statistics.AccountRow) []int64 {
		all := []int64{int64(r.Accounts)}
		for _, n := range r.Steps {
			all = append(all, int64(n))
		}
		return append(all, int64(r.Employees), int64(r.Managers), int64(r.Trainers), int64(r.MunicipalAdmins), int64(r.Overlap), int64(r.None))
	}
	t.Columns = []ui.Column{{Label: of}}
	for i, name := range names {
		t.Columns = append(t.Columns, ui.Column{Label: name, Key: "a" + strconv.Itoa(i), Numeric: true})
	}
	var all []sortable
	for _, r := range a.Rows {
		row := sortable{values: figures(r)}
		row.Cells = []ui.Cell{{Text: r.Organisation.Name, Href: rows(r.Organisation)}}
		for _, n := range row.values {
			row.Cells = append(row.Cells, ui.Text(v.Lang.Number(n)))
		}
		all = append(all, row)
	}
	t.Rows, t.Sorted = sorted(v, "a", all)
	t.Total = []ui.Cell{ui.Text(v.T("ui.total"))}
	for _, n := range figures(a.Total) {
		t.Total = append(t.Total, ui.Text(v.Lang.Number(n)))
	}
	return v.Table(t, v.URL.Path)
}

// completions is a row per organisation and a column per course: how many and,
// beneath, which share of the employees.
func completions(v *visit.Visit, c statistics.CompletionTable, of string, rows func(organisation.Organisation) string) templ.Component {
	t := ui.Table{
		ID: "completions", Caption: v.T("report.title.completions", "Journey", c.Journey.Name), Wide: true, Dense: true, Address: v.Address(),
		Note:  v.T("figures.completions_help", "Day", c.Day),
		Empty: ui.Empty{Picture: ui.PictureFigures, Title: v.T("figures.no_courses"), Text: v.T("figures.no_courses_help")},
	}
	t.Columns = []ui.Column{{Label: of}, {Label: v.T("report.column.employees"), Key: "c0", Numeric: true}}
	for i, course := range c.Courses {
		t.Columns = append(t.Columns, ui.Column{Label: course.Short(), Key: "c" + strconv.Itoa(i+1), Numeric: true})
	}
	cells := func(r statistics.CompletionRow) []ui.Cell {
		all := []ui.Cell{v.NumberCell(r.Employees)}
		for i, n := range r.Completed {
			all = append(all, ui.Cell{Text: v.Lang.Number(int64(n)), Note: v.Lang.Percent(r.Share(i).Float(), 1)})
		}
		return all
	}
	var all []sortable
	if len(c.Courses) > 0 {
		for _, r := range c.Rows {
			row := sortable{values: []int64{int64(r.Employees)}}
			for i := range r.Completed {
				row.values = append(row.values, int64(r.Share(i)))
			}
			row.Cells = append([]ui.Cell{{Text: r.Organisation.Name, Href: rows(r.Organisation)}}, cells(r)...)
			all = append(all, row)
		}
	}
	t.Rows, t.Sorted = sorted(v, "c", all)
	t.Total = append([]ui.Cell{ui.Text(v.T("ui.total"))}, cells(c.Total)...)
	return v.Table(t, v.URL.Path)
}

// mostCompleted is the course that most have completed.
func mostCompleted(c statistics.CompletionTable) (int, bool) {
	best := -1
	for i, n := range c.Total.Completed {
		if n > 0 && (best < 0 || n > c.Total.Completed[best]) {
			best = i
		}
	}
	return best, best >= 0
}

// mostBars is how many bars a chart has room for before it is a table.
const mostBars = 15

// accountChart compares the organisations' accounts; the finding names the
// largest.
func accountChart(v *visit.Visit, a statistics.AccountTable, source, of string) ui.BarChart {
	rows := slices.Clone(a.Rows)
	slices.SortStableFunc(rows, func(x, y statistics.AccountRow) int { return cmp.Compare(y.Accounts, x.Accounts) })
	rows = rows[:min(len(rows), mostBars)]
	if len(rows) == 0 || rows[0].Accounts == 0 {
		return ui.BarChart{}
	}
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "chart-accounts-" + a.Journey.Slug, Source: source, AsOf: a.Day, Column: of, Desc: v.T("figures.accounts_desc"),
			Title: v.T("figures.accounts_finding", "Place", rows[0].Organisation.Name, "Accounts", rows[0].Accounts, "Total", a.Total.Accounts, "Journey", a.Journey.Name),
		},
		Unit: v.T("report.column.accounts"),
	}
	for _, r := range rows {
		if r.Accounts > 0 { // the table has the others
			chart.Bars = append(chart.Bars, ui.Bar{Label: r.Organisation.Name, Values: []float64{float64(r.Accounts)}})
		}
	}
	return chart
}

// completionChart is the share of the employees per course; nothing until
// somebody has completed one.
func completionChart(v *visit.Visit, c statistics.CompletionTable, source string) ui.BarChart {
	best, ok := mostCompleted(c)
	if !ok {
		return ui.BarChart{}
	}
	chart := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "chart-completions-" + c.Journey.Slug, Source: source, AsOf: c.Day, Column: v.T("money.course"), Desc: v.T("figures.completions_desc"),
			Title: v.T("figures.completions_finding", "Course", c.Courses[best].Short(), "Share", v.Lang.Percent(c.Total.Share(best).Float(), 1)),
		},
		Unit:   v.T("figures.share_of_employees"),
		Format: func(share float64) string { return v.Lang.Percent(share, 1) },
	}
	for i, course := range c.Courses {
		if c.Total.Completed[i] > 0 {
			chart.Bars = append(chart.Bars, ui.Bar{Label: course.Title(), Values: []float64{c.Total.Share(i).Float()}})
		}
	}
	return chart
}

// evaluationTable shows how the answers spread that were published on the day on,
// and names the courses of which none are shown.
func evaluationTable(v *visit.Visit, all []statistics.Evaluation, source string, asked, on clock.Day) templ.Component {
	title := v.T("figures.evaluations")
	parts := []templ.Component{publishedOn(v, asked, on)}
	if len(all) == 0 {
		return ui.Section("evaluations", title, append(parts, ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("figures.no_answers"), Text: v.T("figures.no_answers_help"),
		}.View(v.Lang))...)
	}
	chart, hidden := evaluationChart(v, all, source, on)
	parts = append(parts, ui.Paragraph(v.T("figures.published_help", "Fewest", statistics.FewestShown)), chart.View(v.Lang))
	if len(hidden) > 0 {
		parts = append(parts, ui.Notice{
			Tone: ui.Info, Title: v.T("figures.too_few"), Text: v.T("figures.too_few_help", "Fewest", statistics.FewestShown, "Courses", strings.Join(hidden, ", ")),
		}.View(v.Lang))
	}
	return ui.Section("evaluations", title, parts...)
}

// publishedOn tells which publication the answers on a page are of (0: there was none
// on the day asked for), and when the next one comes.
func publishedOn(v *visit.Visit, asked, on clock.Day) templ.Component {
	if on == 0 {
		return ui.Paragraph(v.T("figures.unpublished", "Day", asked, "Next", publication.Next(v.Today)))
	}
	text := v.T("figures.published", "Day", on)
	if next := publication.Next(on + 1); next >= v.Today {
		text += " " + v.T("figures.next_publication", "Day", next)
	}
	return ui.Paragraph(text)
}

// evaluationChart is the distribution of the answers that may be shown, and the
// courses whose may not.
func evaluationChart(v *visit.Visit, all []statistics.Evaluation, source string, day clock.Day) (ui.Distribution, []string) {
	chart := ui.Distribution{ChartText: ui.ChartText{
		ID: "chart-evaluations", Source: source, AsOf: day, Column: v.T("money.course"), Desc: v.T("figures.evaluations_desc"),
	}}
	var hidden []string
	answers, satisfied := 0, 0
	for _, e := range all {
		if e.Suppressed {
			hidden = append(hidden, e.Course)
			continue
		}
		chart.Grades = nil
		for i := range e.Labels {
			chart.Grades = append(chart.Grades, gradeLabel(v, e, i))
		}
		answers += e.Total
		satisfied += e.Satisfied
		chart.Rows = append(chart.Rows, ui.Answers{
			Label: e.Course, Counts: e.Answers,
			Note: v.T("figures.satisfied", "Share", v.Lang.Percent(e.Satisfaction().Float(), 1), "Count", e.Total),
		})
	}
	if answers > 0 {
		chart.Title = v.T("figures.evaluations_finding", "Share", v.Lang.Percent(statistics.Share(satisfied, answers).Float(), 1), "Count", answers)
	}
	return chart, hidden
}

// gradeLabel is the grade in the visitor's language: the five of the national
// questionnaire are known, those of another are as they were asked.
func gradeLabel(v *visit.Visit, e statistics.Evaluation, i int) string {
	if len(e.Labels) == 5 {
		return v.T("report.grade." + strconv.Itoa(i+1))
	}
	return e.Labels[i]
}

// coursesGiven is what was given of the journey in the year.
func coursesGiven(v *visit.Visit, c statistics.CourseTable) templ.Component {
	year := strconv.Itoa(c.Year)
	t := ui.Table{
		ID: "rounds", Caption: v.T("figures.rounds", "Year", year),
		Note: v.T("report.caption.courses", "Year", year, "Day", c.AsOf, "Regional", c.Total.ApprovedRegional),
		Columns: []ui.Column{
			{Label: v.T("money.course")}, {Label: v.T("report.column.delivery")}, {Label: v.T("report.column.rounds"), Numeric: true},
			{Label: v.T("report.column.course_days"), Numeric: true}, {Label: v.T("report.column.approved"), Numeric: true},
		},
		Total: []ui.Cell{
			ui.Text(v.T("ui.total")), ui.Text(""), v.NumberCell(c.Total.Rounds), v.NumberCell(c.Total.CourseDays), v.NumberCell(c.Total.Approved),
		},
		Empty: ui.Empty{Picture: ui.PictureCalendar, Title: v.T("figures.no_rounds", "Year", year), Text: v.T("figures.no_rounds_help")},
	}
	for _, r := range c.Rows {
		rounds, days := ui.Text(""), ui.Text("")
		if r.Rounds != nil {
			rounds, days = v.NumberCell(*r.Rounds), v.NumberCell(*r.CourseDays)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(r.Course.Name), ui.Text(v.T("report.delivery." + string(r.Delivery))), rounds, days, v.NumberCell(r.Approved),
		}})
	}
	return v.Table(t, v.URL.Path)
}

// cancelledRounds are the year's rounds that were called off, each with what
// for, and how many for which cause. Those that are seen are led to.
func cancelledRounds(v *visit.Visit, rounds []statistics.CancelledRound, seen map[int64]bool, asOf clock.Day) templ.Component {
	if len(rounds) == 0 {
		return templ.NopComponent
	}
	t := ui.Table{
		ID: "cancelled", Caption: v.T("figures.cancelled", "Year", strconv.Itoa(asOf.Year())), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("money.course")}, {Label: v.T("figures.first_day"), Keep: true}, {Label: v.T("figures.seats_of_minimum"), Numeric: true},
			{Label: v.T("figures.cause")}, {Label: v.T("figures.cancelled_on")},
		},
	}
	byCause := map[round.Cause]int{}
	for _, r := range rounds {
		byCause[r.Cause]++
		course := ui.Cell{Text: r.Course, Note: r.Label}
		if seen[r.ID] {
			course.Href = visit.RoundPath(r.ID)
		}
		cause := ui.Text(v.T(r.Cause.Key()))
		if r.Reason != cause.Text {
			cause.Note = r.Reason
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			course, ui.Text(v.Lang.ShortDay(r.FirstDay)), ui.Text(v.T("round.of", "Some", r.Seats, "All", r.Minimum)), cause, ui.Text(v.Lang.ShortDay(r.At.Day())),
		}})
	}
	counts := []string{v.T("figures.cancelled_count", "Count", len(rounds), "Day", asOf)}
	for _, c := range round.Causes {
		if byCause[c] > 0 {
			counts = append(counts, v.T(c.Key())+": "+v.Lang.Number(int64(byCause[c])))
		}
	}
	t.Note = strings.Join(counts, " · ")
	return v.Table(t)
}
