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
	id, err := roundOf(ctx, q, dayID)
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
	d, err := head(ctx, q, viewer, roundID)
	if err != nil {
		return Detail{}, err
	}
	d.CourseDays, err = courseDays(ctx, q, roundID)
	return d, err
}

// RoundOfEnrolment is the round in which the seat is, withdrawn or not. It tells
// no viewer.
func RoundOfEnrolment(ctx context.Context, q db.Querier, enrolmentID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT round_id FROM enrolment WHERE id = $1`, enrolmentID)
}

// RoundOfEntry is the round in whose queue the entry is or was. It tells no
// viewer.
func RoundOfEntry(ctx context.Context, q db.Querier, entryID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT round_id FROM queue_entry WHERE id = $1`, entryID)
}
