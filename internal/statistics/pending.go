package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Pending is what of a municipality's waits for somebody: sign-ups for rounds to
// come that wait for a manager's word, the oldest of them since Since, offers that
// nobody has answered, and people in line for a seat.
type Pending struct {
	Managers int
	Since    *clock.Instant // nil when none waits
	Offers   int
	InLine   int
}

// PendingIn counts what waits in the municipality on the day. fault.NotFound when the
// viewer may not see the figures of its region.
func PendingIn(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, day clock.Day) (Pending, error) {
	if m.Kind != organisation.Municipality || !access.Figures(viewer).Covers(m.Place()) {
		return Pending{}, fault.NotFound
	}
	return db.Row(ctx, q, func(p *Pending) []any { return []any{&p.Managers, &p.Since, &p.Offers, &p.InLine} }, `
		SELECT
			COUNT(*) FILTER (WHERE w.needs_manager AND w.allowed_at IS NULL),
			MIN(CASE WHEN w.needs_manager AND w.allowed_at IS NULL THEN w.joined_at END),
			COUNT(*) FILTER (WHERE w.offered_at IS NOT NULL),
			COUNT(*) FILTER (WHERE w.offered_at IS NULL AND (NOT w.needs_manager OR w.allowed_at IS NOT NULL))
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN employed AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		WHERE e.municipality_id = $1
		AND w.ended_at IS NULL
		AND r.cancelled_at IS NULL
		AND r.first_day > $2`, m.ID, day)
}
