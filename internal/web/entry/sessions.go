package entry

import (
	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web/signout"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/waysin"
)

// Sessions is where one is signed in: with what, since when, and when it was last
// used.
func Sessions(v *visit.Visit) error {
	all, err := identity.SessionsOf(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Now)
	if err != nil {
		return err
	}
	title := v.T("entry.sessions.title")
	f := v.Frame(title, ui.Crumb{Label: title})
	t := waysin.SessionTable(v, all)
	t.Columns = append(t.Columns, ui.Column{Label: v.T("entry.sessions.end"), Action: true})
	here := v.Server.Sessions.Current(v.Context())
	for i, s := range all {
		cell := ui.Cell{Slot: ui.Action{
			Label: v.T("entry.sessions.end"), About: waysin.DeviceName(v, s.Device), Href: visit.SessionsEndPath(s.Key), Post: true, Kind: ui.Secondary, Small: true,
		}.View(v.Lang)}
		if s.Key == here {
			cell = ui.Status(v.T("entry.sessions.here"), ui.Info)
		}
		t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
	}
	keys, err := ownPasskeys(v)
	if err != nil {
		return err
	}
	made, err := tablet.CodeMade(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	code := v.T("tablet.choose")
	if made != nil {
		code = v.T("tablet.change")
	}
	everywhere := ui.Form(visit.SessionsEndPath(), v.T("entry.sessions.end_all"), nil)
	everywhere.Kind = ui.Danger
	return v.Page(f, ui.Parts(
		ui.PageHead{Title: title, Lead: v.T("entry.sessions.lead", "Hours", int(identity.SessionLife.Hours()), "Days", int(identity.RememberedLife.Hours()/24))}.View(v.Lang),
		v.Table(t),
		keys,
		ui.Section("tablet", v.T("tablet.own"), ui.Paragraph(v.T("tablet.own_lead")), ui.Action{Label: code, Href: address.TabletCode, Kind: ui.Secondary}.View(v.Lang)),
		ui.Section("everywhere", v.T("entry.sessions.everywhere"), ui.Paragraph(v.T("entry.sessions.everywhere_help")), everywhere.View(v.Lang)),
	)...)
}

// EndSession ends one of one's own sessions.
func EndSession(v *visit.Visit) error {
	key := v.PathValue("session")
	if key == v.Server.Sessions.Current(v.Context()) {
		return SignOut(v)
	}
	if err := v.Write(func(tx *db.Tx) error {
		return identity.EndSession(v.Context(), tx, v.Viewer, v.Viewer.PersonID, key, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.SessionsPath, "notice.session_ended")
}

// EndSessions ends all of one's own sessions, this one, too.
func EndSessions(v *visit.Visit) error {
	if err := v.Write(func(tx *db.Tx) error {
		_, err := identity.EndSessions(v.Context(), tx, v.Viewer, v.Viewer.PersonID, v.Now)
		return err
	}); err != nil {
		return err
	}
	return signout.Leave(v, "notice.signed_out_everywhere")
}
