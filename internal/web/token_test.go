package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestATokenIsShownOnceWorksAndIsRevoked(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	rounds := func(key string) int {
		r, err := http.NewRequest(http.MethodGet, "/api/v1/rounds?region=dalarna", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
		return s.nobody().do(r).status
	}
	refused := v.post("/tokens", url.Values{"name": {" "}})
	if refused.status != http.StatusUnprocessableEntity || strings.Contains(refused.body, "yrk_") {
		t.Errorf("without a name: status %d", refused.status)
	}
	made := v.post("/tokens", url.Values{"name": {"Personalsystemet"}})
	key := regexp.MustCompile(`yrk_[A-Za-z0-9_-]{43}`).FindString(made.body)
	if made.status != http.StatusOK || key == "" {
		t.Fatalf("status %d, and the page shows %q", made.status, key)
	}
	if got := rounds(key); got != http.StatusOK {
		t.Errorf("with the token: status %d", got)
	}
	planned := strconv.FormatInt(s.id(`SELECT MAX(id) FROM round WHERE region_id = 20 AND published_at IS NULL`), 10)
	publish := httptest.NewRequest(http.MethodPost, "/api/v1/rounds/"+planned+"/publication", nil)
	publish.Header.Set("Authorization", "Bearer "+key)
	if a := v.do(publish); a.status != http.StatusOK {
		t.Errorf("publishing with the token: status %d: %s", a.status, a.body)
	}
	v.get("/rounds/"+planned).says(t, http.StatusOK, "via API-nyckeln Personalsystemet")
	list := v.get("/tokens")
	if strings.Contains(list.body, key) || !strings.Contains(list.body, "Personalsystemet") {
		t.Error("the token is shown again, or is not in the list")
	}
	revocation := regexp.MustCompile(`/tokens/\d+/revocation`).FindString(list.body)
	if a := v.get(revocation); a.status != http.StatusOK || !strings.Contains(a.body, "Återkalla Personalsystemet?") {
		t.Errorf("asked first: status %d", a.status)
	}
	if a := v.post(revocation, nil); a.status != http.StatusSeeOther {
		t.Errorf("revoked: status %d", a.status)
	}
	if got := rounds(key); got != http.StatusUnauthorized {
		t.Errorf("with the revoked token: status %d", got)
	}
	if a := v.get(revocation); a.status != http.StatusNotFound {
		t.Errorf("asked about a revoked one: status %d", a.status)
	}
}

// A session is no way into the API: what other sites make a browser send does
// nothing there.
func TestASessionIsNoToken(t *testing.T) {
	s := newSite(t)
	v := s.as("regional@example.org")
	if a := v.get("/api/v1/rounds"); a.status != http.StatusUnauthorized {
		t.Errorf("status %d", a.status)
	}
	if a := v.get("/api/v1/docs"); a.status != http.StatusOK || !strings.Contains(a.body, "PUT /api/v1/days/{day}/attendance") {
		t.Errorf("the page about it: status %d", a.status)
	}
}

// Whatever a machine asks for below /api, it gets a problem that it can read,
// and no page.
func TestBelowTheAPIEveryRefusalIsAProblem(t *testing.T) {
	s := newSite(t)
	for _, each := range []struct{ method, path string }{
		{"GET", "/api"}, {"GET", "/api/"}, {"GET", "/api/v2/rounds"}, {"GET", "/api/v1/rounds"}, {"POST", "/api/v1/docs"}, {"PUT", "/api/v1/rounds"},
	} {
		r, err := http.NewRequest(each.method, each.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a := s.nobody().do(r); a.status < 400 || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s", each.method, each.path, a.status, a.header.Get("Content-Type"))
		}
	}
}
