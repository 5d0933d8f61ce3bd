package people

import (
	"context"

	"yrkesresan/internal/db"
)

// Names are what the people are called, by identity. It asks no viewer: whoever calls
// has made sure that they may be named.
func Names(ctx context.Context, q db.Querier, ids []int64) (map[int64]string, error) {
	type row struct {
		id          int64
		given, last string
	}
	condition, args := db.In("id", ids)
	var b db.Builder
	b.Add("SELECT id, given_name, family_name FROM person WHERE "+condition, args...)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.id, &r.given, &r.last} }, b.String(), b.Args()...)
	names := make(map[int64]string, len(rows))
	for _, r := range rows {
		names[r.id] = Person{GivenName: r.given, FamilyName: r.last}.Name()
	}
	return names, err
}
