package trial

import (
	"errors"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/review"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// managed is the course in the address for those who write it, with its trials.
type managed struct {
	*visit.Visit
	course  catalogue.Course
	draft   *catalogue.Draft // nil when nobody writes one
	running *trial.Trial     // nil for none
	over    []trial.Trial
}

func inWorkshop(v *visit.Visit) (m managed, err error) {
	m.Visit = v
	if !access.ManageCourses(v.Viewer) {
		return m, fault.Forbidden
	}
	if m.course, err = catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course")); err != nil {
		return m, err
	}
	draft, err := catalogue.DraftOf(v.Context(), v.Reader(), v.Viewer, m.course.ID)
	switch {
	case err == nil:
		m.draft = &draft
	case !errors.Is(err, fault.NotFound):
		return m, err
	}
	all, err := trial.Of(v.Context(), v.Reader(), v.Viewer, m.course.ID)
	for i, t := range all {
		if t.Running() {
			m.running = &all[i]
		} else {
			m.over = append(m.over, t)
		}
	}
	return m, err
}

func (m managed) path(more ...string) string {
	return visit.WorkshopPath(m.course, append([]string{"trial"}, more...)...)
}

// Manage is the trial of the course's draft, for those who write it: who tries it, what came
// of each task, and the trials before.
func Manage(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	title := v.T("trial.title")
	f := v.Frame(title+" – "+m.course.Title(), ui.Crumb{Label: v.T("workshop.title"), Href: visit.WorkshopsPath}, ui.Crumb{Label: m.course.Title(), Href: visit.WorkshopPath(m.course)}, ui.Crumb{Label: title})
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.T("trial.lead")}.View(v.Lang)}
	switch {
	case m.running != nil:
		told, err := m.goingOn(*m.running)
		if err != nil {
			return err
		}
		parts = append(parts, told...)
	case m.draft != nil:
		parts = append(parts, m.startForm())
	default:
		parts = append(parts, ui.Empty{
			Title: v.T("review.no_draft"), Text: v.T("trial.no_draft_help"),
			Action: &ui.Action{Label: v.T("workshop.to_workshop"), Href: visit.WorkshopPath(m.course), Kind: ui.Secondary},
		}.View(v.Lang))
	}
	for _, t := range m.over {
		results, err := trial.ResultsOf(v.Context(), v.Reader(), v.Viewer, t)
		if err != nil {
			return err
		}
		content, err := catalogue.ContentOf(v.Context(), v.Reader(), t.EditionID)
		if err != nil {
			return err
		}
		id := visit.ID(int64(t.Number))
		label := v.T("trial.over", "Number", t.Number, "From", t.StartedAt.Day(), "Until", t.EndedAt.Day())
		folded := []templ.Component{
			ui.Paragraph(v.T(countsKey(t)) + " " + summary(v, results)), m.people("people-"+id, results).View(v.Lang), m.tasks("tasks-"+id, content, results).View(v.Lang),
		}
		if t.Dropped() {
			said, err := m.said("said-"+id, content, t)
			if err != nil {
				return err
			}
			folded = append(folded, said)
		}
		parts = append(parts, ui.Fold(label, folded...))
	}
	return v.Page(f, parts...)
}

// said is what was said of the tasks in a trial whose draft was thrown away: there is no review in which to read it.
func (m managed) said(id string, c *catalogue.Content, of trial.Trial) (templ.Component, error) {
	r, err := review.Of(m.Context(), m.Reader(), m.Viewer, m.course.ID, &of.EditionID, m.Today)
	if err != nil {
		return nil, err
	}
	t := ui.Table{
		ID: id, Caption: m.T("trial.said_of_tasks"),
		Columns: []ui.Column{{Label: m.T("trial.task")}, {Label: m.T("trial.said_short")}, {Label: m.T("review.answer")}},
		Empty:   ui.Empty{Title: m.T("review.nothing_said")},
	}
	for _, said := range r.Comments {
		title := m.T("review.task_gone")
		if task := review.Task(c, said.Place); task != nil {
			title = m.Words(task.Title)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(title), ui.Text(said.Text), ui.Text(said.Answer)}})
	}
	return t.View(m.Lang), nil
}

func countsKey(t trial.Trial) string {
	if t.Counts {
		return "trial.counts"
	}
	return "trial.counts_not"
}

// startForm begins a trial, when the draft can be learnt from.
func (m managed) startForm() templ.Component {
	if lacks := fault.Of(m.draft.Content.Check(m.course)); lacks != nil {
		return ui.Notice{
			Tone: ui.Caution, Text: m.T("trial.not_ready", "Count", len(lacks.Fields)),
			Action: &ui.Action{Label: m.T("trial.see_lacks"), Href: visit.WorkshopPath(m.course, "publication")},
		}.View(m.Lang)
	}
	form := ui.Form(m.path(), m.T("trial.start"), []ui.Hidden{{Name: "version", Value: visit.ID(int64(m.draft.Version))}},
		ui.Field{Input: ui.RadioInput, Name: "counts", Label: m.T("trial.counts_question"), Value: m.Typed("counts", ""), Error: m.Wrong("counts"), Options: []ui.Option{
			{Value: "yes", Label: m.T("trial.counts_yes"), Hint: m.T("trial.counts_yes_hint")},
			{Value: "no", Label: m.T("trial.counts_no"), Hint: m.T("trial.counts_no_hint")},
		}})
	m.NameErrors(visit.Labelled(form.Fields...))
	return ui.Section("start", m.T("trial.start_heading"), ui.Paragraph(m.T("trial.start_help")), form.View(m.Lang))
}

// goingOn is the trial that goes on.
func (m managed) goingOn(t trial.Trial) ([]templ.Component, error) {
	results, err := trial.ResultsOf(m.Context(), m.Reader(), m.Viewer, t)
	if err != nil {
		return nil, err
	}
	content, err := catalogue.ContentOf(m.Context(), m.Reader(), t.EditionID)
	if err != nil {
		return nil, err
	}
	facts := ui.Summary{
		{Term: m.T("trial.edition"), Value: m.T("trial.edition_since", "Number", t.Number, "Day", t.StartedAt.Day())},
		{Term: m.T("trial.completions"), Value: m.T(countsKey(t))},
		{Term: m.T("trial.so_far"), Value: summary(m.Visit, results)},
		{Term: m.T("review.title"), Slot: ui.LinkTo(m.T("trial.to_comments"), visit.WorkshopPath(m.course, "review"))},
	}
	parts := []templ.Component{facts.View(m.Lang)}
	if m.draft != nil && m.draft.Version > t.Version {
		parts = append(parts, ui.Notice{Tone: ui.Info, Text: m.T("trial.draft_changed", "Number", t.Number)}.View(m.Lang))
	}
	form := ui.Form(m.path("people"), m.T("trial.join"), nil,
		ui.Field{Input: ui.TextareaInput, Name: "emails", Label: m.T("trial.emails"), Hint: m.T("trial.emails_hint", "Max", trial.MostAtOnce), Value: m.Typed("emails", ""), Error: m.Wrong("emails")})
	m.NameErrors(visit.Labelled(form.Fields...))
	end := ui.Confirm{
		ID: "end", Opener: ui.Action{Label: m.T("trial.end"), Kind: ui.Secondary}, Title: m.T("trial.end_title"), Text: m.T("trial.end_text_" + yes(t.Counts)),
		Action: ui.Action{Label: m.T("trial.end"), Href: m.path("removal"), Post: true, Kind: ui.Danger},
	}
	people := m.people("people", results)
	people.Columns = append(people.Columns, ui.Column{Label: m.T("trial.remove"), Action: true})
	for i, p := range results.People {
		cell := ui.Cell{Slot: templ.NopComponent}
		if p.Invited && p.LeftAt == nil {
			cell.Slot = ui.Action{Label: m.T("trial.remove"), About: p.Name, Href: m.path("people", visit.ID(p.PersonID), "removal"), Post: true, Kind: ui.Secondary, Small: true}.View(m.Lang)
		}
		people.Rows[i].Cells = append(people.Rows[i].Cells, cell)
	}
	return append(parts, m.Table(people),
		ui.Section("join", m.T("trial.join_heading"), ui.Paragraph(m.T("trial.join_help")), form.View(m.Lang)),
		m.Table(m.tasks("tasks", content, results)),
		ui.Section("more", m.T("trial.end"), ui.Paragraph(m.T("trial.end_help")), end.View(m.Lang))), nil
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// people are those who try the course, how far they have come and what they think.
func (m managed) people(id string, r trial.Results) ui.Table {
	t := ui.Table{
		ID: id, Caption: m.T("trial.people"),
		Columns: []ui.Column{{Label: m.T("review.who")}, {Label: m.T("trial.done")}, {Label: m.T("trial.grade")}, {Label: m.T("trial.said")}},
		Empty:   ui.Empty{Title: m.T("trial.nobody"), Text: m.T("trial.nobody_help")},
	}
	for _, p := range r.People {
		who := ui.Text(p.Name)
		if p.LeftAt != nil {
			who.Note = m.T("trial.left", "Day", p.LeftAt.Day())
		}
		grade := ui.Text("")
		if p.Grade != "" {
			grade = ui.Text(m.T("survey.grade_" + p.Grade))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{who, ui.Text(m.T("trial.done_of", "Done", p.Done, "All", p.Required)), grade, ui.Text(p.Said)}})
	}
	return t
}

// tasks are those of the edition that is tried, with what came of each.
func (m managed) tasks(id string, c *catalogue.Content, r trial.Results) ui.Table {
	t := ui.Table{
		ID: id, Caption: m.T("trial.tasks"),
		Columns: []ui.Column{{Label: m.T("trial.task")}, {Label: m.T("trial.opened"), Numeric: true}, {Label: m.T("trial.did"), Numeric: true}, {Label: m.T("trial.first"), Numeric: true}},
		Empty:   ui.Empty{Title: m.T("trial.no_tasks")},
	}
	for _, task := range c.Tasks {
		of := r.Tasks[task.Key]
		first := ui.Text("–")
		if task.Kind == catalogue.QuizTask {
			first = m.NumberCell(of.First)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(m.Words(task.Title)), m.NumberCell(of.Opened), m.NumberCell(of.Done), first}})
	}
	return t
}

// summary is what came of a trial in a sentence or two.
func summary(v *visit.Visit, r trial.Results) string {
	words := []string{v.T("trial.summary", "Count", len(r.People), "Finished", r.Finished())}
	if r.Others > 0 {
		words = append(words, v.T("trial.in_rounds", "Count", r.Others))
	}
	var grades []string
	for _, g := range survey.Grades {
		if n := r.Grades[g.Slug]; n > 0 {
			grades = append(grades, v.T("trial.grade_count", "Grade", v.T("survey.grade_"+g.Slug), "Count", n))
		}
	}
	if len(grades) > 0 {
		words = append(words, strings.Join(grades, ", ")+".")
	}
	return strings.Join(words, " ")
}

// Start begins a trial of the draft.
func Start(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	counts := v.PostForm.Get("counts")
	if err := v.Write(func(tx *db.Tx) error {
		if counts != "yes" && counts != "no" {
			return fault.Invalid("counts", "trial.counts_missing")
		}
		return trial.Start(v.Context(), tx, v.Viewer, m.course.ID, v.Number("version", -1), counts == "yes", v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(m.path(), "notice.trial_started")
}

// Join asks people to try the draft.
func Join(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return trial.Join(v.Context(), tx, v.Viewer, m.course.ID, strings.Split(v.PostForm.Get("emails"), "\n"), v.Server.Site, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(m.path()+"#people", "notice.trial_joined")
}

// Remove takes somebody out of the trial.
func Remove(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	person, err := v.ID("person")
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return trial.Leave(v.Context(), tx, v.Viewer, m.course.ID, person, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(m.path()+"#people", "notice.trial_removed")
}

// End ends the trial.
func End(v *visit.Visit) error {
	m, err := inWorkshop(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error { return trial.End(v.Context(), tx, v.Viewer, m.course.ID, v.Now) }); err != nil {
		return err
	}
	return v.Redirect(m.path(), "notice.trial_ended")
}

// Beside is what came of the newest trial since the last publication, to stand beside the comments on the draft: Summary
// of the whole, empty without a trial, and Of the places.
type Beside struct {
	Summary string
	of      map[string]string
}

// Of is what came of the place of the draft; empty for nothing.
func (b Beside) Of(place string) string { return b.of[place] }

// BesideDraft is Beside of the course's draft, and with an edition of what became that edition.
func BesideDraft(v *visit.Visit, course catalogue.Course, edition int) (Beside, error) {
	all, err := trial.Of(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return Beside{}, err
	}
	for _, t := range all {
		if t.Became != edition {
			continue
		}
		r, err := trial.ResultsOf(v.Context(), v.Reader(), v.Viewer, t)
		if err != nil {
			return Beside{}, err
		}
		content, err := catalogue.ContentOf(v.Context(), v.Reader(), t.EditionID)
		if err != nil {
			return Beside{}, err
		}
		b := Beside{Summary: v.T("trial.beside", "Number", t.Number) + " " + summary(v, r), of: map[string]string{}}
		for _, task := range content.Tasks {
			of := r.Tasks[task.Key]
			if of.Opened == 0 {
				continue
			}
			words := v.T("trial.beside_task", "Opened", of.Opened, "Done", of.Done)
			if task.Kind == catalogue.QuizTask {
				words += " " + v.T("trial.beside_quiz", "First", of.First)
			}
			b.of[review.TaskPlace(task.Key)] = words
		}
		return b, nil
	}
	return Beside{}, nil
}
