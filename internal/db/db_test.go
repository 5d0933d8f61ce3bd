package db_test

import (
	"context"
	"errors"
	"os"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
)

func TestRowsAndDaysComeBackAsTheyWentIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		day := clock.Date(2025, 12, 31)
		err := d.Write(ctx, func(tx *db.Tx) error {
			return db.Insert(ctx, tx, "journey", []string{"slug", "name", "audience", "starts_on", "ordinal"}, [][]any{
				{"a", "Äldre", "provider", day, 1},
				{"b", "Barn", "authority", nil, 2},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		type journey struct {
			Name   string
			Starts *clock.Day
		}
		got, err := db.Rows(ctx, d.Reader(), func(j *journey) []any { return []any{&j.Name, &j.Starts} },
			`SELECT name, starts_on FROM journey WHERE starts_on IS NULL OR starts_on <= $1 ORDER BY ordinal`, day)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]journey{{"Äldre", &day}, {"Barn", nil}}, got); diff != "" {
			t.Error(diff)
		}
		_, err = db.Row(ctx, d.Reader(), db.One[string], `SELECT name FROM journey WHERE slug = $1`, "none")
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("a missing row gives %v, want not found", err)
		}
	})
}

func TestRolledBackWritesLeaveNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		broken := errors.New("broken")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `INSERT INTO county (code, name) VALUES ($1, $2)`, "20", "Dalarna"); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM county`)
		if err != nil || n != 0 {
			t.Errorf("%d rows left, %v", n, err)
		}
	})
}

func TestManyWritersAtOnceAllGetThrough(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if _, err := db.Exec(ctx, d.Pool(), `INSERT INTO county (code, name) VALUES ('20', '0')`); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 40)
		for i := range errs {
			wg.Go(func() {
				errs[i] = d.Write(ctx, func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE county SET name = CAST(CAST(name AS INTEGER) + 1 AS TEXT) WHERE code = '20'`)
					return err
				})
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		got, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT name FROM county`)
		if err != nil || got != "40" {
			t.Errorf("counted %q, %v", got, err)
		}
	})
}

func TestConstraintsAreRecognised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		insert := func(code string) error {
			_, err := db.Exec(ctx, d.Pool(), `INSERT INTO county (code, name) VALUES ($1, 'x')`, code)
			return err
		}
		if err := insert("20"); err != nil {
			t.Fatal(err)
		}
		if err := insert("20"); !db.IsUnique(err) {
			t.Errorf("a second row gives %v", err)
		}
		_, err := db.Exec(ctx, d.Pool(), `INSERT INTO inhabitants (municipality_id, year, people) VALUES (1, 2025, 1)`)
		if !db.IsCheck(err) {
			t.Errorf("a foreign key gives %v", err)
		}
	})
}

func TestBothSchemasHaveTheSameTablesAndColumns(t *testing.T) {
	lite := schema(t, dbtest.Open(t, dbtest.SQLite(t)), `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
		FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%'`)
	pg := schema(t, dbtest.Open(t, dbtest.Postgres(t)), `SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
		FROM information_schema.columns WHERE table_schema = 'public'`)
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
	indexes := `SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'`
	pgIndexes := `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_key' AND indexname NOT LIKE '%_key_' AND indexname NOT LIKE '%_pkey'`
	if diff := cmp.Diff(schema(t, dbtest.Open(t, dbtest.SQLite(t)), indexes), schema(t, dbtest.Open(t, dbtest.Postgres(t)), pgIndexes)); diff != "" {
		t.Errorf("the indexes of SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
}

func schema(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	names, err := db.Rows(context.Background(), d.Reader(), db.One[string], query)
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, name := range names {
		// goose and the job queue keep their own tables, each engine's in its way.
		if !strings.HasPrefix(name, "goose_") && !strings.HasPrefix(name, "river_") {
			own = append(own, name)
		}
	}
	sort.Strings(own)
	return own
}

func TestANewerDatabaseIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if _, err := db.Exec(ctx, d.Pool(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{d.Migrate(ctx), d.Current(ctx)} {
			var newer *db.NewerError
			if !errors.As(err, &newer) || newer.Have != 99999 {
				t.Errorf("got %v, want a NewerError of 99999", err)
			}
		}
	})
}

func TestWrongAddressesAreNamedWithoutTheirPassword(t *testing.T) {
	for name, address := range map[string]string{
		"no scheme":      "demo.db",
		"another engine": "mysql://u:secret@h/d",
		"no path":        "sqlite:",
		"a folder":       "sqlite:" + t.TempDir(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := db.Open(context.Background(), address)
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestBuilderNumbersItsArguments(t *testing.T) {
	var b db.Builder
	in, ids := db.In("id", []int64{7, 8})
	b.Add("SELECT a FROM t WHERE x = ?", 1).Add("AND "+in, ids...)
	if got, want := b.String(), "SELECT a FROM t WHERE x = $1\nAND id IN ($2, $3)\n"; got != want {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]any{1, int64(7), int64(8)}, b.Args()); diff != "" {
		t.Error(diff)
	}
}

// PostgreSQL keeps one plan for a question and compiles none, unless the address
// says otherwise.
func TestPostgresPlansOnceUnlessTheAddressSaysOtherwise(t *testing.T) {
	ctx := context.Background()
	address := os.Getenv(dbtest.Server)
	if address == "" {
		t.Fatal(dbtest.Server + " is not set")
	}
	for extra, want := range map[string]string{"": "force_generic_plan off", "&plan_cache_mode=auto&jit=on": "auto on"} {
		d, err := db.Open(ctx, address+extra)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT current_setting('plan_cache_mode') || ' ' || current_setting('jit')`)
		if err = errors.Join(err, d.Close()); err != nil || got != want {
			t.Errorf("with %q it is %q, %v; want %q", extra, got, err, want)
		}
	}
}

// SQLite counts its rows but keeps no samples of what is in them: with samples
// it would plan a question anew for each argument.
func TestSQLitePlansOnceWhateverTheArguments(t *testing.T) {
	ctx := context.Background()
	d := dbtest.Open(t, dbtest.SQLite(t))
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
			INSERT INTO county (code, name) SELECT CAST(100 + i AS TEXT), 'Län' FROM n`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	counted, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT MAX(stat) FROM sqlite_stat1 WHERE tbl = 'county'`)
	if err != nil || !strings.HasPrefix(counted, "500 ") {
		t.Errorf("the rows are counted as %q, %v", counted, err)
	}
	samples, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM sqlite_stat4`)
	if err != nil || samples != 0 {
		t.Errorf("%d samples, %v", samples, err)
	}
}
