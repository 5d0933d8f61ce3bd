package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/vault"
)

// comeIn signs the visitor in at Borlänge's provider.
func (w work) comeIn(v *visitor) {
	w.t.Helper()
	state, request := w.ask(v, "/sign-in/work/borlange")
	if a := v.get(w.answer(state, w.provider.Form(w.t, w.says(request, "anna@"+workDomain))).location); a.location != "/" {
		w.t.Fatalf("signing in leads to %d %s %s", a.status, a.location, a.body)
	}
}

// bring brings a provider's form as a browser does from its page: from another site, and
// without any cookie of ours.
func (w work) bring(path string, fields url.Values) answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://idp.example.org")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return w.nobody().do(r)
}

func (w work) asksOut(id string) string {
	return w.provider.Logout(federationtest.Logout{ID: id, Destination: w.server.Site.Base + address.SAMLSignOut, At: demoNow.Time(), Name: "S-anna@" + workDomain})
}

func TestWhoCameFromWorkIsToldThatTheyAreStillSignedInThere(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	w.comeIn(v)
	a := v.post("/session/end", nil)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/sign-out/done?state=") {
		t.Fatalf("signing out leads to %d %s", a.status, a.location)
	}
	v.get("/my/page").leads(t, "/sign-in?next=%2Fmy%2Fpage")
	page := v.get(a.location)
	ask := strings.Replace(a.location, "/done", "/work", 1)
	page.wants(t, http.StatusOK, "Du är utloggad här", "Du är kvar inloggad hos Borlänge", `href="`+ask+`"`, "Logga in igen")
	way := v.get(ask)
	if way.status != http.StatusSeeOther || !strings.HasPrefix(way.location, "https://idp.example.org/slo?SAMLRequest=") || !federationtest.SignedBy(federationtest.OurKey(t), way.location) {
		t.Fatalf("the button leads to %d %s", way.status, way.location)
	}
	_, question, _ := strings.Cut(federationtest.Unpacked(t, way.location, "SAMLRequest"), ` ID="`)
	question, _, _ = strings.Cut(question, `"`)
	_, token, _ := strings.Cut(a.location, "state=")
	text := w.provider.Logout(federationtest.Logout{ID: "r-1", Answers: question, Destination: w.server.Site.Base + address.SAMLSignOut, At: demoNow.Time()})
	v.get(address.SAMLSignOut+"?"+w.provider.Query(t, "SAMLResponse", text, token)).leads(t, a.location)
	page = v.get(a.location)
	page.wants(t, http.StatusOK, "Du är utloggad hos Borlänge också")
	page.lacks(t, ask)

	// The answer may come as a form, too, without any cookie.
	w.comeIn(v)
	a = v.post("/session/end", nil)
	_, token, _ = strings.Cut(a.location, "state=")
	_, question, _ = strings.Cut(federationtest.Unpacked(t, v.get("/sign-out/work?state="+token).location, "SAMLRequest"), ` ID="`)
	question, _, _ = strings.Cut(question, `"`)
	text = w.provider.Logout(federationtest.Logout{ID: "r-2", Answers: question, Destination: w.server.Site.Base + address.SAMLSignOut, At: demoNow.Time(), Status: "Responder"})
	w.bring(address.SAMLSignOut, url.Values{"SAMLResponse": {federationtest.Encode(w.provider.Sign(t, text))}, "RelayState": {token}}).leads(t, a.location)
	v.get(a.location).wants(t, http.StatusOK, "Du kan vara kvar inloggad hos Borlänge", "gick inte som den skulle")

	// Out everywhere is out there, too.
	w.comeIn(v)
	if a := v.post("/my/sessions/end", nil); !strings.HasPrefix(a.location, "/sign-out/done?state=") {
		t.Errorf("out everywhere leads to %d %s", a.status, a.location)
	}
	// Who came by a letter is out, and reads of nothing else.
	w.as(employee).post("/session/end", nil).leads(t, "/sign-in")
	v.get("/sign-out/done?state=x").leads(t, "/sign-in")
	v.get("/sign-out/work?state=x").leads(t, "/sign-out/done?state=x")
}

func TestAProviderSignsSomebodyOutWithoutACookie(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	w.comeIn(v)
	unsigned := w.bring(address.SAMLSignOut, url.Values{"SAMLRequest": {federationtest.Encode(w.asksOut("q-1"))}, "RelayState": {"r"}})
	unsigned.wants(t, http.StatusForbidden, "Utloggningen gick inte", "Ingen har loggats ut")
	if a := v.get("/my/page"); a.status != http.StatusOK {
		t.Fatalf("what is not signed signs her out: %d", a.status)
	}
	a := w.bring(address.SAMLSignOut, url.Values{"SAMLRequest": {federationtest.Encode(w.provider.Sign(t, w.asksOut("q-2")))}, "RelayState": {"r"}})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "https://idp.example.org/slo?SAMLResponse=") || len(a.header.Values("Set-Cookie")) != 0 {
		t.Fatalf("the request: %d %s %v", a.status, a.location, a.header.Values("Set-Cookie"))
	}
	v.get("/my/page").leads(t, "/sign-in?next=%2Fmy%2Fpage")

	w.comeIn(v)
	if a := w.nobody().get(address.SAMLSignOut + "?" + w.provider.Query(t, "SAMLRequest", w.asksOut("q-3"), "r")); !strings.HasPrefix(a.location, "https://idp.example.org/slo?SAMLResponse=") {
		t.Errorf("in an address: %d %s", a.status, a.location)
	}
	v.get("/my/page").leads(t, "/sign-in?next=%2Fmy%2Fpage")
	page := w.as(workAdmin).get("/municipalities/borlange/sign-in").body
	if !strings.Contains(page, "Vid utloggning: Svaret var inte signerat") || !strings.Contains(page, w.server.Site.Base+address.SAMLSignOut) {
		t.Errorf("the administrator reads %s", page)
	}
}

// TestAFormToAProviderLeavesFromOnePageAlone holds that no other page of ours may send
// forms to other sites.
func TestAFormToAProviderLeavesFromOnePageAlone(t *testing.T) {
	w := newWork(t)
	w.provider.Ends = []federationtest.End{{Binding: federationtest.Post, Location: "https://idp.example.org/slo"}}
	if a := w.as(workAdmin).bring("/municipalities/borlange/sign-in", part{name: "kind", content: "saml"}, part{name: "domains", content: workDomain},
		part{name: "vouches", content: "on"}, part{name: "metadata", file: "metadata.xml", content: w.provider.Metadata()}); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	v := w.nobody()
	w.comeIn(v)
	a := v.post("/session/end", nil)
	told := v.get(a.location)
	told.wants(t, http.StatusOK, "Logga ut hos Borlänge också")
	page := v.get(strings.Replace(a.location, "/done", "/work", 1))
	page.wants(t, http.StatusOK, `action="https://idp.example.org/slo"`, `name="SAMLRequest"`, `name="RelayState"`, "Logga ut från jobbkontot")
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https: https://idp.example.org;") {
		t.Errorf("its policy is %s", policy)
	}
	if policy := told.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self';") {
		t.Errorf("the page before has %s", policy)
	}
}

// TestOnATabletThatPeopleShareOneIsSignedOutAtWorkToo holds what keeps the next person from
// coming in as the one before.
func TestOnATabletThatPeopleShareOneIsSignedOutAtWorkToo(t *testing.T) {
	w := newWork(t)
	v := w.as("chef@example.org")
	unit := w.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`)
	v.post("/tablets", url.Values{"unit": {fmt.Sprint(unit)}, "name": {"Köket"}}).leads(t, "/tablet")
	at := v.get("/sign-in/work/borlange").location
	if question := federationtest.Unpacked(t, at, "SAMLRequest"); !strings.Contains(question, `ForceAuthn="true"`) {
		t.Errorf("on a tablet the provider is not told to ask anew: %s", question)
	}
	if question := federationtest.Unpacked(t, w.nobody().get("/sign-in/work/borlange").location, "SAMLRequest"); strings.Contains(question, "ForceAuthn") {
		t.Errorf("elsewhere it is: %s", question)
	}
	w.comeIn(v)
	a := v.post("/session/end", nil)
	if !strings.HasPrefix(a.location, "/sign-out/work?state=") {
		t.Fatalf("signing out leads to %d %s", a.status, a.location)
	}
	if way := v.get(a.location); !strings.HasPrefix(way.location, "https://idp.example.org/slo?SAMLRequest=") {
		t.Errorf("and on to %d %s", way.status, way.location)
	}
	v.get(strings.Replace(a.location, "/work", "/done", 1)).wants(t, http.StatusOK, "Nästa person", `href="/tablet"`)

	// Who makes a device a tablet leaves it, at work too.
	own := w.id(`SELECT MIN(id) FROM organisation WHERE kind = 'unit' AND municipality_id = (SELECT id FROM organisation WHERE slug = 'borlange' AND kind = 'municipality')`)
	w.change(`INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) SELECT id, 'manager', $2, '2026-01-01', 0 FROM person WHERE email = $1`, "anna@"+workDomain, own)
	maker := w.nobody()
	w.comeIn(maker)
	if a := maker.post("/tablets", url.Values{"unit": {fmt.Sprint(own)}, "name": {"Hallen"}}); !strings.HasPrefix(a.location, "/sign-out/work?state=") {
		t.Errorf("making a tablet leads to %d %s", a.status, a.location)
	}
}

func TestWithoutTheKeyOneIsToldToSignOutAtWork(t *testing.T) {
	w := newWork(t)
	v := w.nobody()
	w.comeIn(v)
	keys, err := vault.New(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	w.db.Keys = keys
	a := v.post("/session/end", nil)
	v.get(a.location).wants(t, http.StatusOK, "Du är utloggad här", "Du kan vara kvar inloggad hos Borlänge", "Vi kan inte logga ut dig därifrån")
	v.get("/my/page").leads(t, "/sign-in?next=%2Fmy%2Fpage")
}
