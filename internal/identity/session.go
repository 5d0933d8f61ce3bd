package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// SessionLife is how long a session lasts from sign-in on, at most.
const SessionLife = 12 * time.Hour

// Sessions know who is signed in. Wrap the pages with LoadAndSave; their
// handlers then ask with the request's context. Reading costs one small query
// and writes nothing. Values that pages put into a session are strings.
type Sessions struct {
	*scs.SessionManager
	d   *db.DB
	now clock.Clock
}

const personKey = "person"

// NewSessions keeps sessions in d. secure says that people come over https.
//
// The cookie ends with the browser: in social services many share a computer.
func NewSessions(d *db.DB, now clock.Clock, secure bool) *Sessions {
	m := scs.New()
	m.Lifetime = SessionLife
	m.Store = &sessionStore{d: d, now: now}
	m.Codec = jsonCodec{}
	m.HashTokenInStore = true
	m.Cookie.Name = "session"
	if secure {
		m.Cookie.Name = "__Host-session" // the browser holds it to this host, this path and https
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.Cookie.Persist = false
	return &Sessions{SessionManager: m, d: d, now: now}
}

// SignIn makes the session that of the person, with a new token and nothing of
// what was in it.
func (s *Sessions) SignIn(ctx context.Context, personID int64) error {
	if err := s.Clear(ctx); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if err := s.RenewToken(ctx); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	s.SetDeadline(ctx, s.now().Add(SessionLife).Time())
	s.Put(ctx, personKey, strconv.FormatInt(personID, 10))
	return s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO last_sign_in (person_id, at)
			SELECT id, $2 FROM person WHERE id = $1
			ON CONFLICT (person_id) DO UPDATE SET at = excluded.at`, personID, s.now())
		return err
	})
}

// LastSignIn is when the person last signed in, if the viewer may see the person;
// nil for who never did.
func LastSignIn(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) (*clock.Instant, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	at, err := db.Row(ctx, q, db.One[clock.Instant], `SELECT at FROM last_sign_in WHERE person_id = $1`, personID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &at, err
}

// SignOut ends the session, here and in the database.
func (s *Sessions) SignOut(ctx context.Context) error {
	if err := s.Destroy(ctx); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// PersonID is who is signed in; 0 for nobody.
func (s *Sessions) PersonID(ctx context.Context) int64 {
	id, err := strconv.ParseInt(s.GetString(ctx, personKey), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// sessionStore keeps sessions in the table session, under the hash of their token.
type sessionStore struct {
	d   *db.DB
	now clock.Clock
}

// FindCtx reads the session; none when it has expired.
func (s *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	data, err := db.Row(ctx, s.d.Reader(), db.One[[]byte], `SELECT data FROM session WHERE token_hash = $1 AND expires_at > $2`, hash, s.now())
	if errors.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the session: %w", err)
	}
	return data, true, nil
}

// CommitCtx writes the session.
func (s *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, expiry time.Time) error {
	err := s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO session (token_hash, data, expires_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, hash, data, clock.At(expiry))
		return err
	})
	if err != nil {
		return fmt.Errorf("write the session: %w", err)
	}
	return nil
}

// DeleteCtx removes the session, if it is there.
func (s *sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	err := s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM session WHERE token_hash = $1`, hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete the session: %w", err)
	}
	return nil
}

// The manager asks for calls without a context too, and never makes them.

func (s *sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

func (s *sessionStore) Commit(hash string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expiry)
}

func (s *sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// jsonCodec writes sessions so that people can read them.
type jsonCodec struct{}

type sessionData struct {
	Deadline clock.Instant  `json:"deadline"`
	Values   map[string]any `json:"values"`
}

func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(sessionData{clock.At(deadline), values})
}

func (jsonCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var s sessionData
	if err := json.Unmarshal(data, &s); err != nil {
		return time.Time{}, nil, fmt.Errorf("read the session: %w", err)
	}
	if s.Values == nil {
		s.Values = map[string]any{}
	}
	return s.Deadline.Time(), s.Values, nil
}
