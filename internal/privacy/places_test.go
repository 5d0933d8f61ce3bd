package privacy_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/privacy"
)

// columnsOf are the columns of each table of ours, on either engine.
func columnsOf(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'`
	if d.Engine == db.Postgres {
		query = `SELECT c.table_name, c.column_name FROM information_schema.columns AS c
			JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
			WHERE c.table_schema = 'public'`
	}
	type row struct{ table, column string }
	rows, err := db.Rows(t.Context(), d.Reader(), func(r *row) []any { return []any{&r.table, &r.column} }, query)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	for _, r := range rows {
		if !regexp.MustCompile(`^(goose|sqlite|river)_`).MatchString(r.table) {
			tables[r.table] = append(tables[r.table], r.column)
		}
	}
	if len(tables) < 80 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	return tables
}

// referring are the columns that refer to a person.
func referring(t *testing.T, d *db.DB) map[string]bool {
	t.Helper()
	query := `SELECT m.name || '.' || f."from" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' AND f."table" = 'person'`
	if d.Engine == db.Postgres {
		query = `SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint AS c
			JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
			WHERE c.contype = 'f' AND c.confrelid = 'person'::regclass`
	}
	rows, err := db.Rows(t.Context(), d.Reader(), db.One[string], query)
	if err != nil || len(rows) < 60 {
		t.Fatalf("%d, %v", len(rows), err)
	}
	all := map[string]bool{}
	for _, r := range rows {
		all[r] = true
	}
	return all
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// onceIn are the columns that, with whose it is, are unique in the table; on PostgreSQL those
// of the list, as the schema is the same.
func onceIn(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	if d.Engine == db.Postgres {
		for _, p := range privacy.Places {
			if p.Table == table {
				return sorted(p.Once)
			}
		}
	}
	type row struct{ index, column string }
	rows, err := db.Rows(t.Context(), d.Reader(), func(r *row) []any { return []any{&r.index, &r.column} }, `
		SELECT l.name, COALESCE(i.name, '?')
		FROM pragma_index_list($1) AS l
		JOIN pragma_index_info(l.name) AS i
		WHERE l."unique" = 1`, table)
	if err != nil {
		t.Fatal(err)
	}
	indexes := map[string][]string{}
	for _, r := range rows {
		indexes[r.index] = append(indexes[r.index], r.column)
	}
	var once []string
	for _, columns := range indexes {
		if slices.Contains(columns, "person_id") {
			once = append(once, slices.DeleteFunc(columns, func(c string) bool { return c == "person_id" })...)
		}
	}
	return slices.Compact(sorted(once))
}

// A migration that adds a table, or a column to a table about people, says here what the
// person is given of it and what an erasure does with it.
func TestEveryPlaceIsListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tables, people := columnsOf(t, d), referring(t, d)
		listed := map[string]bool{}
		for _, p := range privacy.Places {
			if listed[p.Table] {
				t.Errorf("%s is listed twice", p.Table)
			}
			listed[p.Table] = true
			columns, ok := tables[p.Table]
			if !ok {
				t.Errorf("%s is listed and there is no such table", p.Table)
				continue
			}
			named := slices.Concat(p.Told, p.Kept, p.Doings)
			for _, c := range named {
				if !slices.Contains(columns, c) {
					t.Errorf("%s.%s is listed and there is no such column", p.Table, c)
				}
			}
			for _, c := range columns {
				if p.Whose != "" && !slices.Contains(named, c) {
					t.Errorf("%s.%s is not listed: say whether the person is given it", p.Table, c)
				}
				if p.Whose == "" && people[p.Table+"."+c] && !slices.Contains(p.Doings, c) {
					t.Errorf("%s.%s refers to a person and is not listed", p.Table, c)
				}
			}
			if (p.Whose == "") != (p.Merge == "") || (p.Merge == privacy.Moves) != (len(p.Key) > 0) || len(p.Key) == 0 && p.Once != nil {
				t.Errorf("%s: say what a merge of two persons does with the rows, and what tells a row that moves", p.Table)
			}
			for _, c := range slices.Concat(p.Key, p.Once) {
				if !slices.Contains(columns, c) || c == "person_id" {
					t.Errorf("%s.%s is no column, or whose it is", p.Table, c)
				}
			}
			if p.Merge == privacy.Moves && !slices.Contains(columns, "person_id") {
				t.Errorf("%s moves and has no person_id", p.Table)
			}
			if once := onceIn(t, d, p.Table); p.Merge == privacy.Moves && !slices.Equal(once, sorted(p.Once)) {
				t.Errorf("%s: one person may have %v once only, and the list says %v", p.Table, once, p.Once)
			}
			switch {
			case p.Whose == "":
			case (p.Fate == privacy.Emptied) != (p.Set != ""):
				t.Errorf("%s is emptied of nothing, or has what is never written", p.Table)
			case (p.Fate == privacy.Gone) != (p.Ground == privacy.None):
				t.Errorf("%s stays on no ground, or is gone on one", p.Table)
			}
			for _, secret := range p.Told {
				if regexp.MustCompile(`hash|token|secret|^data$|typed|_by$`).MatchString(secret) {
					t.Errorf("%s.%s is told, and is a secret or another's", p.Table, secret)
				}
			}
		}
		for table, columns := range tables {
			if listed[table] {
				continue
			}
			if privacy.Nobody[table] == "" {
				t.Errorf("the table %s is not listed: say what it holds about people, or that it is about nobody", table)
			}
			for _, c := range columns {
				if people[table+"."+c] || regexp.MustCompile(`person|subject|actor|_by$`).MatchString(c) && !strings.Contains(c, "hash") {
					t.Errorf("%s.%s is about a person, and the table is said to be about nobody", table, c)
				}
			}
		}
		for table := range privacy.Nobody {
			if tables[table] == nil || listed[table] {
				t.Errorf("%s is said to be about nobody, and is no such table or about somebody", table)
			}
		}
		for _, text := range privacy.Texts {
			for _, c := range slices.Concat(text.Key, text.Columns) {
				if !slices.Contains(tables[text.Table], c) {
					t.Errorf("%s.%s is no column", text.Table, c)
				}
			}
		}
	})
}
