package study

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/improvement"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/material"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/web/handouts"
	webimprovement "yrkesresan/internal/web/improvement"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// coursePage is a course as the visitor takes it.
type coursePage struct {
	*visit.Visit
	course  catalogue.Course
	study   learning.Study
	seat    *seat.Seat
	open    []round.Round // to sign up for, when they have no seat
	waits   *seat.Request // in the queue of one of them
	wishing int64         // their own wish for the course, 0 for none
	papers  []material.Material
	given   catalogue.Delivery // how the visitor's region gives it
}

// courseInAddress is the course with the visitor's seat and progress in it.
func courseInAddress(v *visit.Visit) (*coursePage, error) {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return nil, err
	}
	p := &coursePage{Visit: v, course: course}
	if course.Days > 0 {
		if p.seat, err = seat.SeatIn(v.Context(), v.Reader(), v.Viewer, course.ID); err != nil {
			return nil, err
		}
	}
	p.study, err = learning.StudyOf(v.Context(), v.Reader(), v.Viewer, course, p.seat.Edition(), v.Today)
	return p, err
}

// CoursePage is the course as one thing: preparation, course days, follow-up,
// what is left of it and what to do now.
func CoursePage(v *visit.Visit) error {
	p, err := courseInAddress(v)
	if err != nil {
		return err
	}
	if err := p.read(); err != nil {
		return err
	}
	next, err := p.next()
	if err != nil {
		return err
	}
	f := v.Frame(p.course.Title(), ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: p.course.Short()})
	f.Reading = true
	tag := p.status()
	head := ui.PageHead{Title: p.course.Title(), Tag: &tag}
	if p.study.CompletionID != 0 {
		head.Others = []ui.Action{{Label: v.T("learning.certificate.open"), Href: visit.CourseCertificatePath(p.study.CompletionID), Kind: ui.Secondary}}
	}
	teaching, err := p.teaching()
	if err != nil {
		return err
	}
	if p.study.Completed != nil {
		head.Others = append(head.Others, teaching...)
		teaching = nil
	}
	lifetime, err := p.lifetime()
	if err != nil {
		return err
	}
	tries, err := trial.OnCourse(v, p.study)
	if err != nil {
		return err
	}
	if len(tries) > 1 { // with the next thing of its own
		next = templ.NopComponent
	}
	parts := append(append([]templ.Component{head.View(v.Lang), lifetime}, tries...), next, p.editionNote())
	if p.study.Begun || p.study.Completed != nil {
		told, err := webimprovement.OnCourse(v, p.course)
		if err != nil {
			return err
		}
		parts = append(parts, told...)
	}
	if p.study.Content != nil {
		about := ui.Markup(p.study.Content.HTML(p.study.Content.About, v.Lang.Code()))
		if p.study.Begun { // they know
			about = ui.Fold(v.T("learning.about"), about)
		}
		parts = append(parts, about)
	}
	if all := p.phases(); len(all) > 0 && !p.closed() {
		parts = append(parts, phases(all))
	}
	if lines := handouts.MaterialLines(p.Visit, p.papers, material.Participants); len(lines) > 0 {
		parts = append(parts, ui.Section("material", v.T("material.title"), ui.MaterialList(v.Lang, lines)))
	}
	base, err := webimprovement.BuildsOn(v, p.course.ID)
	if err != nil {
		return err
	}
	if base != nil {
		parts = append(parts, base)
	}
	links, err := p.links()
	if err != nil {
		return err
	}
	if links = append(links, teaching...); len(links) > 0 {
		parts = append(parts, ui.Links(links))
	}
	return v.Page(f, append(parts, LearnScript(v))...)
}

// teaching is the way to say that one would like to teach the course, for those who may: at the top for who has
// completed it, and last for the others.
func (p *coursePage) teaching() ([]ui.Action, error) {
	if p.course.Days == 0 {
		return nil, nil
	}
	err := recruitment.May(p.Context(), p.Reader(), p.Viewer, p.course.ID, p.Today)
	switch {
	case err == nil:
		return []ui.Action{{Label: p.T("comings.offer_link"), Href: address.CourseTeaching(p.course.Slug), Kind: ui.Secondary}}, nil
	case fault.Of(err) != nil: // the page that takes it says why not
		err = nil
	}
	return nil, err
}

// links are the ways on that stand last.
func (p *coursePage) links() ([]ui.Action, error) {
	if !p.study.Begun && p.study.Completed == nil && p.seat == nil && !p.Viewer.Trainer {
		return nil, nil
	}
	may, err := improvement.MaySay(p.Context(), p.Reader(), p.Viewer, p.course.ID, p.Today)
	if err != nil || !may {
		return nil, err
	}
	return []ui.Action{{Label: p.T("improvement.say_link"), Href: visit.CoursePath(p.course.Slug, "feedback")}}, nil
}

// read finds what there is to sign up for, or the material of one's own round.
func (p *coursePage) read() (err error) {
	ctx, q := p.Context(), p.Reader()
	if region := p.Viewer.Home.RegionID; region != 0 {
		if p.given, err = catalogue.DeliveryOn(ctx, q, p.course.ID, region, p.Today); err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
	}
	if p.seat != nil && p.seat.EditionID != 0 {
		if p.papers, err = material.List(ctx, q, p.Viewer, p.seat.EditionID); err != nil {
			return err
		}
	}
	if p.seat != nil && !p.missed() {
		return nil
	}
	if p.course.Days == 0 || p.study.Completed != nil {
		return nil
	}
	if p.open, err = seat.NextOf(ctx, q, p.Viewer, p.course.ID, 0, p.Today, 3); err != nil {
		return err
	}
	if len(p.open) == 0 {
		wishes, err := seat.MyInterests(ctx, q, p.Viewer)
		for _, w := range wishes {
			if w.CourseID == p.course.ID {
				p.wishing = w.ID
			}
		}
		return err
	}
	queue, err := seat.MyQueue(ctx, q, p.Viewer)
	for i, e := range queue {
		if slices.ContainsFunc(p.open, func(r round.Round) bool { return r.ID == e.RoundID }) {
			p.waits = &queue[i]
		}
	}
	return err
}

// missed tells whether the visitor was away from a day of a round that is over:
// they need another one.
func (p *coursePage) missed() bool {
	return p.seat != nil && p.study.Completed == nil && p.seat.LastDay < p.Today &&
		slices.ContainsFunc(p.seat.Days, func(d seat.SeatDay) bool { return d.Mark != "" && !d.Mark.Attended() })
}

// status is where the visitor stands with the course, as a word.
func (p *coursePage) status() ui.Tag {
	switch {
	case p.study.Completed != nil:
		return ui.Tag{Word: p.T("journey.my_courses.done_on", "Day", *p.study.Completed), Tone: ui.Positive}
	case p.study.Begun || p.seat != nil && p.seat.FirstDay <= p.Today:
		return ui.Tag{Word: p.T("journey.my_courses.under_way"), Tone: ui.Info}
	case p.seat != nil:
		return ui.Tag{Word: p.T("learning.booked"), Tone: ui.Info}
	}
	if p.closed() {
		return ui.Tag{Word: p.T("lifetime.retired")}
	}
	if p.study.Web() && len(p.study.Tasks) == 0 {
		return ui.Tag{Word: p.T("journey.not_yet")}
	}
	return ui.Tag{Word: p.T("journey.my_courses.not_begun")}
}

// editionNote tells those who are under way that there is a newer edition, and
// that it is not theirs; and those who are done which they took.
func (p *coursePage) editionNote() templ.Component {
	switch {
	case p.study.Withdrawn != nil: // which says so itself
	case p.study.Completed != nil && p.study.CompletedEdition != 0 && p.study.CompletedEdition < p.study.Newest:
		return ui.Notice{Tone: ui.Info, Title: p.T("learning.edition_since"), Text: p.T("learning.edition_since_help", "Own", p.study.CompletedEdition, "Newest", p.study.Newest)}.View(p.Lang)
	case p.study.Completed == nil && p.study.Content != nil && !p.study.Begun && p.study.Edition.Number < p.study.Newest:
		return ui.Notice{Tone: ui.Info, Title: p.T("learning.edition_round"), Text: p.T("learning.edition_round_help", "Own", p.study.Edition.Number)}.View(p.Lang)
	case p.study.Completed == nil && p.study.Content != nil && p.study.Edition.Number < p.study.Newest:
		return ui.Notice{Tone: ui.Info, Title: p.T("learning.edition_new"), Text: p.T("learning.edition_new_help", "Own", p.study.Edition.Number)}.View(p.Lang)
	}
	return templ.NopComponent
}

// next is the one thing to do now.
func (p *coursePage) next() (templ.Component, error) {
	before, after := p.study.Phase(catalogue.Preparation), p.study.Phase(catalogue.FollowUp)
	during := p.study.Phase(catalogue.During)
	var coming *seat.SeatDay
	if p.seat != nil {
		coming = p.seat.Coming(p.Today)
	}
	if asked, err := p.askedOwnWord(); asked != nil || err != nil {
		return asked, err
	}
	switch {
	case p.study.Completed != nil:
		return p.nextWhenDone()
	case p.closed():
		return templ.NopComponent, nil
	case p.study.Web():
		if t := learning.Next(p.study.Tasks); t != nil {
			return p.doTask(t), nil
		}
		return ui.Notice{Tone: ui.Info, Title: p.T("learning.nothing_here"), Text: p.T("learning.nothing_here_help")}.View(p.Lang), nil
	case p.seat == nil || p.missed():
		return p.nextWithoutSeat(learning.Next(before)), nil
	case coming != nil && coming.Day.Day == p.Today:
		return ui.NextThing{
			Sentence: p.T("learning.today", "When", p.Lang.Hours(visit.Minutes(coming.Starts), visit.Minutes(coming.Ends))), Help: coming.Place,
			Action: &ui.Action{Label: p.T("attendance.check_in.check_in_today"), Href: visit.CheckInPage},
		}.View(p.Lang), nil
	case learning.Next(before) != nil:
		return p.doTask(learning.Next(before)), nil
	case coming != nil:
		return ui.NextThing{
			Sentence: p.T("learning.coming", "When", p.Lang.DayHours(coming.Day.Day, visit.Minutes(coming.Starts), visit.Minutes(coming.Ends))), Help: coming.Place,
			Action: &ui.Action{Label: p.T("journey.next_course_day_do"), Href: visit.RoundPath(p.seat.RoundID)},
		}.View(p.Lang), nil
	case learning.Next(during) != nil:
		return p.doTask(learning.Next(during)), nil
	case learning.Next(after) != nil:
		return p.doTask(learning.Next(after)), nil
	}
	return ui.Notice{Tone: ui.Info, Title: p.T("learning.waiting_approval"), Text: p.T("learning.waiting_approval_help")}.View(p.Lang), nil
}

// doTask is the task to do as the next thing.
func (p *coursePage) doTask(t *learning.Task) templ.Component {
	n := ui.NextThing{
		Sentence: t.Title.In(p.Lang.Code()), Help: taskNote(p.Visit, t.Task),
		Action: &ui.Action{Label: p.T("learning.begin_task"), Href: visit.TaskPath(p.course.Slug, t.Key)},
	}
	if t.Begun() || p.study.Begun {
		n.Action.Label = p.T("learning.go_on")
	}
	if due := p.due(t.Phase); due != nil {
		n.Help += ". " + p.dueSentence(*due)
	}
	return n.View(p.Lang)
}

func (p *coursePage) nextWhenDone() (templ.Component, error) {
	if after := learning.Next(p.study.Phase(catalogue.FollowUp)); after != nil && p.study.Begun {
		return p.doTask(after), nil
	}
	answered, err := survey.Answered(p.Context(), p.Reader(), p.Viewer, p.Viewer.PersonID)
	if err != nil || answered[p.course.ID] || *p.study.Completed < p.Today-journey.Lately {
		return templ.NopComponent, err
	}
	return ui.NextThing{
		Sentence: p.T("journey.my_courses.next_evaluation", "Course", p.course.Title()), Help: p.T("journey.my_courses.next_evaluation_help"),
		Action: &ui.Action{Label: p.T("journey.my_courses.evaluate"), Href: visit.EvaluationPath(p.course.Slug)},
	}.View(p.Lang), nil
}

// nextWithoutSeat is to sign up, when there is something to sign up for; the
// preparation can be begun meanwhile.
func (p *coursePage) nextWithoutSeat(task *learning.Task) templ.Component {
	if p.waits != nil {
		return ui.NextThing{
			Sentence: p.T("learning.in_queue", "Days", p.Lang.Days(p.waits.FirstDay, p.waits.LastDay)),
			Action:   &ui.Action{Label: p.T("journey.my_courses.see_round"), Href: visit.RoundPath(p.waits.RoundID)},
		}.View(p.Lang)
	}
	for _, r := range p.open {
		if r.Bookable(p.Today) {
			return ui.NextThing{
				Sentence: p.T("learning.bookable", "Days", p.Lang.Days(r.FirstDay, r.LastDay)), Help: p.T("signup.next_round", "Label", r.Label, "Count", r.Free()),
				Action: &ui.Action{Label: p.T("learning.to_booking"), Href: visit.RoundPath(r.ID)},
			}.View(p.Lang)
		}
	}
	if task != nil {
		return p.doTask(task)
	}
	return templ.NopComponent
}

// due is the day by which the phase's tasks should be done; nil when nobody
// knows, or there is none.
func (p *coursePage) due(phase catalogue.Phase) *clock.Day {
	if p.seat == nil || p.study.Content == nil || p.study.Web() {
		return nil
	}
	return learning.Due(p.study.Content.Rules, phase, p.seat.FirstDay, p.seat.LastDay)
}

func (p *coursePage) dueSentence(due clock.Day) string {
	if due < p.Today {
		return p.T("learning.was_due", "Day", p.Lang.ShortDay(due))
	}
	return p.T("learning.due", "Day", p.Lang.ShortDay(due))
}

// phaseView is a phase as the page shows it.
type phaseView struct {
	id, title, class string
	tag              ui.Tag
	lines            []string
	parts            []templ.Component
	label            string // above the tasks, where something else stands before them
	tasks            []taskLine
}

// taskLine is a task in the list of its phase.
type taskLine struct {
	title, href, note string
	tag               ui.Tag
}

func (p *coursePage) phases() (all []phaseView) {
	if tasks := p.study.Phase(catalogue.Preparation); len(tasks) > 0 {
		all = append(all, p.phase(catalogue.Preparation, tasks))
	}
	if p.study.Web() {
		if tasks := p.study.Phase(catalogue.During); len(tasks) > 0 {
			all = append(all, p.phase(catalogue.During, tasks))
		}
	} else {
		all = append(all, p.days())
	}
	if tasks := p.study.Phase(catalogue.FollowUp); len(tasks) > 0 {
		all = append(all, p.phase(catalogue.FollowUp, tasks))
	}
	return all
}

// phase is one that is made of tasks.
func (p *coursePage) phase(phase catalogue.Phase, tasks []learning.Task) phaseView {
	view := phaseView{id: "phase-" + string(phase), title: p.phaseTitle(phase), tasks: p.taskLines(tasks)}
	left, required := learning.Left(tasks), 0
	for _, t := range tasks {
		if !t.Optional {
			required++
		}
	}
	due := p.due(phase)
	late := due != nil && *due < p.Today && left > 0 && p.study.Completed == nil
	switch {
	case left == 0:
		view.tag, view.class = ui.Tag{Word: p.T("learning.status.done"), Tone: ui.Positive}, "done"
	case late:
		view.tag = ui.Tag{Word: p.T("learning.late"), Tone: ui.Caution}
	case left < required:
		view.tag = ui.Tag{Word: p.T("learning.done_of", "Done", required-left, "All", required), Tone: ui.Info}
	default:
		view.tag = ui.Tag{Word: p.T("learning.tasks", "Count", required)}
	}
	if left == 0 || p.study.Completed != nil {
		return view
	}
	if phase == catalogue.FollowUp && !p.study.Web() && (p.seat == nil || p.seat.LastDay >= p.Today) {
		view.lines = append(view.lines, p.T("learning.after_the_day"))
	}
	minutes := learning.Minutes(tasks)
	if left == required && phase != catalogue.During { // nothing is done: what the edition says
		minutes = p.study.Content.MinutesOf(phase)
	}
	if minutes > 0 {
		view.lines = append(view.lines, p.T("learning.minutes_left", "Count", minutes))
	}
	switch {
	case due != nil:
		view.lines = append(view.lines, p.dueSentence(*due))
	case p.study.Web():
	case phase == catalogue.Preparation && p.study.Content.Rules.PreparationDays > 0:
		view.lines = append(view.lines, p.T("learning.due_before", "Count", p.study.Content.Rules.PreparationDays))
	case phase == catalogue.FollowUp && p.study.Content.Rules.FollowUpDays > 0:
		view.lines = append(view.lines, p.T("learning.due_after", "Count", p.study.Content.Rules.FollowUpDays))
	}
	if !p.study.Web() && learning.GateOf(p.study.Content.Rules, phase, false) == catalogue.Require {
		view.lines = append(view.lines, p.T("learning.required_"+string(phase)))
	}
	return view
}

func (p *coursePage) phaseTitle(phase catalogue.Phase) string {
	if phase == catalogue.During && !p.study.Web() {
		return p.T("learning.phase_days")
	}
	return p.T("learning.phase_" + string(phase))
}

func (p *coursePage) taskLines(tasks []learning.Task) (lines []taskLine) {
	for _, t := range tasks {
		line := taskLine{title: t.Title.In(p.Lang.Code()), href: visit.TaskPath(p.course.Slug, t.Key), note: taskNote(p.Visit, t.Task), tag: ui.Tag{Word: p.T(t.Status().Key())}}
		switch t.Status() {
		case learning.Done:
			line.tag.Tone = ui.Positive
		case learning.Begun:
			line.tag.Tone = ui.Info
		case learning.NotBegun:
		}
		lines = append(lines, line)
	}
	return lines
}

// taskNote is what sort of task it is and how long it takes.
func taskNote(v *visit.Visit, t *catalogue.Task) string {
	words := []string{v.T("learning.kind_" + string(t.Kind))}
	if t.Minutes > 0 {
		words = append(words, v.T("learning.minutes", "Count", t.Minutes))
	}
	if t.Optional {
		words = append(words, v.T("learning.optional"))
	}
	return strings.Join(words, ", ")
}

// seatDayLine is a course day of one's own seat.
type seatDayLine struct {
	when, place, link, linkWord string
	tag                         ui.Tag
}

// days are the course days: one's own, or those to sign up for.
func (p *coursePage) days() phaseView {
	view := phaseView{id: "phase-course", title: p.phaseTitle(catalogue.During), tasks: p.taskLines(p.study.Phase(catalogue.During))}
	view.tag = ui.Tag{Word: p.T("round.days", "Count", p.course.Days)}
	if p.study.Content == nil && p.study.Edition.ID != 0 && p.study.Completed == nil {
		view.lines = append(view.lines, p.T("learning.no_tasks"))
	}
	if p.given == catalogue.National || p.given == catalogue.Web {
		view.lines = append(view.lines, p.T("learning.given_"+string(p.given), "Region", p.Server.Country[p.Viewer.Home.RegionID].Name))
	}
	if p.missed() {
		view.lines = append(view.lines, p.T("learning.missed"))
	}
	if len(view.tasks) > 0 {
		view.label = p.T("learning.tasks_of_days", "Count", p.course.Days)
	}
	if p.seat != nil {
		p.ownDays(&view)
	}
	switch {
	case p.seat != nil && !p.missed():
	case p.study.Completed != nil:
		view.tag, view.class = ui.Tag{Word: p.T("learning.status.done"), Tone: ui.Positive}, "done"
	case p.waits != nil:
		view.lines = append(view.lines, p.T("learning.in_queue", "Days", p.Lang.Days(p.waits.FirstDay, p.waits.LastDay)))
	case p.study.Retired.On(p.Today):
	case len(p.open) == 0:
		view.lines = append(view.lines, p.T("learning.no_round"))
		view.parts = append(view.parts, p.wish())
	default:
		view.parts = append(view.parts, p.signUp())
	}
	return view
}

func (p *coursePage) ownDays(view *phaseView) {
	if p.seat.Attended() {
		view.tag, view.class = ui.Tag{Word: p.T("learning.attended"), Tone: ui.Positive}, "done"
	} else if d := p.seat.Coming(p.Today); d != nil {
		view.tag = ui.Tag{Word: p.T("learning.booked"), Tone: ui.Info}
	}
	var days []seatDayLine
	for _, d := range p.seat.Days {
		line := seatDayLine{when: p.Lang.DayHours(d.Day.Day, visit.Minutes(d.Starts), visit.Minutes(d.Ends)), place: d.Place, tag: ui.Tag{Word: p.T("learning.to_come")}}
		switch {
		case d.Mark != "":
			line.tag = ui.Tag{Word: p.T(d.Mark.Key()), Tone: ui.Caution}
			if d.Mark.Attended() {
				line.tag.Tone = ui.Positive
			}
		case d.Day.Day == p.Today:
			line.tag = ui.Tag{Word: p.T("learning.is_today"), Tone: ui.Info}
		case d.Day.Day < p.Today:
			line.tag.Word = p.T("learning.not_marked")
		}
		if d.Link != "" && d.Day.Day >= p.Today {
			line.link, line.linkWord = d.Link, p.T("learning.join_online")
		}
		days = append(days, line)
	}
	view.parts = append(view.parts, seatDays(days), ui.TextLink(p.T("learning.see_round"), visit.RoundPath(p.seat.RoundID)))
}

// signUp are the coming rounds of the course.
func (p *coursePage) signUp() templ.Component {
	var facts ui.Summary
	for _, r := range p.open {
		text, label := p.T("signup.next_round", "Label", r.Label, "Count", r.Free()), p.T("learning.to_booking")
		if !r.Bookable(p.Today) {
			text, label = text+". "+p.T("signup.opens", "Day", r.SignupFrom), p.T("journey.my_courses.see_round")
		}
		facts = append(facts, ui.Fact{Term: p.Lang.Days(r.FirstDay, r.LastDay), Slot: ui.Choices(ui.Paragraph(text), ui.Action{
			Label: label, About: r.Label, Href: visit.RoundPath(r.ID), Kind: ui.Secondary, Small: true,
		}.View(p.Lang))})
	}
	return facts.View(p.Lang)
}

// wish takes the visitor's wish for the course while there is no date.
func (p *coursePage) wish() templ.Component {
	if p.wishing != 0 {
		return templ.Join(ui.Paragraph(p.T("signup.wished")), ui.Choices(ui.Action{
			Label: p.T("signup.unwish_do"), Href: visit.UnwishPath(p.wishing), Post: true, Kind: ui.Secondary,
		}.View(p.Lang)))
	}
	return templ.Join(ui.Paragraph(p.T("signup.wish_help")), ui.Choices(ui.Action{
		Label: p.T("signup.wish_do"), Href: visit.WishesPath(p.course.Slug), Post: true, Kind: ui.Secondary,
		Hidden: []ui.Hidden{{Name: "person", Value: visit.ID(p.Viewer.PersonID)}, {Name: "back", Value: visit.CoursePath(p.course.Slug)}},
	}.View(p.Lang)))
}
