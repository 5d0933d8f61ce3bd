package web_test

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/crewjam/saml/testsaml"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/vault"
)

const (
	workAdmin  = "kommunadministrator@example.org" // Borlänge's
	workDomain = "borlange.example.org"
	workMail   = "urn:oid:0.9.2342.19200300.100.1.3"
)

// work is a municipality whose administrator has set up a SAML provider on the pages.
type work struct {
	*site
	provider federationtest.Provider
	anna     int64
}

func newWork(t *testing.T) work {
	t.Helper()
	w := work{site: newSite(t)}
	federationtest.LendOurKey(t, w.db)
	w.provider = federationtest.Provider{
		EntityID: "https://idp.example.org", SSO: "https://idp.example.org/sso", Keys: []federationtest.Key{federationtest.NewKey(t, demoNow.Time())},
		Ends: []federationtest.End{{Binding: federationtest.Redirect, Location: "https://idp.example.org/slo"}},
	}
	admin := w.as(workAdmin)
	a := admin.bring("/municipalities/borlange/sign-in", part{name: "kind", content: "saml"}, part{name: "domains", content: "@Borlange.example.org\r\n\r\n"},
		part{name: "vouches", content: "on"}, part{name: "metadata", file: "metadata.xml", content: w.provider.Metadata()})
	if a.status != http.StatusSeeOther || a.location != "/municipalities/borlange/sign-in" {
		t.Fatalf("saving: %d %s", a.status, a.body)
	}
	if a := admin.post("/municipalities/borlange/sign-in/opening", nil); a.status != http.StatusSeeOther {
		t.Fatalf("opening: %d", a.status)
	}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		w.anna, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Anna", FamilyName: "Ek", Email: "anna@" + workDomain}, 2081, clock.Date(2024, 1, 1), "", demoNow)
		return err
	})
	return w
}

// ask begins at the address and is the state and the question that the provider gets.
func (w work) ask(v *visitor, path string) (state, request string) {
	w.t.Helper()
	a := v.get(path)
	at, err := url.Parse(a.location)
	if err != nil || a.status != http.StatusSeeOther || at.Host != "idp.example.org" {
		w.t.Fatalf("%s leads to %d %s", path, a.status, a.location)
	}
	question, err := testsaml.ParseRedirectRequest(at)
	if err != nil {
		w.t.Fatal(err)
	}
	var named struct {
		ID string `xml:"ID,attr"`
	}
	if err := xml.Unmarshal(question, &named); err != nil {
		w.t.Fatal(err)
	}
	return at.Query().Get("RelayState"), named.ID
}

// answer sends the provider's form as a browser does from its page: from another site,
// and without any cookie of ours.
func (w work) answer(state, form string) answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, address.SAMLAnswer, strings.NewReader(url.Values{"SAMLResponse": {form}, "RelayState": {state}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://idp.example.org")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return w.nobody().do(r)
}

func (w work) says(request, email string) federationtest.Answer {
	base := w.server.Site.Base
	return federationtest.Answer{
		Request: request, Service: base + address.SAMLMetadata, Recipient: base + address.SAMLAnswer, Subject: "S-" + email,
		Attributes: map[string]string{workMail: email}, At: demoNow.Time(),
	}
}

func TestSomebodySignsInWithTheirWorkAccount(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	if a := v.get("/sign-in?next=/my/page"); !strings.Contains(a.body, `href="/sign-in/work?next=%2Fmy%2Fpage"`) {
		t.Errorf("the sign-in page does not offer it: %s", a.body)
	}
	a := v.post("/sign-in/work", url.Values{"email": {"whoever@BORLANGE.example.org"}, "next": {"/my/page"}})
	if a.location != "/sign-in/work?at=borlange&next=%2Fmy%2Fpage" {
		t.Fatalf("the address leads to %d %s", a.status, a.location)
	}
	if a := v.get(a.location); !strings.Contains(a.body, `href="/sign-in/work/borlange?next=%2Fmy%2Fpage"`) {
		t.Errorf("it is not led to Borlänge: %s", a.body)
	}
	if a := v.post("/sign-in/work", url.Values{"municipality": {"borlange"}}); a.location != "/sign-in/work?at=borlange" {
		t.Errorf("the choice leads to %d %s", a.status, a.location)
	}
	if a := v.post("/sign-in/work", url.Values{"email": {"x@example.org"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "x@example.org") {
		t.Errorf("another domain: %d", a.status)
	}

	state, request := w.ask(v, "/sign-in/work/borlange?next=/my/page")
	a = w.answer(state, w.provider.Form(t, w.says(request, "anna@"+workDomain)))
	if a.status != http.StatusSeeOther || a.location != "/sign-in/done?state="+state || len(a.header.Values("Set-Cookie")) != 0 {
		t.Fatalf("the answer: %d %s %v", a.status, a.location, a.header.Values("Set-Cookie"))
	}
	// Whoever else has the address of the end is nobody: an answer got elsewhere signs in
	// nobody as somebody else.
	stranger := w.nobody()
	if got := stranger.get(a.location); got.status != http.StatusForbidden || stranger.get("/my/page").status != http.StatusSeeOther {
		t.Errorf("a stranger's browser: %d", got.status)
	}
	if a = v.get(a.location); a.status != http.StatusSeeOther || a.location != "/my/page" {
		t.Fatalf("the end: %d %s %s", a.status, a.location, a.body)
	}
	if a := v.get("/my/page"); a.status != http.StatusOK || !strings.Contains(a.body, "anna@"+workDomain) {
		t.Errorf("anna's page: %d", a.status)
	}
	if a := v.get("/sign-in/done?state=" + state); a.status != http.StatusForbidden {
		t.Errorf("the end again: %d", a.status)
	}

	// The browser remembers where, and offers it at once.
	v.post("/session/end", nil)
	if a := v.get("/sign-in?next=/my/page"); !strings.Contains(a.body, `href="/sign-in/work/borlange?next=%2Fmy%2Fpage"`) {
		t.Error("it is not remembered where")
	}
}

func TestEachTabComesBackToItsOwnPage(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	first, q1 := w.ask(v, "/sign-in/work/borlange?next=/my/page")
	second, q2 := w.ask(v, "/sign-in/work/borlange?next=/my/sessions")
	for _, tab := range []struct{ state, request, next string }{{second, q2, "/my/sessions"}, {first, q1, "/my/page"}} {
		a := w.answer(tab.state, w.provider.Form(t, w.says(tab.request, "anna@"+workDomain)))
		if a = v.get(a.location); a.location != tab.next {
			t.Errorf("the tab comes back to %d %s, want %s", a.status, a.location, tab.next)
		}
	}
}

// TestWhyNobodyCameInIsSaid holds what the person reads, what the municipality's
// administrator reads, and that nobody else's does.
func TestWhyNobodyCameInIsSaid(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	state, request := w.ask(v, "/sign-in/work/borlange?next=/my/page")
	answered := w.answer(state, w.provider.Form(t, w.says(request, "hemlig.person@"+workDomain)))
	a := v.get(answered.location)
	reference := w.text(`SELECT MAX(reference) FROM sign_in_trouble`)
	if a.status != http.StatusForbidden || !strings.Contains(a.body, "Vi hittar inget konto för dig") || !strings.Contains(a.body, reference) ||
		!strings.Contains(a.body, `href="/sign-in?next=%2Fmy%2Fpage"`) {
		t.Errorf("the person reads %d %s", a.status, a.body)
	}
	page := w.as(workAdmin).get("/municipalities/borlange/sign-in").body
	if !strings.Contains(page, reference) || !strings.Contains(page, workMail) || strings.Contains(page, "hemlig.person") {
		t.Errorf("the administrator reads %s", page)
	}
	// The same of somebody else's municipality: its administrator has no such page.
	if a := w.as("drift@example.org").get("/municipalities/falun/sign-in"); a.status != http.StatusOK || strings.Contains(a.body, reference) {
		t.Errorf("Falun's page: %d", a.status)
	}
	if a := w.as(workAdmin).get("/municipalities/falun/sign-in"); a.status != http.StatusNotFound {
		t.Errorf("the neighbour's page: %d", a.status)
	}
}

func TestTheAdministratorTriesTheSignIn(t *testing.T) {
	w := newWork(t)
	admin := w.as(workAdmin)
	state, request := w.ask(admin, "/municipalities/borlange/sign-in/trial")
	a := admin.get(w.answer(state, w.provider.Form(t, w.says(request, "anna@"+workDomain))).location)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/municipalities/borlange/sign-in?trial=") {
		t.Fatalf("trying ends at %d %s", a.status, a.location)
	}
	path, _, _ := strings.Cut(a.location, "#")
	if page := admin.get(path).body; !strings.Contains(page, "hittade en annan person") || !strings.Contains(page, workMail) || strings.Contains(page, "anna@") {
		t.Errorf("the administrator reads %s", page)
	}
	if a := admin.get("/my/page"); !strings.Contains(a.body, workAdmin) {
		t.Error("trying has made the administrator somebody else")
	}
}

func TestASecretIsNotShownAgain(t *testing.T) {
	w := newWork(t)
	admin := w.as(workAdmin)
	const secret = "the-client-secret-4711"
	// The issuer does not answer: https to nobody, so the form is shown again.
	a := admin.post("/municipalities/borlange/sign-in", url.Values{
		"kind": {"oidc"}, "issuer": {"https://127.0.0.1:1/"}, "client_id": {"yrkesresan"}, "client_secret": {secret}, "domains": {workDomain},
	})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "127.0.0.1:1") || strings.Contains(a.body, secret) {
		t.Errorf("the form that is shown again: %d %s", a.status, a.body)
	}
	kept, err := db.Rows(t.Context(), w.db.Reader(), func(r *[2]string) []any { return []any{&r[0], &r[1]} }, `SELECT LOWER(HEX(token_hash)), typed FROM kept_form`)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	typed, err := w.db.Keys.Open(vault.Place{Table: "kept_form", Column: "typed", Row: kept[0][0]}, kept[0][1])
	if err != nil || !strings.Contains(typed, "client_id=yrkesresan") || strings.Contains(typed, secret) {
		t.Errorf("kept with the refused form is %q, %v", typed, err)
	}
}

// TestNoOtherFormFromAnotherSiteIsTaken holds that what providers say is all that is read
// of forms from elsewhere.
func TestNoOtherFormFromAnotherSiteIsTaken(t *testing.T) {
	w := newWork(t)
	for path, want := range map[string]bool{
		address.SAMLAnswer: true, address.SAMLSignOut: true,
		address.SAMLAnswer + "/": false, address.SAMLSignOut + "/": false, address.OIDCSignOut + "/borlange": false, "/session/end": false, address.SAMLMetadata: false, address.WorkSignIn: false, address.WorkDone: false,
		"/sign-in": false, "/sign-in/link": false, "/municipalities/borlange/sign-in/closing": false,
	} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(""))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		a := w.as(workAdmin).do(r)
		if read := !strings.Contains(a.body, "Det här skickades inte från Yrkesresan"); a.status != http.StatusForbidden || read != want {
			t.Errorf("%s: %d, read: %v", path, a.status, read)
		}
	}
}
