package round

import (
	"context"
	"encoding/json"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Log collects what happens to a round in one call: By is who does it, nil for
// the product itself, and At when.
type Log struct {
	Round int64
	By    *int64
	At    clock.Instant

	token  *int64
	events []logged
}

// logged is an event that is still to be written; day and subject are 0 when it is
// about none.
type logged struct {
	day, subject int64
	by           *int64
	kind         Kind
	detail       string
}

// NewLog is an empty log of what the viewer does now.
func NewLog(roundID int64, viewer access.Viewer, now clock.Instant) Log {
	return Log{Round: roundID, By: viewer.ActorID(), token: viewer.Token(), At: now}
}

// Add notes an event; day and subject are 0 when it is about none.
func (l *Log) Add(kind Kind, day, subject int64, w Words) error {
	return l.add(logged{day: day, subject: subject, by: l.By, kind: kind}, w)
}

// Itself notes an event that the product brought about.
func (l *Log) Itself(kind Kind, subject int64, w Words) error {
	return l.add(logged{subject: subject, kind: kind}, w)
}

func (l *Log) add(e logged, w Words) error {
	if w != (Words{}) {
		detail, err := json.Marshal(w)
		if err != nil {
			return fmt.Errorf("note the event %s: %w", e.kind, err)
		}
		e.detail = string(detail)
	}
	l.events = append(l.events, e)
	return nil
}

// audited is the kind of fact about its subject that an event changes.
func (k Kind) audited() audit.Kind {
	switch k {
	case MarkChanged, TrainerChanged, WasApproved, WasUnapproved:
		return audit.Attendance
	case TrainerAdded, TrainerRole, TrainerRemoved:
		return audit.TrainerDays
	default:
		return audit.Seat
	}
}

// Write puts what was noted into the round's history, and into the audit what it says of
// people.
func (l *Log) Write(ctx context.Context, tx *db.Tx) error {
	type act struct {
		by   int64
		kind audit.Kind
	}
	subjects := map[act][]int64{}
	for _, e := range l.events {
		if e.subject != 0 {
			a := act{kind: e.kind.audited()}
			if e.by != nil {
				a.by = *e.by
			}
			subjects[a] = append(subjects[a], e.subject)
		}
	}
	for a, people := range subjects {
		viewer := access.Viewer{PersonID: a.by}
		if l.token != nil {
			viewer.TokenID = *l.token
		}
		if err := audit.Changed(ctx, tx, viewer, a.kind, people...); err != nil {
			return err
		}
	}
	rows := make([][]any, len(l.events))
	for i, e := range l.events {
		rows[i] = []any{l.Round, Optional(e.day), l.At, e.by, l.token, e.kind, Optional(e.subject), e.detail}
	}
	return db.Insert(ctx, tx, "round_event", []string{
		"round_id", "course_day_id", "happened_at", "person_id", "token_id", "kind", "subject_id", "detail",
	}, rows)
}

// Note writes a single event.
func Note(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, kind Kind, subject int64, w Words, now clock.Instant) error {
	l := NewLog(roundID, viewer, now)
	if err := l.Add(kind, 0, subject, w); err != nil {
		return err
	}
	return l.Write(ctx, tx)
}

// Optional is the identity, or nil for none.
func Optional(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
