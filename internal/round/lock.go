package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Hold takes the round for this transaction. Everything that changes a round
// begins here: those who come at the same time wait for each other on the
// round's row.
func Hold(ctx context.Context, tx *db.Tx, roundID int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE round SET capacity = capacity WHERE id = $1`, roundID)
	return err
}

// HoldOf is Hold for the round of the course day, which it returns; fault.NotFound
// when there is no such day.
func HoldOf(ctx context.Context, tx *db.Tx, dayID int64) (roundID int64, err error) {
	return db.Row(ctx, tx, db.One[int64], `
		UPDATE round
		SET capacity = capacity
		WHERE id = (SELECT d.round_id FROM course_day AS d WHERE d.id = $1)
		RETURNING id`, dayID)
}

// Lock holds the round and reads it as it then is.
func Lock(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64) (Detail, error) {
	if err := Hold(ctx, tx, roundID); err != nil {
		return Detail{}, err
	}
	return Head(ctx, tx, viewer, roundID)
}

// LockManaged is Lock for those who manage the round, when it is not cancelled.
func LockManaged(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64) (Detail, error) {
	d, err := Lock(ctx, tx, viewer, roundID)
	switch {
	case err != nil:
		return d, err
	case !d.Manages:
		return d, fault.NotFound
	case d.CancelledAt != nil:
		return d, fault.Conflict("round.is_cancelled")
	}
	return d, nil
}
