package municipal

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// SetSignup decides whether the municipality's managers allow each sign-up.
func SetSignup(v *visit.Visit) error {
	p, err := findMunicipality(v)
	if err != nil {
		return err
	}
	if !p.manages {
		return fault.Forbidden
	}
	choice := v.FormValue("manager_approves")
	if choice != "yes" && choice != "no" {
		return fault.Invalid("manager_approves", "signup.choose_one")
	}
	err = v.Write(func(tx *db.Tx) error {
		return people.SetManagerApproves(v.Context(), tx, v.Viewer, p.place.ID, choice == "yes", v.Now)
	})
	if err != nil {
		return err
	}
	return v.Redirect(p.path()+"#sign-up", "notice.signup_setting")
}

// signupForm is the municipality's setting, for those who manage its people.
func (p *municipalityPage) signupForm() templ.Component {
	if !p.manages {
		return nil
	}
	value := "no"
	if p.asks {
		value = "yes"
	}
	sheet := ui.Form(p.path("sign-up"), p.T("signup.setting_do"), nil, ui.Field{
		Input: ui.RadioInput, Name: "manager_approves", Label: p.T("signup.setting"), Value: value, Error: p.Wrong("manager_approves"),
		Options: []ui.Option{
			{Value: "no", Label: p.T("signup.setting_no"), Hint: p.T("signup.setting_no_hint")},
			{Value: "yes", Label: p.T("signup.setting_yes"), Hint: p.T("signup.setting_yes_hint")},
		},
	})
	sheet.Kind = ui.Secondary
	return ui.Section("sign-up", p.T("signup.setting_title"), sheet.View(p.Lang))
}
