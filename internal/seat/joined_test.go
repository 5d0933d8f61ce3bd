package seat_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
)

// From a municipality that has not joined on a round's first day nobody is signed up for
// it, whoever asks; on the day before it leaves, and from its neighbour, everybody may. Who
// has a seat keeps it, and its own occasions go on.
func TestWhoseMunicipalityHasNotJoinedIsNotSignedUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		w := v.World
		id := w.Published(w.Roomy(8))
		first := w.Get(roundtest.System, id).FirstDay
		had := w.Enrolled(id, w.Staff[0])
		says := func(from clock.Day) {
			t.Helper()
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				return affiliation.Say(roundtest.Ctx, tx, access.System(), roundtest.Falun, affiliation.Joined, false, clock.Period{From: from}, roundtest.Now)
			}))
		}
		says(first + 1)
		if _, err := w.SignUp(roundtest.Dalarnas, id, w.Staff[1], roundtest.Now); err != nil {
			t.Errorf("the day before it leaves: %v", err)
		}
		says(first)
		for name, viewer := range map[string]access.Viewer{
			"themselves": roundtest.Employee(w.Staff[2], roundtest.Dalarna), "the municipality": roundtest.Faluns, "the region": roundtest.Dalarnas,
		} {
			if _, err := w.SignUp(viewer, id, w.Staff[2], roundtest.Now); roundtest.Key(err) != "round.not_joined" {
				t.Errorf("signed up by %s: %v", name, err)
			}
		}
		if _, err := w.SignUp(roundtest.Dalarnas, id, w.Others[0], roundtest.Now); err != nil {
			t.Errorf("a neighbour: %v", err)
		}
		if seated := w.Seated(id); len(seated) != 3 || len(had) != 1 {
			t.Errorf("%d have a seat, want the one before, the one of the day before and the neighbour", len(seated))
		}
		if _, err := v.PlanLocal(roundtest.Faluns, v.InMunicipality(), v.Staff[3]); err != nil {
			t.Errorf("its own occasion: %v", err)
		}
	})
}
