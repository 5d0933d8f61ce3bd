package tablets

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// cookie is where a tablet's browser keeps its secret.
const cookie = "tablet"

// Here is the tablet that the request comes from; false when it comes from another device.
func Here(s *visit.Server, r *http.Request) (tablet.Tablet, bool, error) {
	held, err := r.Cookie(cookie)
	if err != nil {
		return tablet.Tablet{}, false, nil //nolint:nilerr // no cookie is no fault
	}
	t, err := tablet.WithSecret(r.Context(), s.DB.Reader(), held.Value, s.Clock().Day())
	if errors.Is(err, fault.NotFound) {
		return tablet.Tablet{}, false, nil
	}
	return t, err == nil, err
}

// Keep keeps a session on a tablet short, and ends it when the tablet is shared no more.
func Keep(s *visit.Server, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, here, err := Here(s, r)
		switch {
		case err != nil:
		case here && s.Sessions.PersonID(r.Context()) != 0:
			s.Sessions.Share(r.Context(), tablet.Idle)
		case !here && s.Sessions.Shared(r.Context()):
			err = s.Sessions.SignOut(r.Context())
		}
		if err != nil {
			s.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// longList is from how many names on a field finds one.
const longList = 24

// Who is where one chooses one's name.
func Who(v *visit.Visit) error {
	t, here, err := Here(v.Server, v.Request)
	if err != nil {
		return err
	}
	if v.SignedIn() {
		return v.Redirect("/", "")
	}
	f := v.Frame(v.T("tablet.who"))
	f.Reading = true
	if !here {
		f.Title = v.T("tablet.not_here")
		return v.Page(f, ui.PageHead{Title: f.Title, Lead: v.T("tablet.not_here_help")}.View(v.Lang),
			ui.Action{Label: v.T("entry.sign_in.title"), Href: visit.SignInPath}.View(v.Lang))
	}
	sought := v.URL.Query().Get("q")
	all, err := tablet.People(v.Context(), v.Reader(), t, sought, v.Today)
	if err != nil {
		return err
	}
	parts := []templ.Component{ui.PageHead{Title: f.Title, Lead: v.T("tablet.who_lead", "Unit", t.Unit)}.View(v.Lang)}
	if len(all) > longList || sought != "" {
		find := ui.Filter{
			Label: v.T("tablet.find"), Action: address.TabletSignIn,
			Fields: []ui.Field{{Name: "q", Label: v.T("tablet.find_name"), Value: sought, Optional: true, Autocomplete: "off"}},
		}
		if sought != "" {
			find.Clear = address.TabletSignIn
		}
		parts = append(parts, find.View(v.Lang))
	}
	switch {
	case len(all) > 0:
		parts = append(parts, names(all))
	case sought != "":
		parts = append(parts, ui.Empty{Picture: ui.PictureSearch, Title: v.T("tablet.nobody_found"), Text: v.T("tablet.not_on_list")}.View(v.Lang))
	default:
		parts = append(parts, ui.Empty{Picture: ui.PicturePeople, Title: v.T("tablet.nobody"), Text: v.T("tablet.not_on_list")}.View(v.Lang))
	}
	return v.Page(f, append(parts, ui.Links([]ui.Action{
		{Label: v.T("tablet.otherwise"), Href: visit.SignInPath + "?" + Otherwise + "=yes"},
	}))...)
}

// Otherwise is the query by which a tablet shows where one signs in as anywhere else.
const Otherwise = "otherwise"

// onList is the tablet, and the person in the address who is on its list.
func onList(v *visit.Visit) (t tablet.Tablet, who tablet.Person, err error) {
	id, err := v.ID("person")
	if err != nil {
		return t, who, err
	}
	t, here, err := Here(v.Server, v.Request)
	if err == nil && !here {
		err = fault.NotFound
	}
	if err != nil {
		return t, who, err
	}
	who, err = tablet.OnList(v.Context(), v.Reader(), t, id, v.Today)
	return t, who, err
}

// Code is where one types one's code.
func Code(v *visit.Visit) error {
	t, who, err := onList(v)
	if err != nil {
		return err
	}
	f := v.Frame(who.Name, ui.Crumb{Label: t.Unit, Href: address.TabletSignIn}, ui.Crumb{Label: who.Name})
	f.Reading = true
	other := ui.Action{Label: v.T("tablet.somebody_else"), Href: address.TabletSignIn, Kind: ui.Secondary}
	paper := ui.Action{Label: v.T("entry.paper.have"), Href: visit.PaperPath}
	letter := ui.Action{Label: v.T("tablet.by_letter"), Href: visit.SignInPath + "?" + Otherwise + "=yes"}
	if !who.Coded {
		return v.Page(f, ui.PageHead{Title: who.Name, Lead: v.T("tablet.no_code")}.View(v.Lang),
			ui.Paragraph(v.T("tablet.get_code")), ui.Buttons(v.Lang, []ui.Action{paper, letter, other}))
	}
	lead := v.T("tablet.type_code")
	if v.Server.Demo() {
		lead += " " + v.T("tablet.demo_code", "Code", tablet.DemoCode)
	}
	return v.Page(f,
		ui.PageHead{Title: who.Name, Lead: lead}.View(v.Lang),
		ui.Form(address.TabletPerson(who.ID), v.T("entry.sign_in.go"), nil, ui.Field{
			Input: ui.NumberInput, Name: "code", Label: v.T("tablet.code"), Hint: v.T("tablet.code_hint", "Digits", tablet.CodeDigits), Error: v.Wrong("code"), Autocomplete: "off", Short: true, Veiled: true,
		}).View(v.Lang),
		ui.Buttons(v.Lang, []ui.Action{other}),
		ui.Fold(v.T("tablet.forgotten"), ui.Paragraph(v.T("tablet.get_code")), ui.Buttons(v.Lang, []ui.Action{paper, letter})),
	)
}

// SignIn lets in who typed their code.
func SignIn(v *visit.Visit) error {
	t, who, err := onList(v)
	if err != nil {
		return err
	}
	if err := tablet.Open(v.Context(), v.Server.DB, t, who.ID, v.FormValue("code"), v.Now); err != nil {
		if fault.Of(err) != nil {
			v.Server.CountSignIn("code", visit.SignInFailed)
		}
		return err
	}
	sessions := v.Server.Sessions
	if err := sessions.SignIn(v.Context(), who.ID, v.UserAgent()); err != nil {
		return err
	}
	sessions.OpenOwn(v.Context())
	sessions.Share(v.Context(), tablet.Idle)
	v.Server.CountSignIn("code", visit.SignInDone)
	return v.Redirect("/", "")
}

// Own is one's own code for the tablets of one's units.
func Own(v *visit.Visit) error {
	made, err := tablet.CodeMade(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	title := v.T("tablet.own")
	f := v.Frame(title, ui.Crumb{Label: v.T("entry.sessions.title"), Href: visit.SessionsPath}, ui.Crumb{Label: title})
	f.Reading = true
	button := v.T("tablet.choose")
	if made != nil {
		button = v.T("tablet.change")
	}
	field := func(name, label, hint string) ui.Field {
		return ui.Field{Input: ui.NumberInput, Name: name, Label: label, Hint: hint, Error: v.Wrong(name), Autocomplete: "off", Short: true, Veiled: true}
	}
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("tablet.own_lead")}.View(v.Lang),
		ui.Form(address.TabletCode, button, nil, field("code", v.T("tablet.new_code"), v.T("tablet.new_code_hint", "Digits", tablet.CodeDigits)), field("again", v.T("tablet.again"), "")).View(v.Lang),
	}
	if made != nil {
		parts = append(parts, ui.Section("removal", v.T("tablet.has_code"), ui.Paragraph(v.T("tablet.code_made", "When", v.Lang.DayTime(*made))),
			ui.Action{Label: v.T("tablet.drop"), Href: address.TabletCodeGone, Post: true, Kind: ui.Secondary}.View(v.Lang)))
	}
	return v.Page(f, parts...)
}

// Choose makes what was typed one's code.
func Choose(v *visit.Visit) error {
	if err := tablet.SetCode(v.Context(), v.Server.DB, v.Viewer, v.FormValue("code"), v.FormValue("again"), v.Now); err != nil {
		return err
	}
	if _, here, err := Here(v.Server, v.Request); err == nil && here {
		return v.Redirect("/", "notice.tablet_code")
	}
	return v.Redirect(visit.SessionsPath, "notice.tablet_code")
}

// Drop takes one's code away.
func Drop(v *visit.Visit) error {
	if err := v.Write(func(tx *db.Tx) error { return tablet.DropCode(v.Context(), tx, v.Viewer) }); err != nil {
		return err
	}
	return v.Redirect(visit.SessionsPath, "notice.tablet_code_gone")
}
