package attendance

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// OwnWordDays is for how long after a local day its participants can say that
// they were there: long enough for who works nights or is away for a week.
const OwnWordDays clock.Day = 7

// Reportable tells whether the participant can say, at the moment, that they were
// there: on a day of a local round, from its start and until OwnWordDays after it.
func (o OwnDay) Reportable(now clock.Instant) bool {
	return o.Local && !o.Cancelled && start(o.Day) <= now && now.Day() <= o.Day.Day+OwnWordDays
}

// MyDaysIn are the days of the round in which the viewer has a seat, the earliest
// first; none without a seat.
func MyDaysIn(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) ([]OwnDay, error) {
	return ownDays(ctx, q, viewer, "d.round_id = $2", roundID)
}

// Report saves the viewer's own word that they were there on a day of a local
// round, which the manager's word counts over. A mark that is there already stays;
// the day tells whose it is. fault.NotFound without a seat on the day;
// fault.Conflict "round.is_cancelled", and "round.not_reportable" before the day
// begins, long after it and in rounds whose trainers keep the list.
func Report(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (OwnDay, error) {
	mine, err := reporting(ctx, tx, viewer, dayID, now)
	word := round.Word{Source: round.SelfSaid, At: now}
	if err != nil || !round.Counts(mine.Word, word) {
		return mine, err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by, source)
		VALUES ($1, $2, $3, $4, $5, $6)`, mine.ID, mine.EnrolmentID, round.Present, now, viewer.PersonID, word.Source); err != nil {
		return mine, err
	}
	mine.Mark, mine.Word = round.Present, word
	if err := follow(ctx, tx, mine.RoundID, mine.ID, map[int64]string{mine.EnrolmentID: ""}, now); err != nil {
		return mine, err
	}
	mine.Completes, err = db.Row(ctx, tx, db.One[bool], `SELECT approved_at IS NOT NULL FROM enrolment WHERE id = $1`, mine.EnrolmentID)
	return mine, err
}

// TakeBack takes back what the viewer has said in Report, and what it has given.
// What others have said stands: fault.Conflict "round.said_by_others".
func TakeBack(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (OwnDay, error) {
	mine, err := reporting(ctx, tx, viewer, dayID, now)
	switch {
	case err != nil || mine.Mark == "":
		return mine, err
	case mine.Word.Source != round.SelfSaid:
		return mine, fault.Conflict("round.said_by_others")
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM attendance WHERE course_day_id = $1 AND enrolment_id = $2`, mine.ID, mine.EnrolmentID); err != nil {
		return mine, err
	}
	mine.Mark, mine.Word = "", round.Word{}
	return mine, follow(ctx, tx, mine.RoundID, mine.ID, map[int64]string{mine.EnrolmentID: ""}, now)
}

// reporting holds the day's round and finds the viewer's own day in it, if they
// can speak about it now.
func reporting(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, now clock.Instant) (OwnDay, error) {
	mine, err := MyDay(ctx, tx, viewer, dayID)
	if fault.Of(err) != nil {
		return mine, fault.NotFound
	}
	if err != nil {
		return mine, err
	}
	if err := round.Hold(ctx, tx, mine.RoundID); err != nil {
		return mine, err
	}
	mine, err = MyDay(ctx, tx, viewer, dayID) // as it is now that nobody else changes it
	switch {
	case err != nil:
		return mine, err
	case mine.Cancelled:
		return mine, fault.Conflict("round.is_cancelled")
	case !mine.Reportable(now):
		return mine, fault.Conflict("round.not_reportable", "Days", int(OwnWordDays))
	}
	return mine, nil
}
