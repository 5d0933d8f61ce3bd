package attendance

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Marking is a mark to save. Reason is why somebody was late or away and may be
// empty. Why is the reason for changing a saved mark, which must be given from
// the day after on; a new Reason serves as one.
type Marking struct {
	EnrolmentID int64
	Mark        round.Mark
	Reason      string
	Why         string
}

// TrainerMarking says whether a trainer held the day.
type TrainerMarking struct {
	PersonID int64
	Present  bool
}

// list is a day's attendance while it is changed.
type list struct {
	round.Sheet
	events round.Log
	rows   [][]any // of attendance, to be written
	held   bool    // before the change
}

// openList holds the day's round and reads its list, for those who may save it.
// fault.Conflict "round.day_ahead" and "round.is_cancelled".
func openList(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (*list, error) {
	roundID, err := round.RoundOf(ctx, tx, dayID)
	if err != nil {
		return nil, err
	}
	if err := round.Hold(ctx, tx, roundID); err != nil {
		return nil, err
	}
	sheet, err := round.Attendance(ctx, tx, viewer, dayID)
	switch {
	case err != nil:
		return nil, err
	case sheet.CancelledAt != nil:
		return nil, fault.Conflict("round.is_cancelled")
	case !sheet.Day.Markable(now.Day()):
		return nil, fault.Conflict("round.day_ahead", "Day", sheet.Day.Day)
	}
	return &list{Sheet: sheet, events: round.NewLog(roundID, viewer, now), held: sheet.Day.HeldAt != nil}, nil
}

// clean trims what was written, and drops the reason of somebody who was there
// on time.
func (m Marking) clean(e *round.Enrolment) Marking {
	m.Reason, m.Why = strings.TrimSpace(m.Reason), strings.TrimSpace(m.Why)
	if m.Why == "" && m.Reason != e.Reasons[0] {
		m.Why = m.Reason
	}
	if m.Mark == round.Present {
		m.Reason = ""
	}
	return m
}

// says tells whether the clean mark says anything new about the participant.
func (m Marking) says(e *round.Enrolment) bool {
	return e.Marks[0] != m.Mark || e.Reasons[0] != m.Reason || e.Words[0].Source.Rank() < round.TrainerSaid.Rank()
}

// lacksReason tells whether the clean mark corrects a saved one without a reason.
func (m Marking) lacksReason(e *round.Enrolment, word round.Word) bool {
	return word.Source == round.Corrected && e.Marks[0] != m.Mark && m.Why == ""
}

// set takes a clean mark into the list, by the viewer whose word it is.
func (l *list) set(viewer access.Viewer, e *round.Enrolment, m Marking, word round.Word) error {
	l.rows = append(l.rows, []any{l.Day.ID, e.ID, m.Mark, word.At, viewer.ActorID(), m.Reason, word.Source})
	if e.Marks[0] != m.Mark && (l.held || e.Marks[0] != "") {
		why := m.Why
		if why == "" {
			why = m.Reason
		}
		if err := l.events.Add(round.MarkChanged, l.Day.ID, e.PersonID, round.Words{Old: e.Marks[0], New: m.Mark, Reason: why}); err != nil {
			return err
		}
	}
	e.Marks[0], e.Reasons[0], e.Words[0] = m.Mark, m.Reason, word
	return nil
}

// write saves what was taken in. The day is held, for ever, when the whole list
// has once been given.
func (l *list) write(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	if !l.held && l.whole() {
		if err := l.events.Add(round.WasHeld, l.Day.ID, 0, round.Words{}); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE course_day SET held_at = $2 WHERE id = $1`, l.Day.ID, now); err != nil {
			return err
		}
	}
	if len(l.rows) > 0 {
		var upsert db.Builder
		upsert.Add("INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by, reason, source) VALUES")
		comma := ""
		for _, row := range l.rows {
			upsert.Add(comma+"(?, ?, ?, ?, ?, ?, ?)", row...)
			comma = ","
		}
		upsert.Add(`ON CONFLICT (course_day_id, enrolment_id) DO UPDATE
			SET mark = excluded.mark, marked_at = excluded.marked_at, marked_by = excluded.marked_by, reason = excluded.reason, source = excluded.source`)
		if _, err := db.Exec(ctx, tx, upsert.String(), upsert.Args()...); err != nil {
			return err
		}
	}
	if err := l.events.Write(ctx, tx); err != nil {
		return err
	}
	changed := make([]int64, len(l.rows))
	for i, row := range l.rows {
		changed[i] = row[1].(int64)
	}
	return fulfil(ctx, tx, l.Round, changed, now)
}

// whole tells whether somebody who keeps the list has spoken about every
// participant and every trainer.
func (l *list) whole() bool {
	for _, e := range l.Enrolments {
		if e.Words[0].Source.Rank() < round.TrainerSaid.Rank() {
			return false
		}
	}
	for _, t := range l.Day.Trainers {
		if t.Present == nil {
			return false
		}
	}
	return true
}

// SaveAttendance saves the day's whole list: one mark for everybody with a
// seat, and for every trainer of the day whether they were there. It is for
// those who manage the round and its trainers, from the day itself on. Either
// all is saved or nothing: a seat of another round, a missing or a wrong mark
// is a fault of the field mark_<enrolment> or trainer_<person>, a correction
// without a reason of the field why. What changes on a day that was saved before
// is kept as an event. fault.Conflict "round.day_ahead" and "round.is_cancelled".
func SaveAttendance(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, marks []Marking, trainers []TrainerMarking, now clock.Instant) error {
	l, err := openList(ctx, tx, viewer, dayID, now)
	if err != nil {
		return err
	}
	if err := l.check(marks, trainers, now); err != nil {
		return err
	}
	seats := l.seats()
	for _, m := range marks {
		e := seats[m.EnrolmentID]
		m = m.clean(e)
		// A list that was waiting for another to be saved came last: it counts.
		word := e.Words[0].After(l.Day.Day, max(now, e.Words[0].At))
		if m.says(e) && round.Counts(e.Words[0], word) {
			if err := l.set(viewer, e, m, word); err != nil {
				return err
			}
		}
	}
	for _, t := range trainers {
		if _, err := l.setTrainer(ctx, tx, viewer, t, now, true); err != nil {
			return err
		}
	}
	return l.write(ctx, tx, now)
}

// Everybody saves that all were there of whom nobody who keeps the list has said
// anything, trainers too: who has said of themselves that they came late stays
// late. It is for those who may SaveAttendance, with the same faults.
func Everybody(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) error {
	l, err := openList(ctx, tx, viewer, dayID, now)
	if err != nil {
		return err
	}
	for i := range l.Enrolments {
		e := &l.Enrolments[i]
		if e.Words[0].Source.Rank() >= round.TrainerSaid.Rank() {
			continue
		}
		mark := round.Present
		if e.Marks[0] == round.Late {
			mark = round.Late
		}
		if err := l.set(viewer, e, Marking{EnrolmentID: e.ID, Mark: mark}, round.Word{Source: round.TrainerSaid, At: now}); err != nil {
			return err
		}
	}
	for _, t := range l.Day.Trainers {
		if t.Present == nil {
			if _, err := l.setTrainer(ctx, tx, viewer, TrainerMarking{t.PersonID, true}, now, true); err != nil {
				return err
			}
		}
	}
	return l.write(ctx, tx, now)
}

// seats are the list's participants by enrolment.
func (l *list) seats() map[int64]*round.Enrolment {
	seats := make(map[int64]*round.Enrolment, len(l.Enrolments))
	for i := range l.Enrolments {
		seats[l.Enrolments[i].ID] = &l.Enrolments[i]
	}
	return seats
}

// setTrainer notes whether a trainer was there, and tells whether they are one of
// the day's. Unless it is the last word, what was said later stands.
func (l *list) setTrainer(ctx context.Context, tx *db.Tx, viewer access.Viewer, t TrainerMarking, at clock.Instant, last bool) (ours bool, err error) {
	for i := range l.Day.Trainers {
		trainer := &l.Day.Trainers[i]
		if trainer.PersonID != t.PersonID {
			continue
		}
		old := trainer.Present
		if old != nil && *old == t.Present {
			return true, nil
		}
		n, err := db.Exec(ctx, tx, `
			UPDATE day_trainer
			SET present = $3, marked_at = $4, marked_by = $5
			WHERE course_day_id = $1
			AND person_id = $2
			AND ($6 OR marked_at IS NULL OR marked_at <= $4)`, l.Day.ID, t.PersonID, t.Present, at, viewer.ActorID(), last)
		if err != nil || n == 0 {
			return true, err
		}
		trainer.Present = &t.Present
		if old != nil {
			return true, l.events.Add(round.TrainerChanged, l.Day.ID, t.PersonID, round.Words{Old: presence(*old), New: presence(t.Present)})
		}
		return true, nil
	}
	return false, nil
}

func presence(present bool) round.Mark {
	if present {
		return round.Present
	}
	return round.Absent
}

// MaxReason is the longest reason, in characters.
const MaxReason = 500

// check tells what is wrong with a whole list that is to be saved.
func (l *list) check(marks []Marking, trainers []TrainerMarking, now clock.Instant) error {
	var checks fault.Checks
	seats := l.seats() // those still without a mark
	unexplained := 0
	for _, m := range marks {
		field := "mark_" + strconv.FormatInt(m.EnrolmentID, 10)
		e, ours := seats[m.EnrolmentID]
		checks.Require(ours, field, "round.mark_foreign", "Enrolment", strconv.FormatInt(m.EnrolmentID, 10))
		checks.Require(m.Mark.Valid(), field, "round.mark_wrong")
		if ours {
			checks.Require(utf8.RuneCountInString(m.Reason) <= MaxReason, field, "round.reason_too_long", "Name", e.Name, "Max", MaxReason)
		}
		if ours && m.clean(e).lacksReason(e, e.Words[0].After(l.Day.Day, now)) {
			unexplained++
		}
		delete(seats, m.EnrolmentID)
	}
	for _, e := range l.Enrolments {
		_, left := seats[e.ID]
		checks.Require(!left, fmt.Sprintf("mark_%d", e.ID), "round.mark_missing", "Name", e.Name)
	}
	holders := make(map[int64]bool, len(l.Day.Trainers))
	for _, t := range l.Day.Trainers {
		holders[t.PersonID] = true
	}
	for _, t := range trainers {
		checks.Require(holders[t.PersonID], fmt.Sprintf("trainer_%d", t.PersonID), "round.trainer_foreign")
		delete(holders, t.PersonID)
	}
	for _, t := range l.Day.Trainers {
		checks.Require(!holders[t.PersonID], fmt.Sprintf("trainer_%d", t.PersonID), "round.trainer_mark_missing", "Name", t.Name)
	}
	checks.Require(unexplained == 0, "why", "attendance.correction_unexplained", "Count", unexplained)
	if len(marks) > 0 { // the same for all of them
		checks.Require(utf8.RuneCountInString(marks[0].Why) <= MaxReason, "why", "round.text_too_long", "Max", MaxReason)
	}
	return checks.Err()
}

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
			ours, err := l.setTrainer(ctx, tx, viewer, TrainerMarking{s.TrainerID, s.Mark.Attended()}, at, false)
			switch {
			case err != nil:
				return nil, err
			case ours:
				answers[i].Outcome = MarkSaved
			default:
				answers[i].Fault = fault.Conflict("attendance.trainer_gone")
			}
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
			if err := l.set(viewer, e, m, word); err != nil {
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
	l.oneEach()
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

// oneEach keeps the last of several marks of one participant.
func (l *list) oneEach() {
	last := make(map[any]int, len(l.rows))
	rows := l.rows[:0:0]
	for _, row := range l.rows {
		if i, twice := last[row[1]]; twice {
			rows[i] = row
			continue
		}
		last[row[1]] = len(rows)
		rows = append(rows, row)
	}
	l.rows = rows
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
