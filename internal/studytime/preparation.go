package studytime

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Preparation is a course day that the viewer taught, and whether they prepared it during working
// hours; nil when they have not said.
type Preparation struct {
	Slot
	CourseDayID int64
	Course      string
	AtWork      *bool
}

// Answerable tells whether they may say so now, or anew.
func (p Preparation) Answerable(today clock.Day) bool { return today < settles(p.Day) }

const taughtDays = `
	FROM day_trainer AS t
	JOIN course_day AS d ON d.id = t.course_day_id
	JOIN round AS r ON r.id = d.round_id
	JOIN course AS c ON c.id = r.course_id
	LEFT JOIN trainer_preparation AS s ON s.course_day_id = t.course_day_id AND s.person_id = t.person_id
	WHERE t.present
	AND d.held_at IS NOT NULL
	AND r.cancelled_at IS NULL `

// Preparations are the days that the viewer taught, from the day on, the earliest first: those that
// were held and on which they were there.
func Preparations(ctx context.Context, q db.Querier, viewer access.Viewer, from clock.Day) ([]Preparation, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return preparations(ctx, q, viewer, "AND d.day >= ?", from)
}

func preparations(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, arg any) ([]Preparation, error) {
	var b db.Builder
	b.Add("SELECT d.id, "+catalogue.TitleSQL("c")+", d.day, d.starts, d.ends, s.at_work"+taughtDays+"AND t.person_id = ?", viewer.PersonID).
		Add(condition, arg).
		Add("ORDER BY d.day, d.starts, d.id")
	return db.Rows(ctx, q, func(p *Preparation) []any {
		return []any{&p.CourseDayID, &p.Course, &p.Day, &p.Starts, &p.Ends, &p.AtWork}
	}, b.String(), b.Args()...)
}

// Prepared says whether the viewer prepared a day that they taught during working hours, or says it
// anew. fault.NotFound for others' days and days that were not held; fault.Conflict when the day is
// counted already, and fault.Invalid when nothing is said.
func Prepared(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, atWork *bool, now clock.Instant) error {
	found, err := preparations(ctx, tx, viewer, "AND d.id = ?", dayID)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	if !found[0].Answerable(now.Day()) {
		return fault.Conflict("studytime.counted")
	}
	if atWork == nil {
		return errUnsaid
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO trainer_preparation (course_day_id, person_id, at_work, answered_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (course_day_id, person_id) DO UPDATE SET at_work = excluded.at_work, answered_at = excluded.answered_at`,
		dayID, viewer.PersonID, *atWork, now)
	return err
}
