package learning

import (
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

// Progress is how far somebody has come in a task; the zero Progress is of one
// that they have not begun. Position is seconds into a film or a podcast. Answer
// is what they wrote: the text of a reflection, the Answers of a quiz. Shared
// tells that a reflection is shown to the course's trainers.
type Progress struct {
	OpenedAt  clock.Instant
	ChangedAt clock.Instant
	DoneAt    *clock.Instant
	Position  int
	Answer    string
	Tries     int
	Shared    bool
	Writer    string // the page in which the answer was last written; empty when that is not known
	Together  int64  // the course day on which the group did it together, 0 for none
}

// Begun tells whether anything has been saved.
func (p Progress) Begun() bool { return p.ChangedAt != 0 }

// Status is where somebody stands with a task.
type Status string

// The statuses.
const (
	NotBegun Status = "not_begun"
	Begun    Status = "begun"
	Done     Status = "done"
)

// Key is the status's message key.
func (s Status) Key() string { return "learning.status." + string(s) }

// Status is where the task stands.
func (p Progress) Status() Status {
	switch {
	case p.DoneAt != nil:
		return Done
	case p.Begun():
		return Begun
	}
	return NotBegun
}

// Touch is one change of a task; what is nil stays as it is. Answers are to the
// quiz as far as it has come; Submit hands them in, Again empties them for
// another try. Try names what is handed in, so that what arrives twice counts
// once; it may be empty.
type Touch struct {
	At       clock.Instant // when the learner did it
	Done     *bool
	Position *int
	Text     *string
	Shared   *bool
	Answers  []Answer
	Submit   bool
	Again    bool
	Try      string
	Page     string // the opened page in which it was made; may be empty
	Seen     string // the Writer of the answer that the page showed
}

const (
	maxText     = 10_000       // characters of a text
	maxPosition = 24 * 60 * 60 // seconds
	maxTry      = 64           // characters of a name, also of a page's
)

// With is the progress after the change, and whether the change counts: one
// that was made before the last saved one does not. fault.Invalid for what
// cannot be saved, with the fields position, answer and q0, q1, …
// fault.Conflict "learning.elsewhere" for an answer that would replace one that
// was written in another page and not seen in this.
func (p Progress) With(task *catalogue.Task, c Touch) (Progress, bool, error) {
	older := p.Begun() && c.At < p.ChangedAt
	elsewhere := c.Page != "" && p.Writer != "" && p.Writer != c.Page && p.Writer != c.Seen
	if older && !elsewhere {
		return p, false, nil
	}
	after, counts, err := p.with(task, c)
	switch {
	case err != nil:
		return p, false, err
	case elsewhere && after.Answer != p.Answer:
		return p, false, fault.Conflict("learning.elsewhere")
	case older || !counts:
		return p, false, nil
	}
	if after.Answer != p.Answer {
		after.Writer = c.Page
	}
	return after, true, nil
}

// with is the progress after the change, whenever and wherever it was made.
func (p Progress) with(task *catalogue.Task, c Touch) (Progress, bool, error) {
	if len(c.Page) > maxTry || len(c.Seen) > maxTry {
		return p, false, fault.Invalid("answer", "learning.nothing_to_answer")
	}
	if c.Done == nil && c.Position == nil && c.Text == nil && c.Shared == nil && c.Answers == nil && !c.Submit && !c.Again {
		return p, false, fault.Invalid("answer", "learning.nothing_to_answer")
	}
	if !p.Begun() {
		p.OpenedAt = c.At
	}
	p.ChangedAt = c.At
	if c.Position != nil {
		if *c.Position < 0 || *c.Position > maxPosition || task.Kind != catalogue.FilmTask && task.Kind != catalogue.PodcastTask {
			return p, false, fault.Invalid("position", "learning.position_wrong")
		}
		p.Position = *c.Position
	}
	if task.Kind == catalogue.ReflectionTask {
		if c.Text != nil {
			if utf8.RuneCountInString(*c.Text) > maxText {
				return p, false, fault.Invalid("answer", "learning.text_too_long", "Max", maxText)
			}
			p.Answer = strings.ReplaceAll(*c.Text, "\r\n", "\n")
		}
		if c.Shared != nil {
			p.Shared = *c.Shared
		}
	} else if c.Text != nil || c.Shared != nil {
		return p, false, fault.Invalid("answer", "learning.nothing_to_answer")
	}
	if task.Kind == catalogue.QuizTask {
		return p.answered(task, c)
	}
	if c.Answers != nil || c.Submit || c.Again {
		return p, false, fault.Invalid("answer", "learning.nothing_to_answer")
	}
	switch {
	case c.Done == nil:
	case !*c.Done:
		p.DoneAt = nil
	case task.Kind == catalogue.ReflectionTask && strings.TrimSpace(p.Answer) == "":
		return p, false, fault.Invalid("answer", "learning.reflection_empty")
	case p.DoneAt == nil:
		p.DoneAt, p.Together = &c.At, 0
	}
	return p, true, nil
}

// answered is the progress of a quiz. It is done when it has been handed in
// whole: it is there to learn from, and can be tried again.
func (p Progress) answered(task *catalogue.Task, c Touch) (Progress, bool, error) {
	if len(c.Try) > maxTry {
		return p, false, fault.Invalid("answer", "learning.nothing_to_answer")
	}
	if c.Done != nil && *c.Done != (p.DoneAt != nil) {
		return p, false, fault.Invalid("q0", "learning.quiz_unanswered")
	}
	before := AnswersOf(p.Answer)
	if c.Submit && before.Submitted && c.Try != "" && c.Try == before.Try {
		return p, false, nil // it has arrived before
	}
	switch {
	case c.Again:
		p.Answer = ""
	case c.Answers != nil || c.Submit:
		if err := check(task, c.Answers, c.Submit); err != nil {
			return p, false, err
		}
		p.Answer = Answers{Each: c.Answers, Submitted: c.Submit, Try: c.Try}.text()
	}
	if c.Submit {
		p.Tries++
		if p.DoneAt == nil {
			p.DoneAt = &c.At
		}
	}
	return p, true, nil
}
