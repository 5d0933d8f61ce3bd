package scheduling

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/web/visit/standing"
)

// NewOccasion asks which course and for whom, and then for the day.
func NewOccasion(v *visit.Visit) error {
	p, err := occasionForm(v)
	if err != nil {
		return err
	}
	if p == nil {
		return askOccasion(v)
	}
	return p.page()
}

// PlanOccasion plans an occasion, publishes it and puts people into it.
func PlanOccasion(v *visit.Visit) error {
	p, err := occasionForm(v)
	if err != nil {
		return err
	}
	if p == nil {
		return fault.Invalid("course", "round.course_missing")
	}
	persons := v.Chosen()
	id, err := p.send(func(tx *db.Tx, n planning.New) (int64, error) {
		id, err := planning.PlanLocal(v.Context(), tx, v.Viewer, n, persons, v.Now)
		if err != nil {
			return 0, err
		}
		return id, letter.After(v.Context(), tx, id, v.Now)
	})
	if err != nil {
		return err
	}
	return p.saved(id, "notice.occasion_planned", "Count", strconv.Itoa(len(persons)))
}

// occasionForm is the form for the course and the unit in the address; nil while
// they are not chosen.
func occasionForm(v *visit.Visit) (*PlanForm, error) {
	m, err := v.LocalPlace()
	if err != nil {
		return nil, err
	}
	query := v.URL.Query()
	query.Del(visit.RefusedParam) // the form is sent anew
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), query.Get("course"))
	if errors.Is(err, fault.NotFound) || err == nil && course.Days == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	place, host := m.Place(), round.Host{MunicipalityID: m.ID, Municipality: m.Name}
	if unitID, _ := strconv.ParseInt(query.Get("unit"), 10, 64); unitID != 0 {
		unit, err := organisation.ByID(v.Context(), v.Reader(), unitID)
		if err != nil {
			return nil, err
		}
		if unit.Kind != organisation.Unit || unit.MunicipalityID != m.ID {
			return nil, fault.NotFound
		}
		place, host.UnitID, host.Unit = unit.Place(), unit.ID, unit.Name
	} else if !access.PlanLocally(v.Viewer).Covers(place) {
		return nil, nil // a manager chooses a unit
	}
	if !access.PlanLocally(v.Viewer).Covers(place) {
		return nil, fault.NotFound
	}
	p := &PlanForm{
		Visit: v, region: v.Server.Country[m.RegionID], host: host, course: course, title: v.T("local.new_of", "Course", course.Title()),
		lead: v.T("local.new_lead", "Giver", host.Giver()), action: visit.OccasionsPath(m) + "?" + query.Encode(), back: visit.OccasionsPath(m), button: v.T("local.save_new"),
	}
	p.values = url.Values{"days": {strconv.Itoa(course.Days)}}
	for i := range course.Days {
		p.values.Set(dayField(i, "starts"), "13:00")
		p.values.Set(dayField(i, "ends"), "16:00")
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	if host.UnitID == 0 {
		p.values.Set("capacity", "15")
		return p, nil
	}
	staff, err := rollout.Staff(v.Context(), v.Reader(), v.Viewer, m.ID, course.ID, v.Today)
	if err != nil {
		return nil, err
	}
	p.staff = slices.DeleteFunc(staff, func(s rollout.Member) bool { return s.UnitID != host.UnitID })
	for _, s := range p.staff {
		if s.WithoutSeat() && s.Away == nil {
			p.values.Add("person", visit.ID(s.PersonID))
		}
	}
	if slices.ContainsFunc(p.candidates, func(c planning.Candidate) bool { return c.PersonID == v.Viewer.PersonID }) {
		for i := range course.Days {
			p.values.Set(dayField(i, "trainer.0"), visit.ID(v.Viewer.PersonID))
		}
	}
	return p, nil
}

// askOccasion is the question before the form.
func askOccasion(v *visit.Visit) error {
	m, err := v.LocalPlace()
	if err != nil {
		return err
	}
	courses, err := catalogue.AllCourses(v.Context(), v.Reader()) // an occasion of the time before may be told of afterwards
	if err != nil {
		return err
	}
	holding, err := catalogue.CoursesOn(v.Context(), v.Reader(), v.Today)
	if err != nil {
		return err
	}
	label := func(c catalogue.Course) string {
		if slices.Contains(holding, c) {
			return c.Title()
		}
		return c.Title() + " – " + v.T("lifetime.retired")
	}
	given, err := catalogue.Deliveries(v.Context(), v.Reader(), m.RegionID, v.Today)
	if err != nil {
		return err
	}
	course := ui.Field{Input: ui.SelectInput, Name: "course", Label: v.T("plan.which_course"), Value: v.URL.Query().Get("course"), Error: v.Wrong("course")}
	own, journey, err := ownCourses(v)
	if err != nil {
		return err
	}
	var others []ui.Option // courses that are not given locally as a rule
	for _, c := range courses {
		switch o := (ui.Option{Value: c.Slug, Label: label(c)}); {
		case c.Days == 0 || own[c.ID]:
		case given[c.ID] == catalogue.Municipal || given[c.ID] == catalogue.Workplace:
			course.Options = append(course.Options, o)
		default:
			others = append(others, o)
		}
	}
	var ours []ui.Option
	for _, local := range []bool{true, false} { // those given locally as a rule first
		for _, c := range courses {
			if own[c.ID] && c.Days > 0 && local == (given[c.ID] == catalogue.Municipal || given[c.ID] == catalogue.Workplace) {
				ours = append(ours, ui.Option{Value: c.Slug, Label: label(c), Group: journey})
			}
		}
	}
	if len(ours) > 0 {
		for i := range course.Options {
			course.Options[i].Group = v.T("local.other_journeys")
		}
	}
	course.Options = append(ours, course.Options...)
	if len(course.Options) > 0 {
		course.Value = cmp.Or(course.Value, course.Options[0].Value)
		for i := range others {
			others[i].Group = v.T("local.other_courses")
		}
	}
	course.Options = append(course.Options, others...)
	whom := ui.Field{Input: ui.SelectInput, Name: "unit", Label: v.T("local.for_whom"), Hint: v.T("local.for_whom_hint"), Value: v.URL.Query().Get("unit")}
	if access.PlanLocally(v.Viewer).Covers(m.Place()) {
		whom.Options = append(whom.Options, ui.Option{Label: v.T("local.whole_municipality", "Municipality", m.Name)})
	}
	units, err := PlannedUnits(v, m)
	if err != nil {
		return err
	}
	for _, u := range units {
		whom.Options = append(whom.Options, ui.Option{Value: visit.ID(u.ID), Label: u.Name})
	}
	title := v.T("local.new")
	f := v.Frame(title, v.LocalCrumbs(m.ID, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title, Lead: v.T("local.ask_lead")}.View(v.Lang),
		ui.Ask(v.Lang, visit.NewOccasionPath(m), v.T("plan.go_on"), course, whom))
}

// ownCourses are the courses of the journey that most of those whom the visitor leads
// are in, with its name; none for who leads nobody.
func ownCourses(v *visit.Visit) (own map[int64]bool, journey string, err error) {
	if access.Team(v.Viewer).Empty() {
		return nil, "", nil
	}
	unit, _ := strconv.ParseInt(v.URL.Query().Get("unit"), 10, 64)
	team, err := learning.TeamOf(v.Context(), v.Reader(), v.Viewer, learning.TeamFilter{UnitID: unit}, v.Today)
	if errors.Is(err, fault.NotFound) { // a unit of others
		return nil, "", nil
	}
	own = map[int64]bool{}
	for _, c := range team.Courses {
		own[c.ID] = true
	}
	return own, team.Journey.Name, err
}

// PlannedUnits are the units of the municipality for which the visitor may plan.
func PlannedUnits(v *visit.Visit, m organisation.Organisation) ([]organisation.Organisation, error) {
	units, err := organisation.Units(v.Context(), v.Reader(), m.ID, v.Today)
	plans := access.PlanLocally(v.Viewer)
	return slices.DeleteFunc(units, func(u organisation.Organisation) bool { return !plans.Covers(u.Place()) }), err
}

// readLocal asks for what the form of a local round offers to choose among.
func (p *PlanForm) readLocal() error {
	place := access.Place{RegionID: p.region.ID, MunicipalityID: p.host.MunicipalityID, UnitID: p.host.UnitID}
	leaders, err := planning.Leaders(p.Context(), p.Reader(), p.Viewer, p.course.ID, place, p.Today)
	if err != nil {
		return err
	}
	for _, l := range leaders {
		p.candidates = append(p.candidates, planning.Candidate{PersonID: l.PersonID, Name: l.Name, Municipality: l.Unit, InTeam: l.InTeam})
	}
	if p.rooms, err = room.ForPlanners(p.Context(), p.Reader(), p.Viewer, p.region.ID, p.Today); err != nil {
		return err
	}
	p.places, err = planning.EarlierPlaces(p.Context(), p.Reader(), p.host.MunicipalityID, p.Today)
	return err
}

// localPlan completes what was typed to a plan of a local round: short as its
// form is, most of it follows from who gives it.
func (p *PlanForm) localPlan(n planning.New, checks *fault.Checks) (planning.New, error) {
	n.MunicipalityID, n.UnitID, n.RegionID = p.host.MunicipalityID, p.host.UnitID, 0
	n.Minimum, n.AcceptHours = 0, 0
	if strings.TrimSpace(p.values.Get("capacity")) == "" {
		n.Capacity = len(p.Chosen())
	}
	if p.edited != nil {
		n.Label = p.edited.Label
	}
	for i := range n.Days {
		field := dayField(i, "email")
		if email := strings.TrimSpace(p.values.Get(field)); email != "" {
			place := access.Place{RegionID: p.region.ID, MunicipalityID: p.host.MunicipalityID, UnitID: p.host.UnitID}
			who, err := planning.LeaderByEmail(p.Context(), p.Reader(), p.Viewer, place, email, p.Today)
			if err != nil && fault.Of(err) == nil {
				return n, err
			}
			checks.Require(err == nil, field, "round.leader_unknown")
			if err == nil && !slices.ContainsFunc(n.Days[i].Trainers, func(t planning.NewTrainer) bool { return t.PersonID == who }) {
				n.Days[i].Trainers = append(n.Days[i].Trainers, planning.NewTrainer{PersonID: who})
			}
		}
		for k := range n.Days[i].Trainers {
			if n.Days[i].Trainers[k].Role = trainer.Assistant; k == 0 {
				n.Days[i].Trainers[k].Role = trainer.Lead
			}
		}
	}
	return n, checks.Err()
}

// leaderFields are who leads a local day: one of those to think of first, or
// somebody else of the municipality by their address.
func (p *PlanForm) leaderFields(i int) [][2]ui.Field {
	people := []ui.Option{{Label: p.T("plan.nobody")}}
	for _, c := range p.candidates {
		words := c.Name
		if c.Municipality != "" {
			words += " (" + c.Municipality + ")"
		}
		if c.InTeam {
			words += ", " + p.T("local.in_team")
		}
		people = append(people, ui.Option{Value: visit.ID(c.PersonID), Label: words})
	}
	var rows [][2]ui.Field
	for k := range p.trainerRows(i) {
		who := p.field(ui.Field{Input: ui.SelectInput, Name: dayField(i, "trainer."+strconv.Itoa(k)), Label: p.T("local.leads"), Options: people})
		other := p.field(ui.Field{Name: dayField(i, "email"), Label: p.T("local.leads_other"), Optional: true, Autocomplete: "off"})
		if k > 0 {
			who.Label = p.T("local.leads_too")
		}
		rows = append(rows, [2]ui.Field{who})
		if k == p.trainerRows(i)-1 {
			rows = append(rows, [2]ui.Field{other})
		}
	}
	return rows
}

// people are who takes part: those of the unit, each ticked who lacks the course
// and is there; of a municipality's occasion how many there is room for.
func (p *PlanForm) people() templ.Component {
	seats := p.field(ui.Field{Input: ui.NumberInput, Name: "capacity", Label: p.T("plan.capacity"), Hint: p.T("local.capacity_hint"), Short: true, Optional: p.edited == nil})
	if p.edited != nil || p.host.UnitID == 0 || p.copied != 0 {
		seats.Hint, seats.Optional = "", false
		if p.edited == nil {
			seats.Hint = p.T("local.seats_hint")
		}
		return ui.Section("people", p.T("local.people"), seats.View(p.Lang))
	}
	if len(p.staff) == 0 {
		return ui.Section("people", p.T("local.people"), ui.Paragraph(p.T("local.nobody_meant", "Unit", p.host.Unit)), seats.View(p.Lang))
	}
	who := ui.Field{
		Input: ui.CheckInput, Name: "person", Label: p.T("local.who"), Hint: p.T("local.who_hint", "Count", len(p.staff)),
		Values: append([]string{}, p.values["person"]...), Error: p.errs.For("person"),
	}
	for _, s := range p.staff {
		who.Options = append(who.Options, ui.Option{Value: visit.ID(s.PersonID), Label: s.Name, Hint: p.whyNot(s)})
	}
	return ui.Section("people", p.T("local.people"), who.View(p.Lang), seats.View(p.Lang))
}

// whyNot says why somebody is not put in unless they are ticked.
func (p *PlanForm) whyNot(s rollout.Member) string {
	switch {
	case s.Done != nil:
		return p.T("staff.completed", "Day", p.Lang.TinyDay(*s.Done))
	case s.Away != nil:
		return standing.OnLeave(p.Visit, s)
	case s.NextDay != nil:
		return standing.SeatWord(p.Visit, *s.NextDay)
	}
	return ""
}
