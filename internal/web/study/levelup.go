package study

import (
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// gate is where an account of the visitor's own stands: at a step, and with the
// last gate that it has passed. fault.NotFound for anybody else's.
func gate(v *visit.Visit) (standing *learning.StepStanding, passed *learning.Passed, err error) {
	id, err := v.ID("account")
	if err != nil {
		return nil, nil, err
	}
	standings, err := learning.Standings(v.Context(), v.Reader(), v.Viewer.PersonID, v.Today)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(standings, func(s learning.StepStanding) bool { return s.AccountID == id }); i >= 0 {
		standing = &standings[i]
	}
	levels, err := learning.Levels(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(levels, func(p learning.Passed) bool { return p.AccountID == id }); i >= 0 {
		passed = &levels[i]
	}
	if standing == nil && passed == nil {
		return nil, nil, fault.NotFound
	}
	return standing, passed, nil
}

// LevelUp is the gate from a step to the next: its question while it is open,
// then what came of it, for those who have just answered; before that, what is
// left. Who was moved back to it goes on without a second answer.
func LevelUp(v *visit.Visit) error {
	standing, passed, err := gate(v)
	switch {
	case err != nil:
		return err
	case standing != nil && standing.Open():
		return gatePage(v, *standing)
	case standing != nil && standing.Again():
		return againPage(v, *standing)
	case passed != nil && (standing == nil || standing.Answered || v.URL.Query().Get("passed") == visit.ID(passed.ID)):
		return passedPage(v, standing, *passed)
	}
	return closedGatePage(v, *standing, passed)
}

// AnswerGate takes the answer and opens the way.
func AnswerGate(v *visit.Visit) error {
	id, err := v.ID("account")
	if err != nil {
		return err
	}
	var level int64
	err = v.Write(func(tx *db.Tx) (err error) {
		level, err = learning.LevelUp(v.Context(), tx, v.Viewer, id, learning.Grade(v.PostForm.Get("grade")), v.PostForm.Get("text"), v.Now)
		if err != nil {
			return err
		}
		_, err = learning.CertifyStep(v.Context(), tx, v.Viewer, level, v.Now)
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		standing, _, found := gate(v)
		if found != nil {
			return found
		}
		if standing == nil || !standing.Open() { // nothing was asked
			return fault.Conflict("learning.gate_closed")
		}
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.LevelUpPath(id)+"?passed="+visit.ID(level), "")
}

// gateFrame is the frame of the gate's pages.
func gateFrame(v *visit.Visit, title string) ui.Frame {
	f := v.Frame(title, ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: title})
	f.Reading = true
	return f
}

func gatePage(v *visit.Visit, s learning.StepStanding) error {
	title := v.T("learning.level_up.title", "Step", s.Step, "Next", s.Next)
	if s.NextID == 0 {
		title = v.T("learning.level_up.title_last", "Step", s.Step)
	}
	// The domain calls the text by its own name; the summary leads to the field.
	for i := range v.Errs {
		if v.Errs[i].Field == "free_text" {
			v.Errs[i].Field = "text"
		}
	}
	grades := make([]ui.Option, len(learning.Grades))
	for i, g := range learning.Grades {
		grades[i] = ui.Option{Value: string(g), Label: v.T(g.Key())}
	}
	do := v.T("learning.level_up.do", "Next", s.Next)
	if s.NextID == 0 {
		do = v.T("learning.level_up.do_last")
	}
	questions := ui.Form(visit.LevelUpPath(s.AccountID), do, nil,
		ui.Field{
			Input: ui.RadioInput, Name: "grade", Label: v.T("learning.level_up.question"), Options: grades, Value: v.Typed("grade", ""), Error: v.Wrong("grade"),
		},
		ui.Field{
			Input: ui.TextareaInput, Name: "text", Label: v.T("learning.level_up.text"), Hint: v.T("learning.level_up.text_hint"), Optional: true,
			Value: v.Typed("text", ""), Error: v.Wrong("text"),
		},
	)
	return v.Page(gateFrame(v, title),
		ui.PageHead{Title: title, Lead: v.T("learning.level_up.lead", "Count", s.Courses, "Step", s.Step)}.View(v.Lang),
		ui.Paragraph(v.T("learning.level_up.privacy")), questions.View(v.Lang))
}

// againPage lets somebody who was moved back go on: they have answered already.
func againPage(v *visit.Visit, s learning.StepStanding) error {
	title := v.T("learning.level_up.title", "Step", s.Step, "Next", s.Next)
	return v.Page(gateFrame(v, title),
		ui.PageHead{Title: title, Lead: v.T("learning.level_up.again", "Step", s.Step)}.View(v.Lang),
		ui.Action{Label: v.T("learning.level_up.again_do", "Next", s.Next), Href: visit.LevelUpPath(s.AccountID), Post: true}.View(v.Lang))
}

// passedPage congratulates, says what comes, and hands out the certificate.
func passedPage(v *visit.Visit, standing *learning.StepStanding, p learning.Passed) error {
	title := v.T("learning.level_up.passed", "Step", p.Step)
	next := v.T("learning.level_up.passed_last", "Journey", p.Journey)
	if p.NextID != 0 {
		next = v.T("learning.level_up.passed_next", "Journey", p.Journey, "Next", p.Next)
	}
	if standing != nil && standing.StepID == p.NextID && standing.Courses > standing.Done {
		next += " " + v.T("learning.level_up.courses_ahead", "Count", standing.Courses-standing.Done)
	}
	return v.Page(gateFrame(v, title),
		ui.PageHead{Title: title, Lead: next}.View(v.Lang),
		ui.Choices(
			ui.Action{Label: v.T("learning.certificate.open"), Href: visit.StepCertificatePath(p.ID)}.View(v.Lang),
			ui.Action{Label: v.T("learning.level_up.go_on"), Href: visit.MyJourneyPath, Kind: ui.Secondary}.View(v.Lang),
		))
}

// closedGatePage says what is left before the question comes, with the way to the
// certificate of the step before.
func closedGatePage(v *visit.Visit, s learning.StepStanding, passed *learning.Passed) error {
	title := v.T("learning.level_up.closed", "Step", s.Step)
	lead := v.T("learning.level_up.closed_lead", "Count", s.Courses-s.Done)
	if s.Courses == 0 {
		lead = v.T("learning.level_up.closed_empty")
	}
	ways := []templ.Component{ui.Action{Label: v.T("learning.level_up.to_journey"), Href: visit.MyJourneyPath}.View(v.Lang)}
	if passed != nil {
		ways = append(ways, ui.Action{Label: v.T("learning.level_up.certificate_of", "Step", passed.Step), Href: visit.StepCertificatePath(passed.ID), Kind: ui.Secondary}.View(v.Lang))
	}
	return v.Page(gateFrame(v, title), ui.PageHead{Title: title, Lead: lead}.View(v.Lang), ui.Choices(ways...))
}
