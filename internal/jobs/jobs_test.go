package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
)

type note struct {
	Number int    `json:"number" river:"unique"`
	Text   string `json:"text"`
}

func (note) Kind() string { return "test_note" }

type parked struct{}

func (parked) Kind() string  { return "test_parked" }
func (parked) Queue() string { return "parked" }

// each gives the test a queue that stands still, on either engine.
func each(t *testing.T, test func(t *testing.T, d *db.DB, q *jobs.Queue)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := jobs.Migrate(ctx, d); err != nil {
			t.Fatal(err)
		}
		q, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, q)
	})
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func add(t *testing.T, d *db.DB, job jobs.Args) {
	t.Helper()
	if err := d.Write(context.Background(), func(tx *db.Tx) error { return jobs.Add(context.Background(), tx, job) }); err != nil {
		t.Fatal(err)
	}
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("waited 20 seconds for a job")
		panic("unreachable")
	}
}

func count(t *testing.T, d *db.DB, kind string) int {
	t.Helper()
	n, err := db.Row(context.Background(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = $1`, kind)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobSharesTheFateOfItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		ctx := context.Background()
		done := make(chan note, 10)
		jobs.Handle(q, func(_ context.Context, n note) error { done <- n; return nil })
		start(t, q)
		broken := errors.New("broken")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := jobs.Add(ctx, tx, note{Number: 1}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		add(t, d, note{Number: 2, Text: "åäö"})
		if got := receive(t, done); got != (note{2, "åäö"}) {
			t.Errorf("did %v, want only the committed job", got)
		}
		if n := count(t, d, "test_note"); n != 1 {
			t.Errorf("%d jobs are kept, want 1", n)
		}
	})
}

func TestErrorsAndPanicsAreTriedAgainAndGivingUpIsNot(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		var tries [4]atomic.Int32
		done := make(chan int, 10)
		jobs.Handle(q, func(_ context.Context, n note) error {
			try := tries[n.Number].Add(1)
			switch {
			case n.Number == 1 && try == 1:
				return errors.New("the server is away")
			case n.Number == 2 && try == 1:
				panic("a bug")
			case n.Number == 3:
				done <- 3
				return jobs.GiveUp(errors.New("no such address"))
			}
			done <- n.Number
			return nil
		})
		start(t, q)
		for i := 1; i <= 3; i++ {
			add(t, d, note{Number: i})
		}
		seen := map[int]int{}
		for range 3 {
			seen[receive(t, done)]++
		}
		for i := 1; i <= 3; i++ {
			if seen[i] != 1 {
				t.Errorf("job %d ended %d times, want once", i, seen[i])
			}
		}
		if n := tries[1].Load(); n != 2 {
			t.Errorf("an error was tried %d times, want 2", n)
		}
		if n := tries[2].Load(); n != 2 {
			t.Errorf("a panic was tried %d times, want 2", n)
		}
		state := waitForState(t, d, 3)
		if state != "cancelled" {
			t.Errorf("the given up job is %s, want cancelled", state)
		}
	})
}

// waitForState is the state of the job once it has left "running".
func waitForState(t *testing.T, d *db.DB, id int) string {
	t.Helper()
	for range 200 {
		state, err := db.Row(context.Background(), d.Reader(), db.One[string], `SELECT state FROM river_job WHERE id = $1`, id)
		if err != nil {
			t.Fatal(err)
		}
		if state != "running" {
			return state
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "running"
}

func TestAJobThatAKilledProgramLeftBehindIsRunAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		done := make(chan string, 1)
		jobs.Handle(q, func(_ context.Context, job note) error {
			done <- job.Text
			return nil
		})
		add(t, d, note{Text: "left behind"})
		// As a program leaves it that is killed while it works, some minutes ago.
		ago := `datetime('now', '-4 minutes')`
		if d.Engine == db.Postgres {
			ago = `now() - INTERVAL '4 minutes'`
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = `+ago)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		if got := receive(t, done); got != "left behind" {
			t.Errorf("got %q", got)
		}
	})
}

func TestTheSameJobIsAddedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *jobs.Queue) {
		ctx := context.Background()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					return jobs.AddOnce(ctx, tx, note{Number: 1, Text: fmt.Sprint(i)})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		err := d.Write(ctx, func(tx *db.Tx) error { return jobs.AddOnce(ctx, tx, note{Number: 2}) })
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, "test_note"); n != 2 {
			t.Errorf("%d jobs, want one for each number", n)
		}
	})
}

func TestAJobOfEveryIsDoneAtTheStart(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, q *jobs.Queue) {
		done := make(chan note, 1)
		jobs.Handle(q, func(_ context.Context, n note) error { done <- n; return nil })
		jobs.Every(q, time.Hour, note{Number: 7})
		start(t, q)
		if got := receive(t, done); got.Number != 7 {
			t.Errorf("did %v", got)
		}
	})
}

func TestAQueueThatNobodyHandlesWaits(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		done := make(chan note, 1)
		jobs.Handle(q, func(_ context.Context, n note) error { done <- n; return nil })
		start(t, q)
		add(t, d, parked{})
		add(t, d, note{})
		receive(t, done)
		if state := waitForState(t, d, 1); state != "available" {
			t.Errorf("the parked job is %s, want available", state)
		}
	})
}

// One connection writes on SQLite, and River shares it: writers that add jobs,
// the jobs' own writing and River's bookkeeping must neither hang nor lose one.
func TestWritersAndJobsAtOnceLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		const writers, each = 8, 25
		var left sync.WaitGroup
		left.Add(writers * each)
		jobs.Handle(q, func(ctx context.Context, n note) error {
			err := d.Write(ctx, func(tx *db.Tx) error {
				// A job that is done twice breaks the key.
				_, err := db.Exec(ctx, tx, `INSERT INTO county (code, name) VALUES ($1, $2)`, fmt.Sprint(n.Number), "done")
				return err
			})
			if err == nil {
				left.Done()
			}
			return err
		})
		start(t, q)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					err := d.Write(ctx, func(tx *db.Tx) error {
						number := w*each + i
						if _, err := db.Exec(ctx, tx, `INSERT INTO county (code, name) VALUES ($1, $2)`, fmt.Sprint("w", number), "asked"); err != nil {
							return err
						}
						return jobs.Add(ctx, tx, note{Number: number})
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		done := make(chan struct{}, 1)
		go func() { left.Wait(); done <- struct{}{} }()
		receive(t, done)
		n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM county WHERE name = $1`, "done")
		if err != nil || n != writers*each {
			t.Errorf("%d jobs are done (%v), want %d", n, err, writers*each)
		}
	})
}

func TestStopWaitsForTheJobThatRuns(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		begun, ended := make(chan struct{}), atomic.Bool{}
		jobs.Handle(q, func(ctx context.Context, _ note) error {
			close(begun)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(300 * time.Millisecond):
			}
			ended.Store(true)
			return nil
		})
		ctx, cancel := context.WithCancel(context.Background())
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		add(t, d, note{})
		receive(t, begun)
		cancel() // as a signal does
		if err := q.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !ended.Load() {
			t.Error("the job was broken off")
		}
	})
}

func TestStopBreaksOffAJobThatTakesTooLong(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue) {
		begun := make(chan struct{})
		jobs.Handle(q, func(ctx context.Context, _ note) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		if err := q.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		add(t, d, note{})
		receive(t, begun)
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		state := waitForState(t, d, 1)
		if state != "retryable" && state != "available" {
			t.Errorf("the job is %s, want it to be run again", state)
		}
	})
}

func TestADatabaseWithoutJobTablesIsBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if _, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler)); !errors.Is(err, db.ErrBehind) {
			t.Errorf("open gives %v, want %v", err, db.ErrBehind)
		}
		for range 2 {
			if err := jobs.Migrate(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		if err := jobs.Current(ctx, d); err != nil {
			t.Error(err)
		}
	})
}
