package signout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// Life is how long somebody may sign out at their provider after they have done so here.
// heardKept is longer than any message is taken after it was made.
const (
	Life      = 15 * time.Minute
	heardKept = 24 * time.Hour
)

type sweep struct{}

func (sweep) Kind() string { return "signout_sweep" }

// Handle lets the queue forget what is over.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ sweep) error { return Sweep(ctx, d, now()) })
	jobs.Every(q, time.Hour, sweep{})
}

// Sweep forgets sign-outs that are over, and messages that nobody takes any more.
func Sweep(ctx context.Context, d *db.DB, now clock.Instant) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM work_sign_out WHERE made_at <= $1`, now.Add(-Life)); err != nil {
			return fmt.Errorf("forget sign-outs that are over: %w", err)
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM work_sign_out_heard WHERE heard_at <= $1`, now.Add(-heardKept)); err != nil {
			return fmt.Errorf("forget what providers have said: %w", err)
		}
		return nil
	})
}

// Exit ends sessions that began at work.
type Exit struct {
	DB       *db.DB
	Work     *federation.Federation
	Sessions *identity.Sessions
}

// Outcome is what came of signing out at the provider.
type Outcome string

// The outcomes.
const (
	Waiting Outcome = ""       // nothing yet
	Out     Outcome = "out"    // the provider says that the person is signed out
	Partly  Outcome = "partly" // there, but not of all that they were signed in to
	Back    Outcome = "back"   // the provider has sent them back, and OpenID Connect does not say more
	Failed  Outcome = "failed"
)

// mark is what the provider of the municipality calls a person or a session, as it is kept.
func mark(p federation.Provider, of, name string) string {
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{of, strconv.FormatInt(p.MunicipalityID, 10), string(p.Kind), p.Issuer, name}, "\x00")))
	return hex.EncodeToString(sum[:])
}

func nameMark(p federation.Provider, name string) string       { return mark(p, "name", name) }
func sessionMark(p federation.Provider, session string) string { return mark(p, "session", session) }

// Came is how the session at the provider of who signs in is ended, for their session here to
// keep. It asks no viewer: it is for who lets somebody in.
func (e *Exit) Came(ctx context.Context, o federation.Outcome) (origin identity.Origin, err error) {
	p, err := e.Work.Of(ctx, o.MunicipalityID)
	if err != nil {
		return origin, fmt.Errorf("keep where a session began: %w", err)
	}
	name := o.Ending.Subject
	if p.Kind == federation.SAML {
		name = o.Ending.Name.Value
	}
	origin.MunicipalityID = o.MunicipalityID
	if name != "" && o.Ending.Issuer == p.Issuer {
		text, err := json.Marshal(o.Ending)
		if err != nil {
			return origin, err
		}
		origin.Name, origin.Session = nameMark(p, name), sessionMark(p, o.Ending.Session)
		if origin.Sealed, err = e.DB.Keys.Seal(sessionPlace(origin.Name), string(text)); err != nil {
			return origin, err
		}
	}
	return origin, nil
}

func sessionPlace(name string) vault.Place {
	return vault.Place{Table: "session", Column: "work", Row: name}
}

func leavePlace(token string) vault.Place {
	return vault.Place{Table: "work_sign_out", Column: "work", Row: vault.HashRow(hash("sign-out", token))}
}

func hash(of, token string) []byte {
	sum := sha256.Sum256([]byte(of + " " + token))
	return sum[:]
}

// Leave ends the session, and first of all. The token is that of a sign-out at the provider
// where the session began; empty when it began here.
func (e *Exit) Leave(ctx context.Context, now clock.Instant) (token string, err error) {
	origin, elsewhere := e.Sessions.Origin(ctx)
	person := e.Sessions.PersonID(ctx)
	if err := e.Sessions.SignOut(ctx); err != nil || !elsewhere || person == 0 {
		return "", err
	}
	work, _, err := sealing.Text(e.DB.Reader(), sessionPlace(origin.Name), origin.Sealed)
	if err != nil {
		return "", fmt.Errorf("sign out at work: %w", err)
	}
	token = federation.NewSecret()
	sealed, err := e.DB.Keys.Seal(leavePlace(token), work)
	if err != nil {
		return "", fmt.Errorf("sign out at work: %w", err)
	}
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO work_sign_out (token_hash, person_id, municipality_id, work, made_at) VALUES ($1, $2, $3, $4, $5)`,
			hash("sign-out", token), person, origin.MunicipalityID, sealed, now)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sign out at work: %w", err)
	}
	return token, nil
}

// leaving is a sign-out under way.
type leaving struct {
	municipality int64
	work         string
	request      string
	made         clock.Instant
	answered     *clock.Instant
	outcome      Outcome

	ending   federation.Ending // empty when it cannot be read, or has been used
	provider federation.Provider
}

// open is the sign-out with the token; fault.NotFound when there is none, or it is over.
func (e *Exit) open(ctx context.Context, token string, now clock.Instant) (leaving, error) {
	l, err := db.Row(ctx, e.DB.Reader(), func(l *leaving) []any {
		return []any{&l.municipality, &l.work, &l.request, &l.made, &l.answered, &l.outcome}
	}, `
		SELECT municipality_id, work, request_id, made_at, answered_at, outcome
		FROM work_sign_out
		WHERE token_hash = $1`, hash("sign-out", token))
	if err == nil && l.made.Add(Life) <= now {
		err = fault.NotFound
	}
	if err != nil {
		return leaving{}, err
	}
	text, _, err := sealing.Text(e.DB.Reader(), leavePlace(token), l.work)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &l.ending)
	}
	if err != nil {
		return leaving{}, fmt.Errorf("sign out at work: %w", err)
	}
	if l.provider, err = e.Work.Of(ctx, l.municipality); err != nil && !errors.Is(err, fault.NotFound) {
		return leaving{}, err
	}
	return l, nil
}

// same tells whether the municipality has the provider still by which the person came in.
func (l leaving) same() bool { return l.ending.Issuer != "" && l.ending.Issuer == l.provider.Issuer }

// Told is what somebody who has signed out here is told.
type Told struct {
	Municipality organisation.Organisation
	Outcome      Outcome
	May          bool // they can be led to sign out there, too
}

// Told is what the sign-out with the token has come to; fault.NotFound when there is none,
// or it is over. It asks no viewer: nobody is signed in any more.
func (e *Exit) Told(ctx context.Context, token string, now clock.Instant) (Told, error) {
	l, err := e.open(ctx, token, now)
	if err != nil {
		return Told{}, err
	}
	t := Told{Outcome: l.outcome}
	if t.Municipality, err = organisation.ByID(ctx, e.DB.Reader(), l.municipality); err != nil {
		return Told{}, err
	}
	if l.answered == nil && l.same() {
		if l.provider.Kind == federation.OIDC {
			t.May = l.ending.At != ""
		} else {
			sp, err := e.Work.Service(ctx, l.provider, now)
			t.May = err == nil && l.ending.Name.Value != "" && e.endsAt(sp, false).Location != ""
		}
	}
	return t, nil
}

// claim takes the sign-out for its one answer; false when it has had one.
func (e *Exit) claim(ctx context.Context, token string, now clock.Instant) (bool, error) {
	var n int64
	err := e.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Exec(ctx, tx, `UPDATE work_sign_out SET answered_at = $2, work = '' WHERE token_hash = $1 AND answered_at IS NULL`, hash("sign-out", token), now)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take an answer about signing out: %w", err)
	}
	return n > 0, nil
}

func (e *Exit) conclude(ctx context.Context, token string, o Outcome) error {
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE work_sign_out SET outcome = $2 WHERE token_hash = $1`, hash("sign-out", token), o)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep how a sign-out ended: %w", err)
	}
	return nil
}

// end ends the sessions of the provider, once for each message: message is its name.
func (e *Exit) end(ctx context.Context, p federation.Provider, message, name string, sessions []string, now clock.Instant) error {
	marks := make([]string, 0, len(sessions))
	for _, s := range sessions {
		if s != "" {
			marks = append(marks, sessionMark(p, s))
		}
	}
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO work_sign_out_heard (message_hash, heard_at) VALUES ($1, $2)`, hash("message", mark(p, "message", message)), now); err != nil {
			return err
		}
		return identity.EndFrom(ctx, tx, nameMark(p, name), marks, now)
	})
	if db.IsUnique(err) {
		return federation.Replayed()
	}
	if err != nil {
		return fmt.Errorf("end sessions that a provider has ended: %w", err)
	}
	return nil
}

// ErrUntaken tells that a provider's message was not taken; why stands where its
// municipality's administrator reads it.
var ErrUntaken = errors.New("signout: a provider's message was not taken")

// refused is why a provider's message was not taken.
type refused struct {
	provider federation.Provider
	why      error
}

// untaken keeps for the municipalities' administrators why a message was not taken, unless
// the network sends such too often. It is ErrUntaken when all went well.
func (e *Exit) untaken(ctx context.Context, remote string, now clock.Instant, all ...refused) error {
	if err := e.DB.Write(ctx, func(tx *db.Tx) error { return identity.CountStart(ctx, tx, now, "untaken", remote) }); err != nil {
		return err
	}
	for _, r := range all {
		if err := e.Work.NotSignedOut(ctx, r.provider, r.why, now); err != nil {
			return err
		}
	}
	return ErrUntaken
}
