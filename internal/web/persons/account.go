package persons

import (
	"math"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func (p *personPage) accountTable() ui.Table {
	t := ui.Table{
		ID: "accounts-table", Caption: p.T("people.person.accounts"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.account.journey")}, {Label: p.T("people.account.step")}, {Label: p.T("people.account.roles")},
			{Label: p.T("people.account.opened"), Keep: true}, {Label: p.T("people.account.closed"), Keep: true},
		},
	}
	if p.manages {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("people.person.actions"), Action: true})
	}
	for _, a := range p.Accounts {
		step := ui.Text(a.Step)
		if a.StepFrom != nil {
			step.Note = p.T("people.account.since", "Day", p.Lang.TinyDay(*a.StepFrom))
		}
		if why := p.yearsWords(a); why != "" {
			step.Note = strings.TrimPrefix(step.Note+". "+why, ". ")
		}
		var roles []string
		for _, role := range a.Roles {
			roles = append(roles, p.T(role.Key()))
		}
		closed := p.T("people.person.for_now")
		if a.ClosedOn != nil {
			closed = p.Lang.TinyDay(*a.ClosedOn)
		}
		row := ui.Row{Cells: []ui.Cell{
			ui.Text(a.Journey), step, ui.Text(strings.Join(roles, ", ")), ui.Text(p.Lang.TinyDay(a.OpenedOn)), ui.Text(closed),
		}}
		if p.manages {
			var cell ui.Cell
			if a.ClosedOn == nil {
				cell.Slot = ui.Links([]ui.Action{p.act(StepForm, a.ID, a.Journey), p.act(RolesForm, a.ID, a.Journey), p.act(CloseForm, a.ID, a.Journey)})
			} else {
				cell.Slot = ui.Links([]ui.Action{p.act(ReopenForm, a.ID, a.Journey)})
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// yearsWords say how long somebody has been in the profession, and which step
// that suggests; empty when it is not known.
func (p *personPage) yearsWords(a people.Account) string {
	if a.ProfessionSince == nil || *a.ProfessionSince > p.Today {
		return ""
	}
	years := people.YearsIn(*a.ProfessionSince, p.Today)
	written := p.Lang.Decimal(math.Floor(years*10)/10, 1)
	for _, s := range p.steps {
		if s.Slug == a.Slug && s.For(years) {
			return p.T("people.account.suggests", "Years", written, "Step", s.Name)
		}
	}
	return p.T("people.account.years_now", "Years", written)
}

// journeyStep is a step with the journey whose it is.
type journeyStep struct {
	catalogue.Step
	Slug string // the journey's
}

// readSteps finds the steps of the journeys in which it is known how long
// somebody has been in the profession.
func (p *personPage) readSteps() error {
	for _, a := range p.Accounts {
		if a.ProfessionSince == nil {
			continue
		}
		journey, err := catalogue.JourneyBySlug(p.Context(), p.Reader(), a.Slug)
		if err != nil {
			return err
		}
		steps, err := catalogue.Steps(p.Context(), p.Reader(), journey.ID)
		if err != nil {
			return err
		}
		for _, s := range steps {
			p.steps = append(p.steps, journeyStep{s, a.Slug})
		}
	}
	return nil
}

// stepHistory is every word that was said of the steps: which, from when, why
// and by whom.
func (p *personPage) stepHistory() (templ.Component, error) {
	all, err := people.StepChanges(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	t := ui.Table{
		ID: "steps-table", Caption: p.T("people.account.history"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.account.journey")}, {Label: p.T("people.account.step")}, {Label: p.T("people.account.from"), Keep: true},
			{Label: p.T("people.account.history_reason")}, {Label: p.T("people.account.history_by")},
		},
	}
	for _, c := range all {
		step, reason, by := c.Step, c.Reason, c.By
		if step == "" {
			step = p.T("people.account.taken_away")
		}
		switch {
		case c.Reason == people.ByLevelUp && c.By == "":
			reason, by = p.T("people.account.by_level_up"), p.T("people.account.by_product")
		case c.Reason == "":
			reason = p.T("people.account.at_opening")
		}
		if by == "" {
			by = p.T("people.account.by_product")
		}
		who := ui.Text(by)
		if c.At != nil {
			who.Note = p.Lang.TinyDay(c.At.Day())
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(c.Journey), ui.Text(step), ui.Text(p.Lang.TinyDay(c.From)), ui.Text(reason), who}})
	}
	return ui.Fold(p.T("people.account.history"), t.View(p.Lang)), nil
}

// accountSheet is the open form about accounts, with its title.
func (p *personPage) accountSheet() (string, ui.FormView, error) {
	if p.open == OpenForm {
		return p.openAccountSheet()
	}
	for _, a := range p.Accounts {
		if a.ID != p.of {
			continue
		}
		switch p.open {
		case StepForm:
			sheet, err := p.stepSheet(a)
			return p.T("people.account.step_title", "Journey", a.Journey), sheet, err
		case RolesForm:
			chosen := p.PostForm["roles"]
			if !p.Sent {
				for _, role := range a.Roles {
					chosen = append(chosen, string(role))
				}
			}
			return p.T("people.account.roles_title", "Journey", a.Journey), ui.Form(visit.AccountPath(a.ID, "roles"), p.T("people.person.act_roles"), nil,
				rolesField(p.Visit, chosen), p.dayField("from", p.T("people.account.from"), "")), nil
		case CloseForm:
			return p.T("people.account.close_title", "Journey", a.Journey), ui.Form(visit.AccountPath(a.ID, "closure"), p.T("people.account.close"), nil,
				p.dayField("day", p.T("people.account.closed"), p.T("people.account.close_hint"))), nil
		case ReopenForm:
			if a.ClosedOn != nil {
				return p.T("people.account.reopen_title", "Journey", a.Journey), p.reopenSheet(a), nil
			}
		default:
		}
	}
	return "", ui.FormView{}, nil
}

func (p *personPage) openAccountSheet() (string, ui.FormView, error) {
	all, err := catalogue.Journeys(p.Context(), p.Reader())
	if err != nil {
		return "", ui.FormView{}, err
	}
	journeys := []catalogue.Journey{}
	for _, j := range all {
		has := false
		for _, a := range p.Accounts {
			has = has || a.Slug == j.Slug
		}
		if !has {
			journeys = append(journeys, j)
		}
	}
	fields, err := accountFields(p.Visit, journeys)
	if err != nil {
		return "", ui.FormView{}, err
	}
	fields = append(fields, p.dayField("opened_on", p.T("people.account.opened"), ""))
	return p.T("people.account.open_title"), ui.Form(p.path("accounts"), p.T("people.person.offer_account"), nil, fields...), nil
}

func (p *personPage) stepSheet(a people.Account) (ui.FormView, error) {
	journey, err := catalogue.JourneyBySlug(p.Context(), p.Reader(), a.Slug)
	if err != nil {
		return ui.FormView{}, err
	}
	steps, err := catalogue.Steps(p.Context(), p.Reader(), journey.ID)
	if err != nil {
		return ui.FormView{}, err
	}
	step := ui.Field{
		Input: ui.RadioInput, Name: "step", Label: p.T("people.account.step"), Value: p.Typed("step", visit.IDOrNone(a.StepID)), Error: p.Wrong("step"),
	}
	for _, each := range steps {
		step.Options = append(step.Options, ui.Option{Value: visit.IDOrNone(each.ID), Label: each.Name, Hint: p.stepHint(each)})
	}
	step.Options = append(step.Options, ui.Option{Value: noStep, Label: p.T("people.account.no_step"), Hint: p.T("people.account.no_step_hint")})
	return ui.Form(visit.AccountPath(a.ID, "step"), p.T("people.person.act_step"), nil, step,
		p.dayField("from", p.T("people.account.from"), p.T("people.account.step_from_hint")),
		ui.Field{Name: "reason", Label: p.T("people.account.reason"), Hint: p.T("people.account.reason_hint"), Value: p.Typed("reason", ""), Error: p.Wrong("reason")},
	), nil
}

// stepHint says whom a step is for in years in the profession.
func (p *personPage) stepHint(s catalogue.Step) string {
	switch {
	case s.OverYears != nil && s.UpToYears != nil:
		return p.T("people.account.years_between", "Over", *s.OverYears, "UpTo", *s.UpToYears)
	case s.OverYears != nil:
		return p.T("people.account.years_over", "Over", *s.OverYears)
	case s.UpToYears != nil:
		return p.T("people.account.years_up_to", "UpTo", *s.UpToYears)
	}
	return ""
}

// OpenAccount opens an account for the person in one more journey.
func OpenAccount(v *visit.Visit) error {
	return changePerson(v, OpenForm, "notice.account_opened", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		checks.Require(v.NumberID("journey") != 0, "journey", "people.journey_missing")
		opened := v.FormDay(&checks, "opened_on")
		account, err := formAccount(v, id, opened)
		if err := visit.Together(checks.Err(), err); err != nil {
			return err
		}
		_, err = people.OpenAccount(v.Context(), tx, v.Viewer, account)
		return employedThen(err, "opened_on")
	})
}

// changeAccount carries out a form about an account on its person's page; field
// is where a day is asked for.
func changeAccount(v *visit.Visit, open personForm, field, notice string, do func(accountID int64, tx *db.Tx) error) error {
	return changePerson(v, open, notice, func(id int64, tx *db.Tx) error { return employedThen(do(id, tx), field) })
}

// SetStep moves an account to a step, with the reason.
func SetStep(v *visit.Visit) error {
	return changeAccount(v, StepForm, "from", "notice.step_set", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		step := v.NumberID("step")
		checks.Require(step != 0 || v.FormValue("step") == noStep, "step", "people.unknown_step")
		from := v.FormDay(&checks, "from")
		reason := strings.TrimSpace(v.FormValue("reason"))
		checks.Require(reason != "", "reason", "people.account.reason_missing")
		if err := checks.Err(); err != nil {
			return err
		}
		return people.SetStep(v.Context(), tx, v.Viewer, id, step, from, reason, v.Now)
	})
}

// SetRoles gives an account exactly the chosen roles.
func SetRoles(v *visit.Visit) error {
	return changeAccount(v, RolesForm, "from", "notice.roles_set", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		roles := formRoles(v)
		checks.Require(len(roles) > 0, "roles", "people.account.role_missing")
		for _, role := range roles {
			if !people.ValidRole(role) {
				return fault.Invalid("roles", "people.unknown_role")
			}
		}
		from := v.FormDay(&checks, "from")
		if err := checks.Err(); err != nil {
			return err
		}
		return people.SetRoles(v.Context(), tx, v.Viewer, id, roles, from)
	})
}

// CloseAccount closes an account from a day on.
func CloseAccount(v *visit.Visit) error {
	return changeAccount(v, CloseForm, "day", "notice.account_closed", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		day := v.FormDay(&checks, "day")
		if err := checks.Err(); err != nil {
			return err
		}
		return people.CloseAccount(v.Context(), tx, v.Viewer, id, day)
	})
}
