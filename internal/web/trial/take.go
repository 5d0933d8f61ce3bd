package trial

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/review"
	"yrkesresan/internal/survey"
	"yrkesresan/internal/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

func path(course catalogue.Course, more ...string) string {
	return address.Below(address.CourseTrial(course.Slug), more...)
}

// Todo is what the visitor's start page leads to: courses that they try and have not said
// what they think of.
func Todo(v *visit.Visit) (things []ui.NextThing, err error) {
	all, err := trial.Mine(v.Context(), v.Reader(), v.Viewer)
	for _, t := range all {
		if t.Grade == "" && len(things) < 3 {
			things = append(things, v.Next("trial", visit.CoursePath(t.Course.Slug), "Course", t.Course.Title()))
		}
	}
	return things, err
}

// OnCourse is what the page of a course says to who tries it, with the next thing to do;
// nothing to others.
func OnCourse(v *visit.Visit, s learning.Study) ([]templ.Component, error) {
	if !s.Begun || s.Edition.PublishedOn != 0 {
		return nil, nil
	}
	t, err := trial.In(v.Context(), v.Reader(), v.Viewer, s.Course.ID)
	if err != nil || t == nil {
		return nil, err
	}
	if !t.Open() {
		return []templ.Component{ui.Notice{Tone: ui.Info, Text: v.T("trial.goes_on_text")}.View(v.Lang)}, nil
	}
	next := ui.NextThing{Sentence: v.T("trial.all_done"), Help: v.T("trial.all_done_help"), Action: &ui.Action{Label: v.T("trial.say_all"), Href: path(s.Course)}}
	if t.Grade != "" {
		next = ui.NextThing{Sentence: v.T("trial.thanks"), Help: v.T("trial.thanks_help"), Action: &ui.Action{Label: v.T("trial.change_all"), Href: path(s.Course)}}
	}
	if task := learning.Next(s.Tasks); task != nil {
		next = ui.NextThing{Sentence: v.Words(task.Title), Help: v.T("trial.next_help"), Action: &ui.Action{Label: v.T("learning.go_on"), Href: visit.TaskPath(s.Course.Slug, task.Key)}}
	}
	return []templ.Component{
		ui.Notice{Tone: ui.Info, Title: v.T("trial.you_try"), Text: v.T("trial.you_try_text") + " " + v.T(youKey(t.Trial)), Action: &ui.Action{Label: v.T("trial.about"), Href: path(s.Course)}}.View(v.Lang),
		next.View(v.Lang),
	}, nil
}

func youKey(t trial.Trial) string {
	if t.Counts {
		return "trial.you_counts"
	}
	return "trial.you_counts_not"
}

// OnTask leads from a task to where who tries the course says what they think of it; nothing
// for others.
func OnTask(v *visit.Visit, s learning.Study, key string) (templ.Component, error) {
	if !s.Begun || s.Edition.PublishedOn != 0 {
		return templ.NopComponent, nil
	}
	t, err := trial.In(v.Context(), v.Reader(), v.Viewer, s.Course.ID)
	if err != nil || t == nil || !t.Open() {
		return templ.NopComponent, err
	}
	return ui.Links([]ui.Action{{Label: v.T("trial.say_of_task"), Href: address.TaskTrial(s.Course.Slug, key)}}), nil
}

// taken is the course in the address with the trial that the visitor is in.
func taken(v *visit.Visit) (trial.Taking, error) {
	course, err := catalogue.CourseBySlug(v.Context(), v.Reader(), v.PathValue("course"))
	if err != nil {
		return trial.Taking{}, err
	}
	t, err := trial.In(v.Context(), v.Reader(), v.Viewer, course.ID)
	if err != nil {
		return trial.Taking{}, err
	}
	if t == nil || !t.Open() {
		return trial.Taking{}, fault.NotFound
	}
	t.Course = course
	return *t, nil
}

func frame(v *visit.Visit, course catalogue.Course, title string) ui.Frame {
	f := v.Frame(title+" – "+course.Title(), ui.Crumb{Label: v.T("journey.title"), Href: visit.MyJourneyPath}, ui.Crumb{Label: course.Short(), Href: visit.CoursePath(course.Slug)}, ui.Crumb{Label: title})
	f.Reading = true
	return f
}

// Take is what somebody who tries a course thinks of the whole, and how they leave the trial.
func Take(v *visit.Visit) error {
	t, err := taken(v)
	if err != nil {
		return err
	}
	var grades []ui.Option
	for _, g := range survey.Grades {
		grades = append(grades, ui.Option{Value: g.Slug, Label: v.T("survey.grade_" + g.Slug)})
	}
	form := ui.Form(path(t.Course), v.T("survey.send"), nil,
		ui.Field{Input: ui.RadioInput, Name: "grade", Label: v.T("survey.question"), Options: grades, Value: v.Typed("grade", t.Grade), Error: v.Wrong("grade")},
		ui.Field{Input: ui.TextareaInput, Name: "text", Label: v.T("trial.text"), Hint: v.T("trial.text_hint"), Optional: true, Value: v.Typed("text", t.Said), Error: v.Wrong("text")},
	)
	form.Cancel = visit.CoursePath(t.Course.Slug)
	v.NameErrors(visit.Labelled(form.Fields...))
	title := v.T("trial.take_title")
	parts := []templ.Component{
		ui.PageHead{Title: title, Lead: v.T("trial.take_lead", "Course", t.Course.Title()) + " " + v.T(youKey(t.Trial))}.View(v.Lang), form.View(v.Lang),
	}
	if t.Invited {
		leave := ui.Confirm{
			ID: "leave", Opener: ui.Action{Label: v.T("trial.leave"), Kind: ui.Secondary}, Title: v.T("trial.leave_title"), Text: v.T("trial.leave_text_" + yes(t.Counts)),
			Action: ui.Action{Label: v.T("trial.leave"), Href: path(t.Course, "removal"), Post: true, Kind: ui.Danger},
		}
		parts = append(parts, ui.Section("leave-trial", v.T("trial.leave_heading"), leave.View(v.Lang)))
	}
	return v.Page(frame(v, t.Course, title), parts...)
}

// Grade keeps what they think.
func Grade(v *visit.Visit) error {
	t, err := taken(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return trial.Grade(v.Context(), tx, v.Viewer, t.CourseID, v.PostForm.Get("grade"), v.PostForm.Get("text"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.CoursePath(t.Course.Slug), "notice.trial_graded")
}

// Leave takes the visitor out of the trial.
func Leave(v *visit.Visit) error {
	t, err := taken(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return trial.Leave(v.Context(), tx, v.Viewer, t.CourseID, v.Viewer.PersonID, v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.CoursePath(t.Course.Slug), "notice.trial_left")
}

// Task is where who tries a course says what they think of a task, with what they have said of
// it and the answers.
func Task(v *visit.Visit) error {
	t, task, err := takenTask(v)
	if err != nil {
		return err
	}
	own, err := review.OwnAt(v.Context(), v.Reader(), v.Viewer, t.CourseID, review.TaskPlace(task.Key))
	if err != nil {
		return err
	}
	form := ui.Form(address.TaskTrial(t.Course.Slug, task.Key), v.T("trial.say_do"), nil,
		ui.Field{Input: ui.TextareaInput, Name: "text", Label: v.T("trial.comment"), Hint: v.T("trial.comment_hint"), Value: v.Typed("text", ""), Error: v.Wrong("text")})
	form.Cancel = visit.TaskPath(t.Course.Slug, task.Key)
	v.NameErrors(visit.Labelled(form.Fields...))
	title := v.T("trial.say_of_task")
	parts := []templ.Component{ui.PageHead{Title: title, Lead: v.Words(task.Title)}.View(v.Lang), form.View(v.Lang)}
	if len(own) > 0 {
		said := ui.Table{ID: "own", Caption: v.T("trial.own"), Columns: []ui.Column{{Label: v.T("review.comment")}, {Label: v.T("review.answer")}}}
		for _, c := range own {
			answer := ui.Text(c.Answer)
			if c.SettledAt == nil {
				answer = ui.Status(v.T("review.unsettled"), ui.Plain)
			}
			said.Rows = append(said.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Text, Note: v.Lang.TinyDay(c.At.Day())}, answer}})
		}
		parts = append(parts, v.Table(said))
	}
	return v.Page(frame(v, t.Course, title), parts...)
}

func takenTask(v *visit.Visit) (trial.Taking, *catalogue.Task, error) {
	t, err := taken(v)
	if err != nil {
		return t, nil, err
	}
	content, err := catalogue.ContentOf(v.Context(), v.Reader(), t.EditionID)
	if err != nil {
		return t, nil, err
	}
	task := content.Task(v.PathValue("task"))
	if task == nil {
		return t, nil, fault.NotFound
	}
	return t, task, nil
}

// Say keeps what they think of the task.
func Say(v *visit.Visit) error {
	t, task, err := takenTask(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return trial.Say(v.Context(), tx, v.Viewer, t.CourseID, task.Key, v.PostForm.Get("text"), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.TaskPath(t.Course.Slug, task.Key), "notice.trial_said")
}
