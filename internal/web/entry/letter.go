package entry

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// sentCookie is the address that the last letter was asked for, for the page that
// says so: not in its own address, which logs and histories keep. browserCookie is
// the secret by which a browser is known in which a letter's code holds.
const (
	sentCookie    = "link_sent"
	browserCookie = "sign_in"
)

// browser is the secret of the visitor's browser, empty when it has none.
func browser(v *visit.Visit) string {
	cookie, err := v.Cookie(browserCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// RequestLink sends a letter with a link and a code, and says so on a page of its own
// whether or not anybody has the address.
func RequestLink(v *visit.Visit) error {
	email := strings.TrimSpace(v.FormValue("email"))
	secret := identity.Browser(browser(v))
	sent, err := identity.RequestLink(v.Context(), v.Server.DB, v.Now, email, secret, v.Remote(), identity.LocalPath(v.FormValue("next")))
	return asked(v, sent, err, email, secret)
}

// AskAgain sends a new letter to whom a link was sent that does not work any more.
func AskAgain(v *visit.Visit) error {
	secret := identity.Browser(browser(v))
	sent, err := identity.AskAgain(v.Context(), v.Server.DB, v.Now, v.FormValue("token"), secret, v.Remote())
	if errors.Is(err, fault.NotFound) {
		return v.Redirect(visit.SignInPath, "")
	}
	return asked(v, sent, err, "", secret)
}

// asked leads to the page that says so, in a browser that waits now.
func asked(v *visit.Visit, sent bool, err error, email, secret string) error {
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
	seconds := int(identity.LinkLife.Seconds())
	v.SetCookie(sentCookie, url.QueryEscape(email), seconds)
	v.SetCookie(browserCookie, secret, seconds)
	return v.Redirect(visit.LinkSentPath, "")
}

// LinkSent says that a letter is on its way, and takes the code that stands in it.
func LinkSent(v *visit.Visit) error {
	lead := v.T("entry.sign_in.sent_somewhere")
	if cookie, err := v.Cookie(sentCookie); err == nil {
		if email, err := url.QueryUnescape(cookie.Value); err == nil && email != "" {
			lead = v.T("entry.sign_in.sent", "Email", email)
		}
	}
	f := v.Frame(v.T("entry.sign_in.sent_title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: v.T("entry.sign_in.sent_title"), Lead: lead}.View(v.Lang)}
	if browser(v) != "" {
		parts = append(parts, ui.Form(visit.LinkSentPath, v.T("entry.sign_in.use_code"), nil, append([]ui.Field{{
			Input: ui.NumberInput, Name: "code", Label: v.T("entry.sign_in.code"), Hint: v.T("entry.sign_in.code_hint"),
			Error: v.Wrong("code"), Autocomplete: "one-time-code",
		}}, rememberFields(v)...)...).View(v.Lang))
	}
	return v.Page(f, append(parts,
		ui.Paragraph(v.T("entry.sign_in.sent_help")),
		ui.Action{Label: v.T("entry.sign_in.again"), Href: visit.SignInPath, Kind: ui.Secondary}.View(v.Lang),
	)...)
}

// UseCode signs in the browser that asked for a letter, by the code in it.
func UseCode(v *visit.Visit) error {
	link, err := identity.UseCode(v.Context(), v.Server.DB, v.Now, browser(v), v.FormValue("code"))
	if err != nil {
		v.Server.CountSignIn("code", visit.SignInFailed)
		return err
	}
	return letIn(v, "code", link)
}

// OpenLink shows a button, so that a scanner that opens every link of a letter
// does not use it up. In another browser than the one that asked it shows the code,
// too, for whoever wants to go on where they began.
func OpenLink(v *visit.Visit) error {
	f := v.Frame(v.T("entry.sign_in.title"))
	f.Reading = true
	token := v.FormValue("token")
	link, err := identity.PeekLink(v.Context(), v.Reader(), v.Now, token)
	if err != nil {
		return linkFailed(v, f, err)
	}
	code, err := identity.CodeFor(v.Context(), v.Reader(), v.Now, link, token, browser(v))
	if err != nil {
		return err
	}
	button := v.T("entry.sign_in.go")
	if code != "" {
		button = v.T("entry.sign_in.go_here")
	}
	parts := []templ.Component{
		ui.PageHead{Title: v.T("entry.sign_in.welcome", "Name", link.Name), Lead: v.T("entry.sign_in.welcome_lead")}.View(v.Lang),
		ui.Form(identity.LinkPath, button, []ui.Hidden{{Name: "token", Value: token}}, rememberFields(v)...).View(v.Lang),
	}
	if code != "" {
		parts = append(parts, ui.Section("elsewhere", v.T("entry.sign_in.elsewhere"),
			ui.Paragraph(v.T("entry.sign_in.elsewhere_help")), bigCode(identity.Grouped(code))))
	}
	return v.Page(f, parts...)
}

func linkFailed(v *visit.Visit, f ui.Frame, err error) error {
	problem := fault.Of(err)
	if problem == nil {
		return err
	}
	do := ui.Action{Label: v.T("entry.sign_in.again"), Href: visit.LinkAgainPath, Post: true, Hidden: []ui.Hidden{{Name: "token", Value: v.FormValue("token")}}}
	lead := v.T("entry.sign_in.link_failed")
	switch {
	case v.SignedIn(): // the link was used here
		do, lead = ui.Action{Label: v.T("fault.to_start"), Href: "/"}, v.T("entry.sign_in.already_in")
	case problem.Kind == fault.KindNotFound: // nobody knows whose it was
		do = ui.Action{Label: v.T("entry.sign_in.again"), Href: visit.SignInPath}
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
	return letIn(v, "link", link)
}

// rememberFields ask whether the device is remembered; who is in already and signs in
// anew wants more than such a device opens.
func rememberFields(v *visit.Visit) []ui.Field {
	if v.SignedIn() || onTablet(v) {
		return nil
	}
	return []ui.Field{{
		Input: ui.CheckInput, Name: "remember", Label: v.T("entry.sign_in.remember"), Value: v.Typed("remember", ""),
		Hint: v.T("entry.sign_in.remember_hint", "Days", int(identity.RememberedLife.Hours()/24)),
	}}
}

// onTablet tells whether the visitor is at a tablet that a unit shares.
func onTablet(v *visit.Visit) bool {
	_, here, err := tablets.Here(v.Server, v.Request)
	return err == nil && here
}

// letIn signs in whom the link or the code was for.
func letIn(v *visit.Visit, step string, link identity.Link) error {
	if err := v.Server.Sessions.SignIn(v.Context(), link.PersonID, v.UserAgent()); err != nil {
		return err
	}
	if v.FormValue("remember") != "" && !v.SignedIn() && !onTablet(v) {
		v.Server.Sessions.Remember(v.Context())
	}
	v.Server.CountSignIn(step, visit.SignInDone)
	v.SetCookie(sentCookie, "", -1)
	v.SetCookie(browserCookie, "", -1)
	if link.Next == "/" && onTablet(v) {
		made, err := tablet.CodeMade(v.Context(), v.Reader(), access.Viewer{PersonID: link.PersonID})
		if err != nil {
			return err
		}
		if made == nil {
			return v.Redirect(address.TabletCode, "")
		}
	}
	return v.Redirect(link.Next, confirmedNotice(link.Next))
}

// keptAddress is the address of a form that waits to be sent once more.
var keptAddress = regexp.MustCompile(`[?&]` + visit.RefusedParam + `=`)

// confirmedNotice tells whoever was asked to sign in anew that the form is still to be sent.
func confirmedNotice(next string) string {
	if keptAddress.MatchString(next) {
		return "notice.confirmed"
	}
	return ""
}
