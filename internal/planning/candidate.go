package planning

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Candidate is somebody who could hold a day of a course. Municipality is the
// employer's name, empty for RSS staff. InTeam tells that they belong to the
// course's team, Ready that they are ready to teach it.
type Candidate struct {
	PersonID     int64
	Name         string
	Municipality string
	InTeam       bool
	Ready        bool
}

// Candidates are those who are in a team of the region on the day: the course's
// own team first, then the others, by name in Swedish order. Of a national round
// (regionID 0) they are the course's teams in all regions.
func Candidates(ctx context.Context, q db.Querier, viewer access.Viewer, courseID, regionID int64, today clock.Day) ([]Candidate, error) {
	if !round.Manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, func(c *Candidate) []any {
		return []any{&c.PersonID, &c.Name, &c.Municipality, &c.InTeam, &c.Ready}
	}, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(m.name, ''),
			a.in_team = 1,
			a.ready = 1
		FROM (
			SELECT
				t.person_id,
				MAX(CASE WHEN t.course_id = $1 THEN 1 ELSE 0 END) AS in_team,
				MAX(CASE WHEN t.course_id = $1 AND t.ready_on <= $3 THEN 1 ELSE 0 END) AS ready
			FROM trainer AS t
			WHERE (t.region_id = $2 OR $2 = 0 AND t.course_id = $1)
			AND (t.ended_on IS NULL OR t.ended_on >= $3)
			GROUP BY t.person_id
		) AS a
		JOIN person AS p ON p.id = a.person_id
		LEFT JOIN employed AS e ON e.main AND e.person_id = p.id AND e.from_day <= $3 AND (e.to_day IS NULL OR e.to_day >= $3)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		ORDER BY a.in_team DESC, p.sort_key, p.id`, courseID, regionID, today)
}
