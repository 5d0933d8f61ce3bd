// Package jobs is work that is done after the transaction that asked for it:
// letters, sweeps, long reports. A job rides the caller's transaction, so what
// is rolled back leaves none, and what is committed is not lost when the
// program stops. It is run again, later and later, until it has succeeded: a
// worker may meet a job twice and has to bear it.
//
// Underneath is River, which keeps its jobs in tables of its own beside ours
// and asks once a second for new ones.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"yrkesresan/internal/db"
)

// Args is what a job needs to know, kept as JSON. Kind names the work, as in
// "mail_letter", and answers for the zero value too; it never changes.
//
// Args with a method Queue() string wait in a queue of that name, which stands
// still as long as nobody handles any job of it.
type Args interface{ Kind() string }

// parallel is how many jobs of one queue run at once: they wait for others
// (mail servers) more than they compute.
const parallel = 8

// rescueAfter is when a job that a killed program left behind is run again.
const rescueAfter = 3 * time.Minute

// Migrate brings River's own tables up to date. Twice is the same as once.
func Migrate(ctx context.Context, d *db.DB) error {
	m, err := migrator(d)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job tables: %w", err)
	}
	return nil
}

// Current is nil when the job tables are this program's, db.ErrBehind when
// they lack something.
func Current(ctx context.Context, d *db.DB) error {
	m, err := migrator(d)
	if err != nil {
		return err
	}
	result, err := m.Validate(ctx, nil)
	if err != nil {
		return fmt.Errorf("ask the job tables for their version: %w", err)
	}
	if !result.OK {
		return fmt.Errorf("%w (%s)", db.ErrBehind, strings.Join(result.Messages, ", "))
	}
	return nil
}

func migrator(d *db.DB) (*rivermigrate.Migrator[*sql.Tx], error) {
	m, err := rivermigrate.New(driver(d.Engine, d.Pool()), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("read the job tables' migrations: %w", err)
	}
	return m, nil
}

func driver(engine db.Engine, pool *sql.DB) riverdriver.Driver[*sql.Tx] {
	if engine == db.Postgres {
		return riverdatabasesql.New(pool)
	}
	return riversqlite.New(pool)
}

// The adders have no pool: what they add, they add to a transaction. A plain
// insert beside an open transaction would wait for SQLite's one writer for ever.
var (
	liteAdder     = sync.OnceValues(func() (*river.Client[*sql.Tx], error) { return adder(db.SQLite) })
	postgresAdder = sync.OnceValues(func() (*river.Client[*sql.Tx], error) { return adder(db.Postgres) })
)

func adder(engine db.Engine) (*river.Client[*sql.Tx], error) {
	return river.NewClient(driver(engine, nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
}

// Add lets the job be done once tx is committed.
func Add(ctx context.Context, tx *db.Tx, job Args) error {
	return add(ctx, tx, job, river.UniqueOpts{})
}

// AddOnce is Add, unless the same job waits already or was done within the last
// day. Jobs are the same when their kind is, and all that they know; or, when
// fields are tagged `river:"unique"`, those fields.
func AddOnce(ctx context.Context, tx *db.Tx, job Args) error {
	return add(ctx, tx, job, river.UniqueOpts{ByArgs: true})
}

func add(ctx context.Context, tx *db.Tx, job Args, unique river.UniqueOpts) error {
	client := liteAdder
	if tx.Engine == db.Postgres {
		client = postgresAdder
	}
	c, err := client()
	if err != nil {
		return fmt.Errorf("add job %s: %w", job.Kind(), err)
	}
	db.Trace(ctx, "INSERT INTO river_job: "+job.Kind())
	if _, err := c.InsertTx(ctx, tx.Tx, job, &river.InsertOpts{Queue: queueOf(job), UniqueOpts: unique}); err != nil {
		return fmt.Errorf("add job %s: %w", job.Kind(), err)
	}
	return nil
}

// Forget deletes the jobs that know one of the words, done or not, with what went wrong in
// them: for who is to be written to no more.
func Forget(ctx context.Context, tx *db.Tx, words ...string) error {
	args := `json(args)`
	if tx.Engine == db.Postgres {
		args = `CAST(args AS TEXT)`
	}
	for _, word := range words {
		if _, err := db.Exec(ctx, tx, `DELETE FROM river_job WHERE REPLACE(`+args+`, CAST($1 AS TEXT), '') <> `+args, word); err != nil {
			return fmt.Errorf("forget jobs: %w", err)
		}
	}
	return nil
}

func queueOf(job Args) string {
	if q, ok := job.(interface{ Queue() string }); ok {
		return q.Queue()
	}
	return river.QueueDefault
}

// GiveUp marks an error as one that no later try can mend: the job is not run
// again.
func GiveUp(err error) error { return river.JobCancel(err) }

// Queue runs the jobs of one database. Say with Handle and Every what it can
// do, then Start it.
type Queue struct {
	d      *db.DB
	config *river.Config
	client *river.Client[*sql.Tx]
}

// Open makes a queue that stands still. A database whose job tables are older
// than this program is db.ErrBehind.
func Open(ctx context.Context, d *db.DB, log *slog.Logger) (*Queue, error) {
	if err := Current(ctx, d); err != nil {
		return nil, err
	}
	config := &river.Config{
		Logger:  slog.New(troubles{log.Handler()}),
		Queues:  map[string]river.QueueConfig{},
		Workers: river.NewWorkers(),
		// Both engines are asked: PostgreSQL's driver listens only beside a pool of
		// pgx's own, and SQLite's does so by asking, too.
		PollOnly: true,
		// A job is cut off after a minute: what has run for longer was left by a
		// program that was killed, and is run again.
		JobTimeout:           time.Minute,
		RescueStuckJobsAfter: rescueAfter,
	}
	if d.Engine == db.SQLite {
		// Each night River builds its indexes anew, which SQLite's use again as they
		// are: it would hold the one writer for seconds and win nothing.
		config.ReindexerSchedule = river.NeverSchedule()
	}
	return &Queue{d: d, config: config}, nil
}

// troubles passes on warnings and errors: River tells every few seconds that it
// is well.
type troubles struct{ slog.Handler }

func (t troubles) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && t.Handler.Enabled(ctx, level)
}

func (t troubles) WithAttrs(attrs []slog.Attr) slog.Handler {
	return troubles{t.Handler.WithAttrs(attrs)}
}

func (t troubles) WithGroup(name string) slog.Handler { return troubles{t.Handler.WithGroup(name)} }

// Handle says how jobs of T are done. ctx ends after a minute and when the
// queue is stopped the hard way. An error or a panic lets the job be run again
// after 1 s, 16 s, 81 s, … (the fourth power of the tries), 25 times at most.
// Errors go to the log: they hold nothing secret.
func Handle[T Args](q *Queue, work func(ctx context.Context, job T) error) {
	var zero T
	q.config.Queues[queueOf(zero)] = river.QueueConfig{MaxWorkers: parallel}
	river.AddWorker(q.config.Workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		return work(ctx, job.Args)
	}))
}

// Every lets the job be done at each start and then after each interval, by
// one of all programs that serve the database.
func Every(q *Queue, interval time.Duration, job Args) {
	q.config.PeriodicJobs = append(q.config.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return job, &river.InsertOpts{Queue: queueOf(job)} },
		&river.PeriodicJobOpts{RunOnStart: true}))
}

// Start begins to run jobs in the background, until Stop: that ctx ends does
// not cut them short. A queue that can do nothing is not started.
func (q *Queue) Start(ctx context.Context) error {
	if len(q.config.Queues) == 0 {
		return nil
	}
	client, err := river.NewClient(driver(q.d.Engine, q.d.Pool()), q.config)
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	q.client = client
	return nil
}

// hardStop is how long jobs have to end after their context has.
const hardStop = 5 * time.Second

// Stop takes no new jobs and waits for those that run. When ctx ends before
// they do they are broken off, to be run again later.
func (q *Queue) Stop(ctx context.Context) error {
	if q.client == nil {
		return nil
	}
	err := q.client.Stop(ctx)
	if err != nil && ctx.Err() != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), hardStop)
		defer cancel()
		err = q.client.StopAndCancel(hard)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}
