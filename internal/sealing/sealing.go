// Package sealing knows every column whose values are sealed (package vault), and keeps them
// so: what an older version left in clear is sealed, what an old key sealed is sealed with the
// newest, and what no key opens any more is told.
//
// Each package seals and opens its own columns. A column that is sealed stands in Columns; a
// test fails when one of them holds something in clear after the packages have written it.
package sealing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/vault"
)

// Column is a column whose values are sealed. Key are the columns that find a row: whole
// numbers, or one hash.
type Column struct {
	Table, Name string
	Key         []string
	Bytes       bool   // the values are bytes to the database, and the same text
	Brief       bool   // the rows are gone within a day, so a new key leaves them be
	What        string // in words, for who must know what was lost
}

// Columns are all of them.
var Columns = []Column{
	{Table: "round_need", Name: "diet", Key: []string{"round_id", "person_id"}, What: "what people eat and do not eat"},
	{Table: "round_need", Name: "access_need", Key: []string{"round_id", "person_id"}, What: "what people need in order to take part"},
	{Table: "catering", Name: "note", Key: []string{"course_day_id"}, What: "notes to who delivers food"},
	{Table: "course_day", Name: "code_secret", Key: []string{"id"}, Bytes: true, What: "what check-in codes are made of; drawn anew"},
	{Table: "federation_provider", Name: "client_secret", Key: []string{"municipality_id"}, What: "client secrets of OpenID Connect; each municipality types its own anew"},
	{Table: "federation_key", Name: "private_key", Key: []string{"id"}, Bytes: true, What: "the key that signs SAML requests; a new one is made, and providers that check it are told"},
	{Table: "tablet_code", Name: "code_hash", Key: []string{"person_id"}, What: "codes for shared tablets; each person chooses one anew"},
	{Table: "federation_state", Name: "secret", Key: []string{"state_hash"}, Brief: true, What: "sign-ins under way"},
	{Table: "session", Name: "work", Key: []string{"work_name"}, Brief: true, What: "how sessions are ended at work, too; until then people are told to do so themselves"},
	{Table: "work_sign_out", Name: "work", Key: []string{"token_hash"}, Brief: true, What: "sign-outs under way"},
	{Table: "kept_form", Name: "typed", Key: []string{"token_hash"}, Brief: true, What: "forms under way"},
}

// lead is how much of a stored value tells its key.
const lead = 16

// Uses is how many values each key has sealed; those in clear are under "".
func Uses(ctx context.Context, q db.Querier) (map[string]int64, error) {
	uses := map[string]int64{}
	for _, c := range Columns {
		of, err := c.uses(ctx, q)
		if err != nil {
			return nil, err
		}
		for key, n := range of {
			uses[key] += n
		}
	}
	return uses, nil
}

func (c Column) uses(ctx context.Context, q db.Querier) (map[string]int64, error) {
	type group struct {
		begins []byte
		rows   int64
	}
	groups, err := db.Rows(ctx, q, func(g *group) []any { return []any{&g.begins, &g.rows} }, fmt.Sprintf(
		`SELECT SUBSTR(%[1]s, 1, %[3]d), COUNT(*) FROM %[2]s WHERE LENGTH(%[1]s) > 0 GROUP BY SUBSTR(%[1]s, 1, %[3]d)`, c.Name, c.Table, lead))
	uses := map[string]int64{}
	for _, g := range groups {
		key, _ := vault.KeyOf(string(g.begins))
		uses[key] += g.rows
	}
	return uses, err
}

// Loss is what cannot be read, because its key is not in the key file.
type Loss struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	What   string `json:"what"`
	Rows   int64  `json:"rows"`
}

// Lost is what the database holds that its keys do not open; what is gone within a day is
// left out. It asks no viewer: it is told to who runs the server.
func Lost(ctx context.Context, q db.Querier) (lost []Loss, err error) {
	keys := db.Keys(q)
	for _, c := range Columns {
		if c.Brief {
			continue
		}
		uses, err := c.uses(ctx, q)
		if err != nil {
			return nil, err
		}
		l := Loss{Table: c.Table, Column: c.Name, What: c.What}
		for key, n := range uses {
			if key != "" && !keys.Has(key) {
				l.Rows += n
			}
		}
		if l.Rows > 0 {
			lost = append(lost, l)
		}
	}
	n, err := db.Row(ctx, q, db.One[int64], `SELECT COUNT(*) FROM personal_number WHERE key_id <> $1`, keys.MarkKey())
	if err != nil {
		return nil, err
	}
	if n > 0 {
		lost = append(lost, Loss{"personal_number", "mark", "by what personal identity number people are found; the next file of staff that has it says so again", n})
	}
	return lost, nil
}

// batch is how many rows are written at a time, so that nobody else waits long.
const batch = 200

// Seal seals with the newest key what stands in clear and what an older key sealed, some rows
// at a time, and returns how many values that were. It may be broken off and begun again: what
// is done is done. What no key opens stays as it is. vault.ErrNoKeys.
func Seal(ctx context.Context, d *db.DB) (sealed int64, err error) {
	if d.Keys == nil {
		return 0, vault.ErrNoKeys
	}
	for _, c := range Columns {
		if c.Brief {
			continue
		}
		n, err := c.seal(ctx, d)
		sealed += n
		if err != nil {
			return sealed, fmt.Errorf("seal %s.%s: %w", c.Table, c.Name, err)
		}
	}
	return sealed, nil
}

// value is what stands in a row.
type value struct {
	key    []int64
	stored []byte
}

// columns reads a row's key and its value.
func (c Column) columns(v *value) []any {
	v.key = make([]int64, len(c.Key))
	into := make([]any, 0, len(c.Key)+1)
	for i := range v.key {
		into = append(into, &v.key[i])
	}
	return append(into, &v.stored)
}

func (c Column) seal(ctx context.Context, d *db.DB) (sealed int64, err error) {
	after := make([]any, len(c.Key))
	for i := range after {
		after[i] = int64(-1)
	}
	keys, marks, same := strings.Join(c.Key, ", "), make([]string, len(c.Key)), ""
	for i, k := range c.Key {
		marks[i] = fmt.Sprintf("$%d", i+1)
		same += fmt.Sprintf(" AND %s = $%d", k, i+3)
	}
	question := fmt.Sprintf(`SELECT %[1]s, %[2]s FROM %[3]s WHERE LENGTH(%[2]s) > 0 AND (%[1]s) > (%[4]s) ORDER BY %[1]s LIMIT %[5]d`,
		keys, c.Name, c.Table, strings.Join(marks, ", "), batch)
	change := fmt.Sprintf(`UPDATE %[1]s SET %[2]s = $1 WHERE %[2]s = $2%[3]s`, c.Table, c.Name, same)
	for {
		rows, err := db.Rows(ctx, d.Reader(), c.columns, question, after...)
		if err != nil || len(rows) == 0 {
			return sealed, err
		}
		for i, n := range rows[len(rows)-1].key {
			after[i] = n
		}
		primary := d.Keys.Primary()
		rows = slices.DeleteFunc(rows, func(v value) bool {
			key, _ := vault.KeyOf(string(v.stored))
			return key == primary
		})
		var n int64
		if err := d.Write(ctx, func(tx *db.Tx) error {
			n = 0
			for _, v := range rows {
				done, err := c.again(ctx, tx, v, change)
				if err != nil {
					return err
				}
				n += done
			}
			return nil
		}); err != nil {
			return sealed, err
		}
		sealed += n
	}
}

// again seals the value anew, unless somebody has just changed it.
func (c Column) again(ctx context.Context, tx *db.Tx, v value, change string) (int64, error) {
	at := c.At(v.key)
	plain, err := db.Keys(tx).Open(at, string(v.stored))
	if errors.Is(err, vault.ErrUnreadable) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	stored, err := db.Keys(tx).Seal(at, plain)
	if err != nil {
		return 0, err
	}
	args := []any{c.stored(stored), c.stored(string(v.stored))}
	for _, n := range v.key {
		args = append(args, n)
	}
	return db.Exec(ctx, tx, change, args...)
}

// Run seals (Seal), and once, when nothing is in clear any more, has the files of the database
// written anew, so that they hold nothing of it either. It returns how many values it sealed.
func Run(ctx context.Context, d *db.DB, now clock.Instant) (int64, error) {
	sealed, err := Seal(ctx, d)
	if err != nil {
		return sealed, err
	}
	swept, err := db.Row(ctx, d.Reader(), db.One[bool], `SELECT swept_at IS NOT NULL FROM sealing WHERE id = 1`)
	if err != nil || swept {
		return sealed, err
	}
	var tables []string
	for _, c := range Columns {
		if !slices.Contains(tables, c.Table) {
			tables = append(tables, c.Table)
		}
	}
	if err := d.Sweep(ctx, tables...); err != nil {
		return sealed, err
	}
	return sealed, d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE sealing SET swept_at = $1 WHERE id = 1`, now)
		return err
	})
}

// Known are the numbers of the keys that values of the database have been sealed with, the
// newest last.
func Known(ctx context.Context, q db.Querier) ([]string, error) {
	return db.Rows(ctx, q, db.One[string], `SELECT id FROM sealing_key ORDER BY number`)
}

// ErrOtherKeys tells that the database knows a newer key than the key file.
var ErrOtherKeys = errors.New("the key file is another than the one this database is used with")

// Join takes the keys into use: the database knows their primary afterwards. ErrOtherKeys when
// they lack the newest that it knows. Of two programs that come with a first key each, one does.
func Join(ctx context.Context, d *db.DB, keys *vault.Keys, now clock.Instant) error {
	primary := keys.Primary()
	err := d.Write(ctx, func(tx *db.Tx) error {
		known, err := Known(ctx, tx)
		if err != nil {
			return err
		}
		if len(known) > 0 && !keys.Has(known[len(known)-1]) {
			return ErrOtherKeys
		}
		if slices.Contains(known, primary) {
			return nil
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO sealing_key (number, id, known_at) VALUES ($1, $2, $3)`, len(known)+1, primary, now)
		return err
	})
	if db.IsUnique(err) { // somebody else was first
		var known []string
		if known, err = Known(ctx, d.Reader()); err == nil && (len(known) == 0 || !keys.Has(known[len(known)-1])) {
			err = ErrOtherKeys
		}
	}
	if err == nil {
		d.Keys = keys
	}
	return err
}

// Replace takes new keys into use in a database whose keys are lost: see Lost.
func Replace(ctx context.Context, d *db.DB, keys *vault.Keys, now clock.Instant) error {
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO sealing_key (number, id, known_at)
			SELECT COALESCE(MAX(number), 0) + 1, CAST($1 AS TEXT), $2 FROM sealing_key`, keys.Primary(), now)
		return err
	})
	if db.IsUnique(err) {
		return ErrOtherKeys
	}
	if err == nil {
		d.Keys = keys
	}
	return err
}

// Text is a value that was stored, as it reads. unreadable tells that its key is lost; an error
// is any other.
func Text(q db.Querier, at vault.Place, stored string) (text string, unreadable bool, err error) {
	text, err = db.Keys(q).Open(at, stored)
	if errors.Is(err, vault.ErrUnreadable) {
		return "", true, nil
	}
	return text, false, err
}

// Of is the column, if it is sealed.
func Of(table, column string) (Column, bool) {
	at := slices.IndexFunc(Columns, func(c Column) bool { return c.Table == table && c.Name == column })
	if at < 0 {
		return Column{}, false
	}
	return Columns[at], true
}

// At is where the column's value stands in a row.
func (c Column) At(key []int64) vault.Place {
	return vault.Place{Table: c.Table, Column: c.Name, Row: vault.Row(key...)}
}

// Search finds the rows, by their Key, whose value reads as fits says. SQL cannot.
func (c Column) Search(ctx context.Context, q db.Querier, fits func(text string) bool) (keys [][]int64, err error) {
	rows, err := db.Rows(ctx, q, c.columns, fmt.Sprintf(`SELECT %s, %s FROM %s WHERE LENGTH(%[2]s) > 0`, strings.Join(c.Key, ", "), c.Name, c.Table))
	if err != nil {
		return nil, err
	}
	for _, v := range rows {
		text, _, err := Text(q, c.At(v.key), string(v.stored))
		if err != nil {
			return nil, err
		}
		if fits(text) {
			keys = append(keys, v.key)
		}
	}
	return keys, nil
}

// Change writes what change makes of the row's value.
func (c Column) Change(ctx context.Context, tx *db.Tx, key []int64, change func(text string) string) error {
	var b db.Builder
	b.Add("SELECT " + strings.Join(c.Key, ", ") + ", " + c.Name + " FROM " + c.Table)
	c.where(&b, key)
	v, err := db.Row(ctx, tx, c.columns, b.String(), b.Args()...)
	if errors.Is(err, fault.NotFound) {
		return nil // it has just gone
	}
	if err != nil {
		return err
	}
	text, lost, err := Text(tx, c.At(key), string(v.stored))
	if err != nil || lost {
		return err
	}
	stored, err := db.Keys(tx).Seal(c.At(key), change(text))
	if err != nil {
		return err
	}
	b = db.Builder{}
	b.Add("UPDATE "+c.Table+" SET "+c.Name+" = ?", c.stored(stored))
	c.where(&b, key)
	_, err = db.Exec(ctx, tx, b.String(), b.Args()...)
	return err
}

// Rebind seals the value of a row anew that has come to stand under another key: it is bound
// to the one from which it came. What cannot be read stays as it is.
func (c Column) Rebind(ctx context.Context, tx *db.Tx, from, to []int64) error {
	var b db.Builder
	b.Add("SELECT " + strings.Join(c.Key, ", ") + ", " + c.Name + " FROM " + c.Table)
	c.where(&b, to)
	v, err := db.Row(ctx, tx, c.columns, b.String(), b.Args()...)
	if err != nil || len(v.stored) == 0 {
		return err
	}
	if _, sealed := vault.KeyOf(string(v.stored)); !sealed {
		return nil // in clear until the job comes to it
	}
	text, lost, err := Text(tx, c.At(from), string(v.stored))
	if err != nil || lost {
		return err
	}
	stored, err := db.Keys(tx).Seal(c.At(to), text)
	if err != nil {
		return err
	}
	b = db.Builder{}
	b.Add("UPDATE "+c.Table+" SET "+c.Name+" = ?", c.stored(stored))
	c.where(&b, to)
	_, err = db.Exec(ctx, tx, b.String(), b.Args()...)
	return err
}

func (c Column) where(b *db.Builder, key []int64) {
	joint := "WHERE "
	for i, k := range c.Key {
		b.Add(joint+k+" = ?", key[i])
		joint = "AND "
	}
}

// stored is what the database takes for the column's type.
func (c Column) stored(text string) any {
	if c.Bytes {
		return []byte(text)
	}
	return text
}

type seal struct{}

func (seal) Kind() string { return "sealing_seal" }

// enough is how long one job seals; another goes on.
const enough = 45 * time.Second

// Handle lets the queue seal what is not sealed with the newest key: at each start and daily,
// and when Later asks for it.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ seal) error {
		if d.Keys == nil {
			return nil
		}
		short, cancel := context.WithTimeout(ctx, enough)
		defer cancel()
		_, err := Run(short, d, now())
		if errors.Is(err, db.ErrBusy) {
			return nil // tried again the same day, or at the next start
		}
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return d.Write(ctx, func(tx *db.Tx) error { return jobs.Add(ctx, tx, seal{}) })
		}
		return err
	})
	jobs.Every(q, 24*time.Hour, seal{})
}

// Later lets the values be sealed anew by a server, once tx is committed.
func Later(ctx context.Context, tx *db.Tx) error { return jobs.Add(ctx, tx, seal{}) }

// ErrInUse tells that something in the database still needs a key.
var ErrInUse = errors.New("the key is needed")

// Drop takes a key out of the key file. ErrInUse.
func Drop(ctx context.Context, d *db.DB, key string) error {
	uses, err := Uses(ctx, d.Reader())
	if err != nil {
		return err
	}
	if uses[key] > 0 {
		return fmt.Errorf("%w: %d values are sealed with %s. A server seals them anew after \"yrkesresan key rotate\"", ErrInUse, uses[key], key)
	}
	return d.Keys.Drop(key)
}
