package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"yrkesresan/internal/fault"
)

// Rows asks and reads every row. columns gives, for one value, the places that
// the query's columns are read into, in their order.
func Rows[T any](ctx context.Context, q Querier, columns func(*T) []any, query string, args ...any) ([]T, error) {
	Trace(ctx, query)
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	defer rows.Close()
	var all []T
	var row T
	for rows.Next() {
		var zero T
		row = zero
		if err := rows.Scan(columns(&row)...); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, query)
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// Row asks for one row; fault.NotFound when there is none.
func Row[T any](ctx context.Context, q Querier, columns func(*T) []any, query string, args ...any) (T, error) {
	Trace(ctx, query)
	var row T
	err := q.QueryRowContext(ctx, query, args...).Scan(columns(&row)...)
	if errors.Is(err, sql.ErrNoRows) {
		return row, fault.NotFound
	}
	if err != nil {
		return row, fmt.Errorf("%w\n%s", err, query)
	}
	return row, nil
}

// One is the columns function of a value that is one column itself.
func One[T any](v *T) []any { return []any{v} }

// Exec runs a statement and tells how many rows it touched.
func Exec(ctx context.Context, q Querier, query string, args ...any) (int64, error) {
	Trace(ctx, query)
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, query)
	}
	return result.RowsAffected()
}

type traceKey struct{}

// Traced lets f see every statement that is sent under the context. It is for tests
// that count what a page or a form asks.
func Traced(ctx context.Context, f func(query string)) context.Context {
	return context.WithValue(ctx, traceKey{}, f)
}

// Trace tells a traced context of a statement; for those that are sent past this
// package.
func Trace(ctx context.Context, query string) {
	if f, ok := ctx.Value(traceKey{}).(func(string)); ok {
		f(query)
	}
}

// Builder writes a query whose parts come one by one. Each "?" in a part is
// one argument; in the query's text they are $1, $2, …
type Builder struct {
	text strings.Builder // with "?"
	args []any
}

// Add appends a part with its arguments.
func (b *Builder) Add(part string, args ...any) *Builder {
	if strings.Count(part, "?") != len(args) {
		panic("db.Builder: as many arguments as there are ? in " + part)
	}
	b.text.WriteString(part)
	b.text.WriteByte('\n')
	b.args = append(b.args, args...)
	return b
}

// Append appends what another builder holds.
func (b *Builder) Append(other *Builder) *Builder { return b.Add(other.text.String(), other.args...) }

// String is the query's text.
func (b *Builder) String() string {
	var numbered strings.Builder
	for i, part := range strings.Split(b.text.String(), "?") {
		if i > 0 {
			numbered.WriteString("$" + strconv.Itoa(i))
		}
		numbered.WriteString(part)
	}
	return numbered.String()
}

// For is the query's text as q's engine reads it fastest: SQLite takes $1 for a name and looks
// through all names for each, which with hundreds of them is most of the work.
func (b *Builder) For(q Querier) string {
	if engineOf(q) == SQLite {
		return b.text.String()
	}
	return b.String()
}

// Args are the query's arguments.
func (b *Builder) Args() []any { return b.args }

// In is "column IN (?, …)" for a part of a Builder, and its arguments. Nothing
// is in an empty list.
func In[T any](column string, values []T) (string, []any) {
	if len(values) == 0 {
		return "FALSE", nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return column + " IN (?" + strings.Repeat(", ?", len(values)-1) + ")", args
}

// Reserve takes n identities of the table that nobody else gets, so that rows that hang
// on each other can be written in bulk.
func Reserve(ctx context.Context, tx *Tx, table string, n int) ([]int64, error) {
	if tx.Engine == Postgres {
		return Rows(ctx, tx, One[int64], `SELECT nextval(pg_get_serial_sequence('`+table+`', 'id')) FROM generate_series(1, $1)`, n)
	}
	// There is one writer at a time, and this is it.
	highest, err := Row(ctx, tx, One[int64], `SELECT COALESCE(MAX(id), 0) FROM `+table)
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = highest + 1 + int64(i)
	}
	return ids, err
}

// Insert puts many rows into a table with as few statements as the engines
// allow. rows holds one slice per row, its values in the order of columns.
func Insert(ctx context.Context, q Querier, table string, columns []string, rows [][]any) error {
	const maxArgs = 30_000 // SQLite takes 32 766, PostgreSQL 65 535
	perStatement := maxArgs / len(columns)
	unnamed := engineOf(q) == SQLite // as in Builder.For
	// Long statements cost more to prepare than they save.
	perStatement = min(perStatement, 500)
	for len(rows) > 0 {
		n := min(perStatement, len(rows))
		var text strings.Builder
		text.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
		args := make([]any, 0, n*len(columns))
		for i, row := range rows[:n] {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteByte('(')
			for j, value := range row {
				if j > 0 {
					text.WriteString(", ")
				}
				args = append(args, value)
				if unnamed {
					text.WriteByte('?')
				} else {
					text.WriteString("$" + strconv.Itoa(len(args)))
				}
			}
			text.WriteByte(')')
		}
		Trace(ctx, text.String())
		if _, err := q.ExecContext(ctx, text.String(), args...); err != nil {
			return fmt.Errorf("insert %d rows into %s: %w", n, table, err)
		}
		rows = rows[n:]
	}
	return nil
}
