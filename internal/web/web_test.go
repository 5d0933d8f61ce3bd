package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

// demoNow is the moment at which the tests' demo is loaded and visited.
var demoNow = clock.Date(2026, 11, 23).At(9, 0)

// site is the product over the demo, visited without a network.
type site struct {
	t       testing.TB
	db      *db.DB
	files   *file.Store // empty, though the database names the demo's files
	server  *visit.Server
	handler http.Handler
}

// newSite is a site of the test's own over a fresh demo in SQLite.
func newSite(t testing.TB) *site {
	t.Helper()
	demoOnce.Do(func() { demoFile, errDemo = demoTemplate() })
	if errDemo != nil {
		t.Fatal(errDemo)
	}
	path := filepath.Join(t.TempDir(), "demo.db")
	if err := os.WriteFile(path, demoFile, 0o600); err != nil {
		t.Fatal(err)
	}
	return siteOver(t, dbtest.Open(t, "sqlite:"+path))
}

// The demo is loaded once and copied for each test.
var (
	demoOnce sync.Once
	demoFile []byte
	errDemo  error
)

func demoTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "yrkesresan")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "demo.db")
	d, err := db.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	d.Keys = dbtest.Keys()
	if err := errors.Join(load(d, file.Open(filepath.Join(dir, "files"))), d.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// load brings an empty database to a loaded demo.
func load(d *db.DB, files *file.Store) error {
	ctx := context.Background()
	for _, step := range []func() error{
		func() error { return d.Migrate(ctx) },
		func() error { return jobs.Migrate(ctx, d) },
		func() error { return organisation.Install(ctx, d) },
		func() error { return catalogue.Install(ctx, d) },
		func() error { return demo.Load(ctx, d, files, demoNow) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// siteOver is a site over a database with the demo in it.
func siteOver(t testing.TB, d *db.DB) *site {
	t.Helper()
	return siteAt(t, d, demoNow)
}

// siteAt is siteOver visited at another moment: the demo's history is there as
// it was then.
func siteAt(t testing.TB, d *db.DB, at clock.Instant) *site {
	t.Helper()
	ctx := context.Background()
	now, files := clock.Fixed(at), file.Open(t.TempDir())
	server, err := visit.NewServer(ctx, visit.Config{
		DB: d, Clock: now, Sessions: identity.NewSessions(d, clock.System, false),
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Personas: personas(t, d), Gallery: true,
		Ready: func(context.Context) error { return nil },
		Site:  letter.Site{Base: "https://yrkesresan.example.org"}, Files: files,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &site{t: t, db: d, files: files, server: server, handler: web.Handler(server)}
}

// personas are the demo's people whom the picker offers.
func personas(t testing.TB, d *db.DB) []visit.Persona {
	t.Helper()
	all, err := demo.Personas(context.Background(), d.Reader())
	if err != nil {
		t.Fatal(err)
	}
	offered := make([]visit.Persona, len(all))
	for i, p := range all {
		offered[i] = visit.Persona{Role: p.Role, Email: p.Email, Name: p.Name, Place: p.Place, Region: p.Region}
	}
	return offered
}

// visitor is somebody with a browser: it keeps cookies and follows no redirect but
// the one to a form that was refused.
type visitor struct {
	*site
	cookies map[string]string
}

// nobody is a visitor who is not signed in.
func (s *site) nobody() *visitor { return &visitor{site: s, cookies: map[string]string{}} }

// as is the persona with the address, signed in.
func (s *site) as(email string) *visitor {
	s.t.Helper()
	v := s.nobody()
	if a := v.post("/demo", url.Values{"persona": {email}}); a.status != http.StatusSeeOther {
		s.t.Fatalf("signing in as %s: status %d", email, a.status)
	}
	return v
}

// answer is what came back.
type answer struct {
	status   int
	body     string
	location string
	header   http.Header
}

func (v *visitor) get(path string) answer {
	v.t.Helper()
	return v.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (v *visitor) post(path string, form url.Values) answer {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (v *visitor) do(r *http.Request) answer {
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	result := w.Result()
	for _, c := range result.Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		} else {
			v.cookies[c.Name] = c.Value
		}
	}
	a := answer{status: w.Code, body: w.Body.String(), location: w.Header().Get("Location"), header: w.Header()}
	if r.Method == http.MethodPost && a.status == http.StatusSeeOther && strings.Contains(a.location, "refused=") {
		return v.get(a.location) // a refused form is shown again on a page of its own
	}
	return a
}

// id is one number that a query finds.
func (s *site) id(query string, args ...any) int64 {
	s.t.Helper()
	id, err := db.Row(context.Background(), s.db.Reader(), db.One[int64], query, args...)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, query)
	}
	return id
}
