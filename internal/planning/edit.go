package planning

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

// PlanOf is the round's plan as it stands, to be changed and given to Edit.
func PlanOf(d round.Detail) New {
	n := New{
		CourseID: d.CourseID, EditionID: d.EditionID, RegionID: d.RegionID, MunicipalityID: d.MunicipalityID, UnitID: d.UnitID, RolloutID: d.RolloutID, Label: d.Label, Delivery: d.Delivery, TariffKind: d.TariffKind,
		Capacity: d.Capacity, Minimum: d.Minimum, SignupFrom: d.SignupFrom, SignupUntil: d.SignupUntil, Note: d.Note,
		DecideOn: d.DecideOn, WithdrawUntil: d.WithdrawUntil, StepID: d.StepID, AcceptHours: d.AcceptHours,
	}
	for _, day := range d.CourseDays {
		nd := NewDay{ID: day.ID, Day: day.Day, Starts: day.Starts, Ends: day.Ends, RoomID: day.RoomID, Place: day.Place, Link: day.Link}
		for _, t := range day.Trainers {
			nd.Trainers = append(nd.Trainers, NewTrainer{PersonID: t.PersonID, Role: t.Role})
		}
		n.Days = append(n.Days, nd)
	}
	return n
}

// Edit plans the round anew. version is that of the plan which was changed: if
// somebody has changed it since, nothing is written and the answer is
// fault.Conflict "round.changed_meanwhile". The course, the region, how it is
// given and its tariff stay as they are. The capacity cannot be less than the
// seats that are taken; a day whose attendance is saved can be neither moved
// nor left out, only its place and trainers corrected. A day of which somebody's
// mark is known, as when participants have said that they were there, stays on
// its date. A round cannot move to a day by which its course is retired. In a local round a day more is asked of those whom the rule has
// completed, too: their completions go until they have been there.
//
// A trainer whose day moves to another date or time is to be asked again.
func Edit(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, version int, n New, now clock.Instant) error {
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.Version != version {
		return fault.Conflict("round.changed_meanwhile")
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return err
	}
	n.CourseID, n.RegionID, n.EditionID, n.Delivery, n.TariffKind = d.CourseID, d.RegionID, d.EditionID, d.Delivery, d.TariffKind
	n.MunicipalityID, n.UnitID, n.RolloutID = d.MunicipalityID, d.UnitID, d.RolloutID
	if strings.TrimSpace(n.Label) == "" {
		n.Label = d.Giver() // of a local round
	}
	if d.Local() {
		n.openFrom(d.SignupFrom)
	}
	if err := n.check(); err != nil {
		return err
	}
	c, err := compare(ctx, tx, d, n)
	if err != nil {
		return err
	}
	if first := n.Days[0].Day; first != d.FirstDay && !d.Retired(d.FirstDay) { // what has been promised may move
		if err := lifetime.HoldOn(ctx, tx, d.CourseID, first, "days.0.day"); err != nil {
			return err
		}
	}
	if err := n.fill(ctx, tx, c.rooms); err != nil {
		return err
	}
	if err := n.checkLeaders(ctx, tx, c.holders); err != nil {
		return err
	}
	if err := n.holdUnit(ctx, tx); err != nil {
		return err
	}

	events := round.NewLog(roundID, viewer, now)
	if what := n.changes(d); what != "" {
		if err := events.Add(round.WasChanged, 0, 0, round.Words{Reason: what}); err != nil {
			return err
		}
	}
	if err := c.write(ctx, tx, d, n, &events); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE round
		SET label = $2, capacity = $3, minimum = $4, signup_from = $5, signup_until = $6, first_day = $7, last_day = $8, note = $9,
			decide_on = $10, withdraw_until = $11, step_id = $12, accept_hours = $13, version = version + 1
		WHERE id = $1`, roundID, n.Label, n.Capacity, n.Minimum, n.SignupFrom, n.SignupUntil, n.Days[0].Day, n.Days[len(n.Days)-1].Day, n.Note,
		n.DecideOn, n.WithdrawUntil, round.Optional(n.StepID), n.AcceptHours); err != nil {
		return err
	}
	if err := events.Write(ctx, tx); err != nil {
		return err
	}
	if len(c.gone) > 0 || slices.Contains(c.old, nil) { // who was there on all days may be others now
		if err := attendance.FulfilRound(ctx, tx, roundID, now); err != nil {
			return err
		}
	}
	return seat.Settle(ctx, tx, viewer, roundID, now) // more seats are for those who wait
}

// comparison is a plan beside the days that the round has: old is the day that each
// planned one was, nil for a new one, and gone are those that are left out. rooms and
// holders are those of the days until now.
type comparison struct {
	old            []*round.Day
	gone           map[int64]round.Day
	rooms, holders map[int64]bool
}

// compare refuses what the plan cannot do to the round: fewer seats than are taken,
// another date for a day of which something is saved, a held day left out.
func compare(ctx context.Context, tx *db.Tx, d round.Detail, n New) (comparison, error) {
	c := comparison{old: make([]*round.Day, len(n.Days)), gone: make(map[int64]round.Day, len(d.CourseDays)), rooms: map[int64]bool{}, holders: map[int64]bool{}}
	for _, day := range d.CourseDays {
		c.gone[day.ID] = day
		c.rooms[day.RoomID] = true
		for _, t := range day.Trainers {
			c.holders[t.PersonID] = true
		}
	}
	marked, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT d.id
		FROM course_day AS d
		WHERE d.round_id = $1
		AND EXISTS (SELECT 1 FROM attendance AS a WHERE a.course_day_id = d.id)`, d.ID)
	if err != nil {
		return c, err
	}
	var checks fault.Checks
	taken := d.Seats + d.Offered + d.SetAside
	checks.Require(n.Capacity >= taken, "capacity", "round.capacity_taken", "Count", taken)
	for i, nd := range n.Days {
		if nd.ID == 0 {
			continue
		}
		day, ours := c.gone[nd.ID]
		if !ours {
			return c, fault.NotFound
		}
		delete(c.gone, nd.ID)
		c.old[i] = &day
		field := fmt.Sprintf("days.%d.day", i)
		checks.Require(day.HeldAt == nil || !moved(day, nd), field, "round.day_is_held")
		checks.Require(day.HeldAt != nil || day.Day == nd.Day || !slices.Contains(marked, day.ID), field, "round.day_is_marked")
	}
	for _, day := range c.gone {
		checks.Require(day.HeldAt == nil, "days", "round.day_is_held_stays", "Day", day.Day)
	}
	return c, checks.Err()
}

// write takes out the days that are gone, and gives each planned one its place.
func (c comparison) write(ctx context.Context, tx *db.Tx, d round.Detail, n New, events *round.Log) error {
	for _, day := range d.CourseDays {
		if _, gone := c.gone[day.ID]; !gone {
			continue
		}
		if err := removeDay(ctx, tx, day); err != nil {
			return err
		}
		if err := events.Add(round.DayRemoved, 0, 0, round.Words{Reason: when(day)}); err != nil {
			return err
		}
	}
	// Ordinals are unique, so the days step aside before they take their places.
	if _, err := db.Exec(ctx, tx, `UPDATE course_day SET ordinal = ordinal + 1000 WHERE round_id = $1`, d.ID); err != nil {
		return err
	}
	for i, nd := range n.Days {
		if c.old[i] != nil {
			if err := changeDay(ctx, tx, *c.old[i], i+1, nd, events); err != nil {
				return err
			}
			continue
		}
		id, err := addDay(ctx, tx, d.ID, i+1, nd)
		if err != nil {
			return err
		}
		if err := events.Add(round.DayAdded, id, 0, round.Words{Reason: nd.when()}); err != nil {
			return err
		}
	}
	return nil
}

// moved tells whether the plan gives the day another date or time.
func moved(d round.Day, n NewDay) bool {
	return d.Day != n.Day || d.Starts != n.Starts || d.Ends != n.Ends
}

// when is a day in the history: "2027-02-03 09:00–16:00, Sal Runn".
func when(d round.Day) string {
	return NewDay{Day: d.Day, Starts: d.Starts, Ends: d.Ends, Place: d.Place, Link: d.Link}.when()
}

func (d NewDay) when() string {
	words := d.Day.String() + " " + d.Starts + "–" + d.Ends
	for _, where := range []string{d.Place, d.Link} {
		if where != "" {
			words += ", " + where
		}
	}
	return words
}

// changes names the fields, apart from the days, in which the plan differs from
// the round: "capacity, label".
func (n New) changes(d round.Detail) string {
	var what []string
	different := func(name string, differs bool) {
		if differs {
			what = append(what, name)
		}
	}
	same := func(a, b *clock.Day) bool { return a == b || a != nil && b != nil && *a == *b }
	different("label", n.Label != d.Label)
	different("capacity", n.Capacity != d.Capacity)
	different("minimum", n.Minimum != d.Minimum)
	different("signup_from", n.SignupFrom != d.SignupFrom)
	different("signup_until", n.SignupUntil != d.SignupUntil)
	different("decide_on", !same(n.DecideOn, d.DecideOn))
	different("withdraw_until", !same(n.WithdrawUntil, d.WithdrawUntil))
	different("step", n.StepID != d.StepID)
	different("accept_hours", n.AcceptHours != d.AcceptHours)
	different("note", n.Note != d.Note)
	return strings.Join(what, ", ")
}

// removeDay deletes a day that has not been held, with what hangs on it. What
// the history says of it stays, without the day.
func removeDay(ctx context.Context, tx *db.Tx, day round.Day) error {
	for _, statement := range []string{
		`DELETE FROM day_trainer WHERE course_day_id = $1`,
		`DELETE FROM catering WHERE course_day_id = $1`,
		`DELETE FROM day_cost WHERE course_day_id = $1`,
		`DELETE FROM code_attempt WHERE course_day_id = $1`,
		`DELETE FROM day_screen WHERE course_day_id = $1`,
		`DELETE FROM study_time WHERE course_day_id = $1 AND had IS NULL`,
		`UPDATE study_time
		SET course_day_id = (SELECT MIN(o.id) FROM course_day AS d JOIN course_day AS o ON o.round_id = d.round_id AND o.id <> d.id WHERE d.id = $1)
		WHERE course_day_id = $1`,
		`UPDATE round_event SET course_day_id = NULL WHERE course_day_id = $1`,
		`DELETE FROM course_day WHERE id = $1`,
	} {
		if _, err := db.Exec(ctx, tx, statement, day.ID); err != nil {
			if db.IsCheck(err) { // somebody has a mark or an exemption on it
				return fault.Invalid("days", "round.day_is_held_stays", "Day", day.Day)
			}
			return err
		}
	}
	return nil
}

// changeDay writes what differs of the day and its trainers, and notes it.
func changeDay(ctx context.Context, tx *db.Tx, old round.Day, ordinal int, n NewDay, events *round.Log) error {
	if _, err := db.Exec(ctx, tx, `
		UPDATE course_day
		SET ordinal = $2, day = $3, starts = $4, ends = $5, place = $6, room_id = $7, link = $8
		WHERE id = $1`, old.ID, ordinal, n.Day, n.Starts, n.Ends, n.Place, round.Optional(n.RoomID), n.Link); err != nil {
		return err
	}
	if was := when(old); was != n.when() {
		if err := events.Add(round.DayChanged, old.ID, 0, round.Words{Reason: was + " → " + n.when()}); err != nil {
			return err
		}
	}
	if moved(old, n) {
		if _, err := db.Exec(ctx, tx, `
			UPDATE day_trainer
			SET asked_at = NULL, asked_by = NULL, answer = NULL, answered_at = NULL
			WHERE course_day_id = $1`, old.ID); err != nil {
			return err
		}
	}
	had := make(map[int64]round.Trainer, len(old.Trainers))
	for _, t := range old.Trainers {
		had[t.PersonID] = t
	}
	for _, t := range n.Trainers {
		was, there := had[t.PersonID]
		delete(had, t.PersonID)
		if there && was.Role == t.Role {
			continue
		}
		if _, err := db.Exec(ctx, tx, `
			INSERT INTO day_trainer (course_day_id, person_id, role)
			VALUES ($1, $2, $3)
			ON CONFLICT (course_day_id, person_id) DO UPDATE
			SET role = excluded.role,
				asked_at = CASE WHEN day_trainer.answer = 'declined' THEN NULL ELSE day_trainer.asked_at END,
				answer = CASE WHEN day_trainer.answer = 'declined' THEN NULL ELSE day_trainer.answer END`, old.ID, t.PersonID, t.Role); err != nil {
			if db.IsCheck(err) {
				return fault.NotFound // no such person
			}
			return err
		}
		kind := round.TrainerAdded
		if there {
			kind = round.TrainerRole
		}
		if err := events.Add(kind, old.ID, t.PersonID, round.Words{}); err != nil {
			return err
		}
	}
	for _, t := range old.Trainers {
		if _, gone := had[t.PersonID]; !gone {
			continue
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM day_trainer WHERE course_day_id = $1 AND person_id = $2`, old.ID, t.PersonID); err != nil {
			return err
		}
		if err := events.Add(round.TrainerRemoved, old.ID, t.PersonID, round.Words{}); err != nil {
			return err
		}
	}
	return nil
}
