package municipalgroup

import (
	"context"
	"errors"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
)

const columns = ` g.id, g.region_id, g.slug, g.name, g.project, g.from_day, g.to_day `

func (g *Group) columns() []any {
	return []any{&g.ID, &g.RegionID, &g.Slug, &g.Name, &g.Project, &g.From, &g.Until}
}

// Row is a group with how many members it has on the day.
type Row struct {
	Group
	Members int
}

// List are the groups of the region that the viewer may see, those that have ended last, each
// in Swedish order. fault.Forbidden and fault.NotFound as in access.Scope.Allow.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day) ([]Row, error) {
	scope := access.Groups(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	seen, args := scope.Where(access.Columns{Region: "g.region_id", Group: "g.id"})
	var b db.Builder
	b.Add(`SELECT`+columns+`, (
			SELECT COUNT(*)
			FROM municipal_group_member AS m
			WHERE m.group_id = g.id
			AND m.from_day <= ?
			AND (m.to_day IS NULL OR m.to_day >= ?)
		)
		FROM municipal_group AS g
		WHERE g.region_id = ?`, day, day, regionID).
		Add("AND "+seen, args...).
		Add("ORDER BY g.to_day IS NOT NULL AND g.to_day < ?, g.sort_key, g.id", day)
	all, err := db.Rows(ctx, q, func(r *Row) []any { return append(r.columns(), &r.Members) }, b.String(), b.Args()...)
	if err == nil && len(all) == 0 && !scope.Covers(access.Place{RegionID: regionID}) {
		err = fault.NotFound
	}
	return all, err
}

// Get is the group with the name in addresses. fault.Forbidden and fault.NotFound as in
// access.Scope.Allow.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, slug string) (Group, error) {
	scope := access.Groups(viewer)
	if scope.Empty() {
		return Group{}, fault.Forbidden
	}
	g, err := db.Row(ctx, q, (*Group).columns, `SELECT`+columns+`FROM municipal_group AS g WHERE g.region_id = $1 AND g.slug = $2`, regionID, slug)
	if err == nil {
		err = scope.Allow(g.Place())
	}
	return g, err
}

// OfMunicipality are the groups that the municipality is in on the day and the viewer may see.
func OfMunicipality(ctx context.Context, q db.Querier, viewer access.Viewer, municipalityID int64, day clock.Day) ([]Group, error) {
	return of(ctx, q, viewer, "?", day, municipalityID)
}

// Counting are the groups whose administrators and steering groups see figures in which the
// person is one of those counted on the day: for the person themselves, and for those who may
// see them; it asks the viewer of neither. It asks no viewer.
func Counting(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]Group, error) {
	return of(ctx, q, access.System(), `
		SELECT e.municipality_id
		FROM employment AS e
		WHERE e.person_id = ?
		AND e.from_day <= ?
		AND (e.to_day IS NULL OR e.to_day >= ?)`, day, personID, day, day)
}

// of are the groups of the municipalities that the question gives.
func of(ctx context.Context, q db.Querier, viewer access.Viewer, municipalities string, day clock.Day, args ...any) ([]Group, error) {
	scope := access.Groups(viewer)
	if scope.Empty() {
		return nil, nil
	}
	seen, more := scope.Where(access.Columns{Region: "g.region_id", Group: "g.id"})
	var b db.Builder
	b.Add(`SELECT`+columns+`
		FROM municipal_group AS g
		WHERE g.id IN (
			SELECT m.group_id
			FROM municipal_group_member AS m
			WHERE m.municipality_id IN (`+municipalities+`)`, args...).
		Add(`AND m.from_day <= ?
			AND (m.to_day IS NULL OR m.to_day >= ?)
		)`, day, day).
		Add("AND "+seen, more...).
		Add("ORDER BY g.sort_key, g.id")
	return db.Rows(ctx, q, (*Group).columns, b.String(), b.Args()...)
}

// Make makes a group in the region and returns its name in addresses, which stays the same
// when it is called otherwise. fault.Invalid "name" when the region has one of that name.
func Make(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID int64, n New, now clock.Instant) (string, error) {
	if err := access.ManageGroups(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	region, err := organisation.ByID(ctx, tx, regionID)
	if err != nil {
		return "", err
	}
	if region.Kind != organisation.Region {
		return "", fault.NotFound
	}
	slug := organisation.Slug(n.Name)
	if slug == newPage { // the page of that name makes them
		slug += "-1"
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO municipal_group (region_id, slug, name, sort_key, project, from_day, to_day, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		regionID, slug, n.Name, i18n.SortKey(n.Name), n.Project, n.From, n.Until, now, viewer.ActorID())
	if db.IsUnique(err) {
		return "", fault.Invalid("name", "groups.name_taken")
	}
	return slug, err
}

const newPage = "new"

// Change says anew what is said of the group. Who is in it or has an office in it is so no
// longer than the group lasts; fault.Invalid "from" when somebody was before it begins.
func Change(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID int64, n New) error {
	if _, err := hold(ctx, tx, groupID, access.ManageGroups(viewer)); err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return err
	}
	before, err := db.Row(ctx, tx, db.One[*clock.Day], `
		SELECT MIN(d.from_day)
		FROM (
			SELECT from_day FROM municipal_group_member WHERE group_id = $1
			UNION ALL
			SELECT from_day FROM municipal_group_office WHERE group_id = $1
		) AS d
		WHERE d.from_day < $2`, groupID, n.From)
	if err != nil {
		return err
	}
	if before != nil {
		return fault.Invalid("from", "groups.from_late", "Day", *before)
	}
	if _, err := db.Exec(ctx, tx, `UPDATE municipal_group SET name = $2, sort_key = $3, project = $4, from_day = $5, to_day = $6 WHERE id = $1`,
		groupID, n.Name, i18n.SortKey(n.Name), n.Project, n.From, n.Until); err != nil || n.Until == nil {
		return err
	}
	for _, table := range []string{"municipal_group_member", "municipal_group_office"} {
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE group_id = $1 AND from_day > $2`, groupID, n.Until); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE `+table+` SET to_day = $2 WHERE group_id = $1 AND (to_day IS NULL OR to_day > $2)`, groupID, n.Until); err != nil {
			return err
		}
	}
	return nil
}

// hold is the group, if it is in the scope: of many who change what hangs on it at once each
// waits for the one before, and finds what stands.
func hold(ctx context.Context, tx *db.Tx, groupID int64, scope access.Scope) (Group, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE municipal_group SET version = version + 1 WHERE id = $1`, groupID); err != nil {
		return Group{}, err
	}
	g, err := db.Row(ctx, tx, (*Group).columns, `SELECT`+columns+`FROM municipal_group AS g WHERE g.id = $1`, groupID)
	if errors.Is(err, fault.NotFound) && scope.Empty() {
		return g, fault.Forbidden
	}
	if err == nil {
		err = scope.Allow(g.Place())
	}
	return g, err
}

// within is nil for a period inside the group's.
func (g Group) within(p clock.Period) error {
	switch {
	case p.Until != nil && *p.Until < p.From:
		return fault.Invalid("until", "groups.until_before")
	case p.From < g.From:
		return fault.Invalid("from", "groups.before_group", "Day", g.From)
	case g.Until != nil && p.From > *g.Until:
		return fault.Invalid("from", "groups.after_group", "Day", *g.Until)
	case g.Until != nil && p.Until != nil && *p.Until > *g.Until:
		return fault.Invalid("until", "groups.after_group", "Day", *g.Until)
	}
	return nil
}

// ended is what to do with a row that began on from and was told then when it is to end with
// the day last: to keep it to that day, or to take it away, for it would end before it begins
// and was a mistake of the day or has not begun. fault.Invalid "last" when it was so for real.
func ended(from, last clock.Day, told clock.Instant, now clock.Instant) (gone bool, err error) {
	if last >= from {
		return false, nil
	}
	if today := now.Day(); from < today && told.Day() < today {
		return false, fault.Invalid("last", "groups.ends_before", "Day", from)
	}
	return true, nil
}

// ShareField is the form's field for the share of the municipality.
func ShareField(municipalityID int64) string {
	return "share_" + strconv.FormatInt(municipalityID, 10)
}

// NeedField is the form's field for the seats that the municipality needs.
func NeedField(municipalityID int64) string {
	return "seats_" + strconv.FormatInt(municipalityID, 10)
}
