package privacy

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Erasure says what erasing somebody does, and asks whether to.
func Erasure(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	f, name, err := about(v, id, "privacy.erasure")
	if err != nil {
		return err
	}
	f.Reading = true
	head := ui.PageHead{Title: v.T("privacy.erasure_of", "Name", name), Lead: v.T("privacy.erasure_lead")}
	all, err := privacy.PreviewOf(v.Context(), v.Reader(), v.Viewer, id, v.Now)
	if errors.Is(err, fault.Conflict("")) {
		why := fault.Of(err)
		return v.Page(f, head.View(v.Lang), ui.Notice{Tone: ui.Caution, Text: v.T(why.Key, why.Args...), Action: &ui.Action{Label: v.T("privacy.back_to", "Name", name), Href: visit.PersonPath(id)}}.View(v.Lang))
	}
	if err != nil {
		return err
	}
	field := ui.Field{
		Name: "name", Label: v.T("privacy.erasure_name"), Hint: v.T("privacy.erasure_name_hint", "Name", name),
		Value: v.Typed("name", ""), Error: v.Wrong("name"), Autocomplete: "off",
	}
	v.NameErrors(visit.Labelled(field))
	sheet := ui.Form(visit.PersonPath(id, "erasure"), v.T("privacy.erase", "Name", name), nil, field)
	sheet.Kind, sheet.Cancel = ui.Danger, visit.PersonPath(id)
	parts := []templ.Component{head.View(v.Lang)}
	for _, fate := range []privacy.Fate{privacy.Gone, privacy.Emptied, privacy.Stays} {
		if s := outcome(v, all, fate); len(s) > 0 {
			parts = append(parts, ui.Section(string(fate), v.T("privacy.fate_"+string(fate)), ui.Paragraph(v.T("privacy.fate_"+string(fate)+"_lead")), s.View(v.Lang)))
		}
	}
	return v.Page(f, append(parts,
		ui.Section("backups", v.T("privacy.backups"), ui.Paragraph(v.T("privacy.backups_lead"))),
		ui.Section("do", v.T("privacy.erasure_do"), ui.Paragraph(v.T("privacy.erasure_final")), sheet.View(v.Lang)))...)
}

// outcome are the places of which an erasure makes the same.
func outcome(v *visit.Visit, all []privacy.Preview, fate privacy.Fate) (s ui.Summary) {
	for _, p := range all {
		if p.Fate != fate {
			continue
		}
		words := v.T("privacy.rows", "Count", int(p.Rows))
		if p.Ground != privacy.None {
			words += ". " + v.T(p.Ground.Key())
		}
		s = append(s, ui.Fact{Term: v.T("privacy.place_" + p.Table), Value: words})
	}
	return s
}

// Erase erases somebody, once their name is typed.
func Erase(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	if v.Viewer.SeenBy != 0 {
		return fault.Forbidden
	}
	if err := privacy.Erase(v.Context(), v.Server.DB, v.Viewer, id, v.FormValue("name"), v.Now); err != nil {
		return err
	}
	return v.Redirect(visit.PeoplePath, "notice.person_erased")
}

// Retention is what the rules of retention have done, for an operator.
func Retention(v *visit.Visit) error {
	all, err := privacy.Reports(v.Context(), v.Reader(), v.Viewer, 200)
	if err != nil {
		return err
	}
	title := v.T("privacy.retention")
	t := ui.Table{
		ID: "reports", Caption: v.T("privacy.reports"),
		Columns: []ui.Column{{Label: v.T("audit.when"), Keep: true}, {Label: v.T("privacy.rule")}, {Label: v.T("privacy.handled"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("privacy.reports_none"), Text: v.T("privacy.reports_none_help")},
	}
	for _, r := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(v.Lang.DayTime(r.RanAt)), ui.Text(v.T(r.Rule.Key())), v.NumberCell(int(r.Handled))}})
	}
	var rules ui.Summary
	for _, r := range privacy.Rules {
		rules = append(rules, ui.Fact{Term: v.T(r.Key()), Value: v.T(r.Key() + "_help")})
	}
	return v.Page(v.Frame(title, ui.Crumb{Label: title}),
		ui.PageHead{Title: title, Lead: v.T("privacy.retention_lead"), Others: []ui.Action{
			{Label: v.T("audit.all"), Href: visit.AuditPath, Kind: ui.Secondary}, {Label: v.T("support.title"), Href: visit.SupportPath, Kind: ui.Secondary},
		}}.View(v.Lang),
		ui.Section("rules", v.T("privacy.rules"), rules.View(v.Lang)), v.Table(t), ui.Section("backups", v.T("privacy.backups"), ui.Paragraph(v.T("privacy.backups_lead"))))
}
