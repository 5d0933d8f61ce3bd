package seat

import (
	"context"
	"errors"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
)

// sweep is the job that does what the clock alone brings about: offers lapse,
// quotas are released, queues of rounds that have begun end.
type sweep struct{}

func (sweep) Kind() string { return "round_sweep" }

// Handle lets the queue settle the rounds, every minute. after is done with each
// round that was settled, in its transaction; it may be nil.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, after func(ctx context.Context, tx *db.Tx, roundID int64, now clock.Instant) error) {
	jobs.Handle(q, func(ctx context.Context, _ sweep) error { return Sweep(ctx, d, now(), after) })
	jobs.Every(q, time.Minute, sweep{})
}

// Sweep settles the rounds in which the clock has changed something, each in a
// transaction of its own: trouble with one leaves the others settled.
func Sweep(ctx context.Context, d *db.DB, now clock.Instant, after func(ctx context.Context, tx *db.Tx, roundID int64, now clock.Instant) error) error {
	due, err := db.Rows(ctx, d.Reader(), db.One[int64], `
		SELECT round_id FROM queue_entry WHERE ended_at IS NULL AND offer_until <= $1
		UNION
		SELECT round_id FROM seat_quota WHERE released_at IS NULL AND release_on <= $2
		UNION
		SELECT w.round_id FROM queue_entry AS w JOIN round AS r ON r.id = w.round_id WHERE w.ended_at IS NULL AND r.first_day <= $2
		ORDER BY 1`, now, now.Day())
	if err != nil {
		return err
	}
	var failed error
	for _, id := range due {
		failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error {
			if err := Settle(ctx, tx, access.System(), id, now); err != nil || after == nil {
				return err
			}
			return after(ctx, tx, id, now)
		}))
	}
	return failed
}
