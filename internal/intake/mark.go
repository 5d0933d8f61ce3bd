package intake

import (
	"bytes"
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// mark is what is kept of a number.
type mark struct {
	mark         []byte
	coordination bool
}

func (k *known) has(m []byte) bool {
	return slices.ContainsFunc(k.marks, func(have mark) bool { return bytes.Equal(have.mark, m) })
}

// byNumber finds by the mark who was found by nothing else, and says what speaks against who
// was: the number is somebody else's, or they have another. Who somebody else is, is not told:
// they may work in another municipality.
func byNumber(l Line, who *known, column Column, marked []*known) (*known, Column, *Problem) {
	switch {
	case len(l.Mark) == 0:
		return who, column, nil
	case who == nil && len(marked) == 0:
		return nil, column, nil
	case who == nil:
		here := slices.DeleteFunc(slices.Clone(marked), func(k *known) bool { return k.employment == 0 })
		if len(here) == 1 {
			return here[0], PersonalNumber, nil
		}
		if len(marked) > 1 {
			return nil, column, problem(PersonalNumber, "intake.number_of_several")
		}
		return marked[0], PersonalNumber, nil
	case who.has(l.Mark):
		return who, column, nil
	case len(marked) > 0:
		return nil, column, problem(PersonalNumber, "intake.number_of_another")
	case slices.ContainsFunc(who.marks, func(m mark) bool { return !m.coordination }), len(who.marks) > 0 && l.Coordination:
		return nil, column, problem(PersonalNumber, "intake.number_other")
	case len(who.marks) > 0:
		return who, column, problem(PersonalNumber, numberAfter)
	}
	return who, column, nil
}

// numberAfter is a personal number of somebody who has a co-ordination number: a person says
// that it is theirs (Link). The row's person is who it is.
const numberAfter = "intake.number_after"

// among are those of the people who are there.
func among(everybody map[int64]*known, ids []int64) (all []*known) {
	for _, id := range ids {
		if k := everybody[id]; k != nil {
			all = append(all, k)
		}
	}
	return all
}

// marked are the people whose number has the mark, by the mark: several, when one person
// stands there more than once.
func marked(ctx context.Context, q db.Querier, steps []step) (map[string][]int64, error) {
	var marks [][]byte
	for _, s := range steps {
		if len(s.Mark) > 0 {
			marks = append(marks, s.Mark)
		}
	}
	if len(marks) == 0 {
		return nil, nil
	}
	type row struct {
		mark   []byte
		person int64
	}
	in, args := db.In("mark", marks)
	var b db.Builder
	b.Add("SELECT mark, person_id FROM personal_number WHERE "+in+" ORDER BY person_id", args...)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.mark, &r.person} }, b.For(q), b.Args()...)
	found := map[string][]int64{}
	for _, r := range rows {
		found[string(r.mark)] = append(found[string(r.mark)], r.person)
	}
	return found, err
}

// readMarks gives the people the marks that they have, when a row has one. Those made with a
// key that is lost say nothing.
func readMarks(ctx context.Context, q db.Querier, steps []step, everybody map[int64]*known) error {
	at := slices.IndexFunc(steps, func(s step) bool { return len(s.Mark) > 0 })
	if at < 0 || len(everybody) == 0 {
		return nil
	}
	type row struct {
		person int64
		mark
	}
	ids := make([]int64, 0, len(everybody))
	for id := range everybody {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	in, args := db.In("person_id", ids)
	var b db.Builder
	b.Add("SELECT person_id, mark, coordination FROM personal_number WHERE key_id = ? AND "+in, append([]any{steps[at].MarkKey}, args...)...)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.mark.mark, &r.coordination} }, b.For(q), b.Args()...)
	for _, r := range rows {
		everybody[r.person].marks = append(everybody[r.person].marks, r.mark)
	}
	return err
}

// keepMarks writes the marks of those who have none yet.
func (a *applying) keepMarks(ctx context.Context, tx *db.Tx, steps ...step) error {
	var rows [][]any
	for _, s := range steps {
		if len(s.Mark) > 0 && !s.person.has(s.Mark) {
			rows = append(rows, []any{s.person.ID, s.Mark, s.MarkKey, s.Coordination, a.now()})
		}
	}
	return db.Insert(ctx, tx, "personal_number", []string{"person_id", "mark", "key_id", "coordination", "told_at"}, rows)
}

// Asks tells whether the row waits for a person to say that the number is of who has a
// co-ordination number: see Link.
func (r ImportRow) Asks() bool { return r.Problem != nil && r.Problem.Key == numberAfter }

// Link says for the row of an import, which is not applied yet, that its personal number is of
// who has a co-ordination number: both are theirs from then on, and the row does what it says.
// fault.Conflict "intake.not_ready", or "intake.nothing_to_link" when the row asks no such thing.
func Link(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, line int, now clock.Instant) error {
	if _, err := Held(ctx, tx, id); err != nil {
		return err // of two at once one waits
	}
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if i.State != Ready {
		return fault.Conflict("intake.not_ready")
	}
	rows, err := RowsOf(ctx, tx, id, Hold, line, 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Line.Line != line || !rows[0].Asks() {
		return fault.Conflict("intake.nothing_to_link")
	}
	a := applying{Import: i, by: viewer, now: func() clock.Instant { return now }}
	if a.frame, err = i.frame(ctx, tx, viewer); err != nil {
		return err
	}
	steps := []step{{Line: rows[0].Line}}
	if err := a.plan(ctx, tx, steps); err != nil {
		return err
	}
	if s := steps[0]; s.person == nil || s.problem == nil || s.problem.Key != numberAfter { // something has changed since
		return fault.Conflict("intake.nothing_to_link")
	}
	if err := a.keepMarks(ctx, tx, steps...); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.StaffFile, steps[0].person.ID); err != nil {
		return err
	}
	steps = []step{{Line: rows[0].Line}}
	if err := a.plan(ctx, tx, steps); err != nil {
		return err
	}
	if err := a.noted(ctx, tx, steps[0]); err != nil {
		return err
	}
	return a.recount(ctx, tx, steps[0].act)
}
