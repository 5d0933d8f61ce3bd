// Package db is one way to two engines: the embedded SQLite and PostgreSQL.
// Every query is one text that both understand; what differs is here alone.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"yrkesresan/internal/vault"
)

// Engine is the kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database with its readers and its writers.
//
// SQLite has one writer: with several, deferred transactions fail for half of
// the time. Readers see the last committed state and never wait.
type DB struct {
	Engine Engine

	// Keys open what is sealed; nil: none. They are set once, before others ask.
	Keys *vault.Keys

	read   *statements
	write  *statements
	path   string
	memory *sync.Map
}

// Querier is what can be asked: the readers of a DB, or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Open opens "sqlite:PATH" or "postgres://…". It creates a missing SQLite file
// and changes nothing else: see Migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	var d *DB
	var err error
	switch {
	case strings.HasPrefix(address, "sqlite:"):
		d, err = openSQLite(strings.TrimPrefix(address, "sqlite:"))
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		d, err = openPostgres(address)
	default:
		return nil, fmt.Errorf("open database %q: want sqlite:PATH or postgres://…", Redact(address))
	}
	if err != nil {
		return nil, fmt.Errorf("open database %q: %w", Redact(address), err)
	}
	if err := d.Ping(ctx); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("open database %q: %w", Redact(address), err)
	}
	return d, nil
}

// Redact hides the password of a database's address, for logs and errors.
func Redact(address string) string {
	if u, err := url.Parse(address); err == nil && u.User != nil {
		return u.Redacted()
	}
	return address
}

func openSQLite(path string) (*DB, error) {
	if path == "" {
		return nil, errors.New("the path of the file is missing")
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() { //nolint:gosec // the operator names the file
		return nil, errors.New("the path is a folder, not a file")
	}
	pragmas := "_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8000)"
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	// ANALYZE with any limit counts without taking samples, which would have each
	// statement planned anew whenever its arguments change
	// (docs/decisions/one-plan-for-a-question.md). This one is never reached.
	// What is deleted or sealed is overwritten with zeros, so that the file has no more of it.
	read, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)&"+pragmas)
	if err != nil {
		return nil, err
	}
	write := sql.OpenDB(patient{read.Driver(), file +
		"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=secure_delete(1)&_pragma=analysis_limit(2147483647)&" + pragmas})
	write.SetMaxOpenConns(1)
	readers := max(4, runtime.NumCPU())
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	d := &DB{Engine: SQLite, path: path, memory: &sync.Map{}}
	d.read, d.write = cached(read, d), cached(write, d)
	return d, nil
}

// connections is how many the program has to PostgreSQL at most.
const connections = 20

func openPostgres(address string) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	// Questions here are many and short: one plan each is kept, since planning
	// anew costs as much as answering, and none is worth compiling.
	for name, value := range map[string]string{"plan_cache_mode": "force_generic_plan", "jit": "off"} {
		if _, told := config.RuntimeParams[name]; !told {
			config.RuntimeParams[name] = value
		}
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections) // a new one costs more than many a request
	pool.SetConnMaxIdleTime(5 * time.Minute)
	// pgx keeps prepared statements per connection by itself.
	d := &DB{Engine: Postgres, memory: &sync.Map{}}
	d.read = &statements{db: pool, of: d}
	d.write = d.read
	return d, nil
}

// Ping asks both sides of the database whether they answer.
func (d *DB) Ping(ctx context.Context) error {
	// The writer goes first: it makes the file that the readers open.
	if err := d.write.db.PingContext(ctx); err != nil {
		return err
	}
	return d.read.db.PingContext(ctx)
}

// Close ends all connections.
func (d *DB) Close() error {
	err := d.read.db.Close()
	if d.write != d.read {
		err = errors.Join(err, d.write.db.Close())
	}
	return err
}

// Reader is for questions outside a transaction.
func (d *DB) Reader() Querier { return d.read }

// Pool is the writing pool itself, for libraries that bring their own SQL
// (migrations, the job queue).
func (d *DB) Pool() *sql.DB { return d.write.db }

// Tx is an open transaction; it is a Querier.
type Tx struct {
	*sql.Tx
	Engine Engine
	of     *DB
}

// Memory is what the program keeps in mind of the database that q asks: only
// what never changes once it is committed. kept tells whether something read
// through q may be put there: what a transaction reads may be rolled back.
func Memory(q Querier) (memory *sync.Map, kept bool) {
	switch q := q.(type) {
	case *statements:
		return q.of.memory, true
	case *Tx:
		return q.of.memory, false
	}
	return &sync.Map{}, false
}

// engineOf is the engine of the database that q asks; "" when that is not known.
func engineOf(q Querier) Engine {
	switch q := q.(type) {
	case *statements:
		return q.of.Engine
	case *Tx:
		return q.Engine
	}
	return ""
}

// Keys are those of the database that q asks; nil when there are none.
func Keys(q Querier) *vault.Keys {
	switch q := q.(type) {
	case *statements:
		return q.of.Keys
	case *Tx:
		return q.of.Keys
	}
	return nil
}

// maxTries is how often a transaction is begun again after the engine has
// refused it for the sake of another.
const maxTries = 10

// Write runs f in a transaction: committed when f returns nil, rolled back
// otherwise. It is run again when the engine refused it for the sake of another
// transaction, so f has no effects but on tx.
func (d *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, f)
		if err == nil || try == maxTries || !refused(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try*try) * time.Millisecond):
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, f func(tx *Tx) error) (err error) {
	tx, err := d.write.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error is the one that says what happened
		}
	}()
	if err = f(&Tx{Tx: tx, Engine: d.Engine, of: d}); err != nil {
		return err
	}
	if err = tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// refused tells whether the engine gave up a transaction that may succeed when
// it is run again: a deadlock or a serialization failure.
func refused(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// IsUnique tells whether err is a uniqueness constraint that was hit.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) &&
		(lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// IsCheck tells whether err is a CHECK constraint or foreign key that was hit.
func IsCheck(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23514" || pg.Code == "23503"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) &&
		(lite.Code() == sqlite3.SQLITE_CONSTRAINT_CHECK || lite.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)
}

// statements is a pool that keeps its prepared statements where that pays:
// preparing is a large part of a small query's price in SQLite. A transaction
// prepares its own, since the one writing connection is in its hands.
type statements struct {
	db    *sql.DB
	of    *DB
	cache bool
	mu    sync.RWMutex
	held  map[string]*sql.Stmt
}

// maxHeld bounds the kept statements; lists with filters have many texts.
const maxHeld = 500

func cached(pool *sql.DB, of *DB) *statements {
	return &statements{db: pool, of: of, cache: true, held: map[string]*sql.Stmt{}}
}

// get is the kept statement, or nil when the query is to be sent as text.
func (s *statements) get(ctx context.Context, query string) *sql.Stmt {
	if !s.cache {
		return nil
	}
	s.mu.RLock()
	stmt, full := s.held[query], len(s.held) >= maxHeld
	s.mu.RUnlock()
	if stmt != nil || full {
		return stmt
	}
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil // the query itself will say what is wrong with it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.held[query]; other != nil {
		_ = stmt.Close()
		return other
	}
	s.held[query] = stmt
	return stmt
}

func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := s.get(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return s.db.QueryContext(ctx, query, args...)
}

func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := s.get(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, query, args...)
}

func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return s.db.ExecContext(ctx, query, args...)
}

// Settled is the highest identity of the table below which no row can still come: every
// transaction that has taken one is over. On PostgreSQL it waits for those under way, a
// moment at most, and is an error when they take longer; SQLite has one writer.
func (d *DB) Settled(ctx context.Context, table string) (highest int64, err error) {
	return highest, d.Write(ctx, func(tx *Tx) error {
		if d.Engine == Postgres {
			// Who writes waits behind the lock, so it is asked for briefly and let go at once.
			for _, statement := range []string{`SET LOCAL lock_timeout = '200ms'`, `LOCK TABLE ` + table + ` IN SHARE MODE`} {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("wait for writers of %s: %w", table, err)
				}
			}
		}
		var err error
		highest, err = Row(ctx, tx, One[int64], `SELECT COALESCE(MAX(id), 0) FROM `+table)
		return err
	})
}
