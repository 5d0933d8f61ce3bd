package federation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation/message"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/vault"
)

// StateLife is how long somebody may take at their provider, and stateKept how long it
// is known what came of it.
const (
	StateLife = 15 * time.Minute
	stateKept = 24 * time.Hour
)

// Begun is a sign-in that begins.
type Begun struct {
	MunicipalityID int64
	Slug           string // the municipality's name in addresses
	Browser        string // the secret that this browser alone has
	Next           string // where the person wants to go, a path of ours
	Tester         int64  // the administrator who only tries; 0: somebody signs in
	Remote         string // the network that asks
	// Anew has the provider ask who it is, though somebody is signed in there: on a device
	// that people share that may be whoever came before.
	Anew bool
}

// Stopped is a sign-in that ends without anybody being let in. The person reads
// identity.TroubleKey of its cause.
type Stopped struct {
	Cause     string
	Reference string // empty when nothing was written down
}

func (s *Stopped) Error() string { return "federation: stopped: " + s.Cause }

// NewSecret is a secret of 32 random bytes as base64url, as a browser keeps it.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hash(kind, secret string) []byte {
	sum := sha256.Sum256([]byte(kind + " " + secret))
	return sum[:]
}

// state is a sign-in under way, as it is kept.
type state struct {
	municipalityID   int64
	slug             string
	browser          []byte
	request, secret  string
	next             string
	tester, person   int64
	made             clock.Instant
	anew             bool // the provider was told to ask anew who it is
	answered, used   *clock.Instant
	cause, reference string
	report           string
}

func (s *state) columns() []any {
	return []any{
		&s.municipalityID, &s.slug, &s.browser, &s.request, &s.secret, &s.next, &s.tester, &s.person, &s.made, &s.anew, &s.answered, &s.used,
		&s.cause, &s.reference, &s.report,
	}
}

const stateColumns = `
	SELECT
		s.municipality_id,
		o.slug,
		s.browser_hash,
		s.request_id,
		s.secret,
		s.next_path,
		COALESCE(s.tester_id, 0),
		COALESCE(s.person_id, 0),
		s.made_at,
		s.anew,
		s.answered_at,
		s.used_at,
		s.cause,
		s.reference,
		s.report
	FROM federation_state AS s
	JOIN organisation AS o ON o.id = s.municipality_id
	WHERE s.state_hash = $1`

var errSecretLost = errors.New("its client secret cannot be read, because the key is not in the key file: the municipality types it anew")

func secretAt(token string) vault.Place {
	return vault.Place{Table: "federation_state", Column: "secret", Row: vault.HashRow(hash("state", token))}
}

// Begin is the address at which the municipality's provider is asked who it is.
// fault.NotFound when people do not sign in there that way, Stopped when the provider
// cannot be asked. It is open to everybody; who tries must be asked before.
func (f *Federation) Begin(ctx context.Context, b Begun, now clock.Instant) (string, error) {
	p, err := provider(ctx, f.DB.Reader(), b.MunicipalityID)
	if err != nil {
		return "", err
	}
	if !p.On() && b.Tester == 0 {
		return "", fault.NotFound
	}
	token, request, secret := NewSecret(), NewSecret(), ""
	var address string
	switch {
	case p.SecretLost:
		err = errSecretLost
	case p.Kind == OIDC:
		secret = NewSecret()
		address, err = f.askOIDC(ctx, p, b.Slug, token, request, secret, b.Anew)
	default:
		if p, err = f.fresh(ctx, p, now); err == nil {
			address, request, err = f.askSAML(ctx, p, token, b.Anew, now)
		}
	}
	if err != nil {
		f.Log.Warn("a provider cannot be asked", "municipality", b.Slug, "error", err)
		return "", f.stop(ctx, p, b.Tester, refuse(identity.CauseProviderDown, ""), now)
	}
	var tester *int64
	if b.Tester != 0 {
		tester = &b.Tester
	}
	sealed, err := f.DB.Keys.Seal(secretAt(token), secret)
	if err != nil {
		return "", fmt.Errorf("begin a sign-in elsewhere: %w", err)
	}
	err = f.DB.Write(ctx, func(tx *db.Tx) error {
		if err := identity.CountStart(ctx, tx, now, "start", b.Remote); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM federation_state WHERE made_at < $1`, now.Add(-stateKept)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `
			INSERT INTO federation_state (state_hash, municipality_id, browser_hash, request_id, secret, next_path, tester_id, made_at, anew)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			hash("state", token), b.MunicipalityID, hash("browser", b.Browser), request, sealed, identity.LocalPath(b.Next), tester, now, b.Anew)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("begin a sign-in elsewhere: %w", err)
	}
	return address, nil
}

// stop writes down why nobody was let in, unless an administrator only tries.
func (f *Federation) stop(ctx context.Context, p Provider, tester int64, r *refusal, now clock.Instant) error {
	stopped := &Stopped{Cause: r.cause}
	if tester != 0 {
		return stopped
	}
	err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		stopped.Reference, err = p.record(ctx, tx, r, now)
		return err
	})
	if err != nil {
		return err
	}
	return stopped
}

func (p Provider) record(ctx context.Context, tx *db.Tx, r *refusal, now clock.Instant) (string, error) {
	return identity.Record(ctx, tx, identity.Trouble{Way: p.way(), Cause: r.cause, Detail: r.detail, Person: r.person, Organisation: p.MunicipalityID}, now)
}

// claim takes the state for its one answer. kind is the language of the answer, slug
// the municipality at whose address it came (empty: at an address for all). A state
// that there is not, or that is too old, is Stopped.
func (f *Federation) claim(ctx context.Context, token string, kind Kind, slug string, now clock.Instant) (state, Provider, error) {
	expired := &Stopped{Cause: identity.CauseExpired}
	s, err := db.Row(ctx, f.DB.Reader(), (*state).columns, stateColumns, hash("state", token))
	if errors.Is(err, fault.NotFound) {
		return state{}, Provider{}, expired
	}
	if err != nil {
		return state{}, Provider{}, err
	}
	p, err := provider(ctx, f.DB.Reader(), s.municipalityID)
	if errors.Is(err, fault.NotFound) {
		return state{}, Provider{}, expired
	}
	if err != nil {
		return state{}, Provider{}, err
	}
	switch {
	case p.Kind != kind || slug != "" && slug != s.slug:
		return state{}, Provider{}, f.stop(ctx, p, s.tester, refuse(identity.CauseWrongOrganisation, detailIssuer), now)
	case s.made.Add(StateLife) <= now:
		return state{}, Provider{}, f.stop(ctx, p, s.tester, refuse(identity.CauseExpired, ""), now)
	case !p.On() && s.tester == 0:
		return state{}, Provider{}, f.stop(ctx, p, s.tester, refuse(identity.CauseNotAllowed, detailOff), now)
	}
	var claimed int64
	if err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		claimed, err = db.Exec(ctx, tx, `UPDATE federation_state SET answered_at = $2 WHERE state_hash = $1 AND answered_at IS NULL`, hash("state", token), now)
		return err
	}); err != nil {
		return state{}, Provider{}, fmt.Errorf("take an answer: %w", err)
	}
	if claimed == 0 { // there was one before
		return state{}, Provider{}, f.stop(ctx, p, s.tester, refuse(identity.CauseReplay, ""), now)
	}
	return s, p, nil
}

// AnswerSAML takes what a provider's page sent: the form's SAMLResponse and
// RelayState. Nobody is signed in yet: only the browser that began is, by Finish,
// which is asked for with the state's token. No cookie takes part in it, for none is
// sent with a form from another site. It asks no viewer: whoever brings it is unknown.
func (f *Federation) AnswerSAML(ctx context.Context, response, relayState string, now clock.Instant) error {
	s, p, err := f.claim(ctx, relayState, SAML, "", now)
	if err != nil {
		return err
	}
	said, scopes, err := f.hearSAML(ctx, p, response, s, now)
	return f.conclude(ctx, relayState, s, p, said, scopes, err, now)
}

// hearSAML reads the response; when its key is unknown the provider's metadata is read
// anew once, for it may have a new one.
func (f *Federation) hearSAML(ctx context.Context, p Provider, field string, s state, now clock.Instant) (Said, []string, error) {
	response, err := message.Posted(field, message.Response)
	if err != nil {
		return Said{}, nil, unread(err)
	}
	said, scopes, err := f.readSAML(ctx, p, response, s.request, s.made, now)
	if unknown := (*refusal)(nil); errors.As(err, &unknown) && (unknown.cause == identity.CauseUnknownKey || unknown.detail == detailUnsigned || unknown.detail == detailCertificate) {
		renewed, changed, fetched := f.renew(ctx, p, now)
		if fetched != nil && !errors.Is(fetched, errPause) {
			f.Log.Warn("a provider's metadata cannot be read anew", "municipality", s.slug, "error", fetched)
		}
		if fetched == nil && changed {
			return f.readSAML(ctx, renewed, response, s.request, s.made, now)
		}
	}
	return said, scopes, err
}

// AnswerOIDC takes what a provider sent the browser back with, at the address of the
// municipality. It asks no viewer: whoever brings it is unknown.
func (f *Federation) AnswerOIDC(ctx context.Context, slug string, query url.Values, now clock.Instant) error {
	token := query.Get("state")
	s, p, err := f.claim(ctx, token, OIDC, slug, now)
	if err != nil {
		return err
	}
	secret, err := f.DB.Keys.Open(secretAt(token), s.secret)
	if errors.Is(err, vault.ErrUnreadable) {
		return f.stop(ctx, p, s.tester, refuse(identity.CauseExpired, ""), now)
	}
	if err != nil {
		return fmt.Errorf("take an answer: %w", err)
	}
	said, err := f.readOIDC(ctx, p, slug, query, s.request, secret, s.made, now)
	return f.conclude(ctx, token, s, p, said, nil, err, now)
}

// Report is what came of trying a provider: what came, and what is missing. It names
// attributes, and no values.
type Report struct {
	Names    []string // of what came
	Lasting  bool     // a lasting name came
	Email    bool
	Own      bool // the address is of one of the domains
	Checked  bool // the provider says that it has checked the address
	Given    bool
	Family   bool
	Found    bool // the person who tried was found
	Adds     bool // nobody was found, and they would be added
	Cause    string
	Detail   string
	Happened clock.Instant
}

// conclude finds out who it is and keeps that, or why nobody is let in. When another
// answer has added or linked the same person meanwhile, it is found out once more.
func (f *Federation) conclude(ctx context.Context, token string, s state, p Provider, said Said, scopes []string, heard error, now clock.Instant) error {
	if heard == nil && s.anew && !said.Proved.IsZero() && said.Proved.Before(s.made.Time().Add(-skew)) {
		heard = refuse(identity.CauseExpired, detailEarlier) // of who was here before
	}
	err := f.keep(ctx, token, s, p, said, scopes, heard, now)
	if errors.Is(err, errMeanwhile) {
		err = f.keep(ctx, token, s, p, said, scopes, heard, now)
	}
	return err
}

func (f *Federation) keep(ctx context.Context, token string, s state, p Provider, said Said, scopes []string, heard error, now clock.Instant) error {
	var r *refusal
	if heard != nil && !errors.As(heard, &r) {
		return heard
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		var person int64
		var err error
		r := r
		if r == nil {
			if person, r, err = p.match(ctx, tx, said, scopes, s.tester != 0, now); err != nil {
				return err
			}
		}
		report, cause, reference, ending := "", "", "", ""
		if r != nil {
			cause = r.cause
		}
		switch {
		case s.tester != 0:
			report, err = said.report(p, s.tester, person, r, now)
			person = 0
		case r != nil:
			reference, err = p.record(ctx, tx, r, now)
			person = 0
		default:
			ending, err = said.Ending.sealed(tx, token)
		}
		if err != nil {
			return err
		}
		var found *int64
		if person != 0 {
			found = &person
		}
		_, err = db.Exec(ctx, tx, `
			UPDATE federation_state
			SET person_id = $2, cause = $3, reference = $4, report = $5, secret = $6
			WHERE state_hash = $1`, hash("state", token), found, cause, reference, report, ending)
		return err
	})
}

func (s Said) report(p Provider, tester, person int64, r *refusal, now clock.Instant) (string, error) {
	report := Report{
		Names: s.Names, Lasting: lasting(s.Subject), Email: s.Email != "", Own: s.Email != "" && p.Owns(s.Email), Checked: s.Word == Verified,
		Given: s.GivenName != "", Family: s.FamilyName != "", Found: person == tester, Adds: r == nil && person == 0, Happened: now,
	}
	if r != nil {
		report.Cause, report.Detail = r.cause, r.detail
	}
	out, err := json.Marshal(report)
	return string(out), err
}

// Outcome is how a sign-in elsewhere has ended.
type Outcome struct {
	PersonID int64  // who is let in; 0 for nobody
	Next     string // where they wanted to go
	Cause    string // why nobody is let in
	// Reference is for whoever helps them.
	Reference      string
	MunicipalityID int64
	Slug           string
	Tried          bool   // an administrator tried: the report is at Tried
	Ending         Ending // how the provider's session can be ended
}

// Finish is the outcome for the browser that began, once it has an answer. Any other
// browser is refused: an answer that was got elsewhere signs nobody in as somebody
// else. Who is let in is told once.
func (f *Federation) Finish(ctx context.Context, token, browser string, now clock.Instant) (Outcome, error) {
	expired := Outcome{Cause: identity.CauseExpired}
	s, err := db.Row(ctx, f.DB.Reader(), (*state).columns, stateColumns, hash("state", token))
	if errors.Is(err, fault.NotFound) || err == nil && (s.answered == nil || s.made.Add(StateLife) <= now) {
		return expired, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	outcome := Outcome{PersonID: s.person, Next: s.next, Cause: s.cause, Reference: s.reference, MunicipalityID: s.municipalityID, Slug: s.slug, Tried: s.tester != 0}
	p, err := provider(ctx, f.DB.Reader(), s.municipalityID)
	if err != nil {
		return Outcome{}, err
	}
	if subtle.ConstantTimeCompare(s.browser, hash("browser", browser)) != 1 {
		return f.notTheirs(ctx, p, s, refuse(identity.CauseReplay, detailBrowser), now)
	}
	if s.person == 0 {
		if s.cause == "" && s.tester == 0 {
			return expired, nil // the answer was taken, and the program stopped before it knew whose it was
		}
		return outcome, nil
	}
	if outcome.Ending, err = openEnding(f.DB.Reader(), token, s.secret); err != nil {
		return Outcome{}, fmt.Errorf("finish a sign-in elsewhere: %w", err)
	}
	var taken int64
	if err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		taken, err = db.Exec(ctx, tx, `UPDATE federation_state SET used_at = $2, secret = '' WHERE state_hash = $1 AND used_at IS NULL`, hash("state", token), now)
		return err
	}); err != nil {
		return Outcome{}, fmt.Errorf("finish a sign-in elsewhere: %w", err)
	}
	if taken == 0 {
		return f.notTheirs(ctx, p, s, refuse(identity.CauseReplay, ""), now)
	}
	return outcome, nil
}

func (f *Federation) notTheirs(ctx context.Context, p Provider, s state, r *refusal, now clock.Instant) (Outcome, error) {
	var stopped *Stopped
	if err := f.stop(ctx, p, s.tester, r, now); !errors.As(err, &stopped) {
		return Outcome{}, err
	}
	return Outcome{Cause: stopped.Cause, Reference: stopped.Reference, MunicipalityID: s.municipalityID, Slug: s.slug}, nil
}
