package round

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// TodoKind is what waits to be done with a round.
type TodoKind string

// The kinds, the most pressing first.
const (
	TodoAttendance   TodoKind = "attendance"   // a day has passed and its list is not saved
	TodoApproval     TodoKind = "approval"     // all days are held and nobody is approved
	TodoConfirmation TodoKind = "confirmation" // sign-up is over, the round is neither confirmed nor cancelled
	TodoDeclined     TodoKind = "declined"     // a trainer said no to a day, which now lacks one: see Day.Lacks
	TodoTrainers     TodoKind = "trainers"     // a day lacks trainers though nobody said no
)

// Todo is something that waits to be done. DayID is 0 unless it is about a day;
// Day is that day, or the round's first; Seats are those taken.
type Todo struct {
	Kind    TodoKind
	RoundID int64
	DayID   int64
	Course  string
	Label   string
	Day     clock.Day
	Seats   int
}

// TodoDays is how far back the start page looks for what was forgotten: older
// things are found in the lists.
const TodoDays = 60

// staffDays is how far ahead a day's team shall stand.
const staffDays = 90

// Todos is what waits to be done with the region's rounds, the most pressing
// and oldest first, at most limit; 0 is the national rounds. None for those who do not
// manage them.
func Todos(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day, limit int) ([]Todo, error) {
	if !Manages(viewer, regionID) {
		return nil, nil
	}
	// Three things say nothing new and spare work at 300 000 people: that person_id
	// is more than 0, see Year; the CROSS JOIN, which SQLite does not turn round to
	// walk every region's days; and d.round_id = r.id once more among a day's
	// trainers, so that PostgreSQL counts them only for the region's days.
	query := todoSQL
	if regionID == 0 {
		query = strings.ReplaceAll(query, "r.region_id = $1", "r.region_id IS NULL AND $1 = 0")
	}
	return db.Rows(ctx, q, func(t *Todo) []any {
		return []any{&t.Kind, &t.RoundID, &t.DayID, &t.Course, &t.Label, &t.Day, &t.Seats}
	}, query, regionID, today-TodoDays, today, limit, today+staffDays, TrainersADay)
}

const todoSQL = `
		SELECT
			t.kind,
			r.id,
			t.day_id,
			c.name,
			r.label,
			t.day,
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL)
		FROM (
			SELECT *
			FROM (
			SELECT 1 AS rank, 'attendance' AS kind, r.id AS round_id, d.id AS day_id, d.day AS day
			FROM round AS r
			JOIN course_day AS d ON d.round_id = r.id
			WHERE r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.first_day BETWEEN $2 AND $3
			AND r.cancelled_at IS NULL
			AND r.published_at IS NOT NULL
			AND d.day <= $3
			AND d.held_at IS NULL
			UNION ALL
			SELECT 2, 'approval', r.id, 0, r.first_day
			FROM round AS r
			WHERE r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.first_day BETWEEN $2 AND $3
			AND r.cancelled_at IS NULL
			AND r.last_day <= $3
			AND NOT EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.approved_at IS NOT NULL)
			UNION ALL
			SELECT 3, 'confirmation', r.id, 0, r.first_day
			FROM round AS r
			WHERE r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.first_day > $3
			AND r.signup_until < $3
			AND r.cancelled_at IS NULL
			AND r.confirmed_at IS NULL
			AND r.published_at IS NOT NULL
			UNION ALL
			SELECT
				4,
				CASE WHEN EXISTS (SELECT 1 FROM day_trainer AS h WHERE h.course_day_id = d.id AND h.answer = 'declined') THEN 'declined' ELSE 'trainers' END,
				r.id,
				d.id,
				d.day
			FROM round AS r
			CROSS JOIN course_day AS d
			WHERE d.round_id = r.id
			AND r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.last_day >= $3
			AND r.first_day <= $5
			AND r.cancelled_at IS NULL
			AND d.day BETWEEN $3 AND $5
			AND d.held_at IS NULL
			AND (
				SELECT CASE WHEN COUNT(*) >= $6 AND MAX(CASE WHEN h.role = 'lead_trainer' THEN 1 ELSE 0 END) = 1 THEN 0 ELSE 1 END
				FROM day_trainer AS h
				WHERE h.course_day_id = d.id
				AND d.round_id = r.id
				AND COALESCE(h.answer, '') <> 'declined'
			) = 1
			) AS every
			ORDER BY rank, day, round_id
			LIMIT $4
		) AS t
		JOIN round AS r ON r.id = t.round_id
		JOIN course AS c ON c.id = r.course_id
		ORDER BY t.rank, t.day, r.id`

// ComingDay is the next course day on which somebody has a seat.
type ComingDay struct {
	RoundID      int64
	Course       string
	Day          clock.Day
	Starts, Ends string // "09:00"
	Place        string
}

// Next is the viewer's next course day, today's included; nil when none is ahead.
func Next(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) (*ComingDay, error) {
	days, err := db.Rows(ctx, q, func(c *ComingDay) []any {
		return []any{&c.RoundID, &c.Course, &c.Day, &c.Starts, &c.Ends, &c.Place}
	}, `
		SELECT
			r.id,
			c.name,
			d.day,
			d.starts,
			d.ends,
			d.place
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN course_day AS d ON d.round_id = r.id
		WHERE n.person_id = $1
		AND n.withdrawn_at IS NULL
		AND r.cancelled_at IS NULL
		AND d.day >= $2
		ORDER BY d.day, d.starts, d.id
		LIMIT 1`, viewer.PersonID, today)
	if err != nil || len(days) == 0 {
		return nil, err
	}
	return &days[0], nil
}
