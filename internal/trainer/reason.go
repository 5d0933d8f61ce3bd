package trainer

import (
	"slices"
	"strings"

	"yrkesresan/internal/fault"
)

// Reason is why somebody stops teaching, or why their manager says no to it.
type Reason string

// The reasons: no time, too much else at work, wanting something else, another job, and what needs
// a word (the annual report tells of the first two: S1:213–215).
const (
	NoTime      Reason = "time"
	Workload    Reason = "workload"
	OtherTask   Reason = "other_task"
	NewJob      Reason = "new_job"
	OtherReason Reason = "other"
)

// Reasons are all of them.
var Reasons = []Reason{NoTime, Workload, OtherTask, NewJob, OtherReason}

// Key is the reason's message key.
func (r Reason) Key() string { return "comings.reason." + string(r) }

// Why is a reason, with a word for one that is none of the others.
type Why struct {
	Reason Reason
	Word   string
}

const longestWord = 200

// Check is fault.Invalid "reason" or "word" for what cannot be kept.
func (w Why) Check() error {
	var checks fault.Checks
	checks.Require(slices.Contains(Reasons, w.Reason), "reason", "comings.reason_missing")
	checks.Require(w.Reason != OtherReason || strings.TrimSpace(w.Word) != "", "word", "comings.word_missing")
	checks.Require(len([]rune(w.Word)) <= longestWord, "word", "comings.word_long", "Most", longestWord)
	return checks.Err()
}

// Words is what is kept of the word: with another reason it says nothing.
func (w Why) Words() string {
	if w.Reason != OtherReason {
		return ""
	}
	return strings.TrimSpace(w.Word)
}
