package statistics_test

import (
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// Of those who stand together in a figure somebody whose identity is protected is one only
// when there are five of them.
func TestProtectedPeopleCountAmongFive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		add := func() int64 {
			p := w.person(falun, lastYear)
			w.account(p, w.provider, lastYear, "bas", "employee")
			w.complete(p, "bas-1", lastYear)
			return p
		}
		hidden := add()
		w.check(w.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'A', 'B', $2, 0)`, hidden, falun)
			if err == nil {
				_, err = db.Exec(ctx, tx, `UPDATE employment SET sort_key = sort_key WHERE person_id = $1`, hidden)
			}
			return err
		}))
		for n := 1; n <= 6; n++ {
			want := n
			if n < 5 {
				want = n - 1
			}
			a, err := statistics.Accounts(ctx, d.Reader(), system, dalarna, w.provider.ID, yearEnd)
			w.check(err)
			c, err := statistics.Completions(ctx, d.Reader(), system, dalarna, w.provider.ID, yearEnd)
			w.check(err)
			done := 0
			for _, each := range c.Total.Completed {
				done += each
			}
			place, err := organisation.ByID(ctx, d.Reader(), falun)
			w.check(err)
			m, err := statistics.Municipality(ctx, d.Reader(), system, place, yearEnd)
			w.check(err)
			if a.Total.Employees != want || done != want || m.People != want {
				t.Errorf("%d together, one protected: %d accounts, %d completions, %d people; want %d", n, a.Total.Employees, done, m.People, want)
			}
			add()
		}
	})
}
