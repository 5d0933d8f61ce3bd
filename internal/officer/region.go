package officer

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
)

// Administrator is somebody who administers a region, or will.
type Administrator struct {
	Officer
	Grant identity.Held
}

// Region is a region with who runs it and how far it has come. Rounds are its published
// regional rounds that begin in the term asked for, without those that are cancelled;
// FirstDay is the first of them, nil without any. Remarks are what people there say is
// wrong with what is kept about them and nobody has seen to.
type Region struct {
	organisation.Organisation
	Administrators []Administrator // by name
	Rounds         int
	FirstDay       *clock.Day
	Remarks        int
}

// Reachable tells whether anybody administers the region on the day who can sign in.
func (r Region) Reachable(day clock.Day) bool {
	return slices.ContainsFunc(r.Administrators, func(a Administrator) bool { return a.Grant.Holds(day) && a.Email != "" })
}

// Regions are all regions, those that nobody can sign in for first, otherwise in Swedish
// order. The days are the first and last of the term whose rounds are counted.
// fault.Forbidden when the viewer may not see officers.
func Regions(ctx context.Context, q db.Querier, viewer access.Viewer, first, last, day clock.Day) ([]Region, error) {
	if !access.Officers(viewer) {
		return nil, fault.Forbidden
	}
	places, err := organisation.Regions(ctx, q)
	if err != nil {
		return nil, err
	}
	all := make([]Region, len(places))
	at := map[int64]*Region{}
	for i, p := range places {
		all[i].Organisation, at[p.ID] = p, &all[i]
	}
	people, err := administrators(ctx, q, day)
	if err != nil {
		return nil, err
	}
	for _, a := range people {
		r := at[a.Grant.OrganisationID]
		r.Administrators = append(r.Administrators, a)
	}
	type rounds struct {
		region int64
		count  int
		first  *clock.Day
	}
	counted, err := db.Rows(ctx, q, func(r *rounds) []any { return []any{&r.region, &r.count, &r.first} }, `
		SELECT
			r.region_id,
			COUNT(*),
			MIN(r.first_day)
		FROM round AS r
		WHERE r.region_id IS NOT NULL
		AND r.municipality_id IS NULL
		AND r.first_day BETWEEN $1 AND $2
		AND r.published_at IS NOT NULL
		AND r.cancelled_at IS NULL
		GROUP BY r.region_id`, first, last)
	if err != nil {
		return nil, err
	}
	for _, c := range counted {
		at[c.region].Rounds, at[c.region].FirstDay = c.count, c.first
	}
	remarks, err := db.Rows(ctx, q, func(r *rounds) []any { return []any{&r.region, &r.count} }, `
		SELECT
			o.region_id,
			COUNT(*)
		FROM remark AS k
		JOIN organisation AS o ON o.id = k.organisation_id
		WHERE k.done_at IS NULL
		AND o.region_id IS NOT NULL
		GROUP BY o.region_id`)
	if err != nil {
		return nil, err
	}
	for _, c := range remarks {
		at[c.region].Remarks = c.count
	}
	slices.SortStableFunc(all, func(a, b Region) int {
		switch x, y := a.Reachable(day), b.Reachable(day); {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	})
	return all, nil
}

// RegionOf is one of Regions; fault.NotFound when there is no such region.
func RegionOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, first, last, day clock.Day) (Region, error) {
	all, err := Regions(ctx, q, viewer, first, last, day)
	if err != nil {
		return Region{}, err
	}
	i := slices.IndexFunc(all, func(r Region) bool { return r.ID == regionID })
	if i < 0 {
		return Region{}, fault.NotFound
	}
	return all[i], nil
}

// administrators are those of all regions, on the day or later.
func administrators(ctx context.Context, q db.Querier, day clock.Day) ([]Administrator, error) {
	var b db.Builder
	b.Add("SELECT"+columns+`,
		g.id,
		g.role,
		g.organisation_id,
		g.from_day,
		g.to_day
		FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id`).
		Add(tables, day, day).
		Add(`WHERE g.role = 'regional'
		AND (g.to_day IS NULL OR g.to_day >= ?)
		ORDER BY p.sort_key, p.id, g.id`, day)
	return db.Rows(ctx, q, func(a *Administrator) []any {
		return append(a.Officer.columns(), &a.Grant.ID, &a.Grant.Role, &a.Grant.OrganisationID, &a.Grant.From, &a.Grant.Until)
	}, b.String(), b.Args()...)
}
