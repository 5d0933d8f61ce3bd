package planning

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// Ask is the question to hold a day in a role.
type Ask struct {
	DayID, PersonID int64
	Role            trainer.Role
}

// AskTrainers asks people of the region's teams for days of the round, all at once,
// and tells how many questions were new: each person gets one letter about all of
// them. Who was put on a day without being asked, or has declined, is asked (again);
// who has been asked already, or has accepted, is left alone. Only for those who
// manage the round, and for days that are not over: fault.Conflict
// "round.day_is_over". All are asked or none.
func AskTrainers(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, asks []Ask, now clock.Instant) (int, error) {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return 0, err
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return 0, err
	}
	if len(asks) == 0 {
		return 0, fault.Invalid("ask", "round.ask_nobody")
	}
	events, asked := round.NewLog(d.ID, viewer, now), 0
	for _, a := range asks {
		n, err := ask(ctx, tx, viewer, d, a, now)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			continue
		}
		asked++
		if err := events.Add(TrainerAsked, a.DayID, a.PersonID, round.Words{}); err != nil {
			return 0, err
		}
	}
	if asked == 0 {
		return 0, nil
	}
	return asked, restaffed(ctx, tx, events)
}

// ask writes one question, and tells whether it is new.
func ask(ctx context.Context, tx *db.Tx, viewer access.Viewer, d round.Detail, a Ask, now clock.Instant) (int64, error) {
	at := slices.IndexFunc(d.CourseDays, func(day round.Day) bool { return day.ID == a.DayID })
	if at < 0 {
		return 0, fault.NotFound
	}
	day := d.CourseDays[at]
	if day.HeldAt != nil || day.Day < now.Day() {
		return 0, fault.Conflict("round.day_is_over")
	}
	if a.Role != trainer.Lead && a.Role != trainer.Assistant {
		return 0, fault.Invalid("role", "round.role_wrong")
	}
	if err := member(ctx, tx, d, day, a.PersonID); err != nil {
		return 0, err
	}
	return db.Exec(ctx, tx, `
		INSERT INTO day_trainer (course_day_id, person_id, role, asked_at, asked_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (course_day_id, person_id) DO UPDATE
		SET role = excluded.role, asked_at = excluded.asked_at, asked_by = excluded.asked_by, answer = NULL, answered_at = NULL
		WHERE day_trainer.answer = 'declined'
		OR day_trainer.answer IS NULL AND day_trainer.asked_at IS NULL`, a.DayID, a.PersonID, a.Role, now, viewer.ActorID())
}

// AskTrainer is AskTrainers for one day: who has been asked already is fault.Conflict
// "round.trainer_asked_already".
func AskTrainer(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, personID int64, role trainer.Role, now clock.Instant) error {
	roundID, err := round.RoundOf(ctx, tx, dayID)
	if err != nil {
		return err
	}
	n, err := AskTrainers(ctx, tx, viewer, roundID, []Ask{{dayID, personID, role}}, now)
	if err == nil && n == 0 {
		err = fault.Conflict("round.trainer_asked_already")
	}
	return err
}

// AnswerRound gives the viewer's answer to all days of the round for which they are
// asked and have not answered, as AnswerDay does for one, and tells how many those
// were: fault.Conflict "round.no_day_waits" when there are none, fault.NotFound
// for who is on no day of the round.
func AnswerRound(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, a trainer.Answer, noted string, now clock.Instant) (int, error) {
	d, err := round.Lock(ctx, tx, viewer, roundID)
	if err != nil {
		return 0, err
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return 0, err
	}
	theirs, answered := false, 0
	for _, day := range d.CourseDays {
		t, err := onDay(day, viewer.PersonID)
		if err != nil {
			continue // somebody else's day
		}
		theirs = true
		if Standing(t) != trainer.WasAsked || day.HeldAt != nil || day.Day < now.Day() {
			continue
		}
		if err := AnswerDay(ctx, tx, viewer, day.ID, a, noted, now); err != nil {
			return 0, err
		}
		answered++
	}
	switch {
	case !theirs:
		return 0, fault.NotFound
	case answered == 0:
		return 0, fault.Conflict("round.no_day_waits")
	}
	return answered, nil
}
