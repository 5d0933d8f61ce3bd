package study

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/journey"
	webproduction "yrkesresan/internal/web/production"
	"yrkesresan/internal/web/ui"
)

// stop is a course on the drawn way.
type stop struct {
	taskLine
	state stopState
}

// stopState is how a stop is drawn; its tag says the same in words.
type stopState string

const (
	stopDone  stopState = "done"
	stopBegun stopState = "begun"
	stopAhead stopState = "ahead"
)

// stretch is a stage as it is drawn: the one where somebody is stands open, the others
// are folded.
type stretch struct {
	journey.Stage
	id    string
	word  string // where the stage lies, for those who do not see the drawing
	note  string // how much of it is done
	fold  string // how many courses are folded
	stops []stop
}

// way draws the journey: its steps along a line, each with its courses as stops.
func (p *journeyPage) way(at journey.Step, steps []catalogue.Step) templ.Component {
	stages, loose := p.Stages(at, steps, p.levels)
	var drawn []stretch
	for _, s := range stages {
		d := stretch{Stage: s, id: at.Slug + "-" + s.Step.Slug, word: p.T("journey.stage_" + string(s.State)), note: p.stageNote(at, s)}
		d.fold = p.T("journey.stage_courses", "Count", len(s.Courses))
		if n := s.Done(); n > 0 {
			d.fold += ", " + p.T("journey.stage_done", "Count", n)
		}
		for _, c := range s.Courses {
			d.stops = append(d.stops, p.stop(c))
		}
		d.stops = append(d.stops, p.comes(at, s)...)
		drawn = append(drawn, d)
	}
	parts := []templ.Component{wayView(p.Visit, drawn)}
	var lines []taskLine
	for _, c := range loose {
		lines = append(lines, p.courseLine(c))
	}
	if lines = append(lines, p.beside(at, stages)...); len(lines) > 0 {
		parts = append(parts, ui.Fold(p.T("journey.other_courses", "Count", len(lines)), lineList(lines)))
	}
	return ui.Section("way-"+at.Slug, at.Journey, parts...)
}

// comes are the stops of a stage that are planned and not in the catalogue yet.
func (p *journeyPage) comes(at journey.Step, s journey.Stage) (all []stop) {
	for _, c := range p.planned {
		if c.CourseID == 0 && c.JourneyID == at.JourneyID && c.StepID == s.Step.ID {
			all = append(all, stop{state: stopAhead, taskLine: taskLine{title: c.Name, href: address.Planned(c.ID), tag: webproduction.Coming(p.Visit, c)}})
		}
	}
	return all
}

// beside are those that come outside the stages: they are not in the catalogue yet, or belong to no step of the journey there.
func (p *journeyPage) beside(at journey.Step, stages []journey.Stage) (lines []taskLine) {
	for _, c := range p.planned {
		drawn := c.JourneyID != at.JourneyID || slices.Contains(at.All, c.CourseID) ||
			c.CourseID == 0 && slices.ContainsFunc(stages, func(s journey.Stage) bool { return s.Step.ID == c.StepID })
		if !drawn {
			lines = append(lines, taskLine{title: c.Name, href: address.Planned(c.ID), tag: webproduction.Coming(p.Visit, c)})
		}
	}
	return lines
}

// stageNote says how much of the stage is done.
func (p *journeyPage) stageNote(at journey.Step, s journey.Stage) string {
	switch {
	case s.PassedOn != nil:
		return p.T("journey.passed_on", "Day", *s.PassedOn)
	case s.State == journey.Here && at.Courses == 0:
		return p.T("journey.no_courses")
	case s.State != journey.Here:
		return ""
	}
	of := "journey.done_of_step"
	if at.StepID == 0 {
		of = "journey.done_of_journey"
	}
	words := []string{p.T(of, "Done", at.Done, "Count", at.Courses)}
	if left := at.Courses - at.Done; left > 0 && at.StepID != 0 && at.Next != "" {
		words = append(words, p.T("journey.then_next", "Count", left, "Next", at.Next))
	}
	return strings.Join(words, " ")
}

func (p *journeyPage) stop(c journey.Course) stop {
	s := stop{taskLine: p.courseLine(c), state: stopAhead}
	switch {
	case c.CompletedOn != nil:
		s.state = stopDone
	case s.tag.Tone == ui.Info || s.tag.Tone == ui.Caution:
		s.state = stopBegun
	}
	return s
}
