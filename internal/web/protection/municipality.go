package protection

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/protection"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// lookLines is how many of the latest looks are shown.
const lookLines = 50

// Show is whom the municipality has named, and for those the people whose identity is
// protected, once they have said why they look.
func Show(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	guards, err := protection.Guards(v.Context(), v.Reader(), v.Viewer, m.Place(), v.Today)
	if err != nil {
		return err
	}
	p := page{v, m, guards, access.Guard(v.Viewer).Covers(m.Place())}
	title := v.T("protection.title")
	f := v.Frame(title, append(v.CrumbsOf(m), ui.Crumb{Label: title})...)
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("protection.lead")}.View(v.Lang)}
	if p.named {
		people, err := p.people()
		if err != nil {
			return err
		}
		parts = append(parts, people...)
	}
	named, err := p.guarding()
	if err != nil {
		return err
	}
	parts = append(parts, named)
	if p.named {
		looks, err := p.looks()
		if err != nil {
			return err
		}
		parts = append(parts, looks)
	}
	return v.Page(f, ui.Parts(parts...)...)
}

type page struct {
	*visit.Visit
	place  organisation.Organisation
	guards []protection.Guard
	named  bool // the visitor is
}

func (p page) path(pages ...string) string {
	return visit.MunicipalityPath(p.place, append([]string{"protected"}, pages...)...)
}

// people are those who are marked, or the question why one looks.
func (p page) people() ([]templ.Component, error) {
	shown, all, err := protection.List(p.Context(), p.Reader(), p.Viewer, p.place.Place(), p.Now)
	if err != nil {
		return nil, err
	}
	how := ui.Paragraph(p.T("protection.mark_how"))
	switch {
	case all == 0:
		return []templ.Component{ui.Section("people", p.T("protection.people"),
			ui.Empty{Picture: ui.PicturePeople, Title: p.T("protection.none"), Text: p.T("protection.mark_how")}.View(p.Lang))}, nil
	case len(shown) < all:
		field := ui.Field{Name: "reason", Label: p.T("protection.reason"), Hint: p.T("protection.reason_hint", "Minutes", int(protection.Span.Minutes())), Value: p.Typed("reason", ""), Error: p.Wrong("reason"), Autocomplete: "off"}
		return []templ.Component{ui.Section("people", p.T("protection.people"), ui.Paragraph(p.T("protection.closed", "Count", all)),
			ui.Form(p.path("looks"), p.T("protection.look"), nil, field).View(p.Lang), how)}, nil
	}
	t := ui.Table{
		ID: "protected", Caption: p.T("protection.people"), QuietTitle: true,
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("protection.alias"), Keep: true}, {Label: p.T("people.unit")}, {Label: p.T("protection.since"), Keep: true}},
	}
	for _, m := range shown {
		unit := m.Unit
		if unit == "" {
			unit = p.place.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(m.Name(), visit.PersonPath(m.PersonID)), ui.Text(m.Alias), ui.Text(unit), ui.Text(p.Lang.Day(m.MarkedAt.Day()))}})
	}
	return []templ.Component{ui.Section("people", p.T("protection.people"), ui.Paragraph(p.T("protection.opened")), t.View(p.Lang),
		ui.Buttons(p.Lang, []ui.Action{{Label: p.T("protection.close"), Href: p.path("looks", "end"), Post: true, Kind: ui.Secondary}}), how)}, nil
}

// guarding is whom the municipality has named, and naming others for those who may.
func (p page) guarding() (templ.Component, error) {
	nameable, err := protection.Nameables(p.Context(), p.Reader(), p.Viewer, p.place.Place(), p.Today)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.Paragraph(p.T("protection.guards_lead", "Most", protection.Few))}
	if len(p.guards) > 0 {
		t := ui.Table{ID: "guards-table", QuietTitle: true, Caption: p.T("protection.guards"), Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("protection.named_on"), Keep: true}, {Label: p.T("protection.named_by")}}}
		if p.named {
			t.Columns = append(t.Columns, ui.Column{Label: p.T("protection.end_guard"), Action: true})
		}
		for _, g := range p.guards {
			row := ui.Row{Cells: []ui.Cell{ui.Text(g.Name), ui.Text(p.Lang.Day(g.From)), ui.Text(g.By)}}
			if p.named {
				row.Cells = append(row.Cells, ui.Cell{Slot: ui.Buttons(p.Lang, []ui.Action{{Label: p.T("protection.end_guard"), About: g.Name, Href: p.path("guards", visit.ID(g.ID), "end"), Post: true, Kind: ui.Secondary}})})
			}
			t.Rows = append(t.Rows, row)
		}
		parts = append(parts, t.View(p.Lang))
	} else {
		parts = append(parts, ui.Paragraph(p.T("protection.guards_none")))
	}
	switch {
	case len(nameable) > 0 && len(p.guards) < protection.Few:
		field := ui.Field{Input: ui.SelectInput, Name: "person", Label: p.T("protection.name_whom"), Hint: p.T("protection.name_hint"), Value: p.Typed("person", ""), Error: p.Wrong("person"),
			Options: []ui.Option{{Label: p.T("protection.name_choose")}}}
		for _, n := range nameable {
			field.Options = append(field.Options, ui.Option{Value: visit.ID(n.PersonID), Label: n.Name})
		}
		sheet := ui.Form(p.path("guards"), p.T("protection.name"), nil, field)
		sheet.Kind = ui.Secondary
		parts = append(parts, sheet.View(p.Lang))
	case !p.named && len(p.guards) > 0:
		parts = append(parts, ui.Paragraph(p.T("protection.ask_them")))
	}
	return ui.Section("guards", p.T("protection.guards"), parts...), nil
}

// looks are who has opened what is known, and why.
func (p page) looks() (templ.Component, error) {
	all, err := protection.Looks(p.Context(), p.Reader(), p.Viewer, p.place.Place(), lookLines)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return ui.Section("looks", p.T("protection.looks"), looksTable(p.Visit, all).View(p.Lang)), nil
}

func looksTable(v *visit.Visit, all []protection.LookAt) ui.Table {
	t := ui.Table{ID: "looks-table", QuietTitle: true, Caption: v.T("protection.looks"), Columns: []ui.Column{{Label: v.T("audit.when"), Keep: true}, {Label: v.T("protection.looked_by")}, {Label: v.T("protection.why")}}}
	for _, l := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(l.At)), ui.Text(l.By), ui.Text(l.Reason)}})
	}
	return t
}

// Name names somebody to look after those who are marked.
func Name(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	id := v.NumberID("person")
	if id == 0 {
		if _, err := protection.Guards(v.Context(), v.Reader(), v.Viewer, m.Place(), v.Today); err != nil {
			return err
		}
		return fault.Invalid("person", "protection.name_missing")
	}
	if err := v.Write(func(tx *db.Tx) error { return protection.Name(v.Context(), tx, v.Viewer, m, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "protected"), "notice.guard_named")
}

// EndGuard ends what somebody was named for.
func EndGuard(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	id, err := v.ID("guard")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return protection.End(v.Context(), tx, v.Viewer, m, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "protected"), "notice.guard_ended")
}

// Look opens what is known of those who are marked, for a reason.
func Look(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return protection.Look(v.Context(), tx, v.Viewer, m, v.FormValue("reason"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "protected"), "")
}

// Close ends what the visitor has opened.
func Close(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	if !access.Guard(v.Viewer).Covers(m.Place()) {
		return fault.NotFound
	}
	if err := v.Write(func(tx *db.Tx) error { return protection.Close(v.Context(), tx, v.Viewer, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "protected"), "notice.look_ended")
}
