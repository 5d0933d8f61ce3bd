package municipal

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SetKeepers decides whether the municipality's managers keep the people of their units.
func SetKeepers(v *visit.Visit) error {
	p, err := findMunicipality(v)
	if err != nil {
		return err
	}
	if !p.manages {
		return fault.Forbidden
	}
	var keep *bool
	switch yes, no := true, false; v.FormValue("managers_keep") {
	case "yes":
		keep = &yes
	case "no":
		keep = &no
	case "unsaid":
	default:
		return fault.Invalid("managers_keep", "signup.choose_one")
	}
	if err := v.Write(func(tx *db.Tx) error {
		return people.SetManagersKeep(v.Context(), tx, v.Viewer, p.place.ID, keep, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path()+"#keepers", "notice.keepers_set")
}

// keepersForm is who keeps the municipality's people, for those who manage all of them.
func (p *municipalityPage) keepersForm() templ.Component {
	if !p.manages {
		return nil
	}
	value := "unsaid"
	if said := p.keepers.Said; said != nil {
		value = map[bool]string{true: "yes", false: "no"}[*said]
	}
	now := p.T("municipality.keepers_now_no")
	if p.keepers.Managers {
		now = p.T("municipality.keepers_now_yes")
	}
	sheet := ui.Form(p.path("keepers"), p.T("municipality.keepers_do"), nil, ui.Field{
		Input: ui.RadioInput, Name: "managers_keep", Label: p.T("municipality.keepers"), Hint: now, Value: p.Typed("managers_keep", value), Error: p.Wrong("managers_keep"),
		Options: []ui.Option{
			{Value: "unsaid", Label: p.T("municipality.keepers_unsaid"), Hint: p.T("municipality.keepers_unsaid_hint")},
			{Value: "yes", Label: p.T("municipality.keepers_yes"), Hint: p.T("municipality.keepers_yes_hint")},
			{Value: "no", Label: p.T("municipality.keepers_no"), Hint: p.T("municipality.keepers_no_hint")},
		},
	})
	sheet.Kind = ui.Secondary
	return ui.Section("keepers", p.T("municipality.keepers_title"), sheet.View(p.Lang))
}

// Unadministered is the region's municipalities without an administrator, and what waits
// there.
func Unadministered(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := people.Unadministered(v.Context(), v.Reader(), v.Viewer, region.ID, true, v.Today)
	if err != nil {
		return err
	}
	t := ui.Table{
		ID: "unadministered", Caption: v.T("municipality.unadministered_list"),
		Columns: []ui.Column{
			{Label: v.T("people.municipality")}, {Label: v.T("municipality.people")}, {Label: v.T("municipality.keepers_title")},
			{Label: v.T("municipality.unadministered_waits"), Keep: true},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("municipality.unadministered_none"), Text: v.T("municipality.unadministered_none_help")},
	}
	for _, u := range all {
		who := v.T("municipality.unadministered_region")
		if u.Managers {
			who = v.T("municipality.unadministered_managers")
		}
		waits := ""
		if u.Remarks > 0 {
			waits = v.T("municipality.unadministered_remarks", "Count", u.Remarks)
		}
		if u.Requests > 0 {
			if waits != "" {
				waits += ", "
			}
			waits += v.T("municipality.unadministered_requests", "Count", u.Requests)
		}
		if waits == "" {
			waits = v.T("municipality.unadministered_nothing")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(u.Municipality.Name, visit.MunicipalityPath(u.Municipality)), v.NumberCell(u.People), ui.Text(who), ui.Text(waits),
		}})
	}
	f := v.Frame(v.T("municipality.unadministered"), ui.Crumb{Label: region.Name}, ui.Crumb{Label: v.T("municipality.unadministered")})
	return v.Page(f, ui.PageHead{Title: v.T("municipality.unadministered"), Lead: v.T("municipality.unadministered_lead")}.View(v.Lang), v.Table(t))
}

// UnadministeredTodo is the next thing for who administers the region when municipalities
// have no administrator.
func UnadministeredTodo(v *visit.Visit, region organisation.Organisation) ([]ui.NextThing, error) {
	if !access.ManagePeople(v.Viewer).Covers(region.Place()) {
		return nil, nil
	}
	all, err := people.Unadministered(v.Context(), v.Reader(), v.Viewer, region.ID, false, v.Today)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	waits := 0
	for _, u := range all {
		waits += u.Remarks + u.Requests
	}
	key := "unadministered"
	if waits > 0 {
		key = "unadministered_waits"
	}
	return []ui.NextThing{v.Next(key, visit.RegionPath(region, "unadministered"), "Count", len(all), "Municipality", all[0].Municipality.Name, "Waits", waits)}, nil
}
