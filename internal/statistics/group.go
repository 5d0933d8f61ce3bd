package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/people"
)

// Group is the journey's accounts and completions per municipality of those that are in the
// group on the day. In the total somebody who works for two municipalities of the region counts
// in the one of their main employment, as in the region's. fault.Forbidden and fault.NotFound
// as in access.Scope.Allow.
func Group(ctx context.Context, q db.Querier, viewer access.Viewer, g municipalgroup.Group, journeyID int64, day clock.Day) (AccountTable, CompletionTable, error) {
	members, err := municipalgroup.Members(ctx, q, viewer, g)
	if err != nil {
		return AccountTable{}, CompletionTable{}, err
	}
	there := municipalgroup.On(members, day)
	a, err := accounts(ctx, q, there, g.RegionID, journeyID, day)
	if err != nil {
		return AccountTable{}, CompletionTable{}, err
	}
	c, err := completions(ctx, q, there, g.RegionID, journeyID, day)
	return a, c, err
}

// GroupSeats is how many seats the members of the group have in rounds that begin in the year,
// by course and municipality, of the rounds that begin while it is a member. Somebody whose
// identity is protected counts where few or more stand together. fault.Forbidden and
// fault.NotFound as in access.Scope.Allow.
func GroupSeats(ctx context.Context, q db.Querier, viewer access.Viewer, g municipalgroup.Group, year int) (map[municipalgroup.Need]int, error) {
	if err := access.Groups(viewer).Allow(g.Place()); err != nil {
		return nil, err
	}
	type row struct {
		municipalgroup.Need
		seats int
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.CourseID, &r.MunicipalityID, &r.seats} }, `
		SELECT
			r.course_id,
			e.municipality_id,
			`+amongFew("1", "e.protected")+`
		FROM round AS r
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
		JOIN counted AS e ON `+people.SendsSQL("e", "n")+` AND e.from_day <= r.first_day AND (e.to_day IS NULL OR e.to_day >= r.first_day)
		JOIN municipal_group_member AS m ON m.municipality_id = e.municipality_id AND m.from_day <= r.first_day AND (m.to_day IS NULL OR m.to_day >= r.first_day)
		WHERE m.group_id = $1
		AND r.first_day >= $2
		AND r.first_day < $3
		AND r.published_at IS NOT NULL
		AND r.cancelled_at IS NULL
		GROUP BY r.course_id, e.municipality_id`, g.ID, clock.YearStart(year), clock.YearStart(year+1))
	seats := make(map[municipalgroup.Need]int, len(rows))
	for _, r := range rows {
		seats[r.Need] = r.seats
	}
	return seats, err
}
