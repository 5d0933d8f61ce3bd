package planning

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Delete takes away a plan that was never published: it is seen nowhere, counts in
// nothing, and its rooms and trainers are free. Letters about it tell the trainers
// who know of it. What was published is cancelled instead: fault.Conflict
// "round.plan_is_published". fault.NotFound for those who do not manage the round.
func Delete(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	d, err := round.Lock(ctx, tx, viewer, roundID)
	switch {
	case err != nil:
		return err
	case !d.Manages:
		return fault.NotFound
	}
	// The table refuses it for what has been published, also a moment ago.
	if _, err := db.Exec(ctx, tx, `
		UPDATE round
		SET deleted_at = $2, deleted_by = $3, cancelled_at = COALESCE(cancelled_at, $2), cancel_cause = COALESCE(cancel_cause, $4), version = version + 1
		WHERE id = $1`, roundID, now, viewer.ActorID(), round.OtherCause); err != nil {
		if db.IsCheck(err) {
			err = fault.Conflict("round.plan_is_published")
		}
		return err
	}
	return round.Note(ctx, tx, viewer, roundID, round.WasDeleted, 0, round.Words{}, now)
}
