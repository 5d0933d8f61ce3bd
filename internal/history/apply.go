package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
)

// Approve lets the import be applied: Run does it. With rejected rows it wants to be sure
// (partial): fault.Invalid "sure". fault.Conflict when the import is not ready.
func Approve(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, partial bool, now clock.Instant) error {
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if i.Rejected > 0 && !partial {
		return fault.Invalid("sure", "intake.page.say_sure")
	}
	n, err := db.Exec(ctx, tx, `UPDATE history_import SET state = 'applying', applied_at = $2, applied_by = $3 WHERE id = $1 AND state = 'ready'`, id, now, viewer.ActorID())
	if err == nil && n == 0 {
		return fault.Conflict("history.not_ready")
	}
	return err
}

// Undo lets an import that was applied be taken back: Run does it. fault.Conflict when it is not
// applied.
func Undo(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	if _, err := ByID(ctx, tx, viewer, id); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE history_import SET state = 'undoing', next_line = 0, undone_at = $2, undone_by = $3 WHERE id = $1 AND state = 'applied'`, id, now, viewer.ActorID())
	if err == nil && n == 0 {
		return fault.Conflict("history.not_applied")
	}
	return err
}

// Run goes on with an import that is being applied or taken back, in short transactions, until
// it is: also with one that was broken off. done, which may be nil, is told how many rows are
// left behind.
func Run(ctx context.Context, d *db.DB, viewer access.Viewer, id int64, now clock.Clock, done func(rows int)) error {
	for total := 0; ; {
		var n int
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = step(ctx, tx, viewer, id, now())
			return err
		}); err != nil || n == 0 {
			return err
		}
		if total += n; done != nil {
			done(total)
		}
	}
}

// step does what the next rows say and tells how many there were; 0 when the import is done.
func step(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) (int, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE history_import SET next_line = next_line WHERE id = $1`, id); err != nil {
		return 0, err // two who go on at once go on after each other
	}
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil || i.State != Applying && i.State != Undoing {
		return 0, err
	}
	type kept struct {
		Line
		line, person, completion int64
		cells                    string
	}
	rows, err := db.Rows(ctx, tx, func(k *kept) []any { return []any{&k.line, &k.person, &k.cells, &k.completion} }, `
		SELECT
			r.line,
			COALESCE(r.person_id, 0),
			r.cells,
			COALESCE(r.completion_id, 0)
		FROM history_row AS r
		JOIN history_import AS i ON i.id = r.import_id
		WHERE i.id = $1
		AND r.act = 'add'
		AND r.line >= i.next_line
		ORDER BY r.line
		LIMIT $2`, id, batch)
	if err != nil {
		return 0, err
	}
	for _, k := range rows {
		if err := json.Unmarshal([]byte(k.cells), &k.Line); err != nil {
			return 0, fmt.Errorf("read row %d of import %d: %w", k.line, id, err)
		}
		k.Line.Line, k.PersonID = int(k.line), k.person
		if i.State == Undoing {
			err = i.takeBack(ctx, tx, viewer, k.completion, now)
		} else {
			err = i.add(ctx, tx, viewer, k.Line, now)
		}
		if err != nil {
			return 0, err
		}
	}
	if len(rows) > 0 {
		_, err = db.Exec(ctx, tx, `UPDATE history_import SET next_line = $2 WHERE id = $1`, id, rows[len(rows)-1].line+1)
		return len(rows), err
	}
	return 0, i.end(ctx, tx, now)
}

// end notes that the last row is behind.
func (i Import) end(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	state := Applied
	if i.State == Undoing {
		state = Undone
		for _, table := range []string{"history_day", "history_answer"} {
			if _, err := db.Exec(ctx, tx, `UPDATE `+table+` SET withdrawn_at = $2 WHERE import_id = $1 AND withdrawn_at IS NULL`, i.ID, now); err != nil {
				return fmt.Errorf("take back import %d: %w", i.ID, err)
			}
		}
	}
	_, err := db.Exec(ctx, tx, `UPDATE history_import SET state = $2 WHERE id = $1`, i.ID, state)
	return err
}

// add makes a fact of the row, unless somebody has made another since the file was read: then the
// row is rejected.
func (i Import) add(ctx context.Context, tx *db.Tx, viewer access.Viewer, l Line, now clock.Instant) (err error) {
	var n int64 = 1
	switch i.Kind {
	case Completions:
		var id int64
		id, err = learning.Complete(ctx, tx, viewer, learning.New{PersonID: l.PersonID, CourseID: l.CourseID, On: l.Day, Source: learning.Import}, now)
		if errors.Is(err, fault.Conflict("learning.already_completed")) {
			return i.tooLate(ctx, tx, l, CompletedOn)
		}
		if err == nil {
			_, err = db.Exec(ctx, tx, `UPDATE history_row SET completion_id = $3 WHERE import_id = $1 AND line = $2`, i.ID, l.Line, id)
		}
	case Rounds:
		n, err = db.Exec(ctx, tx, `
			INSERT INTO history_day (import_id, region_id, course_id, label, day, place, municipality_id, participants, attended)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (region_id, course_id, label, day, municipality_id) WHERE withdrawn_at IS NULL DO NOTHING`,
			i.ID, i.RegionID, l.CourseID, l.Round, l.Day, l.Place, l.MunicipalityID, l.Participants, l.Attended)
	case Evaluations:
		n, err = db.Exec(ctx, tx, `
			INSERT INTO history_answer (import_id, region_id, course_id, year, question, answer, answers, ordinal)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (region_id, course_id, year, question, answer) WHERE withdrawn_at IS NULL DO NOTHING`,
			i.ID, i.RegionID, l.CourseID, l.Year, l.Question, l.Answer, l.Answers, l.Line)
	}
	if err != nil {
		return fmt.Errorf("apply row %d of import %d: %w", l.Line, i.ID, err)
	}
	if n == 0 {
		return i.tooLate(ctx, tx, l, Row)
	}
	return nil
}

// tooLate rejects a row that could be taken when the file was read.
func (i Import) tooLate(ctx context.Context, tx *db.Tx, l Line, c Column) error {
	why, err := json.Marshal(because(c, "history.meanwhile"))
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE history_row SET act = 'reject', problem_column = $3, problem = $4 WHERE import_id = $1 AND line = $2`, i.ID, l.Line, c, string(why)); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE history_import SET added = added - 1, rejected = rejected + 1 WHERE id = $1`, i.ID)
	return err
}

// takeBack takes back the completion that a row came to, unless somebody has done so.
func (i Import) takeBack(ctx context.Context, tx *db.Tx, viewer access.Viewer, completionID int64, now clock.Instant) error {
	if completionID == 0 {
		return nil
	}
	taken, err := learning.RevokeImported(ctx, tx, viewer, completionID, now)
	if err == nil && !taken {
		_, err = db.Exec(ctx, tx, `UPDATE history_import SET kept = kept + 1 WHERE id = $1`, i.ID)
	}
	return err
}
