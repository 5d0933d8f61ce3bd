package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/sheet"
)

// Act is what is done for a row.
type Act string

// The acts.
const (
	Add    Act = "add"
	Same   Act = "same" // it is there already
	Reject Act = "reject"
)

// State is how far an import has come.
type State string

// The states.
const (
	Ready    State = "ready"
	Applying State = "applying"
	Applied  State = "applied"
	Undoing  State = "undoing"
	Undone   State = "undone"
)

// Import is a file of what a region did before.
type Import struct {
	ID        int64
	RegionID  int64
	Kind      Kind
	FileName  string
	State     State
	MadeAt    clock.Instant
	Read      int
	Added     int
	Unchanged int
	Rejected  int
	Kept      int // when it was taken back: what somebody had changed since
}

// Of is how many rows do what the act says.
func (i Import) Of(a Act) int {
	switch a {
	case Add:
		return i.Added
	case Same:
		return i.Unchanged
	case Reject:
	}
	return i.Rejected
}

// MaxRows is how many rows a file may have: ten years of a large region.
const MaxRows = 20_000

// batch is how many rows are asked about, or written, at a time.
const batch = 200

// row is a row with what is done for it.
type row struct {
	Line
	act     Act
	problem *Problem
}

func (r *row) reject(p *Problem) {
	if r.problem == nil {
		r.act, r.problem = Reject, p
	}
}

// allowed is the region, if the viewer may read in what it did before.
func allowed(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) error {
	region, err := organisation.ByID(ctx, q, regionID)
	if err == nil && region.Kind != organisation.Region {
		err = fault.NotFound
	}
	if err == nil {
		err = access.ReadInHistory(viewer).Allow(region.Place())
	}
	return err
}

// Stage reads the file and keeps each row with what it would do; nothing else is changed. What is
// wrong with the file as a whole is fault.Invalid "file", or names a heading; what is wrong with a
// row is kept with it.
func Stage(ctx context.Context, d *db.DB, viewer access.Viewer, regionID int64, fileName string, f sheet.File, now clock.Instant) (Import, error) {
	i := Import{RegionID: regionID, FileName: fileName, State: Ready, MadeAt: now}
	if err := allowed(ctx, d.Reader(), viewer, regionID); err != nil {
		return i, err
	}
	k, err := readKnown(ctx, d.Reader(), regionID, now.Day())
	if err != nil {
		return i, err
	}
	var rows []row
	if i.Kind, rows, err = read(f, k); err != nil {
		return i, err
	}
	if err := plan(ctx, d.Reader(), viewer, i, rows, now.Day()); err != nil {
		return i, err
	}
	i.Read = len(rows)
	for _, r := range rows {
		switch r.act {
		case Add:
			i.Added++
		case Same:
			i.Unchanged++
		case Reject:
			i.Rejected++
		}
	}
	return i, d.Write(ctx, func(tx *db.Tx) error { return i.keep(ctx, tx, viewer, rows) })
}

// read is what the file is about, and its rows as they are meant.
func read(f sheet.File, k *known) (kind Kind, all []row, err error) {
	in, err := sheet.Open(f, Known)
	if err != nil {
		return "", nil, whole(err, 0)
	}
	defer in.Close() //nolint:errcheck // it was only read
	first, err := in.Next()
	if errors.Is(err, io.EOF) {
		return "", nil, fault.Invalid("file", "intake.file_empty")
	}
	if err != nil {
		return "", nil, whole(err, first.Line)
	}
	kind, m, err := mapped(first.Cells)
	if err != nil {
		return "", nil, err
	}
	width := len(first.Cells)
	if in.Separator == 0 { // a workbook leaves out empty cells at the end
		width = 0
	}
	for {
		cells, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, whole(err, cells.Line)
		}
		if len(all) == MaxRows {
			return "", nil, fault.Invalid("file", "intake.file_too_large", "Rows", MaxRows)
		}
		r := row{act: Add}
		var p *Problem
		switch n := len(cells.Cells); {
		case width != 0 && n < width:
			p = because(Row, "intake.row_short", "Cells", n, "Want", width)
		case width != 0 && n > width:
			p = because(Row, "intake.row_long", "Cells", n, "Want", width)
		default:
			r.Line, p = m.parse(kind, cells, k)
		}
		if r.Line.Line = cells.Line; p != nil {
			r.reject(p)
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return "", nil, fault.Invalid("file", "intake.file_empty")
	}
	return kind, all, nil
}

// whole is the fault of a file that cannot be read at all.
func whole(err error, line int) error {
	for known, key := range map[error]string{
		sheet.ErrTooLarge: "intake.file_too_large", sheet.ErrUnreadable: "intake.file_unreadable", sheet.ErrOldBook: "intake.file_old_book",
		sheet.ErrLocked: "intake.file_locked", sheet.ErrEmpty: "intake.file_empty", sheet.ErrQuote: "intake.file_cut_off",
	} {
		if errors.Is(err, known) {
			return fault.Invalid("file", key, "Line", line, "Rows", MaxRows)
		}
	}
	return err
}

// keep writes the import down with its rows.
func (i *Import) keep(ctx context.Context, tx *db.Tx, viewer access.Viewer, rows []row) (err error) {
	i.ID, err = db.Row(ctx, tx, db.One[int64], `
		INSERT INTO history_import (region_id, kind, file_name, state, made_at, made_by, read_rows, added, unchanged, rejected)
		VALUES ($1, $2, $3, 'ready', $4, $5, $6, $7, $8, $9)
		RETURNING id`, i.RegionID, i.Kind, i.FileName, i.MadeAt, viewer.ActorID(), i.Read, i.Added, i.Unchanged, i.Rejected)
	if err != nil {
		return fmt.Errorf("keep the file: %w", err)
	}
	kept := make([][]any, len(rows))
	for n, r := range rows {
		cells, err := json.Marshal(r.Line)
		if err != nil {
			return fmt.Errorf("keep row %d: %w", r.Line.Line, err)
		}
		line := []any{i.ID, r.Line.Line, r.act, nil, string(cells), "", ""}
		if r.PersonID != 0 {
			line[3] = r.PersonID
		}
		if r.problem != nil {
			why, err := json.Marshal(r.problem)
			if err != nil {
				return fmt.Errorf("keep row %d: %w", r.Line.Line, err)
			}
			line[5], line[6] = r.problem.Column, string(why)
		}
		kept[n] = line
	}
	return db.Insert(ctx, tx, "history_row", []string{"import_id", "line", "act", "person_id", "cells", "problem_column", "problem"}, kept)
}

const importColumns = `
	id,
	region_id,
	kind,
	file_name,
	state,
	made_at,
	read_rows,
	added,
	unchanged,
	rejected,
	kept`

func (i *Import) columns() []any {
	return []any{&i.ID, &i.RegionID, &i.Kind, &i.FileName, &i.State, &i.MadeAt, &i.Read, &i.Added, &i.Unchanged, &i.Rejected, &i.Kept}
}

// ByID is the import, if the viewer may read in what its region did before.
func ByID(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Import, error) {
	i, err := db.Row(ctx, q, (*Import).columns, `SELECT`+importColumns+` FROM history_import WHERE id = $1`, id)
	if err == nil {
		err = allowed(ctx, q, viewer, i.RegionID)
	}
	return i, err
}

// List are the region's imports, the latest first, for who may read in what it did before.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]Import, error) {
	if err := allowed(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*Import).columns, `SELECT`+importColumns+` FROM history_import WHERE region_id = $1 ORDER BY id DESC LIMIT 200`, regionID)
}

// ImportRow is a row of an import. The names are of what it is about as they are now; Person is
// empty for whom the viewer may not see.
type ImportRow struct {
	Line
	Act          Act
	Problem      *Problem
	Person       string
	Course       string
	Municipality string
}

// Rows are rows of the import with the act, from a line on, at most limit, for who may see it.
func (i Import) Rows(ctx context.Context, q db.Querier, viewer access.Viewer, act Act, from, limit int) ([]ImportRow, error) {
	if err := allowed(ctx, q, viewer, i.RegionID); err != nil {
		return nil, err
	}
	type kept struct {
		ImportRow
		line           int
		person         int64
		cells, problem string
	}
	where, args := access.RegisterCompletions(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id"})
	var b db.Builder
	b.Add(`
		SELECT
			r.line,
			COALESCE(r.person_id, 0),
			r.cells,
			r.problem,
			COALESCE((
				SELECT TRIM(p.given_name || ' ' || p.family_name)
				FROM person AS p
				WHERE p.id = r.person_id
				AND EXISTS (SELECT 1 FROM employed AS e WHERE e.person_id = p.id AND `+where+`)
			), '')
		FROM history_row AS r
		WHERE r.import_id = ?
		AND r.act = ?
		AND r.line >= ?
		ORDER BY r.line
		LIMIT ?`, append(args, i.ID, act, from, limit)...)
	rows, err := db.Rows(ctx, q, func(k *kept) []any { return []any{&k.line, &k.person, &k.cells, &k.problem, &k.Person} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	type named struct {
		id   int64
		name string
	}
	names := func(query string) (map[int64]string, error) {
		all, err := db.Rows(ctx, q, func(n *named) []any { return []any{&n.id, &n.name} }, query)
		found := make(map[int64]string, len(all))
		for _, n := range all {
			found[n.id] = n.name
		}
		return found, err
	}
	courses, err := names(`SELECT id, name FROM course`)
	if err != nil {
		return nil, err
	}
	municipalities, err := names(`SELECT id, name FROM organisation WHERE kind = 'municipality'`)
	if err != nil {
		return nil, err
	}
	all := make([]ImportRow, len(rows))
	for n, k := range rows {
		if err := json.Unmarshal([]byte(k.cells), &k.Line); err != nil {
			return nil, fmt.Errorf("read row %d of import %d: %w", k.line, i.ID, err)
		}
		k.Line.Line, k.PersonID, k.Act = k.line, k.person, act
		k.Course, k.Municipality = courses[k.CourseID], municipalities[k.MunicipalityID]
		if k.problem != "" {
			k.Problem = &Problem{}
			if err := json.Unmarshal([]byte(k.problem), k.Problem); err != nil {
				return nil, fmt.Errorf("read row %d of import %d: %w", k.line, i.ID, err)
			}
		}
		all[n] = k.ImportRow
	}
	return all, nil
}

// Discard forgets an import that was not applied. It asks no viewer: it is for who has the import.
func Discard(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := db.Exec(ctx, tx, `
		DELETE FROM history_row
		WHERE import_id IN (SELECT id FROM history_import WHERE id = $1 AND state = 'ready')`, id); err != nil {
		return fmt.Errorf("forget the file: %w", err)
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM history_import WHERE id = $1 AND state = 'ready'`, id)
	return err
}
