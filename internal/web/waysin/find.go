package waysin

import (
	"errors"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/identity/helping"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Find is where one types whom it is about: a name, an address, or the reference that
// they were shown.
func Find(v *visit.Visit) error {
	if access.HelpIn(v.Viewer).Empty() {
		return fault.Forbidden
	}
	typed := strings.TrimSpace(v.FormValue("q"))
	title := v.T("entry.help.title")
	f := v.Frame(title, v.OfficeCrumbs(title)...)
	search := ui.Filter{
		Label: v.T("entry.help.search"), Action: visit.SignInsPath, Submit: v.T("entry.help.search"),
		Fields: []ui.Field{{Name: "q", Label: v.T("entry.help.who"), Hint: v.T("entry.help.who_hint"), Value: typed}},
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("entry.help.lead")}.View(v.Lang), search.View(v.Lang)}
	if typed == "" {
		return v.Page(f, parts...)
	}
	person, err := helping.OfReference(v.Context(), v.Reader(), v.Viewer, typed, v.Today)
	if err == nil {
		return v.Redirect(visit.PersonSignInPath(person), "")
	}
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	found, err := helping.Find(v.Context(), v.Reader(), v.Viewer, typed, v.Today)
	if err != nil {
		return err
	}
	tried, err := helping.AttemptsOfNobody(v.Context(), v.Reader(), v.Viewer, typed)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		parts = append(parts, foundTable(v, found).View(v.Lang))
	}
	if len(tried) > 0 {
		parts = append(parts, ui.Notice{Tone: ui.Caution, Title: v.T("entry.help.nobody_title"), Text: v.T("entry.help.nobody", "Typed", typed)}.View(v.Lang),
			attempts(v, tried).View(v.Lang))
	}
	if len(found)+len(tried) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PictureSearch, Title: v.T("entry.help.none"), Text: v.T("entry.help.none_help"),
			Action: &ui.Action{Label: v.T("people.add"), Href: visit.NewPersonPath},
		}.View(v.Lang))
	}
	return v.Page(f, parts...)
}

func foundTable(v *visit.Visit, found []helping.Found) ui.Table {
	t := ui.Table{
		ID: "found", Caption: v.T("entry.help.found"),
		Columns: []ui.Column{{Label: v.T("entry.help.name")}, {Label: v.T("entry.help.works")}},
	}
	for _, p := range found {
		where := ui.Text(p.Where)
		if p.Until != nil {
			where.Note = v.T("entry.help.left", "Day", v.Lang.Day(*p.Until))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(p.Name, visit.PersonSignInPath(p.PersonID)), where}})
	}
	return t
}

// attempts are what was tried, and how it went.
func attempts(v *visit.Visit, all []helping.Attempt) ui.Table {
	t := ui.Table{
		ID: "attempts", Caption: v.T("entry.help.attempts"),
		Columns: []ui.Column{{Label: v.T("entry.help.when")}, {Label: v.T("entry.help.what")}, {Label: v.T("entry.help.how")}},
	}
	for _, a := range all {
		what, how := v.T("entry.help.kind_"+a.Kind), ui.Cell{}
		if a.Kind == "trouble" {
			what = v.T("entry.help.way_" + a.Way)
			how = ui.Cell{Text: v.T(identity.CauseKey(a.Cause), "Detail", a.Detail), Note: v.T("entry.help.reference", "Reference", a.Reference)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(a.At)), ui.Text(what), how}})
	}
	return t
}
