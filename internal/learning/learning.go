package learning

import "yrkesresan/internal/clock"

// Source is where a completion comes from.
type Source string

// The sources: the approval of a round, a municipality or workplace that gave
// the course itself, the web, or a file.
const (
	Round  Source = "round"
	Local  Source = "local"
	Web    Source = "web"
	Import Source = "import"
)

// Key is the source's message key.
func (s Source) Key() string { return "learning.source." + string(s) }

// New is what it takes to record a completion. No EditionID means the newest
// edition on the day. RoundID
// belongs to the source Round, and to Local when it was given in a local round.
type New struct {
	PersonID  int64
	CourseID  int64
	EditionID *int64
	On        clock.Day
	Source    Source
	RoundID   *int64
}

// Completion is one of somebody's completions. Edition is 0 when it is not
// known.
type Completion struct {
	ID         int64
	CourseID   int64
	Course     string
	CourseSlug string
	Edition    int
	On         clock.Day
	Source     Source
	RoundID    *int64
	RecordedAt clock.Instant
	RecordedBy string // empty when the product did it
}

// FromRound tells whether a round gave the completion, where it is taken back:
// see Revoke.
func (c Completion) FromRound() bool {
	return c.Source == Round || c.Source == Local && c.RoundID != nil
}
