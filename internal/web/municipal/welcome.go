package municipal

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/welcome"
)

// SetWelcome decides whether who is new gets a letter of welcome.
func SetWelcome(v *visit.Visit) error {
	p, err := findMunicipality(v)
	if err != nil {
		return err
	}
	if !p.manages {
		return fault.Forbidden
	}
	choice := v.FormValue("welcomes")
	if choice != "yes" && choice != "no" {
		return fault.Invalid("welcomes", "signup.choose_one")
	}
	if err := v.Write(func(tx *db.Tx) error {
		return welcome.Set(v.Context(), tx, v.Viewer, p.place.ID, choice == "yes", v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(p.path()+"#welcome", "notice.welcome_set")
}

// welcomeForm is that setting, for those who manage the municipality's people.
func (p *municipalityPage) welcomeForm() templ.Component {
	if !p.manages {
		return nil
	}
	value, now := "no", p.T("welcome.now_no")
	if p.welcome != nil {
		value, now = "yes", p.T("welcome.now_yes", "Day", p.Lang.Day(p.welcome.Day()))
	}
	sheet := ui.Form(p.path("welcome"), p.T("welcome.do"), nil, ui.Field{
		Input: ui.RadioInput, Name: "welcomes", Label: p.T("welcome.question"), Hint: now, Value: p.Typed("welcomes", value), Error: p.Wrong("welcomes"),
		Options: []ui.Option{
			{Value: "yes", Label: p.T("welcome.yes"), Hint: p.T("welcome.yes_hint", "Days", int(identity.WelcomeLife.Hours()/24))},
			{Value: "no", Label: p.T("welcome.no"), Hint: p.T("welcome.no_hint")},
		},
	})
	sheet.Kind = ui.Secondary
	return ui.Section("welcome", p.T("welcome.title"), sheet.View(p.Lang))
}
