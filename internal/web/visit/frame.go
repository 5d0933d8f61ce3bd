package visit

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web/ui"
)

// Office is the role that a visitor acts in: what the start page and the menu
// are made for. What they may do is decided by all their roles together.
type Office struct {
	Role  access.Role
	Grant access.Grant // of a granted role
	Value string       // in the form that switches
}

// OfficeKey is where the session keeps the chosen office.
const OfficeKey = "office"

// Offices are the visitor's roles, the widest first.
func Offices(v access.Viewer) []Office {
	var all []Office
	for _, g := range v.Grants {
		all = append(all, Office{Role: g.Role, Grant: g, Value: strconv.FormatInt(g.ID, 10)})
	}
	if v.Trainer {
		all = append(all, Office{Role: access.Trainer, Value: string(access.Trainer)})
	}
	return append(all, Office{Role: access.Employee, Value: string(access.Employee)})
}

// Office is the one chosen in the session, or the first.
func (v *Visit) Office() Office {
	all := Offices(v.Viewer)
	chosen := v.Server.Sessions.GetString(v.Context(), OfficeKey)
	for _, o := range all {
		if o.Value == chosen {
			return o
		}
	}
	return all[0]
}

// place is where the office is held, in words.
func (o Office) place(v *Visit) string {
	if o.Grant.ID != 0 {
		return o.Grant.Name
	}
	if m := v.Viewer.Home.MunicipalityID; m != 0 {
		return v.Server.Country[m].Name
	}
	return v.Server.Country[v.Viewer.Home.RegionID].Name
}

// RegionOf is the region of the office: the nation's offices have none.
func (v *Visit) RegionOf(o Office) (organisation.Organisation, bool) {
	id := o.Grant.RegionID
	if o.Grant.ID == 0 {
		id = v.Viewer.Home.RegionID
	}
	r, ok := v.Server.Country[id]
	return r, ok
}

// Frame is the shell of a page with the title; crumbs follow the start page.
func (v *Visit) Frame(title string, crumbs ...ui.Crumb) ui.Frame {
	f := ui.Frame{
		Lang: v.Lang, Title: title, Path: v.URL.RequestURI(), Crumbs: crumbs,
		Demo: v.Server.Demo(), Notice: v.notice(), Today: v.Today, Help: HelpPath + "?page=" + url.QueryEscape(v.route.Path),
	}
	if !v.SignedIn() {
		return f
	}
	office := v.Office()
	f.Nav = v.Menu(office)
	for _, c := range slices.Backward(crumbs) { // where the page says that it belongs, whatever its address
		at := slices.IndexFunc(f.Nav, func(i ui.NavItem) bool { return i.Href == c.Href })
		if at < 0 {
			continue
		}
		for i := range f.Nav {
			f.Nav[i].Current = i == at
		}
		break
	}
	f.Organisation = office.place(v)
	person := &ui.Person{Name: v.Viewer.Name, Role: v.T(office.Role.KeyAt(office.Grant.District)), Place: office.place(v)}
	for _, o := range Offices(v.Viewer) {
		person.Roles = append(person.Roles, ui.Role{
			Label: v.T(o.Role.KeyAt(o.Grant.District)), Place: o.place(v), Value: o.Value, Current: o.Value == office.Value,
		})
	}
	if v.Server.Demo() {
		person.Picker = DemoPath
	}
	f.Person, f.Seen = person, v.seenAs()
	f.Search = SearchPath
	if v.Server.Sessions.Shared(v.Context()) {
		f.Idle = int(tablet.Idle.Seconds())
	}
	return f
}

// Menu is the main menu of the office.
func (v *Visit) Menu(o Office) []ui.NavItem {
	type item struct{ key, href string }
	start, rounds, courses := item{"nav.start", "/"}, item{"nav.rounds", RoundsPath}, item{"nav.my_journey", MyJourneyPath}
	region, hasRegion := v.RegionOf(o)
	municipality := v.Server.Country[o.Grant.MunicipalityID]
	people, help := item{"nav.people", PeoplePath}, item{"nav.help", HelpPath}
	figures, report := item{"nav.figures", FiguresPath}, item{"nav.annual_report", RegionPath(region, "annual-report")}
	if hasRegion {
		figures.href = RegionPath(region, "figures")
	}
	pot, invoice := item{"nav.pot", RegionPath(region, "pot")}, item{"nav.invoice_basis", RegionPath(region, "invoice-basis")}

	var items []item
	switch o.Role {
	case access.Manager:
		items = []item{start, {"nav.my_staff", StaffPath}, {"nav.occasions", OccasionsPath(municipality)}, {"nav.requests", RequestsPath}, rounds, courses, figures}
	case access.Trainer:
		items = []item{start, {"nav.my_days", MyDaysPath}, rounds, courses}
	case access.MunicipalAdmin:
		items = []item{start, {"nav.my_municipality", MunicipalityPath(municipality)}, {"nav.coverage", MunicipalityPath(municipality, "courses")}, {"nav.plans", MunicipalityPath(municipality, "plans")}, {"nav.occasions", OccasionsPath(municipality)}, people, rounds, {"nav.money", MunicipalityPath(municipality, "money")}, figures, report}
	case access.DistrictAdmin:
		items = []item{start, {"nav.my_district", DistrictPath(o.Grant.OrganisationID)}, {"nav.coverage", MunicipalityPath(municipality, "courses")}, {"nav.occasions", OccasionsPath(municipality)}, people, rounds, figures}
	case access.Regional:
		items = []item{start, {"nav.plan", RegionPath(region, "plan")}, {"nav.demand", RegionPath(region, "demand")}, rounds, {"nav.trainers", RegionPath(region, "trainers")}, people, figures, pot, invoice, report}
	case access.Steering:
		if o.Grant.MunicipalityID != 0 {
			items = []item{start, {"nav.my_municipality", MunicipalityPath(municipality, "summary")}, {"nav.money", MunicipalityPath(municipality, "money")}, figures, report, rounds}
			break
		}
		items = []item{start, figures, report, pot, invoice, rounds}
	case access.National:
		items = []item{start, {"nav.regions", address.NationRegions}, {"nav.people", address.Officers}, {"nav.letters", address.NationLetters}, {"nav.tariffs", address.NationTariffs}, {"nav.figures", FiguresPath}, {"nav.workshop", WorkshopsPath}, rounds, {"nav.material", MaterialsPath}}
	case access.Producer:
		items = []item{start, {"nav.workshop", WorkshopsPath}, {"nav.figures", FiguresPath}, rounds, {"nav.material", MaterialsPath}}
	case access.NationalReader:
		items = []item{start, {"nav.figures", FiguresPath}, rounds}
	case access.Operator:
		items = []item{start, people, {"nav.support", SupportPath}, {"nav.retention", RetentionPath}, {"nav.figures", FiguresPath}, rounds}
	default:
		items = []item{start, courses, rounds}
	}
	var menu []ui.NavItem
	nearest := -1 // a page of the municipality's is not the municipality
	for n, i := range append(items, help) {
		menu = append(menu, ui.NavItem{Key: i.key, Label: v.T(i.key), Href: i.href})
		if (i.href == v.URL.Path || i.href != "/" && strings.HasPrefix(v.URL.Path, i.href+"/")) && (nearest < 0 || len(menu[nearest].Href) < len(i.href)) {
			nearest = n
		}
	}
	if nearest >= 0 {
		menu[nearest].Current = true
	}
	return menu
}

// CrumbsOf leads from the nation down to the organisation; the last is where
// one is, unless href is given for it.
func (v *Visit) CrumbsOf(o organisation.Organisation, more ...ui.Crumb) []ui.Crumb {
	crumbs := []ui.Crumb{{Label: v.Server.Country[organisation.NationID].Name}}
	if r, ok := v.Server.Country[o.RegionID]; ok {
		crumbs = append(crumbs, ui.Crumb{Label: r.Name})
	}
	if m, ok := v.Server.Country[o.MunicipalityID]; ok {
		crumbs = append(crumbs, ui.Crumb{Label: m.Name})
	}
	if o.Kind == organisation.Unit {
		crumbs = append(crumbs, ui.Crumb{Label: o.Name})
	}
	return append(crumbs, more...)
}
