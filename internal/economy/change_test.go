package economy_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
)

// Of days that are to come a change says what those who have a seat would be charged.
func TestAChangeSaysWhatComingDaysWouldCharge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		w.exec("UPDATE round SET published_at = $2 WHERE id = $1", round, clock.Date(2025, 2, 1).At(9, 0))
		marked := w.day(round, 1, clock.Date(2025, 6, 30))
		for i := range 2 {
			w.day(round, i+2, clock.Date(2025, 7, 1+i))
		}
		w.seat(round, w.person(falun))
		w.mark(marked, w.seat(round, w.person(falun)), "present")
		w.exec("UPDATE course_day SET held_at = NULL")
		dearer := authority
		dearer.Fee = authority.Fee + money.Kronor(50)
		c, err := economy.ChangeOf(ctx, d.Reader(), w.leader, economy.Tariff{
			RegionID: dalarna, Kind: "authority", From: clock.Date(2025, 6, 1), Terms: dearer, Reason: "Beslutat av styrgruppen",
		}, clock.Date(2025, 3, 1).At(9, 0))
		must(t, err)
		// The day with a mark charges what it charges; two days with two seats are to come.
		if c.Days != 3 || c.Seats != 2 || c.Charged != money.Kronor(50) || c.Expected != money.Kronor(2*2*50) || c.Rounds[0].Expected != c.Expected {
			t.Errorf("the change is %+v", c)
		}
	})
}

// domain.md, "Money": a round keeps the terms that were known when it was published.
func TestARoundKeepsTheTermsItWasPublishedWith(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		decided := clock.Date(2025, 3, 1).At(9, 0)
		published := func(at clock.Instant, days ...clock.Day) {
			round := w.round("authority")
			w.exec("UPDATE round SET published_at = $2 WHERE id = $1", round, at)
			for i, day := range days {
				w.mark(w.day(round, i+1, day), w.seat(round, w.person(falun)), "present")
			}
		}
		published(decided-1, clock.Date(2025, 6, 30), clock.Date(2025, 7, 1)) // the moment before
		published(decided, clock.Date(2025, 6, 30), clock.Date(2025, 7, 1))   // and the moment of the decision
		w.exec("UPDATE course_day SET held_at = NULL")
		dearer := authority
		dearer.Fee = money.Kronor(700)
		next := economy.Tariff{RegionID: dalarna, Kind: "authority", From: clock.Date(2025, 7, 1), Terms: dearer}
		add := func(t economy.Tariff, at clock.Instant) (id int64, err error) {
			err = w.write(func(tx *db.Tx) error {
				id, err = economy.AddTariff(ctx, tx, w.leader, t, at)
				return err
			})
			return id, err
		}
		id, err := add(next, decided)
		must(t, err)
		if y := w.year(2025); y.Charged != money.Kronor(650+650+650+700) {
			t.Errorf("charged %v", y.Charged)
		}
		w.exec("UPDATE course_day SET held_at = 0")

		// The same day once more: a correction of what was decided wrong, for those published from then on.
		wrong := next
		wrong.Fee = money.Kronor(710)
		if _, err := add(wrong, decided+1); key(err) != "economy.tariff_held" {
			t.Errorf("a tariff for days that were held: %v", err)
		}

		// With a reason it holds for what is published, and says so before.
		correction := next
		correction.Fee, correction.From, correction.Reason = money.Kronor(700), clock.Date(2025, 6, 30), "Beslutat av styrgruppen"
		change, err := economy.ChangeOf(ctx, d.Reader(), w.leader, correction, decided+2)
		must(t, err)
		fee := func(kr int64) *money.Ore { o := money.Kronor(kr); return &o }
		want := economy.Change{
			Days: 3, Held: 3, Seats: 4, Charged: money.Kronor(150),
			Rounds: []economy.ChangedRound{
				{Region: "Dalarna", FirstDay: clock.Date(2025, 6, 30), Days: 2, Held: 2, Seats: 2, Before: fee(650), After: fee(700), Charged: money.Kronor(100)},
				{Region: "Dalarna", FirstDay: clock.Date(2025, 6, 30), Days: 1, Held: 1, Seats: 2, Before: fee(650), After: fee(700), Charged: money.Kronor(50)},
			},
		}
		if diff := cmp.Diff(want, change, cmpopts.IgnoreUnexported(economy.Change{}), cmpopts.IgnoreFields(economy.ChangedRound{}, "RoundID", "Course", "Round")); diff != "" {
			t.Errorf("the change (-want +got):\n%s", diff)
		}
		before := w.year(2025).Charged
		corrected, err := add(correction, decided+2)
		must(t, err)
		if y := w.year(2025); y.Charged-before != change.Charged {
			t.Errorf("charged %v more, said %v", y.Charged-before, change.Charged)
		}

		// What was wrong is taken back, with a reason, and keeps its row.
		take := func(viewer access.Viewer, id int64, reason string) error {
			return w.write(func(tx *db.Tx) error {
				return economy.WithdrawTariff(ctx, tx, viewer, dalarna, id, reason, decided+3)
			})
		}
		if err := take(w.leader, corrected, " "); key(err) != "economy.reason_missing" {
			t.Errorf("without a reason: %v", err)
		}
		if err := take(access.Viewer{PersonID: 1}, corrected, "x"); fault.Of(err) == nil {
			t.Errorf("taken back by a stranger: %v", err)
		}
		undo, _, err := economy.WithdrawalOf(ctx, d.Reader(), w.leader, dalarna, corrected)
		must(t, err)
		if undo.Charged != -change.Charged || undo.Days != 3 {
			t.Errorf("taking it back would change %+v", undo)
		}
		must(t, take(w.leader, corrected, "Fel belopp"))
		if y := w.year(2025); y.Charged != before {
			t.Errorf("charged %v after it was taken back, before it %v", y.Charged, before)
		}
		if err := take(w.leader, corrected, "igen"); !errors.Is(err, fault.NotFound) {
			t.Errorf("taken back twice: %v", err)
		}
		must(t, take(w.leader, id, "Skulle aldrig ha gällt"))
		if y := w.year(2025); y.Charged != money.Kronor(4*650) {
			t.Errorf("charged %v without either", y.Charged)
		}
		all, err := economy.Tariffs(ctx, d.Reader(), dalarna)
		must(t, err)
		withdrawn := 0
		for _, each := range all {
			if each.WithdrawnAt != nil {
				withdrawn++
			}
		}
		if len(all) != 4 || withdrawn != 2 {
			t.Errorf("%d tariffs, %d of them withdrawn: %+v", len(all), withdrawn, all)
		}
	})
}

func TestALaterTariffFromTheSameDayGoesBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		terms := authority
		for i, kr := range []int64{700, 720} {
			terms.Fee = money.Kronor(kr)
			must(t, w.write(func(tx *db.Tx) error {
				_, err := economy.AddTariff(ctx, tx, w.leader, economy.Tariff{RegionID: dalarna, Kind: "authority", From: clock.Date(2027, 1, 1), Terms: terms}, clock.Date(2026, 1, 1+i).At(9, 0))
				return err
			}))
		}
		for published, want := range map[clock.Day]int64{clock.Date(2025, 1, 1): 650, clock.Date(2026, 1, 1): 700, clock.Date(2026, 1, 2): 720} {
			at := published.At(10, 0)
			got, err := economy.TariffOn(ctx, d.Reader(), dalarna, "authority", clock.Date(2027, 1, 1), &at)
			must(t, err)
			if got.Fee != money.Kronor(want) {
				t.Errorf("published %s: %v, want %d", published, got.Fee, want)
			}
		}
	})
}
