package economy_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
)

func TestAReconstructedYearSaysSoAndNoOtherDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		tell := func(viewer access.Viewer, r economy.Reconstruction) error {
			return w.write(func(tx *db.Tx) error { return economy.Reconstruct(ctx, tx, viewer, r) })
		}
		told := economy.Reconstruction{RegionID: dalarna, Year: 2025, Source: "Årsrapport 2025", ToldAt: december}
		must(t, tell(w.leader, told))
		later := told
		later.Source, later.ToldAt = "Ett annat tryck", december.Add(3600e9)
		must(t, tell(w.leader, later))
		for _, c := range []struct {
			what   string
			region int64
			year   int
			want   *economy.Reconstruction
		}{
			{"the year as it was told first", dalarna, 2025, &told},
			{"not the year after", dalarna, 2026, nil},
			{"not another region's", uppland, 2025, nil},
		} {
			got, err := economy.ReconstructionOf(ctx, d.Reader(), c.region, c.year)
			must(t, err)
			if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("%s: %+v", c.what, got)
			}
		}
		elsewhere := told
		elsewhere.RegionID = uppland
		if err := tell(w.leader, elsewhere); kind(err) != kind(fault.NotFound) {
			t.Errorf("told of another region: %v", err)
		}
		if err := tell(w.leader, economy.Reconstruction{RegionID: dalarna, Year: 2024, ToldAt: december}); err == nil {
			t.Error("a source is not asked for")
		}
	})
}
