package economy

import (
	"cmp"
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// Tariff is what a region charges for one kind of course from a day on, until its next tariff of
// the kind. It holds for rounds that are published after it was made. With a Reason it is a
// correction, and holds for those published before, too. That of the nation (its RegionID is
// organisation.NationID) holds where the region has none of its own.
//
// A later one from the same day goes before it; one that is withdrawn holds for nothing.
type Tariff struct {
	ID       int64
	RegionID int64
	Kind     string
	From     clock.Day
	Terms
	Reason          string // why it corrects what is published; empty: it corrects nothing
	Version         int    // among those from the same day
	MadeAt          clock.Instant
	MadeBy          string // empty: not known
	WithdrawnAt     *clock.Instant
	WithdrawnBy     string
	WithdrawnReason string
}

func (t *Tariff) columns() []any {
	return []any{
		&t.ID, &t.RegionID, &t.Kind, &t.From, &t.Fee, &t.PerParticipant, &t.LeadWeight, &t.TrainerWeight, &t.RSS,
		&t.Reason, &t.Version, &t.MadeAt, &t.MadeBy, &t.WithdrawnAt, &t.WithdrawnBy, &t.WithdrawnReason,
	}
}

// National tells whether it is the nation's.
func (t Tariff) National() bool { return t.RegionID == organisation.NationID }

// What is charged is public, so these two calls take no viewer.

// Tariffs are all tariffs of the region, and those of the nation, by kind, the oldest first, with
// those withdrawn; of organisation.NationID the nation's alone. It asks no viewer.
func Tariffs(ctx context.Context, q db.Querier, regionID int64) ([]Tariff, error) {
	return db.Rows(ctx, q, (*Tariff).columns, `
		SELECT
			t.id,
			t.region_id,
			t.kind,
			t.from_day,
			t.fee_ore,
			t.pot_ore,
			t.lead_weight,
			t.trainer_weight,
			t.rss_rule,
			t.reason,
			t.version,
			t.made_at,
			COALESCE(TRIM(m.given_name || ' ' || m.family_name), ''),
			t.withdrawn_at,
			COALESCE(TRIM(w.given_name || ' ' || w.family_name), ''),
			t.withdrawn_reason
		FROM tariff AS t
		LEFT JOIN person AS m ON m.id = t.made_by
		LEFT JOIN person AS w ON w.id = t.withdrawn_by
		WHERE t.region_id IN ($1, $2)
		ORDER BY t.kind, t.from_day, t.version`, regionID, organisation.NationID)
}

// TariffOn is the tariff of the kind for a course day of a round of the region that was published at
// the time (nil: not yet); fault.NotFound when none holds.
func TariffOn(ctx context.Context, q db.Querier, regionID int64, kind string, day clock.Day, published *clock.Instant) (Tariff, error) {
	all, err := Tariffs(ctx, q, regionID)
	if err != nil {
		return Tariff{}, err
	}
	t := holding(all, kind, day, published)
	if t == nil {
		return Tariff{}, fault.NotFound
	}
	return *t, nil
}

// Holding is the one of a region's and the nation's tariffs that holds on the day for a round that is
// not published, or nil.
func Holding(tariffs []Tariff, kind string, day clock.Day) *Tariff {
	return holding(tariffs, kind, day, nil)
}

// holding is the one of a region's and the nation's tariffs that holds for a day of a round, or nil:
// of those known when the round was published, and of corrections, the one that begins last, the
// region's own before the nation's. When none was known the first that was made afterwards holds,
// for a day without a fee charges nothing by mistake.
func holding(tariffs []Tariff, kind string, day clock.Day, published *clock.Instant) *Tariff {
	var own, nations, first *Tariff
	for i := range tariffs {
		t := &tariffs[i]
		if t.Kind != kind || t.From > day || t.WithdrawnAt != nil {
			continue
		}
		if published == nil || t.MadeAt <= *published || t.Reason != "" {
			known := &own
			if t.National() {
				known = &nations
			}
			if *known == nil || t.From > (*known).From || t.From == (*known).From && t.Version > (*known).Version {
				*known = t
			}
		}
		if first == nil || t.MadeAt < first.MadeAt {
			first = t
		}
	}
	return cmp.Or(own, nations, first)
}

// maySet is nil when the viewer may set the tariffs of the region, or of the nation.
func maySet(viewer access.Viewer, ownerID int64) error {
	if ownerID != organisation.NationID {
		return access.Settle(viewer).Allow(access.Place{RegionID: ownerID})
	}
	if !access.NationalTariffs(viewer) {
		return fault.Forbidden
	}
	return nil
}

// check says what in the tariff cannot be, per field.
func (t Tariff) check() error {
	var checks fault.Checks
	checks.Require(t.Kind != "" && len(t.Kind) <= 50, "kind", "economy.kind_wrong")
	checks.Require(t.Fee >= 0 && t.Fee <= MaxPerParticipant, "fee", "economy.fee_wrong", "Max", money.Ore(MaxPerParticipant))
	checks.Require(t.PerParticipant >= 0 && t.PerParticipant <= t.Fee, "pot", "economy.pot_wrong")
	checks.Require(t.LeadWeight > 0 && t.LeadWeight <= MaxWeight, "lead_weight", "economy.weight_wrong", "Max", MaxWeight.String())
	checks.Require(t.TrainerWeight > 0 && t.TrainerWeight <= MaxWeight, "trainer_weight", "economy.weight_wrong", "Max", MaxWeight.String())
	checks.Require(t.RSS == RSSKept || t.RSS == RSSShared, "rss", "economy.rss_wrong")
	checks.Require(len(t.Reason) <= 500, "reason", "economy.reason_long", "Max", 500)
	return checks.Err()
}

// AddTariff adds a tariff to its region, or to the nation; the ID is ignored and the new one returned. What it changes
// in a settled year becomes a difference to correct. It fails per field kind, from, fee, pot,
// lead_weight, trainer_weight, rss, reason; on from when course days from that day on have been held
// and there is no Reason to correct them; fault.NotFound when the viewer may not settle the region's
// years, fault.Forbidden when they may not set the nation's.
func AddTariff(ctx context.Context, tx *db.Tx, viewer access.Viewer, t Tariff, now clock.Instant) (int64, error) {
	c, err := ChangeOf(ctx, tx, viewer, t, now)
	if err != nil {
		return 0, err
	}
	t = c.added
	if same := holding(c.before, t.Kind, t.From, nil); t.Reason == "" && same != nil && same.RegionID == t.RegionID && same.From == t.From && same.Terms == t.Terms {
		return 0, fault.Invalid("from", "economy.tariff_that_day")
	}
	if t.Reason == "" && c.heldFrom {
		return 0, fault.Invalid("from", "economy.tariff_held")
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO tariff (region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule, version, made_at, made_by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		RETURNING id`, t.RegionID, t.Kind, t.From, t.Fee, t.PerParticipant, t.LeadWeight, t.TrainerWeight, t.RSS, t.Version, now, viewer.ActorID(), t.Reason)
	switch {
	case db.IsUnique(err): // somebody else added one from that day at the same time
		return 0, fault.Invalid("from", "economy.tariff_that_day")
	case db.IsCheck(err):
		return 0, fault.NotFound // no such region
	}
	return id, err
}

// WithdrawTariff takes a tariff back, for a reason: it holds for nothing from then on, nor for rounds
// that were published under it. It fails on the field reason without one; fault.NotFound when the
// viewer may not settle the region's years or the region has no such tariff in force.
func WithdrawTariff(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID, id int64, reason string, now clock.Instant) error {
	if err := maySet(viewer, regionID); err != nil {
		return err
	}
	reason, err := reasoned(reason)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE tariff
		SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
		WHERE region_id = $1 AND id = $2 AND withdrawn_at IS NULL`, regionID, id, now, viewer.ActorID(), reason)
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}
