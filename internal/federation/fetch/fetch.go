// Package fetch asks what stands at an address that somebody else has named: it goes to
// nobody but public addresses, by https, and reads no more than it was told to.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// How long we wait for what others serve.
const (
	fetchTime   = 10 * time.Second
	connectTime = 5 * time.Second
	mostHops    = 3
)

// ErrNotHTTPS and errInside are why an address is not asked.
var (
	ErrNotHTTPS = errors.New("only https is asked")
	errInside   = errors.New("the address is inside a network")
	errTooLarge = errors.New("the answer is too large")
)

// inside are networks that netip does not know to be nobody's on the internet: shared
// (RFC 6598), for protocols, for benchmarks, reserved; and those that hide an IPv4
// address in one of IPv6 (NAT64, 6to4, Teredo).
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// public tells whether the address is one on the internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, prefix := range inside {
		if prefix.Contains(ip) {
			return false
		}
	}
	return true
}

// New is a client that asks providers. An administrator says where, so it goes to nobody but
// public addresses, by https, and reads no more than most bytes. What a name stands
// for is checked when the connection is made: it may stand for something else each
// time. loopback is for tests: they ask this machine, and without TLS.
func New(loopback bool, most int64) *http.Client {
	dialer := &net.Dialer{Timeout: connectTime, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial %s: %w", address, err)
		}
		if ip := at.Addr().Unmap(); !public(ip) && (!loopback || !ip.IsLoopback()) {
			return errInside
		}
		return nil
	}}
	return &http.Client{
		Timeout: fetchTime,
		Transport: &careful{most: most, loopback: loopback, next: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: connectTime,
			MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute,
		}},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > mostHops {
				return errors.New("sent on too often")
			}
			return nil
		},
	}
}

// careful asks by https only, also where it is sent on to, and bounds what is read.
type careful struct {
	next     http.RoundTripper
	most     int64
	loopback bool
}

func (c *careful) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && (!c.loopback || r.URL.Scheme != "http") {
		return nil, ErrNotHTTPS
	}
	answer, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &bounded{ReadCloser: answer.Body, left: c.most}
	return answer, nil
}

// bounded ends with an error where there is more than may be read.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// Text is what stands at the address.
func Text(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch metadata: %w", err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch metadata: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch metadata: %s", answer.Status)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("fetch metadata: %w", err)
	}
	return text, nil
}
