package entry

import (
	"net/url"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/federation"
	"yrkesresan/internal/web/gallery"
	"yrkesresan/internal/web/signout"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SignIn is the page with the one question: which address?
func SignIn(v *visit.Visit) error {
	if v.SignedIn() && !v.Sent {
		return v.Redirect(identity.LocalPath(v.FormValue("next")), "")
	}
	if !v.Sent && v.FormValue(tablets.Otherwise) == "" && onTablet(v) {
		return v.Redirect(address.TabletSignIn, "")
	}
	f := v.Frame(v.T("entry.sign_in.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("entry.sign_in.title"), Lead: v.T("entry.sign_in.lead")}.View(v.Lang),
		ui.Form(visit.SignInPath, v.T("entry.sign_in.send"), []ui.Hidden{{Name: "next", Value: identity.LocalPath(v.FormValue("next"))}}, ui.Field{
			Input: ui.EmailInput, Name: "email", Label: v.T("entry.sign_in.email"), Hint: v.T("entry.sign_in.email_hint"),
			Value: v.FormValue("email"), Error: v.Wrong("email"), Autocomplete: "email",
		}).View(v.Lang),
	}
	if way := passkeyWay(v, identity.LocalPath(v.FormValue("next"))); way != nil {
		parts = append(parts, way)
	}
	parts = append(parts, ui.Links([]ui.Action{{Label: v.T("entry.paper.have"), Href: visit.PaperPath}}))
	if v.Server.Demo() {
		parts = append(parts, ui.Notice{
			Tone: ui.Info, Title: v.T("entry.demo.title"), Text: v.T("entry.demo.instead"), Action: &ui.Action{Label: v.T("entry.demo.pick"), Href: visit.DemoPath + "?next=" + url.QueryEscape(identity.LocalPath(v.FormValue("next")))},
		}.View(v.Lang))
	}
	work, err := federation.Offer(v)
	if err != nil {
		return err
	}
	return v.Page(f, ui.Parts(append(parts, work)...)...)
}

// SignOut ends the session.
func SignOut(v *visit.Visit) error { return signout.Leave(v, "notice.signed_out") }

// SwitchOffice lets somebody with several roles act in another of them.
func SwitchOffice(v *visit.Visit) error {
	for _, o := range visit.Offices(v.Viewer) {
		if o.Value == v.FormValue("role") {
			v.Server.Sessions.Put(v.Context(), visit.OfficeKey, o.Value)
			return v.Redirect("/", "")
		}
	}
	return fault.NotFound
}

// SetLanguage keeps the visitor's language: for a year in the browser, and for
// letters with the person.
func SetLanguage(v *visit.Visit) error {
	lang := i18n.For(v.FormValue("lang"))
	v.SetCookie(visit.LanguageCookie, lang.Code(), 365*24*60*60)
	if v.SignedIn() {
		if err := v.Write(func(tx *db.Tx) error {
			return identity.SetLanguage(v.Context(), tx, v.Viewer, lang.Code())
		}); err != nil {
			return err
		}
	}
	return v.Redirect(v.Back(), "")
}

// Picker is the demo's list of invented people to be.
func Picker(v *visit.Visit) error {
	f := v.Frame(v.T("entry.demo.title"))
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: v.T("entry.demo.pick_title"), Lead: v.T("entry.demo.pick_lead")}.View(v.Lang),
		personas(v, v.Server.Personas),
	)
}

// Pick signs in as one of them.
func Pick(v *visit.Visit) error {
	for _, p := range v.Server.Personas {
		if p.Email == v.FormValue("persona") {
			person, err := identity.ByEmail(v.Context(), v.Reader(), p.Email)
			if err != nil {
				return err
			}
			if err := v.Server.Sessions.SignIn(v.Context(), person, v.UserAgent()); err != nil {
				return err
			}
			return v.Redirect(identity.LocalPath(v.FormValue("next")), "")
		}
	}
	return fault.NotFound
}

// Gallery shows the design language.
func Gallery(v *visit.Visit) error {
	f := v.Frame(v.T("ui.gallery.title"))
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	return gallery.Page(f).Render(v.Context(), v.W)
}
