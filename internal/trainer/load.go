package trainer

import (
	"context"
	"strconv"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Term is half a year, as the sources count: spring until June, autumn from
// July on.
type Term struct{ From, Until clock.Day }

// TermOf is the term of the day.
func TermOf(day clock.Day) Term {
	year, month, _ := day.Date()
	if month <= time.June {
		return Term{clock.YearStart(year), clock.Date(year, time.June, 30)}
	}
	return Term{clock.Date(year, time.July, 1), clock.YearEnd(year)}
}

// Next is the term after.
func (t Term) Next() Term { return TermOf(t.Until + 1) }

// Before is the term before.
func (t Term) Before() Term { return TermOf(t.From - 1) }

// Key is the term's message key, to be filled with its Year.
func (t Term) Key() string {
	if t.From.String()[5:] == "01-01" {
		return "trainer.term.spring"
	}
	return "trainer.term.autumn"
}

// Year is the term's year, as an address and a message write it.
func (t Term) Year() string { return strconv.Itoa(t.From.Year()) }

// Load is what being a trainer takes of somebody's term. Days are course days
// held or to hold, Meetings trainer meetings attended or to attend.
type Load struct{ Days, Meetings int }

// To be a trainer is estimated at 3 % of a full-time post: one or two course
// days a term, time to prepare for each, and a meeting of half a day (S1:215).
// The source does not say how long preparing takes: we count half a day for
// each course day.
const (
	postThousandths    = 30
	halfDaysPerDay     = 2 + 1
	halfDaysPerMeeting = 1
)

// HalfDays is the work, preparation included, in half days.
func (l Load) HalfDays() int { return halfDaysPerDay*l.Days + halfDaysPerMeeting*l.Meetings }

// Thousandths is the work's share of a full-time post in a term with so many
// working days, rounded to thousandths.
func (l Load) Thousandths(workdays int) int {
	if workdays <= 0 {
		return 0
	}
	return (1000*l.HalfDays() + workdays) / (2 * workdays)
}

// Over tells whether the work takes more of the term than the 3 % of a post.
func (l Load) Over(workdays int) bool {
	return 1000*l.HalfDays() > postThousandths*2*workdays
}

// loadSQL is the load in the term from $1 to $2 of the persons p.id: what the
// region asks of them, not the occasions that their municipality gives itself.
const loadSQL = `
			(
				SELECT COUNT(*)
				FROM day_trainer AS h
				JOIN course_day AS d ON d.id = h.course_day_id
				JOIN round AS r ON r.id = d.round_id
				WHERE h.person_id = p.id
				AND d.day BETWEEN $1 AND $2
				AND r.cancelled_at IS NULL
				AND r.municipality_id IS NULL
				AND COALESCE(h.answer, '') <> 'declined'
				AND (h.present IS NULL OR h.present)
			),
			(
				SELECT COUNT(*)
				FROM trainer_meeting_guest AS g
				JOIN trainer_meeting AS m ON m.id = g.meeting_id
				WHERE g.person_id = p.id
				AND m.day BETWEEN $1 AND $2
				AND m.cancelled_at IS NULL
				AND COALESCE(g.answer, '') <> 'declined'
				AND (g.attended IS NULL OR g.attended)
			)`

// Loads are the loads in the term of all who are or were in a team of the
// region, by person, wherever they held their days.
func Loads(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, t Term) (map[int64]Load, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	type row struct {
		person int64
		Load
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.Days, &r.Meetings} }, `
		SELECT
			p.id,`+loadSQL+`
		FROM person AS p
		WHERE p.id IN (SELECT person_id FROM trainer WHERE region_id = $3)`, t.From, t.Until, regionID)
	all := make(map[int64]Load, len(rows))
	for _, r := range rows {
		all[r.person] = r.Load
	}
	return all, err
}

// MyLoad is the viewer's own in the term.
func MyLoad(ctx context.Context, q db.Querier, viewer access.Viewer, t Term) (Load, error) {
	if viewer.PersonID == 0 {
		return Load{}, nil
	}
	return db.Row(ctx, q, func(l *Load) []any { return []any{&l.Days, &l.Meetings} }, `
		SELECT`+loadSQL+`
		FROM person AS p
		WHERE p.id = $3`, t.From, t.Until, viewer.PersonID)
}
