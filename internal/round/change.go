package round

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
)

// hold takes the round for this transaction. Everything that changes a round
// begins here: those who come at the same time wait for each other on the
// round's row.
func hold(ctx context.Context, tx *db.Tx, roundID int64) error {
	_, err := db.Exec(ctx, tx, `UPDATE round SET capacity = capacity WHERE id = $1`, roundID)
	return err
}

// lock holds the round and reads it as it then is.
func lock(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64) (Detail, error) {
	if err := hold(ctx, tx, roundID); err != nil {
		return Detail{}, err
	}
	return head(ctx, tx, viewer, roundID)
}

// lockManaged is lock for those who manage the round, when it is not cancelled.
func lockManaged(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64) (Detail, error) {
	d, err := lock(ctx, tx, viewer, roundID)
	switch {
	case err != nil:
		return d, err
	case !d.Manages:
		return d, fault.NotFound
	case d.CancelledAt != nil:
		return d, fault.Conflict("round.is_cancelled")
	}
	return d, nil
}

// log collects what happens to a round in one call.
type log struct {
	round int64
	by    *int64
	token *int64
	at    clock.Instant
	rows  [][]any
}

func newLog(roundID int64, viewer access.Viewer, now clock.Instant) log {
	return log{round: roundID, by: viewer.ActorID(), token: viewer.Token(), at: now}
}

// add notes an event; day and subject are 0 when it is about none.
func (l *log) add(kind Kind, day, subject int64, w words) error {
	var detail []byte
	if w != (words{}) {
		var err error
		if detail, err = json.Marshal(w); err != nil {
			return err
		}
	}
	l.rows = append(l.rows, []any{l.round, optional(day), l.at, l.by, l.token, kind, optional(subject), string(detail)})
	return nil
}

func (l *log) write(ctx context.Context, tx *db.Tx) error {
	return db.Insert(ctx, tx, "round_event", []string{
		"round_id", "course_day_id", "happened_at", "person_id", "token_id", "kind", "subject_id", "detail",
	}, l.rows)
}

// note writes a single event.
func note(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, kind Kind, subject int64, w words, now clock.Instant) error {
	l := newLog(roundID, viewer, now)
	if err := l.add(kind, 0, subject, w); err != nil {
		return err
	}
	return l.write(ctx, tx)
}

func optional(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// Publish lets the round be seen, and booked in its sign-up window.
func Publish(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	d, err := lockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.PublishedAt != nil {
		return fault.Conflict("round.already_published")
	}
	// A local round is for people who are there already: it is given as planned.
	if _, err := db.Exec(ctx, tx, `
		UPDATE round
		SET published_at = $2, confirmed_at = CASE WHEN municipality_id IS NULL THEN confirmed_at ELSE $2 END
		WHERE id = $1`, roundID, now); err != nil {
		return err
	}
	events := newLog(roundID, viewer, now)
	if err := events.add(WasPublished, 0, 0, words{}); err != nil {
		return err
	}
	if d.Local() {
		if err := events.add(WasConfirmed, 0, 0, words{}); err != nil {
			return err
		}
	}
	return events.write(ctx, tx)
}

// Confirm says that the round will be given, also with fewer than its minimum.
func Confirm(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, now clock.Instant) error {
	d, err := lockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.PublishedAt == nil {
		return fault.Conflict("round.not_published")
	}
	if d.ConfirmedAt != nil {
		return fault.Conflict("round.already_confirmed")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE round SET confirmed_at = $2 WHERE id = $1`, roundID, now); err != nil {
		return err
	}
	return note(ctx, tx, viewer, roundID, WasConfirmed, 0, words{}, now)
}

// Cancel calls the round off, for a cause that figures count and a reason that
// those who booked are told. A round that has begun cannot be: fault.Conflict
// "round.has_begun".
func Cancel(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, cause Cause, reason string, now clock.Instant) error {
	d, err := lockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	var checks fault.Checks
	checks.Require(slices.Contains(Causes, cause), "cause", "round.cause_missing")
	checks.Require(reason != "", "reason", "round.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= 500, "reason", "round.text_too_long", "Max", 500)
	if err := checks.Err(); err != nil {
		return err
	}
	if d.Held > 0 {
		return fault.Conflict("round.has_begun")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE round SET cancelled_at = $2, cancel_cause = $3, cancel_reason = $4 WHERE id = $1`, roundID, now, cause, reason); err != nil {
		return err
	}
	if err := endQueue(ctx, tx, viewer, roundID, byCancellation, now); err != nil {
		return err
	}
	return note(ctx, tx, viewer, roundID, WasCancelled, 0, words{Reason: reason}, now)
}

// Approval is somebody to approve. Reason is asked for, and kept, when they did
// not attend every day.
type Approval struct {
	EnrolmentID int64
	Reason      string
}

// Approve approves participants on the day and gives each the completion of the
// course, in the round's edition; who has completed the course before keeps
// that completion. Who is approved already stays as they are. Either all is
// saved or nothing: a seat of another round, or a missing reason, is a fault of
// the field approve_<enrolment>; a day ahead or before the round's last one, of
// the field on.
func Approve(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, approvals []Approval, on clock.Day, now clock.Instant) error {
	d, err := lockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.CourseDays, err = courseDays(ctx, tx, roundID); err != nil {
		return err
	}
	if d.Enrolments, err = enrolments(ctx, tx, viewer, d); err != nil {
		return err
	}
	prepared, err := Preparations(ctx, tx, d.Round, d.Enrolments)
	if err != nil {
		return err
	}
	seats := make(map[int64]Enrolment, len(d.Enrolments))
	approvable := func(e Enrolment) bool { return e.Approvable() && !prepared[e.PersonID].Hinders() }
	for _, e := range d.Enrolments {
		seats[e.ID] = e
	}
	var checks fault.Checks
	checks.Require(on <= now.Day(), "on", "round.approved_ahead")
	checks.Require(on >= d.LastDay, "on", "round.approved_before_end", "Day", d.LastDay)
	for _, a := range approvals {
		field := fmt.Sprintf("approve_%d", a.EnrolmentID)
		e, ours := seats[a.EnrolmentID]
		checks.Require(ours, field, "round.mark_foreign", "Enrolment", strconv.FormatInt(a.EnrolmentID, 10))
		explained := !ours || strings.TrimSpace(a.Reason) != ""
		checks.Require(explained || e.Approvable(), field, "round.approval_reason_missing", "Name", e.Name)
		checks.Require(explained || !e.Approvable() || approvable(e), field, "round.approval_unprepared", "Name", e.Name)
		checks.Require(utf8.RuneCountInString(a.Reason) <= 500, field, "round.text_too_long", "Max", 500)
	}
	if err := checks.Err(); err != nil {
		return err
	}
	events := newLog(roundID, viewer, now)
	for _, a := range approvals {
		e := seats[a.EnrolmentID]
		n, err := db.Exec(ctx, tx, `
			UPDATE enrolment
			SET approved_on = $2, approved_at = $3, approved_by = $4
			WHERE id = $1
			AND approved_at IS NULL`, e.ID, on, now, viewer.ActorID())
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		w := words{}
		if !approvable(e) {
			w.Reason = strings.TrimSpace(a.Reason)
		}
		if err := events.add(WasApproved, 0, e.PersonID, w); err != nil {
			return err
		}
		if err := complete(ctx, tx, viewer, e.PersonID, d.Round, on, now); err != nil {
			return err
		}
	}
	return events.write(ctx, tx)
}

// complete gives the completion that an approval stands for, unless the person
// has one.
func complete(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, r Round, on clock.Day, now clock.Instant) error {
	source := learning.Round
	if r.Local() {
		source = learning.Local
	}
	_, err := learning.Complete(ctx, tx, viewer, learning.New{
		PersonID: personID, CourseID: r.CourseID, EditionID: r.EditionID, On: on, Source: source, RoundID: &r.ID,
	}, now)
	if errors.Is(err, fault.Conflict("")) {
		return nil
	}
	return err
}

// Unapprove takes an approval back, and the completion that it gave; if another
// round of the course has approved the person, the completion is that one's
// from now on. What a local round has given by rule follows the attendance:
// fault.Conflict "round.approved_by_rule".
func Unapprove(ctx context.Context, tx *db.Tx, viewer access.Viewer, enrolmentID int64, reason string, now clock.Instant) error {
	type seat struct {
		round, person int64
		byRule        bool
	}
	s, err := db.Row(ctx, tx, func(s *seat) []any { return []any{&s.round, &s.person, &s.byRule} },
		`SELECT round_id, person_id, approved_at IS NOT NULL AND approved_by IS NULL FROM enrolment WHERE id = $1`, enrolmentID)
	if err != nil {
		return err
	}
	d, err := lockManaged(ctx, tx, viewer, s.round)
	if err != nil {
		return err
	}
	if d.Local() && s.byRule {
		return fault.Conflict("round.approved_by_rule")
	}
	if err := unapprove(ctx, tx, viewer, d.Round, enrolmentID, s.person, now); err != nil {
		return err
	}
	return note(ctx, tx, viewer, s.round, WasUnapproved, s.person, words{Reason: strings.TrimSpace(reason)}, now)
}

// unapprove takes the approval of the seat back, with what it has given.
// fault.Conflict "round.not_approved".
func unapprove(ctx context.Context, tx *db.Tx, viewer access.Viewer, r Round, enrolmentID, personID int64, now clock.Instant) error {
	n, err := db.Exec(ctx, tx, `
		UPDATE enrolment
		SET approved_on = NULL, approved_at = NULL, approved_by = NULL
		WHERE id = $1
		AND approved_at IS NOT NULL`, enrolmentID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("round.not_approved")
	}
	revoked, err := learning.RevokeOf(ctx, tx, viewer, r.ID, personID, now)
	if err != nil || !revoked {
		return err
	}
	return completeByOther(ctx, tx, viewer, personID, r.CourseID, now)
}

// completeByOther gives the completion of the person's first remaining approval
// in a round of the course, if there is one.
func completeByOther(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, courseID int64, now clock.Instant) error {
	type approval struct {
		Round
		on clock.Day
	}
	a, err := db.Row(ctx, tx, func(a *approval) []any {
		return []any{&a.ID, &a.CourseID, &a.EditionID, &a.MunicipalityID, &a.on}
	}, `
		SELECT
			r.id,
			r.course_id,
			r.edition_id,
			COALESCE(r.municipality_id, 0),
			n.approved_on
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		WHERE n.person_id = $1
		AND r.course_id = $2
		AND n.approved_on IS NOT NULL
		AND n.withdrawn_at IS NULL
		ORDER BY n.approved_on, n.id
		LIMIT 1`, personID, courseID)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return complete(ctx, tx, viewer, personID, a.Round, a.on, now)
}
