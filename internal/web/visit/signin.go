package visit

import (
	"errors"
	"net/http"
	"net/url"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/keptform"
	"yrkesresan/internal/protection"
	"yrkesresan/internal/web/ui"
)

// identify finds out who the visitor is, with the roles they hold today.
func (v *Visit) identify() error {
	person := v.Server.Sessions.PersonID(v.Context())
	if person == 0 {
		return nil
	}
	viewer, _, err := identity.Viewer(v.Context(), v.Reader(), person, v.Today)
	if err == nil && len(viewer.Guards) > 0 {
		viewer.Opened, err = protection.Opened(v.Context(), v.Reader(), viewer, v.Now)
	}
	v.Viewer = viewer
	if v.Server.Sessions.OwnAlone(v.Context()) {
		v.Viewer, v.OwnAlone = viewer.AsEmployee(), viewer.Trainer || len(viewer.Grants) > 0
	}
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

// wider lets somebody whose roles are left out on a remembered device sign in anew for
// a page that is not an employee's.
func (v *Visit) wider(err error) error {
	if v.OwnAlone && v.Method == http.MethodGet && (errors.Is(err, fault.NotFound) || errors.Is(err, fault.Forbidden)) {
		return v.Redirect(ConfirmTo(v.URL.RequestURI()), "")
	}
	return err
}

// askAnew leads to where one signs in anew, and then back: a form is shown with what
// was typed, where its route names a page for that, and otherwise waits in this tab.
func (v *Visit) askAnew(route Route) error {
	if v.Method != http.MethodPost {
		return v.Redirect(ConfirmTo(v.URL.RequestURI()), "")
	}
	kept, _ := v.sent()
	if route.again == nil {
		f := v.Frame(v.T("entry.confirm.title"))
		f.Reading = true
		return v.PageStatus(http.StatusForbidden, f,
			ui.PageHead{Title: v.T("entry.confirm.title"), Lead: v.T("entry.confirm.waits")}.View(v.Lang),
			confirmFirst(v, v.URL.RequestURI(), kept))
	}
	var token string
	if err := v.Write(func(tx *db.Tx) (err error) {
		token, err = keptform.Keep(v.Context(), tx, v.Viewer, keptform.Form{
			Route: route.Method + " " + route.Path, Path: v.URL.Path, Values: kept,
		}, v.Now)
		return err
	}); err != nil {
		return err
	}
	query := v.URL.Query()
	query.Set(RefusedParam, token)
	return v.Redirect(ConfirmTo(v.URL.Path+"?"+query.Encode()), "")
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
