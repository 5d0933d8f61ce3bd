package persons

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
	domain "yrkesresan/internal/merging"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/protection"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/merging"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// personForm is one of the forms of a person's page. One at a time is open: the
// address says which (?form=step&of=12), and a refused one stays open.
type personForm string

// The forms, with what each is about.
const (
	MoveForm       personForm = "move"
	TooForm        personForm = "too" // a second employment
	LeaveForm      personForm = "leave"
	OpenForm       personForm = "account"
	StepForm       personForm = "step"     // of an account
	RolesForm      personForm = "roles"    // of an account
	CloseForm      personForm = "closure"  // of an account
	CompletionForm personForm = "course"   // completed
	RevokeForm     personForm = "mistake"  // of a completion
	GrantForm      personForm = "role"     // in the product
	EndForm        personForm = "role_end" // of a grant
	TermsForm      personForm = "terms"    // of the employment
	AwayForm       personForm = "away"
	NameForm       personForm = "name"    // and address
	RemoveForm     personForm = "removal" // of who was added by mistake
	ReopenForm     personForm = "reopening"
)

// personPage is somebody's page as the visitor sees it.
type personPage struct {
	*visit.Visit
	people.Detail
	manages     bool // the visitor may change what concerns the person
	plans       bool // or plans their time
	merged      bool // somebody was merged into them, and can be split again
	completions []learning.Completion
	rounds      []seat.Taken
	grants      []identity.Held
	groups      []municipalgroup.Held
	leave       []people.OnLeave
	steps       []journeyStep
	levels      []learning.Passed

	seen     map[int64]bool // of the rounds those that the visitor may open
	contacts ui.Summary     // how the person is reached

	open personForm
	of   int64 // what the open form is about
}

// FindPerson is the person, with what the visitor may do.
func FindPerson(v *visit.Visit, id int64) (*personPage, error) {
	detail, err := people.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today)
	if err != nil {
		return nil, err
	}
	p := &personPage{Visit: v, Detail: detail}
	if e := detail.EmployedOn(v.Today); e != nil {
		p.manages = access.ManagePeople(v.Viewer).Covers(e.Place(id))
		p.plans = access.Staff(v.Viewer).Covers(e.Place(id)) && e.Holds(v.Today)
	}
	return p, nil
}

// Show is the page of somebody: what they are, where, and what they have done.
func Show(v *visit.Visit) error {
	id, err := v.ID("person")
	if err != nil {
		return err
	}
	p, err := FindPerson(v, id)
	if err != nil {
		return err
	}
	if p.manages || p.plans {
		p.open, p.of = personForm(v.FormValue("form")), v.NumberID("of")
	}
	return p.show()
}

// personOf is whose page the form in the address is on, and what the form is
// about: the person, or one of their accounts, completions or roles.
func personOf(v *visit.Visit) (person, of int64, err error) {
	for name, whose := range map[string]func(context.Context, db.Querier, int64) (int64, error){
		"account": people.OfAccount, "remark": people.OfRemark, "completion": learning.OfCompletion, "grant": identity.OfGrant, "leave": people.OfLeave,
	} {
		if v.PathValue(name) == "" {
			continue
		}
		if of, err = v.ID(name); err == nil {
			person, err = whose(v.Context(), v.Reader(), of)
		}
		return person, of, err
	}
	person, err = v.ID("person")
	return person, person, err
}

// WithForm is the page of the person whom the form in the address concerns, with
// that form open: where it stays when it was refused.
func WithForm(open personForm) visit.Handler {
	return func(v *visit.Visit) error {
		id, of, err := personOf(v)
		if err != nil {
			return err
		}
		p, err := FindPerson(v, id)
		if err != nil {
			return err
		}
		p.open, p.of = open, of
		return p.show()
	}
}

// changePerson carries out a form of the person's page; do is told what the form
// is about, see personOf. Who sees the person and may not change anything is told
// so; who does not see them learns nothing.
func changePerson(v *visit.Visit, open personForm, notice string, do func(id int64, tx *db.Tx) error) error {
	id, of, err := personOf(v)
	if err != nil {
		return err
	}
	p, err := FindPerson(v, id)
	if err != nil {
		return err
	}
	if !p.manages && (!p.plans || open != TermsForm && open != AwayForm) {
		return fault.Forbidden
	}
	if err := v.Write(func(tx *db.Tx) error { return do(of, tx) }); err != nil {
		return err
	}
	// Who has let somebody go may no longer see them.
	if _, err := people.Get(v.Context(), v.Reader(), v.Viewer, id, v.Today); errors.Is(err, fault.NotFound) {
		return v.Redirect(visit.PeoplePath, notice, "Name", p.Name())
	}
	return v.Redirect(visit.PersonPath(id), notice, "Name", p.Name())
}

func (p *personPage) show() error {
	var err error
	if p.completions, err = learning.Completions(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	if p.rounds, err = seat.TakenBy(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	ids := make([]int64, len(p.rounds))
	for i, r := range p.rounds {
		ids[i] = r.RoundID
	}
	if p.seen, err = round.Seen(p.Context(), p.Reader(), p.Viewer, ids); err != nil {
		return err
	}
	if p.grants, err = identity.Grants(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	if p.groups, err = municipalgroup.OfPerson(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	merged, err := domain.Of(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today)
	if err != nil {
		return err
	}
	p.merged = len(merged) > 0
	if p.levels, err = learning.Levels(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	if err = p.readSteps(); err != nil {
		return err
	}
	history, err := p.stepHistory()
	if err != nil {
		return err
	}
	open, err := p.openForm()
	if err != nil {
		return err
	}
	if p.leave, err = people.LeaveOf(p.Context(), p.Reader(), p.Viewer, p.Person.ID, p.Today); err != nil {
		return err
	}
	if p.contacts, err = p.contact(); err != nil {
		return err
	}
	changes, err := p.changes()
	if err != nil {
		return err
	}
	other, err := ofAddress(p.Visit, p.Person.ID)
	if err != nil {
		return err
	}
	sessions, err := p.sessions()
	if err != nil {
		return err
	}
	remarks, err := p.remarks()
	if err != nil {
		return err
	}
	f := p.Frame(p.Name(), p.crumbs()...)
	head := ui.PageHead{Title: p.Name(), Lead: p.lead()}
	if teaches, err := trainer.Has(p.Context(), p.Reader(), p.Person.ID); err != nil {
		return err
	} else if teaches {
		head.Others = append(head.Others, ui.Action{Label: p.T("people.person.trainer_days"), Href: visit.PersonPath(p.Person.ID, "trainer-days"), Kind: ui.Secondary})
	}
	if p.manages {
		head.Action = &ui.Action{Label: p.T("people.person.register_course"), Href: p.formPath(CompletionForm, 0)}
		if open != nil {
			head.Action.Kind = ui.Secondary // the open form's button is the one
		}
	}
	at := func(forms ...personForm) templ.Component {
		if slices.Contains(forms, p.open) {
			return open
		}
		return nil
	}
	return p.Page(f, ui.Parts(
		head.View(p.Lang), p.protected(),
		at(NameForm, RemoveForm),
		other,
		remarks,
		p.facts().View(p.Lang),
		p.offer(NameForm),
		changes,
		ui.Section("accounts", p.T("people.person.accounts"), ui.Parts(at(OpenForm, StepForm, RolesForm, CloseForm, ReopenForm), p.rows(p.accountTable(), "people.account.none"), history, p.offer(OpenForm))...),
		ui.Section("completions", p.T("people.person.completions"), ui.Parts(at(CompletionForm, RevokeForm), p.rows(p.completionTable(), "people.person.no_completions"), p.stepCertificates())...),
		ui.Section("rounds", p.T("people.person.rounds"), p.rows(p.roundTable(), "people.person.no_rounds")),
		ui.Section("employments", p.T("people.person.employments"), ui.Parts(at(MoveForm, TooForm, LeaveForm), p.rows(p.employmentTable(), "people.person.no_employments"), p.offer(MoveForm, TooForm, LeaveForm, RemoveForm))...),
		p.terms(at(TermsForm, AwayForm)),
		ui.Section("roles", p.T("people.person.grants"), ui.Parts(at(GrantForm, EndForm), ui.Paragraph(p.T("people.person.grants_lead")), p.rows(p.grantTable(), "people.person.no_grants"), p.offer(GrantForm))...),
		sessions,
		p.privacy(),
	)...)
}

// protected says by which name others know somebody whose identity is protected.
func (p *personPage) protected() templ.Component {
	if p.Alias == "" {
		return nil
	}
	key := "protection.notice"
	if p.Person.ID == p.Viewer.PersonID {
		key = "protection.own"
	}
	return ui.Notice{Tone: ui.Caution, Title: p.T("protection.title"), Text: p.T(key, "Alias", p.Alias)}.View(p.Lang)
}

// privacy leads to who sees what of the person, and to what is done rarely.
func (p *personPage) privacy() templ.Component {
	var ways []ui.Action
	if p.manages {
		ways = append(ways, ui.Action{Label: p.T("privacy.sights"), Href: p.path("access")})
	}
	if p.manages && !access.ErasePeople(p.Viewer).Empty() {
		ways = append(ways, ui.Action{Label: p.T("privacy.erasure"), Href: p.path("erasure")})
	}
	if protection.MayMark(p.Viewer, p.Detail, p.Today) {
		ways = append(ways, ui.Action{Label: p.T("protection.title"), Href: p.path("protection")})
	}
	if p.manages && !access.MergePeople(p.Viewer).Empty() && p.Person.ID != p.Viewer.PersonID {
		ways = append(ways, ui.Action{Label: p.T("merging.title"), Href: merging.Path(p.Person.ID)})
		if p.merged {
			ways = append(ways, ui.Action{Label: p.T("merging.split_title"), Href: merging.SplitPath(p.Person.ID)})
		}
	}
	if access.SeeAsOthers(p.Viewer) {
		ways = append(ways, ui.Action{Label: p.T("support.ask"), Href: p.path("support")})
	}
	if len(ways) == 0 {
		return nil
	}
	return ui.Section("privacy", p.T("privacy.mine"), ui.Links(ways))
}

// rows is a section's table, or the sentence that says why there is none: a
// page of five sections has no room for five pictures.
func (p *personPage) rows(t ui.Table, none string) templ.Component {
	if len(t.Rows) == 0 {
		return ui.Paragraph(p.T(none))
	}
	return t.View(p.Lang)
}

func (p *personPage) crumbs() []ui.Crumb {
	e := p.EmployedOn(p.Today)
	if e == nil {
		return p.CrumbsOf(organisation.Organisation{}, ui.Crumb{Label: p.Name()})
	}
	o := organisation.Organisation{RegionID: e.RegionID, MunicipalityID: e.MunicipalityID, Name: e.Organisation}
	if e.OrganisationID != e.MunicipalityID && e.OrganisationID != e.RegionID {
		o.Kind = organisation.Unit
	}
	return p.CrumbsOf(o, ui.Crumb{Label: p.Name()})
}

// lead says what the person is and where, in the tense that the day asks for.
func (p *personPage) lead() string {
	e := p.EmployedOn(p.Today)
	if e == nil {
		return ""
	}
	where := e.Organisation
	if e.Municipality != "" && e.OrganisationID != e.MunicipalityID {
		where += ", " + e.Municipality
	}
	if e.Title != "" {
		where = e.Title + ", " + where
	}
	switch {
	case e.From > p.Today:
		return p.T("people.person.will_be", "What", where, "Day", e.From)
	case e.Until != nil && *e.Until < p.Today:
		return p.T("people.person.was", "What", where, "Day", *e.Until)
	}
	return where
}

func (p *personPage) facts() ui.Summary {
	facts := p.contacts
	if len(p.Accounts) > 0 {
		var open []string
		for _, a := range p.Accounts {
			if a.ClosedOn == nil || *a.ClosedOn > p.Today {
				open = append(open, a.Journey)
			}
		}
		if len(open) > 0 {
			facts = append(facts, ui.Fact{Term: p.T("people.person.journeys"), Value: strings.Join(open, ", ")})
		}
	}
	return append(facts, ui.Fact{Term: p.T("people.person.completed"), Value: p.T("people.person.courses", "Count", len(p.completions))})
}

// path is the page's address.
func (p *personPage) path(pages ...string) string { return visit.PersonPath(p.Person.ID, pages...) }

// formPath opens one of the page's forms where it stands.
func (p *personPage) formPath(form personForm, of int64) string {
	path := p.path() + "?form=" + string(form)
	if of != 0 {
		path += "&of=" + visit.IDOrNone(of)
	}
	return path + "#" + ui.FormPlace
}

// offer is the buttons that open forms; none for who may not use them.
func (p *personPage) offer(forms ...personForm) templ.Component {
	if !p.manages {
		return nil
	}
	var actions []ui.Action
	for _, form := range forms {
		if form == p.open || form == GrantForm && len(grantable(p.Visit)) == 0 ||
			(form == LeaveForm || form == TooForm) && p.employedNow() == nil ||
			form == TooForm && !p.reachesFurther() ||
			form == RemoveForm && len(p.rounds)+len(p.completions)+len(p.grants) > 0 {
			continue
		}
		actions = append(actions, ui.Action{Label: p.T("people.person.offer_" + string(form)), Href: p.formPath(form, 0), Kind: ui.Secondary})
	}
	if len(actions) == 0 {
		return nil
	}
	return ui.Buttons(p.Lang, actions)
}

// act is a link in a row that opens the row's form.
func (p *personPage) act(form personForm, of int64, about string) ui.Action {
	return ui.Action{Label: p.T("people.person.act_" + string(form)), Href: p.formPath(form, of), About: about}
}

// until is the last day of something, or a word for what still runs.
func (p *personPage) until(period clock.Period) string {
	if period.Until == nil {
		return p.T("people.person.for_now")
	}
	return p.Lang.TinyDay(*period.Until)
}

func (p *personPage) roundTable() ui.Table {
	t := ui.Table{
		ID: "rounds-table", Caption: p.T("people.person.rounds"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.person.course")}, {Label: p.T("people.person.round")}, {Label: p.T("people.person.days"), Keep: true},
			{Label: p.T("people.person.attended")}, {Label: p.T("people.person.outcome")},
		},
	}
	for _, r := range p.rounds {
		course := ui.Text(r.Course)
		if p.seen[r.RoundID] {
			course = ui.Link(r.Course, visit.RoundPath(r.RoundID))
		}
		attended := ""
		switch {
		case r.Held > 0:
			attended = p.T("people.person.attended_of", "Attended", r.Attended, "Held", r.Held)
		case r.FirstDay <= p.Today && r.WithdrawnAt == nil && r.CancelledAt == nil:
			attended = p.T("people.person.not_held")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			course, ui.Text(r.Label), ui.Text(p.Lang.Days(r.FirstDay, r.LastDay)), ui.Text(attended), p.outcome(r),
		}})
	}
	return t
}

// outcome is what came of a seat.
func (p *personPage) outcome(r seat.Taken) ui.Cell {
	switch {
	case r.ApprovedOn != nil:
		return ui.Status(p.T("people.person.approved"), ui.Positive)
	case r.WithdrawnAt != nil:
		return ui.Status(p.T("people.person.withdrawn"), ui.Plain)
	case r.CancelledAt != nil:
		return ui.Status(p.T("people.person.called_off"), ui.Plain)
	case r.LastDay >= p.Today:
		return ui.Status(p.T("people.person.booked"), ui.Info)
	case !r.Decided:
		return ui.Status(p.T("people.person.not_registered"), ui.Plain)
	}
	return ui.Status(p.T("people.person.not_approved"), ui.Caution)
}

// openForm is the form that the address opens; nil for none, also when what it
// is about is not the person's.
func (p *personPage) openForm() (templ.Component, error) {
	if ofPlans := p.open == TermsForm || p.open == AwayForm; ofPlans && !p.plans || !ofPlans && !p.manages {
		return nil, nil
	}
	var sheet ui.FormView
	var title string
	var err error
	switch p.open {
	case MoveForm:
		title = p.T("people.person.move_title", "Name", p.Name())
		sheet, err = p.moveSheet()
	case TooForm:
		title = p.T("people.person.too_title", "Name", p.Name())
		sheet, err = p.tooSheet()
	case LeaveForm:
		title = p.T("people.person.leave_title", "Name", p.Name())
		sheet = p.leaveSheet()
	case NameForm:
		title, sheet = p.T("people.person.name_title", "Name", p.Name()), p.nameSheet()
	case RemoveForm:
		title, sheet = p.T("people.person.remove_title", "Name", p.Name()), p.removeSheet()
	case OpenForm, StepForm, RolesForm, CloseForm, ReopenForm:
		title, sheet, err = p.accountSheet()
	case CompletionForm:
		title = p.T("people.person.register_course")
		sheet, err = p.completionSheet()
	case RevokeForm:
		title, sheet = p.revokeSheet()
	case GrantForm:
		title = p.T("people.person.grant_title", "Name", p.Name())
		sheet, err = p.grantSheet()
	case EndForm:
		title, sheet = p.endSheet()
	case TermsForm:
		title, sheet = p.T("people.person.terms_title", "Name", p.Name()), p.termsSheet()
	case AwayForm:
		title, sheet = p.T("people.person.away_title", "Name", p.Name()), p.awaySheet()
	}
	if err != nil || sheet.Action == "" {
		return nil, err
	}
	sheet.Cancel = p.path()
	p.NameErrors(visit.Labelled(sheet.Fields...))
	return ui.Opened(p.Lang, title, sheet), nil
}

// dayField asks for a day, today unless another is typed.
func (p *personPage) dayField(name, label, hint string) ui.Field {
	return ui.Field{
		Input: ui.DateInput, Name: name, Label: label, Hint: hint, Value: p.Typed(name, p.Today.String()), Error: p.Wrong(name),
	}
}
