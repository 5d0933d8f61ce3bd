package round

import (
	"context"
	"encoding/json"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Log collects what happens to a round in one call.
type Log struct {
	Round int64
	By    *int64
	token *int64
	At    clock.Instant
	rows  [][]any
}

func NewLog(roundID int64, viewer access.Viewer, now clock.Instant) Log {
	return Log{Round: roundID, By: viewer.ActorID(), token: viewer.Token(), At: now}
}

// Add notes an event; day and subject are 0 when it is about none.
func (l *Log) Add(kind Kind, day, subject int64, w Words) error {
	var detail []byte
	if w != (Words{}) {
		var err error
		if detail, err = json.Marshal(w); err != nil {
			return err
		}
	}
	l.rows = append(l.rows, []any{l.Round, Optional(day), l.At, l.By, l.token, kind, Optional(subject), string(detail)})
	return nil
}

func (l *Log) Write(ctx context.Context, tx *db.Tx) error {
	return db.Insert(ctx, tx, "round_event", []string{
		"round_id", "course_day_id", "happened_at", "person_id", "token_id", "kind", "subject_id", "detail",
	}, l.rows)
}

// Note writes a single event.
func Note(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, kind Kind, subject int64, w Words, now clock.Instant) error {
	l := NewLog(roundID, viewer, now)
	if err := l.Add(kind, 0, subject, w); err != nil {
		return err
	}
	return l.Write(ctx, tx)
}

func Optional(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// Itself notes an event that the product brought about.
func (l *Log) Itself(kind Kind, subject int64, w Words) error {
	if err := l.Add(kind, 0, subject, w); err != nil {
		return err
	}
	var nobody *int64
	l.rows[len(l.rows)-1][3] = nobody
	return nil
}
