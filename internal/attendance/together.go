package attendance

import (
	"context"
	"maps"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Together is a task that the group of a course day went through together, by its key,
// and when.
type Together struct {
	Task string
	At   clock.Instant
}

// TogetherOn are those of the day, the first first. It asks no viewer: it is for those
// who have asked whether they see the day.
func TogetherOn(ctx context.Context, q db.Querier, dayID int64) ([]Together, error) {
	return db.Rows(ctx, q, func(t *Together) []any { return []any{&t.Task, &t.At} }, `
		SELECT
			task_key,
			done_at
		FROM day_task
		WHERE course_day_id = $1
		AND undone_at IS NULL
		ORDER BY done_at, task_key`, dayID)
}

// DoTogether notes that the group of the day has gone through the task of the round's
// edition: at the moment it is done for all who are marked as there, and later for those
// of whom that is said later. Who has done it keeps their own, and who says afterwards
// that they have not is asked no more. It is for those who may SaveAttendance, with the
// same faults; fault.Conflict "together.own_task" for a task that each does alone (a
// quiz, a reflection), fault.NotFound for one of no such edition. Of this and
// UndoTogether that counts which was said later, whenever it arrives.
func DoTogether(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, task string, at, now clock.Instant) error {
	l, err := openSheet(ctx, tx, viewer, dayID, now, round.SheetWithoutNames)
	if err != nil {
		return err
	}
	own, err := db.Row(ctx, tx, db.One[bool], `
		SELECT t.kind IN ('quiz', 'reflection')
		FROM round AS r
		LEFT JOIN day_screen AS s ON s.course_day_id = $3
		JOIN task AS t ON t.edition_id = COALESCE(s.edition_id, `+lifetime.RoundEditionSQL("r")+`) AND t.key = $2
		WHERE r.id = $1`, l.ID, task, dayID)
	switch {
	case err != nil:
		return err
	case own:
		return fault.Conflict("together.own_task")
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO day_task (course_day_id, task_key, done_at, done_by)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (course_day_id, task_key) DO UPDATE
		SET done_at = excluded.done_at, done_by = excluded.done_by, undone_at = NULL
		WHERE day_task.undone_at < excluded.done_at`, dayID, task, saidOn(l.Day.Day, at, now), viewer.ActorID()); err != nil {
		return err
	}
	return follow(ctx, tx, l.ID, dayID, nil, now)
}

// UndoTogether takes DoTogether back, from all who have said nothing of the task
// themselves. What it has completed stays.
func UndoTogether(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, task string, at, now clock.Instant) error {
	l, err := openSheet(ctx, tx, viewer, dayID, now, round.SheetWithoutNames)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE day_task
		SET undone_at = $3
		WHERE course_day_id = $1
		AND task_key = $2
		AND done_at <= $3
		AND undone_at IS NULL`, dayID, task, saidOn(l.Day.Day, at, now))
	if err != nil || n == 0 {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		UPDATE progress
		SET done_at = NULL, together_day_id = NULL
		WHERE together_day_id = $1
		AND done_at = changed_at
		AND EXISTS (SELECT 1 FROM task AS t WHERE t.id = progress.task_id AND t.key = $2)`, dayID, task)
	return err
}

// saidOn is when something was said of what the group did on the day: told afterwards, it
// was at the day's end.
func saidOn(day clock.Day, at, now clock.Instant) clock.Instant {
	return min(madeAt(day, at, now), (day+1).Start()-1)
}

// follow is what follows when something else is said of who was there on the day: the
// tasks that the group did together, and what a local round completes by itself. The
// round is held; changed as in fulfil.
func follow(ctx context.Context, tx *db.Tx, roundID, dayID int64, changed map[int64]string, now clock.Instant) error {
	if err := share(ctx, tx, dayID, changed); err != nil {
		return err
	}
	return fulfil(ctx, tx, roundID, changed, now)
}

// share gives the tasks that the group of the day did together to those who are marked
// as there, in the edition that each of them has begun or in the round's, and takes them
// from those who turn out not to have been. Who has undone a
// task that was given to them here is not given it again.
func share(ctx context.Context, tx *db.Tx, dayID int64, changed map[int64]string) error {
	any, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM day_task WHERE course_day_id = $1)`, dayID)
	if err != nil || !any {
		return err
	}
	of := func(b *db.Builder) {
		if changed != nil {
			in, args := db.In("n.id", slices.Sorted(maps.Keys(changed)))
			b.Add("AND "+in, args...)
		}
	}
	const there = `
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
		JOIN attendance AS a ON a.course_day_id = d.id AND a.enrolment_id = n.id AND a.mark IN ('present', 'late')
		JOIN day_task AS g ON g.course_day_id = d.id AND g.undone_at IS NULL`
	edition := lifetime.RoundEditionSQL("r")
	var begin, do, undo db.Builder
	begin.Add(`
		INSERT INTO study (person_id, course_id, edition_id, started_at)
		SELECT n.person_id, r.course_id, `+edition+`, MIN(g.done_at)`+there+`
		WHERE d.id = ?
		AND `+edition+` IS NOT NULL`, dayID)
	of(&begin)
	begin.Add(`
		GROUP BY n.person_id, r.course_id, r.id
		ON CONFLICT (person_id, course_id) DO NOTHING`)
	do.Add(`
		INSERT INTO progress (person_id, task_id, opened_at, changed_at, done_at, together_day_id)
		SELECT n.person_id, t.id, g.done_at, g.done_at, g.done_at, d.id`+there+`
		JOIN study AS st ON st.person_id = n.person_id AND st.course_id = r.course_id
		JOIN task AS t ON t.edition_id = st.edition_id AND t.key = g.task_key AND t.kind NOT IN ('quiz', 'reflection')
		WHERE d.id = ?`, dayID)
	of(&do)
	do.Add(`
		ON CONFLICT (person_id, task_id) DO UPDATE
		SET changed_at = CASE WHEN progress.changed_at > excluded.changed_at THEN progress.changed_at ELSE excluded.changed_at END,
			done_at = CASE WHEN progress.changed_at > excluded.changed_at THEN progress.changed_at ELSE excluded.done_at END,
			together_day_id = excluded.together_day_id
		WHERE progress.done_at IS NULL
		AND (progress.changed_at <= excluded.changed_at OR progress.together_day_id IS DISTINCT FROM excluded.together_day_id)`)
	undo.Add(`
		UPDATE progress
		SET done_at = NULL, together_day_id = NULL
		WHERE together_day_id = ?
		AND done_at = changed_at
		AND person_id IN (
			SELECT n.person_id
			FROM enrolment AS n
			WHERE n.round_id = (SELECT d.round_id FROM course_day AS d WHERE d.id = ?)
			AND NOT EXISTS (
				SELECT 1
				FROM enrolment AS m
				JOIN attendance AS a ON a.enrolment_id = m.id AND a.course_day_id = ? AND a.mark IN ('present', 'late')
				WHERE m.round_id = n.round_id
				AND m.person_id = n.person_id
				AND m.withdrawn_at IS NULL
			)`, dayID, dayID, dayID)
	of(&undo)
	undo.Add(")")
	for _, b := range []*db.Builder{&begin, &do, &undo} {
		if _, err := db.Exec(ctx, tx, b.String(), b.Args()...); err != nil {
			return err
		}
	}
	return nil
}
