package web

import (
	"encoding/csv"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
)

const (
	staffPerPage = 100
	staffDays    = 10 // coming course days shown on the page
)

// staffPage is what a manager sees of those whom they lead.
type staffPage struct {
	*Visit
	filter learning.TeamFilter
	team   learning.Team
	days   []round.StaffDay
	booked map[seatKey]clock.Day
	rounds []round.Round // of the course that is asked for, to sign up for
}

// seatKey is somebody's coming course.
type seatKey struct{ person, course int64 }

// readStaff reads the team as the address narrows it.
func (v *Visit) readStaff() (*staffPage, error) {
	p := &staffPage{Visit: v, booked: map[seatKey]clock.Day{}}
	p.filter = learning.TeamFilter{
		UnitID: v.NumberID("unit"), JourneyID: v.NumberID("journey"), MissingID: v.NumberID("course"), Sort: v.FormValue("sort"),
	}
	if v.FormValue("missing") == "0" {
		p.filter.MissingID = 0
	}
	var err error
	if p.team, err = learning.TeamOf(v.Context(), v.Reader(), v.Viewer, p.filter, v.Today); err != nil {
		return nil, err
	}
	if p.days, err = round.StaffDays(v.Context(), v.Reader(), v.Viewer, p.filter.UnitID, v.Today); err != nil {
		return nil, err
	}
	for _, d := range p.days {
		if _, known := p.booked[seatKey{d.PersonID, d.CourseID}]; !known {
			p.booked[seatKey{d.PersonID, d.CourseID}] = d.Day // the earliest comes first
		}
	}
	if p.filter.MissingID != 0 {
		p.rounds, err = round.NextOf(v.Context(), v.Reader(), v.Viewer, p.filter.MissingID, 0, v.Today, 5)
	}
	return p, err
}

// myStaff is the team against the courses of a journey.
func (s *Server) myStaff(v *Visit) error {
	p, err := v.readStaff()
	if err != nil {
		return err
	}
	f := v.Frame(v.T("staff.title"), v.officeCrumbs(v.T("staff.title"))...)
	head := ui.PageHead{Title: v.T("staff.title"), Lead: v.T("staff.lead", "Count", p.team.Staff, "Day", v.Today)}
	if p.team.Journey.ID == 0 {
		return v.Page(f, head.View(v.Lang), p.empty().View(v.Lang), p.comingDays())
	}
	head.Others = []ui.Action{{Label: v.T("staff.csv"), Href: ui.Address{Path: "/my/staff.csv", Query: v.URL.Query()}.With("page", ""), Kind: ui.Secondary}}
	return v.Page(f, head.View(v.Lang), p.tabs(), p.choice().View(v.Lang), p.table().View(v.Lang), p.toSignUp(), p.without(), p.comingDays())
}

func (p *staffPage) empty() ui.Empty {
	if p.team.Staff == 0 {
		return ui.Empty{Picture: ui.PicturePeople, Title: p.T("staff.nobody"), Text: p.T("staff.nobody_help")}
	}
	return ui.Empty{
		Picture: ui.PicturePeople, Title: p.T("staff.no_accounts"), Text: p.T("staff.no_accounts_help"),
		Action: &ui.Action{Label: p.T("staff.show_people"), Href: "/people?journey=" + withoutAccount, Kind: ui.Secondary},
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
		tabs.Items = append(tabs.Items, ui.Tab{Label: j.Name, Href: address.With("journey", idValue(j.ID)), Current: j.ID == p.team.Journey.ID})
	}
	return tabs.View(p.Lang)
}

func (p *staffPage) choice() ui.Filter {
	f := ui.Filter{
		Label: p.T("staff.filter"), Action: p.URL.Path,
		Hidden: []ui.Hidden{{Name: "journey", Value: idValue(p.team.Journey.ID)}, {Name: "missing", Value: "1"}},
		Result: p.T("staff.people", "Count", len(p.team.Members)),
	}
	if p.filter.Sort != "" {
		f.Hidden = append(f.Hidden, ui.Hidden{Name: "sort", Value: p.filter.Sort})
	}
	if len(p.team.Units) > 1 {
		unit := ui.Field{Input: ui.SelectInput, Name: "unit", Label: p.T("people.unit"), Value: idValue(p.filter.UnitID), Options: []ui.Option{{Label: p.T("staff.all_units")}}}
		for _, u := range p.team.Units {
			unit.Options = append(unit.Options, ui.Option{Value: idValue(u.ID), Label: u.Name})
		}
		f.Fields = append(f.Fields, unit)
	}
	missing := ui.Field{
		Input: ui.SelectInput, Name: "course", Label: p.T("staff.who_misses"), Value: idValue(p.filter.MissingID),
		Options: []ui.Option{{Label: p.T("staff.everybody")}},
	}
	for _, c := range p.team.Courses {
		missing.Options = append(missing.Options, ui.Option{Value: idValue(c.ID), Label: c.Title()})
		if c.ID == p.filter.MissingID {
			f.Result = p.T("staff.people_missing", "Count", len(p.team.Members), "Course", c.Title())
		}
	}
	f.Fields = append(f.Fields, missing)
	if p.filter.UnitID != 0 || p.filter.MissingID != 0 {
		f.Clear = p.URL.Path + "?journey=" + idValue(p.team.Journey.ID)
	}
	return f
}

// courseShort is the name by which people count the course, or its name.
func courseShort(c catalogue.Course) string {
	if c.ShortName != "" {
		return c.ShortName
	}
	return c.Name
}

func (p *staffPage) table() ui.Table {
	address := p.Address()
	t := ui.Table{
		Caption: p.T("staff.caption", "Journey", p.team.Journey.Name), Note: p.T("staff.note", "Day", p.Today),
		Dense: true, Wide: true, Address: address, Sorted: p.filter.Sort,
		Columns: []ui.Column{
			{Label: p.T("people.name"), Key: "name"}, {Label: p.T("account.step")}, {Label: p.T("staff.lacks"), Key: "missing", Numeric: true},
		},
		Empty: ui.Empty{
			Picture: ui.PictureSearch, Title: p.T("staff.none_missing"), Text: p.T("staff.none_missing_help"),
			Action: &ui.Action{Label: p.T("staff.show_all"), Href: p.URL.Path, Kind: ui.Secondary},
		},
	}
	if t.Sorted == "" {
		t.Sorted = "name"
	}
	for _, c := range p.team.Courses {
		t.Columns = append(t.Columns, ui.Column{Label: courseShort(c.Course), Keep: true})
	}
	page := max(1, min(p.Number("page", 1), (len(p.team.Members)+staffPerPage-1)/staffPerPage))
	from, to := (page-1)*staffPerPage, min(page*staffPerPage, len(p.team.Members))
	if len(p.team.Members) > staffPerPage {
		t.Pager = &ui.Pager{Address: address, Page: page, PerPage: staffPerPage, Rows: len(p.team.Members)}
	}
	for _, m := range p.team.Members[min(from, to):to] {
		name := ui.Link(m.FamilyName+", "+m.GivenName, personPath(m.PersonID))
		if len(p.team.Units) > 1 {
			name.Note = m.Unit
		}
		row := ui.Row{Cells: []ui.Cell{name, ui.Text(p.stepOf(m)), ui.Text(p.Lang.Number(int64(m.Missing)))}}
		for i := range p.team.Courses {
			row.Cells = append(row.Cells, p.cell(m, i))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Total = []ui.Cell{ui.Text(p.T("staff.done")), {}, {}}
	for _, c := range p.team.Courses {
		t.Total = append(t.Total, p.share(c))
	}
	return t
}

// stepOf is a member's step, or that they are a manager, who have none.
func (p *staffPage) stepOf(m learning.Member) string {
	if m.Step == "" && m.Manager {
		return p.T("role.manager")
	}
	return m.Step
}

// cell says of one course: done when, booked when, missing, or not meant.
func (p *staffPage) cell(m learning.Member, course int) ui.Cell {
	if day := m.Done[course]; day != nil {
		return ui.Text(p.T("staff.completed", "Day", p.Lang.TinyDay(*day)))
	}
	if day, ok := p.booked[seatKey{m.PersonID, p.team.Courses[course].ID}]; ok {
		return ui.Status(p.T("staff.booked", "Day", p.Lang.TinyDay(day)), ui.Info)
	}
	if m.Meant[course] {
		return ui.Status(p.T("staff.missing"), ui.Caution)
	}
	return ui.Cell{}
}

// share is how many of those whom the course is meant for have completed it.
func (p *staffPage) share(c learning.TeamCourse) ui.Cell {
	if c.Meant == 0 {
		return ui.Cell{}
	}
	address := ui.Address{Path: p.URL.Path, Query: p.URL.Query()}
	address.Query.Set("missing", "1")
	address.Query.Set("journey", idValue(p.team.Journey.ID))
	cell := ui.Cell{Text: p.T("staff.of", "Done", c.Done, "Meant", c.Meant), Note: p.Lang.Percent(statistics.Share(c.Done, c.Meant).Float(), 1)}
	if c.Done < c.Meant {
		cell.Href, cell.About = address.With("course", idValue(c.ID)), p.T("staff.show_missing", "Course", c.Title())
	}
	return cell
}

// without says how many of the staff have no account in the journey.
func (p *staffPage) without() templ.Component {
	rest := p.team.Staff - p.team.Accounts
	if rest <= 0 {
		return templ.NopComponent
	}
	return paragraph(p.T("staff.without", "Count", rest, "Journey", p.team.Journey.Name))
}

func (p *staffPage) comingDays() templ.Component {
	t := ui.Table{
		ID: "days", Caption: p.T("staff.days"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("staff.day"), Keep: true}, {Label: p.T("people.name")}, {Label: p.T("person.course")}, {Label: p.T("staff.time"), Keep: true}, {Label: p.T("staff.place")},
		},
		Empty: ui.Empty{
			Picture: ui.PictureCalendar, Title: p.T("staff.no_days"), Text: p.T("staff.no_days_help"),
			Action: &ui.Action{Label: p.T("staff.to_rounds"), Href: "/rounds", Kind: ui.Secondary},
		},
	}
	for _, d := range p.days[:min(staffDays, len(p.days))] {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(p.Lang.ShortDay(d.Day)), ui.Link(d.Name, personPath(d.PersonID)), ui.Link(d.Course, "/rounds/"+idValue(d.RoundID)),
			ui.Text(hours(p.Visit, d.Starts, d.Ends)), ui.Text(d.Place),
		}})
	}
	if rest := len(p.days) - len(t.Rows); rest > 0 {
		return section("coming", p.T("staff.days"), t.View(p.Lang), paragraph(p.T("staff.more_days", "Count", rest)))
	}
	return section("coming", p.T("staff.days"), t.View(p.Lang))
}

// myStaffCSV is the table as a spreadsheet opens it: semicolons, because a
// Swedish spreadsheet's list separator is one, and a byte order mark, without
// which it would take å for two letters.
func (s *Server) myStaffCSV(v *Visit) error {
	p, err := v.readStaff()
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString("\ufeff")
	w := csv.NewWriter(&text)
	w.Comma, w.UseCRLF = ';', true
	head := []string{v.T("people.family_name"), v.T("people.given_name"), v.T("people.unit"), v.T("people.job"), v.T("account.step"), v.T("staff.lacks")}
	for _, c := range p.team.Courses {
		head = append(head, c.Title())
	}
	lines := [][]string{head}
	for _, m := range p.team.Members {
		line := []string{m.FamilyName, m.GivenName, m.Unit, m.Title, p.stepOf(m), v.Lang.Number(int64(m.Missing))}
		for i := range p.team.Courses {
			cell := ""
			switch {
			case m.Done[i] != nil:
				cell = m.Done[i].String()
			case m.Meant[i]:
				cell = v.T("staff.missing")
			}
			line = append(line, cell)
		}
		lines = append(lines, line)
	}
	for _, line := range lines {
		for i := range line {
			line[i] = harmless(line[i])
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.W.Header().Set("Content-Disposition", `attachment; filename="`+organisation.Slug(v.T("staff.title"))+"-"+v.Today.String()+`.csv"`)
	v.W.WriteHeader(http.StatusOK)
	_, _ = v.W.Write([]byte(text.String())) // a browser that left is no fault of ours
	return nil
}

// harmless keeps a spreadsheet from taking a text for a formula: somebody may
// have named themselves "=HYPERLINK(…)" (OWASP, "CSV Injection").
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
