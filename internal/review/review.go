package review

import (
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
)

// Part is for whom somebody reviews.
type Part string

// The parts: Socialstyrelsen or another authority, a working group, a municipality that
// tries the course.
const (
	Authority Part = "authority"
	Group     Part = "group"
	Pilot     Part = "pilot"
)

// Parts are all of them, in the order in which they are offered.
var Parts = []Part{Authority, Group, Pilot}

// Verdict is what a reviewer says of the whole; empty until they have.
type Verdict string

// The verdicts.
const (
	Approved Verdict = "approved"
	Changes  Verdict = "changes"
)

// Valid tells whether v is one of the verdicts.
func (v Verdict) Valid() bool { return v == Approved || v == Changes }

// Reviewer is somebody who is asked to read a draft. Version is that of the draft of
// which they said their verdict. Holds tells whether they still may read it: who is asked
// ByRole holds the role today, and nobody has ended it.
type Reviewer struct {
	ID       int64
	CourseID int64
	PersonID int64
	Name     string
	Part     Part
	ByRole   bool
	AskedAt  clock.Instant
	EndedAt  *clock.Instant
	Holds    bool
	Verdict  Verdict
	At       *clock.Instant // of the verdict
	Version  int
	Note     string
}

// Open tells whether the reviewer asks for changes that still have to be met or
// overruled. A verdict of who was ended or has lost the role still does: it was said.
func (r Reviewer) Open() bool { return r.Verdict == Changes }

// Comment is what a reviewer says at a place of the draft. Quote is the sentence it is
// about, empty for all of the place; Answer is the producer's.
type Comment struct {
	ID         int64
	ReviewerID int64
	Name       string // empty for who tries the draft
	Part       Part
	Trial      bool // said by somebody who tries the draft
	Place      string
	Quote      string
	Text       string
	At         clock.Instant
	Version    int
	SettledAt  *clock.Instant
	Answer     string
}

// Review is what has been said of a draft, or of an edition before it was published.
type Review struct {
	Reviewers []Reviewer
	Comments  []Comment
	Overruled string // why an edition was published although somebody asked for changes
}

// Unsettled are the comments that nobody has answered.
func (r Review) Unsettled() (n int) {
	for _, c := range r.Comments {
		if c.SettledAt == nil {
			n++
		}
	}
	return n
}

// Asks are the reviewers who ask for changes.
func (r Review) Asks() (all []Reviewer) {
	for _, each := range r.Reviewers {
		if each.Open() {
			all = append(all, each)
		}
	}
	return all
}

// At are the comments at the place.
func (r Review) At(place string) (all []Comment) {
	for _, c := range r.Comments {
		if c.Place == place {
			all = append(all, c)
		}
	}
	return all
}

// Elsewhere are the places of comments that the content has no more, each once: of tasks
// that were taken away since.
func (r Review) Elsewhere(c *catalogue.Content) (all []string) {
	for _, each := range r.Comments {
		if !has(c, each.Place) && !slices.Contains(all, each.Place) {
			all = append(all, each.Place)
		}
	}
	return all
}

// The places of a draft beside its tasks.
const (
	About = "about"
	Pack  = "pack"
)

// TaskPlace is the place of the task with the key.
func TaskPlace(key string) string { return "task:" + key }

// Places are those of the content at which one can comment, in their order.
func Places(c *catalogue.Content) []string {
	all := []string{About}
	for _, t := range c.Tasks {
		all = append(all, TaskPlace(t.Key))
	}
	return append(all, Pack)
}

// Task is the content's task at the place; nil for another place, and for a task that
// has been taken away since.
func Task(c *catalogue.Content, place string) *catalogue.Task {
	key, ok := strings.CutPrefix(place, "task:")
	if !ok {
		return nil
	}
	return c.Task(key)
}

// has tells whether the content has the place.
func has(c *catalogue.Content, place string) bool { return slices.Contains(Places(c), place) }

// byRole is the role by which an authority is asked.
const byRole = access.NationalReader
