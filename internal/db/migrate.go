package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// NewerError tells that a database was made by a newer version of the product.
type NewerError struct{ Have, Know int64 }

func (e *NewerError) Error() string {
	return fmt.Sprintf("the database is at version %d, this program knows up to %d: use a newer program; nothing was changed", e.Have, e.Know)
}

// Migrate brings the schema up to this program's version, each step in a
// transaction of its own. A newer database is a *NewerError and stays untouched.
func (d *DB) Migrate(ctx context.Context) error { return d.migrate(ctx, migrations) }

func (d *DB) migrate(ctx context.Context, files fs.FS) error {
	provider, err := d.goose(files)
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, provider); err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		return fmt.Errorf("migrate the database: %s failed and left nothing behind: %w", path.Base(partial.Failed.Source.Path), partial.Err)
	}
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

func (d *DB) goose(files fs.FS) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if d.Engine == Postgres {
		dialect = goose.DialectPostgres
	}
	own, err := fs.Sub(files, "migrations/"+string(d.Engine))
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(dialect, d.Pool(), own)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

func checkVersion(ctx context.Context, provider *goose.Provider) error {
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("ask the database for its version: %w", err)
	}
	sources := provider.ListSources()
	if know := sources[len(sources)-1].Version; have > know {
		return &NewerError{Have: have, Know: know}
	}
	return nil
}

// ErrBehind tells that the database lacks migrations.
var ErrBehind = errors.New("the database is older than this program: run \"yrkesresan migrate\"")

// Current is nil when the schema is exactly this program's.
func (d *DB) Current(ctx context.Context) error {
	provider, err := d.goose(migrations)
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return err
	}
	if pending {
		return ErrBehind
	}
	return nil
}

// ResetIdentity lets the next identity of the tables follow the highest that
// was inserted by hand. SQLite does so by itself.
func (d *DB) ResetIdentity(ctx context.Context, q Querier, tables ...string) error {
	if d.Engine != Postgres {
		return nil
	}
	for _, table := range tables {
		if _, err := q.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('`+table+`', 'id'),
			(SELECT COALESCE(MAX(id), 0) + 1 FROM `+table+`), FALSE)`); err != nil {
			return fmt.Errorf("reset identity of %s: %w", table, err)
		}
	}
	return nil
}

// Analyze lets the engine count its rows, so that it chooses its indexes
// well, once for each question and not for each argument.
func (d *DB) Analyze(ctx context.Context) error {
	_, err := d.Pool().ExecContext(ctx, "ANALYZE")
	return err
}

// Sweep writes the tables anew, so that nothing of what stood in them before is left in the
// files of the database. Nobody writes meanwhile: SQLite writes the whole file anew, and
// PostgreSQL locks the tables one after the other. ErrBusy when somebody on PostgreSQL may still
// see what was there before, for which reason it would be kept.
func (d *DB) Sweep(ctx context.Context, tables ...string) error {
	// SQLite makes the new file beside the old and not in memory, which it may not fit in.
	// The checkpoint waits for who reads.
	statements := []string{
		"PRAGMA temp_store = FILE", "VACUUM", "PRAGMA temp_store = MEMORY",
		"PRAGMA busy_timeout = 10000", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout = 0",
	}
	if d.Engine == Postgres {
		statements = statements[:0]
		for _, table := range tables {
			statements = append(statements, "VACUUM (FULL, ANALYZE) "+table)
		}
	}
	writer, err := d.Pool().Conn(ctx)
	if err != nil {
		return fmt.Errorf("sweep the database: %w", err)
	}
	if d.Engine == Postgres {
		if err := waitForOlder(ctx, writer); err != nil {
			return errors.Join(err, writer.Close())
		}
	}
	for _, statement := range statements {
		if _, failed := writer.ExecContext(ctx, statement); failed != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", statement, failed))
		}
	}
	return errors.Join(err, writer.Close())
}

// ErrBusy tells that transactions of others have gone on for too long.
var ErrBusy = errors.New("others are still using what was there before")

// waitForOlder waits until every transaction of the database that began before now has ended,
// for some seconds at most; then it is ErrBusy.
func waitForOlder(ctx context.Context, q *sql.Conn) error {
	var mark string
	if err := q.QueryRowContext(ctx, `SELECT CAST(pg_current_xact_id() AS xid)`).Scan(&mark); err != nil {
		return fmt.Errorf("wait for others: %w", err)
	}
	for range 50 {
		var older int
		if err := q.QueryRowContext(ctx, `
			SELECT COUNT(*)
			FROM pg_stat_activity
			WHERE datname = current_database()
			AND pid <> pg_backend_pid()
			AND GREATEST(age(backend_xmin), age(backend_xid)) >= age(CAST($1 AS xid))`, mark).Scan(&older); err != nil {
			return fmt.Errorf("wait for others: %w", err)
		}
		if older == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return ErrBusy
}
