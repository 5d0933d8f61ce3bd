package reading_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/intake/reading"
	"yrkesresan/internal/organisation"
)

var at = clock.Date(2027, 3, 1).Start()

func TestHowFarAReadingHasCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(organisation.Install(ctx, d))
		m, err := organisation.MunicipalityNamed(ctx, d.Reader(), "2080")
		must(err)
		for id, state := range map[int64]string{1: "reading", 2: "reading", 3: "ready"} {
			must(d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `
					INSERT INTO staff_import (id, municipality_id, file_name, ends_missing, state, made_at, employed)
					VALUES ($1, $2, 'a.csv', FALSE, $3, $4, 1)`, id, m.ID, state, at)
				return err
			}))
		}
		of := func(id int64) reading.Progress {
			t.Helper()
			p, err := reading.Of(ctx, d.Reader(), id)
			must(err)
			return p
		}
		seconds := func(n int) clock.Instant { return at + clock.Instant(n)*1_000_000 }
		if p := of(1); p.Rows != 0 || !p.GoesOn(seconds(60)) || p.GoesOn(seconds(61)) || !p.BrokenOff(seconds(61)) {
			t.Errorf("at first: %+v", p)
		}
		must(reading.Heard(ctx, d, 1, 500, seconds(50)))
		if p := of(1); p.Rows != 500 || !p.GoesOn(seconds(110)) || !p.BrokenOff(seconds(111)) {
			t.Errorf("later: %+v", p)
		}
		must(reading.Refuse(ctx, d, 1, fault.Invalid("file", "intake.file_cut_off", "Line", 7)))
		if p := of(1); p.GoesOn(seconds(50)) || p.BrokenOff(seconds(999)) || len(p.Why) != 1 || p.Why[0].Key != "intake.file_cut_off" || cmp.Diff([]any{"Line", float64(7)}, p.Why[0].Args) != "" {
			t.Errorf("refused: %+v", p)
		}
		must(reading.Refuse(ctx, d, 2, errors.Join(context.Canceled, errors.New("a secret of the machine"))))
		if p := of(2); len(p.Why) != 1 || p.Why[0].Key != "intake.page.reading_failed" {
			t.Errorf("broken by us: %+v", p)
		}
		// What is ready stays so, whatever a late word says.
		must(reading.Heard(ctx, d, 3, 500, at))
		must(reading.Refuse(ctx, d, 3, fault.Invalid("file", "intake.file_empty")))
		if p := of(3); p.Rows != 0 || len(p.Why) != 0 {
			t.Errorf("what was ready: %+v", p)
		}
		if _, err := reading.Of(ctx, d.Reader(), 9); !errors.Is(err, fault.NotFound) {
			t.Errorf("of none: %v", err)
		}
	})
}
