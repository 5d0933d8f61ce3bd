package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Promised is a published round with days on a day or later: Days are those days. Giver
// is the region or who gives a local round, empty for a national one. Seen tells that the
// viewer may open its page.
type Promised struct {
	ID       int64
	Giver    string
	Label    string
	FirstDay clock.Day
	LastDay  clock.Day
	Days     int
	Seats    int
	Waiting  int // in its queue, offered ones too
	Seen     bool
}

// Promises are what a course has promised for the day and later: the rounds, the earliest
// first, and how many plans that begin then are not published, and how many people wish
// for the course.
type Promises struct {
	Rounds []Promised
	Plans  int
	Wishes int
}

// Days is the sum over the rounds, as Seats and Waiting are.
func (p Promises) Days() (n int) { return p.sum(func(r Promised) int { return r.Days }) }

// Seats is as Days says.
func (p Promises) Seats() (n int) { return p.sum(func(r Promised) int { return r.Seats }) }

// Waiting is as Days says.
func (p Promises) Waiting() (n int) { return p.sum(func(r Promised) int { return r.Waiting }) }

func (p Promises) sum(of func(Promised) int) (n int) {
	for _, r := range p.Rounds {
		n += of(r)
	}
	return n
}

// PromisedFrom is what the course has promised for the day and later, in the whole
// country: numbers, for those who write courses. editionID keeps the rounds that were
// planned in it, 0 all.
func PromisedFrom(ctx context.Context, q db.Querier, viewer access.Viewer, courseID, editionID int64, from clock.Day) (Promises, error) {
	var p Promises
	if !access.ManageCourses(viewer) {
		return p, fault.Forbidden
	}
	condition, args := Visible(viewer)
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			COALESCE(lu.name, lm.name, o.name, ''),
			r.label,
			r.first_day,
			r.last_day,
			(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id AND d.day >= ?),
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL),
			(SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL),`, from).
		Add("CASE WHEN "+condition+" THEN TRUE ELSE FALSE END", args...).
		Add(`
		FROM round AS r
		LEFT JOIN organisation AS o ON o.id = r.region_id
		LEFT JOIN organisation AS lm ON lm.id = r.municipality_id
		LEFT JOIN organisation AS lu ON lu.id = r.unit_id
		WHERE r.course_id = ?
		AND (? = 0 OR r.edition_id = ?)
		AND r.last_day >= ?
		AND r.published_at IS NOT NULL
		AND r.cancelled_at IS NULL
		ORDER BY r.first_day, r.id`, courseID, editionID, editionID, from)
	var err error
	if p.Rounds, err = db.Rows(ctx, q, func(r *Promised) []any {
		return []any{&r.ID, &r.Giver, &r.Label, &r.FirstDay, &r.LastDay, &r.Days, &r.Seats, &r.Waiting, &r.Seen}
	}, b.String(), b.Args()...); err != nil {
		return p, err
	}
	type counts struct{ plans, wishes int }
	c, err := db.Row(ctx, q, func(c *counts) []any { return []any{&c.plans, &c.wishes} }, `
		SELECT
			(SELECT COUNT(*) FROM round AS r WHERE r.course_id = $1 AND r.first_day >= $2 AND r.published_at IS NULL AND r.cancelled_at IS NULL AND r.deleted_at IS NULL),
			(SELECT COUNT(*) FROM interest AS i WHERE i.course_id = $1 AND i.ended_at IS NULL)`, courseID, from)
	p.Plans, p.Wishes = c.plans, c.wishes
	return p, err
}
