package workshop

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

// shown is a content to look at without taking the course: a draft's or an
// edition's, as its learners meet it. base is the address of the whole, tasks of
// its tasks, media of its files.
type shown struct {
	*workshop
	content            *catalogue.Content
	title, note        string
	base, tasks, media string
}

// Preview is the draft as learners will meet it.
func Preview(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	return w.draftShown().overview(nil)
}

// PreviewTask is a task of the draft.
func PreviewTask(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	return w.draftShown().task(v.PathValue("task"))
}

func (w *workshop) draftShown() shown {
	return shown{
		workshop: w, content: w.content(), title: w.T("workshop.preview"), note: w.T("workshop.preview_note"),
		base: w.path("preview"), tasks: w.path("preview"), media: w.path("media") + "/",
	}
}

// FrozenEdition is a published edition as its learners meet it, with what one
// can make of it.
func FrozenEdition(v *visit.Visit) error {
	w, e, err := editionInWorkshop(v)
	if err != nil {
		return err
	}
	number := v.Lang.Number(int64(e.Number))
	sh, err := w.editionShown(e)
	if errors.Is(err, fault.NotFound) {
		title := w.T("workshop.edition_n", "Number", e.Number)
		return v.Page(w.frame(title), ui.PageHead{Title: w.course.Title() + ", " + title}.View(v.Lang),
			ui.Empty{Title: w.T("workshop.no_content"), Text: w.T("workshop.no_content_help")}.View(v.Lang))
	}
	if err != nil {
		return err
	}
	var facts ui.Summary
	facts = append(facts, ui.Fact{Term: w.T("workshop.out_since"), Value: v.Lang.Day(e.PublishedOn)})
	if e.Changes != "" {
		facts = append(facts, ui.Fact{Term: w.T("workshop.changes"), Value: w.Words(sh.content.Changes)})
	}
	return sh.overview([]templ.Component{facts.View(v.Lang), ui.Choices(
		ui.Action{Label: w.T("workshop.see_pack"), Href: visit.PackPath(e.ID), Kind: ui.Secondary}.View(v.Lang),
		ui.Action{Label: w.T("workshop.export"), Href: w.path("editions", number, "course.zip"), Kind: ui.Secondary}.View(v.Lang),
		ui.Action{Label: w.T("workshop.copy_course"), Href: "/workshop/new?copy=" + visit.IdString(e.ID), Kind: ui.Secondary}.View(v.Lang),
	)})
}

// FrozenTask is a task of a published edition.
func FrozenTask(v *visit.Visit) error {
	w, e, err := editionInWorkshop(v)
	if err != nil {
		return err
	}
	sh, err := w.editionShown(e)
	if err != nil {
		return err
	}
	return sh.task(v.PathValue("task"))
}

func (w *workshop) editionShown(e catalogue.Edition) (shown, error) {
	c, err := catalogue.ContentOf(w.Context(), w.Reader(), e.ID)
	base := w.path("editions", visit.IdString(int64(e.Number)))
	return shown{
		workshop: w, content: c, title: w.T("workshop.edition_n", "Number", e.Number), note: w.T("workshop.frozen_note"),
		base: base, tasks: base + "/tasks", media: catalogue.MediaBase(e.ID),
	}, err
}

// overview is what the course holds.
func (s shown) overview(more []templ.Component) error {
	f := s.frame(s.title)
	f.Reading = true
	parts := []templ.Component{
		ui.PageHead{Title: s.course.Title(), Tag: &ui.Tag{Word: s.title, Tone: ui.Info}}.View(s.Lang),
		ui.Notice{Tone: ui.Info, Text: s.note}.View(s.Lang),
	}
	parts = append(append(parts, more...), ui.Markup(s.content.HTML(s.content.About, s.Lang.Code())))
	for _, phase := range catalogue.Phases {
		tasks := s.content.InPhase(phase)
		if len(tasks) == 0 {
			continue
		}
		var lines []previewLine
		minutes := 0
		for _, t := range tasks {
			note := []string{s.T("workshop.kind." + string(t.Kind))}
			if t.Minutes > 0 {
				note = append(note, minutesText(s.Visit, t.Minutes))
			}
			if t.Optional {
				note = append(note, s.T("workshop.is_optional"))
			}
			minutes += t.Minutes
			lines = append(lines, previewLine{s.Words(t.Title), s.tasks + "/" + t.Key, strings.Join(note, " · ")})
		}
		lead := s.T("workshop.tasks_count", "Count", len(tasks))
		if minutes > 0 {
			lead += ", " + s.T("workshop.about_minutes", "Count", minutes)
		}
		parts = append(parts, ui.Section(string(phase), s.phase(phase), ui.Paragraph(lead), previewLines(lines)))
	}
	if len(s.content.Tasks) == 0 {
		parts = append(parts, ui.Empty{Title: s.T("workshop.no_tasks"), Text: s.T("workshop.empty_draft")}.View(s.Lang))
	}
	return s.Page(f, parts...)
}

// previewLine is a task in a list.
type previewLine struct{ Title, Href, Note string }

// task is one task, with the way to those before and after it.
func (s shown) task(key string) error {
	i := slices.IndexFunc(s.content.Tasks, func(t catalogue.Task) bool { return t.Key == key })
	if i < 0 {
		return fault.NotFound
	}
	t := &s.content.Tasks[i]
	around := func(j int) *ui.Action {
		if j < 0 || j >= len(s.content.Tasks) {
			return nil
		}
		return &ui.Action{Label: s.Words(s.content.Tasks[j].Title), Href: s.tasks + "/" + s.content.Tasks[j].Key}
	}
	view := study.NewTaskView(s.Visit, s.content, t, s.media, learning.Progress{})
	if t.Kind == catalogue.QuizTask {
		view.Trial = s.tasks + "/" + t.Key
		if refused := view.Tried(); refused != nil {
			s.Refused, s.Errs = fault.Of(refused), view.Summary()
		}
	}
	title := s.Words(t.Title)
	f := s.frame(title, ui.Crumb{Label: s.title, Href: s.base})
	f.Reading = true
	head := ui.PageHead{Title: title, Lead: s.phase(t.Phase) + " · " + s.T("workshop.kind."+string(t.Kind))}
	if t.Minutes > 0 {
		head.Lead += " · " + minutesText(s.Visit, t.Minutes)
	}
	if s.draft != nil && s.base == s.path("preview") {
		head.Others = []ui.Action{{Label: s.T("workshop.change_task"), Href: s.workshop.path("tasks", t.Key), Kind: ui.Secondary}}
	}
	parts := []templ.Component{head.View(s.Lang), study.TaskBody(view), study.TaskForm(view)}
	if t.Kind == catalogue.QuizTask {
		parts = append(parts, ui.Fold(s.T("workshop.answer_key"), answerKey(view)))
	}
	return s.Page(f, append(parts, study.AroundTasks(s.Visit, around(i-1), around(i+1)), study.LearnScript(s.Visit))...)
}

// packPage is a trainer pack as trainers read and print it.
type packPage struct {
	*visit.Visit
	course  catalogue.Course
	content *catalogue.Content
	edition string // which one, in words
	media   string
}

// PreviewPack is the draft's trainer pack as trainers will read it.
func PreviewPack(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	p := packPage{Visit: v, course: w.course, content: w.content(), edition: w.T("workshop.is_draft"), media: w.path("media") + "/"}
	return p.page(w.frame(w.T("workshop.pack")), []ui.Action{{Label: w.T("workshop.change_pack"), Href: w.path("pack"), Kind: ui.Secondary}})
}

// Pack is the trainer pack of an edition, for those who hold or plan the course.
func Pack(v *visit.Visit) error {
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
	p := packPage{Visit: v, course: course, content: c, edition: v.T("workshop.edition_n", "Number", e.Number), media: catalogue.MediaBase(id)}
	var others []ui.Action
	if access.ManageCourses(v.Viewer) {
		others = []ui.Action{{Label: v.T("workshop.to_workshop"), Href: visit.WorkshopPath(course), Kind: ui.Secondary}}
	}
	return p.page(v.Frame(title, ui.Crumb{Label: title}), others)
}

func (p packPage) page(f ui.Frame, others []ui.Action) error {
	f.Reading = true
	head := ui.PageHead{Title: p.T("workshop.pack_of", "Course", p.course.Title()), Tag: &ui.Tag{Word: p.edition, Tone: ui.Info}, Lead: p.T("workshop.pack_reader_lead"), Others: others}
	if p.content.Pack.Empty() {
		return p.Page(f, head.View(p.Lang), ui.Empty{Title: p.T("workshop.pack_empty"), Text: p.T("workshop.no_pack_help")}.View(p.Lang))
	}
	return p.Page(f, head.View(p.Lang), packView(p))
}

func (p packPage) html(w catalogue.Words) string { return p.content.HTML(w, p.Lang.Code(), 4) }

func (p packPage) file(name string) string { return p.media + name }

// parts are the parts of the pack that hold anything, for its list of contents.
func (p packPage) parts() (all []ui.NavItem) {
	pack := p.content.Pack
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
func (p packPage) discussions() (all []catalogue.Task) {
	for _, t := range p.content.Tasks {
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
func (p packPage) sheet() (days []sheetDay) {
	items := slices.Clone(p.content.Pack.RunSheet)
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

// when is the time of a row of the run sheet: "9.00–9.30".
func (p packPage) when(item catalogue.Item) string {
	short := func(s string) string { return strings.TrimPrefix(strings.Replace(s, ":", ".", 1), "0") }
	return fmt.Sprintf("%s–%s", short(item.Starts), short(item.Ends()))
}

// films are the pack's films as tasks, to be shown like the learners'.
func (p packPage) film(f catalogue.HelpFilm) study.TaskView {
	t := catalogue.Task{Kind: catalogue.FilmTask, Title: f.Title, Media: f.Media, Captions: f.Captions, Transcript: f.Transcript}
	return study.NewTaskView(p.Visit, p.content, &t, p.media, learning.Progress{})
}
