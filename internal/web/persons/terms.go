package persons

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// terms are what the person's courses are planned by: title, form of employment,
// hours, and when they are on leave. Nobody else sees it but those who plan
// their time, and the person.
func (p *personPage) terms(open templ.Component) templ.Component {
	e := p.employedNow()
	if e == nil || !p.plans && p.Person.ID != p.Viewer.PersonID {
		return nil
	}
	told := func(key string, told bool) string {
		if !told {
			return p.T("people.not_told")
		}
		return p.T(key)
	}
	title := e.Title
	if title == "" {
		title = p.T("people.not_told")
	}
	all := ui.Parts(open, ui.Paragraph(p.T("people.person.terms_help")), ui.Summary{
		{Term: p.T("people.job"), Value: title},
		{Term: p.T("people.form"), Value: told(e.Form.Key(), e.Form != "")},
		{Term: p.T("people.shift"), Value: told(e.Shift.Key(), e.Shift != "")},
		{Term: p.T("people.agency"), Value: cmp.Or(e.Agency, p.T("people.agency_none"))},
	}.View(p.Lang), p.leaveList())
	if p.plans {
		var actions []ui.Action
		for _, form := range []personForm{TermsForm, AwayForm} {
			if form != p.open {
				actions = append(actions, ui.Action{Label: p.T("people.person.offer_" + string(form)), Href: p.formPath(form, 0), Kind: ui.Secondary})
			}
		}
		all = append(all, ui.Buttons(p.Lang, actions))
	}
	return ui.Section("terms", p.T("people.person.terms"), all...)
}

func (p *personPage) leaveList() templ.Component {
	if len(p.leave) == 0 {
		return ui.Paragraph(p.T("people.person.no_leave"))
	}
	t := ui.Table{
		ID: "leave-table", Caption: p.T("coverage.leave"), Dense: true,
		Columns: []ui.Column{{Label: p.T("people.person.leave_from"), Keep: true}, {Label: p.T("people.person.leave_until"), Keep: true}},
	}
	if p.plans {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("people.person.is_back"), Action: true})
	}
	for _, l := range p.leave {
		until := p.T("people.person.not_known")
		if l.Until != nil {
			until = p.Lang.TinyDay(*l.Until)
		}
		row := ui.Row{Cells: []ui.Cell{ui.Text(p.Lang.TinyDay(l.From)), ui.Text(until)}}
		if p.plans {
			end := ui.Action{
				Label: p.T("people.person.is_back"), About: p.Lang.TinyDay(l.From), Href: visit.LeavePath(l.ID, "end"), Kind: ui.Quiet, Small: true, Post: true,
				Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(p.Person.ID)}, {Name: "back", Value: p.Today.String()}},
			}
			if l.From >= p.Today {
				end.Label = p.T("people.person.remove_leave")
			}
			row.Cells = append(row.Cells, ui.Cell{Slot: ui.Buttons(p.Lang, []ui.Action{end})})
		}
		t.Rows = append(t.Rows, row)
	}
	return t.View(p.Lang)
}

func (p *personPage) termsSheet() ui.FormView {
	e := p.employedNow()
	if e == nil {
		return ui.FormView{}
	}
	choose := func(name, label, usual string) ui.Field {
		return ui.Field{
			Input: ui.SelectInput, Name: name, Label: label, Value: p.Typed(name, usual), Error: p.Wrong(name), Options: []ui.Option{{Label: p.T("people.not_told")}},
		}
	}
	kind := choose("form", p.T("people.form"), string(e.Form))
	for _, f := range people.Forms {
		kind.Options = append(kind.Options, ui.Option{Value: string(f), Label: p.T(f.Key())})
	}
	shift := choose("shift", p.T("people.shift"), string(e.Shift))
	for _, s := range people.Shifts {
		shift.Options = append(shift.Options, ui.Option{Value: string(s), Label: p.T(s.Key())})
	}
	return ui.Form(p.path("terms"), p.T("people.person.save_terms"), nil,
		ui.Field{Name: "title", Label: p.T("people.job"), Optional: true, Value: p.Typed("title", e.Title), Error: p.Wrong("title")}, kind, shift,
		ui.Field{
			Name: "agency", Label: p.T("people.agency"), Hint: p.T("people.agency_hint"), Optional: true, Autocomplete: "off",
			Value: p.Typed("agency", e.Agency), Error: p.Wrong("agency"),
		})
}

func (p *personPage) awaySheet() ui.FormView {
	if p.employedNow() == nil {
		return ui.FormView{}
	}
	return ui.Form(p.path("leave"), p.T("people.person.offer_away"), nil,
		p.dayField("from", p.T("people.person.away_from"), ""),
		ui.Field{
			Input: ui.DateInput, Name: "to", Label: p.T("people.person.away_until"), Hint: p.T("people.person.away_until_hint"), Optional: true,
			Value: p.Typed("to", ""), Error: p.Wrong("to"),
		})
}

// SetTerms says what somebody's employment is like.
func SetTerms(v *visit.Visit) error {
	return changePerson(v, TermsForm, "notice.terms_set", func(id int64, tx *db.Tx) error {
		if !v.PostForm.Has("shift") { // an empty form would empty what is known
			return fault.Invalid("shift", "people.shift_unknown")
		}
		return people.SetTerms(v.Context(), tx, v.Viewer, id, people.Terms{
			Title: v.FormValue("title"), Form: people.Form(v.FormValue("form")), Shift: people.Shift(v.FormValue("shift")), Agency: v.FormValue("agency"),
		}, v.Today)
	})
}

// TellLeave says that somebody is on leave.
func TellLeave(v *visit.Visit) error {
	return changePerson(v, AwayForm, "notice.leave_told", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		period := clock.Period{From: v.FormDay(&checks, "from")}
		if strings.TrimSpace(v.FormValue("to")) != "" {
			until := v.FormDay(&checks, "to")
			period.Until = &until
		}
		if err := checks.Err(); err != nil {
			return err
		}
		_, err := people.TellLeave(v.Context(), tx, v.Viewer, id, period, v.Now)
		return err
	})
}

// EndLeave says that somebody on leave is back.
func EndLeave(v *visit.Visit) error {
	personID, id, err := personOf(v)
	if err != nil {
		return err
	}
	back, told := v.Today, v.FormValue("back") != ""
	if told {
		back = v.Day("back", v.Today)
	}
	if err := v.Write(func(tx *db.Tx) error {
		if err := people.EndLeave(v.Context(), tx, v.Viewer, id, back, v.Now); err != nil || told {
			return err
		}
		return fault.Invalid("back", "fault.day")
	}); err != nil {
		return err
	}
	person, err := people.Get(v.Context(), v.Reader(), v.Viewer, personID, v.Today)
	if err != nil {
		return v.Redirect(visit.PeoplePath, "")
	}
	return v.Redirect(visit.PersonPath(personID)+"#terms", "notice.leave_ended", "Name", person.Name())
}
