package attendance

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// LateList is how long after its day a list without a network may arrive and
// still be the word of the day. What comes later is a correction: nobody's
// telephone has been in a cellar for longer.
const LateList = 7 * 24 * time.Hour

// SentMark is a mark from a list that may have had no network: about a
// participant, or with TrainerID whether a trainer was there (Present or
// Absent). Key is its own and the same however often it is sent.
type SentMark struct {
	Key         string
	EnrolmentID int64
	TrainerID   int64
	Mark        round.Mark
	Reason      string
	At          clock.Instant // when it was made
}

// MarkOutcome is what became of a sent mark.
type MarkOutcome string

// The outcomes.
const (
	MarkSaved   MarkOutcome = "saved"
	MarkOlder   MarkOutcome = "older"   // a word that counts more, or was given later, was there first
	MarkRefused MarkOutcome = "refused" // it cannot be saved, now or ever: see Fault
)

// Receipt is the answer to one sent mark.
type Receipt struct {
	Key     string
	Outcome MarkOutcome
	Fault   *fault.Error // why it was refused
}

// SaveMarks saves marks one by one, each once: one that was received before gets
// the answer that it got then. It is for those who may SaveAttendance, and gives
// the same faults; what is wrong with a single mark is told in its receipt. The
// day becomes held when the list has become whole.
func SaveMarks(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, sent []SentMark, now clock.Instant) ([]Receipt, error) {
	l, err := openList(ctx, tx, viewer, dayID, now)
	if err != nil {
		return nil, err
	}
	received, err := receipts(ctx, tx, sent)
	if err != nil {
		return nil, err
	}
	seats := l.seats()
	answers := make([]Receipt, len(sent))
	for i, s := range sent {
		answers[i] = Receipt{Key: s.Key, Outcome: MarkRefused}
		at := madeAt(l.Day.Day, s.At, now)
		e, known := seats[s.EnrolmentID], len(s.Key) > 0 && len(s.Key) <= 64
		before, again := received[s.Key]
		switch {
		case again && (before.by != viewer.PersonID || before.day != dayID):
			answers[i].Fault = fault.Conflict("attendance.key_used")
			continue
		case again:
			answers[i].Outcome = before.outcome()
			continue
		case !known || !s.Mark.Valid() || utf8.RuneCountInString(s.Reason) > MaxReason:
			answers[i].Fault = fault.Conflict("round.mark_wrong")
			continue
		case s.TrainerID != 0:
			// Said twice it is still the same, so it needs no receipt.
			trainer := l.trainer(s.TrainerID)
			if trainer == nil {
				answers[i].Fault = fault.Conflict("attendance.trainer_gone")
				continue
			}
			if err := l.setTrainer(ctx, tx, trainer, s.Mark.Attended(), at); err != nil {
				return nil, err
			}
			answers[i].Outcome = MarkSaved
			continue
		case e == nil:
			answers[i].Fault = fault.Conflict("attendance.seat_gone")
			continue
		}
		m := Marking{EnrolmentID: e.ID, Mark: s.Mark, Reason: s.Reason}.clean(e)
		word := e.Words[0].After(l.Day.Day, at)
		if m.lacksReason(e, word) {
			answers[i].Fault = fault.Conflict("attendance.change_unexplained", "Name", e.Name)
			continue
		}
		used := round.Counts(e.Words[0], word)
		if used && m.says(e) {
			if err := l.set(e, m, word); err != nil {
				return nil, err
			}
		}
		n, err := db.Exec(ctx, tx, `
			INSERT INTO mark_receipt (mark_key, course_day_id, enrolment_id, mark, marked_at, received_at, person_id, used)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, s.Key, dayID, e.ID, s.Mark, at, now, viewer.PersonID, used)
		if err != nil {
			return nil, fmt.Errorf("keep the receipt of a mark: %w", err)
		}
		if n == 1 {
			received[s.Key] = receipt{s.Key, dayID, viewer.PersonID, used}
		}
		answers[i].Outcome = received[s.Key].outcome()
	}
	return answers, l.write(ctx, tx, now)
}

// madeAt is when a mark was made, within reason: not in the future, and not
// before the day; what comes all too late is a word of now.
func madeAt(day clock.Day, at, now clock.Instant) clock.Instant {
	if now > (day + 1).Start().Add(LateList) {
		return now
	}
	return max(min(at, now), day.Start())
}

// receipt is a mark that was received before.
type receipt struct {
	key  string
	day  int64
	by   int64
	used bool
}

func (r receipt) outcome() MarkOutcome {
	if r.used {
		return MarkSaved
	}
	return MarkOlder
}

// receipts are those of the marks that were received before, by key.
func receipts(ctx context.Context, q db.Querier, sent []SentMark) (map[string]receipt, error) {
	before := make(map[string]receipt, len(sent))
	if len(sent) == 0 {
		return before, nil
	}
	keys := make([]string, len(sent))
	for i, s := range sent {
		keys[i] = s.Key
	}
	var b db.Builder
	condition, args := db.In("mark_key", keys)
	b.Add(`
		SELECT
			mark_key,
			course_day_id,
			person_id,
			used
		FROM mark_receipt
		WHERE `+condition, args...)
	all, err := db.Rows(ctx, q, func(r *receipt) []any { return []any{&r.key, &r.day, &r.by, &r.used} }, b.String(), b.Args()...)
	for _, r := range all {
		before[r.key] = r
	}
	return before, err
}
