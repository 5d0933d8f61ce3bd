package setup

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// allowed is nil if the viewer sets the region up.
func allowed(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) error {
	region, err := organisation.ByID(ctx, q, regionID)
	if err != nil {
		return err
	}
	if region.Kind != organisation.Region {
		return fault.NotFound
	}
	return access.SetUp(viewer).Allow(region.Place())
}

// Of is what the region has on the day, for who sets it up.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) (f Facts, err error) {
	if err := allowed(ctx, q, viewer, regionID); err != nil {
		return f, err
	}
	f, err = db.Row(ctx, q, func(f *Facts) []any {
		return []any{&f.Operators, &f.Administrators, &f.LettersSent, &f.Joined, &f.Staffed, &f.Led, &f.Rooms, &f.Trainers, &f.Rounds}
	}, `
		WITH joined AS (
			SELECT
				o.id,
				EXISTS (
					SELECT 1
					FROM employed AS e
					JOIN organisation AS u ON u.id = e.organisation_id AND u.kind = 'unit'
					WHERE e.municipality_id = o.id
					AND e.from_day <= $2
					AND (e.to_day IS NULL OR e.to_day >= $2)
				) AS staffed,
				EXISTS (
					SELECT 1
					FROM role_grant AS g
					JOIN organisation AS at ON at.id = g.organisation_id
					WHERE at.municipality_id = o.id
					AND g.role IN ('municipal_admin', 'manager')
					AND g.from_day <= $2
					AND (g.to_day IS NULL OR g.to_day >= $2)
				) AS led
			FROM organisation AS o
			WHERE o.region_id = $1
			AND o.kind = 'municipality'
			AND `+affiliation.HoldsSQL(affiliation.Joined, "o.id", "$2")+`
		)
		SELECT
			(
				SELECT COUNT(*)
				FROM role_grant AS g
				WHERE g.role = 'operator'
				AND g.from_day <= $2
				AND (g.to_day IS NULL OR g.to_day >= $2)
			),
			(
				SELECT COUNT(*)
				FROM role_grant AS g
				WHERE g.organisation_id = $1
				AND g.role = 'regional'
				AND g.from_day <= $2
				AND (g.to_day IS NULL OR g.to_day >= $2)
			),
			(SELECT COUNT(*) FROM setup_letter AS l WHERE l.region_id = $1 AND l.handed_at IS NOT NULL),
			(SELECT COUNT(*) FROM joined),
			(SELECT COUNT(*) FROM joined AS j WHERE j.staffed),
			(SELECT COUNT(*) FROM joined AS j WHERE j.led),
			(SELECT COUNT(*) FROM room AS r WHERE r.region_id = $1 AND (r.closed_on IS NULL OR r.closed_on > $2)),
			(
				SELECT COUNT(DISTINCT t.person_id)
				FROM trainer AS t
				WHERE t.region_id = $1
				AND t.recruited_on <= $2
				AND (t.ended_on IS NULL OR t.ended_on > $2)
			),
			(
				SELECT COUNT(*)
				FROM round AS r
				WHERE r.region_id = $1
				AND r.municipality_id IS NULL
				AND r.cancelled_at IS NULL
			)`, regionID, day)
	if err != nil {
		return f, err
	}
	return f, courses(ctx, q, regionID, day, &f)
}

// courses counts the courses that the region itself gives, and what they are charged with.
func courses(ctx context.Context, q db.Querier, regionID int64, day clock.Day, f *Facts) error {
	all, err := catalogue.CoursesOn(ctx, q, day)
	if err != nil {
		return err
	}
	given, err := catalogue.Deliveries(ctx, q, regionID, day)
	if err != nil {
		return err
	}
	published, err := db.Rows(ctx, q, db.One[int64], `SELECT c.id FROM course AS c WHERE `+lifetime.NewestSQL("c.id", "$1")+` IS NOT NULL`, day)
	if err != nil {
		return err
	}
	has := make(map[int64]bool, len(published))
	for _, id := range published {
		has[id] = true
	}
	tariffs, err := economy.Tariffs(ctx, q, regionID)
	if err != nil {
		return err
	}
	kinds := map[string]bool{}
	for _, c := range all {
		if given[c.ID] != catalogue.Regional || !has[c.ID] {
			continue
		}
		f.Courses++
		if c.TariffKind != "" && !kinds[c.TariffKind] {
			kinds[c.TariffKind] = true
			f.Kinds++
			if economy.Holding(tariffs, c.TariffKind, day) == nil {
				f.Untariffed++
			}
		}
	}
	return nil
}

// Place is a municipality of the region and how far it has come.
type Place struct {
	Municipality organisation.Organisation
	Joined       bool
	Units        int
	People       int
	Administered bool
}

// Places are the region's municipalities in Swedish order, for who sets the region up: how many
// units and people each has, never who.
func Places(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) ([]Place, error) {
	if err := allowed(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(p *Place) []any {
		m := &p.Municipality
		m.Kind, m.RegionID = organisation.Municipality, regionID
		return []any{&m.ID, &m.MunicipalityID, &m.Slug, &m.Name, &p.Joined, &p.Units, &p.People, &p.Administered}
	}, `
		SELECT
			o.id,
			o.id,
			o.slug,
			o.name,
			`+affiliation.HoldsSQL(affiliation.Joined, "o.id", "$2")+`,
			(
				SELECT COUNT(*)
				FROM organisation AS u
				WHERE u.municipality_id = o.id
				AND u.kind = 'unit'
				AND NOT EXISTS (SELECT 1 FROM unit_closing AS k WHERE k.unit_id = u.id AND k.withdrawn_at IS NULL AND k.closed_on <= $2)
			),
			(
				SELECT COUNT(DISTINCT e.person_id)
				FROM employed AS e
				WHERE e.municipality_id = o.id
				AND e.from_day <= $2
				AND (e.to_day IS NULL OR e.to_day >= $2)
			),
			`+organisation.AdministeredSQL("o.id", "$2")+`
		FROM organisation AS o
		WHERE o.region_id = $1
		AND o.kind = 'municipality'
		ORDER BY o.sort_key`, regionID, day)
}
