package identity

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// callWindow is the time in which the calls of a token are counted.
const callWindow = time.Minute

// Spend counts n calls of the token, in a window that begins with the first; passed is how many
// of them are within most, until is when the window ends. Several programs count the same, and a
// restart forgets none. It asks no viewer: it is for who has let the token in.
func Spend(ctx context.Context, tx *db.Tx, tokenID int64, n, most int64, now clock.Instant) (passed int64, until clock.Instant, err error) {
	type window struct {
		calls int64
		since clock.Instant
	}
	w, err := db.Row(ctx, tx, func(w *window) []any { return []any{&w.calls, &w.since} }, `
		INSERT INTO sign_in_attempt (subject_hash, since, tries)
		VALUES ($1, $2, $4)
		ON CONFLICT (subject_hash) DO UPDATE SET
			tries = CASE WHEN sign_in_attempt.since <= $3 THEN excluded.tries ELSE sign_in_attempt.tries + excluded.tries END,
			since = CASE WHEN sign_in_attempt.since <= $3 THEN excluded.since ELSE sign_in_attempt.since END
		RETURNING tries, since`, hash("calls of token "+strconv.FormatInt(tokenID, 10)), now, now.Add(-callWindow), n)
	if err != nil {
		return 0, 0, fmt.Errorf("count the calls of a token: %w", err)
	}
	return max(0, min(n, most-(w.calls-n))), w.since.Add(callWindow), nil
}
