package letter

import (
	"context"
	"errors"
	"fmt"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/learning"
)

// dueSoon is how many days before its last day an unfinished phase gives a
// reminder: enough for half an hour to be found.
const dueSoon = 3

// farthest is how far a phase's last day can be from the round's days.
const farthest = 120

// remindOfTasks writes to those with a seat in a round that will be given who
// have required tasks of the preparation left when it is due within three days,
// and of the follow-up after it: once for each phase of a round.
func remindOfTasks(ctx context.Context, d *db.DB, site Site, now clock.Instant) error {
	today := now.Day()
	if now < today.At(reminderHour, 0) {
		return nil
	}
	type due struct {
		round, edition int64
		first, last    clock.Day
	}
	all, err := db.Rows(ctx, d.Reader(), func(u *due) []any { return []any{&u.round, &u.edition, &u.first, &u.last} }, `
		SELECT
			r.id,
			`+lifetime.RoundEditionSQL("r")+`,
			r.first_day,
			r.last_day
		FROM round AS r
		JOIN edition_content AS c ON c.edition_id = `+lifetime.RoundEditionSQL("r")+`
		WHERE r.last_day >= $1
		AND r.first_day <= $2
		AND r.confirmed_at IS NOT NULL
		AND r.cancelled_at IS NULL
		ORDER BY r.id`, today-farthest, today+farthest)
	if err != nil {
		return err
	}
	var failed error
	for _, u := range all {
		content, err := catalogue.ContentOf(ctx, d.Reader(), u.edition)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		for _, phase := range []catalogue.Phase{catalogue.Preparation, catalogue.FollowUp} {
			on := learning.Due(content.Rules, phase, u.first, u.last)
			if on == nil || today < *on-dueSoon || *on < today || phase == catalogue.FollowUp && today <= u.last {
				continue
			}
			failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error { return remindOfPhase(ctx, tx, u.round, phase, *on, site, now) }))
		}
	}
	return failed
}

// remindOfPhase writes to those of the round who have tasks of the phase left.
func remindOfPhase(ctx context.Context, tx *db.Tx, roundID int64, phase catalogue.Phase, on clock.Day, site Site, now clock.Instant) error {
	kind := PreparationDue
	if phase == catalogue.FollowUp {
		kind = FollowUpDue
	}
	key := fmt.Sprintf("%s-round-%d", kind, roundID)
	written, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM round_letter WHERE key = $1)`, key)
	if err != nil || written {
		return err
	}
	w, err := open(ctx, tx, roundID, site, now)
	if err != nil {
		return err
	}
	if w.d.EditionID == nil || w.d.CancelledAt != nil {
		return nil // changed since it was found
	}
	standing, err := learning.StandingOf(ctx, tx, w.d.CourseID, *w.d.EditionID, seated(w.d))
	if err != nil {
		return err
	}
	var late []int64
	for _, person := range seated(w.d) {
		if standing[person].Left[phase] > 0 {
			late = append(late, person)
		}
	}
	return w.toMany(ctx, tx, kind, Participants, late, about{due: &on}, key)
}
