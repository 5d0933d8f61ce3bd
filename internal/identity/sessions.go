package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mileusna/useragent"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// DeviceKind is what somebody has signed in with.
type DeviceKind string

// The kinds.
const (
	Computer     DeviceKind = "computer"
	Phone        DeviceKind = "phone"
	Tablet       DeviceKind = "tablet"
	OtherDevice  DeviceKind = "other"
	mostOfDevice            = 40 // letters of a name that a browser gives itself
)

// Device is what somebody has signed in with: Name is the browser and the system,
// as in "Firefox, Windows", empty when the browser does not say. No more is kept of
// what a browser tells about itself.
type Device struct {
	Kind DeviceKind
	Name string
}

// String is the device as it is kept.
func (d Device) String() string { return string(d.Kind) + " " + d.Name }

func readDevice(kept string) Device {
	kind, name, _ := strings.Cut(kept, " ")
	if kind == "" {
		kind = string(OtherDevice)
	}
	return Device{DeviceKind(kind), name}
}

// DeviceOf is the device of a browser that calls itself so.
func DeviceOf(userAgent string) Device {
	ua := useragent.Parse(userAgent)
	d := Device{Kind: OtherDevice}
	switch {
	case ua.Tablet:
		d.Kind = Tablet
	case ua.Mobile:
		d.Kind = Phone
	case ua.Desktop:
		d.Kind = Computer
	default:
		return d // what it calls itself is anything at all
	}
	var names []string
	for _, name := range []string{ua.Name, ua.OS} {
		if name != "" && len(name) <= mostOfDevice {
			names = append(names, name)
		}
	}
	d.Name = strings.Join(names, ", ")
	return d
}

// Session is one place where somebody is signed in. Key names it: the hash of its
// token, with which nobody gets in.
type Session struct {
	Key    string
	Device Device
	MadeAt clock.Instant
	UsedAt clock.Instant // within a few minutes
	Until  clock.Instant
	// Remembered tells that the device is: it opens one's own alone.
	Remembered bool
}

// SessionsOf are where the person is signed in, what was used last first. Who may
// see them is said by access.Sessions.
func SessionsOf(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, now clock.Instant) ([]Session, error) {
	if err := Within(ctx, q, access.Sessions(viewer), personID, now.Day()); err != nil {
		return nil, err
	}
	type row struct {
		Session
		device string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.Key, &r.device, &r.MadeAt, &r.UsedAt, &r.Until, &r.Remembered} }, `
		SELECT token_hash, device, made_at, used_at, expires_at, remembered
		FROM session
		WHERE person_id = $1 AND expires_at > $2 AND ended_at IS NULL
		ORDER BY used_at DESC, made_at DESC, token_hash`, personID, now)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	all := make([]Session, len(rows))
	for i, r := range rows {
		all[i] = r.Session
		all[i].Device = readDevice(r.device)
	}
	return all, nil
}

// EndSession ends one of the person's sessions: its next request is nobody's.
// fault.NotFound when they have no such session, or none any more.
func EndSession(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, key string, now clock.Instant) error {
	n, err := endSessions(ctx, tx, viewer, personID, now, ` AND token_hash = $4`, key)
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// EndSessions ends all sessions of the person, and the links and codes that are on
// their way to them, and tells how many sessions there were.
func EndSessions(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) (int, error) {
	n, err := endSessions(ctx, tx, viewer, personID, now, ``)
	if err != nil {
		return 0, err
	}
	return int(n), errors.Join(endLinks(ctx, tx, personID, now), endCodes(ctx, tx, personID, now))
}

func endSessions(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant, which string, args ...any) (int64, error) {
	if err := Within(ctx, tx, access.Sessions(viewer), personID, now.Day()); err != nil {
		return 0, err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Sessions, personID); err != nil {
		return 0, err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE session
		SET ended_at = $2, data = $3, work = ''
		WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2`+which, append([]any{personID, now, []byte("{}")}, args...)...)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return n, nil
}
