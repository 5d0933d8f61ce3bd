package entry

import (
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Confirm asks somebody who is signed in to sign in anew, for what only that opens,
// and leads on to where they were.
func Confirm(v *visit.Visit) error {
	next := identity.LocalPath(v.FormValue("next"))
	if v.Server.Sessions.Fresh(v.Context()) {
		return v.Redirect(next, confirmedNotice(next))
	}
	f := v.Frame(v.T("entry.confirm.title"))
	f.Reading = true
	lead := v.T("entry.confirm.lead")
	if v.OwnAlone {
		lead = v.T("entry.confirm.lead_remembered")
		if v.Server.Sessions.Shared(v.Context()) {
			lead = v.T("tablet.shared_lead")
		}
	}
	return v.Page(f, ui.Parts(
		ui.PageHead{Title: v.T("entry.confirm.title"), Lead: lead}.View(v.Lang),
		ui.Form(visit.ConfirmPath, v.T("entry.confirm.send"), []ui.Hidden{{Name: "next", Value: next}}).View(v.Lang),
		passkeyWay(v, next),
	)...)
}

// AskConfirm sends a letter to the visitor's own address.
func AskConfirm(v *visit.Visit) error {
	self, err := people.Get(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today)
	if err != nil {
		return err
	}
	if self.Email == "" {
		return fault.Conflict("identity.no_address")
	}
	secret := identity.Browser(browser(v))
	sent, err := identity.RequestLink(v.Context(), v.Server.DB, v.Now, self.Email, secret, v.Remote(), identity.LocalPath(v.FormValue("next")))
	return asked(v, sent, err, self.Email, secret)
}
