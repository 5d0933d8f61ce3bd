package history

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Given is what was given of a course in a year before.
type Given struct {
	Year         int
	Course       string
	Slug         string
	Completed    int // people
	Rounds       int
	Days         int
	Participants int // participant-days with a seat
	Attended     int // of these, those who came
}

// Asked is a question about a course in a year before, with how many gave each answer.
type Asked struct {
	Year     int
	Course   string
	Question string
	Answers  []string
	Counts   []int
	Total    int
}

// visible is nil when the viewer may see the region's figures.
func visible(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) error {
	region, err := organisation.ByID(ctx, q, regionID)
	if err == nil && region.Kind != organisation.Region {
		err = fault.NotFound
	}
	if err == nil {
		err = access.Figures(viewer).Allow(region.Place())
	}
	return err
}

// GivenIn is what the region gave before, as it was read in: the latest year first, for who may see
// the region's figures.
func GivenIn(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]Given, error) {
	if err := visible(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(g *Given) []any {
		return []any{&g.Year, &g.Course, &g.Slug, &g.Completed, &g.Rounds, &g.Days, &g.Participants, &g.Attended}
	}, `
		SELECT
			f.year,
			c.name,
			c.slug,
			SUM(f.completed),
			SUM(f.rounds),
			SUM(f.days),
			SUM(f.participants),
			SUM(f.attended)
		FROM (
			SELECT
				CAST(SUBSTR(CAST(k.completed_on AS TEXT), 1, 4) AS INTEGER) AS year,
				k.course_id,
				COUNT(*) AS completed,
				0 AS rounds,
				0 AS days,
				0 AS participants,
				0 AS attended
			FROM history_import AS i
			JOIN history_row AS r ON r.import_id = i.id
			JOIN completion AS k ON k.id = r.completion_id AND k.revoked_at IS NULL
			WHERE i.region_id = $1
			GROUP BY 1, 2
			UNION ALL
			SELECT
				CAST(SUBSTR(CAST(d.day AS TEXT), 1, 4) AS INTEGER),
				d.course_id,
				0,
				COUNT(DISTINCT d.label),
				COUNT(DISTINCT d.label || ' ' || CAST(d.day AS TEXT)),
				SUM(d.participants),
				SUM(d.attended)
			FROM history_day AS d
			WHERE d.region_id = $1
			AND d.withdrawn_at IS NULL
			GROUP BY 1, 2
		) AS f
		JOIN course AS c ON c.id = f.course_id
		GROUP BY f.year, c.id, c.name, c.slug, c.sort_key
		ORDER BY f.year DESC, c.sort_key, c.id`, regionID)
}

// AskedIn are the answers to evaluations that the region had before, as they were read in: the
// latest year first, for who may see the region's figures.
func AskedIn(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]Asked, error) {
	if err := visible(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	type answer struct {
		Asked
		answer string
		count  int
	}
	rows, err := db.Rows(ctx, q, func(a *answer) []any { return []any{&a.Year, &a.Course, &a.Question, &a.answer, &a.count} }, `
		SELECT
			a.year,
			c.name,
			a.question,
			a.answer,
			a.answers
		FROM history_answer AS a
		JOIN course AS c ON c.id = a.course_id
		WHERE a.region_id = $1
		AND a.withdrawn_at IS NULL
		ORDER BY a.year DESC, c.sort_key, c.id, a.question, a.ordinal, a.id`, regionID)
	var all []Asked
	for _, r := range rows {
		last := len(all) - 1
		if last < 0 || all[last].Year != r.Year || all[last].Course != r.Course || all[last].Question != r.Question {
			all, last = append(all, r.Asked), last+1
		}
		a := &all[last]
		a.Answers, a.Counts, a.Total = append(a.Answers, r.answer), append(a.Counts, r.count), a.Total+r.count
	}
	return all, err
}
