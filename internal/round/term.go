package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/room"
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
	Rooms   map[int64]string // the names of the region's rooms
}

// CourseYear is a course's year in a region. Team counts those ready to teach
// it on the day that one asks, Planned the rounds of the whole year that are not
// cancelled. Rounds are those that begin in the term that one asks for.
type CourseYear struct {
	ID       int64
	Slug     string
	Title    string
	Days     int // course days of a round
	Team     int
	Regional bool // given in rounds of the region, and not retired by the end of the year
	Planned  int
	Rounds   []PlannedRound

	RetiredFrom *clock.Day // the first day without the course, nil: it holds
}

// Ended tells whether no round of the course can begin in the year any more.
func (c CourseYear) Ended(year int, today clock.Day) bool {
	return c.RetiredFrom != nil && *c.RetiredFrom <= max(today, clock.YearStart(year))
}

// Missing is how many rounds lack to the aim. Cancelled ones do not count.
func (c CourseYear) Missing() int {
	if !c.Regional {
		return 0
	}
	return max(0, RoundsAYear-c.Planned)
}

// PlannedRound is a round in a year's plan. Its Round has what a plan shows: its
// first day, seats and status; whether its participants are approved is not
// asked.
type PlannedRound struct {
	Round
	CourseDays []PlannedDay
}

// PlannedDay is a course day in a year's plan. Trainers counts those who hold it
// and have not declined.
type PlannedDay struct {
	Day      clock.Day
	RoomID   int64  // 0: none of the region's rooms
	Place    string // of a day without a room
	Trainers int
}

// Lacks is how many trainers lack to the smallest team.
func (d PlannedDay) Lacks() int { return max(0, TrainersADay-d.Trainers) }

// Year is the region's plan for the year, for those who manage its rounds, with
// the rounds that begin from the first day to the last one, a term of the year. A
// round belongs to the year of its first day.
func Year(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int, first, last, today clock.Day) (YearPlan, error) {
	if !Manages(viewer, regionID) || regionID == 0 {
		return YearPlan{}, fault.NotFound
	}
	courses, err := db.Rows(ctx, q, func(c *CourseYear) []any {
		return []any{&c.ID, &c.Slug, &c.Title, &c.Days, &c.Team, &c.Regional, &c.Planned, &c.RetiredFrom}
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
			COALESCE(
				(SELECT v.delivery FROM course_delivery AS v WHERE v.course_id = c.id AND v.region_id = $1 AND v.from_day <= $3 ORDER BY v.from_day DESC LIMIT 1),
				(SELECT v.delivery FROM course_delivery AS v WHERE v.course_id = c.id AND v.region_id IS NULL AND v.from_day <= $3 ORDER BY v.from_day DESC LIMIT 1),
				''
			) = 'regional' AND `+lifetime.HoldsSQL("c.id", "$3")+`,
			COALESCE(r.planned, 0),
			`+lifetime.RetiredFromSQL("c.id")+`
		FROM course AS c
		LEFT JOIN (
			SELECT
				r.course_id,
				COUNT(*) AS planned
			FROM round AS r
			WHERE r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.first_day BETWEEN $4 AND $3
			AND r.cancelled_at IS NULL
			GROUP BY r.course_id
		) AS r ON r.course_id = c.id
		ORDER BY c.sort_key`, regionID, today, clock.YearEnd(year), clock.YearStart(year))
	if err != nil {
		return YearPlan{}, err
	}
	// That person_id is more than 0 says nothing new, but lets SQLite count the
	// seats in the index that has no others (enrolment_seat).
	rounds, err := db.Rows(ctx, q, func(r *PlannedRound) []any {
		return []any{
			&r.ID, &r.CourseID, &r.Label, &r.Capacity, &r.SignupFrom, &r.SignupUntil, &r.FirstDay,
			&r.PublishedAt, &r.ConfirmedAt, &r.CancelledAt, &r.RetiredFrom, &r.Seats,
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
			r.published_at,
			r.confirmed_at,
			r.cancelled_at,
			`+lifetime.RetiredFromSQL("r.course_id")+`,
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL)
		FROM round AS r
		WHERE r.region_id = $1
		AND r.municipality_id IS NULL
		AND r.deleted_at IS NULL
		AND r.first_day BETWEEN $2 AND $3
		ORDER BY r.first_day, r.id`, regionID, first, last)
	if err != nil {
		return YearPlan{}, err
	}
	type day struct {
		PlannedDay
		round int64
		held  bool
	}
	// A day in a room says the room's number alone: a term has many days and few
	// rooms.
	days, err := db.Rows(ctx, q, func(d *day) []any {
		return []any{&d.round, &d.Day, &d.RoomID, &d.Place, &d.held, &d.Trainers}
	}, `
		SELECT
			d.round_id,
			d.day,
			COALESCE(d.room_id, 0),
			CASE WHEN d.room_id IS NULL THEN d.place ELSE '' END,
			d.held_at IS NOT NULL,
			(SELECT COUNT(*) FROM day_trainer AS t WHERE t.course_day_id = d.id AND (t.answer IS NULL OR t.answer <> 'declined'))
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		WHERE r.region_id = $1
		AND r.municipality_id IS NULL
		AND r.deleted_at IS NULL
		AND r.first_day BETWEEN $2 AND $3
		ORDER BY r.first_day, r.id, d.ordinal`, regionID, first, last)
	if err != nil {
		return YearPlan{}, err
	}
	rooms, err := db.Rows(ctx, q, func(r *room.Room) []any { return []any{&r.ID, &r.Name} },
		`SELECT id, name FROM room WHERE region_id = $1`, regionID)
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
	plan := YearPlan{Year: year, Rooms: make(map[int64]string, len(rooms))}
	for _, r := range rooms {
		plan.Rooms[r.ID] = r.Name
	}
	for _, c := range courses {
		c.Rounds = byCourse[c.ID]
		if c.Regional || c.Planned+len(c.Rounds) > 0 {
			plan.Courses = append(plan.Courses, c)
		}
	}
	return plan, nil
}
