package jobs

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// journal keeps what is logged, and tells of what it waits for.
type journal struct {
	mu      sync.Mutex
	lines   []string
	waiting map[string]bool // messages that have not come yet
	done    chan struct{}
}

func (*journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler     { return j }
func (j *journal) WithGroup(string) slog.Handler          { return j }

func (j *journal) Handle(_ context.Context, r slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r.Level >= slog.LevelWarn {
		line := r.Level.String() + " " + r.Message
		r.Attrs(func(a slog.Attr) bool { line += " " + a.String(); return true })
		j.lines = append(j.lines, line)
	}
	for message := range j.waiting {
		if strings.Contains(r.Message, message) {
			delete(j.waiting, message)
			if len(j.waiting) == 0 {
				close(j.done)
			}
		}
	}
	return nil
}

// nightly is the queue's schedule with the next night at once; a schedule that
// never comes stays so.
type nightly struct {
	real river.PeriodicSchedule
	once sync.Once
}

func (n *nightly) Next(now time.Time) time.Time {
	next := n.real.Next(now)
	if next.Sub(now) <= 24*time.Hour {
		n.once.Do(func() { next = now })
	}
	return next
}

// midnight is River's usual schedule.
type midnight struct{}

func (midnight) Next(now time.Time) time.Time {
	return now.Add(24 * time.Hour).Truncate(24 * time.Hour)
}

type chore struct{}

func (chore) Kind() string { return "test_chore" }

// What River does by itself in a night: it cleans away old jobs and queues, and
// on PostgreSQL builds its indexes anew.
func TestACleanNightLogsNothingToWorryAbout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := Migrate(ctx, d); err != nil {
			t.Fatal(err)
		}
		kept := &journal{waiting: map[string]bool{
			"JobCleaner: Ran successfully": true, "JobRescuer: Ran successfully": true, "QueueCleaner: Ran successfully": true,
		}, done: make(chan struct{})}
		q, err := Open(ctx, d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		q.config.Logger = slog.New(kept) // all that River says, not only its troubles
		schedule := q.config.ReindexerSchedule
		if schedule == nil {
			schedule = midnight{} // what River does when it is not told otherwise
		}
		q.config.ReindexerSchedule = &nightly{real: schedule}
		if d.Engine == db.Postgres {
			kept.waiting["Reindexer: Ran successfully"] = true
		}
		Handle(q, func(context.Context, chore) error { return nil })
		old, stuck := `datetime('now', '-3 days')`, `datetime('now', '-4 minutes')`
		if d.Engine == db.Postgres {
			old, stuck = `now() - INTERVAL '3 days'`, `now() - INTERVAL '4 minutes'`
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for range 2 {
				if err := Add(ctx, tx, chore{}); err != nil {
					return err
				}
			}
			for _, sql := range []string{
				`UPDATE river_job SET state = 'completed', finalized_at = ` + old + ` WHERE id = 1`,
				`UPDATE river_job SET state = 'running', attempt = 1, attempted_at = ` + stuck + ` WHERE id = 2`,
				`INSERT INTO river_queue (name, created_at, updated_at) VALUES ('left', ` + old + `, ` + old + `)`,
			} {
				if _, err := db.Exec(ctx, tx, sql); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		select {
		case <-kept.done:
		case <-time.After(time.Minute):
			t.Errorf("the night did not end: %v", kept.waiting)
		}
		if err := q.Stop(ctx); err != nil {
			t.Error(err)
		}
		kept.mu.Lock()
		defer kept.mu.Unlock()
		for _, line := range kept.lines {
			t.Error(line)
		}
	})
}
