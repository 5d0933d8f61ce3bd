package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"yrkesresan/internal/clock"
)

// Away tells whether err is trouble of the database or its disk that may be over in
// a while, without anybody mending the program: it cannot be reached, is stopping,
// has no room, takes no writes, or took too long.
func Away(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff { // without what is told beyond (sqlite.org/rescode.html)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR,
			sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB:
			return true
		}
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Connection, resources, an operator, the system, and a server that only reads
		// (PostgreSQL's appendix A).
		for _, class := range []string{"08", "53", "57", "58", "25006"} {
			if strings.HasPrefix(pg.Code, class) {
				return true
			}
		}
		return false
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		err != nil && (strings.Contains(err.Error(), "sql: database is closed") || strings.Contains(err.Error(), "conn closed"))
}

// TryWrite writes one row and commits it: nil when the database takes writes.
func (d *DB) TryWrite(ctx context.Context, now clock.Instant) error {
	return d.Write(ctx, func(tx *Tx) error {
		_, err := Exec(ctx, tx, `
			INSERT INTO write_check (id, checked_at)
			VALUES (1, $1)
			ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at`, now)
		return err
	})
}
