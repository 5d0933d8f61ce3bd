package municipal

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// wordKey is the message of that name that speaks of a unit, or of a district.
func wordKey(district bool, name string) string {
	if district {
		return "district." + name
	}
	return "municipality." + name
}

// Districts are the districts of the municipality, the closed ones too, and the form that makes
// one.
func Districts(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	rows, err := organisation.DistrictRows(v.Context(), v.Reader(), v.Viewer, m, v.Today)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "districts", Caption: v.T("district.title"), QuietTitle: true, Dense: true, Note: v.T("municipality.units_note", "Day", v.Today),
		Columns: []ui.Column{
			{Label: v.T("district.one")}, {Label: v.T("municipality.units"), Numeric: true},
			{Label: v.T("district.administrators"), Numeric: true}, {Label: v.T("municipality.unit_state")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("district.none"), Text: v.T("district.none_help")},
	}
	rows, t.Pager = visit.Paged(v, rows, v.PerPage(unitsPerPage))
	for _, d := range rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(d.Name, visit.UnitPath(d.ID)), ui.Text(v.Lang.Number(int64(d.Units))), ui.Text(v.Lang.Number(int64(d.Administrators))), districtState(v, d),
		}})
	}
	title := v.T("district.title")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("municipality.units"), Href: visit.UnitsPath(m)}, ui.Crumb{Label: title})...)
	add := ui.Form(visit.MunicipalityPath(m, "districts"), v.T("district.add"), nil, unitName(v, true, ""))
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("district.lead", "Municipality", m.Name)}.View(v.Lang),
		v.Take(t, visit.MunicipalityPath(m, "districts")),
		ui.Section("new-district", v.T("district.new"), add.View(v.Lang)),
		ui.Fold(v.T("district.roles"), ui.Paragraph(v.T("district.roles_help"))),
	)
}

// districtState is a word for where the district stands.
func districtState(v *visit.Visit, d organisation.DistrictRow) ui.Cell {
	if d.Units == 0 && d.ClosedOn == nil {
		return ui.Status(v.T("district.empty"), ui.Info)
	}
	return unitState(v, organisation.UnitRow{ID: d.ID, District: d.ID, ClosedOn: d.ClosedOn})
}

// AddDistrict makes a district in the municipality.
func AddDistrict(v *visit.Visit) error {
	m, err := v.Municipality()
	if err == nil {
		err = access.ManageUnits(v.Viewer).Allow(m.Place())
	}
	if err != nil {
		return err
	}
	name := strings.TrimSpace(v.FormValue("name"))
	var id int64
	if err := v.Write(func(tx *db.Tx) error {
		id, err = organisation.AddDistrict(v.Context(), tx, v.Viewer, m.ID, name, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.UnitPath(id), "notice.district_added", "Name", name)
}

// inDistrict is the district that the unit belongs to and has belonged to, with the form that
// says it anew; nil where the municipality has no districts.
func inDistrict(v *visit.Visit, m organisation.Organisation, u organisation.UnitRow) (templ.Component, error) {
	districts, err := organisation.Districts(v.Context(), v.Reader(), m.ID, v.Today)
	if err != nil {
		return nil, err
	}
	all, err := organisation.Memberships(v.Context(), v.Reader(), v.Viewer, u.ID)
	if err != nil || len(districts)+len(all) == 0 {
		return nil, err
	}
	which := ui.Field{
		Input: ui.SelectInput, Name: "district", Label: v.T("district.one"), Value: v.Typed("district", ""), Error: v.Wrong("district"),
		Options: []ui.Option{{Label: v.T("district.choose")}},
	}
	now := v.T("district.unit_in_none")
	for _, d := range districts {
		which.Options = append(which.Options, ui.Option{Value: visit.ID(d.ID), Label: d.Name})
		if d.ID == u.District {
			now = v.T("district.unit_in", "Name", d.Name)
		}
	}
	which.Options = append(which.Options, ui.Option{Value: noDistrict, Label: v.T("district.no_district")})
	parts := []templ.Component{ui.Paragraph(now + " " + v.T("district.unit_help"))}
	if len(all) > 0 {
		t := ui.Table{
			ID: "memberships", Caption: v.T("district.history"), QuietTitle: true, Dense: true,
			Columns: []ui.Column{{Label: v.T("district.one")}, {Label: v.T("people.person.from"), Keep: true}, {Label: v.T("affiliation.by")}},
		}
		for _, m := range all {
			name := m.Name
			if name == "" {
				name = v.T("district.no_district")
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(name), ui.Text(v.Lang.TinyDay(m.From)), ui.Text(m.By)}})
		}
		parts = append(parts, t.View(v.Lang))
	}
	sheet := ui.Form(visit.UnitPath(u.ID, "district"), v.T("district.do"), nil, which, districtFrom(v))
	sheet.Kind = ui.Secondary
	return ui.Section("district", v.T("district.unit_title"), append(parts, sheet.View(v.Lang))...), nil
}

// noDistrict is the answer that the unit belongs to no district.
const noDistrict = "none"

func districtFrom(v *visit.Visit) ui.Field {
	return ui.Field{
		Input: ui.DateInput, Name: "district_from", Label: v.T("affiliation.from"), Hint: v.T("municipality.provider_from_hint"),
		Value: v.Typed("district_from", ""), Error: v.Wrong("district_from"),
	}
}

// SetDistrict says to which district the unit belongs from a day on.
func SetDistrict(v *visit.Visit) error {
	return changeUnit(v, "notice.unit_district", func(tx *db.Tx, id int64) error {
		if _, err := organisation.Memberships(v.Context(), tx, v.Viewer, id); err != nil {
			return err // who may not is told that before what is wrong
		}
		var checks fault.Checks
		district := v.NumberID("district")
		checks.Require(district != 0 || v.FormValue("district") == noDistrict, "district", "district.missing")
		from := v.FormDay(&checks, "district_from")
		if err := checks.Err(); err != nil {
			return err
		}
		return organisation.SetDistrict(v.Context(), tx, v.Viewer, id, district, from, v.Now)
	})
}

// ofDistrict are the units that belong to the district, with the form that puts further ones
// into it.
func ofDistrict(v *visit.Visit, m organisation.Organisation, d organisation.UnitRow) (templ.Component, error) {
	rows, err := organisation.UnitRows(v.Context(), v.Reader(), v.Viewer, m, v.Today)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, u := range rows {
		if u.IsDistrict() {
			names[u.ID] = u.Name
		}
	}
	var links []ui.Action
	var others []ui.Option // of another district
	who := ui.Field{Input: ui.CheckInput, Name: "units", Label: v.T("district.which_units"), Hint: v.T("district.which_units_hint"), Values: v.PostForm["units"], Error: v.Wrong("units")}
	for _, u := range rows {
		switch {
		case u.Closed(v.Today) || u.IsDistrict():
		case u.District == d.ID:
			links = append(links, ui.Action{Label: u.Name, Href: visit.UnitPath(u.ID)})
		case u.District != 0:
			others = append(others, ui.Option{Value: visit.ID(u.ID), Label: v.T("district.of_another", "Unit", u.Name, "District", names[u.District])})
		default:
			who.Options = append(who.Options, ui.Option{Value: visit.ID(u.ID), Label: u.Name})
		}
	}
	who.Options = append(who.Options, others...)
	var parts []templ.Component
	if len(links) == 0 {
		parts = append(parts, ui.Paragraph(v.T("district.no_units")))
	} else {
		parts = append(parts, ui.Fold(v.T("district.its_units", "Count", len(links)), ui.Links(links)))
	}
	if len(who.Options) > 0 && d.ClosedOn == nil {
		sheet := ui.Form(visit.UnitPath(d.ID, "members"), v.T("district.put"), nil, who, districtFrom(v))
		sheet.Kind = ui.Secondary
		parts = append(parts, sheet.View(v.Lang))
	}
	return ui.Section("members", v.T("district.units_title"), parts...), nil
}

// PutUnits puts units into the district in the address from a day on.
func PutUnits(v *visit.Visit) error {
	return changeUnit(v, "notice.units_put", func(tx *db.Tx, id int64) error {
		if _, err := organisation.Memberships(v.Context(), tx, v.Viewer, id); err != nil {
			return err
		}
		var checks fault.Checks
		units := v.Ticked("units")
		checks.Require(len(units) > 0, "units", "district.units_missing")
		from := v.FormDay(&checks, "district_from")
		if err := checks.Err(); err != nil {
			return err
		}
		for _, unit := range units {
			if err := organisation.SetDistrict(v.Context(), tx, v.Viewer, unit, id, from, v.Now); err != nil {
				return err
			}
		}
		return nil
	})
}

// District is how far a district has come, for those who may see its people.
func District(v *visit.Visit) error {
	id, err := v.ID("district")
	if err != nil {
		return err
	}
	d, err := organisation.ByID(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	figures, err := statistics.District(v.Context(), v.Reader(), v.Viewer, d, v.Today)
	if err != nil {
		return err
	}
	m := v.Server.Country[d.MunicipalityID]
	p := &municipalityPage{Visit: v, place: m, district: d, figures: figures, sees: true, inDistrict: map[int64]int64{d.ID: d.ID}}
	p.manages = access.ManagePeople(v.Viewer).Covers(d.Place())
	if p.private, err = organisation.Private(v.Context(), v.Reader(), m.ID, v.Today); err != nil {
		return err
	}
	p.journey = chosenJourney(v, figures)
	head := ui.PageHead{Title: d.Name, Lead: v.T("district.page_lead", "Municipality", m.Name)}
	if p.manages {
		head.Action = &ui.Action{Label: v.T("people.add"), Href: visit.NewPersonPath}
	}
	if access.CoverageIn(v.Viewer, m.Place()) {
		head.Others = append(head.Others, ui.Action{Label: v.T("coverage.title"), Href: p.path("courses"), Kind: ui.Secondary})
	}
	if access.ManageUnits(v.Viewer).Covers(m.Place()) {
		head.Others = append(head.Others, ui.Action{Label: v.T("district.manage"), Href: visit.UnitPath(d.ID), Kind: ui.Secondary})
	}
	head.Others = append(head.Others, ui.Action{Label: v.T("district.whole", "Municipality", m.Name), Href: p.path(), Kind: ui.Secondary})
	return v.Page(v.Frame(d.Name, v.CrumbsOf(d)...), ui.Parts(
		head.View(v.Lang), p.numbers().View(v.Lang), p.withoutAccount(),
		ui.Section("courses", v.T("municipality.courses"), ui.Parts(p.tabs(), p.Take(p.table(), visit.DistrictPath(d.ID, "figures")))...),
	)...)
}

// byDistrict are the figures of the municipality's districts, one row each, with what is in
// none last; nil where there is none.
func (p *municipalityPage) byDistrict() templ.Component {
	if !p.sees || len(p.districts) == 0 || p.journey.Journey.ID == 0 {
		return nil
	}
	rows := map[int64]statistics.UnitRow{}
	for _, r := range p.journey.By(func(unit int64) int64 { return p.inDistrict[unit] }) {
		rows[r.ID] = r
	}
	t := ui.Table{
		ID: "districts", Caption: p.T("district.title"), Note: p.T("municipality.note", "Day", p.Today), Dense: true, Wide: true, Columns: p.columns(),
	}
	t.Columns[0].Label = p.T("district.one")
	for _, d := range p.districts {
		r, some := rows[d.ID]
		if !some {
			continue
		}
		r.Name = d.Name
		cells := p.unitCells(r, "&unit="+visit.ID(d.ID))
		cells[0].Href = visit.DistrictPath(d.ID)
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	if none := rows[0]; none.People > 0 {
		none.Name = p.T("district.in_none")
		cells := p.unitCells(none, "")
		for i := range cells {
			cells[i].Href = "" // the list of people is not narrowed to them
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t.View(p.Lang)
}
