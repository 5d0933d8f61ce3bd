package workshop

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// about is the form of what stands around the tasks: what the course is about,
// and its rules.
func (w *workshop) about() piece {
	return piece{
		title: w.T("workshop.about_title"), lead: w.T("workshop.about_lead"), action: w.path("about"), back: w.path(), notice: "notice.draft_saved",
		values: func(c *catalogue.Content) (url.Values, bool) {
			in := url.Values{
				"preparation": {gate(c.Rules.Preparation)}, "preparation_days": {strconv.Itoa(c.Rules.PreparationDays)},
				"follow_up": {gate(c.Rules.FollowUp)}, "follow_up_days": {strconv.Itoa(c.Rules.FollowUpDays)},
				"preparation_minutes": {inFigures(c.Minutes.Preparation)}, "course_minutes": {inFigures(c.Minutes.During)}, "follow_up_minutes": {inFigures(c.Minutes.FollowUp)},
			}
			setWords(in, "about", c.About)
			return in, true
		},
		form: func(f *pieceForm) []templ.Component {
			parts := []templ.Component{f.pair(ui.TextareaInput, "about", w.T("workshop.about"), "", true)}
			if w.course.Days == 0 {
				return parts
			}
			for _, name := range []string{"preparation", "follow_up"} {
				parts = append(parts, ui.Box(w.T("workshop.phase."+name),
					f.field(ui.Field{Input: ui.RadioInput, Name: name, Label: w.T("workshop.gate_of"), Options: []ui.Option{
						{Value: string(catalogue.Advise), Label: w.T("workshop.gate.advise"), Hint: w.T("workshop.gate_advise_hint")},
						{Value: string(catalogue.Require), Label: w.T("workshop.gate.require"), Hint: w.T("workshop.gate_require_hint")},
					}}),
					f.field(ui.Field{Input: ui.NumberInput, Name: name + "_days", Label: w.T("workshop.days_" + name), Unit: w.T("workshop.days_unit"), Short: true}),
					f.minutes(catalogue.Phase(name))))
			}
			return append(parts, ui.Box(w.T("workshop.phase.course"), f.minutes(catalogue.During)))
		},
		apply: func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
			c.About = wordsOf(in, "about")
			if w.course.Days > 0 {
				c.Rules = catalogue.Rules{
					Preparation: catalogue.Gate(in.Get("preparation")), PreparationDays: number(in, "preparation_days", 365, checks),
					FollowUp: catalogue.Gate(in.Get("follow_up")), FollowUpDays: number(in, "follow_up_days", 365, checks),
				}
				c.Minutes.Preparation, c.Minutes.During, c.Minutes.FollowUp = number(in, "preparation_minutes", catalogue.MaxMinutes, checks), number(in, "course_minutes", catalogue.MaxMinutes, checks), number(in, "follow_up_minutes", catalogue.MaxMinutes, checks)
				for _, phase := range []catalogue.Phase{catalogue.Preparation, catalogue.FollowUp} {
					g := catalogue.Gate(in.Get(string(phase)))
					checks.Require(g == catalogue.Advise || g == catalogue.Require, string(phase), "workshop.gate_missing", "Phase", w.phase(phase))
				}
			}
		},
	}
}

// minutes asks how long the phase takes.
func (f *pieceForm) minutes(phase catalogue.Phase) templ.Component {
	return f.field(ui.Field{Input: ui.NumberInput, Name: string(phase) + "_minutes", Label: f.T("workshop.minutes_of"), Hint: f.T("workshop.minutes_of_hint", "Count", f.draft.Content.MinutesOf(phase)), Unit: f.T("workshop.minutes_unit"), Short: true, Optional: true})
}

func gate(g catalogue.Gate) string {
	if g == "" {
		g = catalogue.Advise
	}
	return string(g)
}

func DraftAbout(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	return w.show(w.about())
}

func SaveDraftAbout(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	return w.save(w.about())
}

// choice is one of the answers to the one question before a form.
type choice struct{ Title, Help, Href string }

// NewTask asks which kind of task, and then for the task.
func NewTask(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	kind := catalogue.TaskKind(v.URL.Query().Get("kind"))
	if slices.Contains(catalogue.TaskKinds, kind) {
		return w.show(w.task("", kind))
	}
	var kinds []choice
	for _, k := range catalogue.TaskKinds {
		kinds = append(kinds, choice{w.T("workshop.kind." + string(k)), w.T("workshop.kind_help." + string(k)), w.path("tasks", "new") + "?kind=" + string(k)})
	}
	title := w.T("workshop.which_kind")
	f := w.frame(title)
	f.Reading = true
	return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), choose(kinds))
}

func AddTask(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	kind := catalogue.TaskKind(v.URL.Query().Get("kind"))
	if !slices.Contains(catalogue.TaskKinds, kind) {
		return fault.Invalid("kind", "workshop.which_kind")
	}
	return w.save(w.task("", kind))
}

// taskInDraft is the draft's task in the address.
func taskInDraft(v *visit.Visit) (*workshop, *catalogue.Task, error) {
	w, err := inDraft(v)
	if err != nil {
		return nil, nil, err
	}
	task := w.draft.Content.Task(v.PathValue("task"))
	if task == nil {
		return nil, nil, fault.NotFound
	}
	return w, task, nil
}

func DraftTask(v *visit.Visit) error {
	w, task, err := taskInDraft(v)
	if err != nil {
		return err
	}
	return w.show(w.task(task.Key, task.Kind))
}

func SaveDraftTask(v *visit.Visit) error {
	w, task, err := taskInDraft(v)
	if err != nil {
		return err
	}
	return w.save(w.task(task.Key, task.Kind))
}

func MoveTask(v *visit.Visit) error {
	w, task, err := taskInDraft(v)
	if err != nil {
		return err
	}
	return w.change(w.path()+"#"+string(task.Phase)+"-caption", "", func(c *catalogue.Content) { c.Move(task.Key, step(v)) })
}

func CopyTask(v *visit.Visit) error {
	w, task, err := taskInDraft(v)
	if err != nil {
		return err
	}
	return w.change(w.path(), "notice.draft_task_copied", func(c *catalogue.Content) {
		c.Copy(task.Key, func(title string) string { return title + " " + w.T("workshop.copy_suffix") })
	})
}

func RemoveTask(v *visit.Visit) error {
	w, task, err := taskInDraft(v)
	if err != nil {
		return err
	}
	return w.change(w.path(), "notice.draft_task_removed", func(c *catalogue.Content) { c.Remove(task.Key) })
}

// task is the form of a task; a new one for the empty key.
func (w *workshop) task(key string, kind catalogue.TaskKind) piece {
	made := key // of a new task, once it is in the draft
	p := piece{
		title: w.T("workshop.new_task", "Kind", w.T("workshop.kind."+string(kind))), lead: w.T("workshop.kind_help." + string(kind)), action: w.path("tasks") + "?kind=" + string(kind), back: w.path(),
		notice: "notice.draft_task_saved", fresh: key == "",
	}
	if key != "" {
		p.title, p.action = w.Words(w.draft.Content.Task(key).Title), w.path("tasks", key)
	}
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		if key == "" {
			if w.course.Days == 0 {
				return taskValues(catalogue.Task{Phase: catalogue.During}), true
			}
			return taskValues(catalogue.Task{Phase: catalogue.Preparation}), true
		}
		t := c.Task(key)
		if t == nil {
			return nil, false
		}
		return taskValues(*t), true
	}
	p.form = func(f *pieceForm) []templ.Component { return f.task(kind) }
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		t := catalogue.Task{Kind: kind}
		if key != "" {
			t = *c.Task(key)
		}
		applyTask(&t, c, in, checks)
		if key == "" {
			made = c.Add(t)
			return
		}
		*c.Task(key) = t
		c.Sort()
	}
	p.after = func(*catalogue.Content) string {
		switch {
		case w.PostForm.Get("do") == "preview":
			return w.path("preview", made)
		case key == "" && kind == catalogue.QuizTask:
			return w.path("tasks", made)
		}
		return w.path()
	}
	if key != "" {
		p.more = func(f *pieceForm) []templ.Component { return f.besideTask(*w.draft.Content.Task(key)) }
	}
	return p
}

func taskValues(t catalogue.Task) url.Values {
	in := url.Values{
		"phase": {string(t.Phase)}, "minutes": {inFigures(t.Minutes)}, "media": {t.Media}, "url": {t.URL},
		"captions.sv": {t.Captions["sv"]}, "captions.en": {t.Captions["en"]}, "optional": {visit.OnWhen(t.Optional)},
	}
	setWords(in, "title", t.Title)
	setWords(in, "text", t.Text)
	setWords(in, "transcript", t.Transcript)
	return in
}

func applyTask(t *catalogue.Task, c *catalogue.Content, in url.Values, checks *fault.Checks) {
	t.Phase, t.Title, t.Text = catalogue.Phase(in.Get("phase")), wordsOf(in, "title"), wordsOf(in, "text")
	t.Minutes, t.Optional = number(in, "minutes", 600, checks), in.Get("optional") == "on"
	checks.Require(slices.Contains(catalogue.Phases, t.Phase), "phase", "workshop.phase_missing")
	needsTitle(t.Title, checks)
	if kinds := catalogue.MediaKinds[t.Kind]; kinds != nil {
		t.Media = needsKind(c, in, "media", kinds, checks)
	}
	if t.Kind == catalogue.FilmTask || t.Kind == catalogue.PodcastTask {
		t.Transcript = wordsOf(in, "transcript")
	}
	if t.Kind == catalogue.FilmTask {
		t.Captions = captionsOf(c, in, checks)
	}
	if t.Kind == catalogue.LinkTask {
		t.URL = strings.TrimSpace(in.Get("url"))
		u, err := url.Parse(t.URL)
		checks.Require(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "", "url", "material.url_wrong")
	}
}

func captionsOf(c *catalogue.Content, in url.Values, checks *fault.Checks) map[string]string {
	captions := map[string]string{}
	for _, language := range catalogue.Languages {
		if name := needsKind(c, in, "captions."+language, catalogue.CaptionKinds, checks); name != "" {
			captions[language] = name
		}
	}
	if len(captions) == 0 {
		return nil
	}
	return captions
}

// task are the fields of a task of the kind.
func (f *pieceForm) task(kind catalogue.TaskKind) []templ.Component {
	var phases []ui.Option
	for _, phase := range catalogue.Phases {
		phases = append(phases, ui.Option{Value: string(phase), Label: f.phase(phase)})
	}
	needsText := kind == catalogue.TextTask || kind == catalogue.ReflectionTask || kind == catalogue.DiscussionTask
	parts := []templ.Component{
		f.field(ui.Field{Input: ui.RadioInput, Name: "phase", Label: f.T("workshop.when"), Options: phases}),
		f.pair("", "title", f.T("workshop.task_title"), "", false),
	}
	switch kind {
	case catalogue.FilmTask:
		parts = append(parts, f.film()...)
	case catalogue.PodcastTask, catalogue.DocumentTask:
		parts = append(parts, f.file("media", f.T("workshop.file_of."+string(kind)), catalogue.MediaKinds[kind], false))
		if kind == catalogue.PodcastTask {
			parts = append(parts, f.pair(ui.TextareaInput, "transcript", f.T("workshop.transcript"), f.T("workshop.transcript_hint"), false))
		}
	case catalogue.LinkTask:
		parts = append(parts, f.field(ui.Field{Name: "url", Label: f.T("workshop.url"), Hint: f.T("workshop.url_hint")}))
	case catalogue.TextTask, catalogue.QuizTask, catalogue.ReflectionTask, catalogue.DiscussionTask:
	}
	return append(parts,
		f.pair(ui.TextareaInput, "text", f.T("workshop.text_of."+string(kind)), "", !needsText),
		f.field(ui.Field{Input: ui.NumberInput, Name: "minutes", Label: f.T("workshop.takes"), Unit: f.T("workshop.minutes_unit"), Short: true, Optional: true}),
		f.field(ui.Field{Input: ui.CheckInput, Name: "optional", Label: f.T("workshop.optional"), Hint: f.T("workshop.optional_hint")}),
	)
}

// film asks for a film with what it needs.
func (f *pieceForm) film() []templ.Component {
	parts := []templ.Component{f.file("media", f.T("workshop.file_of.film"), catalogue.MediaKinds[catalogue.FilmTask], false)}
	for i, language := range catalogue.Languages {
		parts = append(parts, f.file("captions."+language, f.T("workshop.captions_in", "Language", f.T("workshop.language."+language)), catalogue.CaptionKinds, i > 0))
	}
	return append(parts, f.pair(ui.TextareaInput, "transcript", f.T("workshop.transcript"), f.T("workshop.transcript_hint"), false))
}

// besideTask are the questions of a quiz, and what else one does with a task.
func (f *pieceForm) besideTask(t catalogue.Task) (parts []templ.Component) {
	if t.Kind == catalogue.QuizTask {
		parts = append(parts, f.questions(t))
	}
	remove := ui.Confirm{
		ID: "remove", Opener: ui.Action{Label: f.T("workshop.remove_task"), Kind: ui.Secondary}, Title: f.T("workshop.remove_task_title"), Text: f.T("workshop.remove_task_text"),
		Action: ui.Action{Label: f.T("workshop.remove_task"), Href: f.path("tasks", t.Key, "removal"), Post: true, Kind: ui.Danger, Hidden: f.version()},
	}
	return append(parts, ui.Section("more", f.T("workshop.more"), ui.Choices(
		ui.Action{Label: f.T("workshop.preview_task"), Href: f.path("preview", t.Key), Kind: ui.Secondary}.View(f.Lang),
		ui.Action{Label: f.T("workshop.copy_task"), Href: f.path("tasks", t.Key, "copy"), Post: true, Kind: ui.Secondary, Hidden: f.version()}.View(f.Lang),
		remove.View(f.Lang))))
}

func (f *pieceForm) questions(t catalogue.Task) templ.Component {
	table := ui.Table{
		ID: "questions", Caption: f.T("workshop.questions"), QuietTitle: true, Dense: true,
		Columns: []ui.Column{{Label: f.T("workshop.question")}, {Label: f.T("workshop.kind")}, {Label: f.T("workshop.languages")}, {Label: f.T("workshop.order"), Action: true}},
		Empty:   ui.Empty{Title: f.T("workshop.no_questions"), Text: f.T("workshop.no_questions_help")},
	}
	for i, q := range t.Questions {
		n := strconv.Itoa(i + 1)
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(f.Words(q.Text), f.path("tasks", t.Key, "questions", n)), ui.Text(f.T("workshop.question_kind." + string(q.Kind))), ui.Text(f.languages(q.Text)),
			{Slot: moves(f.workshop, f.path("tasks", t.Key, "questions", n, "position"), f.Words(q.Text), i > 0, i < len(t.Questions)-1)},
		}})
	}
	return ui.Section("questions-heading", f.T("workshop.questions"), table.View(f.Lang),
		ui.Action{Label: f.T("workshop.add_question"), Href: f.path("tasks", t.Key, "questions", "new"), Kind: ui.Secondary}.View(f.Lang))
}
