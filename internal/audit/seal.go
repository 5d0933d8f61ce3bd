package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
)

// Batch is how many entries one seal covers at most.
const Batch = 10_000

// seal is a row of audit_seal.
type seal struct {
	id, from, to, entries int64
	hash                  []byte
}

func (s *seal) columns() []any { return []any{&s.id, &s.from, &s.to, &s.entries, &s.hash} }

const sealColumns = `
	id,
	from_id,
	to_id,
	entries,
	hash`

// Seal seals the entries that have none yet, Batch at a time, and tells how many. Two at
// once seal them once: the first identity of a seal is unique.
func Seal(ctx context.Context, d *db.DB, now clock.Instant) (int64, error) {
	until, err := d.Settled(ctx, "audit_entry")
	if err != nil {
		return 0, fmt.Errorf("seal the audit: %w", err)
	}
	var all int64
	for {
		n, err := sealSome(ctx, d, until, now)
		if db.IsUnique(err) {
			return all, nil // somebody else is at it
		}
		all += n
		if err != nil || n == 0 {
			return all, err
		}
	}
}

// sealSome makes one seal of the entries up to until, and tells how many are in it.
func sealSome(ctx context.Context, d *db.DB, until int64, now clock.Instant) (n int64, err error) {
	return n, d.Write(ctx, func(tx *db.Tx) error {
		n = 0
		last, err := db.Rows(ctx, tx, (*seal).columns, `SELECT`+sealColumns+` FROM audit_seal ORDER BY id DESC LIMIT 1`)
		if err != nil {
			return err
		}
		var before seal
		if len(last) > 0 {
			before = last[0]
		}
		entries, err := entriesBetween(ctx, tx, before.to+1, until, Batch)
		if err != nil || len(entries) == 0 {
			return err
		}
		n = int64(len(entries))
		h := begin(before.hash)
		for i := range entries {
			entries[i].write(h)
		}
		_, err = db.Exec(ctx, tx, `
			INSERT INTO audit_seal (from_id, to_id, entries, hash, sealed_at)
			VALUES ($1, $2, $3, $4, $5)`, before.to+1, entries[n-1].ID, n, h.Sum(nil), now)
		return err
	})
}

func begin(before []byte) hash.Hash {
	h := sha256.New()
	h.Write(before)
	return h
}

// write adds the entry to a hash, each of its fields.
func (e *Entry) write(h hash.Hash) {
	fmt.Fprintf(h, "%d|%d|%s|%s|%d|%d|%d|%d|%d|%q\n",
		e.ID, e.At, e.Act, e.Kind, e.SubjectID, e.MunicipalityID, e.ActorID, e.TokenID, e.BehalfID, e.Page)
}

func entriesBetween(ctx context.Context, q db.Querier, from, to, most int64) ([]Entry, error) {
	return db.Rows(ctx, q, (*Entry).columns, `
		SELECT`+entryColumns+`
		FROM audit_entry AS a
		WHERE a.id >= $1
		AND a.id <= $2
		ORDER BY a.id
		LIMIT $3`, from, to, most)
}

// Verdict is what Verify found.
type Verdict struct {
	Entries  int64  `json:"entries"`  // that are sealed
	Seals    int64  `json:"seals"`    //
	Unsealed int64  `json:"unsealed"` // since the last seal
	LastSeal int64  `json:"last_seal"`
	Hash     string `json:"hash"` // of the last seal: note it elsewhere, and Verify knows it again
	// Known tells whether a seal has the hash that was noted; true when none was.
	Known  bool    `json:"known"`
	Broken *Broken `json:"broken,omitempty"`
}

// Broken is the first seal that does not hold, and which entries it covers.
type Broken struct {
	Seal    int64 `json:"seal"`
	From    int64 `json:"from"`
	To      int64 `json:"to"`
	Sealed  int64 `json:"sealed"`  // entries when it was sealed
	Entries int64 `json:"entries"` // entries now
}

// Whole tells whether nothing is wrong.
func (v Verdict) Whole() bool { return v.Broken == nil && v.Known }

// Verify reads the whole audit and compares it with its seals, to the first that does not
// hold. noted is the hash of some seal, kept elsewhere; "" for none: it finds that somebody
// has sealed everything anew.
func Verify(ctx context.Context, q db.Querier, noted string) (v Verdict, err error) {
	v.Known = noted == ""
	seals, err := db.Rows(ctx, q, (*seal).columns, `SELECT`+sealColumns+` FROM audit_seal ORDER BY id`)
	if err != nil {
		return v, err
	}
	var before seal
	for i, s := range seals {
		from := s.from
		if i == 0 {
			from = math.MinInt64 // nothing is before the first
		}
		entries, err := entriesBetween(ctx, q, from, s.to, Batch+1)
		if err != nil {
			return v, err
		}
		h := begin(before.hash)
		for i := range entries {
			entries[i].write(h)
		}
		if s.from != before.to+1 || s.entries != int64(len(entries)) || !bytes.Equal(h.Sum(nil), s.hash) {
			v.Broken = &Broken{Seal: s.id, From: s.from, To: s.to, Sealed: s.entries, Entries: int64(len(entries))}
			return v, nil
		}
		before = s
		v.Entries, v.Seals, v.LastSeal, v.Hash = v.Entries+s.entries, v.Seals+1, s.id, hex.EncodeToString(s.hash)
		v.Known = v.Known || v.Hash == noted
	}
	v.Unsealed, err = db.Row(ctx, q, db.One[int64], `SELECT COUNT(*) FROM audit_entry WHERE id > $1`, before.to)
	return v, err
}

// sealing is the job that seals.
type sealing struct{}

func (sealing) Kind() string { return "audit_seal" }

// Handle lets the queue seal the audit, at each start and then every ten minutes.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ sealing) error {
		_, err := Seal(ctx, d, now())
		return err
	})
	jobs.Every(q, 10*time.Minute, sealing{})
}
