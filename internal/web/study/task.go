package study

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/web/trial"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// TaskPage is one task.
func TaskPage(v *visit.Visit) error {
	if !v.SignedIn() { // where what was done is sent, everybody may come
		return v.AskToSignIn()
	}
	if v.RefusedAs(errOtherPerson) { // what somebody else wrote is not shown
		return errOtherPerson
	}
	p, err := courseInAddress(v)
	if err != nil {
		return err
	}
	at := p.study.At(p.PathValue("task"))
	if at < 0 {
		return fault.NotFound
	}
	t := p.study.Tasks[at]
	if !v.Sent && t.Kind != catalogue.ReflectionTask { // what somebody writes stays on no shared device
		keep(v, t.Title.In(v.Lang.Code())+", "+p.course.Title())
	}
	view := NewTaskView(p.Visit, p.study.Content, t.Task, catalogue.MediaBase(p.study.Edition.ID), t.Progress)
	view.seat = p.seat
	view.action, view.errs, view.next = visit.TaskPath(p.course.Slug, t.Key, "progress"), v.Errs, p.goOn(at)
	if v.Sent {
		switch t.Kind {
		case catalogue.QuizTask:
			view.answers = learning.Answers{Each: learning.Offered(t.Task, learning.Read(t.Task, p.PostForm))}
		case catalogue.ReflectionTask:
			view.progress.Answer, view.progress.Shared = p.PostForm.Get("answer"), p.PostForm.Get("shared") != ""
		default:
		}
	}
	if t.Kind == catalogue.DocumentTask {
		f, err := file.ByID(p.Context(), p.Reader(), p.study.Content.Media[t.Media])
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		view.size = f.Size // 0 for none
	}
	course := ui.Crumb{Label: p.course.Short(), Href: visit.CoursePath(p.course.Slug)}
	f := p.Frame(view.title(), ui.Crumb{Label: p.T("journey.title"), Href: visit.MyJourneyPath}, course, ui.Crumb{Label: view.title()})
	f.Reading = true
	phase := p.study.Phase(t.Phase)
	place := slices.IndexFunc(phase, func(other learning.Task) bool { return other.Key == t.Key })
	title := p.phaseTitle(t.Phase)
	lead := p.T("learning.task_lead", "Phase", title, "N", place+1, "All", len(phase), "Note", taskNote(p.Visit, t.Task))
	if due := p.due(t.Phase); due != nil && t.DoneAt == nil && !t.Optional {
		lead += " " + p.dueSentence(*due)
	}
	tries, err := trial.OnTask(v, p.study, t.Key)
	if err != nil {
		return err
	}
	v.Errs = view.Summary()
	var stands templ.Component = templ.NopComponent
	if v.RefusedAs(errElsewhere) && t.Kind == catalogue.ReflectionTask {
		stands = ui.Section("stands", p.T("learning.elsewhere_stands"), writtenText(t.Answer))
	}
	return v.Page(f,
		ui.PageHead{Title: view.title(), Lead: lead}.View(p.Lang),
		stands, TaskBody(view), TaskForm(view), tries, AroundTasks(p.Visit, p.neighbour(at-1), p.neighbour(at+1)), LearnScript(p.Visit),
	)
}

// neighbour is the way to the task at the place, back to the course when there
// is none.
func (p *coursePage) neighbour(at int) *ui.Action {
	switch {
	case at < 0:
		return nil
	case at >= len(p.study.Tasks):
		return &ui.Action{Label: p.T("learning.to_course"), Href: visit.CoursePath(p.course.Slug)}
	}
	t := p.study.Tasks[at]
	return &ui.Action{Label: t.Title.In(p.Lang.Code()), Href: visit.TaskPath(p.course.Slug, t.Key)}
}

// goOn is where one goes from the task when it is done: to the next that is not,
// in the same phase; the page of the course knows what comes then.
func (p *coursePage) goOn(at int) *ui.Action {
	for _, t := range p.study.Tasks[at+1:] {
		if t.Phase == p.study.Tasks[at].Phase && t.DoneAt == nil {
			return &ui.Action{Label: p.T("learning.next_task"), About: t.Title.In(p.Lang.Code()), Href: visit.TaskPath(p.course.Slug, t.Key)}
		}
	}
	return &ui.Action{Label: p.T("learning.to_course"), Href: visit.CoursePath(p.course.Slug)}
}

// savedProgress is what the script is told (assets/learn.js).
type savedProgress struct {
	Older bool   `json:"older"`
	Done  bool   `json:"done"`
	Next  string `json:"next,omitempty"` // the page of the course, once it is completed
	Seen  string `json:"seen,omitempty"` // whose answer stands, when this one was not saved because of it
	Text  string `json:"text"`
}

var (
	errOtherPerson = fault.Conflict("learning.other_person")
	errElsewhere   = fault.Conflict("learning.elsewhere")
)

// SaveProgress saves a touch of a task. The script's are answered in JSON: 401
// when nobody is signed in, 403 when it is somebody else than who made them. It
// is open so that the script is told instead of being led to a page.
func SaveProgress(v *visit.Visit) error {
	scripted := v.Header.Get("Accept") == "application/json"
	switch {
	case !v.SignedIn() && scripted:
		return v.AnswerJSON(http.StatusUnauthorized, map[string]string{"text": v.T("learning.sign_in")})
	case !v.SignedIn():
		return v.AskToSignIn()
	case v.NumberID("person") != v.Viewer.PersonID && v.PostForm.Has("person"):
		if scripted {
			return v.AnswerJSON(http.StatusForbidden, map[string]string{"text": v.T("learning.other_person")})
		}
		return errOtherPerson
	}
	saved, course, err := saveTask(v)
	if scripted {
		if f := fault.Of(err); f != nil && f.Key == errElsewhere.Key {
			return v.AnswerJSON(http.StatusConflict, savedProgress{Seen: saved.Writer, Text: v.T(errElsewhere.Key)})
		}
		if err != nil {
			return v.RefuseJSON(err)
		}
		answer := savedProgress{Older: saved.Older, Done: saved.DoneAt != nil, Text: v.T("learning.saved")}
		if saved.Completed {
			answer.Next = visit.CoursePath(course.Slug)
			v.Tell("notice.course_completed", "Course", course.Title())
		}
		return v.AnswerJSON(http.StatusOK, answer)
	}
	if err != nil {
		return err
	}
	here := visit.TaskPath(course.Slug, v.PathValue("task"))
	question, _, _ := strings.Cut(v.PostForm.Get("move"), ":")
	switch {
	case saved.Completed:
		return v.Redirect(visit.CoursePath(course.Slug), "notice.course_completed", "Course", course.Title())
	case v.PostForm.Has("move"):
		return v.Redirect(here+"#"+url.PathEscape("q"+question), "")
	case v.PostForm.Get("do") == "submit":
		return v.Redirect(here+"#result", "")
	case v.PostForm.Get("do") == "again":
		return v.Redirect(here+"#task", "")
	case saved.Changed && saved.DoneAt != nil:
		return v.Redirect(here+"#task", "notice.task_done")
	case saved.Changed:
		return v.Redirect(here+"#task", "notice.task_undone")
	}
	return v.Redirect(here+"#task", "notice.task_saved")
}

func saveTask(v *visit.Visit) (saved learning.Saved, course catalogue.Course, err error) {
	err = v.Write(func(tx *db.Tx) error {
		saved, err = attendance.SaveProgress(v.Context(), tx, v.Viewer, v.PathValue("course"), v.PathValue("task"), func(t *catalogue.Task) learning.Touch { return touch(v, t) }, v.Now)
		return err
	})
	return saved, saved.Course, err
}

// touch is what the form says about the task.
func touch(v *visit.Visit, t *catalogue.Task) learning.Touch {
	form := v.PostForm
	c := learning.Touch{At: v.Now, Try: form.Get("at"), Page: form.Get("page"), Seen: form.Get("seen")}
	at, errAt := strconv.ParseInt(form.Get("at"), 10, 64)
	sent, errSent := strconv.ParseInt(form.Get("sent"), 10, 64)
	if errAt == nil && errSent == nil {
		c.At = clock.MadeAt(v.Now, at, sent)
	}
	if form.Has("done") {
		done := form.Get("done") == "yes"
		c.Done = &done
	}
	if form.Has("position") {
		position, err := strconv.Atoi(form.Get("position"))
		if err != nil {
			position = -1
		}
		c.Position = &position
	}
	if form.Has("answer") {
		text, shared := form.Get("answer"), form.Get("shared") != ""
		c.Text, c.Shared = &text, &shared
	}
	if t.Kind != catalogue.QuizTask {
		return c
	}
	switch c.Again, c.Submit = form.Get("do") == "again", form.Get("do") == "submit"; {
	case c.Again:
	case c.Submit || form.Has("move") || form.Get("do") == "draft":
		c.Answers = learning.Read(t, form)
		moved(c.Answers, form.Get("move"))
	}
	return c
}
