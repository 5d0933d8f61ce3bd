package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// GiveUpLocal gives up what somebody who has got another workplace, or none, has
// in the local rounds of municipalities where they do not work on the first day:
// such a round is for those who work there, and from then on its planners no
// longer see them. A round that has begun is theirs to finish, and regional
// rounds go with the person. It asks no viewer; the viewer is who brought it
// about. The answer is the rounds; reason is told to the person.
func GiveUpLocal(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, reason string, now clock.Instant) ([]int64, error) {
	type place struct{ round, seat, wait int64 }
	places, err := db.Rows(ctx, tx, func(p *place) []any { return []any{&p.round, &p.seat, &p.wait} }, `
		SELECT
			r.id,
			mine.seat,
			mine.wait
		FROM (
			SELECT n.round_id, n.id AS seat, 0 AS wait
			FROM enrolment AS n
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM attendance AS a WHERE a.enrolment_id = n.id)
			UNION ALL
			SELECT w.round_id, 0, w.id
			FROM queue_entry AS w
			WHERE w.person_id = $1
			AND w.ended_at IS NULL
		) AS mine
		JOIN round AS r ON r.id = mine.round_id
		WHERE r.municipality_id IS NOT NULL
		AND r.cancelled_at IS NULL
		AND r.first_day >= $2
		AND NOT EXISTS (
			SELECT 1
			FROM employment AS e
			WHERE e.person_id = $1
			AND e.municipality_id = r.municipality_id
			AND e.from_day <= r.first_day
			AND (e.to_day IS NULL OR e.to_day >= r.first_day)
		)
		ORDER BY r.id`, personID, now.Day())
	if err != nil {
		return nil, err
	}
	var rounds []int64
	for _, p := range places {
		if p.wait != 0 {
			e, err := openEntryOf(ctx, tx, access.System(), p.wait, now)
			if err != nil {
				if fault.Of(err) != nil {
					continue // an offer that has lapsed: it ends by itself
				}
				return nil, err
			}
			e.events = round.NewLog(p.round, viewer, now)
			if err := e.finish(ctx, tx, byWithdrawal, round.LeftQueue, round.Words{Reason: reason}); err != nil {
				return nil, err
			}
		} else {
			s, err := hold(ctx, tx, access.System(), p.round, now)
			if err != nil {
				return nil, err
			}
			s.events = round.NewLog(p.round, viewer, now)
			if err := (Leaving{places: s, enrolment: p.seat, person: personID}).give(ctx, tx, round.WasWithdrawn, round.Words{Reason: reason}); err != nil {
				return nil, err
			}
			if err := s.done(ctx, tx); err != nil {
				return nil, err
			}
		}
		rounds = append(rounds, p.round)
	}
	return rounds, nil
}
