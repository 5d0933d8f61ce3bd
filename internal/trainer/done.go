package trainer

import (
	"context"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Done is what somebody has done as a trainer in a year: course days on which
// they were there, and trainer meetings they came to. Each in the order of days.
type Done struct {
	PersonID int64
	Name     string
	Year     int
	Days     []DoneDay
	Meetings []DoneDay
}

// DoneDay is a day of Done. Round and Role are empty for a meeting, Employer is
// where they were employed that day, empty for nowhere.
type DoneDay struct {
	Day          clock.Day
	Starts, Ends string // "09:00"
	What         string // the course, or the meeting's title
	Round        string
	Place        string
	Role         Role
	Employer     string
}

// Minutes is how long the day was.
func (d DoneDay) Minutes() int { return minutes(d.Ends) - minutes(d.Starts) }

// minutes is "09:30" in minutes after midnight; the database holds no others.
func minutes(s string) int {
	hour, _ := strconv.Atoi(s[:2])
	minute, _ := strconv.Atoi(s[3:])
	return 60*hour + minute
}

// Minutes is how long all course days were together.
func (d Done) Minutes() int {
	sum := 0
	for _, each := range d.Days {
		sum += each.Minutes()
	}
	return sum
}

// DoneIn is what the person has done in the year, for themselves and for those
// who see them because of an office on the day that one asks; others get
// fault.NotFound.
func DoneIn(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, year int, today clock.Day) (Done, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return Done{}, err
	}
	name, err := db.Row(ctx, q, db.One[string], `SELECT TRIM(given_name || ' ' || family_name) FROM person WHERE id = $1`, personID)
	if err != nil {
		return Done{}, err
	}
	done := Done{PersonID: personID, Name: name, Year: year}
	columns := func(d *DoneDay) []any {
		return []any{&d.Day, &d.Starts, &d.Ends, &d.What, &d.Round, &d.Place, &d.Role, &d.Employer}
	}
	employer := func(which string) string {
		return `
		LEFT JOIN employment AS e ON e.person_id = $1 AND ` + which + ` AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		LEFT JOIN organisation AS o ON o.id = COALESCE(e.municipality_id, e.region_id)`
	}
	if done.Days, err = db.Rows(ctx, q, columns, `
		SELECT
			d.day,
			d.starts,
			d.ends,
			c.name,
			r.label,
			d.place,
			t.role,
			COALESCE(o.name, '')
		FROM day_trainer AS t
		JOIN course_day AS d ON d.id = t.course_day_id
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id`+employer(people.SendsSQL("e", "t"))+`
		WHERE t.person_id = $1
		AND t.present
		AND r.cancelled_at IS NULL
		AND d.day BETWEEN $2 AND $3
		ORDER BY d.day, d.starts, d.id`, personID, clock.YearStart(year), clock.YearEnd(year)); err != nil {
		return done, err
	}
	done.Meetings, err = db.Rows(ctx, q, columns, `
		SELECT
			d.day,
			d.starts,
			d.ends,
			d.title,
			'',
			d.place,
			'',
			COALESCE(o.name, '')
		FROM trainer_meeting_guest AS t
		JOIN trainer_meeting AS d ON d.id = t.meeting_id`+employer("e.main")+`
		WHERE t.person_id = $1
		AND t.attended
		AND d.cancelled_at IS NULL
		AND d.day BETWEEN $2 AND $3
		ORDER BY d.day, d.starts, d.id`, personID, clock.YearStart(year), clock.YearEnd(year))
	return done, err
}

// Has tells whether the person is or was a trainer: in a team, or on a day. It asks no
// viewer.
func Has(ctx context.Context, q db.Querier, personID int64) (bool, error) {
	return db.Row(ctx, q, db.One[bool], `
		SELECT
			EXISTS (SELECT 1 FROM trainer WHERE person_id = $1)
			OR EXISTS (SELECT 1 FROM day_trainer WHERE person_id = $1)`, personID)
}
