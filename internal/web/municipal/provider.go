package municipal

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// The answers to who runs a unit.
const (
	runByMunicipality = "municipality"
	runByCompany      = "company"
)

// unitProvider is who runs the unit and has run it, with the form that says it anew.
func unitProvider(v *visit.Visit, u organisation.UnitRow) (templ.Component, error) {
	all, err := organisation.Providers(v.Context(), v.Reader(), v.Viewer, u.ID)
	if err != nil {
		return nil, err
	}
	now := v.T("municipality.provider_self")
	if u.Provider != "" {
		now = v.T("municipality.provider_is", "Name", u.Provider)
	}
	parts := []templ.Component{ui.Paragraph(now + " " + v.T("municipality.provider_help"))}
	if len(all) > 0 {
		t := ui.Table{
			ID: "providers", Caption: v.T("municipality.provider_history"), QuietTitle: true, Dense: true,
			Columns: []ui.Column{
				{Label: v.T("municipality.provider")}, {Label: v.T("municipality.provider_number_column")}, {Label: v.T("people.person.from"), Keep: true}, {Label: v.T("affiliation.by")},
			},
		}
		for _, p := range all {
			name := p.Name
			if !p.Private() {
				name = v.T("people.municipality")
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(name), ui.Text(organisation.WriteNumber(p.Number)), ui.Text(v.Lang.TinyDay(p.From)), ui.Text(p.By)}})
		}
		parts = append(parts, t.View(v.Lang))
	}
	sheet := ui.Form(visit.UnitPath(u.ID, "provider"), v.T("municipality.provider_do"), nil,
		ui.Field{
			Input: ui.RadioInput, Name: "runs", Label: v.T("municipality.provider_question"), Value: v.Typed("runs", ""), Error: v.Wrong("runs"),
			Options: []ui.Option{{Value: runByCompany, Label: v.T("municipality.provider_company")}, {Value: runByMunicipality, Label: v.T("municipality.provider_municipality")}},
		},
		ui.Field{
			Name: "provider", Label: v.T("municipality.provider_name"), Hint: v.T("municipality.provider_name_hint"), Value: v.Typed("provider", ""), Error: v.Wrong("provider"),
			Autocomplete: "off", Optional: true,
		},
		ui.Field{
			Name: "number", Label: v.T("municipality.provider_number"), Hint: v.T("municipality.provider_number_hint"), Value: v.Typed("number", ""), Error: v.Wrong("number"),
			Autocomplete: "off", Optional: true, Short: true,
		},
		ui.Field{Input: ui.DateInput, Name: "provider_from", Label: v.T("affiliation.from"), Hint: v.T("municipality.provider_from_hint"), Value: v.Typed("provider_from", ""), Error: v.Wrong("provider_from")},
	)
	sheet.Kind = ui.Secondary
	return ui.Section("provider", v.T("municipality.provider_title"), append(parts, sheet.View(v.Lang))...), nil
}

// SetProvider says who runs the unit from a day on.
func SetProvider(v *visit.Visit) error {
	return changeUnit(v, "notice.unit_provider", func(tx *db.Tx, id int64) error {
		if _, err := organisation.Providers(v.Context(), tx, v.Viewer, id); err != nil {
			return err // who may not is told that before what is wrong
		}
		var checks fault.Checks
		runs := v.FormValue("runs")
		checks.Require(runs == runByCompany || runs == runByMunicipality, "runs", "signup.choose_one")
		p := organisation.Provider{From: v.FormDay(&checks, "provider_from")}
		if runs == runByCompany {
			p.Name, p.Number = v.FormValue("provider"), v.FormValue("number")
			checks.Require(p.Name != "", "provider", "fault.name_missing")
		}
		if err := checks.Err(); err != nil {
			return err
		}
		return organisation.SetProvider(v.Context(), tx, v.Viewer, id, p, v.Now)
	})
}

// inPrivate adds up the units that companies run; false without any.
func (p *municipalityPage) inPrivate(units []statistics.UnitRow) (sum statistics.UnitRow, some bool) {
	for _, u := range units {
		if p.private[u.ID] != "" {
			some = true
			sum.People, sum.Accounts, sum.Employees = sum.People+u.People, sum.Accounts+u.Accounts, sum.Employees+u.Employees
		}
	}
	return sum, some
}
