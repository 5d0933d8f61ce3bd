package scheduling

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// chosenDeliveries are the ways among which a region chooses for a course.
var chosenDeliveries = []catalogue.Delivery{catalogue.Regional, catalogue.National, catalogue.Web, catalogue.Municipal, catalogue.Workplace}

// Deliveries are how the region gives its courses, which it chooses from a day on.
func Deliveries(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	given, err := planning.GivenIn(v.Context(), v.Reader(), v.Viewer, region.ID, v.Today)
	if err != nil {
		return err
	}
	title := v.T("plan.delivery_title")
	how := func(d catalogue.Delivery) string {
		if d == "" {
			return ""
		}
		return v.T("round.delivery_" + string(d))
	}
	t := ui.Table{
		ID: "deliveries", Caption: title, QuietTitle: true, Dense: true, Note: v.T("plan.delivery_note", "Day", v.Today),
		Columns: []ui.Column{{Label: v.T("round.course")}, {Label: v.T("plan.delivery_usual")}, {Label: v.T("plan.delivery_now", "Region", region.Name)}, {Label: v.T("plan.delivery_next")}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: v.T("plan.delivery_none")},
	}
	courses := []ui.Option{{Label: v.T("plan.which_course")}}
	for _, g := range given {
		now, next := ui.Text(how(g.Now)), ui.Text("")
		if g.Now != g.Usual {
			now = ui.Status(how(g.Now), ui.Info)
		}
		if g.NextOn != nil {
			next = ui.Text(v.T("plan.delivery_from", "How", how(g.Next), "Day", *g.NextOn))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(g.Course.Title(), visit.CoursePath(g.Course.Slug)), ui.Text(how(g.Usual)), now, next}})
		courses = append(courses, ui.Option{Value: visit.ID(g.Course.ID), Label: g.Course.Title()})
	}
	ways := make([]ui.Option, len(chosenDeliveries))
	for i, d := range chosenDeliveries {
		ways[i] = ui.Option{Value: string(d), Label: how(d)}
	}
	form := ui.Form(visit.RegionPath(region, "deliveries"), v.T("plan.delivery_save"), nil,
		ui.Field{Input: ui.SelectInput, Name: "course", Label: v.T("round.course"), Options: courses, Value: v.Typed("course", ""), Error: v.Wrong("course")},
		ui.Field{Input: ui.RadioInput, Name: "delivery", Label: v.T("round.delivery"), Options: ways, Value: v.Typed("delivery", ""), Error: v.Wrong("delivery")},
		ui.Field{Input: ui.DateInput, Name: "from", Label: v.T("plan.delivery_since"), Hint: v.T("plan.delivery_hint"), Value: v.Typed("from", v.Today.String()), Error: v.Wrong("from")},
	)
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("plan.title"), Href: visit.RegionPath(region, "plan")}, ui.Crumb{Label: title})...)
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("plan.delivery_lead", "Region", region.Name)}.View(v.Lang),
		t.View(v.Lang), ui.Section("choose", v.T("plan.delivery_choose"), form.View(v.Lang)))
}

// Deliver chooses how the region gives a course from a day on.
func Deliver(v *visit.Visit) error {
	region, err := v.ManagedRegion()
	if err != nil {
		return err
	}
	var checks fault.Checks
	course, from := v.NumberID("course"), v.FormDay(&checks, "from")
	checks.Require(course != 0, "course", "round.course_missing")
	if err := checks.Err(); err != nil {
		return err
	}
	if _, err := catalogue.CourseByID(v.Context(), v.Reader(), course); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return catalogue.Choose(v.Context(), tx, v.Viewer, region.ID, course, catalogue.Delivery(v.FormValue("delivery")), from, v.Today)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.RegionPath(region, "deliveries"), "notice.delivery_chosen")
}
