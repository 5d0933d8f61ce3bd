package web

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
)

// taskView is a task as a learner meets it: on its page, and in the workshop's
// preview. action is where its form is sent; without one nothing can be saved, but
// a quiz can be tried by asking trial, the page itself, with the answers.
type taskView struct {
	v        *Visit
	content  *catalogue.Content
	task     *catalogue.Task
	media    string // the address under which the content's media are, with a slash at its end
	progress learning.Progress
	answers  learning.Answers // to a quiz
	errs     ui.Errors
	action   string
	trial    string
	next     *ui.Action // where one goes when it is done
	size     int64      // of the document, 0: not known
	seat     *seat.Seat
}

// newTaskView is the task as somebody has come to it.
func newTaskView(v *Visit, c *catalogue.Content, t *catalogue.Task, media string, p learning.Progress) taskView {
	return taskView{v: v, content: c, task: t, media: media, progress: p, answers: learning.AnswersOf(p.Answer)}
}

// readers says who sees a reflection that is shared: those who lead the days of
// the learner's round, which they are in when they share it.
func (t taskView) readers() string {
	if t.action == "" { // a preview, of nobody's
		return t.v.T("learn.private")
	}
	if t.seat == nil {
		return t.v.T("learn.private") + " " + t.v.T("learn.shared_with_none")
	}
	return t.v.T("learn.private") + " " + t.v.T("learn.shared_with", "Round", t.seat.Label, "Days", t.v.Lang.Days(t.seat.FirstDay, t.seat.LastDay))
}

// words is the text in the visitor's language.
func (t taskView) words(w catalogue.Words) string { return w.In(t.v.Lang.Code()) }

func (t taskView) title() string { return t.words(t.task.Title) }

// html is the text as safe HTML, beneath the page's heading.
func (t taskView) html(w catalogue.Words) string { return t.content.HTML(w, t.v.Lang.Code(), 2) }

func (t taskView) file(name string) string { return t.media + url.PathEscape(name) }

// source is the film or podcast from where one was: a browser begins there by
// itself.
func (t taskView) source() string {
	address := t.file(t.task.Media)
	if t.progress.Position > 0 {
		address += "#t=" + strconv.Itoa(t.progress.Position)
	}
	return address
}

func (t taskView) captionLanguages() []string {
	var all []string
	for _, language := range catalogue.Languages {
		if t.task.Captions[language] != "" {
			all = append(all, language)
		}
	}
	return all
}

// firstCaptions is the language whose captions are shown from the start.
func (t taskView) firstCaptions() string {
	if t.task.Captions[t.v.Lang.Code()] != "" {
		return t.v.Lang.Code()
	}
	return "sv"
}

// opens tells whether browsers can show the document.
func (t taskView) opens() bool {
	return slices.Contains([]string{".pdf", ".txt"}, path.Ext(t.task.Media))
}

// fileNote is the document's kind and size.
func (t taskView) fileNote() string {
	kind := strings.ToUpper(strings.TrimPrefix(path.Ext(t.task.Media), "."))
	if t.size == 0 {
		return kind
	}
	return kind + ", " + t.v.fileSize(t.size)
}

// fileSize is a size in words.
func (v *Visit) fileSize(size int64) string {
	if size >= 1<<20 {
		return v.T("material.megabytes", "Size", v.Lang.Decimal(float64(size)/(1<<20), 1))
	}
	return v.T("material.kilobytes", "Size", (size+1023)/1024)
}

// site is where a link leads.
func (t taskView) site() string {
	if u, err := url.Parse(t.task.URL); err == nil {
		return u.Hostname()
	}
	return t.task.URL
}

// clockTime is 125 seconds as "2:05".
func clockTime(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// answerable tells whether the buttons do anything.
func (t taskView) answerable() bool { return t.action != "" || t.trial != "" }

// tried reads a quiz that somebody tries in the preview from the address.
func (t *taskView) tried() (refused error) {
	query := t.v.URL.Query()
	answers := learning.Read(t.task, query)
	switch {
	case query.Has("move"):
		moved(answers, query.Get("move"))
		t.answers = learning.Answers{Each: learning.Offered(t.task, answers)}
	case query.Get("do") == "submit":
		t.answers, refused = learning.Try(t.task, answers)
		t.errs = ui.ErrorsOf(t.v.Lang, refused)
	}
	return refused
}

func onWhen(b bool) string {
	if b {
		return "on"
	}
	return ""
}

// savedWord says when the task was last saved.
func (t taskView) savedWord() string {
	if !t.progress.Begun() {
		return ""
	}
	return t.v.T("learn.saved_at", "When", t.v.Lang.DayTime(t.progress.ChangedAt))
}

func questionName(i int) string { return "q" + strconv.Itoa(i) }

func (t taskView) question(i int) catalogue.Question { return t.task.Questions[i] }

func (t taskView) wrong(i int) string { return t.errs.For(questionName(i)) }

// summary is what was wrong, with the number of the question where there are
// several.
func (t taskView) summary() ui.Errors {
	all := slices.Clone(t.errs)
	for i := range t.task.Questions {
		for n := range all {
			if all[n].Field == questionName(i) {
				all[n].Text = t.v.T("learn.wrong_in", "N", i+1, "Text", all[n].Text)
			}
		}
	}
	return all
}

// optionID is the element of an option; the first is where the error summary
// leads.
func (t taskView) optionID(i, n int) string {
	id := ui.FieldID(questionName(i))
	if n > 0 {
		id += "-" + strconv.Itoa(n)
	}
	return id
}

// order is the places of the options in the order in which they are shown: as
// the learner has put them; otherwise mixed, where the document's own order
// tells what is right.
func (t taskView) order(i int) []int {
	q := t.question(i)
	switch q.Kind {
	case catalogue.InOrder:
		if chosen := t.answers.To(i).Chosen; len(chosen) == len(q.Options) {
			return chosen
		}
		return learning.Shuffled(len(q.Options), t.task.Key, strconv.Itoa(i), strconv.Itoa(t.progress.Tries))
	case catalogue.Matching:
		return learning.Shuffled(len(q.Options), t.task.Key, strconv.Itoa(i))
	case catalogue.OneOf, catalogue.Several, catalogue.FreeText:
	}
	places := make([]int, len(q.Options))
	for n := range places {
		places[n] = n
	}
	return places
}

func (t taskView) chosen(i, place int) bool {
	return slices.Contains(t.answers.To(i).Chosen, place)
}

// matched is the place of what the learner has matched with option n, -1 for
// nothing.
func (t taskView) matched(i, n int) int {
	if chosen := t.answers.To(i).Chosen; n < len(chosen) && chosen[n] < len(t.question(i).Options) {
		return chosen[n]
	}
	return -1
}

func (t taskView) isRight(i int) bool {
	right, _ := t.answers.To(i).Right(t.question(i))
	return right
}

// verdict is how the answer turned out, as a word.
func (t taskView) verdict(i int) ui.Tag {
	switch right, judged := t.answers.To(i).Right(t.question(i)); {
	case !judged:
		return ui.Tag{Word: t.v.T("learn.compare"), Tone: ui.Info}
	case right:
		return ui.Tag{Word: t.v.T("learn.right"), Tone: ui.Positive}
	}
	return ui.Tag{Word: t.v.T("learn.wrong"), Tone: ui.Caution}
}

// optionWords say of an option whether it was chosen and whether it is right.
func (t taskView) optionWords(i, n int) string {
	var words []string
	if t.question(i).Options[n].Right {
		words = append(words, t.v.T("learn.is_right"))
	}
	if t.chosen(i, n) {
		words = append(words, t.v.T("learn.your_answer"))
	}
	return strings.Join(words, ", ")
}

// score is how the quiz went.
func (t taskView) score() string {
	right, judged := learning.Score(t.task, t.answers)
	switch {
	case judged == 0:
		return t.v.T("learn.answered")
	case right == judged:
		return t.v.T("learn.all_right", "All", judged)
	}
	return t.v.T("learn.score", "Right", right, "All", judged)
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
