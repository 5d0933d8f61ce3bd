package entry

import (
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Paper is where a code on paper is typed, by who has no e-mail.
func Paper(v *visit.Visit) error {
	f := v.Frame(v.T("entry.paper.title"))
	f.Reading = true
	return v.Page(f,
		ui.PageHead{Title: v.T("entry.paper.title"), Lead: v.T("entry.paper.lead")}.View(v.Lang),
		ui.Form(visit.PaperPath, v.T("entry.sign_in.use_code"), nil, append([]ui.Field{{
			Name: "code", Label: v.T("entry.sign_in.code"), Hint: v.T("entry.paper.hint"), Value: v.Typed("code", ""), Error: v.Wrong("code"), Autocomplete: "off",
		}}, rememberFields(v)...)...).View(v.Lang),
		ui.Action{Label: v.T("entry.paper.letter"), Href: visit.SignInPath, Kind: ui.Secondary}.View(v.Lang),
	)
}

// UsePaper signs in with it.
func UsePaper(v *visit.Visit) error {
	link, err := identity.UsePaper(v.Context(), v.Server.DB, v.Now, v.FormValue("code"), v.Remote())
	if err != nil {
		if fault.Of(err) != nil {
			v.Server.CountSignIn("code", visit.SignInFailed)
		}
		return err
	}
	return letIn(v, "code", link)
}
