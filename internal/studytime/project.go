package studytime

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// Project is a project with money from outside for time to learn.
type Project struct {
	ID          int64
	RegionID    int64
	Name        string
	Funder      string
	From, Until clock.Day
}

// Share of a project is what a municipality in it has applied for and been granted; nil is unsaid.
type ProjectShare struct {
	Municipality               organisation.Organisation
	AppliedHours, GrantedHours *int64
	AppliedMoney, GrantedMoney *money.Ore
}

const (
	mostHours      = 10_000_000 // keeps a slip of the hand out
	longestProject = 6 * 366    // days: so does this
)

// check notes what is wrong with a project.
func (p Project) check(checks *fault.Checks) {
	checks.Require(strings.TrimSpace(p.Name) != "", "name", "studytime.project.name_missing")
	checks.Require(len([]rune(p.Name)) <= 200, "name", "studytime.project.name_long")
	checks.Require(p.Until >= p.From, "until", "studytime.project.backwards")
	checks.Require(p.Until-p.From < longestProject, "until", "studytime.project.too_long", "Years", longestProject/366)
}

// Projects are those of the region that the viewer may see, the newest first: the region's all, a
// municipality's administrators see those that the municipality is in. fault.NotFound for a region
// of others.
func Projects(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]Project, error) {
	if err := access.SeekProjects(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return nil, err
	}
	return projects(ctx, q, viewer, "AND p.region_id = ?", regionID)
}

// ProjectOf is the project; fault.NotFound for those who do not see it.
func ProjectOf(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Project, error) {
	found, err := projects(ctx, q, viewer, "AND p.id = ?", id)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Project{}, err
	}
	return found[0], nil
}

func projects(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, arg int64) ([]Project, error) {
	scope := access.LearningProjects(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	whole, args := scope.Where(access.Columns{Region: "p.region_id"})
	part, more := scope.Where(access.Columns{Municipality: "x.municipality_id"})
	var b db.Builder
	b.Add("SELECT p.id, p.region_id, p.name, p.funder, p.from_day, p.to_day FROM learning_project AS p WHERE ("+whole, args...).
		Add("OR EXISTS (SELECT 1 FROM learning_project_share AS x WHERE x.project_id = p.id AND "+part+"))", more...).
		Add(condition, arg).
		Add("ORDER BY p.from_day DESC, p.id DESC")
	return db.Rows(ctx, q, func(p *Project) []any { return []any{&p.ID, &p.RegionID, &p.Name, &p.Funder, &p.From, &p.Until} }, b.String(), b.Args()...)
}

// MakeProject makes a project in its region, without municipalities, and gives its number.
func MakeProject(ctx context.Context, tx *db.Tx, viewer access.Viewer, p Project, now clock.Instant) (int64, error) {
	if err := access.MakeProjects(viewer).Allow(access.Place{RegionID: p.RegionID}); err != nil {
		return 0, err
	}
	var checks fault.Checks
	p.check(&checks)
	if err := checks.Err(); err != nil {
		return 0, err
	}
	return db.Row(ctx, tx, db.One[int64], `
		INSERT INTO learning_project (region_id, name, funder, from_day, to_day, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, p.RegionID, strings.TrimSpace(p.Name), strings.TrimSpace(p.Funder), p.From, p.Until, now, viewer.ActorID())
}

// ProjectShares are the municipalities in the project, in Swedish order: all for the region, their
// own for a municipality's administrators.
func ProjectShares(ctx context.Context, q db.Querier, viewer access.Viewer, p Project) ([]ProjectShare, error) {
	where, args := access.LearningProjects(viewer).Where(access.Columns{Region: "o.region_id", Municipality: "o.id"})
	var b db.Builder
	b.Add(`SELECT o.id, o.kind, o.slug, o.name, o.region_id, o.id, x.applied_hours, x.granted_hours, x.applied_ore, x.granted_ore
		FROM learning_project_share AS x
		JOIN organisation AS o ON o.id = x.municipality_id
		WHERE x.project_id = ?`, p.ID).
		Add("AND "+where, args...).
		Add("ORDER BY o.sort_key")
	return db.Rows(ctx, q, func(s *ProjectShare) []any {
		m := &s.Municipality
		return []any{&m.ID, &m.Kind, &m.Slug, &m.Name, &m.RegionID, &m.MunicipalityID, &s.AppliedHours, &s.GrantedHours, &s.AppliedMoney, &s.GrantedMoney}
	}, b.String(), b.Args()...)
}

// Grant says what a municipality has applied for and been granted in the project, and puts it into
// the project if it was not: the region for its municipalities, and those in the project for
// themselves. Nothing said leaves the place empty.
func Grant(ctx context.Context, tx *db.Tx, viewer access.Viewer, projectID int64, s ProjectShare, now clock.Instant) error {
	p, err := ProjectOf(ctx, tx, viewer, projectID)
	if err != nil {
		return err
	}
	m, err := organisation.ByID(ctx, tx, s.Municipality.ID)
	if err != nil {
		return err
	}
	if m.Kind != organisation.Municipality || m.RegionID != p.RegionID {
		return fault.NotFound
	}
	if err := access.LearningProjects(viewer).Allow(m.Place()); err != nil {
		return err
	}
	var checks fault.Checks
	for field, n := range map[string]*int64{"applied_hours": s.AppliedHours, "granted_hours": s.GrantedHours} {
		checks.Require(n == nil || *n >= 0 && *n <= mostHours, field, "studytime.project.hours_wrong")
	}
	for field, n := range map[string]*money.Ore{"applied_money": s.AppliedMoney, "granted_money": s.GrantedMoney} {
		checks.Require(n == nil || *n >= 0, field, "studytime.project.money_wrong")
	}
	if err := checks.Err(); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO learning_project_share (project_id, municipality_id, applied_hours, granted_hours, applied_ore, granted_ore, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (project_id, municipality_id) DO UPDATE SET
			applied_hours = excluded.applied_hours, granted_hours = excluded.granted_hours,
			applied_ore = excluded.applied_ore, granted_ore = excluded.granted_ore,
			told_at = excluded.told_at, told_by = excluded.told_by`,
		p.ID, m.ID, s.AppliedHours, s.GrantedHours, s.AppliedMoney, s.GrantedMoney, now, viewer.ActorID())
	return err
}
