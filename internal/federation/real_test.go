package federation_test

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"encoding/xml"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/identity"
)

// real are providers that others have written, run by Node (testdata/providers.mjs).
type real struct {
	*place
	at      string // where they are
	key     federationtest.Key
	browser *http.Client
}

// newReal starts them over Falun's people, of this day: they know no other.
func newReal(t *testing.T, d *db.DB) real {
	t.Helper()
	r := real{place: newPlace(t, d)}
	r.now = clock.System()
	r.f = federation.New(federation.Config{DB: d, Clock: clock.System, Base: base, Loopback: true})
	r.key = federationtest.NewKey(t, r.now.Time())
	keys := make([]string, 2)
	for i := range keys {
		keys[i] = pemOf(t, federationtest.NewKey(t, r.now.Time()))
	}
	ours, err := r.f.OurMetadata(t.Context())
	r.check(err)
	var service saml.EntityDescriptor
	r.check(xml.Unmarshal(ours, &service))
	settings, err := json.Marshal(map[string]any{
		"cert": certificateOf(r.key.Certificate), "privateKey": pemOf(t, r.key), "keys": keys, "answer": base + address.SAMLAnswer, "redirect": base + address.OIDCAnswer + "/falun",
		"serviceCert": "-----BEGIN CERTIFICATE-----\n" + service.SPSSODescriptors[0].KeyDescriptors[0].KeyInfo.X509Data.X509Certificates[0].Data + "\n-----END CERTIFICATE-----\n",
	})
	r.check(err)
	node := exec.Command("node", "testdata/providers.mjs")
	var said bytes.Buffer
	node.Stdin, node.Stderr = strings.NewReader(string(settings)), &said
	out, err := node.StdoutPipe()
	r.check(err)
	if err := node.Start(); err != nil {
		t.Fatalf("node: %v (make setup installs what it runs)", err)
	}
	t.Cleanup(func() {
		_ = node.Process.Kill()
		_ = node.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if regexp.MustCompile(`^\d+$`).MatchString(lines.Text()) {
			r.at = "http://127.0.0.1:" + lines.Text()
			break
		}
	}
	if r.at == "" {
		t.Fatal("the providers do not start (make setup installs what they need)")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	r.forget()
	return r
}

// forget makes the browser a new one.
func (r *real) forget() {
	jar, err := cookiejar.New(nil)
	r.check(err)
	r.browser = &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(next.URL.String(), base) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func pemOf(t *testing.T, k federationtest.Key) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func certificateOf(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// get is where the browser ends, and what stands there.
func (r *real) get(at string) (to *url.URL, body string) {
	r.Helper()
	answer, err := r.browser.Get(at)
	r.check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	r.check(err)
	if location := answer.Header.Get("Location"); location != "" {
		to, err = url.Parse(location)
		r.check(err)
	}
	return to, string(text)
}

func (r *real) control(query string) {
	r.Helper()
	r.get(r.at + "/control?" + query)
	r.forget()
}

func (r *real) beginReal() string {
	r.Helper()
	r.now = clock.System()
	at, err := r.f.Begin(r.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser, Next: "/my/page", Remote: "192.0.2.1"}, r.now)
	r.check(err)
	return at
}

var field = regexp.MustCompile(`name="(SAMLResponse|RelayState)"\s+value="([^"]*)"`)

// answerSAML is what the SAML provider's page sends.
func (r *real) answerSAML() (form, state string) {
	r.Helper()
	_, body := r.get(r.beginReal())
	for _, found := range field.FindAllStringSubmatch(body, -1) {
		if value := html.UnescapeString(found[2]); found[1] == "RelayState" {
			state = value
		} else {
			form = value
		}
	}
	if form == "" || state == "" {
		r.Fatalf("the provider's page has no answer: %s", body)
	}
	return form, state
}

// signInOIDC is a whole sign-in at the OIDC provider; change may alter what it sends
// the browser back with.
func (r *real) signInOIDC(change func(query url.Values)) federation.Outcome {
	r.Helper()
	to, body := r.get(r.beginReal())
	if to == nil {
		r.Fatalf("the provider does not send back: %s", body)
	}
	query := to.Query()
	state := query.Get("state")
	if change != nil {
		change(query)
	}
	return r.endOIDC(query, state)
}

func (r *real) endOIDC(query url.Values, state string) federation.Outcome {
	r.Helper()
	r.now = clock.System()
	if stopped, ok := r.f.AnswerOIDC(r.Context(), "falun", query, r.now).(*federation.Stopped); ok { //nolint:errorlint // as it is returned
		return federation.Outcome{Cause: stopped.Cause, Reference: stopped.Reference}
	}
	o, err := r.f.Finish(r.Context(), state, browser, r.now)
	r.check(err)
	return o
}

func TestPeopleSignInAtARealSAMLProvider(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	r := newReal(t, d)
	anna := r.add("anna@falun.example.org", falun)
	idp := federationtest.Provider{EntityID: "urn:example:idp", SSO: r.at + "/saml", Keys: []federationtest.Key{r.key}}
	s := r.settings(falun)
	s.Metadata = []byte(idp.Metadata())
	r.open(falun, s)

	at := r.beginReal()
	if _, body := r.get(strings.Replace(at, "RelayState=", "RelayState=x", 1)); !strings.Contains(body, "Signature check errors") {
		t.Errorf("the provider does not check the signature of our question: %s", body)
	}
	form, state := r.answerSAML()
	if o := r.finish(state, form); o.PersonID != anna || o.Next != "/my/page" {
		t.Fatalf("anna does not come in: %+v, %+v", o, r.last(falun))
	}
	if o := r.finish(state, form); o.Cause != identity.CauseReplay {
		t.Errorf("a replay: %+v", o)
	}
	text := func(form string) string {
		out, err := base64.StdEncoding.DecodeString(form)
		r.check(err)
		return string(out)
	}
	between := func(s, from, to string) string {
		a := strings.Index(s, from)
		b := strings.Index(s[a:], to)
		return s[a : a+b+len(to)]
	}
	for _, each := range []struct {
		name          string
		forge         func(xml string) string
		cause, detail string
	}{
		{"unsigned", func(xml string) string {
			return strings.Replace(xml, between(xml, "<Signature", "</Signature>"), "", 1)
		}, identity.CauseSignature, "unsigned"},
		{"another audience", func(xml string) string {
			return strings.Replace(xml, "<saml:Audience>"+base, "<saml:Audience>https://other.example.org", 1)
		}, identity.CauseSignature, "unsigned"},
		{"wrapped", func(xml string) string {
			evil := strings.Replace(between(xml, "<saml:Assertion", "</saml:Assertion>"), between(xml, "<Signature", "</Signature>"), "", 1)
			return strings.Replace(xml, "<saml:Assertion", strings.Replace(evil, "saml-anna", "saml-eve", 1)+"<saml:Assertion", 1)
		}, identity.CauseSignature, "malformed"},
		{"cut by a comment", func(xml string) string { return strings.Replace(xml, "saml-anna", "saml-<!-- x -->anna", 1) }, identity.CauseSignature, "malformed"},
	} {
		form, state := r.answerSAML()
		forged := each.forge(text(form))
		if forged == text(form) {
			t.Fatalf("%s: nothing was forged in %s", each.name, forged)
		}
		if o := r.finish(state, federationtest.Encode(forged)); o.PersonID != 0 || o.Cause != each.cause || r.last(falun).Detail != each.detail {
			t.Errorf("%s: %+v, %+v", each.name, o, r.last(falun))
		}
	}
	form, state = r.answerSAML()
	r.now = r.now.Add(10 * time.Minute)
	if o := r.finish(state, form); o.PersonID != 0 || o.Cause != identity.CauseExpired {
		t.Errorf("an old answer: %+v", o)
	}
}

func TestPeopleSignInAtARealOIDCProvider(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	r := newReal(t, d)
	anna := r.add("anna@falun.example.org", falun)
	r.add("bo@falun.example.org", falun)
	s := federation.Settings{Kind: federation.OIDC, Issuer: r.at, ClientID: "yrkesresan", ClientSecret: "secret-of-the-test", Domains: []string{"falun.example.org"}, Vouches: true}
	r.open(falun, s)
	in := func(what string) {
		t.Helper()
		if o := r.signInOIDC(nil); o.PersonID != anna || o.Next != "/my/page" {
			t.Errorf("%s: %+v, %+v", what, o, r.last(falun))
		}
	}
	in("anna")
	r.control("key=1")
	in("the provider has a new key: it is fetched")
	r.control("key=0")
	if o := r.signInOIDC(nil); o.Cause != identity.CauseUnknownKey {
		t.Errorf("another new key within a minute: %+v, %+v", o, r.last(falun))
	}
	r.control("key=1")
	r.control("account=unsure")
	if o := r.signInOIDC(nil); o.Cause != identity.CauseNotAllowed || r.last(falun).Detail != "unverified" {
		t.Errorf("an address that the provider has not checked: %+v, %+v", o, r.last(falun))
	}
	r.control("account=anna")
	to, _ := r.get(r.beginReal())
	query := to.Query()
	if o := r.endOIDC(query, query.Get("state")); o.PersonID != anna {
		t.Errorf("once: %+v", o)
	}
	if o := r.endOIDC(query, query.Get("state")); o.Cause != identity.CauseReplay {
		t.Errorf("twice: %+v", o)
	}
	first, _ := r.get(r.beginReal())
	for _, each := range []struct {
		name   string
		change func(q url.Values)
		cause  string
	}{
		{"a code that is another's", func(q url.Values) { q.Set("code", first.Query().Get("code")) }, identity.CauseCancelled}, // PKCE
		{"a code that is made up", func(q url.Values) { q.Set("code", "x") }, identity.CauseCancelled},
		{"an error", func(q url.Values) { q.Set("error", "access_denied") }, identity.CauseCancelled},
		{"another provider's", func(q url.Values) { q.Set("iss", "https://evil.example.org") }, identity.CauseWrongOrganisation},
		{"a state that is made up", func(q url.Values) { q.Set("state", "x") }, identity.CauseExpired},
	} {
		if o := r.signInOIDC(each.change); o.PersonID != 0 || o.Cause != each.cause {
			t.Errorf("%s: %+v, %+v", each.name, o, r.last(falun))
		}
	}
	s.ClientSecret = "another"
	r.open(falun, s)
	if o := r.signInOIDC(nil); o.Cause != identity.CauseCancelled {
		t.Errorf("a wrong secret of ours: %+v", o)
	}
}
