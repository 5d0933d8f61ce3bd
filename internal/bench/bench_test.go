package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/seed"
)

var ctx = context.Background()

// TestMain lets the test's own program be the server that a test starts.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "--constant" {
		if err := serveConstant(ctx, os.Args[2], os.Stdin); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestPercentiles(t *testing.T) {
	var times []time.Duration
	for i := range 200 {
		times = append(times, time.Duration(i+1))
	}
	for percent, want := range map[float64]time.Duration{50: 100, 95: 190, 99: 198, 100: 200} {
		if got := percentile(times, percent); got != want {
			t.Errorf("the %v percentile is %d, want %d", percent, got, want)
		}
	}
	if got := percentile(times[:1], 50); got != 1 {
		t.Errorf("of one time it is %d", got)
	}
}

// pageServer is a server that knows the people of signedIn by their tokens,
// and counts who came.
func pageServer(t *testing.T, answer func(w http.ResponseWriter, name string)) (url string, came func() map[string]int) {
	t.Helper()
	var mu sync.Mutex
	count := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("session")
		if err != nil {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		mu.Lock()
		count[cookie.Value+" "+r.URL.Path]++
		mu.Unlock()
		answer(w, "Person "+cookie.Value)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() map[string]int { return count }
}

var signedIn = []person{
	{id: 1, name: "Person a", token: "a", rounds: []int64{7, 8}},
	{id: 2, name: "Person b", token: "b", rounds: []int64{9}},
	{id: 3, name: "Person c", token: "c", rounds: []int64{7}},
}

func TestEveryoneAsksInTurnAndEveryAnswerIsLookedAt(t *testing.T) {
	url, came := pageServer(t, func(w http.ResponseWriter, name string) { fmt.Fprintf(w, "<h1>%s</h1>", name) })
	for _, clients := range clientCounts {
		m, err := drive(ctx, target{
			URL: url, Work: work{program: os.Getpid()}, Cookie: "session", People: signedIn, Clients: clients, For: 200 * time.Millisecond,
			Page: page{name: "a round", path: aRound, want: "<h1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if m.Wrong != 0 || m.Requests < 20 || m.People != 3 || m.PerSec <= 0 || m.Bytes != len("<h1>Person a</h1>") {
			t.Errorf("%d clients: %+v", clients, m)
		}
		if m.First <= 0 || m.P50 <= 0 || m.P50 > m.P95 || m.P95 > m.P99 || m.CPU <= 0 || m.Memory < 1<<20 {
			t.Errorf("%d clients: %+v", clients, m)
		}
	}
	a, b, c := came()["a /rounds/7"]+came()["a /rounds/8"], came()["b /rounds/9"], came()["c /rounds/7"]
	if a == 0 || max(a, b, c)-min(a, b, c) > 2 || came()["a /rounds/8"] == 0 {
		t.Errorf("they did not come in turn: %v", came())
	}
}

func TestAWrongAnswerIsCountedAndFailsTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, name string)
		want   string
	}{
		"an error":          {func(w http.ResponseWriter, _ string) { w.WriteHeader(500) }, "answered with 500"},
		"a redirect":        {func(w http.ResponseWriter, _ string) { w.Header().Set("Location", "/x"); w.WriteHeader(303) }, "is nobody signed in?"},
		"somebody's page":   {func(w http.ResponseWriter, _ string) { fmt.Fprint(w, "<h1>Person z</h1>") }, `the name "Person a" is not in the page`},
		"a page without it": {func(w http.ResponseWriter, name string) { fmt.Fprint(w, name) }, `"<h1" is not in the page`},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := pageServer(t, c.answer)
			m, err := drive(ctx, target{
				URL: url, Work: work{program: os.Getpid()}, Cookie: "session", People: signedIn[:1], Clients: 1, For: 30 * time.Millisecond,
				Page: page{name: "start page", path: at("/"), want: "<h1"},
			})
			if err != nil {
				t.Fatal(err)
			}
			if m.Wrong != m.Requests || !strings.Contains(m.Example, c.want) {
				t.Errorf("%+v", m)
			}
			if err := (result{Pages: []measure{m}}).failures(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the run ends with %v", err)
			}
		})
	}
}

func TestNobodyToAskAsIsAnError(t *testing.T) {
	if _, err := drive(ctx, target{Clients: 1, For: time.Millisecond}); err == nil {
		t.Error("a page was measured without anybody")
	}
}

func TestAStoppedRunEndsAtOnce(t *testing.T) {
	url, _ := pageServer(t, func(w http.ResponseWriter, name string) { fmt.Fprint(w, name) })
	stopped, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	_, err := drive(stopped, target{
		URL: url, Work: work{program: os.Getpid()}, Cookie: "session", People: signedIn, Clients: 8, For: time.Minute, Page: page{path: at("/")},
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
}

func TestTheConstantIsMeasuredInAProcessThatEnds(t *testing.T) {
	base, err := measureConstant(ctx, os.Args[0], options{seconds: 0.3})
	if err != nil {
		t.Fatal(err)
	}
	for _, clients := range clientCounts {
		if m := base[clients]; m.Wrong != 0 || m.Requests < 20 || m.CPU <= 0 {
			t.Errorf("%d clients: %+v", clients, m)
		}
	}
	address, err := freeAddress(ctx)
	if err != nil {
		t.Fatal(err)
	}
	server, err := start(ctx, io.Discard, address, "/", os.Args[0], "--constant", address)
	if err != nil {
		t.Fatal(err)
	}
	if server.health <= 0 || server.page < server.health {
		t.Errorf("it answered after %v and %v", server.health, server.page)
	}
	pid := server.pid()
	server.stop()
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the process is still there: %v", err)
	}
}

func TestAServerThatEndsAtOnceIsNotWaitedFor(t *testing.T) {
	began := time.Now()
	if _, err := start(ctx, io.Discard, "127.0.0.1:1", "/", os.Args[0], "--constant", "nowhere:-1"); err == nil {
		t.Error("it has started")
	}
	if time.Since(began) > 20*time.Second {
		t.Error("it was waited for")
	}
}

// What the database server does for a query is counted, whichever of its
// processes did it and whether that has ended.
func TestTheWorkOfADatabaseServerIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := country{}
		if err := c.watch(ctx, d); err != nil {
			t.Fatal(err)
		}
		if server := d.Engine == db.Postgres; (c.postmaster != 0) != server {
			t.Fatalf("its first process is %d", c.postmaster)
		}
		w := work{os.Getpid(), c.postmaster}
		before, err := w.spent()
		if err != nil {
			t.Fatal(err)
		}
		busy, err := db.Row(ctx, d.Reader(), db.One[int], `
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
			SELECT COUNT(*) FROM n`)
		if err != nil || busy != 1000000 {
			t.Fatal(busy, err)
		}
		if err := d.Close(); err != nil { // with it the process that did it ends
			t.Fatal(err)
		}
		after, err := w.spent()
		if err != nil {
			t.Fatal(err)
		}
		all, database := after.per(before, 1)
		if all < 50*time.Millisecond || (database > all/2) != (d.Engine == db.Postgres) {
			t.Errorf("it took %v, of which %v in the database's server", all, database)
		}
	})
}

func TestThoseWhoAskHoldTheirRolesAndAreSignedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := clock.System()
		if err := seed.Fill(ctx, d, seed.Options{People: 1500, Now: now}, nil); err != nil {
			t.Fatal(err)
		}
		c := country{people: map[access.Role][]person{}}
		if err := errors.Join(c.count(ctx, d), c.find(ctx, d, now.Day()), c.signIn(ctx, d)); err != nil {
			t.Fatal(err)
		}
		if c.about.People < 1500 || c.about.Completions == 0 || c.about.CourseDays == 0 || c.about.Bytes == 0 {
			t.Errorf("%+v", c.about)
		}
		sessions := identity.NewSessions(d, clock.System, false)
		for _, page := range pages {
			people := c.people[page.role]
			if len(people) == 0 {
				t.Fatalf("nobody asks for %s", page.name)
			}
			for _, p := range people[:min(3, len(people))] {
				session, err := sessions.Load(ctx, p.token)
				if err != nil {
					t.Fatal(err)
				}
				viewer, _, err := identity.Viewer(ctx, d.Reader(), sessions.PersonID(session), now.Day())
				if err != nil || !viewer.Has(page.holds()) || viewer.PersonID != p.id || viewer.Name != p.name {
					t.Errorf("%s: %+v is signed in as %+v, %v", page.name, p, viewer, err)
				}
				if path := page.path(p, 1); !strings.HasPrefix(path, "/") || strings.Contains(path, "//") {
					t.Errorf("%s is at %s", page.name, path)
				}
			}
		}
	})
}

func TestTheTableReplacesTheFormerOneAndLeavesWordsAlone(t *testing.T) {
	r := result{
		Machine: machine{CPU: "A processor", Cores: 2, Memory: 4 << 30, Go: "go1.26", System: "linux/amd64"},
		Options: options{engine: "sqlite", seconds: 5}, Day: clock.Date(2026, 11, 22),
		Country: about{People: 300_080, Completions: 1_000_000, CourseDays: 20_000, SignedIn: 1700, Bytes: 500 << 20, Seeded: 34 * time.Second},
		Base:    map[int]measure{1: {Page: page{name: "constant"}, Clients: 1, Requests: 9, CPU: 20 * time.Microsecond}},
		Starts:  []startTime{{80 * time.Millisecond, 90 * time.Millisecond}, {85 * time.Millisecond, 310 * time.Millisecond}},
		Pages: []measure{
			{Page: page{name: "fast", goal: 1}, Clients: 1, Requests: 9, CPU: 400 * time.Microsecond, First: 2 * time.Millisecond, P50: time.Millisecond, Memory: 60 << 20},
			{Page: page{name: "slow", goal: 3}, Clients: 1, Requests: 9, CPU: 5 * time.Millisecond},
			{Page: page{name: "broken", goal: 3}, Clients: 1, Requests: 9, Wrong: 2},
			{Page: page{name: "crowd"}, Clients: 500, Requests: 500, P95: 700 * time.Millisecond, Within: time.Second},
			{Page: page{name: "slow crowd"}, Clients: 500, Requests: 500, P95: 1200 * time.Millisecond, Within: time.Second},
		},
		PeakMemory: 90 << 20,
	}
	file := filepath.Join(t.TempDir(), "benchmarks.md")
	read := func() string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := r.writeTo(file); err != nil {
		t.Fatal(err)
	}
	first := read()
	for _, want := range []string{
		"Measured on 2026-11-22: A processor, 2 cores, 4096 MB of memory, linux/amd64, go1.26, engine sqlite.",
		"| fast | 1 | 0 | 2.00 | 1.00 | 0.00 | 0.00 | 0.40 |  | 20 | 1 | met | 60 |",
		"| slow | 1 | 0 | 0.00 | 0.00 | 0.00 | 0.00 | 5.00 |  | 250 | 3 | **missed** | 0 |",
		"| broken | 1 | 0 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 |  | 0 | 3 | **wrong answers: 2 of 9** | 0 |",
		"| crowd | 500 | 0 | 0.00 | 0.00 | 700.00 | 0.00 | 0.00 |  |  | p95 1000.00 | met | 0 |",
		"| slow crowd | 500 | 0 | 0.00 | 0.00 | 1200.00 | 0.00 | 0.00 |  |  | p95 1000.00 | **missed** | 0 |",
		"| cold start to the first sign-in page, slowest of 2 | 310.00 ms | 300.00 ms | **missed** |",
		"| most memory during the run | 90 MB | 150 MB | met |",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not in\n%s", want, first)
		}
	}
	if err := os.WriteFile(file, []byte(first+"\nWhy slow is slow.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Country.People = 17
	other := r
	other.Options.engine = "postgres"
	other.Pages = []measure{{Page: page{name: "shared", goal: 3}, Clients: 1, Requests: 9, CPU: 2 * time.Millisecond, Database: 500 * time.Microsecond}}
	if err := errors.Join(r.writeTo(file), other.writeTo(file)); err != nil {
		t.Fatal(err)
	}
	second := read()
	if want := "| shared | 1 | 0 | 0.00 | 0.00 | 0.00 | 0.00 | 2.00 | 0.50 | 100 | 3 | met | 0 |"; !strings.Contains(second, want) {
		t.Errorf("%q is not in\n%s", want, second)
	}
	if strings.Contains(second, "300080 people") || strings.Count(second, "17 people") != 2 || !strings.Contains(second, "\nWhy slow is slow.\n\n## postgres\n") {
		t.Errorf("after the second run:\n%s", second)
	}
}
