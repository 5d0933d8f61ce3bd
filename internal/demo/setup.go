package demo

import (
	"maps"
	"slices"

	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
)

// triedMail tells that those who administer a region once tried whether letters come through:
// they do, in the demo's country.
func triedMail(w *world.World) error {
	at := (w.Today - 400).At(10, 0)
	var rows [][]any
	for _, slug := range slices.Sorted(maps.Keys(w.Regional)) {
		rows = append(rows, []any{w.Regions[slug], w.Regional[slug].PersonID, at, at})
	}
	return db.Insert(w.Ctx, w.Tx, "setup_letter", []string{"region_id", "person_id", "asked_at", "handed_at"}, rows)
}
