package round

import (
	"context"

	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Leader is somebody who holds a day of a round, with how to reach them. Email is
// empty when none is known.
type Leader struct{ Name, Email string }

// Leaders are those who hold the days of the round, by name, so that what one needs can
// be said to somebody. It asks no viewer: it is for who has read the round.
func Leaders(ctx context.Context, q db.Querier, d Detail) ([]Leader, error) {
	return db.Rows(ctx, q, func(l *Leader) []any { return []any{&l.Name, &l.Email} }, `
		SELECT
			TRIM(p.given_name || ' ' || p.family_name),
			`+people.AddressSQL("p")+`
		FROM person AS p
		WHERE p.id IN (
			SELECT t.person_id
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			WHERE d.round_id = $1
			AND COALESCE(t.answer, '') <> 'declined'
		)
		ORDER BY p.sort_key, p.id`, d.ID)
}
