package audit

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

const entryColumns = `
	a.id,
	a.at,
	a.act,
	a.kind,
	a.subject_id,
	COALESCE(a.municipality_id, 0),
	COALESCE(a.actor_id, 0),
	COALESCE(a.token_id, 0),
	COALESCE(a.behalf_id, 0),
	a.page`

func (e *Entry) columns() []any {
	return []any{&e.ID, &e.At, &e.Act, &e.Kind, &e.SubjectID, &e.MunicipalityID, &e.ActorID, &e.TokenID, &e.BehalfID, &e.Page}
}

// Line is an entry as the person it is about reads it.
type Line struct {
	Entry
	Actor string // the name of who did it, as it is today; "" for a token and the product itself
	Token string // what the token is called
}

// Of is a page of the entries about the viewer, the newest first: those before the
// identity, or the first for 0. more tells whether there are others.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, before int64, most int) (all []Line, more bool, err error) {
	if viewer.PersonID == 0 {
		return nil, false, fault.Forbidden
	}
	var b db.Builder
	b.Add(`
		SELECT`+entryColumns+`,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			COALESCE(t.name, '')
		FROM audit_entry AS a
		LEFT JOIN person AS p ON p.id = a.actor_id
		LEFT JOIN api_token AS t ON t.id = a.token_id
		WHERE a.subject_id IN (
			WITH RECURSIVE self (id) AS (
				SELECT CAST(? AS BIGINT)
				UNION
				SELECT g.id FROM person AS g JOIN self ON g.merged_into = self.id
			)
			SELECT id FROM self
		)`, viewer.PersonID)
	if before != 0 {
		b.Add("AND a.id < ?", before)
	}
	b.Add("ORDER BY a.id DESC LIMIT ?", most+1)
	all, err = db.Rows(ctx, q, func(l *Line) []any { return append(l.columns(), &l.Actor, &l.Token) }, b.String(), b.Args()...)
	if len(all) > most {
		return all[:most], true, err
	}
	return all, false, err
}

// Reader is where the viewer may take out the audit: a municipality's administrator that of
// the people who were employed there at the time, an operator all of it. fault.Forbidden for
// who may take out none, fault.NotFound for a municipality that is not theirs. 0 is the whole.
func Reader(viewer access.Viewer, municipality access.Place) error {
	scope := access.ReadAudit(viewer)
	if municipality.MunicipalityID == 0 && !scope.Everything {
		if scope.Empty() {
			return fault.Forbidden
		}
		return fault.NotFound
	}
	return scope.Allow(municipality)
}

// Between hands the entries of the municipality, or of all for 0, from the first day to the
// last to f, the oldest first. Who may is asked before: see Reader.
func Between(ctx context.Context, q db.Querier, viewer access.Viewer, municipality access.Place, from, until clock.Day, most int) ([]Entry, error) {
	if err := Reader(viewer, municipality); err != nil {
		return nil, err
	}
	var b db.Builder
	b.Add(`
		SELECT`+entryColumns+`
		FROM audit_entry AS a
		WHERE a.at >= ?
		AND a.at < ?`, from.Start(), (until + 1).Start())
	if municipality.MunicipalityID != 0 {
		b.Add("AND a.municipality_id = ?", municipality.MunicipalityID)
		// By the number it would tell where somebody works whose identity is protected.
		b.Add("AND a.subject_id NOT IN (SELECT person_id FROM protected_person)")
	}
	b.Add("ORDER BY a.id LIMIT ?", most)
	return db.Rows(ctx, q, (*Entry).columns, b.String(), b.Args()...)
}
