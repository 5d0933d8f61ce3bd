package economy_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/trainer"
)

func sum(lines []economy.Line, kind economy.LineKind) (quantity int, amount money.Ore) {
	for _, l := range lines {
		if l.Kind == kind {
			quantity += l.Quantity
			amount += l.Amount
		}
	}
	return quantity, amount
}

func TestASettledYearIsFrozenAndCorrectedByNewLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		if err := w.settle(2025); key(err) != "economy.nothing_to_settle" {
			t.Errorf("an empty year: %v", err)
		}
		round := w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		stays, leaves := w.seat(round, w.person(falun)), w.seat(round, w.person(borlange))
		w.mark(day, stays, "present")
		w.mark(day, leaves, "present")
		assistant := w.person(mora)
		w.trainer(day, assistant, trainer.Assistant, true)

		if err := w.settle(2026); key(err) != "economy.year_to_come" {
			t.Errorf("a year to come: %v", err)
		}
		if err := w.correct(2025, "fel"); key(err) != "economy.not_settled" {
			t.Errorf("correcting what is not settled: %v", err)
		}
		must(t, w.settle(2025))
		if err := w.settle(2025); kind(err) != fault.KindConflict {
			t.Errorf("settled twice: %v", err)
		}
		if s, err := economy.SettledYears(ctx, d.Reader(), dalarna); err != nil || len(s) != 1 || s[0] != (economy.Settled{Year: 2025, At: december}) {
			t.Errorf("%v, %v", s, err)
		}
		settled := w.year(2025)
		if s := settled.Settlement; s.At != december || s.By.ID != w.leader.PersonID || s.By.Name == "" || s.Region.Name != "Dalarna" || len(s.Lines) != 3 {
			t.Fatalf("%+v", s)
		}
		if len(settled.Differences) != 0 {
			t.Errorf("%+v", settled.Differences)
		}
		if err := w.correct(2025, "inget"); key(err) != "economy.nothing_to_correct" {
			t.Errorf("nothing to correct: %v", err)
		}

		w.exec("UPDATE attendance SET mark = 'excused' WHERE enrolment_id = $1", leaves)
		changed := w.year(2025)
		if diff := cmp.Diff(settled.Settlement, changed.Settlement); diff != "" {
			t.Errorf("the frozen lines moved:\n%s", diff)
		}
		want := []economy.Difference{
			{Kind: economy.ChargeLine, Municipality: economy.Ref{ID: borlange, Name: "Borlänge"}, SettledQuantity: 1, SettledAmount: 65000},
			{Kind: economy.ShareLine, Municipality: economy.Ref{ID: mora, Name: "Mora"}, SettledQuantity: 1, LiveQuantity: 1, SettledAmount: 80000, LiveAmount: 40000},
		}
		for i := range want {
			want[i].Day = changed.Days[0].DayRef
		}
		if diff := cmp.Diff(want, changed.Differences); diff != "" {
			t.Error(diff)
		}
		basis := changed.InvoiceBasis()
		if basis.Amount != money.Kronor(1300) || basis.Uncorrected != -money.Kronor(650) || basis.Settled == nil {
			t.Errorf("%+v", basis)
		}

		if err := w.correct(2025, ""); key(err) != "economy.reason_missing" {
			t.Errorf("a correction without a reason: %v", err)
		}
		must(t, w.correct(2025, "Frånvaron var anmäld"))
		corrected := w.year(2025)
		s := corrected.Settlement
		if diff := cmp.Diff(settled.Settlement.Lines, s.Lines); diff != "" {
			t.Errorf("the first lines were edited:\n%s", diff)
		}
		if len(s.Corrections) != 1 || s.Corrections[0].Reason != "Frånvaron var anmäld" || s.Corrections[0].By.ID != w.leader.PersonID || s.Corrections[0].At != december {
			t.Fatalf("%+v", s.Corrections)
		}
		if quantity, amount := sum(s.Corrections[0].Lines, economy.ChargeLine); quantity != -1 || amount != -65000 {
			t.Errorf("corrected by %d, %v", quantity, amount)
		}
		if quantity, amount := sum(s.Corrections[0].Lines, economy.ShareLine); quantity != 0 || amount != -40000 {
			t.Errorf("corrected by %d, %v", quantity, amount)
		}
		if len(corrected.Differences) != 0 || s.Charged() != corrected.Charged || s.Paid() != corrected.Pot.Paid {
			t.Errorf("charged %v of %v, paid %v of %v, %+v", s.Charged(), corrected.Charged, s.Paid(), corrected.Pot.Paid, corrected.Differences)
		}

		t.Run("a cancelled round is corrected away and stays to be read", func(t *testing.T) {
			w.exec("UPDATE round SET cancelled_at = 0 WHERE id = $1", round)
			must(t, w.correct(2025, "Omgången gavs aldrig"))
			y := w.year(2025)
			if s := y.Settlement; len(y.Days) != 0 || len(y.Differences) != 0 || s.Charged() != 0 || s.Paid() != 0 || len(s.Lines) != 3 || len(s.Corrections) != 2 {
				t.Errorf("%+v", y)
			}
			var names []string
			for _, m := range y.Municipalities {
				names = append(names, m.Municipality.Name)
			}
			if !slices.Equal(names, []string{"Borlänge", "Falun", "Mora"}) {
				t.Errorf("municipalities %v", names)
			}
		})
	})
}

func TestOfTwoAtOnceOneSettlesAndOneCorrects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		seat := w.seat(round, w.person(falun))
		w.mark(day, seat, "present")
		race := func(f func() error) (won int, lost []error) {
			const runners = 8
			results := make(chan error, runners)
			for range runners {
				go func() { results <- f() }()
			}
			for range runners {
				if err := <-results; err == nil {
					won++
				} else {
					lost = append(lost, err)
				}
			}
			return won, lost
		}
		won, lost := race(func() error { return w.settle(2025) })
		for _, err := range lost {
			if kind(err) != fault.KindConflict {
				t.Errorf("a loser gets %v", err)
			}
		}
		if n := len(w.year(2025).Settlement.Lines); won != 1 || n != 1 {
			t.Errorf("%d settled, with %d lines", won, n)
		}
		w.exec("UPDATE attendance SET mark = 'excused' WHERE enrolment_id = $1", seat)
		won, lost = race(func() error { return w.correct(2025, "fel") })
		for _, err := range lost {
			if key(err) != "economy.nothing_to_correct" {
				t.Errorf("a loser gets %v", err)
			}
		}
		y := w.year(2025)
		if won != 1 || len(y.Settlement.Corrections) != 1 || y.Settlement.Charged() != 0 || len(y.Differences) != 0 {
			t.Errorf("%d corrected: %+v", won, y.Settlement)
		}
	})
}

func TestASecondCorrectionWaitsForTheFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.tariffs()
		round := w.round("authority")
		day := w.day(round, 1, clock.Date(2025, 3, 3))
		seat := w.seat(round, w.person(falun))
		w.mark(day, seat, "present")
		must(t, w.settle(2025))
		w.exec("UPDATE attendance SET mark = 'excused' WHERE enrolment_id = $1", seat)

		later := make(chan error)
		w.must(func(tx *db.Tx) error {
			if err := economy.Correct(ctx, tx, w.leader, dalarna, 2025, "den första", december); err != nil {
				return err
			}
			go func() { later <- w.correct(2025, "den andra") }()
			time.Sleep(200 * time.Millisecond) // enough for a second one that does not wait to be done
			return nil
		})
		if err := <-later; key(err) != "economy.nothing_to_correct" {
			t.Errorf("the second correction gives %v", err)
		}
		if y := w.year(2025); len(y.Settlement.Corrections) != 1 || y.Settlement.Charged() != 0 {
			t.Errorf("%+v", y.Settlement)
		}
	})
}
