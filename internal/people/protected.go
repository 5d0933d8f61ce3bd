package people

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// AddressSQL is the e-mail address of the person p as others may see it: that of somebody
// whose identity is protected is theirs alone, for it tells who they are.
func AddressSQL(p string) string {
	return `CASE WHEN ` + p + `.id IN (SELECT person_id FROM protected_person) THEN '' ELSE COALESCE(` + p + `.email, '') END`
}

// ShownSQL is the condition that the employment e is that of somebody whose identity is not
// protected, or whose record the viewer has opened.
func ShownSQL(viewer access.Viewer, e string) (string, []any) {
	hidden := e + ".person_id NOT IN (SELECT person_id FROM protected_person)"
	if len(viewer.Opened) == 0 {
		return hidden, nil
	}
	opened, args := db.In(e+".person_id", viewer.Opened)
	return "(" + hidden + " OR " + opened + ")", args
}

// GuardsOf are those whom the person's municipalities have named to look after their
// protected identity, and whether it is protected. It asks no viewer.
func GuardsOf(ctx context.Context, q db.Querier, personID int64, day clock.Day) (guards []int64, protected bool, err error) {
	protected, err = db.Row(ctx, q, db.One[bool], `SELECT EXISTS (SELECT 1 FROM protected_person WHERE person_id = $1)`, personID)
	if err != nil || !protected {
		return nil, false, err
	}
	guards, err = db.Rows(ctx, q, db.One[int64], `
		SELECT DISTINCT g.person_id
		FROM protection_guard AS g
		JOIN employment AS e ON e.municipality_id = g.municipality_id
		WHERE e.person_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		AND g.from_day <= $2
		AND (g.to_day IS NULL OR g.to_day >= $2)
		AND g.person_id <> $1
		ORDER BY g.person_id`, personID, day)
	return guards, true, err
}

const personColumns = `
			p.id,
			p.given_name,
			p.family_name,
			COALESCE(p.email, ''),
			p.language`

func (p *Person) columns() []any {
	return []any{&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Language}
}

// guardsAt are those whom the municipality has named to look after protected identities,
// but one.
func guardsAt(ctx context.Context, q db.Querier, municipalityID, but int64, day clock.Day) ([]Person, error) {
	return db.Rows(ctx, q, (*Person).columns, `
		SELECT`+personColumns+`
		FROM protection_guard AS g
		JOIN person AS p ON p.id = g.person_id
		WHERE g.municipality_id = $1
		AND g.person_id <> $2
		AND g.from_day <= $3
		AND (g.to_day IS NULL OR g.to_day >= $3)
		ORDER BY p.sort_key, p.id`, municipalityID, but, day)
}

// correctProtected is correct of somebody who is protected: person keeps the alias.
func correctProtected(ctx context.Context, tx *db.Tx, viewer access.Viewer, was Person, p NewPerson) (moved bool, err error) {
	if _, err := db.Exec(ctx, tx, `UPDATE protected_person SET given_name = $2, family_name = $3 WHERE person_id = $1`,
		was.ID, p.GivenName, p.FamilyName); err != nil {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE person SET email = $2 WHERE id = $1`, was.ID, p.address())
	if db.IsUnique(err) {
		return false, fault.Invalid("email", "fault.email_taken")
	}
	if err != nil {
		return false, err
	}
	if err := KeepWords(ctx, tx, was.ID); err != nil { // none: nobody is to find them
		return false, err
	}
	return was.Email != p.Email, audit.Changed(ctx, tx, viewer, audit.Person, was.ID)
}
