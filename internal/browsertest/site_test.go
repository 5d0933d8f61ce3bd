package browsertest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

// demoSite is the product with the demo, served on a free port of this machine
// until the test ends; its clock shows the real time.
func demoSite(t *testing.T, d *db.DB) string {
	t.Helper()
	return demoSiteAt(t, d, "127.0.0.1")
}

// demoSiteAt is demoSite under another name of this machine.
func demoSiteAt(t *testing.T, d *db.DB, host string) string {
	t.Helper()
	return demoSiteWith(t, d, host, "")
}

// demoSiteWith is demoSiteAt with another name of this machine for uploaded files; "" for none.
func demoSiteWith(t *testing.T, d *db.DB, host, files string) string {
	t.Helper()
	folder := loadDemo(t, d)
	s := httptest.NewUnstartedServer(nil)
	base := "http://" + s.Listener.Addr().String()
	var filesURL string
	if files != "" {
		filesURL = strings.Replace(base, "127.0.0.1", files, 1)
	}
	server, err := visit.NewServer(context.Background(), visit.Config{
		DB: d, Clock: clock.System, Sessions: identity.NewSessions(d, clock.System, false),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Personas: offered(t, d), Gallery: true, Files: folder, FilesURL: filesURL,
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = web.Handler(server)
	s.Start()
	t.Cleanup(s.Close)
	server.Site.Base = strings.Replace(base, "127.0.0.1", host, 1)
	return server.Site.Base
}

// offered are the demo's people whom the picker offers.
func offered(t *testing.T, d *db.DB) []visit.Persona {
	t.Helper()
	all, err := demo.Personas(context.Background(), d.Reader())
	if err != nil {
		t.Fatal(err)
	}
	personas := make([]visit.Persona, len(all))
	for i, p := range all {
		personas[i] = visit.Persona{Role: p.Role, Email: p.Email, Name: p.Name, Place: p.Place, Region: p.Region}
	}
	return personas
}

// loadDemo puts the demo into the database, and its files where the returned
// store has them.
func loadDemo(t *testing.T, d *db.DB) *file.Store {
	t.Helper()
	ctx, files := context.Background(), file.Open(t.TempDir())
	for _, step := range []func() error{
		func() error { return jobs.Migrate(ctx, d) },
		func() error { return organisation.Install(ctx, d) },
		func() error { return catalogue.Install(ctx, d) },
		func() error { return demo.Load(ctx, d, files, clock.System()) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// signIn becomes the persona with the address.
func (b *Browser) signIn(site, email string) {
	b.t.Helper()
	b.Visit(site + "/demo")
	b.Follow(func() { b.Click(`button[value="` + email + `"]`) })
	if path := b.Path(); path != "/" {
		b.t.Fatalf("signing in as %s ended at %s", email, path)
	}
}

// sqlite is a migrated database of the test's own.
func sqlite(t *testing.T) *db.DB {
	t.Helper()
	return dbtest.Open(t, dbtest.SQLite(t))
}
