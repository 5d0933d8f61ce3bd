package economy

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
)

// Tariff is what a region charges for one kind of course from a day on, until its next tariff of
// the kind.
type Tariff struct {
	ID       int64
	RegionID int64
	Kind     string
	From     clock.Day
	Terms
}

func (t *Tariff) columns() []any {
	return []any{&t.ID, &t.RegionID, &t.Kind, &t.From, &t.Fee, &t.PerParticipant, &t.LeadWeight, &t.TrainerWeight, &t.RSS}
}

// What a region charges is public, so these two calls take no viewer.

// Tariffs are all tariffs of the region by kind, the oldest first. It asks no viewer.
func Tariffs(ctx context.Context, q db.Querier, regionID int64) ([]Tariff, error) {
	return db.Rows(ctx, q, (*Tariff).columns, `
		SELECT
			id,
			region_id,
			kind,
			from_day,
			fee_ore,
			pot_ore,
			lead_weight,
			trainer_weight,
			rss_rule
		FROM tariff
		WHERE region_id = $1
		ORDER BY kind, from_day`, regionID)
}

// TariffOn is the region's tariff of the kind on the day; fault.NotFound when none holds yet.
func TariffOn(ctx context.Context, q db.Querier, regionID int64, kind string, day clock.Day) (Tariff, error) {
	all, err := Tariffs(ctx, q, regionID)
	if err != nil {
		return Tariff{}, err
	}
	t := holding(all, kind, day)
	if t == nil {
		return Tariff{}, fault.NotFound
	}
	return *t, nil
}

// holding is the one of a region's tariffs that holds for the kind on the day, or nil.
func holding(tariffs []Tariff, kind string, day clock.Day) *Tariff {
	var t *Tariff
	for i, each := range tariffs {
		if each.Kind == kind && each.From <= day && (t == nil || each.From > t.From) {
			t = &tariffs[i]
		}
	}
	return t
}

// AddTariff adds a tariff to its region; the ID is ignored and the new one returned. A day in the
// past is allowed: what it changes in a settled year becomes a difference to correct. It fails per
// field kind, from, fee, pot, lead_weight, trainer_weight, rss; fault.NotFound when the viewer may
// not settle the region's years.
func AddTariff(ctx context.Context, tx *db.Tx, viewer access.Viewer, t Tariff) (int64, error) {
	if err := access.Settle(viewer).Allow(access.Place{RegionID: t.RegionID}); err != nil {
		return 0, err
	}
	t.Kind = strings.TrimSpace(t.Kind)
	var checks fault.Checks
	checks.Require(t.Kind != "" && len(t.Kind) <= 50, "kind", "economy.kind_wrong")
	checks.Require(t.Fee >= 0 && t.Fee <= MaxPerParticipant, "fee", "economy.fee_wrong", "Max", money.Ore(MaxPerParticipant))
	checks.Require(t.PerParticipant >= 0 && t.PerParticipant <= t.Fee, "pot", "economy.pot_wrong")
	checks.Require(t.LeadWeight > 0 && t.LeadWeight <= MaxWeight, "lead_weight", "economy.weight_wrong", "Max", MaxWeight.String())
	checks.Require(t.TrainerWeight > 0 && t.TrainerWeight <= MaxWeight, "trainer_weight", "economy.weight_wrong", "Max", MaxWeight.String())
	checks.Require(t.RSS == RSSKept || t.RSS == RSSShared, "rss", "economy.rss_wrong")
	if err := checks.Err(); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO tariff (region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, t.RegionID, t.Kind, t.From, t.Fee, t.PerParticipant, t.LeadWeight, t.TrainerWeight, t.RSS)
	switch {
	case db.IsUnique(err):
		return 0, fault.Invalid("from", "economy.tariff_that_day")
	case db.IsCheck(err):
		return 0, fault.NotFound // no such region
	}
	return id, err
}
