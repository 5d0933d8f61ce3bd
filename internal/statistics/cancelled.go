package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// CancelledRound is a round that was called off. Seats are those that were
// taken, against Minimum.
type CancelledRound struct {
	ID       int64
	Course   string
	Label    string
	FirstDay clock.Day
	At       clock.Instant
	Seats    int
	Minimum  int
	Cause    round.Cause
	Reason   string
}

// CancelledRounds are the region's rounds of the journey's courses (0: of any) in the year,
// cancelled up to and including asOf, the first ones first. A round belongs to
// the year of its last day, as in Courses. A plan that was never published is none
// of them: nobody was offered it. fault.NotFound when the viewer may
// not see the region's figures.
func CancelledRounds(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, year int, asOf clock.Day) ([]CancelledRound, error) {
	if err := region(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(c *CancelledRound) []any {
		return []any{&c.ID, &c.Course, &c.Label, &c.FirstDay, &c.At, &c.Seats, &c.Minimum, &c.Cause, &c.Reason}
	}, `
		SELECT
			r.id,
			c.name,
			r.label,
			r.first_day,
			r.cancelled_at,
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL),
			r.minimum,
			COALESCE(r.cancel_cause, 'other'),
			r.cancel_reason
		FROM round AS r
		JOIN course AS c ON c.id = r.course_id
		WHERE r.region_id = $1
		AND `+ofJourney+`
		AND r.municipality_id IS NULL
		AND r.published_at IS NOT NULL
		AND r.last_day BETWEEN $3 AND $4
		AND r.cancelled_at < $5
		ORDER BY r.first_day, r.id`,
		regionID, journeyID, clock.YearStart(year), clock.YearEnd(year), (asOf+1).At(0, 0))
}
