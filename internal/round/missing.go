package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Missing is a colleague who is away from the unit on a day: on a course or on leave.
type Missing struct {
	Day   clock.Day
	Name  string
	Leave bool
}

// MissingWith are, by entry of a queue, the colleagues of the same unit who are away
// on the days of its round, in order of day and name: what a manager weighs. Only
// those whom the viewer answers for.
func MissingWith(ctx context.Context, q db.Querier, viewer access.Viewer, entries []int64) (map[int64][]Missing, error) {
	all := map[int64][]Missing{}
	if len(entries) == 0 {
		return all, nil
	}
	const onLeave = `EXISTS (SELECT 1 FROM leave AS l WHERE l.person_id = c.person_id AND l.from_day <= d.day AND (l.to_day IS NULL OR l.to_day >= d.day))`
	condition, args := access.Staff(viewer).Where(access.Columns{Region: "c.region_id", Municipality: "c.municipality_id", Unit: "c.organisation_id"})
	in, ids := db.In("w.id", entries)
	var b db.Builder
	b.Add(`
		SELECT
			w.id,
			d.day,
			TRIM(p.given_name || ' ' || p.family_name),
			`+onLeave+`
		FROM queue_entry AS w
		JOIN course_day AS d ON d.round_id = w.round_id
		JOIN employment AS e ON e.person_id = w.person_id AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		JOIN employed AS c ON c.organisation_id = e.organisation_id AND c.person_id <> e.person_id AND c.from_day <= d.day AND (c.to_day IS NULL OR c.to_day >= d.day)
		JOIN person AS p ON p.id = c.person_id`).
		Add("WHERE "+in, ids...).
		Add("AND "+condition, args...).
		Add(`AND (` + onLeave + ` OR EXISTS (
			SELECT 1
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			JOIN course_day AS o ON o.round_id = r.id
			WHERE n.person_id = c.person_id
			AND n.withdrawn_at IS NULL
			AND r.cancelled_at IS NULL
			AND o.day = d.day))
		ORDER BY w.id, d.day, d.id, c.sort_key, c.id`)
	type row struct {
		entry int64
		Missing
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.entry, &r.Day, &r.Name, &r.Leave} }, b.String(), b.Args()...)
	for _, r := range rows {
		all[r.entry] = append(all[r.entry], r.Missing)
	}
	return all, err
}
