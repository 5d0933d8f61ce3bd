package production

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/production"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

const perPage = 60

// List is the plan: what comes, and what came or was dropped.
func List(v *visit.Visit) error {
	all, err := production.List(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	makes := access.ManageCourses(v.Viewer)
	head := ui.PageHead{Title: v.T("production.title"), Lead: v.T("production.lead")}
	var empty *ui.Action
	if makes {
		add := ui.Action{Label: v.T("production.new"), Href: address.Below(address.Production, "new")}
		head.Action, empty = &add, &add
	}
	table := func(id string, open bool) ui.Table {
		t := ui.Table{
			ID: id, Caption: v.T("production." + id), Dense: true,
			Columns: []ui.Column{
				{Label: v.T("production.course")}, {Label: v.T("production.belongs")}, {Label: v.T("production.state")},
				{Label: v.T("production.expected"), Keep: true}, {Label: v.T("production.last_change")},
			},
			Empty: ui.Empty{Picture: ui.PicturePath, Title: v.T("production.none"), Text: v.T("production.none_help"), Action: empty},
		}
		if !open {
			t.Columns[3].Label = v.T("production.when")
			t.Empty = ui.Empty{Title: v.T("production.none_before"), Text: v.T("production.none_before_help")}
		}
		var some []production.Planned
		for _, p := range all {
			if p.Open() == open {
				some = append(some, p)
			}
		}
		if !open {
			some, t.Pager = visit.Paged(v, some, v.PerPage(perPage))
		}
		for _, p := range some {
			t.Rows = append(t.Rows, ui.Row{Cells: row(v, p)})
		}
		return t
	}
	return v.Page(v.Frame(head.Title, ui.Crumb{Label: head.Title}), head.View(v.Lang),
		v.Take(table("coming", true), address.Production), v.Take(table("before", false), address.Production))
}

func row(v *visit.Visit, p production.Planned) []ui.Cell {
	name := ui.Link(p.Name, address.Planned(p.ID))
	if p.Renews {
		name.Note = v.T("production.renews")
	}
	tag := state(v, p)
	status := ui.Cell{Tag: &tag}
	if p.Open() {
		status.Note = retirement.Since(v, p.RetiredFrom)
	}
	return []ui.Cell{name, ui.Text(belongs(p)), status, expected(v, p), {Text: v.Lang.TinyDay(p.ChangedAt.Day()), Note: p.Reason}}
}

// planned is the one in the address.
func planned(v *visit.Visit) (production.Planned, error) {
	id, err := v.ID("planned")
	if err != nil {
		return production.Planned{}, err
	}
	return production.Get(v.Context(), v.Reader(), v.Viewer, id)
}

func crumbs(v *visit.Visit, more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: v.T("production.title"), Href: address.Production}}, more...)
}

// Show is one, with what has changed and why.
func Show(v *visit.Visit) error {
	p, err := planned(v)
	if err != nil {
		return err
	}
	changes, err := production.Changes(v.Context(), v.Reader(), v.Viewer, p.ID)
	if err != nil {
		return err
	}
	tag := state(v, p)
	head := ui.PageHead{Title: p.Name, Tag: &tag, Lead: v.T("production.belongs_to", "Place", belongs(p))}
	if p.Renews {
		head.Lead = v.T("production.renews") + ". " + head.Lead
	}
	makes := access.ManageCourses(v.Viewer)
	if makes && p.State != production.Out {
		head.Action = &ui.Action{Label: v.T("production.change"), Href: address.Planned(p.ID, "edit")}
	}
	if p.CourseID != 0 {
		head.Others = append(head.Others, ui.Action{Label: v.T("production.to_course"), Href: visit.CoursePath(p.CourseSlug), Kind: ui.Secondary})
		if makes {
			head.Others = append(head.Others, ui.Action{Label: v.T("production.to_workshop"), Href: address.Below(visit.WorkshopsPath, p.CourseSlug), Kind: ui.Secondary})
		}
	}
	if m, ok := v.Server.Country[v.Office().Grant.MunicipalityID]; ok && p.Comes() && p.CourseID != 0 && access.PlanRollout(v.Viewer).Covers(m.Place()) {
		head.Action = &ui.Action{Label: v.T("production.make_rollout", "Municipality", m.Name), Href: visit.MunicipalityPath(m, "plans/new") + "?course=" + p.CourseSlug}
	}
	stands := true // what is out may have been withdrawn since
	if p.State == production.Out {
		if stands, err = lifetime.Demanded(v.Context(), v.Reader(), p.CourseID, v.Today); err != nil {
			return err
		}
	}
	f := v.Frame(p.Name, crumbs(v, ui.Crumb{Label: p.Name})...)
	return v.Page(f, ui.Parts(head.View(v.Lang), said(v, p, stands), history(v, changes))...)
}

// said says in a sentence when it comes, or what became of it; stands tells of a course that is out whether it can be taken.
func said(v *visit.Visit, p production.Planned, stands bool) templ.Component {
	n := ui.Notice{Tone: ui.Info, Title: v.T("production.said_no_month"), Text: v.T("production.said_open")}
	switch {
	case p.State == production.Out && p.PublishedOn != nil && p.RetiredFrom != nil:
		n = ui.Notice{Tone: ui.Caution, Title: retirement.Since(v, p.RetiredFrom), Text: v.T("production.was_out", "Day", *p.PublishedOn)}
	case p.State == production.Out && p.PublishedOn != nil && !stands:
		n = ui.Notice{Tone: ui.Caution, Title: v.T("production.plan_withdrawn"), Text: v.T("production.was_out_withdrawn", "Day", *p.PublishedOn)}
	case p.State == production.Out && p.PublishedOn != nil:
		n = ui.Notice{Tone: ui.Positive, Title: v.T("production.said_out", "Day", *p.PublishedOn), Text: v.T("production.said_out_help")}
	case p.State == production.Dropped:
		n = ui.Notice{Tone: ui.Caution, Title: v.T("production.said_dropped"), Text: p.Reason}
	case p.RetiredFrom != nil:
		n = ui.Notice{Tone: ui.Caution, Title: retirement.Since(v, p.RetiredFrom), Text: v.T("production.said_retired")}
		if access.ManageCourses(v.Viewer) {
			n.Text += " " + v.T("production.strike")
		}
	case p.Late(v.Today):
		n.Title = v.T("production.said_late", "Month", v.Lang.Month(*p.Month))
	case p.Month != nil:
		n.Title = v.T("production.said_comes", "When", When(v, p.Plan))
	}
	if n.Text == v.T("production.said_open") && p.CourseID == 0 && access.ManageCourses(v.Viewer) {
		n.Text = v.T("production.said_tie")
	}
	return n.View(v.Lang)
}

// history is what was planned when, and why it changed.
func history(v *visit.Visit, changes []production.History) templ.Component {
	t := ui.Table{
		ID: "changes", Caption: v.T("production.changes"), Dense: true,
		Columns: []ui.Column{{Label: v.T("production.when"), Keep: true}, {Label: v.T("production.state")}, {Label: v.T("production.expected"), Keep: true}, {Label: v.T("production.why")}},
	}
	for _, h := range changes {
		month := ui.Text(v.T("production.no_month"))
		switch {
		case h.State == production.Out:
			month = ui.Text("")
		case h.Month != nil:
			month = ui.Cell{Text: v.Lang.Month(*h.Month), Note: v.T(h.Surety.Key())}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.Lang.TinyDay(h.At.Day()), Note: h.By}, ui.Text(v.T(h.State.Key())), month, ui.Text(h.Reason)}})
	}
	return v.Table(t)
}

// monthsAhead is how far ahead a month can be chosen.
const monthsAhead = 48

const monthForm = "2006-01"

// fields ask what comes, where it will belong, how far it has come and when it is expected.
func fields(v *visit.Visit, p production.Planned) ([]ui.Field, error) {
	ctx, q := v.Context(), v.Reader()
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return nil, err
	}
	places := []ui.Option{{Label: v.T("production.choose")}}
	for _, j := range journeys {
		steps, err := catalogue.Steps(ctx, q, j.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			places = append(places, ui.Option{Value: visit.ID(j.ID) + "/" + visit.ID(s.ID), Label: j.Name + ": " + s.Name})
		}
		places = append(places, ui.Option{Value: visit.ID(j.ID) + "/0", Label: v.T("production.no_step", "Journey", j.Name)})
	}
	all, err := catalogue.CoursesOn(ctx, q, v.Today)
	if err != nil {
		return nil, err
	}
	courses := []ui.Option{{Label: v.T("production.no_course")}}
	for _, c := range all {
		courses = append(courses, ui.Option{Value: visit.ID(c.ID), Label: c.Title()})
	}
	course, place, month := "", "", ""
	if p.CourseID != 0 {
		course = visit.ID(p.CourseID)
		if !slices.ContainsFunc(courses, func(o ui.Option) bool { return o.Value == course }) { // retired since
			courses = append(courses, ui.Option{Value: course, Label: p.Name})
		}
	}
	if p.JourneyID != 0 {
		place = visit.ID(p.JourneyID) + "/" + visit.ID(p.StepID)
	}
	y, m, _ := v.Today.Date()
	first := clock.Date(y, m, 1)
	months := []ui.Option{{Label: v.T("production.no_month")}}
	if p.Month != nil {
		month = p.Month.Time().Format(monthForm)
		if *p.Month < first {
			months = append(months, ui.Option{Value: month, Label: v.Lang.Month(*p.Month)})
		}
	}
	for i := range monthsAhead {
		d := first.AddDate(0, i, 0)
		months = append(months, ui.Option{Value: d.Time().Format(monthForm), Label: v.Lang.Month(d)})
	}
	var states, sureties []ui.Option
	for _, s := range production.States {
		states = append(states, ui.Option{Value: string(s), Label: v.T(s.Key()), Hint: v.T(s.Key() + "_help")})
	}
	for _, s := range production.Sureties {
		sureties = append(sureties, ui.Option{Value: string(s), Label: v.T(s.Key())})
	}
	return []ui.Field{
		{Input: ui.SelectInput, Name: "course", Label: v.T("production.in_catalogue"), Hint: v.T("production.in_catalogue_hint"), Value: v.Typed("course", course), Options: courses, Error: v.Wrong("course"), Optional: true},
		{Name: "name", Label: v.T("production.name"), Hint: v.T("production.name_hint"), Value: v.Typed("name", p.Name), Error: v.Wrong("name"), Autocomplete: "off"},
		{Input: ui.SelectInput, Name: "place", Label: v.T("production.belongs"), Value: v.Typed("place", place), Options: places, Error: v.Wrong("place")},
		{Input: ui.RadioInput, Name: "state", Label: v.T("production.state"), Value: v.Typed("state", string(p.State)), Options: states, Error: v.Wrong("state")},
		{Input: ui.SelectInput, Name: "month", Label: v.T("production.expected"), Value: v.Typed("month", month), Options: months, Error: v.Wrong("month"), Optional: true},
		{Input: ui.RadioInput, Name: "surety", Label: v.T("production.surety"), Hint: v.T("production.surety_hint"), Value: v.Typed("surety", string(p.Surety)), Options: sureties, Error: v.Wrong("surety"), Optional: true},
	}, nil
}

// typed reads the fields of fields.
func typed(v *visit.Visit) production.New {
	n := production.New{
		Plan: production.Plan{State: production.State(v.FormValue("state")), Surety: production.Surety(v.FormValue("surety"))},
		Name: v.FormValue("name"), CourseID: v.NumberID("course"), Reason: v.FormValue("reason"),
	}
	journey, step, _ := strings.Cut(v.FormValue("place"), "/")
	n.JourneyID, _ = strconv.ParseInt(journey, 10, 64) // what is no number is no journey
	n.StepID, _ = strconv.ParseInt(step, 10, 64)
	if month, err := clock.ParseDay(v.FormValue("month") + "-01"); err == nil {
		n.Month = &month
	}
	return n
}

// New is the form that plans a course.
func New(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	all, err := fields(v, production.Planned{Plan: production.Plan{State: production.Idea, Surety: production.Unsure}, CourseID: v.NumberID("course")})
	if err != nil {
		return err
	}
	return form(v, v.T("production.new"), address.Production, address.Production, v.T("production.make"), nil, all)
}

func form(v *visit.Visit, title, action, back, button string, hidden []ui.Hidden, all []ui.Field) error {
	v.NameErrors(visit.Labelled(all...))
	sheet := ui.Form(action, button, hidden, all...)
	sheet.Cancel = back
	f := v.Frame(title, crumbs(v, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("production.form_lead")}.View(v.Lang), sheet.View(v.Lang))
}

// Make plans a course.
func Make(v *visit.Visit) error {
	var id int64
	if err := v.Write(func(tx *db.Tx) (err error) {
		id, err = production.Add(v.Context(), tx, v.Viewer, typed(v), v.Now)
		return err
	}); err != nil {
		return err
	}
	return v.Redirect(address.Planned(id), "notice.planned_made")
}

// Edit is the form that changes one, with the reason.
func Edit(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	p, err := planned(v)
	if err != nil {
		return err
	}
	if p.State == production.Out {
		return fault.Conflict("production.is_out")
	}
	all, err := fields(v, p)
	if err != nil {
		return err
	}
	all = append(all, ui.Field{Input: ui.TextareaInput, Name: "reason", Label: v.T("production.reason"), Hint: v.T("production.reason_hint"), Value: v.Typed("reason", ""), Error: v.Wrong("reason")})
	version := []ui.Hidden{{Name: "version", Value: v.Typed("version", strconv.Itoa(p.Version))}}
	return form(v, v.T("production.change_of", "Course", p.Name), address.Planned(p.ID, "edit"), address.Planned(p.ID), v.T("production.save"), version, all)
}

// Change changes one.
func Change(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	p, err := planned(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return production.Change(v.Context(), tx, v.Viewer, p.ID, v.Number("version", -1), typed(v), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(address.Planned(p.ID), "notice.planned_changed")
}
