package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
)

func TestADatabaseThatTakesNoWritesIsAwayThoughItAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := context.Background(), clock.Date(2025, 12, 2).At(12, 0)
		for range 2 {
			if err := d.TryWrite(ctx, now); err != nil {
				t.Fatal(err)
			}
		}
		d.Pool().SetMaxOpenConns(1)
		readOnly := `PRAGMA query_only = 1`
		if d.Engine == db.Postgres {
			d.Pool().SetMaxIdleConns(1)
			readOnly = `SET default_transaction_read_only = on`
		}
		if _, err := d.Pool().ExecContext(ctx, readOnly); err != nil {
			t.Fatal(err)
		}
		if err := d.Ping(ctx); err != nil {
			t.Errorf("it does not answer: %v", err)
		}
		if err := d.TryWrite(ctx, now); err == nil || !db.Away(err) {
			t.Errorf("a write gives %v", err)
		}
	})
}

func TestAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		ask := func() error {
			_, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT 1`)
			return err
		}
		_, wrong := db.Row(ctx, d.Reader(), db.One[int], `SELECT nothing FROM nowhere`)
		twice := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO write_check (id, checked_at) VALUES (2, 1)`)
			return err
		})
		late, cancel := context.WithTimeout(ctx, 0)
		defer cancel()
		_, timedOut := db.Row(late, d.Reader(), db.One[int], `SELECT 1`)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			err  error
			want bool
		}{
			"nothing":                {nil, false},
			"a mistake in a query":   {wrong, false},
			"a constraint":           {twice, false},
			"a fault":                {fault.NotFound, false},
			"anything else":          {errors.New("a bug"), false},
			"a question too long":    {timedOut, true},
			"a database that closed": {ask(), true},
			"a full disk":            {fmt.Errorf("keep file: %w", &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), true},
		} {
			if (c.err == nil) != (name == "nothing") {
				t.Errorf("%s: %v", name, c.err)
			}
			if got := db.Away(c.err); got != c.want {
				t.Errorf("%s: %v is away: %t", name, c.err, got)
			}
		}
	})
}

// A disk without room is over when somebody has made room.
func TestAwayWithoutRoom(t *testing.T) {
	full, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "full.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	full.SetMaxOpenConns(1) // the bound is the connection's
	for _, statement := range []string{`CREATE TABLE t (x BLOB)`, `PRAGMA max_page_count = 3`} {
		if _, err := full.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := full.ExecContext(context.Background(), `INSERT INTO t VALUES (zeroblob(1000000))`); err == nil || !db.Away(err) {
		t.Errorf("a full disk is no such trouble: %v", err)
	}
}
