package merging

import (
	"errors"
	"maps"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
)

// accounts makes one account of two in a journey: of the two the one that stands goes on,
// from the first day of both, with the roles and the steps that were levelled up from of
// both; the other stays with who is gone.
func (r *record) accounts() error {
	type both struct {
		kept, gone   standing
		since, other *clock.Day
	}
	const step = `COALESCE((
				SELECT MAX(s.ordinal)
				FROM account_step AS h
				JOIN step AS s ON s.id = h.step_id
				WHERE h.account_id = {a}.id AND h.from_day <= $3 AND (h.to_day IS NULL OR h.to_day >= $3)
			), 0)`
	twice, err := db.Rows(r.ctx, r.tx, func(b *both) []any {
		return []any{&b.kept.id, &b.kept.closed, &b.kept.step, &b.kept.opened, &b.since, &b.gone.id, &b.gone.closed, &b.gone.step, &b.gone.opened, &b.other}
	}, `
		SELECT
			CAST(k.id AS TEXT), COALESCE(k.closed_on <= $3, FALSE), `+strings.ReplaceAll(step, "{a}", "k")+`, k.opened_on, k.profession_since,
			CAST(o.id AS TEXT), COALESCE(o.closed_on <= $3, FALSE), `+strings.ReplaceAll(step, "{a}", "o")+`, o.opened_on, o.profession_since
		FROM account AS o
		JOIN account AS k ON k.journey_id = o.journey_id AND k.person_id = $2
		WHERE o.person_id = $1
		ORDER BY o.id`, r.gone, r.kept, r.now.Day())
	if err != nil {
		return err
	}
	for _, b := range twice {
		stays, rests := b.kept, b.gone
		if stands(b.gone, b.kept) {
			stays, rests = b.gone, b.kept
			if err := r.swap("account", text(b.kept.id), text(b.gone.id)); err != nil {
				return err
			}
		}
		if err := r.change("account", values{"id": text(stays.id)}, values{
			"opened_on": text(min(stays.opened, rests.opened).String()), "profession_since": dayOrNil(earliest(b.since, b.other)),
		}); err != nil {
			return err
		}
		if err := r.joinAccount(stays.id, rests.id); err != nil {
			return err
		}
	}
	return r.move("account", []string{"id"}, `NOT EXISTS (SELECT 1 FROM account AS k WHERE k.journey_id = o.journey_id AND k.person_id = $2)`, r.kept)
}

// joinAccount brings running roles and steps levelled up from to the account that stands.
func (r *record) joinAccount(stays, rests string) error {
	roles, err := read(r.ctx, r.tx, "account_role AS o", []string{"o.role", "o.from_day"}, `o.account_id = $1 AND o.to_day IS NULL AND NOT EXISTS (
		SELECT 1 FROM account_role AS k WHERE k.account_id = $2 AND k.role = o.role AND (k.to_day IS NULL OR k.from_day = o.from_day)
	)`, rests, stays)
	if err != nil {
		return err
	}
	for _, role := range roles {
		key := maps.Clone(role)
		key["account_id"] = text(rests)
		if _, err := write(r.ctx, r.tx, "account_role", key, values{"account_id": text(stays)}); err != nil {
			return err
		}
		key = maps.Clone(role)
		key["account_id"] = text(stays)
		r.dones = append(r.dones, done{"account_role", changed, key, values{"account_id": text(rests)}, values{"account_id": text(stays)}})
	}
	ups, err := db.Rows(r.ctx, r.tx, db.One[int64], `
		SELECT o.id
		FROM level_up AS o
		WHERE o.account_id = CAST($1 AS BIGINT)
		AND NOT EXISTS (SELECT 1 FROM level_up AS k WHERE k.account_id = CAST($2 AS BIGINT) AND k.from_step_id = o.from_step_id)
		ORDER BY o.id`, rests, stays)
	if err != nil {
		return err
	}
	for _, id := range ups {
		if err := r.change("level_up", values{"id": number(id)}, values{"account_id": text(stays)}); err != nil {
			return err
		}
	}
	return nil
}

// completions keeps all: of two of one course the earlier is the one that counts, the other
// stays with who is gone. Certificates are the remaining one's, of both.
func (r *record) completions() error {
	type both struct {
		kept, gone string
		earlier    bool // who is gone completed the course first
	}
	twice, err := db.Rows(r.ctx, r.tx, func(b *both) []any { return []any{&b.kept, &b.gone, &b.earlier} }, `
		SELECT CAST(k.id AS TEXT), CAST(o.id AS TEXT), o.completed_on < k.completed_on
		FROM completion AS o
		JOIN completion AS k ON k.course_id = o.course_id AND k.person_id = $2 AND k.revoked_at IS NULL
		WHERE o.person_id = $1 AND o.revoked_at IS NULL
		ORDER BY o.id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, b := range twice {
		if b.earlier {
			if err := r.swap("completion", text(b.kept), text(b.gone)); err != nil {
				return err
			}
		}
	}
	return r.move("completion", []string{"id"}, `(o.revoked_at IS NOT NULL OR NOT EXISTS (
		SELECT 1 FROM completion AS k WHERE k.course_id = o.course_id AND k.person_id = $2 AND k.revoked_at IS NULL
	))`, r.kept)
}

// studies lets what both have done in a course count together: a task that one of them has
// done is done. Who has begun the course in two editions goes on in the remaining one's; what
// was done in the other counts where the task is in both.
func (r *record) studies() error {
	type both struct {
		course             int64
		kept, gone         int64 // editions
		started, startedTo clock.Instant
	}
	twice, err := db.Rows(r.ctx, r.tx, func(b *both) []any { return []any{&b.course, &b.kept, &b.gone, &b.started, &b.startedTo} }, `
		SELECT o.course_id, k.edition_id, o.edition_id, k.started_at, CASE WHEN o.started_at < k.started_at THEN o.started_at ELSE k.started_at END
		FROM study AS o
		JOIN study AS k ON k.course_id = o.course_id AND k.person_id = $2
		WHERE o.person_id = $1
		ORDER BY o.course_id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, b := range twice {
		if err := r.change("study", values{"person_id": number(r.kept), "course_id": number(b.course)}, values{"started_at": number(int64(b.startedTo))}); err != nil {
			return err
		}
		if b.kept != b.gone {
			if err := r.carry(b.kept, b.gone); err != nil {
				return err
			}
		}
	}
	if err := r.move("study", []string{"course_id"}, `NOT EXISTS (SELECT 1 FROM study AS k WHERE k.course_id = o.course_id AND k.person_id = $2)`, r.kept); err != nil {
		return err
	}
	tasks, err := db.Rows(r.ctx, r.tx, db.One[int64], `
		SELECT o.task_id
		FROM progress AS o
		JOIN progress AS k ON k.task_id = o.task_id AND k.person_id = $2
		WHERE o.person_id = $1
		ORDER BY o.task_id`, r.gone, r.kept)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := r.better(t, t, true); err != nil {
			return err
		}
	}
	return r.move("progress", []string{"task_id"}, `NOT EXISTS (SELECT 1 FROM progress AS k WHERE k.task_id = o.task_id AND k.person_id = $2)`, r.kept)
}

// carry brings what who is gone has done in one edition to the same tasks of another.
func (r *record) carry(to, from int64) error {
	tasks, err := db.Rows(r.ctx, r.tx, func(p *[2]int64) []any { return []any{&p[0], &p[1]} }, `
		SELECT o.task_id, t.id
		FROM progress AS o
		JOIN task AS f ON f.id = o.task_id AND f.edition_id = $2
		JOIN task AS t ON t.edition_id = $3 AND t.key = f.key AND t.kind = f.kind
		WHERE o.person_id = $1 AND o.done_at IS NOT NULL
		ORDER BY t.id`, r.gone, from, to)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := r.better(t[0], t[1], false); err != nil {
			return err
		}
	}
	return nil
}

// better lets what who is gone did in one task be what counts in another of who remains, if
// it does. whole takes the answer along: what was answered in another edition may not fit.
func (r *record) better(from, to int64, whole bool) error {
	columns := []string{"opened_at", "changed_at", "done_at", "position", "answer", "tries", "shared", "writer", "together_day_id"}
	rows, err := read(r.ctx, r.tx, "progress", columns, "person_id = $1 AND task_id = $2", r.gone, from)
	if err != nil || len(rows) == 0 {
		return err
	}
	theirs := rows[0]
	if !whole {
		theirs["answer"], theirs["position"], theirs["shared"] = text(""), text("0"), text("0")
	}
	key := values{"person_id": number(r.kept), "task_id": number(to)}
	own, err := db.Rows(r.ctx, r.tx, func(a *attempt) []any { return []any{&a.done, &a.changed} },
		`SELECT done_at, changed_at FROM progress WHERE person_id = $1 AND task_id = $2`, r.kept, to)
	if err != nil {
		return err
	}
	if len(own) == 0 {
		row := maps.Clone(theirs)
		maps.Copy(row, key)
		if err := insert(r.ctx, r.tx, "progress", row); err != nil {
			return err
		}
		r.note("progress", added, key)
		return nil
	}
	gone, err := db.Row(r.ctx, r.tx, func(a *attempt) []any { return []any{&a.done, &a.changed} },
		`SELECT done_at, changed_at FROM progress WHERE person_id = $1 AND task_id = $2`, r.gone, from)
	if err != nil || !counts(gone, own[0]) || !whole && own[0].done != nil {
		return err
	}
	return r.change("progress", key, theirs)
}

// whole completes the courses in which nothing is left to do now that both count together.
func (r *record) whole(courses []int64, o *Outcome) error {
	for _, course := range courses {
		type state struct {
			days    int
			edition *int64
			left    int
			last    *clock.Instant
		}
		s, err := db.Row(r.ctx, r.tx, func(s *state) []any { return []any{&s.days, &s.edition, &s.left, &s.last} }, `
			SELECT
				c.days,
				s.edition_id,
				(
					SELECT COUNT(*)
					FROM task AS t
					LEFT JOIN progress AS p ON p.task_id = t.id AND p.person_id = $1
					WHERE t.edition_id = s.edition_id AND t.required AND p.done_at IS NULL
				),
				(
					SELECT MAX(p.done_at)
					FROM task AS t
					JOIN progress AS p ON p.task_id = t.id AND p.person_id = $1
					WHERE t.edition_id = s.edition_id AND t.required
				)
			FROM course AS c
			LEFT JOIN study AS s ON s.course_id = c.id AND s.person_id = $1
			WHERE c.id = $2
			AND NOT EXISTS (SELECT 1 FROM completion AS d WHERE d.course_id = c.id AND d.person_id = $1 AND d.revoked_at IS NULL)`, r.kept, course)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		switch {
		case s.days > 0:
			err = r.fulfil(course)
		case s.edition != nil && s.left == 0 && s.last != nil:
			_, err = learning.Complete(r.ctx, r.tx, access.System(), learning.New{
				PersonID: r.kept, CourseID: course, EditionID: s.edition, On: s.last.Day(), Source: learning.Web,
			}, r.now)
			if errors.Is(err, fault.Conflict("")) {
				err = nil // it was only tried, and does not count
			}
		}
		if err != nil {
			return err
		}
		made, err := db.Rows(r.ctx, r.tx, db.One[int64], `SELECT id FROM completion WHERE person_id = $1 AND course_id = $2 AND revoked_at IS NULL`, r.kept, course)
		if err != nil {
			return err
		}
		for _, id := range made {
			r.note("completion", added, values{"id": number(id)})
			o.whole = append(o.whole, course)
		}
	}
	return nil
}

// fulfil completes a local round by rule, where the last task was all that it waited for.
func (r *record) fulfil(course int64) error {
	approvals := []string{"id", "approved_on", "approved_at", "approved_by"}
	const theirs = `person_id = $1 AND round_id IN (SELECT id FROM round WHERE course_id = $2)`
	before, err := read(r.ctx, r.tx, "enrolment", approvals, theirs, r.kept, course)
	if err != nil {
		return err
	}
	if err := attendance.Fulfil(r.ctx, r.tx, r.kept, course, r.now); err != nil {
		return err
	}
	for _, was := range before {
		rows, err := read(r.ctx, r.tx, "enrolment", approvals, "id = $1", was["id"])
		if err != nil {
			return err
		}
		is := rows[0]
		key := values{"id": was["id"]}
		delete(is, "id")
		if same(was["approved_at"], is["approved_at"]) {
			continue
		}
		was = maps.Clone(was)
		delete(was, "id")
		r.dones = append(r.dones, done{"enrolment", changed, key, was, is})
	}
	return nil
}
