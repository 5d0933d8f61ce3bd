package planning

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Given is how a region gives a course: as everybody does (Usual), on the day (Now), and
// from NextOn, which is nil when no other way is chosen, as Next.
type Given struct {
	Course catalogue.Course
	Usual  catalogue.Delivery
	Now    catalogue.Delivery
	Next   catalogue.Delivery
	NextOn *clock.Day
}

// GivenIn is how the region gives each course with course days that holds, in Swedish order, for
// those who arrange its rounds.
func GivenIn(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) (given []Given, err error) {
	if err := access.ManageRounds(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return nil, err
	}
	courses, err := catalogue.CoursesOn(ctx, q, day)
	if err != nil {
		return nil, err
	}
	usual, err := catalogue.Deliveries(ctx, q, 0, day)
	if err != nil {
		return nil, err
	}
	now, err := catalogue.Deliveries(ctx, q, regionID, day)
	if err != nil {
		return nil, err
	}
	type change struct {
		course int64
		how    catalogue.Delivery
		from   clock.Day
	}
	changes, err := db.Rows(ctx, q, func(c *change) []any { return []any{&c.course, &c.how, &c.from} }, `
		SELECT course_id, delivery, from_day
		FROM course_delivery
		WHERE region_id = $1
		AND from_day > $2
		ORDER BY from_day DESC`, regionID, day)
	next := map[int64]change{}
	for _, c := range changes {
		next[c.course] = c // the first to come is the last of these
	}
	for _, c := range courses {
		if c.Days == 0 {
			continue
		}
		g := Given{Course: c, Usual: usual[c.ID], Now: now[c.ID]}
		if change, ok := next[c.ID]; ok {
			g.Next, g.NextOn = change.how, &change.from
		}
		given = append(given, g)
	}
	return given, err
}
