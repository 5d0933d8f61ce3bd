package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// RoundsAYear is the aim: so many rounds per course and year (domain.md, "A
// regional round").
const RoundsAYear = 2

// TrainersADay is the smallest team of a course day (domain.md, "Who": teams of
// two or three).
const TrainersADay = 2

// YearPlan is a region's year: the courses that it gives in rounds of its own,
// in Swedish order, each with its rounds. Courses that have rounds in the year
// though they are given in another way stand there too.
type YearPlan struct {
	Year    int
	Courses []CourseYear
}

// CourseYear is a course's year in a region. Team counts those ready to teach
// it on the day that one asks.
type CourseYear struct {
	ID       int64
	Slug     string
	Title    string
	Days     int // course days of a round
	Team     int
	Regional bool // given in rounds of the region
	Rounds   []PlannedRound
}

// Missing is how many rounds lack to the aim. Cancelled ones do not count.
func (c CourseYear) Missing() int {
	if !c.Regional {
		return 0
	}
	missing := RoundsAYear
	for _, r := range c.Rounds {
		if r.CancelledAt == nil {
			missing--
		}
	}
	return max(0, missing)
}

// PlannedRound is a round in a year's plan. Its Round has what a plan shows:
// dates, seats and status; whether its participants are approved is not asked.
type PlannedRound struct {
	Round
	CourseDays []PlannedDay
}

// PlannedDay is a course day in a year's plan. Trainers counts those who hold it
// and have not declined.
type PlannedDay struct {
	ID       int64
	Day      clock.Day
	RoomID   int64
	Room     string // its name
	Place    string
	Trainers int
}

// Lacks is how many trainers lack to the smallest team.
func (d PlannedDay) Lacks() int { return max(0, TrainersADay-d.Trainers) }

// Year is the region's plan for the year, for those who manage its rounds. A
// round belongs to the year of its first day. Only rounds that begin from the
// first day to the last one, a term of the year, have their days and seats.
func Year(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int, first, last, today clock.Day) (YearPlan, error) {
	if !manages(viewer, regionID) || regionID == 0 {
		return YearPlan{}, fault.NotFound
	}
	from, until := clock.YearStart(year), clock.YearEnd(year)
	courses, err := db.Rows(ctx, q, func(c *CourseYear) []any {
		return []any{&c.ID, &c.Slug, &c.Title, &c.Days, &c.Team, &c.Regional}
	}, `
		SELECT
			c.id,
			c.slug,
			`+catalogue.TitleSQL("c")+`,
			c.days,
			(
				SELECT COUNT(*)
				FROM trainer AS t
				WHERE t.region_id = $1
				AND t.course_id = c.id
				AND t.ready_on <= $2
				AND (t.ended_on IS NULL OR t.ended_on >= $2)
			),
			COALESCE((
				SELECT v.delivery
				FROM course_delivery AS v
				WHERE v.course_id = c.id
				AND (v.region_id = $1 OR v.region_id IS NULL)
				AND v.from_day <= $3
				ORDER BY v.region_id IS NULL, v.from_day DESC
				LIMIT 1
			), '') = 'regional'
		FROM course AS c
		ORDER BY c.sort_key`, regionID, today, until)
	if err != nil {
		return YearPlan{}, err
	}
	// That person_id is more than 0 says nothing new, but lets SQLite count the
	// seats in the index that has no others (enrolment_seat).
	rounds, err := db.Rows(ctx, q, func(r *PlannedRound) []any {
		return []any{
			&r.ID, &r.CourseID, &r.Label, &r.Capacity, &r.SignupFrom, &r.SignupUntil, &r.FirstDay, &r.LastDay,
			&r.PublishedAt, &r.ConfirmedAt, &r.CancelledAt, &r.Seats,
		}
	}, `
		SELECT
			r.id,
			r.course_id,
			r.label,
			r.capacity,
			r.signup_from,
			r.signup_until,
			r.first_day,
			r.last_day,
			r.published_at,
			r.confirmed_at,
			r.cancelled_at,
			CASE WHEN r.first_day BETWEEN $4 AND $5 THEN (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL) ELSE 0 END
		FROM round AS r
		WHERE r.region_id = $1
		AND r.first_day BETWEEN $2 AND $3
		ORDER BY r.first_day, r.id`, regionID, from, until, first, last)
	if err != nil {
		return YearPlan{}, err
	}
	type day struct {
		PlannedDay
		round int64
		held  bool
	}
	days, err := db.Rows(ctx, q, func(d *day) []any {
		return []any{&d.round, &d.ID, &d.Day, &d.RoomID, &d.Room, &d.Place, &d.held, &d.Trainers}
	}, `
		SELECT
			d.round_id,
			d.id,
			d.day,
			COALESCE(d.room_id, 0),
			COALESCE(o.name, ''),
			d.place,
			d.held_at IS NOT NULL,
			(SELECT COUNT(*) FROM day_trainer AS t WHERE t.course_day_id = d.id AND COALESCE(t.answer, '') <> 'declined')
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		LEFT JOIN room AS o ON o.id = d.room_id
		WHERE r.region_id = $1
		AND r.first_day BETWEEN $2 AND $3
		ORDER BY d.round_id, d.ordinal`, regionID, first, last)
	if err != nil {
		return YearPlan{}, err
	}
	at := make(map[int64]*PlannedRound, len(rounds))
	for i := range rounds {
		at[rounds[i].ID] = &rounds[i]
	}
	for _, d := range days {
		r := at[d.round]
		r.CourseDays = append(r.CourseDays, d.PlannedDay)
		r.Days++
		if d.held {
			r.Held++
		}
	}
	byCourse := map[int64][]PlannedRound{}
	for _, r := range rounds {
		byCourse[r.CourseID] = append(byCourse[r.CourseID], r)
	}
	plan := YearPlan{Year: year}
	for _, c := range courses {
		c.Rounds = byCourse[c.ID]
		if c.Regional || len(c.Rounds) > 0 {
			plan.Courses = append(plan.Courses, c)
		}
	}
	return plan, nil
}
