package statistics_test

import (
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

func TestAnAccountDoesNotCountWhileItWasClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		person := w.person(falun, lastYear)
		account := w.account(person, w.provider, lastYear, "bas", "employee")
		w.put(`INSERT INTO account_closure (account_id, closed_on, reopened_on, reopened_at) VALUES ($1, '2025-05-22', '2025-06-01', 1) RETURNING account_id`, account)
		m, err := organisation.ByID(ctx, d.Reader(), falun)
		w.check(err)
		for day, want := range map[clock.Day]int{clock.Date(2025, 5, 21): 1, clock.Date(2025, 5, 22): 0, clock.Date(2025, 5, 31): 0, clock.Date(2025, 6, 1): 1} {
			table, err := statistics.Accounts(ctx, d.Reader(), system, dalarna, w.provider.ID, day)
			w.check(err)
			f, err := statistics.Municipality(ctx, d.Reader(), system, m, day)
			w.check(err)
			if table.Total.Accounts != want || f.WithoutAccount != 1-want {
				t.Errorf("on %s: %d accounts, %d without; want %d", day, table.Total.Accounts, f.WithoutAccount, want)
			}
		}
	})
}
