package rounds

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/rollcall"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Approve approves those who were chosen.
func Approve(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	var checks fault.Checks
	on := v.FormDay(&checks, "on")
	var chosen []attendance.Approval
	for _, value := range v.PostForm["approve"] {
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			continue // not ours
		}
		chosen = append(chosen, attendance.Approval{EnrolmentID: id, Reason: v.FormValue("reason_" + value)})
	}
	checks.Require(len(chosen) > 0, "approve", "round.approve_none")
	if err := checks.Err(); err != nil {
		return err
	}
	return v.ChangeRound(d, "notice.round_approved", func(tx *db.Tx) error {
		return attendance.Approve(v.Context(), tx, v.Viewer, d.ID, chosen, on, v.Now)
	})
}

// approvedSeat is the seat in the address and its round, for those who manage it.
func approvedSeat(v *visit.Visit) (round.Detail, round.Enrolment, error) {
	id, err := v.ID("enrolment")
	if err != nil {
		return round.Detail{}, round.Enrolment{}, err
	}
	d, e, err := round.OfEnrolment(v.Context(), v.Reader(), v.Viewer, id)
	if err == nil && !d.Manages {
		err = fault.NotFound
	}
	return d, e, err
}

// AskUnapprove asks why an approval is taken back.
func AskUnapprove(v *visit.Visit) error {
	d, e, err := approvedSeat(v)
	if err != nil {
		return err
	}
	title := v.T("round.unapprove_title", "Name", e.Name)
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)})...)
	f.Reading = true
	back := ui.Action{Label: v.T("round.back"), Href: visit.RoundPath(d.ID), Kind: ui.Secondary}
	if e.ApprovedOn == nil {
		return v.Page(f, ui.PageHead{Title: title, Lead: v.T("round.not_approved")}.View(v.Lang), back.View(v.Lang))
	}
	question := ui.Form(visit.SeatPath(e.ID, "unapproval"), v.T("round.unapprove"), nil, ui.Field{
		Input: ui.TextareaInput, Name: "reason", Label: v.T("round.reason"), Hint: v.T("round.unapprove_hint"),
		Value: v.Typed("reason", ""), Error: v.Wrong("reason"),
	})
	question.Kind, question.Cancel = ui.Danger, visit.RoundPath(d.ID)
	return v.Page(f,
		ui.PageHead{Title: title, Lead: v.T("round.unapprove_lead", "Course", d.Course, "Day", *e.ApprovedOn)}.View(v.Lang),
		question.View(v.Lang),
	)
}

// Unapprove takes an approval back, for a reason.
func Unapprove(v *visit.Visit) error {
	d, e, err := approvedSeat(v)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(v.FormValue("reason"))
	var checks fault.Checks
	checks.Require(reason != "", "reason", "round.reason_missing")
	checks.Require(len([]rune(reason)) <= 500, "reason", "round.text_too_long", "Max", 500)
	if err := checks.Err(); err != nil {
		return err
	}
	err = v.Write(func(tx *db.Tx) error { return attendance.Unapprove(v.Context(), tx, v.Viewer, e.ID, reason, v.Now) })
	if err != nil {
		return err
	}
	return v.Redirect(visit.RoundPath(d.ID), "notice.round_unapproved", "Name", e.Name)
}

// askApproval approves all who attended every day, in one go.
func (p *roundPage) askApproval() templ.Component {
	hidden := []ui.Hidden{{Name: "on", Value: p.d.LastDay.String()}}
	left := 0
	for _, e := range p.d.Enrolments {
		switch {
		case e.ApprovedOn != nil:
		case p.approvable(e):
			hidden = append(hidden, ui.Hidden{Name: "approve", Value: visit.ID(e.ID)})
		default:
			left++
		}
	}
	text := p.T("round.approve_text", "Count", len(hidden)-1, "Course", p.d.Course, "Day", p.d.LastDay)
	if left > 0 {
		text += " " + p.T("round.approve_left", "Count", left)
	}
	return ui.Waiting(p.Lang, p.T("round.next_approve", "Count", len(hidden)-1), "", ui.Confirm{
		ID: "approval", Opener: ui.Action{Label: p.T("round.approve", "Count", len(hidden)-1)}, Title: p.T("round.approve_title"), Text: text,
		Action: ui.Action{Label: p.T("round.approve", "Count", len(hidden)-1), Href: visit.RoundPath(p.d.ID, "approvals"), Post: true, Hidden: hidden},
	}.View(p.Lang))
}

// approvals is the form in which one chooses whom to approve.
type approvals struct {
	round    round.Detail
	waiting  []round.Enrolment // not approved
	prepared map[int64]attendance.Preparation
	chosen   map[int64]bool
	reasons  map[int64]string
	on       ui.Field
	errs     ui.Errors
}

// words are those of a local round, in which nobody is approved: they are done.
func (a approvals) words(v *visit.Visit, of string) string {
	if a.round.Local() {
		return v.T("local.approve_" + of)
	}
	return v.T("round.approve_" + of)
}

// days says how many of the course days the participant attended.
func (a approvals) days(v *visit.Visit, e round.Enrolment) string {
	attended := 0
	for _, m := range e.Marks {
		if m.Attended() {
			attended++
		}
	}
	words := v.T("round.attended_days", "Some", attended, "All", len(e.Marks))
	if prepared := rollcall.PreparedWord(v, a.prepared[e.PersonID]); prepared != "" {
		words += ", " + prepared
	}
	return words
}

// explains tells whether the participant is approved only for a reason.
func (a approvals) explains(e round.Enrolment) bool {
	return !e.Approvable() || a.prepared[e.PersonID].Hinders()
}

// approvable tells whether the participant can be approved without a reason.
func (p *roundPage) approvable(e round.Enrolment) bool {
	return e.Approvable() && !p.prepared[e.PersonID].Hinders()
}

func approveField(enrolmentID int64) string { return "approve_" + visit.ID(enrolmentID) }

func (p *roundPage) approvals() templ.Component {
	d := p.d
	if !d.Manages || d.CancelledAt != nil || d.Held == 0 || d.LastDay > p.Today {
		return templ.NopComponent
	}
	a := approvals{round: d, prepared: p.prepared, chosen: map[int64]bool{}, reasons: map[int64]string{}, errs: p.Errs}
	sent := p.SentTo("approvals")
	for _, e := range d.Enrolments {
		if e.ApprovedOn != nil {
			continue
		}
		a.waiting = append(a.waiting, e)
		if sent {
			a.chosen[e.ID] = slices.Contains(p.PostForm["approve"], visit.ID(e.ID))
			a.reasons[e.ID] = p.PostForm.Get("reason_" + visit.ID(e.ID))
		} else {
			a.chosen[e.ID] = p.approvable(e)
		}
	}
	if len(a.waiting) == 0 {
		return templ.NopComponent
	}
	a.on = ui.Field{
		Input: ui.DateInput, Name: "on", Label: p.T("round.approve_on"), Hint: p.T("round.approve_on_hint"), Value: d.LastDay.String(),
		Min: d.LastDay.String(), Max: p.Today.String(), Error: p.Wrong("on"),
	}
	if sent {
		a.on.Value = p.PostForm.Get("on")
		return ui.Section("approve", a.words(p.Visit, "some"), p.tried, approvalForm(p.Visit, a))
	}
	return ui.Fold(a.words(p.Visit, "some"), p.tried, approvalForm(p.Visit, a))
}
