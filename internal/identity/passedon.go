package identity

import (
	"context"
	"errors"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// within is by which of the viewer's roles they give the role at the place, and until when they
// hold it; nil for both when that has no end. A role is given for the organisation, not for who
// gives it, and stays when they are gone. But nobody passes on more time than they have: what is
// given by a role with an end ends with it (docs/decisions/nobody-passes-on-more-than-they-have.md).
func within(ctx context.Context, tx *db.Tx, viewer access.Viewer, role access.Role, place access.Place) (id *int64, until *clock.Day, err error) {
	by := []int64{0} // nobody's
	for _, g := range viewer.Grants {
		alone := viewer
		alone.Grants = []access.Grant{g}
		if access.GrantRole(alone, role).Covers(place) {
			by = append(by, g.ID)
		}
	}
	in, args := db.In("id", by)
	var b db.Builder
	b.Add("SELECT id, to_day FROM role_grant WHERE person_id = ? AND "+in+" ORDER BY to_day IS NULL DESC, to_day DESC, id LIMIT 1", append([]any{viewer.PersonID}, args...)...)
	_, err = db.Row(ctx, tx, func(*struct{}) []any { return []any{&id, &until} }, b.For(tx), b.Args()...)
	if errors.Is(err, fault.NotFound) || err == nil && until == nil {
		return nil, nil, nil
	}
	return id, until, err
}

// Limit lets a role that was given in somebody's name, by a file that they approved, end with
// the role by which they may give it. One that would begin after that is taken away.
func Limit(ctx context.Context, tx *db.Tx, giver access.Viewer, role access.Role, place access.Place, grantID int64) error {
	by, until, err := within(ctx, tx, giver, role, place)
	if err != nil || until == nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE role_grant SET within_id = $2, to_day = CASE WHEN to_day < $3 THEN to_day ELSE $3 END WHERE id = $1 AND from_day <= $3`, grantID, by, *until)
	if err == nil && n == 0 {
		err = Take(ctx, tx, giver, grantID)
	}
	return err
}

// EndWithin lets what the person has given by roles that end now end with them, and what was
// given by that in turn. Whoever lets a role end calls it, and who gives one its days back: it
// is not to outlast what it was given by.
func EndWithin(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64) error {
	type passed struct {
		id, person int64
		from       clock.Day
		until      clock.Day
	}
	all, err := db.Rows(ctx, tx, func(p *passed) []any { return []any{&p.id, &p.person, &p.from, &p.until} }, `
		SELECT
			p.id,
			p.person_id,
			p.from_day,
			g.to_day
		FROM role_grant AS g
		JOIN role_grant AS p ON p.within_id = g.id
		WHERE $1 IN (g.person_id, p.person_id)
		AND (p.to_day IS NULL OR p.to_day > g.to_day)
		AND g.to_day IS NOT NULL
		ORDER BY p.id`, personID)
	if err != nil {
		return fmt.Errorf("end what was passed on: %w", err)
	}
	for _, p := range all {
		if p.from > p.until {
			if err := Take(ctx, tx, viewer, p.id); err != nil {
				return err
			}
			continue
		}
		if _, err := db.Exec(ctx, tx, `UPDATE role_grant SET to_day = $2 WHERE id = $1`, p.id, p.until); err != nil {
			return fmt.Errorf("end what was passed on: %w", err)
		}
		if err := audit.Changed(ctx, tx, viewer, audit.Role, p.person); err != nil {
			return err
		}
		if err := EndWithin(ctx, tx, viewer, p.person); err != nil {
			return err
		}
	}
	return nil
}

// Take takes a role away that was never held, with what was given by it.
func Take(ctx context.Context, tx *db.Tx, viewer access.Viewer, grantID int64) error {
	all, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM role_grant WHERE within_id = $1`, grantID)
	for i := 0; err == nil && i < len(all); i++ {
		err = Take(ctx, tx, viewer, all[i])
	}
	if err != nil {
		return err
	}
	people, err := db.Rows(ctx, tx, db.One[int64], `DELETE FROM role_grant WHERE id = $1 RETURNING person_id`, grantID)
	if err != nil {
		return fmt.Errorf("take a role away: %w", err)
	}
	return audit.Changed(ctx, tx, viewer, audit.Role, people...)
}
