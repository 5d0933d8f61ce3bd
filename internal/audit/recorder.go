package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
)

const (
	patience = 200 * time.Millisecond // how long a page waits for its entry
	again    = 5 * time.Second        // when what waits is tried again
	mostWait = 10_000                 // entries that wait, each of a page
)

// Recorder writes the reads of pages. A page waits for its entry for as long as one small
// insert takes, and never for longer than a moment: an entry that cannot be written then
// waits in memory and is written with the next one (docs/decisions/reads-are-audited.md).
type Recorder struct {
	d   *db.DB
	log *slog.Logger

	mu      sync.Mutex
	waiting []read
	later   *time.Timer
}

type read struct {
	viewer access.Viewer
	act    Act
	kind   Kind
	page   string
	people []int64
	many   int64 // the municipality of people who are not named; 0: people are
}

// NewRecorder writes into d, and what it cannot write into log, by identities.
func NewRecorder(d *db.DB, log *slog.Logger) *Recorder { return &Recorder{d: d, log: log} }

// Record writes that the viewer did it to facts of the kind about people, at the page. What
// somebody reads of their own is not written.
func (r *Recorder) Record(ctx context.Context, viewer access.Viewer, act Act, kind Kind, page string, people ...int64) {
	var others []int64
	for _, id := range people {
		if id != viewer.PersonID || act != Read || viewer.SeenBy != 0 {
			others = append(others, id)
		}
	}
	if len(others) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, read{viewer: viewer, act: act, kind: kind, page: page, people: others})
	r.write(ctx, patience)
}

// RecordMany writes that the viewer did it to facts of the kind about many people of the
// municipality at once: one entry, which names none of them.
func (r *Recorder) RecordMany(ctx context.Context, viewer access.Viewer, act Act, kind Kind, page string, municipalityID int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, read{viewer: viewer, act: act, kind: kind, page: page, many: municipalityID})
	r.write(ctx, patience)
}

// RecordFirst is Record for what must not be shown unless it is written.
func (r *Recorder) RecordFirst(ctx context.Context, viewer access.Viewer, act Act, kind Kind, page string, people ...int64) error {
	return r.d.Write(ctx, func(tx *db.Tx) error { return add(ctx, tx, viewer, act, kind, page, people) })
}

// Flush writes what waits, for as long as ctx lasts, and tells how much still does.
func (r *Recorder) Flush(ctx context.Context) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(ctx, time.Minute)
	return len(r.waiting)
}

// write writes what waits; the lock is held.
func (r *Recorder) write(ctx context.Context, within time.Duration) {
	if len(r.waiting) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within) // whoever left has read it
	defer cancel()
	err := r.d.Write(ctx, func(tx *db.Tx) error {
		for _, w := range r.waiting {
			var err error
			if w.many != 0 {
				err = addMany(ctx, tx, w)
			} else {
				err = add(ctx, tx, w.viewer, w.act, w.kind, w.page, w.people)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		r.waiting = nil
		return
	}
	r.log.Warn("audit entries wait", "entries", len(r.waiting), "error", err)
	for len(r.waiting) > mostWait {
		lost := r.waiting[0]
		r.log.Error("an audit entry is not kept in the database", "act", lost.act, "kind", lost.kind, "page", lost.page,
			"actor", lost.viewer.PersonID, "token", lost.viewer.TokenID, "seen_by", lost.viewer.SeenBy, "about", lost.people)
		r.waiting = r.waiting[1:]
	}
	if r.later == nil {
		r.later = time.AfterFunc(again, func() {
			r.mu.Lock()
			r.later = nil
			r.mu.Unlock()
			r.Flush(context.WithoutCancel(ctx))
		})
	}
}
