package statistics_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/statistics"
)

func TestWhoHasTwoEmployersIsCountedOnceInTheTotal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one := w.person(falun, lastYear)
		inBoth, across := w.person(falun, lastYear), w.person(uppsalaMunicipality, lastYear)
		for _, p := range []int64{one, inBoth, across} {
			w.account(p, w.provider, lastYear, "bas", "employee")
			w.complete(p, "bas-1", lastYear)
		}
		too := func(person int64) {
			w.check(w.Write(ctx, func(tx *db.Tx) error {
				return people.EmployToo(ctx, tx, system, person, mora, yearEnd-10, "")
			}))
		}
		too(inBoth)
		too(across)

		type counted struct{ falun, mora, total, twice, done int }
		region := func() (c counted) {
			a, err := statistics.Accounts(ctx, d.Reader(), system, dalarna, w.provider.ID, yearEnd)
			w.check(err)
			for _, r := range a.Rows {
				switch r.Organisation.ID {
				case falun:
					c.falun = r.Employees
				case mora:
					c.mora = r.Employees
				}
			}
			c.total, c.twice = a.Total.Employees, a.Twice
			done, err := statistics.Completions(ctx, d.Reader(), system, dalarna, w.provider.ID, yearEnd)
			w.check(err)
			if done.Total.Employees != c.total {
				t.Errorf("%d employees in the completions, %d in the accounts", done.Total.Employees, c.total)
			}
			for _, n := range done.Total.Completed {
				c.done += n
			}
			return c
		}
		if got, want := region(), (counted{falun: 2, mora: 2, total: 3, twice: 1, done: 3}); got != want {
			t.Errorf("the region has %+v, want %+v", got, want)
		}
		nation := func() (dalarnas, uppsalas, total int) {
			a, c, err := statistics.Nation(ctx, d.Reader(), system, w.provider.ID, yearEnd)
			w.check(err)
			for _, r := range a.Rows {
				switch r.Organisation.ID {
				case dalarna:
					dalarnas = r.Employees
				case uppsala:
					uppsalas = r.Employees
				}
			}
			if a.Total.Employees != c.Total.Employees {
				t.Errorf("%d employees in the accounts, %d in the completions", a.Total.Employees, c.Total.Employees)
			}
			return dalarnas, uppsalas, a.Total.Employees
		}
		if a, b, all := nation(); a != 3 || b != 1 || all != 3 {
			t.Errorf("the regions have %d and %d, the country %d", a, b, all)
		}

		// The figures follow at once when the main employment changes, though the second row does not.
		w.check(w.Write(ctx, func(tx *db.Tx) error {
			return people.Employ(ctx, tx, access.System(), across, falun, yearEnd-5, "")
		}))
		if got := region(); got.total != 3 || got.twice != 2 {
			t.Errorf("after the move the region has %+v", got)
		}
	})
}
