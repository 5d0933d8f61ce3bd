package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// OfDay is the round of the course day without its participants, and the day
// with its trainers, for those who may see the round; fault.NotFound for others.
func OfDay(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) (Detail, Day, error) {
	id, err := RoundOf(ctx, q, dayID)
	if err != nil {
		return Detail{}, Day{}, err
	}
	d, err := Days(ctx, q, viewer, id)
	if err != nil {
		return Detail{}, Day{}, err
	}
	for _, day := range d.CourseDays {
		if day.ID == dayID {
			return d, day, nil
		}
	}
	return Detail{}, Day{}, fault.NotFound
}

// Days is the round with its days and trainers, without its participants, for
// those who may see the round; fault.NotFound for others.
func Days(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (Detail, error) {
	d, err := Head(ctx, q, viewer, roundID)
	if err != nil {
		return Detail{}, err
	}
	d.CourseDays, err = CourseDays(ctx, q, roundID)
	return d, err
}

// RoundOfEnrolment is the round in which the seat is, withdrawn or not. It tells
// no viewer.
func RoundOfEnrolment(ctx context.Context, q db.Querier, enrolmentID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT round_id FROM enrolment WHERE id = $1`, enrolmentID)
}

// Roster is who belongs to a course day.
type Roster struct {
	RoundID int64
	Seats   map[int64]int64 // person → enrolment
	Said    map[int64]bool  // trainers of whom somebody has said whether they were there → whether they were
}

// RosterOf is who belongs to the course day. It asks no viewer: it is for
// turning persons into what SaveAttendance takes.
func RosterOf(ctx context.Context, q db.Querier, dayID int64) (Roster, error) {
	r := Roster{Seats: map[int64]int64{}, Said: map[int64]bool{}}
	var err error
	if r.RoundID, err = RoundOf(ctx, q, dayID); err != nil {
		return r, err
	}
	type seat struct{ person, enrolment int64 }
	seats, err := db.Rows(ctx, q, func(s *seat) []any { return []any{&s.person, &s.enrolment} },
		`SELECT person_id, id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, r.RoundID)
	if err != nil {
		return r, err
	}
	for _, s := range seats {
		r.Seats[s.person] = s.enrolment
	}
	type said struct {
		person  int64
		present bool
	}
	trainers, err := db.Rows(ctx, q, func(s *said) []any { return []any{&s.person, &s.present} },
		`SELECT person_id, present FROM day_trainer WHERE course_day_id = $1 AND present IS NOT NULL ORDER BY person_id`, dayID)
	for _, t := range trainers {
		r.Said[t.person] = t.present
	}
	return r, err
}
