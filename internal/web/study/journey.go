package study

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/journey"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/production"
	"yrkesresan/internal/seat"
	webproduction "yrkesresan/internal/web/production"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// journeyPage is somebody's own way, for people with a phone and ten minutes.
type journeyPage struct {
	*visit.Visit
	journey.Way
	wishes  []seat.Interest // courses wanted without a date
	levels  []learning.Passed
	planned []production.Planned // that come in one's journeys
}

// MyJourney is where one is, the one next thing to do, what comes, and what one
// has done.
func MyJourney(v *visit.Visit) error {
	p := journeyPage{Visit: v}
	var err error
	if p.Way, err = journey.Of(v.Context(), v.Reader(), v.Viewer, v.Now); err != nil {
		return err
	}
	if p.Wishes {
		if p.wishes, err = seat.MyInterests(v.Context(), v.Reader(), v.Viewer); err != nil {
			return err
		}
	}
	if p.Leveled {
		if p.levels, err = learning.Levels(v.Context(), v.Reader(), v.Viewer, v.Viewer.PersonID, v.Today); err != nil {
			return err
		}
	}
	journeys := make([]int64, len(p.Steps))
	for i, s := range p.Steps {
		journeys[i] = s.JourneyID
	}
	if p.planned, err = production.Coming(v.Context(), v.Reader(), journeys); err != nil {
		return err
	}
	f := v.Frame(v.T("journey.title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{Title: v.T("journey.title")}.View(v.Lang)}
	parts = append(parts, p.next())
	for _, step := range p.Steps {
		steps, err := catalogue.Steps(v.Context(), v.Reader(), step.JourneyID)
		if err != nil {
			return err
		}
		parts = append(parts, p.way(step, steps))
	}
	parts = append(parts, p.coming(), p.inLine(), p.needs())
	return v.Page(f, append(parts, p.done(), p.others(), ui.Ways(v.T("start.ways"), []ui.NavItem{
		{Label: v.T("ui.my_page"), Href: visit.MyPagePath}, {Label: v.T("calendar.title"), Href: visit.CalendarPath},
		{Label: v.T("improvement.my_wishes"), Href: address.MyWishes}, {Label: v.T("production.title"), Href: address.Production},
	}))...)
}

// OldCourses leads the address of before to the page that took its place.
func OldCourses(v *visit.Visit) error {
	http.Redirect(v.W, v.Request, visit.MyJourneyPath, http.StatusMovedPermanently)
	return nil
}

// next is the one next thing, and in few words what else waits.
func (p *journeyPage) next() templ.Component {
	things := p.Things(p.Now)
	if len(p.Steps) == 0 && things[0].Kind == journey.Nothing {
		return ui.Empty{Picture: ui.PicturePath, Title: p.T("journey.no_journey"), Text: p.T("journey.no_journey_help")}.View(p.Lang)
	}
	parts := []templ.Component{NextThing(p.Visit, things[0]).View(p.Lang)}
	var rest []ui.NextThing
	for _, t := range things[1:] {
		switch t.Kind {
		case journey.CourseDay, journey.Preparation, journey.FollowUp: // they stand among what comes
			if t.Due == nil || *t.Due >= p.Today {
				continue
			}
		default:
		}
		rest = append(rest, NextThing(p.Visit, t))
	}
	if len(rest) > 0 {
		parts = append(parts, ui.Section("also", p.T("journey.also"), ui.TodoList(p.Lang, rest[:min(len(rest), visit.FewTodos)])))
	}
	return templ.Join(parts...)
}

// NextThing is a thing to do in words, with its button.
func NextThing(v *visit.Visit, t journey.Thing) ui.NextThing {
	course := t.Course.Title()
	word := func(href string, args ...any) ui.NextThing {
		args = append([]any{"Course", course}, args...)
		key := "journey.next_" + string(t.Kind)
		n := ui.NextThing{Sentence: v.T(key, args...), Action: &ui.Action{Label: v.T(key+"_do", args...), Href: href}}
		if v.Lang.Has(key + "_help") {
			n.Help = v.T(key+"_help", args...)
		}
		return n
	}
	task := func() ui.NextThing {
		n := word(visit.CoursePath(t.Course.Slug))
		n.Help = leftWords(v, t.Left)
		if t.Left.Next != nil {
			n.Action.Href = visit.TaskPath(t.Course.Slug, t.Left.Next.Key)
		}
		if !t.Course.Begun && t.Kind != journey.Task {
			n.Action.Label = v.T("journey.begin_" + string(t.Kind))
		}
		switch {
		case t.Due == nil:
		case *t.Due < v.Today:
			n.Help += " " + v.T("learning.was_due", "Day", v.Lang.ShortDay(*t.Due))
		default:
			n.Help += " " + v.T("learning.due", "Day", v.Lang.ShortDay(*t.Due))
		}
		return n
	}
	switch t.Kind {
	case journey.LevelUp:
		n := word(visit.LevelUpPath(t.Step.AccountID), "Step", t.Step.Step, "Next", t.Step.Next)
		if t.Step.Again() {
			n.Help = v.T("journey.next_level_up_again")
		}
		if t.Step.NextID == 0 {
			n.Help, n.Action.Label = v.T("journey.next_level_up_last"), v.T("journey.next_level_up_last_do")
		}
		return n
	case journey.Offer:
		return word(visit.RoundPath(t.RoundID), "Until", v.Lang.DayTime(*t.Until))
	case journey.OwnWord:
		n := word(visit.RoundPath(t.RoundID), "When", v.Lang.DayHours(t.Day.Day.Day, visit.Minutes(t.Day.Starts), visit.Minutes(t.Day.Ends)))
		n.Action.Href, n.Action.Post, n.Action.Hidden = visit.OwnWordPath(t.Day.ID), true, []ui.Hidden{{Name: "back", Value: visit.CoursePath(t.Course.Slug)}}
		return n
	case journey.CheckIn:
		n := word(visit.CheckInPage, "When", v.Lang.Hours(visit.Minutes(t.Day.Starts), visit.Minutes(t.Day.Ends)))
		n.Help = t.Day.Place
		return n
	case journey.CourseDay:
		n := word(visit.RoundPath(t.RoundID), "When", v.Lang.DayHours(t.Day.Day.Day, visit.Minutes(t.Day.Starts), visit.Minutes(t.Day.Ends)))
		n.Help = t.Day.Place
		return n
	case journey.Preparation, journey.Task, journey.FollowUp:
		return task()
	case journey.Evaluation:
		return word(visit.EvaluationPath(t.Course.Slug))
	case journey.Web:
		n := word(visit.CoursePath(t.Course.Slug))
		n.Help = v.T("journey.any_time") + " " + leftWords(v, t.Left)
		return n
	case journey.Book:
		return word(visit.RoundPath(t.RoundID), "Days", v.Lang.Days(t.Round.FirstDay, t.Round.LastDay), "Free", t.Round.Free)
	case journey.Opens:
		n := word(visit.RoundPath(t.RoundID), "Days", v.Lang.Days(t.Round.FirstDay, t.Round.LastDay))
		n.Help = v.T("journey.full")
		if t.Round.SignupFrom > v.Today {
			n.Help = v.T("journey.signup_opens", "Day", v.Lang.ShortDay(t.Round.SignupFrom))
		}
		return n
	case journey.Wish:
		return word(visit.CoursePath(t.Course.Slug))
	case journey.Nothing:
	}
	return word(visit.RoundsPath)
}

// leftWords say how much is left of tasks.
func leftWords(v *visit.Visit, left journey.Left) string {
	words := v.T("journey.tasks_left", "Count", left.Tasks)
	if left.Minutes > 0 {
		words += " " + v.T("journey.minutes", "Count", left.Minutes)
	}
	return words
}

// coming are the days that come and the days by which something is due.
func (p *journeyPage) coming() templ.Component {
	events := p.Coming(p.Today)
	if len(events) == 0 {
		return templ.NopComponent
	}
	var facts ui.Summary
	for _, e := range events {
		if e.Kind == journey.CourseDay {
			facts = append(facts, ui.Fact{
				Term: p.Lang.DayHours(e.On, visit.Minutes(e.Day.Starts), visit.Minutes(e.Day.Ends)), Slot: ui.TextLink(dayWords(p.Visit, e), visit.RoundPath(e.RoundID)),
			})
			continue
		}
		facts = append(facts, ui.Fact{
			Term: p.Lang.ShortDay(e.On), Slot: ui.TextLink(p.T("journey.last_day_"+string(e.Kind), "Course", e.Course.Title()), visit.CoursePath(e.Course.Slug)),
		})
	}
	return ui.Section("coming", p.T("journey.coming"), facts.View(p.Lang))
}

// dayWords are what a coming course day is about, and where.
func dayWords(v *visit.Visit, e journey.Event) string {
	note := e.Course.Title()
	if e.Day.Place != "" {
		note += ", " + e.Day.Place
	}
	return v.T("journey.day", "What", note)
}

// courseLine is a course with where the visitor stands.
func (p *journeyPage) courseLine(c journey.Course) taskLine {
	line := taskLine{title: c.Title(), href: visit.CoursePath(c.Slug), tag: ui.Tag{Word: p.T("journey.my_courses.not_begun")}}
	line.note = p.T("journey.web")
	if c.Days > 0 {
		line.note = p.T("round.days", "Count", c.Days)
	}
	if c.Retired {
		line.note += ". " + p.T("lifetime.retired")
	}
	at := slices.IndexFunc(p.Seats, func(s seat.Seat) bool { return s.CourseID == c.ID })
	switch {
	case c.CompletedOn != nil:
		line.tag = ui.Tag{Word: p.T("journey.my_courses.done_on", "Day", *c.CompletedOn), Tone: ui.Positive}
	case !c.Begun && at < 0 && (!c.Published || c.Awaited()):
		line.tag.Word = p.T("journey.not_yet")
		for _, comes := range p.planned {
			if comes.CourseID == c.ID {
				line.tag = webproduction.Coming(p.Visit, comes)
			}
		}
	case at >= 0 && p.Seats[at].FirstDay > p.Today:
		line.tag = ui.Tag{Word: p.T("journey.starts", "Day", p.Lang.TinyDay(p.Seats[at].FirstDay)), Tone: ui.Info}
	case at >= 0 && p.Seats[at].LastDay < p.Today && !p.Seats[at].Held():
		line.tag = ui.Tag{Word: p.T("journey.my_courses.not_registered")}
	case at >= 0 && p.Seats[at].LastDay < p.Today:
		line.tag = ui.Tag{Word: p.T("journey.my_courses.not_approved"), Tone: ui.Caution}
	case at >= 0 || c.Begun:
		line.tag = ui.Tag{Word: p.T("journey.my_courses.under_way"), Tone: ui.Info}
	case slices.ContainsFunc(p.Queue, func(e seat.Request) bool { return e.CourseID == c.ID }):
		line.tag = ui.Tag{Word: p.T("journey.in_line"), Tone: ui.Info}
	}
	return line
}

// done is everything that somebody has completed, wherever they worked then and
// in whatever journey, each with its certificate.
func (p *journeyPage) done() templ.Component {
	var lines []courseLine
	for _, l := range p.levels {
		lines = append(lines, courseLine{
			title: p.T("learning.certificate.step", "Journey", l.Journey, "Step", l.Step), tag: ui.Tag{Word: p.T("journey.my_courses.done_on", "Day", l.On), Tone: ui.Positive},
			acts: []ui.Action{{Label: p.T("learning.certificate.one"), About: l.Step, Href: visit.StepCertificatePath(l.ID)}},
		})
	}
	for _, c := range p.Done {
		line := courseLine{
			title: c.Course, href: visit.CoursePath(c.CourseSlug), tag: ui.Tag{Word: p.T("journey.my_courses.done_on", "Day", c.On), Tone: ui.Positive},
			acts: []ui.Action{{Label: p.T("learning.certificate.one"), About: c.Course, Href: visit.CourseCertificatePath(c.ID)}},
		}
		if c.Source == learning.Import {
			line.tag.Word = p.T("journey.my_courses.done_before", "Day", c.On)
		} else if !c.Evaluated { // whoever took it elsewhere has nothing of ours to judge
			line.acts = append(line.acts, ui.Action{Label: p.T("journey.my_courses.evaluate"), About: c.Course, Href: visit.EvaluationPath(c.CourseSlug)})
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return ui.Section("done", p.T("journey.done"), ui.Paragraph(p.T("journey.nothing_done")))
	}
	return ui.Section("done", p.T("journey.done"), courseList(lines))
}

// others are courses outside the journeys that somebody has begun or has a seat
// in.
func (p *journeyPage) others() templ.Component {
	var lines []taskLine
	for id, c := range p.Known {
		if c.CompletedOn == nil && !slices.ContainsFunc(p.Steps, func(s journey.Step) bool { return slices.Contains(s.All, id) }) {
			lines = append(lines, p.courseLine(c))
		}
	}
	if len(lines) == 0 {
		return templ.NopComponent
	}
	slices.SortFunc(lines, func(a, b taskLine) int { return bytes.Compare(i18n.SortKey(a.title), i18n.SortKey(b.title)) })
	return ui.Section("others", p.T("journey.others"), lineList(lines))
}

// courseLine is a completed course or step with what there is to do about it.
type courseLine struct {
	title, href string
	tag         ui.Tag
	acts        []ui.Action
}
