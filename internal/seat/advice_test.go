package seat_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestAdviceSaysWhomACourseIsMeantForAndBlocksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Journeys()
		id := w.Published(w.Roomy(10))
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) VALUES ($1, $2, $3, 'local', $4)`,
				w.Staff[1], w.Course, roundtest.Today-10, roundtest.Now)
			return err
		}))
		got, err := seat.AdviceFor(roundtest.Ctx, d.Reader(), w.Get(roundtest.System, id).Round, w.Staff[:5], roundtest.Today)
		roundtest.Must(t, err)
		done := roundtest.Today - 10
		want := map[int64]seat.Advice{
			w.Staff[0]: {},
			w.Staff[1]: {CompletedOn: &done},
			w.Staff[2]: {Step: "Ny", MeantFor: "Van"},
			w.Staff[3]: {MeantFor: "Van"},
			w.Staff[4]: {NoAccount: true},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, p := range w.Staff[:5] {
			if o, err := w.SignUp(roundtest.Employee(p, roundtest.Dalarna), id, p, roundtest.Now); err != nil || o.Status != seat.Enrolled {
				t.Errorf("%d gets %+v, %v", p, o, err)
			}
		}
	})
}
