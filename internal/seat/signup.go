package seat

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

// Standing is how a sign-up ended.
type Standing string

// The standings; the values are those of the API.
const (
	Enrolled        Standing = "enrolled"         // has a seat
	Waiting         Standing = "waiting"          // in the queue
	AwaitingManager Standing = "awaiting_manager" // the manager has to allow it
)

// Outcome is what a sign-up gave. Position is the place in the queue, from 1,
// when waiting; EnrolmentID the seat, EntryID the place in the queue.
type Outcome struct {
	Status      Standing
	Position    int
	EnrolmentID int64
	EntryID     int64
}

// mayBook tells whether the viewer may give and take the person's seat: their
// own, or that of somebody employed today where they hold an office; office
// tells that they do.
func mayBook(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) (office bool, err error) {
	staff := access.Staff(viewer)
	if staff.Everything {
		return true, nil
	}
	self := viewer.PersonID == personID
	if self && staff.Empty() {
		return false, nil
	}
	_, err = people.EmploymentIn(ctx, q, staff, personID, today)
	if self && errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// candidate is somebody as they stand to a held round.
type candidate struct {
	person         int64
	seated, queued bool  // in it
	ours           bool  // it is for them: of a local round, who works where it is given
	asks           bool  // their municipality wants its managers to allow each sign-up
	municipality   int64 // employer on the round's first day: whose seats they take; 0 for none
	employer       int64 // of several that day the one that sends them; 0 for who has one
	wishes         bool  // for the course
	joined         bool  // the municipality takes part in the programme on the round's first day, or need not
	entry          int64 // that in the queue which gives them the seat; 0 for none
}

// about reads how the person stands to the round. A local round is for those who
// are employed in its municipality, today or on the first day, and at its
// workplace, unless those who plan it put them in.
func (s *places) about(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64) (candidate, error) {
	unit := s.place.UnitID
	if s.manages {
		unit = 0
	}
	// Of several employers that sends in which the viewer has an office, else the main one.
	args := []any{s.id, personID, s.place.MunicipalityID, unit, s.today(), s.firstDay, s.courseID}
	office, places := access.Staff(viewer).Where(access.Columns{Region: "region_id", Municipality: "municipality_id", Unit: "organisation_id"})
	for _, id := range places {
		args = append(args, id)
		office = strings.Replace(office, "?", "$"+strconv.Itoa(len(args)), 1)
	}
	sends := `FROM employment
				WHERE person_id = $2
				AND from_day <= $6
				AND (to_day IS NULL OR to_day >= $6)
				ORDER BY CASE WHEN ` + office + ` THEN 0 ELSE 1 END, main DESC
				LIMIT 1`
	c, err := db.Row(ctx, tx, func(c *candidate) []any {
		return []any{&c.seated, &c.queued, &c.ours, &c.asks, &c.municipality, &c.employer, &c.wishes, &c.joined}
	}, `
		SELECT
			EXISTS (SELECT 1 FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL),
			EXISTS (SELECT 1 FROM queue_entry WHERE round_id = $1 AND person_id = $2 AND ended_at IS NULL),
			$3 = 0 OR EXISTS (
				SELECT 1
				FROM employment
				WHERE person_id = $2
				AND municipality_id = $3
				AND ($4 = 0 OR organisation_id = $4)
				AND (from_day <= $5 AND (to_day IS NULL OR to_day >= $5) OR from_day <= $6 AND (to_day IS NULL OR to_day >= $6))
			),
			EXISTS (
				SELECT 1
				FROM employment AS e
				JOIN municipality_setting AS m ON m.municipality_id = e.municipality_id
				WHERE e.person_id = $2
				AND e.from_day <= $5
				AND (e.to_day IS NULL OR e.to_day >= $5)
				AND m.manager_approves
			),
			COALESCE((
				SELECT municipality_id
				`+sends+`
			), 0),
			COALESCE((
				SELECT COALESCE(municipality_id, region_id)
				`+sends+`
			), 0) * CASE WHEN EXISTS (
				SELECT 1
				FROM employment
				WHERE person_id = $2
				AND from_day <= $6
				AND (to_day IS NULL OR to_day >= $6)
				AND NOT main
			) THEN 1 ELSE 0 END,
			EXISTS (SELECT 1 FROM interest WHERE person_id = $2 AND course_id = $7 AND ended_at IS NULL),
			$3 <> 0 OR COALESCE((
				SELECT `+affiliation.HoldsSQL(affiliation.Joined, "sent.municipality_id", "$6")+`
				FROM (SELECT municipality_id `+sends+`) AS sent
			), TRUE)`,
		args...)
	c.person = personID
	return c, err
}

// outside is nil when the person has neither a seat nor a place in the queue.
func (c candidate) outside() error {
	switch {
	case c.seated:
		return fault.Conflict("round.already_enrolled")
	case c.queued:
		return fault.Conflict("round.already_waiting")
	}
	return nil
}

// welcome is nil unless the round is not for the person: a local one of another
// workplace, one that begins when they no longer work anywhere, or another than a local one
// when their municipality does not take part in the programme. Who plans the
// round may put in somebody whose next employment is not written down yet.
func (s *places) welcome(c candidate) error {
	switch {
	case !c.ours:
		return fault.Conflict("round.not_of_municipality")
	case c.municipality == 0 && !s.manages:
		return fault.Conflict("round.leaves_before", "Day", s.firstDay)
	case !c.joined:
		return fault.Conflict("round.not_joined", "Day", s.firstDay)
	}
	return nil
}

// SignUp gives the person a seat, or a place in the queue when none is free.
// Who signs up alone where the municipality wants the manager's word waits for
// it first. Those who manage the round may sign up outside the sign-up window
// too. The capacity is never exceeded, and no seat is left empty while somebody
// who could have it waits. fault.Conflict "round.already_enrolled",
// "round.already_waiting", "round.signup_closed", "round.is_cancelled" and
// "lifetime.nobody_new"; the transaction is good after each of them.
func SignUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, personID int64, now clock.Instant) (Outcome, error) {
	s, err := settled(ctx, tx, viewer, roundID, now)
	if err != nil {
		return Outcome{}, err
	}
	o, err := s.signUp(ctx, tx, viewer, personID, false)
	if err != nil && fault.Of(err) == nil {
		return o, err
	}
	return o, errors.Join(err, s.events.Write(ctx, tx))
}

// Enrol is SignUp for a seat or nothing: fault.Conflict "round.full" when none
// is free, "round.asks_manager" when the manager has to allow it first.
func Enrol(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, personID int64, now clock.Instant) (int64, error) {
	s, err := settled(ctx, tx, viewer, roundID, now)
	if err != nil {
		return 0, err
	}
	o, err := s.signUp(ctx, tx, viewer, personID, true)
	if err != nil && fault.Of(err) == nil {
		return 0, err
	}
	return o.EnrolmentID, errors.Join(err, s.events.Write(ctx, tx))
}

// signUp signs up in a settled round; seatOnly refuses the queue. What happened
// is still to be written.
func (s *places) signUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, seatOnly bool) (Outcome, error) {
	office, err := mayBook(ctx, tx, viewer, personID, s.today())
	if err != nil {
		return Outcome{}, err
	}
	if err := s.bookable(); err != nil {
		return Outcome{}, err
	}
	c, err := s.about(ctx, tx, viewer, personID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.outside(); err != nil {
		return Outcome{}, err
	}
	if err := s.welcome(c); err != nil {
		return Outcome{}, err
	}
	asks := c.asks && !office
	free, err := s.freeFor(ctx, tx, c.municipality)
	switch {
	case err != nil:
		return Outcome{}, err
	case asks && seatOnly:
		return Outcome{}, fault.Conflict("round.asks_manager")
	case free == 0 && seatOnly:
		return Outcome{}, fault.Conflict("round.full")
	case free > 0 && !asks:
		s.take(c.municipality)
		id, err := s.insert(ctx, tx, c, 0, false)
		return Outcome{Status: Enrolled, EnrolmentID: id}, err
	}
	return s.join(ctx, tx, c, asks)
}

// bookable is nil when people may be signed up.
func (s *places) bookable() error {
	switch {
	case s.cancelledAt != nil:
		return fault.Conflict("round.is_cancelled")
	case s.retired:
		return fault.Conflict("lifetime.nobody_new")
	case s.manages:
		return nil
	case s.publishedAt == nil || s.today() < s.signupFrom || s.signupUntil < s.today():
		return fault.Conflict("round.signup_closed")
	}
	return nil
}

// join puts the person last in the queue, asks tells that the manager's word
// comes first.
func (s *places) join(ctx context.Context, tx *db.Tx, c candidate, asks bool) (Outcome, error) {
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO queue_entry (round_id, person_id, joined_at, joined_by, needs_manager, employer_id)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, s.id, c.person, s.now(), s.events.By, asks, round.Optional(c.employer))
	if db.IsCheck(err) {
		return Outcome{}, fault.NotFound // no such person
	}
	if err != nil {
		return Outcome{}, err
	}
	if asks {
		s.awaiting++
		return Outcome{Status: AwaitingManager, EntryID: id}, s.events.Add(round.WasAsked, 0, c.person, round.Words{})
	}
	s.waiting++
	return Outcome{Status: Waiting, Position: s.waiting, EntryID: id}, s.events.Add(round.WasQueued, 0, c.person, round.Words{})
}

// Result is what the sign-up of one of several gave; Fault is nil, or why it
// was refused.
type Result struct {
	PersonID int64
	Outcome
	Fault *fault.Error
}

// SignUpMany signs up each of the persons in their order, and says of each what
// it gave. together asks for seats for all of them or none: fault.Conflict
// "round.too_few_seats" when not everybody would get one.
func SignUpMany(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, persons []int64, together bool, now clock.Instant) ([]Result, error) {
	s, err := settled(ctx, tx, viewer, roundID, now)
	if err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(persons))
	seats := 0
	for _, p := range persons {
		o, err := s.signUp(ctx, tx, viewer, p, together)
		f := fault.Of(err)
		if err != nil && f == nil {
			return nil, err
		}
		if o.Status == Enrolled {
			seats++
		}
		results = append(results, Result{PersonID: p, Outcome: o, Fault: f})
	}
	if together && seats < len(persons) {
		return results, fault.Conflict("round.too_few_seats", "Count", len(persons), "Seats", seats)
	}
	return results, s.events.Write(ctx, tx)
}

// Leaving is a seat that is to be given up, with its round held and settled.
type Leaving struct {
	*places
	enrolment, person int64
}

// Leave finds the seat for those who may give it up. Once the last day to
// withdraw is over only those who manage the round may, and nobody's seat whose
// attendance is saved; replacing leaves no seat empty, so it may be done until
// the round begins.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, s *places, enrolmentID, personID int64, replacing bool) (Leaving, error) {
	t := Leaving{places: s, enrolment: enrolmentID, person: personID}
	if !s.manages {
		if _, err := mayBook(ctx, tx, viewer, personID, s.today()); err != nil {
			return t, err
		}
		switch {
		case s.today() >= s.firstDay:
			return t, fault.Conflict("round.has_begun")
		case !replacing && s.withdrawUntil != nil && s.today() > *s.withdrawUntil:
			return t, fault.Conflict("round.withdraw_closed", "Day", *s.withdrawUntil)
		}
	}
	type state struct{ marked, withdrawn bool }
	now, err := db.Row(ctx, tx, func(s *state) []any { return []any{&s.marked, &s.withdrawn} }, `
		SELECT
			EXISTS (SELECT 1 FROM attendance AS a WHERE a.enrolment_id = n.id),
			n.withdrawn_at IS NOT NULL
		FROM enrolment AS n
		WHERE n.id = $1`, enrolmentID)
	switch {
	case err != nil:
		return t, err
	case now.withdrawn:
		return t, fault.Conflict("round.already_withdrawn")
	case now.marked:
		return t, fault.Conflict("round.has_marks")
	case s.cancelledAt != nil && replacing:
		return t, fault.Conflict("round.is_cancelled")
	}
	return t, nil
}

// give gives the seat up.
func (t Leaving) give(ctx context.Context, tx *db.Tx, kind round.Kind, w round.Words) error {
	if _, err := db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = $2, withdrawn_by = $3 WHERE id = $1`, t.enrolment, t.now(), t.events.By); err != nil {
		return err
	}
	t.seated--
	t.unused = nil
	return t.events.Add(kind, 0, t.person, w)
}

// whose is the round and the person of the seat.
func whose(ctx context.Context, q db.Querier, enrolmentID int64) (roundID, personID int64, err error) {
	type row struct{ round, person int64 }
	r, err := db.Row(ctx, q, func(r *row) []any { return []any{&r.round, &r.person} },
		`SELECT round_id, person_id FROM enrolment WHERE id = $1`, enrolmentID)
	return r.round, r.person, err
}

// Withdraw gives the seat back, and whoever waits first gets it. After the last
// day to withdraw only those who manage the round may, and nobody's seat whose
// attendance is saved: fault.Conflict "round.withdraw_closed",
// "round.has_begun", "round.has_marks" and "round.already_withdrawn".
func Withdraw(ctx context.Context, tx *db.Tx, viewer access.Viewer, enrolmentID int64, now clock.Instant) error {
	roundID, personID, err := whose(ctx, tx, enrolmentID)
	if err != nil {
		return err
	}
	s, err := hold(ctx, tx, viewer, roundID, now)
	if err != nil {
		return err
	}
	t, err := Leave(ctx, tx, viewer, s, enrolmentID, personID, false)
	if err != nil {
		return err
	}
	if err := t.give(ctx, tx, round.WasWithdrawn, round.Words{}); err != nil {
		return err
	}
	return s.done(ctx, tx)
}

// Replace gives the seat to a colleague in the same municipality, past those who
// wait; the answer is the colleague's seat. It is for those who may book both.
// fault.Invalid of the field person when the colleague works elsewhere; the
// other faults are those of Withdraw and SignUp.
func Replace(ctx context.Context, tx *db.Tx, viewer access.Viewer, enrolmentID, colleagueID int64, now clock.Instant) (int64, error) {
	roundID, personID, err := whose(ctx, tx, enrolmentID)
	if err != nil {
		return 0, err
	}
	s, err := hold(ctx, tx, viewer, roundID, now)
	if err != nil {
		return 0, err
	}
	t, err := Leave(ctx, tx, viewer, s, enrolmentID, personID, true)
	if err != nil {
		return 0, err
	}
	if _, err := mayBook(ctx, tx, viewer, colleagueID, now.Day()); err != nil {
		return 0, err
	}
	same, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM employment AS a
			JOIN employment AS b ON b.municipality_id = a.municipality_id
			WHERE a.person_id = $1
			AND a.from_day <= $3
			AND (a.to_day IS NULL OR a.to_day >= $3)
			AND b.person_id = $2
			AND b.from_day <= $3
			AND (b.to_day IS NULL OR b.to_day >= $3)
		)`, personID, colleagueID, now.Day())
	if err != nil {
		return 0, err
	}
	if !same {
		return 0, fault.Invalid("person", "round.other_municipality")
	}
	if err := t.give(ctx, tx, round.WasReplaced, round.Words{}); err != nil {
		return 0, err
	}
	colleague, err := s.about(ctx, tx, viewer, colleagueID)
	if err != nil {
		return 0, err
	}
	if err := s.welcome(colleague); err != nil {
		return 0, err
	}
	id, err := s.insertOrPromote(ctx, tx, colleague, enrolmentID)
	if err != nil {
		return 0, err
	}
	return id, s.done(ctx, tx)
}

// insertOrPromote seats somebody who may wait in the round's queue: the wait is
// then over.
func (s *places) insertOrPromote(ctx context.Context, tx *db.Tx, c candidate, replaces int64) (int64, error) {
	if c.seated {
		return 0, c.outside()
	}
	id, err := s.insert(ctx, tx, c, replaces, false)
	if err != nil || !c.queued {
		return id, err
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE queue_entry
		SET ended_at = $3, ended_by = $4, ended_how = 'seated', enrolment_id = $5
		WHERE round_id = $1
		AND person_id = $2
		AND ended_at IS NULL`, s.id, c.person, s.now(), s.events.By, id); err != nil {
		return 0, err
	}
	// Which of the counts it stood in is not worth knowing: they are read anew.
	fresh, err := hold(ctx, tx, access.System(), s.id, s.now())
	if err != nil {
		return 0, err
	}
	s.offered, s.overdue, s.waiting, s.awaiting, s.unused = fresh.offered, fresh.overdue, fresh.waiting, fresh.awaiting, nil
	return id, nil
}

// Move gives the seat up for one in another round of the course; the answer is
// the new seat. Either both happen or neither. fault.Conflict "round.full" when
// the other round has no seat free, "round.other_course", and those of Withdraw
// and SignUp.
func Move(ctx context.Context, tx *db.Tx, viewer access.Viewer, enrolmentID, toRoundID int64, now clock.Instant) (int64, error) {
	fromID, personID, err := whose(ctx, tx, enrolmentID)
	if err != nil {
		return 0, err
	}
	if fromID == toRoundID {
		return 0, fault.Conflict("round.already_enrolled")
	}
	// Two moves that cross wait for each other at the same round, and so never
	// for ever.
	for _, id := range []int64{min(fromID, toRoundID), max(fromID, toRoundID)} {
		if err := round.Hold(ctx, tx, id); err != nil {
			return 0, err
		}
	}
	from, err := hold(ctx, tx, viewer, fromID, now)
	if err != nil {
		return 0, err
	}
	to, err := hold(ctx, tx, viewer, toRoundID, now)
	if err != nil {
		return 0, err
	}
	if from.courseID != to.courseID {
		return 0, fault.Conflict("round.other_course")
	}
	t, err := Leave(ctx, tx, viewer, from, enrolmentID, personID, false)
	if err != nil {
		return 0, err
	}
	if err := to.bookable(); err != nil {
		return 0, err
	}
	if err := to.settle(ctx, tx); err != nil {
		return 0, err
	}
	c, err := to.about(ctx, tx, viewer, personID) // who waited there may have a seat by now
	if err != nil {
		return 0, err
	}
	if err := to.welcome(c); err != nil {
		return 0, err
	}
	free, err := to.freeFor(ctx, tx, c.municipality)
	if err != nil {
		return 0, err
	}
	if free == 0 {
		return 0, fault.Conflict("round.full")
	}
	if err := t.give(ctx, tx, round.WasMoved, round.Words{Round: toRoundID}); err != nil {
		return 0, err
	}
	to.take(c.municipality)
	id, err := to.insertOrPromote(ctx, tx, c, enrolmentID)
	if err != nil {
		return 0, err
	}
	if err := from.done(ctx, tx); err != nil {
		return 0, err
	}
	return id, to.done(ctx, tx)
}
