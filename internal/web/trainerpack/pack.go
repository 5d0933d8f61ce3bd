package trainerpack

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/material"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func MinutesText(v *visit.Visit, n int) string {
	if n == 0 {
		return ""
	}
	return v.T("workshop.minutes_n", "Count", n)
}

// RulesText says what the content asks before and after the course days, and how long each
// phase takes.
func RulesText(v *visit.Visit, course catalogue.Course, c *catalogue.Content) string {
	if course.Days == 0 {
		return v.T("workshop.rules_web")
	}
	var words []string
	for _, part := range []struct {
		key  string
		gate catalogue.Gate
		days int
	}{{"before", c.Rules.Preparation, c.Rules.PreparationDays}, {"after", c.Rules.FollowUp, c.Rules.FollowUpDays}} {
		gate := v.T("workshop.gate." + string(cmp.Or(part.gate, catalogue.Advise)))
		if part.days == 0 { // there is no last day
			words = append(words, v.T("workshop.rules_"+part.key, "Gate", gate))
		} else {
			words = append(words, v.T("workshop.rules_"+part.key+"_by", "Gate", gate, "Count", part.days))
		}
	}
	for _, phase := range catalogue.Phases {
		if n := c.MinutesOf(phase); n > 0 {
			words = append(words, v.T("workshop.takes_"+string(phase), "Count", n))
		}
	}
	return strings.Join(words, " ")
}

// Page is a trainer pack as trainers read and print it.
type Page struct {
	*visit.Visit
	Course  catalogue.Course
	Content *catalogue.Content
	Edition string // which one, in words
	Media   string
}

// Show is the trainer pack of an edition, for those who hold or plan the course.
func Show(v *visit.Visit) error {
	id, err := v.ID("edition")
	if err != nil {
		return err
	}
	reads, err := material.ReadsPack(v.Context(), v.Reader(), v.Viewer, id)
	if err != nil {
		return err
	}
	if !reads {
		return fault.NotFound
	}
	e, err := catalogue.EditionByID(v.Context(), v.Reader(), id)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), e.CourseID)
	if err != nil {
		return err
	}
	title := v.T("workshop.pack_of", "Course", course.Title())
	c, err := catalogue.ContentOf(v.Context(), v.Reader(), id)
	if errors.Is(err, fault.NotFound) {
		f := v.Frame(title, ui.Crumb{Label: title})
		f.Reading = true
		return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), ui.Empty{Title: v.T("workshop.no_pack"), Text: v.T("workshop.no_pack_help")}.View(v.Lang))
	}
	if err != nil {
		return err
	}
	p := Page{Visit: v, Course: course, Content: c, Edition: v.T("workshop.edition_n", "Number", e.Number), Media: catalogue.MediaBase(id)}
	var others []ui.Action
	if access.ManageCourses(v.Viewer) {
		others = []ui.Action{{Label: v.T("workshop.to_workshop"), Href: visit.WorkshopPath(course), Kind: ui.Secondary}}
	}
	return p.Show(v.Frame(title, ui.Crumb{Label: title}), others)
}

// Show answers with the pack in the frame.
func (p Page) Show(f ui.Frame, others []ui.Action) error {
	f.Reading = true
	head := ui.PageHead{Title: p.T("workshop.pack_of", "Course", p.Course.Title()), Tag: &ui.Tag{Word: p.Edition, Tone: ui.Info}, Lead: p.T("workshop.pack_reader_lead"), Others: others}
	if p.Content.Pack.Empty() {
		return p.Page(f, head.View(p.Lang), ui.Empty{Title: p.T("workshop.pack_empty"), Text: p.T("workshop.no_pack_help")}.View(p.Lang))
	}
	return p.Page(f, head.View(p.Lang), packView(p))
}

// View is the pack without a frame around it.
func (p Page) View() templ.Component { return packView(p) }

func (p Page) html(w catalogue.Words) string { return p.Content.HTML(w, p.Lang.Code(), 4) }

func (p Page) file(name string) string { return p.Media + name }

// parts are the parts of the pack that hold anything, for its list of contents.
func (p Page) parts() (all []ui.NavItem) {
	pack := p.Content.Pack
	for _, each := range []struct {
		there bool
		id    string
		label string
	}{
		{p.Words(pack.Instructions) != "", "instructions", p.T("workshop.instructions")},
		{len(pack.RunSheet) > 0, "run-sheet", p.T("workshop.part_of.run-sheet")},
		{len(pack.Exercises) > 0, "exercises", p.T("workshop.part_of.exercises")},
		{len(p.discussions()) > 0, "discussions", p.T("workshop.discussions")},
		{len(pack.Slides) > 0, "slides", p.T("workshop.part_of.slides")},
		{len(pack.Films) > 0, "films", p.T("workshop.part_of.films")},
	} {
		if each.there {
			all = append(all, ui.NavItem{Label: each.label, Href: "#" + each.id})
		}
	}
	return all
}

// discussions are the tasks that the group does together on the course days.
func (p Page) discussions() (all []catalogue.Task) {
	for _, t := range p.Content.Tasks {
		if t.Kind == catalogue.DiscussionTask && t.Phase == catalogue.During {
			all = append(all, t)
		}
	}
	return all
}

// sheetDay is a course day of the run sheet.
type sheetDay struct {
	Day   int
	Items []catalogue.Item
}

// sheet is the run sheet by course day, each in the order of time.
func (p Page) sheet() (days []sheetDay) {
	items := slices.Clone(p.Content.Pack.RunSheet)
	slices.SortStableFunc(items, func(a, b catalogue.Item) int {
		return cmp.Or(a.Day-b.Day, strings.Compare(a.Starts, b.Starts))
	})
	for _, item := range items {
		if n := len(days); n == 0 || days[n-1].Day != item.Day {
			days = append(days, sheetDay{Day: item.Day})
		}
		days[len(days)-1].Items = append(days[len(days)-1].Items, item)
	}
	return days
}

// ItemKinds are what a row of the run sheet can be.
func ItemKinds(v *visit.Visit) (kinds []ui.Option) {
	for _, k := range catalogue.ItemKinds {
		kinds = append(kinds, ui.Option{Value: string(k), Label: v.T("together.kind." + string(k)), Hint: v.T("together.kind_hint." + string(k))})
	}
	return kinds
}

// ItemTasks are the tasks of the content that a row of the run sheet can be of.
func ItemTasks(v *visit.Visit, c *catalogue.Content) []ui.Option {
	tasks := []ui.Option{{Label: v.T("workshop.item_no_task")}}
	for _, t := range c.Tasks {
		tasks = append(tasks, ui.Option{Value: t.Key, Label: t.Title.In(v.Lang.Code())})
	}
	return tasks
}

// when is the time of a row of the run sheet: "9.00–9.30".
func when(item catalogue.Item) string {
	short := func(s string) string { return strings.TrimPrefix(strings.Replace(s, ":", ".", 1), "0") }
	return fmt.Sprintf("%s–%s", short(item.Starts), short(item.Ends()))
}

// films are the pack's films as tasks, to be shown like the learners'.
func (p Page) film(f catalogue.HelpFilm) study.TaskView {
	t := catalogue.Task{Kind: catalogue.FilmTask, Title: f.Title, Media: f.Media, Captions: f.Captions, Transcript: f.Transcript}
	return study.NewTaskView(p.Visit, p.Content, &t, p.Media, learning.Progress{})
}
