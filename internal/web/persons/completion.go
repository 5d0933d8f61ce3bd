package persons

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func (p *personPage) completionTable() ui.Table {
	t := ui.Table{
		ID: "completions-table", Caption: p.T("people.person.completions"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.person.course")}, {Label: p.T("people.person.completed_on"), Keep: true}, {Label: p.T("people.person.how")}, {Label: p.T("people.person.recorded")},
		},
	}
	t.Columns = append(t.Columns, ui.Column{Label: p.T("people.person.actions"), Action: true})
	for _, c := range p.completions {
		how := ui.Text(p.T(c.Source.Key()))
		if c.RoundID != nil && p.seen[*c.RoundID] {
			how = ui.Link(p.T(c.Source.Key()), visit.RoundPath(*c.RoundID))
		}
		recorded := p.Lang.TinyDay(c.RecordedAt.Day())
		if c.RecordedBy != "" {
			recorded += ", " + c.RecordedBy
		}
		course := ui.Text(c.Course)
		if c.Edition > 1 {
			course.Note = p.T("people.person.edition", "Number", c.Edition)
		}
		row := ui.Row{Cells: []ui.Cell{course, ui.Text(p.Lang.TinyDay(c.On)), how, ui.Text(recorded)}}
		acts := []ui.Action{{Label: p.T("learning.certificate.one"), About: c.Course, Href: visit.CourseCertificatePath(c.ID)}}
		if p.manages && !c.FromRound() {
			acts = append(acts, p.act(RevokeForm, c.ID, c.Course))
		}
		row.Cells = append(row.Cells, ui.Cell{Slot: ui.Links(acts)})
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stepCertificates lead to the certificates of the steps that the person has
// gone through.
func (p *personPage) stepCertificates() templ.Component {
	if len(p.levels) == 0 {
		return nil
	}
	var facts ui.Summary
	for _, l := range p.levels {
		facts = append(facts, ui.Fact{
			Term: p.T("learning.certificate.step", "Journey", l.Journey, "Step", l.Step),
			Slot: ui.TextLink(p.T("learning.certificate.one")+", "+p.Lang.TinyDay(l.On), visit.StepCertificatePath(l.ID)),
		})
	}
	return facts.View(p.Lang)
}

func (p *personPage) completionSheet() (ui.FormView, error) {
	courses, err := catalogue.AllCourses(p.Context(), p.Reader())
	if err != nil {
		return ui.FormView{}, err
	}
	options := []ui.Option{{Label: p.T("people.person.choose_course")}}
	for _, c := range courses {
		if !slices.ContainsFunc(p.completions, func(done learning.Completion) bool { return done.CourseID == c.ID }) {
			options = append(options, ui.Option{Value: visit.IDOrNone(c.ID), Label: c.Title()})
		}
	}
	return ui.Form(p.path("completions"), p.T("people.person.register_course"), nil,
		ui.Field{
			Input: ui.SelectInput, Name: "course", Label: p.T("people.person.course"), Hint: p.T("people.person.course_hint"), Options: options,
			Value: p.Typed("course", ""), Error: p.Wrong("course"),
		},
		p.dayField("on", p.T("people.person.completed_on"), ""),
		ui.Field{
			Input: ui.RadioInput, Name: "source", Label: p.T("people.person.how"), Value: p.Typed("source", string(learning.Local)), Error: p.Wrong("source"),
			Options: []ui.Option{
				{Value: string(learning.Local), Label: p.T("people.person.how_local")},
				{Value: string(learning.Web), Label: p.T("people.person.how_web")},
			},
		},
	), nil
}

// CompleteCourse registers a course that was completed outside the rounds.
func CompleteCourse(v *visit.Visit) error {
	return changePerson(v, CompletionForm, "notice.course_registered", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		n := learning.New{PersonID: id, CourseID: v.NumberID("course"), Source: learning.Source(v.FormValue("source"))}
		checks.Require(n.CourseID != 0, "course", "people.person.course_missing")
		n.On = v.FormDay(&checks, "on")
		checks.Require(n.Source == learning.Local || n.Source == learning.Web, "source", "people.person.how_missing")
		if err := checks.Err(); err != nil {
			return err
		}
		_, err := learning.Register(v.Context(), tx, v.Viewer, n, v.Now)
		return employedThen(err, "on")
	})
}

func (p *personPage) revokeSheet() (string, ui.FormView) {
	for _, c := range p.completions {
		if c.ID == p.of && !c.FromRound() {
			sheet := ui.Form(visit.CompletionPath(c.ID, "revocation"), p.T("people.person.revoke"), nil,
				ui.Field{
					Input: ui.CheckInput, Name: "sure", Label: p.T("people.person.revoke_sure", "Course", c.Course), Hint: p.T("people.person.revoke_hint", "Day", c.On),
					Error: p.Wrong("sure"),
				})
			sheet.Kind = ui.Danger
			return p.T("people.person.revoke_title"), sheet
		}
	}
	return "", ui.FormView{}
}

// RevokeCompletion takes back a completion that was a mistake.
func RevokeCompletion(v *visit.Visit) error {
	return changePerson(v, RevokeForm, "notice.course_revoked", func(id int64, tx *db.Tx) error {
		var checks fault.Checks
		checks.Require(v.FormValue("sure") != "", "sure", "people.person.sure_missing")
		if err := checks.Err(); err != nil {
			return err
		}
		return learning.Revoke(v.Context(), tx, v.Viewer, id, v.Now)
	})
}
