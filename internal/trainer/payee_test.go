package trainer_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestOneOfATrainersEmployersIsPaidForADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(3))
		day := w.Get(roundtest.Dalarnas, id).CourseDays[0]
		who := day.Trainers[0].PersonID
		first, err := people.EmploymentOn(roundtest.Ctx, d.Reader(), who, day.Day)
		roundtest.Must(t, err)
		payees := func(v access.Viewer) (names []string) {
			all, err := trainer.Payees(roundtest.Ctx, d.Reader(), v, day.ID)
			if err != nil {
				return []string{roundtest.Key(err)}
			}
			for _, p := range all {
				if p.Paid {
					names = append(names, "paid:")
				}
				names = append(names, p.Name)
			}
			return names
		}
		if got := payees(roundtest.Dalarnas); len(got) > 0 {
			t.Errorf("one employer is a choice: %v", got)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return people.EmployToo(roundtest.Ctx, tx, roundtest.System, who, roundtest.Falun, roundtest.Today, "")
		}))
		pay := func(v access.Viewer, employer int64) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error { return trainer.Pay(roundtest.Ctx, tx, v, day.ID, who, employer) }))
		}
		for _, c := range []struct {
			name     string
			viewer   access.Viewer
			employer int64
			want     string
		}{
			{"another region", roundtest.Uppsalas, roundtest.Falun, "fault.not_found"},
			{"the municipality itself", roundtest.Faluns, roundtest.Falun, "fault.not_found"},
			{"no employer of theirs", roundtest.Dalarnas, roundtest.Tierp, "employer trainer.no_such_payee"},
			{"the region", roundtest.Dalarnas, roundtest.Falun, ""},
		} {
			if got := pay(c.viewer, c.employer); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if got := payees(roundtest.Dalarnas); len(got) != 3 || got[1] != "paid:" || got[2] != "Falun" {
			t.Errorf("%v, first employed by %s", got, first.Employer())
		}
	})
}
