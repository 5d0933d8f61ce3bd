package passkey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/text"
)

// Asked is what a browser is asked to sign: Options are for its script, Token names the
// question when the answer comes.
type Asked struct {
	Token   string `json:"token"`
	Options any    `json:"options"`
}

// Refused is why a key did not let anybody in, and the reference that the person is
// shown.
type Refused struct{ Cause, Reference string }

// Of are the person's keys, the newest first. Who may see them is said by
// access.Sessions.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Key, error) {
	if err := identity.Within(ctx, q, access.Sessions(viewer), personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(k *Key) []any { return []any{&k.ID, &k.Name, &k.MadeAt, &k.UsedAt, &k.BackedUp} }, `
		SELECT id, name, made_at, used_at, backed_up
		FROM passkey
		WHERE person_id = $1 AND removed_at IS NULL
		ORDER BY made_at DESC, id DESC`, personID)
}

// Remove takes the key away: nobody gets in with it any more. fault.NotFound for one
// that is out of reach or was removed.
func Remove(ctx context.Context, tx *db.Tx, viewer access.Viewer, keyID int64, now clock.Instant) error {
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM passkey WHERE id = $1 AND removed_at IS NULL`, keyID)
	if err != nil {
		return err
	}
	if err := identity.Within(ctx, tx, access.Sessions(viewer), person, now.Day()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE passkey SET removed_at = $2, removed_by = $3 WHERE id = $1 AND removed_at IS NULL`, keyID, now, viewer.ActorID())
	if err != nil {
		return fmt.Errorf("remove a passkey: %w", err)
	}
	if n == 0 {
		return fault.NotFound
	}
	return nil
}

// OfferNew asks the viewer's browser to make a key for them.
func (k *Keys) OfferNew(ctx context.Context, d *db.DB, viewer access.Viewer, now clock.Instant) (Asked, error) {
	if viewer.PersonID == 0 {
		return Asked{}, fault.Forbidden
	}
	h, err := holderOf(ctx, d.Reader(), viewer)
	if err != nil {
		return Asked{}, err
	}
	if len(h.keys) >= mostKeys {
		return Asked{}, fault.Conflict("entry.passkey.too_many", "Most", mostKeys)
	}
	var exclude []protocol.CredentialDescriptor
	for _, c := range h.keys {
		exclude = append(exclude, c.Descriptor())
	}
	options, session, err := k.web.BeginRegistration(h, webauthn.WithExclusions(exclude))
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return ask(ctx, d, viewer.ActorID(), options.Response, session, now)
}

// holderOf is the viewer with their keys; a handle is theirs from the first key on.
func holderOf(ctx context.Context, q db.Querier, viewer access.Viewer) (holder, error) {
	h := holder{person: viewer.PersonID, name: viewer.Name, handle: newHandle()}
	rows, err := db.Rows(ctx, q, (*row).columns, `
		SELECT `+columns+`
		FROM passkey
		WHERE person_id = $1 AND removed_at IS NULL
		ORDER BY made_at, id`, viewer.PersonID)
	if err != nil {
		return h, fmt.Errorf("read passkeys: %w", err)
	}
	for i := range rows {
		h.handle = rows[i].handle
		h.keys = append(h.keys, rows[i].credential())
	}
	return h, nil
}

// Add keeps the key that the viewer's browser has made, under the name. A question that
// was not theirs, or too long ago, and an answer that does not hold are
// fault.Conflict; no name is fault.Invalid.
func (k *Keys) Add(ctx context.Context, d *db.DB, viewer access.Viewer, now clock.Instant, token, name string, answer []byte) error {
	name = text.Line(name)
	var checks fault.Checks
	checks.Require(name != "", "name", "fault.name_missing")
	checks.Require(utf8.RuneCountInString(name) <= mostName, "name", "fault.too_long", "Max", mostName)
	if err := checks.Err(); err != nil {
		return err
	}
	session, person, err := asked(ctx, d, token, now)
	if errors.Is(err, fault.NotFound) || err == nil && (person == 0 || person != viewer.PersonID) {
		return fault.Conflict(identity.TroubleKey(identity.CauseExpired))
	}
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return fault.Conflict("entry.passkey.not_made")
	}
	c, err := k.web.CreateCredential(holder{person: person, handle: session.UserID}, session, parsed)
	if err != nil {
		return fault.Conflict("entry.passkey.not_made")
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO passkey (person_id, handle, credential_id, public_key, name, transports, aaguid, attestation, counter,
				user_present, user_verified, backup_eligible, backed_up, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			person, session.UserID, c.ID, c.PublicKey, name, transports(*c), c.Authenticator.AAGUID, c.AttestationType, int64(c.Authenticator.SignCount),
			c.Flags.UserPresent, c.Flags.UserVerified, c.Flags.BackupEligible, c.Flags.BackupState, now)
		if err != nil {
			return err
		}
		return identity.Tell(ctx, tx, person, identity.PasskeyAdded, now)
	})
	if db.IsUnique(err) {
		return fault.Conflict("entry.passkey.there")
	}
	if err != nil {
		return fmt.Errorf("keep a passkey: %w", err)
	}
	return nil
}

// Offer asks a browser to sign in with whatever key it has for the product. How often a
// network may ask is bounded as for letters.
func (k *Keys) Offer(ctx context.Context, d *db.DB, now clock.Instant, remoteAddr string) (Asked, error) {
	if err := identity.CountTry(ctx, d, now, remoteAddr); err != nil {
		return Asked{}, err
	}
	options, session, err := k.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return ask(ctx, d, nil, options.Response, session, now)
}

// SignIn is the person whom the answer lets in; otherwise why it does not, which is kept
// for who helps them.
func (k *Keys) SignIn(ctx context.Context, d *db.DB, now clock.Instant, token string, answer []byte) (personID int64, refused *Refused, err error) {
	session, asker, err := asked(ctx, d, token, now)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return 0, nil, err
	}
	if err != nil || asker != 0 {
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseExpired}, now)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseSignature}, now)
	}
	found, err := db.Row(ctx, d.Reader(), (*row).columns, `SELECT `+columns+` FROM passkey WHERE credential_id = $1`, parsed.RawID)
	if errors.Is(err, fault.NotFound) || err == nil && found.removed != nil {
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseUnknownKey, Person: found.person}, now)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("find a passkey: %w", err)
	}
	c := found.credential()
	// Where a key is kept may change, and what its authenticator says of that: the signature
	// tells that it is the same key.
	c.Flags.BackupEligible = parsed.Response.AuthenticatorData.Flags.HasBackupEligible()
	of := holder{person: found.person, handle: found.handle, keys: []webauthn.Credential{c}}
	_, used, err := k.web.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return of, nil }, session, parsed)
	if err != nil {
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseSignature, Person: found.person}, now)
	}
	if used.Authenticator.CloneWarning {
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseReplay, Person: found.person}, now)
	}
	flags := parsed.Response.AuthenticatorData.Flags
	var n int64
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Exec(ctx, tx, `
			UPDATE passkey
			SET counter = $2, user_present = $3, user_verified = $4, backup_eligible = $5, backed_up = $6, used_at = $7
			WHERE id = $1
			AND removed_at IS NULL
			AND (counter < $2 OR counter = 0 AND $2 = 0)`, found.id, int64(used.Authenticator.SignCount),
			flags.HasUserPresent(), flags.HasUserVerified(), flags.HasBackupEligible(), flags.HasBackupState(), now)
		return err
	}); err != nil {
		return 0, nil, fmt.Errorf("note the use of a passkey: %w", err)
	}
	if n == 0 { // removed meanwhile, or used by two at once
		return refuse(ctx, d, identity.Trouble{Cause: identity.CauseReplay, Person: found.person}, now)
	}
	return found.person, nil, nil
}

func refuse(ctx context.Context, d *db.DB, t identity.Trouble, now clock.Instant) (int64, *Refused, error) {
	t.Way = identity.WayPasskey
	refused := Refused{Cause: t.Cause}
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		refused.Reference, err = identity.Record(ctx, tx, t, now)
		return err
	})
	return 0, &refused, err
}

// ask keeps the question until its answer comes.
func ask(ctx context.Context, d *db.DB, person *int64, options any, session *webauthn.SessionData, now clock.Instant) (Asked, error) {
	data, err := json.Marshal(session)
	if err != nil {
		return Asked{}, fmt.Errorf("keep what a browser is asked: %w", err)
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: see crypto/rand
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	if err := d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM passkey_challenge WHERE expires_at <= $1`, now); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `
			INSERT INTO passkey_challenge (token_hash, person_id, data, expires_at)
			VALUES ($1, $2, $3, $4)`, hash(token), person, string(data), now.Add(ceremonyLife))
		return err
	}); err != nil {
		return Asked{}, fmt.Errorf("keep what a browser is asked: %w", err)
	}
	return Asked{Token: token, Options: options}, nil
}

// asked is the question under the token, which is answered once; fault.NotFound when there
// is none any more. person is who was asked; 0 for a sign-in.
func asked(ctx context.Context, d *db.DB, token string, now clock.Instant) (session webauthn.SessionData, person int64, err error) {
	type question struct {
		person  int64
		data    string
		expires clock.Instant
	}
	var q question
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		q, err = db.Row(ctx, tx, func(q *question) []any { return []any{&q.person, &q.data, &q.expires} },
			`DELETE FROM passkey_challenge WHERE token_hash = $1 RETURNING COALESCE(person_id, 0), data, expires_at`, hash(token))
		return err
	}); err != nil {
		return session, 0, err
	}
	if q.expires <= now {
		return session, 0, fault.NotFound
	}
	if err := json.Unmarshal([]byte(q.data), &session); err != nil {
		return session, 0, fmt.Errorf("read what a browser was asked: %w", err)
	}
	return session, q.person, nil
}

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}
