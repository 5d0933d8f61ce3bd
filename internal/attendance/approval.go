package attendance

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/round"
)

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
	d, err := round.LockManaged(ctx, tx, viewer, roundID)
	if err != nil {
		return err
	}
	if d.CourseDays, err = round.CourseDays(ctx, tx, roundID); err != nil {
		return err
	}
	if d.Enrolments, err = round.Enrolments(ctx, tx, viewer, d); err != nil {
		return err
	}
	prepared, err := Preparations(ctx, tx, d.Round, d.Enrolments)
	if err != nil {
		return err
	}
	seats := make(map[int64]round.Enrolment, len(d.Enrolments))
	approvable := func(e round.Enrolment) bool { return e.Approvable() && !prepared[e.PersonID].Hinders() }
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
		checks.Require(!ours || utf8.RuneCountInString(a.Reason) <= MaxReason, field, "round.reason_too_long", "Name", e.Name, "Max", MaxReason)
	}
	if err := checks.Err(); err != nil {
		return err
	}
	events := round.NewLog(roundID, viewer, now)
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
		w := round.Words{}
		if !approvable(e) {
			w.Reason = strings.TrimSpace(a.Reason)
		}
		if err := events.Add(round.WasApproved, 0, e.PersonID, w); err != nil {
			return err
		}
		if err := complete(ctx, tx, viewer, e.PersonID, d.Round, on, now); err != nil {
			return err
		}
	}
	return events.Write(ctx, tx)
}

// complete gives the completion that an approval stands for, unless the person
// has one.
func complete(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, r round.Round, on clock.Day, now clock.Instant) error {
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
	d, err := round.LockManaged(ctx, tx, viewer, s.round)
	if err != nil {
		return err
	}
	if d.Local() && s.byRule {
		return fault.Conflict("round.approved_by_rule")
	}
	if err := unapprove(ctx, tx, viewer, d.Round, enrolmentID, s.person, now); err != nil {
		return err
	}
	return round.Note(ctx, tx, viewer, s.round, round.WasUnapproved, s.person, round.Words{Reason: strings.TrimSpace(reason)}, now)
}

// unapprove takes the approval of the seat back, with what it has given.
// fault.Conflict "round.not_approved".
func unapprove(ctx context.Context, tx *db.Tx, viewer access.Viewer, r round.Round, enrolmentID, personID int64, now clock.Instant) error {
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
		round.Round
		on clock.Day
	}
	a, err := db.Row(ctx, tx, func(a *approval) []any {
		return []any{&a.ID, &a.CourseID, &a.EditionID, &a.MunicipalityID, &a.on}
	}, `
		SELECT
			r.id,
			r.course_id,
			`+lifetime.RoundEditionSQL("r")+`,
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
