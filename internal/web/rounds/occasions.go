package rounds

import (
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/scheduling"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// occasionList is a municipality's own occasions, with what stands in the
// address.
type occasionList struct {
	*visit.Visit
	place   organisation.Organisation
	courses []catalogue.Course
	units   []organisation.Organisation
	filter  round.Filter
}

// Occasions is the list for those who plan in the municipality.
func Occasions(v *visit.Visit) error {
	m, err := v.LocalPlace()
	if err != nil {
		return err
	}
	l := occasionList{Visit: v, place: m}
	if l.courses, err = catalogue.AllCourses(v.Context(), v.Reader()); err != nil {
		return err
	}
	l.courses = slices.DeleteFunc(l.courses, func(c catalogue.Course) bool { return c.Days == 0 })
	if l.units, err = scheduling.PlannedUnits(v, m); err != nil {
		return err
	}
	l.read()
	page, err := round.Rounds(v.Context(), v.Reader(), v.Viewer, l.filter)
	if err != nil {
		return err
	}
	title := v.T("local.title")
	head := ui.PageHead{Title: title, Lead: v.T("local.lead", "Municipality", m.Name), Action: &ui.Action{Label: v.T("local.new"), Href: l.newPath()}}
	if access.PlanRollout(v.Viewer).Covers(m.Place()) {
		head.Others = append(head.Others, ui.Action{Label: v.T("local.plans"), Href: visit.MunicipalityPath(m, "plans"), Kind: ui.Secondary})
	}
	return v.Page(v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: title})...),
		head.View(v.Lang), l.tabs().View(v.Lang), l.choice(page.Total).View(v.Lang), l.table(page).View(v.Lang))
}

// newPath is where a new occasion is planned: of the course and the unit that the
// list is narrowed to.
func (l *occasionList) newPath() string {
	address := ui.Address{Path: visit.NewOccasionPath(l.place), Query: map[string][]string{}}
	for _, name := range []string{"course", "unit"} {
		if value := l.FormValue(name); value != "" {
			address.Query.Set(name, value)
		}
	}
	return address.With("page", "")
}

func (l *occasionList) read() {
	l.filter = round.Filter{
		LocalIn: l.place.ID, UnitID: l.NumberID("unit"), Today: l.Today, Sort: l.FormValue("sort"),
		Phase: round.Coming, Page: max(1, l.Number("page", 1)), PerPage: roundsPerPage,
	}
	for _, c := range l.courses {
		if c.Slug == l.FormValue("course") {
			l.filter.CourseID = c.ID
		}
	}
	if show := round.Phase(l.FormValue("show")); show == round.Past || show == round.CalledOff {
		l.filter.Phase = show
	}
	if l.filter.Sort == "" && l.filter.Phase != round.Coming {
		l.filter.Sort = "-day" // what was last is what one looks for
	}
}

func (l *occasionList) tabs() ui.Tabs {
	tabs := ui.Tabs{Label: l.T("round.tabs")}
	address := l.Address()
	address.Query.Del("sort")
	for _, phase := range []round.Phase{round.Coming, round.Past, round.CalledOff} {
		tabs.Items = append(tabs.Items, ui.Tab{
			Label: l.T("round.tab_" + string(phase)), Href: address.With("show", string(phase)), Current: phase == l.filter.Phase,
		})
	}
	return tabs
}

func (l *occasionList) choice(total int) ui.Filter {
	f := ui.Filter{Label: l.T("round.filter"), Action: l.URL.Path, Result: l.T("local.count", "Count", total)}
	for _, name := range []string{"show", "sort"} {
		if value := l.FormValue(name); value != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	course := ui.Field{
		Input: ui.SelectInput, Name: "course", Label: l.T("round.filter_course"), Value: l.FormValue("course"), Options: []ui.Option{{Label: l.T("round.all_courses")}},
	}
	for _, c := range l.courses {
		course.Options = append(course.Options, ui.Option{Value: c.Slug, Label: c.Title()})
	}
	f.Fields = []ui.Field{course}
	if len(l.units) > 1 {
		unit := ui.Field{
			Input: ui.SelectInput, Name: "unit", Label: l.T("local.by"), Value: visit.IDOrNone(l.filter.UnitID), Options: []ui.Option{{Label: l.T("local.by_all")}},
		}
		for _, u := range l.units {
			unit.Options = append(unit.Options, ui.Option{Value: visit.ID(u.ID), Label: u.Name})
		}
		f.Fields = append(f.Fields, unit)
	}
	if l.filter.CourseID+l.filter.UnitID != 0 {
		f.Clear = l.URL.Path
		if l.filter.Phase != round.Coming {
			f.Clear += "?show=" + string(l.filter.Phase)
		}
	}
	return f
}

func (l *occasionList) table(page round.Page) ui.Table {
	sorted := l.filter.Sort
	if sorted == "" {
		sorted = "day"
	}
	t := ui.Table{
		ID: "occasions", Caption: l.T("local.title"), QuietTitle: true, Dense: true, Address: l.Address(), Sorted: sorted,
		Columns: []ui.Column{
			{Label: l.T("round.course"), Key: "course"}, {Label: l.T("round.when"), Key: "day", Keep: true}, {Label: l.T("local.giver")},
			{Label: l.T("round.seats"), Numeric: true}, {Label: l.T("local.done"), Numeric: true}, {Label: l.T("round.status")},
		},
		Empty: l.empty(),
		Pager: &ui.Pager{Address: l.Address(), Page: ui.LastPage(l.filter.Page, page.Total, l.filter.PerPage), PerPage: l.filter.PerPage, Rows: page.Total},
	}
	for _, r := range page.Rounds {
		tag := statusTag(l.Visit, r)
		name := ui.Link(r.Course, visit.RoundPath(r.ID))
		if r.Label != r.Giver() {
			name.Note = r.Label
		}
		giver := r.Unit
		if r.UnitID == 0 {
			giver = l.T("local.whole_municipality", "Municipality", r.Municipality)
		}
		done := ""
		if r.LastDay <= l.Today {
			done = l.Lang.Number(int64(r.Approved))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			name, ui.Text(l.Lang.Days(r.FirstDay, r.LastDay)), ui.Text(giver), ui.Text(l.T("round.of", "Some", r.Seats, "All", r.Capacity)), ui.Text(done), {Tag: &tag},
		}})
	}
	return t
}

func (l *occasionList) empty() ui.Empty {
	switch {
	case l.filter.CourseID+l.filter.UnitID != 0:
		return ui.Empty{
			Picture: ui.PictureSearch, Title: l.T("round.none_found"), Text: l.T("round.none_found_help"),
			Action: &ui.Action{Label: l.T("local.show_all"), Href: l.URL.Path, Kind: ui.Secondary},
		}
	case l.filter.Phase == round.Past:
		return ui.Empty{Picture: ui.PictureCalendar, Title: l.T("local.none_past"), Text: l.T("local.none_past_help")}
	case l.filter.Phase == round.CalledOff:
		return ui.Empty{Picture: ui.PictureCalendar, Title: l.T("local.none_cancelled"), Text: l.T("local.none_cancelled_help")}
	}
	return ui.Empty{
		Picture: ui.PictureCalendar, Title: l.T("local.none_coming"), Text: l.T("local.none_coming_help"),
		Action: &ui.Action{Label: l.T("local.new"), Href: l.newPath()},
	}
}

// localStatus is where a local round stands, in words of its own: it needs no
// confirmation, and nobody approves it.
func localStatus(v *visit.Visit, r round.Round) ui.Tag {
	switch status := r.Status(v.Today); {
	case status == round.Cancelled || status == round.Planned:
		return ui.Tag{Word: v.T(status.Key()), Tone: map[bool]ui.Tone{true: ui.Negative}[status == round.Cancelled]}
	case status == round.Approved:
		return ui.Tag{Word: v.T("local.status_done"), Tone: ui.Positive}
	case status == round.Held:
		return ui.Tag{Word: v.T(round.Held.Key()), Tone: ui.Info}
	case r.FirstDay > v.Today:
		return ui.Tag{Word: v.T("local.status_coming"), Tone: ui.Positive}
	case r.LastDay >= v.Today:
		return ui.Tag{Word: v.T("local.status_now"), Tone: ui.Info}
	}
	return ui.Tag{Word: v.T("local.status_unmarked"), Tone: ui.Caution}
}
