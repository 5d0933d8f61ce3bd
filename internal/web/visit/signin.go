package visit

import (
	"errors"
	"net/http"
	"net/url"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
)

// identify finds out who the visitor is, with the roles they hold today.
func (v *Visit) identify() error {
	person := v.Server.Sessions.PersonID(v.Context())
	if person == 0 {
		return nil
	}
	viewer, _, err := identity.Viewer(v.Context(), v.Reader(), person, v.Today)
	v.Viewer = viewer
	if errors.Is(err, fault.NotFound) {
		return nil // the person is gone: nobody is signed in
	}
	if err != nil {
		return err
	}
	return v.lookAs()
}

// AskToSignIn sends a visitor to sign in and back to where they were going. What
// they sent in a form is kept on a page of its own: a session that ends while
// somebody writes loses nothing.
func (v *Visit) AskToSignIn() error {
	if v.Method == http.MethodPost {
		if kept, files := v.sent(); len(kept) > 0 {
			return v.keepForm(kept, files)
		}
	}
	next := v.URL.RequestURI()
	if v.Method != http.MethodGet {
		next = "/"
	}
	if next == "/" {
		return v.Redirect(SignInPath, "")
	}
	return v.Redirect(SignInTo(next), "")
}

// keepForm shows that nothing is saved yet, and sends the same form again once
// the visitor has signed in.
func (v *Visit) keepForm(kept url.Values, files bool) error {
	f := v.Frame(v.T("entry.session.ended"))
	f.Reading = true
	help := v.T("entry.session.ended_help")
	if files {
		help += " " + v.T("entry.session.files")
	}
	return v.PageStatus(http.StatusForbidden, f, ui.PageHead{Title: v.T("entry.session.ended"), Lead: help}.View(v.Lang), keptForm(v, v.URL.RequestURI(), kept))
}
