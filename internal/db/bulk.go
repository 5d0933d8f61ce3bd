package db

import (
	"context"
	"fmt"
)

// Bulk runs f, which fills tables with very many rows, with room for their
// indexes in memory: on SQLite's usual small cache each index page is read and
// written again for nearly every row.
func (tx *Tx) Bulk(ctx context.Context, f func() error) (err error) {
	if tx.Engine != SQLite {
		return f()
	}
	var usual int
	if err := tx.QueryRowContext(ctx, "PRAGMA cache_size").Scan(&usual); err != nil {
		return fmt.Errorf("read the cache's size: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "PRAGMA cache_size = -400000"); err != nil {
		return fmt.Errorf("enlarge the cache: %w", err)
	}
	defer func() {
		_, back := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = %d", usual))
		if err == nil && back != nil {
			err = fmt.Errorf("shrink the cache: %w", back)
		}
	}()
	return f()
}
