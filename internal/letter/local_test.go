package letter_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
)

func TestALocalSeatIsWrittenAboutByTheMunicipality(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan(5)
		n.RegionID, n.MunicipalityID, n.Days = 0, falun, n.Days[:1]
		n.SignupFrom, n.SignupUntil, n.Label = 0, 0, ""
		w.write(func(tx *db.Tx) error {
			id, err := planning.PlanLocal(ctx, tx, system, n, []int64{w.asa}, now)
			if err != nil {
				return err
			}
			return letter.After(ctx, tx, id, now)
		})
		w.work(now)
		got := w.next(2)
		if l := got["ulla@example.org"]; len(l) != 1 || l[0].Calendar == "" {
			t.Errorf("who leads is written %v", l)
		}
		if l := got["asa@example.org"]; len(l) == 0 {
			t.Error("Åsa gets no letter")
		} else if l := l[0]; !strings.Contains(l.Text, "Yrkesresan, Falun") || strings.Contains(l.Text, "/needs") || l.Calendar == "" {
			t.Errorf("Åsa is written:\n%s", l.Text)
		}
	})
}
