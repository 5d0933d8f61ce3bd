package learning

import (
	"context"
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Complete records a completion for another domain call, which has asked
// whether the viewer may: here they are only written down as the one who did
// it. Whoever has begun the course's tasks by the day completes a round in the
// edition that they have begun, but for one that a group tries and that does not count.
// fault.Conflict "learning.already_completed" when the person has completed
// the course already, or when it would be in an edition that does not count, with the
// transaction still good; fault.NotFound when person, course or round is unknown.
func Complete(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, now clock.Instant) (int64, error) {
	var begunBefore clock.Instant // the tasks that count, in a round
	if n.RoundID != nil {
		begunBefore = (n.On + 1).Start()
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO completion (person_id, course_id, edition_id, completed_on, source, round_id, recorded_at, recorded_by)
		SELECT
			$1,
			$2,
			x.edition_id,
			$4,
			CAST($5 AS TEXT),
			CAST($6 AS BIGINT),
			CAST($7 AS BIGINT),
			CAST($8 AS BIGINT)
		FROM (
			SELECT COALESCE((
				SELECT st.edition_id
				FROM study AS st
				WHERE st.person_id = $1
				AND st.course_id = $2
				AND st.started_at < $9
				AND `+lifetime.CountsSQL("st.edition_id")+`
			), $3, `+lifetime.NewestSQL("$2", "$4")+`) AS edition_id
		) AS x
		WHERE x.edition_id IS NULL
		OR `+lifetime.CountsSQL("x.edition_id")+`
		ON CONFLICT (person_id, course_id) WHERE revoked_at IS NULL DO NOTHING
		RETURNING id`, n.PersonID, n.CourseID, n.EditionID, n.On, n.Source, n.RoundID, now, viewer.ActorID(), begunBefore)
	switch {
	case errors.Is(err, fault.NotFound): // nothing was inserted
		return 0, fault.Conflict("learning.already_completed")
	case db.IsCheck(err):
		return 0, fault.NotFound
	case err != nil:
		return 0, err
	}
	return id, audit.Changed(ctx, tx, viewer, audit.Completion, n.PersonID)
}

// Register records that somebody has completed a course outside the rounds:
// given locally or, when n's source says so, on the web. The viewer manages
// people where the person was employed on the day; what n says of edition and
// round is not used.
func Register(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, now clock.Instant) (int64, error) {
	if err := managed(ctx, tx, viewer, n.PersonID, n.On); err != nil {
		return 0, err
	}
	first, err := db.Row(ctx, tx, db.One[*clock.Day], `SELECT MIN(published_on) FROM edition WHERE course_id = $1`, n.CourseID)
	if err != nil {
		return 0, err
	}
	var checks fault.Checks
	checks.Require(first != nil, "course", "learning.unknown_course")
	checks.Require(n.On <= now.Day(), "on", "learning.future_day")
	if first != nil {
		checks.Require(n.On >= *first, "on", "learning.before_course", "Day", *first)
	}
	if err := checks.Err(); err != nil {
		return 0, err
	}
	if n.Source != Web {
		n.Source = Local
	}
	n.EditionID, n.RoundID = nil, nil
	return Complete(ctx, tx, viewer, n, now)
}

// managed is nil when the viewer manages people where the person was employed
// on the day, fault.NotFound otherwise.
func managed(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) error {
	_, err := people.EmploymentIn(ctx, q, access.RegisterCompletions(viewer), personID, day)
	return err
}

// Revoke takes back a completion that was a mistake. The viewer manages people
// where the person is employed. What a round's approval has given is taken back
// in the round: fault.Conflict "learning.from_round".
func Revoke(ctx context.Context, tx *db.Tx, viewer access.Viewer, completionID int64, now clock.Instant) error {
	type row struct {
		person  int64
		inRound bool
	}
	c, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.person, &r.inRound} },
		`SELECT person_id, source = 'round' OR source = 'local' AND round_id IS NOT NULL FROM completion WHERE id = $1`, completionID)
	if err != nil {
		return err
	}
	if err := managed(ctx, tx, viewer, c.person, now.Day()); err != nil {
		return err
	}
	if c.inRound {
		return fault.Conflict("learning.from_round")
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE completion
		SET revoked_at = $2, revoked_by = $3
		WHERE id = $1
		AND revoked_at IS NULL`, completionID, now, viewer.ActorID())
	if err == nil && n == 0 {
		return fault.Conflict("learning.already_revoked")
	}
	if err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Completion, c.person)
}

// RevokeOf takes back what the round's approval gave the person, for the round
// itself, which has asked whether the viewer may. It tells whether there was
// anything to take back: somebody who had completed the course before got
// nothing from the approval.
func RevokeOf(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, personID int64, now clock.Instant) (bool, error) {
	n, err := db.Exec(ctx, tx, `
		UPDATE completion
		SET revoked_at = $3, revoked_by = $4
		WHERE round_id = $1
		AND person_id = $2
		AND revoked_at IS NULL`, roundID, personID, now, viewer.ActorID())
	if err != nil || n == 0 {
		return false, err
	}
	return true, audit.Changed(ctx, tx, viewer, audit.Completion, personID)
}

// RevokeImported takes back a completion that came from a file, for another domain call, which has
// asked whether the viewer may. It tells whether there was anything to take back.
func RevokeImported(ctx context.Context, tx *db.Tx, viewer access.Viewer, completionID int64, now clock.Instant) (bool, error) {
	person, err := db.Row(ctx, tx, db.One[int64], `
		UPDATE completion
		SET revoked_at = $2, revoked_by = $3
		WHERE id = $1
		AND source = 'import'
		AND revoked_at IS NULL
		RETURNING person_id`, completionID, now, viewer.ActorID())
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, audit.Changed(ctx, tx, viewer, audit.Completion, person)
}

// OfCompletion is the person whose completion it is. It asks no viewer.
func OfCompletion(ctx context.Context, q db.Querier, completionID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT person_id FROM completion WHERE id = $1`, completionID)
}

// Completions are the person's that count, the newest first, if the viewer may
// see the person.
func Completions(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Completion, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(c *Completion) []any {
		return []any{
			&c.ID, &c.CourseID, &c.Course, &c.CourseSlug, &c.Edition, &c.On, &c.Source, &c.RoundID,
			&c.RecordedAt, &c.RecordedBy,
		}
	}, `
		SELECT
			c.id,
			c.course_id,
			`+catalogue.TitleSQL("co")+`,
			co.slug,
			COALESCE(e.number, 0),
			c.completed_on,
			c.source,
			c.round_id,
			c.recorded_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM completion AS c
		JOIN course AS co ON co.id = c.course_id
		LEFT JOIN edition AS e ON e.id = c.edition_id
		LEFT JOIN person AS p ON p.id = c.recorded_by
		WHERE c.person_id = $1
		AND c.revoked_at IS NULL
		ORDER BY c.completed_on DESC, c.id DESC`, personID)
}
