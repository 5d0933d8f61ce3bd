package statistics_test

import (
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/statistics"
)

// A retired course stands in the figures to the end of its last year, and in those of all
// years before; what is withdrawn takes nothing out of them.
func TestARetiredCourseStandsInTheFiguresOfItsLastYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.complete(w.person(falun, lastYear), "bas-1", "2025-05-01")
		columns := func(day clock.Day) int {
			table, err := statistics.Completions(ctx, w.Reader(), system, dalarna, w.provider.ID, day)
			w.check(err)
			return len(table.OfStep("bas").Courses)
		}
		c, err := catalogue.CourseBySlug(ctx, w.Reader(), "bas-1")
		w.check(err)
		e, err := catalogue.EditionOn(ctx, w.Reader(), c.ID, clock.YearEnd(2025))
		w.check(err)
		told := clock.Date(2026, 6, 1).At(9, 0)
		w.check(d.Write(ctx, func(tx *db.Tx) error {
			if err := lifetime.Withdraw(ctx, tx, system, e.ID, "Fel", told); err != nil {
				return err
			}
			return lifetime.Retire(ctx, tx, system, c.ID, clock.Date(2026, 6, 15), "Ersätts", told)
		}))
		for _, of := range []struct {
			day  clock.Day
			want int
		}{
			{clock.YearEnd(2025), 4}, {clock.Date(2026, 6, 14), 5}, {clock.Date(2026, 6, 15), 5}, {clock.YearEnd(2026), 5}, {clock.YearStart(2027), 4},
		} {
			if got := columns(of.day); got != of.want {
				t.Errorf("on %s %d courses, want %d", of.day, got, of.want)
			}
		}
	})
}
