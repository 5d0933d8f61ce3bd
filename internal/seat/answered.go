package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Answered is a request that a manager has answered, with what came of it. A Refused
// one can be reconsidered; an allowed one has a seat (EnrolmentID) or waits, or has
// neither any more.
type Answered struct {
	EntryID     int64
	PersonID    int64
	Name        string
	RoundID     int64
	Course      string
	Label       string
	FirstDay    clock.Day
	At          clock.Instant
	Refused     bool
	Waits       bool
	EnrolmentID int64 // 0: none
}

// AnsweredDays is for how long an answer is shown with the way to take it back.
const AnsweredDays = 14

// AnsweredBy are the requests that the viewer has answered in the last AnsweredDays,
// of those whom they still answer for and of rounds that have not begun, the latest
// first; at most limit.
func AnsweredBy(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day, limit int) ([]Answered, error) {
	condition, args := access.Staff(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	var b db.Builder
	b.Add(`
		SELECT
			w.id,
			w.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			r.id,
			`+catalogue.TitleSQL("c")+`,
			r.label,
			r.first_day,
			CASE WHEN w.ended_how = '`+byRefusal+`' THEN w.ended_at ELSE w.allowed_at END AS answered_at,
			COALESCE(w.ended_how, '') = '`+byRefusal+`',
			w.ended_at IS NULL,
			COALESCE((SELECT MAX(n.id) FROM enrolment AS n WHERE n.round_id = w.round_id AND n.person_id = w.person_id AND n.withdrawn_at IS NULL), 0)
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN person AS p ON p.id = w.person_id
		JOIN employed AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		WHERE w.needs_manager
		AND r.cancelled_at IS NULL
		AND r.first_day > ?
		AND (w.allowed_by = ? AND w.allowed_at >= ? OR w.ended_how = '`+byRefusal+`' AND w.ended_by = ? AND w.ended_at >= ?)`,
		today, today, today, viewer.PersonID, (today-AnsweredDays).At(0, 0), viewer.PersonID, (today-AnsweredDays).At(0, 0)).
		Add("AND "+condition, args...).
		Add("ORDER BY answered_at DESC, w.id DESC LIMIT ?", limit)
	return db.Rows(ctx, q, func(a *Answered) []any {
		return []any{&a.EntryID, &a.PersonID, &a.Name, &a.RoundID, &a.Course, &a.Label, &a.FirstDay, &a.At, &a.Refused, &a.Waits, &a.EnrolmentID}
	}, b.String(), b.Args()...)
}
