package seat

import (
	"context"
	"math"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// NextOf are the coming rounds of the course that the viewer may sign up for in
// the region or nationally, now or later, the earliest first; the round not is
// left out. Local rounds are only those of the viewer's own municipality.
func NextOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseID, not int64, today clock.Day, limit int) ([]round.Round, error) {
	return nextOf(ctx, q, viewer, courseID, not, viewer.Home.MunicipalityID, today, limit)
}

// MoveTargets are the rounds to which a seat of the round could be moved: the
// coming ones of the course, of local ones those of the same municipality.
func MoveTargets(ctx context.Context, q db.Querier, viewer access.Viewer, r round.Round, today clock.Day) ([]round.Round, error) {
	return nextOf(ctx, q, viewer, r.CourseID, r.ID, r.MunicipalityID, today, math.MaxInt32)
}

func nextOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseID, not, municipalityID int64, today clock.Day, limit int) ([]round.Round, error) {
	condition, args := round.Visible(viewer)
	var b db.Builder
	b.Add("SELECT"+round.RoundColumns+`
		FROM round AS r`+round.RoundTables+`
		WHERE r.course_id = ?
		AND r.first_day > ?
		AND r.signup_until >= ?
		AND r.published_at IS NOT NULL
		AND r.cancelled_at IS NULL
		AND COALESCE(`+lifetime.RetiredFromSQL("r.course_id")+` > ?, TRUE)
		AND COALESCE(`+lifetime.RetiredFromSQL("r.course_id")+` > r.signup_from, TRUE)
		AND (r.municipality_id IS NULL OR r.municipality_id = ?)
		AND r.id <> ?`, courseID, today, today, today, municipalityID, not).
		Add("AND "+condition, args...).
		Add("ORDER BY r.first_day, r.id LIMIT ?", limit)
	return db.Rows(ctx, q, (*round.Round).Columns, b.String(), b.Args()...)
}
