package plans

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/production"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/web/municipal"
	webproduction "yrkesresan/internal/web/production"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// planSheet is the form of a plan, new or changed. All that is typed stands in
// values.
type planSheet struct {
	*visit.Visit
	place  organisation.Organisation
	course catalogue.Course
	plan   *rollout.Plan // the one that is changed
	values url.Values

	title, lead, action, back, button string

	staff   []rollout.Member
	units   []rollout.Coverage
	leaders []planning.Leader
}

func unitField(id int64) string { return "units." + visit.ID(id) }

// newPlan asks which course, and then for the plan.
func New(v *visit.Visit) error {
	p, err := newPlanSheet(v)
	if errors.Is(err, errNoCourse) {
		return chooseRollout(v, p.place)
	}
	if err != nil {
		return err
	}
	return p.page()
}

func newPlanSheet(v *visit.Visit) (*planSheet, error) {
	m, err := municipal.PlanningPlace(v)
	if err != nil {
		return nil, err
	}
	p := &planSheet{Visit: v, place: m}
	p.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.URL.Query().Get("course"))
	if errors.Is(err, fault.NotFound) {
		return p, errNoCourse
	}
	if err != nil {
		return nil, err
	}
	p.title, p.lead, p.button = v.T("rollout.plan.new_of", "Course", p.course.Title()), v.T("rollout.plan.form_lead"), v.T("rollout.plan.save_new")
	p.action, p.back = visit.MunicipalityPath(m, "plans")+"?course="+p.course.Slug, visit.CoveragePath(m, p.course.Slug)
	if err := p.read(); err != nil {
		return nil, err
	}
	_, err = catalogue.EditionOn(v.Context(), v.Reader(), p.course.ID, v.Today)
	waits := errors.Is(err, fault.NotFound) // for the course: nobody lacks it yet
	if err != nil && !waits {
		return nil, err
	}
	from := v.Today + 1
	if comes, err := production.OfCourse(v.Context(), v.Reader(), p.course.ID); waits && err == nil && comes.Comes() {
		from = max(from, *comes.Month)
	}
	p.values = url.Values{
		"name": {p.course.Short() + " " + planning.UsualLabel(from+14)}, "from": {from.String()}, "until": {(from + 180).String()}, "size": {"15"},
	}
	for _, u := range p.units {
		if u.WithoutSeat > 0 || waits {
			p.values.Add("units", visit.ID(u.UnitID))
		}
	}
	p.keep()
	return p, nil
}

// keep takes what was typed when the form is shown again.
func (p *planSheet) keep() {
	if !p.Sent {
		return
	}
	p.values = p.PostForm
	p.NameErrors(func(wrong fault.Field) string {
		for _, u := range p.units {
			if wrong.Name == unitField(u.UnitID) {
				return p.unitName(u.UnitID, u.Unit)
			}
		}
		return visit.Labelled(p.about()...)(wrong)
	})
}

// read asks for what the form offers to choose among.
func (p *planSheet) read() (err error) {
	if p.staff, err = rollout.Staff(p.Context(), p.Reader(), p.Viewer, p.place.ID, p.course.ID, p.Today); err != nil {
		return err
	}
	_, p.units = rollout.Cover(p.staff)
	p.leaders, err = planning.Leaders(p.Context(), p.Reader(), p.Viewer, p.course.ID, p.place.Place(), p.Today)
	p.leaders = slices.DeleteFunc(p.leaders, func(l planning.Leader) bool { return l.Manager && !l.InTeam })
	if p.plan == nil {
		return err
	}
	for _, t := range p.plan.Trainers { // who is in the plan may have left the team
		if !slices.ContainsFunc(p.leaders, func(l planning.Leader) bool { return l.PersonID == t.PersonID }) {
			p.leaders = append(p.leaders, planning.Leader{PersonID: t.PersonID, Name: t.Name})
		}
	}
	for _, u := range p.plan.Units { // and a unit may have lost its people
		if !slices.ContainsFunc(p.units, func(c rollout.Coverage) bool { return c.UnitID == u.ID }) {
			p.units = append(p.units, rollout.Coverage{UnitID: u.ID, Unit: u.Name})
		}
	}
	return err
}

// chooseRollout is the one question before the form.
func chooseRollout(v *visit.Visit, m organisation.Organisation) error {
	o, err := rollout.OverviewOf(v.Context(), v.Reader(), v.Viewer, m, 0, v.Today)
	if err != nil {
		return err
	}
	field := ui.Field{Input: ui.SelectInput, Name: "course", Label: v.T("plan.which_course")}
	for _, c := range o.Courses {
		field.Options = append(field.Options, ui.Option{Value: c.Slug, Label: v.T("rollout.plan.course_missing", "Course", c.Title(), "Count", c.WithoutSeat)})
	}
	coming, err := comingOf(v, o.Journeys)
	if err != nil {
		return err
	}
	field.Options = append(field.Options, coming...)
	title := v.T("rollout.plan.new")
	f := v.Frame(title, v.CrumbsOf(m, ui.Crumb{Label: v.T("rollout.plan.title"), Href: visit.MunicipalityPath(m, "plans")}, ui.Crumb{Label: title})...)
	f.Reading = true
	if len(field.Options) == 0 {
		return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), ui.Empty{Picture: ui.PicturePeople, Title: v.T("coverage.none"), Text: v.T("coverage.none_help")}.View(v.Lang))
	}
	return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), ui.Ask(v.Lang, visit.MunicipalityPath(m, "plans/new"), v.T("plan.go_on"), field))
}

// comingOf are the courses of the journeys that come, of those that are in the catalogue.
func comingOf(v *visit.Visit, journeys []catalogue.Journey) (all []ui.Option, err error) {
	ids := make([]int64, len(journeys))
	for i, j := range journeys {
		ids[i] = j.ID
	}
	coming, err := production.Coming(v.Context(), v.Reader(), ids)
	for _, p := range coming {
		if p.CourseID != 0 && !p.Renews {
			all = append(all, ui.Option{Value: p.CourseSlug, Label: p.Name + ". " + webproduction.When(v, p.Plan)})
		}
	}
	return all, err
}

// Make makes a plan.
func Make(v *visit.Visit) error {
	p, err := newPlanSheet(v)
	if errors.Is(err, errNoCourse) {
		return fault.Invalid("course", "round.course_missing")
	}
	if err != nil {
		return err
	}
	n, err := p.typed()
	var id int64
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			var err error
			id, err = rollout.Make(v.Context(), tx, v.Viewer, p.place.ID, p.course.ID, n, v.Now)
			return err
		})
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.PlanPath(id), "notice.plan_made", "Name", n.Name)
}

// typed takes what was sent. What the plan must be is for rollout to say.
func (p *planSheet) typed() (rollout.New, error) {
	p.values = p.PostForm
	var checks fault.Checks
	day := func(name string) clock.Day {
		d, err := clock.ParseDay(strings.TrimSpace(p.values.Get(name)))
		checks.Require(err == nil && d.Year() >= 2000 && d.Year() <= 2200, name, "fault.day")
		return d
	}
	n := rollout.New{Name: p.values.Get("name"), From: day("from"), Until: day("until"), Titles: p.values["titles"]}
	n.GroupSize, _ = strconv.Atoi(strings.TrimSpace(p.values.Get("size"))) // 0 is no size
	for _, value := range p.values["units"] {
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			continue
		}
		u := rollout.Unit{ID: id, StartsOn: n.From}
		if p.values.Get(unitField(id)) != "" {
			u.StartsOn = day(unitField(id))
		}
		n.Units = append(n.Units, u)
	}
	for _, value := range p.values["forms"] {
		n.Forms = append(n.Forms, people.Form(value))
	}
	for _, value := range p.values["trainers"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			n.Trainers = append(n.Trainers, id)
		}
	}
	return n, checks.Err()
}

// page shows the form as it stands.
func (p *planSheet) page() error {
	crumbs := p.CrumbsOf(p.place, ui.Crumb{Label: p.T("rollout.plan.title"), Href: visit.MunicipalityPath(p.place, "plans")}, ui.Crumb{Label: p.title})
	f := p.Frame(p.title, crumbs...)
	head := ui.PageHead{Title: p.title, Lead: p.lead}
	if p.RefusedAs(errPlanStale) { // who saves now does so knowingly
		head.Others = []ui.Action{{Label: p.T("rollout.plan.see_now"), Href: visit.PlanPath(p.plan.ID), Kind: ui.Secondary}}
		p.values.Set("version", strconv.Itoa(p.plan.Version))
	}
	return p.Page(f, head.View(p.Lang), planSheetForm(p))
}

func (p *planSheet) about() []ui.Field {
	field := func(input ui.Input, name, label string) ui.Field {
		return ui.Field{Input: input, Name: name, Label: p.T(label), Value: p.values.Get(name), Error: p.Wrong(name)}
	}
	size := field(ui.NumberInput, "size", "rollout.plan.size")
	size.Short, size.Unit = true, p.T("rollout.plan.size_unit")
	return []ui.Field{
		field(ui.TextInput, "name", "rollout.plan.name"), field(ui.DateInput, "from", "rollout.plan.from"), field(ui.DateInput, "until", "rollout.plan.until"), size,
	}
}

func (p *planSheet) unitName(id int64, name string) string {
	if id == p.place.ID {
		return p.T("municipality.itself")
	}
	return name
}

func (p *planSheet) unitTable() ui.Table {
	t := ui.Table{
		ID: "unit-table", Caption: p.T("rollout.plan.units"), QuietTitle: true, Dense: true, Pick: "units",
		Columns: []ui.Column{{Label: p.T("people.unit")}, {Label: p.T("coverage.included"), Numeric: true}, {Label: p.T("coverage.missing"), Numeric: true}, {Label: p.T("rollout.plan.starts")}},
		Empty:   ui.Empty{Picture: ui.PicturePeople, Title: p.T("coverage.nobody"), Text: p.T("coverage.nobody_help")},
	}
	for _, u := range p.units {
		t.Rows = append(t.Rows, ui.Row{
			Pick: visit.ID(u.UnitID), Picked: slices.Contains(p.values["units"], visit.ID(u.UnitID)),
			Cells: []ui.Cell{
				ui.Text(p.unitName(u.UnitID, u.Unit)), ui.Text(p.Lang.Number(int64(u.Staff))), ui.Text(p.Lang.Number(int64(u.WithoutSeat))), {Slot: unitStart(p, u)},
			},
		})
	}
	return t
}

// included are the fields of who goes and who holds it.
func (p *planSheet) included() []ui.Field {
	count := map[string]int{}
	var titles []string
	for _, m := range p.staff {
		if m.Title != "" && count[m.Title] == 0 {
			titles = append(titles, m.Title)
		}
		count[m.Title]++
	}
	for _, t := range p.values["titles"] {
		if t != "" && !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	slices.SortFunc(titles, func(a, b string) int { return slices.Compare(i18n.SortKey(a), i18n.SortKey(b)) })
	chosen := func(name, label, hint string) ui.Field {
		return ui.Field{Input: ui.CheckInput, Name: name, Label: p.T(label), Hint: p.T(hint), Values: append([]string{}, p.values[name]...), Error: p.Wrong(name), Optional: true}
	}
	title := chosen("titles", "rollout.plan.titles", "rollout.plan.titles_hint")
	for _, t := range titles {
		title.Options = append(title.Options, ui.Option{Value: t, Label: t, Hint: p.T("coverage.persons_count", "Count", count[t])})
	}
	form := chosen("forms", "rollout.plan.forms", "rollout.plan.forms_hint")
	for _, f := range people.Forms {
		form.Options = append(form.Options, ui.Option{Value: string(f), Label: p.T(f.Key())})
	}
	trainers := chosen("trainers", "rollout.plan.trainers", "rollout.plan.trainers_hint")
	for _, l := range p.leaders {
		trainers.Options = append(trainers.Options, ui.Option{Value: visit.ID(l.PersonID), Label: l.Name, Hint: l.Unit})
	}
	fields := []ui.Field{}
	for _, f := range []ui.Field{title, form, trainers} {
		if len(f.Options) > 0 {
			fields = append(fields, f)
		}
	}
	return fields
}

func planSheetOf(v *visit.Visit) (*planSheet, error) {
	plan, m, err := findPlan(v, true)
	if err != nil {
		return nil, err
	}
	p := &planSheet{Visit: v, place: m, plan: &plan}
	if p.course, err = catalogue.CourseByID(v.Context(), v.Reader(), plan.CourseID); err != nil {
		return nil, err
	}
	p.title, p.lead, p.button = v.T("rollout.plan.change_of", "Name", plan.Name), p.course.Title(), v.T("rollout.plan.save")
	p.action, p.back = visit.PlanPath(plan.ID, "edit"), visit.PlanPath(plan.ID)
	p.values = url.Values{
		"name": {plan.Name}, "from": {plan.From.String()}, "until": {plan.Until.String()}, "size": {strconv.Itoa(plan.GroupSize)},
		"version": {strconv.Itoa(plan.Version)}, "titles": plan.Titles,
	}
	for _, u := range plan.Units {
		p.values.Add("units", visit.ID(u.ID))
		if u.StartsOn != plan.From {
			p.values.Set(unitField(u.ID), u.StartsOn.String())
		}
	}
	for _, f := range plan.Forms {
		p.values.Add("forms", string(f))
	}
	for _, t := range plan.Trainers {
		p.values.Add("trainers", visit.ID(t.PersonID))
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.keep()
	return p, nil
}

// Edit is the form of a plan that is there.
func Edit(v *visit.Visit) error {
	p, err := planSheetOf(v)
	if err != nil {
		return err
	}
	return p.page()
}

var errPlanStale = fault.Conflict("rollout.plan.stale")

// Change writes the plan anew. Of two who change it at once the second is
// told, keeps what they typed, and may save it all the same.
func Change(v *visit.Visit) error {
	p, err := planSheetOf(v)
	if err != nil {
		return err
	}
	n, err := p.typed()
	version, _ := strconv.Atoi(p.values.Get("version"))
	if err == nil {
		err = v.Write(func(tx *db.Tx) error { return rollout.Change(v.Context(), tx, v.Viewer, p.plan.ID, version, n) })
	}
	if errors.Is(err, fault.Conflict("")) && p.plan.EndedAt == nil {
		return errPlanStale
	}
	if err != nil {
		return err
	}
	return v.Redirect(visit.PlanPath(p.plan.ID), "notice.plan_changed", "Name", n.Name)
}
