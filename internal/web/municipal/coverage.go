package municipal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

// PlanningPlace is the municipality in the address for those who plan its
// courses.
func PlanningPlace(v *visit.Visit) (organisation.Organisation, error) {
	m, err := v.Municipality()
	if err == nil && !access.PlanRollout(v.Viewer).Covers(m.Place()) {
		err = fault.NotFound
	}
	return m, err
}

// coveragePlace is the municipality in the address for those who see how far its staff, or
// those of a district of it, have come.
func coveragePlace(v *visit.Visit) (organisation.Organisation, error) {
	m, err := v.Municipality()
	if err == nil && !access.CoverageIn(v.Viewer, m.Place()) {
		err = fault.NotFound
	}
	return m, err
}

// coveredPlace is what the pages of coverage are about, in words: the municipality, or the
// districts of it that the visitor administers.
func coveredPlace(v *visit.Visit, m organisation.Organisation) string {
	if access.Coverage(v.Viewer).Covers(m.Place()) {
		return m.Name
	}
	var names []string
	for _, g := range v.Viewer.Grants {
		if g.Role == access.DistrictAdmin && g.MunicipalityID == m.ID {
			names = append(names, g.Name)
		}
	}
	return strings.Join(names, ", ")
}

// Coverage is how far a municipality has come with all its courses.
func Coverage(v *visit.Visit) error {
	m, err := coveragePlace(v)
	if err != nil {
		return err
	}
	journey := v.NumberID("journey")
	o, err := rollout.OverviewOf(v.Context(), v.Reader(), v.Viewer, m, journey, v.Today)
	if err != nil {
		return err
	}
	title := v.T("coverage.title")
	head := ui.PageHead{
		Title: title, Lead: v.T("coverage.lead", "Municipality", coveredPlace(v, m), "Day", v.Today),
		Action: &ui.Action{Label: v.T("coverage.people"), Href: visit.MunicipalityPath(m, "staff")},
	}
	if access.PlanRollout(v.Viewer).Covers(m.Place()) {
		head.Others = []ui.Action{{Label: v.T("coverage.plans"), Href: visit.MunicipalityPath(m, "plans"), Kind: ui.Secondary}}
	}
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: title})...)
	tabs := ui.Tabs{Label: v.T("staff.journeys"), Items: []ui.Tab{{Label: v.T("coverage.all"), Href: v.Address().With("journey", ""), Current: journey == 0}}}
	for _, j := range o.Journeys {
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Name, Href: v.Address().With("journey", visit.IDOrNone(j.ID)), Current: j.ID == journey})
	}
	all := []templ.Component{head.View(v.Lang)}
	if len(o.Journeys) > 1 {
		all = append(all, tabs.View(v.Lang))
	}
	return v.Page(f, append(all, coverageTable(v, m, o).View(v.Lang), ui.Fold(v.T("coverage.how"), ui.Paragraph(v.T("coverage.how_text"))))...)
}

func coverageTable(v *visit.Visit, m organisation.Organisation, o rollout.Overview) ui.Table {
	sort := v.FormValue("sort")
	t := ui.Table{
		Caption: v.T("coverage.caption"), QuietTitle: true, Note: v.T("coverage.note", "Count", o.People), Dense: true, Address: v.Address(), Sorted: sort,
		Columns: []ui.Column{
			{Label: v.T("round.course"), Key: "course"}, {Label: v.T("coverage.included"), Key: "included", Numeric: true}, {Label: v.T("coverage.done"), Key: "done", Numeric: true},
			{Label: v.T("coverage.seated"), Key: "seated", Numeric: true}, {Label: v.T("coverage.missing"), Key: "missing", Numeric: true}, {Label: v.T("coverage.share"), Key: "share", Numeric: true},
		},
		Empty: ui.Empty{
			Picture: ui.PictureFigures, Title: v.T("coverage.none"), Text: v.T("coverage.none_help"),
			Action: &ui.Action{Label: v.T("coverage.show_people"), Href: visit.PeoplePath + "?municipality=" + visit.IDOrNone(m.ID), Kind: ui.Secondary},
		},
	}
	sortCourses(o.Courses, sort)
	var total rollout.Coverage
	for _, c := range o.Courses {
		path := visit.CoveragePath(m, c.Slug)
		missing := ui.Text(v.Lang.Number(int64(c.WithoutSeat)))
		if c.WithoutSeat > 0 {
			missing = ui.Cell{Text: missing.Text, Href: path + onlyWithoutSeat, About: v.T("coverage.who_miss", "Course", c.Title())}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(append([]ui.Cell{ui.Link(c.Title(), path)}, Counts(v, c.Coverage)...), missing, shareOf(v, c.Coverage))})
		total.Add(c.Coverage)
	}
	t.Total = append(append([]ui.Cell{ui.Text(v.T("ui.total"))}, Counts(v, total)...), ui.Text(v.Lang.Number(int64(total.WithoutSeat))), shareOf(v, total))
	return t
}

// Counts are how many the course is meant for, have completed it and have a
// seat.
func Counts(v *visit.Visit, c rollout.Coverage) []ui.Cell {
	cells := make([]ui.Cell, 0, 5)
	for _, n := range []int{c.Staff, c.Done, c.Seated} {
		cells = append(cells, ui.Text(v.Lang.Number(int64(n))))
	}
	return cells
}

func shareOf(v *visit.Visit, c rollout.Coverage) ui.Cell {
	return ui.Text(v.Lang.Percent(statistics.Share(c.Done, c.Staff).Float(), 1))
}

// sortCourses sorts by the column's key; the order of the journeys unless told.
func sortCourses(all []rollout.CourseCoverage, sort string) {
	key, falling := strings.CutPrefix(sort, "-")
	by := map[string]func(c rollout.CourseCoverage) int{
		"included": func(c rollout.CourseCoverage) int { return c.Staff },
		"done":     func(c rollout.CourseCoverage) int { return c.Done },
		"seated":   func(c rollout.CourseCoverage) int { return c.Seated },
		"missing":  func(c rollout.CourseCoverage) int { return c.WithoutSeat },
		"share":    func(c rollout.CourseCoverage) int { return int(statistics.Share(c.Done, c.Staff)) },
	}[key]
	if by != nil {
		slices.SortStableFunc(all, func(a, b rollout.CourseCoverage) int { return by(a) - by(b) })
	}
	if falling {
		slices.Reverse(all)
	}
}

const gridPerPage = 50

// gridPage is the people of a municipality against its courses.
type gridPage struct {
	*visit.Visit
	place  organisation.Organisation
	filter rollout.Filter
	grid   rollout.Grid
}

func readGrid(v *visit.Visit, perPage int) (*gridPage, error) {
	m, err := coveragePlace(v)
	if err != nil {
		return nil, err
	}
	p := &gridPage{Visit: v, place: m, filter: rollout.Filter{
		UnitID: v.NumberID("unit"), JourneyID: v.NumberID("journey"), LacksID: v.NumberID("course"), Sort: v.FormValue("sort"),
		Page: v.Number("page", 1), PerPage: perPage,
	}}
	p.grid, err = rollout.GridOf(v.Context(), v.Reader(), v.Viewer, m, p.filter, v.Today)
	return p, err
}

// Staff is the people of a municipality against its courses.
func Staff(v *visit.Visit) error {
	p, err := readGrid(v, gridPerPage)
	if err != nil {
		return err
	}
	title := v.T("coverage.grid.title")
	f := v.Frame(title, v.CrumbsOf(p.place, ui.Crumb{Label: v.T("coverage.title"), Href: visit.MunicipalityPath(p.place, "courses")}, ui.Crumb{Label: title})...)
	head := ui.PageHead{Title: title, Lead: v.T("coverage.grid.lead", "Municipality", coveredPlace(v, p.place), "Day", v.Today)}
	for _, kind := range visit.FileKinds {
		head.Others = append(head.Others, ui.Action{
			Label: v.T("ui.take_" + kind), Href: ui.Address{Path: visit.MunicipalityPath(p.place, "staff."+kind), Query: v.URL.Query()}.With("page", ""), Kind: ui.Secondary,
		})
	}
	return v.Page(f, ui.Parts(head.View(v.Lang), p.tabs(), p.choice().View(v.Lang), p.table().View(v.Lang))...)
}

func (p *gridPage) tabs() templ.Component {
	if len(p.grid.Journeys) < 2 {
		return nil
	}
	tabs := ui.Tabs{Label: p.T("staff.journeys")}
	address := p.Address()
	address.Query.Del("course") // a course of another journey
	for _, j := range p.grid.Journeys {
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Name, Href: address.With("journey", visit.IDOrNone(j.ID)), Current: j.ID == p.grid.Journey.ID})
	}
	return tabs.View(p.Lang)
}

func (p *gridPage) choice() ui.Filter {
	f := ui.Filter{
		Label: p.T("staff.filter"), Action: p.URL.Path, Result: p.T("staff.people", "Count", p.grid.Total),
		Hidden: []ui.Hidden{{Name: "journey", Value: visit.IDOrNone(p.grid.Journey.ID)}},
	}
	if p.filter.Sort != "" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "sort", Value: p.filter.Sort})
	}
	unit := ui.Field{Input: ui.SelectInput, Name: "unit", Label: p.T("people.unit"), Value: visit.IDOrNone(p.filter.UnitID), Options: []ui.Option{{Label: p.T("staff.all_units")}}}
	for _, u := range p.grid.Units {
		unit.Options = append(unit.Options, ui.Option{Value: visit.IDOrNone(u.ID), Label: p.unitName(u.ID, u.Name)})
	}
	missing := ui.Field{
		Input: ui.SelectInput, Name: "course", Label: p.T("staff.who_misses"), Value: visit.IDOrNone(p.filter.LacksID),
		Options: []ui.Option{{Label: p.T("staff.everybody")}},
	}
	for _, c := range p.grid.Courses {
		missing.Options = append(missing.Options, ui.Option{Value: visit.IDOrNone(c.ID), Label: c.Title()})
		if c.ID == p.filter.LacksID {
			f.Result = standing.WhoLacks(p.Visit, p.grid.Lacking, c.Title())
		}
	}
	f.Fields = []ui.Field{unit, missing}
	if p.filter.UnitID != 0 || p.filter.LacksID != 0 {
		f.Clear = p.URL.Path + "?journey=" + visit.IDOrNone(p.grid.Journey.ID)
	}
	return f
}

// unitName is a workplace's name: the municipality itself is one, too.
func (p *gridPage) unitName(id int64, name string) string {
	if id == p.place.ID {
		return p.T("municipality.itself")
	}
	return name
}

func (p *gridPage) table() ui.Table {
	address := p.Address()
	t := ui.Table{
		Caption: p.T("staff.caption", "Journey", p.grid.Journey.Name), Note: p.T("coverage.grid.note", "Day", p.Today), Dense: true, Wide: true, Address: address, Sorted: p.filter.Sort,
		Columns: []ui.Column{{Label: p.T("people.name"), Key: "name"}, {Label: p.T("staff.lacks"), Key: "missing", Numeric: true}},
		Empty: ui.Empty{
			Picture: ui.PictureSearch, Title: p.T("staff.none_missing"), Text: p.T("staff.none_missing_help"),
			Action: &ui.Action{Label: p.T("staff.show_all"), Href: p.URL.Path, Kind: ui.Secondary},
		},
	}
	if p.grid.Journey.ID == 0 {
		t.Empty = ui.Empty{Picture: ui.PicturePeople, Title: p.T("coverage.none"), Text: p.T("coverage.none_help")}
	}
	if t.Sorted == "" {
		t.Sorted = "name"
	}
	for _, c := range p.grid.Courses {
		t.Columns = append(t.Columns, ui.Column{Label: c.Short(), Keep: true})
	}
	if p.grid.Total > gridPerPage {
		t.Pager = &ui.Pager{Address: address, Page: p.grid.Page, PerPage: gridPerPage, Rows: p.grid.Total}
	}
	for _, r := range p.grid.Rows {
		name := ui.Link(people.NameInList(r.GivenName, r.FamilyName), visit.PersonPath(r.PersonID))
		name.Note = p.unitName(r.UnitID, r.Unit)
		if r.Away != nil {
			name.Note += " · " + p.away(r)
		}
		row := ui.Row{Cells: []ui.Cell{name, standing.LackCell(p.Visit, r.Lacking)}}
		for k := range p.grid.Courses {
			row.Cells = append(row.Cells, p.cell(r, k))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// away says when somebody who is on leave is back.
func (p *gridPage) away(r rollout.GridRow) string {
	return standing.OnLeave(p.Visit, r)
}

// cell says of one course: done when, a seat when, missing, or not meant.
func (p *gridPage) cell(r rollout.GridRow, k int) ui.Cell {
	return standing.StandCell(p.Visit, r.Stands[k])
}

// lines are the grid as a spreadsheet has it, with its head. A day that is
// planned is written as a word and the day, so that nobody takes it for one on
// which the course was completed.
func (p *gridPage) lines() [][]any {
	head := []any{p.T("people.family_name"), p.T("people.given_name"), p.T("people.unit"), p.T("people.job"), p.T("people.form"), p.T("people.shift"), p.T("coverage.leave"), p.T("staff.lacks"), p.T("staff.lacks_booked"), p.T("staff.lacks_waiting")}
	for _, c := range p.grid.Courses {
		head = append(head, c.Title())
	}
	lines := [][]any{head}
	words, forms, shifts := standing.In(p.Visit), map[string]string{}, map[string]string{}
	for _, r := range p.grid.Rows {
		p.Saw(r.PersonID)
		form, ok := forms[string(r.Form)]
		if !ok && r.Form != "" {
			form = p.T(r.Form.Key())
			forms[string(r.Form)] = form
		}
		shift, ok := shifts[string(r.Shift)]
		if !ok && r.Shift != "" {
			shift = p.T(r.Shift.Key())
			shifts[string(r.Shift)] = shift
		}
		away := ""
		if r.Away != nil {
			away = p.away(r)
		}
		line := make([]any, 0, len(head))
		line = append(line, visit.Harmless(r.FamilyName), visit.Harmless(r.GivenName), visit.Harmless(p.unitName(r.UnitID, r.Unit)), visit.Harmless(r.Title), form, shift, away, r.Lacking.All, r.Lacking.Booked, r.Lacking.Waiting)
		for k := range p.grid.Courses {
			line = append(line, words.Of(r.Stands[k]))
		}
		lines = append(lines, line)
	}
	return lines
}

// StaffCSV is the whole list as a spreadsheet opens it.
func StaffCSV(v *visit.Visit) error {
	p, err := readGrid(v, 0)
	if err != nil {
		return err
	}
	return v.SendCSV(v.T("coverage.grid.file", "Municipality", coveredPlace(v, p.place)), p.lines())
}

// StaffXLSX is the whole list as a workbook.
func StaffXLSX(v *visit.Visit) error {
	p, err := readGrid(v, 0)
	if err != nil {
		return err
	}
	return v.SendXLSX(v.T("coverage.grid.file", "Municipality", coveredPlace(v, p.place)), v.T("coverage.grid.sheet"), p.lines())
}
