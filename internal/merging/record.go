package merging

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/sealing"
)

// values are columns of a row with what stands there as text, nil for NULL. Both engines
// take text for any type.
type values map[string]*string

func text(s string) *string { return &s }

func number(n int64) *string { return text(fmt.Sprint(n)) }

// act is what was done to a row.
type act string

const (
	moved   act = "moved"   // it is the remaining person's now
	changed act = "changed" // columns of it say something else
	added   act = "added"   // it was made
	removed act = "removed" // it was taken away
	swapped act = "swapped" // it and another (after) changed places between the two
)

// done is an act on a row.
type done struct {
	table  string
	act    act
	key    values
	before values
	after  values
}

// record is a merge under way: what it does is written down.
type record struct {
	ctx        context.Context
	tx         *db.Tx
	kept, gone int64
	by         *int64 // who does it
	now        clock.Instant
	dones      []done
	doubled    []int64 // employments of who is gone of which days are left out
	spare      int64   // a row of person in which somebody's rows wait for a moment
}

// where is the condition that the columns say so. Its arguments are after those of before.
func where(key values, before int) (string, []any) {
	var parts []string
	var args []any
	for _, c := range slices.Sorted(maps.Keys(key)) {
		if key[c] == nil {
			parts = append(parts, c+" IS NULL")
			continue
		}
		args = append(args, key[c])
		parts = append(parts, fmt.Sprintf("%s = $%d", c, before+len(args)))
	}
	return strings.Join(parts, " AND "), args
}

// set is "column = $1, …" with its arguments.
func set(v values) (string, []any) {
	var parts []string
	var args []any
	for _, c := range slices.Sorted(maps.Keys(v)) {
		args = append(args, v[c])
		parts = append(parts, fmt.Sprintf("%s = $%d", c, len(args)))
	}
	return strings.Join(parts, ", "), args
}

// read are the columns of the rows of a table that the condition picks.
func read(ctx context.Context, q db.Querier, from string, columns []string, condition string, args ...any) ([]values, error) {
	selected := make([]string, len(columns))
	for i, c := range columns {
		selected[i] = "CAST(" + c + " AS TEXT)"
	}
	rows, err := db.Rows(ctx, q, func(row *[]*string) []any {
		*row = make([]*string, len(columns))
		into := make([]any, len(columns))
		for i := range into {
			into[i] = &(*row)[i]
		}
		return into
	}, "SELECT "+strings.Join(selected, ", ")+" FROM "+from+" WHERE "+condition, args...)
	all := make([]values, len(rows))
	for i, row := range rows {
		all[i] = values{}
		for j, c := range columns {
			_, name, found := strings.Cut(c, ".")
			if !found {
				name = c
			}
			all[i][name] = row[j]
		}
	}
	return all, err
}

// sortKey is the one column that is not text; it follows from the person's name.
const sortKey = "sort_key"

// columnsOf are the columns of the table, without sortKey.
func columnsOf(ctx context.Context, tx *db.Tx, table string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table+" WHERE FALSE")
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	return slices.DeleteFunc(columns, func(c string) bool { return c == sortKey }), rows.Err()
}

// move makes the rows of who is gone that the condition on o picks the remaining one's.
func (r *record) move(table string, key []string, condition string, args ...any) error {
	rows, err := read(r.ctx, r.tx, table+" AS o", prefixed(key), "o.person_id = $1 AND "+condition, append([]any{r.gone}, args...)...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := r.moveRow(table, row); err != nil {
			return err
		}
	}
	return nil
}

func (r *record) moveRow(table string, key values) error {
	condition, args := where(key, 2)
	if _, err := db.Exec(r.ctx, r.tx, `UPDATE `+table+` SET person_id = $1 WHERE person_id = $2 AND `+condition, append([]any{r.kept, r.gone}, args...)...); err != nil {
		return err
	}
	r.dones = append(r.dones, done{table: table, act: moved, key: key})
	return rebind(r.ctx, r.tx, table, key, r.gone, r.kept)
}

// rebind seals what is bound to whose row it is anew, when the row has moved.
func rebind(ctx context.Context, tx *db.Tx, table string, key values, from, to int64) error {
	for _, c := range sealing.Columns {
		at := slices.Index(c.Key, "person_id")
		if c.Table != table || at < 0 {
			continue
		}
		was := make([]int64, len(c.Key))
		for i, k := range c.Key {
			if i == at {
				continue
			}
			n, err := strconv.ParseInt(*key[k], 10, 64)
			if err != nil {
				return fmt.Errorf("the key of %s: %w", table, err)
			}
			was[i] = n
		}
		now := slices.Clone(was)
		was[at], now[at] = from, to
		if err := c.Rebind(ctx, tx, was, now); err != nil {
			return err
		}
	}
	return nil
}

// change lets the columns of one row say something else; what says so already is left.
func (r *record) change(table string, key, after values) error {
	condition, args := where(key, 0)
	rows, err := read(r.ctx, r.tx, table, slices.Sorted(maps.Keys(after)), condition, args...)
	if err != nil || len(rows) != 1 {
		return fmt.Errorf("change %d rows of %s: %w", len(rows), table, err)
	}
	before := rows[0]
	after = maps.Clone(after)
	for c, v := range after {
		if same(v, before[c]) {
			delete(after, c)
			delete(before, c)
		}
	}
	if len(after) == 0 {
		return nil
	}
	if _, err := write(r.ctx, r.tx, table, key, after); err != nil {
		return err
	}
	r.dones = append(r.dones, done{table, changed, key, before, after})
	return nil
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// write sets the columns of the rows with the key.
func write(ctx context.Context, tx *db.Tx, table string, key, columns values) (int64, error) {
	sets, args := set(columns)
	condition, more := where(key, len(args))
	return db.Exec(ctx, tx, `UPDATE `+table+` SET `+sets+` WHERE `+condition, append(args, more...)...)
}

// remove takes one row away.
func (r *record) remove(table string, key values) error {
	columns, err := columnsOf(r.ctx, r.tx, table)
	if err != nil {
		return err
	}
	condition, args := where(key, 0)
	rows, err := read(r.ctx, r.tx, table, columns, condition, args...)
	if err != nil || len(rows) != 1 {
		return fmt.Errorf("remove %d rows of %s: %w", len(rows), table, err)
	}
	if _, err := db.Exec(r.ctx, r.tx, `DELETE FROM `+table+` WHERE `+condition, args...); err != nil {
		return err
	}
	r.dones = append(r.dones, done{table: table, act: removed, key: key, before: rows[0]})
	return nil
}

// insert puts a row into the table. An employment gets the sort key of whose it is.
func insert(ctx context.Context, tx *db.Tx, table string, row values) error {
	var columns, places []string
	var args []any
	for _, c := range slices.Sorted(maps.Keys(row)) {
		args = append(args, row[c])
		columns = append(columns, c)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	if table == "employment" {
		args = append(args, row["person_id"])
		columns = append(columns, sortKey)
		places = append(places, fmt.Sprintf("(SELECT p.sort_key FROM person AS p WHERE p.id = $%d)", len(args)))
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`, args...)
	return err
}

// add puts a new row into a table that numbers its rows.
func (r *record) add(table string, row values) error {
	ids, err := db.Reserve(r.ctx, r.tx, table, 1)
	if err != nil {
		return err
	}
	row = maps.Clone(row)
	row["id"] = number(ids[0])
	if err := insert(r.ctx, r.tx, table, row); err != nil {
		return err
	}
	r.note(table, added, values{"id": row["id"]})
	return nil
}

func (r *record) note(table string, a act, key values) {
	r.dones = append(r.dones, done{table: table, act: a, key: key})
}

// swap lets the remaining one's row and that of who is gone change places, past what may be
// there once only.
func (r *record) swap(table string, kept, gone *string) error {
	if r.spare == 0 {
		spare, err := makeSpare(r.ctx, r.tx)
		if err != nil {
			return err
		}
		r.spare = spare
	}
	if err := swap(r.ctx, r.tx, table, kept, r.kept, gone, r.gone, r.spare); err != nil {
		return err
	}
	r.dones = append(r.dones, done{table: table, act: swapped, key: values{"id": kept}, after: values{"id": gone}})
	return nil
}

// swap lets two rows change between their people by way of the spare one.
func swap(ctx context.Context, tx *db.Tx, table string, a *string, ofA int64, b *string, ofB, spare int64) error {
	for _, step := range []struct {
		row      *string
		from, to int64
	}{{a, ofA, spare}, {b, ofB, ofA}, {a, spare, ofB}} {
		n, err := db.Exec(ctx, tx, `UPDATE `+table+` SET person_id = $1 WHERE person_id = $2 AND id = $3`, step.to, step.from, step.row)
		if err == nil && n != 1 {
			err = fmt.Errorf("swap %d rows of %s", n, table)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keep writes down what the merge did.
func (r *record) keep(merger int64) error {
	rows := make([][]any, len(r.dones))
	for i, d := range r.dones {
		rows[i] = []any{merger, i + 1, d.table, string(d.act), packed(d.key), packed(d.before), packed(d.after)}
	}
	return db.Insert(r.ctx, r.tx, "merger_row", []string{"merger_id", "ordinal", "table_name", "act", "row_key", "before", "after"}, rows)
}

func packed(v values) string {
	if len(v) == 0 {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // text, all of it
	}
	return string(text)
}

func unpacked(s string) (v values, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return nil, fmt.Errorf("read what a merge did: %w", err)
	}
	return v, nil
}

// doneIn are the acts of a merge, the last first.
func doneIn(ctx context.Context, q db.Querier, merger int64) ([]done, error) {
	type row struct {
		done
		key, before, after string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.table, &r.act, &r.key, &r.before, &r.after} }, `
		SELECT table_name, act, row_key, before, after
		FROM merger_row
		WHERE merger_id = $1
		ORDER BY ordinal DESC`, merger)
	all := make([]done, len(rows))
	for i, r := range rows {
		all[i] = r.done
		for _, each := range []struct {
			into *values
			text string
		}{{&all[i].key, r.key}, {&all[i].before, r.before}, {&all[i].after, r.after}} {
			if *each.into, err = unpacked(each.text); err != nil {
				return nil, err
			}
		}
	}
	return all, err
}
