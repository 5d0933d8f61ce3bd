package signout_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/federation/federationtest"
	"yrkesresan/internal/signout"
)

// issuer is a provider of OpenID Connect inside the test: it says what it is told.
type issuer struct {
	*place
	key    *rsa.PrivateKey
	server *httptest.Server
	says   map[string]any // the next ID token
	ends   bool           // it has a page for signing out

	padding string // what its ID tokens hold beside
}

func newIssuer(t *testing.T, p *place) *issuer {
	t.Helper()
	o := &issuer{place: p, key: federationtest.NewKey(t, p.now.Time()).Private, ends: true}
	answer := func(w http.ResponseWriter, with any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(with)
	}
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := o.server.URL
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			said := map[string]any{"issuer": at, "authorization_endpoint": at + "/auth", "token_endpoint": at + "/token", "jwks_uri": at + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}}
			if o.ends {
				said["end_session_endpoint"] = at + "/end?tenant=falun"
			}
			answer(w, said)
		case "/keys":
			encode := base64.RawURLEncoding.EncodeToString
			answer(w, map[string]any{"keys": []any{map[string]any{
				"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "n": encode(o.key.N.Bytes()), "e": encode(big.NewInt(int64(o.key.E)).Bytes()),
			}}})
		case "/token":
			answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": o.signed(o.key, o.says)})
		}
	}))
	t.Cleanup(o.server.Close)
	p.open(falun, federation.Settings{Kind: federation.OIDC, Issuer: o.server.URL, ClientID: "yrkesresan", ClientSecret: "s", Domains: []string{"falun.example.org"}, Vouches: true})
	return o
}

func (o *issuer) signed(key *rsa.PrivateKey, claims map[string]any) string {
	o.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		o.check(err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	text := part(map[string]string{"alg": "RS256", "kid": "k", "typ": "logout+jwt"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	o.check(err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// signIn is a session of somebody whom the provider has let in.
func (o *issuer) signIn(email, sid string) session {
	o.Helper()
	at, err := o.work.Begin(o.Context(), federation.Begun{MunicipalityID: falun, Slug: "falun", Browser: browser, Next: "/", Remote: remote}, o.now)
	o.check(err)
	to, err := url.Parse(at)
	o.check(err)
	query := to.Query()
	o.says = map[string]any{
		"iss": o.server.URL, "aud": "yrkesresan", "sub": "S-" + email, "email": email, "nonce": query.Get("nonce"), "iat": o.now.Time().Unix(), "exp": o.now.Add(5 * time.Minute).Time().Unix(),
	}
	if sid != "" {
		o.says["sid"] = sid
	}
	if o.padding != "" {
		o.says["padding"] = o.padding
	}
	o.check(o.work.AnswerOIDC(o.Context(), "falun", url.Values{"code": {"c"}, "state": {query.Get("state")}}, o.now))
	return o.finish(query.Get("state"))
}

// ended is what the provider's server says of somebody who has left.
func (o *issuer) ended(id, email, session string) map[string]any {
	claims := map[string]any{
		"iss": o.server.URL, "aud": "yrkesresan", "iat": o.now.Time().Unix(), "exp": o.now.Add(2 * time.Minute).Time().Unix(), "jti": id,
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if email != "" {
		claims["sub"] = "S-" + email
	}
	if session != "" {
		claims["sid"] = session
	}
	return claims
}

func TestWhoSignsOutIsLedToAnOpenIDProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := bare(t, d)
		p.add("anna@falun.example.org", falun)
		o := newIssuer(t, p)
		anna := o.signIn("anna@falun.example.org", "s-1")
		hint := o.signed(o.key, o.says)
		for table, query := range map[string]string{"session": `SELECT data || work FROM session`, "federation_state": `SELECT secret || report FROM federation_state`} {
			kept, err := db.Rows(t.Context(), d.Reader(), db.One[string], query)
			p.check(err)
			if text := strings.Join(kept, "\n"); strings.Contains(text, hint) || strings.Contains(text, "S-anna") {
				t.Errorf("%s holds %s", table, text)
			}
		}
		token := p.leave(anna)
		if told := p.told(token); told.Outcome != signout.Waiting || !told.May {
			t.Errorf("she is told %+v", told)
		}
		// Who was led nowhere does not come back.
		if err := p.exit.Back(t.Context(), "falun", token, remote, p.now); !errors.Is(err, signout.ErrUntaken) || p.told(token).Outcome != signout.Waiting {
			t.Errorf("back before she was led there: %v", err)
		}
		way, err := p.exit.Ask(t.Context(), token, p.now)
		p.check(err)
		at, err := url.Parse(way.Address)
		p.check(err)
		want := url.Values{"tenant": {"falun"}, "client_id": {"yrkesresan"}, "id_token_hint": {hint}, "state": {token}, "post_logout_redirect_uri": {base + "/sign-out/oidc/falun"}}
		if got := at.Query(); at.Path != "/end" || got.Encode() != want.Encode() {
			t.Errorf("she is led to %s with %v", at.Path, got)
		}
		if err := p.exit.Back(t.Context(), "borlange", token, remote, p.now); !errors.Is(err, signout.ErrUntaken) {
			t.Errorf("back from another municipality: %v", err)
		}
		for range 2 { // the page may be opened again
			p.check(p.exit.Back(t.Context(), "falun", token, remote, p.now))
			if told := p.told(token); told.Outcome != signout.Back || told.May {
				t.Errorf("she is told %+v", told)
			}
		}
		if _, err := p.exit.Ask(t.Context(), token, p.now); err == nil {
			t.Error("she is led there again")
		}

		// An ID token that is too long to come back in an address is left out.
		o.padding = strings.Repeat("x", 6<<10)
		way, err = p.exit.Ask(t.Context(), p.leave(o.signIn("anna@falun.example.org", "s-2")), p.now)
		p.check(err)
		if at, err = url.Parse(way.Address); err != nil || at.Query().Has("id_token_hint") || at.Query().Get("logout_hint") != "S-anna@falun.example.org" {
			t.Errorf("with a long token she is led to %s, %v", way.Address, err)
		}
	})
}

func TestAProviderWithoutAPageForSigningOut(t *testing.T) {
	p := bare(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	o := newIssuer(t, p)
	o.ends = false
	p.now = p.now.Add(2 * time.Hour) // what it said of itself is old
	token := p.leave(o.signIn("anna@falun.example.org", "s-1"))
	if told := p.told(token); told.May || told.Municipality.Slug != "falun" {
		t.Errorf("she is told %+v", told)
	}
	if _, err := p.exit.Ask(t.Context(), token, p.now); err == nil {
		t.Error("she is led somewhere")
	}
}

// TestAnOpenIDProviderEndsTheSessionsThatBeganThere holds whose sessions a logout token
// ends.
func TestAnOpenIDProviderEndsTheSessionsThatBeganThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := bare(t, d)
		p.add("anna@falun.example.org", falun)
		bo := p.add("bo@falun.example.org", falun)
		o := newIssuer(t, p)
		first, second, nameless := o.signIn("anna@falun.example.org", "s-1"), o.signIn("anna@falun.example.org", "s-2"), o.signIn("anna@falun.example.org", "")
		other, letter := o.signIn("bo@falun.example.org", "s-3"), p.byMail(bo)
		says := func(claims map[string]any) {
			t.Helper()
			if err := p.exit.Token(t.Context(), "falun", o.signed(o.key, claims), remote, p.now); err != nil {
				t.Errorf("%v: %v, %v", claims, err, p.troubles(falun))
			}
		}
		in := func(what string, want ...bool) {
			t.Helper()
			for i, s := range []session{first, second, nameless, other, letter} {
				if p.in(s) != want[i] {
					t.Errorf("%s: session %d is in: %v", what, i, p.in(s))
				}
			}
		}
		says(o.ended("j-1", "", "s-9"))
		says(o.ended("j-2", "nobody@falun.example.org", "s-1"))
		in("sessions that there are not", true, true, true, true, true)
		says(o.ended("j-3", "", "s-1"))
		in("one by its name", false, true, true, true, true)
		says(o.ended("j-4", "anna@falun.example.org", "s-9"))
		in("another of hers, which may be that of which no name is known", false, true, false, true, true)
		says(o.ended("j-5", "anna@falun.example.org", ""))
		in("all of hers", false, false, false, true, true)
	})
}

func TestALogoutTokenIsChecked(t *testing.T) {
	p := bare(t, dbtest.Open(t, dbtest.SQLite(t)))
	p.add("anna@falun.example.org", falun)
	o := newIssuer(t, p)
	anna := o.signIn("anna@falun.example.org", "s-1")
	with := func(key string, value any) map[string]any {
		claims := o.ended("j-0", "anna@falun.example.org", "s-1")
		if claims[key] = value; value == nil {
			delete(claims, key)
		}
		return claims
	}
	at := func(d time.Duration) int64 { return p.now.Add(d).Time().Unix() }
	stranger := federationtest.NewKey(t, p.now.Time()).Private
	old := with("iat", at(-time.Hour-3*time.Minute-time.Second))
	old["exp"] = at(24 * time.Hour)
	for _, each := range []struct{ name, token, want string }{
		{"it is made up", "x", "signature: sign_out malformed"},
		{"another key", o.signed(stranger, with("", nil)), "unknown_key: sign_out"},
		{"not signed", strings.Join([]string{base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)), strings.Split(o.signed(o.key, with("", nil)), ".")[1], ""}, "."), "signature: sign_out malformed"},
		{"another audience", o.signed(o.key, with("aud", "other")), "wrong_organisation: sign_out audience"},
		{"another issuer", o.signed(o.key, with("iss", "https://idp.example.org")), "wrong_organisation: sign_out issuer"},
		{"an ID token", o.signed(o.key, o.says), "signature: sign_out malformed"},
		{"with a nonce", o.signed(o.key, with("nonce", "n")), "signature: sign_out malformed"},
		{"without the event", o.signed(o.key, with("events", map[string]any{})), "signature: sign_out malformed"},
		{"without its own name", o.signed(o.key, with("jti", nil)), "signature: sign_out malformed"},
		{"about nobody", func() string {
			claims := with("sub", nil)
			delete(claims, "sid")
			return o.signed(o.key, claims)
		}(), "signature: sign_out malformed"},
		{"without an end", o.signed(o.key, with("exp", nil)), "signature: sign_out malformed"},
		{"without a beginning", o.signed(o.key, with("iat", nil)), "expired: sign_out"},
		{"that has run out", o.signed(o.key, with("exp", at(-3*time.Minute))), "expired: sign_out"},
		{"from a clock that is ten minutes ahead", o.signed(o.key, with("iat", at(10*time.Minute))), "clock: sign_out 600"},
		{"older than an hour, whatever it says", o.signed(o.key, old), "expired: sign_out"},
		{"longer than any", o.signed(o.key, with("x", strings.Repeat("x", 16<<10))), ""},
		{"nothing", "", ""},
	} {
		p.check(p.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `DELETE FROM sign_in_trouble`)
			return err
		}))
		if err := p.exit.Token(t.Context(), "falun", each.token, remote, p.now); !errors.Is(err, signout.ErrUntaken) {
			t.Errorf("%s: %v", each.name, err)
		}
		if got := strings.Join(p.troubles(falun), "; "); got != each.want {
			t.Errorf("%s: the administrator reads %q, want %q", each.name, got, each.want)
		}
		if !p.in(anna) {
			t.Fatalf("%s: she is out", each.name)
		}
	}
	right := o.signed(o.key, with("", nil))
	for _, slug := range []string{"borlange", "nowhere", ""} {
		if err := p.exit.Token(t.Context(), slug, right, remote, p.now); !errors.Is(err, signout.ErrUntaken) || !p.in(anna) {
			t.Errorf("sent to %q: %v", slug, err)
		}
	}
	if err := p.exit.Token(t.Context(), "falun", right, remote, p.now); err != nil || p.in(anna) {
		t.Errorf("as it should be: %v", err)
	}
	anna = o.signIn("anna@falun.example.org", "s-1")
	if err := p.exit.Token(t.Context(), "falun", right, remote, p.now); !errors.Is(err, signout.ErrUntaken) || !p.in(anna) {
		t.Errorf("again: %v", err)
	}
}
