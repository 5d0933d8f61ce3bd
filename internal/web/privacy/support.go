package privacy

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/support"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// MySupport is who has asked to see one's pages, and one's answers.
func MySupport(v *visit.Visit) error {
	all, err := support.Of(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	title := v.T("support.mine")
	f := own(v, title)
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("support.mine_lead", "Minutes", int(support.Span.Minutes()))}.View(v.Lang)}
	if len(all) == 0 {
		return v.Page(f, append(parts, ui.Empty{Picture: ui.PicturePeople, Title: v.T("support.mine_none"), Text: v.T("support.mine_none_help")}.View(v.Lang))...)
	}
	for _, s := range all {
		facts := ui.Summary{{Term: v.T("support.asker"), Value: s.Asker}, {Term: v.T("support.reason"), Value: s.Reason}, {Term: v.T("support.asked_at"), Value: v.Lang.DayTime(s.AskedAt)}, {Term: v.T("support.state"), Value: state(v, s)}}
		var actions []ui.Action
		switch {
		case s.Waits(v.Now):
			actions = []ui.Action{
				{Label: v.T("support.consent", "Minutes", int(support.Span.Minutes())), About: s.Asker, Href: address.MySupportView(s.ID, "consent"), Post: true},
				{Label: v.T("support.refuse"), About: s.Asker, Href: address.MySupportView(s.ID, "end"), Post: true, Kind: ui.Secondary},
			}
		case s.Open(v.Now):
			actions = []ui.Action{{Label: v.T("support.end"), About: s.Asker, Href: address.MySupportView(s.ID, "end"), Post: true, Kind: ui.Secondary}}
		}
		section := []templ.Component{facts.View(v.Lang)}
		if len(actions) > 0 {
			section = append(section, ui.Buttons(v.Lang, actions))
		}
		parts = append(parts, ui.Section("view-"+visit.ID(s.ID), v.T("support.question", "Name", s.Asker), section...))
	}
	return v.Page(f, append(parts, ui.TextLink(v.T("support.see_log"), visit.MyLogPath))...)
}

// state is what came of a question, in words.
func state(v *visit.Visit, s support.View) string {
	switch {
	case s.Waits(v.Now):
		return v.T("support.waits")
	case s.Open(v.Now):
		return v.T("support.open", "Until", v.Lang.DayTime(*s.Until))
	case s.ConsentedAt == nil && s.EndedAt != nil:
		return v.T("support.refused")
	case s.ConsentedAt == nil:
		return v.T("support.lapsed")
	}
	return v.T("support.over")
}

// change carries out what somebody decides about the view in the address.
func change(v *visit.Visit, back, notice string, do func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("view")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return do(tx, id) }); err != nil {
		return err
	}
	return v.Redirect(back, notice)
}

// Consent lets support see one's pages for a while.
func Consent(v *visit.Visit) error {
	return change(v, visit.MySupportPath, "notice.support_consented", func(tx *db.Tx, id int64) error { return support.Consent(v.Context(), tx, v.Viewer, id, v.Now) })
}

// EndMine says no, or ends what one has agreed to.
func EndMine(v *visit.Visit) error {
	return change(v, visit.MySupportPath, "notice.support_ended", func(tx *db.Tx, id int64) error { return support.End(v.Context(), tx, v.Viewer, id, v.Now) })
}

// Asked is whose pages one has asked to see, with the way in.
func Asked(v *visit.Visit) error {
	all, err := support.By(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	title := v.T("support.title")
	t := ui.Table{
		ID: "views", Caption: v.T("support.asked"),
		Columns: []ui.Column{{Label: v.T("support.person"), Keep: true}, {Label: v.T("support.reason")}, {Label: v.T("support.asked_at")}, {Label: v.T("support.state")}, {Label: v.T("support.do"), Action: true}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: v.T("support.none"), Text: v.T("support.none_help")},
	}
	for _, s := range all {
		do := ui.Cell{}
		switch {
		case s.Open(v.Now):
			do.Slot = ui.Action{Label: v.T("support.enter"), About: s.Person, Href: address.SupportView(s.ID, "entry"), Post: true, Small: true}.View(v.Lang)
		case s.Waits(v.Now):
			do.Slot = ui.Action{Label: v.T("support.withdraw"), About: s.Person, Href: address.SupportView(s.ID, "end"), Post: true, Kind: ui.Secondary, Small: true}.View(v.Lang)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(s.Person, visit.PersonPath(s.PersonID)), ui.Text(s.Reason), ui.Text(v.Lang.DayTime(s.AskedAt)), ui.Text(state(v, s)), do}})
	}
	return v.Page(v.Frame(title, ui.Crumb{Label: title}), ui.PageHead{Title: title, Lead: v.T("support.lead", "Minutes", int(support.Span.Minutes()))}.View(v.Lang), v.Table(t))
}

// AskForm asks why one wants to see somebody's pages.
func AskForm(v *visit.Visit) error {
	if !access.SeeAsOthers(v.Viewer) {
		return fault.Forbidden
	}
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	f, name, err := about(v, id, "support.ask")
	if err != nil {
		return err
	}
	f.Reading = true
	field := ui.Field{Name: "reason", Label: v.T("support.reason"), Hint: v.T("support.reason_hint"), Value: v.Typed("reason", ""), Error: v.Wrong("reason"), Autocomplete: "off"}
	sheet := ui.Form(visit.PersonPath(id, "support"), v.T("support.ask_do"), nil, field)
	sheet.Cancel = visit.PersonPath(id)
	return v.Page(f, ui.PageHead{Title: v.T("support.ask_of", "Name", name), Lead: v.T("support.ask_lead", "Minutes", int(support.Span.Minutes()))}.View(v.Lang), sheet.View(v.Lang))
}

// Ask asks somebody to let one see the pages as they do.
func Ask(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return support.Ask(v.Context(), tx, v.Viewer, id, v.FormValue("reason"), v.Server.Site.Base, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.SupportPath, "notice.support_asked")
}

// Withdraw takes a question back, or ends a view.
func Withdraw(v *visit.Visit) error {
	return change(v, visit.SupportPath, "notice.support_ended", func(tx *db.Tx, id int64) error { return support.End(v.Context(), tx, v.Viewer, id, v.Now) })
}

// Enter sees the pages as the person does from now on.
func Enter(v *visit.Visit) error {
	id, err := v.ID("view")
	if err != nil {
		return err
	}
	if _, _, err := support.Enter(v.Context(), v.Reader(), v.Viewer, id, v.Now); err != nil {
		return err
	}
	v.Server.Sessions.Put(v.Context(), visit.SupportKey, visit.ID(id))
	return v.Redirect("/", "")
}

// Leave sees the pages as oneself again.
func Leave(v *visit.Visit) error {
	v.Server.Sessions.Remove(v.Context(), visit.SupportKey)
	return v.Redirect(visit.SupportPath, "notice.support_left")
}
