// Package signout is where somebody who came from their municipality's provider signs out:
// here at once, and there, too, if they want.
package signout

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/signout"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Leave ends the visitor's session and leads to where they read what they are signed in to
// still. On a tablet that people share it leads on to their provider: the next person
// would come in as them.
func Leave(v *visit.Visit, notice string) error {
	shared := v.Server.Sessions.Shared(v.Context())
	token, err := v.Server.Exit.Leave(v.Context(), v.Now)
	switch {
	case err != nil:
		return err
	case token != "" && shared:
		return v.Redirect(at(address.WorkSignOut, token), "")
	case token != "":
		return v.Redirect(at(address.SignedOut, token), "")
	}
	_, start := next(v)
	return v.Redirect(start, notice)
}

func at(page, token string) string { return page + "?state=" + url.QueryEscape(token) }

// next is where one signs in on this device, and what the way there is called.
func next(v *visit.Visit) (label, start string) {
	if _, here, err := tablets.Here(v.Server, v.Request); err == nil && here {
		return v.T("signout.next"), address.TabletSignIn
	}
	return v.T("signout.again"), visit.SignInPath
}

// Page tells somebody who has signed out here whether they are signed in at work.
func Page(v *visit.Visit) error {
	token := v.URL.Query().Get("state")
	told, err := v.Server.Exit.Told(v.Context(), token, v.Now)
	label, start := next(v)
	if errors.Is(err, fault.NotFound) {
		return v.Redirect(start, "")
	}
	if err != nil {
		return err
	}
	said, tone := string(told.Outcome), ui.Caution
	var actions []ui.Action
	switch told.Outcome {
	case signout.Waiting:
		said = "cannot"
		if told.May {
			said = "still"
			actions = append(actions, ui.Action{Label: v.T("signout.there", "Municipality", told.Municipality.Name), Href: at(address.WorkSignOut, token)})
		}
	case signout.Out:
		tone = ui.Positive
	case signout.Back:
		tone = ui.Info
	case signout.Partly, signout.Failed:
	}
	notice := ui.Notice{
		Tone: tone, Title: v.T("signout."+said, "Municipality", told.Municipality.Name), Text: v.T("signout."+said+"_help", "Municipality", told.Municipality.Name),
	}
	actions = append(actions, ui.Action{Label: label, Href: start, Kind: ui.Secondary})
	return page(v, http.StatusOK, v.T("signout.here"), v.T("signout.here_lead"), notice.View(v.Lang), ui.Buttons(v.Lang, actions))
}

func page(v *visit.Visit, status int, title, lead string, parts ...templ.Component) error {
	f := v.Frame(title)
	f.Reading = true
	return v.PageStatus(status, f, append([]templ.Component{ui.PageHead{Title: title, Lead: lead}.View(v.Lang)}, parts...)...)
}

// Ask leads to the provider, to sign out there, too.
func Ask(v *visit.Visit) error {
	token := v.URL.Query().Get("state")
	way, err := v.Server.Exit.Ask(v.Context(), token, v.Now)
	if errors.Is(err, fault.NotFound) { // the page says what is so
		return v.Redirect(at(address.SignedOut, token), "")
	}
	if err != nil {
		return err
	}
	return lead(v, way)
}

// lead leads the browser along the way. A form goes to another site than ours, from this
// page alone; it is sent on by a press, for our pages run no script of their own.
func lead(v *visit.Visit, way signout.Way) error {
	if len(way.Fields) == 0 {
		http.Redirect(v.W, v.Request, way.Address, http.StatusSeeOther)
		return nil
	}
	to, err := url.Parse(way.Address)
	if err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action 'self' https: "+to.Scheme+"://"+to.Host, 1))
	on := ui.Action{Label: v.T("signout.go_on"), Href: way.Address, Post: true}
	for _, field := range way.Fields {
		on.Hidden = append(on.Hidden, ui.Hidden{Name: field[0], Value: field[1]})
	}
	return page(v, http.StatusOK, v.T("signout.way"), v.T("signout.way_lead"), on.View(v.Lang))
}

// SAML takes what a provider asks or answers about signing out. It may come with no cookie
// of ours, as a form from another site: what it may do is said by its signature.
func SAML(v *visit.Visit) error {
	v.TakeTime()
	// As it came: what is signed is the text of the address.
	_, query, _ := strings.Cut(v.RequestURI, "?")
	m := signout.Message{Query: query, Remote: v.Remote()}
	if v.Method == http.MethodPost {
		m = signout.Message{Form: v.PostForm, Remote: v.Remote()}
	}
	if !m.Asks() {
		return answered(v, m.Token(), v.Server.Exit.Answer(v.Context(), m, v.Now))
	}
	way, err := v.Server.Exit.Request(v.Context(), m, v.Now)
	switch {
	case errors.Is(err, signout.ErrUntaken):
		return untaken(v)
	case err != nil:
		return err
	case way.Address == "":
		label, start := next(v)
		return page(v, http.StatusOK, v.T("signout.here"), v.T("signout.ended"), ui.Buttons(v.Lang, []ui.Action{{Label: label, Href: start, Kind: ui.Secondary}}))
	}
	return lead(v, way)
}

// Back takes up who comes back from the page of an OpenID Connect provider.
func Back(v *visit.Visit) error {
	token := v.URL.Query().Get("state")
	return answered(v, token, v.Server.Exit.Back(v.Context(), v.PathValue("municipality"), token, v.Remote(), v.Now))
}

func answered(v *visit.Visit, token string, err error) error {
	if errors.Is(err, signout.ErrUntaken) {
		return untaken(v)
	}
	if err != nil {
		return err
	}
	return v.Redirect(at(address.SignedOut, token), "")
}

// untaken says that nothing was ended: the administrator of the municipality reads why.
func untaken(v *visit.Visit) error {
	label, start := next(v)
	return page(v, http.StatusForbidden, v.T("signout.untaken"), v.T("signout.untaken_lead"), ui.Buttons(v.Lang, []ui.Action{
		{Label: label, Href: start, Kind: ui.Secondary},
	}))
}

// Token takes what an OpenID Connect provider's server says of a session that it has
// ended, and answers as its standard has it.
func Token(v *visit.Visit) error {
	v.TakeTime()
	err := v.Server.Exit.Token(v.Context(), v.PathValue("municipality"), v.PostForm.Get("logout_token"), v.Remote(), v.Now)
	if errors.Is(err, signout.ErrUntaken) {
		return v.AnswerJSON(http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	}
	if err != nil {
		return err
	}
	v.W.WriteHeader(http.StatusOK)
	return nil
}
