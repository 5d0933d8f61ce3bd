package seat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
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

// places is a held round as its seats and its queue are.
type places struct {
	id, courseID, regionID    int64
	place                     access.Place // whose the round is
	capacity, acceptHours     int
	signupFrom, signupUntil   clock.Day
	firstDay                  clock.Day
	withdrawUntil             *clock.Day
	publishedAt, cancelledAt  *clock.Instant
	seated, quotas            int  // quotas are those not released
	offered, waiting, overdue int  // overdue are offers whose time is out
	awaiting                  int  // the manager's word
	manages, retired          bool // retired is the course
	events                    round.Log
	unused                    map[int64]int // set aside per municipality; nil until asked for
}

// settled holds the round and reads its seats as they then are, after lapsed
// offers have ended and whoever can have a seat has got one.
func settled(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) (*places, error) {
	s, err := hold(ctx, tx, viewer, roundID, now)
	if err != nil {
		return nil, err
	}
	return s, s.settle(ctx, tx)
}

// hold takes the round's row for this transaction and reads its seats as they then
// are, before anything is settled.
func hold(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) (*places, error) {
	if err := round.Hold(ctx, tx, roundID); err != nil {
		return nil, err
	}
	condition, args := round.Visible(viewer)
	var b db.Builder
	b.Add(`
		SELECT
			r.id,
			r.course_id,
			COALESCE(r.region_id, 0),
			COALESCE(r.municipality_id, 0),
			COALESCE(r.unit_id, 0),
			r.capacity,
			r.accept_hours,
			r.signup_from,
			r.signup_until,
			r.first_day,
			r.withdraw_until,
			r.published_at,
			r.cancelled_at,
			COALESCE(`+lifetime.RetiredFromSQL("r.course_id")+` <= ?, FALSE),
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL),
			(SELECT COUNT(*) FROM seat_quota AS q WHERE q.round_id = r.id AND q.released_at IS NULL),
			w.waiting,
			w.offered,
			w.overdue,
			w.awaiting
		FROM round AS r
		CROSS JOIN (
			SELECT
				COUNT(*) FILTER (WHERE `+round.WaitsSQL+`) AS waiting,
				COUNT(*) FILTER (WHERE w.offered_at IS NOT NULL) AS offered,
				COUNT(*) FILTER (WHERE w.offer_until <= ?) AS overdue,
				COUNT(*) FILTER (WHERE w.needs_manager AND w.allowed_at IS NULL) AS awaiting
			FROM queue_entry AS w
			WHERE w.round_id = ?
			AND w.ended_at IS NULL
		) AS w
		WHERE r.id = ?`, now.Day(), now, roundID, roundID).
		Add("AND "+condition, args...)
	s, err := db.Row(ctx, tx, func(s *places) []any {
		return []any{
			&s.id, &s.courseID, &s.regionID, &s.place.MunicipalityID, &s.place.UnitID, &s.capacity, &s.acceptHours, &s.signupFrom, &s.signupUntil, &s.firstDay, &s.withdrawUntil,
			&s.publishedAt, &s.cancelledAt, &s.retired, &s.seated, &s.quotas, &s.waiting, &s.offered, &s.overdue, &s.awaiting,
		}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	s.place.RegionID = s.regionID
	s.manages = round.ManagesAt(viewer, s.place)
	s.events = round.NewLog(roundID, viewer, now)
	return &s, nil
}

func (s *places) now() clock.Instant { return s.events.At }

func (s *places) today() clock.Day { return s.now().Day() }

// promotes tells whether a free seat goes to who waits: until the round begins,
// when those who manage it decide, and not of a course that is retired.
func (s *places) promotes() bool {
	return s.publishedAt != nil && s.cancelledAt == nil && s.today() < s.firstDay && !s.retired
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
		if err := s.events.Itself(round.HasLapsed, person, round.Words{}); err != nil {
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
		LEFT JOIN employment AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		WHERE w.round_id = $1
		AND w.ended_at IS NULL
		AND `+round.WaitsSQL+`
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
		if err := s.events.Itself(round.WasOffered, e.person, round.Words{}); err != nil {
			return err
		}
	}
	return nil
}

// insert gives the person a seat, which the caller has counted as free, and
// fulfils their wish for the course. itself tells that the product does it.
func (s *places) insert(ctx context.Context, tx *db.Tx, c candidate, replaces int64, itself bool) (int64, error) {
	by := s.events.By
	if itself {
		by = nil
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO enrolment (round_id, person_id, enrolled_at, enrolled_by, replaces_id, employer_id)
		VALUES ($1, $2, $3, $4, $5, COALESCE($6, (SELECT employer_id FROM queue_entry WHERE id = $7)))
		RETURNING id`, s.id, c.person, s.now(), by, round.Optional(replaces), round.Optional(c.employer), round.Optional(c.entry))
	if db.IsCheck(err) {
		return 0, fault.NotFound // no such person
	}
	if err != nil {
		return 0, err
	}
	s.seated++
	if c.wishes {
		if _, err := db.Exec(ctx, tx, `
			UPDATE interest
			SET ended_at = $3, ended_how = 'seated'
			WHERE person_id = $1
			AND course_id = $2
			AND ended_at IS NULL`, c.person, s.courseID, s.now()); err != nil {
			return 0, err
		}
	}
	if itself {
		return id, s.events.Itself(round.WasEnrolled, c.person, round.Words{})
	}
	return id, s.events.Add(round.WasEnrolled, 0, c.person, round.Words{})
}

// seatEntry gives the seat that the entry waited for.
func (s *places) seatEntry(ctx context.Context, tx *db.Tx, entryID, personID int64, itself bool) (int64, error) {
	// Whether they wish for the course is not worth a question of its own.
	id, err := s.insert(ctx, tx, candidate{person: personID, wishes: true, entry: entryID}, 0, itself)
	if err != nil {
		return 0, err
	}
	return id, s.endEntry(ctx, tx, entryID, id)
}

// endEntry ends an entry that ended in the seat.
func (s *places) endEntry(ctx context.Context, tx *db.Tx, entryID, enrolmentID int64) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE queue_entry
		SET ended_at = $2, ended_by = $3, ended_how = 'seated', enrolment_id = $4
		WHERE id = $1`, entryID, s.now(), s.events.By, enrolmentID)
	return err
}

// done settles what the change left and writes what happened.
func (s *places) done(ctx context.Context, tx *db.Tx) error {
	if err := s.settle(ctx, tx); err != nil {
		return err
	}
	return s.events.Write(ctx, tx)
}

// Settle lets lapsed offers end, releases quotas whose day has come, and gives
// free seats to those who wait. Whatever changes seats does so itself; this is
// for what the clock alone changes, and for a capacity that was raised.
func Settle(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	s, err := hold(ctx, tx, viewer, roundID, now)
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

// closeQueue ends the queue of a round that has begun; those who still stand in
// it are told that they got no seat.
func (s *places) closeQueue(ctx context.Context, tx *db.Tx) error {
	if s.overdue > 0 {
		if err := s.lapse(ctx, tx); err != nil {
			return err
		}
	}
	left, err := end(ctx, tx, nil, s.id, byLapse, s.now())
	if err != nil {
		return err
	}
	for _, person := range left {
		if err := s.events.Itself(round.GotNoSeat, person, round.Words{}); err != nil {
			return err
		}
	}
	s.offered, s.waiting, s.overdue, s.awaiting, s.unused = 0, 0, 0, 0, nil
	return nil
}

// EndQueue ends what is left of the round's queue.
func EndQueue(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, how string, now clock.Instant) error {
	_, err := end(ctx, tx, viewer.ActorID(), roundID, how, now)
	return err
}

// end ends it, and gives those who stood in it in their order.
func end(ctx context.Context, tx *db.Tx, by *int64, roundID int64, how string, now clock.Instant) ([]int64, error) {
	type entry struct{ id, person int64 }
	ended, err := db.Rows(ctx, tx, func(e *entry) []any { return []any{&e.id, &e.person} }, `
		UPDATE queue_entry
		SET ended_at = $2, ended_by = $3, ended_how = $4
		WHERE round_id = $1
		AND ended_at IS NULL
		RETURNING id, person_id`, roundID, now, by, how)
	slices.SortFunc(ended, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	persons := make([]int64, len(ended))
	for i, e := range ended {
		persons[i] = e.person
	}
	return persons, err
}
