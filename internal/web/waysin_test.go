package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/web"
)

// post is where the site's letters arrive.
func (s *site) post(t *testing.T) *mailtest.Server {
	t.Helper()
	server := mailtest.Open(t)
	sender, err := mail.Open(server.Address(), "no-reply@example.org", clock.Fixed(demoNow))
	if err != nil {
		t.Fatal(err)
	}
	q, err := jobs.Open(t.Context(), s.db, s.server.Log)
	if err != nil {
		t.Fatal(err)
	}
	identity.Handle(q, s.db, clock.Fixed(demoNow), sender, s.server.Site.Base)
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Stop(t.Context()) })
	return server
}

// inLetter are the link and the code of a letter.
func inLetter(t *testing.T, text string) (link, code string) {
	t.Helper()
	link = regexp.MustCompile(`/sign-in/link\?token=\S+`).FindString(text)
	code = regexp.MustCompile(`(?m)^\d{4} \d{4}$`).FindString(text)
	if link == "" || code == "" {
		t.Fatalf("no link or no code in %s", text)
	}
	return link, code
}

func TestAProgramThatOpensTheLinkDoesNotUseItAndTheCodeIsTypedElsewhere(t *testing.T) {
	s := newSite(t)
	post := s.post(t)
	me := s.nobody()
	me.post("/sign-in", url.Values{"email": {"medarbetare@example.org"}, "next": {"/my/page"}}).leads(t, "/sign-in/sent")
	me.get("/sign-in/sent").wants(t, http.StatusOK, `autocomplete="one-time-code"`, `inputmode="numeric"`)
	link, code := inLetter(t, post.Next(t).Text)

	scanner := s.nobody()
	scanner.do(httptest.NewRequest(http.MethodHead, link, nil)).wants(t, http.StatusOK)
	for range 2 {
		scanner.get(link).wants(t, http.StatusOK, "Logga in här", "Började du någon annanstans?", code)
		clear(scanner.cookies)
	}
	if n := s.id(`SELECT COUNT(*) FROM sign_in_link WHERE used_at IS NOT NULL`) + s.id(`SELECT COUNT(*) FROM session WHERE person_id IS NOT NULL`); n != 0 {
		t.Errorf("opening the link changed %d rows", n)
	}
	here := me.get(link)
	here.wants(t, http.StatusOK, "Tryck på knappen")
	here.lacks(t, code)

	scanner.post("/sign-in/sent", url.Values{"code": {code}}).says(t, http.StatusConflict, "Koden gäller inte här")
	me.post("/sign-in/sent", url.Values{"code": {"1"}}).says(t, http.StatusUnprocessableEntity, "Den har åtta siffror")
	me.post("/sign-in/sent", url.Values{"code": {" " + strings.ReplaceAll(code, " ", "")}}).leads(t, "/my/page")
	me.get("/my/page").wants(t, http.StatusOK)
	metric(t, s, `yrkesresan_sign_in_total{outcome="signed_in",step="code"} 1`, `yrkesresan_sign_in_total{outcome="failed",step="code"} 2`)
}

// What differs by chance from one answer to another.
var byChance = regexp.MustCompile(`refused=[\w-]+|Uppge \w+ om|page=[^"]*`)

func TestNothingTellsAnAddressThatSomebodyHasFromOneThatNobodyHas(t *testing.T) {
	s := newSite(t)
	left := s.text(`SELECT MIN(p.email) FROM person AS p WHERE p.email LIKE '%.%@%'`)
	s.change(`UPDATE employment SET to_day = '2026-06-30' WHERE to_day IS NULL AND person_id = (SELECT id FROM person WHERE email = $1)`, left)
	told := map[string][]string{}
	for who, email := range map[string]string{"known": "medarbetare@example.org", "unknown": "ingen.alls@example.org", "inactive": left} {
		v := s.nobody()
		note := func(a answer) {
			var cookies []string
			for _, c := range a.header.Values("Set-Cookie") {
				name, _, _ := strings.Cut(c, "=")
				cookies = append(cookies, name)
			}
			body := byChance.ReplaceAllString(strings.ReplaceAll(a.body, email, "ADDRESS"), "")
			told[who] = append(told[who], strings.Join([]string{http.StatusText(a.status), byChance.ReplaceAllString(a.location, ""), strings.Join(cookies, " "), a.header.Get("Content-Type"), body}, "\n"))
		}
		note(v.post("/sign-in", url.Values{"email": {email}}))
		note(v.post("/sign-in", url.Values{"email": {email}})) // while a letter is on its way
		note(v.get("/sign-in/sent"))
		for range 6 {
			note(v.post("/sign-in/sent", url.Values{"code": {"00000000"}}))
		}
	}
	for i, want := range told["unknown"] {
		for _, who := range []string{"known", "inactive"} {
			if told[who][i] != want {
				t.Errorf("answer %d to %s is\n%s\nand to an unknown one\n%s", i+1, who, told[who][i], want)
			}
		}
	}
	if last := told["known"][8]; !strings.HasPrefix(last, "Too Many Requests") {
		t.Errorf("the sixth wrong code gives %.200s", last)
	}
}

func TestAPhoneThatIsRememberedShowsOnesOwnAlone(t *testing.T) {
	s := newSite(t)
	at := time.Now()
	s.server.Sessions = identity.NewSessions(s.db, func() clock.Instant { return clock.At(at) }, false)
	s.server.Sessions.ErrorFunc = s.server.Fail
	s.handler = web.Handler(s.server)
	boss := s.personID("kommunadministrator@example.org")
	token, err := identity.MakeLink(t.Context(), s.db, demoNow, s.id(`SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`), "/")
	if err != nil {
		t.Fatal(err)
	}
	phone := s.nobody()
	phone.get("/sign-in/link?token="+token).wants(t, http.StatusOK, "Kom ihåg den här telefonen", "i 90 dagar")
	a := phone.post("/sign-in/link", url.Values{"token": {token}, "remember": {"on"}})
	a.leads(t, "/")
	if cookie := strings.Join(a.header.Values("Set-Cookie"), "\n"); !strings.Contains(cookie, "session=") || !regexp.MustCompile(`session=[^;]+;.*Max-Age=77\d{5}`).MatchString(cookie) {
		t.Errorf("the cookies are %s", cookie)
	}
	phone.get("/").wants(t, http.StatusOK, "Telefonen är ihågkommen", `href="/session/confirm?next=%2F"`)
	phone.get("/people").leads(t, "/session/confirm?next=%2Fpeople")
	phone.get("/session/confirm?next=%2Fpeople").wants(t, http.StatusOK, "ser du bara ditt eget")
	phone.get("/my/sessions").wants(t, http.StatusOK, "Ihågkommen till "+i18n.Swedish.Day(clock.At(at.Add(90*24*time.Hour)).Day()))
	at = at.Add(89 * 24 * time.Hour)
	phone.get("/").wants(t, http.StatusOK)

	token, err = identity.MakeLink(t.Context(), s.db, demoNow, s.id(`SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`), "/people")
	if err != nil {
		t.Fatal(err)
	}
	phone.post("/sign-in/link", url.Values{"token": {token}}).leads(t, "/people")
	phone.get("/people").wants(t, http.StatusOK)
	at = at.Add(2 * time.Hour)
	phone.get("/people").leads(t, "/session/confirm?next=%2Fpeople")

	s.as("regional@example.org").post("/people/"+boss+"/sessions/end", nil).leads(t, "/people/"+boss)
	phone.get("/my/journey").leads(t, "/sign-in?next=%2Fmy%2Fjourney")
}

func TestWhatChangesRightsNeedsAFreshSignInAndGoesOnWithWhatWasTyped(t *testing.T) {
	s := newSite(t)
	at := time.Now()
	s.server.Sessions = identity.NewSessions(s.db, func() clock.Instant { return clock.At(at) }, false)
	s.server.Sessions.ErrorFunc = s.server.Fail
	s.handler = web.Handler(s.server)
	v := s.as("regional@example.org")
	form := url.Values{"name": {"Personalsystemet"}, "organisation": {s.text(`SELECT CAST(id AS TEXT) FROM organisation WHERE kind = 'region' AND slug = 'dalarna'`)}}
	at = at.Add(2*time.Hour - time.Second)
	v.post("/tokens", url.Values{}).says(t, http.StatusUnprocessableEntity, "Namn")
	at = at.Add(time.Second)
	a := v.post("/tokens", form)
	waiting, found := strings.CutPrefix(a.location, "/session/confirm?next=")
	if a.status != http.StatusSeeOther || !found {
		t.Fatalf("status %d, %s", a.status, a.location)
	}
	if n := s.id(`SELECT COUNT(*) FROM api_token WHERE name = 'Personalsystemet'`); n != 0 {
		t.Error("it was done all the same")
	}
	next, err := url.QueryUnescape(waiting)
	if err != nil {
		t.Fatal(err)
	}
	v.get("/session/confirm?next="+waiting).wants(t, http.StatusOK, "Bekräfta att det är du", "Skicka ett mejl till mig")
	v.post("/session/confirm", url.Values{"next": {next}}).leads(t, "/sign-in/sent")
	v.get("/sign-in/sent").lacks(t, "Kom ihåg den här telefonen")
	token, err := identity.MakeLink(t.Context(), s.db, demoNow, s.id(`SELECT id FROM person WHERE email = 'regional@example.org'`), next)
	if err != nil {
		t.Fatal(err)
	}
	v.post("/sign-in/link", url.Values{"token": {token}}).wants(t, http.StatusOK, "Du är inloggad på nytt", `value="Personalsystemet"`)
	v.post("/tokens", form).wants(t, http.StatusOK, "Nyckeln är skapad")
}

func TestAnAdministratorFindsOutWhySheCannotGetInAndSolvesIt(t *testing.T) {
	s := newSite(t)
	post := s.post(t)
	boss, other := s.as("kommunadministrator@example.org"), s.as("regional@example.org")
	boss.get("/").wants(t, http.StatusOK, `href="/sign-ins"`)
	her := s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS m ON m.id = e.municipality_id JOIN person AS p ON p.id = e.person_id
		WHERE m.slug = 'borlange' AND e.to_day IS NULL AND p.email LIKE '%.%@%' AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id)`)
	email := s.text(`SELECT email FROM person WHERE id = $1`, her)
	page := path("/people/%d/sign-in", her)

	t.Run("a wrong code", func(t *testing.T) {
		phone := s.nobody()
		phone.post("/sign-in", url.Values{"email": {email}})
		post.Next(t)
		for range 5 {
			phone.post("/sign-in/sent", url.Values{"code": {"0000 0000"}})
		}
		a := phone.post("/sign-in/sent", url.Values{"code": {"0000 0000"}})
		a.wants(t, http.StatusTooManyRequests, "Öppna länken i mejlet i stället")
		reference := regexp.MustCompile(`Uppge (\w{6}) om`).FindStringSubmatch(a.body)
		if reference == nil {
			t.Fatal("she is shown no reference")
		}
		boss.get("/sign-ins?q="+reference[1]).leads(t, page)
		boss.get("/sign-ins?q="+url.QueryEscape(email)).wants(t, http.StatusOK, page)
		boss.get(page).wants(t, http.StatusOK, "Inget är i vägen", "Fel kod skrevs.", "Fel kod skrevs för många gånger.", reference[1], "Bad om ett mejl")
		boss.post(page+"/letter", nil).leads(t, page)
		link, _ := inLetter(t, post.Next(t).Text)
		phone.get(link).wants(t, http.StatusOK, "Tryck på knappen")
		phone.post("/sign-in/link", url.Values{"token": {strings.TrimPrefix(link, "/sign-in/link?token=")}}).leads(t, "/")
	})
	t.Run("a misspelt address", func(t *testing.T) {
		s.nobody().post("/sign-in", url.Values{"email": {"fel.stavad@example.org"}})
		s.await(t, `SELECT COUNT(*) FROM sign_in_trouble WHERE cause = 'unknown_person'`)
		boss.get("/sign-ins?q=Fel.Stavad@example.org").wants(t, http.StatusOK, "Ingen har den adressen", "Kontrollera stavningen")
		boss.get("/sign-ins?q=ingen.alls@example.org").wants(t, http.StatusOK, "Ingen hittades")
	})
	t.Run("no address at all", func(t *testing.T) {
		s.change(`UPDATE person SET email = NULL WHERE id = $1`, her)
		boss.get(page).wants(t, http.StatusOK, "Personen har ingen e-postadress", "Gör en kod på papper")
		a := boss.post(page+"/paper", nil)
		a.wants(t, http.StatusOK, "Kod på papper", "yrkesresan.example.org/sign-in/paper")
		code := regexp.MustCompile(`\w{4}-\w{4}-\w{4}`).FindString(a.body)
		desk := s.nobody()
		desk.get("/sign-in").wants(t, http.StatusOK, `href="/sign-in/paper"`)
		desk.post("/sign-in/paper", url.Values{"code": {"BBBB-BBBB-BBBB"}}).says(t, http.StatusUnprocessableEntity, "Be om en ny")
		desk.post("/sign-in/paper", url.Values{"code": {strings.ToLower(code)}}).leads(t, "/")
		desk.get("/my/page").wants(t, http.StatusOK)
	})
	t.Run("somebody who has left", func(t *testing.T) {
		s.change(`UPDATE employment SET to_day = '2026-10-31' WHERE person_id = $1 AND to_day IS NULL`, her)
		boss.get(page).wants(t, http.StatusOK, "inte anställd någonstans just nu", "Lägg in en anställning")
	})
	t.Run("who looks after others sees nothing", func(t *testing.T) {
		theirs := path("/people/%d/sign-in", s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS m ON m.id = e.municipality_id WHERE m.slug = 'falun' AND e.to_day IS NULL`))
		boss.get(theirs).wants(t, http.StatusNotFound)
		other.get(theirs).wants(t, http.StatusOK, "Senaste försöken")
		s.as("chef@example.org").get(page).wants(t, http.StatusForbidden)
	})
}

// await waits until the query counts something that a job does.
func (s *site) await(t *testing.T, query string) {
	t.Helper()
	for range 200 {
		if s.id(query) > 0 {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("nothing is counted by %s", query)
}
