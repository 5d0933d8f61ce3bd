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
	var by []int64
	for _, g := range viewer.Grants {
		alone := viewer
		alone.Grants = []access.Grant{g}
		if access.GrantRole(alone, role).Covers(place) {
			by = append(by, g.ID)
		}
	}
	if len(by) == 0 {
		return nil, nil, nil
	}
	type held struct {
		id    int64
		until *clock.Day
	}
	in, args := db.In("id", by)
	var b db.Builder
	b.Add("SELECT id, to_day FROM role_grant WHERE person_id = ? AND "+in+" ORDER BY to_day IS NULL DESC, to_day DESC, id LIMIT 1", append([]any{viewer.PersonID}, args...)...)
	h, err := db.Row(ctx, tx, func(h *held) []any { return []any{&h.id, &h.until} }, b.For(tx), b.Args()...)
	if errors.Is(err, fault.NotFound) || err == nil && h.until == nil {
		return nil, nil, nil
	}
	return &h.id, h.until, err
}

// endWithin lets what the person has given by roles that end now end with them, and what was
// given by that in turn.
func endWithin(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64) error {
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
		WHERE g.person_id = $1
		AND p.to_day > g.to_day
		ORDER BY p.id`, personID)
	if err != nil {
		return fmt.Errorf("end what was passed on: %w", err)
	}
	for _, p := range all {
		query, args := `UPDATE role_grant SET to_day = $2 WHERE id = $1`, []any{p.id, p.until}
		if p.from > p.until {
			query, args = `DELETE FROM role_grant WHERE id = $1`, args[:1]
		}
		if _, err := db.Exec(ctx, tx, query, args...); err != nil {
			return fmt.Errorf("end what was passed on: %w", err)
		}
		if err := audit.Changed(ctx, tx, viewer, audit.Role, p.person); err != nil {
			return err
		}
		if err := endWithin(ctx, tx, viewer, p.person); err != nil {
			return err
		}
	}
	return nil
}

// takeWithin takes away what was given by a role that is taken away as a mistake of the day.
func takeWithin(ctx context.Context, tx *db.Tx, viewer access.Viewer, grantID int64) error {
	all, err := db.Rows(ctx, tx, func(p *[2]int64) []any { return []any{&p[0], &p[1]} }, `SELECT id, person_id FROM role_grant WHERE within_id = $1`, grantID)
	for _, p := range all {
		if err == nil {
			err = takeWithin(ctx, tx, viewer, p[0])
		}
		if err == nil {
			_, err = db.Exec(ctx, tx, `DELETE FROM role_grant WHERE id = $1`, p[0])
		}
		if err == nil {
			err = audit.Changed(ctx, tx, viewer, audit.Role, p[1])
		}
	}
	return err
}
