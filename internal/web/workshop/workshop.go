package workshop

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/people"
	"yrkesresan/internal/review"
	"yrkesresan/internal/trial"
	"yrkesresan/internal/web/retirement"
	"yrkesresan/internal/web/trainerpack"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// workshop is a course in the workshop, for those who make courses. Its draft is
// nil when nobody is writing one.
type workshop struct {
	*visit.Visit
	course catalogue.Course
	draft  *catalogue.Draft
}

// inWorkshop is the course in the address; fault.Forbidden for those who make no
// courses.
func inWorkshop(v *visit.Visit) (*workshop, error) {
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
func inDraft(v *visit.Visit) (*workshop, error) {
	w, err := inWorkshop(v)
	if err == nil && w.draft == nil {
		err = fault.NotFound
	}
	return w, err
}

// content is the draft's, with the addresses of its media.
func (w *workshop) content() *catalogue.Content {
	return w.draft.Content.At(visit.WorkshopPath(w.course, "media") + "/")
}

func (w *workshop) path(more ...string) string { return visit.WorkshopPath(w.course, more...) }

// frame is that of a page beneath the course's.
func (w *workshop) frame(title string, crumbs ...ui.Crumb) ui.Frame {
	all := []ui.Crumb{{Label: w.T("workshop.title"), Href: visit.WorkshopsPath}, {Label: w.course.Title(), Href: w.path()}}
	return w.Frame(title+" – "+w.course.Title(), append(append(all, crumbs...), ui.Crumb{Label: title})...)
}

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

// List is every course: which edition is out, and whether somebody is at
// work on the next.
func List(v *visit.Visit) error {
	all, err := catalogue.States(v.Context(), v.Reader(), v.Viewer)
	if err != nil {
		return err
	}
	head := ui.PageHead{
		Title: v.T("workshop.title"), Lead: v.T("workshop.lead"), Action: &ui.Action{Label: v.T("workshop.new"), Href: visit.NewCoursePath},
		Others: []ui.Action{
			{Label: v.T("production.title"), Href: address.Production, Kind: ui.Secondary}, {Label: v.T("improvement.foundations"), Href: address.Foundations, Kind: ui.Secondary}, {Label: v.T("workshop.import"), Href: visit.WorkshopImportPath, Kind: ui.Secondary},
		},
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
		cells := []ui.Cell{ui.Link(state.Course.Title(), visit.WorkshopPath(state.Course)), ui.Text(v.T("workshop.not_out")), {}, {}, {}}
		if state.Edition != nil {
			cells[1] = ui.Text(v.T("workshop.edition_n", "Number", state.Edition.Number))
			if state.Withdrawn {
				cells[1].Note = v.T("lifetime.withdrawn")
			}
			cells[2] = ui.Text(v.Lang.Day(state.Edition.PublishedOn))
		}
		cells[0].Note = retirement.Since(v, state.RetiredFrom)
		if state.HasContent {
			cells[3] = ui.Text(v.Lang.Number(int64(state.Tasks)))
		}
		if state.DraftChanged != nil {
			cells[4] = ui.Cell{Tag: &ui.Tag{Word: v.T("workshop.is_draft"), Tone: ui.Info}, Note: v.T("workshop.changed_at", "When", v.Lang.DayTime(*state.DraftChanged))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return v.Page(v.Frame(head.Title), head.View(v.Lang), v.Table(t))
}

// Course is the course's own page in the workshop.
func Course(v *visit.Visit) error {
	w, err := inWorkshop(v)
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
	head.Others = []ui.Action{{Label: v.T("improvement.register"), Href: w.path("feedback"), Kind: ui.Secondary}, {Label: v.T("launch.title"), Href: w.path("launch"), Kind: ui.Secondary}}
	f := v.Frame(head.Title, ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: head.Title})
	var parts []templ.Component
	if w.draft == nil {
		head.Tag = &ui.Tag{Word: v.T("workshop.no_draft"), Tone: ui.Plain}
		next := ui.NextThing{Sentence: v.T("workshop.start_first"), Action: &ui.Action{Label: v.T("workshop.start"), Href: w.path("draft"), Post: true, Hidden: []ui.Hidden{{Name: "editions", Value: visit.ID(int64(len(editions)))}}}}
		if len(editions) > 0 {
			number, err := catalogue.NextNumber(v.Context(), v.Reader(), w.course.ID)
			if err != nil {
				return err
			}
			next.Sentence = v.T("workshop.start_next", "Number", number)
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
	lifetime, err := retirement.State(v, w.course)
	if err != nil {
		return err
	}
	return v.Page(f, append(parts, published, lifetime)...)
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
	switch {
	case len(c.Passages()) == 0:
		translation = w.T("workshop.no_texts")
	case lacking > 0:
		translation = w.T("workshop.untranslated", "Count", lacking)
	}
	about := w.T("workshop.about_missing")
	if c.About.In("sv") != "" {
		about = w.T("workshop.about_there")
	}
	facts := ui.Summary{
		{Term: w.T("workshop.about"), Value: about, Change: w.path("about")},
		{Term: w.T("workshop.rules"), Value: trainerpack.RulesText(w.Visit, w.course, c), Change: w.path("about")},
		{Term: w.T("workshop.translation"), Slot: ui.LinkTo(translation, w.path("translation"))},
		{Term: w.T("workshop.media"), Slot: ui.LinkTo(w.T("workshop.files_count", "Count", len(c.Media)), w.path("media"))},
		{Term: w.T("workshop.pack"), Slot: ui.LinkTo(w.packInWords(c.Pack), w.path("pack"))},
		{Term: w.T("workshop.preview"), Slot: ui.TwoLinks(ui.Action{Label: w.T("workshop.as_learner"), Href: w.path("preview")}, ui.Action{Label: w.T("workshop.as_trainer"), Href: w.path("preview-pack")})},
		{Term: w.T("review.title"), Slot: ui.TwoLinks(ui.Action{Label: w.T("review.to_review"), Href: w.path("review")}, ui.Action{Label: w.T("trial.to_trial"), Href: w.path("trial")})},
	}
	parts := []templ.Component{next.View(w.Lang), ui.Section("draft", w.T("workshop.draft_heading"), facts.View(w.Lang))}
	var phases []templ.Component
	for _, phase := range catalogue.Phases {
		phases = append(phases, w.phaseTable(phase))
	}
	parts = append(parts, ui.Section("tasks", w.T("workshop.tasks"), append(phases, ui.Action{Label: w.T("workshop.add_task"), Href: w.path("tasks", "new"), Kind: ui.Secondary}.View(w.Lang))...))
	drop := ui.Confirm{
		ID: "drop", Opener: ui.Action{Label: w.T("workshop.drop"), Kind: ui.Secondary}, Title: w.T("workshop.drop_title"),
		Text:   w.T("workshop.drop_text", "Count", len(c.Tasks)),
		Action: ui.Action{Label: w.T("workshop.drop"), Href: w.path("draft", "removal"), Post: true, Kind: ui.Danger, Hidden: w.version()},
	}
	return append(parts, ui.Section("more", w.T("workshop.more"), ui.Choices(
		ui.Action{Label: w.T("workshop.export_draft"), Href: w.path("course.zip"), Kind: ui.Secondary}.View(w.Lang), drop.View(w.Lang)))), nil
}

// version is what a form about the whole draft carries.
func (w *workshop) version() []ui.Hidden {
	return []ui.Hidden{{Name: "version", Value: visit.ID(int64(w.draft.Version))}}
}

func (w *workshop) packInWords(p catalogue.Pack) string {
	n := len(p.RunSheet) + len(p.Exercises) + len(p.Slides) + len(p.Films)
	if n == 0 && p.Instructions.In("sv") == "" {
		return w.T("workshop.pack_empty")
	}
	return w.T("workshop.pack_holds", "Rows", len(p.RunSheet), "Exercises", len(p.Exercises), "Slides", len(p.Slides), "Films", len(p.Films))
}

// phase is what the phase is called: a web course has no days.
func (w *workshop) phase(phase catalogue.Phase) string {
	if w.course.Days == 0 && phase == catalogue.During {
		return w.T("workshop.phase.web")
	}
	return w.T("workshop.phase." + string(phase))
}

// phaseTable is the draft's tasks of a phase, with buttons that order them.
func (w *workshop) phaseTable(phase catalogue.Phase) templ.Component {
	t := ui.Table{
		ID: string(phase), Caption: w.phase(phase), Dense: true,
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
			ui.Link(w.Words(task.Title), w.path("tasks", task.Key)), ui.Text(w.T("workshop.kind." + string(task.Kind))), time,
			ui.Text(required), ui.Text(w.languages(task.Title)),
			{Slot: moves(w, w.path("tasks", task.Key, "position"), w.Words(task.Title), i > 0, i < len(tasks)-1)},
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
		Columns: []ui.Column{{Label: w.T("workshop.edition")}, {Label: w.T("workshop.out_since"), Keep: true}, {Label: w.T("workshop.changes")}, {Label: w.T("workshop.under_way"), Numeric: true}, {Label: w.T("workshop.completed"), Numeric: true}},
		Empty:   ui.Empty{Title: w.T("workshop.no_editions"), Text: w.T("workshop.no_editions_help")},
	}
	done, err := learning.CompletedIn(w.Context(), w.Reader(), w.Viewer, w.course)
	if err != nil {
		return nil, err
	}
	withdrawn, err := lifetime.Withdrawals(w.Context(), w.Reader(), w.course.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		changes := e.Changes
		if c, err := catalogue.ContentOf(w.Context(), w.Reader(), e.ID); err == nil {
			changes = w.Words(c.Changes)
		} else if !errors.Is(err, fault.NotFound) {
			return nil, err
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: w.T("workshop.edition_n", "Number", e.Number), Href: w.path("editions", visit.ID(int64(e.Number))), Note: retirement.EditionNote(w.Visit, withdrawn, e.ID)},
			ui.Text(w.Lang.Day(e.PublishedOn)), ui.Text(changes), ui.Text(w.Lang.Number(int64(underWay[e.ID]))), ui.Text(w.Lang.Number(int64(done[e.ID]))),
		}})
	}
	return w.Table(t), nil
}

// StartDraft begins the course's next edition.
func StartDraft(v *visit.Visit) error {
	w, err := inWorkshop(v)
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

// DropDraft throws the draft away.
func DropDraft(v *visit.Visit) error {
	w, err := inDraft(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		if err := catalogue.DropDraft(v.Context(), tx, v.Viewer, w.course.ID, v.Number("version", -1)); err != nil {
			return err
		}
		if err := trial.Close(v.Context(), tx, v.Viewer, w.course.ID, catalogue.Edition{}, v.Now); err != nil {
			return err
		}
		return review.Drop(v.Context(), tx, v.Viewer, w.course.ID)
	}); err != nil {
		return err
	}
	return v.Redirect(w.path(), "notice.draft_dropped")
}

// editionInWorkshop is the course and the edition in the address, by its number.
func editionInWorkshop(v *visit.Visit) (*workshop, catalogue.Edition, error) {
	w, err := inWorkshop(v)
	if err != nil {
		return nil, catalogue.Edition{}, err
	}
	editions, err := catalogue.Editions(v.Context(), v.Reader(), w.course.ID)
	if err != nil {
		return nil, catalogue.Edition{}, err
	}
	for _, e := range editions {
		if visit.ID(int64(e.Number)) == v.PathValue("number") {
			return w, e, nil
		}
	}
	return nil, catalogue.Edition{}, fault.NotFound
}
