package federation

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/text/texttest"
)

func TestProvidersAreAskedOnTheInternetAlone(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false, "0.1.2.3": false,
		"100.64.0.1": false, "100.127.255.255": false, "100.128.0.0": true, "192.0.0.8": false, "198.18.0.1": false, "198.20.0.1": true, "224.0.0.1": false,
		"240.0.0.1": false, "255.255.255.255": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "2001::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestWhatIsFetchedIsBounded(t *testing.T) {
	const most = 100
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/just":
			_, _ = w.Write([]byte(strings.Repeat("x", most)))
		case "/more":
			_, _ = w.Write([]byte(strings.Repeat("x", most+1)))
		case "/away":
			http.Redirect(w, r, "ftp://example.org/", http.StatusFound)
		default: // so many more times
			http.Redirect(w, r, strings.TrimSuffix("/"+strings.TrimPrefix(r.URL.Path, "/x"), "/")+"", http.StatusFound)
		}
	}))
	defer server.Close()
	for _, each := range []struct {
		path string
		want error
	}{
		{"/just", nil}, {"/more", errTooLarge}, {"/away", errNotHTTPS},
	} {
		text, err := fetch(t.Context(), newClient(true, most), server.URL+each.path)
		if !errors.Is(err, each.want) || each.want == nil && (err != nil || len(text) != most) {
			t.Errorf("%s: %d bytes, %v, want %v", each.path, len(text), err, each.want)
		}
	}
	if _, err := fetch(t.Context(), newClient(false, most), server.URL+"/just"); !errors.Is(err, errNotHTTPS) {
		t.Errorf("without TLS: %v", err)
	}
	if _, err := fetch(t.Context(), newClient(false, most), strings.Replace(server.URL, "http:", "https:", 1)+"/just"); !errors.Is(err, errInside) {
		t.Errorf("this machine: %v", err)
	}
}

func TestWhoIsSentOnTooOftenStops(t *testing.T) {
	hops := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hops == 0 {
			_, _ = io.WriteString(w, "there")
			return
		}
		hops--
		http.Redirect(w, r, "/next", http.StatusFound)
	}))
	defer server.Close()
	for _, each := range []struct {
		hops int
		ok   bool
	}{{mostHops, true}, {mostHops + 1, false}} {
		hops = each.hops
		if _, err := fetch(t.Context(), newClient(true, 100), server.URL); (err == nil) != each.ok {
			t.Errorf("%d hops: %v", each.hops, err)
		}
	}
}

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

func TestBoundsOfAResponse(t *testing.T) {
	wrap := func(inside string) string {
		return `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">` + inside + `</p:Response>`
	}
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + strings.Repeat("x", i) + `="1"`)
		}
		return "<e" + b.String() + "/>"
	}
	for _, each := range []struct {
		name, text string
		ok         bool
	}{
		{"as many elements as may be", wrap(strings.Repeat("<e/>", mostElements-1)), true},
		{"one more", wrap(strings.Repeat("<e/>", mostElements)), false},
		{"as deep as may be", wrap(strings.Repeat("<e>", mostDepth-1) + strings.Repeat("</e>", mostDepth-1)), true},
		{"one deeper", wrap(strings.Repeat("<e>", mostDepth) + strings.Repeat("</e>", mostDepth)), false},
		{"as many attributes as may be", wrap(attributes(mostAttributes)), true},
		{"one more", wrap(attributes(mostAttributes + 1)), false},
		{"another root behind", wrap("") + wrap(""), false},
		{"a head", `<?xml version="1.0" encoding="UTF-8"?>` + wrap(""), true},
		{"a head inside", wrap(`<?xml version="1.0"?>`), false},
	} {
		if r := strict([]byte(each.text)); (r == nil) != each.ok {
			t.Errorf("%s: %v", each.name, r)
		}
	}
	pad := func(n int) string {
		return base64.StdEncoding.EncodeToString([]byte(wrap(strings.Repeat(" ", n-len(wrap(""))))))
	}
	if _, r := decodeResponse(pad(mostResponse)); r != nil {
		t.Errorf("of the largest size: %v", r)
	}
	if _, r := decodeResponse(pad(mostResponse + 3)); r == nil {
		t.Error("larger than that")
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
		if len(text) > mostResponse {
			return
		}
		texttest.Within(t, 5*time.Second, 256<<20, func() {
			response, r := decodeResponse(base64.StdEncoding.EncodeToString([]byte(text)))
			if r != nil {
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
