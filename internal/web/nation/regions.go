package nation

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/officer"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/finance"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// thisTerm is the first and last day of the term that runs, and its name.
func thisTerm(v *visit.Visit) (first, last clock.Day, name string) {
	term := clock.TermOf(v.Today)
	first, last = clock.Term("", term, v.Today)
	return first, last, v.T("nation.term_"+term, "Year", strconv.Itoa(v.Today.Year()))
}

// Regions are all regions with who runs them, those without anybody first.
func Regions(v *visit.Visit) error {
	first, last, term := thisTerm(v)
	all, err := officer.Regions(v.Context(), v.Reader(), v.Viewer, first, last, v.Today)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "regions", Caption: v.T("nation.regions_caption", "Count", len(all)), QuietTitle: true,
		Columns: []ui.Column{
			{Label: v.T("nation.region")}, {Label: v.T("nation.administrators")}, {Label: v.T("nation.since"), Keep: true}, {Label: v.T("nation.signed_in"), Keep: true},
			{Label: v.T("nation.rounds", "Term", term), Numeric: true}, {Label: v.T("nation.first_day"), Keep: true}, {Label: v.T("nation.remarks"), Numeric: true},
		},
	}
	var without []string
	for _, r := range all {
		name := ui.Link(r.Name, address.NationRegion(r.Slug))
		if !r.Reachable(v.Today) {
			without = append(without, r.Name)
			name.Note = v.T("nation.nobody_signs_in")
		}
		firstDay := ui.Text("")
		if r.FirstDay != nil {
			firstDay = ui.Text(v.Lang.TinyDay(*r.FirstDay))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(append([]ui.Cell{name}, administratorCells(v, r)...), v.NumberCell(r.Rounds), firstDay, v.NumberCell(r.Remarks))})
	}
	head := ui.PageHead{Title: v.T("nation.regions"), Lead: v.T("nation.regions_lead"), Others: []ui.Action{
		{Label: v.T("affiliation.title"), Href: address.NationAffiliation, Kind: ui.Secondary},
	}}
	var notice templ.Component = templ.NopComponent
	if len(without) > 0 {
		notice = ui.Notice{Tone: ui.Caution, Title: v.T("nation.without", "Count", len(without)), Text: v.T("nation.without_help", "Regions", strings.Join(without, ", "))}.View(v.Lang)
	}
	return v.Page(v.Frame(head.Title, v.OfficeCrumbs(head.Title)...), head.View(v.Lang), notice, v.Take(t, address.NationRegions))
}

// administratorCells are who administers the region, at which addresses, since when one of
// them has, and when one of them signed in last.
func administratorCells(v *visit.Visit, r officer.Region) []ui.Cell {
	if len(r.Administrators) == 0 {
		return []ui.Cell{ui.Status(v.T("nation.nobody"), ui.Negative), ui.Text(""), ui.Text("")}
	}
	var names, addresses []string
	var latest *clock.Instant
	since := r.Administrators[0].Grant.From
	for _, a := range r.Administrators {
		name := a.Name()
		if a.Grant.From > v.Today {
			name = v.T("nation.role_from", "Role", name, "Day", a.Grant.From)
		}
		names, since = append(names, name), min(since, a.Grant.From)
		if a.Email != "" {
			addresses = append(addresses, a.Email)
		}
		if a.SignedInAt != nil && (latest == nil || *a.SignedInAt > *latest) {
			latest = a.SignedInAt
		}
	}
	signed := v.T("people.person.never_signed_in")
	if latest != nil {
		signed = v.Lang.TinyDay(latest.Day())
	}
	return []ui.Cell{{Text: strings.Join(names, ", "), Note: strings.Join(addresses, ", ")}, ui.Text(v.Lang.TinyDay(since)), ui.Text(signed)}
}

// region is that in the address, for those who see officers.
func region(v *visit.Visit) (organisation.Organisation, error) {
	if !access.Officers(v.Viewer) {
		return organisation.Organisation{}, fault.Forbidden
	}
	return v.Region()
}

// Region is one region: who runs it, how far it has come, what it charges.
func Region(v *visit.Visit) error {
	place, err := region(v)
	if err != nil {
		return err
	}
	first, last, term := thisTerm(v)
	r, err := officer.RegionOf(v.Context(), v.Reader(), v.Viewer, place.ID, first, last, v.Today)
	if err != nil {
		return err
	}
	fees, err := finance.FeesToday(v, place.ID)
	if err != nil {
		return err
	}
	known, err := ofAddress(v, &place)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: place.Name, Lead: v.T("nation.region_lead"), Others: []ui.Action{
		{Label: v.T("nation.to_figures"), Href: visit.RegionPath(place, "figures"), Kind: ui.Secondary},
	}}
	if access.WriteCirculars(v.Viewer) {
		head.Others = append(head.Others, ui.Action{Label: v.T("nation.write_region"), Href: address.NationLetters + "?region=" + visit.ID(place.ID) + "#write", Kind: ui.Secondary})
	}
	if access.SetUp(v.Viewer).Covers(place.Place()) {
		head.Others = append(head.Others, ui.Action{Label: v.T("nav.setup"), Href: address.RegionSetup(place.Slug), Kind: ui.Secondary})
	}
	var notice templ.Component = templ.NopComponent
	if !r.Reachable(v.Today) && len(r.Administrators) > 0 { // without any the list says so
		notice = ui.Notice{Tone: ui.Caution, Title: v.T("nation.nobody_for", "Region", place.Name), Text: v.T("nation.nobody_for_help")}.View(v.Lang)
	}
	firstDay := v.T("nation.no_rounds")
	if r.FirstDay != nil {
		firstDay = v.Lang.Day(*r.FirstDay)
	}
	remarks := v.T("nation.no_remarks")
	if r.Remarks > 0 {
		remarks = v.T("nation.remarks_are", "Count", r.Remarks)
	}
	facts := ui.Summary{
		{Term: v.T("nation.rounds", "Term", term), Value: v.Lang.Number(int64(r.Rounds))},
		{Term: v.T("nation.first_day"), Value: firstDay},
		{Term: v.T("nation.remarks"), Value: remarks},
	}
	fields := append(personFields(v), fromField(v))
	sheet := ui.Form(address.NationRegion(place.Slug, "administrators"), v.T("nation.add_administrator"), nil, fields...)
	v.NameErrors(visit.Labelled(fields...))
	return v.Page(v.Frame(place.Name, v.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: v.T("nation.regions"), Href: address.NationRegions}, ui.Crumb{Label: place.Name})...),
		head.View(v.Lang), notice, v.Table(administratorTable(v, r)),
		ui.Section("add", v.T("nation.add_administrator"), ui.Paragraph(v.T("nation.add_administrator_help")), known, sheet.View(v.Lang)),
		ui.Section("progress", v.T("nation.progress"), facts.View(v.Lang)),
		ui.Section("fees", v.T("nation.fees"), fees.View(v.Lang), ui.Buttons(v.Lang, []ui.Action{{Label: v.T("nation.to_tariffs"), Href: finance.TariffsPath(place), Kind: ui.Secondary}})),
	)
}

func administratorTable(v *visit.Visit, r officer.Region) ui.Table {
	t := ui.Table{
		ID: "administrators", Caption: v.T("nation.administrators"), Dense: true,
		Columns: []ui.Column{
			{Label: v.T("people.name")}, {Label: v.T("people.email")}, {Label: v.T("nation.since"), Keep: true}, {Label: v.T("people.person.until"), Keep: true},
			{Label: v.T("nation.signed_in"), Keep: true}, {Label: v.T("people.person.actions"), Action: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("nation.nobody_for", "Region", r.Name), Text: v.T("nation.nobody_for_help")},
	}
	for _, a := range r.Administrators {
		until := v.T("people.person.for_now")
		if a.Grant.Until != nil {
			until = v.Lang.TinyDay(*a.Grant.Until)
		}
		a.Offices = append(a.Offices, a.Grant) // an officer is told with how they are reached
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(a.Name(), address.Officer(a.ID)), contact(v, a.Officer), ui.Text(v.Lang.TinyDay(a.Grant.From)), ui.Text(until), signedIn(v, a.Officer, true),
			{Text: v.T("people.person.act_role_end"), Href: address.Officer(a.ID) + "?end=" + visit.ID(a.Grant.ID) + "#" + ui.FormPlace, About: a.Name()},
		}})
	}
	return t
}

// AddAdministrator gives the region an administrator who is not in the system.
func AddAdministrator(v *visit.Visit) error {
	place, err := region(v)
	if err != nil {
		return err
	}
	var checks fault.Checks
	a := officer.Appointment{Role: access.Regional, OrganisationID: place.ID}
	a.From = v.FormDay(&checks, "from")
	return addNew(v, checks.Err(), a, place.ID, address.NationRegion(place.Slug))
}
