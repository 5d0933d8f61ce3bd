package persons

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/turnover"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// employedThen says at the field that the day is one on which the person was
// not employed where the visitor may change anything: that is all a person's own
// page can mean by not found.
func employedThen(err error, field string) error {
	if errors.Is(err, fault.NotFound) {
		return fault.Invalid(field, "people.person.not_here_then")
	}
	return err
}

// employedNow is the employment that runs today.
func (p *personPage) employedNow() *people.Employment {
	if e := p.EmployedOn(p.Today); e != nil && e.Holds(p.Today) {
		return e
	}
	return nil
}

func (p *personPage) employmentTable() ui.Table {
	t := ui.Table{
		ID: "employments-table", Caption: p.T("people.person.employments"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.place")}, {Label: p.T("people.municipality")}, {Label: p.T("people.job")},
			{Label: p.T("people.person.from"), Keep: true}, {Label: p.T("people.person.until"), Keep: true},
		},
	}
	several := len(p.running()) > 1
	for _, e := range p.Employments {
		place := ui.Text(e.Organisation)
		if several && e.Main && e.Holds(p.Today) {
			place = ui.Status(p.T("people.person.main_at", "Place", e.Organisation), ui.Info)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			place, ui.Text(e.Municipality), ui.Text(e.Title), ui.Text(p.Lang.TinyDay(e.From)), ui.Text(p.until(e.Period)),
		}})
	}
	return t
}

// running are the employments that run today.
func (p *personPage) running() []people.Employment {
	return slices.DeleteFunc(slices.Clone(p.Employments), func(e people.Employment) bool { return !e.Holds(p.Today) })
}

// reachesFurther tells whether the visitor manages people of more than one employer: a
// second employment is made by who sees both.
func (p *personPage) reachesFurther() bool {
	s := access.ManagePeople(p.Viewer)
	return s.Everything || len(s.Regions) > 0 || len(s.Municipalities) > 1
}

func (p *personPage) tooSheet() (ui.FormView, error) {
	if p.employedNow() == nil {
		return ui.FormView{}, nil
	}
	places, err := workplaces(p.Visit, access.ManagePeople(p.Viewer), 0)
	if err != nil {
		return ui.FormView{}, err
	}
	return ui.Form(p.path("second-employment"), p.T("people.person.offer_too"), nil,
		ui.Field{
			Input: ui.SelectInput, Name: "organisation", Label: p.T("people.person.too_at"), Value: p.Typed("organisation", ""),
			Error: p.Wrong("organisation"), Options: append([]ui.Option{{Label: p.T("people.choose_place")}}, places...),
		},
		p.dayField("from", p.T("people.person.move_from"), p.T("people.person.too_hint")),
		ui.Field{Name: "title", Label: p.T("people.job"), Optional: true, Value: p.Typed("title", ""), Error: p.Wrong("title")},
	), nil
}

func (p *personPage) moveSheet() (ui.FormView, error) {
	var municipality int64
	if e := p.EmployedOn(p.Today); e != nil {
		municipality = e.MunicipalityID
	}
	places, err := workplaces(p.Visit, access.ManagePeople(p.Viewer), municipality)
	if err != nil {
		return ui.FormView{}, err
	}
	offered := map[string]bool{}
	for _, o := range places {
		offered[o.Value] = true
	}
	// Somebody may leave for any municipality.
	all, err := organisation.Within(p.Context(), p.Reader(), access.Scope{Everything: true})
	if err != nil {
		return ui.FormView{}, err
	}
	for _, o := range all {
		if o.Kind == organisation.Municipality && !offered[visit.IDOrNone(o.ID)] {
			places = append(places, ui.Option{Value: visit.IDOrNone(o.ID), Label: o.Name + ", " + p.Server.Country[o.RegionID].Name})
		}
	}
	usual := ""
	if e := p.EmployedOn(p.Today); e != nil {
		usual = e.Title
	}
	return ui.Form(p.path("employments"), p.T("people.person.offer_move"), nil,
		ui.Field{
			Input: ui.SelectInput, Name: "organisation", Label: p.T("people.person.move_to"), Value: p.Typed("organisation", ""),
			Error: p.Wrong("organisation"), Options: append([]ui.Option{{Label: p.T("people.choose_place")}}, places...),
		},
		p.dayField("from", p.T("people.person.move_from"), p.T("people.person.move_hint")),
		ui.Field{Name: "title", Label: p.T("people.job"), Optional: true, Value: p.Typed("title", usual), Error: p.Wrong("title")},
	), nil
}

func (p *personPage) leaveSheet() ui.FormView {
	if p.employedNow() == nil {
		return ui.FormView{}
	}
	fields := []ui.Field{p.dayField("day", p.T("people.person.last_day"), p.T("people.person.leave_hint"))}
	if ends := p.ends(); len(ends) > 1 {
		options := make([]ui.Option, len(ends))
		for i, e := range ends {
			options[i] = ui.Option{Value: visit.ID(e.EmployerID()), Label: e.Employer()}
		}
		fields = append([]ui.Field{{
			Input: ui.RadioInput, Name: "employer", Label: p.T("people.person.leave_which"), Value: p.Typed("employer", ""), Error: p.Wrong("employer"), Options: options,
		}}, fields...)
	}
	return ui.Form(p.path("departure"), p.T("people.person.offer_leave"), nil, fields...)
}

// ends are the employments that run today and that the visitor may end.
func (p *personPage) ends() []people.Employment {
	scope := access.ManagePeople(p.Viewer)
	return slices.DeleteFunc(p.running(), func(e people.Employment) bool { return !scope.Covers(e.Place(p.Person.ID)) })
}

// beginning is what the forms say of an employment that begins.
type beginning struct {
	organisationID int64
	from           clock.Day
	title          string
}

func readBeginning(v *visit.Visit) (b beginning, err error) {
	var checks fault.Checks
	b.organisationID = v.NumberID("organisation")
	checks.Require(b.organisationID != 0, "organisation", "people.place_missing")
	b.from = v.FormDay(&checks, "from")
	b.title = strings.TrimSpace(v.FormValue("title"))
	checks.Require(utf8.RuneCountInString(b.title) <= 100, "title", "fault.too_long", "Max", 100)
	return b, checks.Err()
}

// EmployToo gives the person a second employment.
func EmployToo(v *visit.Visit) error {
	return changePerson(v, TooForm, "notice.person_employed_too", func(id int64, tx *db.Tx) error {
		b, err := readBeginning(v)
		if err != nil {
			return err
		}
		return people.EmployToo(v.Context(), tx, v.Viewer, id, b.organisationID, b.from, b.title)
	})
}

// Employ moves the person from a day on.
func Employ(v *visit.Visit) error {
	return changePerson(v, MoveForm, "notice.person_moved", func(id int64, tx *db.Tx) error {
		b, err := readBeginning(v)
		if err != nil {
			return err
		}
		return turnover.Move(v.Context(), tx, v.Viewer, id, b.organisationID, b.from, b.title, v.Now)
	})
}

// Leave ends the person's employment.
func Leave(v *visit.Visit) error {
	return changePerson(v, LeaveForm, "notice.person_left", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		day := v.FormDay(&checks, "day")
		p, err := FindPerson(v, id)
		if err != nil {
			return err
		}
		employer := v.NumberID("employer")
		checks.Require(employer != 0 || len(p.ends()) < 2, "employer", "people.person.leave_which_missing")
		if err := checks.Err(); err != nil {
			return err
		}
		return employedThen(turnover.LeaveEmployer(v.Context(), tx, v.Viewer, id, employer, day, v.Now), "day")
	})
}
