package rounds

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// forLearner is the page for somebody who comes to learn: what one learns, when and
// where, for whom it is and what it asks of them, then the one thing to do. What those
// who arrange it need to know is folded away. Who has a seat or waits meets that first.
func (p *roundPage) forLearner() error {
	d := p.d
	days := p.Lang.Days(d.FirstDay, d.LastDay)
	crumbs := p.RoundCrumbs(d.Round, ui.Crumb{Label: d.Course + ", " + days})
	if p.takes() {
		crumbs = []ui.Crumb{{Label: p.T("journey.title"), Href: visit.MyJourneyPath}, {Label: d.Course, Href: visit.CoursePath(d.CourseSlug)}, {Label: days}}
	}
	f := p.Frame(d.Course+", "+days, crumbs...)
	f.Reading = true
	tag := statusTag(p.Visit, d.Round)
	tried, err := trial.OnRound(p.Visit, d)
	if err != nil {
		return err
	}
	parts := []templ.Component{ui.PageHead{Title: d.Course, Tag: &tag, Lead: p.lead()}.View(p.Lang), p.cancelled(), p.lifetime(), tried}
	mine := d.EnrolmentID != 0 || p.signup.Entry != nil
	if mine {
		parts = append(parts, p.ownWordFirst(), p.toCourse(), p.own(), p.signup.Seat(), p.needs())
	}
	parts = append(parts, p.learns(mine), p.days(), ui.Section("asks", p.T("round.asks"), p.asks().View(p.Lang)))
	if !mine {
		parts = append(parts, p.signup.Seat())
	}
	parts = append(parts, p.signup.Others(), p.material(), p.participants(), p.signup.QueueTable(), p.signup.SetAside(),
		ui.Fold(p.factsTitle(), p.facts().View(p.Lang), p.chain()))
	return p.Page(f, parts...)
}

// readCourse reads the course as the visitor takes it or would take it here.
func (p *roundPage) readCourse() error {
	course, err := catalogue.CourseBySlug(p.Context(), p.Reader(), p.d.CourseSlug)
	if err != nil {
		return err
	}
	edition := int64(0)
	if p.d.EditionID != nil {
		edition = *p.d.EditionID
	}
	if p.course, err = learning.StudyOf(p.Context(), p.Reader(), p.Viewer, course, edition, p.Today); err != nil {
		return err
	}
	p.places, err = catalogue.PlacesOf(p.Context(), p.Reader(), course.ID, p.d.StepID)
	return err
}

// takes tells whether the visitor is here because they take the course.
func (p *roundPage) takes() bool { return p.d.EnrolmentID != 0 && p.d.CancelledAt == nil }

// toCourse leads who takes the course to its own page, which knows what to do
// next; their letters lead here.
func (p *roundPage) toCourse() templ.Component {
	if !p.takes() || p.asked {
		return templ.NopComponent
	}
	return ui.NextThing{
		Sentence: p.T("round.to_course"),
		Action:   &ui.Action{Label: p.T("round.to_course_do"), Href: visit.CoursePath(p.d.CourseSlug)},
	}.View(p.Lang)
}

// needs lead on from one's own seat to what one needs in order to take part.
func (p *roundPage) needs() templ.Component {
	var all []templ.Component
	for _, a := range p.planningActions() {
		all = append(all, a.View(p.Lang))
	}
	if len(all) == 0 {
		return templ.NopComponent
	}
	return ui.Choices(all...)
}

// learns is what one learns, with the way to the course; folded for those who know.
func (p *roundPage) learns(known bool) templ.Component {
	about := ui.Paragraph(p.T("round.learns_later"))
	if p.course.Content != nil && p.course.Content.About != nil {
		about = ui.Markup(p.course.Content.HTML(p.course.Content.About, p.Lang.Code(), 2))
	}
	var link templ.Component = templ.NopComponent
	if !p.takes() { // their next step leads there
		link = ui.TextLink(p.T("round.more_about_course"), visit.CoursePath(p.d.CourseSlug))
	}
	if known {
		return ui.Fold(p.T("round.learns"), about, link)
	}
	return ui.Section("learns", p.T("round.learns"), about, link)
}

// asks are for whom the round is and what it asks of them, in the order of time.
func (p *roundPage) asks() ui.Summary {
	d := p.d
	facts := ui.Summary{{Term: p.T("round.for_whom"), Value: p.forWhom()}}
	if d.Bookable(p.Today) && d.EnrolmentID == 0 {
		facts = append(facts, ui.Fact{Term: p.T("round.sign_up_by"), Value: p.Lang.ShortDay(d.SignupEnds())})
	}
	if before := p.tasks(catalogue.Preparation); before != "" {
		facts = append(facts, ui.Fact{Term: p.T("round.asks_preparation"), Value: before})
	}
	facts = append(facts, ui.Fact{Term: p.T("round.course_days"), Value: p.dayWords()})
	if after := p.tasks(catalogue.FollowUp); after != "" {
		facts = append(facts, ui.Fact{Term: p.T("round.asks_follow_up"), Value: after})
	}
	if d.Note != "" {
		facts = append(facts, ui.Fact{Term: p.T("round.asks_note"), Value: d.Note})
	}
	return facts
}

// dayWords say how many course days there are, and how long they take where the edition says so.
func (p *roundPage) dayWords() string {
	words := p.T("round.asks_days", "Count", p.d.Days)
	if p.course.Content != nil {
		if n := p.course.Content.Minutes.During; n > 0 {
			words += ", " + p.T("round.asks_minutes", "Count", n)
		}
	}
	return words
}

// forWhom names the journeys and steps that the course belongs to, and managers where
// it is for them.
func (p *roundPage) forWhom() string {
	var all []string
	if p.course.Course.ForManagers() {
		all = append(all, p.course.Course.Audience)
	}
	for _, place := range p.places {
		if place.Step == "" {
			all = append(all, place.Journey)
		} else {
			all = append(all, p.T("round.for_step", "Journey", place.Journey, "Step", place.Step))
		}
	}
	if len(all) == 0 {
		return p.T("round.for_all")
	}
	return strings.Join(all, "; ")
}

// tasks say of a phase how many tasks it has, how long they take, by when and whether
// they have to be done; empty without any.
func (p *roundPage) tasks(phase catalogue.Phase) string {
	count, minutes := 0, p.course.Content.MinutesOf(phase)
	for _, t := range p.course.Phase(phase) {
		if !t.Optional {
			count++
		}
	}
	if count == 0 {
		return ""
	}
	words := []string{p.T("learning.tasks", "Count", count)}
	if minutes > 0 {
		words[0] += ", " + p.T("round.asks_minutes", "Count", minutes)
	}
	words[0] += "."
	rules := p.course.Content.Rules
	if due := learning.Due(rules, phase, p.d.FirstDay, p.d.LastDay); due != nil {
		words = append(words, p.T("learning.due", "Day", p.Lang.ShortDay(*due)))
	}
	if learning.GateOf(rules, phase, false) == catalogue.Require {
		words = append(words, p.T("learning.required_"+string(phase)))
	}
	return strings.Join(words, " ")
}
