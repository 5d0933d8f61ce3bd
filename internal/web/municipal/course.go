package municipal

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

// courseCoverage is one course in a municipality: how far each unit has come,
// who is missing and when all have taken it.
type courseCoverage struct {
	*visit.Visit
	place  organisation.Organisation
	course catalogue.Course
	staff  []rollout.Member
	whole  rollout.Coverage
	units  []rollout.Coverage
	plans  []rollout.Plan // of the course that have not ended
	begins bool           // somebody can begin the course
}

const (
	missingPerPage = 40
	monthsBack     = 12
)

func findCoverage(v *visit.Visit) (*courseCoverage, error) {
	m, err := coveragePlace(v)
	if err != nil {
		return nil, err
	}
	p := &courseCoverage{Visit: v, place: m}
	if p.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course")); err != nil {
		return nil, err
	}
	return p, nil
}

// Course is the page of one course.
func Course(v *visit.Visit) error {
	p, err := findCoverage(v)
	if err != nil {
		return err
	}
	if p.staff, err = rollout.Staff(v.Context(), v.Reader(), v.Viewer, p.place.ID, p.course.ID, v.Today); err != nil {
		return err
	}
	p.whole, p.units = rollout.Cover(p.staff)
	if p.begins, err = learning.CanBegin(v.Context(), v.Reader(), p.course, v.Today); err != nil {
		return err
	}
	plans, err := rollout.Plans(v.Context(), v.Reader(), v.Viewer, p.place)
	if err != nil {
		return err
	}
	for _, each := range plans {
		if each.CourseID == p.course.ID && each.EndedAt == nil {
			p.plans = append(p.plans, each)
		}
	}
	title := p.course.Title()
	f := v.Frame(title, v.CrumbsOf(p.place, ui.Crumb{Label: v.T("coverage.title"), Href: visit.MunicipalityPath(p.place, "courses")}, ui.Crumb{Label: title})...)
	head := ui.PageHead{
		Title: title, Lead: p.lead(),
		Others: []ui.Action{
			{Label: v.T("coverage.occasions"), Href: visit.OccasionsPath(p.place) + "?course=" + p.course.Slug, Kind: ui.Secondary},
			{Label: v.T("coverage.course_page"), Href: visit.CoursePath(p.course.Slug), Kind: ui.Secondary},
		},
	}
	if access.PlanRollout(v.Viewer).Covers(p.place.Place()) {
		head.Action = &ui.Action{Label: v.T("coverage.make_plan"), Href: visit.MunicipalityPath(p.place, "plans/new") + "?course=" + p.course.Slug}
	}
	if len(p.plans) > 0 {
		head.Action = &ui.Action{Label: v.T("coverage.open_plan", "Plan", p.plans[0].Name), Href: visit.PlanPath(p.plans[0].ID)}
	}
	ends, err := lifetime.RetirementOf(v.Context(), v.Reader(), p.course.ID)
	if err != nil {
		return err
	}
	var notice templ.Component = templ.NopComponent
	if ends != nil {
		help := "lifetime.staff_ends_help"
		if ends.On(v.Today) {
			head.Action, help = nil, "lifetime.staff_help"
		}
		notice = retirement.Ends(v, &ends.From, v.T(help))
	}
	if p.whole.Staff == 0 {
		head.Action = nil
		return v.Page(f, head.View(v.Lang), ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("coverage.nobody"), Text: v.T("coverage.nobody_help"),
			Action: &ui.Action{Label: v.T("coverage.all_courses"), Href: visit.MunicipalityPath(p.place, "courses"), Kind: ui.Secondary},
		}.View(v.Lang))
	}
	if ends.On(v.Today) { // nobody lacks it, so there is no pace and nobody to remind
		return v.Page(f, head.View(v.Lang), notice, p.numbers().View(v.Lang))
	}
	return v.Page(f, ui.Parts(head.View(v.Lang), notice, p.numbers().View(v.Lang), p.pace(), p.missing(), ui.Columns(
		ui.Section("units", v.T("coverage.units"), p.bars().View(v.Lang), ui.Fold(v.T("coverage.unit_table"), p.unitTable().View(v.Lang))),
		ui.Section("over-time", v.T("coverage.over_time"), p.overTime().View(v.Lang)),
	))...)
}

func (p *courseCoverage) lead() string {
	return p.T("coverage.course_lead", "Municipality", p.place.Name, "Day", p.Today)
}

func (p *courseCoverage) share(c rollout.Coverage) string {
	return p.Lang.Percent(statistics.Share(c.Done, c.Staff).Float(), 1)
}

func (p *courseCoverage) numbers() ui.Figures {
	number := func(n int) string { return p.Lang.Number(int64(n)) }
	away := 0
	for _, m := range p.staff {
		if m.WithoutSeat() && m.Away != nil {
			away++
		}
	}
	figures := ui.Figures{
		{Label: p.T("coverage.included"), Value: number(p.whole.Staff), AsOf: p.Today, Unit: p.T("coverage.persons", "Count", p.whole.Staff)},
		{Label: p.T("coverage.done"), Value: number(p.whole.Done), AsOf: p.Today, Unit: p.share(p.whole)},
		{Label: p.T("coverage.seated"), Value: number(p.whole.Seated), AsOf: p.Today},
		{Label: p.T("coverage.missing"), Value: number(p.whole.WithoutSeat), AsOf: p.Today, Href: onlyWithoutSeat},
	}
	if away > 0 {
		figures[3].Note = p.T("coverage.away_of_them", "Count", away)
	}
	return figures
}

// pace says when all have taken the course if they go on as lately, and what
// that is counted from.
func (p *courseCoverage) pace() templ.Component {
	left := p.whole.Lacking().All
	switch {
	case left == 0 && p.whole.Done < p.whole.Staff: // the course is asked of nobody now
		return templ.NopComponent
	case left == 0:
		return ui.Notice{Tone: ui.Positive, Title: p.T("coverage.all_done_title"), Text: p.T("coverage.all_done", "Count", p.whole.Staff)}.View(p.Lang)
	}
	lately := rollout.Lately(p.staff, p.Today)
	on, ok := rollout.AllDone(p.staff, p.Today)
	if !ok {
		return ui.Notice{Tone: ui.Info, Title: p.T("coverage.no_pace_title"), Text: p.T("coverage.no_pace", "Count", left, "Days", rollout.PaceDays)}.View(p.Lang)
	}
	return ui.Notice{
		Tone: ui.Info, Title: p.T("coverage.pace_title", "Month", p.Lang.Month(on)),
		Text: p.T("coverage.pace", "Count", lately, "Days", rollout.PaceDays, "Left", left),
	}.View(p.Lang)
}

func (p *courseCoverage) bars() ui.BarChart {
	c := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "by-unit", Title: p.T("coverage.chart", "Share", p.share(p.whole), "Done", p.whole.Done, "Staff", p.whole.Staff), Desc: p.T("coverage.chart_desc"),
			Source: p.T("coverage.source"), AsOf: p.Today, Column: p.T("people.unit"),
		},
		Unit: p.T("coverage.chart_unit"), Format: func(x float64) string { return p.Lang.Percent(x, 0) },
	}
	for _, u := range p.units {
		c.Bars = append(c.Bars, ui.Bar{Label: p.unitName(u.UnitID, u.Unit), Values: []float64{statistics.Share(u.Done, u.Staff).Float()}})
	}
	return c
}

// unitTable is the numbers behind the bars.
func (p *courseCoverage) unitTable() ui.Table {
	t := ui.Table{
		ID: "unit-table", Caption: p.T("coverage.units"), QuietTitle: true, Dense: true, Wide: true,
		Columns: []ui.Column{
			{Label: p.T("people.unit")}, {Label: p.T("coverage.included"), Numeric: true}, {Label: p.T("coverage.done"), Numeric: true},
			{Label: p.T("coverage.seated"), Numeric: true}, {Label: p.T("coverage.missing"), Numeric: true}, {Label: p.T("coverage.share"), Numeric: true},
		},
	}
	row := func(name string, c rollout.Coverage) []ui.Cell {
		return append(append([]ui.Cell{ui.Text(name)}, Counts(p.Visit, c)...), ui.Text(p.Lang.Number(int64(c.WithoutSeat))), shareOf(p.Visit, c))
	}
	for _, u := range p.units {
		t.Rows = append(t.Rows, ui.Row{Cells: row(p.unitName(u.UnitID, u.Unit), u)})
	}
	t.Total = row(p.T("ui.total"), p.whole)
	return t
}

func (p *courseCoverage) unitName(id int64, name string) string {
	if id == p.place.ID {
		return p.T("municipality.itself")
	}
	return name
}

func (p *courseCoverage) overTime() ui.BarChart {
	points := rollout.OverTime(p.staff, monthsBack, p.Today)
	c := ui.BarChart{
		ChartText: ui.ChartText{
			ID: "time", Title: p.T("coverage.time_title", "Count", points[len(points)-1].Done-points[0].Done), Desc: p.T("coverage.time_desc"),
			Source: p.T("coverage.source"), AsOf: p.Today, Column: p.T("coverage.day"),
		},
		Unit: p.T("coverage.time_unit"),
	}
	for _, each := range points {
		c.Bars = append(c.Bars, ui.Bar{Label: p.Lang.Day(each.Day), Values: []float64{float64(each.Done)}})
	}
	return c
}

// onlyWithoutSeat leads to those who have no seat, of those who lack the course.
const onlyWithoutSeat = "?seat=none#missing"

// missing is who lacks the course: when they have a seat, wait for one, are on
// leave or have neither, with the button that reminds them.
func (p *courseCoverage) missing() templ.Component {
	seatless := p.FormValue("seat") == "none"
	all := slices.Clone(p.staff)
	all = slices.DeleteFunc(all, func(m rollout.Member) bool { return !m.Lacks() || seatless && !m.WithoutSeat() })
	page := max(1, min(p.Number("page", 1), (len(all)+missingPerPage-1)/missingPerPage))
	t := ui.Table{
		ID: "who", Caption: p.T("coverage.who"), QuietTitle: true, Dense: true, Note: standing.WhoLacks(p.Visit, p.whole.Lacking(), p.course.Title()) + ".",
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("people.unit")}, {Label: p.T("people.job")}, {Label: p.T("coverage.standing")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("coverage.all_done_title")},
	}
	if len(all) > missingPerPage {
		address := p.Address()
		t.Pager = &ui.Pager{Address: address, Page: page, PerPage: missingPerPage, Rows: len(all)}
	}
	for _, m := range all[min(len(all), (page-1)*missingPerPage):min(len(all), page*missingPerPage)] {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(m.Name, visit.PersonPath(m.PersonID)), ui.Text(p.unitName(m.UnitID, m.Unit)), ui.Text(m.Title), p.standing(m),
		}})
	}
	if p.whole.WithoutSeat == 0 {
		return ui.Section("missing", p.T("coverage.missing_title"), t.View(p.Lang))
	}
	which := ui.Tabs{Label: p.T("coverage.missing_title"), Items: []ui.Tab{
		{Label: p.T("coverage.all_lacking"), Count: p.Lang.Number(int64(p.whole.Lacking().All)), Href: p.Address().With("seat", "") + "#missing", Current: !seatless},
		{Label: p.T("coverage.without_seat"), Count: p.Lang.Number(int64(p.whole.WithoutSeat)), Href: p.Address().With("seat", "none") + "#missing", Current: seatless},
	}}
	remind := ui.Action{
		Label: p.T("coverage.remind"), Href: visit.CoveragePath(p.place, p.course.Slug, "reminders"), Kind: ui.Secondary, Post: true,
		Hidden: []ui.Hidden{{Name: "whom", Value: "missing"}},
	}
	help, acts := p.T("coverage.remind_help"), []ui.Action{remind}
	if !p.begins {
		help, acts = p.T("rollout.nothing_to_begin"), nil
	}
	return ui.Section("missing", p.T("coverage.missing_title"),
		ui.Paragraph(help), ui.Buttons(p.Lang, append(acts, ui.Action{Label: p.T("coverage.list"), Href: visit.MunicipalityPath(p.place, "staff") + "?course=" + visit.ID(p.course.ID), Kind: ui.Secondary})), which.View(p.Lang), t.View(p.Lang))
}

// standing is what somebody who has not completed the course has instead.
func (p *courseCoverage) standing(m rollout.Member) ui.Cell {
	var cell ui.Cell
	switch {
	case m.Booked():
		cell = ui.Link(standing.SeatWord(p.Visit, *m.NextDay), visit.RoundPath(m.NextID))
	case m.Waits():
		cell = ui.Status(p.T("staff.waits"), ui.Info)
	case m.Away != nil:
		cell = ui.Status(p.T("coverage.away_word"), ui.Plain)
	default:
		cell = ui.Status(p.T("coverage.without_seat"), ui.Caution)
	}
	if m.Away != nil {
		cell.Note = standing.OnLeave(p.Visit, m)
	}
	return cell
}

// RemindCourse writes to those who miss the course, and their managers.
func RemindCourse(v *visit.Visit) error {
	p, err := findCoverage(v)
	if err != nil {
		return err
	}
	if v.FormValue("whom") != "missing" {
		return fault.Invalid("whom", "fault.invalid")
	}
	var done rollout.Reminded
	if err := v.Write(func(tx *db.Tx) error {
		var err error
		done, err = rollout.Remind(v.Context(), tx, v.Viewer, p.place, p.course.ID, v.Server.Site, v.Now)
		return err
	}); err != nil {
		return err
	}
	path := visit.CoveragePath(p.place, p.course.Slug)
	if done.People == 0 {
		return v.Redirect(path, "notice.nobody_to_remind", "Lately", strconv.Itoa(done.Lately), "Away", strconv.Itoa(done.Away))
	}
	return v.Redirect(path, "notice.reminded", "People", strconv.Itoa(done.People), "Managers", strconv.Itoa(done.Managers), "Lately", strconv.Itoa(done.Lately))
}
