package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// GiveUp gives up what somebody who has got another workplace, or none, can no
// longer use: everything in rounds on whose first day they are employed nowhere,
// and what they have in the local rounds of municipalities where they do not work
// on the first day, since such a round is for those who work there. Seats go to
// who waits, an open offer ends. A round that has begun is theirs to finish, and
// regional rounds go along to another workplace. It asks no viewer; the viewer is
// who brought it about. The answer is the rounds; reason is told to the person.
func GiveUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, reason string, now clock.Instant) ([]int64, error) {
	type place struct{ round, seat, wait int64 }
	places, err := db.Rows(ctx, tx, func(p *place) []any { return []any{&p.round, &p.seat, &p.wait} }, `
		SELECT
			r.id,
			mine.seat,
			mine.wait
		FROM (
			SELECT n.round_id, n.id AS seat, 0 AS wait, n.employer_id
			FROM enrolment AS n
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM attendance AS a WHERE a.enrolment_id = n.id)
			UNION ALL
			SELECT w.round_id, 0, w.id, w.employer_id
			FROM queue_entry AS w
			WHERE w.person_id = $1
			AND w.ended_at IS NULL
		) AS mine
		JOIN round AS r ON r.id = mine.round_id
		WHERE r.cancelled_at IS NULL
		AND r.first_day >= $2
		AND NOT EXISTS (
			SELECT 1
			FROM employment AS e
			WHERE e.person_id = $1
			AND (r.municipality_id IS NULL OR e.municipality_id = r.municipality_id)
			AND (mine.employer_id IS NULL OR COALESCE(e.municipality_id, e.region_id) = mine.employer_id)
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

// Brought notes in the regional rounds that are ahead that somebody has brought
// their seat, or their place in the queue, to another workplace in the region,
// where they work on the round's first day: its manager is asked by letter
// whether it is to be kept. It asks no viewer; the viewer is who brought it
// about. The answer is the rounds.
func Brought(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, organisationID int64, now clock.Instant) ([]int64, error) {
	rounds, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT r.id
		FROM round AS r
		JOIN employment AS e ON e.person_id = $1 AND e.organisation_id = $2
			AND e.from_day <= r.first_day AND (e.to_day IS NULL OR e.to_day >= r.first_day)
		WHERE r.municipality_id IS NULL
		AND r.region_id = e.region_id
		AND r.cancelled_at IS NULL
		AND r.first_day > $3
		AND (
			EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id = $1 AND n.withdrawn_at IS NULL)
			OR EXISTS (SELECT 1 FROM queue_entry AS w WHERE w.round_id = r.id AND w.person_id = $1 AND w.ended_at IS NULL)
		)
		ORDER BY r.id`, personID, organisationID, now.Day())
	if err != nil {
		return nil, err
	}
	for _, id := range rounds {
		events := round.NewLog(id, viewer, now)
		if err := events.Add(round.WasBrought, 0, personID, round.Words{}); err != nil {
			return nil, err
		}
		if err := events.Write(ctx, tx); err != nil {
			return nil, err
		}
	}
	return rounds, nil
}
