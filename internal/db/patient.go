package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// One file has one writer at a time, also when a command works beside the server. SQLite's
// own waiting looks ever more seldom, up to every tenth of a second, and so may miss again
// and again the moment between two transactions of a long work. These look every few
// milliseconds; such a work leaves a moment that is longer: Yield.
const (
	patience = 10 * time.Second
	glance   = 2 * time.Millisecond
)

// Yield is for a work of many transactions between two of them: others that wait get their
// turn. PostgreSQL has many writers.
func (d *DB) Yield(ctx context.Context) error {
	if d.Engine != SQLite {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * glance):
		return nil
	}
}

// patient makes connections that wait for their turn to write.
type patient struct {
	of   driver.Driver
	name string
}

func (p patient) Driver() driver.Driver { return p.of }

func (p patient) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := waited(ctx, func() (driver.Conn, error) { return p.of.Open(p.name) })
	if err != nil {
		return nil, err
	}
	c, ok := made.(connection)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's %T cannot do what is asked of it", made), made.Close())
	}
	return waiting{c}, nil
}

// connection is all that a connection of the driver can do that database/sql asks for.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type waiting struct{ connection }

func (c waiting) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return waited(ctx, func() (driver.Tx, error) { return c.connection.BeginTx(ctx, o) })
}

func (c waiting) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return waited(ctx, func() (driver.Result, error) { return c.connection.ExecContext(ctx, query, args) })
}

func (c waiting) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return waited(ctx, func() (driver.Rows, error) { return c.connection.QueryContext(ctx, query, args) })
}

// waited asks again as long as somebody else writes, until patience is at its end.
func waited[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	v, err := ask()
	if !taken(err) {
		return v, err
	}
	look, end := time.NewTicker(glance), time.NewTimer(patience)
	defer look.Stop()
	defer end.Stop()
	for taken(err) {
		select {
		case <-ctx.Done():
			return v, err
		case <-end.C:
			return v, err
		case <-look.C:
			v, err = ask()
		}
	}
	return v, err
}

// taken tells whether somebody else writes to the file.
func taken(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}
