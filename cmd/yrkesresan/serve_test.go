package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/visit"
)

// installed brings an empty database to what the program begins with.
func installed(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := context.Background()
	for _, step := range []func(context.Context, *db.DB) error{jobs.Migrate, organisation.Install, catalogue.Install} {
		if err := step(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
}

// troubles keeps what is logged as a warning or worse.
type troubles struct {
	mu    sync.Mutex
	lines []string
}

func (w *troubles) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, string(line))
	return len(line), nil
}

// Everything that the product does by itself, an hour or a night around: each is
// done at the start.
func TestWhatIsDoneByItselfLogsNothingToWorryAbout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		installed(t, d)
		kept := &troubles{}
		log := slog.New(slog.NewTextHandler(kept, &slog.HandlerOptions{Level: slog.LevelWarn}))
		queue, err := jobs.Open(ctx, d, log)
		if err != nil {
			t.Fatal(err)
		}
		sender, err := mail.Open(mailtest.Open(t).Address(), "no-reply@example.org", clock.System)
		if err != nil {
			t.Fatal(err)
		}
		work(queue, d, log, sender, letter.Site{Base: "https://yrkesresan.example.org"})
		if err := queue.Start(ctx); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		deadline := time.Now().Add(time.Minute)
		for {
			states, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT kind || ' ' || CAST(state AS TEXT) FROM river_job ORDER BY kind`)
			if err != nil {
				t.Fatal(err)
			}
			kinds = states
			if len(kinds) >= 4 && !slices.ContainsFunc(kinds, func(s string) bool { return !strings.HasSuffix(s, " completed") }) {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("not all is done: %v", kinds)
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if err := queue.Stop(ctx); err != nil {
			t.Error(err)
		}
		kept.mu.Lock()
		defer kept.mu.Unlock()
		for _, line := range kept.lines {
			t.Error(line)
		}
	})
}

func TestTheServerWatchesItselfOnAnAddressOfItsOwn(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	installed(t, d)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var kept troubles
	log := slog.New(slog.NewTextHandler(&kept, nil))
	pages := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		server := Server{Addr: "127.0.0.1:0", MetricsAddr: "127.0.0.1:0", From: "no-reply@example.org", Files: t.TempDir()}
		ended <- server.serve(ctx, log, d, visit.Config{}, func(address string) { pages <- address })
	}()
	address := <-pages
	get := func(address string) (int, string) {
		t.Helper()
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	if status, text := get(address + "/metrics"); status == http.StatusOK || strings.Contains(text, "yrkesresan_") {
		t.Errorf("the pages' address answers %d: %s", status, text)
	}
	kept.mu.Lock()
	var metrics string
	for _, line := range kept.lines {
		if _, after, found := strings.Cut(line, "msg=metrics address="); found {
			metrics = strings.TrimSpace(after)
		}
	}
	kept.mu.Unlock()
	if status, text := get(metrics); status != http.StatusOK || !strings.Contains(text, "yrkesresan_sign_in_total") {
		t.Errorf("%s answers %d: %s", metrics, status, text)
	}

	if status, _ := get(address + "/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM write_check`); n != 1 || err != nil {
		t.Errorf("it was ready without a write: %d, %v", n, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAServerThatCannotWriteIsNotReady(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		ctx := context.Background()
		if err := writable(ctx, d); err != nil {
			t.Fatal(err)
		}
		d.Pool().SetMaxOpenConns(1)
		readOnly := `PRAGMA query_only = 1`
		if d.Engine == db.Postgres {
			d.Pool().SetMaxIdleConns(1)
			readOnly = `SET default_transaction_read_only = on`
		}
		if _, err := d.Pool().ExecContext(ctx, readOnly); err != nil {
			t.Fatal(err)
		}
		if err := writable(ctx, d); err == nil {
			t.Error("it is ready")
		}
	})
}
