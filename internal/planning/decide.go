package planning

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

// Publish lets the round be seen, and booked in its sign-up window. fault.Conflict
// "lifetime.not_published" when the course is retired by its first day: a plan is no promise.
func Publish(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.PublishedAt != nil {
		return fault.Conflict("round.already_published")
	}
	if d.Retired(d.FirstDay) {
		return fault.Conflict("lifetime.not_published", "Day", *d.RetiredFrom)
	}
	// A local round is for people who are there already: it is given as planned.
	if _, err := db.Exec(ctx, tx, `
		UPDATE round
		SET published_at = $2, confirmed_at = CASE WHEN municipality_id IS NULL THEN confirmed_at ELSE $2 END
		WHERE id = $1`, roundID, now); err != nil {
		return err
	}
	events := round.NewLog(roundID, viewer, now)
	if err := events.Add(round.WasPublished, 0, 0, round.Words{}); err != nil {
		return err
	}
	if d.Local() {
		if err := events.Add(round.WasConfirmed, 0, 0, round.Words{}); err != nil {
			return err
		}
	}
	return events.Write(ctx, tx)
}

// Confirm says that the round will be given, also with fewer than its minimum.
func Confirm(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.PublishedAt == nil {
		return fault.Conflict("round.not_published")
	}
	if d.ConfirmedAt != nil {
		return fault.Conflict("round.already_confirmed")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE round SET confirmed_at = $2 WHERE id = $1`, roundID, now); err != nil {
		return err
	}
	return round.Note(ctx, tx, viewer, roundID, round.WasConfirmed, 0, round.Words{}, now)
}

// Cancel calls the round off, for a cause that figures count and a reason that
// those who booked are told. A round that has begun cannot be: fault.Conflict
// "round.has_begun".
func Cancel(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, cause round.Cause, reason string, now clock.Instant) error {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(slices.Contains(round.Causes, cause), "cause", "round.cause_missing")
	checks.Require(reason != "", "reason", "round.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= 500, "reason", "round.text_too_long", "Max", 500)
	if err := checks.Err(); err != nil {
		return err
	}
	if d.Held > 0 {
		return fault.Conflict("round.has_begun")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE round SET cancelled_at = $2, cancel_cause = $3, cancel_reason = $4 WHERE id = $1`, roundID, now, cause, reason); err != nil {
		return err
	}
	if err := seat.EndQueue(ctx, tx, viewer, roundID, seat.ByCancellation, now); err != nil {
		return err
	}
	return round.Note(ctx, tx, viewer, roundID, round.WasCancelled, 0, round.Words{Reason: reason}, now)
}
