package db

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// A migration that breaks half-way leaves the database as it was, and says
// which one it was.
func TestABrokenMigrationChangesNothing(t *testing.T) {
	for _, engine := range []Engine{SQLite, Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			d := empty(t, engine)
			ctx := context.Background()
			if err := d.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			before := tables(t, d)

			files := fstest.MapFS{
				"migrations/" + string(engine) + "/99999_broken.sql": {Data: []byte(
					"-- +goose Up\nCREATE TABLE half (id INTEGER);\nINSERT INTO county (code, name) VALUES ('99', 'Half');\nCREATE TABL whole (id INTEGER);\n")},
			}
			err := fs.WalkDir(migrations, "migrations/"+string(engine), func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				content, err := migrations.ReadFile(path)
				files[path] = &fstest.MapFile{Data: content}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.migrate(ctx, files); err == nil || !strings.Contains(err.Error(), "99999_broken.sql") {
				t.Errorf("got %v", err)
			}
			if after := tables(t, d); after != before {
				t.Errorf("tables before:\n%s\nafter:\n%s", before, after)
			}
			n, err := Row(ctx, d.Reader(), One[int], `SELECT COUNT(*) FROM county`)
			if err != nil || n != 0 {
				t.Errorf("%d counties are left, %v", n, err)
			}
			if err := d.Current(ctx); err != nil {
				t.Errorf("the database is no longer the program's: %v", err)
			}
		})
	}
}

// empty is a database without any table, made here since dbtest imports db.
func empty(t *testing.T, engine Engine) *DB {
	t.Helper()
	ctx := context.Background()
	address := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	if engine == Postgres {
		server := os.Getenv("YRKESRESAN_TEST_POSTGRES")
		if server == "" {
			t.Fatal("run the tests with \"make test\" or \"scripts/with-postgres go test ./…\"")
		}
		admin, err := Open(ctx, server)
		if err != nil {
			t.Fatal(err)
		}
		name := "migrate_" + strings.ToLower(strings.NewReplacer("/", "_").Replace(t.Name()))
		if _, err := admin.Pool().Exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := admin.Pool().Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
				t.Error(err)
			}
			_ = admin.Close()
		})
		address = strings.Replace(server, "/postgres?", "/"+name+"?", 1)
	}
	d, err := Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// tables are the names of all tables, a line each.
func tables(t *testing.T, d *DB) string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if d.Engine == Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`
	}
	names, err := Rows(context.Background(), d.Reader(), One[string], query)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}
