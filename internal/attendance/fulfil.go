package attendance

import (
	"context"
	"maps"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
)

// Fulfil completes the course for the person in the local rounds in which they
// have done what it asks. Attendance calls for itself; this is for who saves the
// last task that the course requires.
func Fulfil(ctx context.Context, tx *db.Tx, personID, courseID int64, now clock.Instant) error {
	type seat struct{ round, enrolment int64 }
	seats, err := db.Rows(ctx, tx, func(s *seat) []any { return []any{&s.round, &s.enrolment} }, `
		SELECT r.id, n.id
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		WHERE n.person_id = $1
		AND n.withdrawn_at IS NULL
		AND n.approved_at IS NULL
		AND r.course_id = $2
		AND r.municipality_id IS NOT NULL
		AND r.cancelled_at IS NULL
		AND r.last_day <= $3
		ORDER BY r.id`, personID, courseID, now.Day())
	if err != nil {
		return err
	}
	for _, s := range seats {
		if err := round.Hold(ctx, tx, s.round); err != nil {
			return err
		}
		if err := fulfil(ctx, tx, s.round, map[int64]string{s.enrolment: ""}, now); err != nil {
			return err
		}
	}
	return nil
}

// FulfilRound is Fulfil for all seats of a held round, whose days are others now.
func FulfilRound(ctx context.Context, tx *db.Tx, roundID int64, now clock.Instant) error {
	return fulfil(ctx, tx, roundID, nil, now)
}

// attended is a seat of a local round, with the days that were attended.
type attended struct {
	round            round.Round
	id, person       int64
	approved, byRule bool
	days             int
}

// fulfil is how a local round completes its course by itself: whoever has
// attended every day, on whoever's word counts, and done the tasks that the
// course requires is approved, with the completion. Who turns out not to have
// attended every day loses what the rule has given, not what somebody has
// approved for a reason. The round is held; changed are the seats to look at, each with
// why something else is said of it now, which goes with what is lost; nil is all seats.
// Of other rounds fulfil asks nothing.
func fulfil(ctx context.Context, tx *db.Tx, roundID int64, changed map[int64]string, now clock.Instant) error {
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			r.course_id,
			`+lifetime.RoundEditionSQL("r")+`,
			r.municipality_id,
			r.last_day,
			(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id),
			n.id,
			n.person_id,
			n.approved_at IS NOT NULL,
			n.approved_by IS NULL,
			(SELECT COUNT(*) FROM attendance AS a WHERE a.enrolment_id = n.id AND a.mark IN ('present', 'late'))
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		WHERE n.withdrawn_at IS NULL
		AND r.municipality_id IS NOT NULL
		AND n.round_id = ?`, roundID)
	if changed != nil {
		in, args := db.In("n.id", slices.Sorted(maps.Keys(changed)))
		b.Add("AND "+in, args...)
	}
	b.Add("ORDER BY n.id")
	seats, err := db.Rows(ctx, tx, func(s *attended) []any {
		r := &s.round
		return []any{&r.ID, &r.CourseID, &r.EditionID, &r.MunicipalityID, &r.LastDay, &r.Days, &s.id, &s.person, &s.approved, &s.byRule, &s.days}
	}, b.String(), b.Args()...)
	if err != nil || len(seats) == 0 {
		return err
	}
	r := seats[0].round
	events := round.NewLog(r.ID, access.System(), now)
	var ready []attended
	for _, s := range seats {
		all := r.Days > 0 && s.days == r.Days
		switch {
		case all && !s.approved:
			ready = append(ready, s)
		case !all && s.approved && s.byRule:
			if err := unapprove(ctx, tx, access.System(), r, s.id, s.person, now); err != nil {
				return err
			}
			if err := events.Itself(round.WasUnapproved, s.person, round.Words{Reason: changed[s.id]}); err != nil {
				return err
			}
		}
	}
	if err := finish(ctx, tx, r, ready, &events); err != nil {
		return err
	}
	return events.Write(ctx, tx)
}

// finish approves those of whom every day is attended, as far as they have done the
// tasks that the course requires: on the round's last day, or on that of their last
// task.
func finish(ctx context.Context, tx *db.Tx, r round.Round, ready []attended, events *round.Log) error {
	persons := make([]int64, len(ready))
	for i, s := range ready {
		persons[i] = s.person
	}
	standing, err := learning.StandingOf(ctx, tx, r.CourseID, edition(r), persons)
	if err != nil {
		return err
	}
	for _, s := range ready {
		if !standing[s.person].Fulfilled {
			continue
		}
		on := r.LastDay
		if done := standing[s.person].DoneAt; done != nil {
			on = max(on, done.Day())
		}
		if _, err := db.Exec(ctx, tx, `UPDATE enrolment SET approved_on = $2, approved_at = $3 WHERE id = $1`, s.id, on, events.At); err != nil {
			return err
		}
		if err := events.Itself(round.WasApproved, s.person, round.Words{}); err != nil {
			return err
		}
		if err := complete(ctx, tx, access.System(), s.person, r, on, events.At); err != nil {
			return err
		}
	}
	return nil
}

// edition is the round's, 0 when it is not known.
func edition(r round.Round) int64 {
	if r.EditionID == nil {
		return 0
	}
	return *r.EditionID
}

// Preparation is how far a participant has come with the tasks before the course
// days. Asked tells that there are required ones, Gate that nobody is approved
// without them, except for a reason.
type Preparation struct {
	Asked bool
	Gate  bool
	Left  int
}

// Done tells whether nothing is left to do.
func (p Preparation) Done() bool { return p.Left == 0 }

// Hinders tells whether the preparation stands in the way of an approval.
func (p Preparation) Hinders() bool { return p.Gate && p.Left > 0 }

// Prepared counts those with a seat in the round of whom tasks before the course days
// are required, and how many of them have done them all: a number for somebody who may
// not see who they are. It asks no viewer.
func Prepared(ctx context.Context, q db.Querier, r round.Round) (done, asked int, err error) {
	seats, err := db.Rows(ctx, q, func(e *round.Enrolment) []any { return []any{&e.PersonID} }, `
		SELECT person_id
		FROM enrolment
		WHERE round_id = $1
		AND withdrawn_at IS NULL`, r.ID)
	if err != nil {
		return 0, 0, err
	}
	all, err := Preparations(ctx, q, r, seats)
	for _, p := range all {
		if !p.Asked {
			continue
		}
		asked++
		if p.Done() {
			done++
		}
	}
	return done, asked, err
}

// Preparations are those of the round's participants whom the caller has read, by
// person. It asks no viewer.
func Preparations(ctx context.Context, q db.Querier, r round.Round, enrolments []round.Enrolment) (map[int64]Preparation, error) {
	persons := make([]int64, len(enrolments))
	for i, e := range enrolments {
		persons[i] = e.PersonID
	}
	standing, err := learning.StandingOf(ctx, q, r.CourseID, edition(r), persons)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]Preparation, len(persons))
	for person, s := range standing {
		left, asked := s.Left[catalogue.Preparation]
		if !asked {
			all[person] = Preparation{}
			continue
		}
		content, err := catalogue.ContentOf(ctx, q, s.EditionID)
		if err != nil {
			return nil, err
		}
		all[person] = Preparation{Asked: true, Gate: content.Rules.Preparation == catalogue.Require, Left: left}
	}
	return all, nil
}
