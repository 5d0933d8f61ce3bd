package booking

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const requestsPerPage = 30

// ManagerRequests are the sign-ups that wait for the visitor's word as a manager.
func ManagerRequests(v *visit.Visit) error {
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	all, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("signup.requests"), v.OfficeCrumbs(v.T("signup.requests"))...)
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("signup.requests"), Lead: v.T("signup.requests_lead")}.View(v.Lang),
	}
	if len(all) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("signup.no_requests"), Text: v.T("signup.no_requests_help"),
			Action: &ui.Action{Label: v.T("staff.to_rounds"), Href: visit.RoundsPath, Kind: ui.Secondary},
		}.View(v.Lang))
	}
	shown, pager := visit.Paged(v, all, requestsPerPage)
	for _, r := range shown {
		field := "reason_" + visit.ID(r.ID)
		reason := ui.Field{Input: ui.TextareaInput, Name: field, Label: v.T("signup.refuse_reason"), Hint: v.T("signup.refuse_hint"), Value: v.Typed(field, ""), Error: v.Wrong(field)}
		seats := v.T("signup.request_free", "Count", r.Free)
		if r.Free <= 0 {
			seats = v.T("signup.request_full", "Count", r.Waiting)
		}
		parts = append(parts, ui.Section("request-"+visit.ID(r.ID), v.T("signup.request", "Name", r.Name, "Course", r.Course),
			ui.Summary{
				{Term: v.T("round.when"), Value: v.Lang.Days(r.FirstDay, r.LastDay)},
				{Term: v.T("round.seats"), Value: seats},
				{Term: v.T("signup.asked"), Value: v.Lang.DayTime(r.JoinedAt)},
			}.View(v.Lang),
			ui.Choices(
				ui.Action{Label: v.T("signup.allow_do"), About: r.Name, Href: visit.EntryPath(r.ID, "approval"), Post: true}.View(v.Lang),
				ui.WithReason(v.Lang, ui.Confirm{
					ID: "refuse-" + visit.ID(r.ID), Opener: ui.Action{Label: v.T("signup.refuse_do"), About: r.Name}, Title: v.T("signup.refuse_title", "Name", r.Name), Text: v.T("signup.refuse_text"),
					Action: ui.Action{Label: v.T("signup.refuse_do"), Href: visit.EntryPath(r.ID, "refusal"), Kind: ui.Danger},
				}, reason, reason.Error != ""),
			)))
	}
	if pager != nil {
		parts = append(parts, pager.View(v.Lang))
	}
	return v.Page(f, parts...)
}

func answerRequest(v *visit.Visit, notice func() string, answer func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	if err := v.WriteRound(roundID, func(tx *db.Tx) error { return answer(tx, id) }); err != nil {
		return err
	}
	return v.Redirect(visit.RequestsPath, notice())
}

func AllowRequest(v *visit.Visit) error {
	var o seat.Outcome
	return answerRequest(v, func() string { return "notice.signup_allowed_" + string(o.Status) }, func(tx *db.Tx, id int64) (err error) {
		o, err = seat.Allow(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func RefuseRequest(v *visit.Visit) error {
	return answerRequest(v, func() string { return "notice.signup_refused" }, func(tx *db.Tx, id int64) error {
		return seat.Refuse(v.Context(), tx, v.Viewer, id, v.FormValue("reason_"+visit.ID(id)), v.Now)
	})
}
