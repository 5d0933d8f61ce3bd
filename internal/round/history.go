package round

import (
	"context"
	"encoding/json"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Words are what an event keeps beside its columns.
type Words struct {
	Old    Mark   `json:"old,omitempty"`
	New    Mark   `json:"new,omitempty"`
	Reason string `json:"reason,omitempty"`
	Round  int64  `json:"round,omitempty"` // the other one, of a move
	Place  string `json:"place,omitempty"`
	Seats  int    `json:"seats,omitempty"`
}

// History is what happened to the round, the latest first, for those who may
// save its attendance.
func History(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) ([]Event, error) {
	d, err := Head(ctx, q, viewer, roundID)
	if err != nil {
		return nil, err
	}
	if !d.MarksAttendance() {
		return nil, fault.NotFound
	}
	type row struct {
		Event
		detail string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.At, &r.Kind, &r.By, &r.Token, &r.Subject, &r.Day, &r.detail}
	}, `
		SELECT
			v.happened_at,
			v.kind,
			COALESCE(TRIM(actor.given_name || ' ' || actor.family_name), ''),
			COALESCE(key.name, ''),
			COALESCE(TRIM(subject.given_name || ' ' || subject.family_name), ''),
			COALESCE(d.ordinal, 0),
			v.detail
		FROM round_event AS v
		LEFT JOIN person AS actor ON actor.id = v.person_id
		LEFT JOIN api_token AS key ON key.id = v.token_id
		LEFT JOIN person AS subject ON subject.id = v.subject_id
		LEFT JOIN course_day AS d ON d.id = v.course_day_id
		WHERE v.round_id = $1
		ORDER BY v.happened_at DESC, v.id DESC`, roundID)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		var w Words
		if r.detail != "" {
			if err := json.Unmarshal([]byte(r.detail), &w); err != nil {
				return nil, fmt.Errorf("read event of round %d: %w", roundID, err)
			}
		}
		r.Old, r.New, r.Reason, r.Place, r.Seats = w.Old, w.New, w.Reason, w.Place, w.Seats
		events[i] = r.Event
	}
	return events, nil
}
