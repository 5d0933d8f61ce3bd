package entry

import (
	"errors"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/federation"
	"yrkesresan/internal/web/gallery"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SignIn is the page with the one question: which address?
func SignIn(v *visit.Visit) error {
	if v.SignedIn() && !v.Sent {
		return v.Redirect(identity.LocalPath(v.FormValue("next")), "")
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

// sentCookie is the address that the last link was asked for, for the page that
// says so: not in its own address, which logs and histories keep.
const sentCookie = "link_sent"

// RequestLink sends a letter with a link, and says so on a page of its own whether
// or not anybody has the address.
func RequestLink(v *visit.Visit) error {
	email := strings.TrimSpace(v.FormValue("email"))
	sent, err := identity.RequestLink(v.Context(), v.Server.DB, v.Now, email, v.Remote(), identity.LocalPath(v.FormValue("next")))
	switch {
	case fault.Of(err) == identity.ErrNetworkBusy:
		v.Server.CountSignIn("request", visit.SignInNetworkRefused)
	case errors.Is(err, fault.TooMany):
		v.Server.CountSignIn("request", visit.SignInAddressRefused)
	case err == nil && sent:
		v.Server.CountSignIn("request", visit.SignInLetter)
	case err == nil:
		v.Server.CountSignIn("request", visit.SignInPaused)
	}
	if err != nil {
		return err
	}
	v.SetCookie(sentCookie, url.QueryEscape(email), int(identity.LinkLife.Seconds()))
	return v.Redirect(visit.LinkSentPath, "")
}

// LinkSent says that a letter is on its way.
func LinkSent(v *visit.Visit) error {
	lead := v.T("entry.sign_in.sent_somewhere")
	if cookie, err := v.Cookie(sentCookie); err == nil {
		if email, err := url.QueryUnescape(cookie.Value); err == nil && email != "" {
			lead = v.T("entry.sign_in.sent", "Email", email)
		}
	}
	f := v.Frame(v.T("entry.sign_in.sent_title"))
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: v.T("entry.sign_in.sent_title"), Lead: lead}.View(v.Lang),
		ui.Paragraph(v.T("entry.sign_in.sent_help")),
		ui.Action{Label: v.T("entry.sign_in.again"), Href: visit.SignInPath, Kind: ui.Secondary}.View(v.Lang),
	)
}

// OpenLink shows a button, so that a scanner that opens every link of a letter
// does not use it up.
func OpenLink(v *visit.Visit) error {
	f := v.Frame(v.T("entry.sign_in.title"))
	f.Reading = true
	link, err := identity.PeekLink(v.Context(), v.Reader(), v.Now, v.FormValue("token"))
	if err != nil {
		return linkFailed(v, f, err)
	}
	return v.Page(f,
		ui.PageHead{Title: v.T("entry.sign_in.welcome", "Name", link.Name), Lead: v.T("entry.sign_in.welcome_lead")}.View(v.Lang),
		ui.Form(identity.LinkPath, v.T("entry.sign_in.go"), []ui.Hidden{{Name: "token", Value: v.FormValue("token")}}).View(v.Lang),
	)
}

func linkFailed(v *visit.Visit, f ui.Frame, err error) error {
	problem := fault.Of(err)
	if problem == nil {
		return err
	}
	do := ui.Action{Label: v.T("entry.sign_in.again"), Href: visit.SignInPath}
	lead := v.T("entry.sign_in.link_failed")
	if v.SignedIn() { // the link was used here
		do, lead = ui.Action{Label: v.T("fault.to_start"), Href: "/"}, v.T("entry.sign_in.already_in")
	}
	return v.PageStatus(visit.StatusOf(problem.Kind), f,
		ui.PageHead{Title: v.T(problem.Key, problem.Args...), Lead: lead}.View(v.Lang), do.View(v.Lang),
	)
}

// UseLink signs in. A link that cannot be used is shown on its own page, so that
// reloading it sends nothing again.
func UseLink(v *visit.Visit) error {
	link, err := identity.UseLink(v.Context(), v.Server.DB, v.Now, v.FormValue("token"))
	if fault.Of(err) != nil {
		v.Server.CountSignIn("link", visit.SignInFailed)
		return v.Redirect(identity.LinkPath+"?token="+url.QueryEscape(v.FormValue("token")), "")
	}
	if err != nil {
		return err
	}
	if err := v.Server.Sessions.SignIn(v.Context(), link.PersonID, v.UserAgent()); err != nil {
		return err
	}
	v.Server.CountSignIn("link", visit.SignInDone)
	v.SetCookie(sentCookie, "", -1)
	return v.Redirect(link.Next, "")
}

// SignOut ends the session.
func SignOut(v *visit.Visit) error {
	if err := v.Server.Sessions.SignOut(v.Context()); err != nil {
		return err
	}
	return v.Redirect(visit.SignInPath, "notice.signed_out")
}

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
