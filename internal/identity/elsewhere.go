package identity

import (
	"context"
	"fmt"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// CountStart counts what the network sends: who begins to sign in with their account at work
// ("start"), or a message about signing out that is not taken ("untaken"): a provider whose key
// has run out keeps nobody from beginning. ErrNetworkBusy when it does so too often.
func CountStart(ctx context.Context, tx *db.Tx, now clock.Instant, what, remoteAddr string) error {
	return try(ctx, tx, now, hash(what+" "+network(remoteAddr)), tryWindow, triesPerNetwork, ErrNetworkBusy)
}

// Origin is the provider at work where a session began. Name and Session are marks of what
// it calls the person and the session there, by which it finds them; Session may be empty.
type Origin struct {
	MunicipalityID int64
	Name, Session  string
	Sealed         string // how the session there is ended (session.work)
}

// What a session holds of its Origin.
const (
	workKey        = "work"
	workAtKey      = "work_at"
	workNameKey    = "work_name"
	workSessionKey = "work_session"
)

// ComeFrom keeps where the session of who has just signed in began, as long as it lasts.
func (s *Sessions) ComeFrom(ctx context.Context, o Origin) {
	s.Put(ctx, workKey, o.Sealed)
	s.Put(ctx, workAtKey, strconv.FormatInt(o.MunicipalityID, 10))
	s.Put(ctx, workNameKey, o.Name)
	s.Put(ctx, workSessionKey, o.Session)
}

// Origin is where the session began; false when that was here.
func (s *Sessions) Origin(ctx context.Context) (Origin, bool) {
	id, err := strconv.ParseInt(s.GetString(ctx, workAtKey), 10, 64)
	return Origin{id, s.GetString(ctx, workNameKey), s.GetString(ctx, workSessionKey), s.GetString(ctx, workKey)}, err == nil
}

// EndFrom ends the sessions that began where the marks say: all that have the name when no
// session there is given, else those of these, and those of which none is known. Without a
// name the sessions decide. It asks no viewer: who asks is a provider that has proved who
// it is, and the audit says that it was nobody here.
func EndFrom(ctx context.Context, tx *db.Tx, name string, sessions []string, now clock.Instant) error {
	var b db.Builder
	b.Add("UPDATE session SET ended_at = ?, data = ?, work = '' WHERE ended_at IS NULL AND expires_at > ? AND work_name <> ''", now, []byte("{}"), now)
	if name != "" {
		b.Add("AND work_name = ?", name)
		sessions = append(sessions[:len(sessions):len(sessions)], "")
	}
	if name == "" || len(sessions) > 1 {
		condition, args := db.In("work_session", sessions)
		b.Add("AND "+condition, args...)
	}
	people, err := db.Rows(ctx, tx, db.One[int64], b.Add("RETURNING COALESCE(person_id, 0)").String(), b.Args()...)
	if err != nil {
		return fmt.Errorf("end sessions that began elsewhere: %w", err)
	}
	return audit.Changed(ctx, tx, access.System(), audit.Sessions, people...)
}

// with is what a session holds with another value; without it for an empty one.
func with(data []byte, key, value string) ([]byte, error) {
	until, values, err := jsonCodec{}.Decode(data)
	if err != nil {
		return nil, err
	}
	if values[key] = value; value == "" {
		delete(values, key)
	}
	return jsonCodec{}.Encode(until, values)
}
