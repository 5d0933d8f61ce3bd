package undo

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake/footing"
	"yrkesresan/internal/people"
)

// restore gives the parts of the row that can go back their former values. What cannot, as
// an address that somebody else has by now, stays and is told.
func (u *undoing) restore(ctx context.Context, tx *db.Tx, r *row) error {
	if len(r.back) == 0 {
		return nil
	}
	left := r.Outcome == Ended
	if err := audit.Changed(ctx, tx, u.by, audit.StaffFile, r.person); err != nil {
		return err
	}
	if err := u.named(ctx, tx, r); err != nil {
		return err
	}
	for _, p := range slices.Clone(r.back) {
		var err error
		switch p {
		case footing.Name, footing.Email:
		case footing.Numbers:
			err = u.numbers(ctx, tx, r)
		case footing.Marks:
			err = u.marks(ctx, tx, r)
		case footing.Employment:
			err = u.jobs(ctx, tx, r)
		case footing.InJourney:
			err = u.account(ctx, tx, r)
		case footing.Rights:
			err = u.rights(ctx, tx, r)
		}
		if err != nil {
			return err
		}
	}
	if len(r.back) == 0 && !left {
		r.Outcome = Kept
	}
	return nil
}

func (r *row) stay(p footing.Part) {
	r.back = slices.DeleteFunc(r.back, func(b footing.Part) bool { return b == p })
	r.Stays = append(r.Stays, p)
}

// named gives somebody their former name and address.
func (u *undoing) named(ctx context.Context, tx *db.Tx, r *row) error {
	p := people.NewPerson{GivenName: r.now.GivenName, FamilyName: r.now.FamilyName, Email: r.now.Email}
	if slices.Contains(r.back, footing.Name) {
		p.GivenName, p.FamilyName = r.Was.GivenName, r.Was.FamilyName
	}
	if slices.Contains(r.back, footing.Email) {
		taken, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM person WHERE email = $1 AND id <> $2)`, r.Was.Email, r.person)
		if err == nil && !taken {
			// Whoever reads a superior's letters signs in as them.
			err = identity.MayReaddress(ctx, tx, u.may, r.person, u.now.Day())
		}
		switch f := fault.Of(err); {
		case taken, f != nil:
			r.stay(footing.Email)
		case err != nil:
			return err
		default:
			p.Email = r.Was.Email
		}
	}
	moved, err := people.Correct(ctx, tx, u.by, r.person, p, u.now)
	if err != nil || !moved {
		return err
	}
	return identity.Readdressed(ctx, tx, r.person, u.now)
}

func (u *undoing) numbers(ctx context.Context, tx *db.Tx, r *row) error {
	for _, n := range r.Is.Numbers {
		if slices.Contains(r.Was.Numbers, n) {
			continue
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM staff_number WHERE municipality_id = $1 AND number = $2 AND person_id = $3`, u.MunicipalityID, n, r.person); err != nil {
			return err
		}
	}
	return nil
}

func (*undoing) marks(ctx context.Context, tx *db.Tx, r *row) error {
	for _, m := range r.Is.Marks {
		if slices.ContainsFunc(r.Was.Marks, func(w []byte) bool { return string(w) == string(m) }) {
			continue
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM personal_number WHERE person_id = $1 AND mark = $2`, r.person, m); err != nil {
			return err
		}
	}
	return nil
}

// jobs puts the employments back: those that the row made go, those that it changed or ended
// are as they were, those that it took away are there again. Who has got another main
// employment meanwhile keeps it. Seats that others have got stay theirs.
func (u *undoing) jobs(ctx context.Context, tx *db.Tx, r *row) error {
	was := map[int64]footing.Job{}
	for _, j := range r.Was.Jobs {
		was[j.ID] = j
	}
	there := map[int64]bool{}
	for _, j := range r.Is.Jobs {
		there[j.ID] = true
		if _, before := was[j.ID]; !before {
			if _, err := db.Exec(ctx, tx, `DELETE FROM employment WHERE id = $1`, j.ID); err != nil {
				return err
			}
		}
	}
	for _, j := range r.Was.Jobs {
		var err error
		if there[j.ID] {
			_, err = db.Exec(ctx, tx, `
				UPDATE employment
				SET organisation_id = $2, title = $3, form = $4, from_day = $5, to_day = $6, agency = $8,
					main = main AND NOT EXISTS (
						SELECT 1 FROM employment AS o
						WHERE o.person_id = employment.person_id AND o.id <> employment.id AND o.main
						AND (o.to_day IS NULL OR o.to_day >= $7)
					)
				WHERE id = $1`, j.ID, j.Unit, j.Title, j.Form, j.From, j.Until, orToday(j.Until, u.now.Day()), j.Agency)
		} else {
			_, err = db.Exec(ctx, tx, `
				INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, form, agency, sort_key, from_day, to_day, main)
				SELECT p.id, o.id, o.region_id, o.municipality_id, $3, $4, $7, p.sort_key, $5, $6, NOT EXISTS (
					SELECT 1 FROM employment AS w WHERE w.person_id = p.id AND w.main AND (w.to_day IS NULL OR w.to_day >= $5)
				)
				FROM person AS p
				JOIN organisation AS o ON o.id = $2
				WHERE p.id = $1`, r.person, j.Unit, j.Title, j.Form, j.From, j.Until, j.Agency)
		}
		if err != nil {
			return err
		}
	}
	return audit.Changed(ctx, tx, u.by, audit.Employment, r.person)
}

// orToday is the day, or today when there is none: a running employment.
func orToday(day *clock.Day, today clock.Day) clock.Day {
	if day == nil || *day > today {
		return today
	}
	return *day
}

// account puts the account of the import's journey back: opened by the row it goes, or closes
// when it has been used; opened again it is closed as it was.
func (u *undoing) account(ctx context.Context, tx *db.Tx, r *row) error {
	is := r.Is.Account
	if is == nil {
		return nil
	}
	if r.Was.Account == nil {
		levels, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM level_up WHERE account_id = $1)`, is.ID)
		if err != nil {
			return err
		}
		if levels || r.used {
			return people.CloseAccount(ctx, tx, u.by, is.ID, u.now.Day())
		}
		for _, statement := range []string{
			`DELETE FROM account_role WHERE account_id = $1`,
			`DELETE FROM account_step WHERE account_id = $1`,
			`DELETE FROM step_change WHERE account_id = $1`,
			`DELETE FROM account_closure WHERE account_id = $1`,
			`DELETE FROM account WHERE id = $1`,
		} {
			if _, err := db.Exec(ctx, tx, statement, is.ID); err != nil {
				return err
			}
		}
		return audit.Changed(ctx, tx, u.by, audit.Account, r.person)
	}
	was := r.Was.Account
	if was.Closed != nil && is.Closed == nil {
		if _, err := db.Exec(ctx, tx, `DELETE FROM account_closure WHERE account_id = $1 AND closed_on = $2`, is.ID, *was.Closed); err != nil {
			return err
		}
	}
	for _, role := range is.Roles {
		if !slices.Contains(was.Roles, role) {
			if _, err := db.Exec(ctx, tx, `DELETE FROM account_role WHERE account_id = $1 AND role = $2 AND to_day IS NULL`, is.ID, role); err != nil {
				return err
			}
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE account SET closed_on = $2, profession_since = $3 WHERE id = $1`, is.ID, was.Closed, was.Since); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, u.by, audit.Account, r.person)
}

// rights puts the roles in the municipality back: one that the row gave ends, one that ended
// with the employment runs again, if who takes the import back may give it.
func (u *undoing) rights(ctx context.Context, tx *db.Tx, r *row) error {
	was := map[int64]footing.Right{}
	for _, g := range r.Was.Rights {
		was[g.ID] = g
	}
	there := map[int64]footing.Right{}
	for _, g := range r.Is.Rights {
		there[g.ID] = g
		if _, before := was[g.ID]; before {
			continue
		}
		var err error
		if g.From >= u.now.Day() {
			err = identity.Take(ctx, tx, u.by, g.ID)
		} else {
			_, err = db.Exec(ctx, tx, `UPDATE role_grant SET to_day = $2 WHERE id = $1`, g.ID, u.now.Day()-1)
		}
		if err != nil {
			return err
		}
	}
	for _, g := range r.Was.Rights {
		is, ended := there[g.ID]
		if ended && sameDay(is.Until, g.Until) {
			continue
		}
		m, err := u.mayGive(ctx, tx, g)
		if err != nil {
			return err
		}
		if !m {
			r.stay(footing.Rights)
			continue
		}
		if ended {
			_, err = db.Exec(ctx, tx, `UPDATE role_grant SET to_day = $2 WHERE id = $1`, g.ID, g.Until)
		} else {
			_, err = db.Exec(ctx, tx, `
				INSERT INTO role_grant (person_id, role, organisation_id, from_day, to_day, granted_at, granted_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, r.person, g.Role, g.Place, g.From, g.Until, u.now, u.by.ActorID())
		}
		if err != nil {
			return err
		}
	}
	if err := identity.EndWithin(ctx, tx, u.by, r.person); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, u.by, audit.Role, r.person)
}

func sameDay(a, b *clock.Day) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func (u *undoing) mayGive(ctx context.Context, q db.Querier, g footing.Right) (bool, error) {
	p, err := db.Row(ctx, q, func(p *access.Place) []any { return []any{&p.RegionID, &p.MunicipalityID} },
		`SELECT COALESCE(region_id, 0), COALESCE(municipality_id, id) FROM organisation WHERE id = $1`, g.Place)
	return err == nil && access.GrantRole(u.may, g.Role).Covers(p), err
}
