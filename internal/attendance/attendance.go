package attendance

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Marking is a mark to save. Reason is why somebody was late or away and may be
// empty. Why is the reason for changing a saved mark, which must be given from
// the day after on; a new Reason serves as one. Own leaves what the participant
// says of themselves as theirs: nobody who keeps the list has spoken about them.
type Marking struct {
	EnrolmentID int64
	Mark        round.Mark
	Reason      string
	Why         string
	Own         bool
}

// TrainerMarking says whether a trainer held the day.
type TrainerMarking struct {
	PersonID int64
	Present  bool
}

// list is a day's attendance while it is changed.
type list struct {
	round.Sheet
	viewer access.Viewer
	events round.Log
	taken  []taken // to be written
	held   bool    // before the change
}

// taken is a mark that was taken into the list.
type taken struct {
	enrolment int64
	mark      round.Mark
	reason    string
	why       string // it is another than before
	word      round.Word
}

// openList holds the day's round and reads its list, for those who may save it.
// fault.Conflict "round.day_ahead" and "round.is_cancelled".
func openList(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (*list, error) {
	sheet, err := openSheet(ctx, tx, viewer, dayID, now, round.SheetIn)
	if err != nil {
		return nil, err
	}
	return &list{Sheet: sheet, viewer: viewer, events: round.NewLog(sheet.ID, viewer, now), held: sheet.Day.HeldAt != nil}, nil
}

// openSheet is openList with what is read of the list.
func openSheet(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant,
	read func(context.Context, db.Querier, access.Viewer, int64, int64) (round.Sheet, error),
) (round.Sheet, error) {
	roundID, err := round.HoldOf(ctx, tx, dayID)
	if err != nil {
		return round.Sheet{}, err
	}
	sheet, err := read(ctx, tx, viewer, roundID, dayID)
	switch {
	case err != nil:
		return sheet, err
	case sheet.CancelledAt != nil:
		return sheet, fault.Conflict("round.is_cancelled")
	case !sheet.Day.Markable(now.Day()):
		return sheet, fault.Conflict("round.day_ahead", "Day", sheet.Day.Day)
	}
	return sheet, nil
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
	return (!m.Own || e.Words[0].Source != round.SelfSaid) && (e.Marks[0] != m.Mark || e.Reasons[0] != m.Reason || e.Words[0].Source.Rank() < round.TrainerSaid.Rank())
}

// lacksReason tells whether the clean mark corrects a saved one without a reason.
func (m Marking) lacksReason(e *round.Enrolment, word round.Word) bool {
	return word.Source == round.Corrected && e.Marks[0] != m.Mark && m.Why == ""
}

// set takes a clean mark into the list. Of several marks of one participant the
// last is written.
func (l *list) set(e *round.Enrolment, m Marking, word round.Word) error {
	l.taken = slices.DeleteFunc(l.taken, func(t taken) bool { return t.enrolment == e.ID })
	why := m.Why
	if why == "" {
		why = m.Reason
	}
	l.taken = append(l.taken, taken{e.ID, m.Mark, m.Reason, why, word})
	if e.Marks[0] != m.Mark && (l.held || e.Marks[0] != "") {
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
	if len(l.taken) > 0 {
		var upsert db.Builder
		upsert.Add("INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by, reason, source) VALUES")
		comma := ""
		for _, t := range l.taken {
			upsert.Add(comma+"(?, ?, ?, ?, ?, ?, ?)", l.Day.ID, t.enrolment, t.mark, t.word.At, l.viewer.ActorID(), t.reason, t.word.Source)
			comma = ","
		}
		upsert.Add(`ON CONFLICT (course_day_id, enrolment_id) DO UPDATE
			SET mark = excluded.mark, marked_at = excluded.marked_at, marked_by = excluded.marked_by, reason = excluded.reason, source = excluded.source`)
		if _, err := db.Exec(ctx, tx, upsert.String(), upsert.Args()...); err != nil {
			return err
		}
	}
	if err := l.events.Write(ctx, tx); err != nil || len(l.taken) == 0 {
		return err
	}
	changed := make(map[int64]string, len(l.taken))
	for _, t := range l.taken {
		changed[t.enrolment] = t.why
	}
	if !l.Local() {
		return share(ctx, tx, l.Day.ID, changed)
	}
	return follow(ctx, tx, l.ID, l.Day.ID, changed, now)
}

// Losing are the participants of the list, by name, from whom the marks take the
// approval that their attendance has given, and with it the completion.
func Losing(s round.Sheet, marks []Marking) (losing []round.Enrolment) {
	for _, m := range marks {
		for _, e := range s.Enrolments {
			if e.ID == m.EnrolmentID && e.ByRule && !m.Mark.Attended() {
				losing = append(losing, e)
			}
		}
	}
	return losing
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
	return SaveList(ctx, tx, viewer, dayID, func(round.Sheet) ([]Marking, []TrainerMarking, error) { return marks, trainers, nil }, now)
}

// SaveList is SaveAttendance for who has to see the list as it stands, held for
// this transaction, to know what they say of it. What said refuses, it refuses.
func SaveList(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, said func(round.Sheet) ([]Marking, []TrainerMarking, error), now clock.Instant) error {
	l, err := openList(ctx, tx, viewer, dayID, now)
	if err != nil {
		return err
	}
	marks, trainers, err := said(l.Sheet)
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
			if err := l.set(e, m, word); err != nil {
				return err
			}
		}
	}
	if err := l.setTrainers(ctx, tx, trainers, now); err != nil {
		return err
	}
	return l.write(ctx, tx, now)
}

// Everybody saves that all were there of whom nobody who keeps the list has said
// anything, trainers too: who has said of themselves that they came late stays
// late. It is for those who may SaveAttendance, with the same faults.
func Everybody(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) error {
	return speak(ctx, tx, viewer, dayID, func(round.Enrolment) bool { return true }, now)
}

// Confirm is Everybody of those who have said of themselves that they were there,
// and of the day's trainers.
func Confirm(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) error {
	return speak(ctx, tx, viewer, dayID, func(e round.Enrolment) bool { return e.Words[0].Source == round.SelfSaid }, now)
}

// speak saves that the chosen ones were there of whom nobody who keeps the list
// has said anything, and the day's trainers.
func speak(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, chosen func(round.Enrolment) bool, now clock.Instant) error {
	l, err := openList(ctx, tx, viewer, dayID, now)
	if err != nil {
		return err
	}
	for i := range l.Enrolments {
		e := &l.Enrolments[i]
		if e.Words[0].Source.Rank() >= round.TrainerSaid.Rank() || !chosen(*e) {
			continue
		}
		mark := round.Present
		if e.Marks[0] == round.Late {
			mark = round.Late
		}
		if err := l.set(e, Marking{EnrolmentID: e.ID, Mark: mark}, round.Word{Source: round.TrainerSaid, At: now}); err != nil {
			return err
		}
	}
	var trainers []TrainerMarking
	for _, t := range l.Day.Trainers {
		if t.Present == nil {
			trainers = append(trainers, TrainerMarking{t.PersonID, true})
		}
	}
	if err := l.setTrainers(ctx, tx, trainers, now); err != nil {
		return err
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

// trainer is one of the day's trainers, nil for somebody else.
func (l *list) trainer(personID int64) *round.Trainer {
	i := slices.IndexFunc(l.Day.Trainers, func(t round.Trainer) bool { return t.PersonID == personID })
	if i < 0 {
		return nil
	}
	return &l.Day.Trainers[i]
}

// setTrainers notes which of the day's trainers were there; it is the last word.
func (l *list) setTrainers(ctx context.Context, tx *db.Tx, all []TrainerMarking, now clock.Instant) error {
	changed := map[bool][]int64{}
	for _, t := range all {
		trainer := l.trainer(t.PersonID)
		if trainer == nil || trainer.Present != nil && *trainer.Present == t.Present {
			continue
		}
		changed[t.Present] = append(changed[t.Present], t.PersonID)
		if err := l.noteTrainer(trainer, t.Present); err != nil {
			return err
		}
	}
	for _, present := range []bool{true, false} {
		if len(changed[present]) == 0 {
			continue
		}
		var b db.Builder
		these, args := db.In("person_id", changed[present])
		b.Add("UPDATE day_trainer SET present = ?, marked_at = ?, marked_by = ? WHERE course_day_id = ?", present, now, l.viewer.ActorID(), l.Day.ID).
			Add("AND "+these, args...)
		if _, err := db.Exec(ctx, tx, b.String(), b.Args()...); err != nil {
			return err
		}
	}
	return nil
}

// setTrainer notes whether a trainer of the day was there, unless something was
// said of them later.
func (l *list) setTrainer(ctx context.Context, tx *db.Tx, trainer *round.Trainer, present bool, at clock.Instant) error {
	if trainer.Present != nil && *trainer.Present == present {
		return nil
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE day_trainer
		SET present = $3, marked_at = $4, marked_by = $5
		WHERE course_day_id = $1
		AND person_id = $2
		AND (marked_at IS NULL OR marked_at <= $4)`, l.Day.ID, trainer.PersonID, present, at, l.viewer.ActorID())
	if err != nil || n == 0 {
		return err
	}
	return l.noteTrainer(trainer, present)
}

// noteTrainer takes the word into the list, and into the history when it is
// another than before.
func (l *list) noteTrainer(trainer *round.Trainer, present bool) error {
	old := trainer.Present
	trainer.Present = &present
	if old == nil {
		return nil
	}
	return l.events.Add(round.TrainerChanged, l.Day.ID, trainer.PersonID, round.Words{Old: presence(*old), New: presence(present)})
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
