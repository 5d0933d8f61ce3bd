package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
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

// SessionLife is how long a session lasts from sign-in on, at most. One on a device
// that is remembered lasts RememberedLife, and opens one's own alone but for FreshLife
// after a sign-in. Acts that need a fresh sign-in need one that is no older, either.
const (
	SessionLife    = 12 * time.Hour
	RememberedLife = 90 * 24 * time.Hour
	FreshLife      = 2 * time.Hour
)

// Sessions know who is signed in. Wrap the pages with LoadAndSave; their
// handlers then ask with the request's context. Reading costs one small query
// and, but for a note now and then that the session is in use, writes nothing.
// Values that pages put into a session are strings.
//
// ErrorFunc answers when the session cannot be read or written.
type Sessions struct {
	*scs.SessionManager
	d   *db.DB
	now clock.Clock
}

// What a session holds beside what pages put into it.
const (
	personKey     = "person"
	deviceKey     = "device"
	freshKey      = "fresh"      // when they last signed in, as clock.Instant writes it
	rememberedKey = "remembered" // the device is remembered
	sharedKey     = "shared"     // the device is one that people share
)

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

// LoadAndSave gives the pages the session of who asks, and writes what they
// changed of it before their answer begins. When that fails the answer is
// ErrorFunc's alone, in place of the page's.
func (s *Sessions) LoadAndSave(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		var token string
		if cookie, err := r.Cookie(s.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.Load(r.Context(), token)
		if err != nil {
			s.ErrorFunc(w, r, err)
			return
		}
		saving := &savingWriter{ResponseWriter: w, r: r.WithContext(ctx), sessions: s}
		next.ServeHTTP(saving, saving.r)
		saving.save() //nolint:contextcheck // it has the context of its request
	})
}

// savingWriter writes the session before the first byte of the answer.
type savingWriter struct {
	http.ResponseWriter
	r             *http.Request
	sessions      *Sessions
	saved, failed bool
}

// save tells whether the answer may go on.
func (w *savingWriter) save() bool {
	if w.saved {
		return !w.failed
	}
	w.saved = true
	ctx := w.r.Context()
	switch w.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := w.sessions.Commit(ctx)
		if err != nil {
			w.failed = true
			// Nothing of the page's answer is left but what stands on every answer.
			for _, name := range []string{"Location", "Set-Cookie", "Content-Type", "Content-Disposition"} {
				w.Header().Del(name)
			}
			w.sessions.ErrorFunc(w.ResponseWriter, w.r, err)
			return false
		}
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, token, expiry)
	case scs.Destroyed:
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, "", time.Time{})
	case scs.Unmodified:
	}
	return true
}

func (w *savingWriter) WriteHeader(status int) {
	if w.save() {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *savingWriter) Write(b []byte) (int, error) {
	if w.save() {
		return w.ResponseWriter.Write(b)
	}
	return len(b), nil
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *savingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// SignIn makes the session that of the person, with a new token and nothing of
// what was in it. userAgent is the browser's header of that name. Who is in already
// and signs in anew keeps what their session holds, and a device that is remembered
// stays so.
func (s *Sessions) SignIn(ctx context.Context, personID int64, userAgent string) error {
	if s.PersonID(ctx) != personID {
		if err := s.Clear(ctx); err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
	}
	until := s.now().Add(SessionLife).Time()
	if s.Remembered(ctx) {
		until = s.Deadline(ctx)
	}
	if err := s.RenewToken(ctx); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	s.SetDeadline(ctx, until)
	s.Put(ctx, personKey, strconv.FormatInt(personID, 10))
	s.Put(ctx, deviceKey, DeviceOf(userAgent).String())
	s.Put(ctx, freshKey, strconv.FormatInt(int64(s.now()), 10))
	return s.d.Write(ctx, func(tx *db.Tx) error { return RecordSignIn(ctx, tx, personID, s.now()) })
}

// Remember keeps whoever has just signed in for 90 days on this device, also when the
// browser is closed; it opens one's own alone from now on, until they sign in anew.
func (s *Sessions) Remember(ctx context.Context) {
	s.SetDeadline(ctx, s.now().Add(RememberedLife).Time())
	s.RememberMe(ctx, true)
	s.Put(ctx, rememberedKey, "1")
	s.Remove(ctx, freshKey)
}

// Remembered tells whether the device is.
func (s *Sessions) Remembered(ctx context.Context) bool { return s.GetString(ctx, rememberedKey) != "" }

// Fresh tells whether who is signed in has done so within FreshLife.
func (s *Sessions) Fresh(ctx context.Context) bool {
	at, err := strconv.ParseInt(s.GetString(ctx, freshKey), 10, 64)
	return err == nil && s.now() < clock.Instant(at).Add(FreshLife)
}

// OwnAlone tells whether the session opens one's own and nothing else, whatever roles
// one holds.
func (s *Sessions) OwnAlone(ctx context.Context) bool {
	return (s.Remembered(ctx) || s.Shared(ctx)) && !s.Fresh(ctx)
}

// Share makes the session one on a device that people share: it ends when it was not used
// for idle, and opens one's own alone once the sign-in is no longer fresh. Whoever calls it
// does so anew with each request.
func (s *Sessions) Share(ctx context.Context, idle time.Duration) {
	if s.Remembered(ctx) {
		s.Remove(ctx, rememberedKey)
		s.RememberMe(ctx, false)
	}
	s.Put(ctx, sharedKey, "1")
	s.SetDeadline(ctx, s.now().Add(idle).Time())
}

// Shared tells whether the device is one that people share.
func (s *Sessions) Shared(ctx context.Context) bool { return s.GetString(ctx, sharedKey) != "" }

// OpenOwn lets who has just signed in reach their own alone: the code on a tablet is short.
func (s *Sessions) OpenOwn(ctx context.Context) { s.Remove(ctx, freshKey) }

// RecordSignIn keeps when the person last signed in.
func RecordSignIn(ctx context.Context, tx *db.Tx, personID int64, at clock.Instant) error {
	_, err := db.Exec(ctx, tx, `
		INSERT INTO last_sign_in (person_id, at)
		SELECT id, $2 FROM person WHERE id = $1
		ON CONFLICT (person_id) DO UPDATE SET at = excluded.at`, personID, at)
	return err
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

// Current is the session of the context as Session.Key names it.
func (s *Sessions) Current(ctx context.Context) string {
	sum := sha256.Sum256([]byte(s.Token(ctx))) // as scs keeps it (scs.hashToken)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// sessionStore keeps sessions in the table session, under the hash of their token.
type sessionStore struct {
	d   *db.DB
	now clock.Clock
}

// useNoted is how exactly it is known when a session was last used, and usePatience
// how long a page waits for that note: it is worth no more.
const (
	useNoted    = 5 * time.Minute
	usePatience = time.Second
)

// FindCtx reads the session; none when it has expired or was ended.
func (s *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	type row struct {
		data []byte
		used clock.Instant
		work string
	}
	now := s.now()
	found, err := db.Row(ctx, s.d.Reader(), func(r *row) []any { return []any{&r.data, &r.used, &r.work} }, `
		SELECT data, used_at, work
		FROM session
		WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL AND made_at > 0`, hash, now)
	if errors.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the session: %w", err)
	}
	if before := now.Add(-useNoted); found.used <= before {
		short, cancel := context.WithTimeout(ctx, usePatience)
		defer cancel()
		// Who only reads is let in though nothing can be written: the disk may be full.
		_ = s.d.Write(short, func(tx *db.Tx) error {
			_, err := db.Exec(short, tx, `UPDATE session SET used_at = $2 WHERE token_hash = $1 AND used_at <= $3`, hash, now, before)
			return err
		})
	}
	if found.work != "" {
		found.data, err = with(found.data, workKey, found.work)
	}
	return found.data, err == nil, err
}

// CommitCtx writes the session, unless it was ended meanwhile.
func (s *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, expiry time.Time) error {
	_, values, err := jsonCodec{}.Decode(data)
	if err != nil {
		return err
	}
	work, _ := values[workKey].(string)
	workName, _ := values[workNameKey].(string)
	workSession, _ := values[workSessionKey].(string)
	if data, err = with(data, workKey, ""); err != nil { // it has a column of its own, sealed
		return err
	}
	var person *int64
	if text, _ := values[personKey].(string); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("write the session: %w", err)
		}
		person = &id
	}
	device, _ := values[deviceKey].(string)
	remembered, _ := values[rememberedKey].(string)
	err = s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO session (token_hash, data, expires_at, person_id, device, remembered, made_at, used_at, work, work_name, work_session)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)
			ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at
			WHERE session.ended_at IS NULL`, hash, data, clock.At(expiry), person, device, remembered != "", s.now(),
			work, workName, workSession)
		return err
	})
	if err != nil {
		return fmt.Errorf("write the session: %w", err)
	}
	return nil
}

// DeleteCtx ends the session, if it is there.
func (s *sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	err := s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE session SET ended_at = $2, data = $3, work = '' WHERE token_hash = $1 AND ended_at IS NULL`, hash, s.now(), []byte("{}"))
		return err
	})
	if err != nil {
		return fmt.Errorf("end the session: %w", err)
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
