package tablets

import (
	"net/url"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const perPage = 50

// Show are the tablets of the units that the visitor looks after, and the form that makes this
// device one.
func Show(v *visit.Visit) error {
	all, err := tablet.All(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	units, err := unitsToShare(v)
	if err != nil {
		return err
	}
	here, there, err := Here(v.Server, v.Request)
	if err != nil {
		return err
	}
	title := v.T("tablet.title")
	f := v.Frame(title, v.OfficeCrumbs(title)...)
	t := ui.Table{
		ID: "tablets", Caption: title, QuietTitle: true,
		Columns: []ui.Column{{Label: v.T("tablet.name")}, {Label: v.T("people.unit")}, {Label: v.T("tablet.used")}, {Label: v.T("tablet.remove"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("tablet.none"), Text: v.T("tablet.none_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, each := range all {
		name, used := ui.Text(each.Name), v.T("tablet.never")
		if there && each.ID == here.ID {
			name.Note = v.T("tablet.this_one")
		}
		if each.UsedAt != nil {
			used = v.Lang.DayTime(*each.UsedAt)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(each.Unit), ui.Text(used), {Slot: ui.Action{
			Label: v.T("tablet.remove"), About: each.Name + ", " + each.Unit, Href: address.Tablet(each.ID, "removal"), Kind: ui.Secondary, Small: true,
		}.View(v.Lang)}}})
	}
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("tablet.lead", "Minutes", int(tablet.Idle.Minutes()))}.View(v.Lang), v.Table(t)}
	if len(units) == 0 {
		return v.Page(f, append(parts, ui.Notice{Tone: ui.Info, Text: v.T("tablet.no_unit")}.View(v.Lang))...)
	}
	unit := ui.Field{Input: ui.SelectInput, Name: "unit", Label: v.T("people.unit"), Value: v.Typed("unit", ""), Error: v.Wrong("unit"), Options: unitOptions(v, units)}
	if len(units) == 1 {
		unit.Value = visit.ID(units[0].ID)
	}
	add := ui.Form(address.Tablets, v.T("tablet.make"), nil, unit, ui.Field{
		Name: "name", Label: v.T("tablet.name"), Hint: v.T("tablet.name_hint"), Value: v.Typed("name", ""), Error: v.Wrong("name"), Autocomplete: "off",
	})
	return v.Page(f, append(parts, ui.Section("new", v.T("tablet.new"), ui.Paragraph(v.T("tablet.new_help")), add.View(v.Lang)))...)
}

// unitsToShare are the units whose tablets the visitor looks after.
func unitsToShare(v *visit.Visit) (units []organisation.Organisation, err error) {
	all, err := organisation.Workplaces(v.Context(), v.Reader(), access.ShareTablets(v.Viewer), v.Today)
	for _, o := range all {
		if o.Kind == organisation.Unit {
			units = append(units, o)
		}
	}
	return units, err
}

func unitOptions(v *visit.Visit, units []organisation.Organisation) []ui.Option {
	options := []ui.Option{{Label: v.T("tablet.choose_unit")}}
	for _, u := range units {
		options = append(options, ui.Option{Value: visit.ID(u.ID), Label: u.Name, Group: v.Server.Country[u.MunicipalityID].Name})
	}
	return options
}

// Make makes this device a tablet that the unit shares, and signs the visitor out of it.
func Make(v *visit.Visit) error {
	var secret string
	if err := v.Write(func(tx *db.Tx) (err error) {
		secret, err = tablet.Make(v.Context(), tx, v.Viewer, v.NumberID("unit"), v.FormValue("name"), v.Now)
		return err
	}); err != nil {
		return err
	}
	v.SetCookie(cookie, secret, int(tablet.CookieLife.Seconds()))
	token, err := v.Server.Exit.Leave(v.Context(), v.Now)
	if err != nil {
		return err
	}
	if token != "" { // the next one here would come in as them, at work
		return v.Redirect(address.WorkSignOut+"?state="+url.QueryEscape(token), "")
	}
	return v.Redirect(address.TabletSignIn, "notice.tablet_made")
}

// AskRemove asks before one is shared no more.
func AskRemove(v *visit.Visit) error {
	id, err := v.ID("tablet")
	if err != nil {
		return err
	}
	all, err := tablet.All(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	for _, each := range all {
		if each.ID != id {
			continue
		}
		title := v.T("tablet.remove_title", "Name", each.Name)
		f := v.Frame(title, v.OfficeCrumbs(v.T("tablet.title"))...)
		f.Crumbs[len(f.Crumbs)-1].Href = address.Tablets
		f.Crumbs = append(f.Crumbs, ui.Crumb{Label: each.Name})
		f.Reading = true
		ask := ui.Form(address.Tablet(id, "removal"), v.T("tablet.remove"), nil)
		ask.Kind, ask.Cancel = ui.Danger, address.Tablets
		return v.Page(f, ui.PageHead{Title: title, Lead: v.T("tablet.remove_lead", "Unit", each.Unit)}.View(v.Lang), ask.View(v.Lang))
	}
	return fault.NotFound
}

// Remove shares one no more.
func Remove(v *visit.Visit) error {
	id, err := v.ID("tablet")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return tablet.Remove(v.Context(), tx, v.Viewer, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(address.Tablets, "notice.tablet_removed")
}
