package web

import (
	"errors"
	"fmt"
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
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
	"yrkesresan/internal/web/ui"
)

// planForm is the form in which a round is planned, changed or copied. All that
// is typed stands in values, under the names that round.New's faults have
// ("days.0.day"), so that it comes back as it was.
type planForm struct {
	*Visit
	title  string
	lead   string
	action string // where the form is sent
	back   string
	button string

	region organisation.Organisation // zero: a national round
	course catalogue.Course
	edited *round.Detail // the round that is changed
	copied int64         // the round that is copied
	values url.Values

	rooms      []room.Room
	candidates []round.Candidate
	steps      []ui.Option
	fee        string // what the region's tariff says, in words

	refused error
	errs    ui.Errors
	clashes []round.Clash
	stale   []difference
	added   bool // a day was added: no outcome to show
}

// difference is what somebody else has saved meanwhile, and what was typed here.
type difference struct{ What, Saved, Typed string }

// errClashes rolls back a plan whose clashes have not been accepted.
var errClashes = errors.New("the plan clashes")

// fewTrainers is how many trainers a day's form has room for; one more than are
// chosen, and no fewer than the largest team.
const fewTrainers = 3

// newRound asks which course, and then for the plan.
func (s *Server) newRound(v *Visit) error {
	region, err := v.planRegion()
	if err != nil {
		return err
	}
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.URL.Query().Get("course"))
	if errors.Is(err, fault.NotFound) {
		return v.chooseCourse(region)
	}
	if err != nil {
		return err
	}
	p, err := v.newPlan(region, course)
	if err != nil {
		return err
	}
	return p.page()
}

// planRegion is the region in the address for those who manage its rounds; none
// for the national rounds of those who manage them.
func (v *Visit) planRegion() (organisation.Organisation, error) {
	if v.PathValue("region") != "" {
		return v.managedRegion()
	}
	if !access.ManageNationalRounds(v.Viewer) {
		return organisation.Organisation{}, fault.Forbidden
	}
	return organisation.Organisation{}, nil
}

// newRoundPath is where a round of the region is planned; the zero region is
// the nation.
func newRoundPath(region organisation.Organisation) string {
	if region.ID == 0 {
		return "/rounds/new"
	}
	return regionPath(region, "rounds/new")
}

// planAction leads to a new round of the office's own region, or a national one,
// for those who may plan it; nil for others.
func (v *Visit) planAction() *ui.Action {
	region, ok := v.region(v.Office())
	switch {
	case ok && access.ManageRounds(v.Viewer).Covers(region.Place()):
	case access.ManageNationalRounds(v.Viewer):
		region = organisation.Organisation{}
	default:
		return nil
	}
	return &ui.Action{Label: v.T("plan.new"), Href: newRoundPath(region)}
}

// chooseCourse is the one question before the form: its team and its days
// follow from the course.
func (v *Visit) chooseCourse(region organisation.Organisation) error {
	courses, err := catalogue.AllCourses(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	var options []ui.Option
	for _, c := range courses {
		options = append(options, ui.Option{Value: c.Slug, Label: c.Title()})
	}
	title := v.T("plan.new")
	f := v.Frame(title, v.crumbsOf(region, ui.Crumb{Label: v.T("rounds.title"), Href: "/rounds"}, ui.Crumb{Label: title})...)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title}.View(v.Lang),
		askOnce(v, newRoundPath(region), v.T("plan.go_on"), ui.Field{Input: ui.SelectInput, Name: "course", Label: v.T("plan.which_course"), Options: options}))
}

func (v *Visit) newPlan(region organisation.Organisation, course catalogue.Course) (*planForm, error) {
	p := &planForm{
		Visit: v, region: region, course: course, title: v.T("plan.new_of", "Course", course.Title()), lead: v.T("plan.lead"),
		action: strings.TrimSuffix(newRoundPath(region), "/new") + "?course=" + course.Slug, back: "/rounds", button: v.T("plan.save_new"),
	}
	if region.ID != 0 {
		p.back = regionPath(region, "plan")
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
func (p *planForm) read() (err error) {
	if p.candidates, err = round.Candidates(p.Context(), p.Reader(), p.Viewer, p.course.ID, p.region.ID, p.Today); err != nil {
		return err
	}
	if p.region.ID != 0 {
		if p.rooms, err = room.All(p.Context(), p.Reader(), p.Viewer, p.region.ID, p.Today); err != nil {
			return err
		}
	}
	if p.edited != nil { // who holds a day may have left the teams
		for _, d := range p.edited.CourseDays {
			for _, t := range d.Trainers {
				if !slices.ContainsFunc(p.candidates, func(c round.Candidate) bool { return c.PersonID == t.PersonID }) {
					p.candidates = append(p.candidates, round.Candidate{PersonID: t.PersonID, Name: t.Name, Municipality: t.Municipality})
				}
			}
		}
	}
	steps, err := catalogue.StepsOf(p.Context(), p.Reader(), p.course.ID)
	for _, s := range steps {
		p.steps = append(p.steps, ui.Option{Value: idString(s.ID), Label: s.Name})
	}
	return err
}

// typed takes what was sent, without the days that are to go.
func (p *planForm) typed() {
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

func (p *planForm) days() int {
	n, _ := strconv.Atoi(p.values.Get("days"))
	return n
}

// addDay adds a day like the last one, without its date.
func (p *planForm) addDay() {
	n := p.days()
	p.values.Set("days", strconv.Itoa(n+1))
	p.added = true
	if n == 0 {
		p.values.Set(dayField(0, "starts"), "09:00")
		p.values.Set(dayField(0, "ends"), "16:00")
		return
	}
	last := dayField(n-1, "")
	for name, value := range p.values {
		if rest, ours := strings.CutPrefix(name, last); ours && rest != "id" && rest != "day" {
			p.values[dayField(n, "")+rest] = slices.Clone(value)
		}
	}
}

// plan is what was typed as a plan. What is no day or number is a fault of its
// field; what the plan must be is for round to say.
func (p *planForm) plan() (round.New, error) {
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
		return p.optionalDay(&checks, strings.TrimSpace(p.values.Get(name)), name)
	}
	n := round.New{
		CourseID: p.course.ID, RegionID: p.region.ID, Label: p.values.Get("label"), Note: p.values.Get("note"),
		Capacity: number("capacity"), Minimum: number("minimum"), AcceptHours: number("accept_hours"),
		DecideOn: day("decide_on"), WithdrawUntil: day("withdraw_until"), StepID: id("step"), CopiedFrom: p.copied,
	}
	for i := range p.days() {
		field := dayField(i, "day")
		d := round.NewDay{
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
				d.Trainers = append(d.Trainers, round.NewTrainer{PersonID: who, Role: trainer.Role(p.values.Get(dayField(i, "role."+strconv.Itoa(k))))})
			}
		}
		n.Days = append(n.Days, d)
	}
	from, until := day("signup_from"), day("signup_until")
	if err := checks.Err(); err != nil {
		return n, err
	}
	if len(n.Days) > 0 {
		n.SignupFrom, n.SignupUntil = round.UsualWindow(n.Days[0].Day, p.Today)
	}
	if from != nil {
		n.SignupFrom = *from
	}
	if until != nil {
		n.SignupUntil = *until
	}
	if n.Label == "" && len(n.Days) > 0 {
		n.Label = round.UsualLabel(n.Days[0].Day)
	}
	return n, nil
}

// trainerRows is how many trainers the day's form has room for.
func (p *planForm) trainerRows(i int) int {
	chosen := 0
	for k := range 20 {
		if p.values.Get(dayField(i, "trainer."+strconv.Itoa(k))) != "" {
			chosen = k + 1
		}
	}
	return max(fewTrainers, chosen+1)
}

// take fills the form with a plan.
func (p *planForm) take(n round.New) {
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
			values.Set(name, idString(id))
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

// send takes what was typed. A button may have asked for another day only;
// otherwise write saves the plan and gives the round's identity. Clashes that
// were not shown and accepted roll it back. done tells that it is saved.
func (p *planForm) send(write func(tx *db.Tx, n round.New) (int64, error)) (id int64, done bool, err error) {
	p.typed()
	if p.PostForm.Get("do") == "add_day" {
		p.addDay()
		return 0, false, nil
	}
	n, err := p.plan()
	if err == nil {
		err = p.Write(func(tx *db.Tx) error {
			var err error
			if id, err = write(tx, n); err != nil {
				return err
			}
			if p.clashes, err = round.Clashes(p.Context(), tx, p.Viewer, n, id, p.Today); err != nil {
				return err
			}
			accepted := p.values.Get("anyway") == "on" && p.values.Get("clashes") == p.clashSignature()
			if len(p.clashes) > 0 && !accepted {
				return errClashes
			}
			return nil
		})
	}
	switch f := fault.Of(err); {
	case err == nil:
		return id, true, nil
	case errors.Is(err, errClashes):
		return 0, false, nil
	case f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict):
		p.refused, p.errs, p.clashes = err, ui.ErrorsOf(p.Lang, err), nil
		return 0, false, nil
	}
	return 0, false, err
}

// clashSignature tells one set of clashes from another, so that nobody accepts
// one that they have not seen.
func (p *planForm) clashSignature() string {
	var parts []string
	for _, c := range p.clashes {
		parts = append(parts, fmt.Sprint(c.Kind, c.On, c.Name, c.RoundID, c.Starts))
	}
	return strings.Join(parts, "|")
}

func (s *Server) planRound(v *Visit) error {
	region, err := v.planRegion()
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
	p, err := v.newPlan(region, course)
	if err != nil {
		return err
	}
	id, done, err := p.send(func(tx *db.Tx, n round.New) (int64, error) { return round.Plan(v.Context(), tx, v.Viewer, n, v.Now) })
	if err != nil {
		return err
	}
	if !done {
		return p.page()
	}
	return v.Redirect(roundPath(id), "notice.round_planned")
}

// editPlan is the form of the round in the address.
func (v *Visit) editPlan() (*planForm, error) {
	d, err := v.managedRound()
	if err != nil {
		return nil, err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), d.CourseID)
	if err != nil {
		return nil, err
	}
	p := &planForm{
		Visit: v, region: v.server.country[d.RegionID], course: course, edited: &d,
		title: v.T("plan.edit_of", "Course", d.Course, "Label", d.Label), lead: v.T("plan.edit_lead", "Count", d.Seats),
		action: roundPath(d.ID) + "/edit", back: roundPath(d.ID), button: v.T("plan.save"),
	}
	if d.CancelledAt != nil {
		return nil, fault.Conflict("round.is_cancelled")
	}
	p.take(round.PlanOf(d))
	p.values.Set("version", strconv.Itoa(d.Version))
	return p, p.read()
}

func (s *Server) editRound(v *Visit) error {
	p, err := v.editPlan()
	if err != nil {
		return err
	}
	return p.page()
}

func (s *Server) changePlan(v *Visit) error {
	p, err := v.editPlan()
	if err != nil {
		return err
	}
	saved := p.values
	id := p.edited.ID
	_, done, err := p.send(func(tx *db.Tx, n round.New) (int64, error) {
		if err := round.Edit(v.Context(), tx, v.Viewer, id, v.Number("version", 0), n, v.Now); err != nil {
			return id, err
		}
		return id, letter.After(v.Context(), tx, id, v.Now)
	})
	if err != nil {
		return err
	}
	if done {
		return v.Redirect(roundPath(id), "notice.round_changed")
	}
	if f := fault.Of(p.refused); f != nil && f.Kind == fault.KindConflict {
		p.compare(saved)
	}
	return p.page()
}

// compare lists what stands saved beside what was typed, and lets the next save
// be of the plan that stands now: knowingly.
func (p *planForm) compare(saved url.Values) {
	typed := p.values
	for _, name := range planFields {
		if was, is := strings.TrimSpace(saved.Get(name)), strings.TrimSpace(typed.Get(name)); was != is {
			p.stale = append(p.stale, difference{p.T("plan." + name), p.shown(name, was), p.shown(name, is)})
		}
	}
	was, is := p.daysInWords(saved), p.daysInWords(typed)
	for i := range max(len(was), len(is)) {
		d := difference{What: p.T("rounds.day_n", "N", i+1)}
		if i < len(was) {
			d.Saved = was[i]
		}
		if i < len(is) {
			d.Typed = is[i]
		}
		if d.Saved != d.Typed {
			p.stale = append(p.stale, d)
		}
	}
	ids := map[string]bool{}
	for i := range p.edited.CourseDays {
		ids[idString(p.edited.CourseDays[i].ID)] = true
	}
	for i := range p.days() {
		if !ids[typed.Get(dayField(i, "id"))] { // the other has left it out
			typed.Del(dayField(i, "id"))
		}
	}
	typed.Set("version", saved.Get("version"))
}

// planFields are the fields of a plan beside its days.
var planFields = []string{
	"label", "capacity", "minimum", "signup_from", "signup_until", "decide_on", "withdraw_until", "step", "accept_hours", "note",
}

// shown is a field's value for people.
func (p *planForm) shown(name, value string) string {
	if name == "step" {
		for _, o := range p.steps {
			if o.Value == value {
				return o.Label
			}
		}
	}
	if day, err := clock.ParseDay(value); err == nil {
		return p.Lang.Day(day)
	}
	return value
}

func (p *planForm) daysInWords(values url.Values) []string {
	count, _ := strconv.Atoi(values.Get("days"))
	words := make([]string, 0, count)
	for i := range count {
		get := func(name string) string { return values.Get(dayField(i, name)) }
		parts := []string{p.shown("day", get("day")) + " " + get("starts") + "–" + get("ends")}
		for _, r := range p.rooms {
			if idString(r.ID) == get("room") {
				parts = append(parts, r.Name)
			}
		}
		for _, name := range []string{"place", "link"} {
			if value := get(name); value != "" {
				parts = append(parts, value)
			}
		}
		for k := range 20 {
			for _, c := range p.candidates {
				if idString(c.PersonID) == get("trainer."+strconv.Itoa(k)) {
					parts = append(parts, c.Name+" ("+strings.ToLower(p.T(trainer.Role(get("role."+strconv.Itoa(k))).Key()))+")")
				}
			}
		}
		words = append(words, strings.Join(parts, ", "))
	}
	return words
}

// copyPlan is the form of a copy whose first day is the given one.
func (v *Visit) copyPlan(d round.Detail, first clock.Day) (*planForm, error) {
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), d.CourseID)
	if err != nil {
		return nil, err
	}
	p := &planForm{
		Visit: v, region: v.server.country[d.RegionID], course: course, copied: d.ID,
		title: v.T("plan.copy_of", "Course", d.Course, "Label", d.Label), lead: v.T("plan.copy_lead"),
		action: roundPath(d.ID) + "/copy?first=" + first.String(), back: roundPath(d.ID), button: v.T("plan.save_new"),
	}
	n := round.Copied(d, first)
	if d.Label == round.UsualLabel(d.FirstDay) {
		n.Label = round.UsualLabel(first)
	}
	p.edited = &d // its trainers may be chosen though they have left the teams
	if err := p.read(); err != nil {
		return nil, err
	}
	p.edited = nil
	p.take(n)
	return p, nil
}

// copyRound asks for the first day, then shows the whole plan moved to it.
func (s *Server) copyRound(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	text := strings.TrimSpace(v.URL.Query().Get("first"))
	first, err := clock.ParseDay(text)
	if err == nil && (first.Year() < 2000 || first.Year() > 2100) {
		err = fault.Invalid("first", "fault.day")
	}
	if err != nil {
		return v.askFirstDay(d, text)
	}
	p, err := v.copyPlan(d, first)
	if err != nil {
		return err
	}
	return p.page()
}

func (v *Visit) askFirstDay(d round.Detail, text string) error {
	title := v.T("plan.copy_of", "Course", d.Course, "Label", d.Label)
	f := v.Frame(title, v.roundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + d.Label, Href: roundPath(d.ID)})...)
	f.Reading = true
	var refused error
	first := ui.Field{
		Input: ui.DateInput, Name: "first", Label: v.T("plan.first_day"), Value: text,
		Hint: v.T("plan.first_day_hint", "Day", v.Lang.ShortDay(d.FirstDay), "Count", d.Days),
	}
	if text == "" {
		first.Value = (d.FirstDay + 26*7).String() // half a year on, the same weekday
	} else {
		refused = fault.Invalid("first", "fault.day")
		first.Error, f.Failed = v.T("fault.day"), true
	}
	return v.PageStatus(statusAfter(refused), f, ui.ErrorsOf(v.Lang, refused).View(v.Lang),
		ui.PageHead{Title: title, Lead: v.T("plan.copy_lead")}.View(v.Lang),
		askOnce(v, roundPath(d.ID)+"/copy", v.T("plan.go_on"), first))
}

func (s *Server) planCopy(v *Visit) error {
	d, err := v.managedRound()
	if err != nil {
		return err
	}
	first, err := clock.ParseDay(v.URL.Query().Get("first"))
	if err != nil {
		return v.askFirstDay(d, "?")
	}
	p, err := v.copyPlan(d, first)
	if err != nil {
		return err
	}
	id, done, err := p.send(func(tx *db.Tx, n round.New) (int64, error) { return round.Plan(v.Context(), tx, v.Viewer, n, v.Now) })
	if err != nil {
		return err
	}
	if !done {
		return p.page()
	}
	return v.Redirect(roundPath(id), "notice.round_copied")
}

// page shows the form as it stands.
func (p *planForm) page() error {
	crumbs := p.crumbsOf(p.region, ui.Crumb{Label: p.T("rounds.title"), Href: "/rounds"}, ui.Crumb{Label: p.title})
	f := p.Frame(p.title, crumbs...)
	f.Failed = p.refused != nil || len(p.clashes) > 0
	status := statusAfter(p.refused)
	var err error
	if p.fee, err = p.tariff(); err != nil {
		return err
	}
	if len(p.clashes) > 0 {
		status = http.StatusConflict
	}
	return p.PageStatus(status, f,
		p.errs.View(p.Lang),
		p.staleNotice(),
		ui.PageHead{Title: p.title, Lead: p.lead}.View(p.Lang),
		planning(p),
	)
}

// tariff is what a participant costs on the first course day, today while it is
// not typed; empty for national rounds.
func (p *planForm) tariff() (string, error) {
	kind := p.course.TariffKind
	if p.edited != nil {
		kind = p.edited.TariffKind
	}
	switch {
	case p.region.ID == 0:
		return "", nil
	case kind == "":
		return p.T("plan.free"), nil
	}
	first, err := clock.ParseDay(strings.TrimSpace(p.values.Get(dayField(0, "day"))))
	if err != nil {
		first = p.Today
	}
	tariff, err := economy.TariffOn(p.Context(), p.Reader(), p.region.ID, kind, first)
	if fault.Of(err) != nil {
		return p.T("plan.no_tariff"), nil
	}
	return p.T("plan.tariff", "Fee", tariff.Fee, "Pot", tariff.PerParticipant), err
}

// staleNotice tells the second of two editors what the first has saved.
func (p *planForm) staleNotice() templ.Component {
	if len(p.stale) == 0 {
		return conflict(p.Visit, p.refused)
	}
	t := ui.Table{
		ID: "stale", Caption: p.T("plan.stale_differs"), Dense: true,
		Columns: []ui.Column{{Label: p.T("plan.stale_what")}, {Label: p.T("plan.stale_saved")}, {Label: p.T("plan.stale_typed")}},
	}
	for _, d := range p.stale {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(d.What), ui.Text(d.Saved), ui.Text(d.Typed)}})
	}
	return templ.Join(conflict(p.Visit, p.refused), t.View(p.Lang))
}

// field is a question of the form with what was typed and what is wrong.
func (p *planForm) field(f ui.Field) ui.Field {
	f.Value, f.Error = p.values.Get(f.Name), p.errs.For(f.Name)
	return f
}

func (p *planForm) about() []ui.Field {
	fields := []ui.Field{
		{Name: "label", Label: p.T("plan.label"), Hint: p.T("plan.label_hint"), Optional: true},
		{Input: ui.NumberInput, Name: "capacity", Label: p.T("plan.capacity"), Short: true},
		{Input: ui.NumberInput, Name: "minimum", Label: p.T("plan.minimum"), Hint: p.T("plan.minimum_hint"), Short: true},
		{
			Input: ui.SelectInput, Name: "step", Label: p.T("plan.step"), Hint: p.T("plan.step_hint"), Optional: true,
			Options: append([]ui.Option{{Label: p.T("plan.step_all")}}, p.steps...),
		},
	}
	return p.filled(fields)
}

func (p *planForm) signup() []ui.Field {
	return p.filled([]ui.Field{
		{Input: ui.DateInput, Name: "signup_from", Label: p.T("plan.signup_from"), Hint: p.T("plan.signup_from_hint"), Optional: true},
		{Input: ui.DateInput, Name: "signup_until", Label: p.T("plan.signup_until"), Hint: p.T("plan.signup_until_hint"), Optional: true},
		{Input: ui.DateInput, Name: "decide_on", Label: p.T("plan.decide_on"), Hint: p.T("plan.decide_on_hint"), Optional: true},
		{Input: ui.DateInput, Name: "withdraw_until", Label: p.T("plan.withdraw_until"), Hint: p.T("plan.withdraw_until_hint"), Optional: true},
		{Input: ui.NumberInput, Name: "accept_hours", Label: p.T("plan.accept_hours"), Hint: p.T("plan.accept_hours_hint"), Unit: p.T("plan.hours"), Short: true},
	})
}

func (p *planForm) filled(fields []ui.Field) []ui.Field {
	for i := range fields {
		fields[i] = p.field(fields[i])
	}
	return fields
}

func (p *planForm) note() ui.Field {
	return p.field(ui.Field{Input: ui.TextareaInput, Name: "note", Label: p.T("plan.note"), Hint: p.T("plan.note_hint"), Optional: true})
}

// dayFields are when and where a day is.
func (p *planForm) dayFields(i int) []ui.Field {
	fields := []ui.Field{
		{Input: ui.DateInput, Name: dayField(i, "day"), Label: p.T("plan.day")},
		{Input: ui.TimeInput, Name: dayField(i, "starts"), Label: p.T("plan.starts")},
		{Input: ui.TimeInput, Name: dayField(i, "ends"), Label: p.T("plan.ends")},
	}
	if p.region.ID != 0 {
		rooms := []ui.Option{{Label: p.T("plan.no_room")}}
		for _, r := range p.rooms {
			if r.ClosedOn != nil && *r.ClosedOn <= p.Today && idString(r.ID) != p.values.Get(dayField(i, "room")) {
				continue
			}
			rooms = append(rooms, ui.Option{Value: idString(r.ID), Label: p.T("plan.room_option", "Name", r.Name, "Count", r.Seats)})
		}
		fields = append(fields, ui.Field{Input: ui.SelectInput, Name: dayField(i, "room"), Label: p.T("plan.room"), Options: rooms})
	}
	return p.filled(append(fields,
		ui.Field{Name: dayField(i, "place"), Label: p.T("plan.place"), Optional: true},
		ui.Field{Name: dayField(i, "link"), Label: p.T("plan.link"), Optional: true},
	))
}

// trainerFields are who holds a day, in pairs of person and role.
func (p *planForm) trainerFields(i int) [][2]ui.Field {
	people := []ui.Option{{Label: p.T("plan.nobody")}}
	for _, c := range p.candidates {
		where := c.Municipality
		if where == "" {
			where = "RSS"
		}
		switch {
		case !c.InTeam:
			where += ", " + p.T("plan.other_team")
		case !c.Ready:
			where += ", " + p.T("plan.not_ready")
		}
		people = append(people, ui.Option{Value: idString(c.PersonID), Label: c.Name + " (" + where + ")"})
	}
	roles := []ui.Option{
		{Value: string(trainer.Assistant), Label: p.T(trainer.Assistant.Key())}, {Value: string(trainer.Lead), Label: p.T(trainer.Lead.Key())},
	}
	var rows [][2]ui.Field
	for k := range p.trainerRows(i) {
		n := strconv.Itoa(k)
		rows = append(rows, [2]ui.Field{
			p.field(ui.Field{Input: ui.SelectInput, Name: dayField(i, "trainer."+n), Label: p.T("plan.trainer_n", "N", k+1), Options: people}),
			p.field(ui.Field{Input: ui.SelectInput, Name: dayField(i, "role."+n), Label: p.T("plan.role_n", "N", k+1), Options: roles}),
		})
	}
	return rows
}

// isHeld tells whether the day's attendance is saved, so that it stays.
func (p *planForm) isHeld(i int) bool {
	return p.edited != nil && slices.ContainsFunc(p.edited.CourseDays, func(d round.Day) bool {
		return d.HeldAt != nil && idString(d.ID) == p.values.Get(dayField(i, "id"))
	})
}

// clashWords is one clash as a sentence.
func (p *planForm) clashWords(c round.Clash) string {
	with := c.Round
	switch {
	case with != "":
	case c.Kind == round.TrainerMeets:
		with = p.T("plan.clash_meeting_elsewhere", "Region", c.Region)
	default:
		with = p.T("plan.clash_elsewhere", "Region", c.Region)
	}
	name := c.Name
	if c.Kind == round.OnHoliday {
		name = p.T("round.holiday." + c.Name)
	}
	return p.T(c.Kind.Key(), "Day", p.Lang.ShortDay(c.On), "Name", name, "Round", with,
		"Hours", p.Lang.Hours(minutes(c.Starts), minutes(c.Ends)), "Seats", c.Seats)
}

// eventNote is what an event adds: a reason as it was written, or the names of
// the fields of a plan that were changed.
func (v *Visit) eventNote(e round.Event) string {
	if e.Kind != round.WasChanged {
		return e.Reason
	}
	var words []string
	for _, field := range strings.Split(e.Reason, ", ") {
		words = append(words, v.T("plan."+field))
	}
	return strings.Join(words, ", ")
}
