package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
)

// CourseRow is one course's rounds of a year. Rounds and CourseDays are nil for
// a national course: the region arranges none of it.
type CourseRow struct {
	Course     catalogue.Course
	Delivery   catalogue.Delivery
	Rounds     *int
	CourseDays *int
	Approved   int
}

// CourseTotal sums the rows; ApprovedRegional leaves national courses out.
type CourseTotal struct {
	Rounds           int
	CourseDays       int
	Approved         int
	ApprovedRegional int
}

// CourseTable is the courses of a journey that were given in a year.
type CourseTable struct {
	Journey catalogue.Journey
	Year    int
	AsOf    clock.Day
	Rows    []CourseRow
	Total   CourseTotal
}

// Courses is what was given of the journey's courses in the year, up to and
// including asOf: of the region's own rounds how many were ended, the days held,
// and the participants approved on them; of national courses the approved
// participants who on asOf are employed in the region. A round belongs to the
// year of its last day, a course day to its own. Cancelled rounds do not count,
// courses without anything have no row. fault.NotFound when the viewer may not
// see the region's figures.
func Courses(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, year int, asOf clock.Day) (CourseTable, error) {
	t := CourseTable{Year: year, AsOf: asOf}
	if err := region(ctx, q, viewer, regionID); err != nil {
		return t, err
	}
	var err error
	if t.Journey, err = journeyByID(ctx, q, journeyID); err != nil {
		return t, err
	}
	type counts struct {
		courseID               int64
		delivery               catalogue.Delivery
		rounds, days, approved int
	}
	columns := func(c *counts) []any { return []any{&c.courseID, &c.delivery, &c.rounds, &c.days, &c.approved} }
	from, until := clock.YearStart(year), min(clock.YearEnd(year), asOf)
	given, err := db.Rows(ctx, q, columns, `
		SELECT
			r.course_id,
			r.delivery,
			SUM(CASE WHEN r.last_day >= $3 AND r.last_day <= $4 AND EXISTS (
				SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NOT NULL) THEN 1 ELSE 0 END),
			SUM((
				SELECT COUNT(*) FROM course_day AS d
				WHERE d.round_id = r.id AND d.held_at IS NOT NULL AND d.day >= $3 AND d.day <= $4)),
			SUM(CASE WHEN r.last_day >= $3 AND r.last_day <= $5 THEN (
				SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_on <= $6)
				ELSE 0 END)
		FROM round AS r
		JOIN course_journey AS cj ON cj.course_id = r.course_id AND cj.journey_id = $2
		WHERE r.region_id = $1
		AND r.delivery = 'regional'
		AND r.cancelled_at IS NULL
		AND r.last_day >= $3
		AND r.first_day <= $4
		GROUP BY r.course_id, r.delivery
		UNION ALL
		SELECT
			r.course_id,
			r.delivery,
			0,
			0,
			COUNT(*)
		FROM round AS r
		JOIN course_journey AS cj ON cj.course_id = r.course_id AND cj.journey_id = $2
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_on <= $6
		JOIN employment AS e ON e.person_id = n.person_id AND e.region_id = $1
			AND e.from_day <= $6 AND (e.to_day IS NULL OR e.to_day >= $6)
		WHERE r.region_id IS NULL
		AND r.delivery = 'national'
		AND r.cancelled_at IS NULL
		AND r.last_day >= $3
		AND r.last_day <= $5
		GROUP BY r.course_id, r.delivery`,
		regionID, journeyID, from, until, clock.YearEnd(year), asOf)
	if err != nil {
		return t, err
	}
	inOrder, err := catalogue.Courses(ctx, q, journeyID)
	if err != nil {
		return t, err
	}
	for _, c := range inOrder {
		for _, g := range given {
			if g.courseID != c.ID || g.rounds+g.days+g.approved == 0 {
				continue
			}
			row := CourseRow{Course: c, Delivery: g.delivery, Approved: g.approved}
			t.Total.Approved += g.approved
			if g.delivery != catalogue.National {
				row.Rounds, row.CourseDays = &g.rounds, &g.days
				t.Total.Rounds += g.rounds
				t.Total.CourseDays += g.days
				t.Total.ApprovedRegional += g.approved
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// DayCount is how many were charged for on one course day.
type DayCount struct {
	CourseDayID  int64
	Day          clock.Day
	Course       string
	Round        string
	Ordinal      int // of the day in its round
	Participants int
}

// DayTable is the held course days of a year in their order, with the billed
// participant-days (domain.md, "Money") and their mean, least and most per day;
// all zero without a day.
type DayTable struct {
	Days            []DayCount
	ParticipantDays int
	Mean            Tenths // ParticipantDays / len(Days)
	Min, Max        int
}

// CourseDays is the days that the region held of the journey's courses (0: of
// any course) in the year, up to and including asOf. fault.NotFound when the
// viewer may not see the region's figures.
func CourseDays(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, year int, asOf clock.Day) (DayTable, error) {
	if err := region(ctx, q, viewer, regionID); err != nil {
		return DayTable{}, err
	}
	days, err := db.Rows(ctx, q, func(d *DayCount) []any {
		return []any{&d.CourseDayID, &d.Day, &d.Course, &d.Round, &d.Ordinal, &d.Participants}
	}, `
		SELECT
			d.id,
			d.day,
			c.name,
			r.label,
			d.ordinal,
			COALESCE(n.billed, 0)
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN course AS c ON c.id = r.course_id
		LEFT JOIN (
			SELECT
				cd.id,
				COUNT(*) FILTER (WHERE `+economy.Billed+`) AS billed
			FROM `+economy.ParticipantDays+`
			WHERE `+economy.Counting+`
			AND r.region_id = $1
			AND cd.day >= $3
			AND cd.day <= $4
			GROUP BY cd.id
		) AS n ON n.id = d.id
		WHERE `+economy.Counting+`
		AND r.region_id = $1
		AND d.held_at IS NOT NULL
		AND d.day >= $3
		AND d.day <= $4
		AND ($2 = 0 OR EXISTS (SELECT 1 FROM course_journey AS cj WHERE cj.course_id = c.id AND cj.journey_id = $2))
		ORDER BY d.day, d.starts, d.id`,
		regionID, journeyID, clock.YearStart(year), min(clock.YearEnd(year), asOf))
	if err != nil {
		return DayTable{}, err
	}
	return SumDays(days), nil
}

// SumDays is the table of the days.
func SumDays(days []DayCount) DayTable {
	t := DayTable{Days: days}
	for i, d := range days {
		t.ParticipantDays += d.Participants
		if i == 0 || d.Participants < t.Min {
			t.Min = d.Participants
		}
		t.Max = max(t.Max, d.Participants)
	}
	t.Mean = Mean(t.ParticipantDays, len(days))
	return t
}
