package web

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/material"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/web/ui"
)

// myJourney is an open account with the courses of its journey.
type myJourney struct {
	account people.Account
	courses []catalogue.Course
	done    int
}

// courseLine is a course with its state and what there is to do about it.
type courseLine struct {
	title string
	tag   ui.Tag
	acts  []ui.Action
}

// myDay is a course day to come on which the visitor has a seat.
type myDay struct {
	round.Day
	of round.Own
}

// myCourses is what somebody has learnt and what comes: one column for people
// with a phone and ten minutes.
func (s *Server) myCourses(v *Visit) error {
	c := myCourses{Visit: v}
	if err := c.read(); err != nil {
		return err
	}
	f := v.Frame(v.T("my_courses.title"))
	f.Reading = true
	parts := []templ.Component{ui.PageHead{
		Title:  v.T("my_courses.title"),
		Others: []ui.Action{{Label: v.T("person.own_page"), Href: personPath(v.Viewer.PersonID), Kind: ui.Secondary}, {Label: v.T("calendar.title"), Href: "/my/calendar", Kind: ui.Secondary}},
	}.View(v.Lang)}
	for _, j := range c.journeys {
		parts = append(parts, whereIAm(v, j))
	}
	parts = append(parts, c.next(), c.inLine(), c.coming(), c.needs())
	for i, j := range c.journeys {
		parts = append(parts, c.journey(i, j))
	}
	return v.Page(f, append(parts, c.others())...)
}

// myCourses is the page with what it is made of.
type myCourses struct {
	*Visit
	journeys    []myJourney
	days        []myDay // to come, the next first
	rounds      []round.Own
	queue       []round.Request  // in which the visitor waits
	wishes      []round.Interest // courses wanted without a date
	completions []learning.Completion
	answered    map[int64]bool // courses whose evaluation is sent
	title       map[int64]string
	papers      map[int64]bool // editions with material for the visitor
}

func (c *myCourses) read() error {
	ctx, q, me := c.Context(), c.Reader(), c.Viewer.PersonID
	person, err := people.Get(ctx, q, c.Viewer, me, c.Today)
	if err != nil {
		return err
	}
	if c.completions, err = learning.Completions(ctx, q, c.Viewer, me, c.Today); err != nil {
		return err
	}
	if c.answered, err = survey.Answered(ctx, q, c.Viewer, me); err != nil {
		return err
	}
	if c.rounds, err = round.Mine(ctx, q, c.Viewer); err != nil {
		return err
	}
	var editions []int64
	for _, r := range c.rounds {
		if r.EditionID != nil && r.CancelledAt == nil {
			editions = append(editions, *r.EditionID)
		}
	}
	if c.papers, err = material.Of(ctx, q, c.Viewer, editions); err != nil {
		return err
	}
	if c.queue, err = round.MyQueue(ctx, q, c.Viewer); err != nil {
		return err
	}
	if c.wishes, err = round.MyInterests(ctx, q, c.Viewer); err != nil {
		return err
	}
	done := map[int64]bool{}
	c.title = map[int64]string{}
	for _, each := range c.completions {
		done[each.CourseID] = true
		c.title[each.CourseID] = each.Course
	}
	for _, a := range person.Accounts {
		if a.OpenedOn > c.Today || a.ClosedOn != nil && *a.ClosedOn <= c.Today {
			continue
		}
		journey, err := catalogue.JourneyBySlug(ctx, q, a.Slug)
		if err != nil {
			return err
		}
		j := myJourney{account: a}
		if j.courses, err = catalogue.Courses(ctx, q, journey.ID); err != nil {
			return err
		}
		for _, course := range j.courses {
			c.title[course.ID] = course.Title()
			if done[course.ID] {
				j.done++
			}
		}
		c.journeys = append(c.journeys, j)
	}
	c.days = comingDays(c.rounds, c.Today)
	return nil
}

// comingDays are the days from today on, the next first, without those of
// cancelled rounds.
func comingDays(rounds []round.Own, today clock.Day) []myDay {
	var days []myDay
	for _, r := range rounds {
		if r.CancelledAt != nil {
			continue
		}
		for _, d := range r.CourseDays {
			if d.Day >= today && d.HeldAt == nil {
				days = append(days, myDay{d, r})
			}
		}
	}
	sortDays(days)
	return days
}

// toEvaluate is the latest completed course whose evaluation is not sent, as
// long as it is fresh in mind; nil when there is none.
func (c *myCourses) toEvaluate() *learning.Completion {
	for i, each := range c.completions {
		if !c.answered[each.CourseID] && each.On >= c.Today.AddDate(0, -3, 0) {
			return &c.completions[i]
		}
	}
	return nil
}

// next is the next course day, or what there is to do until one comes.
func (c *myCourses) next() templ.Component {
	if len(c.days) > 0 {
		d := c.days[0]
		help := c.T("my_courses.day_help", "Course", d.of.Course, "Place", d.Place)
		if d.Place == "" {
			help = d.of.Course
		}
		sentence := c.T("my_courses.next_day", "When", c.Lang.DayHours(d.Day.Day, minutes(d.Starts), minutes(d.Ends)))
		act := &ui.Action{Label: c.T("my_courses.see_round"), Href: roundPath(d.of.ID)}
		if d.Day.Day == c.Today {
			sentence = c.T("my_courses.next_today", "When", c.Lang.Hours(minutes(d.Starts), minutes(d.Ends)))
			act = &ui.Action{Label: c.T("check_in.check_in_today"), Href: "/check-in"}
		}
		return ui.NextThing{Sentence: sentence, Help: help, Action: act}.View(c.Lang)
	}
	if e := c.toEvaluate(); e != nil {
		return ui.NextThing{
			Sentence: c.T("my_courses.next_evaluation", "Course", c.title[e.CourseID]), Help: c.T("my_courses.next_evaluation_help"),
			Action: &ui.Action{Label: c.T("my_courses.evaluate"), Href: evaluationPath(e.CourseSlug)},
		}.View(c.Lang)
	}
	return ui.NextThing{
		Sentence: c.T("my_courses.nothing_booked"), Help: c.T("my_courses.nothing_booked_help"),
		Action: &ui.Action{Label: c.T("my_courses.see_rounds"), Href: "/rounds"},
	}.View(c.Lang)
}

// coming are the days after the next one.
func (c *myCourses) coming() templ.Component {
	if len(c.days) < 2 {
		return templ.NopComponent
	}
	var facts ui.Summary
	for _, d := range c.days[1:] {
		note := d.of.Course
		if d.Place != "" {
			note += ", " + d.Place
		}
		facts = append(facts, ui.Fact{
			Term: c.Lang.DayHours(d.Day.Day, minutes(d.Starts), minutes(d.Ends)), Slot: link(note, roundPath(d.of.ID)),
		})
	}
	return section("coming", c.T("my_courses.coming"), facts.View(c.Lang))
}

// journey is every course of the journey with its state in words.
func (c *myCourses) journey(i int, j myJourney) templ.Component {
	id := "journey-" + j.account.Slug
	if len(j.courses) == 0 {
		return section(id, c.T("my_courses.courses_of", "Journey", j.account.Journey), paragraph(c.T("my_courses.no_courses")))
	}
	var lines []courseLine
	for _, course := range j.courses {
		tag, acts := c.state(course)
		lines = append(lines, courseLine{course.Title(), tag, acts})
	}
	return section(id, c.T("my_courses.courses_of", "Journey", j.account.Journey), courseList(lines))
}

// state is where the visitor stands with the course.
func (c *myCourses) state(course catalogue.Course) (ui.Tag, []ui.Action) {
	for _, done := range c.completions {
		if done.CourseID == course.ID {
			return c.done(done)
		}
	}
	for _, r := range c.rounds {
		if r.CourseID != course.ID || r.CancelledAt != nil || r.LastDay < c.Today.AddDate(-1, 0, 0) {
			continue
		}
		see := append([]ui.Action{{Label: c.T("my_courses.see_round"), About: course.Title(), Href: roundPath(r.ID)}}, c.material(course.ID, course.Title())...)
		switch {
		case r.FirstDay > c.Today:
			return ui.Tag{Word: c.T("my_courses.starts", "Day", r.FirstDay), Tone: ui.Info}, see
		case r.LastDay >= c.Today:
			return ui.Tag{Word: c.T("my_courses.under_way"), Tone: ui.Info}, see
		}
		return ui.Tag{Word: c.T("my_courses.not_approved"), Tone: ui.Caution}, see
	}
	if course.Days == 0 {
		return ui.Tag{Word: c.T("my_courses.not_begun")}, nil
	}
	return ui.Tag{Word: c.T("my_courses.not_begun")}, []ui.Action{{Label: c.T("my_courses.when_given"), About: course.Title(), Href: wishesPath(course.Slug)}}
}

// others are the completed courses of no journey that the visitor is in now.
func (c *myCourses) others() templ.Component {
	shown := map[int64]bool{}
	for _, j := range c.journeys {
		for _, course := range j.courses {
			shown[course.ID] = true
		}
	}
	var lines []courseLine
	for _, each := range c.completions {
		if !shown[each.CourseID] {
			tag, acts := c.done(each)
			lines = append(lines, courseLine{each.Course, tag, acts})
		}
	}
	switch {
	case len(lines) > 0:
		return section("completed", c.T("my_courses.completed"), courseList(lines))
	case len(c.journeys) == 0:
		return ui.Empty{Picture: ui.PicturePath, Title: c.T("my_courses.no_journey"), Text: c.T("my_courses.no_journey_help")}.View(c.Lang)
	}
	return templ.NopComponent
}

// material leads to the course's material in the latest round that the visitor
// has a seat in; nothing when there is none.
func (c *myCourses) material(courseID int64, title string) []ui.Action {
	for _, r := range c.rounds {
		if r.CourseID == courseID && r.CancelledAt == nil && r.EditionID != nil && c.papers[*r.EditionID] {
			return []ui.Action{{Label: c.T("my_courses.material"), About: title, Href: roundPath(r.ID) + "#material"}}
		}
	}
	return nil
}

// done is a completed course's word, with its evaluation unless that is sent, and its
// material.
func (c *myCourses) done(e learning.Completion) (ui.Tag, []ui.Action) {
	tag := ui.Tag{Word: c.T("my_courses.done_on", "Day", e.On), Tone: ui.Positive}
	acts := c.material(e.CourseID, e.Course)
	if c.answered[e.CourseID] {
		return tag, acts
	}
	return tag, append([]ui.Action{{Label: c.T("my_courses.evaluate"), About: e.Course, Href: evaluationPath(e.CourseSlug)}}, acts...)
}

// sortDays puts the earliest first.
func sortDays(days []myDay) {
	slices.SortStableFunc(days, func(a, b myDay) int {
		return cmp.Or(cmp.Compare(a.Day.Day, b.Day.Day), cmp.Compare(a.Starts, b.Starts))
	})
}
