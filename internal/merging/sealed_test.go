package merging_test

import (
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/merging"
	. "yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/sealing"
)

// What is sealed for one person reads on when the row comes to be another's, and when it
// comes back.
func TestWhatIsSealedReadsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world(t, d)
		a, b := w.Staff[1], w.Staff[2]
		round := w.Published(w.Plan())
		diet, _ := sealing.Of("round_need", "diet")
		stored, err := d.Keys.Seal(diet.At([]int64{round, b}), "vegan")
		Must(t, err)
		do(t, d, `INSERT INTO round_need (round_id, person_id, diet, told_at) VALUES ($1, $2, $3, 0)`, round, b, stored)
		reads := func(person int64) {
			t.Helper()
			stored := one[string](t, d, `SELECT diet FROM round_need WHERE round_id = $1 AND person_id = $2`, round, person)
			if text, lost, err := sealing.Text(d.Reader(), diet.At([]int64{round, person}), stored); err != nil || lost || text != "vegan" {
				t.Errorf("it reads %q, lost %v: %v", text, lost, err)
			}
		}
		Must(t, merge(d, falun, a, b, ""))
		reads(a)
		Must(t, merging.Split(Ctx, d, falun, a, site, Now))
		reads(b)

		// Who is protected is merged with nobody: the other's name would tell.
		do(t, d, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) SELECT id, given_name, family_name, 2080, 0 FROM person WHERE id = $1`, b)
		opened := falun
		opened.Opened = []int64{b}
		for _, pair := range [][2]int64{{a, b}, {b, a}} {
			if f := fault.Of(merge(d, opened, pair[0], pair[1], "")); f == nil || f.Key != "merging.protected" {
				t.Errorf("%v: %v", pair, f)
			}
			if f := fault.Of(merge(d, falun, pair[0], pair[1], "")); f != fault.NotFound {
				t.Errorf("%v without a look: %v", pair, f)
			}
		}
	})
}
