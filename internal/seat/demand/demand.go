// Package demand is what courses are wanted for in a region, against what is planned.
package demand

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
)

// Demand is what a course is wanted for in a region against what is planned.
// Likely are the employed who lack it and have no seat (learning.Stand.WithoutSeat); Wishes those who
// have said that they want it; Waiting those in a queue.
type Demand struct {
	CourseID int64
	Slug     string
	Course   string
	Wishes   int
	Likely   int
	Waiting  int
	Regional bool // given in rounds of the region
	Trainers int  // ready
	Rounds   int  // ahead, published or not
	Seats    int  // planned in them
	Free     int  // of those, for anybody
}

// Lacks is how many of those who want the course, or stand in line for it, have
// no seat free for them.
func (d Demand) Lacks() int { return max(0, d.Wishes+d.Waiting-d.Free) }

// In are those of the region's courses with course days that hold, in Swedish order, for
// those who manage its rounds. fault.NotFound for others.
func In(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day) ([]Demand, error) {
	if regionID == 0 || !round.Manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	type row struct {
		Demand
		demanded bool // people are asked for it
	}
	rows, err := db.Rows(ctx, q, func(d *row) []any {
		return []any{&d.CourseID, &d.Slug, &d.Course, &d.Wishes, &d.Trainers, &d.Rounds, &d.Seats, &d.Free, &d.Waiting, &d.Regional, &d.demanded}
	}, `
		SELECT
			c.id,
			c.slug,
			`+catalogue.TitleSQL("c")+`,
			(SELECT COUNT(*) FROM interest AS i WHERE i.region_id = $1 AND i.course_id = c.id AND i.ended_at IS NULL),
			(SELECT COUNT(*) FROM trainer AS t WHERE t.region_id = $1 AND t.course_id = c.id AND t.ready_on <= $2 AND (t.ended_on IS NULL OR t.ended_on >= $2)),
			COUNT(r.id),
			COALESCE(SUM(r.capacity), 0),
			COALESCE(SUM(r.capacity - r.taken), 0),
			COALESCE(SUM(r.waiting), 0),
			COALESCE((
				SELECT v.delivery
				FROM course_delivery AS v
				WHERE v.course_id = c.id
				AND (v.region_id = $1 OR v.region_id IS NULL)
				AND v.from_day <= $2
				ORDER BY v.region_id IS NULL, v.from_day DESC
				LIMIT 1
			), '') = 'regional',
			`+lifetime.DemandedSQL("c.id", "$2")+`
		FROM course AS c
		LEFT JOIN (
			SELECT
				r.id,
				r.course_id,
				r.capacity,
				(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
					+ (SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND w.offered_at IS NOT NULL)
					+ `+round.SetAsideSQL+` AS taken,
				(SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND `+round.WaitsSQL+`) AS waiting
			FROM round AS r
			WHERE r.region_id = $1
			AND r.municipality_id IS NULL
			AND r.first_day > $2
			AND r.cancelled_at IS NULL
		) AS r ON r.course_id = c.id
		WHERE c.days > 0
		AND `+lifetime.HoldsSQL("c.id", "$2")+`
		GROUP BY c.id, c.slug, c.name, c.short_name, c.sort_key
		ORDER BY c.sort_key`, regionID, today)
	if err != nil {
		return nil, err
	}
	// Only of courses that the region gives in rounds: those that everybody takes
	// at work would be counted person by person for nothing.
	var given []int64
	for _, d := range rows {
		if d.demanded && (d.Regional || d.Rounds+d.Wishes+d.Waiting > 0) {
			given = append(given, d.CourseID)
		}
	}
	counts, err := likelyFor(ctx, q, regionID, given, today)
	if err != nil {
		return nil, err
	}
	all := make([]Demand, len(rows))
	for i, d := range rows {
		all[i] = d.Demand
		all[i].Likely = counts[d.CourseID]
	}
	return all, nil
}

// likelyFor counts the likely participants of each of the courses.
func likelyFor(ctx context.Context, q db.Querier, regionID int64, courses []int64, today clock.Day) (map[int64]int, error) {
	type likely struct {
		course int64
		people int
	}
	in, ids := db.In("c.id", courses)
	var b db.Builder
	// Who lacks a course is learning's to say. The few courses are found once, and
	// each of the region's people then meets those of their journey. Most people
	// have no seat ahead, which one set tells, so that only the others are asked
	// for which course it is. That person_id is more than 0 says nothing
	// new: see Year.
	b.Add(`
		WITH meant AS MATERIALIZED (
			SELECT
				j.journey_id,
				j.step_id,
				c.id AS course_id,
				c.audience
			FROM course AS c
			JOIN course_journey AS j ON j.course_id = c.id`).
		Add("WHERE "+in, ids...).
		Add(`
		)
		SELECT m.course_id, COUNT(DISTINCT e.person_id)
		FROM employed AS e
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		JOIN meant AS m ON m.journey_id = a.journey_id
		WHERE e.region_id = ?
		AND e.from_day <= ?
		AND (e.to_day IS NULL OR e.to_day >= ?)`, today, today, regionID, today, today)
	learning.AddMeant(b.Add("AND"), "m", "m", today).Add(`
		AND NOT EXISTS (
			SELECT 1 FROM completion AS d WHERE d.person_id = e.person_id AND d.course_id = m.course_id AND d.revoked_at IS NULL
			AND d.completed_on <= ?
		)
		AND (
			e.person_id NOT IN (
				SELECT n.person_id
				FROM round AS r
				JOIN enrolment AS n ON n.round_id = r.id AND n.person_id > 0
				WHERE`, today)
	learning.AddSeat(&b, today).Add(`
			)
			OR NOT EXISTS (
				SELECT 1
				FROM enrolment AS n
				JOIN round AS r ON r.id = n.round_id
				WHERE n.person_id = e.person_id
				AND r.course_id = m.course_id
				AND`)
	learning.AddSeat(&b, today).Add(`
			)
		)
		GROUP BY m.course_id`)
	counts, err := db.Rows(ctx, q, func(l *likely) []any { return []any{&l.course, &l.people} }, b.String(), b.Args()...)
	people := make(map[int64]int, len(counts))
	for _, l := range counts {
		people[l.course] = l.people
	}
	return people, err
}
