package production

import (
	"errors"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/production"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// PlanNotice says of a municipality's plan that begins on the day that its course is not there: it comes still, comes
// no more, is withdrawn or ends. waits tells whether the course has had no edition. Of a course that can be taken it is
// nil.
func PlanNotice(v *visit.Visit, courseID int64, waits bool, from clock.Day) (templ.Component, error) {
	ends, err := lifetime.RetirementOf(v.Context(), v.Reader(), courseID)
	if err != nil {
		return nil, err
	}
	if ends != nil {
		return retirement.Ends(v, &ends.From, v.T("production.plan_retired_help")), nil
	}
	if !waits {
		stands, err := lifetime.Demanded(v.Context(), v.Reader(), courseID, v.Today)
		if err != nil || stands {
			return nil, err
		}
		return ui.Notice{Tone: ui.Caution, Title: v.T("production.plan_withdrawn"), Text: v.T("production.plan_withdrawn_help")}.View(v.Lang), nil
	}
	n := ui.Notice{Tone: ui.Info, Title: v.T("production.plan_comes"), Text: v.T("production.plan_waits_help")}
	p, err := production.OfCourse(v.Context(), v.Reader(), courseID)
	if errors.Is(err, fault.NotFound) {
		return n.View(v.Lang), nil
	}
	if err != nil {
		return nil, err
	}
	n.Action = &ui.Action{Label: v.T("production.see_plan"), Href: address.Planned(p.ID)}
	switch {
	case p.State == production.Dropped:
		n.Tone, n.Title, n.Text = ui.Caution, v.T("production.plan_dropped"), v.T("production.plan_dropped_help", "Reason", retirement.Sentence(p.Reason))
	case p.Month == nil:
	case p.Late(v.Today):
		n.Text = v.T("production.said_late", "Month", v.Lang.Month(*p.Month)) + ". " + v.T("production.plan_waits_help")
	case from < *p.Month:
		n.Tone, n.Text = ui.Caution, v.T("production.plan_before_help", "When", When(v, p.Plan))
	default:
		n.Text = v.T("production.plan_comes_help", "When", When(v, p.Plan))
	}
	return n.View(v.Lang), nil
}
