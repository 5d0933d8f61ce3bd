package entry

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/passkey"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/waysin"
)

// passkeys are the ceremonies at our address; fault.NotFound where there are none.
func passkeys(v *visit.Visit) (*passkey.Keys, error) {
	keys, err := passkey.Open(v.Server.Site.Base)
	if err == nil && keys == nil {
		err = fault.NotFound
	}
	return keys, err
}

// passkeyWay is the button on the page where one signs in; nil where there are no
// passkeys.
func passkeyWay(v *visit.Visit, next string) templ.Component {
	if _, err := passkeys(v); err != nil {
		return nil
	}
	return passkeyButton(v, next)
}

// sent is what the script of the page sends.
type sent struct {
	Token      string          `json:"token"`
	Name       string          `json:"name"`
	Next       string          `json:"next"`
	Credential json.RawMessage `json:"credential"`
}

func readSent(v *visit.Visit) (s sent, err error) {
	if v.ReadJSON(&s) != nil {
		return s, fault.Invalid("form", "fault.form_unreadable")
	}
	return s, nil
}

// whither is the answer to the script: where it leads.
type whither struct {
	Next string `json:"next,omitempty"`
	Text string `json:"text,omitempty"`
}

// OfferPasskey asks a browser to sign in with a passkey.
func OfferPasskey(v *visit.Visit) error {
	keys, err := passkeys(v)
	if err != nil {
		return err
	}
	asked, err := keys.Offer(v.Context(), v.Server.DB, v.Now, v.Remote())
	if err != nil {
		return err
	}
	return v.AnswerJSON(http.StatusOK, asked)
}

// UsePasskey signs in with what the browser has signed.
func UsePasskey(v *visit.Visit) error {
	keys, err := passkeys(v)
	if err != nil {
		return err
	}
	form, err := readSent(v)
	if err != nil {
		return err
	}
	person, refused, err := keys.SignIn(v.Context(), v.Server.DB, v.Now, form.Token, form.Credential)
	if err != nil {
		return err
	}
	if refused != nil {
		v.Server.CountSignIn("passkey", visit.SignInFailed)
		key := "entry.passkey.refused"
		if refused.Cause == identity.CauseExpired || refused.Cause == identity.CauseUnknownKey {
			key = identity.TroubleKey(refused.Cause)
		}
		return v.AnswerJSON(http.StatusConflict, whither{Text: v.T(key) + " " + v.T("entry.trouble.reference", "Reference", refused.Reference)})
	}
	if err := v.Server.Sessions.SignIn(v.Context(), person, v.UserAgent()); err != nil {
		return err
	}
	v.Server.CountSignIn("passkey", visit.SignInDone)
	return v.AnswerJSON(http.StatusOK, whither{Next: identity.LocalPath(form.Next)})
}

// ownPasskeys are one's keys on the page of how one signs in.
func ownPasskeys(v *visit.Visit) (templ.Component, error) {
	all, err := passkey.Of(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today)
	if err != nil {
		return nil, err
	}
	_, none := passkeys(v)
	if none != nil && len(all) == 0 {
		return nil, nil // at an address where there can be none
	}
	parts := []templ.Component{ui.Paragraph(v.T("entry.passkey.help"))}
	if len(all) > 0 {
		t := waysin.PasskeyTable(v, all, func(k passkey.Key) string { return visit.PasskeyPath(k.ID, "removal") })
		parts = append(parts, v.Table(t))
	}
	if none == nil {
		parts = append(parts, ui.Action{Label: v.T("entry.passkey.add"), Href: visit.NewPasskeyPath, Kind: ui.Secondary}.View(v.Lang))
	}
	return ui.Section("passkeys", v.T("entry.passkey.title"), parts...), nil
}

// NewPasskey is the page where one is made.
func NewPasskey(v *visit.Visit) error {
	if _, err := passkeys(v); err != nil {
		return err
	}
	title := v.T("entry.passkey.add")
	f := v.Frame(title, ui.Crumb{Label: v.T("entry.sessions.title"), Href: visit.SessionsPath}, ui.Crumb{Label: title})
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("entry.passkey.add_lead")}.View(v.Lang),
		newPasskey(v, ui.Field{Name: "name", Label: v.T("entry.passkey.name"), Hint: v.T("entry.passkey.name_hint"), Value: waysin.DeviceName(v, identity.DeviceOf(v.UserAgent()))}),
	)
}

// OfferNewPasskey asks the browser to make one.
func OfferNewPasskey(v *visit.Visit) error {
	keys, err := passkeys(v)
	if err != nil {
		return err
	}
	asked, err := keys.OfferNew(v.Context(), v.Server.DB, v.Viewer, v.Now)
	if err != nil {
		return err
	}
	return v.AnswerJSON(http.StatusOK, asked)
}

// AddPasskey keeps what the browser has made.
func AddPasskey(v *visit.Visit) error {
	keys, err := passkeys(v)
	if err != nil {
		return err
	}
	form, err := readSent(v)
	if err != nil {
		return err
	}
	if err := keys.Add(v.Context(), v.Server.DB, v.Viewer, v.Now, form.Token, form.Name, form.Credential); err != nil {
		return err
	}
	return v.AnswerJSON(http.StatusOK, whither{Next: visit.SessionsPath})
}

// RemovePasskey takes one of one's own keys away.
func RemovePasskey(v *visit.Visit) error {
	id, err := v.ID("passkey")
	if err != nil {
		return err
	}
	own := v.Viewer.AsEmployee() // here one's own, whatever one looks after
	if err := v.Write(func(tx *db.Tx) error { return passkey.Remove(v.Context(), tx, own, id, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.SessionsPath, "notice.passkey_removed")
}
