// Package affiliation is the pages on which one reads and says which municipalities have
// joined the programme, and whether a region may see names.
package affiliation

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/text"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const rowsPerPage = 60

// Nation is all municipalities.
func Nation(v *visit.Visit) error {
	return list(v, v.Server.Country[organisation.NationID], 0, address.NationAffiliation)
}

// Region is the region's municipalities.
func Region(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	return list(v, region, region.ID, visit.RegionPath(region, "affiliation"))
}

func list(v *visit.Visit, place organisation.Organisation, regionID int64, path string) error {
	rows, err := affiliation.Rows(v.Context(), v.Reader(), v.Viewer, regionID, v.Today)
	if err != nil {
		return err
	}
	joined, named := 0, 0
	for _, r := range rows {
		if r.Joined {
			joined++
		}
		if r.Names {
			named++
		}
	}
	title := v.T("affiliation.title")
	figures := ui.Figures{
		{Label: v.T("affiliation.joined"), Value: v.Lang.Number(int64(joined)), Unit: v.T("affiliation.of", "Count", len(rows)), AsOf: v.Today},
		{Label: v.T("affiliation.names"), Value: v.Lang.Number(int64(named)), Unit: v.T("affiliation.of", "Count", len(rows)), AsOf: v.Today},
	}
	sought := v.URL.Query().Get("q")
	filter := ui.Filter{
		Label: v.T("affiliation.find"), Action: path,
		Fields: []ui.Field{{Name: "q", Label: v.T("people.municipality"), Value: sought, Optional: true, Autocomplete: "off"}},
	}
	if sought != "" {
		filter.Clear = path
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("affiliation.lead", "Place", place.Name)}.View(v.Lang), figures.View(v.Lang)}
	if len(rows) > rowsPerPage || sought != "" {
		parts = append(parts, filter.View(v.Lang))
	}
	return v.Page(v.Frame(title, v.CrumbsOf(place, ui.Crumb{Label: title})...), append(parts, v.Take(table(v, rows, sought, regionID == 0, path), path))...)
}

func table(v *visit.Visit, rows []affiliation.Row, sought string, regions bool, path string) ui.Table {
	t := ui.Table{
		ID: "municipalities", Caption: v.T("affiliation.list"), QuietTitle: true, Dense: true, Note: v.T("affiliation.note", "Day", v.Today),
		Columns: []ui.Column{{Label: v.T("people.municipality")}, {Label: v.T("affiliation.joined_column")}, {Label: v.T("affiliation.names_column")}, {Label: v.T("affiliation.next"), Keep: true}},
	}
	if regions {
		t.Columns = append(t.Columns[:1], append([]ui.Column{{Label: v.T("nation.region")}}, t.Columns[1:]...)...)
	}
	words := text.Seek(sought)
	var found []affiliation.Row
	for _, r := range rows {
		if len(words) == 0 || words.Fits(r.Municipality.Name) != text.Nowhere {
			found = append(found, r)
		}
	}
	t.Empty = ui.Empty{
		Picture: ui.PictureSearch, Title: v.T("affiliation.none"),
		Action: &ui.Action{Label: v.T("affiliation.all"), Href: path, Kind: ui.Secondary},
	}
	found, t.Pager = visit.Paged(v, found, v.PerPage(rowsPerPage))
	for _, r := range found {
		cells := []ui.Cell{ui.Link(r.Municipality.Name, visit.MunicipalityPath(r.Municipality, "affiliation"))}
		if regions {
			cells = append(cells, ui.Text(v.Server.Country[r.Municipality.RegionID].Name))
		}
		next := ui.Text("")
		if r.Next != nil {
			next = ui.Text(v.Lang.TinyDay(*r.Next))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, state(v, affiliation.Joined, r.Joined), state(v, affiliation.Names, r.Names), next)})
	}
	return t
}

// state is a word for whether the fact holds.
func state(v *visit.Visit, fact affiliation.Fact, holds bool) ui.Cell {
	if holds {
		return ui.Status(v.T("affiliation."+string(fact)+"_yes"), ui.Positive)
	}
	return ui.Status(v.T("affiliation."+string(fact)+"_no"), ui.Caution)
}

// Municipality is what holds for one municipality and when, with forms for who may say it.
func Municipality(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	title := v.T("affiliation.of_municipality", "Municipality", m.Name)
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("affiliation.municipality_lead")}.View(v.Lang)}
	for _, fact := range []affiliation.Fact{affiliation.Joined, affiliation.Names} {
		section, err := factSection(v, m, fact)
		if err != nil {
			return err
		}
		parts = append(parts, section)
	}
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("affiliation.title")})...)
	f.Reading = true
	return v.Page(f, parts...)
}

func factSection(v *visit.Visit, m organisation.Organisation, fact affiliation.Fact) (templ.Component, error) {
	line, err := affiliation.Of(v.Context(), v.Reader(), v.Viewer, m, fact)
	if err != nil {
		return nil, err
	}
	key := "affiliation." + string(fact)
	now := v.T(key+"_is", "Municipality", m.Name)
	if !line.On(v.Today) {
		now = v.T(key+"_is_not", "Municipality", m.Name)
	}
	history := ui.Table{
		ID: string(fact) + "-days", Caption: v.T("affiliation.history"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T(key + "_column")}, {Label: v.T("people.person.from"), Keep: true}, {Label: v.T("people.person.until"), Keep: true}, {Label: v.T("affiliation.by")}},
	}
	for _, s := range line.Stretches() {
		from, until, by := v.T("affiliation.always"), v.T("people.person.for_now"), s.By
		if s.From != nil {
			from = v.Lang.TinyDay(*s.From)
		}
		if s.Until != nil {
			until = v.Lang.TinyDay(*s.Until)
		}
		if by == "" {
			by = v.T("affiliation.unsaid")
		}
		history.Rows = append(history.Rows, ui.Row{Cells: []ui.Cell{state(v, fact, s.Holds), ui.Text(from), ui.Text(until), ui.Text(by)}})
	}
	parts := []templ.Component{ui.Paragraph(now), ui.Paragraph(v.T(key + "_help")), history.View(v.Lang)}
	switch err := affiliation.May(v.Context(), v.Reader(), v.Viewer, m, fact, v.Today); {
	case err == nil:
		parts = append(parts, form(v, m, fact))
	case fault.Of(err) == nil:
		return nil, err
	default:
		parts = append(parts, ui.Paragraph(v.T(key+"_who")))
	}
	return ui.Section(string(fact), v.T(key+"_title"), parts...), nil
}

// form asks for the fact; its fields are named after it, for both may stand on one page.
func form(v *visit.Visit, m organisation.Organisation, fact affiliation.Fact) templ.Component {
	key, name := "affiliation."+string(fact), string(fact)
	sheet := ui.Form(visit.MunicipalityPath(m, "affiliation", name), v.T(key+"_do"), nil,
		ui.Field{
			Input: ui.RadioInput, Name: name, Label: v.T(key + "_question"), Value: v.Typed(name, ""), Error: v.Wrong(name),
			Options: []ui.Option{{Value: "yes", Label: v.T(key + "_yes")}, {Value: "no", Label: v.T(key + "_no"), Hint: v.T(key + "_no_hint")}},
		},
		ui.Field{Input: ui.DateInput, Name: name + "_from", Label: v.T("affiliation.from"), Value: v.Typed(name+"_from", ""), Error: v.Wrong(name + "_from")},
		ui.Field{
			Input: ui.DateInput, Name: name + "_until", Label: v.T("affiliation.until"), Hint: v.T("affiliation.until_hint"),
			Value: v.Typed(name+"_until", ""), Error: v.Wrong(name + "_until"), Optional: true,
		},
	)
	sheet.Kind = ui.Secondary
	return sheet.View(v.Lang)
}

// SayJoined says from when and until when the municipality has joined.
func SayJoined(v *visit.Visit) error { return say(v, affiliation.Joined) }

// SayNames says from when and until when its region may see names.
func SayNames(v *visit.Visit) error { return say(v, affiliation.Names) }

func say(v *visit.Visit, fact affiliation.Fact) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	if err := affiliation.May(v.Context(), v.Reader(), v.Viewer, m, fact, v.Today); err != nil {
		return err
	}
	var checks fault.Checks
	name := string(fact)
	holds := v.FormValue(name)
	checks.Require(holds == "yes" || holds == "no", name, "signup.choose_one")
	period := clock.Period{From: v.FormDay(&checks, name+"_from")}
	if v.FormValue(name+"_until") != "" {
		until := v.FormDay(&checks, name+"_until")
		checks.Require(period.From <= until, name+"_until", "affiliation.until_before")
		period.Until = &until
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return affiliation.Say(v.Context(), tx, v.Viewer, m.ID, fact, holds == "yes", period, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "affiliation")+"#"+name, "notice.affiliation_"+name, "Municipality", m.Name)
}
