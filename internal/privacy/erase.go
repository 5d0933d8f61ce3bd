package privacy

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/keptform"
	"yrkesresan/internal/people"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/turnover"
)

// Nameless is what somebody who has been erased is called.
const Nameless = "Borttagen person"

// Cause is why somebody is erased.
type Cause string

// The causes.
const (
	Requested Cause = "request" // by themselves, through who administers them
	Aged      Cause = "age"     // by the rule of retention
	Anew      Cause = "again"   // in a database that was restored from before it
)

// Key is the cause's message key.
func (c Cause) Key() string { return "privacy.cause_" + string(c) }

// Preview is what an erasure will do with one place.
type Preview struct {
	Place
	Rows int64
}

// PreviewOf says what an erasure of the person, and of all who were merged into them, will do,
// place by place, for who may erase them: see Erase for the faults.
func PreviewOf(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, now clock.Instant) ([]Preview, error) {
	if err := may(ctx, q, viewer, personID, now); err != nil {
		return nil, err
	}
	selves, err := people.Selves(ctx, q, personID)
	if err != nil {
		return nil, err
	}
	var all []Preview
	for _, p := range Places {
		if p.Whose == ofNobody {
			continue
		}
		rows := int64(0)
		for _, id := range selves {
			n, err := db.Row(ctx, q, db.One[int64], `SELECT COUNT(*) FROM `+p.Table+` WHERE `+p.Whose, id)
			if err != nil {
				return nil, err
			}
			rows += n
		}
		if rows > 0 {
			all = append(all, Preview{p, rows})
		}
	}
	return all, nil
}

// may is nil when the viewer may erase the person: they change what concerns them, it is not
// themselves, and the person holds no role, which is ended first and openly.
func may(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, now clock.Instant) error {
	d, err := people.Get(ctx, q, viewer, personID, now.Day())
	if err != nil {
		return err
	}
	place := access.Place{PersonID: personID}
	if e := d.EmployedOn(now.Day()); e != nil {
		place = e.Place(personID)
	}
	if err := access.ErasePeople(viewer).Allow(place); err != nil {
		return err
	}
	for _, e := range d.Employments { // it is not one of two employers' to decide
		if e.Holds(now.Day()) && !access.ErasePeople(viewer).Covers(e.Place(personID)) {
			return fault.Conflict("privacy.works_elsewhere")
		}
	}
	if viewer.PersonID == personID {
		return fault.Conflict("privacy.not_oneself")
	}
	erased, err := Erased(ctx, q, personID)
	if err != nil {
		return err
	}
	if erased {
		return fault.Conflict("privacy.erased_already")
	}
	held, err := identity.Grants(ctx, q, viewer, personID, now.Day())
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Until == nil || *h.Until >= now.Day() {
			return fault.Conflict("privacy.holds_role")
		}
	}
	return nil
}

// Erased tells whether the person has been. It asks no viewer.
func Erased(ctx context.Context, q db.Querier, personID int64) (bool, error) {
	return db.Row(ctx, q, db.One[bool], `SELECT EXISTS (SELECT 1 FROM erasure WHERE person_id = $1)`, personID)
}

// Erase erases the person on their request: typed is their whole name, to be sure.
// fault.NotFound and fault.Forbidden for who may not, fault.Invalid "name" when it is another
// name, fault.Conflict "privacy.not_oneself", "privacy.works_elsewhere", "privacy.holds_role", "privacy.erased_already":
// of two at once the second is told so.
func Erase(ctx context.Context, d *db.DB, viewer access.Viewer, personID int64, typed string, now clock.Instant) error {
	if err := may(ctx, d.Reader(), viewer, personID, now); err != nil {
		return err
	}
	who, err := people.Get(ctx, d.Reader(), viewer, personID, now.Day())
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.Join(strings.Fields(typed), " "), who.Name()) {
		return fault.Invalid("name", "privacy.other_name")
	}
	return erase(ctx, d, viewer, personID, Requested, now, func(tx *db.Tx) error { return may(ctx, tx, viewer, personID, now) })
}

// erase erases the person, and with them who was merged into them. still is asked in the
// transaction whether it may be.
func erase(ctx context.Context, d *db.DB, viewer access.Viewer, personID int64, cause Cause, now clock.Instant, still func(*db.Tx) error) error {
	selves, err := people.Selves(ctx, d.Reader(), personID)
	if err != nil {
		return err
	}
	// What others wrote of them is looked for before, so that no writer waits meanwhile.
	traces, err := TracesOf(ctx, d.Reader(), selves...)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := still(tx); err != nil {
			return err
		}
		// The row is the lock: of two at once one finds it there.
		n, err := putErasure(ctx, tx, viewer, personID, cause, now)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("privacy.erased_already")
		}
		if err := leave(ctx, tx, viewer, personID, now); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, viewer, audit.Erased, audit.Erasure, personID); err != nil {
			return err
		}
		if err := emptyAll(ctx, tx, viewer, selves, cause, now); err != nil {
			return err
		}
		if err := traces.Replace(ctx, tx, Nameless); err != nil {
			return err
		}
		return jobs.Forget(ctx, tx, traces.words...)
	})
}

// emptyAll empties the person and all who were merged into them, the person first; nobody
// else may have been meanwhile.
func emptyAll(ctx context.Context, tx *db.Tx, viewer access.Viewer, selves []int64, cause Cause, now clock.Instant) error {
	current, err := people.Selves(ctx, tx, selves[0])
	if err != nil {
		return err
	}
	if !slices.Equal(current, selves) {
		return fault.Conflict("privacy.merged_meanwhile")
	}
	for _, id := range selves {
		if _, err := putErasure(ctx, tx, viewer, id, cause, now); err != nil {
			return err
		}
		if err := empty(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// putErasure writes down that the person is erased; 0 rows when they were before.
func putErasure(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, cause Cause, now clock.Instant) (int64, error) {
	return db.Exec(ctx, tx, `
		INSERT INTO erasure (person_id, born_at, ground, erased_at, erased_by)
		SELECT id, created_at, $2, $3, CAST($4 AS BIGINT) FROM person WHERE id = $1
		ON CONFLICT (person_id) DO NOTHING`, personID, string(cause), now, viewer.ActorID())
}

// Traces are where others have written of somebody by name.
type Traces struct {
	words    []string // the names and addresses
	families []string
	texts    []hits
	rows     []fileRow
}

// TracesOf looks for what others wrote of the people, one person under several numbers, by
// the names and addresses that they have and had. It asks no viewer.
func TracesOf(ctx context.Context, q db.Querier, selves ...int64) (t Traces, err error) {
	for _, id := range selves {
		words, err := calledBy(ctx, q, id)
		if err != nil {
			return t, err
		}
		families, err := db.Rows(ctx, q, db.One[string], `
			SELECT family_name FROM person WHERE id = $1
			UNION
			SELECT family_name FROM protected_person WHERE person_id = $1
			UNION
			SELECT family_name FROM person_change WHERE person_id = $1`, id)
		if err != nil {
			return t, err
		}
		rows, err := rowsOfFiles(ctx, q, id, words)
		if err != nil {
			return t, err
		}
		t.words, t.families, t.rows = append(t.words, words...), append(t.families, families...), append(t.rows, rows...)
	}
	slices.SortStableFunc(t.words, func(a, b string) int { return len(b) - len(a) })
	t.texts, err = search(ctx, q, t.words)
	return t, err
}

// Replace puts another name in the place of theirs, empties the rows of files of staff that
// name them, and lets go of the forms that wait and do.
func (t Traces) Replace(ctx context.Context, tx *db.Tx, instead string) error {
	for _, h := range t.texts {
		if err := h.clean(ctx, tx, t.words, instead); err != nil {
			return err
		}
	}
	for _, r := range t.rows {
		if _, err := db.Exec(ctx, tx, `UPDATE staff_import_row SET cells = '{}', before = '', problem = '', problem_column = '' WHERE import_id = $1 AND line = $2`, r.file, r.line); err != nil {
			return err
		}
	}
	// Name by name, as each stands in a field of its own.
	return keptform.Forget(ctx, tx, slices.Concat(t.families, t.words))
}

// empty takes away what tells who the person was, place by place.
func empty(ctx context.Context, tx *db.Tx, personID int64) error {
	for _, p := range Places {
		statement := ""
		switch {
		case p.Whose == ofNobody:
		case p.Fate == Gone:
			statement = `DELETE FROM ` + p.Table + ` WHERE ` + p.Whose
		case p.Fate == Emptied:
			statement = `UPDATE ` + p.Table + ` SET ` + p.Set + ` WHERE ` + p.Whose
		}
		if statement == "" {
			continue
		}
		if _, err := db.Exec(ctx, tx, statement, personID); err != nil {
			return err
		}
	}
	for _, table := range []string{`person SET sort_key = $2 WHERE id = $1`, `employment SET sort_key = $2 WHERE person_id = $1`} {
		if _, err := db.Exec(ctx, tx, `UPDATE `+table, personID, i18n.SortKey("person Borttagen")); err != nil {
			return err
		}
	}
	return people.KeepWords(ctx, tx, personID)
}

// leave ends what goes on: the employment with its seats, teams and days to come.
func leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) error {
	today := now.Day()
	by := access.System()
	if viewer.PersonID != 0 {
		by = access.ActingFor(viewer.PersonID)
	}
	if err := turnover.Leave(ctx, tx, by, personID, today, now); err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM employment WHERE person_id = $1 AND from_day > $2`,
		`UPDATE employment SET to_day = $2 WHERE person_id = $1 AND (to_day IS NULL OR to_day > $2)`,
		`UPDATE trainer SET ended_on = $2 WHERE person_id = $1 AND ended_on IS NULL`,
		`DELETE FROM day_trainer WHERE person_id = $1 AND present IS NULL AND course_day_id IN (SELECT id FROM course_day WHERE day > $2)`,
	} {
		if _, err := db.Exec(ctx, tx, statement, personID, today); err != nil {
			return err
		}
	}
	return nil
}

// calledBy are the names and addresses by which others may have written of the person: the
// longest first, so that a part of one is not taken before the whole.
func calledBy(ctx context.Context, q db.Querier, personID int64) ([]string, error) {
	all, err := db.Rows(ctx, q, func(p *people.Person) []any { return []any{&p.GivenName, &p.FamilyName, &p.Email} }, `
		SELECT given_name, family_name, COALESCE(email, '') FROM person WHERE id = $1
		UNION
		SELECT given_name, family_name, '' FROM protected_person WHERE person_id = $1
		UNION
		SELECT given_name, family_name, COALESCE(email, '') FROM person_change WHERE person_id = $1`, personID)
	if err != nil {
		return nil, err
	}
	var words []string
	for _, p := range all {
		words = append(words, p.Email)
		if p.GivenName != "" && p.FamilyName != "" {
			words = append(words, p.GivenName+" "+p.FamilyName, p.FamilyName+", "+p.GivenName)
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" || w == Nameless })
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(words), nil
}

// fold is how a long line of a calendar goes on in the next (RFC 5545): a name may be
// broken by it.
const fold = "\r\n "

// hits are the rows of a text that name the person.
type hits struct {
	Text
	column string
	keys   [][]int64
}

// search finds where others wrote of somebody by one of the words.
func search(ctx context.Context, q db.Querier, words []string) (all []hits, err error) {
	for _, t := range Texts {
		for _, column := range t.Columns {
			h := hits{Text: t, column: column}
			if c, sealed := sealing.Of(t.Table, column); sealed {
				h.keys, err = c.Search(ctx, q, func(text string) bool { return withoutNames(text, words, Nameless) != text })
			} else {
				h.keys, err = t.search(ctx, q, column, words)
			}
			if err != nil {
				return nil, err
			}
			if len(h.keys) > 0 {
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// search finds the rows whose column has one of the words.
func (t Text) search(ctx context.Context, q db.Querier, column string, words []string) (keys [][]int64, err error) {
	for _, word := range words {
		rows, err := db.Rows(ctx, q, func(row *[]int64) []any {
			*row = make([]int64, len(t.Key))
			into := make([]any, len(t.Key))
			for i := range into {
				into[i] = &(*row)[i]
			}
			return into
		}, `
			SELECT `+strings.Join(t.Key, ", ")+`
			FROM `+t.Table+`
			WHERE REPLACE(REPLACE(`+column+`, $2, ''), $1, '') <> REPLACE(`+column+`, $2, '')`, word, fold)
		if err != nil {
			return nil, err
		}
		keys = append(keys, rows...)
	}
	return keys, nil
}

// withoutNames is the text with another name in the place of the words.
func withoutNames(text string, words []string, instead string) string {
	for _, word := range words {
		text = strings.ReplaceAll(text, word, instead)
	}
	return text
}

// clean puts another name in the place of the words.
func (h hits) clean(ctx context.Context, tx *db.Tx, words []string, instead string) error {
	column, sealed := sealing.Of(h.Table, h.column)
	for _, key := range h.keys {
		if sealed {
			if err := column.Change(ctx, tx, key, func(text string) string { return withoutNames(text, words, instead) }); err != nil {
				return err
			}
			continue
		}
		for _, word := range words {
			var b db.Builder
			b.Add(`UPDATE `+h.Table+` SET `+h.column+` = REPLACE(REPLACE(`+h.column+`, CAST(? AS TEXT), ''), CAST(? AS TEXT), CAST(? AS TEXT))`, fold, word, instead)
			for i, c := range h.Key {
				joint := "AND "
				if i == 0 {
					joint = "WHERE "
				}
				b.Add(joint+c+" = ?", key[i])
			}
			if _, err := db.Exec(ctx, tx, b.String(), b.Args()...); err != nil {
				return err
			}
		}
	}
	return nil
}

// fileRow is a row of a file of staff.
type fileRow struct {
	file, line int64
	cells      string
}

// rowsOfFiles are the rows of stored files of staff, of the municipalities where the person
// has worked, that name them without having been theirs: held or refused, or of a file that
// was never applied.
func rowsOfFiles(ctx context.Context, q db.Querier, personID int64, words []string) ([]fileRow, error) {
	type name struct{ given, family string }
	names, err := db.Rows(ctx, q, func(n *name) []any { return []any{&n.given, &n.family} }, `
		SELECT given_name, family_name FROM person WHERE id = $1
		UNION
		SELECT given_name, family_name FROM protected_person WHERE person_id = $1
		UNION
		SELECT given_name, family_name FROM person_change WHERE person_id = $1`, personID)
	if err != nil {
		return nil, err
	}
	rows, err := db.Rows(ctx, q, func(r *fileRow) []any { return []any{&r.file, &r.line, &r.cells} }, `
		SELECT r.import_id, r.line, r.cells
		FROM staff_import_row AS r
		JOIN staff_import AS i ON i.id = r.import_id
		WHERE r.person_id IS NULL
		AND i.municipality_id IN (SELECT municipality_id FROM employment WHERE person_id = $1)`, personID)
	return slices.DeleteFunc(rows, func(r fileRow) bool {
		cells := strings.ToLower(r.cells)
		for _, w := range words {
			if strings.Contains(cells, strings.ToLower(w)) {
				return false
			}
		}
		for _, n := range names {
			if n.family != "" && strings.Contains(cells, strings.ToLower(`"`+n.family+`"`)) && (n.given == "" || strings.Contains(cells, strings.ToLower(`"`+n.given+`"`))) {
				return false
			}
		}
		return true
	}), err
}
