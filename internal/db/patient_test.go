package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"yrkesresan/internal/db"
)

// besides are two programs that have the same file open.
func besides(t *testing.T) (a, b *db.DB) {
	t.Helper()
	address := "sqlite:" + filepath.Join(t.TempDir(), "one.db")
	for _, d := range []**db.DB{&a, &b} {
		var err error
		if *d, err = db.Open(context.Background(), address); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = (*d).Close() })
	}
	if err := a.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, `CREATE TABLE turn (who TEXT)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return a, b
}

func takeTurn(ctx context.Context, d *db.DB, who string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO turn VALUES ($1)`, who)
		return err
	})
}

func TestWhoWritesBesideAnotherProgramGetsTheirTurn(t *testing.T) {
	ctx := context.Background()
	long, other := besides(t)
	// The long work's transactions never end before the other has tried: without the moment
	// between two of them the other would only come when all are done.
	began, done := make(chan struct{}), make(chan error, 1)
	turns := 0
	for done != nil {
		if err := long.Write(ctx, func(tx *db.Tx) error {
			if turns++; turns == 1 {
				go func() {
					close(began)
					done <- takeTurn(ctx, other, "other")
				}()
				<-began
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO turn VALUES ('long')`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := long.Yield(ctx); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			done = nil
		default:
		}
		if turns > 500 {
			t.Fatal("the other did not get its turn")
		}
	}
}

func TestWhoWaitsForAnotherProgramCanBeCalledBack(t *testing.T) {
	long, other := besides(t)
	err := long.Write(context.Background(), func(*db.Tx) error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		return takeTurn(ctx, other, "other")
	})
	if err == nil || !db.Away(err) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who is called back is told %v", err)
	}
	if err := takeTurn(context.Background(), other, "other"); err != nil {
		t.Errorf("and cannot write afterwards: %v", err)
	}
}
