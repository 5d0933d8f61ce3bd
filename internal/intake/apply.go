package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/turnover"
)

// applyJob goes on with an import, also after the program was killed.
type applyJob struct {
	Import int64 `json:"import"`
}

func (applyJob) Kind() string  { return "intake_apply" }
func (applyJob) Queue() string { return "intake" }

// Handle lets the queue apply imports.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, job applyJob) error {
		err := Run(ctx, d, job.Import, now, nil)
		if errors.Is(err, fault.NotFound) {
			return jobs.GiveUp(err)
		}
		return err
	})
}

// Approve says that the import is to be applied; a job does so (or Run). sure is said by
// who has seen that many end, or that the file is far larger than the municipality:
// fault.Conflict with the alarm's words without it. fault.Conflict "intake.busy" while
// another import of the municipality is applied, "intake.not_yours" for who did not read the file:
// what its rows may do was asked of who did, "intake.not_ready" for one that has been.
func Approve(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, sure bool, now clock.Instant) (Import, error) {
	i, err := ByID(ctx, tx, viewer, id)
	if err != nil {
		return i, err
	}
	if i.MadeBy != viewer.PersonID {
		return i, fault.Conflict("intake.not_yours")
	}
	if alarm := i.Alarm(); alarm != "" && !sure {
		return i, fault.Conflict(alarm, "Rows", i.Read, "Ended", i.Ended, "Employed", i.Employed)
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE staff_import
		SET state = 'applying', applied_at = $2, applied_by = $3, next_row = 0
		WHERE id = $1
		AND state = 'ready'`, id, now, viewer.ActorID())
	switch {
	case db.IsUnique(err):
		return i, fault.Conflict("intake.busy")
	case err != nil:
		return i, err
	case n == 0:
		return i, fault.Conflict("intake.not_ready")
	}
	i.State, i.NextRow = Applying, 0
	return i, jobs.Add(ctx, tx, applyJob{id})
}

// Run applies an approved import to its end. Several may run the same one: each step is
// one transaction that finds where the last one stopped. progress, which may be nil, is
// told of rows done of all that do something.
func Run(ctx context.Context, d *db.DB, id int64, now clock.Clock, progress func(done, total int)) error {
	r := applying{d: d, id: id, now: now}
	done := 0
	for {
		n, more, err := r.step(ctx)
		if err != nil {
			return err
		}
		done += n
		if progress != nil {
			progress(done, r.Added+r.Changed+r.Ended)
		}
		if !more {
			return nil
		}
		if err := d.Yield(ctx); err != nil {
			return err
		}
	}
}

// Unfinished is the import of the municipality that was approved and is not applied to its
// end; 0 when there is none. It asks no viewer: it is for who goes on with it.
func Unfinished(ctx context.Context, q db.Querier, municipalityID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `
		SELECT COALESCE(MAX(id), 0)
		FROM staff_import
		WHERE municipality_id = $1
		AND state IN ('applying', 'changing')`, municipalityID)
}

// applying is an import while it is applied.
type applying struct {
	Import
	frame
	d     *db.DB
	id    int64
	now   clock.Clock
	by    access.Viewer
	steps []catalogue.Step // of the journey
}

// few is how many people are changed in one transaction: each may give up seats.
const few = 25

// step applies some rows; n is how many, more tells that there may be others.
func (a *applying) step(ctx context.Context) (n int, more bool, err error) {
	known := a.units
	err = a.d.Write(ctx, func(tx *db.Tx) error {
		n, more = 0, false
		if err := a.hold(ctx, tx); err != nil {
			return err
		}
		switch a.State {
		case Applying:
			n, err = a.add(ctx, tx)
			more = true
			if err != nil || n > 0 {
				return err
			}
			// All are there. From here on they are seen, and counted: a figure's stamp follows
			// the row that is touched.
			if _, err = db.Exec(ctx, tx, `UPDATE staff_import SET state = 'changing', next_row = 0 WHERE id = $1`, a.id); err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `UPDATE employment SET import_id = import_id WHERE id = (SELECT MIN(id) FROM employment WHERE import_id = $1)`, a.id)
			return err
		case Changing:
			n, err = a.change(ctx, tx)
			more = true
			if err != nil || n > 0 {
				return err
			}
			more = false
			_, err = db.Exec(ctx, tx, `UPDATE staff_import SET state = 'applied' WHERE id = $1`, a.id)
			return err
		case Applied:
			return nil
		case Reading, Ready, Undoing, Undone:
		}
		return fault.Conflict("intake.not_ready")
	})
	if err != nil {
		a.units = known // those of a transaction that did not hold are not there
	}
	return n, more, err
}

// hold takes the import's row for this transaction, and reads what its rows are compared
// with the first time.
func (a *applying) hold(ctx context.Context, tx *db.Tx) error {
	i, err := Held(ctx, tx, a.id)
	if err != nil {
		return err
	}
	a.Import = i
	if a.units == nil {
		m, err := organisation.ByID(ctx, tx, i.MunicipalityID)
		if err != nil {
			return err
		}
		// What they may was asked when the file was read.
		a.by = access.ActingFor(i.AppliedBy)
		a.frame = frame{municipality: m.ID, region: m.RegionID, journey: i.JourneyID, today: i.MadeAt.Day(), viewer: a.by}
		if i.JourneyID != 0 {
			if a.steps, err = catalogue.Steps(ctx, tx, i.JourneyID); err != nil {
				return err
			}
		}
		if err := a.readUnits(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// next are the next rows of the acts, planned anew: what they are compared with may have
// changed since the file was read.
func (a *applying) next(ctx context.Context, tx *db.Tx, condition string, limit int) ([]step, error) {
	type row struct {
		line   int
		act    Act
		person int64
		cells  string
	}
	rows, err := db.Rows(ctx, tx, func(r *row) []any { return []any{&r.line, &r.act, &r.person, &r.cells} }, `
		SELECT
			line,
			act,
			COALESCE(person_id, 0),
			cells
		FROM staff_import_row
		WHERE import_id = $1
		AND act `+condition+`
		AND line >= $2
		ORDER BY line
		LIMIT $3`, a.id, a.NextRow, limit)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var steps, ended []step
	for _, r := range rows {
		var s step
		if err := json.Unmarshal([]byte(r.cells), &s.Line); err != nil {
			return nil, fmt.Errorf("read row %d of import %d: %w", r.line, a.id, err)
		}
		if r.act == End && s.StaffID == "" && s.Email == "" && len(s.Mark) == 0 { // missing from the file
			s.act, s.person = End, &known{Person: people.Person{ID: r.person}}
			ended = append(ended, s)
			continue
		}
		s.act = r.act
		steps = append(steps, s)
	}
	if err := a.plan(ctx, tx, steps); err != nil {
		return nil, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE staff_import SET next_row = $2 WHERE id = $1`, a.id, rows[len(rows)-1].line+1); err != nil {
		return nil, err
	}
	return append(steps, ended...), nil
}

// noted writes down that a row does something else than what it said when the file was
// read.
func (a *applying) noted(ctx context.Context, tx *db.Tx, s step) error {
	why := ""
	column := Column("")
	if s.problem != nil {
		text, err := json.Marshal(s.problem)
		if err != nil {
			return fmt.Errorf("keep row %d: %w", s.Line.Line, err)
		}
		why, column = string(text), s.problem.Column
	}
	_, err := db.Exec(ctx, tx, `UPDATE staff_import_row SET act = $3, problem_column = $4, problem = $5 WHERE import_id = $1 AND line = $2`,
		a.id, s.Line.Line, s.act, column, why)
	return err
}

// add writes the next people who come, in bulk.
func (a *applying) add(ctx context.Context, tx *db.Tx) (int, error) {
	steps, err := a.next(ctx, tx, "= 'add'", batch)
	if err != nil || len(steps) == 0 {
		return 0, err
	}
	coming := make([]step, 0, len(steps))
	for _, s := range steps {
		if s.act != Add {
			if err := a.noted(ctx, tx, s); err != nil {
				return 0, err
			}
			continue
		}
		coming = append(coming, s)
	}
	return len(steps), a.come(ctx, tx, coming)
}

// come lets people come, in bulk.
func (a *applying) come(ctx context.Context, tx *db.Tx, coming []step) error {
	for i := range coming {
		if err := a.place(ctx, tx, &coming[i]); err != nil {
			return err
		}
	}
	was, err := a.footing(ctx, tx, coming)
	if err != nil {
		return err
	}
	if err := a.persons(ctx, tx, coming); err != nil {
		return err
	}
	if err := a.employments(ctx, tx, coming); err != nil {
		return err
	}
	if err := a.accounts(ctx, tx, coming); err != nil {
		return err
	}
	come := make([]int64, len(coming))
	for i, s := range coming {
		come[i] = s.person.ID
	}
	if err := audit.Changed(ctx, tx, a.by, audit.StaffFile, come...); err != nil {
		return err
	}
	for _, s := range coming {
		if err := a.office(ctx, tx, s); err != nil {
			return err
		}
	}
	return a.remember(ctx, tx, coming, was)
}

// place makes the row's unit when it is not there yet.
func (a *applying) place(ctx context.Context, tx *db.Tx, s *step) error {
	if s.unitID != noUnit {
		return nil
	}
	slug := organisation.Slug(s.Unit)
	if u, ok := a.units[slug]; ok { // made for a row before this one
		s.unitID = u.id
		return nil
	}
	id, err := organisation.AddUnit(ctx, tx, a.by, a.municipality, s.Unit)
	if err != nil {
		return err
	}
	units := make(map[string]unit, len(a.units)+1)
	for k, u := range a.units {
		units[k] = u
	}
	units[slug] = unit{id: id}
	a.units, s.unitID, s.madeUnit = units, id, id
	return nil
}

// persons makes those who are new, and keeps what they are found by.
func (a *applying) persons(ctx context.Context, tx *db.Tx, steps []step) error {
	unknown := 0
	for _, s := range steps {
		if s.person == nil {
			unknown++
		}
	}
	ids, err := db.Reserve(ctx, tx, "person", unknown)
	if err != nil {
		return err
	}
	var made []people.Person
	var persons, numbers [][]any
	for i := range steps {
		s := &steps[i]
		if s.person == nil {
			s.person = &known{}
			s.person.ID, ids = ids[0], ids[1:]
			made = append(made, people.Person{ID: s.person.ID, GivenName: s.GivenName, FamilyName: s.FamilyName, Email: s.Email})
			persons = append(persons, []any{s.person.ID, s.GivenName, s.FamilyName, orNil(s.Email), sortKey(*s), a.Import.MadeAt})
		} else if err := a.correct(ctx, tx, *s); err != nil {
			return err
		}
		if s.StaffID != "" && s.StaffID != s.person.number {
			numbers = append(numbers, []any{a.municipality, s.StaffID, s.person.ID})
		}
	}
	if err := db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "email", "sort_key", "created_at"}, persons); err != nil {
		return err
	}
	if err := people.KeepWordsOf(ctx, tx, made); err != nil {
		return err
	}
	if err := a.keepMarks(ctx, tx, steps...); err != nil {
		return err
	}
	return db.Insert(ctx, tx, "staff_number", []string{"municipality_id", "number", "person_id"}, numbers)
}

// orNil is what is kept of a text that may be missing.
func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func sortKey(s step) []byte {
	return i18n.SortKey(strings.TrimSpace(s.FamilyName + " " + s.GivenName))
}

// begins is the first day of somebody who comes: what the file says, unless they worked
// there or elsewhere then.
func (a *applying) begins(s step) clock.Day {
	from := a.today
	if s.From != nil {
		from = *s.From
	}
	if s.person != nil && s.person.lastDay != nil && from <= *s.person.lastDay {
		from = max(a.today, *s.person.lastDay+1)
	}
	return from
}

func (a *applying) employments(ctx context.Context, tx *db.Tx, steps []step) error {
	rows := make([][]any, len(steps))
	for i, s := range steps {
		until := s.Until
		from := a.begins(s)
		if until != nil && *until < from {
			until = &from
		}
		rows[i] = []any{s.person.ID, s.unitID, a.region, a.municipality, s.Profession, s.Form, sortKey(s), from, until, a.id}
	}
	return db.Insert(ctx, tx, "employment", []string{
		"person_id", "organisation_id", "region_id", "municipality_id", "title", "form", "sort_key", "from_day", "to_day", "import_id",
	}, rows)
}

// change applies the next rows of those who were there.
func (a *applying) change(ctx context.Context, tx *db.Tx) (int, error) {
	steps, err := a.next(ctx, tx, "IN ('change', 'end')", few)
	if err != nil {
		return 0, err
	}
	return len(steps), a.differ(ctx, tx, steps)
}

// differ changes people, or lets them leave.
func (a *applying) differ(ctx context.Context, tx *db.Tx, steps []step) error {
	was, err := a.footing(ctx, tx, steps)
	if err != nil {
		return err
	}
	changed := make([]step, 0, len(steps))
	for _, s := range steps {
		switch s.act {
		case Change:
			err = a.changeOne(ctx, tx, &s)
		case End:
			err = a.end(ctx, tx, s)
		default:
			if err = a.noted(ctx, tx, s); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		changed = append(changed, s)
	}
	return a.remember(ctx, tx, changed, was)
}

// correct gives somebody the name and the address of the row.
func (a *applying) correct(ctx context.Context, tx *db.Tx, s step) error {
	p := people.NewPerson{GivenName: s.person.GivenName, FamilyName: s.person.FamilyName, Email: s.person.Email}
	if s.GivenName != "" {
		p.GivenName = s.GivenName
	}
	if s.FamilyName != "" {
		p.FamilyName = s.FamilyName
	}
	if s.Email != "" || s.Clears(Email) {
		p.Email = s.Email
	}
	moved, err := people.Correct(ctx, tx, a.by, s.person.ID, p, a.now())
	if err != nil || !moved {
		return err
	}
	return identity.Readdressed(ctx, tx, s.person.ID, a.now())
}

func (a *applying) changeOne(ctx context.Context, tx *db.Tx, s *step) error {
	k := s.person
	if err := audit.Changed(ctx, tx, a.by, audit.StaffFile, k.ID); err != nil {
		return err
	}
	if err := a.correct(ctx, tx, *s); err != nil {
		return err
	}
	if s.StaffID != "" && s.StaffID != k.number {
		if err := db.Insert(ctx, tx, "staff_number", []string{"municipality_id", "number", "person_id"}, [][]any{{a.municipality, s.StaffID, k.ID}}); err != nil {
			return err
		}
	}
	if err := a.keepMarks(ctx, tx, *s); err != nil {
		return err
	}
	if err := a.place(ctx, tx, s); err != nil {
		return err
	}
	if err := a.employment(ctx, tx, *s); err != nil {
		return err
	}
	if a.journey != 0 {
		var err error
		if k.account == 0 {
			err = a.accounts(ctx, tx, []step{*s})
		} else {
			err = a.account(ctx, tx, *s)
		}
		if err != nil {
			return err
		}
	}
	return a.office(ctx, tx, *s)
}

// employment gives somebody's employment what the row says of it.
func (a *applying) employment(ctx context.Context, tx *db.Tx, s step) error {
	k := s.person
	title := k.title
	if s.Profession != "" || s.Clears(Profession) {
		title = s.Profession
	}
	form := k.form
	if s.Form != "" || s.Clears(Form) {
		form = s.Form
	}
	if s.Unit != "" && s.unitID != k.unitID {
		if err := turnover.Move(ctx, tx, a.by, k.ID, s.unitID, max(a.today, k.from), title, a.now()); err != nil {
			return err
		}
	} else if moves(&s) {
		if _, err := db.Exec(ctx, tx, `UPDATE employment SET from_day = $2 WHERE id = $1`, k.employment, *s.From); err != nil {
			return err
		}
	}
	e, err := people.ManagedBy(ctx, tx, a.by, k.ID, a.municipality, max(a.today, k.from))
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET title = $2, form = $3 WHERE id = $1`, e.ID, title, form); err != nil {
		return err
	}
	if s.Clears(Until) {
		if _, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = NULL, agency = '' WHERE id = $1`, e.ID); err != nil {
			return err
		}
	}
	if s.Until != nil && (e.Until == nil || *e.Until != *s.Until) {
		return turnover.LeaveEmployer(ctx, tx, a.by, k.ID, a.municipality, max(*s.Until, e.From), a.now())
	}
	return nil
}

// end ends somebody's employment with the day that the file says, or yesterday.
func (a *applying) end(ctx context.Context, tx *db.Tx, s step) error {
	last := a.today - 1
	if s.Until != nil {
		last = *s.Until
	}
	e, err := a.openEmployment(ctx, tx, s.person.ID)
	if errors.Is(err, fault.NotFound) {
		return nil // gone by themselves
	}
	if err != nil {
		return err
	}
	return turnover.LeaveEmployer(ctx, tx, a.by, s.person.ID, a.municipality, max(last, e), a.now())
}

// openEmployment is the first day of the employment in the municipality that runs.
func (a *applying) openEmployment(ctx context.Context, q db.Querier, personID int64) (clock.Day, error) {
	return db.Row(ctx, q, db.One[clock.Day], `
		SELECT from_day
		FROM employment
		WHERE person_id = $1
		AND municipality_id = $2
		AND (to_day IS NULL OR to_day >= $3)
		ORDER BY from_day
		LIMIT 1`, personID, a.municipality, a.today)
}
