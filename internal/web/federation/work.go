package federation

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// The browser's cookies: the secret by which it takes up what it began, and the
// municipality where somebody signed in here before.
const (
	browserCookie = "work_browser"
	beforeCookie  = "work_before"
	browserLife   = 60 * 60
	beforeLife    = 365 * 24 * 60 * 60
)

// next is where the visitor wants to go.
func next(v *visit.Visit) string { return identity.LocalPath(v.FormValue("next")) }

// with is the page with where the visitor wants to go.
func with(page, next string, more ...string) string {
	query := url.Values{}
	if next != "/" {
		query.Set("next", next)
	}
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	if len(query) == 0 {
		return page
	}
	return page + "?" + query.Encode()
}

// Offer is the part of the sign-in page for who has an account at work, once any
// municipality has opened that. Where somebody has done so in this browser before, it
// is one press.
func Offer(v *visit.Visit) (templ.Component, error) {
	offered, err := federation.Offered(v.Context(), v.Reader())
	if err != nil || len(offered) == 0 {
		return nil, err
	}
	actions := []ui.Action{{Label: v.T("federation.work.begin"), Href: with(address.WorkSignIn, next(v)), Kind: ui.Secondary}}
	if m, ok := before(v, offered); ok {
		actions[0] = ui.Action{Label: v.T("federation.work.another"), Href: with(address.WorkSignIn, next(v)), Kind: ui.Quiet}
		actions = slices.Insert(actions, 0, ui.Action{Label: v.T("federation.work.at", "Municipality", m.Name), Href: with(address.WorkSignInAt(m.Slug), next(v)), Kind: ui.Secondary})
	}
	return ui.Section("work", v.T("federation.work.title"), ui.Paragraph(v.T("federation.work.lead")), ui.Buttons(v.Lang, actions)), nil
}

// before is where somebody signed in with this browser before.
func before(v *visit.Visit, offered []organisation.Organisation) (organisation.Organisation, bool) {
	cookie, err := v.Cookie(beforeCookie)
	if err != nil {
		return organisation.Organisation{}, false
	}
	i := slices.IndexFunc(offered, func(o organisation.Organisation) bool { return o.Slug == cookie.Value })
	if i < 0 {
		return organisation.Organisation{}, false
	}
	return offered[i], true
}

// Which asks which municipality's account it is, or leads to the one that was found.
// The way to the provider is a link: a form may lead to no other site than ours.
func Which(v *visit.Visit) error {
	offered, err := federation.Offered(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	title := v.T("federation.work.title")
	f := v.Frame(title)
	f.Reading = true
	byMail := ui.Action{Label: v.T("federation.work.by_mail"), Href: with(visit.SignInPath, next(v)), Kind: ui.Secondary}
	if len(offered) == 0 {
		return v.Page(f, ui.PageHead{Title: title}.View(v.Lang),
			ui.Empty{Picture: ui.PicturePeople, Title: v.T("federation.work.none"), Text: v.T("federation.work.none_help"), Action: &byMail}.View(v.Lang))
	}
	if i := slices.IndexFunc(offered, func(o organisation.Organisation) bool { return o.Slug == v.FormValue("at") }); i >= 0 && v.Refused == nil {
		m := offered[i]
		return v.Page(f,
			ui.PageHead{Title: v.T("federation.work.at", "Municipality", m.Name), Lead: v.T("federation.work.at_lead", "Municipality", m.Name)}.View(v.Lang),
			ui.Buttons(v.Lang, []ui.Action{
				{Label: v.T("federation.work.go", "Municipality", m.Name), Href: with(address.WorkSignInAt(m.Slug), next(v))},
				{Label: v.T("federation.work.another"), Href: with(address.WorkSignIn, next(v)), Kind: ui.Secondary},
			}))
	}
	options := []ui.Option{{Label: v.T("federation.work.choose")}}
	for _, o := range offered {
		options = append(options, ui.Option{Value: o.Slug, Label: o.Name})
	}
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("federation.work.which")}.View(v.Lang),
		ui.Form(address.WorkSignIn, v.T("federation.work.find"), []ui.Hidden{{Name: "next", Value: next(v)}},
			ui.Field{
				Input: ui.EmailInput, Name: "email", Label: v.T("federation.work.email"), Hint: v.T("federation.work.email_hint"), Optional: true,
				Value: v.Typed("email", ""), Error: v.Wrong("email"), Autocomplete: "email",
			},
			ui.Field{
				Input: ui.SelectInput, Name: "municipality", Label: v.T("federation.work.municipality"), Optional: true,
				Value: v.Typed("municipality", ""), Error: v.Wrong("municipality"), Options: options,
			},
		).View(v.Lang), byMail.View(v.Lang))
}

// Find finds the municipality by what was typed or chosen.
func Find(v *visit.Visit) error {
	slug, email := v.FormValue("municipality"), v.FormValue("email")
	switch {
	case slug == "" && email == "":
		return fault.Invalid("email", "federation.work.nothing")
	case slug == "":
		m, err := federation.ByAddress(v.Context(), v.Reader(), email)
		if errors.Is(err, fault.NotFound) {
			return fault.Invalid("email", "federation.work.no_domain")
		}
		if err != nil {
			return err
		}
		slug = m.Slug
	}
	return v.Redirect(with(address.WorkSignIn, next(v), "at", slug), "")
}

// browser is the secret that this browser alone has.
func browser(v *visit.Visit) string {
	name := browserCookie
	if v.Server.Sessions.Cookie.Secure {
		name = "__Host-" + name // no other host of ours can set it
	}
	if cookie, err := v.Cookie(name); err == nil && len(cookie.Value) == len(federation.NewSecret()) {
		return cookie.Value
	}
	secret := federation.NewSecret()
	v.SetCookie(name, secret, browserLife)
	return secret
}

// Begin leads to the municipality's provider.
func Begin(v *visit.Visit) error {
	m, err := v.Municipality()
	if err != nil {
		return err
	}
	return begin(v, m, 0)
}

func begin(v *visit.Visit, m organisation.Organisation, tester int64) error {
	v.TakeTime()
	_, shared, err := tablets.Here(v.Server, v.Request)
	if err != nil {
		return err
	}
	to, err := v.Server.Work.Begin(v.Context(), federation.Begun{
		MunicipalityID: m.ID, Slug: m.Slug, Browser: browser(v), Next: next(v), Tester: tester, Remote: v.Remote(), Anew: shared,
	}, v.Now)
	if stopped := (*federation.Stopped)(nil); errors.As(err, &stopped) {
		return notIn(v, stopped.Cause, stopped.Reference, "/")
	}
	if err != nil {
		return err
	}
	http.Redirect(v.W, v.Request, to, http.StatusSeeOther)
	return nil
}

// AnswerSAML takes the form that a provider's page sends. It signs nobody in and sets
// no cookie: it leads to Done, where the browser's own cookies come along again.
func AnswerSAML(v *visit.Visit) error {
	v.TakeTime()
	state := v.PostForm.Get("RelayState")
	return answered(v, state, v.Server.Work.AnswerSAML(v.Context(), v.PostForm.Get("SAMLResponse"), state, v.Now))
}

// AnswerOIDC takes what a provider sent the browser back with.
func AnswerOIDC(v *visit.Visit) error {
	v.TakeTime()
	query := v.URL.Query()
	return answered(v, query.Get("state"), v.Server.Work.AnswerOIDC(v.Context(), v.PathValue("municipality"), query, v.Now))
}

func answered(v *visit.Visit, state string, err error) error {
	if stopped := (*federation.Stopped)(nil); errors.As(err, &stopped) {
		return notIn(v, stopped.Cause, stopped.Reference, "/")
	}
	if err != nil {
		return err
	}
	return v.Redirect(address.WorkDone+"?state="+url.QueryEscape(state), "")
}

// Done signs in whom the provider has let in, in the browser that began.
func Done(v *visit.Visit) error {
	state := v.FormValue("state")
	o, err := v.Server.Work.Finish(v.Context(), state, browser(v), v.Now)
	if err != nil {
		return err
	}
	switch {
	case o.Tried:
		return v.Redirect(address.WorkSetUp(o.Slug)+"?trial="+url.QueryEscape(state)+"#trial", "")
	case o.PersonID == 0:
		return notIn(v, o.Cause, o.Reference, cmp.Or(o.Next, "/"))
	}
	origin, err := v.Server.Exit.Came(v.Context(), o)
	if err != nil {
		return err
	}
	if err := v.Server.Sessions.SignIn(v.Context(), o.PersonID, v.UserAgent()); err != nil {
		return err
	}
	v.Server.Sessions.ComeFrom(v.Context(), origin)
	v.Server.CountSignIn("work", visit.SignInDone)
	v.SetCookie(beforeCookie, o.Slug, beforeLife)
	return v.Redirect(o.Next, "")
}

// notIn says in plain words why somebody was not let in, and what to do.
func notIn(v *visit.Visit, cause, reference, next string) error {
	v.Server.CountSignIn("work", visit.SignInFailed)
	title := v.T("federation.work.failed")
	f := v.Frame(title)
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T(identity.TroubleKey(cause))}.View(v.Lang)}
	if reference != "" {
		parts = append(parts, ui.Paragraph(v.T("entry.trouble.reference", "Reference", reference)))
	}
	return v.PageStatus(http.StatusForbidden, f, append(parts, ui.Buttons(v.Lang, []ui.Action{
		{Label: v.T("federation.work.again"), Href: with(address.WorkSignIn, next)},
		{Label: v.T("federation.work.by_mail"), Href: with(visit.SignInPath, next), Kind: ui.Secondary},
	}))...)
}

// Metadata is what SAML providers read of us.
func Metadata(v *visit.Visit) error {
	out, err := v.Server.Work.OurMetadata(v.Context())
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/samlmetadata+xml; charset=utf-8")
	v.W.Header().Set("Content-Disposition", `attachment; filename="yrkesresan-metadata.xml"`)
	_, _ = v.W.Write(out) // a reader that left is no fault of ours
	return nil
}
