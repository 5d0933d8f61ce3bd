package catering

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/round"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// partSQL is the condition that person $2 has part in round $1: a seat, a place
// in the queue, or a day to hold.
const partSQL = `
	EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = $1 AND n.person_id = $2 AND n.withdrawn_at IS NULL)
	OR EXISTS (SELECT 1 FROM queue_entry AS e WHERE e.round_id = $1 AND e.person_id = $2 AND e.ended_at IS NULL)
	OR EXISTS (
		SELECT 1
		FROM course_day AS d
		JOIN day_trainer AS t ON t.course_day_id = d.id
		WHERE d.round_id = $1
		AND t.person_id = $2
	)`

// HasPart tells whether the viewer has a seat, waits for one, or holds a day of
// the round: those may tell what they need.
func HasPart(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (bool, error) {
	if viewer.PersonID == 0 {
		return false, nil
	}
	return db.Row(ctx, q, db.One[bool], `SELECT `+partSQL, roundID, viewer.PersonID)
}

// Mine is what the viewer has told that they need in the round.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (Need, error) {
	type row struct{ diet, access string }
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.diet, &r.access} },
		`SELECT diet, access_need FROM round_need WHERE round_id = $1 AND person_id = $2`, roundID, viewer.PersonID)
	if err != nil || len(rows) == 0 {
		return Need{}, err
	}
	return opened(q, roundID, viewer.PersonID, rows[0].diet, rows[0].access)
}

// Tell writes what the viewer needs in the round; an empty need takes back what
// was told. Of a local round nothing is kept. fault.NotFound for those who have no
// part in the round; fault.Conflict "catering.over" after its last day.
func Tell(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, n Need, now clock.Instant) error {
	part, err := HasPart(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if !part {
		return fault.NotFound
	}
	if err := n.check(); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Needs, viewer.PersonID); err != nil {
		return err
	}
	if n.Empty() {
		_, err := db.Exec(ctx, tx, `DELETE FROM round_need WHERE round_id = $1 AND person_id = $2`, roundID, viewer.PersonID)
		return err
	}
	type row struct {
		last  clock.Day
		local bool
	}
	r, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.last, &r.local} },
		`SELECT last_day, municipality_id IS NOT NULL FROM round WHERE id = $1`, roundID)
	switch {
	case err != nil:
		return err
	case r.local:
		return nil // nobody orders for it
	case r.last < now.Day():
		return fault.Conflict("catering.over")
	}
	diet, accessNeed, err := n.sealed(tx, roundID, viewer.PersonID)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO round_need (round_id, person_id, diet, access_need, told_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (round_id, person_id) DO UPDATE
		SET diet = excluded.diet, access_need = excluded.access_need, told_at = excluded.told_at`,
		roundID, viewer.PersonID, diet, accessNeed, now)
	return err
}

// told are the needs of those who have a seat in the round or hold a day of it,
// by name in Swedish order.
func told(ctx context.Context, q db.Querier, roundID int64) ([]Told, error) {
	type row struct {
		Told
		diet, access string
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.PersonID, &r.Name, &r.diet, &r.access, &r.Trainer} }, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			w.diet,
			w.access_need,
			EXISTS (
				SELECT 1
				FROM course_day AS d
				JOIN day_trainer AS t ON t.course_day_id = d.id
				WHERE d.round_id = w.round_id
				AND t.person_id = p.id
			) AS teaches
		FROM round_need AS w
		JOIN person AS p ON p.id = w.person_id
		WHERE w.round_id = $1
		AND (
			EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = w.round_id AND n.person_id = p.id AND n.withdrawn_at IS NULL)
			OR EXISTS (
				SELECT 1
				FROM course_day AS d
				JOIN day_trainer AS t ON t.course_day_id = d.id
				WHERE d.round_id = w.round_id
				AND t.person_id = p.id
			)
		)
		ORDER BY p.sort_key, p.id`, roundID)
	if err != nil {
		return nil, err
	}
	all := make([]Told, len(rows))
	for i, r := range rows {
		if r.Need, err = opened(q, roundID, r.PersonID, r.diet, r.access); err != nil {
			return nil, err
		}
		all[i] = r.Told
	}
	return all, nil
}

// Totals are how many of the round need which diet, for its trainers and those
// who manage it, without names. Others get fault.NotFound.
func Totals(ctx context.Context, q db.Querier, viewer access.Viewer, d round.Detail) ([]Count, error) {
	if !d.Manages && !d.Teaches {
		return nil, fault.NotFound
	}
	all, err := told(ctx, q, d.ID)
	return Counts(all), err
}

// Sheet is what to order for each day of the round, and all needs with their
// names, for those who manage the round.
func Sheet(ctx context.Context, q db.Querier, viewer access.Viewer, d round.Detail) ([]Day, []Told, error) {
	if !d.Manages {
		return nil, nil, fault.NotFound
	}
	all, err := told(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	orders, err := db.Rows(ctx, q, func(o *Order) []any {
		return []any{&o.DayID, &o.Morning, &o.Afternoon, &o.TrainerLunch, &o.Note, &o.OrderedAt, &o.OrderedBy}
	}, `
		SELECT
			d.id,
			COALESCE(c.morning, FALSE),
			COALESCE(c.afternoon, FALSE),
			COALESCE(c.trainer_lunch, FALSE),
			COALESCE(c.note, ''),
			c.ordered_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM course_day AS d
		LEFT JOIN catering AS c ON c.course_day_id = d.id
		LEFT JOIN person AS p ON p.id = c.ordered_by
		WHERE d.round_id = $1
		ORDER BY d.ordinal`, d.ID)
	if err != nil {
		return nil, nil, err
	}
	for i := range orders {
		o := &orders[i]
		if o.Note, o.Unreadable, err = sealing.Text(q, noteAt(o.DayID), o.Note); err != nil {
			return nil, nil, err
		}
	}
	var days []Day
	for i, cd := range d.CourseDays {
		day := Day{
			Order: orders[i], Day: cd.Day, Starts: cd.Starts, Ends: cd.Ends, Place: cd.Place,
			Participants: d.Seats, Trainers: len(cd.Trainers),
		}
		day.Diets = Counts(slices.DeleteFunc(slices.Clone(all), func(t Told) bool {
			return t.Trainer && !slices.ContainsFunc(cd.Trainers, func(h round.Trainer) bool { return h.PersonID == t.PersonID })
		}))
		days = append(days, day)
	}
	return days, all, nil
}

// Save writes the orders of the round's days. Ordered tells per day whether the
// order has been placed: who did so and when is kept until it is taken back.
// Either all is saved or nothing; a day of another round is fault.NotFound.
func Save(ctx context.Context, tx *db.Tx, viewer access.Viewer, d round.Detail, orders []Order, ordered map[int64]bool, now clock.Instant) error {
	if !d.Manages {
		return fault.NotFound
	}
	var checks fault.Checks
	for i := range orders {
		o := &orders[i]
		if !slices.ContainsFunc(d.CourseDays, func(day round.Day) bool { return day.ID == o.DayID }) {
			return fault.NotFound
		}
		o.Note = strings.TrimSpace(o.Note)
		field := fmt.Sprintf("%d", o.DayID)
		checks.Require(utf8.RuneCountInString(o.Note) <= 500, "note_"+field, "round.text_too_long", "Max", 500)
		checks.Require(!ordered[o.DayID] || o.Wanted(), "ordered_"+field, "catering.nothing_to_order")
	}
	if err := checks.Err(); err != nil {
		return err
	}
	for _, o := range orders {
		var at *clock.Instant
		var by *int64
		if ordered[o.DayID] {
			at, by = &now, viewer.ActorID()
		}
		note, err := db.Keys(tx).Seal(noteAt(o.DayID), o.Note)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `
			INSERT INTO catering (course_day_id, morning, afternoon, trainer_lunch, note, ordered_at, ordered_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (course_day_id) DO UPDATE
			SET morning = excluded.morning, afternoon = excluded.afternoon, trainer_lunch = excluded.trainer_lunch, note = excluded.note,
				ordered_at = CASE WHEN excluded.ordered_at IS NULL THEN NULL ELSE COALESCE(catering.ordered_at, excluded.ordered_at) END,
				ordered_by = CASE WHEN excluded.ordered_at IS NULL THEN NULL WHEN catering.ordered_at IS NULL THEN excluded.ordered_by ELSE catering.ordered_by END`,
			o.DayID, o.Morning, o.Afternoon, o.TrainerLunch, note, at, by); err != nil {
			return err
		}
	}
	return nil
}

// Forget deletes the needs of rounds whose last day was KeptDays ago or more,
// and tells how many they were.
func Forget(ctx context.Context, tx *db.Tx, today clock.Day) (int64, error) {
	return db.Exec(ctx, tx, `
		DELETE FROM round_need
		WHERE round_id IN (
			SELECT r.id
			FROM round AS r
			WHERE r.last_day <= $1
		)`, today-KeptDays)
}

// forgetting is the job that forgets needs.
type forgetting struct{}

func (forgetting) Kind() string { return "catering_forget" }

// Handle lets the queue forget needs, at each start and then once a day.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ forgetting) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := Forget(ctx, tx, now.Today())
			return err
		})
	})
	jobs.Every(q, 24*time.Hour, forgetting{})
}

func noteAt(dayID int64) vault.Place {
	return vault.Place{Table: "catering", Column: "note", Row: vault.Row(dayID)}
}

func needAt(column string, roundID, personID int64) vault.Place {
	return vault.Place{Table: "round_need", Column: column, Row: vault.Row(roundID, personID)}
}

// sealed is the need as it is stored.
func (n Need) sealed(tx *db.Tx, roundID, personID int64) (diet, accessNeed string, err error) {
	if diet, err = db.Keys(tx).Seal(needAt("diet", roundID, personID), n.column()); err != nil {
		return "", "", err
	}
	accessNeed, err = db.Keys(tx).Seal(needAt("access_need", roundID, personID), n.Access)
	return diet, accessNeed, err
}

// opened is a need that was stored.
func opened(q db.Querier, roundID, personID int64, diet, accessNeed string) (n Need, err error) {
	eats, lostDiet, err := sealing.Text(q, needAt("diet", roundID, personID), diet)
	if err != nil {
		return Need{}, err
	}
	var lostAccess bool
	if n.Access, lostAccess, err = sealing.Text(q, needAt("access_need", roundID, personID), accessNeed); err != nil {
		return Need{}, err
	}
	n.read(eats)
	n.Unreadable = lostDiet || lostAccess
	return n, nil
}
