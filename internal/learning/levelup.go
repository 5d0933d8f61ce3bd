package learning

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Grade is the answer to the mandatory question at the gate to the next step:
// how have you experienced the courses of the step?
type Grade string

// The grades, the best first; NoOpinion beside them.
const (
	VeryGood   Grade = "very_good"
	FairlyGood Grade = "fairly_good"
	Neither    Grade = "neither"
	FairlyBad  Grade = "fairly_bad"
	VeryBad    Grade = "very_bad"
	NoOpinion  Grade = "no_opinion"
)

// Grades are all grades in the order of the question.
var Grades = []Grade{VeryGood, FairlyGood, Neither, FairlyBad, VeryBad, NoOpinion}

// Key is the grade's message key.
func (g Grade) Key() string { return "learning.grade." + string(g) }

// Gate is a step whose courses somebody has all completed, and who has not
// answered yet: the answer opens the way to the next step. NextID is 0 after
// the last step, when there is nowhere further to go.
type Gate struct {
	AccountID int64
	JourneyID int64
	Journey   string
	StepID    int64
	Step      string
	NextID    int64
	Next      string
	Courses   int // of the step
}

// StepStanding is how far somebody has come in the step of a journey that they
// are in. Answered tells that they have passed its gate.
type StepStanding struct {
	Gate
	Done     int
	Answered bool
}

// Open tells whether the gate stands open: all courses of the step are
// completed and the question is not answered. A step without courses has none.
func (s StepStanding) Open() bool { return s.Courses > 0 && s.Done == s.Courses && !s.Answered }

// Again tells whether somebody who was moved back stands before a gate that they
// have passed: they have answered, and go on when they like.
func (s StepStanding) Again() bool {
	return s.Courses > 0 && s.Done == s.Courses && s.Answered && s.NextID != 0
}

func (s *StepStanding) columns() []any {
	return []any{
		&s.AccountID, &s.JourneyID, &s.Journey, &s.StepID, &s.Step, &s.NextID, &s.Next,
		&s.Courses, &s.Done, &s.Answered,
	}
}

// Standings are the steps that the person is in on the day, a row for each open
// account that has a step. The courses of a step are those that belong to it and are
// demanded on the day, and what the person has completed of the others: nobody loses a
// course by its end. It asks no viewer: ask it for oneself.
func Standings(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]StepStanding, error) {
	return db.Rows(ctx, q, (*StepStanding).columns, `
		SELECT
			a.id,
			j.id,
			j.name,
			s.id,
			s.name,
			COALESCE(n.id, 0),
			COALESCE(n.name, ''),
			(
				SELECT COUNT(*)
				FROM course_journey AS cj
				WHERE cj.step_id = s.id
				AND (`+lifetime.DemandedSQL("cj.course_id", "$2")+` OR EXISTS (
					SELECT 1 FROM completion AS c WHERE c.course_id = cj.course_id AND c.person_id = a.person_id AND c.revoked_at IS NULL
				))
			),
			(
				SELECT COUNT(*)
				FROM course_journey AS cj
				JOIN completion AS c ON c.course_id = cj.course_id AND c.person_id = a.person_id AND c.revoked_at IS NULL
				WHERE cj.step_id = s.id
			),
			EXISTS (SELECT 1 FROM level_up AS l WHERE l.account_id = a.id AND l.from_step_id = s.id)
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id
		JOIN account_step AS t ON t.account_id = a.id AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day >= $2)
		JOIN step AS s ON s.id = t.step_id
		LEFT JOIN step AS n ON n.journey_id = s.journey_id AND n.ordinal = (
			SELECT MIN(o.ordinal) FROM step AS o WHERE o.journey_id = s.journey_id AND o.ordinal > s.ordinal
		)
		WHERE a.person_id = $1
		AND a.opened_on <= $2
		AND (a.closed_on IS NULL OR a.closed_on > $2)
		ORDER BY j.ordinal`, personID, day)
}

// LevelUp answers the question at the gate and moves the account to the next
// step from the day of the answer on. It is one's own to answer. Who stands
// before a gate Again is moved by the answer that they have given; grade and
// freeText are not asked for.
// fault.Conflict "learning.gate_closed" while courses of the step are left,
// "learning.gate_passed" when it is answered already; fault.Invalid "grade" or
// "free_text". It gives the identity of the answer, which Certify of a step asks
// for.
func LevelUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID int64, grade Grade, freeText string, now clock.Instant) (int64, error) {
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM account WHERE id = $1`, accountID)
	if err != nil {
		return 0, err
	}
	if !access.Own(viewer).Covers(access.Place{PersonID: person}) {
		return 0, fault.NotFound
	}
	all, err := Standings(ctx, tx, person, now.Day())
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(all, func(s StepStanding) bool { return s.AccountID == accountID })
	if at >= 0 && all[at].Again() {
		return all[at].again(ctx, tx, now)
	}
	freeText = strings.TrimSpace(freeText)
	var checks fault.Checks
	checks.Require(validGrade(grade), "grade", "learning.grade_missing")
	checks.Require(utf8.RuneCountInString(freeText) <= 2000, "free_text", "fault.too_long", "Max", 2000)
	if err := checks.Err(); err != nil {
		return 0, err
	}
	switch {
	case at >= 0 && all[at].Answered:
		return 0, fault.Conflict("learning.gate_passed")
	case at < 0 || !all[at].Open():
		return 0, fault.Conflict("learning.gate_closed")
	}
	return all[at].pass(ctx, tx, grade, freeText, now)
}

func (s StepStanding) again(ctx context.Context, tx *db.Tx, now clock.Instant) (int64, error) {
	id, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM level_up WHERE account_id = $1 AND from_step_id = $2`, s.AccountID, s.StepID)
	if err != nil {
		return 0, err
	}
	return id, people.SetStep(ctx, tx, access.System(), s.AccountID, s.NextID, now.Day(), people.ByLevelUp, now)
}

func (s StepStanding) pass(ctx context.Context, tx *db.Tx, grade Grade, freeText string, now clock.Instant) (int64, error) {
	var next *int64
	if s.NextID != 0 {
		next = &s.NextID
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO level_up (account_id, from_step_id, to_step_id, grade, free_text, answered_on)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, s.AccountID, s.StepID, next, grade, freeText, now.Day())
	if db.IsUnique(err) {
		return 0, fault.Conflict("learning.gate_passed")
	}
	if err != nil || next == nil {
		return id, err
	}
	// The product moves them: no office has to.
	return id, people.SetStep(ctx, tx, access.System(), s.AccountID, s.NextID, now.Day(), people.ByLevelUp, now)
}

func validGrade(g Grade) bool {
	for _, each := range Grades {
		if g == each {
			return true
		}
	}
	return false
}

// Passed is a gate that somebody has gone through: from the step to the next
// (NextID 0 after the last).
type Passed struct {
	ID        int64
	AccountID int64
	Journey   string
	Step      string
	NextID    int64
	Next      string
	On        clock.Day
}

// Levels are the gates that the person has gone through, the latest first, if
// the viewer may see the person. What they answered is not told.
func Levels(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Passed, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(p *Passed) []any {
		return []any{&p.ID, &p.AccountID, &p.Journey, &p.Step, &p.NextID, &p.Next, &p.On}
	}, `
		SELECT
			l.id,
			a.id,
			j.name,
			s.name,
			COALESCE(n.id, 0),
			COALESCE(n.name, ''),
			l.answered_on
		FROM account AS a
		JOIN level_up AS l ON l.account_id = a.id
		JOIN step AS s ON s.id = l.from_step_id
		JOIN journey AS j ON j.id = s.journey_id
		LEFT JOIN step AS n ON n.id = l.to_step_id
		WHERE a.person_id = $1
		ORDER BY l.answered_on DESC, l.id DESC`, personID)
}
