package federation

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/federation/fetch"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/text"
)

// How long it is known what a provider says of itself, and how often at most its keys
// are fetched anew because a token names one that we do not have.
const (
	discoveryKept = time.Hour
	keysPause     = time.Minute
)

// algorithms are the ways in which an ID token may be signed: with the provider's own
// key, never with a secret that we share.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// discovered is what a provider says of itself, and its keys.
type discovered struct {
	provider *oidc.Provider
	keys     oidc.KeySet
	keysAt   string
	endsAt   string // where people sign out; empty when it has no such page
	until    clock.Instant
}

// seldom lets the keys be fetched when nobody has them yet, and then once in a while:
// whoever makes up names of keys does not make us ask the provider each time.
type seldom struct {
	next http.RoundTripper
	now  clock.Clock
	mu   sync.Mutex
	have bool
	last clock.Instant
}

var errSeldom = errors.New("the keys were fetched a moment ago")

func (s *seldom) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	now := s.now()
	if s.have && now < s.last.Add(keysPause) {
		s.mu.Unlock()
		return nil, errSeldom
	}
	if s.have {
		s.last = now
	}
	s.mu.Unlock()
	answer, err := s.next.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK {
		s.mu.Lock()
		s.have = true
		s.mu.Unlock()
	}
	return answer, err
}

// discover is what the provider says of itself. What was known stays known while the
// provider is away.
func (f *Federation) discover(ctx context.Context, issuer string) (*discovered, error) {
	now := f.Clock()
	f.mu.Lock()
	known := f.found[issuer]
	f.mu.Unlock()
	if known != nil && now < known.until {
		return known, nil
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, f.client), issuer)
	if err != nil {
		if known != nil {
			return known, nil
		}
		return nil, err
	}
	var said struct {
		Keys string `json:"jwks_uri"`
		Ends string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, err
	}
	if end := provider.Endpoint(); !fetchable(end.AuthURL, f.Loopback) || !fetchable(end.TokenURL, f.Loopback) || !fetchable(said.Keys, f.Loopback) {
		return nil, fetch.ErrNotHTTPS
	}
	d := &discovered{provider: provider, keysAt: said.Keys, until: now.Add(discoveryKept)}
	if fetchable(said.Ends, f.Loopback) {
		d.endsAt = said.Ends
	}
	if known != nil && known.keysAt == d.keysAt {
		d.keys = known.keys
	} else {
		client := *f.client
		client.Transport = &seldom{next: f.client.Transport, now: f.Clock}
		d.keys = oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), &client), said.Keys)
	}
	f.mu.Lock()
	f.found[issuer] = d
	f.mu.Unlock()
	return d, nil
}

// exchange is how we ask the provider: it sends people back to an address that is this
// municipality's alone, so that no other provider's answer arrives there.
func (f *Federation) exchange(p Provider, d *discovered, slug string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: d.provider.Endpoint(),
		RedirectURL: f.Base + address.Below(address.OIDCAnswer, slug), Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// askOIDC is the address at which the provider is asked.
func (f *Federation) askOIDC(ctx context.Context, p Provider, slug, state, nonce, secret string, anew bool) (string, error) {
	d, err := f.discover(ctx, p.Issuer)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(secret)}
	if anew {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return f.exchange(p, d, slug).AuthCodeURL(state, options...), nil
}

// claims are what we read of an ID token or of the provider's answer about a person.
type claims struct {
	Subject       string         `json:"sub"`
	Email         string         `json:"email"`
	EmailVerified any            `json:"email_verified"` // a truth value, or its word
	GivenName     string         `json:"given_name"`
	FamilyName    string         `json:"family_name"`
	Authorised    string         `json:"azp"`
	NotBefore     float64        `json:"nbf"`
	Session       string         `json:"sid"`
	Proved        float64        `json:"auth_time"`
	All           map[string]any `json:"-"`
}

// readOIDC is what the provider says of whom. query is what it sent the browser back
// with, secret the PKCE verifier.
func (f *Federation) readOIDC(ctx context.Context, p Provider, slug string, query url.Values, nonce, secret string, asked, now clock.Instant) (Said, error) {
	d, err := f.discover(ctx, p.Issuer)
	if err != nil {
		return Said{}, refuse(identity.CauseProviderDown, "")
	}
	if iss := query.Get("iss"); iss != "" && iss != p.Issuer {
		return Said{}, refuse(identity.CauseWrongOrganisation, detailIssuer)
	}
	if query.Get("error") != "" {
		return Said{}, refuse(identity.CauseCancelled, detailProvider)
	}
	ctx = oidc.ClientContext(ctx, f.client)
	token, err := f.exchange(p, d, slug).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(secret))
	if err != nil {
		var said *oauth2.RetrieveError
		if errors.As(err, &said) && said.Response != nil && said.Response.StatusCode < 500 {
			return Said{}, refuse(identity.CauseCancelled, detailProvider)
		}
		return Said{}, refuse(identity.CauseProviderDown, "")
	}
	raw, _ := token.Extra("id_token").(string)
	verifier := oidc.NewVerifier(p.Issuer, d.keys, &oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, SkipExpiryCheck: true, Now: func() time.Time { return now.Time() }})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Said{}, oidcRefused(err)
	}
	var c claims
	if err := errors.Join(id.Claims(&c), id.Claims(&c.All)); err != nil {
		return Said{}, refuse(identity.CauseSignature, detailMalformed)
	}
	if id.Nonce == "" || id.Nonce != nonce {
		return Said{}, refuse(identity.CauseReplay, "")
	}
	if c.Authorised != "" && c.Authorised != p.ClientID || len(id.Audience) > 1 && c.Authorised == "" {
		return Said{}, refuse(identity.CauseWrongOrganisation, detailAudience)
	}
	if r := ofThisTime(id.IssuedAt, time.Unix(int64(c.NotBefore), 0), id.Expiry, asked.Time(), now.Time()); r != nil {
		return Said{}, r
	}
	if c.Email == "" && d.provider.UserInfoEndpoint() != "" {
		if err := c.ask(ctx, d.provider, token); err != nil {
			return Said{}, err
		}
	}
	said := c.said()
	if c.Proved > 0 {
		said.Proved = time.Unix(int64(c.Proved), 0)
	}
	said.Ending = Ending{Issuer: p.Issuer, Subject: c.Subject, Session: c.Session, Token: raw, At: d.endsAt}
	return said, nil
}

// oidcRefused is why an ID token was not taken; the library tells in words alone.
func oidcRefused(err error) *refusal {
	switch words := err.Error(); {
	case strings.Contains(words, errSeldom.Error()), strings.Contains(words, "failed to verify id token signature"):
		return refuse(identity.CauseUnknownKey, "")
	case strings.Contains(words, "fetching keys"):
		return refuse(identity.CauseProviderDown, "")
	case strings.Contains(words, "audience"):
		return refuse(identity.CauseWrongOrganisation, detailAudience)
	case strings.Contains(words, "different provider"):
		return refuse(identity.CauseWrongOrganisation, detailIssuer)
	}
	return refuse(identity.CauseSignature, detailMalformed)
}

// ofThisTime is nil when a token was made and holds at the time, give or take skew.
func ofThisTime(issued, from, until, asked, now time.Time) *refusal {
	switch {
	case issued.After(now.Add(skew)):
		return offBy(issued, asked, now)
	case from.After(now.Add(skew)):
		return offBy(from, asked, now)
	case !until.Add(skew).After(now):
		return offBy(issued, asked, now)
	}
	return nil
}

// ask reads the rest from where the provider tells of people. It must be about the
// same person.
func (c *claims) ask(ctx context.Context, provider *oidc.Provider, token *oauth2.Token) error {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return refuse(identity.CauseProviderDown, "")
	}
	if info.Subject != c.Subject {
		return refuse(identity.CauseSignature, detailMalformed)
	}
	kept := c.All
	if err := errors.Join(info.Claims(c), info.Claims(&c.All)); err != nil {
		return refuse(identity.CauseSignature, detailMalformed)
	}
	for name, value := range kept {
		c.All[name] = value
	}
	return nil
}

// mechanics are claims that are about the token and not the person.
var mechanics = []string{"iss", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "c_hash", "s_hash", "jti", "auth_time", "sid", "acr", "amr"}

func (c claims) said() Said {
	s := Said{Subject: c.Subject, Email: strings.ToLower(text.Line(c.Email)), GivenName: text.Line(c.GivenName), FamilyName: text.Line(c.FamilyName)}
	switch c.EmailVerified {
	case true, "true":
		s.Word = Verified
	case nil:
	default:
		s.Word = Denied
	}
	for name := range c.All {
		if !slices.Contains(mechanics, name) {
			s.Names = append(s.Names, text.Line(name))
		}
	}
	slices.Sort(s.Names)
	return s
}
