package economy

import (
	"context"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Years are the years in which the region has course days that carry money, the newest first. That
// there are courses is no secret, so the call takes no viewer.
func Years(ctx context.Context, q db.Querier, regionID int64) ([]int, error) {
	days, err := db.Rows(ctx, q, db.One[clock.Day], `
		SELECT DISTINCT cd.day
		FROM round AS r
		JOIN course_day AS cd ON cd.round_id = r.id
		WHERE r.region_id = $1
		AND `+Counting+`
		AND (r.published_at IS NOT NULL OR cd.held_at IS NOT NULL)
		ORDER BY cd.day DESC`, regionID)
	var years []int
	for _, d := range days {
		if n := len(years); n == 0 || years[n-1] != d.Year() {
			years = append(years, d.Year())
		}
	}
	return years, err
}
