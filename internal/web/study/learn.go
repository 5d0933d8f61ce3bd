package study

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// TaskView is a task as a learner meets it: on its page, and in the workshop's
// preview. action is where its form is sent; without one nothing can be saved, but
// a quiz can be tried by asking trial, the page itself, with the answers.
type TaskView struct {
	v        *visit.Visit
	content  *catalogue.Content
	Task     *catalogue.Task
	media    string // the address under which the content's media are, with a slash at its end
	progress learning.Progress
	answers  learning.Answers // to a quiz
	errs     ui.Errors
	action   string
	Trial    string
	next     *ui.Action // where one goes when it is done
	size     int64      // of the document, 0: not known
	seat     *seat.Seat
}

// NewTaskView is the task as somebody has come to it.
func NewTaskView(v *visit.Visit, c *catalogue.Content, t *catalogue.Task, media string, p learning.Progress) TaskView {
	return TaskView{v: v, content: c, Task: t, media: media, progress: p, answers: learning.AnswersOf(p.Answer)}
}

// readers says who sees a reflection that is shared: those who lead the days of
// the learner's round, which they are in when they share it.
func (t TaskView) readers() string {
	if t.action == "" { // a preview, of nobody's
		return t.v.T("learning.private")
	}
	if t.seat == nil {
		return t.v.T("learning.private") + " " + t.v.T("learning.shared_with_none")
	}
	return t.v.T("learning.private") + " " + t.v.T("learning.shared_with", "Round", t.seat.Label, "Days", t.v.Lang.Days(t.seat.FirstDay, t.seat.LastDay))
}

// Words is the text in the visitor's language.
func (t TaskView) Words(w catalogue.Words) string { return w.In(t.v.Lang.Code()) }

func (t TaskView) title() string { return t.Words(t.Task.Title) }

// Html is the text as safe HTML, beneath the page's heading.
func (t TaskView) HTML(w catalogue.Words) string { return t.content.HTML(w, t.v.Lang.Code(), 2) }

func (t TaskView) file(name string) string { return t.media + url.PathEscape(name) }

// source is the film or podcast from where one was: a browser begins there by
// itself.
func (t TaskView) source() string {
	address := t.file(t.Task.Media)
	if t.progress.Position > 0 {
		address += "#t=" + strconv.Itoa(t.progress.Position)
	}
	return address
}

func (t TaskView) captionLanguages() []string {
	var all []string
	for _, language := range catalogue.Languages {
		if t.Task.Captions[language] != "" {
			all = append(all, language)
		}
	}
	return all
}

// firstCaptions is the language whose captions are shown from the start.
func (t TaskView) firstCaptions() string {
	if t.Task.Captions[t.v.Lang.Code()] != "" {
		return t.v.Lang.Code()
	}
	return "sv"
}

// opens tells whether browsers can show the document.
func (t TaskView) opens() bool {
	return slices.Contains([]string{".pdf", ".txt"}, path.Ext(t.Task.Media))
}

// fileNote is the document's kind and size.
func (t TaskView) fileNote() string {
	kind := strings.ToUpper(strings.TrimPrefix(path.Ext(t.Task.Media), "."))
	if t.size == 0 {
		return kind
	}
	return kind + ", " + t.v.FileSize(t.size)
}

// site is where a link leads.
func (t TaskView) site() string {
	if u, err := url.Parse(t.Task.URL); err == nil {
		return u.Hostname()
	}
	return t.Task.URL
}

// clockTime is 125 seconds as "2:05".
func clockTime(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// answerable tells whether the buttons do anything.
func (t TaskView) answerable() bool { return t.action != "" || t.Trial != "" }

// Tried reads a quiz that somebody tries in the preview from the address.
func (t *TaskView) Tried() (refused error) {
	query := t.v.URL.Query()
	answers := learning.Read(t.Task, query)
	switch {
	case query.Has("move"):
		moved(answers, query.Get("move"))
		t.answers = learning.Answers{Each: learning.Offered(t.Task, answers)}
	case query.Get("do") == "submit":
		t.answers, refused = learning.Try(t.Task, answers)
		t.errs = ui.ErrorsOf(t.v.Lang, refused)
	}
	return refused
}

// savedWord says when the task was last saved.
func (t TaskView) savedWord() string {
	if !t.progress.Begun() {
		return ""
	}
	return t.v.T("learning.saved_at", "When", t.v.Lang.DayTime(t.progress.ChangedAt))
}

func questionName(i int) string { return "q" + strconv.Itoa(i) }

func (t TaskView) Question(i int) catalogue.Question { return t.Task.Questions[i] }

func (t TaskView) wrong(i int) string { return t.errs.For(questionName(i)) }

// Summary is what was wrong, with the number of the question where there are
// several.
func (t TaskView) Summary() ui.Errors {
	all := slices.Clone(t.errs)
	for i := range t.Task.Questions {
		for n := range all {
			if all[n].Field == questionName(i) {
				all[n].Text = t.v.T("learning.wrong_in", "N", i+1, "Text", all[n].Text)
			}
		}
	}
	return all
}

// optionID is the element of an option; the first is where the error summary
// leads.
func optionID(i, n int) string {
	id := ui.FieldID(questionName(i))
	if n > 0 {
		id += "-" + strconv.Itoa(n)
	}
	return id
}

// order is the places of the options in the order in which they are shown: as
// the learner has put them; otherwise mixed, where the document's own order
// tells what is right.
func (t TaskView) order(i int) []int {
	q := t.Question(i)
	switch q.Kind {
	case catalogue.InOrder:
		if chosen := t.answers.To(i).Chosen; len(chosen) == len(q.Options) {
			return chosen
		}
		return learning.Shuffled(len(q.Options), t.Task.Key, strconv.Itoa(i), strconv.Itoa(t.progress.Tries))
	case catalogue.Matching:
		return learning.Shuffled(len(q.Options), t.Task.Key, strconv.Itoa(i))
	case catalogue.OneOf, catalogue.Several, catalogue.FreeText:
	}
	places := make([]int, len(q.Options))
	for n := range places {
		places[n] = n
	}
	return places
}

func (t TaskView) chosen(i, place int) bool {
	return slices.Contains(t.answers.To(i).Chosen, place)
}

// matched is the place of what the learner has matched with option n, -1 for
// nothing.
func (t TaskView) matched(i, n int) int {
	if chosen := t.answers.To(i).Chosen; n < len(chosen) && chosen[n] < len(t.Question(i).Options) {
		return chosen[n]
	}
	return -1
}

func (t TaskView) isRight(i int) bool {
	right, _ := t.answers.To(i).Right(t.Question(i))
	return right
}

// verdict is how the answer turned out, as a word.
func (t TaskView) verdict(i int) ui.Tag {
	switch right, judged := t.answers.To(i).Right(t.Question(i)); {
	case !judged:
		return ui.Tag{Word: t.v.T("learning.compare"), Tone: ui.Info}
	case right:
		return ui.Tag{Word: t.v.T("learning.right"), Tone: ui.Positive}
	}
	return ui.Tag{Word: t.v.T("learning.wrong"), Tone: ui.Caution}
}

// optionWords say of an option whether it was chosen and whether it is right.
func (t TaskView) optionWords(i, n int) string {
	var words []string
	if t.Question(i).Options[n].Right {
		words = append(words, t.v.T("learning.is_right"))
	}
	if t.chosen(i, n) {
		words = append(words, t.v.T("learning.your_answer"))
	}
	return strings.Join(words, ", ")
}

// score is how the quiz went.
func (t TaskView) score() string {
	right, judged := learning.Score(t.Task, t.answers)
	switch {
	case judged == 0:
		return t.v.T("learning.answered")
	case right == judged:
		return t.v.T("learning.all_right", "All", judged)
	}
	return t.v.T("learning.score", "Right", right, "All", judged)
}

// moveValue names a move of an option: question, place in the list, step.
func moveValue(question, place, step int) string {
	return fmt.Sprintf("%d:%d:%d", question, place, step)
}

// moved carries out the move that a button names on the answers.
func moved(answers []learning.Answer, value string) {
	var question, place, step int
	if _, err := fmt.Sscanf(value, "%d:%d:%d", &question, &place, &step); err != nil || question < 0 || question >= len(answers) {
		return
	}
	to := place + step
	if chosen := answers[question].Chosen; place >= 0 && to >= 0 && place < len(chosen) && to < len(chosen) {
		chosen[place], chosen[to] = chosen[to], chosen[place]
	}
}
