package home

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/protection"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// MyPage is what is kept about oneself and what one can say and choose, in one place.
func MyPage(v *visit.Visit) error {
	self, err := people.SelfOf(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	p := selfPage{Visit: v, Self: self}
	certificates, err := p.certificates()
	if err != nil {
		return err
	}
	f := v.Frame(v.T("ui.my_page"), ui.Crumb{Label: v.T("ui.my_page")})
	f.Reading = true
	protected, err := protection.Own(v, p.Alias)
	if err != nil {
		return err
	}
	return v.Page(f, ui.Parts(
		ui.PageHead{Title: v.T("ui.my_page"), Lead: v.T("people.self.lead")}.View(v.Lang),
		ui.Section("data", v.T("people.self.data"), p.data().View(v.Lang), ui.TextLink(v.T("people.self.all"), visit.PersonPath(v.Viewer.PersonID))),
		ui.Section("privacy", v.T("privacy.mine"), ui.Links([]ui.Action{
			{Label: v.T("audit.title"), Href: visit.MyLogPath}, {Label: v.T("privacy.sights_mine"), Href: visit.MySightPath},
			{Label: v.T("privacy.data"), Href: visit.MyDataPath}, {Label: v.T("support.mine"), Href: visit.MySupportPath},
		})),
		protected,
		p.main(), p.wrong(), p.language(), p.letters(), p.calendar(), certificates,
		ui.Section("sessions", v.T("entry.sessions.title"), ui.Paragraph(v.T("people.self.sessions")), ui.TextLink(v.T("people.self.sessions_do"), visit.SessionsPath)),
	)...)
}

// SayWrong sends what somebody says is wrong with what is kept about them, and tells who
// got it.
func SayWrong(v *visit.Visit) error {
	var readers []people.Person
	if err := v.Write(func(tx *db.Tx) (err error) {
		readers, err = people.SayWrong(v.Context(), tx, v.Viewer, strings.TrimSpace(v.FormValue("text")), v.Server.Site.Base, v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MyPagePath, "notice.remark_sent", "Readers", names(readers))
}

func names(all []people.Person) string {
	each := make([]string, len(all))
	for i, p := range all {
		each[i] = p.Name()
	}
	return strings.Join(each, ", ")
}

// selfPage is one's own page.
type selfPage struct {
	*visit.Visit
	people.Self
}

// worksAt is an employment in one line.
func worksAt(e people.Employment) string {
	where := e.Organisation
	if e.Municipality != "" && e.Municipality != e.Organisation {
		where += ", " + e.Municipality
	}
	if e.Title != "" {
		where = e.Title + ", " + where
	}
	return where
}

// also are the employments that run today beside the main one.
func (p selfPage) also() []people.Employment {
	return slices.DeleteFunc(slices.Clone(p.Employments), func(e people.Employment) bool { return e.Main || !e.Holds(p.Today) })
}

// main is where who has several employments chooses the main one.
func (p selfPage) main() templ.Component {
	also := p.also()
	if len(also) == 0 || p.Employment == nil {
		return nil
	}
	field := ui.Field{
		Input: ui.RadioInput, Name: "employment", Label: p.T("people.self.main_which"), Value: p.Typed("employment", visit.ID(p.Employment.ID)), Error: p.Wrong("employment"),
	}
	for _, e := range append([]people.Employment{*p.Employment}, also...) {
		field.Options = append(field.Options, ui.Option{Value: visit.ID(e.ID), Label: worksAt(e)})
	}
	return ui.Section("employment", p.T("people.self.main_title"), ui.Paragraph(p.T("people.self.main_lead")),
		ui.Form(visit.MainEmploymentPath, p.T("people.self.main_do"), nil, field).View(p.Lang))
}

// ChooseMain makes one of the visitor's employments the main one.
func ChooseMain(v *visit.Visit) error {
	id := v.NumberID("employment")
	if id == 0 {
		return fault.Invalid("employment", "people.self.main_missing")
	}
	if err := v.Write(func(tx *db.Tx) error {
		return people.ChooseMain(v.Context(), tx, v.Viewer, v.Viewer.PersonID, id, v.Today)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MyPagePath, "notice.main_chosen")
}

// data is what is kept, said to oneself.
func (p selfPage) data() ui.Summary {
	email := p.Email
	if email == "" {
		email = p.T("people.self.no_email")
	}
	facts := ui.Summary{{Term: p.T("people.self.name"), Value: p.Name()}, {Term: p.T("people.self.email"), Value: email}}
	if e := p.Employment; e != nil {
		where := worksAt(*e)
		if !e.Holds(p.Today) {
			where += " (" + p.T("people.self.works_period", "Period", p.Lang.Day(e.From)) + ")"
		}
		facts = append(facts, ui.Fact{Term: p.T("people.self.works"), Value: where})
	} else {
		facts = append(facts, ui.Fact{Term: p.T("people.self.works"), Value: p.T("people.self.works_nowhere")})
	}
	for _, also := range p.also() {
		facts = append(facts, ui.Fact{Term: p.T("people.self.works_also"), Value: worksAt(also)})
	}
	var managers []string
	for _, m := range p.Managers {
		who := m.Name()
		if m.Email != "" {
			who += ", " + m.Email
		}
		managers = append(managers, who)
	}
	if len(managers) > 0 {
		facts = append(facts, ui.Fact{Term: p.T("people.self.manager", "Count", len(managers)), Slot: ui.Lines(managers)})
	}
	open := 0
	for _, a := range p.Accounts {
		if a.ClosedOn != nil && *a.ClosedOn <= p.Today || a.OpenedOn > p.Today {
			continue
		}
		open++
		value := a.Journey
		if a.Step != "" {
			value = p.T("round.for_step", "Journey", a.Journey, "Step", a.Step)
		}
		facts = append(facts, ui.Fact{Term: p.T("people.self.journey"), Value: value})
	}
	if open == 0 {
		facts = append(facts, ui.Fact{Term: p.T("people.self.journey"), Value: p.T("people.self.no_journey")})
	}
	return facts
}

// wrong is where one says that something is not right, and sees to whom it went and what
// came of it.
func (p selfPage) wrong() templ.Component {
	parts := []templ.Component{ui.Paragraph(p.T("people.self.wrong_nobody"))}
	if len(p.Administrators) > 0 {
		field := ui.Field{Input: ui.TextareaInput, Name: "text", Label: p.T("people.self.wrong_what"), Hint: p.T("people.self.wrong_hint")}
		if p.SentTo("remarks") {
			field.Value, field.Error = p.PostForm.Get("text"), p.Wrong("text")
		}
		parts = []templ.Component{
			ui.Paragraph(p.T("people.self.wrong_who", "Readers", names(p.Administrators))),
			ui.Form(visit.RemarksPath, p.T("people.self.wrong_do"), nil, field).View(p.Lang),
		}
	}
	var said ui.Summary
	for _, r := range p.Remarks {
		state := p.T("people.self.remark_waits")
		if r.DoneAt != nil {
			state = p.T("people.self.remark_done", "Day", r.DoneAt.Day())
		}
		said = append(said, ui.Fact{Term: p.Lang.DayTime(r.WrittenAt), Slot: ui.Choices(
			ui.Paragraph(r.Text), ui.Paragraph(p.T("people.remark_went_to", "Readers", strings.Join(r.Readers, ", "))+" "+state),
		)})
	}
	if len(said) > 0 {
		parts = append(parts, ui.Fold(p.T("people.self.remarks", "Count", len(said)), said.View(p.Lang)))
	}
	return ui.Section("wrong", p.T("people.self.wrong"), parts...)
}

// language is which language pages and letters have, with the way to the other.
func (p selfPage) language() templ.Component {
	other := "en"
	if p.Lang.Code() == other {
		other = "sv"
	}
	return ui.Section("language", p.T("people.self.language"), ui.Paragraph(p.T("people.self.language_is")), ui.Choices(ui.Action{
		Label: i18n.For(other).T("people.self.language_do"), Href: ui.LanguagePath, Post: true, Kind: ui.Secondary,
		Hidden: []ui.Hidden{{Name: "lang", Value: other}, {Name: "back", Value: visit.MyPagePath}},
	}.View(p.Lang)))
}

// letters are which letters one gets, and where.
func (p selfPage) letters() templ.Component {
	where := p.T("people.self.letters_to", "Email", p.Email)
	if p.Email == "" {
		where = p.T("people.self.letters_nowhere")
	}
	var kinds ui.Summary
	for _, kind := range []string{"seat", "before", "change", "lack"} {
		kinds = append(kinds, ui.Fact{Term: p.T("people.self.letter_" + kind), Value: p.T("people.self.letter_" + kind + "_what")})
	}
	if p.Viewer.Trainer {
		kinds = append(kinds, ui.Fact{Term: p.T("people.self.letter_trainer"), Value: p.T("people.self.letter_trainer_what")})
	}
	return ui.Section("letters", p.T("people.self.letters"), ui.Paragraph(where), kinds.View(p.Lang))
}

// calendar gives one's course days to the calendar on the phone or at the desk.
func (p selfPage) calendar() templ.Component {
	return ui.Section("calendar", p.T("calendar.title"), ui.Paragraph(p.T("people.self.calendar")), ui.Choices(
		ui.Action{Label: p.T("people.self.calendar_do"), Href: visit.CalendarPath, Post: true, Kind: ui.Secondary}.View(p.Lang),
		ui.TextLink(p.T("people.self.calendar_have"), visit.CalendarPath),
	))
}

// certificates are those of all that one has completed, the latest first.
func (p selfPage) certificates() (templ.Component, error) {
	levels, err := learning.Levels(p.Context(), p.Reader(), p.Viewer, p.Viewer.PersonID, p.Today)
	if err != nil {
		return nil, err
	}
	done, err := learning.Completions(p.Context(), p.Reader(), p.Viewer, p.Viewer.PersonID, p.Today)
	if err != nil {
		return nil, err
	}
	var facts ui.Summary
	add := func(what, on, href string) {
		facts = append(facts, ui.Fact{Term: what, Slot: ui.Choices(ui.Paragraph(on), ui.Action{Label: p.T("learning.certificate.one"), About: what, Href: href, Kind: ui.Secondary, Small: true}.View(p.Lang))})
	}
	for _, l := range levels {
		add(p.T("learning.certificate.step", "Journey", l.Journey, "Step", l.Step), p.Lang.Day(l.On), visit.StepCertificatePath(l.ID))
	}
	for _, c := range done {
		add(c.Course, p.Lang.Day(c.On), visit.CourseCertificatePath(c.ID))
	}
	if len(facts) == 0 {
		return ui.Section("certificates", p.T("people.self.certificates"), ui.Paragraph(p.T("people.self.no_certificates"))), nil
	}
	return ui.Section("certificates", p.T("people.self.certificates"), facts.View(p.Lang)), nil
}

// withRemarks puts before what an administrator has to do that somebody says that
// something is wrong.
func withRemarks(v *visit.Visit, o visit.Office, todo []ui.NextThing) ([]ui.NextThing, error) {
	if o.Role != access.MunicipalAdmin && o.Role != access.Regional {
		return todo, nil
	}
	org := v.Server.Country[o.Grant.OrganisationID]
	all, err := people.OpenRemarks(v.Context(), v.Reader(), v.Viewer, org.Place(), org.ID)
	if err != nil {
		return nil, err
	}
	var things []ui.NextThing
	for _, r := range all {
		if href := visit.PersonPath(r.PersonID); !leadsTo(things, href) {
			things = append(things, v.Next("remark", href, "Name", r.Name))
		}
	}
	return append(things, todo...), nil
}
