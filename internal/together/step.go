package together

import (
	"cmp"
	"slices"
	"strings"

	"yrkesresan/internal/catalogue"
)

// What every day begins and ends with, beside the kinds of the run sheet's rows.
const (
	Welcome catalogue.ItemKind = "welcome" // the code to check in by
	End     catalogue.ItemKind = "end"     // what is left to do alone, and the evaluation
)

// Step is what the screen shows at a time. Notes are for the trainers alone. Minutes is 0
// for a step that takes the time it takes; Task is nil for one that is none.
type Step struct {
	Kind    catalogue.ItemKind
	Starts  string // "09:00"; empty when the run sheet does not say
	Minutes int
	Title   catalogue.Words
	Screen  catalogue.Words
	Notes   catalogue.Words
	Media   string
	Task    *catalogue.Task
}

// Shared tells whether the step is a task that the group can have done together.
func (s Step) Shared() bool { return s.Task != nil && s.Task.Kind.Together() }

// Steps are those of the course's day (from 1): the rows of the run sheet in the order of
// time. A day of which the run sheet says nothing goes through the tasks of the course
// days, so that an edition without one can be held at a screen, too.
func Steps(c *catalogue.Content, day int) []Step {
	var rows []catalogue.Item
	for _, item := range c.Pack.RunSheet {
		if item.Day == day {
			rows = append(rows, item)
		}
	}
	slices.SortStableFunc(rows, func(a, b catalogue.Item) int { return strings.Compare(a.Starts, b.Starts) })
	steps := []Step{{Kind: Welcome}}
	for _, r := range rows {
		steps = append(steps, Step{
			Kind: cmp.Or(r.Kind, catalogue.TalkRow), Starts: r.Starts, Minutes: r.Minutes, Title: r.Title, Screen: r.Screen, Notes: r.Text, Media: r.Media, Task: c.Task(r.Task),
		})
	}
	if len(rows) == 0 {
		for _, t := range c.InPhase(catalogue.During) {
			steps = append(steps, Step{Kind: kindOf(t.Kind), Minutes: t.Minutes, Title: t.Title, Task: &t})
		}
	}
	return append(steps, Step{Kind: End})
}

// kindOf is what the row of a run sheet would be that is such a task.
func kindOf(k catalogue.TaskKind) catalogue.ItemKind {
	switch {
	case !k.Together():
		return catalogue.OwnRow
	case k == catalogue.FilmTask:
		return catalogue.FilmRow
	case k == catalogue.DiscussionTask:
		return catalogue.QuestionRow
	}
	return catalogue.TalkRow
}
