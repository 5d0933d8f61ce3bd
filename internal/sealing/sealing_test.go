package sealing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

var (
	ctx = context.Background()
	now = clock.Date(2026, 11, 23).At(9, 0)
)

// words stand in clear in the database of an older version.
var words = []string{"Jordnötsallergi", "Hörslinga", "Sojafritt till Ek", "klient-hemlighet", "PRIVAT-NYCKEL", "KODHEMLIGHET"}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	}))
}

// older is a database as a version that sealed nothing left it: 500 people with needs, and
// one value in every other column. The rows that these belong to are left out.
func older(t *testing.T, d *db.DB) {
	t.Helper()
	alone := `SET LOCAL session_replication_role = replica`
	if d.Engine == db.SQLite {
		alone = `SELECT 1`
		_, err := d.Pool().ExecContext(ctx, `PRAGMA foreign_keys = OFF`)
		must(t, err)
	}
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		for _, s := range []struct {
			query string
			args  []any
		}{
			{alone, nil},
			{`INSERT INTO course_day (id, round_id, ordinal, day, starts, ends, place, code_secret) VALUES (3, 1, 1, $1, '09:00', '16:00', '', $2)`, []any{now.Day(), []byte("KODHEMLIGHET")}},
			{`INSERT INTO catering (course_day_id, note) VALUES (3, 'Sojafritt till Ek')`, nil},
			{`INSERT INTO federation_provider (municipality_id, kind, issuer, client_secret, vouches, makes_accounts, changed_at) VALUES (2080, 'oidc', 'i', 'klient-hemlighet', FALSE, FALSE, 0)`, nil},
			{`INSERT INTO federation_key (id, private_key, certificate, made_at) VALUES (1, $1, $2, 0)`, []any{[]byte("PRIVAT-NYCKEL"), []byte("c")}},
		} {
			if _, err := db.Exec(ctx, tx, s.query, s.args...); err != nil {
				return err
			}
		}
		for i := range 500 {
			if _, err := db.Exec(ctx, tx, `INSERT INTO round_need (round_id, person_id, diet, access_need, told_at) VALUES (1, $1, $2, 'Hörslinga', 0)`, i+1, fmt.Sprintf("vegan\nJordnötsallergi %d", i+1)); err != nil {
				return err
			}
		}
		return nil
	}))
	do(t, d, `DELETE FROM round_need WHERE person_id = 500`) // what is deleted leaves something behind, too
}

// files is what the database has on disk, as bytes.
func files(t *testing.T, d *db.DB) []byte {
	t.Helper()
	var all []byte
	if d.Engine == db.SQLite {
		path, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT file FROM pragma_database_list WHERE name = 'main'`)
		must(t, err)
		for _, end := range []string{"", "-wal"} {
			text, err := os.ReadFile(path + end)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			all = append(all, text...)
		}
		return all
	}
	_, err := d.Pool().ExecContext(ctx, `CHECKPOINT`)
	must(t, err)
	for _, c := range sealing.Columns {
		text, err := db.Row(ctx, d.Reader(), db.One[[]byte], `SELECT pg_read_binary_file(pg_relation_filepath('`+c.Table+`'))`)
		must(t, err)
		all = append(all, text...)
	}
	return all
}

func found(t *testing.T, d *db.DB) (all []string) {
	t.Helper()
	text := files(t, d)
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			all = append(all, w)
		}
	}
	return all
}

func need(t *testing.T, d *db.DB, person int64) (string, error) {
	t.Helper()
	stored, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT diet FROM round_need WHERE round_id = 1 AND person_id = $1`, person)
	must(t, err)
	return d.Keys.Open(vault.Place{Table: "round_need", Column: "diet", Row: vault.Row(1, person)}, stored)
}

func TestWhatAnOlderVersionLeftInClearIsSealedAndNothingOfItIsLeftInTheFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		if d.Engine == db.Postgres {
			_, err := d.Pool().ExecContext(ctx, `CHECKPOINT`)
			must(t, err)
		}
		if got := found(t, d); !slices.Equal(got, words) {
			t.Fatalf("before, the files hold %q: the search is blind", got)
		}
		if uses, err := sealing.Uses(ctx, d.Reader()); err != nil || uses[""] != 499*2+4 {
			t.Fatalf("in clear: %v, %v", uses, err)
		}

		// Killed after a while: what is done is done, and the rest is readable as before.
		short, cancel := context.WithCancel(ctx)
		writes := 0
		_, err := sealing.Run(db.Traced(short, func(query string) {
			if strings.HasPrefix(query, "UPDATE") {
				if writes++; writes == 300 {
					cancel()
				}
			}
		}), d, now)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("it was not broken off: %v", err)
		}
		uses, err := sealing.Uses(ctx, d.Reader())
		if err != nil || uses[""] == 0 || uses[d.Keys.Primary()] == 0 {
			t.Errorf("after it was broken off: %v, %v", uses, err)
		}
		for _, person := range []int64{1, 499} {
			if got, err := need(t, d, person); got != fmt.Sprintf("vegan\nJordnötsallergi %d", person) || err != nil {
				t.Errorf("%d reads %q, %v", person, got, err)
			}
		}

		n, err := sealing.Run(ctx, d, now)
		must(t, err)
		if n+uses[d.Keys.Primary()] != 499*2+4 {
			t.Errorf("sealed %d after %d", n, uses[d.Keys.Primary()])
		}
		if n, err := sealing.Run(ctx, d, now); n != 0 || err != nil {
			t.Errorf("sealed %d again, %v", n, err)
		}
		if uses, err := sealing.Uses(ctx, d.Reader()); err != nil || len(uses) != 1 || uses[d.Keys.Primary()] != 499*2+4 {
			t.Errorf("afterwards: %v, %v", uses, err)
		}
		got := found(t, d)
		// On a busy server PostgreSQL itself may look at a table, to gather statistics, in the
		// moment between the wait and the sweep, and then keeps what it sees until the next.
		for try := 0; len(got) > 0 && d.Engine == db.Postgres && try < 20; try++ {
			if err := d.Sweep(ctx, "round_need", "catering", "course_day", "federation_provider", "federation_key"); err != nil && !errors.Is(err, db.ErrBusy) {
				t.Fatal(err)
			}
			got = found(t, d)
		}
		if len(got) > 0 {
			t.Errorf("the files still hold %q", got)
		}
		for _, person := range []int64{1, 200, 201, 499} {
			if got, err := need(t, d, person); got != fmt.Sprintf("vegan\nJordnötsallergi %d", person) || err != nil {
				t.Errorf("%d reads %q, %v", person, got, err)
			}
		}
		// What is written and deleted from now on leaves nothing either.
		if d.Engine == db.SQLite {
			do(t, d, `INSERT INTO remark (person_id, organisation_id, text, written_at) VALUES (1, 1, 'Sojafritt till Ek', 0)`)
			do(t, d, `DELETE FROM remark`)
			_, err := d.Pool().ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
			must(t, err)
			if got := found(t, d); len(got) > 0 {
				t.Errorf("what was deleted is in the file: %q", got)
			}
		}
	})
}

func TestAValueThatIsCopiedToAnotherRowDoesNotOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		_, err := sealing.Run(ctx, d, now)
		must(t, err)
		do(t, d, `UPDATE round_need SET diet = (SELECT diet FROM round_need WHERE person_id = 1) WHERE person_id = 2`)
		if got, err := need(t, d, 2); !errors.Is(err, vault.ErrUnreadable) {
			t.Errorf("it reads %q, %v", got, err)
		}
		if _, err := need(t, d, 1); err != nil {
			t.Error(err)
		}
	})
}

// own gives the database keys of its own: those of dbtest are shared.
func own(t *testing.T, d *db.DB) *vault.Keys {
	t.Helper()
	keys, err := vault.New(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	must(t, err)
	return keys
}

func TestANewKeyTakesOverRowByRowAndTheOldIsKeptUntilNothingNeedsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		must(t, sealing.Join(ctx, d, own(t, d), now))
		_, err := sealing.Run(ctx, d, now)
		must(t, err)
		first := d.Keys.Primary()
		second, err := d.Keys.Rotate(now.Time())
		must(t, err)
		must(t, sealing.Join(ctx, d, d.Keys, now))
		if err := sealing.Drop(ctx, d, first); !errors.Is(err, sealing.ErrInUse) {
			t.Errorf("a key that is needed was dropped: %v", err)
		}
		if got, err := need(t, d, 1); got != "vegan\nJordnötsallergi 1" || err != nil {
			t.Errorf("between the keys it reads %q, %v", got, err)
		}
		n, err := sealing.Seal(ctx, d)
		if err != nil || n != 499*2+4 {
			t.Errorf("sealed %d anew, %v", n, err)
		}
		if uses, err := sealing.Uses(ctx, d.Reader()); err != nil || len(uses) != 1 || uses[second] != n {
			t.Errorf("the keys are used %v, %v", uses, err)
		}
		must(t, sealing.Drop(ctx, d, first))
		if got, err := need(t, d, 1); got != "vegan\nJordnötsallergi 1" || err != nil {
			t.Errorf("without the old key it reads %q, %v", got, err)
		}
		known, err := sealing.Known(ctx, d.Reader())
		if err != nil || !slices.Equal(known, []string{first, second}) {
			t.Errorf("known are %v, %v", known, err)
		}
	})
}

func TestWithoutItsKeysADatabaseTellsWhatIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		lostKeys := own(t, d)
		must(t, sealing.Join(ctx, d, lostKeys, now))
		_, err := sealing.Run(ctx, d, now)
		must(t, err)
		do(t, d, `INSERT INTO person (id, given_name, family_name, sort_key, created_at) VALUES (1, 'A', 'B', $1, 0)`, []byte("s"))
		do(t, d, `INSERT INTO personal_number (person_id, mark, key_id, coordination, told_at) VALUES (1, $1, $2, FALSE, 0)`, []byte("m"), lostKeys.MarkKey())
		if lost, err := sealing.Lost(ctx, d.Reader()); err != nil || len(lost) > 0 {
			t.Errorf("with its keys it has lost %v, %v", lost, err)
		}
		if err := sealing.Join(ctx, d, own(t, d), now); !errors.Is(err, sealing.ErrOtherKeys) || d.Keys != lostKeys {
			t.Errorf("keys of elsewhere were taken into use: %v", err)
		}
		must(t, sealing.Replace(ctx, d, own(t, d), now))
		lost, err := sealing.Lost(ctx, d.Reader())
		must(t, err)
		got := map[string]int64{}
		for _, l := range lost {
			got[l.Table+"."+l.Column] = l.Rows
		}
		want := map[string]int64{
			"round_need.diet": 499, "round_need.access_need": 499, "catering.note": 1, "course_day.code_secret": 1,
			"federation_provider.client_secret": 1, "federation_key.private_key": 1, "personal_number.mark": 1,
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("lost are %v, want %v", got, want)
		}
		if n, err := sealing.Seal(ctx, d); n != 0 || err != nil {
			t.Errorf("%d of what cannot be read was sealed anew, %v", n, err)
		}
		// The server that has the old keys alone is told so.
		if err := sealing.Join(ctx, d, lostKeys, now); !errors.Is(err, sealing.ErrOtherKeys) {
			t.Errorf("the old keys alone are taken: %v", err)
		}
	})
}

func TestOfTwoServersThatBringAFirstKeyOneIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := own(t, d), own(t, d)
		results := make([]error, 2)
		var began sync.WaitGroup
		for i, keys := range []*vault.Keys{one, two} {
			began.Go(func() {
				other := *d // a second program's view of the same database
				results[i] = sealing.Join(ctx, &other, keys, now)
			})
		}
		began.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Fatalf("they are told %v and %v", results[0], results[1])
		}
		for _, err := range results {
			if err != nil && !errors.Is(err, sealing.ErrOtherKeys) {
				t.Error(err)
			}
		}
		if known, err := sealing.Known(ctx, d.Reader()); err != nil || len(known) != 1 {
			t.Errorf("known are %v, %v", known, err)
		}
	})
}

func TestSealingWithoutKeysChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		older(t, d)
		d.Keys = nil
		if n, err := sealing.Run(ctx, d, now); n != 0 || !errors.Is(err, vault.ErrNoKeys) {
			t.Errorf("sealed %d, %v", n, err)
		}
		if got, err := need(t, d, 1); got != "vegan\nJordnötsallergi 1" || err != nil {
			t.Errorf("reads %q, %v", got, err)
		}
	})
}
