package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Who looks after protected people reads on their start page that a wish waits, not whose;
// when they have opened the record it is among the wishes, and only there.
func TestAGuardIsToldThatAWishWaits(t *testing.T) {
	s := newSite(t)
	_, alias, _ := s.protectee()
	v := s.as("kommunadministrator@example.org")
	v.get("/").wants(t, http.StatusOK, "Det gäller en person med skyddade personuppgifter", `href="/municipalities/borlange/protected"`)
	if body := v.get("/").body; strings.Contains(body, alias) || strings.Contains(body, protectedName) {
		t.Error("the start page tells whose wish it is")
	}
	for _, other := range []string{"chef@example.org", "regional@example.org"} {
		if strings.Contains(s.as(other).get("/").body, "skyddade personuppgifter") {
			t.Errorf("%s reads that a wish waits", other)
		}
	}
	v.post("/municipalities/borlange/protected/looks", url.Values{"reason": {"Svar om kurs"}}).leads(t, "/municipalities/borlange/protected")
	if strings.Contains(v.get("/").body, "Det gäller en person med skyddade") {
		t.Error("an opened one still waits to be opened")
	}
	v.get("/my/requests").wants(t, http.StatusOK, alias)
}
