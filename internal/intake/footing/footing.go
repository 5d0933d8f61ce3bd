// Package footing is how people stand in a municipality: what they are called, by what
// they are found, where they work, what they may. It is kept with a row of an import before and
// after the row is applied, so that what the row changed can be told from what others did.
package footing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Footing is how somebody stands in a municipality.
type Footing struct {
	GivenName  string   `json:",omitempty"`
	FamilyName string   `json:",omitempty"`
	Email      string   `json:",omitempty"`
	Numbers    []string `json:",omitempty"` // staff ids there
	Marks      [][]byte `json:",omitempty"` // of personal identity numbers
	Jobs       []Job    `json:",omitempty"` // there, ever
	Account    *Account `json:",omitempty"` // in the journey of the import
	Rights     []Right  `json:",omitempty"` // there
}

// Job is an employment in the municipality.
type Job struct {
	ID     int64
	Unit   int64
	Title  string      `json:",omitempty"`
	Form   people.Form `json:",omitempty"`
	Agency string      `json:",omitempty"` // that they come from
	From   clock.Day
	Until  *clock.Day `json:",omitempty"`
}

// Account is an account in a journey, with the roles that are held in it.
type Account struct {
	ID     int64
	Closed *clock.Day    `json:",omitempty"`
	Since  *clock.Day    `json:",omitempty"`
	Roles  []access.Role `json:",omitempty"`
}

// Right is a role in the municipality or a unit of it.
type Right struct {
	ID    int64
	Role  access.Role
	Place int64
	From  clock.Day
	Until *clock.Day `json:",omitempty"`
}

// Part is a part of a footing that is kept or goes back as one.
type Part string

// The parts.
const (
	Name       Part = "name"
	Email      Part = "email"
	Numbers    Part = "staff_id"
	Marks      Part = "personal_number"
	Employment Part = "employment"
	InJourney  Part = "account"
	Rights     Part = "role"
)

// Parts are all of them, in the order in which they go back.
var Parts = []Part{Name, Email, Numbers, Marks, Employment, InJourney, Rights}

// of is the part as a text that is the same when the part is.
func (f Footing) of(p Part) string {
	var v any
	switch p {
	case Name:
		v = []string{f.GivenName, f.FamilyName}
	case Email:
		v = f.Email
	case Numbers:
		v = f.Numbers
	case Marks:
		v = f.Marks
	case Employment:
		v = f.Jobs
	case InJourney:
		v = f.Account
	case Rights:
		v = f.Rights
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // days, numbers and texts
	}
	return string(text)
}

// Change is what applying a row did, as it is kept with the row.
type Change struct {
	New  int64    `json:",omitempty"`     // the person who was made, else 0
	Unit int64    `json:"Made,omitempty"` // the unit that was made for the row, else 0
	Was  *Footing `json:",omitempty"`     // of who was there before
	Is   *Footing `json:",omitempty"`     // right after
}

// Text is the change as it is kept.
func (c Change) Text() (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("keep what a row has changed: %w", err)
	}
	return string(text), nil
}

// Read is the change that was kept as text.
func Read(text string) (c Change, err error) {
	if err = json.Unmarshal([]byte(text), &c); err != nil {
		err = fmt.Errorf("read what a row has changed: %w", err)
	}
	return c, err
}

// Back tells which parts the change made another and are still as it left them, so that they
// can go back, and which somebody has changed since, so that they stay.
func (c Change) Back(now Footing) (back, stays []Part) {
	if c.Was == nil || c.Is == nil {
		return nil, nil
	}
	for _, p := range Parts {
		was, is, now := c.Was.of(p), c.Is.of(p), now.of(p)
		switch {
		case was == is, now == was:
		case now == is:
			back = append(back, p)
		default:
			stays = append(stays, p)
		}
	}
	return back, stays
}

// Of is how the people stand in the municipality, with their accounts in the journey, 0 for
// none. It asks no viewer: it is for who applies an import or takes it back.
func Of(ctx context.Context, q db.Querier, municipalityID, journeyID int64, ids []int64) (map[int64]*Footing, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	all := make(map[int64]*Footing, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	people := reading{ctx, q, ids, "id"}
	if err := read(people, `SELECT id, given_name, family_name, COALESCE(email, '') FROM person WHERE {theirs}`, nil,
		func(f *Footing) []any { return []any{&f.GivenName, &f.FamilyName, &f.Email} },
		func(id int64, f Footing) { all[id] = &f }); err != nil {
		return nil, err
	}
	there, of := []any{municipalityID}, reading{ctx, q, ids, "person_id"}
	if err := read(of, `SELECT person_id, number FROM staff_number WHERE municipality_id = ? AND {theirs} ORDER BY number`, there,
		db.One[string], func(id int64, number string) { all[id].Numbers = append(all[id].Numbers, number) }); err != nil {
		return nil, err
	}
	if err := read(of, `SELECT person_id, mark FROM personal_number WHERE {theirs} ORDER BY mark`, nil,
		db.One[[]byte], func(id int64, mark []byte) { all[id].Marks = append(all[id].Marks, mark) }); err != nil {
		return nil, err
	}
	if err := read(of, `
		SELECT person_id, id, organisation_id, title, form, agency, from_day, to_day
		FROM employment
		WHERE COALESCE(municipality_id, 0) = ?
		AND {theirs}
		ORDER BY from_day, id`, there,
		func(j *Job) []any { return []any{&j.ID, &j.Unit, &j.Title, &j.Form, &j.Agency, &j.From, &j.Until} },
		func(id int64, j Job) { all[id].Jobs = append(all[id].Jobs, j) }); err != nil {
		return nil, err
	}
	if err := read(of, `
		SELECT person_id, id, role, organisation_id, from_day, to_day
		FROM role_grant
		WHERE organisation_id IN (SELECT id FROM organisation WHERE id = ? OR municipality_id = ?)
		AND {theirs}
		ORDER BY id`, []any{municipalityID, municipalityID},
		func(r *Right) []any { return []any{&r.ID, &r.Role, &r.Place, &r.From, &r.Until} },
		func(id int64, r Right) { all[id].Rights = append(all[id].Rights, r) }); err != nil {
		return nil, err
	}
	if journeyID == 0 {
		return all, nil
	}
	if err := read(of, `SELECT person_id, id, closed_on, profession_since FROM account WHERE journey_id = ? AND {theirs}`, []any{journeyID},
		func(a *Account) []any { return []any{&a.ID, &a.Closed, &a.Since} },
		func(id int64, a Account) { all[id].Account = &a }); err != nil {
		return nil, err
	}
	of.column = "a.person_id"
	return all, read(of, `
		SELECT a.person_id, r.role
		FROM account AS a
		JOIN account_role AS r ON r.account_id = a.id AND r.to_day IS NULL
		WHERE a.journey_id = ?
		AND {theirs}
		ORDER BY r.role`, []any{journeyID},
		db.One[access.Role], func(id int64, role access.Role) { all[id].Account.Roles = append(all[id].Account.Roles, role) })
}

// reading is a question about people: column says whom a row is about.
type reading struct {
	ctx    context.Context //nolint:containedctx // of one call of Of
	q      db.Querier
	ids    []int64
	column string
}

// read gives each row of the query that is about the people to whom they are.
func read[T any](r reading, query string, args []any, columns func(*T) []any, give func(id int64, v T)) error {
	type row struct {
		id int64
		v  T
	}
	theirs, more := db.In(r.column, r.ids)
	var b db.Builder
	b.Add(strings.Replace(query, "{theirs}", theirs, 1), append(slices.Clone(args), more...)...)
	rows, err := db.Rows(r.ctx, r.q, func(r *row) []any { return append([]any{&r.id}, columns(&r.v)...) }, b.For(r.q), b.Args()...)
	for _, r := range rows {
		give(r.id, r.v)
	}
	return err
}
