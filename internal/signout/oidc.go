package signout

import (
	"context"
	"errors"
	"net/url"
	"time"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/organisation"
)

// askOIDC is the way to the provider's page for signing out, and a name for having been
// led there. Who it is about is said by the token that we got when they came.
func (e *Exit) askOIDC(ctx context.Context, l leaving, token string) (Way, string, error) {
	at, err := url.Parse(l.ending.At)
	if err != nil || l.ending.At == "" {
		return Way{}, "", fault.NotFound
	}
	m, err := organisation.ByID(ctx, e.DB.Reader(), l.municipality)
	if err != nil {
		return Way{}, "", err
	}
	query := at.Query()
	query.Set("client_id", l.provider.ClientID)
	query.Set("post_logout_redirect_uri", e.Work.Base+address.Below(address.OIDCSignOut, m.Slug))
	query.Set("state", token)
	if l.ending.Token != "" {
		query.Set("id_token_hint", l.ending.Token)
	} else {
		query.Set("logout_hint", l.ending.Subject)
	}
	at.RawQuery = query.Encode()
	return Way{Address: at.String()}, federation.NewSecret(), nil
}

// Back takes up somebody whom the municipality's provider has sent back from its page for
// signing out. That is all that it says. ErrUntaken when we have led nobody there with the
// token. It asks no viewer: nobody is signed in any more.
func (e *Exit) Back(ctx context.Context, slug, token, remote string, now clock.Instant) error {
	l, err := e.open(ctx, token, now)
	if err == nil {
		var m organisation.Organisation
		if m, err = organisation.ByID(ctx, e.DB.Reader(), l.municipality); err == nil && (m.Slug != slug || l.request == "" || l.provider.Kind != federation.OIDC) {
			err = fault.NotFound
		}
	}
	if errors.Is(err, fault.NotFound) {
		return e.untaken(ctx, remote, now)
	}
	if err != nil {
		return err
	}
	first, err := e.claim(ctx, token, now)
	if err != nil || !first { // the page was opened again
		return err
	}
	return e.conclude(ctx, token, Back)
}

// The longest logout token, in bytes, and how old it may be: by then it is known no more
// that it was taken before.
const (
	mostToken = 16 << 10
	oldest    = time.Hour
)

// Token takes what the municipality's provider says of a session that it has ended: a
// logout token, once. ErrUntaken when it is none. It asks no viewer: the signature says
// who speaks.
func (e *Exit) Token(ctx context.Context, slug, raw, remote string, now clock.Instant) error {
	m, err := organisation.BySlug(ctx, e.DB.Reader(), organisation.Municipality, slug)
	var p federation.Provider
	if err == nil {
		p, err = e.Work.Of(ctx, m.ID)
	}
	if errors.Is(err, fault.NotFound) || err == nil && (p.Kind != federation.OIDC || len(raw) > mostToken || raw == "") {
		return e.untaken(ctx, remote, now)
	}
	if err != nil {
		return err
	}
	if err := e.said(ctx, p, raw, now); err != nil {
		return e.untaken(ctx, remote, now, refused{p, err})
	}
	return nil
}

func (e *Exit) said(ctx context.Context, p federation.Provider, raw string, now clock.Instant) error {
	verifier, err := e.Work.Verifier(ctx, p)
	if err != nil {
		return err
	}
	token, err := verifier.VerifyLogout(ctx, raw)
	if err != nil {
		return federation.Untaken(err, nil, now)
	}
	until := token.Expiry
	if last := token.IssuedAt.Add(oldest); until.After(last) {
		until = last
	}
	if err := federation.Late(token.IssuedAt, until, now); err != nil {
		return err
	}
	return e.end(ctx, p, token.TokenID, token.Subject, []string{token.SessionID}, now)
}
