package demo

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/organisation"
)

// ReconstructionNote is the note of every round whose days are a reconstruction
// (data/README.md).
const ReconstructionNote = "Kursdagarna är en rekonstruktion: dagar, deltagare och utbildare är valda så att den tryckta årsrapportens summor stämmer. Ingen vet om det var just så."

// reconstructed keeps that the whole year's course days are one, so that every
// page with what was made of them says so too.
func reconstructed(ctx context.Context, tx *db.Tx) error {
	region, err := organisation.BySlug(ctx, tx, organisation.Region, dalarna)
	if err != nil {
		return err
	}
	return economy.Reconstruct(ctx, tx, access.System(), economy.Reconstruction{
		RegionID: region.ID, Year: 2025, Source: "Årsrapport 2025, Yrkesresan i Dalarna", ToldAt: clock.Date(2026, 5, 12).At(9, 0),
	})
}
