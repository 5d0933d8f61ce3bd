package demo

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/organisation"
)

// reconstructed keeps that the course days of 2025 are a reconstruction
// (data/README.md), so that every page with what was made of them says so.
func reconstructed(ctx context.Context, tx *db.Tx) error {
	region, err := organisation.BySlug(ctx, tx, organisation.Region, world.Dalarna)
	if err != nil {
		return err
	}
	return economy.Reconstruct(ctx, tx, access.System(), economy.Reconstruction{
		RegionID: region.ID, Year: 2025, Source: "Årsrapport 2025, Yrkesresan i Dalarna", ToldAt: clock.Date(2026, 5, 12).At(9, 0),
	})
}
