package workshop

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/study"
	"yrkesresan/internal/web/trainerpack"
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
			ui.Empty{Title: w.T("workshop.no_content"), Text: w.T("workshop.no_content_help")}.View(v.Lang), w.toWithdrawal(number))
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
		ui.Action{Label: w.T("workshop.copy_course"), Href: visit.NewCoursePath + "?copy=" + visit.ID(e.ID), Kind: ui.Secondary}.View(v.Lang),
		w.toWithdrawal(number),
	)})
}

// toWithdrawal leads to where the edition is withdrawn, or that is undone.
func (w *workshop) toWithdrawal(number string) templ.Component {
	return ui.Action{Label: w.T("lifetime.to_withdrawal"), Href: w.path("editions", number, "withdrawal"), Kind: ui.Secondary}.View(w.Lang)
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
	base := w.path("editions", visit.ID(int64(e.Number)))
	return shown{
		workshop: w, content: c, title: w.T("workshop.edition_n", "Number", e.Number), note: w.T("workshop.frozen_note"),
		base: base, tasks: w.path("editions", visit.ID(int64(e.Number)), "tasks"), media: catalogue.MediaBase(e.ID),
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
				note = append(note, trainerpack.MinutesText(s.Visit, t.Minutes))
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
		head.Lead += " · " + trainerpack.MinutesText(s.Visit, t.Minutes)
	}
	if s.draft != nil && s.base == s.path("preview") {
		head.Others = []ui.Action{{Label: s.T("workshop.change_task"), Href: s.workshop.path("tasks", t.Key), Kind: ui.Secondary}}
	}
	parts := []templ.Component{head.View(s.Lang), study.TaskBody(view), study.TaskForm(view)}
	if t.Kind == catalogue.QuizTask {
		parts = append(parts, ui.Fold(s.T("workshop.answer_key"), study.AnswerKey(view)))
	}
	return s.Page(f, append(parts, study.AroundTasks(s.Visit, around(i-1), around(i+1)), study.LearnScript(s.Visit))...)
}

// PreviewPack is the draft's trainer pack as trainers will read it.
func PreviewPack(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	p := trainerpack.Page{Visit: v, Course: w.course, Content: w.content(), Edition: w.T("workshop.is_draft"), Media: w.path("media") + "/"}
	return p.Show(w.frame(w.T("workshop.pack")), []ui.Action{{Label: w.T("workshop.change_pack"), Href: w.path("pack"), Kind: ui.Secondary}})
}
