package municipal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/text"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Units are all units of the municipality: those where nobody works, and those that are
// closed, too.
func Units(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	units, err := organisation.UnitRows(v.Context(), v.Reader(), v.Viewer, m, v.Today)
	if err != nil {
		return err
	}
	title := v.T("municipality.units")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: title})...)
	add := ui.Form(visit.UnitsPath(m), v.T("municipality.add_unit"), nil, unitName(v, false, ""))
	others := []ui.Action{{Label: v.T("district.title"), Href: visit.MunicipalityPath(m, "districts"), Kind: ui.Secondary}}
	if access.ShareTablets(v.Viewer).Covers(m.Place()) {
		others = append(others, ui.Action{Label: v.T("tablet.title"), Href: address.Tablets, Kind: ui.Secondary})
	}
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("municipality.units_lead", "Municipality", m.Name), Others: others}.View(v.Lang),
	}
	if len(units) > unitsPerPage {
		parts = append(parts, unitFilter(v, m).View(v.Lang))
	}
	return v.Page(f, append(parts, v.Take(unitTable(v, m, units), visit.UnitsPath(m)), ui.Section("new-unit", v.T("municipality.new_unit"), add.View(v.Lang)))...)
}

func unitName(v *visit.Visit, district bool, usual string) ui.Field {
	return ui.Field{
		Name: "name", Label: v.T(wordKey(district, "unit_name")), Hint: v.T(wordKey(district, "unit_hint")), Value: v.Typed("name", usual), Error: v.Wrong("name"), Autocomplete: "off",
	}
}

func unitFilter(v *visit.Visit, m organisation.Organisation) ui.Filter {
	sought := v.URL.Query().Get("q")
	f := ui.Filter{
		Label: v.T("municipality.find_unit"), Action: visit.UnitsPath(m),
		Fields: []ui.Field{{Name: "q", Label: v.T("municipality.unit_name"), Value: sought, Optional: true, Autocomplete: "off"}},
	}
	if sought != "" {
		f.Clear = visit.UnitsPath(m)
	}
	return f
}

func unitTable(v *visit.Visit, m organisation.Organisation, units []organisation.UnitRow) ui.Table {
	t := ui.Table{
		ID: "units", Caption: v.T("municipality.units"), QuietTitle: true, Dense: true, Note: v.T("municipality.units_note", "Day", v.Today),
		Columns: []ui.Column{
			{Label: v.T("people.unit")}, {Label: v.T("municipality.people"), Numeric: true},
			{Label: v.T("municipality.managers"), Numeric: true}, {Label: v.T("municipality.unit_state")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("municipality.no_units"), Text: v.T("municipality.no_units_help")},
	}
	districts := map[int64]string{}
	for _, u := range units {
		if u.IsDistrict() {
			districts[u.ID] = u.Name
		}
	}
	if len(districts) > 0 {
		t.Columns = slices.Insert(t.Columns, 1, ui.Column{Label: v.T("district.one")})
	}
	if sought := text.Seek(v.URL.Query().Get("q")); len(sought) > 0 {
		units = slices.DeleteFunc(units, func(u organisation.UnitRow) bool { return sought.Fits(u.Name) == text.Nowhere })
		t.Empty = ui.Empty{
			Picture: ui.PictureSearch, Title: v.T("municipality.no_such_unit"),
			Action: &ui.Action{Label: v.T("municipality.all_units"), Href: visit.UnitsPath(m), Kind: ui.Secondary},
		}
	}
	units, t.Pager = visit.Paged(v, units, v.PerPage(unitsPerPage))
	for _, u := range units {
		people := ui.Text(v.Lang.Number(int64(u.People)))
		if u.People > 0 {
			people.Href, people.About = visit.PeoplePath+"?municipality="+visit.ID(m.ID)+"&unit="+visit.ID(u.ID), u.Name
		}
		unitName := ui.Link(u.Name, visit.UnitPath(u.ID))
		if u.Provider != "" {
			unitName.Note = v.T("municipality.private_by", "Name", u.Provider)
		}
		cells := []ui.Cell{unitName, people, ui.Text(v.Lang.Number(int64(u.Managers))), unitState(v, u)}
		if len(districts) > 0 {
			in := ui.Text(districts[u.District])
			if u.IsDistrict() {
				in = ui.Text(v.T("district.office"))
			}
			cells = slices.Insert(cells, 1, in)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// unitState is a word for where the unit stands.
func unitState(v *visit.Visit, u organisation.UnitRow) ui.Cell {
	switch {
	case u.Closed(v.Today):
		return ui.Status(v.T("municipality.unit_closed", "Day", *u.ClosedOn), ui.Plain)
	case u.ClosedOn != nil:
		return ui.Status(v.T("municipality.unit_closes", "Day", *u.ClosedOn), ui.Caution)
	case u.People == 0 && !u.IsDistrict():
		return ui.Status(v.T("municipality.unit_empty"), ui.Info)
	}
	return ui.Status(v.T("municipality.unit_runs"), ui.Positive)
}

// AddUnit adds a unit to the municipality.
func AddUnit(v *visit.Visit) error {
	m, err := v.Municipality()
	if err == nil {
		err = access.ManageUnits(v.Viewer).Allow(m.Place())
	}
	if err != nil {
		return err
	}
	name := strings.TrimSpace(v.FormValue("name"))
	err = v.Write(func(tx *db.Tx) error {
		_, err := organisation.AddUnit(v.Context(), tx, v.Viewer, m.ID, name)
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(visit.UnitsPath(m), "notice.unit_added", "Name", name)
}

// Unit is the page on which a unit is renamed or closed, with what it was called.
func Unit(v *visit.Visit) error {
	id, err := v.ID("unit")
	if err != nil {
		return err
	}
	u, names, err := organisation.UnitOn(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return err
	}
	o, err := organisation.ByID(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	m := v.Server.Country[o.MunicipalityID]
	word := func(name string) string { return v.T(wordKey(u.IsDistrict(), name)) }
	closing, err := unitClosing(v, u)
	if err != nil {
		return err
	}
	state := unitState(v, u)
	head := ui.PageHead{Title: u.Name, Tag: state.Tag, Lead: v.T("municipality.unit_lead", "Count", u.People, "Managers", u.Managers)}
	crumbs := []ui.Crumb{{Label: v.T("municipality.units"), Href: visit.UnitsPath(m)}}
	if u.IsDistrict() {
		head.Lead = v.T("district.unit_lead", "Count", u.People)
		head.Others = append(head.Others, ui.Action{Label: v.T("district.figures"), Href: visit.DistrictPath(u.ID), Kind: ui.Secondary})
		crumbs = append(crumbs, ui.Crumb{Label: v.T("district.title"), Href: visit.MunicipalityPath(m, "districts")})
	} else if u.People > 0 {
		head.Others = []ui.Action{{Label: v.T("municipality.unit_people"), Href: visit.PeoplePath + "?municipality=" + visit.ID(m.ID) + "&unit=" + visit.ID(u.ID), Kind: ui.Secondary}}
	}
	rename := ui.Form(visit.UnitPath(u.ID, "name"), word("rename"), nil, unitName(v, u.IsDistrict(), u.Name))
	rename.Fields[0].Hint = word("rename_hint")
	history := ui.Table{
		ID: "former-names", Caption: v.T("municipality.former_names"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("municipality.former_name")}, {Label: v.T("municipality.former_until"), Keep: true}},
	}
	for _, n := range names {
		history.Rows = append(history.Rows, ui.Row{Cells: []ui.Cell{ui.Text(n.Name), ui.Text(v.Lang.TinyDay(n.Until))}})
	}
	parts := []templ.Component{head.View(v.Lang)}
	if u.IsDistrict() {
		members, err := ofDistrict(v, m, u)
		if err != nil {
			return err
		}
		parts = append(parts, members)
	}
	parts = append(parts,
		ui.Section("name", v.T("municipality.rename_title"), rename.View(v.Lang)),
		ui.Section("closing", word("close_title"), closing...),
	)
	if !u.IsDistrict() {
		district, err := inDistrict(v, m, u)
		if err != nil {
			return err
		}
		provider, err := unitProvider(v, u)
		if err != nil {
			return err
		}
		parts = append(parts, district, provider)
	}
	if len(names) > 0 {
		parts = append(parts, ui.Section("former", v.T("municipality.former_names"), history.View(v.Lang)))
	}
	f := v.Frame(u.Name, v.CrumbsOf(m, append(crumbs, ui.Crumb{Label: u.Name})...)...)
	f.Reading = true
	return v.Page(f, ui.Parts(parts...)...)
}

// fewInUse is how many of those who still need a unit are named; their list has the rest.
const fewInUse = 20

// unitClosing closes the unit or takes that back. What stands in the way of the day that
// was tried, or of today, is named with links.
func unitClosing(v *visit.Visit, u organisation.UnitRow) ([]templ.Component, error) {
	word := func(name string, args ...any) string { return v.T(wordKey(u.IsDistrict(), name), args...) }
	if u.ClosedOn != nil {
		key := "closes_on"
		if u.Closed(v.Today) {
			key = "closed_on"
		}
		return []templ.Component{
			ui.Notice{Tone: ui.Info, Text: word(key, "Day", *u.ClosedOn)}.View(v.Lang),
			ui.Action{Label: word("reopen"), Href: visit.UnitPath(u.ID, "reopening"), Kind: ui.Secondary, Post: true}.View(v.Lang),
		}, nil
	}
	sheet := ui.Form(visit.UnitPath(u.ID, "closing"), word("close_unit"), nil, ui.Field{
		Input: ui.DateInput, Name: "day", Label: v.T("municipality.close_from"), Hint: word("close_hint"), Value: v.Typed("day", ""), Error: v.Wrong("day"),
	})
	sheet.Kind = ui.Secondary
	day, err := clock.ParseDay(v.Typed("day", v.Today.String()))
	if err != nil {
		day = v.Today
	}
	used, err := organisation.UsedFrom(v.Context(), v.Reader(), v.Viewer, u.ID, day)
	if err != nil || !used.Any() {
		return []templ.Component{sheet.View(v.Lang)}, err
	}
	parts := []templ.Component{ui.Notice{Tone: ui.Caution, Text: word("in_use", "Day", day)}.View(v.Lang)}
	for _, kind := range []struct {
		key  string
		all  []organisation.Named
		path func(id int64) string
	}{
		{"in_use_people", used.People, func(id int64) string { return visit.PersonPath(id) }},
		{"in_use_managers", used.Managers, func(id int64) string { return visit.PersonPath(id) }},
		{"in_use_units", used.Units, func(id int64) string { return visit.UnitPath(id) }},
		{"in_use_rounds", used.Rounds, func(id int64) string { return visit.RoundPath(id) }},
	} {
		if len(kind.all) == 0 {
			continue
		}
		var links []ui.Action
		for _, n := range kind.all[:min(fewInUse, len(kind.all))] {
			links = append(links, ui.Action{Label: n.Name, Href: kind.path(n.ID)})
		}
		parts = append(parts, ui.Fold(word(kind.key, "Count", len(kind.all)), ui.Links(links)))
	}
	return append(parts, sheet.View(v.Lang)), nil
}

// changeUnit does something to the unit in the address and leads back to it.
func changeUnit(v *visit.Visit, notice string, change func(tx *db.Tx, unitID int64) error) error {
	id, err := v.ID("unit")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return change(tx, id) }); err != nil {
		return err
	}
	return v.Redirect(visit.UnitPath(id), notice)
}

// RenameUnit gives the unit another name from today on.
func RenameUnit(v *visit.Visit) error {
	return changeUnit(v, "notice.unit_renamed", func(tx *db.Tx, id int64) error {
		return organisation.RenameUnit(v.Context(), tx, v.Viewer, id, v.FormValue("name"), v.Now)
	})
}

// CloseUnit closes the unit from a day on.
func CloseUnit(v *visit.Visit) error {
	return changeUnit(v, "notice.unit_closed", func(tx *db.Tx, id int64) error {
		// Who may not is told that before what is wrong with the day.
		if _, _, err := organisation.UnitOn(v.Context(), tx, v.Viewer, id, v.Today); err != nil {
			return err
		}
		var checks fault.Checks
		day := v.FormDay(&checks, "day")
		if err := checks.Err(); err != nil {
			return err
		}
		return organisation.CloseUnit(v.Context(), tx, v.Viewer, id, day, v.Now)
	})
}

// ReopenUnit takes the closing back.
func ReopenUnit(v *visit.Visit) error {
	return changeUnit(v, "notice.unit_reopened", func(tx *db.Tx, id int64) error {
		return organisation.ReopenUnit(v.Context(), tx, v.Viewer, id, v.Now)
	})
}
