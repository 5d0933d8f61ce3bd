// Package dbtest gives tests a migrated database of their own on each engine.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/vault"
)

// Server is the environment variable with the address of a PostgreSQL server
// in which tests may make and drop databases: scripts/with-postgres sets it.
const Server = "YRKESRESAN_TEST_POSTGRES"

// Each runs the test once on SQLite and once on PostgreSQL, each time with an
// empty, migrated database. A missing engine is a failure.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, Open(t, Postgres(t))) })
}

// Open opens a database and closes it when the test ends.
func Open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	d.Keys = Keys()
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Keys are those of every test's database: a copy of one is opened with the same.
var Keys = sync.OnceValue(func() *vault.Keys {
	keys, err := vault.New(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	return keys
})

// Migrating once and copying is many times faster than migrating for each test.
var (
	liteOnce sync.Once
	liteFile []byte
	errLite  error

	pgOnce sync.Once
	pgName string
	errPG  error
)

// SQLite is the address of a migrated database in a temporary file.
func SQLite(t testing.TB) string {
	t.Helper()
	liteOnce.Do(func() { liteFile, errLite = liteTemplate() })
	if errLite != nil {
		t.Fatal(errLite)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, liteFile, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

func liteTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "yrkesresan")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrated("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func migrated(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		_ = d.Close()
		return err
	}
	return d.Close()
}

// Postgres is the address of a migrated database that is dropped when the test
// ends.
func Postgres(t testing.TB) string {
	t.Helper()
	pgOnce.Do(func() { pgName, errPG = pgTemplate() })
	if errPG != nil {
		t.Fatal(errPG)
	}
	return pgDatabase(t, "TEMPLATE "+pgName)
}

// EmptyPostgres is the address of a database without any table.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	return pgDatabase(t, "")
}

func pgDatabase(t testing.TB, options string) string {
	t.Helper()
	server, err := pgServer()
	if err != nil {
		t.Fatal(err)
	}
	name := randomName("test_")
	if _, err := server.Exec("CREATE DATABASE " + name + " " + options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := server.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		_ = server.Close()
	})
	return pgAddress(name)
}

func pgTemplate() (string, error) {
	server, err := pgServer()
	if err != nil {
		return "", err
	}
	defer server.Close()
	name := randomName("template_")
	if _, err := server.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	return name, migrated(pgAddress(name))
}

func pgServer() (*sql.DB, error) {
	address := os.Getenv(Server)
	if address == "" {
		return nil, fmt.Errorf("%s is not set: run the tests with \"make test\" or \"scripts/with-postgres go test ./…\"", Server)
	}
	return sql.Open("pgx", address)
}

func pgAddress(name string) string {
	u, err := url.Parse(os.Getenv(Server))
	if err != nil {
		return err.Error()
	}
	u.Path = "/" + name
	return u.String()
}

func randomName(prefix string) string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return prefix + strings.ToLower(hex.EncodeToString(b[:]))
}
