package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// eachAddress is the address of an empty database on either engine.
func eachAddress(t *testing.T, test func(t *testing.T, c Database)) {
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		"postgres": func(t *testing.T) string { return dbtest.EmptyPostgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			test(t, Database{address(t), KeyFile{filepath.Join(t.TempDir(), "a.key")}})
		})
	}
}

func served(t *testing.T, c Database) (said string, err error) {
	t.Helper()
	var log bytes.Buffer
	d, err := c.found(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = c.unlockOrReplace(t.Context(), d, slog.New(slog.NewTextHandler(&log, nil)))
	return log.String(), errors.Join(err, d.Close())
}

func shownKeys(t *testing.T, c Database) (out struct {
	Keys  []shown
	Clear int64
	Lost  []sealing.Loss
}) {
	t.Helper()
	text, err := printed(t, func() error { return KeyShow{c}.Run(context.Background()) })
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err, text)
	}
	return out
}

// need writes a diet in clear, as an older version did.
func need(t *testing.T, c Database) {
	t.Helper()
	d, err := db.Open(t.Context(), c.DB)
	if err != nil {
		t.Fatal(err)
	}
	alone := `SET LOCAL session_replication_role = replica`
	if d.Engine == db.SQLite {
		alone = `SELECT 1`
		if _, err := d.Pool().ExecContext(t.Context(), `PRAGMA foreign_keys = OFF`); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, alone)
		if err == nil {
			_, err = db.Exec(t.Context(), tx, `INSERT INTO round_need (round_id, person_id, diet, told_at) VALUES (1, 1, 'vegan', 0)`)
		}
		return err
	}), d.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestARestoreWithoutTheKeyFileWorksAndSaysWhatIsLost(t *testing.T) {
	eachAddress(t, func(t *testing.T, c Database) {
		if _, err := printed(t, func() error { return Migrate{c}.Run(context.Background()) }); err != nil {
			t.Fatal(err)
		}
		need(t, c)
		if got := shownKeys(t, c); got.Clear != 1 || len(got.Keys) != 1 {
			t.Fatalf("before: %+v", got)
		}
		if _, err := printed(t, func() error { return Migrate{c}.Run(context.Background()) }); err != nil {
			t.Fatal(err)
		}
		first := shownKeys(t, c)
		if first.Clear != 0 || first.Keys[0].Values != 1 || !first.Keys[0].Primary || len(first.Lost) != 0 {
			t.Fatalf("sealed by migrate: %+v", first)
		}
		if said, err := served(t, c); err != nil || said != "" {
			t.Errorf("served: %s, %v", said, err)
		}
		text, err := os.ReadFile(c.keyFile())
		if err != nil {
			t.Fatal(err)
		}
		if out, _ := printed(t, func() error { return KeyShow{c}.Run(context.Background()) }); strings.Contains(out, `"value"`) || !strings.Contains(string(text), `"value"`) {
			t.Error("key show tells a key")
		}

		// The backup is the database alone. What only looks on makes no keys.
		kept := c.keyFile() + ".kept"
		if err := os.Rename(c.keyFile(), kept); err != nil {
			t.Fatal(err)
		}
		if got := shownKeys(t, c); len(got.Keys) != 0 || len(got.Lost) != 1 || got.Lost[0].Rows != 1 || got.Lost[0].Table != "round_need" {
			t.Errorf("without the file: %+v", got)
		}
		if _, err := printed(t, func() error { return Migrate{c}.Run(context.Background()) }); err != nil {
			t.Error("migrate without the file:", err)
		}
		if _, err := printed(t, func() error { return KeyRotate{Database: c}.Run(context.Background()) }); !errors.Is(err, vault.ErrNoKeys) || !strings.Contains(err.Error(), c.keyFile()) {
			t.Errorf("rotate without the file: %v", err)
		}
		if _, err := os.Stat(c.keyFile()); err == nil {
			t.Fatal("a command made a key file that the server lacks")
		}
		said, err := served(t, c)
		if err != nil || !strings.Contains(said, "a new one was made") || !strings.Contains(said, `what="what people eat and do not eat" rows=1`) {
			t.Errorf("served without the file: %s, %v", said, err)
		}

		// The file is found again.
		out, err := printed(t, func() error { return KeyJoin{c, kept}.Run(context.Background()) })
		if err != nil || out != `{"joined":1}`+"\n" {
			t.Errorf("joined: %s, %v", out, err)
		}
		if got := shownKeys(t, c); len(got.Keys) != 2 || len(got.Lost) != 0 {
			t.Errorf("with the file found: %+v", got)
		}
	})
}

func TestAServerWithAnotherKeyFileIsToldWhatToDo(t *testing.T) {
	eachAddress(t, func(t *testing.T, c Database) {
		if _, err := printed(t, func() error { return Migrate{c}.Run(context.Background()) }); err != nil {
			t.Fatal(err)
		}
		other := Database{c.DB, KeyFile{filepath.Join(t.TempDir(), "other.key")}}
		if _, err := vault.Make(other.keyFile(), clock.System().Time()); err != nil {
			t.Fatal(err)
		}
		if _, err := served(t, other); !errors.Is(err, sealing.ErrOtherKeys) || !strings.Contains(err.Error(), "--key-file") {
			t.Errorf("another file: %v", err)
		}
		if err := os.Chmod(c.keyFile(), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := served(t, c); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("a file that others read: %v", err)
		}
	})
}

func TestKeysAreRotatedAndDroppedFromTheCommandLine(t *testing.T) {
	eachAddress(t, func(t *testing.T, c Database) {
		run := func(run func(context.Context) error) (string, error) {
			return printed(t, func() error { return run(context.Background()) })
		}
		if _, err := run(Migrate{c}.Run); err != nil {
			t.Fatal(err)
		}
		need(t, c)
		if _, err := run(Migrate{c}.Run); err != nil {
			t.Fatal(err)
		}
		first := shownKeys(t, c).Keys[0].ID
		if _, err := run(KeyRotate{c, true}.Run); err != nil {
			t.Fatal(err)
		}
		if got := shownKeys(t, c); len(got.Keys) != 2 || got.Keys[0].Values != 0 || got.Keys[1].ID != first || got.Keys[1].Values != 1 {
			t.Errorf("left to the server: %+v", got)
		}
		if _, err := run(KeyDrop{c, first}.Run); !errors.Is(err, sealing.ErrInUse) {
			t.Errorf("a key that is needed: %v", err)
		}
		if out, err := run(KeyRotate{Database: c}.Run); err != nil || !strings.Contains(out, `"sealed":1`) {
			t.Errorf("rotated: %s, %v", out, err)
		}
		if _, err := run(KeyDrop{c, first}.Run); err != nil {
			t.Error(err)
		}
		if got := shownKeys(t, c); len(got.Keys) != 2 || got.Keys[0].Values != 1 || len(got.Lost) != 0 {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

func TestWhereTheKeysAreWithoutBeingTold(t *testing.T) {
	for _, c := range []struct{ db, file, want string }{
		{"sqlite:/var/lib/y.db", "", "/var/lib/y.db.key"},
		{"postgres://h/y", "", "yrkesresan.key"},
		{"sqlite:/var/lib/y.db", "/etc/y.key", "/etc/y.key"},
		{"postgres://h/y", "/etc/y.key", "/etc/y.key"},
	} {
		if got := (Database{c.db, KeyFile{c.file}}).keyFile(); got != c.want {
			t.Errorf("%s and %q: %s, want %s", c.db, c.file, got, c.want)
		}
	}
}
