package lifetime

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Withdrawal is that of an edition: from On nobody new begins it. ReinstatedOn is nil
// while it holds.
type Withdrawal struct {
	EditionID    int64
	On           clock.Day
	Reason       string
	By           *int64 // the person; nil for the product itself
	ReinstatedOn *clock.Day
}

// Withdrawals are those of the course's editions, the latest first.
func Withdrawals(ctx context.Context, q db.Querier, courseID int64) ([]Withdrawal, error) {
	return db.Rows(ctx, q, func(w *Withdrawal) []any { return []any{&w.EditionID, &w.On, &w.Reason, &w.By, &w.ReinstatedOn} }, `
		SELECT w.edition_id, w.withdrawn_on, w.reason, w.withdrawn_by, w.reinstated_on
		FROM edition_withdrawal AS w
		JOIN edition AS e ON e.id = w.edition_id
		WHERE e.course_id = $1
		ORDER BY w.withdrawn_at DESC, w.id DESC`, courseID)
}

// WithdrawalOf is the one of them that holds for the edition; nil when it stands.
func WithdrawalOf(all []Withdrawal, editionID int64) *Withdrawal {
	for i, w := range all {
		if w.EditionID == editionID && w.ReinstatedOn == nil {
			return &all[i]
		}
	}
	return nil
}

const maxReason = 500 // letters

func told(reason string, checks *fault.Checks) string {
	reason = strings.TrimSpace(reason)
	checks.Require(reason != "", "reason", "lifetime.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= maxReason, "reason", "fault.too_long", "Max", maxReason)
	return reason
}

// Withdraw withdraws the edition from today: those who have begun it may finish it.
// fault.Conflict "lifetime.withdrawn_already".
func Withdraw(ctx context.Context, tx *db.Tx, viewer access.Viewer, editionID int64, reason string, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	var checks fault.Checks
	reason = told(reason, &checks)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO edition_withdrawal (edition_id, withdrawn_on, reason, withdrawn_at, withdrawn_by)
		VALUES ($1, $2, $3, $4, $5)`, editionID, now.Day(), reason, now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("lifetime.withdrawn_already")
	}
	if db.IsCheck(err) {
		return fault.NotFound // no such edition
	}
	return err
}

// Reinstate undoes the withdrawal from today. fault.Conflict "lifetime.stands_already".
func Reinstate(ctx context.Context, tx *db.Tx, viewer access.Viewer, editionID int64, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE edition_withdrawal
		SET reinstated_on = $2, reinstated_at = $3, reinstated_by = $4
		WHERE edition_id = $1
		AND reinstated_on IS NULL`, editionID, now.Day(), now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("lifetime.stands_already")
	}
	return err
}
