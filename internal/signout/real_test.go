package signout_test

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/signout"
)

// real are providers that others have written, run by Node
// (federation/testdata/providers.mjs), over Falun's people of this day: they know no other.
type real struct {
	*place
	at      string
	key     federationtest.Key
	browser *http.Client
	heard   atomic.Int64 // what the OpenID Connect provider's server has said, and was taken
}

func newReal(t *testing.T) *real {
	t.Helper()
	r := &real{place: bare(t, dbtest.Open(t, dbtest.SQLite(t)))}
	r.now = clock.System()
	r.key = federationtest.NewKey(t, r.now.Time())
	private := func(k federationtest.Key) string {
		der, err := x509.MarshalPKCS8PrivateKey(k.Private)
		r.check(err)
		return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	certificate := func(der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if err := r.exit.Token(q.Context(), "falun", q.PostFormValue("logout_token"), remote, clock.System()); err != nil {
			t.Errorf("the provider's server is not heard: %v", err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.heard.Add(1)
	}))
	t.Cleanup(ours.Close)
	settings, err := json.Marshal(map[string]any{
		"cert": certificate(r.key.Certificate), "privateKey": private(r.key), "keys": []string{private(federationtest.NewKey(t, r.now.Time())), private(federationtest.NewKey(t, r.now.Time()))},
		"answer": base + address.SAMLAnswer, "redirect": base + address.OIDCAnswer + "/falun", "serviceCert": certificate(federationtest.OurCertificate()),
		"service": base + address.SAMLMetadata, "logout": base + address.SAMLSignOut, "back": base + address.OIDCSignOut + "/falun", "channel": ours.URL,
	})
	r.check(err)
	node := exec.Command("node", "../federation/testdata/providers.mjs")
	var said strings.Builder
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
	for lines.Scan() && r.at == "" {
		if regexp.MustCompile(`^\d+$`).MatchString(lines.Text()) {
			r.at = "http://127.0.0.1:" + lines.Text()
			break
		}
	}
	if r.at == "" {
		t.Fatal("the providers do not start (make setup installs what they need)")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	jar, err := cookiejar.New(nil)
	r.check(err)
	r.browser = &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(next.URL.String(), base) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return r
}

// visit is where the browser ends, and what stands there.
func (r *real) visit(answer *http.Response, err error) (to *url.URL, body string) {
	r.Helper()
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

func (r *real) begin() string {
	r.Helper()
	r.now = clock.System()
	at, err := r.work.Begin(r.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser, Next: "/", Remote: remote}, r.now)
	r.check(err)
	return at
}

// fields are those of a form on the page.
func fields(body string) url.Values {
	all := url.Values{}
	for _, found := range regexp.MustCompile(`name="(\w+)"\s+value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		all.Set(found[1], html.UnescapeString(found[2]))
	}
	return all
}

func (r *real) inBySAML() session {
	r.Helper()
	_, body := r.visit(r.browser.Get(r.begin()))
	form := fields(body)
	r.now = clock.System()
	r.check(r.work.AnswerSAML(r.Context(), form.Get("SAMLResponse"), form.Get("RelayState"), r.now))
	return r.finish(form.Get("RelayState"))
}

func TestPeopleSignOutAtARealSAMLProvider(t *testing.T) {
	r := newReal(t)
	r.add("anna@falun.example.org", falun)
	r.providers[falun] = federationtest.Provider{
		EntityID: "urn:example:idp", SSO: r.at + "/saml", Keys: []federationtest.Key{r.key}, Ends: []federationtest.End{{Binding: federationtest.Redirect, Location: r.at + "/slo"}},
	}
	r.open(falun, r.settings(falun))

	// We begin.
	token := r.leave(r.inBySAML())
	way, err := r.exit.Ask(t.Context(), token, r.now)
	r.check(err)
	if _, body := r.visit(r.browser.Get(strings.Replace(way.Address, "RelayState=", "RelayState=x", 1))); !strings.Contains(body, "ignature") {
		t.Errorf("the provider does not check our signature: %s", body)
	}
	to, body := r.visit(r.browser.Get(way.Address))
	if to == nil || !strings.HasPrefix(to.String(), base+address.SAMLSignOut+"?") {
		t.Fatalf("the provider does not send her back: %s", body)
	}
	r.now = clock.System()
	answer := signout.Message{Query: to.RawQuery, Remote: remote}
	if err := r.exit.Answer(t.Context(), answer, r.now); err != nil || r.told(token).Outcome != signout.Out {
		t.Errorf("its answer: %v, %+v, %v", err, r.told(token), r.troubles(falun))
	}
	if err := r.exit.Answer(t.Context(), answer, r.now); !errors.Is(err, signout.ErrUntaken) {
		t.Errorf("its answer again: %v", err)
	}

	// The provider begins, by an address and by a form.
	for _, query := range []string{"", "?post=1"} {
		anna := r.inBySAML()
		to, body := r.visit(r.browser.Get(r.at + "/slo" + query))
		m := signout.Message{Remote: remote}
		if query != "" {
			m.Form = fields(body)
		} else if to != nil {
			m.Query = to.RawQuery
		}
		r.now = clock.System()
		forged := m
		forged.Query, forged.Form = strings.Replace(m.Query, "&RelayState=", "&RelayState=x", 1), url.Values{"SAMLRequest": {m.Form.Get("SAMLResponse")}}
		if query == "" {
			forged.Form = nil
		}
		if _, err := r.exit.Request(t.Context(), forged, r.now); !errors.Is(err, signout.ErrUntaken) || !r.in(anna) {
			t.Errorf("a request that was changed: %v", err)
		}
		way, err := r.exit.Request(t.Context(), m, r.now)
		if err != nil || r.in(anna) {
			t.Fatalf("its request %q: %v, %v, %s", query, err, r.troubles(falun), body)
		}
		answered, err := r.browser.Get(way.Address)
		r.check(err)
		_ = answered.Body.Close()
		if answered.StatusCode != http.StatusOK {
			t.Errorf("the provider does not take our answer: %s", answered.Status)
		}
		if _, err := r.exit.Request(t.Context(), m, r.now); !errors.Is(err, signout.ErrUntaken) {
			t.Errorf("its request again: %v", err)
		}
	}
}

func TestPeopleSignOutAtARealOIDCProvider(t *testing.T) {
	r := newReal(t)
	r.add("anna@falun.example.org", falun)
	r.open(falun, federation.Settings{Kind: federation.OIDC, Issuer: r.at, ClientID: "yrkesresan", ClientSecret: "secret-of-the-test", Domains: []string{"falun.example.org"}, Vouches: true})
	in := func() session {
		t.Helper()
		to, body := r.visit(r.browser.Get(r.begin()))
		if to == nil {
			t.Fatalf("the provider does not send her back: %s", body)
		}
		r.now = clock.System()
		r.check(r.work.AnswerOIDC(t.Context(), "falun", to.Query(), r.now))
		return r.finish(to.Query().Get("state"))
	}
	first, second := in(), in()
	token := r.leave(first)
	way, err := r.exit.Ask(t.Context(), token, r.now)
	r.check(err)
	_, body := r.visit(r.browser.Get(way.Address))
	form := fields(body)
	if form.Get("xsrf") == "" {
		t.Fatalf("the provider does not ask her: %s", body)
	}
	to, body := r.visit(r.browser.PostForm(r.at+"/session/end/confirm", url.Values{"xsrf": {form.Get("xsrf")}, "logout": {"yes"}}))
	if to == nil || !strings.HasPrefix(to.String(), base+address.OIDCSignOut+"/falun?") {
		t.Fatalf("the provider does not send her back: %s", body)
	}
	r.now = clock.System()
	if err := r.exit.Back(t.Context(), "falun", to.Query().Get("state"), remote, r.now); err != nil || r.told(token).Outcome != signout.Back {
		t.Errorf("back: %v, %+v", err, r.told(token))
	}
	// Its server has told us, too: the session that she had beside is over.
	for range 50 {
		if r.heard.Load() > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if r.heard.Load() != 1 || r.in(second) {
		t.Errorf("its server was heard %d times; the other session is in: %v; %v", r.heard.Load(), r.in(second), r.troubles(falun))
	}
}
