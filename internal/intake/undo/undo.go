// Package undo takes an import that was applied back: who came is taken away, or leaves when
// something hangs on them already; what was changed gets its former value, unless somebody
// has changed it since; a unit that the file made goes when it is empty. What would become of
// each row can be seen before.
package undo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/footing"
	"yrkesresan/internal/jobs"
)

// Outcome is what becomes of a row when its import is taken back.
type Outcome string

// The outcomes.
const (
	Removed  Outcome = "removed"  // they are taken away: nothing hangs on them
	Ended    Outcome = "ended"    // they have left: something hangs on them
	Restored Outcome = "restored" // what was changed is as it was
	Kept     Outcome = "kept"     // all is as somebody has made it since, or what was there is forgotten
)

// Outcomes are all of them.
var Outcomes = []Outcome{Removed, Ended, Restored, Kept}

// Effect is what becomes of a row; Stays are parts that somebody has changed since, and that
// stay as they are.
type Effect struct {
	Outcome Outcome
	Stays   []footing.Part
}

// Sum is how many rows come to what.
type Sum map[Outcome]int

// row is a row of the import that did something.
type row struct {
	line   int
	act    intake.Act
	person int64
	before string

	footing.Change
	Effect
	back []footing.Part
	now  footing.Footing
	used bool // since the import was applied
}

const rowColumns = `line, act, COALESCE(person_id, 0), before`

func (r *row) columns() []any { return []any{&r.line, &r.act, &r.person, &r.before} }

// foresee says what becomes of the rows.
func foresee(ctx context.Context, q db.Querier, i intake.Import, rows []row) error {
	var came, standing []int64
	for n := range rows {
		r := &rows[n]
		if r.before == "" { // forgotten: an erasure, a protected identity
			continue
		}
		var err error
		if r.Change, err = footing.Read(r.before); err != nil {
			return fmt.Errorf("row %d of import %d: %w", r.line, i.ID, err)
		}
		switch {
		case r.New != 0 && r.New == r.person:
			came = append(came, r.person)
		case r.New == 0 && r.person != 0:
			standing = append(standing, r.person)
		}
	}
	bound, err := hangs(ctx, q, i, came)
	if err != nil {
		return err
	}
	used, err := usedSince(ctx, q, i, standing)
	if err != nil {
		return err
	}
	now, err := footing.Of(ctx, q, i.MunicipalityID, i.JourneyID, append(standing, bound...))
	if err != nil {
		return err
	}
	for n := range rows {
		r := &rows[n]
		if f := now[r.person]; f != nil {
			r.now = *f
		}
		r.used = slices.Contains(used, r.person)
		switch {
		case r.New != 0 && r.New == r.person && !slices.Contains(bound, r.person):
			r.Outcome = Removed
		case r.New != 0 && r.New == r.person && r.runs(i) != nil:
			r.Outcome = Ended
		case r.New == 0 && r.person != 0 && r.Was != nil:
			r.back, r.Stays = r.Back(r.now)
			if r.Outcome = Restored; len(r.back) == 0 && len(r.Stays) > 0 {
				r.Outcome = Kept
			}
			if r.act == intake.Add && r.used && slices.Contains(r.back, footing.Employment) {
				r.Outcome = Ended
			}
		default:
			r.Outcome = Kept
		}
	}
	return nil
}

// runs is the employment in the municipality that has not ended, nil when there is none.
func (r *row) runs(i intake.Import) *footing.Job {
	for n := range r.now.Jobs {
		if j := &r.now.Jobs[n]; j.Until == nil || i.AppliedAt != nil && *j.Until >= i.AppliedAt.Day() {
			return j
		}
	}
	return nil
}

// binds are what tells that somebody is no mistake; the database's own references have the
// last word when they are taken away.
var binds = []string{
	"last_sign_in", "session", "passkey", "federation_identity", "enrolment", "queue_entry", "interest", "completion", "study", "progress",
	"certificate", "day_trainer", "trainer", "calendar_feed", "remark", "protected_person", "protection_guard", "merger",
}

// hangs are those of the new people on whom something hangs beside what the import gave them.
func hangs(ctx context.Context, q db.Querier, i intake.Import, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var b db.Builder
	in, args := db.In("person_id", ids)
	b.Add(`SELECT person_id FROM employment WHERE COALESCE(import_id, 0) <> ? AND `+in, append([]any{i.ID}, args...)...)
	for _, table := range binds {
		column := "person_id"
		if table == "merger" {
			column = "kept_id"
		}
		b.Add(`UNION SELECT `+column+` FROM `+table+` WHERE `+strings.Replace(in, "person_id", column, 1), args...)
	}
	return db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
}

// usedSince are those of the people who were there before and have done something since the
// import was applied.
func usedSince(ctx context.Context, q db.Querier, i intake.Import, ids []int64) ([]int64, error) {
	if len(ids) == 0 || i.AppliedAt == nil {
		return nil, nil
	}
	var b db.Builder
	in, args := db.In("person_id", ids)
	since := append([]any{*i.AppliedAt}, args...)
	b.Add(`SELECT person_id FROM last_sign_in WHERE at > ? AND `+in, since...)
	b.Add(`UNION SELECT person_id FROM enrolment WHERE enrolled_at > ? AND `+in, since...)
	b.Add(`UNION SELECT person_id FROM completion WHERE recorded_at > ? AND `+in, since...)
	return db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
}

// many is how many rows are looked at together.
const many = 400

// Foresee is how many rows would come to what if the import were taken back now, or, when it
// has been, came to. It asks no viewer: it is for who has the import.
func Foresee(ctx context.Context, q db.Querier, i intake.Import) (Sum, error) {
	sum := Sum{}
	if i.State == intake.Undone {
		type part struct {
			outcome Outcome
			n       int
		}
		parts, err := db.Rows(ctx, q, func(p *part) []any { return []any{&p.outcome, &p.n} },
			`SELECT undone, COUNT(*) FROM staff_import_row WHERE import_id = $1 AND undone <> '' GROUP BY undone`, i.ID)
		for _, p := range parts {
			sum[p.outcome] = p.n
		}
		return sum, err
	}
	for from := 0; ; {
		rows, err := rowsFrom(ctx, q, i.ID, from, many)
		if err != nil || len(rows) == 0 {
			return sum, err
		}
		if err := foresee(ctx, q, i, rows); err != nil {
			return sum, err
		}
		for _, r := range rows {
			sum[r.Outcome]++
		}
		from = rows[len(rows)-1].line + 1
	}
}

func rowsFrom(ctx context.Context, q db.Querier, id int64, from, limit int) ([]row, error) {
	return db.Rows(ctx, q, (*row).columns, `
		SELECT `+rowColumns+`
		FROM staff_import_row
		WHERE import_id = $1
		AND act IN ('add', 'change', 'end')
		AND line >= $2
		ORDER BY line
		LIMIT $3`, id, from, limit)
}

// Effects are what becomes of the lines, or became. It asks no viewer: it is for who has the
// import.
func Effects(ctx context.Context, q db.Querier, i intake.Import, lines []int) (map[int]Effect, error) {
	all := make(map[int]Effect, len(lines))
	if len(lines) == 0 {
		return all, nil
	}
	var b db.Builder
	in, args := db.In("line", lines)
	if i.State == intake.Undone || i.State == intake.Undoing {
		type done struct {
			line    int
			outcome Outcome
			stays   string
		}
		b.Add(`SELECT line, undone, stays FROM staff_import_row WHERE import_id = ? AND `+in, append([]any{i.ID}, args...)...)
		rows, err := db.Rows(ctx, q, func(d *done) []any { return []any{&d.line, &d.outcome, &d.stays} }, b.String(), b.Args()...)
		for _, d := range rows {
			e := Effect{Outcome: d.outcome}
			for _, p := range strings.Fields(d.stays) {
				e.Stays = append(e.Stays, footing.Part(p))
			}
			all[d.line] = e
		}
		return all, err
	}
	b.Add(`SELECT `+rowColumns+` FROM staff_import_row WHERE import_id = ? AND `+in, append([]any{i.ID}, args...)...)
	rows, err := db.Rows(ctx, q, (*row).columns, b.String(), b.Args()...)
	if err == nil {
		err = foresee(ctx, q, i, rows)
	}
	for _, r := range rows {
		all[r.line] = r.Effect
	}
	return all, err
}

// Possible tells whether it is known what the import did: not of one that was applied before
// that was kept. It asks no viewer: it is for who has the import.
func Possible(ctx context.Context, q db.Querier, i intake.Import) (bool, error) {
	if i.State != intake.Applied {
		return false, nil
	}
	return db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM staff_import_row WHERE import_id = $1 AND act IN ('add', 'change', 'end') AND before <> '')`, i.ID)
}

// job goes on with an import that is taken back, also after the program was killed.
type job struct {
	Import int64 `json:"import"`
}

func (job) Kind() string  { return "intake_undo" }
func (job) Queue() string { return "intake" }

// Handle lets the queue take imports back.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, j job) error { return Run(ctx, d, j.Import, now, nil) })
}

// Start says that the import is to be taken back; a job does so (or Run).
// fault.Conflict "intake.undo_not_now" for one that is not applied, or of which it is not known
// what it did; "intake.busy" while another file of the municipality is read in or taken back.
func Start(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) (intake.Import, error) {
	i, err := intake.ByID(ctx, tx, viewer, id)
	if err != nil {
		return i, err
	}
	if possible, err := Possible(ctx, tx, i); err != nil || !possible {
		return i, orConflict(err, "intake.undo_not_now")
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE staff_import
		SET state = 'undoing', undone_at = $2, undone_by = $3, next_row = 0
		WHERE id = $1
		AND state = 'applied'`, id, now, viewer.ActorID())
	if db.IsUnique(err) {
		return i, fault.Conflict("intake.busy")
	}
	if err != nil || n == 0 {
		return i, orConflict(err, "intake.undo_not_now")
	}
	i.State, i.NextRow, i.UndoneBy = intake.Undoing, 0, viewer.PersonID
	return i, jobs.Add(ctx, tx, job{id})
}

func orConflict(err error, key string) error {
	if err != nil {
		return err
	}
	return fault.Conflict(key)
}
