package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

func TestAskingForALinkIsSentOnToAPageThatSendsNothing(t *testing.T) {
	s := newSite(t)
	v := s.nobody()
	v.post("/sign-in", url.Values{"email": {"Medarbetare@example.org"}, "next": {"/rounds"}}).leads(t, "/sign-in/sent")
	for range 2 { // and reloading does not ask again
		v.get("/sign-in/sent").wants(t, http.StatusOK, "Mejlet är på väg", "Om Medarbetare@example.org finns hos oss")
	}
	s.nobody().get("/sign-in/sent").wants(t, http.StatusOK, "Finns din adress hos oss")
	if n := s.id(`SELECT COUNT(*) FROM river_job WHERE kind = 'identity_link'`); n != 1 {
		t.Errorf("%d letters", n)
	}
	v.post("/sign-in", url.Values{"email": {"medarbetare@example.org"}}).leads(t, "/sign-in/sent") // as if it had been sent
	if n := s.id(`SELECT COUNT(*) FROM river_job WHERE kind = 'identity_link'`); n != 1 {
		t.Errorf("%d letters", n)
	}
	v.post("/sign-in", url.Values{"email": {"fel"}}).says(t, http.StatusUnprocessableEntity, "Skriv e-postadressen som", `value="fel"`)
	metric(t, s, `yrkesresan_sign_in_total{outcome="letter",step="request"} 1`, `yrkesresan_sign_in_total{outcome="paused",step="request"} 1`,
		`yrkesresan_sign_in_total{outcome="network_refused",step="request"} 0`)
}

// metric looks for lines of /metrics.
func metric(t *testing.T, s *site, lines ...string) {
	t.Helper()
	w := httptest.NewRecorder()
	web.Metrics(s.server).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range lines {
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), line+"\n") {
			t.Errorf("no %s in\n%s", line, w.Body)
		}
	}
}

func TestALinkThatFailsIsShownOnAPageOfItsOwn(t *testing.T) {
	s := newSite(t)
	person := s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`)
	link := func() url.Values {
		token, err := identity.MakeLink(t.Context(), s.db, demoNow, person, "/rounds")
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"token": {token}}
	}
	first, second := link(), link()
	me := s.nobody()
	me.get("/sign-in/link?"+first.Encode()).wants(t, http.StatusOK, "Tryck på knappen")
	me.post("/sign-in/link", first).leads(t, "/rounds")
	me.get("/rounds").wants(t, http.StatusOK)
	me.get("/sign-in/link?"+first.Encode()).wants(t, http.StatusConflict, "Du är redan inloggad här", "Till startsidan")
	for _, used := range []url.Values{first, second} {
		stranger := s.nobody()
		stranger.post("/sign-in/link", used).leads(t, "/sign-in/link?"+used.Encode())
		stranger.get("/sign-in/link?"+used.Encode()).wants(t, http.StatusConflict, "Länken gäller inte längre", "Skicka ett nytt mejl")
		stranger.get("/rounds").leads(t, "/sign-in?next=%2Frounds")
	}
	metric(t, s, `yrkesresan_sign_in_total{outcome="signed_in",step="link"} 1`, `yrkesresan_sign_in_total{outcome="failed",step="link"} 2`)
}

func TestSessionsAreListedAndEndedByTheirPersonAndByWhoHelpsThem(t *testing.T) {
	s := newSite(t)
	const address = "medarbetare@example.org"
	here, there, third := s.as(address), s.as(address), s.as(address)
	here.get("/").wants(t, http.StatusOK, `href="/my/sessions"`)
	here.get("/my/sessions").wants(t, http.StatusOK, "Okänd enhet", "Den här enheten", "Senast använd", "Logga ut överallt")
	keys := sessionKeys(t, s, address)
	if len(keys) != 3 {
		t.Fatalf("the sessions are %v", keys)
	}
	current := s.server.Sessions.Current
	keyOf := func(v *visitor) string {
		ctx, err := s.server.Sessions.Load(t.Context(), v.cookies["session"])
		if err != nil {
			t.Fatal(err)
		}
		return current(ctx)
	}

	here.post("/my/sessions/"+keyOf(there)+"/end", nil).leads(t, "/my/sessions")
	there.get("/my/sessions").leads(t, "/sign-in?next=%2Fmy%2Fsessions")
	there.get("/rounds").leads(t, "/sign-in?next=%2Frounds")
	here.get("/my/sessions").wants(t, http.StatusOK, "Inloggningen är avslutad.")
	here.post("/my/sessions/"+keyOf(here)+"/end", nil).leads(t, "/sign-in")
	here.get("/rounds").leads(t, "/sign-in?next=%2Frounds")
	third.get("/rounds").wants(t, http.StatusOK)

	fourth := s.as(address)
	fourth.post("/my/sessions/end", nil).leads(t, "/sign-in")
	fourth.get("/sign-in").wants(t, http.StatusOK, "Du är utloggad överallt.")
	for name, v := range map[string]*visitor{"this one": fourth, "the other": third} {
		if a := v.get("/rounds"); a.status != http.StatusSeeOther {
			t.Errorf("%s is still signed in: %d", name, a.status)
		}
	}

	person := "/people/" + s.personID(address)
	lost, operator := s.as(address), s.as("drift@example.org")
	operator.get(person).wants(t, http.StatusOK, "Inloggningar", "Okänd enhet", "Logga ut personen överallt")
	s.as("regional@example.org").get(person).wants(t, http.StatusOK, "Logga ut personen överallt")
	s.as("chef@example.org").get(person).lacks(t, "Logga ut personen överallt")
	operator.post(person+"/sessions/end", nil).leads(t, person)
	operator.get(person).wants(t, http.StatusOK, "är utloggad överallt.", "Personen är inte inloggad någonstans just nu.")
	lost.get("/rounds").leads(t, "/sign-in?next=%2Frounds")
}

func sessionKeys(t *testing.T, s *site, address string) []string {
	t.Helper()
	all, err := db.Rows(t.Context(), s.db.Reader(), db.One[string], `
		SELECT s.token_hash FROM session AS s JOIN person AS p ON p.id = s.person_id WHERE p.email = $1 AND s.ended_at IS NULL`, address)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// counted counts what is read of it.
type counted struct {
	left, read int
	begin      string
}

func (c *counted) Read(b []byte) (int, error) {
	if c.begin != "" {
		n := copy(b, c.begin)
		c.begin = c.begin[n:]
		return n, nil
	}
	n := min(len(b), c.left-c.read)
	c.read += n
	for i := range n {
		b[i] = 'x'
	}
	if n == 0 {
		return 0, errors.New("the end was reached")
	}
	return n, nil
}

func TestAStrangersBodyIsNotReadToItsEnd(t *testing.T) {
	s := newSite(t)
	const file = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSkrivet först\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
	for name, c := range map[string]struct {
		path, kind, begin string
		most              int
		status            int
		shows             string
	}{
		"a file":          {"/courses/bas-3/material", "multipart/form-data; boundary=x", file, visit.MaxForm + 64<<10, http.StatusForbidden, "Skrivet först"},
		"marks":           {"/days/1/marks", "application/json", `{"marks": [`, 0, http.StatusUnauthorized, "Du är utloggad"},
		"a form too long": {"/rounds", "application/x-www-form-urlencoded", "title=", visit.MaxForm + 64<<10, http.StatusUnprocessableEntity, "för stort"},
		"what is no form": {"/rounds", "application/octet-stream", "", 0, http.StatusSeeOther, ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := &counted{left: 40 << 20, begin: c.begin}
			r := httptest.NewRequest(http.MethodPost, c.path, body)
			r.Header.Set("Content-Type", c.kind)
			a := s.nobody().do(r)
			a.wants(t, c.status, c.shows)
			if body.read > c.most {
				t.Errorf("%d bytes were read", body.read)
			}
		})
	}
}

func TestMetricsAreNotOnThePagesAddress(t *testing.T) {
	s := newSite(t)
	s.as("drift@example.org").get("/metrics").wants(t, http.StatusNotFound, "Sidan finns inte")
	metric(t, s, `yrkesresan_sign_in_total{outcome="letter",step="request"} 0`)
}

func TestReadyIsFoundOutOnceInAWhile(t *testing.T) {
	s := newSite(t)
	asked, failing := 0, error(nil)
	s.server.Ready = func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("it may take for ever")
		}
		asked++
		return failing
	}
	now := demoNow
	s.server.Clock = func() clock.Instant { return now }
	for i, c := range []struct {
		at     clock.Instant
		full   bool
		status int
		asked  int
	}{
		{demoNow, false, http.StatusOK, 1},
		{demoNow.Add(5e9 - 1e3), true, http.StatusOK, 1},
		{demoNow.Add(5e9), true, http.StatusServiceUnavailable, 2},
		{demoNow.Add(6e9), false, http.StatusServiceUnavailable, 2},
		{demoNow.Add(10e9), false, http.StatusOK, 3},
	} {
		now, failing = c.at, nil
		if c.full {
			failing = errors.New("disk full")
		}
		if a := s.nobody().get("/readyz"); a.status != c.status || asked != c.asked {
			t.Errorf("%d: status %d, asked %d times", i, a.status, asked)
		}
	}
}

func TestAddressesToScanAreThoseThatWereConfigured(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequest(http.MethodGet, path("/days/%d/code.svg", s.today()), nil)
	r.Host = "evil.example"
	s.as(teacher).do(r).wants(t, http.StatusOK, "<title>https://yrkesresan.example.org/check-in/")
	for _, each := range []string{path("/days/%d/screen", s.today()), "/api/v1/docs", "/certificates/" + s.text(`SELECT MIN(code) FROM certificate`)} {
		r := httptest.NewRequest(http.MethodGet, each, nil)
		r.Host = "evil.example"
		a := s.as(teacher).do(r)
		a.wants(t, http.StatusOK, "yrkesresan.example.org")
		a.lacks(t, "evil.example")
	}
}
