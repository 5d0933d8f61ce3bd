package people

import (
	"context"
	"errors"

	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Remaining is who stands for the person: they themselves, or whom they were merged into,
// step by step. It asks no viewer, and knows no more than the number: whoever goes on with
// it asks whether the viewer may see them.
func Remaining(ctx context.Context, q db.Querier, personID int64) (int64, error) {
	id, err := db.Row(ctx, q, db.One[int64], `
		WITH RECURSIVE way (id, into_id) AS (
			SELECT id, merged_into FROM person WHERE id = $1
			UNION
			SELECT p.id, p.merged_into FROM person AS p JOIN way ON p.id = way.into_id
		)
		SELECT id FROM way WHERE into_id IS NULL`, personID)
	if errors.Is(err, fault.NotFound) {
		return personID, nil // nobody
	}
	return id, err
}

// Selves are the person and all who were merged into them, the person first.
func Selves(ctx context.Context, q db.Querier, personID int64) ([]int64, error) {
	others, err := db.Rows(ctx, q, db.One[int64], `
		WITH RECURSIVE self (id) AS (
			SELECT id FROM person WHERE merged_into = $1
			UNION
			SELECT p.id FROM person AS p JOIN self ON p.merged_into = self.id
		)
		SELECT id FROM self ORDER BY id`, personID)
	return append([]int64{personID}, others...), err
}
