package municipal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/welcome"
)

const (
	latestChanges = 10
	unitsPerPage  = 60
)

// municipalityPage is a municipality with its units, as far as the visitor may
// see: its figures for everybody with an office in the region, its units, which
// are small enough to point at people, for those who see its people, and what
// can be done for those who manage them.
type municipalityPage struct {
	*visit.Visit
	place      organisation.Organisation
	district   organisation.Organisation // the page is that of one of its districts
	districts  []organisation.Organisation
	inDistrict map[int64]int64 // the units' districts
	figures    statistics.MunicipalityFigures
	journey    statistics.JourneyUnits // the chosen one; zero when nobody has an account
	sees       bool
	manages    bool
	asks       bool // its managers allow each sign-up
	keepers    people.Keepers
	welcome    *clock.Instant // since when who is new is welcomed by a letter
	news       []learning.News
	private    map[int64]string // units that companies run
	agency     int              // how many come from staffing agencies
	groups     []municipalgroup.Group
}

// Show is "my municipality".
func Show(v *visit.Visit) error {
	p, err := findMunicipality(v)
	if err != nil {
		return err
	}
	if err := p.read(); err != nil {
		return err
	}
	f := p.Frame(p.place.Name, p.CrumbsOf(p.place)...)
	head := ui.PageHead{Title: p.place.Name, Lead: p.T("municipality.lead")}
	if p.manages {
		head.Action = &ui.Action{Label: p.T("people.add"), Href: visit.NewPersonPath + "?municipality=" + visit.IDOrNone(p.place.ID)}
		if p.Refused != nil {
			head.Action.Kind = ui.Secondary
		}
	}
	if access.ManagePeople(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("intake.page.title"), Href: visit.MunicipalityPath(p.place, "imports"), Kind: ui.Secondary})
	}
	if access.Federate(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("federation.setup.title"), Href: address.WorkSetUp(p.place.Slug), Kind: ui.Secondary})
	}
	if access.NameGuards(p.Viewer).Covers(p.place.Place()) || access.Guard(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("protection.title"), Href: p.path("protected"), Kind: ui.Secondary})
	}
	if access.ManageUnits(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("municipality.units"), Href: visit.UnitsPath(p.place), Kind: ui.Secondary})
	}
	if access.Affiliations(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("affiliation.title"), Href: p.path("affiliation"), Kind: ui.Secondary})
	}
	if access.MunicipalMoney(p.Viewer).Covers(p.place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: p.T("nav.summary"), Href: p.path("summary"), Kind: ui.Secondary}, ui.Action{Label: p.T("nav.money"), Href: p.path("money"), Kind: ui.Secondary})
	}
	for _, g := range p.groups {
		head.Others = append(head.Others, ui.Action{Label: p.T("groups.to_group", "Group", g.Name), Href: address.RegionGroups(p.Server.Country[g.RegionID].Slug, g.Slug), Kind: ui.Secondary})
	}
	if r, ok := p.Server.Country[p.place.RegionID]; ok {
		head.Others = append(head.Others, ui.Action{Label: p.T("municipality.region_figures", "Region", r.Name), Href: visit.RegionPath(r, "figures"), Kind: ui.Secondary})
	}
	return p.Page(f, ui.Parts(
		head.View(p.Lang), p.numbers().View(p.Lang), p.withoutAccount(),
		ui.Section("courses", p.T("municipality.courses"), ui.Parts(p.tabs(), p.byDistrict(), p.Take(p.table(), p.path("figures")))...),
		p.signupForm(), p.keepersForm(), p.welcomeForm(), p.latest(),
	)...)
}

func findMunicipality(v *visit.Visit) (*municipalityPage, error) {
	m, err := v.Municipality()
	if err != nil {
		return nil, err
	}
	p := &municipalityPage{Visit: v, place: m}
	p.sees = access.Staff(v.Viewer).Covers(m.Place())
	p.manages = access.ManagePeople(v.Viewer).Covers(m.Place())
	if !access.Figures(v.Viewer).Covers(m.Place()) {
		return nil, fault.NotFound
	}
	return p, nil
}

func (p *municipalityPage) path(pages ...string) string {
	return visit.MunicipalityPath(p.place, pages...)
}

func (p *municipalityPage) read() (err error) {
	if p.figures, err = statistics.Municipality(p.Context(), p.Reader(), p.Viewer, p.place, p.Today); err != nil {
		return err
	}
	if p.news, err = learning.Latest(p.Context(), p.Reader(), p.Viewer, p.place, p.Today, latestChanges); err != nil {
		return err
	}
	if p.manages {
		if p.asks, err = people.ManagerApproves(p.Context(), p.Reader(), p.place.ID); err != nil {
			return err
		}
	}
	if p.manages {
		if p.keepers, err = people.KeepersOf(p.Context(), p.Reader(), p.place.ID, p.Today); err != nil {
			return err
		}
		if p.welcome, err = welcome.Since(p.Context(), p.Reader(), p.place.ID); err != nil {
			return err
		}
	}
	if p.sees {
		if p.private, err = organisation.Private(p.Context(), p.Reader(), p.place.ID, p.Today); err != nil {
			return err
		}
		if p.districts, err = organisation.Districts(p.Context(), p.Reader(), p.place.ID, p.Today); err != nil {
			return err
		}
		if p.inDistrict, err = organisation.DistrictOf(p.Context(), p.Reader(), p.place.ID, p.Today); err != nil {
			return err
		}
		if p.agency, err = people.FromAgencies(p.Context(), p.Reader(), p.Viewer, p.place.Place(), p.Today); err != nil {
			return err
		}
	}
	p.journey = chosenJourney(p.Visit, p.figures)
	p.groups, err = municipalgroup.OfMunicipality(p.Context(), p.Reader(), p.Viewer, p.place.ID, p.Today)
	return err
}

// peopleHref is the list of the municipality's people, narrowed; empty for who
// may not see it.
func (p *municipalityPage) peopleHref(more string) string {
	if !p.sees {
		return ""
	}
	if p.district.ID != 0 && !strings.Contains(more, "&unit=") {
		more += "&unit=" + visit.ID(p.district.ID)
	}
	return visit.PeoplePath + "?municipality=" + visit.IDOrNone(p.place.ID) + more
}

func (p *municipalityPage) numbers() ui.Figures {
	figures := ui.Figures{{
		Label: p.T("municipality.people"), Value: p.Lang.Number(int64(p.figures.People)), Unit: p.T("municipality.persons", "Count", p.figures.People),
		AsOf: p.Today, Href: p.peopleHref(""),
	}}
	if p.agency > 0 {
		figures[0].Note = p.T("municipality.from_agencies", "Count", p.agency)
	}
	for _, j := range p.figures.Journeys {
		figures = append(figures, ui.Figure{
			Label: j.Journey.Name, Value: p.Lang.Number(int64(j.Total.Accounts)), Unit: p.T("municipality.accounts", "Count", j.Total.Accounts),
			AsOf: p.Today, Note: p.T("municipality.of_them", "Count", j.Total.Employees), Href: p.peopleHref("&journey=" + visit.IDOrNone(j.Journey.ID)),
		})
	}
	return figures
}

// withoutAccount tells those who can do something about it.
func (p *municipalityPage) withoutAccount() templ.Component {
	if !p.manages || p.figures.WithoutAccount == 0 {
		return nil
	}
	return ui.Notice{
		Tone: ui.Caution, Text: p.T("municipality.without", "Count", p.figures.WithoutAccount),
		Action: &ui.Action{Label: p.T("municipality.show_without"), Href: p.peopleHref("&journey=" + visit.WithoutAccount)},
	}.View(p.Lang)
}

func (p *municipalityPage) tabs() templ.Component {
	if len(p.figures.Journeys) < 2 {
		return nil
	}
	tabs := ui.Tabs{Label: p.T("staff.journeys")}
	for _, j := range p.figures.Journeys {
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: j.Journey.Name, Href: p.URL.Path + "?journey=" + j.Journey.Slug + "#courses", Current: j.Journey.ID == p.journey.Journey.ID,
		})
	}
	return tabs.View(p.Lang)
}

// table is the units against the courses of the journey; for who may not see
// the units, the municipality alone.
func (p *municipalityPage) table() ui.Table {
	t := ui.Table{
		ID: "units", Caption: p.journey.Journey.Name, Note: p.T("municipality.note", "Day", p.Today), Dense: true, Wide: true,
		Columns: p.columns(),
		Empty:   ui.Empty{Picture: ui.PictureFigures, Title: p.T("municipality.no_accounts"), Text: p.T("municipality.no_accounts_help")},
	}
	if p.journey.Journey.ID == 0 {
		return t
	}
	total := p.journey.Total
	total.Name = p.place.Name
	if !p.sees {
		t.Columns[0].Label = p.T("people.municipality")
		t.Rows = []ui.Row{{Cells: p.unitCells(total, "")}}
		return t
	}
	units := slices.Clone(p.journey.Units)
	slices.SortStableFunc(units, func(a, b statistics.UnitRow) int { // those who are in the journey first
		return min(b.Accounts, 1) - min(a.Accounts, 1)
	})
	units = slices.DeleteFunc(units, func(u statistics.UnitRow) bool { // where nobody works of whom there need not be any
		return u.People == 0 && (u.ID == p.place.ID || p.inDistrict[u.ID] == u.ID)
	})
	if sum, some := p.inPrivate(units); some {
		t.Note += " " + p.T("municipality.private_note", "Count", sum.People, "Accounts", sum.Accounts, "Employees", sum.Employees)
	}
	units, t.Pager = visit.Paged(p.Visit, units, p.PerPage(unitsPerPage))
	for _, u := range units {
		switch u.ID {
		case p.place.ID:
			u.Name = p.T("municipality.itself")
		case p.district.ID:
			u.Name = p.T("district.office")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: p.unitCells(u, "&unit="+visit.IDOrNone(u.ID))})
	}
	total.Name = p.T("ui.total")
	t.Total = p.unitCells(total, "")
	return t
}

// columns are a place, its people and how far they have come with the journey's courses.
func (p *municipalityPage) columns() []ui.Column {
	columns := []ui.Column{
		{Label: p.T("people.unit")}, {Label: p.T("municipality.people"), Numeric: true},
		{Label: p.T("municipality.accounts_column"), Numeric: true}, {Label: p.T("municipality.employees"), Numeric: true},
	}
	for _, c := range p.journey.Courses {
		columns = append(columns, ui.Column{Label: c.Short(), Numeric: true})
	}
	return columns
}

func (p *municipalityPage) unitCells(u statistics.UnitRow, narrow string) []ui.Cell {
	number := func(n int) string { return p.Lang.Number(int64(n)) }
	inJourney := narrow + "&journey=" + visit.IDOrNone(p.journey.Journey.ID)
	cells := []ui.Cell{
		ui.Text(u.Name), p.counted(number(u.People), u.People, narrow, u.Name),
		p.counted(number(u.Accounts), u.Accounts, inJourney, u.Name), ui.Text(number(u.Employees)),
	}
	if by := p.private[u.ID]; by != "" {
		cells[0].Note = p.T("municipality.private_by", "Name", by)
	}
	for i, c := range p.journey.Courses {
		cells = append(cells, p.done(u, i, c, inJourney))
	}
	return cells
}

// counted is a number of people that leads to them.
func (p *municipalityPage) counted(text string, n int, narrow, about string) ui.Cell {
	if n == 0 || !p.sees {
		return ui.Text(text)
	}
	return ui.Cell{Text: text, Href: p.peopleHref(narrow), About: about}
}

// done is the share that has completed the course; it leads to those who have
// not.
func (p *municipalityPage) done(u statistics.UnitRow, i int, c catalogue.Course, narrow string) ui.Cell {
	if u.Employees == 0 {
		return ui.Cell{}
	}
	cell := ui.Cell{
		Text: p.Lang.Percent(u.Share(i).Float(), 1), Note: p.T("staff.of", "Done", u.Completed[i], "Meant", u.Employees),
	}
	if p.sees && u.Completed[i] < u.Employees {
		cell.Href = p.peopleHref(narrow + "&course=" + visit.IDOrNone(c.ID))
		cell.About = p.T("municipality.show_not_done", "Course", c.Title()+", "+u.Name)
	}
	return cell
}

func (p *municipalityPage) latest() templ.Component {
	if !p.manages {
		return nil
	}
	t := ui.Table{
		ID: "latest-changes", Caption: p.T("municipality.latest"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("municipality.change")}, {Label: p.T("municipality.day"), Keep: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("municipality.no_news"), Text: p.T("municipality.no_news_help")},
	}
	for _, n := range p.news {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(n.Name, visit.PersonPath(n.PersonID)), ui.Text(p.T(n.Change.Key(), "Subject", n.Subject)), ui.Text(p.Lang.TinyDay(n.Day)),
		}})
	}
	return ui.Section("latest", p.T("municipality.latest"), t.View(p.Lang))
}
