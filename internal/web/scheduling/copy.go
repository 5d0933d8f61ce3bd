package scheduling

import (
	"strings"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// copyPlan is the form of a copy whose first day is the given one.
func copyPlan(v *visit.Visit, d round.Detail, first clock.Day) (*PlanForm, error) {
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), d.CourseID)
	if err != nil {
		return nil, err
	}
	p := &PlanForm{
		Visit: v, region: v.Server.Country[d.RegionID], course: course, copied: d.ID,
		title: v.T("plan.copy_of", "Course", d.Course, "Label", d.Label), lead: v.T("plan.copy_lead"),
		action: visit.RoundPath(d.ID, "copy") + "?first=" + first.String(), back: visit.RoundPath(d.ID), button: v.T("plan.save_new"), host: d.Host,
	}
	n := planning.Copied(d, first)
	if d.Label == planning.UsualLabel(d.FirstDay) {
		n.Label = planning.UsualLabel(first)
	}
	p.edited = &d // its trainers may be chosen though they have left the teams
	if err := p.read(); err != nil {
		return nil, err
	}
	p.edited = nil
	p.take(n)
	return p, nil
}

// Copy asks for the first day, then shows the whole plan moved to it.
func Copy(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	text := strings.TrimSpace(v.URL.Query().Get("first"))
	first, err := clock.ParseDay(text)
	if err == nil && (first.Year() < 2000 || first.Year() > 2100) {
		err = fault.Invalid("first", "fault.day")
	}
	if err != nil {
		return askFirstDay(v, d, text)
	}
	p, err := copyPlan(v, d, first)
	if err != nil {
		return err
	}
	return p.page()
}

func askFirstDay(v *visit.Visit, d round.Detail, text string) error {
	title := v.T("plan.copy_of", "Course", d.Course, "Label", d.Label)
	f := v.Frame(title, v.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: visit.RoundPath(d.ID)})...)
	f.Reading = true
	if text != "" { // the address holds no day
		v.Refused = fault.Invalid("first", "fault.day")
		v.Errs = ui.ErrorsOf(v.Lang, v.Refused)
	}
	first := ui.Field{
		Input: ui.DateInput, Name: "first", Label: v.T("plan.first_day"), Value: text, Error: v.Wrong("first"),
		Hint: v.T("plan.first_day_hint", "Day", v.Lang.ShortDay(d.FirstDay), "Count", d.Days),
	}
	if text == "" {
		first.Value = (d.FirstDay + 26*7).String() // half a year on, the same weekday
	}
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("plan.copy_lead")}.View(v.Lang),
		ui.Ask(v.Lang, visit.RoundPath(d.ID, "copy"), v.T("plan.go_on"), first))
}

func PlanCopy(v *visit.Visit) error {
	d, err := v.ManagedRound()
	if err != nil {
		return err
	}
	first, err := clock.ParseDay(v.URL.Query().Get("first"))
	if err != nil {
		return fault.Invalid("first", "fault.day")
	}
	p, err := copyPlan(v, d, first)
	if err != nil {
		return err
	}
	id, err := p.send(func(tx *db.Tx, n planning.New) (int64, error) {
		if d.Local() {
			return planning.PlanLocal(v.Context(), tx, v.Viewer, n, nil, v.Now)
		}
		return planning.Plan(v.Context(), tx, v.Viewer, n, v.Now)
	})
	if err != nil {
		return err
	}
	return p.saved(id, "notice.round_copied")
}
