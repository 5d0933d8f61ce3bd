package identity

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Held is a role that somebody holds, held or will hold.
type Held struct {
	ID             int64
	Role           access.Role
	OrganisationID int64
	Organisation   string
	RegionID       int64
	MunicipalityID int64
	Level          access.Level
	District       bool // it is held at a district
	clock.Period
}

// Place is where the role is held, for access.GrantRole.
func (h Held) Place() access.Place {
	p := access.Place{RegionID: h.RegionID, MunicipalityID: h.MunicipalityID}
	if h.Level == access.Unit {
		p.UnitID = h.OrganisationID
	}
	return p
}

// Grants are the roles that the person holds, held and will hold, those that
// run first, if the viewer may see the person.
func Grants(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Held, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(h *Held) []any {
		return []any{&h.ID, &h.Role, &h.OrganisationID, &h.Organisation, &h.RegionID, &h.MunicipalityID, &h.Level, &h.District, &h.From, &h.Until}
	}, `
		SELECT
			g.id,
			g.role,
			o.id,
			o.name,
			COALESCE(o.region_id, 0),
			COALESCE(o.municipality_id, 0),
			o.kind,
			`+organisation.IsDistrictSQL("o.id")+`,
			g.from_day,
			g.to_day
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE g.person_id = $1
		ORDER BY
			g.to_day IS NOT NULL AND g.to_day < $2,
			g.from_day DESC,
			g.id DESC`, personID, today)
}

// OfGrant is the person who holds the grant. It asks no viewer.
func OfGrant(ctx context.Context, q db.Querier, grantID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT person_id FROM role_grant WHERE id = $1`, grantID)
}

// reach adds to the grants that are held at districts the units that belong to them on the day.
func reach(ctx context.Context, q db.Querier, grants []access.Grant, day clock.Day) (err error) {
	for i, g := range grants {
		if g.District {
			if grants[i].Units, err = organisation.DistrictUnits(ctx, q, g.OrganisationID, day); err != nil {
				return err
			}
		}
	}
	return nil
}

// heldAt tells whether the role is one that is held at such an organisation;
// domain.md, "Who".
func heldAt(role access.Role, o organisation.Organisation) bool {
	level := o.Kind
	switch role {
	case access.Manager:
		return level == access.Unit || level == access.Municipality
	case access.MunicipalAdmin:
		return level == access.Municipality
	case access.Regional:
		return level == access.Region
	case access.Steering: // a region's steering group; a municipality's social director
		return level == access.Region || level == access.Municipality
	case access.Producer:
		return level == access.Region || level == access.Nation
	case access.National, access.NationalReader, access.Operator:
		return level == access.Nation
	case access.DistrictAdmin:
		return o.District
	case access.Employee, access.Trainer:
		return false
	}
	return false
}

// answersFor tells whether the grant makes somebody answer for a municipality: they see the
// groups that it is in.
func answersFor(g access.Grant) bool {
	return g.Level == access.Municipality && (g.Role == access.MunicipalAdmin || g.Role == access.Steering)
}

// groups are the groups of municipalities that the person has an office in on the day, or
// whose members they answer for. Neither lasts longer than the group.
func groups(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]access.Group, error) {
	return db.Rows(ctx, q, func(g *access.Group) []any { return []any{&g.ID, &g.RegionID, &g.Slug, &g.Name, &g.Office} }, `
		SELECT g.id, g.region_id, g.slug, g.name, held.office
		FROM municipal_group AS g
		JOIN (
			SELECT k.group_id, k.office
			FROM municipal_group_office AS k
			WHERE k.person_id = $1
			AND k.from_day <= $2
			AND (k.to_day IS NULL OR k.to_day >= $2)
			UNION
			SELECT m.group_id, 'member'
			FROM municipal_group_member AS m
			JOIN role_grant AS r ON r.organisation_id = m.municipality_id
			WHERE r.person_id = $1
			AND r.role IN ('municipal_admin', 'steering')
			AND r.from_day <= $2
			AND (r.to_day IS NULL OR r.to_day >= $2)
			AND m.from_day <= $2
			AND (m.to_day IS NULL OR m.to_day >= $2)
		) AS held ON held.group_id = g.id
		ORDER BY g.sort_key, g.id, held.office`, personID, day)
}
