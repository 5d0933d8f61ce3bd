package learning

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// UnderWay is how many people have begun a course in an edition and not
// completed it, by edition (but for one that a group tries and that does not count): numbers alone, for those who write courses.
func UnderWay(ctx context.Context, q db.Querier, viewer access.Viewer, course catalogue.Course) (map[int64]int, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return byEdition(ctx, q, `
		SELECT
			s.edition_id,
			COUNT(*)
		FROM study AS s
		JOIN edition AS e ON e.id = s.edition_id
		WHERE e.course_id = $1
		AND `+lifetime.CountsSQL("e.id")+`
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = s.person_id AND c.course_id = s.course_id AND c.revoked_at IS NULL)
		GROUP BY s.edition_id`, course.ID)
}

// CompletedIn is how many people have completed the course in each edition:
// numbers alone, for those who write courses.
func CompletedIn(ctx context.Context, q db.Querier, viewer access.Viewer, course catalogue.Course) (map[int64]int, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return byEdition(ctx, q, `
		SELECT
			c.edition_id,
			COUNT(*)
		FROM completion AS c
		WHERE c.course_id = $1
		AND c.edition_id IS NOT NULL
		AND c.revoked_at IS NULL
		GROUP BY c.edition_id`, course.ID)
}

func byEdition(ctx context.Context, q db.Querier, query string, courseID int64) (map[int64]int, error) {
	type row struct {
		edition int64
		people  int
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.edition, &r.people} }, query, courseID)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]int, len(rows))
	for _, r := range rows {
		all[r.edition] = r.people
	}
	return all, nil
}
