package fetch

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
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
		{"/just", nil}, {"/more", errTooLarge}, {"/away", ErrNotHTTPS},
	} {
		text, err := Text(t.Context(), New(true, most), server.URL+each.path)
		if !errors.Is(err, each.want) || each.want == nil && (err != nil || len(text) != most) {
			t.Errorf("%s: %d bytes, %v, want %v", each.path, len(text), err, each.want)
		}
	}
	if _, err := Text(t.Context(), New(false, most), server.URL+"/just"); !errors.Is(err, ErrNotHTTPS) {
		t.Errorf("without TLS: %v", err)
	}
	if _, err := Text(t.Context(), New(false, most), strings.Replace(server.URL, "http:", "https:", 1)+"/just"); !errors.Is(err, errInside) {
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
		if _, err := Text(t.Context(), New(true, 100), server.URL); (err == nil) != each.ok {
			t.Errorf("%d hops: %v", each.hops, err)
		}
	}
}
