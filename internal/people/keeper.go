package people

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
)

// ManagersKeepSQL is the condition that the municipality's managers keep the people of
// their units on the day: as it has said, or while it has no administrator.
func ManagersKeepSQL(municipality, day string) string {
	return strings.NewReplacer("{municipality}", municipality, "{day}", day).Replace(`COALESCE(
		(SELECT setting.managers_keep FROM municipality_setting AS setting WHERE setting.municipality_id = {municipality}),
		NOT ` + organisation.AdministeredSQL(municipality, day) + `)`)
}

// Keepers is who keeps a municipality's people.
type Keepers struct {
	Said     *bool // whether managers do; nil: the municipality has not said
	Managers bool  // whether they do on the day
}

// KeepersOf is who keeps the municipality's people on the day. It asks no viewer.
func KeepersOf(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (Keepers, error) {
	return db.Row(ctx, q, func(k *Keepers) []any { return []any{&k.Said, &k.Managers} }, `
		SELECT
			(SELECT s.managers_keep FROM municipality_setting AS s WHERE s.municipality_id = o.id),
			`+ManagersKeepSQL("o.id", "$2")+`
		FROM organisation AS o
		WHERE o.id = $1`, municipalityID, day)
}

// SetManagersKeep says whether the municipality's managers keep the people of their units;
// nil leaves it to whether the municipality has an administrator. It is for those who
// manage the municipality's people.
func SetManagersKeep(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, keep *bool, now clock.Instant) error {
	return set(ctx, tx, viewer, municipalityID, "managers_keep", keep, now)
}

// Unkept is a municipality where people work and nobody administers them, with what waits
// there.
type Unkept struct {
	Municipality organisation.Organisation
	People       int  // who work there
	Managers     bool // they keep the people of their units
	Remarks      int  // what people say is wrong with what is kept about them, not done
	Requests     int  // for a seat that a manager has not answered
}

// Unadministered are the municipalities of the region where people work and nobody
// administers them, in Swedish order, for those who administer the region. counted asks for
// how many people work there, too: that takes a look at each.
func Unadministered(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, counted bool, day clock.Day) ([]Unkept, error) {
	if err := access.ManagePeople(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(u *Unkept) []any {
		return []any{&u.Municipality.ID, &u.Municipality.Slug, &u.Municipality.Name, &u.People, &u.Managers, &u.Remarks, &u.Requests}
	}, strings.NewReplacer(
		"{municipality}", "o.id", "{day}", "$2", "{works}", "e.municipality_id = o.id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)",
	).Replace(`
		SELECT
			o.id,
			o.slug,
			o.name,
			CASE WHEN $3 THEN (SELECT COUNT(*) FROM employed AS e WHERE {works}) ELSE 0 END,
			`+ManagersKeepSQL("o.id", "$2")+`,
			(SELECT COUNT(*) FROM remark AS r CROSS JOIN employed AS e WHERE r.done_at IS NULL AND e.person_id = r.person_id AND {works}),
			(
				SELECT COUNT(*)
				FROM queue_entry AS w
				CROSS JOIN employed AS e
				WHERE w.ended_at IS NULL
				AND w.needs_manager
				AND w.allowed_at IS NULL
				AND e.person_id = w.person_id
				AND {works}
			)
		FROM organisation AS o
		WHERE o.region_id = $1
		AND o.kind = 'municipality'
		AND EXISTS (SELECT 1 FROM employed AS e WHERE {works})
		AND NOT `+organisation.AdministeredSQL("o.id", "$2")+`
		ORDER BY o.sort_key`), regionID, day, counted)
}
