package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
)

// Quota are seats set aside for a municipality until the day ReleaseOn. Used
// are those that its people have or are offered, also beyond Seats.
type Quota struct {
	MunicipalityID int64
	Municipality   string
	Seats          int
	Used           int
	ReleaseOn      clock.Day
	ReleasedAt     *clock.Instant
}

// Unused is how many seats are kept from others.
func (q Quota) Unused() int {
	if q.ReleasedAt != nil {
		return 0
	}
	return max(0, q.Seats-q.Used)
}

// Quotas are the round's, released ones too, by municipality. It asks no viewer: they
// are for those who see the round.
func Quotas(ctx context.Context, q db.Querier, roundID int64) ([]Quota, error) {
	return db.Rows(ctx, q, func(c *Quota) []any {
		return []any{&c.MunicipalityID, &c.Municipality, &c.Seats, &c.Used, &c.ReleaseOn, &c.ReleasedAt}
	}, `
		SELECT
			q.municipality_id,
			o.name,
			q.seats,
			`+round.UsedSQL+`,
			q.release_on,
			q.released_at
		FROM seat_quota AS q
		JOIN round AS r ON r.id = q.round_id
		JOIN organisation AS o ON o.id = q.municipality_id
		WHERE q.round_id = $1
		ORDER BY o.sort_key`, roundID)
}

// unused are the seats kept per municipality.
func unused(ctx context.Context, q db.Querier, roundID int64) (map[int64]int, error) {
	quotas, err := Quotas(ctx, q, roundID)
	if err != nil {
		return nil, err
	}
	left := make(map[int64]int, len(quotas))
	for _, c := range quotas {
		left[c.MunicipalityID] = c.Unused()
	}
	return left, nil
}

// release lets quotas whose day has come go.
func (s *places) release(ctx context.Context, tx *db.Tx) error {
	type quota struct {
		municipality string
		seats        int
	}
	due, err := db.Rows(ctx, tx, func(c *quota) []any { return []any{&c.municipality, &c.seats} }, `
		SELECT o.name, q.seats
		FROM seat_quota AS q
		JOIN organisation AS o ON o.id = q.municipality_id
		WHERE q.round_id = $1
		AND q.released_at IS NULL
		AND q.release_on <= $2`, s.id, s.today())
	if err != nil || len(due) == 0 {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE seat_quota SET released_at = $2 WHERE round_id = $1 AND released_at IS NULL AND release_on <= $3`,
		s.id, s.now(), s.today()); err != nil {
		return err
	}
	for _, c := range due {
		if err := s.events.Itself(round.QuotaReleased, 0, round.Words{Place: c.municipality, Seats: c.seats}); err != nil {
			return err
		}
	}
	s.quotas, s.unused = s.quotas-len(due), nil
	return nil
}

// SetAside keeps seats for the municipality's people until the day releaseOn;
// said again it replaces what was said. It is for those who manage the round.
// Seats that others have are not taken from them: more than can be kept is a
// fault of the field seats, a day outside the time before the round of the
// field release_on.
func SetAside(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, municipalityID int64, seats int, releaseOn clock.Day, now clock.Instant) error {
	s, err := managedSeats(ctx, tx, viewer, roundID, now)
	if err != nil {
		return err
	}
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err != nil || m.Kind != organisation.Municipality || s.regionID != 0 && m.RegionID != s.regionID {
		if err == nil || fault.Of(err) != nil {
			return fault.Invalid("municipality", "round.quota_municipality")
		}
		return err
	}
	if s.quotas == 0 {
		s.quotas = 1 // so that they are counted
	}
	if err := s.countUnused(ctx, tx); err != nil {
		return err
	}
	free, err := s.freeFor(ctx, tx, municipalityID)
	if err != nil {
		return err
	}
	used, err := db.Row(ctx, tx, db.One[int], `
		SELECT `+round.UsedSQL+`
		FROM (SELECT CAST($1 AS BIGINT) AS round_id, CAST($2 AS BIGINT) AS municipality_id) AS q
		JOIN round AS r ON r.id = q.round_id`, roundID, municipalityID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	checks.Require(seats >= 1 && seats <= free+used, "seats", "round.quota_seats", "Max", free+used)
	checks.Require(s.today() < releaseOn && releaseOn <= s.firstDay, "release_on", "round.quota_day", "From", s.today()+1, "Until", s.firstDay)
	if err := checks.Err(); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO seat_quota (round_id, municipality_id, seats, release_on)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (round_id, municipality_id) DO UPDATE
		SET seats = excluded.seats, release_on = excluded.release_on, released_at = NULL`, roundID, municipalityID, seats, releaseOn); err != nil {
		return err
	}
	s.unused = nil
	if err := s.events.Add(round.QuotaSet, 0, 0, round.Words{Place: m.Name, Seats: seats}); err != nil {
		return err
	}
	return s.done(ctx, tx)
}

// Release gives the municipality's seats that are not used back to all.
// fault.Conflict "round.quota_released" when that was done already.
func Release(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, municipalityID int64, now clock.Instant) error {
	s, err := managedSeats(ctx, tx, viewer, roundID, now)
	if err != nil {
		return err
	}
	type quota struct {
		municipality string
		seats        int
	}
	c, err := db.Row(ctx, tx, func(c *quota) []any { return []any{&c.municipality, &c.seats} }, `
		SELECT o.name, q.seats
		FROM seat_quota AS q
		JOIN organisation AS o ON o.id = q.municipality_id
		WHERE q.round_id = $1
		AND q.municipality_id = $2`, roundID, municipalityID)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE seat_quota SET released_at = $3 WHERE round_id = $1 AND municipality_id = $2 AND released_at IS NULL`,
		roundID, municipalityID, now)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("round.quota_released")
	}
	s.quotas, s.unused = s.quotas-1, nil
	if err := s.events.Add(round.QuotaReleased, 0, 0, round.Words{Place: c.municipality, Seats: c.seats}); err != nil {
		return err
	}
	return s.done(ctx, tx)
}

// managedSeats is seat for those who manage the round, when it is not cancelled.
func managedSeats(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) (*places, error) {
	s, err := settled(ctx, tx, viewer, roundID, now)
	switch {
	case err != nil:
		return nil, err
	case !s.manages:
		return nil, fault.NotFound
	case s.cancelledAt != nil:
		return nil, fault.Conflict("round.is_cancelled")
	}
	return s, nil
}
