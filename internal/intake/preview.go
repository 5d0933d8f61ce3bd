package intake

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
)

// maxList is how many imports a list shows: files of years ago help nobody.
const maxList = 50

// List are the municipality's latest imports, the newest first, for those who manage its
// people.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) ([]Import, error) {
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, (*Import).columns, `
		SELECT`+importColumns+`
		FROM staff_import
		WHERE municipality_id = $1
		ORDER BY id DESC
		LIMIT $2`, m.ID, maxList)
}

// Done is how many rows have been applied, or taken back, of all that do something. It asks no
// viewer: it is for who has the import.
func (i Import) Done(ctx context.Context, q db.Querier) (done, total int, err error) {
	total = i.Added + i.Changed + i.Ended
	acts := ""
	switch i.State {
	case Applying:
		acts = "'add'"
	case Changing:
		acts, done = "'change', 'end'", i.Added
	case Undoing:
		acts = "'add', 'change', 'end'"
	case Reading, Ready:
		return 0, total, nil
	case Applied, Undone:
		return total, total, nil
	}
	n, err := db.Row(ctx, q, db.One[int], `SELECT COUNT(*) FROM staff_import_row WHERE import_id = $1 AND act IN (`+acts+`) AND line < $2`, i.ID, i.NextRow)
	return min(done+n, total), total, err
}

// Difference is what a row changes in what is known of somebody: Was and Is as the file
// would say them, empty for nothing.
type Difference struct {
	Column  Column
	Was, Is string
}

// Differences are, for each of the rows, what would be another if they were applied now.
// It asks no viewer: it is for who has the import.
func (i Import) Differences(ctx context.Context, q db.Querier, rows []ImportRow) ([][]Difference, error) {
	f, err := i.frame(ctx, q, access.System())
	if err != nil {
		return nil, err
	}
	steps := make([]step, len(rows))
	for n, r := range rows {
		steps[n] = step{Line: r.Line}
	}
	if err := f.plan(ctx, q, steps); err != nil {
		return nil, err
	}
	all := make([][]Difference, len(steps))
	for n := range steps {
		if steps[n].person == nil {
			continue
		}
		if all[n], err = f.differences(ctx, q, &steps[n]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (f *frame) differences(ctx context.Context, q db.Querier, s *step) (all []Difference, err error) {
	k, l := s.person, s.Line
	add := func(c Column, was, is string, said bool) {
		if said && was != is {
			all = append(all, Difference{c, was, is})
		}
	}
	add(StaffID, k.number, l.StaffID, l.StaffID != "")
	if len(l.Mark) > 0 && !k.has(l.Mark) {
		add(PersonalNumber, "", "✓", true) // the number itself is nowhere
	}
	add(GivenName, k.GivenName, l.GivenName, l.GivenName != "")
	add(FamilyName, k.FamilyName, l.FamilyName, l.FamilyName != "")
	add(Email, k.Email, l.Email, l.Email != "" || l.Clears(Email))
	if l.Unit != "" && s.unitID != k.unitID {
		was, err := organisation.ByID(ctx, q, k.unitID)
		if err != nil {
			return nil, err
		}
		add(Unit, was.Name, l.Unit, true)
	}
	add(Profession, k.title, l.Profession, l.Profession != "" || l.Clears(Profession))
	add(Form, string(k.form), string(l.Form), l.Form != "" || l.Clears(Form))
	if moves(s) {
		add(From, k.from.String(), l.From.String(), true)
	}
	add(Until, dayOrNothing(k.until), dayOrNothing(l.Until), l.Until != nil || l.Clears(Until))
	if f.journey != 0 {
		add(Since, dayOrNothing(k.since), dayOrNothing(l.Since), l.Since != nil || l.Clears(Since))
		if l.Role != "" && !slices.Contains(k.roles, l.Role) {
			add(Role, "", string(l.Role), true)
		}
	}
	return all, nil
}

func dayOrNothing(d *clock.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}
