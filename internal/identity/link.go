package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

// LinkLife is how long a sign-in link holds.
const LinkLife = 15 * time.Minute

// LinkPath is the page that a link leads to; its token is the query "token". A
// visit only shows a button (PeekLink), since mail filters visit links too;
// what the button posts signs in (UseLink).
const LinkPath = "/sign-in/link"

// How often links may be asked for within tryWindow, which begins with the first
// try. An address alone is never refused, or anybody could lock out whom they like:
// it gets one letter a minute at most, and whoever asks is answered the same. A
// network asks for one address no oftener than letters would be sent, and for all
// together often enough for a municipality or a course room behind one address.
const (
	tryWindow              = 15 * time.Minute
	letterPause            = time.Minute
	triesPerAddressAndHost = 20
	triesPerNetwork        = 500 // more than 200 sign-ins, with tries to spare
)

// Link is a sign-in link that holds.
type Link struct {
	PersonID int64
	Name     string // the person's, given name first
	Language string // "sv" or "en"
	Next     string // the path to go on to

	expires clock.Instant
	used    *clock.Instant
	letter  int64 // in which it stands; 0 for none
}

// check is nil when the link can still be used, otherwise a fault that says
// what to do.
func (l Link) check(now clock.Instant) error {
	if l.used != nil {
		return fault.Conflict("identity.link_used")
	}
	if l.expires <= now {
		return fault.Conflict("identity.link_expired")
	}
	return nil
}

// errUnknown is a link that was never sent, or so long ago that it is forgotten.
var errUnknown = &fault.Error{Kind: fault.KindNotFound, Key: "identity.link_unknown"}

// newToken is a secret of 32 random bytes as base64url.
func newToken() string {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(secret[:])
}

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// cleanAddress is the e-mail address as it is kept: trimmed and in small letters.
func cleanAddress(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" {
		return "", fault.Invalid("email", "identity.email_missing")
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 {
		return "", fault.Invalid("email", "identity.email_wrong")
	}
	return email, nil
}

// network is what stands for a caller's network: an IPv4 address, or the /64
// that a household or an office gets of IPv6.
func network(remoteAddr string) string {
	ip, err := netip.ParseAddr(remoteAddr)
	if err != nil {
		withPort, err := netip.ParseAddrPort(remoteAddr)
		if err != nil {
			return "unknown"
		}
		ip = withPort.Addr()
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		prefix, _ := ip.Prefix(64) // 64 bits are always in range
		return prefix.String()
	}
	return ip.String()
}

// LocalPath is next when it is a path in this product, otherwise "/": a link
// must not lead on to a stranger's page.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || len(next) > 2000 ||
		strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || unicode.IsControl(r) }) {
		return "/"
	}
	if u, err := url.Parse(next); err != nil || u.Scheme != "" || u.Host != "" {
		return "/"
	}
	return next
}
