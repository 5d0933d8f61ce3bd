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
)

func TestATariffHoldsUntilTheNextOfItsKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		dearer := authority
		dearer.Fee = money.Kronor(700)
		next := economy.Tariff{RegionID: dalarna, Kind: "authority", From: clock.Date(2025, 7, 1), Terms: dearer}
		add := func(viewer access.Viewer, tariff economy.Tariff) error {
			return w.write(func(tx *db.Tx) error {
				_, err := economy.AddTariff(ctx, tx, viewer, tariff, clock.Date(2024, 6, 1).At(9, 0))
				return err
			})
		}
		must(t, add(w.leader, next))
		for day, want := range map[clock.Day]money.Ore{
			clock.Date(2023, 12, 31): 0,
			clock.Date(2024, 1, 1):   money.Kronor(650),
			next.From - 1:            money.Kronor(650),
			next.From:                money.Kronor(700),
		} {
			tariff, err := economy.TariffOn(ctx, d.Reader(), dalarna, "authority", day, nil)
			if tariff.Fee != want || (want == 0) != errors.Is(err, fault.NotFound) {
				t.Errorf("on %s %v, %v; want %v", day, tariff.Fee, err, want)
			}
		}
		round := w.round("authority")
		for i, date := range []clock.Day{next.From - 1, next.From} {
			w.mark(w.day(round, i+1, date), w.seat(w.round("authority"), w.person(falun)), "present")
		}
		if y := w.year(2025); y.Charged != money.Kronor(1350) {
			t.Errorf("a day before and a day after charge %v", y.Charged)
		}

		all, err := economy.Tariffs(ctx, d.Reader(), dalarna)
		must(t, err)
		if len(all) != 3 || all[1].From != next.From || all[1].Terms != dearer {
			t.Errorf("%+v", all)
		}
		for name, c := range map[string]struct {
			change func(*economy.Tariff)
			key    string
		}{
			"a second one from the same day": {func(*economy.Tariff) {}, "economy.tariff_that_day"},
			"no kind":                        {func(t *economy.Tariff) { t.Kind = " " }, "economy.kind_wrong"},
			"a negative fee":                 {func(t *economy.Tariff) { t.Fee, t.PerParticipant = -1, 0 }, "economy.fee_wrong"},
			"a pot larger than the fee":      {func(t *economy.Tariff) { t.PerParticipant = t.Fee + 1 }, "economy.pot_wrong"},
			"a negative pot":                 {func(t *economy.Tariff) { t.PerParticipant = -1 }, "economy.pot_wrong"},
			"no weight":                      {func(t *economy.Tariff) { t.LeadWeight = 0 }, "economy.weight_wrong"},
			"too great a weight":             {func(t *economy.Tariff) { t.TrainerWeight = economy.MaxWeight + 1 }, "economy.weight_wrong"},
			"no rule for the RSS":            {func(t *economy.Tariff) { t.RSS = "" }, "economy.rss_wrong"},
		} {
			t.Run(name, func(t *testing.T) {
				wrong := next
				c.change(&wrong)
				if err := add(w.leader, wrong); key(err) != c.key {
					t.Errorf("got %v, want %s", err, c.key)
				}
			})
		}
		other := next
		other.RegionID = uppland
		if err := add(w.leader, other); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region's tariff: %v", err)
		}
		other.RegionID = 999999
		if err := add(access.System(), other); !errors.Is(err, fault.NotFound) {
			t.Errorf("a tariff of no region: %v", err)
		}
	})
}
