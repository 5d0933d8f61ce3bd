package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// YearsIn is how long somebody who has been in the profession since the day has
// been in it: whole years, and the days beyond them as a part of a year. Who
// began two years ago to the day has two years, not more (domain.md, "Journeys").
func YearsIn(since, day clock.Day) float64 {
	whole := 0
	for since.AddDate(whole+1, 0, 0) <= day {
		whole++
	}
	return float64(whole) + float64(max(0, day-since.AddDate(whole, 0, 0)))/366
}

// Since is the day on which somebody began in the profession who has so many
// years in it on the day.
func Since(years float64, day clock.Day) clock.Day {
	whole := int(years)
	return day.AddDate(-whole, 0, 0) - clock.Day((years-float64(whole))*366)
}

// SetStep moves the account to the step from the day on; stepID 0 takes the
// step away. It is kept who said so, when and why: fault.Invalid "reason" without
// a reason.
func SetStep(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID, stepID int64, from clock.Day, reason string, now clock.Instant) error {
	journey, err := account(ctx, tx, viewer, accountID, from)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(reason != "", "reason", "people.account.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= maxReason, "reason", "fault.too_long", "Max", maxReason)
	if err := checks.Err(); err != nil {
		return err
	}
	// What was said of that day and later ones is replaced. A step that had an
	// end beyond it is cut too: of two steps at once, neither would be right.
	if _, err := db.Exec(ctx, tx, `DELETE FROM account_step WHERE account_id = $1 AND from_day >= $2`, accountID, from); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE account_step SET to_day = $2 WHERE account_id = $1 AND (to_day IS NULL OR to_day > $2)`, accountID, from-1); err != nil {
		return err
	}
	if stepID != 0 {
		if err := addStep(ctx, tx, accountID, journey, stepID, from, reason); err != nil {
			return err
		}
	}
	if err := tellStep(ctx, tx, viewer, accountID, stepID, from, reason, &now); err != nil {
		return err
	}
	return accountChanged(ctx, tx, viewer, audit.Step, accountID)
}

const maxReason = 200 // characters

func addStep(ctx context.Context, tx *db.Tx, accountID, journeyID, stepID int64, from clock.Day, reason string) error {
	n, err := db.Exec(ctx, tx, `
		INSERT INTO account_step (account_id, step_id, from_day, reason)
		SELECT $1, id, $2, $3 FROM step WHERE id = $4 AND journey_id = $5`, accountID, from, reason, stepID, journeyID)
	if db.IsUnique(err) {
		return fault.Conflict("people.step_set_that_day")
	}
	if err == nil && n == 0 {
		return fault.Invalid("step", "people.unknown_step")
	}
	return err
}

func tellStep(ctx context.Context, tx *db.Tx, viewer access.Viewer, accountID, stepID int64, from clock.Day, reason string, at *clock.Instant) error {
	var step *int64
	if stepID != 0 {
		step = &stepID
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO step_change (account_id, step_id, from_day, reason, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5, $6)`, accountID, step, from, reason, at, viewer.ActorID())
	return err
}

// ByLevelUp is the reason of the product itself, when somebody has levelled up.
const ByLevelUp = "levling"

// StepChange is what was once said of an account's step. Step is empty when it
// was taken away, By when the product did it; At is nil for what was said when
// the account was opened.
type StepChange struct {
	AccountID int64
	Journey   string
	Step      string
	From      clock.Day
	Reason    string
	At        *clock.Instant
	By        string
}

// StepChanges are all that was said of the steps of the person's accounts, the
// latest first, if the viewer may see the person.
func StepChanges(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]StepChange, error) {
	if err := Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(c *StepChange) []any {
		return []any{&c.AccountID, &c.Journey, &c.Step, &c.From, &c.Reason, &c.At, &c.By}
	}, `
		SELECT
			a.id,
			j.name,
			COALESCE(s.name, ''),
			c.from_day,
			c.reason,
			c.told_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM account AS a
		JOIN journey AS j ON j.id = a.journey_id
		JOIN step_change AS c ON c.account_id = a.id
		LEFT JOIN step AS s ON s.id = c.step_id
		LEFT JOIN person AS p ON p.id = c.told_by
		WHERE a.person_id = $1
		ORDER BY c.id DESC`, personID)
}
