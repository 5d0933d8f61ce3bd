package production

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// State is how far a planned course has come.
type State string

// The states, in their order. What is published or dropped comes no more.
const (
	Idea    State = "idea"
	Study   State = "study"
	Writing State = "writing"
	Trial   State = "trial"
	Out     State = "published"
	Dropped State = "dropped"
)

// States are those that somebody can choose: what is published is so by its edition.
var States = []State{Idea, Study, Writing, Trial, Dropped}

// Key is the message that names it.
func (s State) Key() string { return "production.state_" + string(s) }

// Surety is how sure the month is.
type Surety string

// The sureties.
const (
	Sure   Surety = "sure"
	Likely Surety = "likely"
	Unsure Surety = "unsure"
)

// Sureties are all, the surest first.
var Sureties = []Surety{Sure, Likely, Unsure}

// Key is the message that names it.
func (s Surety) Key() string { return "production.surety_" + string(s) }

// Plan is what can be planned of a course. Month is the first day of the month in which it
// is expected, with its surety; nil when nobody knows.
type Plan struct {
	State  State
	Month  *clock.Day
	Surety Surety // "" without a month
}

// Planned is a course that comes. CourseID is 0 as long as it is not in the catalogue, StepID for
// one outside the steps, EditionID until it is published.
type Planned struct {
	Plan
	ID          int64
	CourseID    int64
	CourseSlug  string
	Name        string // what it was called when it was planned, and what the course is called once it is tied
	JourneyID   int64
	Journey     string
	StepID      int64
	Step        string
	Renews      bool // an edition of the course was out when it was planned
	EditionID   int64
	PublishedOn *clock.Day
	Version     int
	RetiredFrom *clock.Day // the first day without its course
	ChangedAt   clock.Instant
	Reason      string // of the latest change
}

// Open tells whether it comes still.
func (p Planned) Open() bool { return p.State != Out && p.State != Dropped }

// Comes tells whether learners and municipalities are told that it comes: more than an idea,
// with a month, and its course is not to end before.
func (p Planned) Comes() bool {
	return p.Open() && p.State != Idea && p.Month != nil && (p.RetiredFrom == nil || *p.RetiredFrom > *p.Month)
}

// Late tells whether the month has passed without it.
func (p Planned) Late(today clock.Day) bool {
	return p.Open() && p.Month != nil && p.Month.AddDate(0, 1, 0) <= today
}

// New is what it takes to plan a course, or to change it: with a course of the catalogue its
// name is that of the course. Reason is why it changed.
type New struct {
	Plan
	Name      string
	CourseID  int64
	JourneyID int64
	StepID    int64
	Reason    string
}

const (
	maxName   = 200
	maxReason = 2000
)

func (n *New) check(reasoned bool) error {
	n.Name, n.Reason = strings.TrimSpace(n.Name), strings.TrimSpace(n.Reason)
	if n.Month != nil {
		y, m, _ := n.Month.Date()
		first := clock.Date(y, m, 1)
		n.Month = &first
	} else {
		n.Surety = ""
	}
	var checks fault.Checks
	checks.Require(n.Name != "" || n.CourseID != 0, "name", "production.name_missing")
	checks.Require(utf8.RuneCountInString(n.Name) <= maxName, "name", "fault.too_long", "Max", maxName)
	checks.Require(n.JourneyID != 0, "place", "production.place_missing")
	checks.Require(known(States, n.State), "state", "production.state_missing")
	checks.Require(n.Month == nil || known(Sureties, n.Surety), "surety", "production.surety_missing")
	checks.Require(!reasoned || n.Reason != "", "reason", "production.reason_missing")
	checks.Require(utf8.RuneCountInString(n.Reason) <= maxReason, "reason", "fault.too_long", "Max", maxReason)
	return checks.Err()
}

func known[T comparable](all []T, one T) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

// place refuses a step that is not the journey's, and a course that is unknown or retired; it
// gives the course's name to what has none.
func (n *New) place(ctx context.Context, tx *db.Tx, today clock.Day) (renews bool, err error) {
	if n.StepID != 0 {
		journey, err := db.Row(ctx, tx, db.One[int64], `SELECT journey_id FROM step WHERE id = $1`, n.StepID)
		if errors.Is(err, fault.NotFound) || err == nil && journey != n.JourneyID {
			err = fault.Invalid("place", "production.place_missing")
		}
		if err != nil {
			return false, err
		}
	}
	if n.CourseID == 0 {
		return false, nil
	}
	course, err := catalogue.CourseByID(ctx, tx, n.CourseID)
	if errors.Is(err, fault.NotFound) {
		err = fault.Invalid("course", "production.course_unknown")
	}
	if err != nil {
		return false, err
	}
	if n.State != Dropped {
		err := lifetime.HoldOn(ctx, tx, n.CourseID, today, "course")
		if f := fault.Of(err); f != nil && len(f.Fields) == 1 { // no day is asked for here
			err = fault.Invalid("course", "production.course_retired", f.Fields[0].Args...)
		}
		if err != nil {
			return false, err
		}
	}
	if n.Name == "" {
		n.Name = course.Title()
	}
	return db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM edition WHERE course_id = $1 AND published_on IS NOT NULL)`, n.CourseID)
}

func id(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// bare is the error in words: a course with an open row has none beside it, and a journey must exist.
func bare(err error) error {
	switch {
	case db.IsUnique(err):
		return fault.Invalid("course", "production.course_planned")
	case db.IsCheck(err):
		return fault.Invalid("place", "production.place_missing")
	}
	return err
}

// Add plans a course. fault.Forbidden for those who make none; fault.Invalid by field.
func Add(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, now clock.Instant) (int64, error) {
	if !access.ManageCourses(viewer) {
		return 0, fault.Forbidden
	}
	if err := n.check(false); err != nil {
		return 0, err
	}
	renews, err := n.place(ctx, tx, now.Day())
	if err != nil {
		return 0, err
	}
	planned, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO planned_course (course_id, name, journey_id, step_id, state, month, surety, renews, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING id`, id(n.CourseID), n.Name, n.JourneyID, id(n.StepID), string(n.State), n.Month, n.surety(), renews, now, viewer.ActorID())
	if err != nil {
		return 0, bare(err)
	}
	return planned, n.note(ctx, tx, viewer, planned, now)
}

func (p Plan) surety() *string {
	if p.Surety == "" {
		return nil
	}
	s := string(p.Surety)
	return &s
}

func (n New) note(ctx context.Context, tx *db.Tx, viewer access.Viewer, planned int64, now clock.Instant) error {
	return db.Insert(ctx, tx, "planned_course_change",
		[]string{"planned_id", "state", "month", "surety", "reason", "changed_at", "changed_by"},
		[][]any{{planned, string(n.State), n.Month, n.surety(), n.Reason, now, viewer.ActorID()}})
}

// Change plans it anew, with the reason. fault.Conflict "production.changed_meanwhile" when the
// version is not the one that is there, "production.is_out" when it has been published.
func Change(ctx context.Context, tx *db.Tx, viewer access.Viewer, planned int64, version int, n New, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	if err := n.check(true); err != nil {
		return err
	}
	was, err := Get(ctx, tx, viewer, planned)
	if err != nil {
		return err
	}
	if was.State == Out {
		return fault.Conflict("production.is_out")
	}
	renews, err := n.place(ctx, tx, now.Day())
	if err != nil {
		return err
	}
	count, err := db.Exec(ctx, tx, `
		UPDATE planned_course
		SET course_id = $3, name = $4, journey_id = $5, step_id = $6, state = $7, month = $8, surety = $9, renews = $10, version = version + 1
		WHERE id = $1
		AND version = $2
		AND state <> 'published'`, planned, version, id(n.CourseID), n.Name, n.JourneyID, id(n.StepID), string(n.State), n.Month, n.surety(), renews)
	if err == nil && count == 0 {
		err = fault.Conflict("production.changed_meanwhile")
	}
	if err != nil {
		return bare(err)
	}
	return n.note(ctx, tx, viewer, planned, now)
}

// Published ends the open row of the edition's course: what was planned is there. Whoever publishes
// an edition calls it in the same transaction.
func Published(ctx context.Context, tx *db.Tx, viewer access.Viewer, e catalogue.Edition, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	ended, err := db.Rows(ctx, tx, db.One[int64], `
		UPDATE planned_course
		SET state = 'published', edition_id = $2, version = version + 1
		WHERE course_id = $1
		AND state NOT IN ('published', 'dropped')
		RETURNING id`, e.CourseID, e.ID)
	for _, planned := range ended {
		if err == nil {
			err = New{Plan: Plan{State: Out}}.note(ctx, tx, viewer, planned, now)
		}
	}
	return err
}
