package web

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
)

// identify finds out who the visitor is, with the roles they hold today.
func (v *Visit) identify() error {
	person := v.server.Sessions.PersonID(v.Context())
	if person == 0 {
		return nil
	}
	viewer, _, err := identity.Viewer(v.Context(), v.Reader(), person, v.Today)
	v.Viewer = viewer
	if errors.Is(err, fault.NotFound) {
		err = nil // the person is gone: nobody is signed in
	}
	return err
}

// askToSignIn sends a visitor to sign in and back to where they were going. What
// they sent in a form is kept on a page of its own: a session that ends while
// somebody writes loses nothing.
func (v *Visit) askToSignIn() error {
	if v.Method == http.MethodPost {
		if kept, files := v.sent(); len(kept) > 0 {
			return v.keepForm(kept, files)
		}
	}
	next := v.URL.RequestURI()
	if v.Method != http.MethodGet {
		next = "/"
	}
	path := "/sign-in"
	if next != "/" {
		path += "?next=" + url.QueryEscape(next)
	}
	return v.Redirect(path, "")
}

// sent is what a form says, and whether it came with files. Files are not kept:
// nobody knows yet who brings them.
func (v *Visit) sent() (kept url.Values, files bool) {
	if kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return v.PostForm, false
	}
	kept = url.Values{}
	parts, err := v.MultipartReader()
	if err != nil {
		return kept, false
	}
	room := int64(maxForm)
	for n := 0; n < maxFields; n++ {
		part, err := parts.NextPart()
		if err != nil {
			return kept, files
		}
		if part.FileName() != "" {
			files = true
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, room))
		if room -= int64(len(value)); err != nil || room <= 0 {
			return kept, files
		}
		kept.Add(part.FormName(), string(value))
	}
	return kept, files
}

// keepForm shows that nothing is saved yet, and sends the same form again once
// the visitor has signed in.
func (v *Visit) keepForm(kept url.Values, files bool) error {
	f := v.Frame(v.T("session.ended"))
	f.Reading = true
	help := v.T("session.ended_help")
	if files {
		help += " " + v.T("session.files")
	}
	return v.PageStatus(http.StatusForbidden, f, ui.PageHead{Title: v.T("session.ended"), Lead: help}.View(v.Lang), keptForm(v, v.URL.RequestURI(), kept))
}

func sortedNames(values url.Values) []string { return slices.Sorted(maps.Keys(values)) }

// signIn is the page with the one question: which address?
func (s *Server) signIn(v *Visit) error {
	if v.SignedIn() && !v.Sent {
		return v.Redirect(identity.LocalPath(v.FormValue("next")), "")
	}
	f := v.Frame(v.T("sign_in.title"))
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("sign_in.title"), Lead: v.T("sign_in.lead")}.View(v.Lang),
		form("/sign-in", v.T("sign_in.send"), []ui.Hidden{{Name: "next", Value: identity.LocalPath(v.FormValue("next"))}}, ui.Field{
			Input: ui.EmailInput, Name: "email", Label: v.T("sign_in.email"), Hint: v.T("sign_in.email_hint"),
			Value: v.FormValue("email"), Error: v.Wrong("email"), Autocomplete: "email",
		}).View(v.Lang),
	}
	if v.server.Demo() {
		parts = append(parts, ui.Notice{
			Tone: ui.Info, Title: v.T("demo.title"), Text: v.T("demo.instead"), Action: &ui.Action{Label: v.T("demo.pick"), Href: "/demo?next=" + url.QueryEscape(identity.LocalPath(v.FormValue("next")))},
		}.View(v.Lang))
	}
	return v.Page(f, parts...)
}

// requestLink sends a letter with a link, and says so whether or not anybody
// has the address.
func (s *Server) requestLink(v *Visit) error {
	email := strings.TrimSpace(v.FormValue("email"))
	err := identity.RequestLink(v.Context(), s.DB, v.Now, email, v.remote(), identity.LocalPath(v.FormValue("next")))
	if err != nil {
		return err
	}
	f := v.Frame(v.T("sign_in.sent_title"))
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: v.T("sign_in.sent_title"), Lead: v.T("sign_in.sent", "Email", email)}.View(v.Lang),
		paragraph(v.T("sign_in.sent_help")),
		ui.Action{Label: v.T("sign_in.again"), Href: "/sign-in", Kind: ui.Secondary}.View(v.Lang),
	)
}

// openLink shows a button, so that a scanner that opens every link of a letter
// does not use it up.
func (s *Server) openLink(v *Visit) error {
	f := v.Frame(v.T("sign_in.title"))
	f.Reading = true
	link, err := identity.PeekLink(v.Context(), v.Reader(), v.Now, v.FormValue("token"))
	if err != nil {
		return v.linkFailed(f, err)
	}
	return v.Page(f,
		ui.PageHead{Title: v.T("sign_in.welcome", "Name", link.Name), Lead: v.T("sign_in.welcome_lead")}.View(v.Lang),
		form(identity.LinkPath, v.T("sign_in.go"), []ui.Hidden{{Name: "token", Value: v.FormValue("token")}}).View(v.Lang),
	)
}

func (v *Visit) linkFailed(f ui.Frame, err error) error {
	problem := fault.Of(err)
	if problem == nil {
		return err
	}
	return v.PageStatus(statusOf(problem.Kind), f,
		ui.PageHead{Title: v.T(problem.Key, problem.Args...), Lead: v.T("sign_in.link_failed")}.View(v.Lang),
		ui.Action{Label: v.T("sign_in.again"), Href: "/sign-in"}.View(v.Lang),
	)
}

// useLink signs in.
func (s *Server) useLink(v *Visit) error {
	link, err := identity.UseLink(v.Context(), s.DB, v.Now, v.FormValue("token"))
	if err != nil {
		f := v.Frame(v.T("sign_in.title"))
		f.Reading = true
		return v.linkFailed(f, err)
	}
	if err := s.Sessions.SignIn(v.Context(), link.PersonID); err != nil {
		return err
	}
	return v.Redirect(link.Next, "")
}

// signOut ends the session.
func (s *Server) signOut(v *Visit) error {
	if err := s.Sessions.SignOut(v.Context()); err != nil {
		return err
	}
	return v.Redirect("/sign-in", "notice.signed_out")
}

// switchOffice lets somebody with several roles act in another of them.
func (s *Server) switchOffice(v *Visit) error {
	for _, o := range offices(v.Viewer) {
		if o.Value == v.FormValue("role") {
			s.Sessions.Put(v.Context(), officeKey, o.Value)
			return v.Redirect("/", "")
		}
	}
	return fault.NotFound
}

// setLanguage keeps the visitor's language: for a year in the browser, and for
// letters with the person.
func (s *Server) setLanguage(v *Visit) error {
	lang := i18n.For(v.FormValue("lang"))
	v.setCookie(languageCookie, lang.Code(), 365*24*60*60)
	if v.SignedIn() {
		if err := v.Write(func(tx *db.Tx) error {
			return identity.SetLanguage(v.Context(), tx, v.Viewer, lang.Code())
		}); err != nil {
			return err
		}
	}
	return v.Redirect(v.Back(), "")
}

// picker is the demo's list of invented people to be.
func (s *Server) picker(v *Visit) error {
	f := v.Frame(v.T("demo.title"))
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: v.T("demo.pick_title"), Lead: v.T("demo.pick_lead")}.View(v.Lang),
		personas(v, s.Personas),
	)
}

// pick signs in as one of them.
func (s *Server) pick(v *Visit) error {
	for _, p := range s.Personas {
		if p.Email == v.FormValue("persona") {
			person, err := identity.ByEmail(v.Context(), v.Reader(), p.Email)
			if err != nil {
				return err
			}
			if err := s.Sessions.SignIn(v.Context(), person); err != nil {
				return err
			}
			return v.Redirect(identity.LocalPath(v.FormValue("next")), "")
		}
	}
	return fault.NotFound
}

// gallery shows the design language.
func (s *Server) gallery(v *Visit) error {
	f := v.Frame(v.T("gallery.title"))
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	return ui.Gallery(f).Render(v.Context(), v.W)
}
