package planning

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// The kinds of events of a day's team.
const (
	TrainerAsked    round.Kind = "trainer_asked"    // to hold a day
	TrainerAccepted round.Kind = "trainer_accepted" // Reason is what they wrote
	TrainerDeclined round.Kind = "trainer_declined" // Reason is what they wrote
)

// Lack is what the team of a course day lacks.
type Lack string

// A day is held by at least TrainersADay, one of whom leads (domain.md, "Who").
const (
	LacksNothing  Lack = ""
	LacksTrainers Lack = "trainers"
	LacksLead     Lack = "lead"
)

// Key is the lack's message key.
func (l Lack) Key() string { return "round.lacks." + string(l) }

// Lacks is what the day's team lacks. Who is asked and has not answered counts;
// who has declined does not.
func Lacks(d round.Day) Lack {
	switch {
	case len(d.Trainers) < round.TrainersADay:
		return LacksTrainers
	case !slices.ContainsFunc(d.Trainers, func(t round.Trainer) bool { return t.Role == trainer.Lead }):
		return LacksLead
	}
	return LacksNothing
}

// Standing is where the trainer stands.
func Standing(t round.Trainer) trainer.Standing { return trainer.StandingOf(t.AskedAt, t.Answer) }

// Workdays counts the days of the period on which offices are open: neither
// weekends nor holidays. Both ends are included.
func Workdays(from, until clock.Day) int {
	n := 0
	for day := from; day <= until; day++ {
		if !Weekend(day) && Holiday(day) == "" {
			n++
		}
	}
	return n
}

// staffed holds the round of the course day for those who manage it, and finds
// the day.
func staffed(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64) (round.Detail, round.Day, error) {
	roundID, err := round.RoundOf(ctx, tx, dayID)
	if err != nil {
		return round.Detail{}, round.Day{}, err
	}
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return d, round.Day{}, err
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return d, round.Day{}, err
	}
	at := slices.IndexFunc(d.CourseDays, func(day round.Day) bool { return day.ID == dayID })
	if at < 0 {
		return d, round.Day{}, fault.NotFound
	}
	return d, d.CourseDays[at], nil
}

// member refuses those who are in no team of the round's region on its day; a
// national round takes those of any region, a local one everybody employed in the
// municipality too.
func member(ctx context.Context, tx *db.Tx, d round.Detail, day round.Day, personID int64) error {
	if d.Local() {
		return checkLeaders(ctx, tx, d.RegionID, d.MunicipalityID, day.Day, []int64{personID}, "person")
	}
	ours, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM trainer
			WHERE person_id = $1
			AND (region_id = $2 OR $2 = 0)
			AND recruited_on <= $3
			AND (ended_on IS NULL OR ended_on >= $3)
		)`, personID, d.RegionID, day.Day)
	if err == nil && !ours {
		err = fault.Invalid("person", "round.trainer_in_no_team")
	}
	return err
}

// restaffed notes what happened to a day's team. The plan's version moves on, so
// that who is changing the round at the same time is told.
func restaffed(ctx context.Context, tx *db.Tx, events round.Log) error {
	if _, err := db.Exec(ctx, tx, `UPDATE round SET version = version + 1 WHERE id = $1`, events.Round); err != nil {
		return err
	}
	return events.Write(ctx, tx)
}

// AnswerDay is the viewer's own answer to being asked for a day; nobody answers
// for another. It can be changed, also by who was put on the day without being
// asked, until the day is over or held: fault.Conflict "round.day_is_over". The
// same answer twice says nothing new. fault.NotFound for who is not on the day.
func AnswerDay(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, a trainer.Answer, noted string, now clock.Instant) error {
	roundID, err := round.RoundOf(ctx, tx, dayID)
	if err != nil {
		return err
	}
	d, err := round.Lock(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return err
	}
	var day round.Day
	var mine *round.Trainer
	for _, each := range d.CourseDays {
		if each.ID != dayID {
			continue
		}
		day = each
		for _, t := range append(slices.Clone(each.Trainers), each.Declined...) {
			if t.PersonID == viewer.PersonID {
				mine = &t
			}
		}
	}
	noted = strings.TrimSpace(noted)
	switch {
	case mine == nil:
		return fault.NotFound
	case !a.Valid():
		return fault.Invalid("answer", "trainer.answer_wrong")
	case utf8.RuneCountInString(noted) > attendance.MaxReason:
		return fault.Invalid("note", "round.text_too_long", "Max", attendance.MaxReason)
	case d.CancelledAt != nil:
		return fault.Conflict("round.is_cancelled")
	case day.HeldAt != nil || day.Day < now.Day():
		return fault.Conflict("round.day_is_over")
	case mine.Answer == a:
		return nil
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE day_trainer
		SET answer = $3, answered_at = $4
		WHERE course_day_id = $1
		AND person_id = $2`, dayID, viewer.PersonID, a, now); err != nil {
		return err
	}
	kind := TrainerAccepted
	if a == trainer.Declined {
		kind = TrainerDeclined
	}
	events := round.NewLog(roundID, viewer, now)
	if err := events.Add(kind, dayID, viewer.PersonID, round.Words{Reason: noted}); err != nil {
		return err
	}
	return events.Write(ctx, tx)
}

// Replacement is another trainer for a day, and why. Agreed says that the other has
// said yes already.
type Replacement struct {
	DayID           int64
	PersonID, Other int64
	Agreed          bool
	Reason          string
}

// ReplaceTrainer gives the day of one trainer to another, for a reason, in the
// same role. The other is asked, unless they have agreed;
// and on a day that is over there is nothing to ask. On a day whose attendance is
// saved the other counts as having been there, so that the pot follows.
// fault.Conflict "round.trainer_twice" when they hold the day already.
func ReplaceTrainer(ctx context.Context, tx *db.Tx, viewer access.Viewer, r Replacement, now clock.Instant) error {
	dayID, otherID := r.DayID, r.Other
	d, day, err := staffed(ctx, tx, viewer, dayID)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.Reason)
	var checks fault.Checks
	checks.Require(otherID != 0, "person", "round.trainer_in_no_team")
	checks.Require(reason != "", "reason", "round.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= attendance.MaxReason, "reason", "round.text_too_long", "Max", attendance.MaxReason)
	if err := checks.Err(); err != nil {
		return err
	}
	old, err := onDay(day, r.PersonID)
	if err != nil {
		return err
	}
	if err := member(ctx, tx, d, day, otherID); err != nil {
		return err
	}
	events := round.NewLog(d.ID, viewer, now)
	if err := takeOff(ctx, tx, dayID, old, reason, &events); err != nil {
		return err
	}
	over := day.HeldAt != nil || day.Day < now.Day()
	var asked, marked *clock.Instant
	var askedBy, markedBy *int64
	var present *bool
	kind := round.TrainerAdded
	switch {
	case !over && !r.Agreed:
		asked, askedBy, kind = &now, viewer.ActorID(), TrainerAsked
	case day.HeldAt != nil:
		there := true
		present, marked, markedBy = &there, &now, viewer.ActorID()
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO day_trainer (course_day_id, person_id, role, asked_at, asked_by, present, marked_at, marked_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (course_day_id, person_id) DO UPDATE
		SET role = excluded.role, asked_at = excluded.asked_at, asked_by = excluded.asked_by, answer = NULL, answered_at = NULL,
			present = excluded.present, marked_at = excluded.marked_at, marked_by = excluded.marked_by
		WHERE day_trainer.answer = 'declined'`, dayID, otherID, old.Role, asked, askedBy, present, marked, markedBy)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("round.trainer_twice")
	}
	if err := events.Add(kind, dayID, otherID, round.Words{Reason: reason}); err != nil {
		return err
	}
	return restaffed(ctx, tx, events)
}

// RemoveTrainer takes somebody off a day that is not held, or their no from its
// page; reason may be empty.
func RemoveTrainer(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, personID int64, reason string, now clock.Instant) error {
	d, day, err := staffed(ctx, tx, viewer, dayID)
	if err != nil {
		return err
	}
	if day.HeldAt != nil {
		return fault.Conflict("round.day_is_over")
	}
	old, err := onDay(day, personID)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > attendance.MaxReason {
		return fault.Invalid("reason", "round.text_too_long", "Max", attendance.MaxReason)
	}
	events := round.NewLog(d.ID, viewer, now)
	if err := takeOff(ctx, tx, dayID, old, reason, &events); err != nil {
		return err
	}
	return restaffed(ctx, tx, events)
}

// onDay is the trainer on the day, also one who has declined.
func onDay(day round.Day, personID int64) (round.Trainer, error) {
	for _, t := range append(slices.Clone(day.Trainers), day.Declined...) {
		if t.PersonID == personID {
			return t, nil
		}
	}
	return round.Trainer{}, fault.NotFound
}

// takeOff deletes the trainer's row. Who has declined was off the day already:
// their no is the event.
func takeOff(ctx context.Context, tx *db.Tx, dayID int64, t round.Trainer, reason string, events *round.Log) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM day_trainer WHERE course_day_id = $1 AND person_id = $2`, dayID, t.PersonID)
	if err != nil || t.Answer == trainer.Declined {
		return err
	}
	return events.Add(round.TrainerRemoved, dayID, t.PersonID, round.Words{Reason: reason})
}

// Notes are what the trainers of the round wrote when they declined, the latest
// of each by day and person, for those who manage the round.
func Notes(ctx context.Context, q db.Querier, viewer access.Viewer, d round.Detail) (map[int64]map[int64]string, error) {
	notes := map[int64]map[int64]string{}
	if !round.ManagesAt(viewer, d.Place()) {
		return notes, nil
	}
	type row struct {
		day, person int64
		detail      string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.day, &r.person, &r.detail} }, `
		SELECT
			course_day_id,
			subject_id,
			detail
		FROM round_event
		WHERE round_id = $1
		AND kind = $2
		AND course_day_id IS NOT NULL
		ORDER BY id`, d.ID, TrainerDeclined)
	for _, r := range rows {
		var w round.Words
		if r.detail != "" {
			if err := json.Unmarshal([]byte(r.detail), &w); err != nil {
				return nil, fmt.Errorf("read event of round %d: %w", d.ID, err)
			}
		}
		if notes[r.day] == nil {
			notes[r.day] = map[int64]string{}
		}
		notes[r.day][r.person] = w.Reason
	}
	return notes, err
}
