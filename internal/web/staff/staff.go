package staff

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

const (
	staffPerPage = 100
	staffDays    = 10 // coming course days shown on the page
)

// staffPage is what a manager sees of those whom they lead.
type staffPage struct {
	*visit.Visit
	filter learning.TeamFilter
	team   learning.Team
	days   []seat.StaffDay
	rounds []round.Round  // of the course that is asked for, to sign up for
	plans  []rollout.Plan // that have not ended, for units of the staff
}

// readStaff reads the team as the address narrows it.
func readStaff(v *visit.Visit) (*staffPage, error) {
	p := &staffPage{Visit: v}
	p.filter = learning.TeamFilter{
		UnitID: v.NumberID("unit"), JourneyID: v.NumberID("journey"), LacksID: v.NumberID("course"), Sort: v.FormValue("sort"),
	}
	if v.FormValue("missing") == "0" {
		p.filter.LacksID = 0
	}
	var err error
	if p.team, err = learning.TeamOf(v.Context(), v.Reader(), v.Viewer, p.filter, v.Today); err != nil {
		return nil, err
	}
	if p.days, err = seat.StaffDays(v.Context(), v.Reader(), v.Viewer, p.filter.UnitID, v.Today); err != nil {
		return nil, err
	}
	if p.filter.LacksID != 0 {
		p.rounds, err = seat.NextOf(v.Context(), v.Reader(), v.Viewer, p.filter.LacksID, 0, v.Today, 5)
	}
	return p, err
}

// Show is the team against the courses of a journey.
func Show(v *visit.Visit) error {
	p, err := readStaff(v)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("staff.title"), v.OfficeCrumbs(v.T("staff.title"))...)
	head := ui.PageHead{Others: []ui.Action{{Label: v.T("studytime.title"), Href: address.StudyTime, Kind: ui.Secondary}, {Label: v.T("tablet.title"), Href: address.Tablets, Kind: ui.Secondary}}, Title: v.T("staff.title"), Lead: v.T("staff.lead", "Count", p.team.Staff, "Day", v.Today)}
	if !access.ManagePeople(v.Viewer).Empty() { // the municipality lets its managers keep the people of their units
		head.Others = append(head.Others, ui.Action{Label: v.T("people.add"), Href: visit.NewPersonPath, Kind: ui.Secondary})
	}
	if p.team.Journey.ID == 0 {
		return v.Page(f, head.View(v.Lang), p.empty().View(v.Lang), p.comingDays())
	}
	for _, kind := range visit.FileKinds {
		head.Others = append(head.Others, ui.Action{
			Label: v.T("ui.take_" + kind), Href: ui.Address{Path: visit.StaffFile(kind), Query: v.URL.Query()}.With("page", ""), Kind: ui.Secondary,
		})
	}
	if p.plans, err = p.plansOfUnits(); err != nil {
		return err
	}
	return v.Page(f, head.View(v.Lang), p.tabs(), p.courses(), p.toSignUp(), p.choice().View(v.Lang), p.table().View(v.Lang), p.without(), p.unitPlans(), p.comingDays())
}

func (p *staffPage) empty() ui.Empty {
	if p.team.Staff == 0 {
		return ui.Empty{Picture: ui.PicturePeople, Title: p.T("staff.nobody"), Text: p.T("staff.nobody_help")}
	}
	return ui.Empty{
		Picture: ui.PicturePeople, Title: p.T("staff.no_accounts"), Text: p.T("staff.no_accounts_help"),
		Action: &ui.Action{Label: p.T("staff.show_people"), Href: visit.PeoplePath + "?journey=" + visit.WithoutAccount, Kind: ui.Secondary},
	}
}

// tabs choose the journey when the staff are in several.
func (p *staffPage) tabs() templ.Component {
	if len(p.team.Journeys) < 2 {
		return templ.NopComponent // the table's caption says which
	}
	tabs := ui.Tabs{Label: p.T("staff.journeys")}
	address := ui.Address{Path: p.URL.Path, Query: p.URL.Query()}
	address.Query.Del("course") // a course of another journey
	address.Query.Del("missing")
	for _, j := range p.team.Journeys {
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Name, Href: address.With("journey", visit.IDOrNone(j.ID)), Current: j.ID == p.team.Journey.ID})
	}
	return tabs.View(p.Lang)
}

func (p *staffPage) choice() ui.Filter {
	f := ui.Filter{
		Label: p.T("staff.filter"), Action: p.URL.Path,
		Hidden: []ui.Hidden{{Name: "journey", Value: visit.IDOrNone(p.team.Journey.ID)}, {Name: "missing", Value: "1"}},
		Result: p.T("staff.people", "Count", len(p.team.Members)),
	}
	if p.filter.Sort != "" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "sort", Value: p.filter.Sort})
	}
	if len(p.team.Units) > 1 {
		unit := ui.Field{Input: ui.SelectInput, Name: "unit", Label: p.T("people.unit"), Value: visit.IDOrNone(p.filter.UnitID), Options: []ui.Option{{Label: p.T("staff.all_units")}}}
		for _, u := range p.team.Units {
			unit.Options = append(unit.Options, ui.Option{Value: visit.IDOrNone(u.ID), Label: u.Name})
		}
		f.Fields = append(f.Fields, unit)
	}
	missing := ui.Field{
		Input: ui.SelectInput, Name: "course", Label: p.T("staff.who_misses"), Value: visit.IDOrNone(p.filter.LacksID),
		Options: []ui.Option{{Label: p.T("staff.everybody")}},
	}
	for _, c := range p.team.Courses {
		missing.Options = append(missing.Options, ui.Option{Value: visit.IDOrNone(c.ID), Label: c.Title()})
		if c.ID == p.filter.LacksID {
			f.Result = standing.WhoLacks(p.Visit, c.Lacking, c.Title())
		}
	}
	f.Fields = append(f.Fields, missing)
	if p.filter.UnitID != 0 || p.filter.LacksID != 0 {
		f.Clear = p.URL.Path + "?journey=" + visit.IDOrNone(p.team.Journey.ID)
	}
	return f
}

func (p *staffPage) table() ui.Table {
	address := p.Address()
	t := ui.Table{
		Caption: p.T("staff.caption", "Journey", p.team.Journey.Name), Note: p.T("staff.note", "Day", p.Today),
		Dense: true, Wide: true, Folds: true, Address: address, Sorted: p.filter.Sort,
		Columns: []ui.Column{
			{Label: p.T("people.name"), Key: "name"}, {Label: p.T("people.account.step")}, {Label: p.T("staff.lacks"), Key: "missing", Numeric: true},
		},
		Empty: ui.Empty{
			Picture: ui.PictureSearch, Title: p.T("staff.none_missing"), Text: p.T("staff.none_missing_help"),
			Action: &ui.Action{Label: p.T("staff.show_all"), Href: p.URL.Path, Kind: ui.Secondary},
		},
	}
	if t.Sorted == "" {
		t.Sorted = "name"
	}
	order := p.order()
	for _, i := range order {
		t.Columns = append(t.Columns, ui.Column{Label: p.team.Courses[i].Short(), Keep: true})
	}
	page := max(1, min(p.Number("page", 1), (len(p.team.Members)+staffPerPage-1)/staffPerPage))
	from, to := (page-1)*staffPerPage, min(page*staffPerPage, len(p.team.Members))
	if len(p.team.Members) > staffPerPage {
		t.Pager = &ui.Pager{Address: address, Page: page, PerPage: staffPerPage, Rows: len(p.team.Members)}
	}
	for _, m := range p.team.Members[min(from, to):to] {
		name := ui.Link(people.NameInList(m.GivenName, m.FamilyName), visit.PersonPath(m.PersonID))
		if len(p.team.Units) > 1 {
			name.Note = m.Unit
		}
		if m.Away != nil {
			name.Note = strings.TrimPrefix(name.Note+" · "+standing.OnLeave(p.Visit, m), " · ")
		}
		row := ui.Row{Cells: []ui.Cell{name, ui.Text(p.stepOf(m)), standing.LackCell(p.Visit, m.Lacking)}}
		for _, i := range order {
			row.Cells = append(row.Cells, p.cell(m, i))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Total = []ui.Cell{ui.Text(p.T("staff.done")), {}, {}}
	for _, i := range order {
		t.Total = append(t.Total, p.share(p.team.Courses[i]))
	}
	return t
}

// order is the courses' order in the matrix: that which is asked for stands first.
func (p *staffPage) order() []int {
	order := make([]int, 0, len(p.team.Courses))
	for i, c := range p.team.Courses {
		if c.ID == p.filter.LacksID {
			order = slices.Insert(order, 0, i)
			continue
		}
		order = append(order, i)
	}
	return order
}

// stepOf is a member's step, or that they are a manager, who have none.
func (p *staffPage) stepOf(m learning.Member) string {
	if m.Step == "" && m.Manager {
		return p.T("role.manager")
	}
	return m.Step
}

// cell says how somebody stands with one course; what they lack and have no seat
// in leads to where they get one.
func (p *staffPage) cell(m learning.Member, course int) ui.Cell {
	cell := standing.StandCell(p.Visit, m.Stands[course])
	if !m.Stands[course].WithoutSeat() {
		return cell
	}
	c := p.team.Courses[course]
	cell.Href, cell.About = p.bookPath(c.ID, m.PersonID), p.T("staff.book_about", "Course", c.Short(), "Name", strings.TrimSpace(m.GivenName+" "+m.FamilyName))
	switch prepared := m.Prepared[course]; {
	case prepared.Of == 0:
	case prepared.Done == prepared.Of:
		cell.Note = p.T("staff.prepared")
	default:
		cell.Note = p.T("staff.preparing", "Done", prepared.Done, "Of", prepared.Of)
	}
	return cell
}

// bookPath leads to where one books a seat at the course for somebody, or (0) for
// all who lack one, or plans an occasion.
func (p *staffPage) bookPath(courseID, personID int64) string {
	path := visit.StaffPath + "?course=" + visit.IDOrNone(courseID) + "&journey=" + visit.IDOrNone(p.team.Journey.ID) + "&missing=1"
	if personID != 0 {
		path += "&person=" + visit.IDOrNone(personID)
	}
	if p.filter.UnitID != 0 {
		path += "&unit=" + visit.IDOrNone(p.filter.UnitID)
	}
	return path + "#sign-up"
}

// plansOfUnits are the running plans of the municipality for units in which the
// staff work.
func (p *staffPage) plansOfUnits() (ours []rollout.Plan, err error) {
	seen := map[int64]bool{}
	for _, g := range p.Viewer.Grants {
		m, ok := p.Server.Country[g.MunicipalityID]
		if g.Role != access.Manager || !ok || seen[m.ID] {
			continue
		}
		seen[m.ID] = true
		all, err := rollout.PlansFor(p.Context(), p.Reader(), p.Viewer, m)
		if err != nil {
			return nil, err
		}
		for _, each := range all {
			each.Units = slices.DeleteFunc(each.Units, func(u rollout.Unit) bool {
				return !slices.ContainsFunc(p.team.Units, func(t learning.TeamUnit) bool { return t.ID == u.ID })
			})
			if len(each.Units) > 0 {
				ours = append(ours, each)
			}
		}
	}
	return ours, nil
}

// unitPlans says which courses the municipality has planned for the units.
func (p *staffPage) unitPlans() templ.Component {
	if len(p.plans) == 0 {
		return templ.NopComponent
	}
	var plans ui.Summary
	for _, each := range p.plans {
		units := make([]string, len(each.Units))
		for i, u := range each.Units {
			units[i] = u.Name + " " + p.T("staff.plan_starts", "Day", p.Lang.TinyDay(u.StartsOn))
		}
		plans = append(plans, ui.Fact{Term: each.Course, Slot: ui.Choices(
			ui.Paragraph(strings.Join(units, ", ")), ui.Action{Label: each.Name, Href: visit.PlanPath(each.ID), Kind: ui.Secondary, Small: true}.View(p.Lang))})
	}
	return ui.Section("unit-plans", p.T("staff.plans"), plans.View(p.Lang))
}

// share is how many of those whom the course is meant for have completed it.
func (p *staffPage) share(c learning.TeamCourse) ui.Cell {
	if c.Meant == 0 {
		return ui.Cell{}
	}
	address := ui.Address{Path: p.URL.Path, Query: p.URL.Query()}
	address.Query.Set("missing", "1")
	address.Query.Set("journey", visit.IDOrNone(p.team.Journey.ID))
	cell := ui.Cell{Text: p.T("staff.of", "Done", c.Done, "Meant", c.Meant), Note: p.Lang.Percent(statistics.Share(c.Done, c.Meant).Float(), 1)}
	if c.Done < c.Meant {
		cell.Href, cell.About = address.With("course", visit.IDOrNone(c.ID)), p.T("staff.show_missing", "Course", c.Title())
	}
	return cell
}

// without says how many of the staff have no account in the journey.
func (p *staffPage) without() templ.Component {
	rest := p.team.Staff - p.team.Accounts
	if rest <= 0 {
		return templ.NopComponent
	}
	return ui.Paragraph(p.T("staff.without", "Count", rest, "Journey", p.team.Journey.Name))
}

// planOccasion leads to an occasion of one's own for the course, at the unit that
// is shown or the only one; nil for a course without course days.
func (p *staffPage) planOccasion(c learning.TeamCourse) templ.Component {
	for _, g := range p.Viewer.Grants {
		m, ok := p.Server.Country[g.MunicipalityID]
		if g.Role != access.Manager || !ok || c.Days == 0 {
			continue
		}
		path := visit.NewOccasionPath(m) + "?course=" + c.Slug
		switch {
		case p.filter.UnitID != 0:
			path += "&unit=" + visit.IDOrNone(p.filter.UnitID)
		case len(p.team.Units) == 1:
			path += "&unit=" + visit.IDOrNone(p.team.Units[0].ID)
		}
		return ui.Action{Label: p.T("staff.plan_occasion"), Href: path, Kind: ui.Secondary, Small: true}.View(p.Lang)
	}
	return nil
}

func (p *staffPage) comingDays() templ.Component {
	t := ui.Table{
		ID: "days", Caption: p.T("staff.days"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("staff.day"), Keep: true}, {Label: p.T("people.name")}, {Label: p.T("people.person.course")}, {Label: p.T("staff.time"), Keep: true}, {Label: p.T("staff.place")},
		},
		Empty: ui.Empty{
			Picture: ui.PictureCalendar, Title: p.T("staff.no_days"), Text: p.T("staff.no_days_help"),
			Action: &ui.Action{Label: p.T("staff.to_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary},
		},
	}
	for _, d := range p.days[:min(staffDays, len(p.days))] {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(p.Lang.ShortDay(d.Day)), ui.Link(d.Name, visit.PersonPath(d.PersonID)), ui.Link(d.Course, visit.RoundPath(d.RoundID)),
			ui.Text(visit.Hours(p.Visit, d.Starts, d.Ends)), ui.Text(d.Place),
		}})
	}
	if rest := len(p.days) - len(t.Rows); rest > 0 {
		return ui.Section("coming", p.T("staff.days"), t.View(p.Lang), ui.Paragraph(p.T("staff.more_days", "Count", rest)))
	}
	return ui.Section("coming", p.T("staff.days"), t.View(p.Lang))
}

// lines are the team as a spreadsheet has it, with its head.
func (p *staffPage) lines() [][]any {
	head := []any{p.T("people.family_name"), p.T("people.given_name"), p.T("people.unit"), p.T("people.job"), p.T("people.account.step"), p.T("staff.lacks"), p.T("staff.lacks_booked"), p.T("staff.lacks_waiting")}
	for _, c := range p.team.Courses {
		head = append(head, c.Title())
	}
	lines := [][]any{head}
	words := standing.In(p.Visit)
	for _, m := range p.team.Members {
		p.Saw(m.PersonID)
		line := []any{visit.Harmless(m.FamilyName), visit.Harmless(m.GivenName), visit.Harmless(m.Unit), visit.Harmless(m.Title), visit.Harmless(p.stepOf(m)), m.Lacking.All, m.Lacking.Booked, m.Lacking.Waiting}
		for _, s := range m.Stands {
			line = append(line, words.Of(s))
		}
		lines = append(lines, line)
	}
	return lines
}

// CSV is the team as a spreadsheet opens it.
func CSV(v *visit.Visit) error {
	p, err := readStaff(v)
	if err != nil {
		return err
	}
	return v.SendCSV(v.T("staff.title"), p.lines())
}

// XLSX is the team as a workbook.
func XLSX(v *visit.Visit) error {
	p, err := readStaff(v)
	if err != nil {
		return err
	}
	return v.SendXLSX(v.T("staff.title"), v.T("staff.title"), p.lines())
}
