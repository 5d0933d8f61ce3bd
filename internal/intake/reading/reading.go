// Package reading tells how far the first reading of a file of staff has come, and why it
// ended. A file is read by the program that received it and by no other: it is kept nowhere
// (docs/decisions/a-file-is-read-where-it-came-in.md).
package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Progress is how far the reading of a file has come.
type Progress struct {
	Rows    int           // that have been read
	HeardAt clock.Instant // when that was told
	Why     []fault.Field // why the file cannot be read; empty while it can
}

// silence is for how long a program that reads a file may tell nothing.
const silence = time.Minute

// GoesOn tells whether the file is still being read.
func (p Progress) GoesOn(now clock.Instant) bool { return len(p.Why) == 0 && !p.BrokenOff(now) }

// BrokenOff tells whether the program that read the file has stopped.
func (p Progress) BrokenOff(now clock.Instant) bool {
	return len(p.Why) == 0 && now.Time().Sub(p.HeardAt.Time()) > silence
}

// Heard keeps how many rows of the import have been read. It asks no viewer: it is for who
// reads the file.
func Heard(ctx context.Context, d *db.DB, id int64, rows int, now clock.Instant) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE staff_import SET read_rows = $2, heard_at = $3 WHERE id = $1 AND state = 'reading'`, id, rows, now)
		return err
	})
}

// unreadable is what is said of trouble that is not the file's.
var unreadable = []fault.Field{{Name: "file", Key: "intake.page.reading_failed"}}

// Refuse keeps why the file of the import could not be read to its end. It asks no viewer: it
// is for who reads the file.
func Refuse(ctx context.Context, d *db.DB, id int64, why error) error {
	fields := unreadable
	if f := fault.Of(why); f != nil && len(f.Fields) > 0 {
		fields = f.Fields
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("keep why import %d was not read: %w", id, err)
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE staff_import SET refused = $2 WHERE id = $1 AND state = 'reading'`, id, string(text))
		return err
	})
}

// Of is how far the reading of the import has come. It asks no viewer: it is for who has the
// import.
func Of(ctx context.Context, q db.Querier, id int64) (p Progress, err error) {
	type kept struct {
		heard *clock.Instant
		made  clock.Instant
		why   string
	}
	k, err := db.Row(ctx, q, func(k *kept) []any { return []any{&p.Rows, &k.heard, &k.made, &k.why} }, `
		SELECT read_rows, heard_at, made_at, refused
		FROM staff_import
		WHERE id = $1`, id)
	if err != nil {
		return p, err
	}
	p.HeardAt = k.made
	if k.heard != nil {
		p.HeardAt = *k.heard
	}
	if k.why != "" {
		err = json.Unmarshal([]byte(k.why), &p.Why)
	}
	return p, err
}
