package federation

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/federation/message"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/text/texttest"
)

func TestKeysAreFetchedAnewSeldom(t *testing.T) {
	now := clock.Date(2026, 11, 23).At(9, 0)
	status, fetched := http.StatusServiceUnavailable, 0
	s := &seldom{now: func() clock.Instant { return now }, next: roundTripper(func(*http.Request) (*http.Response, error) {
		fetched++
		return &http.Response{StatusCode: status, Body: http.NoBody}, nil
	})}
	for _, each := range []struct {
		name   string
		after  time.Duration
		status int
		want   int
	}{
		{"the provider is away", 0, http.StatusServiceUnavailable, 1},
		{"nobody has the keys: at once again", 0, http.StatusOK, 2},
		{"a key that is unknown", 0, http.StatusOK, 3},
		{"another", time.Minute - time.Microsecond, http.StatusOK, 3},
		{"after a minute", time.Microsecond, http.StatusOK, 4},
		{"and not again", 0, http.StatusOK, 4},
	} {
		now, status = now.Add(each.after), each.status
		answer, err := s.RoundTrip(httptest.NewRequest(http.MethodGet, "https://idp.example.org/keys", nil))
		if err == nil {
			_ = answer.Body.Close()
		} else if !errors.Is(err, errSeldom) {
			t.Errorf("%s: %v", each.name, err)
		}
		if fetched != each.want {
			t.Errorf("%s: fetched %d times, want %d", each.name, fetched, each.want)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWhichNamesAreKept(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "a": true, " å B/3=": true, "a\x00b": false, "a\nb": false, "a\xff": false, strings.Repeat("x", 1000): true, strings.Repeat("x", 1001): false,
	} {
		if got := lasting(name); got != want {
			t.Errorf("%.20q of %d bytes: %v", name, len(name), got)
		}
	}
}

func TestATokenIsOfThisTime(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	asked := now.Add(-10 * time.Second)
	for _, each := range []struct {
		name                string
		issued, from, until time.Duration // from now
		cause, detail       string
	}{
		{"made now", 0, -time.Hour, time.Minute, "", ""},
		{"three minutes ahead", 3 * time.Minute, 0, time.Hour, "", ""},
		{"a second more", 3*time.Minute + time.Second, 0, time.Hour, identity.CauseClock, "181"},
		{"it holds from three minutes on", 0, 3 * time.Minute, time.Hour, "", ""},
		{"a second later", 0, 3*time.Minute + time.Second, time.Hour, identity.CauseClock, "181"},
		{"it ended just less than three minutes ago", 0, 0, -3*time.Minute + time.Second, "", ""},
		{"three minutes ago", -5 * time.Second, 0, -3 * time.Minute, identity.CauseExpired, ""},
		{"by a clock that is an hour behind", -time.Hour, -time.Hour, -58 * time.Minute, identity.CauseClock, "3590"},
	} {
		got := refuse("", "")
		if r := ofThisTime(now.Add(each.issued), now.Add(each.from), now.Add(each.until), asked, now); r != nil {
			got = r
		}
		if got.cause != each.cause || got.detail != each.detail {
			t.Errorf("%s: %v, want %s %s", each.name, got, each.cause, each.detail)
		}
	}
}

// FuzzResponse holds that no response is trouble of ours, whatever it is, and that
// what a stranger makes up lets nobody in.
func FuzzResponse(f *testing.F) {
	federation := New(Config{Clock: clock.Fixed(clock.Date(2026, 11, 23).At(9, 0)), Base: "https://yrkesresan.example.org"})
	if err := federation.lend(); err != nil {
		f.Fatal(err)
	}
	p := Provider{Kind: SAML, Issuer: "https://idp.example.org", Domains: []string{"example.org"}, Metadata: `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.org">` +
		`<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` +
		base64.StdEncoding.EncodeToString(federation.key.certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`}
	for _, seed := range []string{
		"", "<", `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>`,
		`<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="r" Version="2.0" IssueInstant="2026-11-23T08:00:00Z" InResponseTo="id-1">` +
			`<a:Issuer>https://idp.example.org</a:Issuer><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>` +
			`<a:Assertion ID="a" Version="2.0" IssueInstant="2026-11-23T08:00:00Z"><a:Issuer>https://idp.example.org</a:Issuer>` +
			`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
			`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#a"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>` +
			`<ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>` +
			`<a:Subject><a:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">x</a:NameID></a:Subject></a:Assertion></p:Response>`,
	} {
		f.Add(seed)
	}
	now := federation.Clock()
	f.Fuzz(func(t *testing.T, text string) {
		texttest.Within(t, 5*time.Second, 256<<20, func() {
			response, err := message.Posted(base64.StdEncoding.EncodeToString([]byte(text)), message.Response)
			if err != nil {
				return
			}
			said, _, err := federation.readSAML(t.Context(), p, response, "id-1", now, now)
			var refused *refusal
			if err == nil || !errors.As(err, &refused) {
				t.Errorf("it says %+v, %v", said, err)
			}
		})
	})
}

// FuzzLogoutRequest holds that no request to end sessions is trouble of ours, and that what
// a stranger makes up ends none.
func FuzzLogoutRequest(f *testing.F) {
	federation := New(Config{Clock: clock.Fixed(clock.Date(2026, 11, 23).At(9, 0)), Base: "https://yrkesresan.example.org"})
	if err := federation.lend(); err != nil {
		f.Fatal(err)
	}
	p := Provider{Kind: SAML, Issuer: "https://idp.example.org"}
	entity, err := samlEntity(`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.org"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		`<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(federation.key.certificate.Raw) +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor></md:IDPSSODescriptor></md:EntityDescriptor>`)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", "<", `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>`,
		`<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="r" Version="2.0" IssueInstant="2026-11-23T08:00:00Z" Destination="https://yrkesresan.example.org/sign-out/saml">` +
			`<a:Issuer>https://idp.example.org</a:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
			`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#r"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>` +
			`<ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature><a:NameID>x</a:NameID><p:SessionIndex>s</p:SessionIndex></p:LogoutRequest>`,
	} {
		f.Add(seed)
	}
	now := federation.Clock()
	f.Fuzz(func(t *testing.T, text string) {
		texttest.Within(t, 5*time.Second, 256<<20, func() {
			field := base64.StdEncoding.EncodeToString([]byte(text))
			read, err := message.Posted(field, message.LogoutRequest)
			if err != nil {
				return
			}
			request, err := federation.service(federation.key, entity, p, now).ValidateLogoutRequestForm(field)
			var refused *refusal
			if err == nil || !errors.As(Untaken(err, read, now), &refused) {
				t.Errorf("it asks %+v, %v", request, err)
			}
		})
	})
}

// FuzzMetadata holds that no metadata is trouble of ours.
func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{
		"", "<a/>", `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"><md:EntityDescriptor entityID="x"><md:IDPSSODescriptor/></md:EntityDescriptor></md:EntitiesDescriptor>`,
		`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x" validUntil="2027-01-01T00:00:00Z"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><Extensions><Scope xmlns="urn:mace:shibboleth:metadata:1.0" regexp="true">(</Scope></Extensions></IDPSSODescriptor></EntityDescriptor>`,
	} {
		f.Add(seed, "x")
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, entity string) {
		if len(text) > 1<<20 {
			return
		}
		texttest.Within(t, 5*time.Second, 256<<20, func() {
			read, err := readMetadata([]byte(text), entity, nil, false, now)
			if err == nil {
				if _, err := url.Parse(redirectAddress(read)); err != nil {
					t.Errorf("asked at %q", redirectAddress(read))
				}
				scopesOf(read)
			}
		})
	})
}

// lend gives the federation a key of its own, without a database.
func (f *Federation) lend() (err error) {
	f.key, err = newKey(f.Base, f.Clock())
	return err
}
