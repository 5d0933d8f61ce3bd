package workshop

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// questionInDraft is the task of the address and the place of its question, from
// 0; -1 for a new one.
func questionInDraft(v *visit.Visit) (*workshop, *catalogue.Task, int, error) {
	w, task, err := taskInDraft(v)
	if err != nil {
		return nil, nil, 0, err
	}
	if task.Kind != catalogue.QuizTask {
		return nil, nil, 0, fault.NotFound
	}
	if v.PathValue("question") == "new" {
		return w, task, -1, nil
	}
	n, err := strconv.Atoi(v.PathValue("question"))
	if err != nil || n < 1 || n > len(task.Questions) {
		return nil, nil, 0, fault.NotFound
	}
	return w, task, n - 1, nil
}

func DraftQuestion(v *visit.Visit) error {
	w, task, i, err := questionInDraft(v)
	if err != nil {
		return err
	}
	kind := catalogue.QuestionKind(v.URL.Query().Get("kind"))
	if i >= 0 {
		kind = task.Questions[i].Kind
	} else if !slices.Contains(catalogue.QuestionKinds, kind) {
		var kinds []choice
		for _, k := range catalogue.QuestionKinds {
			kinds = append(kinds, choice{w.T("workshop.question_kind." + string(k)), w.T("workshop.question_help." + string(k)), w.path("tasks", task.Key, "questions", "new") + "?kind=" + string(k)})
		}
		title := w.T("workshop.which_question")
		f := w.frame(title, ui.Crumb{Label: w.Words(task.Title), Href: w.path("tasks", task.Key)})
		f.Reading = true
		return v.Page(f, ui.PageHead{Title: title}.View(v.Lang), choose(kinds))
	}
	return w.show(w.question(task, i, kind))
}

func SaveDraftQuestion(v *visit.Visit) error {
	w, task, i, err := questionInDraft(v)
	if err != nil {
		return err
	}
	kind := catalogue.QuestionKind(v.URL.Query().Get("kind"))
	if i >= 0 {
		kind = task.Questions[i].Kind
	} else if !slices.Contains(catalogue.QuestionKinds, kind) {
		return fault.Invalid("kind", "workshop.which_question")
	}
	return w.save(w.question(task, i, kind))
}

func MoveQuestion(v *visit.Visit) error {
	w, task, i, err := questionInDraft(v)
	if err != nil {
		return err
	}
	return w.change(w.path("tasks", task.Key), "", func(c *catalogue.Content) {
		t := c.Task(task.Key)
		t.Questions = swap(t.Questions, i, step(v))
	})
}

func RemoveQuestion(v *visit.Visit) error {
	w, task, i, err := questionInDraft(v)
	if err != nil {
		return err
	}
	return w.change(w.path("tasks", task.Key), "notice.question_removed", func(c *catalogue.Content) {
		t := c.Task(task.Key)
		t.Questions = without(t.Questions, i)
	})
}

// fewOptions is how many options a new question has room for, moreOptions how
// many rows are added at a time.
const (
	fewOptions  = 4
	moreOptions = 2
	maxOptions  = 20
)

// question is the form of a quiz's question, the i-th; a new one for -1.
func (w *workshop) question(task *catalogue.Task, i int, kind catalogue.QuestionKind) piece {
	p := piece{
		title: w.T("workshop.question_n", "Number", i+1), lead: w.T("workshop.question_help." + string(kind)), back: w.path("tasks", task.Key), notice: "notice.question_saved",
		action: w.path("tasks", task.Key, "questions", strconv.Itoa(i+1)), crumbs: []ui.Crumb{{Label: w.Words(task.Title), Href: w.path("tasks", task.Key)}},
	}
	if i < 0 {
		p.title, p.fresh = w.T("workshop.new_question"), true
		p.action = w.path("tasks", task.Key, "questions", "new") + "?kind=" + string(kind)
	}
	p.values = func(c *catalogue.Content) (url.Values, bool) {
		t := c.Task(task.Key)
		if t == nil || i >= len(t.Questions) {
			return nil, false
		}
		if i < 0 {
			return questionValues(catalogue.Question{}), true
		}
		return questionValues(t.Questions[i]), true
	}
	p.form = func(f *pieceForm) []templ.Component { return f.question(kind) }
	p.apply = func(c *catalogue.Content, in url.Values, checks *fault.Checks) {
		q := questionOf(in, kind, checks)
		t := c.Task(task.Key)
		if i < 0 {
			t.Questions = append(slices.Clone(t.Questions), q)
			return
		}
		t.Questions = slices.Clone(t.Questions)
		t.Questions[i] = q
	}
	if i >= 0 {
		p.more = func(f *pieceForm) []templ.Component {
			return []templ.Component{ui.Action{
				Label: f.T("workshop.remove_question"), Href: w.path("tasks", task.Key, "questions", strconv.Itoa(i+1), "removal"), Post: true, Kind: ui.Secondary, Hidden: w.version(),
			}.View(f.Lang)}
		}
	}
	return p
}

func optionName(i int, part string) string { return fmt.Sprintf("option.%d.%s", i, part) }

func questionValues(q catalogue.Question) url.Values {
	in := url.Values{"rows": {strconv.Itoa(max(fewOptions, len(q.Options)))}}
	setWords(in, "text", q.Text)
	setWords(in, "explanation", q.Explanation)
	setWords(in, "model_answer", q.ModelAnswer)
	for i, o := range q.Options {
		setWords(in, optionName(i, "text"), o.Text)
		setWords(in, optionName(i, "match"), o.Match)
		in.Set(optionName(i, "right"), visit.OnWhen(o.Right))
	}
	return in
}

// optionRows is how many rows for options the form has.
func optionRows(in url.Values) int {
	n, _ := strconv.Atoi(in.Get("rows")) // none when it is no number
	return min(max(n, fewOptions), maxOptions)
}

// questionOf is what the form says. An empty row is no option.
func questionOf(in url.Values, kind catalogue.QuestionKind, checks *fault.Checks) catalogue.Question {
	q := catalogue.Question{Kind: kind, Text: wordsOf(in, "text"), Explanation: wordsOf(in, "explanation")}
	checks.Require(q.Text["sv"] != "", "text.sv", "workshop.question_missing")
	if kind == catalogue.FreeText {
		q.ModelAnswer = wordsOf(in, "model_answer")
		checks.Require(q.ModelAnswer["sv"] != "", "model_answer.sv", "workshop.model_answer_missing")
		return q
	}
	right := 0
	for i := range optionRows(in) {
		o := catalogue.Option{Text: wordsOf(in, optionName(i, "text"))}
		if kind == catalogue.Matching {
			o.Match = wordsOf(in, optionName(i, "match"))
		}
		if o.Text == nil && o.Match == nil {
			continue
		}
		checks.Require(o.Text["sv"] != "", optionName(i, "text.sv"), "workshop.option_missing", "Number", i+1)
		checks.Require(kind != catalogue.Matching || o.Match["sv"] != "", optionName(i, "match.sv"), "workshop.match_missing", "Number", i+1)
		if kind == catalogue.OneOf || kind == catalogue.Several {
			if o.Right = in.Get(optionName(i, "right")) == "on"; o.Right {
				right++
			}
		}
		q.Options = append(q.Options, o)
	}
	checks.Require(len(q.Options) >= 2, optionName(0, "text.sv"), "workshop.too_few_options")
	checks.Require(kind != catalogue.OneOf || right == 1, optionName(0, "right"), "workshop.one_right")
	checks.Require(kind != catalogue.Several || right > 0, optionName(0, "right"), "workshop.some_right")
	return q
}

// question are the fields of a question of the kind.
func (f *pieceForm) question(kind catalogue.QuestionKind) []templ.Component {
	rows := optionRows(f.in)
	if f.in.Get("do") == "more" {
		rows = min(rows+moreOptions, maxOptions)
	}
	parts := []templ.Component{f.pair(ui.TextareaInput, "text", f.T("workshop.question"), "", false)}
	if kind == catalogue.FreeText {
		parts = append(parts, f.pair(ui.TextareaInput, "model_answer", f.T("workshop.model_answer"), f.T("workshop.model_answer_hint"), false))
	} else {
		parts = append(parts, ui.HiddenField("rows", strconv.Itoa(rows)))
		for i := range rows {
			fields := []templ.Component{f.pair("", optionName(i, "text"), f.T("workshop.option_text"), "", i >= 2)}
			if kind == catalogue.Matching {
				fields = append(fields, f.pair("", optionName(i, "match"), f.T("workshop.match_text"), "", i >= 2))
			}
			if kind == catalogue.OneOf || kind == catalogue.Several {
				fields = append(fields, f.field(ui.Field{Input: ui.CheckInput, Name: optionName(i, "right"), Label: f.T("workshop.right")}))
			}
			parts = append(parts, ui.Box(f.T("workshop.option_n", "Number", i+1), fields...))
		}
		if rows < maxOptions {
			parts = append(parts, moreRows(f.Visit))
		}
	}
	return append(parts, f.pair(ui.TextareaInput, "explanation", f.T("workshop.explanation"), f.T("workshop.explanation_hint"), true))
}
