package passkey

import (
	"crypto/rand"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"yrkesresan/internal/clock"
)

const (
	ceremonyLife = 5 * time.Minute
	mostName     = 60 // letters of a key's name
	mostKeys     = 20 // of a person
	handleBytes  = 64
)

// Key is a person's passkey, for its list.
type Key struct {
	ID       int64
	Name     string
	MadeAt   clock.Instant
	UsedAt   *clock.Instant
	BackedUp bool // a copy of it is kept by the maker of the device
}

// Keys are the ceremonies at one address of the product.
type Keys struct{ web *webauthn.WebAuthn }

// Open is for a product that people find at base ("https://yrkesresan.example.org");
// nil where browsers have no passkeys: a base without a host, or whose host is a number.
func Open(base string) (*Keys, error) {
	at, err := url.Parse(base)
	if err != nil || at.Hostname() == "" {
		return nil, nil //nolint:nilerr,nilnil // no address, no keys
	}
	if _, err := netip.ParseAddr(at.Hostname()); err == nil {
		return nil, nil //nolint:nilnil // no keys for a number
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: at.Hostname(), RPDisplayName: "Yrkesresan", RPOrigins: []string{at.Scheme + "://" + at.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys at %s: %w", base, err)
	}
	return &Keys{web}, nil
}

// holder is who a key is of, as the library asks.
type holder struct {
	person int64
	handle []byte
	name   string
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func newHandle() []byte {
	handle := make([]byte, handleBytes)
	_, _ = rand.Read(handle) // never fails: see crypto/rand
	return handle
}

// row is a key as it is kept.
type row struct {
	id         int64
	person     int64
	handle     []byte
	transports string
	removed    *clock.Instant
	c          webauthn.Credential
	counter    int64
}

func (r *row) columns() []any {
	return []any{
		&r.id, &r.person, &r.handle, &r.c.ID, &r.c.PublicKey, &r.transports, &r.c.Authenticator.AAGUID, &r.c.AttestationType, &r.counter,
		&r.c.Flags.UserPresent, &r.c.Flags.UserVerified, &r.c.Flags.BackupEligible, &r.c.Flags.BackupState, &r.removed,
	}
}

const columns = `id, person_id, handle, credential_id, public_key, transports, aaguid, attestation, counter, user_present, user_verified, backup_eligible, backed_up, removed_at`

// credential is the key as the library has it.
func (r *row) credential() webauthn.Credential {
	c := r.c
	c.Authenticator.SignCount = uint32(r.counter) //nolint:gosec // it was one when it was kept
	for name := range strings.FieldsSeq(r.transports) {
		c.Transport = append(c.Transport, protocol.AuthenticatorTransport(name))
	}
	return c
}

func transports(c webauthn.Credential) string {
	names := make([]string, len(c.Transport))
	for i, t := range c.Transport {
		names[i] = string(t)
	}
	return strings.Join(names, " ")
}
