package production

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// Advice is the form that says what a course recommends before a unit starts with it.
func Advice(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	a, err := rollout.AdviceOf(v.Context(), v.Reader(), course.ID)
	if err != nil {
		return err
	}
	all, err := catalogue.CoursesOn(v.Context(), v.Reader(), v.Today)
	if err != nil {
		return err
	}
	options := []ui.Option{{Label: v.T("launch.no_course")}}
	for _, c := range all {
		if c.ForManagers() && c.ID != course.ID {
			options = append(options, ui.Option{Value: visit.ID(c.ID), Label: c.Title()})
		}
	}
	leader, meeting := "", ""
	if a.LeaderID != 0 {
		leader = visit.ID(a.LeaderID)
	}
	if a.Meeting {
		meeting = "on"
	}
	fields := []ui.Field{
		{Input: ui.SelectInput, Name: "leader", Label: v.T("launch.leader"), Hint: v.T("launch.leader_hint"), Value: v.Typed("leader", leader), Options: options, Error: v.Wrong("leader"), Optional: true},
		{Input: ui.CheckInput, Name: "meeting", Label: v.T("launch.meeting"), Value: v.Typed("meeting", meeting), Error: v.Wrong("meeting")},
	}
	v.NameErrors(visit.Labelled(fields...))
	form := ui.Form(visit.WorkshopPath(course, "launch"), v.T("launch.save"), []ui.Hidden{{Name: "version", Value: strconv.Itoa(a.Version)}}, fields...)
	form.Cancel = visit.WorkshopPath(course)
	title := v.T("launch.title")
	f := v.Frame(title+" – "+course.Title(), ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: course.Title(), Href: visit.WorkshopPath(course)}, ui.Crumb{Label: title})
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("launch.lead")}.View(v.Lang), form.View(v.Lang))
}

// Advise says it.
func Advise(v *visit.Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return err
	}
	version := v.Number("version", -1)
	if version < 0 {
		return fault.Invalid("leader", "launch.leader_wrong")
	}
	a := rollout.Advice{LeaderID: v.NumberID("leader"), Meeting: v.FormValue("meeting") == "on", Version: version}
	if err := v.Write(func(tx *db.Tx) error { return rollout.Advise(v.Context(), tx, v.Viewer, course.ID, a, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.WorkshopPath(course), "notice.launch_advised")
}

// BeforeStart is what a plan's course recommends before its units start, unit by unit, for who plans with the form
// that notes a meeting. Of a course that recommends nothing it is nil.
func BeforeStart(v *visit.Visit, plan rollout.Plan, writes bool) (templ.Component, error) {
	a, err := rollout.AdviceOf(v.Context(), v.Reader(), plan.CourseID)
	if err != nil || a.None() {
		return nil, err
	}
	starts, err := rollout.Starts(v.Context(), v.Reader(), v.Viewer, plan, a, v.Today)
	if err != nil {
		return nil, err
	}
	t := ui.Table{
		ID: "start", Caption: v.T("launch.before"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.unit")}, {Label: v.T("rollout.plan.starts"), Keep: true}},
	}
	if a.LeaderID != 0 {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("launch.leaders")})
	}
	if a.Meeting {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("launch.meeting_short"), Keep: true})
	}
	lacking := map[int64]bool{} // who leads several units is one
	unready := 0
	for _, s := range starts {
		cells := []ui.Cell{ui.Text(s.Name), ui.Text(v.Lang.TinyDay(s.StartsOn))}
		if a.LeaderID != 0 {
			cells = append(cells, leaders(v, plan, s))
		}
		if a.Meeting {
			met := ui.Status(v.T("launch.no_meeting"), ui.Plain)
			if s.Meeting != nil {
				met = ui.Text(v.Lang.TinyDay(*s.Meeting))
			}
			cells = append(cells, met)
		}
		for _, l := range s.Lacking() {
			lacking[l.PersonID] = true
		}
		if !s.Ready(a) {
			unready++
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	parts := []templ.Component{ui.Paragraph(recommends(v, a))}
	if unready > 0 && plan.EndedAt == nil {
		asks, err := ask(v, a, unready, len(lacking))
		if err != nil {
			return nil, err
		}
		parts = append(parts, asks)
	}
	parts = append(parts, t.View(v.Lang))
	if writes && a.Meeting && plan.EndedAt == nil {
		parts = append(parts, meeting(v, plan, starts))
	}
	return ui.Section("before-start", v.T("launch.before"), parts...), nil
}

func recommends(v *visit.Visit, a rollout.Advice) string {
	switch {
	case a.LeaderID == 0:
		return v.T("launch.says_meeting")
	case !a.Meeting:
		return v.T("launch.says_leader", "Course", a.Leader)
	}
	return v.T("launch.says_both", "Course", a.Leader)
}

// leaders are who leads the unit, each with whether they have the course, for those who may know.
func leaders(v *visit.Visit, plan rollout.Plan, s rollout.Start) ui.Cell {
	lacking := s.Lacking()
	switch {
	case !s.Led:
		return nobody(v, "launch.no_leader", access.Place{RegionID: plan.RegionID, MunicipalityID: plan.MunicipalityID, UnitID: s.ID})
	case len(lacking) == 0 && s.Hidden:
		return ui.Text(v.T("launch.hidden"))
	case len(lacking) == 0:
		return ui.Status(v.T("launch.all_have"), ui.Positive)
	}
	names := make([]string, 0, len(lacking))
	for _, l := range lacking {
		names = append(names, l.Name)
	}
	return ui.Cell{Tag: &ui.Tag{Word: v.T("launch.lack", "Count", len(lacking)), Tone: ui.Caution}, Note: strings.Join(names, ", ")}
}

// nobody says that nobody leads the unit, with a way to its people for who may name somebody: the role is given there.
func nobody(v *visit.Visit, words string, unit access.Place) ui.Cell {
	cell := ui.Status(v.T(words), ui.Caution)
	if access.GrantRole(v.Viewer, access.Manager).Covers(unit) {
		cell = ui.Cell{Text: v.T(words), Note: v.T("launch.name_leader"), Href: visit.PeoplePath + "?municipality=" + visit.ID(unit.MunicipalityID) + "&unit=" + visit.ID(unit.UnitID)}
	}
	return cell
}

// ask says what is not done, and offers the next round of the course for leaders.
func ask(v *visit.Visit, a rollout.Advice, unready, lacking int) (templ.Component, error) {
	n := ui.Notice{Tone: ui.Info, Title: v.T("launch.ask", "Count", unready), Text: v.T("launch.ask_help")}
	if a.LeaderID == 0 || lacking == 0 {
		return n.View(v.Lang), nil
	}
	n.Text = v.T("launch.ask_leaders", "Count", lacking, "Course", a.Leader) + " " + n.Text
	n.Action = &ui.Action{Label: v.T("launch.no_round", "Course", a.Leader), Href: visit.CoursePath(a.LeaderSlug)}
	rounds, err := planning.RoundsAhead(v.Context(), v.Reader(), v.Viewer, []int64{a.LeaderID}, v.Today, 5)
	if err != nil {
		return nil, err
	}
	for i := len(rounds) - 1; i >= 0; i-- { // the first that can be booked, else the first
		if r := rounds[i]; i == 0 && n.Action.Href == visit.CoursePath(a.LeaderSlug) || r.Bookable(v.Today) {
			n.Action = &ui.Action{Label: v.T("launch.round", "Course", a.Leader, "Days", v.Lang.Days(r.FirstDay, r.LastDay)), Href: visit.RoundPath(r.ID)}
		}
	}
	return n.View(v.Lang), nil
}

// meeting is the form that notes when a unit had its meeting.
func meeting(v *visit.Visit, plan rollout.Plan, starts []rollout.Start) templ.Component {
	units := []ui.Option{{Label: v.T("launch.choose_unit")}}
	for _, s := range starts {
		units = append(units, ui.Option{Value: visit.ID(s.ID), Label: s.Name})
	}
	form := ui.Form(visit.PlanPath(plan.ID, "meetings"), v.T("launch.note_meeting"), nil,
		ui.Field{Input: ui.SelectInput, Name: "unit", Label: v.T("people.unit"), Value: v.FormValue("unit"), Options: units, Error: v.Wrong("unit")},
		ui.Field{Input: ui.DateInput, Name: "held", Label: v.T("launch.held"), Hint: v.T("launch.held_hint"), Value: v.FormValue("held"), Error: v.Wrong("held"), Optional: true})
	if v.SentTo("meetings") {
		return templ.Join(ui.Section("note-meeting", v.T("launch.note_meeting"), form.View(v.Lang)))
	}
	return ui.Fold(v.T("launch.note_meeting"), form.View(v.Lang))
}

// Meet notes it.
func Meet(v *visit.Visit) error {
	id, err := v.ID("plan")
	if err != nil {
		return err
	}
	var checks fault.Checks
	unit := v.NumberID("unit")
	var held *clock.Day
	if v.FormValue("held") != "" {
		day := v.FormDay(&checks, "held")
		held = &day
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return rollout.Meet(v.Context(), tx, v.Viewer, id, unit, held, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.PlanPath(id)+"#before-start", "notice.meeting_noted")
}

// Starts are the units of a region that have started without what their courses recommend.
func Starts(v *visit.Visit) error {
	region, err := v.Region()
	if err != nil {
		return err
	}
	all, err := rollout.BegunWithout(v.Context(), v.Reader(), v.Viewer, region, v.Today)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: v.T("launch.starts"), Lead: v.T("launch.starts_lead")}
	t := ui.Table{
		ID: "starts", Caption: head.Title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: v.T("people.municipality")}, {Label: v.T("people.unit")}, {Label: v.T("round.course")}, {Label: v.T("launch.started"), Keep: true},
			{Label: v.T("launch.leaders")}, {Label: v.T("launch.meeting_short")},
		},
		Empty: ui.Empty{Picture: ui.PicturePeople, Title: v.T("launch.none_without"), Text: v.T("launch.none_without_help")},
	}
	all, t.Pager = visit.Paged(v, all, v.PerPage(perPage))
	for _, w := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(w.Municipality.Name, visit.MunicipalityPath(w.Municipality, "plans")), ui.Text(w.Unit), ui.Text(w.Course), ui.Text(v.Lang.TinyDay(w.StartedOn)), led(v, region, w), met(v, w),
		}})
	}
	return v.Page(v.Frame(head.Title, v.CrumbsOf(region, ui.Crumb{Label: head.Title})...), head.View(v.Lang), v.Take(t, address.RegionStarts(region.Slug)))
}

// led is who led a unit when it started, and how many of them had the course, for those who may know.
func led(v *visit.Visit, region organisation.Organisation, w rollout.Without) ui.Cell {
	switch {
	case !w.AsksLeader:
		return ui.Text(v.T("launch.not_asked"))
	case !w.Led && w.LedNow:
		return ui.Status(v.T("launch.no_leader_then"), ui.Caution)
	case !w.Led:
		return nobody(v, "launch.no_leader", access.Place{RegionID: region.ID, MunicipalityID: w.Municipality.ID, UnitID: w.UnitID})
	case w.Lacking > 0:
		return ui.Status(v.T("launch.lack_of", "Count", w.Lacking, "All", w.Leaders), ui.Caution)
	case w.Hidden:
		return ui.Text(v.T("launch.hidden"))
	}
	return ui.Text(v.T("launch.all_had"))
}

// met is whether a unit had its meeting before it started.
func met(v *visit.Visit, w rollout.Without) ui.Cell {
	switch {
	case !w.AsksMeeting:
		return ui.Text(v.T("launch.not_asked"))
	case w.LacksMeeting:
		return ui.Status(v.T("launch.no_meeting_then"), ui.Caution)
	}
	return ui.Text(v.T("launch.met"))
}
