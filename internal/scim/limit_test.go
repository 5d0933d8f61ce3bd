package scim_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/scim"
)

// A token has so many calls in a minute, whichever program it asks, and though one began anew.
func TestATokenHasItsCallsInAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const most = 60 // a block of fifty, and ten
		program := func() http.Handler {
			return scim.New(scim.Config{DB: d, Clock: func() clock.Instant { return w.at }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Most: most}).Handler(nil)
		}
		call := func(h http.Handler, token string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, scim.Prefix+"/ServiceProviderConfig", &bytes.Buffer{})
			r.Header.Set("Authorization", "Bearer "+token)
			a := httptest.NewRecorder()
			h.ServeHTTP(a, r)
			return a
		}
		first, second := program(), program()
		passed := 0
		for range 50 {
			if call(first, w.falun).Code == http.StatusOK {
				passed++
			}
		}
		for range 10 {
			if call(second, w.falun).Code == http.StatusOK {
				passed++
			}
		}
		if passed != most {
			t.Errorf("%d calls pass, want %d", passed, most)
		}
		w.at += 1e6
		for name, h := range map[string]http.Handler{"the first": first, "the second": second, "a new one": program()} {
			if a := call(h, w.falun); a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") != "59" {
				t.Errorf("%s answers one more with %d, Retry-After %q: %s", name, a.Code, a.Header().Get("Retry-After"), a.Body)
			}
		}
		if a := call(first, w.borlange); a.Code != http.StatusOK {
			t.Errorf("another's token is refused: %d", a.Code)
		}
		w.at += 59e6
		if a := call(first, w.falun); a.Code != http.StatusOK {
			t.Errorf("a minute later: %d %s", a.Code, a.Body)
		}
	})
}

// What the personnel system reads is written: about one person an entry, about many one for all.
func TestWhatIsReadByAPersonnelSystemIsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var ids []string
		for n := range 3 {
			ids = append(ids, w.send("POST", "/Users", fmt.Sprintf(`{"userName":"p%d@falun.example","externalId":"x%d","name":{"givenName":"Per","familyName":"Ek"}}`, n, n)).want(t, 201).at("id"))
		}
		read := func() []string {
			t.Helper()
			all, err := db.Rows(ctx, d.Reader(), db.One[string], `
				SELECT subject_id || ' ' || COALESCE(municipality_id, 0) || ' ' || CASE WHEN token_id IS NULL THEN 'nobody' ELSE 'token' END || ' ' || kind || ' ' || page
				FROM audit_entry WHERE act = 'read' ORDER BY id`)
			must(t, err)
			return all
		}
		if got := read(); len(got) != 0 {
			t.Errorf("making people reads them: %q", got)
		}
		w.send("GET", "/Users/"+ids[1], "").want(t, 200)
		w.send("GET", "/Users?filter=externalId%20eq%20%22x2%22", "").want(t, 200)
		w.send("GET", "/Users?filter=externalId%20eq%20%22nobody%22", "").want(t, 200)
		w.send("GET", "/Users", "").want(t, 200)
		w.send("GET", "/Users/999999", "").want(t, 404)
		w.send("GET", "/Schemas", "").want(t, 200)
		of := fmt.Sprint(falun)
		want := []string{
			ids[1] + " " + of + " token person GET /scim/v2/Users/{id}", ids[2] + " " + of + " token person GET /scim/v2/Users",
			"0 " + of + " token person GET /scim/v2/Users",
		}
		if diff := cmp.Diff(want, read()); diff != "" {
			t.Error(diff)
		}
	})
}
