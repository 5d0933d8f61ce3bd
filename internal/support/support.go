// Package support lets those who help with the product see its pages as somebody sees them,
// with that person's consent.
//
// A View is asked for with a reason, and opens when the person says yes, for an hour. Either
// of them may end it at any time. What is seen is written into the audit before it is shown,
// by who really looked and on whose behalf; and nothing can be changed: the kernel of the
// pages refuses (visit.Server), so nothing is learned or signed that way.
package support

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/people"
)

const (
	// Span is how long a consent holds.
	Span = time.Hour
	// Patience is how long a question waits for its answer.
	Patience = 7 * 24 * time.Hour

	longestReason = 200 // characters
)

// OnlyLook refuses what is more than looking to whoever sees the pages as another does.
var OnlyLook = &fault.Error{Kind: fault.KindForbidden, Key: "support.only_look"}

// View is a question to see the pages as somebody, and what came of it.
type View struct {
	ID          int64
	PersonID    int64
	Person      string
	AskedBy     int64
	Asker       string
	Reason      string
	AskedAt     clock.Instant
	ConsentedAt *clock.Instant
	Until       *clock.Instant
	EndedAt     *clock.Instant
}

// Waits tells whether the person has not answered, and still may.
func (v View) Waits(now clock.Instant) bool {
	return v.EndedAt == nil && v.ConsentedAt == nil && now < v.AskedAt.Add(Patience)
}

// Open tells whether the asker may see the pages now.
func (v View) Open(now clock.Instant) bool {
	return v.EndedAt == nil && v.Until != nil && now < *v.Until
}

// Ask asks to see the pages as the person, who gets a letter with the way to answer; base is
// the product's own address. fault.Forbidden for who may not ask,
// fault.Invalid "reason", fault.Conflict "support.asked_already" while a question waits or a
// view is open, "support.yourself".
func Ask(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, reason, base string, now clock.Instant) error {
	if !access.SeeAsOthers(viewer) || viewer.PersonID == 0 {
		return fault.Forbidden
	}
	who, err := people.Get(ctx, tx, viewer, personID, now.Day())
	if err != nil {
		return err
	}
	if personID == viewer.PersonID {
		return fault.Conflict("support.yourself")
	}
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(reason != "", "reason", "support.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= longestReason, "reason", "fault.too_long", "Max", longestReason)
	if err := checks.Err(); err != nil {
		return err
	}
	// What is over by its time makes room.
	if _, err := db.Exec(ctx, tx, `
		UPDATE support_view
		SET ended_at = $3
		WHERE person_id = $1
		AND asked_by = $2
		AND ended_at IS NULL
		AND (until <= $3 OR until IS NULL AND asked_at <= $4)`, personID, viewer.PersonID, now, now.Add(-Patience)); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO support_view (person_id, asked_by, reason, asked_at)
		VALUES ($1, $2, $3, $4)`, personID, viewer.PersonID, reason, now)
	if db.IsUnique(err) {
		return fault.Conflict("support.asked_already")
	}
	if err != nil {
		return err
	}
	if who.Email != "" {
		l := i18n.For(who.Language)
		if _, err := letter.PutPersonal(ctx, tx, letter.Personal{
			PersonID: personID, Kind: "support", Subject: l.T("support.letter_subject"),
			Body: l.T("support.letter_body", "Name", who.Known(), "By", viewer.Name, "Reason", reason, "Minutes", int(Span.Minutes()), "Link", base+address.MySupport),
		}, viewer.ActorID(), now); err != nil {
			return err
		}
	}
	return audit.Changed(ctx, tx, viewer, audit.Support, personID)
}

// Consent lets who asked the viewer see the viewer's pages, for Span. fault.NotFound for
// what is not the viewer's, fault.Conflict "support.answered" when it waits no longer.
func Consent(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	v, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if v.PersonID != viewer.PersonID || viewer.SeenBy != 0 {
		return fault.NotFound
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE support_view
		SET consented_at = $2, until = $3
		WHERE id = $1
		AND consented_at IS NULL
		AND ended_at IS NULL
		AND asked_at > $4`, id, now, now.Add(Span), now.Add(-Patience))
	if err == nil && n == 0 {
		err = fault.Conflict("support.answered")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Support, v.PersonID)
}

// End ends the view, or says no: the person or who asked may, at any time.
// fault.Conflict "support.ended" when it is over.
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	v, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE support_view SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, id, now)
	if err == nil && n == 0 {
		err = fault.Conflict("support.ended")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Support, v.PersonID)
}

// Enter is the viewer as somebody who sees the pages of another through the view, and the
// view. fault.NotFound when it is another's or not open, so that it ends with the next page.
func Enter(ctx context.Context, q db.Querier, viewer access.Viewer, id int64, now clock.Instant) (access.Viewer, View, error) {
	v, err := ByID(ctx, q, viewer, id)
	if err != nil {
		return viewer, v, err
	}
	if v.AskedBy != viewer.PersonID || !v.Open(now) || !access.SeeAsOthers(viewer) {
		return viewer, v, fault.NotFound
	}
	seen, _, err := identity.Viewer(ctx, q, v.PersonID, now.Day())
	seen.SeenBy = viewer.PersonID
	return seen, v, err
}

// ByID is the view, for the two whom it concerns.
func ByID(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (View, error) {
	v, err := db.Row(ctx, q, (*View).columns, views+` WHERE v.id = $1`, id)
	if err == nil && (viewer.PersonID == 0 || v.PersonID != viewer.PersonID && v.AskedBy != viewer.PersonID) {
		err = fault.NotFound
	}
	return v, err
}

// Of are the questions to the viewer and the views of their pages, the newest first.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer) ([]View, error) {
	return db.Rows(ctx, q, (*View).columns, views+` WHERE v.person_id = $1 ORDER BY v.id DESC LIMIT 50`, viewer.PersonID)
}

// By are those that the viewer has asked for, the newest first.
func By(ctx context.Context, q db.Querier, viewer access.Viewer) ([]View, error) {
	if !access.SeeAsOthers(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, (*View).columns, views+` WHERE v.asked_by = $1 ORDER BY v.id DESC LIMIT 50`, viewer.PersonID)
}

const views = `
	SELECT
		v.id,
		v.person_id,
		TRIM(p.given_name || ' ' || p.family_name),
		v.asked_by,
		TRIM(a.given_name || ' ' || a.family_name),
		v.reason,
		v.asked_at,
		v.consented_at,
		v.until,
		v.ended_at
	FROM support_view AS v
	JOIN person AS p ON p.id = v.person_id
	JOIN person AS a ON a.id = v.asked_by`

func (v *View) columns() []any {
	return []any{&v.ID, &v.PersonID, &v.Person, &v.AskedBy, &v.Asker, &v.Reason, &v.AskedAt, &v.ConsentedAt, &v.Until, &v.EndedAt}
}
