package planning

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// Ahead is a coming round as somebody sees it who may sign up for it.
type Ahead struct {
	ID          int64
	CourseID    int64
	Label       string
	FirstDay    clock.Day
	LastDay     clock.Day
	SignupFrom  clock.Day
	SignupUntil clock.Day
	Free        int // seats for anybody
}

// Bookable tells whether a seat can be taken on the day.
func (a Ahead) Bookable(today clock.Day) bool {
	return a.SignupFrom <= today && today <= a.SignupUntil && a.Free > 0
}

// RoundsAhead are the coming rounds of the courses that the viewer may sign up
// for, now or later, the earliest first.
func RoundsAhead(ctx context.Context, q db.Querier, viewer access.Viewer, courses []int64, today clock.Day, limit int) ([]Ahead, error) {
	if len(courses) == 0 {
		return nil, nil
	}
	args := make([]any, len(courses))
	for i, id := range courses {
		args[i] = id
	}
	condition, more := round.Visible(viewer)
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			r.course_id,
			r.label,
			r.first_day,
			r.last_day,
			r.signup_from,
			r.signup_until,
			r.capacity
				- (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL)
				- (SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND w.offered_at IS NOT NULL)
				- `+round.SetAsideSQL+`
		FROM round AS r
		WHERE r.course_id IN (?`+strings.Repeat(", ?", len(courses)-1)+`)`, args...).
		Add(`AND r.first_day > ?
		AND r.signup_until >= ?
		AND r.published_at IS NOT NULL
		AND r.cancelled_at IS NULL
		AND COALESCE(`+lifetime.RetiredFromSQL("r.course_id")+` > ?, TRUE)
		AND COALESCE(`+lifetime.RetiredFromSQL("r.course_id")+` > r.signup_from, TRUE)`, today, today, today).
		Add("AND "+condition, more...).
		Add("ORDER BY r.first_day, r.id LIMIT ?", limit)
	return db.Rows(ctx, q, func(a *Ahead) []any {
		return []any{&a.ID, &a.CourseID, &a.Label, &a.FirstDay, &a.LastDay, &a.SignupFrom, &a.SignupUntil, &a.Free}
	}, b.String(), b.Args()...)
}
