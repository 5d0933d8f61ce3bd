package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/people"
)

// CourseRow is one course's rounds of a year. Rounds and CourseDays are nil for
// a national course: the region arranges none of it.
type CourseRow struct {
	Course     catalogue.Course
	Journeys   []catalogue.Journey // whose course it is; of the one asked for in a journey's table
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

// CourseTable is the courses of a journey that were given in a year, or of all.
type CourseTable struct {
	Journey catalogue.Journey // zero when the courses are of all journeys
	Year    int
	AsOf    clock.Day
	Rows    []CourseRow
	Total   CourseTotal
}

// Courses is what was given of the journey's courses (0: of all, each once) in the year, up to and
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
	if journeyID != 0 {
		if t.Journey, err = journeyByID(ctx, q, journeyID); err != nil {
			return t, err
		}
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
				SELECT 1 FROM course_day AS cd WHERE cd.round_id = r.id AND `+economy.Held+`) THEN 1 ELSE 0 END),
			SUM((
				SELECT COUNT(*) FROM course_day AS cd
				WHERE cd.round_id = r.id AND `+economy.Held+` AND cd.day >= $3 AND cd.day <= $4)),
			SUM(CASE WHEN r.last_day >= $3 AND r.last_day <= $5 THEN (
				SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_on <= $6)
				ELSE 0 END)
		FROM round AS r
		WHERE r.region_id = $1
		AND `+ofJourney+`
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
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_on <= $6
		JOIN employment AS e ON `+people.SendsSQL("e", "n")+` AND e.region_id = $1
			AND e.from_day <= $6 AND (e.to_day IS NULL OR e.to_day >= $6)
		WHERE r.region_id IS NULL
		AND `+ofJourney+`
		AND r.delivery = 'national'
		AND r.cancelled_at IS NULL
		AND r.last_day >= $3
		AND r.last_day <= $5
		GROUP BY r.course_id, r.delivery`,
		regionID, journeyID, from, until, clock.YearEnd(year), asOf)
	if err != nil {
		return t, err
	}
	inOrder, err := inJourneys(ctx, q, journeyID)
	if err != nil {
		return t, err
	}
	for _, c := range inOrder {
		for _, g := range given {
			if g.courseID != c.Course.ID || g.rounds+g.days+g.approved == 0 {
				continue
			}
			row := CourseRow{Course: c.Course, Journeys: c.Journeys, Delivery: g.delivery, Approved: g.approved}
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

// ofJourney asks for the rounds of a journey's courses, of all when $2 is 0.
const ofJourney = `($2 = 0 OR EXISTS (SELECT 1 FROM course_journey AS cj WHERE cj.course_id = r.course_id AND cj.journey_id = $2))`

// inJourneys are the journey's courses in its order; of all journeys (0) each course once, where its
// first journey has it, and those of no journey last.
func inJourneys(ctx context.Context, q db.Querier, journeyID int64) ([]CourseRow, error) {
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return nil, err
	}
	var rows []CourseRow
	at := map[int64]int{}
	add := func(c catalogue.Course) *CourseRow {
		if _, met := at[c.ID]; !met {
			at[c.ID] = len(rows)
			rows = append(rows, CourseRow{Course: c})
		}
		return &rows[at[c.ID]]
	}
	for _, j := range journeys {
		if journeyID != 0 && j.ID != journeyID {
			continue
		}
		courses, err := catalogue.Courses(ctx, q, j.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range courses {
			row := add(c)
			row.Journeys = append(row.Journeys, j)
		}
	}
	if journeyID == 0 {
		all, err := catalogue.AllCourses(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			add(c)
		}
	}
	return rows, nil
}
