package seat

import (
	"context"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

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
	if err := e.bookable(); err != nil && (e.cancelledAt != nil || e.retired) {
		return Outcome{}, err
	}
	// Those who wait already go first.
	if err := e.settle(ctx, tx); err != nil {
		return Outcome{}, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE queue_entry SET allowed_at = $2, allowed_by = $3 WHERE id = $1`, e.entry, now, e.events.By); err != nil {
		return Outcome{}, err
	}
	e.awaiting--
	if err := e.events.Add(round.WasAllowed, 0, e.person, round.Words{}); err != nil {
		return Outcome{}, err
	}
	c, err := e.about(ctx, tx, viewer, e.person)
	if err != nil {
		return Outcome{}, err
	}
	free, err := e.freeFor(ctx, tx, c.municipality)
	if err != nil {
		return Outcome{}, err
	}
	if free > 0 && e.promotes() {
		e.take(c.municipality)
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

// Reconsider says yes after a no: the entry stands in its old place again and is
// allowed. It answers as Allow does; fault.Conflict "round.entry_ended" for one that
// nobody has refused, and "round.asked_again" when the person has a seat by now or
// has asked anew.
func Reconsider(ctx context.Context, tx *db.Tx, viewer access.Viewer, entryID int64, now clock.Instant) (Outcome, error) {
	roundID, err := OfEntry(ctx, tx, entryID)
	if err != nil {
		return Outcome{}, err
	}
	if err := round.Hold(ctx, tx, roundID); err != nil {
		return Outcome{}, err
	}
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM queue_entry WHERE id = $1`, entryID)
	if err != nil {
		return Outcome{}, err
	}
	if _, err := mayBook(ctx, tx, viewer, person, now.Day()); err != nil {
		return Outcome{}, err
	}
	again, err := db.Row(ctx, tx, db.One[bool], `
		SELECT
			EXISTS (SELECT 1 FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL)
			OR EXISTS (SELECT 1 FROM queue_entry WHERE round_id = $1 AND person_id = $2 AND ended_at IS NULL)`, roundID, person)
	if err != nil {
		return Outcome{}, err
	}
	if again {
		return Outcome{}, fault.Conflict("round.asked_again")
	}
	opened, err := db.Exec(ctx, tx, `
		UPDATE queue_entry
		SET ended_at = NULL, ended_by = NULL, ended_how = NULL
		WHERE id = $1
		AND ended_how = $2`, entryID, byRefusal)
	if err != nil {
		return Outcome{}, err
	}
	if opened == 0 {
		return Outcome{}, fault.Conflict("round.entry_ended")
	}
	return Allow(ctx, tx, viewer, entryID, now)
}

// positionOf is the entry's place among those who wait.
func positionOf(ctx context.Context, q db.Querier, roundID, entryID int64) (int, error) {
	return db.Row(ctx, q, db.One[int], `
		SELECT COUNT(*)
		FROM queue_entry AS w
		WHERE w.round_id = $1
		AND w.id <= $2
		AND w.ended_at IS NULL
		AND `+round.WaitsSQL, roundID, entryID)
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
	return e.finish(ctx, tx, byRefusal, round.WasRefused, round.Words{Reason: reason})
}

// Request is somebody's wish for a seat that waits for their manager's word,
// or their offer that waits for an answer, with its round.
type Request struct {
	Entry
	CourseID int64
	StepID   int64 // the round's own, 0: none
	Course   string
	Label    string
	FirstDay clock.Day
	LastDay  clock.Day
	Free     int // seats that they may have: anybody's, and those set aside for their municipality
	Waiting  int // in the round's queue
}

var requestColumns = `
	w.id,
	w.round_id,
	w.person_id,
	TRIM(p.given_name || ' ' || p.family_name),
	COALESCE(e.municipality_id, 0),
	COALESCE(o.name, ''),
	w.joined_at,
	w.needs_manager AND w.allowed_at IS NULL,
	w.offer_until,
	(SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = w.round_id AND b.id <= w.id AND b.ended_at IS NULL
		AND b.offered_at IS NULL AND (NOT b.needs_manager OR b.allowed_at IS NOT NULL)),
	r.course_id,
	COALESCE(r.step_id, 0),
	r.label,
	r.first_day,
	r.last_day,
	r.capacity
		- (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
		- (SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = r.id AND b.ended_at IS NULL AND b.offered_at IS NOT NULL)
		- ` + round.SetAsideSQL + `
		+ COALESCE((
			SELECT CASE WHEN q.seats > ` + round.UsedSQL + ` THEN q.seats - ` + round.UsedSQL + ` ELSE 0 END
			FROM seat_quota AS q
			WHERE q.round_id = r.id
			AND q.municipality_id = e.municipality_id
			AND q.released_at IS NULL
		), 0),
	(SELECT COUNT(*) FROM queue_entry AS b WHERE b.round_id = r.id AND b.ended_at IS NULL
		AND b.offered_at IS NULL AND (NOT b.needs_manager OR b.allowed_at IS NOT NULL))`

func (r *Request) columns() []any {
	return append(r.Entry.columns(), &r.CourseID, &r.StepID, &r.Label, &r.FirstDay, &r.LastDay, &r.Free, &r.Waiting, &r.Course)
}

// Requests are what waits for the viewer's word as a manager, the oldest first.
func Requests(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Request, error) {
	scope := access.Staff(viewer)
	if scope.Empty() {
		return nil, nil
	}
	condition, args := scope.Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	shown, opened := people.ShownSQL(viewer, "e")
	var b db.Builder
	b.Add(`SELECT`+requestColumns+`, `+catalogue.TitleSQL("c")+`
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN person AS p ON p.id = w.person_id
		JOIN employment AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE w.ended_at IS NULL
		AND w.needs_manager
		AND w.allowed_at IS NULL
		AND r.first_day > ?`, today, today, today).
		Add("AND "+condition, args...).
		Add("AND "+shown, opened...).
		Add("ORDER BY w.id")
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
		LEFT JOIN employment AS e ON `+people.SendsSQL("e", "w")+` AND e.from_day <= r.first_day AND (e.to_day IS NULL OR e.to_day >= r.first_day)
		LEFT JOIN organisation AS o ON o.id = e.organisation_id
		WHERE w.person_id = $1
		AND w.ended_at IS NULL
		ORDER BY r.first_day, w.id`, viewer.PersonID)
}
