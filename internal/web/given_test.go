package web_test

import (
	"context"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// What a test is given. Each of these brings about in one step what in the product
// takes days, other people or a moment that has passed: they write what those would
// have left, and nothing of the product runs.

// change writes a fact for which no builder below exists.
func (s *site) change(query string, args ...any) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	})
}

// withdrawn seats have been given back.
func (s *site) withdrawn(seats ...int64) {
	s.t.Helper()
	for _, seat := range seats {
		s.change(`UPDATE enrolment SET withdrawn_at = $2 WHERE id = $1`, seat, demoNow)
	}
}

// seatedIn are the seats of the round that are held.
func (s *site) seatedIn(id int64) []int64 {
	s.t.Helper()
	return s.ids(`SELECT id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, id)
}

// marked gives the seat this mark on all of its days that have one.
func (s *site) marked(seat int64, mark round.Mark) {
	s.t.Helper()
	s.change(`UPDATE attendance SET mark = $2 WHERE enrolment_id = $1`, seat, mark)
}

// unapproved takes back that the seat was approved.
func (s *site) unapproved(seat int64) {
	s.t.Helper()
	s.change(`UPDATE enrolment SET approved_at = NULL, approved_on = NULL WHERE id = $1`, seat)
}

// completed moves completions to another day.
func (s *site) completed(on clock.Day, completions ...int64) {
	s.t.Helper()
	for _, id := range completions {
		s.change(`UPDATE completion SET completed_on = $2 WHERE id = $1`, id, on)
	}
}

// revoked completions have been taken back.
func (s *site) revoked(completions ...int64) {
	s.t.Helper()
	for _, id := range completions {
		s.change(`UPDATE completion SET revoked_at = $2 WHERE id = $1`, id, demoNow)
	}
}

// begins moves the round's first day, and with it the end of sign-up where that
// would come after.
func (s *site) begins(id int64, on clock.Day) {
	s.t.Helper()
	s.change(`UPDATE course_day SET day = $2 WHERE round_id = $1 AND ordinal = 1`, id, on)
	s.change(`UPDATE round SET first_day = $2, last_day = CASE WHEN last_day < $2 THEN $2 ELSE last_day END, decide_on = NULL, withdraw_until = NULL,
		signup_from = CASE WHEN signup_from > $2 THEN $2 ELSE signup_from END, signup_until = CASE WHEN signup_until > $2 THEN $2 ELSE signup_until END
		WHERE id = $1`, id, on)
}

// capacity gives the round room for so many.
func (s *site) capacity(id int64, seats int) {
	s.t.Helper()
	s.change(`UPDATE round SET minimum = 1, capacity = $2 WHERE id = $1`, id, seats)
}

// freeSeats leaves the round so many free seats, from none.
func (s *site) freeSeats(id int64, free int) {
	s.t.Helper()
	s.capacity(id, len(s.seatedIn(id))+free)
}

// holds puts somebody in the place of another trainer of the days.
func (s *site) holds(person, instead int64, days ...int64) {
	s.t.Helper()
	for _, day := range days {
		s.change(`UPDATE day_trainer SET person_id = $3 WHERE course_day_id = $1 AND person_id = $2`, day, instead, person)
	}
}

// ends moves the round's last day.
func (s *site) ends(id int64, on clock.Day) {
	s.t.Helper()
	s.change(`UPDATE round SET last_day = $2 WHERE id = $1`, id, on)
}

// cancelled rounds do not run.
func (s *site) cancelled(id int64, reason string) {
	s.t.Helper()
	s.change(`UPDATE round SET cancelled_at = $2, cancel_reason = $3 WHERE id = $1`, id, demoNow, reason)
}

// seated tells since when the seats are held.
func (s *site) seated(since clock.Instant, seats ...int64) {
	s.t.Helper()
	for _, seat := range seats {
		s.change(`UPDATE enrolment SET enrolled_at = $2 WHERE id = $1`, seat, since)
	}
}
