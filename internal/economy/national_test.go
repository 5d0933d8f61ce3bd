package economy_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// The nation's tariff holds where a region has none of its own, with the same guards.
func TestTheNationsTariffHoldsWhereARegionHasNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := access.Viewer{PersonID: w.person(uppland), Grants: []access.Grant{{Role: access.National, Level: access.Nation, OrganisationID: organisation.NationID}}}
		decided := clock.Date(2025, 3, 1).At(9, 0)
		nations := func(from clock.Day, kr int64, reason string) economy.Tariff {
			terms := authority
			terms.Fee = money.Kronor(kr)
			return economy.Tariff{RegionID: organisation.NationID, Kind: "authority", From: from, Terms: terms, Reason: reason}
		}
		add := func(viewer access.Viewer, t economy.Tariff, at clock.Instant) (id int64, err error) {
			err = w.write(func(tx *db.Tx) error {
				id, err = economy.AddTariff(ctx, tx, viewer, t, at)
				return err
			})
			return id, err
		}
		feeOn := func(region int64, day clock.Day, published *clock.Instant) int64 {
			t.Helper()
			tariff, err := economy.TariffOn(ctx, d.Reader(), region, "authority", day, published)
			if errors.Is(err, fault.NotFound) {
				return 0
			}
			must(t, err)
			return int64(tariff.Fee) / 100
		}
		if _, err := add(w.leader, nations(clock.Date(2025, 1, 1), 600, ""), decided); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region sets the nation's: %v", err)
		}
		own := nations(clock.Date(2025, 1, 1), 600, "")
		own.RegionID = dalarna
		if _, err := add(owner, own, decided); fault.Of(err) == nil {
			t.Error("the nation sets a region's own")
		}

		first, err := add(owner, nations(clock.Date(2025, 1, 1), 600, ""), decided)
		must(t, err)
		own = nations(clock.Date(2025, 7, 1), 650, "")
		own.RegionID = dalarna
		must(t, w.write(func(tx *db.Tx) error {
			_, err := economy.AddTariff(ctx, tx, w.leader, own, decided+1)
			return err
		}))
		before, after := decided, decided+1
		for _, c := range []struct {
			name      string
			region    int64
			day       clock.Day
			published *clock.Instant
			want      int64
		}{
			{"the day before the first", uppland, clock.Date(2024, 12, 31), nil, 0},
			{"a region without its own", uppland, clock.Date(2025, 7, 1), nil, 600},
			{"the day before its own begins", dalarna, clock.Date(2025, 6, 30), nil, 600},
			{"its own", dalarna, clock.Date(2025, 7, 1), nil, 650},
			{"a round that was published before its own was made", dalarna, clock.Date(2025, 7, 1), &before, 600},
			{"and one when it was", dalarna, clock.Date(2025, 7, 1), &after, 650},
		} {
			if got := feeOn(c.region, c.day, c.published); got != c.want {
				t.Errorf("%s: %d, want %d", c.name, got, c.want)
			}
		}
		// A later one of the nation does not go before a region's own.
		must(t, func() error { _, err := add(owner, nations(clock.Date(2026, 1, 1), 620, ""), decided+2); return err }())
		if a, b := feeOn(dalarna, clock.Date(2026, 1, 1), nil), feeOn(uppland, clock.Date(2026, 1, 1), nil); a != 650 || b != 620 {
			t.Errorf("%d in Dalarna, %d in Uppsala", a, b)
		}

		// Two regions' rounds, published when the nation's was known; Dalarna's second day has its own.
		hold := func(region, municipality int64, days ...clock.Day) {
			round := w.round("authority")
			w.exec("UPDATE round SET region_id = $2, published_at = $3 WHERE id = $1", round, region, decided+3)
			for i, day := range days {
				w.mark(w.day(round, i+1, day), w.seat(round, w.person(municipality)), "present")
			}
		}
		hold(dalarna, falun, clock.Date(2025, 6, 30), clock.Date(2025, 7, 1))
		hold(uppland, uppsala, clock.Date(2025, 6, 30), clock.Date(2025, 7, 1))
		if y := w.year(2025); y.Charged != money.Kronor(600+650) || len(y.Unfinished()) != 0 {
			t.Errorf("Dalarna charges %v", y.Charged)
		}
		if _, err := add(owner, nations(clock.Date(2025, 6, 30), 700, ""), decided+4); key(err) != "economy.tariff_held" {
			t.Errorf("days that were held: %v", err)
		}
		correction := nations(clock.Date(2025, 6, 30), 700, "Beslutat av styrgruppen")
		change, err := economy.ChangeOf(ctx, d.Reader(), owner, correction, decided+4)
		must(t, err)
		regions := map[string]int{}
		for _, r := range change.Rounds {
			regions[r.Region] += r.Days
		}
		if change.Days != 3 || change.Held != 3 || regions["Dalarna"] != 1 || regions["Uppsala"] != 2 {
			t.Errorf("the correction changes %+v", change)
		}
		if _, err := economy.ChangeOf(ctx, d.Reader(), w.leader, correction, decided+4); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region looks at what the nation would change: %v", err)
		}
		was := w.year(2025).Charged
		corrected, err := add(owner, correction, decided+4)
		must(t, err)
		if got := w.year(2025).Charged - was; got != change.Rounds[dalarnas(change)].Charged {
			t.Errorf("Dalarna charges %v more", got)
		}

		// From a day on which all that is held has the region's own it takes no reason.
		w.exec("UPDATE round SET cancelled_at = 1, cancel_cause = 'other' WHERE region_id = $1", uppland)
		if _, err := add(owner, nations(clock.Date(2025, 7, 1), 720, ""), decided+5); err != nil {
			t.Errorf("nothing that was held has the nation's from then on: %v", err)
		}

		// The nation takes back its own, and no region can.
		take := func(viewer access.Viewer, owner, id int64) error {
			return w.write(func(tx *db.Tx) error {
				return economy.WithdrawTariff(ctx, tx, viewer, owner, id, "Fel", decided+6)
			})
		}
		for _, as := range []int64{dalarna, organisation.NationID} {
			if err := take(w.leader, as, first); fault.Of(err) == nil {
				t.Errorf("Dalarna takes back the nation's as %d", as)
			}
		}
		if _, _, err := economy.WithdrawalOf(ctx, d.Reader(), w.leader, dalarna, first); !errors.Is(err, fault.NotFound) {
			t.Errorf("Dalarna looks at it: %v", err)
		}
		undo, _, err := economy.WithdrawalOf(ctx, d.Reader(), owner, organisation.NationID, corrected)
		must(t, err)
		if undo.Days != 1 || undo.Charged >= 0 {
			t.Errorf("taking it back changes %+v", undo)
		}
		must(t, take(owner, organisation.NationID, corrected))
		if y := w.year(2025); y.Charged != was {
			t.Errorf("charged %v, before it %v", y.Charged, was)
		}
	})
}

// dalarnas is the place of Dalarna's round in the change.
func dalarnas(c economy.Change) int {
	for i, r := range c.Rounds {
		if r.Region == "Dalarna" {
			return i
		}
	}
	return 0
}
