package federation

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/crewjam/saml"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/federation/message"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/sealing"
)

// Ending is by what a provider knows the session in which it let somebody in, so that
// either side can end the other's (package signout). It names the person.
type Ending struct {
	Issuer  string
	Name    saml.NameID // SAML: as it came, with its format and whose it is
	Subject string      // OIDC
	Session string      // SAML's SessionIndex or OIDC's sid; empty when it has none
	Token   string      // OIDC: the ID token, by which the provider knows who leaves
	At      string      // OIDC: where people sign out; for SAML the metadata says it
}

// mostToken is the longest ID token that is kept, in bytes: it comes back in an address.
const mostToken = 6 << 10

// sealed is the ending as it is kept with the state, between the answer and its browser.
// What no provider sends is not kept: nobody is refused for it, and is told that they are
// still signed in there.
func (e Ending) sealed(tx *db.Tx, token string) (string, error) {
	for _, part := range []string{e.Name.Value, e.Name.Format, e.Name.NameQualifier, e.Name.SPNameQualifier, e.Name.SPProvidedID, e.Subject, e.Session} {
		if len(part) > mostSubject {
			e = Ending{Issuer: e.Issuer}
		}
	}
	if len(e.Token) > mostToken {
		e.Token = ""
	}
	text, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	return db.Keys(tx).Seal(secretAt(token), string(text))
}

func openEnding(q db.Querier, token, stored string) (e Ending, err error) {
	text, _, err := sealing.Text(q, secretAt(token), stored)
	if err != nil || text == "" {
		return Ending{}, err
	}
	return e, json.Unmarshal([]byte(text), &e)
}

// Of is the municipality's provider; fault.NotFound when it has none. It asks no viewer,
// and is for who signs out.
func (f *Federation) Of(ctx context.Context, municipalityID int64) (Provider, error) {
	return provider(ctx, f.DB.Reader(), municipalityID)
}

// Named are the municipalities' providers of the kind that call themselves so. It is no
// proof that a message comes from them: each has its own keys. Also those that are closed
// are among them, for who came in by one stays so.
func (f *Federation) Named(ctx context.Context, kind Kind, issuer string) (all []Provider, err error) {
	ids, err := db.Rows(ctx, f.DB.Reader(), db.One[int64], `
		SELECT municipality_id FROM federation_provider WHERE kind = $1 AND issuer = $2 ORDER BY municipality_id`, kind, issuer)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, err := provider(ctx, f.DB.Reader(), id)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Service is us as the SAML provider sees us, and the provider as we see it.
func (f *Federation) Service(ctx context.Context, p Provider, now clock.Instant) (*saml.ServiceProvider, error) {
	k, err := f.keys(ctx)
	if err != nil {
		return nil, err
	}
	entity, err := samlEntity(p.Metadata)
	if err != nil {
		return nil, err
	}
	return f.service(k, entity, p, now), nil
}

// Renewed is the provider with metadata that was read anew, because its key is unknown;
// false when it says the same as before, or somebody has asked a moment ago.
func (f *Federation) Renewed(ctx context.Context, p Provider, now clock.Instant) (Provider, bool) {
	renewed, changed, err := f.renew(ctx, p, now)
	if err != nil && !errors.Is(err, errPause) {
		f.Log.Warn("a provider's metadata cannot be read anew", "issuer", p.Issuer, "error", err)
	}
	return renewed, err == nil && changed
}

// Verifier checks whether a token is the provider's, and for us. Its times are the
// caller's to check.
func (f *Federation) Verifier(ctx context.Context, p Provider) (*oidc.IDTokenVerifier, error) {
	d, err := f.discover(ctx, p.Issuer)
	if err != nil {
		return nil, refuse(identity.CauseProviderDown, "")
	}
	return oidc.NewVerifier(p.Issuer, d.keys, &oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, SkipExpiryCheck: true}), nil
}

// Leads tells whether people may be led to the address.
func (f *Federation) Leads(address string) bool { return fetchable(address, f.Loopback) }

// signOutDetail begins the detail of a trouble that is about signing out: see OfSignOut.
const signOutDetail = "sign_out"

// OfSignOut tells whether the detail of a trouble says that it was about signing out, and
// what it says beside that.
func OfSignOut(detail string) (rest string, yes bool) {
	rest, yes = strings.CutPrefix(detail, signOutDetail)
	return strings.TrimSpace(rest), yes
}

// NotSignedOut keeps for the municipality's administrator why a message about signing out
// was not taken.
func (f *Federation) NotSignedOut(ctx context.Context, p Provider, why error, now clock.Instant) error {
	r := &refusal{}
	if !errors.As(why, &r) {
		return why
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := p.record(ctx, tx, &refusal{cause: r.cause, detail: signOutDetail + " " + r.detail}, now)
		return err
	})
}

// Untaken is why a message about signing out was not taken, as NotSignedOut keeps it; nil
// for a fault of ours. text is the message, where there is one.
func Untaken(err error, text []byte, now clock.Instant) error {
	if r := (*refusal)(nil); errors.As(err, &r) {
		return r
	}
	if errors.Is(err, message.ErrMalformed) || errors.Is(err, message.ErrEncrypted) || errors.Is(err, message.ErrUnsigned) {
		return unread(err)
	}
	var private *saml.InvalidResponseError
	if !errors.As(err, &private) {
		return oidcRefused(err)
	}
	// Of a signature in an address, and of one that is not there, the library tells in
	// words alone.
	switch words := private.PrivateErr.Error(); {
	case strings.Contains(words, "certificate is not valid at this time"):
		return refuse(identity.CauseSignature, detailCertificate)
	case strings.Contains(words, "signature element not present"):
		return refuse(identity.CauseSignature, detailUnsigned)
	case strings.Contains(words, "cannot validate signature:"):
		return refuse(identity.CauseUnknownKey, "")
	}
	return refusedAs(err, issuedAt(text), time.Time{}, now.Time())
}

// NewKeyMayHelp tells whether the message would be taken if the provider had a new key.
func NewKeyMayHelp(why error) bool {
	r := (*refusal)(nil)
	return errors.As(why, &r) && (r.cause == identity.CauseUnknownKey || r.detail == detailUnsigned || r.detail == detailCertificate)
}

// Refused tells whether the provider's message was refused, and not that we could not read it.
func Refused(why error) bool {
	r := (*refusal)(nil)
	return errors.As(why, &r)
}

// Replayed is that a message was taken before.
func Replayed() error { return refuse(identity.CauseReplay, "") }

// Late is why a token is not of this time; nil when it is.
func Late(issued, until time.Time, now clock.Instant) error {
	if r := ofThisTime(issued, time.Time{}, until, time.Time{}, now.Time()); r != nil {
		return r
	}
	return nil
}

// unread is why a message was not read at all.
func unread(err error) *refusal {
	switch {
	case errors.Is(err, message.ErrEncrypted):
		return refuse(identity.CauseSignature, detailEncrypted)
	case errors.Is(err, message.ErrUnsigned):
		return refuse(identity.CauseSignature, detailUnsigned)
	}
	return refuse(identity.CauseSignature, detailMalformed)
}
