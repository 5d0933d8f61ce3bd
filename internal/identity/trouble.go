package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/text"
)

// Trouble is a sign-in that failed, for who helps the person. It holds no values:
// the address that was tried is kept as a hash.
type Trouble struct {
	Way          string // one of the ways
	Cause        string // one of the causes
	Detail       string // names of attributes, or a number of seconds; never what they held
	Person       int64  // whose sign-in it was; 0 when nobody was found
	Organisation int64  // on whose side it happened; 0: where the person is employed, if there is one
	Address      string // the e-mail address that was tried, if there was one
}

// The ways in.
const (
	WayLink    = "link"
	WayCode    = "code"
	WayPasskey = "passkey"
	WayOIDC    = "oidc"
	WaySAML    = "saml"
	WayDevice  = "device" // a phone that is remembered
	WayTablet  = "tablet" // a unit's
)

// The causes. TroubleKey is what the person reads, CauseKey what an administrator
// reads.
const (
	CauseUnknownPerson     = "unknown_person"
	CauseInactive          = "inactive"           // the account is closed
	CauseNoEmployment      = "no_employment"      // they work nowhere today
	CauseAttributeMissing  = "attribute_missing"  // Detail names what the provider left out
	CauseWrongOrganisation = "wrong_organisation" // a provider spoke of another organisation's people
	CauseExpired           = "expired"
	CauseUsed              = "used"
	CauseWrongCode         = "wrong_code"
	CauseTooMany           = "too_many"
	CauseClock             = "clock" // Detail says how many seconds the provider's is off
	CauseSignature         = "signature"
	CauseReplay            = "replay"
	CauseUnknownKey        = "unknown_key"
	CauseProviderDown      = "provider_down"
	CauseCancelled         = "cancelled"
	CauseAmbiguous         = "ambiguous" // several people fit
	CauseNotAllowed        = "not_allowed"
)

// TroubleKey is the message for the person: what happened and what to do.
func TroubleKey(cause string) string { return "entry.trouble." + cause }

// CauseKey is the message for who helps them; it is given the Detail.
func CauseKey(cause string) string { return "entry.cause." + cause }

// troubleMemory is how long it is known why a sign-in failed.
const troubleMemory = 90 * 24 * time.Hour

// mostDetail is the longest detail, in bytes.
const mostDetail = 200

// Record keeps why a sign-in failed and returns the reference that the person is
// shown, six letters and digits. It asks no viewer, and belongs into a transaction
// of its own: what failed is rolled back. It is forgotten after 90 days.
func Record(ctx context.Context, tx *db.Tx, t Trouble, now clock.Instant) (reference string, err error) {
	var address []byte
	if clean := strings.ToLower(strings.TrimSpace(t.Address)); clean != "" {
		address = TriedAddress(clean)
	}
	return recordTried(ctx, tx, t, address, now)
}

// recordTried is Record where the address is known as it is kept only.
func recordTried(ctx context.Context, tx *db.Tx, t Trouble, address []byte, now clock.Instant) (reference string, err error) {
	var person, organisation *int64
	if t.Person != 0 {
		person = &t.Person
	}
	if t.Organisation != 0 {
		organisation = &t.Organisation
	}
	detail := text.Line(t.Detail)
	if len(detail) > mostDetail {
		detail = strings.ToValidUTF8(detail[:mostDetail], "")
	}
	reference = newReference()
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO sign_in_trouble (happened_at, way, cause, person_id, organisation_id, address_hash, detail, reference)
		VALUES ($1, $2, $3, $4, COALESCE($5, (
			SELECT COALESCE(e.municipality_id, e.region_id)
			FROM employment AS e
			WHERE e.person_id = $4
			ORDER BY e.main DESC, e.from_day DESC
			LIMIT 1
		)), $6, $7, $8)`, now, t.Way, t.Cause, person, organisation, address, detail, reference); err != nil {
		return "", fmt.Errorf("record why a sign-in failed: %w", err)
	}
	return reference, nil
}

// TriedAddress is the address as it is kept of who failed to sign in with it.
func TriedAddress(clean string) []byte { return hash("tried " + clean) }

// readable is what references are made of: nothing that is taken for another when it
// is read out, and no vowels, so that none is a word.
const readable = "23456789BCDFGHJKMNPQRTVWXZ"

func newReference() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	for i := range b {
		b[i] = readable[int(b[i])%len(readable)]
	}
	return string(b[:])
}
