package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/intake/row"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/sheet"
	"yrkesresan/internal/vault"
)

// Options are what is said of a file beside its rows.
type Options struct {
	MunicipalityID int64
	JourneyID      int64 // whose accounts are opened; 0: none
	FileName       string
	EndMissing     bool              // who is not in the file has left
	Chosen         map[string]string // what headings mean that are not known by themselves
}

// Counts are the rows of a file by what is done for them.
type Counts struct {
	Read       int
	Added      int
	Changed    int
	Unchanged  int
	Ended      int
	Held       int
	Rejected   int
	UnitsAdded int
}

// Of is how many rows do what the act says.
func (c *Counts) Of(a Act) int { return *c.of(a) }

// of is the count of the act.
func (c *Counts) of(a Act) *int {
	switch a {
	case Add:
		return &c.Added
	case Change:
		return &c.Changed
	case Same:
		return &c.Unchanged
	case End:
		return &c.Ended
	case Hold:
		return &c.Held
	case Reject:
	}
	return &c.Rejected
}

// State is how far an import has come.
type State string

// The states.
const (
	Reading  State = "reading"
	Ready    State = "ready"
	Applying State = "applying" // those who come are written, and kept back
	Changing State = "changing" // they are seen; the others are changed
	Applied  State = "applied"
	Undoing  State = "undoing" // what it did is taken back: package undo
	Undone   State = "undone"
)

// Import is a file of a municipality's staff.
type Import struct {
	ID             int64
	MunicipalityID int64
	JourneyID      int64
	FileName       string
	EndMissing     bool
	State          State
	MadeAt         clock.Instant
	MadeBy         int64
	Employed       int // in the municipality when the file was read
	NextRow        int // of the state, those before it are done
	AppliedAt      *clock.Instant
	AppliedBy      int64
	UndoneBy       int64
	Counts
}

func open(f sheet.File) (*sheet.Rows, error) {
	r, err := sheet.Open(f, Known)
	if err != nil {
		return nil, whole(err, 0)
	}
	return r, nil
}

// whole is the fault of a file that cannot be read at all.
func whole(err error, line int) error {
	for known, key := range map[error]string{
		sheet.ErrTooLarge: "intake.file_too_large", sheet.ErrUnreadable: "intake.file_unreadable", sheet.ErrOldBook: "intake.file_old_book",
		sheet.ErrLocked: "intake.file_locked", sheet.ErrEmpty: "intake.file_empty", sheet.ErrQuote: "intake.file_cut_off",
	} {
		if errors.Is(err, known) {
			return fault.Invalid("file", key, "Line", line, "Rows", sheet.MaxRows)
		}
	}
	return err
}

// batch is how many rows are written in one transaction: nobody else writes meanwhile
// where there is one writer.
const batch = 500

// Stage reads the file and keeps each row with what it would do; nothing else is
// changed. progress, which may be nil, is told how many rows have been read. What is
// wrong with the file as a whole is fault.Invalid "file", or names a heading; what is
// wrong with a row is kept with it.
func Stage(ctx context.Context, d *db.DB, viewer access.Viewer, o Options, f sheet.File, now clock.Instant, progress func(rows int)) (Import, error) {
	s, err := Begin(ctx, d, viewer, o, f, now)
	if err != nil {
		return Import{}, err
	}
	if err := s.Finish(ctx, progress); err != nil {
		return Import{}, errors.Join(err, Discard(context.WithoutCancel(ctx), d, s.ID))
	}
	return s.Import, nil
}

// Begin is the first half of Stage: it reads the heading. What Finish, the other half, then
// reads is in the database from now on, as an import in the state Reading.
func Begin(ctx context.Context, d *db.DB, viewer access.Viewer, o Options, f sheet.File, now clock.Instant) (*Staging, error) {
	m, err := organisation.ByID(ctx, d.Reader(), o.MunicipalityID)
	if err != nil {
		return nil, err
	}
	if m.Kind != organisation.Municipality {
		return nil, fault.NotFound
	}
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	rows, err := open(f)
	if err != nil {
		return nil, err
	}
	s := &Staging{
		d: d, rows: rows,
		frame:  frame{municipality: m.ID, region: m.RegionID, journey: o.JourneyID, today: now.Day(), viewer: viewer},
		places: map[string]int{}, people: map[int64]int{}, newUnits: map[string]string{},
	}
	if err := s.begin(ctx, m, o, now); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return s, nil
}

func (s *Staging) begin(ctx context.Context, m organisation.Organisation, o Options, now clock.Instant) error {
	remembered, err := row.HeadingsOf(ctx, s.d.Reader(), s.viewer, m)
	if err != nil {
		return err
	}
	if err := s.heading(o.Chosen, remembered); err != nil {
		return err
	}
	if err := s.readUnits(ctx, s.d.Reader()); err != nil {
		return err
	}
	s.Import = Import{
		MunicipalityID: m.ID, JourneyID: o.JourneyID, FileName: o.FileName, EndMissing: o.EndMissing,
		State: Reading, MadeAt: now,
	}
	if s.Employed, err = db.Row(ctx, s.d.Reader(), db.One[int], `
		SELECT COUNT(*)
		FROM employment
		WHERE municipality_id = $1
		AND from_day <= $2
		AND (to_day IS NULL OR to_day >= $2)
		AND person_id NOT IN (SELECT person_id FROM protected_person)`, m.ID, s.today); err != nil {
		return err
	}
	return s.d.Write(ctx, func(tx *db.Tx) (err error) {
		s.ID, err = db.Row(ctx, tx, db.One[int64], `
			INSERT INTO staff_import (municipality_id, journey_id, file_name, ends_missing, state, made_at, made_by, employed, encoding, separator)
			VALUES ($1, $2, $3, $4, 'reading', $5, $6, $7, $8, $9)
			RETURNING id`, m.ID, optional(o.JourneyID), o.FileName, o.EndMissing, now, s.viewer.ActorID(), s.Employed, s.rows.Encoding, separator(s.rows))
		if err != nil {
			return err
		}
		return s.remember(ctx, tx, m)
	})
}

// separator is what separates the cells of a CSV.
func separator(r *sheet.Rows) string {
	if r.Separator == 0 {
		return ""
	}
	return string(r.Separator)
}

func optional(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// Staging is a file while it is read.
type Staging struct {
	frame
	Import
	d        *db.DB
	rows     *sheet.Rows
	mapping  row.Mapping
	meant    []Heading // that are not known by themselves
	width    int       // of the heading; 0 where short rows mean nothing
	lastLine int
	places   map[string]int    // the line on which a number or an address stands
	people   map[int64]int     // the line on which somebody stands
	newUnits map[string]string // by slug
	progress func(rows int)
}

func (s *Staging) heading(chosen map[string]string, remembered []Heading) (err error) {
	first, err := s.rows.Next()
	if errors.Is(err, io.EOF) {
		return fault.Invalid("file", "intake.file_empty")
	}
	if err != nil {
		return whole(err, first.Line)
	}
	s.meant = row.Meanings(first.Cells, chosen, remembered)
	if s.mapping, err = row.Map(first.Cells, s.meant); err != nil {
		return err
	}
	if _, there := s.mapping[PersonalNumber]; there && s.d.Keys == nil {
		return fmt.Errorf("read personal identity numbers, of which marks are kept: %w", vault.ErrNoKeys)
	}
	if s.rows.Separator != 0 { // a workbook leaves out empty cells at the end
		s.width = len(first.Cells)
	}
	return nil
}

// Close ends a reading that Finish has not begun.
func (s *Staging) Close() error { return s.rows.Close() }

// Finish reads the rows, then who is missing, and says that the import is ready. After an
// error the import is to be discarded.
func (s *Staging) Finish(ctx context.Context, progress func(rows int)) error {
	defer s.rows.Close() //nolint:errcheck // it was only read
	s.progress = progress
	var steps []step
	short := 0 // the line, when the row before was too short
	for {
		row, err := s.rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return whole(err, row.Line)
		}
		short = 0
		if len(row.Cells) < s.width {
			short = row.Line
		}
		st, err := s.step(row)
		if err != nil {
			return err
		}
		steps = append(steps, st)
		s.lastLine = row.Line
		if len(steps) == batch {
			if err := s.keep(ctx, steps); err != nil {
				return err
			}
			steps = steps[:0]
		}
	}
	switch {
	case short != 0:
		return fault.Invalid("file", "intake.file_cut_off", "Line", short)
	case s.Read+len(steps) == 0:
		return fault.Invalid("file", "intake.file_empty")
	}
	if err := s.keep(ctx, steps); err != nil {
		return err
	}
	if s.EndMissing {
		if err := s.endMissing(ctx); err != nil {
			return err
		}
	}
	s.State, s.UnitsAdded = Ready, len(s.newUnits)
	return s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			UPDATE staff_import
			SET state = 'ready', read_rows = $2, added = $3, changed = $4, unchanged = $5, ended = $6, held = $7, rejected = $8, units_added = $9
			WHERE id = $1`, s.ID, s.Read, s.Added, s.Changed, s.Unchanged, s.Ended, s.Held, s.Rejected, s.UnitsAdded)
		return err
	})
}

// step is the row as it is meant, and what can be said of it without asking.
func (s *Staging) step(row sheet.Row) (st step, err error) {
	st.Line, st.problem = s.mapping.Parse(row, s.today)
	if st.Number != "" {
		if st.Mark, st.MarkKey, err = s.d.Keys.Mark("personal_number", st.Number); err != nil {
			return st, err
		}
		st.Number = ""
	}
	switch {
	case st.problem != nil:
	case len(row.Cells) < s.width:
		st.problem = problem(Row, "intake.row_short", "Cells", len(row.Cells), "Want", s.width)
	case s.width != 0 && len(row.Cells) > s.width:
		st.problem = problem(Row, "intake.row_long", "Cells", len(row.Cells), "Want", s.width)
	}
	// Of two rows with the same number or address neither can be trusted more; the
	// first is taken, the second is told.
	for _, key := range []struct {
		column Column
		value  string
	}{{StaffID, st.StaffID}, {Email, st.Email}, {PersonalNumber, string(st.Mark)}} {
		if key.value == "" {
			continue
		}
		place := string(key.column) + "\x00" + key.value
		if before, twice := s.places[place]; !twice {
			s.places[place] = row.Line
		} else if st.problem == nil {
			st.problem = problem(key.column, "intake.twice_in_file", "Line", before)
		}
	}
	return st, nil
}

// keep plans the rows and writes them down.
func (s *Staging) keep(ctx context.Context, steps []step) error {
	if len(steps) == 0 {
		return nil
	}
	if err := s.plan(ctx, s.d.Reader(), steps); err != nil {
		return err
	}
	for i := range steps {
		st := &steps[i]
		if st.person != nil {
			if before, twice := s.people[st.person.ID]; twice && st.problem == nil {
				st.act, st.problem = Reject, problem(StaffID, "intake.twice_in_file", "Line", before)
			}
		}
		for _, id := range st.meant {
			if _, there := s.people[id]; !there {
				s.people[id] = st.Line.Line
			}
		}
		if st.unitID == noUnit && (st.act == Add || st.act == Change) {
			s.newUnits[organisation.Slug(st.Unit)] = st.Unit
		}
		s.Read++
		*s.of(st.act)++
	}
	if s.progress != nil {
		s.progress(s.Read)
	}
	return s.write(ctx, steps)
}

func (s *Staging) write(ctx context.Context, steps []step) error {
	rows := make([][]any, len(steps))
	for i, st := range steps {
		cells, err := json.Marshal(st.Line)
		if err != nil {
			return fmt.Errorf("keep row %d: %w", st.Line.Line, err)
		}
		row := []any{s.ID, st.Line.Line, st.act, nil, string(cells), "", ""}
		if st.person != nil {
			row[3] = st.person.ID
		}
		if st.problem != nil {
			why, err := json.Marshal(st.problem)
			if err != nil {
				return fmt.Errorf("keep row %d: %w", st.Line.Line, err)
			}
			row[5], row[6] = st.problem.Column, string(why)
		}
		rows[i] = row
	}
	return s.d.Write(ctx, func(tx *db.Tx) error {
		return db.Insert(ctx, tx, "staff_import_row", []string{"import_id", "line", "act", "person_id", "cells", "problem_column", "problem"}, rows)
	})
}

// endMissing adds a row for each who works in the municipality and is not in the file.
func (s *Staging) endMissing(ctx context.Context) error {
	type missing struct {
		id            int64
		given, family string
	}
	var after int64
	line := s.lastLine
	for {
		all, err := db.Rows(ctx, s.d.Reader(), func(m *missing) []any { return []any{&m.id, &m.given, &m.family} }, `
			SELECT
				p.id,
				p.given_name,
				p.family_name
			FROM employment AS e
			JOIN person AS p ON p.id = e.person_id
			WHERE e.municipality_id = $1
			AND e.from_day <= $2
			AND (e.to_day IS NULL OR e.to_day >= $2)
			AND e.person_id > $3
			AND e.person_id NOT IN (SELECT person_id FROM protected_person)
			ORDER BY e.person_id
			LIMIT $4`, s.municipality, s.today, after, batch)
		if err != nil || len(all) == 0 {
			return err
		}
		var steps []step
		for _, m := range all {
			after = m.id
			if _, there := s.people[m.id]; there {
				continue
			}
			line++
			k := &known{}
			k.ID = m.id
			steps = append(steps, step{Line: Line{Line: line, GivenName: m.given, FamilyName: m.family}, act: End, person: k})
			s.Ended++
		}
		if err := s.write(ctx, steps); err != nil {
			return err
		}
	}
}

// Alarm tells what in the size of the import looks wrong, as a message key; empty when
// nothing does: far more rows than people, or many who would end.
func (i Import) Alarm() string {
	switch {
	case i.Read > manyRows && i.Read > 3*i.Employed:
		return "intake.many_rows"
	case i.Ended*5 > i.Employed:
		return "intake.many_end"
	}
	return ""
}

const manyRows = 20_000

var importColumns = `
	id,
	municipality_id,
	COALESCE(journey_id, 0),
	file_name,
	ends_missing,
	state,
	made_at,
	COALESCE(made_by, 0),
	employed,
	next_row,
	applied_at,
	COALESCE(applied_by, 0),
	COALESCE(undone_by, 0),
	read_rows,
	added,
	changed,
	unchanged,
	ended,
	held,
	rejected,
	units_added`

func (i *Import) columns() []any {
	return []any{
		&i.ID, &i.MunicipalityID, &i.JourneyID, &i.FileName, &i.EndMissing, &i.State, &i.MadeAt, &i.MadeBy, &i.Employed, &i.NextRow, &i.AppliedAt, &i.AppliedBy, &i.UndoneBy,
		&i.Read, &i.Added, &i.Changed, &i.Unchanged, &i.Ended, &i.Held, &i.Rejected, &i.UnitsAdded,
	}
}

// Held is the import, held by the transaction until it ends. It asks no viewer: it is for who
// goes on with it.
func Held(ctx context.Context, tx *db.Tx, id int64) (Import, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE staff_import SET next_row = next_row WHERE id = $1`, id); err != nil {
		return Import{}, err
	}
	return db.Row(ctx, tx, (*Import).columns, `SELECT`+importColumns+` FROM staff_import WHERE id = $1`, id)
}

// ByID is the import, if the viewer manages the municipality's people.
func ByID(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Import, error) {
	i, err := db.Row(ctx, q, (*Import).columns, `SELECT`+importColumns+` FROM staff_import WHERE id = $1`, id)
	if err != nil {
		return i, err
	}
	m, err := organisation.ByID(ctx, q, i.MunicipalityID)
	if err == nil {
		err = access.ManagePeople(viewer).Allow(m.Place())
	}
	return i, err
}

// ImportRow is a row of an import with what is done for it.
type ImportRow struct {
	Line
	Act     Act
	Problem *Problem
}

// RowsOf are rows of the import with the act, from a line on, at most limit. It asks no
// viewer: it is for who has the import.
func RowsOf(ctx context.Context, q db.Querier, id int64, act Act, from, limit int) ([]ImportRow, error) {
	type kept struct {
		line           int
		cells, problem string
	}
	rows, err := db.Rows(ctx, q, func(k *kept) []any { return []any{&k.line, &k.cells, &k.problem} }, `
		SELECT
			line,
			cells,
			problem
		FROM staff_import_row
		WHERE import_id = $1
		AND act = $2
		AND line >= $3
		ORDER BY line
		LIMIT $4`, id, act, from, limit)
	if err != nil {
		return nil, err
	}
	all := make([]ImportRow, len(rows))
	for i, k := range rows {
		all[i].Act = act
		if err := json.Unmarshal([]byte(k.cells), &all[i].Line); err != nil {
			return nil, fmt.Errorf("read row %d of import %d: %w", k.line, id, err)
		}
		if strings.TrimSpace(k.problem) == "" {
			continue
		}
		all[i].Problem = &Problem{}
		if err := json.Unmarshal([]byte(k.problem), all[i].Problem); err != nil {
			return nil, fmt.Errorf("read row %d of import %d: %w", k.line, id, err)
		}
	}
	return all, nil
}

// Discard forgets an import that was not applied, with its rows, a few at a time.
func Discard(ctx context.Context, d *db.DB, id int64) error {
	for {
		n := int64(0)
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = db.Exec(ctx, tx, `
				DELETE FROM staff_import_row
				WHERE import_id = $1
				AND line IN (
					SELECT r.line
					FROM staff_import_row AS r
					JOIN staff_import AS i ON i.id = r.import_id
					WHERE r.import_id = $1
					AND i.state IN ('reading', 'ready')
					ORDER BY r.line
					LIMIT 1000
				)`, id)
			if err != nil || n > 0 {
				return err
			}
			_, err = db.Exec(ctx, tx, `DELETE FROM staff_import WHERE id = $1 AND state IN ('reading', 'ready')`, id)
			return err
		}); err != nil || n == 0 {
			return err
		}
	}
}
