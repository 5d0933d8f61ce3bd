package round

import (
	"context"
	"fmt"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// offerDays is how near a round is when a seat that becomes free is offered and
// not simply given: whoever has waited may have other plans by now.
const offerDays clock.Day = 14

// Near tells whether seats that become free are offered on the day.
func Near(firstDay, today clock.Day) bool { return firstDay-today <= offerDays }

// OfferUntil is until when an offer that is made now can be accepted: hours from
// now, and before the round begins.
func OfferUntil(firstDay clock.Day, hours int, now clock.Instant) clock.Instant {
	return min(now.Add(time.Duration(hours)*time.Hour), firstDay.Start())
}

// waitsSQL is the condition that an open queue entry w waits for a seat: it has
// none offered, and its manager has allowed it or need not.
const waitsSQL = `w.offered_at IS NULL AND (NOT w.needs_manager OR w.allowed_at IS NOT NULL)`

// How an entry ends, beside 'seated'.
const (
	byWithdrawal   = "withdrawn"
	byDeclining    = "declined"
	byLapse        = "lapsed"
	byRefusal      = "refused"
	byCancellation = "cancelled"
)

// places is a held round as its seats and its queue are.
type places struct {
	id, courseID, regionID    int64
	capacity, acceptHours     int
	signupFrom, signupUntil   clock.Day
	firstDay                  clock.Day
	withdrawUntil             *clock.Day
	publishedAt, cancelledAt  *clock.Instant
	seated, quotas            int // quotas are those not released
	offered, waiting, overdue int // overdue are offers whose time is out
	awaiting                  int // the manager's word
	manages                   bool
	events                    log
	unused                    map[int64]int // set aside per municipality; nil until asked for
}

// seat holds the round and reads its seats as they then are, after lapsed
// offers have ended and whoever can have a seat has got one.
func seat(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) (*places, error) {
	s, err := look(ctx, tx, viewer, roundID, now)
	if err != nil {
		return nil, err
	}
	return s, s.settle(ctx, tx)
}

// look is seat before anything is settled.
func look(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) (*places, error) {
	if err := hold(ctx, tx, roundID); err != nil {
		return nil, err
	}
	condition, args := visible(viewer)
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			r.course_id,
			COALESCE(r.region_id, 0),
			r.capacity,
			r.accept_hours,
			r.signup_from,
			r.signup_until,
			r.first_day,
			r.withdraw_until,
			r.published_at,
			r.cancelled_at,
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL),
			(SELECT COUNT(*) FROM seat_quota AS q WHERE q.round_id = r.id AND q.released_at IS NULL)
		FROM round AS r
		WHERE r.id = ?`, roundID).
		Add("AND "+condition, args...)
	s, err := db.Row(ctx, tx, func(s *places) []any {
		return []any{
			&s.id, &s.courseID, &s.regionID, &s.capacity, &s.acceptHours, &s.signupFrom, &s.signupUntil, &s.firstDay, &s.withdrawUntil,
			&s.publishedAt, &s.cancelledAt, &s.seated, &s.quotas,
		}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	type queue struct{ open, offered, overdue, awaiting int }
	q, err := db.Row(ctx, tx, func(q *queue) []any { return []any{&q.open, &q.offered, &q.overdue, &q.awaiting} }, `
		SELECT
			COUNT(*),
			COUNT(*) FILTER (WHERE offered_at IS NOT NULL),
			COUNT(*) FILTER (WHERE offer_until <= $2),
			COUNT(*) FILTER (WHERE needs_manager AND allowed_at IS NULL)
		FROM queue_entry
		WHERE round_id = $1
		AND ended_at IS NULL`, roundID, now)
	if err != nil {
		return nil, err
	}
	s.offered, s.overdue, s.awaiting, s.waiting = q.offered, q.overdue, q.awaiting, q.open-q.offered-q.awaiting
	s.manages = manages(viewer, s.regionID)
	s.events = newLog(roundID, viewer, now)
	return &s, nil
}

func (s *places) now() clock.Instant { return s.events.at }

func (s *places) today() clock.Day { return s.now().Day() }

// promotes tells whether a free seat goes to who waits: until the round begins.
// From then on those who manage it decide.
func (s *places) promotes() bool {
	return s.publishedAt != nil && s.cancelledAt == nil && s.today() < s.firstDay
}

// freeFor is how many seats somebody of the municipality can take: those that
// are not taken, offered, or set aside for others.
func (s *places) freeFor(ctx context.Context, tx *db.Tx, municipalityID int64) (int, error) {
	free := s.capacity - s.seated - s.offered
	if free <= 0 || s.quotas == 0 {
		return max(0, free), nil
	}
	if err := s.countUnused(ctx, tx); err != nil {
		return 0, err
	}
	for m, n := range s.unused {
		if m != municipalityID {
			free -= n
		}
	}
	return max(0, free), nil
}

func (s *places) countUnused(ctx context.Context, tx *db.Tx) (err error) {
	if s.unused == nil {
		s.unused, err = unused(ctx, tx, s.id)
	}
	return err
}

// take counts a seat that went to somebody of the municipality.
func (s *places) take(municipalityID int64) {
	if s.unused[municipalityID] > 0 {
		s.unused[municipalityID]--
	}
}

// municipalityOf is where the person is employed on the round's first day: whose
// seats they take. 0 when nobody has set seats aside, which makes it all one.
func (s *places) municipalityOf(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	if s.quotas == 0 {
		return 0, nil
	}
	return db.Row(ctx, tx, db.One[int64], `
		SELECT COALESCE(MAX(municipality_id), 0)
		FROM employment
		WHERE person_id = $1
		AND from_day <= $2
		AND (to_day IS NULL OR to_day >= $2)`, personID, s.firstDay)
}

// settle brings the round to rest: offers whose time is out lapse, quotas whose
// day has come are released, and free seats go to those who wait, in the order
// in which they came. Afterwards no seat is empty that somebody who waits could
// have.
func (s *places) settle(ctx context.Context, tx *db.Tx) error {
	if s.overdue > 0 {
		if err := s.lapse(ctx, tx); err != nil {
			return err
		}
	}
	if s.quotas > 0 {
		if err := s.release(ctx, tx); err != nil {
			return err
		}
	}
	if s.waiting > 0 && s.promotes() {
		return s.promote(ctx, tx)
	}
	return nil
}

func (s *places) lapse(ctx context.Context, tx *db.Tx) error {
	lapsed, err := db.Rows(ctx, tx, db.One[int64], `
		UPDATE queue_entry
		SET ended_at = $2, ended_how = 'lapsed'
		WHERE round_id = $1
		AND ended_at IS NULL
		AND offer_until <= $2
		RETURNING person_id`, s.id, s.now())
	if err != nil {
		return err
	}
	for _, person := range lapsed {
		if err := s.events.itself(HasLapsed, person, words{}); err != nil {
			return err
		}
	}
	s.offered, s.overdue, s.unused = s.offered-len(lapsed), 0, nil
	return nil
}

func (s *places) promote(ctx context.Context, tx *db.Tx) error {
	free := s.capacity - s.seated - s.offered
	if free <= 0 {
		return nil
	}
	type entry struct{ id, person, municipality int64 }
	// With seats set aside somebody further back may have one, so all are read.
	limit := free
	if s.quotas > 0 {
		limit = s.waiting
	}
	waiting, err := db.Rows(ctx, tx, func(e *entry) []any { return []any{&e.id, &e.person, &e.municipality} }, `
		SELECT
			w.id,
			w.person_id,
			COALESCE(e.municipality_id, 0)
		FROM queue_entry AS w
		LEFT JOIN employment AS e ON e.person_id = w.person_id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		WHERE w.round_id = $1
		AND w.ended_at IS NULL
		AND `+waitsSQL+`
		ORDER BY w.id
		LIMIT $3`, s.id, s.firstDay, limit)
	if err != nil {
		return err
	}
	for _, e := range waiting {
		if s.capacity-s.seated-s.offered <= 0 {
			break
		}
		free, err := s.freeFor(ctx, tx, e.municipality)
		if err != nil {
			return err
		}
		if free == 0 {
			continue
		}
		s.take(e.municipality)
		s.waiting--
		if !Near(s.firstDay, s.today()) {
			if _, err := s.seatEntry(ctx, tx, e.id, e.person, true); err != nil {
				return err
			}
			continue
		}
		if _, err := db.Exec(ctx, tx, `UPDATE queue_entry SET offered_at = $2, offer_until = $3 WHERE id = $1`,
			e.id, s.now(), OfferUntil(s.firstDay, s.acceptHours, s.now())); err != nil {
			return err
		}
		s.offered++
		if err := s.events.itself(WasOffered, e.person, words{}); err != nil {
			return err
		}
	}
	return nil
}

// insert gives the person a seat, which the caller has counted as free, and
// fulfils their wish for the course. itself tells that the product does it.
func (s *places) insert(ctx context.Context, tx *db.Tx, personID, replaces int64, itself bool) (int64, error) {
	by := s.events.by
	if itself {
		by = nil
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO enrolment (round_id, person_id, enrolled_at, enrolled_by, replaces_id)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, s.id, personID, s.now(), by, optional(replaces))
	if db.IsCheck(err) {
		return 0, fault.NotFound // no such person
	}
	if err != nil {
		return 0, err
	}
	s.seated++
	if _, err := db.Exec(ctx, tx, `
		UPDATE interest
		SET ended_at = $3, ended_how = 'seated'
		WHERE person_id = $1
		AND course_id = $2
		AND ended_at IS NULL`, personID, s.courseID, s.now()); err != nil {
		return 0, err
	}
	if itself {
		return id, s.events.itself(WasEnrolled, personID, words{})
	}
	return id, s.events.add(WasEnrolled, 0, personID, words{})
}

// seatEntry gives the seat that the entry waited for.
func (s *places) seatEntry(ctx context.Context, tx *db.Tx, entryID, personID int64, itself bool) (int64, error) {
	id, err := s.insert(ctx, tx, personID, 0, itself)
	if err != nil {
		return 0, err
	}
	return id, s.fulfil(ctx, tx, entryID, id)
}

// fulfil ends an entry that ended in the seat.
func (s *places) fulfil(ctx context.Context, tx *db.Tx, entryID, enrolmentID int64) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE queue_entry
		SET ended_at = $2, ended_by = $3, ended_how = 'seated', enrolment_id = $4
		WHERE id = $1`, entryID, s.now(), s.events.by, enrolmentID)
	return err
}

// done settles what the change left and writes what happened.
func (s *places) done(ctx context.Context, tx *db.Tx) error {
	if err := s.settle(ctx, tx); err != nil {
		return err
	}
	return s.events.write(ctx, tx)
}

// itself notes an event that the product brought about.
func (l *log) itself(kind Kind, subject int64, w words) error {
	if err := l.add(kind, 0, subject, w); err != nil {
		return err
	}
	var nobody *int64
	l.rows[len(l.rows)-1][3] = nobody
	return nil
}

// Settle lets lapsed offers end, releases quotas whose day has come, and gives
// free seats to those who wait. Whatever changes seats does so itself; this is
// for what the clock alone changes, and for a capacity that was raised.
func Settle(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	s, err := look(ctx, tx, viewer, roundID, now)
	if err != nil {
		return err
	}
	if s.cancelledAt == nil && s.today() >= s.firstDay {
		if err := s.closeQueue(ctx, tx); err != nil {
			return err
		}
	}
	return s.done(ctx, tx)
}

// closeQueue ends the queue of a round that has begun.
func (s *places) closeQueue(ctx context.Context, tx *db.Tx) error {
	if err := end(ctx, tx, nil, s.id, byLapse, s.now()); err != nil {
		return err
	}
	s.offered, s.waiting, s.overdue, s.awaiting, s.unused = 0, 0, 0, 0, nil
	return nil
}

// endQueue ends what is left of the round's queue.
func endQueue(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, how string, now clock.Instant) error {
	return end(ctx, tx, viewer.ActorID(), roundID, how, now)
}

func end(ctx context.Context, tx *db.Tx, by *int64, roundID int64, how string, now clock.Instant) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE queue_entry
		SET ended_at = $2, ended_by = $3, ended_how = $4
		WHERE round_id = $1
		AND ended_at IS NULL`, roundID, now, by, how)
	return err
}

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
func Queue(ctx context.Context, q db.Querier, viewer access.Viewer, r Round) ([]Entry, error) {
	condition, args := "TRUE", []any(nil)
	if !manages(viewer, r.RegionID) {
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
			p.given_name || ' ' || p.family_name,
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			w.joined_at,
			w.needs_manager AND w.allowed_at IS NULL,
			w.offer_until,
			w.position
		FROM (
			SELECT
				w.*,
				CASE WHEN `+waitsSQL+` THEN SUM(CASE WHEN `+waitsSQL+` THEN 1 ELSE 0 END) OVER (ORDER BY w.id) ELSE 0 END AS position
			FROM queue_entry AS w
			WHERE w.round_id = ?
			AND w.ended_at IS NULL
		) AS w
		JOIN person AS p ON p.id = w.person_id
		LEFT JOIN employment AS e ON e.person_id = w.person_id AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
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
	if e.places, err = look(ctx, tx, viewer, roundID, now); err != nil {
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
	case r.ended != nil && *r.ended == byLapse, r.ended == nil && r.until != nil && *r.until <= now:
		return e, fault.Conflict("round.offer_lapsed")
	case r.ended != nil:
		return e, fault.Conflict("round.entry_ended")
	}
	return e, nil
}

// finish ends the entry without a seat and notes it.
func (e openEntry) finish(ctx context.Context, tx *db.Tx, how string, kind Kind, w words) error {
	if _, err := db.Exec(ctx, tx, `UPDATE queue_entry SET ended_at = $2, ended_by = $3, ended_how = $4 WHERE id = $1`,
		e.entry, e.now(), e.events.by, how); err != nil {
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
	if err := e.events.add(kind, 0, e.person, w); err != nil {
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
		return e.finish(ctx, tx, byDeclining, WasDeclined, words{})
	}
	return e.finish(ctx, tx, byWithdrawal, LeftQueue, words{})
}

// answerFor is the entry that waits for the viewer's word as the person's
// manager: of those who hold an office where the person is employed, or who
// manage the round. Nobody answers for themselves without an office.
func answerFor(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) (openEntry, error) {
	e, err := openEntryOf(ctx, tx, viewer, entryID, now)
	if err != nil {
		return e, err
	}
	office, err := mayBook(ctx, tx, viewer, e.person, now.Day())
	switch {
	case err != nil:
		return e, err
	case !office:
		return e, fault.Forbidden
	case !e.needsManager:
		return e, fault.Conflict("round.answered_already")
	}
	return e, nil
}

// Allow gives the manager's word: the person gets a seat if one is free, or
// waits in the place that they asked for it.
func Allow(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) (Outcome, error) {
	e, err := answerFor(ctx, tx, viewer, entryID, now)
	if err != nil {
		return Outcome{}, err
	}
	if e.cancelledAt != nil {
		return Outcome{}, fault.Conflict("round.is_cancelled")
	}
	// Those who wait already go first.
	if err := e.settle(ctx, tx); err != nil {
		return Outcome{}, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE queue_entry SET allowed_at = $2, allowed_by = $3 WHERE id = $1`, e.entry, now, e.events.by); err != nil {
		return Outcome{}, err
	}
	e.awaiting--
	if err := e.events.add(WasAllowed, 0, e.person, words{}); err != nil {
		return Outcome{}, err
	}
	municipality, err := e.municipalityOf(ctx, tx, e.person)
	if err != nil {
		return Outcome{}, err
	}
	free, err := e.freeFor(ctx, tx, municipality)
	if err != nil {
		return Outcome{}, err
	}
	if free > 0 && e.promotes() {
		e.take(municipality)
		id, err := e.seatEntry(ctx, tx, e.entry, e.person, false)
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{Status: Enrolled, EnrolmentID: id}, e.done(ctx, tx)
	}
	e.waiting++
	position, err := positionOf(ctx, tx, e.id, e.entry)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Status: Waiting, Position: position, EntryID: e.entry}, e.done(ctx, tx)
}

// positionOf is the entry's place among those who wait.
func positionOf(ctx context.Context, q db.Querier, roundID, entryID int64) (int, error) {
	return db.Row(ctx, q, db.One[int], `
		SELECT COUNT(*)
		FROM queue_entry AS w
		WHERE w.round_id = $1
		AND w.id <= $2
		AND w.ended_at IS NULL
		AND `+waitsSQL, roundID, entryID)
}

// Refuse is the manager's no, for a reason that the person is told.
func Refuse(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, reason string, now clock.Instant) error {
	e, err := answerFor(ctx, tx, viewer, entryID, now)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(reason != "", fmt.Sprintf("reason_%d", entryID), "round.reason_missing")
	checks.Require(len([]rune(reason)) <= 500, fmt.Sprintf("reason_%d", entryID), "round.text_too_long", "Max", 500)
	if err := checks.Err(); err != nil {
		return err
	}
	return e.finish(ctx, tx, byRefusal, WasRefused, words{Reason: reason})
}

// Request is somebody's wish for a seat that waits for their manager's word,
// or their offer that waits for an answer, with its round.
type Request struct {
	Entry
	Course   string
	Label    string
	FirstDay clock.Day
	LastDay  clock.Day
	Free     int // seats for anybody
	Waiting  int // in the round's queue
}

const requestColumns = `
	w.id,
	w.round_id,
	w.person_id,
	p.given_name || ' ' || p.family_name,
	COALESCE(e.municipality_id, 0),
	COALESCE(o.name, ''),
	w.joined_at,
	w.needs_manager AND w.allowed_at IS NULL,
	w.offer_until,
	(SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = w.round_id AND b.id <= w.id AND b.ended_at IS NULL
		AND b.offered_at IS NULL AND (NOT b.needs_manager OR b.allowed_at IS NOT NULL)),
	r.label,
	r.first_day,
	r.last_day,
	r.capacity
		- (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
		- (SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = r.id AND b.ended_at IS NULL AND b.offered_at IS NOT NULL)
		- ` + setAsideSQL + `,
	(SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = r.id AND b.ended_at IS NULL
		AND b.offered_at IS NULL AND (NOT b.needs_manager OR b.allowed_at IS NOT NULL))`

func (r *Request) columns() []any {
	return append(r.Entry.columns(), &r.Label, &r.FirstDay, &r.LastDay, &r.Free, &r.Waiting, &r.Course)
}

// Requests are what waits for the viewer's word as a manager, the oldest first;
// at most limit.
func Requests(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day, limit int) ([]Request, error) {
	scope := access.Staff(viewer)
	if scope.Empty() {
		return nil, nil
	}
	condition, args := scope.Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	var b db.Builder
	b.Add(`SELECT`+requestColumns+`, `+catalogue.TitleSQL("c")+`
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN person AS p ON p.id = w.person_id
		JOIN employment AS e ON e.person_id = w.person_id AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE w.ended_at IS NULL
		AND w.needs_manager
		AND w.allowed_at IS NULL
		AND r.first_day > ?`, today, today, today).
		Add("AND "+condition, args...).
		Add("ORDER BY w.id LIMIT ?", limit)
	return db.Rows(ctx, q, (*Request).columns, b.String(), b.Args()...)
}

// MyQueue are the viewer's own entries that have not ended, by the rounds' days.
func MyQueue(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Request, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, (*Request).columns, `SELECT`+requestColumns+`, c.name
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN person AS p ON p.id = w.person_id
		LEFT JOIN employment AS e ON e.person_id = w.person_id AND e.from_day <= r.first_day AND (e.to_day IS NULL OR e.to_day >= r.first_day)
		LEFT JOIN organisation AS o ON o.id = e.organisation_id
		WHERE w.person_id = $1
		AND w.ended_at IS NULL
		ORDER BY r.first_day, w.id`, viewer.PersonID)
}
