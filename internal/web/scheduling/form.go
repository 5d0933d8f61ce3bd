package scheduling

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// PlanForm is the form in which a round is planned, changed or copied. All that
// is typed stands in values, under the names that round.New's faults have
// ("days.0.day"), so that it comes back as it was.
type PlanForm struct {
	*visit.Visit
	title  string
	lead   string
	action string // where the form is sent
	back   string
	button string

	region organisation.Organisation // zero: a national round
	host   round.Host                // who gives a local round, otherwise zero
	staff  []rollout.Member          // of the unit, to be put into a new local round
	places []string                  // where the municipality's occasions were held
	course catalogue.Course
	edited *round.Detail // the round that is changed
	copied int64         // the round that is copied
	values url.Values

	rooms      []room.Room
	candidates []planning.Candidate
	steps      []ui.Option
	fee        string // what the region's tariff says, in words

	errs    ui.Errors        // what is wrong with its fields, as it is said beside them
	clashes []planning.Clash // to be accepted
	ahead   []planning.Clash // of a form that was sent for its days only: nothing is to be accepted yet
	advice  []planning.Clash // worth knowing
	stale   []visit.Difference
}

// New asks which course, and then for the plan.
func New(v *visit.Visit) error {
	region, err := planRegion(v)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.URL.Query().Get("course"))
	if errors.Is(err, fault.NotFound) {
		return chooseCourse(v, region)
	}
	if err != nil {
		return err
	}
	p, err := newPlan(v, region, course)
	if err != nil {
		return err
	}
	return p.page()
}

// planRegion is the region in the address for those who manage its rounds; none
// for the national rounds of those who manage them.
func planRegion(v *visit.Visit) (organisation.Organisation, error) {
	if v.PathValue("region") != "" {
		return v.ManagedRegion()
	}
	if !access.ManageNationalRounds(v.Viewer) {
		return organisation.Organisation{}, fault.Forbidden
	}
	return organisation.Organisation{}, nil
}

// PlanAction leads to a new round of the office's own region, or a national one,
// for those who may plan it; nil for others.
func PlanAction(v *visit.Visit) *ui.Action {
	region, ok := v.RegionOf(v.Office())
	switch {
	case ok && access.ManageRounds(v.Viewer).Covers(region.Place()):
	case access.ManageNationalRounds(v.Viewer):
		region = organisation.Organisation{}
	default:
		return nil
	}
	return &ui.Action{Label: v.T("plan.new"), Href: visit.NewRoundPath(region)}
}

// chooseCourse is the one question before the form: its team and its days
// follow from the course.
func chooseCourse(v *visit.Visit, region organisation.Organisation) error {
	courses, err := catalogue.CoursesOn(v.Context(), v.Reader(), v.Today)
	if err != nil {
		return err
	}
	given, err := catalogue.Deliveries(v.Context(), v.Reader(), region.ID, v.Today)
	if err != nil {
		return err
	}
	var options []ui.Option
	for _, c := range courses {
		label := c.Title()
		if how := given[c.ID]; region.ID != 0 && (how == catalogue.National || how == catalogue.Web) {
			label += " – " + v.T("round.delivery_"+string(how))
		}
		options = append(options, ui.Option{Value: c.Slug, Label: label})
	}
	title := v.T("plan.new")
	f := v.Frame(title, v.CrumbsOf(region, ui.Crumb{Label: v.T("round.title"), Href: visit.RoundsPath}, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title}.View(v.Lang),
		ui.Ask(v.Lang, visit.NewRoundPath(region), v.T("plan.go_on"), ui.Field{
			Input: ui.SelectInput, Name: "course", Label: v.T("plan.which_course"), Options: options, Error: v.Wrong("course"),
		}))
}

func newPlan(v *visit.Visit, region organisation.Organisation, course catalogue.Course) (*PlanForm, error) {
	p := &PlanForm{
		Visit: v, region: region, course: course, title: v.T("plan.new_of", "Course", course.Title()), lead: v.T("plan.lead"),
		action: visit.RegionRoundsPath(region) + "?course=" + course.Slug, back: visit.RoundsPath, button: v.T("plan.save_new"),
	}
	if region.ID != 0 {
		p.back = visit.RegionPath(region, "plan")
	}
	p.values = url.Values{
		"capacity": {"20"}, "minimum": {"8"}, "accept_hours": {"48"}, "days": {strconv.Itoa(max(1, course.Days))},
	}
	for i := range max(1, course.Days) {
		p.values.Set(dayField(i, "starts"), "09:00")
		p.values.Set(dayField(i, "ends"), "16:00")
		p.values.Set(dayField(i, "role.0"), string(trainer.Lead))
	}
	return p, p.read()
}

func dayField(i int, name string) string { return fmt.Sprintf("days.%d.%s", i, name) }

// read asks for what the form offers to choose among.
func (p *PlanForm) read() (err error) {
	if p.host.Local() {
		if err := p.readLocal(); err != nil {
			return err
		}
	} else if p.candidates, err = planning.Candidates(p.Context(), p.Reader(), p.Viewer, p.course.ID, p.region.ID, p.Today); err != nil {
		return err
	}
	if p.region.ID != 0 && !p.host.Local() {
		if p.rooms, err = room.All(p.Context(), p.Reader(), p.Viewer, p.region.ID, p.Today); err != nil {
			return err
		}
	}
	if p.edited != nil { // who holds a day may have left the teams
		for _, d := range p.edited.CourseDays {
			for _, t := range d.Trainers {
				if !slices.ContainsFunc(p.candidates, func(c planning.Candidate) bool { return c.PersonID == t.PersonID }) {
					p.candidates = append(p.candidates, planning.Candidate{PersonID: t.PersonID, Name: t.Name, Municipality: t.Municipality})
				}
			}
		}
	}
	steps, err := catalogue.StepsOf(p.Context(), p.Reader(), p.course.ID)
	for _, s := range steps {
		p.steps = append(p.steps, ui.Option{Value: visit.ID(s.ID), Label: s.Name})
	}
	return err
}

// typed takes what was sent, without the days that are to go.
func (p *PlanForm) typed() {
	sent := p.PostForm
	p.values = url.Values{}
	for name, value := range sent {
		if !strings.HasPrefix(name, "days.") && name != "days" {
			p.values[name] = value
		}
	}
	count, _ := strconv.Atoi(sent.Get("days"))
	n := 0
	for i := range min(max(count, 0), 40) {
		if sent.Get(dayField(i, "remove")) != "" {
			continue
		}
		from, to := dayField(i, ""), dayField(n, "")
		for name, value := range sent {
			if rest, ours := strings.CutPrefix(name, from); ours {
				p.values[to+rest] = value
			}
		}
		n++
	}
	p.values.Set("days", strconv.Itoa(n))
}

func (p *PlanForm) days() int {
	n, _ := strconv.Atoi(p.values.Get("days"))
	return n
}

// addDay adds a day like the last one, without its date.
func (p *PlanForm) addDay() {
	n := p.days()
	p.values.Set("days", strconv.Itoa(n+1))
	if n == 0 {
		p.values.Set(dayField(0, "starts"), "09:00")
		p.values.Set(dayField(0, "ends"), "16:00")
		return
	}
	last := dayField(n-1, "")
	p.copyDay(last, dayField(n, ""))
}

// copyDay gives a day all that stands in another one's fields but its date.
func (p *PlanForm) copyDay(from, to string) {
	stays := func(rest string) bool { return rest == "id" || rest == "day" }
	maps.DeleteFunc(p.values, func(name string, _ []string) bool {
		rest, its := strings.CutPrefix(name, to)
		return its && !stays(rest)
	})
	for name, value := range maps.Clone(p.values) {
		if rest, ours := strings.CutPrefix(name, from); ours && !stays(rest) {
			p.values[to+rest] = slices.Clone(value)
		}
	}
}

// likeFirst gives every day the hours, place and trainers of the first one. A day
// whose attendance is saved stays as it was.
func (p *PlanForm) likeFirst() {
	for i := 1; i < p.days(); i++ {
		if !p.isHeld(i) {
			p.copyDay(dayField(0, ""), dayField(i, ""))
		}
	}
}

// plan is what was typed as a plan. What is no day or number is a fault of its
// field; what the plan must be is for round to say.
func (p *PlanForm) plan() (planning.New, error) {
	var checks fault.Checks
	number := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(p.values.Get(name)))
		if err != nil {
			return -1 // which no rule takes
		}
		return n
	}
	id := func(name string) int64 {
		n, _ := strconv.ParseInt(p.values.Get(name), 10, 64)
		return n
	}
	day := func(name string) *clock.Day {
		return optionalDay(&checks, strings.TrimSpace(p.values.Get(name)), name)
	}
	n := planning.New{
		CourseID: p.course.ID, RegionID: p.region.ID, Label: p.values.Get("label"), Note: p.values.Get("note"),
		Capacity: number("capacity"), Minimum: number("minimum"), AcceptHours: number("accept_hours"),
		DecideOn: day("decide_on"), WithdrawUntil: day("withdraw_until"), StepID: id("step"), CopiedFrom: p.copied,
	}
	for i := range p.days() {
		field := dayField(i, "day")
		d := planning.NewDay{
			ID: id(dayField(i, "id")), Starts: p.values.Get(dayField(i, "starts")), Ends: p.values.Get(dayField(i, "ends")),
			RoomID: id(dayField(i, "room")), Place: p.values.Get(dayField(i, "place")), Link: p.values.Get(dayField(i, "link")),
		}
		if on := day(field); on != nil {
			d.Day = *on
		} else {
			checks.Require(false, field, "plan.day_missing")
		}
		for k := range p.trainerRows(i) {
			if who := id(dayField(i, "trainer."+strconv.Itoa(k))); who != 0 {
				d.Trainers = append(d.Trainers, planning.NewTrainer{PersonID: who, Role: trainer.Role(p.values.Get(dayField(i, "role."+strconv.Itoa(k))))})
			}
		}
		n.Days = append(n.Days, d)
	}
	if p.host.Local() {
		return p.localPlan(n, &checks)
	}
	from, until := day("signup_from"), day("signup_until")
	if err := checks.Err(); err != nil {
		return n, err
	}
	if len(n.Days) > 0 {
		n.SignupFrom, n.SignupUntil = planning.UsualWindow(n.Days[0].Day, p.Today)
	}
	if from != nil {
		n.SignupFrom = *from
	}
	if until != nil {
		n.SignupUntil = *until
	}
	if n.Label == "" && len(n.Days) > 0 {
		n.Label = planning.UsualLabel(n.Days[0].Day)
	}
	return n, nil
}

// take fills the form with a plan.
func (p *PlanForm) take(n planning.New) {
	values := url.Values{
		"label": {n.Label}, "note": {n.Note}, "capacity": {strconv.Itoa(n.Capacity)}, "minimum": {strconv.Itoa(n.Minimum)},
		"accept_hours": {strconv.Itoa(n.AcceptHours)}, "signup_from": {n.SignupFrom.String()}, "signup_until": {n.SignupUntil.String()},
		"days": {strconv.Itoa(len(n.Days))},
	}
	for name, day := range map[string]*clock.Day{"decide_on": n.DecideOn, "withdraw_until": n.WithdrawUntil} {
		if day != nil {
			values.Set(name, day.String())
		}
	}
	setID := func(name string, id int64) {
		if id != 0 {
			values.Set(name, visit.ID(id))
		}
	}
	setID("step", n.StepID)
	for i, d := range n.Days {
		setID(dayField(i, "id"), d.ID)
		setID(dayField(i, "room"), d.RoomID)
		values.Set(dayField(i, "day"), d.Day.String())
		values.Set(dayField(i, "starts"), d.Starts)
		values.Set(dayField(i, "ends"), d.Ends)
		values.Set(dayField(i, "link"), d.Link)
		if d.RoomID == 0 { // a room decides the place
			values.Set(dayField(i, "place"), d.Place)
		}
		for k, t := range d.Trainers {
			setID(dayField(i, "trainer."+strconv.Itoa(k)), t.PersonID)
			values.Set(dayField(i, "role."+strconv.Itoa(k)), string(t.Role))
		}
	}
	p.values = values
}

// What a form is sent for that is not to be saved yet.
const (
	addDay   = "add_day"
	sameDays = "same_days" // every day like the first
)

// wantsDays tells that the form was sent for its days only.
func (p *PlanForm) wantsDays() bool {
	do := p.PostForm.Get("do")
	return do == addDay || do == sameDays
}

// send takes what was typed: write saves the plan and gives the round's identity.
// Clashes that were not shown and accepted roll it back, and the form is shown
// again with them.
func (p *PlanForm) send(write func(tx *db.Tx, n planning.New) (int64, error)) (id int64, err error) {
	p.typed()
	if p.wantsDays() {
		return 0, p.Again()
	}
	n, err := p.plan()
	if err != nil {
		return 0, err
	}
	err = p.Write(func(tx *db.Tx) (err error) {
		if id, err = write(tx, n); err != nil {
			return err
		}
		if err = p.readClashes(tx, n, id); err != nil {
			return err
		}
		accepted := p.values.Get("anyway") == "on" && p.values.Get("clashes") == p.clashSignature()
		if len(p.clashes) > 0 && !accepted {
			return p.Again()
		}
		return nil
	})
	return id, err
}

// readClashes finds what speaks against the plan of the round (0: a new one).
func (p *PlanForm) readClashes(q db.Querier, n planning.New, id int64) error {
	all, err := planning.Clashes(p.Context(), q, p.Viewer, n, id, p.Today)
	p.clashes, p.advice = nil, nil
	for _, c := range all {
		if c.Kind.Advises() {
			p.advice = append(p.advice, c)
		} else {
			p.clashes = append(p.clashes, c)
		}
	}
	return err
}

// itself is the round that is changed, 0 for a new one.
func (p *PlanForm) itself() int64 {
	if p.edited == nil {
		return 0
	}
	return p.edited.ID
}

// readAhead finds what speaks against the days that have a date already, while the
// rest of the form may still be empty.
func (p *PlanForm) readAhead() error {
	n, err := p.plan()
	if err != nil && fault.Of(err) == nil {
		return err
	}
	all, err := planning.Clashes(p.Context(), p.Reader(), p.Viewer, n, p.itself(), p.Today)
	p.ahead = slices.DeleteFunc(all, func(c planning.Clash) bool { return c.On == 0 })
	return err
}

// clashesOf is what speaks against the day, in words.
func (p *PlanForm) clashesOf(i int) (words []string) {
	for _, c := range slices.Concat(p.clashes, p.ahead) {
		if c.Day == i {
			words = append(words, p.ClashWords(c))
		}
	}
	return words
}

// saved leads to the round, with what is worth knowing about its days.
func (p *PlanForm) saved(id int64, notice string, args ...string) error {
	if len(p.advice) == 0 {
		return p.Redirect(visit.RoundPath(id), notice, args...)
	}
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = a
	}
	words := []string{p.T(notice, said...)}
	for _, c := range p.advice {
		words = append(words, p.T("plan.mind", "What", p.ClashWords(c)))
	}
	return p.Redirect(visit.RoundPath(id), "notice.signup_many", "Words", strings.Join(words, " "))
}

// again fills the form with what was sent, and finds once more what there is to
// say of it: another day, what somebody else has saved meanwhile, or the clashes.
func (p *PlanForm) again() error {
	saved := p.values
	p.typed()
	if p.errs = p.Errs; p.errs != nil {
		p.nameRows()
	}
	switch {
	case p.wantsDays():
		if p.PostForm.Get("do") == sameDays {
			p.likeFirst()
		} else {
			p.addDay()
		}
		return p.readAhead()
	case p.Refused == nil:
		n, err := p.plan()
		if err == nil {
			err = p.readClashes(p.Reader(), n, p.itself())
		}
		return err
	case p.Refused.Kind == fault.KindConflict && p.edited != nil:
		p.compare(saved)
	}
	return nil
}

// nameRows says in the summary which day is meant.
func (p *PlanForm) nameRows() {
	names := []func(fault.Field) string{visit.Labelled(append(p.about(), p.signup()...)...)}
	for i := range p.days() {
		names = append(names, visit.Row(p.T("plan.day_n", "N", i+1), append(p.dayFields(i),
			ui.Field{Name: dayField(i, "trainers")}, ui.Field{Name: dayField(i, "email"), Label: p.T("local.leads_other")})...))
	}
	p.NameErrors(names...)
}

// clashSignature tells one set of clashes from another, so that nobody accepts
// one that they have not seen.
func (p *PlanForm) clashSignature() string {
	var parts []string
	for _, c := range p.clashes {
		parts = append(parts, fmt.Sprint(c.Kind, c.On, c.Name, c.RoundID, c.Starts))
	}
	return strings.Join(parts, "|")
}

func Plan(v *visit.Visit) error {
	region, err := planRegion(v)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.URL.Query().Get("course"))
	if errors.Is(err, fault.NotFound) {
		return fault.Invalid("course", "round.course_missing")
	}
	if err != nil {
		return err
	}
	p, err := newPlan(v, region, course)
	if err != nil {
		return err
	}
	id, err := p.send(func(tx *db.Tx, n planning.New) (int64, error) {
		return planning.Plan(v.Context(), tx, v.Viewer, n, v.Now)
	})
	if err != nil {
		return err
	}
	return p.saved(id, "notice.round_planned")
}

// page shows the form: as it was sent, when it is shown again.
func (p *PlanForm) page() error {
	if p.Sent {
		if err := p.again(); err != nil {
			return err
		}
	}
	crumbs := p.CrumbsOf(p.region, ui.Crumb{Label: p.T("round.title"), Href: visit.RoundsPath}, ui.Crumb{Label: p.title})
	if p.host.Local() {
		crumbs = p.LocalCrumbs(p.host.MunicipalityID, ui.Crumb{Label: p.title})
	}
	f := p.Frame(p.title, crumbs...)
	var err error
	if p.fee, err = p.tariff(); err != nil {
		return err
	}
	parts := []templ.Component{p.staleTable(), p.doneNotice(), ui.PageHead{Title: p.title, Lead: p.lead}.View(p.Lang), roundForm(p)}
	if len(p.clashes) > 0 { // the form says so itself
		f.Failed = true
		return p.PageStatus(http.StatusConflict, f, parts...)
	}
	return p.Page(f, parts...)
}

// ClashWords is one clash as a sentence.
func (p *PlanForm) ClashWords(c planning.Clash) string {
	with := c.Round
	switch {
	case with != "":
	case c.Kind == planning.TrainerMeets:
		with = p.T("plan.clash_meeting_elsewhere", "Region", c.Region)
	default:
		with = p.T("plan.clash_elsewhere", "Region", c.Region)
	}
	name := c.Name
	if c.Kind == planning.OnHoliday {
		name = p.T("round.holiday." + c.Name)
	}
	return p.T(c.Kind.Key(), "Day", p.Lang.ShortDay(c.On), "Name", name, "Round", with,
		"Hours", p.Lang.Hours(visit.Minutes(c.Starts), visit.Minutes(c.Ends)), "Seats", c.Seats)
}
