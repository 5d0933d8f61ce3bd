package affiliation

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Holds tells whether the fact holds for the municipality on the day. It asks no viewer.
func Holds(ctx context.Context, q db.Querier, fact Fact, municipalityID int64, day clock.Day) (bool, error) {
	return db.Row(ctx, q, db.One[bool], `SELECT `+HoldsSQL(fact, "$1", "$2"), municipalityID, day)
}

// Nameless are the municipalities of the region that let it see no names on the day. It is
// for making a viewer.
func Nameless(ctx context.Context, q db.Querier, regionID int64, day clock.Day) ([]int64, error) {
	return db.Rows(ctx, q, db.One[int64], `
		SELECT o.id
		FROM organisation AS o
		WHERE o.region_id = $1
		AND o.kind = 'municipality'
		AND o.id IN (SELECT municipality_id FROM municipality_fact WHERE fact = 'names' AND withdrawn_at IS NULL)
		AND NOT `+HoldsSQL(Names, "o.id", "$2")+`
		ORDER BY o.id`, regionID, day)
}

// Row is a municipality on a day.
type Row struct {
	Municipality  organisation.Organisation
	Joined        bool
	Names         bool
	Administrator bool       // it has one
	Next          *clock.Day // when something of this changes
}

// Rows are the municipalities in the viewer's reach as they are on the day, of the region or
// of all (0): those that have not joined first, then those that let no names be seen, each
// in Swedish order. fault.Forbidden and fault.NotFound as in access.Scope.Allow.
func Rows(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) ([]Row, error) {
	if err := access.Affiliations(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(r *Row) []any {
		m := &r.Municipality
		return []any{&m.ID, &m.Kind, &m.RegionID, &m.MunicipalityID, &m.Slug, &m.Name, &r.Joined, &r.Names, &r.Administrator, &r.Next}
	}, `
		SELECT m.id, m.kind, m.region_id, m.municipality_id, m.slug, m.name, m.joined, m.names, m.administered, m.next
		FROM (
			SELECT
				o.id,
				o.kind,
				o.region_id,
				o.id AS municipality_id,
				o.slug,
				o.name,
				o.sort_key,
				`+HoldsSQL(Joined, "o.id", "$2")+` AS joined,
				`+HoldsSQL(Names, "o.id", "$2")+` AS names,
				`+organisation.AdministeredSQL("o.id", "$2")+` AS administered,
				(
					SELECT MIN(f.from_day)
					FROM municipality_fact AS f
					WHERE f.municipality_id = o.id
					AND f.withdrawn_at IS NULL
					AND f.from_day > $2
					AND f.holds <> CASE f.fact WHEN 'joined' THEN `+HoldsSQL(Joined, "o.id", "$2")+` ELSE `+HoldsSQL(Names, "o.id", "$2")+` END
				) AS next
			FROM organisation AS o
			WHERE o.kind = 'municipality'
			AND ($1 = 0 OR o.region_id = $1)
		) AS m
		ORDER BY m.joined, m.names, m.sort_key`, regionID, day)
}

// Count is how many of the region's municipalities, or of all (0), have joined on the day, and
// how many there are: a figure for those who see figures there.
func Count(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) (joined, all int, err error) {
	if err := access.Figures(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return 0, 0, err
	}
	type counts struct{ joined, all int }
	c, err := db.Row(ctx, q, func(c *counts) []any { return []any{&c.joined, &c.all} }, `
		SELECT
			COUNT(*) FILTER (WHERE `+HoldsSQL(Joined, "o.id", "$2")+`),
			COUNT(*)
		FROM organisation AS o
		WHERE o.kind = 'municipality'
		AND ($1 = 0 OR o.region_id = $1)`, regionID, day)
	return c.joined, c.all, err
}

// Of is what stands of the fact for the municipality, for those who answer for it or pay.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, fact Fact) (Line, error) {
	if err := access.Affiliations(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return line(ctx, q, m.ID, fact)
}

func line(ctx context.Context, q db.Querier, municipalityID int64, fact Fact) (Line, error) {
	return db.Rows(ctx, q, func(s *Statement) []any { return []any{&s.From, &s.Holds, &s.By, &s.At} }, `
		SELECT
			f.from_day,
			f.holds,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			f.told_at
		FROM municipality_fact AS f
		LEFT JOIN person AS p ON p.id = f.told_by
		WHERE f.municipality_id = $1
		AND f.fact = $2
		AND f.withdrawn_at IS NULL
		ORDER BY f.from_day`, municipalityID, fact)
}

// May tells whether the viewer may say the fact of the municipality: nil, or why not.
// That it has joined is the national owner's word. Whether names are seen is said by its own
// administrators, and by the region's while it has none: fault.Conflict
// "affiliation.has_administrator" otherwise.
func May(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, fact Fact, day clock.Day) error {
	if m.Kind != organisation.Municipality {
		return fault.NotFound
	}
	if fact == Joined {
		if !access.Affiliate(viewer) {
			return fault.Forbidden
		}
		return nil
	}
	if access.DecideNames(viewer).Covers(m.Place()) {
		return nil
	}
	others := access.DecideForOthers(viewer)
	if !others.Covers(m.Place()) {
		if others.Empty() {
			return access.DecideNames(viewer).Allow(m.Place())
		}
		return fault.NotFound
	}
	administered, err := db.Row(ctx, q, db.One[bool], `SELECT `+organisation.AdministeredSQL("$1", "$2"), m.ID, day)
	if err == nil && administered {
		err = fault.Conflict("affiliation.has_administrator", "Municipality", m.Name)
	}
	return err
}

// Say writes that the fact holds for the municipality in the period, or does not. What
// holds after the period stays as it was; without an end there is nothing after it. Agreements
// write here. See May for who may; fault.Invalid "until" when the period ends before it begins.
func Say(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, fact Fact, holds bool, period clock.Period, now clock.Instant) error {
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err != nil {
		return err
	}
	if err := May(ctx, tx, viewer, m, fact, now.Day()); err != nil {
		return err
	}
	if period.Until != nil && *period.Until < period.From {
		return fault.Invalid("until", "affiliation.until_before")
	}
	// Of two who speak at once one waits for the other, so that each finds what stands.
	if _, err := db.Exec(ctx, tx, `UPDATE organisation SET code = code WHERE id = $1`, m.ID); err != nil {
		return err
	}
	before, err := line(ctx, tx, m.ID, fact)
	if err != nil {
		return err
	}
	last := clock.Date(9999, 12, 31)
	if period.Until != nil {
		last = *period.Until + 1
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE municipality_fact SET withdrawn_at = $5, withdrawn_by = $6
		WHERE municipality_id = $1
		AND fact = $2
		AND from_day BETWEEN $3 AND $4
		AND withdrawn_at IS NULL`, m.ID, fact, period.From, last, now, viewer.ActorID()); err != nil {
		return err
	}
	rows := [][]any{{m.ID, string(fact), period.From, holds, now, viewer.ActorID()}}
	if period.Until != nil {
		rows = append(rows, []any{m.ID, string(fact), last, before.On(last), now, viewer.ActorID()})
	}
	return db.Insert(ctx, tx, "municipality_fact", []string{"municipality_id", "fact", "from_day", "holds", "told_at", "told_by"}, rows)
}
