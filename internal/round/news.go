package round

import (
	"context"
	"encoding/json"
	"fmt"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// News is an event as letters need it. Zero means none.
type News struct {
	ID        int64
	Kind      Kind
	At        clock.Instant
	SubjectID int64  // the person whom it is about
	Reason    string // as in Event
	RoundID   int64  // the other round of a move
}

// NewsAfter are the round's events after the one with the identity after, in
// the order in which they happened. Within a round that is the order of their
// identities: whoever writes one holds the round.
func NewsAfter(ctx context.Context, q db.Querier, roundID, after int64) ([]News, error) {
	type row struct {
		News
		detail string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.ID, &r.Kind, &r.At, &r.SubjectID, &r.detail} }, `
		SELECT
			id,
			kind,
			happened_at,
			COALESCE(subject_id, 0),
			detail
		FROM round_event
		WHERE round_id = $1
		AND id > $2
		ORDER BY id`, roundID, after)
	if err != nil {
		return nil, err
	}
	news := make([]News, len(rows))
	for i, r := range rows {
		news[i] = r.News
		if r.detail == "" {
			continue
		}
		var w Words
		if err := json.Unmarshal([]byte(r.detail), &w); err != nil {
			return nil, fmt.Errorf("read event %d: %w", r.ID, err)
		}
		news[i].Reason, news[i].RoundID = w.Reason, w.Round
	}
	return news, nil
}
