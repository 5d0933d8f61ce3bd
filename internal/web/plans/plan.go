package plans

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/web/municipal"
	"yrkesresan/internal/web/production"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

// List are a municipality's plans for how its staff take courses.
func List(v *visit.Visit) error {
	m, err := municipal.PlanningPlace(v)
	if err != nil {
		return err
	}
	all, err := rollout.Plans(v.Context(), v.Reader(), v.Viewer, m)
	if err != nil {
		return err
	}
	title := v.T("rollout.plan.title")
	make := ui.Action{Label: v.T("rollout.plan.new"), Href: visit.MunicipalityPath(m, "plans/new")}
	t := ui.Table{
		Caption: title, QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("rollout.plan.name")}, {Label: v.T("round.course")}, {Label: v.T("rollout.plan.time"), Keep: true}, {Label: v.T("round.status")}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: v.T("rollout.plan.none"), Text: v.T("rollout.plan.none_help"), Action: &make},
	}
	for _, p := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(p.Name, visit.PlanPath(p.ID)), ui.Text(p.Course), ui.Text(v.Lang.Days(p.From, p.Until)), {Tag: ptr(planStatus(v, p))},
		}})
	}
	head := ui.PageHead{Title: title, Lead: v.T("rollout.plan.lead", "Municipality", m.Name)}
	if len(all) > 0 {
		head.Action = &make
	}
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("coverage.title"), Href: visit.MunicipalityPath(m, "courses")}, ui.Crumb{Label: title})...)
	return v.Page(f, head.View(v.Lang), t.View(v.Lang))
}

func ptr[T any](t T) *T { return &t }

func planStatus(v *visit.Visit, p rollout.Plan) ui.Tag {
	switch {
	case p.EndedAt != nil:
		return ui.Tag{Word: v.T("rollout.plan.status_ended"), Tone: ui.Plain}
	case p.Waits:
		return ui.Tag{Word: v.T("rollout.plan.status_waits"), Tone: ui.Info}
	case v.Today < p.From:
		return ui.Tag{Word: v.T("rollout.plan.status_coming"), Tone: ui.Info}
	case v.Today > p.Until:
		return ui.Tag{Word: v.T("rollout.plan.status_over"), Tone: ui.Caution}
	}
	return ui.Tag{Word: v.T("rollout.plan.status_running"), Tone: ui.Positive}
}

var errNoCourse = errors.New("no course is chosen")

// findPlan is the plan in the address; write tells that the visitor is to
// change it.
func findPlan(v *visit.Visit, write bool) (rollout.Plan, organisation.Organisation, error) {
	id, err := v.ID("plan")
	if err != nil {
		return rollout.Plan{}, organisation.Organisation{}, err
	}
	p, err := rollout.Get(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return p, organisation.Organisation{}, err
	}
	m, err := organisation.ByID(v.Context(), v.Reader(), p.MunicipalityID)
	if err == nil && write && !access.PlanRollout(v.Viewer).Covers(m.Place()) {
		err = fault.NotFound
	}
	return p, m, err
}

// End ends a plan.
func End(v *visit.Visit) error {
	p, _, err := findPlan(v, true)
	if err != nil {
		return err
	}
	if v.FormValue("name") != p.Name { // the button says which plan it ends
		return fault.Invalid("name", "rollout.changed_meanwhile")
	}
	if err := v.Write(func(tx *db.Tx) error { return rollout.End(v.Context(), tx, v.Viewer, p.ID, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(visit.PlanPath(p.ID), "notice.plan_ended", "Name", p.Name)
}

// rolloutPage is a plan: its numbers, its units in time, who is on leave, its
// occasions, and who is not in any yet.
type rolloutPage struct {
	*visit.Visit
	plan        rollout.Plan
	place       organisation.Organisation
	writes      bool
	included    []rollout.Member
	ready, away []rollout.Member
	occasions   []rollout.Occasion
	whole       rollout.Coverage
	units       []rollout.Coverage
}

const readyShown = 60

func Show(v *visit.Visit) error {
	plan, m, err := findPlan(v, false)
	if err != nil {
		return err
	}
	p := &rolloutPage{Visit: v, plan: plan, place: m, writes: access.PlanRollout(v.Viewer).Covers(m.Place())}
	staff, err := rollout.Staff(v.Context(), v.Reader(), v.Viewer, m.ID, plan.CourseID, v.Today)
	if err != nil {
		return err
	}
	for _, each := range staff {
		if plan.Includes(each.UnitID, each.Terms) {
			p.included = append(p.included, each)
		}
	}
	_, p.ready, p.away = plan.Chosen(staff)
	p.whole, p.units = rollout.Cover(p.included)
	if p.occasions, err = rollout.Occasions(v.Context(), v.Reader(), v.Viewer, plan.ID, v.Today); err != nil {
		return err
	}
	status := planStatus(v, plan)
	head := ui.PageHead{Title: plan.Name, Tag: &status, Lead: v.T("rollout.plan.page_lead", "Course", plan.Course, "Municipality", m.Name, "Days", v.Lang.Days(plan.From, plan.Until))}
	all := []templ.Component{}
	if p.writes {
		head.Others = append(head.Others, ui.Action{Label: v.T("rollout.plan.to_course"), Href: visit.CoveragePath(m, plan.CourseSlug), Kind: ui.Secondary})
	}
	if p.writes && plan.EndedAt == nil {
		head.Others = append(head.Others, ui.Action{Label: v.T("rollout.plan.change"), Href: visit.PlanPath(plan.ID, "edit"), Kind: ui.Secondary})
		if !plan.Waits {
			all = append(all, p.next().View(v.Lang))
		}
	}
	if plan.EndedAt == nil {
		notice, err := production.PlanNotice(v, plan.CourseID, plan.Waits, plan.From)
		if err != nil {
			return err
		}
		if notice != nil {
			all = append([]templ.Component{notice}, all...)
		}
	}
	before, err := production.BeforeStart(v, plan, p.writes)
	if err != nil {
		return err
	}
	f := v.Frame(plan.Name, p.crumbs(plan.Name)...)
	all = append([]templ.Component{head.View(v.Lang)}, append(all, ui.Parts(p.numbers().View(v.Lang), before,
		ui.Section("occasions", v.T("rollout.plan.occasions"), p.occasionParts()...),
		ui.Section("timeline", v.T("rollout.plan.timeline"), p.timeline().View(v.Lang)), p.onLeaveList(), p.readyList(), p.who(), p.ending())...)...)
	return v.Page(f, all...)
}

func (p *rolloutPage) crumbs(last string) []ui.Crumb {
	more := []ui.Crumb{{Label: last}}
	if p.writes {
		more = []ui.Crumb{{Label: p.T("rollout.plan.title"), Href: visit.MunicipalityPath(p.place, "plans")}, {Label: last}}
	}
	return p.CrumbsOf(p.place, more...)
}

// next is the one thing to do with the plan.
func (p *rolloutPage) next() ui.NextThing {
	switch {
	case len(p.ready) > 0:
		return ui.NextThing{
			Sentence: p.T("rollout.plan.next_split", "Count", len(p.ready)), Help: p.T("rollout.plan.next_split_help", "Size", p.plan.GroupSize),
			Action: &ui.Action{Label: p.T("rollout.plan.split"), Href: visit.PlanPath(p.plan.ID, "groups")},
		}
	case p.whole.Seated+p.whole.WithoutSeat > 0:
		return ui.NextThing{Sentence: p.T("rollout.plan.next_wait", "Count", p.whole.Seated), Action: &ui.Action{Label: p.T("rollout.plan.see_occasions"), Href: "#occasions"}}
	}
	none := "rollout.plan.next_none"
	if p.whole.Done < p.whole.Staff {
		none = "rollout.plan.next_unasked" // a course that comes, or that nobody takes any more
	}
	return ui.NextThing{Sentence: p.T(none), Action: &ui.Action{Label: p.T("rollout.plan.to_course"), Href: visit.CoveragePath(p.place, p.plan.CourseSlug)}}
}

func (p *rolloutPage) numbers() ui.Figures {
	number := func(n int) string { return p.Lang.Number(int64(n)) }
	return ui.Figures{
		{Label: p.T("coverage.included"), Value: number(p.whole.Staff), AsOf: p.Today},
		{Label: p.T("coverage.done"), Value: number(p.whole.Done), AsOf: p.Today},
		{Label: p.T("coverage.seated"), Value: number(p.whole.Seated), AsOf: p.Today, Href: "#occasions"},
		{Label: p.T("rollout.plan.ready"), Value: number(len(p.ready)), AsOf: p.Today, Href: "#ready"},
		{Label: p.T("rollout.plan.away"), Value: number(len(p.away)), AsOf: p.Today, Href: "#away"},
	}
}

func (p *rolloutPage) occasionParts() []templ.Component {
	t := ui.Table{
		ID: "occasion-table", Caption: p.T("rollout.plan.occasions"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: p.T("rollout.plan.when")}, {Label: p.T("rollout.plan.label")}, {Label: p.T("round.place")}, {Label: p.T("rollout.plan.trainer")}, {Label: p.T("rollout.plan.people"), Numeric: true}},
		Empty:   ui.Empty{Picture: ui.PictureCalendar, Title: p.T("rollout.plan.no_occasions"), Text: p.T("rollout.plan.no_occasions_help")},
	}
	for _, o := range p.occasions {
		seats := ui.Text(p.T("rollout.plan.seats", "Seats", len(o.People), "Capacity", o.Capacity))
		if !p.writes { // names, and so numbers of them, are for those who plan
			seats = ui.Text(p.T("rollout.plan.room_for", "Capacity", o.Capacity))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(occasionTime(p.Visit, o), visit.RoundPath(o.RoundID)), ui.Text(o.Label), ui.Text(o.Place), ui.Text(o.Trainers), seats,
		}})
	}
	all := []templ.Component{t.View(p.Lang)}
	if p.writes && len(p.occasions) > 1 {
		all = append(all, ui.Buttons(p.Lang, []ui.Action{{Label: p.T("rollout.plan.move_people"), Href: visit.PlanPath(p.plan.ID, "people"), Kind: ui.Secondary}}))
	}
	return all
}

// timeline is the units by the day on which they start.
func (p *rolloutPage) timeline() ui.Table {
	t := ui.Table{
		ID: "units", Caption: p.T("rollout.plan.timeline"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{
			{Label: p.T("people.unit")}, {Label: p.T("rollout.plan.starts"), Keep: true}, {Label: p.T("coverage.included"), Numeric: true}, {Label: p.T("coverage.done"), Numeric: true},
			{Label: p.T("coverage.seated"), Numeric: true}, {Label: p.T("coverage.missing"), Numeric: true},
		},
	}
	for _, u := range p.plan.Units {
		var c rollout.Coverage
		if i := slices.IndexFunc(p.units, func(c rollout.Coverage) bool { return c.UnitID == u.ID }); i >= 0 {
			c = p.units[i]
		}
		name := u.Name
		if u.ID == p.place.ID {
			name = p.T("municipality.itself")
		}
		starts := ui.Text(p.Lang.TinyDay(u.StartsOn))
		if u.StartsOn <= p.Today {
			starts.Note = p.T("rollout.plan.has_started")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(append([]ui.Cell{ui.Text(name), starts}, municipal.Counts(p.Visit, c)...), ui.Text(p.Lang.Number(int64(c.WithoutSeat))))})
	}
	t.Total = append(append([]ui.Cell{ui.Text(p.T("ui.total")), {}}, municipal.Counts(p.Visit, p.whole)...), ui.Text(p.Lang.Number(int64(p.whole.WithoutSeat))))
	return t
}

func leaveTable(v *visit.Visit, away []rollout.Member) ui.Table {
	t := ui.Table{
		ID: "leave", Caption: v.T("rollout.plan.away_title"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: v.T("people.name")}, {Label: v.T("people.unit")}, {Label: v.T("rollout.plan.back")}},
	}
	for _, m := range away {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(m.Name, visit.PersonPath(m.PersonID)), ui.Text(m.Unit), ui.Text(standing.OnLeave(v, m))}})
	}
	return t
}

func (p *rolloutPage) onLeaveList() templ.Component {
	if len(p.away) == 0 {
		return ui.Section("away", p.T("rollout.plan.away_title"), ui.Paragraph(p.T("rollout.plan.nobody_away")))
	}
	return ui.Section("away", p.T("rollout.plan.away_title"), ui.Paragraph(p.T("rollout.plan.away_help")), leaveTable(p.Visit, p.away).View(p.Lang))
}

func (p *rolloutPage) readyList() templ.Component {
	t := ui.Table{
		ID: "ready-table", Caption: p.T("rollout.plan.ready_title"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: p.T("people.name")}, {Label: p.T("people.unit")}, {Label: p.T("people.job")}, {Label: p.T("people.shift")}},
	}
	page := max(1, min(p.Number("page", 1), (len(p.ready)+readyShown-1)/readyShown))
	if len(p.ready) > readyShown {
		t.Pager = &ui.Pager{Address: p.Address(), Page: page, PerPage: readyShown, Rows: len(p.ready)}
	}
	for _, m := range p.ready[min(len(p.ready), (page-1)*readyShown):min(len(p.ready), page*readyShown)] {
		shift := ""
		if m.Terms.Shift != "" {
			shift = p.T(m.Terms.Shift.Key())
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(m.Name, visit.PersonPath(m.PersonID)), ui.Text(m.Unit), ui.Text(m.Title), ui.Text(shift)}})
	}
	if len(p.ready) == 0 {
		return ui.Section("ready", p.T("rollout.plan.ready_title"), ui.Paragraph(p.T("rollout.plan.nobody_ready")))
	}
	return ui.Section("ready", p.T("rollout.plan.ready_title"), t.View(p.Lang))
}

// who is included, and who holds it.
func (p *rolloutPage) who() templ.Component {
	forms := make([]string, len(p.plan.Forms))
	for i, f := range p.plan.Forms {
		forms[i] = p.T(f.Key())
	}
	trainers := make([]string, len(p.plan.Trainers))
	for i, t := range p.plan.Trainers {
		trainers[i] = t.Name
	}
	or := func(all []string, none string) string {
		if len(all) == 0 {
			return p.T(none)
		}
		return strings.Join(all, ", ")
	}
	return ui.Section("who", p.T("rollout.plan.about"), ui.Summary{
		{Term: p.T("rollout.plan.titles"), Value: or(p.plan.Titles, "rollout.plan.all_titles")},
		{Term: p.T("rollout.plan.forms"), Value: or(forms, "rollout.plan.all_forms")},
		{Term: p.T("rollout.plan.trainers"), Value: or(trainers, "rollout.plan.no_trainers")},
		{Term: p.T("rollout.plan.size"), Value: p.T("rollout.plan.at_most", "Count", p.plan.GroupSize)},
	}.View(p.Lang))
}

func (p *rolloutPage) ending() templ.Component {
	if !p.writes || p.plan.EndedAt != nil {
		return nil
	}
	return ui.Section("end", p.T("rollout.plan.end_title"), ui.Paragraph(p.T("rollout.plan.end_help")), ui.Buttons(p.Lang, []ui.Action{{
		Label: p.T("rollout.plan.end"), Href: visit.PlanPath(p.plan.ID, "end"), Kind: ui.Quiet, Post: true, Hidden: []ui.Hidden{{Name: "name", Value: p.plan.Name}},
	}}))
}

func occasionTime(v *visit.Visit, o rollout.Occasion) string {
	return v.Lang.DayHours(o.FirstDay, visit.Minutes(o.Starts), visit.Minutes(o.Ends))
}
