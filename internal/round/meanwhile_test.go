package round_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

func TestWhatElseSomebodyHasAtTheHoursOfARound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		at := func(label, starts, ends string) planning.New {
			n := w.Plan()
			n.Label, n.Minimum = label, 1
			n.Days = []planning.NewDay{{Day: roundtest.First, Starts: starts, Ends: ends}}
			return n
		}
		asked := w.Published(at("Den jag vill gå", "09:00", "12:00"))
		same := w.Published(at("Samma tid", "11:59", "16:00"))
		after := w.Published(at("Efter", "12:00", "16:00"))
		gone := w.Published(at("Inställd", "09:00", "12:00"))
		two, later, both, free := w.Staff[0], w.Staff[1], w.Staff[2], w.Staff[3]
		w.Enrolled(same, two, both)
		w.Enrolled(after, later)
		w.Enrolled(gone, free)
		w.Enrolled(asked, both)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `UPDATE round SET cancelled_at = 1, cancel_cause = 'other' WHERE id = $1`, gone)
			return err
		}))
		taught := w.Plan()
		taught.Label = "Håller"
		w.Published(taught)
		read := func(viewer access.Viewer) (got []string) {
			t.Helper()
			persons := []int64{two, later, both, free, w.Rss, w.Borlange}
			all, err := round.Meanwhiles(roundtest.Ctx, d.Reader(), viewer, asked, persons)
			roundtest.Must(t, err)
			for _, p := range persons {
				for _, m := range all[p] {
					got = append(got, string(m.Kind)+" "+m.What+" "+m.Starts+"–"+m.Ends)
				}
			}
			return got
		}
		want := []string{
			"seat Kurs, Samma tid 11:59–16:00", "seat Kurs, Samma tid 11:59–16:00",
			"day Kurs, Håller 09:00–16:00", "day Kurs, Håller 09:00–16:00",
		}
		if diff := cmp.Diff(want, read(roundtest.Dalarnas)); diff != "" {
			t.Errorf("the region: %s", diff)
		}
		// Whoever has no office over them or the rounds hears that, not what.
		want = []string{"seat Kurs, Samma tid 11:59–16:00", "seat  11:59–16:00", "day  09:00–16:00", "day  09:00–16:00"}
		if diff := cmp.Diff(want, read(access.Viewer{PersonID: two})); diff != "" {
			t.Errorf("one of them: %s", diff)
		}
	})
}
