package organisation

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// The kinds of organisation, from the largest to the smallest.
const (
	Nation       = access.Nation
	Region       = access.Region
	Municipality = access.Municipality
	Unit         = access.Unit
)

// Organisation is one of them. RegionID and MunicipalityID are 0 where there is
// none above.
type Organisation struct {
	ID             int64
	Kind           access.Level
	ParentID       int64
	RegionID       int64
	MunicipalityID int64
	Slug           string
	Name           string
	District       bool // a unit that other units belong to: see SetDistrict
}

// Place is where the organisation is, for an access rule.
func (o Organisation) Place() access.Place {
	p := access.Place{RegionID: o.RegionID, MunicipalityID: o.MunicipalityID}
	if o.Kind == Unit {
		p.UnitID = o.ID
	}
	return p
}

var columns = `
	o.id,
	o.kind,
	COALESCE(o.parent_id, 0),
	COALESCE(o.region_id, 0),
	COALESCE(o.municipality_id, 0),
	o.slug,
	o.name,
	` + IsDistrictSQL("o.id")

func (o *Organisation) columns() []any {
	return []any{&o.ID, &o.Kind, &o.ParentID, &o.RegionID, &o.MunicipalityID, &o.Slug, &o.Name, &o.District}
}

// The country's names are public, so these calls take no viewer.

// ByID is the organisation; fault.NotFound when there is none.
func ByID(ctx context.Context, q db.Querier, id int64) (Organisation, error) {
	return db.Row(ctx, q, (*Organisation).columns, `SELECT`+columns+` FROM organisation AS o WHERE o.id = $1`, id)
}

// BySlug is the nation, region or municipality with the slug; a unit's slug is
// its own only within its municipality.
func BySlug(ctx context.Context, q db.Querier, kind access.Level, slug string) (Organisation, error) {
	return db.Row(ctx, q, (*Organisation).columns,
		`SELECT`+columns+` FROM organisation AS o WHERE o.kind = $1 AND o.slug = $2`, kind, slug)
}

// MunicipalityNamed is the municipality with the code, such as "2080", or with the name in
// addresses, such as "falun"; fault.NotFound when there is none.
func MunicipalityNamed(ctx context.Context, q db.Querier, name string) (Organisation, error) {
	return db.Row(ctx, q, (*Organisation).columns,
		`SELECT`+columns+` FROM organisation AS o WHERE o.kind = 'municipality' AND (o.code = $1 OR o.slug = $1)`, name)
}

// Regions are all regions in Swedish order.
func Regions(ctx context.Context, q db.Querier) ([]Organisation, error) {
	return db.Rows(ctx, q, (*Organisation).columns,
		`SELECT`+columns+` FROM organisation AS o WHERE o.kind = 'region' ORDER BY o.sort_key`)
}

// Municipalities are those of the region in Swedish order.
func Municipalities(ctx context.Context, q db.Querier, regionID int64) ([]Organisation, error) {
	return db.Rows(ctx, q, (*Organisation).columns,
		`SELECT`+columns+` FROM organisation AS o WHERE o.region_id = $1 AND o.kind = 'municipality' ORDER BY o.sort_key`, regionID)
}

// Chain is the organisation with those above it, the nation first.
func Chain(ctx context.Context, q db.Querier, id int64) ([]Organisation, error) {
	chain, err := db.Rows(ctx, q, (*Organisation).columns, `
		WITH RECURSIVE above (id, height) AS (
			SELECT id, 0 FROM organisation WHERE id = $1
			UNION ALL
			SELECT p.parent_id, above.height + 1
			FROM above
			JOIN organisation AS p ON p.id = above.id
			WHERE p.parent_id IS NOT NULL
		)
		SELECT`+columns+`
		FROM above
		JOIN organisation AS o ON o.id = above.id
		ORDER BY above.height DESC`, id)
	if err == nil && len(chain) == 0 {
		err = fault.NotFound
	}
	return chain, err
}

// Country is the nation with its regions and municipalities by identity. They
// change only with a new version of the product, so one may be kept.
func Country(ctx context.Context, q db.Querier) (map[int64]Organisation, error) {
	all, err := db.Rows(ctx, q, (*Organisation).columns,
		`SELECT`+columns+` FROM organisation AS o WHERE o.kind <> 'unit'`)
	country := make(map[int64]Organisation, len(all))
	for _, o := range all {
		country[o.ID] = o
	}
	return country, err
}

// Within are the organisations in the scope, without the nation and the units:
// regions first, then the municipalities, in Swedish order.
func Within(ctx context.Context, q db.Querier, scope access.Scope) ([]Organisation, error) {
	return within(ctx, q, scope, `AND o.kind NOT IN ('nation', 'unit')`)
}

// Workplaces are those in the scope with the units that are open on the day, each
// after its municipality.
func Workplaces(ctx context.Context, q db.Querier, scope access.Scope, day clock.Day) ([]Organisation, error) {
	return within(ctx, q, scope, `AND o.kind <> 'nation' AND `+openOn+`?)`, day)
}

func within(ctx context.Context, q db.Querier, scope access.Scope, kinds string, more ...any) ([]Organisation, error) {
	condition, args := scope.Where(access.Columns{Region: "o.region_id", Municipality: "o.municipality_id", Unit: "o.id"})
	var b db.Builder
	b.Add(`SELECT`+columns+`
		FROM organisation AS o
		LEFT JOIN organisation AS m ON m.id = o.municipality_id
		WHERE `+condition, args...).
		Add(kinds+`
			ORDER BY o.municipality_id IS NOT NULL, m.sort_key, m.id, o.kind = 'unit', o.sort_key, o.id`, more...)
	return db.Rows(ctx, q, (*Organisation).columns, b.String(), b.Args()...)
}

// AdministeredSQL is the condition that somebody administers the municipality on the day;
// both are expressions.
func AdministeredSQL(municipality, day string) string {
	return strings.NewReplacer("{municipality}", municipality, "{day}", day).Replace(`EXISTS (
	SELECT 1
	FROM role_grant AS keeper
	WHERE keeper.organisation_id = {municipality}
	AND keeper.role = 'municipal_admin'
	AND keeper.from_day <= {day}
	AND (keeper.to_day IS NULL OR keeper.to_day >= {day})
)`)
}
