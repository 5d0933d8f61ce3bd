package protection

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/text"
)

const longestAlias = 60 // characters

// Marked is somebody whose identity is protected, as those named know them.
type Marked struct {
	PersonID   int64
	GivenName  string
	FamilyName string
	Alias      string
	Unit       string // "" for nobody's and the municipality's own
	MarkedAt   clock.Instant
}

// Name is the whole name.
func (m Marked) Name() string {
	return people.Person{GivenName: m.GivenName, FamilyName: m.FamilyName}.Name()
}

// List are the municipality's marked people in Swedish order, and how many they are: without
// a look that is open the number alone. fault.NotFound for those who are not named.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, now clock.Instant) ([]Marked, int, error) {
	if !access.Guard(viewer).Covers(municipality) {
		return nil, 0, fault.NotFound
	}
	all, err := db.Rows(ctx, q, func(m *Marked) []any {
		return []any{&m.PersonID, &m.GivenName, &m.FamilyName, &m.Alias, &m.Unit, &m.MarkedAt}
	}, `
		SELECT
			x.person_id,
			x.given_name,
			x.family_name,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE((
				SELECT o.name
				FROM employment AS w
				JOIN organisation AS o ON o.id = w.organisation_id AND o.kind = 'unit'
				WHERE w.person_id = x.person_id
				AND w.municipality_id = $1
				AND (w.to_day IS NULL OR w.to_day >= $3)
				ORDER BY w.from_day
				LIMIT 1
			), ''),
			x.marked_at
		FROM protected_person AS x
		JOIN person AS p ON p.id = x.person_id
		WHERE x.person_id <> $2
		AND `+theirsSQL+`
		ORDER BY x.family_name, x.given_name, x.person_id`, municipality.MunicipalityID, viewer.PersonID, now.Day())
	if err != nil {
		return nil, 0, err
	}
	open := map[int64]bool{}
	for _, id := range viewer.Opened {
		open[id] = true
	}
	var shown []Marked
	for _, m := range all {
		if open[m.PersonID] {
			shown = append(shown, m)
		}
	}
	return shown, len(all), nil
}

// readable is what an alias is made of: nothing that is taken for another when it is read
// out, and no vowels, so that none is a word.
const readable = "23456789BCDFGHJKMNPQRTVWXZ"

// newAlias is an alias that says nothing: not even that it is one.
func newAlias() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	for i := range b {
		b[i] = readable[int(b[i])%len(readable)]
	}
	return "Deltagare " + string(b[:])
}

// Mark protects the identity of somebody who works in a municipality that has named the
// viewer: from now on everybody else knows them by the alias, and so do the texts that
// others have written; "" makes one. It is to be told them. fault.NotFound for whom the
// viewer may not mark, fault.Invalid "alias" when it tells their name or is too long,
// fault.Conflict "protection.marked_already", "protection.not_oneself".
func Mark(ctx context.Context, d *db.DB, viewer access.Viewer, personID int64, alias string, now clock.Instant) error {
	alias, err := checked(ctx, d.Reader(), viewer, personID, alias, now)
	if err != nil {
		return err
	}
	// What others wrote of them is looked for before, so that no writer waits meanwhile.
	traces, err := tracesOf(ctx, d.Reader(), personID)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error { return mark(ctx, tx, viewer, personID, alias, traces, now) })
}

// MarkIn is Mark in a transaction that others do not wait for.
func MarkIn(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, alias string, now clock.Instant) error {
	alias, err := checked(ctx, tx, viewer, personID, alias, now)
	if err != nil {
		return err
	}
	traces, err := tracesOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	return mark(ctx, tx, viewer, personID, alias, traces, now)
}

// tracesOf looks for the person under all of their numbers.
func tracesOf(ctx context.Context, q db.Querier, personID int64) (privacy.Traces, error) {
	selves, err := people.Selves(ctx, q, personID)
	if err != nil {
		return privacy.Traces{}, err
	}
	return privacy.TracesOf(ctx, q, selves...)
}

// checked is the alias as it is kept, for somebody whom the viewer may mark.
func checked(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, alias string, now clock.Instant) (string, error) {
	was, _, err := markable(ctx, q, viewer, personID, now)
	if err != nil {
		return "", err
	}
	if alias = text.Line(alias); alias == "" {
		alias = newAlias()
	}
	var checks fault.Checks
	checks.Require(utf8.RuneCountInString(alias) <= longestAlias, "alias", "fault.too_long", "Max", longestAlias)
	for _, name := range []string{was.GivenName, was.FamilyName} {
		checks.Require(name == "" || !strings.Contains(strings.ToLower(alias), strings.ToLower(name)), "alias", "protection.alias_tells")
	}
	return alias, checks.Err()
}

// mark is Mark in a transaction, with what was found of the person before it.
func mark(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, alias string, traces privacy.Traces, now clock.Instant) error {
	_, municipality, err := markable(ctx, tx, viewer, personID, now)
	if err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Protected, personID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at, marked_by)
		SELECT id, given_name, family_name, $2, $3, $4 FROM person WHERE id = $1
		ON CONFLICT (person_id) DO NOTHING`, personID, municipality, now, viewer.ActorID())
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict("protection.marked_already")
	}
	if err := traces.Replace(ctx, tx, alias); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE staff_import_row SET cells = '{}', before = '', problem = '', problem_column = '' WHERE person_id = $1`,
		`DELETE FROM kept_form WHERE person_id = $1`,
	} {
		if _, err := db.Exec(ctx, tx, statement, personID); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE support_view SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL`, personID, now); err != nil {
		return err
	}
	return rename(ctx, tx, personID, alias, "")
}

// markable is whom the viewer may mark, and by which municipality they do.
func markable(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, now clock.Instant) (people.Detail, int64, error) {
	d, err := people.Get(ctx, q, viewer, personID, now.Day())
	if err != nil {
		return d, 0, err
	}
	scope := access.Guard(viewer)
	for _, e := range d.Employments {
		if (e.Holds(now.Day()) || e.From > now.Day()) && scope.Covers(access.Place{MunicipalityID: e.MunicipalityID}) {
			switch {
			case d.Alias != "":
				return d, 0, fault.Conflict("protection.marked_already")
			case personID == viewer.PersonID: // others look after one's own
				return d, 0, fault.Conflict("protection.not_oneself")
			}
			return d, e.MunicipalityID, nil
		}
	}
	return d, 0, fault.NotFound
}

// rename is what everybody knows the person by, under all of their numbers.
func rename(ctx context.Context, tx *db.Tx, personID int64, given, family string) error {
	selves, err := people.Selves(ctx, tx, personID)
	if err != nil {
		return err
	}
	key := i18n.SortKey(strings.TrimSpace(family + " " + given))
	for _, id := range selves {
		if _, err := db.Exec(ctx, tx, `UPDATE person SET given_name = $2, family_name = $3, sort_key = $4 WHERE id = $1`, id, given, family, key); err != nil {
			return err
		}
	}
	// It counts the figures of where they work anew, too.
	if _, err := db.Exec(ctx, tx, `UPDATE employment SET sort_key = $2 WHERE person_id = $1`, personID, key); err != nil {
		return err
	}
	return people.KeepWords(ctx, tx, personID)
}

// Unmark ends the protection: everybody who may see the person sees who they are again. Texts
// in which the alias stands keep it. fault.NotFound for whom it is not open to.
func Unmark(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, now clock.Instant) error {
	d, err := people.Get(ctx, tx, viewer, personID, now.Day())
	if err != nil {
		return err
	}
	if d.Alias == "" || personID == viewer.PersonID || !access.Guard(viewer).Opens(personID) {
		return fault.NotFound
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Protected, personID); err != nil {
		return err
	}
	if n, err := db.Exec(ctx, tx, `DELETE FROM protected_person WHERE person_id = $1`, personID); err != nil || n == 0 {
		return err
	}
	return rename(ctx, tx, personID, d.GivenName, d.FamilyName)
}

// MayMark tells whether the viewer is named where the person works, and so decides over
// their protection.
func MayMark(viewer access.Viewer, d people.Detail, day clock.Day) bool {
	scope := access.Guard(viewer)
	for _, e := range d.Employments {
		if (e.Holds(day) || e.From > day) && scope.Covers(access.Place{MunicipalityID: e.MunicipalityID}) {
			return d.ID != viewer.PersonID
		}
	}
	return false
}
