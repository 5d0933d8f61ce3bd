package learning

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
)

// Answer is the answer to one question. Chosen holds places of options as the
// question lists them: the chosen ones of one and several, all of them in the
// learner's order of order, and for match per option the place of an option
// whose Match was chosen, -1 for none. Text is the answer to free text.
type Answer struct {
	Chosen []int  `json:"chosen,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Answers are those to a quiz by question, handed in or as far as they have
// come. Try is the name of what was handed in.
type Answers struct {
	Each      []Answer `json:"each"`
	Submitted bool     `json:"submitted,omitempty"`
	Try       string   `json:"try,omitempty"`
}

// AnswersOf reads the answers in a Progress; none when there are none.
func AnswersOf(answer string) (a Answers) {
	if json.Unmarshal([]byte(answer), &a) != nil {
		return Answers{}
	}
	return a
}

func (a Answers) text() string {
	text, _ := json.Marshal(a) // strings and numbers are always JSON
	return string(text)
}

// To is the answer to the question, empty when there is none.
func (a Answers) To(question int) Answer {
	if question < len(a.Each) {
		return a.Each[question]
	}
	return Answer{}
}

// Read reads the answers to the quiz as a form gives them: the field of
// question i is q<i>. What is no number is a place that nobody offers.
func Read(task *catalogue.Task, form map[string][]string) []Answer {
	const nowhere = 1 << 20
	answers := make([]Answer, len(task.Questions))
	for i, q := range task.Questions {
		values := form["q"+strconv.Itoa(i)]
		if q.Kind == catalogue.FreeText {
			answers[i].Text = strings.ReplaceAll(strings.Join(values, "\n"), "\r\n", "\n")
			continue
		}
		for _, value := range values {
			place, err := strconv.Atoi(value)
			switch {
			case value == "" && q.Kind == catalogue.Matching:
				place = -1
			case err != nil:
				place = nowhere
			}
			answers[i].Chosen = append(answers[i].Chosen, place)
		}
	}
	return answers
}

// Offered are the answers without those that the quiz does not offer, so that
// they can be shown again.
func Offered(task *catalogue.Task, answers []Answer) []Answer {
	kept := make([]Answer, len(task.Questions))
	for i, q := range task.Questions {
		if a := (Answers{Each: answers}).To(i); a.offered(q) {
			kept[i] = a
		}
	}
	return kept
}

// Try hands in the answers to the quiz without keeping them, for those who make
// the course; fault.Invalid, as for learners, with what is wrong per question.
func Try(task *catalogue.Task, answers []Answer) (Answers, error) {
	err := check(task, answers, true)
	return Answers{Submitted: err == nil, Each: Offered(task, answers)}, err
}

// check tells what is wrong with the answers, per question: what was not
// offered, and when they are handed in whole what is missing.
func check(task *catalogue.Task, answers []Answer, whole bool) error {
	var checks fault.Checks
	checks.Require(len(answers) <= len(task.Questions), "q0", "learning.not_offered")
	for i, q := range task.Questions {
		a := Answers{Each: answers}.To(i)
		field := "q" + strconv.Itoa(i)
		checks.Require(a.offered(q), field, "learning.not_offered")
		checks.Require(utf8.RuneCountInString(a.Text) <= maxText, field, "learning.text_too_long", "Max", maxText)
		checks.Require(!whole || a.given(q), field, "learning.unanswered."+string(q.Kind))
	}
	return checks.Err()
}

// offered tells whether the question offers what was answered.
func (a Answer) offered(q catalogue.Question) bool {
	if q.Kind == catalogue.FreeText {
		return len(a.Chosen) == 0
	}
	if a.Text != "" {
		return false
	}
	least, most := 0, len(q.Options)
	switch q.Kind {
	case catalogue.OneOf:
		most = 1
	case catalogue.Matching:
		least = -1
	default:
	}
	seen := make([]bool, len(q.Options))
	for _, c := range a.Chosen {
		if c < least || c >= len(q.Options) {
			return false
		}
		if q.Kind == catalogue.Matching {
			continue // two can be given the same match
		}
		if seen[c] {
			return false
		}
		seen[c] = true
	}
	return len(a.Chosen) <= most
}

// given tells whether the question is answered at all.
func (a Answer) given(q catalogue.Question) bool {
	switch q.Kind {
	case catalogue.FreeText:
		return strings.TrimSpace(a.Text) != ""
	case catalogue.InOrder:
		return len(a.Chosen) == len(q.Options)
	case catalogue.Matching:
		for _, c := range a.Chosen {
			if c < 0 {
				return false
			}
		}
		return len(a.Chosen) == len(q.Options)
	case catalogue.OneOf, catalogue.Several:
	}
	return len(a.Chosen) > 0
}

// Right tells whether the answer is right; judged is false for free text, which
// the learner compares with the model answer.
func (a Answer) Right(q catalogue.Question) (right, judged bool) {
	switch q.Kind {
	case catalogue.FreeText:
		return false, false
	case catalogue.InOrder, catalogue.Matching:
		for i, c := range a.Chosen {
			if c != i {
				return false, true
			}
		}
		return len(a.Chosen) == len(q.Options), true
	case catalogue.OneOf, catalogue.Several:
	}
	chosen := make([]bool, len(q.Options))
	for _, c := range a.Chosen {
		if c >= 0 && c < len(chosen) {
			chosen[c] = true
		}
	}
	for i, o := range q.Options {
		if o.Right != chosen[i] {
			return false, true
		}
	}
	return true, true
}

// Score is how many of the judged questions were answered rightly.
func Score(task *catalogue.Task, a Answers) (right, judged int) {
	for i, q := range task.Questions {
		r, j := a.To(i).Right(q)
		if r {
			right++
		}
		if j {
			judged++
		}
	}
	return right, judged
}

// Shuffled are the places 0 … n-1 in an order that is the same for the same
// words and, from two on, never the right one.
func Shuffled(n int, words ...string) []int {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(strings.Join(words, "\n")))     // a hash takes everything
	places := rand.New(rand.NewPCG(hash.Sum64(), 1)).Perm(n) //nolint:gosec // chance that can be repeated is the point
	inOrder := true
	for i, p := range places {
		inOrder = inOrder && i == p
	}
	if inOrder && n > 1 {
		places[0], places[n-1] = places[n-1], places[0]
	}
	return places
}
