package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filled are what migrations write into rows that were there before them: what
// the question gives in a database that had rows and was older than version.
var filled = []struct {
	version int64
	what    string
	query   string
	want    []string
}{
	{2, "who employs or has employed has a stamp",
		`SELECT CAST(municipality_id AS TEXT) FROM figure_stamp`, []string{"3"}},
	{3, "what happened before there were letters gives none",
		`SELECT CAST(id AS TEXT) || ': ' || CAST(letters_until AS TEXT) FROM round ORDER BY id`, []string{"1: 9", "2: 8"}},
	{3, "a mark is a trainer's word",
		`SELECT source FROM attendance`, []string{"trainer"}},
	{4, "a cancellation without a cause has another",
		`SELECT CAST(id AS TEXT) || ': ' || COALESCE(cancel_cause, 'held') FROM round ORDER BY id`, []string{"1: held", "2: other"}},
	{7, "an exemption holds as before",
		`SELECT reason FROM fee_exemption WHERE withdrawn_at IS NULL`, []string{"föreläste själv"}},
	{10, "each step is a word by whoever opened the account",
		`SELECT CAST(account_id AS TEXT) || ': ' || CAST(step_id AS TEXT) || ' by ' || COALESCE(CAST(told_by AS TEXT), 'nobody') || ' ' || reason
			FROM step_change ORDER BY account_id, from_day`, []string{"1: 1 by 2 nyanställd", "1: 2 by 2 ett år", "2: 2 by nobody "}},
}

// Whoever upgrades has rows. From each version that there ever was, on both
// engines: every table is given rows (testdata/filled: a file per version that
// brought tables), and the newest schema has them all, word for word.
func TestRowsSurviveEachUpgrade(t *testing.T) {
	for _, engine := range []Engine{SQLite, Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			versions := versionsOf(t, engine)
			for _, from := range versions {
				t.Run(fmt.Sprint(from), func(t *testing.T) {
					ctx := context.Background()
					d := empty(t, engine)
					provider, err := d.goose(migrations)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := provider.UpTo(ctx, from); err != nil {
						t.Fatal(err)
					}
					fill(t, d, from)
					before := map[string][]string{}
					for table := range strings.SplitSeq(tables(t, d), "\n") {
						if strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_") {
							continue
						}
						if before[table] = rowsOf(t, d, table, columnsOf(t, d, table)); len(before[table]) == 0 {
							t.Errorf("%s has no rows: give it some in testdata/filled/, in the file of its version", table)
						}
					}
					columns := map[string][]string{}
					for table := range before {
						columns[table] = columnsOf(t, d, table)
					}
					if err := d.Migrate(ctx); err != nil {
						t.Fatal(err)
					}
					for table, want := range before {
						if diff := cmp.Diff(want, rowsOf(t, d, table, columns[table])); diff != "" {
							t.Errorf("%s before (-) and after (+):\n%s", table, diff)
						}
					}
					for _, c := range filled {
						if from >= c.version {
							continue
						}
						got, err := Rows(ctx, d.Reader(), One[string], c.query)
						if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
							t.Errorf("%s: %v\n%s", c.what, err, diff)
						}
					}
				})
			}
		})
	}
}

// TestMigrationsHaveTheSameNumbersOnBothEngines, and no other gaps than those
// that migrations/README.md explains.
func TestMigrationsHaveTheSameNumbersOnBothEngines(t *testing.T) {
	lite, postgres := versionsOf(t, SQLite), versionsOf(t, Postgres)
	if diff := cmp.Diff(lite, postgres); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
	text, err := os.ReadFile("migrations/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(1); n < lite[len(lite)-1]; n++ {
		if name := fmt.Sprintf("`%05d`", n); slices.Contains(lite, n) == strings.Contains(string(text), name) {
			t.Errorf("%s: a number that was never given stands in migrations/README.md with its reason, and no other does", name)
		}
	}
}

func versionsOf(t *testing.T, engine Engine) (versions []int64) {
	t.Helper()
	files, err := fs.Glob(migrations, "migrations/"+string(engine)+"/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	for _, file := range files {
		versions = append(versions, numberOf(t, file))
	}
	return versions
}

func numberOf(t *testing.T, file string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscanf(filepath.Base(file), "%05d", &n); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return n
}

// fill gives the tables rows as they are at the version.
func fill(t *testing.T, d *DB, version int64) {
	t.Helper()
	files, err := filepath.Glob("testdata/filled/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if numberOf(t, file) > version {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for statement := range strings.SplitSeq(strings.TrimSpace(string(text)), ";\n") {
			if _, err := Exec(context.Background(), d.Pool(), strings.TrimSuffix(statement, ";")); err != nil {
				t.Fatalf("%s: %v\n%s", file, err, statement)
			}
		}
	}
}

func columnsOf(t *testing.T, d *DB, table string) []string {
	t.Helper()
	query := `SELECT name FROM pragma_table_info($1) ORDER BY name`
	if d.Engine == Postgres {
		query = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name`
	}
	names, err := Rows(context.Background(), d.Reader(), One[string], query, table)
	if err != nil || len(names) == 0 {
		t.Fatalf("%d columns of %s, %v", len(names), table, err)
	}
	return names
}

// rowsOf are the rows of the table as text, in an order of their own.
func rowsOf(t *testing.T, d *DB, table string, columns []string) (all []string) {
	t.Helper()
	rows, err := d.Pool().QueryContext(context.Background(), `SELECT `+strings.Join(columns, ", ")+` FROM `+table)
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	defer rows.Close()
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		var row []string
		for i, value := range values {
			row = append(row, fmt.Sprintf("%s=%v", columns[i], value))
		}
		all = append(all, strings.Join(row, " "))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	slices.Sort(all)
	return all
}
