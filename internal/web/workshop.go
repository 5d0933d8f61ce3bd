package web

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/web/ui"
)

// The workshop's forms that bring files.
const (
	workshopMediaPath    = "/workshop/{course}/media"
	workshopTaskPath     = "/workshop/{course}/tasks/{task}"
	workshopNewTaskPath  = "/workshop/{course}/tasks"
	workshopPackItemPath = "/workshop/{course}/pack/{part}/{item}"
	workshopImportPath   = "/workshop/import"
)

func workshopPath(course catalogue.Course, more ...string) string {
	path := "/workshop/" + course.Slug
	for _, m := range more {
		path += "/" + url.PathEscape(m)
	}
	return path
}

// workshop is a course in the workshop, for those who make courses. Its draft is
// nil when nobody is writing one.
type workshop struct {
	*Visit
	course catalogue.Course
	draft  *catalogue.Draft
}

// inWorkshop is the course in the address; fault.Forbidden for those who make no
// courses.
func (v *Visit) inWorkshop() (*workshop, error) {
	w := &workshop{Visit: v}
	if !access.ManageCourses(v.Viewer) {
		return nil, fault.Forbidden
	}
	var err error
	if w.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course")); err != nil {
		return nil, err
	}
	draft, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, w.course.ID)
	switch {
	case err == nil:
		w.draft = &draft
	case !errors.Is(err, fault.NotFound):
		return nil, err
	}
	return w, nil
}

// inDraft is the course in the address with its draft; fault.NotFound when there
// is none.
func (v *Visit) inDraft() (*workshop, error) {
	w, err := v.inWorkshop()
	if err == nil && w.draft == nil {
		err = fault.NotFound
	}
	return w, err
}

// content is the draft's, with the addresses of its media.
func (w *workshop) content() *catalogue.Content {
	return w.draft.Content.At(workshopPath(w.course, "media") + "/")
}

func (w *workshop) path(more ...string) string { return workshopPath(w.course, more...) }

// frame is that of a page beneath the course's.
func (w *workshop) frame(title string, crumbs ...ui.Crumb) ui.Frame {
	all := []ui.Crumb{{Label: w.T("workshop.title"), Href: "/workshop"}, {Label: w.course.Title(), Href: w.path()}}
	return w.Frame(title+" – "+w.course.Title(), append(append(all, crumbs...), ui.Crumb{Label: title})...)
}

// words is a text in the visitor's language.
func (v *Visit) words(w catalogue.Words) string { return w.In(v.Lang.Code()) }

// lastChange says when the draft was changed, and by whom.
func (w *workshop) lastChange() (string, error) {
	by := w.T("workshop.by_product")
	if id := w.draft.ChangedBy; id != nil {
		names, err := people.Names(w.Context(), w.Reader(), []int64{*id})
		if err != nil {
			return "", err
		}
		by = names[*id]
	}
	return w.T("workshop.changed_by", "When", w.Lang.DayTime(w.draft.ChangedAt), "Name", by), nil
}

// workshopList is every course: which edition is out, and whether somebody is at
// work on the next.
func (s *Server) workshopList(v *Visit) error {
	all, err := catalogue.States(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("workshop.title"), Lead: v.T("workshop.lead"), Action: &ui.Action{Label: v.T("workshop.new"), Href: "/workshop/new"},
		Others: []ui.Action{{Label: v.T("workshop.import"), Href: workshopImportPath, Kind: ui.Secondary}},
	}
	t := ui.Table{
		ID: "courses", Caption: v.T("workshop.courses"), Note: v.T("workshop.tasks_note"), Dense: true,
		Columns: []ui.Column{{Label: v.T("workshop.course")}, {Label: v.T("workshop.edition")}, {Label: v.T("workshop.out_since"), Keep: true}, {Label: v.T("workshop.tasks"), Numeric: true}, {Label: v.T("workshop.draft")}},
		Empty:   ui.Empty{Title: v.T("workshop.no_courses"), Text: v.T("workshop.no_courses_help")},
	}
	// By what they are called here: the short name first.
	slices.SortStableFunc(all, func(a, b catalogue.State) int {
		return bytes.Compare(i18n.SortKey(a.Course.Title()), i18n.SortKey(b.Course.Title()))
	})
	for _, state := range all {
		cells := []ui.Cell{ui.Link(state.Course.Title(), workshopPath(state.Course)), ui.Text(v.T("workshop.not_out")), {}, {}, {}}
		if state.Edition != nil {
			cells[1] = ui.Text(v.T("workshop.edition_n", "Number", state.Edition.Number))
			cells[2] = ui.Text(v.Lang.Day(state.Edition.PublishedOn))
		}
		if state.HasContent {
			cells[3] = ui.Text(v.Lang.Number(int64(state.Tasks)))
		}
		if state.DraftChanged != nil {
			cells[4] = ui.Cell{Tag: &ui.Tag{Word: v.T("workshop.is_draft"), Tone: ui.Info}, Note: v.T("workshop.changed_at", "When", v.Lang.DayTime(*state.DraftChanged))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return v.Page(v.Frame(head.Title), head.View(v.Lang), v.table(t))
}

// producerTodo are the drafts that somebody is at work on, the latest first, and
// the figures.
func (v *Visit) producerTodo() ([]ui.NextThing, error) {
	all, err := catalogue.States(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s catalogue.State) bool { return s.DraftChanged == nil })
	slices.SortStableFunc(all, func(a, b catalogue.State) int { return cmp.Compare(*b.DraftChanged, *a.DraftChanged) })
	var things []ui.NextThing
	for _, s := range all[:min(len(all), fewTodos)] {
		things = append(things, v.next("draft", workshopPath(s.Course), "Course", s.Course.Title(), "When", v.Lang.DayTime(*s.DraftChanged)))
	}
	return append(things, v.next(string(access.Producer), "/figures")), nil
}

// workshopCourse is the course's own page in the workshop.
func (s *Server) workshopCourse(v *Visit) error {
	w, err := v.inWorkshop()
	if err != nil {
		return err
	}
	editions, err := catalogue.Editions(v.Context(), v.Reader(), w.course.ID)
	if err != nil {
		return err
	}
	underWay, err := learning.UnderWay(v.Context(), v.Reader(), v.Viewer, w.course)
	if err != nil {
		return err
	}
	head := ui.PageHead{Title: w.course.Title(), Lead: w.T("workshop.course_lead", "Audience", w.course.Audience, "Days", w.days())}
	f := v.Frame(head.Title, ui.Crumb{Label: v.T("workshop.title"), Href: "/workshop"}, ui.Crumb{Label: head.Title})
	var parts []templ.Component
	if w.draft == nil {
		head.Tag = &ui.Tag{Word: v.T("workshop.no_draft"), Tone: ui.Plain}
		next := ui.NextThing{Sentence: v.T("workshop.start_first"), Action: &ui.Action{Label: v.T("workshop.start"), Href: w.path("draft"), Post: true, Hidden: []ui.Hidden{{Name: "editions", Value: idString(int64(len(editions)))}}}}
		if len(editions) > 0 {
			next.Sentence = v.T("workshop.start_next", "Number", editions[0].Number+1)
			next.Help = v.T("workshop.start_next_help", "Number", editions[0].Number)
		}
		parts = append(parts, head.View(v.Lang), next.View(v.Lang))
	} else {
		head.Tag = &ui.Tag{Word: v.T("workshop.is_draft"), Tone: ui.Info}
		draft, err := w.draftParts()
		if err != nil {
			return err
		}
		parts = append(append(parts, head.View(v.Lang)), draft...)
	}
	published, err := w.editions(editions, underWay)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, published)...)
}

func (w *workshop) days() string {
	if w.course.Days == 0 {
		return w.T("workshop.days_web")
	}
	return w.T("workshop.days_count", "Count", w.course.Days)
}

// draftParts are the draft on the course's page: what is next, what it holds and
// where to change it.
func (w *workshop) draftParts() ([]templ.Component, error) {
	c := &w.draft.Content
	changed, err := w.lastChange()
	if err != nil {
		return nil, err
	}
	missing := 0
	if f := fault.Of(catalogue.Ready(w.Context(), w.Reader(), *w.draft, w.course)); f != nil {
		for _, field := range f.Fields {
			if field.Name != "changes" { // asked for where it is published
				missing++
			}
		}
	}
	next := ui.NextThing{Sentence: w.T("workshop.ready"), Help: changed, Action: &ui.Action{Label: w.T("workshop.to_publish"), Href: w.path("publication")}}
	if missing > 0 {
		next.Sentence = w.T("workshop.missing", "Count", missing)
		next.Action.Label = w.T("workshop.see_missing")
	}
	if len(c.Tasks) == 0 {
		next.Sentence, next.Action = w.T("workshop.empty_draft"), &ui.Action{Label: w.T("workshop.add_task"), Href: w.path("tasks", "new")}
	}
	lacking := 0
	for _, p := range c.Passages() {
		if p.Lacks("en") {
			lacking++
		}
	}
	translation := w.T("workshop.translated")
	if lacking > 0 {
		translation = w.T("workshop.untranslated", "Count", lacking)
	}
	about := w.T("workshop.about_missing")
	if c.About.In("sv") != "" {
		about = w.T("workshop.about_there")
	}
	facts := ui.Summary{
		{Term: w.T("workshop.about"), Value: about, Change: w.path("about")},
		{Term: w.T("workshop.rules"), Value: w.rules(c.Rules), Change: w.path("about")},
		{Term: w.T("workshop.translation"), Slot: linkTo(translation, w.path("translation"))},
		{Term: w.T("workshop.media"), Slot: linkTo(w.T("workshop.files_count", "Count", len(c.Media)), w.path("media"))},
		{Term: w.T("workshop.pack"), Slot: linkTo(w.packInWords(c.Pack), w.path("pack"))},
		{Term: w.T("workshop.preview"), Slot: twoLinks(ui.Action{Label: w.T("workshop.as_learner"), Href: w.path("preview")}, ui.Action{Label: w.T("workshop.as_trainer"), Href: w.path("preview-pack")})},
	}
	parts := []templ.Component{next.View(w.Lang), section("draft", w.T("workshop.draft_heading"), facts.View(w.Lang))}
	var phases []templ.Component
	for _, phase := range catalogue.Phases {
		phases = append(phases, w.phaseTable(phase))
	}
	parts = append(parts, section("tasks", w.T("workshop.tasks"), append(phases, ui.Action{Label: w.T("workshop.add_task"), Href: w.path("tasks", "new"), Kind: ui.Secondary}.View(w.Lang))...))
	drop := ui.Confirm{
		ID: "drop", Opener: ui.Action{Label: w.T("workshop.drop"), Kind: ui.Secondary}, Title: w.T("workshop.drop_title"),
		Text:   w.T("workshop.drop_text", "Count", len(c.Tasks)),
		Action: ui.Action{Label: w.T("workshop.drop"), Href: w.path("draft", "removal"), Post: true, Kind: ui.Danger, Hidden: w.version()},
	}
	return append(parts, section("more", w.T("workshop.more"), choices(
		ui.Action{Label: w.T("workshop.export_draft"), Href: w.path("export"), Kind: ui.Secondary}.View(w.Lang), drop.View(w.Lang)))), nil
}

// version is what a form about the whole draft carries.
func (w *workshop) version() []ui.Hidden {
	return []ui.Hidden{{Name: "version", Value: idString(int64(w.draft.Version))}}
}

func (w *workshop) rules(r catalogue.Rules) string {
	if w.course.Days == 0 {
		return w.T("workshop.rules_web")
	}
	gate := func(g catalogue.Gate) string {
		if g == catalogue.Require {
			return w.T("workshop.gate.require")
		}
		return w.T("workshop.gate.advise")
	}
	return w.T("workshop.rules_in_words", "Before", gate(r.Preparation), "BeforeDays", r.PreparationDays, "After", gate(r.FollowUp), "AfterDays", r.FollowUpDays)
}

func (w *workshop) packInWords(p catalogue.Pack) string {
	n := len(p.RunSheet) + len(p.Exercises) + len(p.Slides) + len(p.Films)
	if n == 0 && p.Instructions.In("sv") == "" {
		return w.T("workshop.pack_empty")
	}
	return w.T("workshop.pack_holds", "Rows", len(p.RunSheet), "Exercises", len(p.Exercises), "Slides", len(p.Slides), "Films", len(p.Films))
}

// phaseTable is the draft's tasks of a phase, with buttons that order them.
func (w *workshop) phaseTable(phase catalogue.Phase) templ.Component {
	t := ui.Table{
		ID: string(phase), Caption: w.T("workshop.phase." + string(phase)), Dense: true,
		Columns: []ui.Column{{Label: w.T("workshop.task")}, {Label: w.T("workshop.kind")}, {Label: w.T("workshop.minutes"), Numeric: true}, {Label: w.T("workshop.required")}, {Label: w.T("workshop.languages")}, {Label: w.T("workshop.order"), Action: true}},
		Empty:   ui.Empty{Title: w.T("workshop.no_tasks"), Text: w.T("workshop.phase_help." + string(phase))},
	}
	tasks := w.draft.Content.InPhase(phase)
	minutes := 0
	for i, task := range tasks {
		minutes += task.Minutes
		required := w.T("workshop.is_required")
		if task.Optional {
			required = w.T("workshop.is_optional")
		}
		time := ui.Cell{}
		if task.Minutes > 0 {
			time.Text = w.Lang.Number(int64(task.Minutes))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(w.words(task.Title), w.path("tasks", task.Key)), ui.Text(w.T("workshop.kind." + string(task.Kind))), time,
			ui.Text(required), ui.Text(w.languages(task.Title)),
			{Slot: moves(w, w.path("tasks", task.Key, "position"), w.words(task.Title), i > 0, i < len(tasks)-1)},
		}})
	}
	if minutes > 0 {
		t.Note = w.T("workshop.tasks_count", "Count", len(tasks)) + ", " + w.T("workshop.about_minutes", "Count", minutes)
	}
	return t.View(w.Lang)
}

// languages are those in which a text is written.
func (w *workshop) languages(text catalogue.Words) string {
	var all []string
	for _, language := range catalogue.Languages {
		if text[language] != "" {
			all = append(all, w.T("workshop.language."+language))
		}
	}
	return strings.Join(all, ", ")
}

// editions are those that are out, each with what changed in it and where its
// content is found.
func (w *workshop) editions(all []catalogue.Edition, underWay map[int64]int) (templ.Component, error) {
	t := ui.Table{
		ID: "editions", Caption: w.T("workshop.editions"),
		Columns: []ui.Column{{Label: w.T("workshop.edition")}, {Label: w.T("workshop.out_since"), Keep: true}, {Label: w.T("workshop.changes")}, {Label: w.T("workshop.under_way"), Numeric: true}},
		Empty:   ui.Empty{Title: w.T("workshop.no_editions"), Text: w.T("workshop.no_editions_help")},
	}
	for _, e := range all {
		changes := e.Changes
		if c, err := catalogue.ContentOf(w.Context(), w.Reader(), e.ID); err == nil {
			changes = w.words(c.Changes)
		} else if !errors.Is(err, fault.NotFound) {
			return nil, err
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Link(w.T("workshop.edition_n", "Number", e.Number), w.path("editions", idString(int64(e.Number)))),
			ui.Text(w.Lang.Day(e.PublishedOn)), ui.Text(changes), ui.Text(w.Lang.Number(int64(underWay[e.ID]))),
		}})
	}
	return w.table(t), nil
}

// startDraft begins the course's next edition.
func (s *Server) startDraft(v *Visit) error {
	w, err := v.inWorkshop()
	if err != nil {
		return err
	}
	editions, err := catalogue.Editions(v.Context(), v.Reader(), w.course.ID)
	if err != nil {
		return err
	}
	if len(editions) != v.Number("editions", -1) || w.draft != nil {
		return fault.Conflict("workshop.changed_meanwhile") // what begins would not be what was seen
	}
	if err := v.Write(func(tx *db.Tx) error {
		return catalogue.StartDraft(v.Context(), tx, v.Viewer, w.course.ID, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(w.path(), "notice.draft_started")
}

// dropDraft throws the draft away.
func (s *Server) dropDraft(v *Visit) error {
	w, err := v.inDraft()
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return catalogue.DropDraft(v.Context(), tx, v.Viewer, w.course.ID, v.Number("version", -1))
	}); err != nil {
		return err
	}
	return v.Redirect(w.path(), "notice.draft_dropped")
}

// publication shows what will be published: what changed since the edition that
// is out, what keeps it from being published, and who is under way.
func (s *Server) publication(v *Visit) error {
	w, err := v.inDraft()
	if err != nil {
		return err
	}
	return w.publicationPage(nil)
}

func (w *workshop) publicationPage(refused error) error {
	c := &w.draft.Content
	editions, err := catalogue.Editions(w.Context(), w.Reader(), w.course.ID)
	if err != nil {
		return err
	}
	underWay, err := learning.UnderWay(w.Context(), w.Reader(), w.Viewer, w.course)
	if err != nil {
		return err
	}
	number, people := 1, 0
	if len(editions) > 0 {
		number = editions[0].Number + 1
	}
	for _, n := range underWay {
		people += n
	}
	title := w.T("workshop.publish_title", "Number", number)
	f := w.frame(title)
	f.Reading, f.Failed = true, refused != nil
	changed, err := w.lastChange()
	if err != nil {
		return err
	}
	var own ui.Errors // of this form; the rest are the draft's
	var missing []missingLine
	if fields := fault.Of(catalogue.Ready(w.Context(), w.Reader(), *w.draft, w.course)); fields != nil {
		for _, field := range fields.Fields {
			switch {
			case field.Name != "changes":
				missing = append(missing, missingLine{w.T(field.Key, field.Args...), w.place(field.Name)})
			case refused != nil:
				own = append(own, ui.FieldError{Field: "changes.sv", Text: w.T(field.Key, field.Args...)})
			}
		}
	}
	parts := []templ.Component{
		own.View(w.Lang), conflict(w.Visit, refused),
		ui.PageHead{Title: title, Lead: w.T("workshop.publish_lead") + " " + changed}.View(w.Lang),
	}
	if len(missing) > 0 {
		return w.PageStatus(statusAfter(refused), f, append(parts, ui.Notice{Tone: ui.Caution, Text: w.T("workshop.not_ready", "Count", len(missing))}.View(w.Lang), missingList(missing))...)
	}
	if w.draft.BasedOn == nil {
		parts = append(parts, paragraph(w.T("workshop.first_content", "Count", len(c.Tasks))))
	} else {
		comparison, changed, err := w.comparison(*w.draft.BasedOn, editions)
		if err != nil {
			return err
		}
		parts = append(parts, comparison)
		if !changed {
			return w.PageStatus(statusAfter(refused), f, append(parts, ui.Action{Label: w.T("workshop.to_draft"), Href: w.path(), Kind: ui.Secondary}.View(w.Lang))...)
		}
	}
	sentence := w.T("workshop.nobody_under_way")
	if people > 0 {
		sentence = w.T("workshop.people_under_way", "Count", people)
	}
	values := url.Values{"changes.sv": {c.Changes["sv"]}, "changes.en": {c.Changes["en"]}}
	if refused != nil {
		values = w.PostForm
	}
	form := form(w.path("publication"), w.T("workshop.publish", "Number", number), w.version(),
		ui.Field{Input: ui.TextareaInput, Name: "changes.sv", Label: w.T("workshop.changes_sv"), Hint: w.T("workshop.changes_hint"), Value: values.Get("changes.sv"), Error: own.For("changes.sv"), Optional: w.draft.BasedOn == nil},
		ui.Field{Input: ui.TextareaInput, Name: "changes.en", Label: w.T("workshop.changes_en"), Value: values.Get("changes.en"), Optional: true},
	)
	form.Cancel = w.path()
	return w.PageStatus(statusAfter(refused), f, append(parts,
		section("learners", w.T("workshop.learners"), paragraph(sentence)),
		section("form", w.T("workshop.publish_heading"), paragraph(w.T("workshop.publish_frozen")), form.View(w.Lang)))...)
}

// missingLine is something that keeps a draft from being published, and where
// it is mended.
type missingLine struct{ Text, Href string }

// place is the page of the place that a fault of Content.Check names.
func (w *workshop) place(name string) string {
	parts := strings.Split(name, ".")
	switch {
	case parts[0] == "tasks" && len(parts) >= 2:
		if n := numberOf(parts[1]); n >= 1 && n <= len(w.draft.Content.Tasks) {
			key := w.draft.Content.Tasks[n-1].Key
			if len(parts) == 4 {
				return w.path("tasks", key, "questions", parts[3])
			}
			return w.path("tasks", key)
		}
	case parts[0] == "pack" && len(parts) == 3:
		return w.path("pack", strings.ReplaceAll(parts[1], "_", "-"), parts[2])
	case parts[0] == "pack":
		return w.path("pack", "instructions", "1")
	case parts[0] == "media":
		return w.path("media")
	case parts[0] == "changes":
		return w.path("publication")
	case parts[0] == "about" || parts[0] == "rules":
		return w.path("about")
	}
	return w.path()
}

// numberOf is the number in a place; 0 when it is none.
func numberOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// comparison is what the draft changes in the edition that it began as, and
// whether it changes anything.
func (w *workshop) comparison(basedOn int64, editions []catalogue.Edition) (templ.Component, bool, error) {
	old, err := catalogue.ContentOf(w.Context(), w.Reader(), basedOn)
	if err != nil {
		return nil, false, err
	}
	number := 0
	for _, e := range editions {
		if e.ID == basedOn {
			number = e.Number
		}
	}
	c := w.draft.Content.Compare(old)
	t := ui.Table{
		ID: "comparison", Caption: w.T("workshop.compared", "Number", number), Dense: true,
		Columns: []ui.Column{{Label: w.T("workshop.what")}, {Label: w.T("workshop.how")}},
		Empty:   ui.Empty{Title: w.T("workshop.nothing_changed"), Text: w.T("workshop.nothing_changed_help")},
	}
	for _, change := range c.Tasks {
		var how []string
		for _, part := range change.Parts {
			how = append(how, w.T("workshop.part."+part))
		}
		tone := map[catalogue.Difference]ui.Tone{catalogue.Added: ui.Positive, catalogue.Removed: ui.Negative, catalogue.Changed: ui.Info}[change.What]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(w.words(change.Task.Title)),
			{Tag: &ui.Tag{Word: w.T("workshop.difference." + string(change.What)), Tone: tone}, Note: strings.Join(how, ", ")},
		}})
	}
	for _, each := range []struct {
		changed bool
		what    string
	}{{c.About, w.T("workshop.about")}, {c.Rules, w.T("workshop.rules")}, {c.Pack, w.T("workshop.pack")}} {
		if each.changed {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(each.what), ui.Status(w.T("workshop.difference.changed"), ui.Info)}})
		}
	}
	return w.table(t), !c.None(), nil
}

// publish makes the draft the newest edition.
func (s *Server) publish(v *Visit) error {
	w, err := v.inDraft()
	if err != nil {
		return err
	}
	changes := wordsOf(v.PostForm, "changes")
	var e catalogue.Edition
	err = v.Write(func(tx *db.Tx) error {
		c := w.draft.Content
		c.Changes = changes
		version, err := catalogue.SaveDraft(v.Context(), tx, v.Viewer, w.course.ID, v.Number("version", -1), &c, v.Now)
		if err == nil {
			e, err = catalogue.Publish(v.Context(), tx, v.Viewer, w.course.ID, version, v.Now)
		}
		return err
	})
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict) {
		w.draft.Content.Changes = changes
		return w.publicationPage(err)
	}
	if err != nil {
		return err
	}
	return v.Redirect(w.path(), "notice.edition_published", v.Lang.Number(int64(e.Number)))
}

// newCourse asks for a new course, empty or as a copy of an edition.
func (s *Server) newCourse(v *Visit) error { return v.newCoursePage(nil) }

// copied is the edition that a new course is to be a copy of; 0 for none.
func (v *Visit) copied() (catalogue.Edition, catalogue.Course, error) {
	id := v.NumberID("copy")
	if id == 0 {
		return catalogue.Edition{}, catalogue.Course{}, nil
	}
	e, err := catalogue.EditionByID(v.Context(), v.Reader(), id)
	if err != nil {
		return e, catalogue.Course{}, err
	}
	course, err := catalogue.CourseByID(v.Context(), v.Reader(), e.CourseID)
	return e, course, err
}

func (v *Visit) newCoursePage(refused error) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	edition, original, err := v.copied()
	if err != nil {
		return err
	}
	values := url.Values{"days": {"1"}, "delivery": {string(catalogue.Municipal)}, "audience": {v.T("workshop.all")}}
	title, lead := v.T("workshop.new"), v.T("workshop.new_lead")
	var hidden []ui.Hidden
	if edition.ID != 0 {
		title, lead = v.T("workshop.copy_title", "Course", original.Title()), v.T("workshop.copy_lead", "Number", edition.Number)
		hidden = []ui.Hidden{{Name: "copy", Value: idString(edition.ID)}}
		head, err := catalogue.HeadOf(v.Context(), v.Reader(), original, v.Today)
		if err != nil {
			return err
		}
		values = url.Values{
			"name": {head.Name + " " + v.T("workshop.copy_suffix")}, "slug": {head.Slug + "-2"}, "audience": {head.Audience}, "days": {strconv.Itoa(head.Days)},
			"delivery": {string(head.Delivery)}, "tariff_kind": {head.TariffKind}, "journeys": head.Journeys,
		}
	}
	if refused != nil {
		values = v.PostForm
	}
	errs := ui.ErrorsOf(v.Lang, refused)
	journeys, err := v.journeyOptions()
	if err != nil {
		return err
	}
	kinds, err := catalogue.TariffKinds(v.Context(), v.Reader())
	if err != nil {
		return err
	}
	tariffs := []ui.Option{{Label: v.T("workshop.no_tariff")}}
	for _, k := range kinds {
		tariffs = append(tariffs, ui.Option{Value: k, Label: v.T("tariff.kind." + k)})
	}
	var deliveries []ui.Option
	for _, d := range []catalogue.Delivery{catalogue.Municipal, catalogue.Workplace, catalogue.Regional, catalogue.National, catalogue.Web} {
		deliveries = append(deliveries, ui.Option{Value: string(d), Label: v.T("workshop.delivery." + string(d))})
	}
	fields := []ui.Field{
		{Name: "name", Label: v.T("workshop.name")},
		{Name: "short_name", Label: v.T("workshop.short_name"), Hint: v.T("workshop.short_name_hint"), Optional: true},
		{Name: "slug", Label: v.T("workshop.slug"), Hint: v.T("workshop.slug_hint")},
		{Name: "audience", Label: v.T("workshop.audience"), Hint: v.T("workshop.audience_hint")},
		{Input: ui.RadioInput, Name: "delivery", Label: v.T("workshop.delivery"), Options: deliveries},
		{Input: ui.NumberInput, Name: "days", Label: v.T("workshop.course_days"), Hint: v.T("workshop.course_days_hint"), Short: true},
		{Input: ui.CheckInput, Name: "journeys", Label: v.T("workshop.journeys"), Options: journeys, Values: values["journeys"]},
		{Input: ui.SelectInput, Name: "tariff_kind", Label: v.T("workshop.tariff_kind"), Options: tariffs, Optional: true},
	}
	for i := range fields {
		fields[i].Value, fields[i].Error = values.Get(fields[i].Name), errs.For(fields[i].Name)
	}
	form := form("/workshop", v.T("workshop.make"), hidden, fields...)
	form.Cancel = "/workshop"
	f := v.Frame(title, ui.Crumb{Label: v.T("workshop.title"), Href: "/workshop"}, ui.Crumb{Label: title})
	f.Reading, f.Failed = true, refused != nil
	return v.PageStatus(statusAfter(refused), f, errs.View(v.Lang), ui.PageHead{Title: title, Lead: lead}.View(v.Lang), form.View(v.Lang))
}

// journeyOptions are the places that a course can have: each step of each
// journey, and the journey without a step.
func (v *Visit) journeyOptions() (all []ui.Option, err error) {
	journeys, err := catalogue.Journeys(v.Context(), v.Reader())
	if err != nil {
		return nil, err
	}
	for _, j := range journeys {
		steps, err := catalogue.Steps(v.Context(), v.Reader(), j.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			all = append(all, ui.Option{Value: j.Slug + "/" + s.Slug, Label: j.Name + ": " + s.Name})
		}
		all = append(all, ui.Option{Value: j.Slug, Label: v.T("workshop.no_step", "Journey", j.Name)})
	}
	return all, nil
}

// makeCourse makes it, with a draft to write in.
func (s *Server) makeCourse(v *Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	edition, _, err := v.copied()
	if err != nil {
		return err
	}
	var content catalogue.Content
	if edition.ID != 0 {
		c, err := catalogue.ContentOf(v.Context(), v.Reader(), edition.ID)
		if err != nil {
			return err
		}
		content = catalogue.CopyOf(c)
	}
	head := catalogue.Head{
		Slug: v.PostForm.Get("slug"), Name: v.PostForm.Get("name"), ShortName: v.PostForm.Get("short_name"), Audience: v.PostForm.Get("audience"),
		Days: v.Number("days", -1), Delivery: catalogue.Delivery(v.PostForm.Get("delivery")), TariffKind: v.PostForm.Get("tariff_kind"), Journeys: v.PostForm["journeys"],
	}
	var course catalogue.Course
	err = v.Write(func(tx *db.Tx) error {
		var err error
		if course, err = catalogue.Create(v.Context(), tx, v.Viewer, head, v.Today); err != nil {
			return err
		}
		_, err = catalogue.SaveDraft(v.Context(), tx, v.Viewer, course.ID, 0, &content, v.Now)
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return v.newCoursePage(err)
	}
	if err != nil {
		return err
	}
	return v.Redirect(workshopPath(course), "notice.course_made")
}

// importForm asks for the file of a course.
func (s *Server) importForm(v *Visit) error { return v.importPage(nil) }

func (v *Visit) importPage(refused error) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	errs := ui.ErrorsOf(v.Lang, refused)
	for i := range errs { // whatever is wrong is wrong with the file
		errs[i].Field = "file"
	}
	title := v.T("workshop.import")
	f := v.Frame(title, ui.Crumb{Label: v.T("workshop.title"), Href: "/workshop"}, ui.Crumb{Label: title})
	f.Reading, f.Failed = true, refused != nil
	ask := form(workshopImportPath, v.T("workshop.import_do"), nil,
		ui.Field{Input: ui.FileInput, Name: "file", Label: v.T("workshop.import_file"), Hint: v.T("workshop.import_hint", "Max", catalogue.MaxArchive>>20), Accept: ".zip", Error: errs.For("file")})
	return v.PageStatus(statusAfter(refused), f, errs.View(v.Lang), conflict(v, refused),
		ui.PageHead{Title: title, Lead: v.T("workshop.import_lead")}.View(v.Lang), upload(ask, v),
		details(v.T("workshop.import_format"), paragraph(v.T("workshop.import_format_help"))))
}

// importCourse reads a course from its file, as a draft.
func (s *Server) importCourse(v *Visit) error {
	if !access.ManageCourses(v.Viewer) {
		return fault.Forbidden
	}
	v.takeTime()
	p, err := v.receiveCourse()
	var course catalogue.Course
	if err == nil {
		err = v.Write(func(tx *db.Tx) error {
			var err error
			course, _, err = catalogue.Import(v.Context(), tx, v.Viewer, p, 0, v.Now)
			return err
		})
	}
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict) {
		return v.importPage(err)
	}
	if err != nil {
		return err
	}
	return v.Redirect(workshopPath(course), "notice.course_imported")
}

// receiveCourse is the course in the uploaded archive, which is kept in a
// temporary file while it is read.
func (v *Visit) receiveCourse() (p catalogue.Package, err error) {
	parts, err := v.MultipartReader()
	if err != nil {
		return p, fault.Invalid("file", "workshop.import.none")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return p, fault.Invalid("file", "workshop.import.none")
		}
		if err != nil {
			return p, uploadFault(err, catalogue.MaxArchive)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		archive, err := os.CreateTemp("", "course-*.zip")
		if err != nil {
			return p, err
		}
		defer func() {
			_ = archive.Close()
			_ = os.Remove(archive.Name()) // a temporary file that stays does no harm
		}()
		size, err := io.Copy(archive, part)
		if err != nil {
			return p, uploadFault(err, catalogue.MaxArchive)
		}
		folder, err := catalogue.OpenArchive(archive, size)
		if err != nil {
			return p, err
		}
		return catalogue.Receive(v.server.Files, folder)
	}
}

// uploadFault is why an upload ended before its end.
func uploadFault(err error, most int64) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.Invalid("file", "file.too_large", "Max", most>>20)
	}
	return fault.Invalid("file", "file.broken")
}

// exportDraft hands over the draft as one file.
func (s *Server) exportDraft(v *Visit) error {
	w, err := v.inDraft()
	if err != nil {
		return err
	}
	return w.export(&w.draft.Content, "utkast", v.Now)
}

// exportEdition hands over an edition as one file.
func (s *Server) exportEdition(v *Visit) error {
	w, e, err := v.editionInWorkshop()
	if err != nil {
		return err
	}
	c, err := catalogue.ContentOf(v.Context(), v.Reader(), e.ID)
	if err != nil {
		return err
	}
	return w.export(c, idString(int64(e.Number)), v.Now)
}

func (w *workshop) export(c *catalogue.Content, which string, now clock.Instant) error {
	head, err := catalogue.HeadOf(w.Context(), w.Reader(), w.course, now.Day())
	if err != nil {
		return err
	}
	w.takeTime()
	h := w.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+w.course.Slug+"-"+which+`.zip"`)
	return catalogue.Export(w.Context(), w.Reader(), w.server.Files, head, c, w.W)
}

// editionInWorkshop is the course and the edition in the address, by its number.
func (v *Visit) editionInWorkshop() (*workshop, catalogue.Edition, error) {
	w, err := v.inWorkshop()
	if err != nil {
		return nil, catalogue.Edition{}, err
	}
	editions, err := catalogue.Editions(v.Context(), v.Reader(), w.course.ID)
	if err != nil {
		return nil, catalogue.Edition{}, err
	}
	for _, e := range editions {
		if idString(int64(e.Number)) == v.PathValue("number") {
			return w, e, nil
		}
	}
	return nil, catalogue.Edition{}, fault.NotFound
}
