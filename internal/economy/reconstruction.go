package economy

import (
	"context"
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Reconstruction is a region's year whose course days were made from printed sums: which days,
// participants and trainers there were is not known, and those that are kept were chosen so that
// the sums hold.
type Reconstruction struct {
	RegionID int64
	Year     int
	Source   string // where the sums were printed, in words
	ToldAt   clock.Instant
}

// Reconstruct keeps that the course days of the region's year are a reconstruction; when that is
// kept already it stays as it was told first. It fails when there are no words on the source;
// fault.NotFound when the viewer may not settle the region's years.
func Reconstruct(ctx context.Context, tx *db.Tx, viewer access.Viewer, r Reconstruction) error {
	if err := access.Settle(viewer).Allow(access.Place{RegionID: r.RegionID}); err != nil {
		return err
	}
	if r.Source == "" {
		return errors.New("keep a reconstruction: its source is not told")
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO reconstruction (region_id, year, source, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (region_id, year) DO NOTHING`, r.RegionID, r.Year, r.Source, r.ToldAt, viewer.ActorID())
	return err
}

// ReconstructionOf is that of the region's year, nil where the course days are those that were. It
// is said to everybody who is shown what was made of the days, so the call takes no viewer.
func ReconstructionOf(ctx context.Context, q db.Querier, regionID int64, year int) (*Reconstruction, error) {
	r, err := db.Row(ctx, q, func(r *Reconstruction) []any { return []any{&r.RegionID, &r.Year, &r.Source, &r.ToldAt} }, `
		SELECT
			region_id,
			year,
			source,
			told_at
		FROM reconstruction
		WHERE region_id = $1
		AND year = $2`, regionID, year)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &r, err
}
