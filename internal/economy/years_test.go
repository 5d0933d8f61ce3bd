package economy_test

import (
	"slices"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/economy"
)

func TestYearsAreThoseWithCourseDaysThatCarryMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		years := func() []int {
			all, err := economy.Years(ctx, d.Reader(), dalarna)
			must(t, err)
			return all
		}
		if got := years(); len(got) != 0 {
			t.Errorf("without a round: %v", got)
		}
		round := w.round("authority")
		w.day(round, 1, clock.Date(2025, 12, 31))
		w.day(round, 2, clock.Date(2026, 1, 1))
		w.day(round, 3, clock.Date(2026, 1, 2))
		w.day(w.round(nil), 1, clock.Date(2023, 5, 5)) // free of charge
		cancelled := w.round("authority")
		w.day(cancelled, 1, clock.Date(2022, 5, 5))
		w.exec(`UPDATE round SET cancelled_at = 1 WHERE id = $1`, cancelled)
		if got, want := years(), []int{2026, 2025}; !slices.Equal(got, want) {
			t.Errorf("years %v, want %v", got, want)
		}
	})
}
