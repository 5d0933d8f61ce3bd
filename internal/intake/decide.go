package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// follow lets the row be about whom a person has said. What in it belongs to others, an
// address or a number, is not read: it would make somebody of two.
func (s *step) follow(everybody map[int64]*known, number, email *known, marked []int64) {
	s.person, s.problem = everybody[s.Decided.Person], nil
	other := func(k *known) bool { return k != nil && k.ID != s.Decided.Person }
	if other(number) {
		s.StaffID = ""
	}
	if other(email) {
		s.Email = ""
	}
	if slices.ContainsFunc(marked, func(id int64) bool { return id != s.Decided.Person }) || s.person != nil && len(s.person.marks) > 0 && !s.person.has(s.Mark) {
		s.Mark = nil
	}
}

// Candidate is somebody whom a row that waits may be about.
type Candidate struct {
	ID      int64
	Name    string
	StaffID string
	Email   string
}

// Candidates are, for each of the rows, whom it may be about of those who work in the
// municipality and are not protected. It asks no viewer: it is for who has the import.
func (i Import) Candidates(ctx context.Context, q db.Querier, rows []ImportRow) ([][]Candidate, error) {
	a, err := i.frame(ctx, q, access.System())
	if err != nil {
		return nil, err
	}
	steps := make([]step, len(rows))
	for n, r := range rows {
		steps[n] = step{Line: r.Line}
	}
	if err := a.plan(ctx, q, steps); err != nil {
		return nil, err
	}
	all := make([][]Candidate, len(rows))
	for n := range steps {
		ids := slices.Compact(slices.Sorted(slices.Values(steps[n].meant)))
		there, err := a.read(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if k := there[id]; k != nil && k.employment != 0 && !k.hidden() {
				all[n] = append(all[n], Candidate{k.ID, k.Name(), k.number, k.Email})
			}
		}
	}
	return all, nil
}

// frame is what the rows of the import are compared with.
func (i Import) frame(ctx context.Context, q db.Querier, viewer access.Viewer) (frame, error) {
	m, err := organisation.ByID(ctx, q, i.MunicipalityID)
	f := frame{municipality: m.ID, region: m.RegionID, journey: i.JourneyID, today: i.MadeAt.Day(), viewer: viewer}
	if err != nil {
		return f, err
	}
	return f, f.readUnits(ctx, q)
}

// Decide says whom a row of an import is about that waits for a person: one of its candidates,
// or 0 for somebody new. Of an import that waits too the row does from then on what it says; of one
// that is applied that is done at once. fault.Conflict "intake.nothing_to_decide" when the row
// does not wait, as when somebody else has decided, or the person is no candidate of it;
// "intake.not_ready" while the import goes on.
func Decide(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, line int, personID int64, now clock.Instant) error {
	if _, err := Held(ctx, tx, id); err != nil {
		return err // of two at once one waits
	}
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if i.State != Ready && i.State != Applied {
		return fault.Conflict("intake.not_ready")
	}
	rows, err := RowsOf(ctx, tx, id, Hold, line, 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Line.Line != line {
		return fault.Conflict("intake.nothing_to_decide")
	}
	candidates, err := i.Candidates(ctx, tx, rows)
	if err != nil {
		return err
	}
	if personID != 0 && !slices.ContainsFunc(candidates[0], func(c Candidate) bool { return c.ID == personID }) {
		return fault.Conflict("intake.nothing_to_decide")
	}
	a := applying{Import: i, id: id, by: access.ActingFor(viewer.PersonID), now: func() clock.Instant { return now }}
	if a.frame, err = i.frame(ctx, tx, viewer); err != nil {
		return err
	}
	if i.State == Applied {
		a.today = now.Day()
	}
	kept := rows[0].Line
	kept.Decided = &Decision{Person: personID}
	cells, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep row %d: %w", line, err)
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE staff_import_row
		SET decided_at = $3, decided_by = $4, cells = $5
		WHERE import_id = $1
		AND line = $2
		AND act = 'hold'
		AND decided_at IS NULL`, id, line, now, viewer.ActorID(), string(cells))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("intake.nothing_to_decide")
	}
	steps := []step{{Line: kept}}
	if err := a.plan(ctx, tx, steps); err != nil {
		return err
	}
	if personID != 0 {
		if err := audit.Changed(ctx, tx, viewer, audit.StaffFile, personID); err != nil {
			return err
		}
	}
	if err := a.noted(ctx, tx, steps[0]); err != nil {
		return err
	}
	act := steps[0].act
	if i.State == Applied {
		if err := a.doNow(ctx, tx, steps); err != nil {
			return err
		}
	}
	return a.recount(ctx, tx, act)
}

// doNow applies a row of an import that is applied otherwise.
func (a *applying) doNow(ctx context.Context, tx *db.Tx, steps []step) error {
	if a.journey != 0 {
		var err error
		if a.steps, err = catalogue.Steps(ctx, tx, a.journey); err != nil {
			return err
		}
	}
	switch steps[0].act {
	case Add:
		return a.come(ctx, tx, steps)
	case Change, End:
		return a.differ(ctx, tx, steps)
	case Same, Hold, Reject:
	}
	return nil
}

// recount counts a row that waited among those of the act.
func (a *applying) recount(ctx context.Context, tx *db.Tx, act Act) error {
	i := a.Import
	i.Held--
	*i.of(act)++
	_, err := db.Exec(ctx, tx, `UPDATE staff_import SET added = $2, changed = $3, unchanged = $4, ended = $5, held = $6, rejected = $7 WHERE id = $1`,
		i.ID, i.Added, i.Changed, i.Unchanged, i.Ended, i.Held, i.Rejected)
	return err
}

// DecidedBy are who has decided of the lines of the import, by line. It asks no viewer: it
// is for who has the import.
func (i Import) DecidedBy(ctx context.Context, q db.Querier, rows []ImportRow) (map[int]string, error) {
	lines := make([]int, len(rows))
	for n, r := range rows {
		lines[n] = r.Line.Line
	}
	if len(lines) == 0 {
		return nil, nil
	}
	type decided struct {
		line int
		name string
	}
	var b db.Builder
	in, args := db.In("r.line", lines)
	b.Add(`
		SELECT r.line, p.given_name || ' ' || p.family_name
		FROM staff_import_row AS r
		JOIN person AS p ON p.id = r.decided_by
		WHERE r.import_id = ?
		AND `+in, append([]any{i.ID}, args...)...)
	all, err := db.Rows(ctx, q, func(d *decided) []any { return []any{&d.line, &d.name} }, b.String(), b.Args()...)
	by := map[int]string{}
	for _, d := range all {
		by[d.line] = strings.TrimSpace(d.name)
	}
	return by, err
}
