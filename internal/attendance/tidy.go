package attendance

import (
	"context"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
)

const codeWindow = 10 * time.Minute

// tidy is the job that forgets what has served its purpose.
type tidy struct{}

func (tidy) Kind() string { return "round_tidy" }

// ReceiptLife is how long it is remembered that a mark was received: far longer
// than a telephone's list may be away (LateList).
const ReceiptLife = 180 * 24 * time.Hour

// Handle lets the queue forget what has served its purpose, at each start and
// then once a day.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ tidy) error {
		return d.Write(ctx, func(tx *db.Tx) error { return Tidy(ctx, tx, now()) })
	})
	jobs.Every(q, 24*time.Hour, tidy{})
}

// Tidy forgets tries to guess a code that no longer count, and receipts older
// than ReceiptLife.
func Tidy(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM code_attempt WHERE since <= $1`, now.Add(-codeWindow)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM mark_receipt WHERE received_at <= $1`, now.Add(-ReceiptLife))
	return err
}
