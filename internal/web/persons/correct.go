package persons

import (
	"errors"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// nameSheet corrects name and address.
func (p *personPage) nameSheet() ui.FormView {
	return ui.Form(p.path("correction"), p.T("people.person.save_name"), nil,
		ui.Field{Name: "given_name", Label: p.T("people.given_name"), Value: p.Typed("given_name", p.GivenName), Error: p.Wrong("given_name"), Autocomplete: "off"},
		ui.Field{Name: "family_name", Label: p.T("people.family_name"), Hint: p.T("people.one_name"), Value: p.Typed("family_name", p.FamilyName), Error: p.Wrong("family_name"), Autocomplete: "off"},
		ui.Field{
			Input: ui.EmailInput, Name: "email", Label: p.T("people.email"), Hint: p.T("people.person.email_change_hint"), Optional: true,
			Value: p.Typed("email", p.Email), Error: p.Wrong("email"), Autocomplete: "off",
		})
}

// Correct says what the person is called, and at which address they are reached
// and sign in.
func Correct(v *visit.Visit) error {
	return changePerson(v, NameForm, "notice.person_corrected", func(id int64, tx *db.Tx) error {
		moved, err := people.Correct(v.Context(), tx, v.Viewer, id, people.NewPerson{
			GivenName: v.FormValue("given_name"), FamilyName: v.FormValue("family_name"), Email: v.FormValue("email"),
		}, v.Now)
		if err != nil || !moved {
			return err
		}
		if err := identity.MayReaddress(v.Context(), tx, v.Viewer, id, v.Today); err != nil {
			return err
		}
		return identity.Readdressed(v.Context(), tx, id, v.Now)
	})
}

// ofAddress leads to who has the address that was typed and refused, if the
// visitor may see them.
func ofAddress(v *visit.Visit, self int64) (templ.Component, error) {
	if !v.Sent || v.Wrong("email") == "" {
		return templ.NopComponent, nil
	}
	d, err := people.WithAddress(v.Context(), v.Reader(), v.Viewer, v.PostForm.Get("email"), v.Today)
	if errors.Is(err, fault.NotFound) || err == nil && d.ID == self {
		return templ.NopComponent, nil
	}
	if err != nil {
		return nil, err
	}
	return ui.Notice{
		Tone: ui.Info, Title: v.T("people.address_of"), Text: strings.TrimSpace(d.Name()),
		Action: &ui.Action{Label: v.T("people.to_person"), About: d.Name(), Href: visit.PersonPath(d.ID)},
	}.View(v.Lang), nil
}

// sameField lets one go on although somebody of the name is there already.
const sameField = "same"

// notTwice refuses to add somebody of whose name there is one already in the
// municipality, until the visitor says that they are two.
func notTwice(v *visit.Visit, tx *db.Tx, p people.NewPerson, organisationID int64, from clock.Day) error {
	if v.FormValue(sameField) != "" {
		return nil
	}
	found, err := people.Namesakes(v.Context(), tx, v.Viewer, p, organisationID, from)
	if err == nil && len(found) > 0 {
		err = fault.Invalid(sameField, "people.same_name", "Count", len(found))
	}
	return err
}

// namesakes are those who may be the person that is to be added, with the way on.
func namesakes(v *visit.Visit) (list templ.Component, field []ui.Field, err error) {
	if !v.Sent || v.Wrong(sameField) == "" && v.FormValue(sameField) == "" {
		return templ.NopComponent, nil, nil
	}
	found, err := people.Namesakes(v.Context(), v.Reader(), v.Viewer,
		people.NewPerson{GivenName: v.FormValue("given_name"), FamilyName: v.FormValue("family_name")}, v.NumberID("organisation"), v.Today)
	if err != nil || len(found) == 0 {
		return templ.NopComponent, nil, err
	}
	facts := ui.Summary{}
	for _, r := range found {
		where := r.Unit
		if r.Title != "" {
			where = r.Title + ", " + where
		}
		facts = append(facts, ui.Fact{Term: where, Slot: ui.TextLink(r.Name(), visit.PersonPath(r.ID))})
	}
	return facts.View(v.Lang), []ui.Field{{
		Input: ui.CheckInput, Name: sameField, Label: v.T("people.not_the_same"), Value: v.FormValue(sameField), Error: v.Wrong(sameField),
	}}, nil
}

func (p *personPage) removeSheet() ui.FormView {
	sheet := ui.Form(p.path("removal"), p.T("people.person.remove"), nil, ui.Field{
		Input: ui.CheckInput, Name: "sure", Label: p.T("people.person.remove_sure", "Name", p.Name()), Hint: p.T("people.person.remove_hint"), Error: p.Wrong("sure"),
	})
	sheet.Kind = ui.Danger
	return sheet
}

// Remove takes away somebody who was added by mistake.
func Remove(v *visit.Visit) error {
	return changePerson(v, RemoveForm, "notice.person_removed", func(id int64, tx *db.Tx) error {
		if v.FormValue("sure") == "" {
			return fault.Invalid("sure", "people.person.sure_missing")
		}
		return people.Remove(v.Context(), tx, v.Viewer, id, v.Now)
	})
}

func (p *personPage) reopenSheet(a people.Account) ui.FormView {
	return ui.Form(visit.AccountPath(a.ID, "reopening"), p.T("people.account.reopen"), nil, ui.Field{
		Input: ui.CheckInput, Name: "sure", Label: p.T("people.account.reopen_sure", "Journey", a.Journey), Hint: p.T("people.account.reopen_hint"), Error: p.Wrong("sure"),
	})
}

// ReopenAccount opens a closed account again.
func ReopenAccount(v *visit.Visit) error {
	return changePerson(v, ReopenForm, "notice.account_reopened", func(id int64, tx *db.Tx) error {
		if v.FormValue("sure") == "" {
			return fault.Invalid("sure", "people.person.sure_missing")
		}
		return employedThen(people.ReopenAccount(v.Context(), tx, v.Viewer, id, v.Now), "sure")
	})
}

// contact is how the person is reached: the address, whether letters arrive, and
// when they last signed in.
func (p *personPage) contact() (ui.Summary, error) {
	address := ui.Fact{Term: p.T("people.email"), Value: p.Email}
	if p.Email == "" {
		address.Value = p.T("people.person.no_email")
	}
	if p.manages {
		label := p.T("people.person.act_address")
		if p.Email == "" {
			label = p.T("people.person.act_no_address")
		}
		address.Slot = templ.Join(ui.Words(address.Value+" "), ui.TextLink(label, p.formPath(NameForm, 0)))
	}
	facts := ui.Summary{address}
	if !p.manages && !p.plans && p.Person.ID != p.Viewer.PersonID {
		return facts, nil
	}
	bounced, err := letter.LastBounce(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil {
		return nil, err
	}
	if bounced != nil {
		facts = append(facts, ui.Fact{Term: p.T("people.person.letters"), Value: p.T("people.person.bounced", "Day", bounced.Day())})
	}
	at, err := identity.LastSignIn(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil {
		return nil, err
	}
	signed := p.T("people.person.never_signed_in")
	if at != nil {
		signed = p.Lang.DayTime(*at)
	}
	return append(facts, ui.Fact{Term: p.T("people.person.signed_in"), Value: signed}), nil
}

// changes are what the person was called, and at which address, before.
func (p *personPage) changes() (templ.Component, error) {
	all, err := people.Changes(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	t := ui.Table{
		ID: "names-table", Caption: p.T("people.person.changes"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("people.email")}, {Label: p.T("people.person.changed_on"), Keep: true}, {Label: p.T("people.person.changed_by")}},
	}
	for _, c := range all {
		by := c.By
		if by == "" {
			by = p.T("people.account.by_product")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(c.Name()), ui.Text(c.Email), ui.Text(p.Lang.TinyDay(c.At.Day())), ui.Text(by)}})
	}
	return ui.Fold(p.T("people.person.changes"), t.View(p.Lang)), nil
}
