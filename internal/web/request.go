package web

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
)

const mostRequests = 100

// managerRequests are the sign-ups that wait for the visitor's word as a manager.
func (s *Server) managerRequests(v *Visit) error {
	if access.Staff(v.Viewer).Empty() {
		return fault.Forbidden
	}
	all, err := seat.Requests(v.Context(), v.Reader(), v.Viewer, v.Today, mostRequests)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("signup.requests"), v.officeCrumbs(v.T("signup.requests"))...)
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: v.T("signup.requests"), Lead: v.T("signup.requests_lead")}.View(v.Lang),
	}
	if len(all) == 0 {
		parts = append(parts, ui.Empty{
			Picture: ui.PicturePeople, Title: v.T("signup.no_requests"), Text: v.T("signup.no_requests_help"),
			Action: &ui.Action{Label: v.T("staff.to_rounds"), Href: "/rounds", Kind: ui.Secondary},
		}.View(v.Lang))
	}
	for _, r := range all {
		field := "reason_" + idString(r.ID)
		reason := ui.Field{Input: ui.TextareaInput, Name: field, Label: v.T("signup.refuse_reason"), Hint: v.T("signup.refuse_hint"), Value: v.Typed(field, ""), Error: v.Wrong(field)}
		seats := v.T("signup.request_free", "Count", r.Free)
		if r.Free <= 0 {
			seats = v.T("signup.request_full", "Count", r.Waiting)
		}
		parts = append(parts, section("request-"+idString(r.ID), v.T("signup.request", "Name", r.Name, "Course", r.Course),
			ui.Summary{
				{Term: v.T("rounds.when"), Value: v.Lang.Days(r.FirstDay, r.LastDay)},
				{Term: v.T("rounds.seats"), Value: seats},
				{Term: v.T("signup.asked"), Value: v.Lang.DayTime(r.JoinedAt)},
			}.View(v.Lang),
			choices(
				ui.Action{Label: v.T("signup.allow_do"), About: r.Name, Href: entryPath(r.ID, "approval"), Post: true}.View(v.Lang),
				withReason(v.Lang, ui.Confirm{
					ID: "refuse-" + idString(r.ID), Opener: ui.Action{Label: v.T("signup.refuse_do"), About: r.Name}, Title: v.T("signup.refuse_title", "Name", r.Name), Text: v.T("signup.refuse_text"),
					Action: ui.Action{Label: v.T("signup.refuse_do"), Href: entryPath(r.ID, "refusal"), Kind: ui.Danger},
				}, reason, reason.Error != ""),
			)))
	}
	return v.Page(f, parts...)
}

func (v *Visit) answerRequest(notice func() string, answer func(tx *db.Tx, id int64) error) error {
	id, err := v.ID("entry")
	if err != nil {
		return err
	}
	roundID, err := seat.OfEntry(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	if err := v.writeRound(roundID, func(tx *db.Tx) error { return answer(tx, id) }); err != nil {
		return err
	}
	return v.Redirect("/my/requests", notice())
}

func (s *Server) allowRequest(v *Visit) error {
	var o seat.Outcome
	return v.answerRequest(func() string { return "notice.signup_allowed_" + string(o.Status) }, func(tx *db.Tx, id int64) (err error) {
		o, err = seat.Allow(v.Context(), tx, v.Viewer, id, v.Now)
		return err
	})
}

func (s *Server) refuseRequest(v *Visit) error {
	return v.answerRequest(func() string { return "notice.signup_refused" }, func(tx *db.Tx, id int64) error {
		return seat.Refuse(v.Context(), tx, v.Viewer, id, v.FormValue("reason_"+idString(id)), v.Now)
	})
}

// setSignup decides whether the municipality's managers allow each sign-up.
func (s *Server) setSignup(v *Visit) error {
	p, err := v.findMunicipality()
	if err != nil {
		return err
	}
	if !p.manages {
		return fault.Forbidden
	}
	choice := v.FormValue("manager_approves")
	if choice != "yes" && choice != "no" {
		return fault.Invalid("manager_approves", "signup.choose_one")
	}
	err = v.Write(func(tx *db.Tx) error {
		return seat.SetManagerApproves(v.Context(), tx, v.Viewer, p.place.ID, choice == "yes", v.Now)
	})
	if err != nil {
		return err
	}
	return v.Redirect(p.path()+"#sign-up", "notice.signup_setting")
}

// signupForm is the municipality's setting, for those who manage its people.
func (p *municipalityPage) signupForm() templ.Component {
	if !p.manages {
		return nil
	}
	value := "no"
	if p.asks {
		value = "yes"
	}
	sheet := form(p.path()+"/sign-up", p.T("signup.setting_do"), nil, ui.Field{
		Input: ui.RadioInput, Name: "manager_approves", Label: p.T("signup.setting"), Value: value, Error: p.Wrong("manager_approves"),
		Options: []ui.Option{
			{Value: "no", Label: p.T("signup.setting_no"), Hint: p.T("signup.setting_no_hint")},
			{Value: "yes", Label: p.T("signup.setting_yes"), Hint: p.T("signup.setting_yes_hint")},
		},
	})
	sheet.Kind = ui.Secondary
	return section("sign-up", p.T("signup.setting_title"), sheet.View(p.Lang))
}
