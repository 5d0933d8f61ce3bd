package identity_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
)

// counting counts what a store is asked.
type counting struct {
	scs.CtxStore
	finds, writes atomic.Int32
}

func (c *counting) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	c.finds.Add(1)
	return c.CtxStore.FindCtx(ctx, token)
}

func (c *counting) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	c.writes.Add(1)
	return c.CtxStore.CommitCtx(ctx, token, b, expiry)
}

func (c *counting) DeleteCtx(ctx context.Context, token string) error {
	c.writes.Add(1)
	return c.CtxStore.DeleteCtx(ctx, token)
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		at := now
		person := add(t, d, "Åsa", "asa@example.org", falun)
		asa := fmt.Sprint(person)
		sessions := identity.NewSessions(d, func() clock.Instant { return at }, false)
		store := &counting{CtxStore: sessions.Store.(scs.CtxStore)}
		sessions.Store = store
		pages := http.NewServeMux()
		pages.HandleFunc("POST /in", func(_ http.ResponseWriter, r *http.Request) { must(t, sessions.SignIn(r.Context(), person, "")) })
		pages.HandleFunc("POST /out", func(_ http.ResponseWriter, r *http.Request) { must(t, sessions.SignOut(r.Context())) })
		pages.HandleFunc("POST /note", func(_ http.ResponseWriter, r *http.Request) { sessions.Put(r.Context(), "note", "Sparat på ön") })
		pages.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, sessions.PopString(r.Context(), "note"))
		})
		pages.HandleFunc("POST /share", func(_ http.ResponseWriter, r *http.Request) {
			if sessions.PersonID(r.Context()) != 0 {
				sessions.Share(r.Context(), 5*time.Minute)
			}
		})
		pages.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, sessions.PersonID(r.Context())) })
		server := httptest.NewServer(sessions.LoadAndSave(pages))
		t.Cleanup(server.Close)
		jar, err := cookiejar.New(nil)
		must(t, err)
		client := &http.Client{Jar: jar}
		home, err := url.Parse(server.URL)
		must(t, err)
		cookie := func() string {
			for _, c := range jar.Cookies(home) {
				return c.Name + "=" + c.Value
			}
			return ""
		}
		ask := func(method, path string) string {
			t.Helper()
			request, err := http.NewRequestWithContext(ctx, method, server.URL+path, nil)
			must(t, err)
			answer, err := client.Do(request)
			must(t, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			must(t, err)
			return string(body)
		}

		if got := ask("GET", "/"); got != "0" || store.finds.Load()+store.writes.Load() != 0 || cookie() != "" {
			t.Errorf("a stranger is %s, costs %d reads and %d writes, and gets the cookie %q", got, store.finds.Load(), store.writes.Load(), cookie())
		}
		ask("POST", "/note")
		before := cookie()
		ask("POST", "/in")
		after := cookie()
		if before == "" || before == after {
			t.Errorf("the cookie before signing in is %q, after it %q", before, after)
		}
		if got := ask("GET", "/note"); got != "" {
			t.Errorf("the signed in session took over %q", got)
		}
		finds, writes := store.finds.Load(), store.writes.Load()
		if got := ask("GET", "/"); got != asa {
			t.Errorf("signed in as %s", got)
		}
		if f, w := store.finds.Load()-finds, store.writes.Load()-writes; f != 1 || w != 0 {
			t.Errorf("a page costs %d reads and %d writes, want 1 and 0", f, w)
		}
		_, secret, _ := strings.Cut(after, "=")
		if rows := dump(t, d, "session"); strings.Contains(rows, secret) || !strings.Contains(rows, `"person":"`+asa+`"`) {
			t.Errorf("the session is kept as %s", rows)
		}
		ask("POST", "/note")
		if got := ask("GET", "/note"); got != "Sparat på ön" {
			t.Errorf("the note is %q", got)
		}

		at = now.Add(12*time.Hour - time.Second)
		if got := ask("GET", "/"); got != asa {
			t.Errorf("a second before its end the session is %s's", got)
		}
		at = now.Add(12 * time.Hour)
		if got := ask("GET", "/"); got != "0" {
			t.Errorf("at its end the session is %s's", got)
		}
		must(t, identity.Sweep(ctx, d, at))
		if rows := dump(t, d, "session"); strings.Contains(rows, "person") {
			t.Errorf("the sweep left %s", rows)
		}

		// On a device that people share it ends five minutes after the last touch.
		ask("POST", "/in")
		for range 3 {
			ask("POST", "/share")
			at = at.Add(5*time.Minute - time.Second)
		}
		if got := ask("GET", "/"); got != asa {
			t.Errorf("a second before five minutes the shared session is %s's", got)
		}
		if at = at.Add(time.Second); ask("GET", "/") != "0" {
			t.Error("after five minutes without a touch somebody is signed in still")
		}

		ask("POST", "/in")
		stolen := cookie()
		ask("POST", "/out")
		if got := ask("GET", "/"); got != "0" || cookie() != "" {
			t.Errorf("signed out as %s with the cookie %q", got, cookie())
		}
		name, value, _ := strings.Cut(stolen, "=")
		jar.SetCookies(home, []*http.Cookie{{Name: name, Value: value}})
		if got := ask("GET", "/"); got != "0" {
			t.Errorf("the cookie of an ended session is still %s's", got)
		}
	})
}

func TestTheCookieIsHeldToItsHost(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	must(t, organisation.Install(ctx, d))
	person := add(t, d, "Åsa", "asa@example.org", falun)
	for secure, want := range map[bool]string{
		true:  "__Host-session=; Path=/; HttpOnly; Secure; SameSite=Lax",
		false: "session=; Path=/; HttpOnly; SameSite=Lax",
	} {
		sessions := identity.NewSessions(d, clock.Fixed(now), secure)
		w := httptest.NewRecorder()
		sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			must(t, sessions.SignIn(r.Context(), person, ""))
		})).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
		cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
		must(t, err)
		cookie.Value = ""
		if got := cookie.String(); got != want {
			t.Errorf("secure %t: the cookie is %q, want %q", secure, got, want)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	must(b, organisation.Install(ctx, d))
	person := add(b, d, "Åsa", "asa@example.org", falun)
	sessions := identity.NewSessions(d, clock.Fixed(now), false)
	page := sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			must(b, sessions.SignIn(r.Context(), person, ""))
		} else if sessions.PersonID(r.Context()) != person {
			b.Fatal("not signed in")
		}
	}))
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
	must(b, err)
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(cookie)
	b.ReportAllocs()
	for b.Loop() {
		page.ServeHTTP(httptest.NewRecorder(), r)
	}
}
