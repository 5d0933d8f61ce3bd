package lifetime

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Retirement is that of a course: From is the first day without it.
type Retirement struct {
	From   clock.Day
	Reason string
	By     *int64 // the person; nil for the product itself
}

// On tells whether the course is retired on the day, today or later; nil is of a
// course that holds.
func (r *Retirement) On(day clock.Day) bool { return r != nil && r.From <= day }

// RetirementOf is the course's retirement that holds or is to come; nil for none.
func RetirementOf(ctx context.Context, q db.Querier, courseID int64) (*Retirement, error) {
	all, err := db.Rows(ctx, q, func(r *Retirement) []any { return []any{&r.From, &r.Reason, &r.By} }, `
		SELECT from_day, reason, told_by
		FROM course_retirement
		WHERE course_id = $1
		AND taken_back_at IS NULL
		AND taken_up_on IS NULL`, courseID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// HoldOn is for what is planned of the course with the first day: it takes the course
// for this transaction, and is fault.Invalid of the field when it is retired by then.
func HoldOn(ctx context.Context, tx *db.Tx, courseID int64, first clock.Day, field string) error {
	if err := hold(ctx, tx, courseID); err != nil {
		return err
	}
	r, err := RetirementOf(ctx, tx, courseID)
	if err == nil && r.On(first) {
		err = fault.Invalid(field, "lifetime.retired_by_then", "Day", r.From)
	}
	return err
}

// hold lets two who decide about the course's end and its rounds take turns.
func hold(ctx context.Context, tx *db.Tx, courseID int64) error {
	n, err := db.Exec(ctx, tx, `UPDATE course SET days = days WHERE id = $1`, courseID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// Retire retires the course from the day, today or later. What has been promised is
// held. fault.Conflict "lifetime.retired_already" while another retirement holds or is
// to come.
func Retire(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, from clock.Day, reason string, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	var checks fault.Checks
	checks.Require(from >= now.Day(), "from", "lifetime.day_past")
	reason = told(reason, &checks)
	if err := checks.Err(); err != nil {
		return err
	}
	if err := hold(ctx, tx, courseID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO course_retirement (course_id, from_day, reason, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)`, courseID, from, reason, now, viewer.ActorID())
	if db.IsUnique(err) {
		err = fault.Conflict("lifetime.retired_already")
	}
	return err
}

// TakeUp undoes the course's retirement: one that is to come never holds, one that
// holds ends today. fault.Conflict "lifetime.holds_already".
func TakeUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	if err := hold(ctx, tx, courseID); err != nil {
		return err
	}
	r, err := RetirementOf(ctx, tx, courseID)
	switch {
	case err != nil:
		return err
	case r == nil:
		return fault.Conflict("lifetime.holds_already")
	case r.On(now.Day()):
		_, err = db.Exec(ctx, tx, `
			UPDATE course_retirement
			SET taken_up_on = $2, taken_up_at = $3, taken_up_by = $4
			WHERE course_id = $1 AND taken_back_at IS NULL AND taken_up_on IS NULL`, courseID, now.Day(), now, viewer.ActorID())
	default:
		_, err = db.Exec(ctx, tx, `
			UPDATE course_retirement
			SET taken_back_at = $2, taken_back_by = $3
			WHERE course_id = $1 AND taken_back_at IS NULL AND taken_up_on IS NULL`, courseID, now, viewer.ActorID())
	}
	return err
}
