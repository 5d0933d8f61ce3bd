package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestStrictHeadersStandOnEveryAnswer(t *testing.T) {
	s := newSite(t)
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"X-Frame-Options":              "DENY",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
		"Cache-Control":                "no-store",
	}
	for _, path := range []string{"/sign-in", "/nowhere", "/healthz", "/readyz", "/assets/none.css", "/api/nowhere"} {
		a := s.nobody().get(path)
		for name, value := range want {
			if got := a.header.Values(name); len(got) != 1 || got[0] != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestBrowsersThatComeEncryptedAreToldToStaySo(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		behindProxy bool
		tls         *tls.ConnectionState
		proto       string
		want        string
	}{
		"over TLS":                                   {false, &tls.ConnectionState{}, "", "max-age=31536000"},
		"over TLS, whatever the header says":         {false, &tls.ConnectionState{}, "http", "max-age=31536000"},
		"in the clear":                               {false, nil, "", ""},
		"in the clear, with a header of one's own":   {false, nil, "https", ""},
		"over TLS to the proxy before us":            {true, nil, "https", "max-age=31536000"},
		"in the clear to the proxy before us":        {true, nil, "http", ""},
		"a proxy that does not say how one has come": {true, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.server.BehindProxy = c.behindProxy
			r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
			r.TLS = c.tls
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			if got := s.nobody().do(r).header.Get("Strict-Transport-Security"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
