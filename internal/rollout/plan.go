package rollout

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// New is what it takes to plan how a municipality gives a course. Titles and
// Forms that are empty include everybody.
type New struct {
	Name      string
	From      clock.Day
	Until     clock.Day
	GroupSize int
	Units     []Unit
	Titles    []string
	Forms     []people.Form
	Trainers  []int64
}

// Unit is a unit of a plan with the day from which its people are to go.
type Unit struct {
	ID       int64
	Name     string // read only
	StartsOn clock.Day
}

// Trainer is somebody who holds the course's occasions.
type Trainer struct {
	PersonID int64
	Name     string
}

// Plan is a municipality's plan for a course. Version counts its changes.
type Plan struct {
	ID             int64
	MunicipalityID int64
	Municipality   string
	RegionID       int64
	CourseID       int64
	Course         string
	CourseSlug     string
	Name           string
	From           clock.Day
	Until          clock.Day
	GroupSize      int
	Units          []Unit
	Titles         []string
	Forms          []people.Form
	Trainers       []Trainer
	Version        int
	EndedAt        *clock.Instant
	Waits          bool // for its course, of which no edition has been published
}

// Includes tells whether the plan is for somebody with the unit and terms.
func (p Plan) Includes(unitID int64, t people.Terms) bool {
	return slices.ContainsFunc(p.Units, func(u Unit) bool { return u.ID == unitID }) &&
		(len(p.Titles) == 0 || slices.ContainsFunc(p.Titles, func(title string) bool { return strings.EqualFold(title, t.Title) })) &&
		(len(p.Forms) == 0 || slices.Contains(p.Forms, t.Form))
}

// StartOf is the day from which the people of the unit are to go.
func (p Plan) StartOf(unitID int64) clock.Day {
	for _, u := range p.Units {
		if u.ID == unitID {
			return u.StartsOn
		}
	}
	return p.From
}

// Chosen splits the staff whom the plan includes: who has completed the course
// or has a seat, who is to be put into a group, and who is on leave on the day
// when their unit starts.
func (p Plan) Chosen(staff []Member) (settled, ready, away []Member) {
	for _, m := range staff {
		switch {
		case !p.Includes(m.UnitID, m.Terms):
		case !m.WithoutSeat():
			settled = append(settled, m)
		case m.Away != nil && *m.Away >= p.StartOf(m.UnitID):
			away = append(away, m)
		default:
			ready = append(ready, m)
		}
	}
	return settled, ready, away
}

// Candidates are the members as Split takes them.
func Candidates(members []Member) []Candidate {
	all := make([]Candidate, len(members))
	for i, m := range members {
		all[i] = m.Candidate
	}
	return all
}

const maxUnits, maxTitles = 1000, 50

func (n *New) check() error {
	n.Name = strings.TrimSpace(n.Name)
	var checks fault.Checks
	checks.Require(n.Name != "", "name", "rollout.name_missing")
	checks.Require(utf8.RuneCountInString(n.Name) <= 100, "name", "fault.too_long", "Max", 100)
	checks.Require(n.From <= n.Until, "until", "rollout.days_backwards")
	checks.Require(n.GroupSize >= 1 && n.GroupSize <= MaxGroup, "size", "rollout.size_wrong", "Max", MaxGroup)
	checks.Require(len(n.Units) > 0, "units", "rollout.units_missing")
	checks.Require(len(n.Units) <= maxUnits && len(n.Titles) <= maxTitles, "units", "rollout.too_much")
	seen := map[int64]bool{}
	for _, u := range n.Units {
		checks.Require(!seen[u.ID], "units", "rollout.unit_twice")
		seen[u.ID] = true
		checks.Require(n.From <= u.StartsOn && u.StartsOn <= n.Until, fmt.Sprintf("units.%d", u.ID), "rollout.unit_start_outside")
	}
	titles := n.Titles[:0:0]
	for _, t := range n.Titles {
		if t = strings.TrimSpace(t); t != "" && !slices.ContainsFunc(titles, func(s string) bool { return strings.EqualFold(s, t) }) {
			titles = append(titles, t)
		}
	}
	n.Titles = titles
	for _, f := range n.Forms {
		checks.Require(slices.Contains(people.Forms, f), "forms", "people.form_unknown")
	}
	slices.Sort(n.Forms)
	n.Forms = slices.Compact(n.Forms)
	slices.Sort(n.Trainers)
	n.Trainers = slices.Compact(n.Trainers)
	return checks.Err()
}

// Make plans how the municipality gives the course. fault.NotFound for those
// who do not plan for it and for an unknown course; fault.Invalid by field, that
// of a unit's start being units.ID.
func Make(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID, courseID int64, n New, now clock.Instant) (int64, error) {
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err != nil {
		return 0, err
	}
	if m.Kind != organisation.Municipality || !access.PlanRollout(viewer).Covers(m.Place()) {
		return 0, fault.NotFound
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := lifetime.HoldOn(ctx, tx, courseID, max(n.From, now.Day()), "from"); err != nil {
		return 0, err
	}
	if n.Until < now.Day() {
		return 0, fault.Invalid("until", "rollout.over")
	}
	if err := n.checkTrainers(ctx, tx, 0, m.ID); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO rollout (municipality_id, course_id, name, from_day, until_day, group_size, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, m.ID, courseID, n.Name, n.From, n.Until, n.GroupSize, now, viewer.ActorID())
	if err != nil {
		return 0, err
	}
	return id, n.write(ctx, tx, id, m.ID)
}

// Change writes the plan anew. fault.Conflict "rollout.changed_meanwhile" when
// the version is not the one that is there, "rollout.ended" when it has ended.
func Change(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, version int, n New) error {
	if err := n.check(); err != nil {
		return err
	}
	municipality, err := changed(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if err := n.checkTrainers(ctx, tx, id, municipality); err != nil {
		return err
	}
	count, err := db.Exec(ctx, tx, `
		UPDATE rollout
		SET name = $3, from_day = $4, until_day = $5, group_size = $6, version = version + 1
		WHERE id = $1
		AND version = $2`, id, version, n.Name, n.From, n.Until, n.GroupSize)
	if err == nil && count == 0 {
		err = fault.Conflict("rollout.changed_meanwhile")
	}
	for _, table := range []string{"rollout_unit", "rollout_title", "rollout_form", "rollout_trainer"} {
		if err == nil {
			_, err = db.Exec(ctx, tx, "DELETE FROM "+table+" WHERE rollout_id = $1", id)
		}
	}
	if err != nil {
		return err
	}
	return n.write(ctx, tx, id, municipality)
}

// changed is the municipality of a plan that the viewer may change.
func changed(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) (municipalityID int64, err error) {
	p, err := head(ctx, tx, viewer, id)
	switch {
	case err != nil:
		return 0, err
	case !access.PlanRollout(viewer).Covers(access.Place{RegionID: p.RegionID, MunicipalityID: p.MunicipalityID}):
		return 0, fault.NotFound
	case p.EndedAt != nil:
		return 0, fault.Conflict("rollout.ended")
	}
	return p.MunicipalityID, nil
}

// End ends the plan: its occasions stay, and nobody more is reminded of it.
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	if _, err := changed(ctx, tx, viewer, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE rollout SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, id, now)
	return err
}

func (n New) write(ctx context.Context, tx *db.Tx, id, municipalityID int64) error {
	ids := make([]int64, len(n.Units))
	units, titles, forms, trainers := make([][]any, len(n.Units)), make([][]any, len(n.Titles)), make([][]any, len(n.Forms)), make([][]any, len(n.Trainers))
	for i, u := range n.Units {
		ids[i], units[i] = u.ID, []any{id, u.ID, u.StartsOn}
	}
	// A workplace of the municipality is a unit of it, or the municipality itself
	// for those who are employed directly under it.
	is, args := db.In("id", ids)
	var b db.Builder
	b.Add("SELECT COUNT(*) FROM organisation WHERE municipality_id = ?", municipalityID).Add("AND "+is, args...)
	ours, err := db.Row(ctx, tx, db.One[int], b.String(), b.Args()...)
	if err != nil {
		return err
	}
	if ours != len(ids) {
		return fault.Invalid("units", "rollout.unit_unknown")
	}
	for i, t := range n.Titles {
		titles[i] = []any{id, t}
	}
	for i, f := range n.Forms {
		forms[i] = []any{id, f}
	}
	for i, t := range n.Trainers {
		trainers[i] = []any{id, t}
	}
	for _, each := range []struct {
		table, column string
		more          []string
		rows          [][]any
	}{
		{"rollout_unit", "unit_id", []string{"starts_on"}, units},
		{"rollout_title", "title", nil, titles},
		{"rollout_form", "form", nil, forms},
		{"rollout_trainer", "person_id", nil, trainers},
	} {
		if err := db.Insert(ctx, tx, each.table, append([]string{"rollout_id", each.column}, each.more...), each.rows); err != nil {
			return err
		}
	}
	return nil
}

// checkTrainers refuses those who neither work in the municipality nor are in a
// team of its region, and are not in the plan already: a plan tells their names.
func (n New) checkTrainers(ctx context.Context, tx *db.Tx, id, municipalityID int64) error {
	if len(n.Trainers) == 0 {
		return nil
	}
	is, args := db.In("p.id", n.Trainers)
	var b db.Builder
	b.Add("SELECT COUNT(*) FROM person AS p WHERE "+is, args...).
		Add(`AND (
			EXISTS (
				SELECT 1
				FROM employed AS e
				WHERE e.person_id = p.id
				AND e.municipality_id = ?
				AND (e.to_day IS NULL OR e.to_day >= ?)
			)
			OR EXISTS (
				SELECT 1
				FROM trainer AS t
				JOIN organisation AS m ON m.region_id = t.region_id AND m.id = ?
				WHERE t.person_id = p.id
				AND (t.ended_on IS NULL OR t.ended_on >= ?)
			)
			OR EXISTS (SELECT 1 FROM rollout_trainer AS k WHERE k.person_id = p.id AND k.rollout_id = ?)
		)`, municipalityID, n.From, municipalityID, n.From, id)
	known, err := db.Row(ctx, tx, db.One[int], b.String(), b.Args()...)
	if err == nil && known < len(n.Trainers) {
		err = fault.Invalid("trainers", "rollout.trainer_unknown")
	}
	return err
}

const planColumns = `
	p.id,
	p.municipality_id,
	m.name,
	m.region_id,
	p.course_id,
	c.slug,
	p.name,
	p.from_day,
	p.until_day,
	p.group_size,
	p.version,
	p.ended_at,
	NOT EXISTS (SELECT 1 FROM edition AS w WHERE w.course_id = p.course_id AND w.published_on IS NOT NULL),
	`

const planTables = `
	FROM rollout AS p
	JOIN organisation AS m ON m.id = p.municipality_id
	JOIN course AS c ON c.id = p.course_id`

func (p *Plan) columns() []any {
	return []any{
		&p.ID, &p.MunicipalityID, &p.Municipality, &p.RegionID, &p.CourseID, &p.CourseSlug, &p.Name, &p.From, &p.Until,
		&p.GroupSize, &p.Version, &p.EndedAt, &p.Waits, &p.Course,
	}
}

// sees tells whose plans the viewer reads: managers and administrators of districts those of their
// municipality, to know when their units go.
func sees(viewer access.Viewer) access.Scope {
	s := access.PlanRollout(viewer)
	for _, g := range viewer.Grants {
		if (g.Role == access.Manager || g.Role == access.DistrictAdmin) && g.MunicipalityID != 0 {
			s.Municipalities = append(s.Municipalities, g.MunicipalityID)
		}
	}
	return s
}

func head(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Plan, error) {
	p, err := db.Row(ctx, q, (*Plan).columns, "SELECT"+planColumns+catalogue.TitleSQL("c")+planTables+" WHERE p.id = $1", id)
	if err == nil && !sees(viewer).Covers(access.Place{RegionID: p.RegionID, MunicipalityID: p.MunicipalityID}) {
		return Plan{}, fault.NotFound
	}
	return p, err
}

// Get is the plan whole; fault.NotFound for those who may not see it.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Plan, error) {
	p, err := head(ctx, q, viewer, id)
	if err != nil {
		return p, err
	}
	if p.Units, err = db.Rows(ctx, q, func(u *Unit) []any { return []any{&u.ID, &u.Name, &u.StartsOn} }, `
		SELECT u.unit_id, o.name, u.starts_on
		FROM rollout_unit AS u
		JOIN organisation AS o ON o.id = u.unit_id
		WHERE u.rollout_id = $1
		ORDER BY u.starts_on, o.sort_key, o.id`, id); err != nil {
		return p, err
	}
	if p.Titles, err = db.Rows(ctx, q, db.One[string], `SELECT title FROM rollout_title WHERE rollout_id = $1 ORDER BY title`, id); err != nil {
		return p, err
	}
	if p.Forms, err = db.Rows(ctx, q, db.One[people.Form], `SELECT form FROM rollout_form WHERE rollout_id = $1 ORDER BY form`, id); err != nil {
		return p, err
	}
	p.Trainers, err = db.Rows(ctx, q, func(t *Trainer) []any { return []any{&t.PersonID, &t.Name} }, `
		SELECT p.id, TRIM(p.given_name || ' ' || p.family_name)
		FROM rollout_trainer AS t
		JOIN person AS p ON p.id = t.person_id
		WHERE t.rollout_id = $1
		ORDER BY p.sort_key, p.id`, id)
	return p, err
}

// Plans are the municipality's plans, those that have not ended first and the
// newest of them first. None for those who may not see them.
func Plans(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) ([]Plan, error) {
	if !sees(viewer).Covers(m.Place()) {
		return nil, nil
	}
	return db.Rows(ctx, q, (*Plan).columns, "SELECT"+planColumns+catalogue.TitleSQL("c")+planTables+`
		WHERE p.municipality_id = $1
		ORDER BY p.ended_at IS NOT NULL, p.from_day DESC, p.id DESC`, m.ID)
}

// PlansFor are the municipality's plans that have not ended, with their units.
// None for those who may not see them.
func PlansFor(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) ([]Plan, error) {
	all, err := Plans(ctx, q, viewer, m)
	all = slices.DeleteFunc(all, func(p Plan) bool { return p.EndedAt != nil })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	type row struct {
		plan int64
		Unit
	}
	units, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.plan, &r.ID, &r.Name, &r.StartsOn} }, `
		SELECT
			u.rollout_id,
			u.unit_id,
			o.name,
			u.starts_on
		FROM rollout AS p
		JOIN rollout_unit AS u ON u.rollout_id = p.id
		JOIN organisation AS o ON o.id = u.unit_id
		WHERE p.municipality_id = $1
		AND p.ended_at IS NULL
		ORDER BY u.starts_on, o.sort_key`, m.ID)
	for _, r := range units {
		for i := range all {
			if all[i].ID == r.plan {
				all[i].Units = append(all[i].Units, r.Unit)
			}
		}
	}
	return all, err
}
