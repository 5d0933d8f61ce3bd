package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

// How an entry ends, beside 'seated'.
const (
	byWithdrawal   = "withdrawn"
	byDeclining    = "declined"
	byLapse        = "lapsed"
	byRefusal      = "refused"
	ByCancellation = "cancelled"
)

// Entry is somebody in the queue of a round. Position is their place among
// those who wait for a seat, from 1; 0 for who awaits the manager or has an
// offer. Municipality is the employer's name on the round's first day.
type Entry struct {
	ID             int64
	RoundID        int64
	PersonID       int64
	Name           string
	MunicipalityID int64
	Municipality   string
	JoinedAt       clock.Instant
	NeedsManager   bool // and has not got the manager's word
	OfferUntil     *clock.Instant
	Position       int
}

// Offered tells whether a seat is offered that can be accepted now.
func (e Entry) Offered(now clock.Instant) bool { return e.OfferUntil != nil && now < *e.OfferUntil }

// Queue are those in the round's queue whom the viewer may see, in its order:
// all for those who manage the round, their own people for others.
func Queue(ctx context.Context, q db.Querier, viewer access.Viewer, r round.Round) ([]Entry, error) {
	condition, args := "TRUE", []any(nil)
	if !round.ManagesAt(viewer, r.Place()) {
		condition, args = access.People(viewer).Where(access.Columns{
			Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id", Person: "w.person_id",
		})
	}
	var b db.Builder
	b.Add(`
		SELECT
			w.id,
			w.round_id,
			w.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			w.joined_at,
			w.needs_manager AND w.allowed_at IS NULL,
			w.offer_until,
			w.position
		FROM (
			SELECT
				w.*,
				CASE WHEN `+round.WaitsSQL+` THEN SUM(CASE WHEN `+round.WaitsSQL+` THEN 1 ELSE 0 END) OVER (ORDER BY w.id) ELSE 0 END AS position
			FROM queue_entry AS w
			WHERE w.round_id = ?
			AND w.ended_at IS NULL
		) AS w
		JOIN person AS p ON p.id = w.person_id
		LEFT JOIN employed AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id`, r.ID, r.FirstDay, r.FirstDay).
		Add("WHERE "+condition, args...).
		Add("ORDER BY w.id")
	return db.Rows(ctx, q, (*Entry).columns, b.String(), b.Args()...)
}

func (e *Entry) columns() []any {
	return []any{&e.ID, &e.RoundID, &e.PersonID, &e.Name, &e.MunicipalityID, &e.Municipality, &e.JoinedAt, &e.NeedsManager, &e.OfferUntil, &e.Position}
}

// OfEntry is the round in whose queue the entry is or was; fault.NotFound for an
// unknown one.
func OfEntry(ctx context.Context, q db.Querier, entryID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT round_id FROM queue_entry WHERE id = $1`, entryID)
}

// openEntry is an entry that has not ended, with its round held and settled.
type openEntry struct {
	*places
	entry, person int64
	needsManager  bool
	offerUntil    *clock.Instant
}

// openEntryOf finds the entry for those who may book the person; fault.NotFound
// for others, fault.Conflict "round.entry_ended" when it is over.
func openEntryOf(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) (openEntry, error) {
	e := openEntry{entry: entryID}
	roundID, err := OfEntry(ctx, tx, entryID)
	if err != nil {
		return e, err
	}
	if e.places, err = hold(ctx, tx, viewer, roundID, now); err != nil {
		return e, err
	}
	type row struct {
		person int64
		needs  bool
		until  *clock.Instant
		ended  *string
	}
	r, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.person, &r.needs, &r.until, &r.ended} }, `
		SELECT person_id, needs_manager AND allowed_at IS NULL, offer_until, ended_how
		FROM queue_entry
		WHERE id = $1`, entryID)
	if err != nil {
		return e, err
	}
	e.person, e.needsManager, e.offerUntil = r.person, r.needs, r.until
	if !e.manages {
		if _, err := mayBook(ctx, tx, viewer, e.person, now.Day()); err != nil {
			return e, err
		}
	}
	switch {
	case r.until != nil && (r.ended != nil && *r.ended == byLapse || r.ended == nil && *r.until <= now):
		return e, fault.Conflict("round.offer_lapsed")
	case r.ended != nil:
		return e, fault.Conflict("round.entry_ended")
	}
	return e, nil
}

// finish ends the entry without a seat and notes it.
func (e openEntry) finish(ctx context.Context, tx *db.Tx, how string, kind round.Kind, w round.Words) error {
	if _, err := db.Exec(ctx, tx, `UPDATE queue_entry SET ended_at = $2, ended_by = $3, ended_how = $4 WHERE id = $1`,
		e.entry, e.now(), e.events.By, how); err != nil {
		return err
	}
	switch {
	case e.offerUntil != nil:
		e.offered--
	case e.needsManager:
		e.awaiting--
	default:
		e.waiting--
	}
	e.unused = nil
	if err := e.events.Add(kind, 0, e.person, w); err != nil {
		return err
	}
	return e.done(ctx, tx)
}

// Accept takes the offered seat; the answer is the seat. fault.Conflict
// "round.offer_lapsed" when its time is out, "round.not_offered", and
// "round.entry_ended" when it was answered already.
func Accept(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) (int64, error) {
	e, err := openEntryOf(ctx, tx, viewer, entryID, now)
	if err != nil {
		return 0, err
	}
	if e.offerUntil == nil {
		return 0, fault.Conflict("round.not_offered")
	}
	e.offered--
	id, err := e.seatEntry(ctx, tx, e.entry, e.person, false)
	if err != nil {
		return 0, err
	}
	return id, e.done(ctx, tx)
}

// Decline leaves the offered seat to the next; without an offer it leaves the
// queue.
func Decline(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) error {
	e, err := openEntryOf(ctx, tx, viewer, entryID, now)
	if err != nil {
		return err
	}
	if e.offerUntil != nil {
		return e.finish(ctx, tx, byDeclining, round.WasDeclined, round.Words{})
	}
	return e.finish(ctx, tx, byWithdrawal, round.LeftQueue, round.Words{})
}
