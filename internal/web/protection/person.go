package protection

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/protection"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// find is the person whose protection the visitor decides over.
func find(v *visit.Visit) (people.Detail, error) {
	id, err := v.ID("person")
	if err != nil {
		return people.Detail{}, err
	}
	d, err := people.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err == nil && !protection.MayMark(v.Viewer, d, v.Today) {
		err = fault.NotFound
	}
	return d, err
}

// Person is what the protection of somebody's identity does, and the button that begins or
// ends it.
func Person(v *visit.Visit) error {
	d, err := find(v)
	if err != nil {
		return err
	}
	title := v.T("protection.of", "Name", d.Name())
	f := v.Frame(title, ui.Crumb{Label: v.T("people.title"), Href: visit.PeoplePath}, ui.Crumb{Label: d.Name(), Href: visit.PersonPath(d.ID)}, ui.Crumb{Label: v.T("protection.title")})
	f.Reading = true
	if d.Alias != "" {
		sheet := ui.Form(visit.PersonPath(d.ID, "protection", "end"), v.T("protection.unmark"), nil)
		sheet.Kind, sheet.Cancel = ui.Danger, visit.PersonPath(d.ID)
		return v.Page(f, ui.PageHead{Title: title, Lead: v.T("protection.known_as", "Alias", d.Alias)}.View(v.Lang),
			ui.Section("end", v.T("protection.unmark_title"), ui.Paragraph(v.T("protection.unmark_lead")), sheet.View(v.Lang)))
	}
	field := ui.Field{Name: "alias", Label: v.T("protection.alias"), Hint: v.T("protection.alias_hint"), Optional: true, Value: v.Typed("alias", ""), Error: v.Wrong("alias"), Autocomplete: "off"}
	sheet := ui.Form(visit.PersonPath(d.ID, "protection"), v.T("protection.mark"), nil, field,
		ui.Field{Input: ui.CheckInput, Name: "sure", Label: v.T("protection.sure"), Error: v.Wrong("sure")})
	sheet.Cancel = visit.PersonPath(d.ID)
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("protection.mark_lead")}.View(v.Lang),
		ui.Section("does", v.T("protection.does"), ui.Lines([]string{
			v.T("protection.does_name"), v.T("protection.does_lists"), v.T("protection.does_you"), v.T("protection.does_texts"), v.T("protection.does_files"), v.T("protection.does_before"),
		})),
		ui.Section("mark", v.T("protection.mark_title"), sheet.View(v.Lang)))
}

// Mark protects somebody's identity.
func Mark(v *visit.Visit) error {
	d, err := find(v)
	if err != nil {
		return err
	}
	if v.Viewer.SeenBy != 0 {
		return fault.Forbidden
	}
	if v.FormValue("sure") == "" {
		return fault.Invalid("sure", "protection.sure_missing")
	}
	if err := protection.Mark(v.Context(), v.Server.DB, v.Viewer, d.ID, v.FormValue("alias"), v.Now); err != nil {
		return err
	}
	return v.Redirect(backTo(v, d), "notice.person_marked")
}

// backTo is the page of the municipality that has named the visitor.
func backTo(v *visit.Visit, d people.Detail) string {
	scope := access.Guard(v.Viewer)
	for _, e := range d.Employments {
		if scope.Covers(access.Place{MunicipalityID: e.MunicipalityID}) {
			return visit.MunicipalityPath(v.Server.Country[e.MunicipalityID], "protected")
		}
	}
	return visit.PeoplePath
}

// Unmark ends the protection.
func Unmark(v *visit.Visit) error {
	d, err := find(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return protection.Unmark(v.Context(), tx, v.Viewer, d.ID, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.PersonPath(d.ID), "notice.person_unmarked", "Name", d.Name())
}

// Own is one's own protection, on one's own page: the name by which others know one, and
// who has opened what is known. Nothing for who is not marked.
func Own(v *visit.Visit, alias string) (templ.Component, error) {
	if alias == "" {
		return nil, nil
	}
	own, err := protection.OwnOf(v.Context(), v.Reader(), v.Viewer, lookLines)
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.Paragraph(v.T("protection.own", "Alias", alias))}
	if len(own.Looks) > 0 {
		parts = append(parts, looksTable(v, own.Looks).View(v.Lang))
	} else {
		parts = append(parts, ui.Paragraph(v.T("protection.own_none")))
	}
	return ui.Section("protection", v.T("protection.own_title"), parts...), nil
}
