package material

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
)

// Of are those of the editions that have material for participants which the
// viewer may see.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, editions []int64) (map[int64]bool, error) {
	if len(editions) == 0 {
		return nil, nil
	}
	condition, args := sees(viewer)
	in, ids := db.In("m.edition_id", editions)
	var b db.Builder
	b.Add(`
		SELECT DISTINCT m.edition_id
		FROM material AS m
		JOIN edition AS e ON e.id = m.edition_id
		WHERE m.removed_at IS NULL
		AND m.audience = 'participants'`).
		Add("AND "+in, ids...).
		Add("AND "+condition, args...)
	found, err := db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
	of := make(map[int64]bool, len(found))
	for _, id := range found {
		of[id] = true
	}
	return of, err
}
