package rollout

import (
	"cmp"
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Overview is how far a municipality has come with the courses of its journeys.
type Overview struct {
	Journeys []catalogue.Journey // in which any of its staff have an account
	Courses  []CourseCoverage    // those of the journey that was asked for, or of all
	People   int                 // of the staff in the journey, or in any
}

// CourseCoverage is a course with how far its staff have come.
type CourseCoverage struct {
	catalogue.Course
	Coverage
}

// aheadOf is what those of the municipality have ahead in any course; persons
// narrows to some, nil is all.
func aheadOf(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day, persons []int64) (learning.Facts, error) {
	of := learning.Reading{Where: "e.municipality_id = ?", Args: []any{municipalityID}, AheadOnly: true}
	if persons != nil {
		of.Where, of.Args = db.In("e.person_id", persons)
	}
	return learning.FactsOf(ctx, q, of, day)
}

// planned is the municipality's roster for those who see its coverage, of the units that
// they see it of; fault.NotFound for others.
func planned(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, day clock.Day) (*roster, error) {
	if !access.CoverageIn(viewer, m.Place()) {
		return nil, fault.NotFound
	}
	r, err := rosterOf(ctx, q, m.ID, day)
	if scope := access.Coverage(viewer); err == nil && !scope.Covers(m.Place()) {
		r = r.within(scope, m)
	}
	return r, err
}

// OverviewOf is the municipality's overview on the day, of one journey or (0) of
// all. fault.NotFound for those who do not see its coverage and for a journey in
// which nobody has an account.
func OverviewOf(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, journeyID int64, day clock.Day) (Overview, error) {
	r, err := planned(ctx, q, viewer, m, day)
	if err != nil {
		return Overview{}, err
	}
	if journeyID != 0 && !r.has(journeyID) {
		return Overview{}, fault.NotFound
	}
	facts, err := aheadOf(ctx, q, m.ID, day, nil)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Journeys: r.journeys}
	counts := make([]Coverage, len(r.courses))
	for _, p := range r.people {
		if journeyID != 0 && !slices.Contains(p.journeys, journeyID) {
			continue
		}
		o.People++
		for k, meant := range p.meant {
			if meant {
				counts[k].count(p.stand(k))
			}
		}
	}
	column := make(map[int64]int, len(r.courses))
	for k, c := range r.courses {
		column[c.ID] = k
	}
	for at, ahead := range facts.Ahead { // few of those who lack a course have anything ahead
		i, listed := r.at[at.PersonID]
		k, shown := column[at.CourseID]
		if !listed || !shown || !r.people[i].lacks(k) || journeyID != 0 && !slices.Contains(r.people[i].journeys, journeyID) {
			continue
		}
		if ahead.NextID != 0 {
			counts[k].WithoutSeat--
			counts[k].Seated++
		} else {
			counts[k].Waiting++
		}
	}
	for k, c := range r.courses {
		if c.in(journeyID) && counts[k].Staff > 0 {
			o.Courses = append(o.Courses, CourseCoverage{Course: c.Course, Coverage: counts[k]})
		}
	}
	return o, nil
}

func (r *roster) has(journeyID int64) bool {
	return slices.ContainsFunc(r.journeys, func(j catalogue.Journey) bool { return j.ID == journeyID })
}

// Filter narrows and pages a municipality's people against its courses. Without
// a journey it is the one in which most have an account, of those that the course
// of LacksID belongs to. LacksID keeps those who lack that course: of the journey
// asked for, and of any when none is.
type Filter struct {
	UnitID    int64
	JourneyID int64
	LacksID   int64
	Sort      string // "name" unless told, "-name", "missing", "-missing"
	Page      int    // from 1
	PerPage   int    // 0: all
}

// Grid is a page of people against courses.
type Grid struct {
	Journeys []catalogue.Journey
	Journey  catalogue.Journey // the one shown; zero when nobody has an account
	Courses  []catalogue.Course
	Units    []organisation.Organisation // in which the people work
	Rows     []GridRow
	Total    int              // people who fit, on all pages
	Lacking  learning.Lacking // of those, by the course that was asked for
	Page     int
}

// GridRow is one of the people, with how they stand with the grid's courses and
// how many of these they lack. Away is as in learning.Stand.
type GridRow struct {
	PersonID   int64
	GivenName  string
	FamilyName string
	UnitID     int64
	Unit       string
	people.Terms
	Stands  []learning.Stand
	Lacking learning.Lacking
	Away    *clock.Day
}

// Back is as in learning.Stand.
func (r GridRow) Back() (day clock.Day, known bool) { return learning.Stand{Away: r.Away}.Back() }

// GridOf is the page of the municipality's people on the day. fault.NotFound for
// those who do not see its coverage, and for an unknown unit, journey or course.
func GridOf(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, f Filter, day clock.Day) (Grid, error) {
	r, err := planned(ctx, q, viewer, m, day)
	if err != nil {
		return Grid{}, err
	}
	g := Grid{Journeys: r.journeys, Page: 1}
	if g.Units, err = unitsOf(ctx, q, m.ID, r); err != nil {
		return g, err
	}
	if f.JourneyID != 0 && !r.has(f.JourneyID) ||
		f.UnitID != 0 && !slices.ContainsFunc(g.Units, func(u organisation.Organisation) bool { return u.ID == f.UnitID }) {
		return g, fault.NotFound
	}
	g.Journey = r.shown(f.JourneyID, f.LacksID)
	columns := r.columns(g.Journey.ID)
	missing := -1
	for n, k := range columns {
		c := r.courses[k].Course
		if c.ID == f.LacksID {
			missing = n
		}
		g.Courses = append(g.Courses, c)
	}
	if f.LacksID != 0 && missing < 0 {
		return g, fault.NotFound
	}
	journeyID := g.Journey.ID
	if f.JourneyID == 0 && f.LacksID != 0 {
		journeyID = 0
	}
	chosen, lacks := r.lacking(f.UnitID, journeyID, columns, missing)
	switch f.Sort {
	case "-name":
		slices.Reverse(chosen)
	case "missing":
		slices.SortStableFunc(chosen, func(a, b *listed) int { return cmp.Compare(lacks[a], lacks[b]) })
	case "-missing":
		slices.SortStableFunc(chosen, func(a, b *listed) int { return cmp.Compare(lacks[b], lacks[a]) })
	}
	g.Total = len(chosen)
	shown := chosen
	if f.PerPage > 0 {
		g.Page = max(1, min(f.Page, (g.Total+f.PerPage-1)/f.PerPage))
		shown = chosen[min(g.Total, (g.Page-1)*f.PerPage):min(g.Total, g.Page*f.PerPage)]
	}
	if len(shown) == 0 {
		return g, nil
	}
	var ids []int64 // nil: they are many, and the municipality is read at once
	for _, p := range shown {
		g.Rows = append(g.Rows, GridRow{PersonID: p.id, UnitID: p.unit})
		if f.PerPage > 0 {
			ids = append(ids, p.id)
		}
	}
	if err := g.describe(ctx, q, m.ID, ids, day); err != nil {
		return g, err
	}
	if missing >= 0 {
		ids = nil // those on the other pages are counted, too
	}
	facts, err := aheadOf(ctx, q, m.ID, day, ids)
	if err != nil {
		return g, err
	}
	if missing >= 0 {
		for _, p := range chosen {
			g.Lacking.Count(facts.With(p.stand(columns[missing]), p.id, f.LacksID))
		}
	}
	for i, p := range shown {
		row := &g.Rows[i]
		row.Stands = make([]learning.Stand, len(columns))
		for n, k := range columns {
			row.Stands[n] = facts.With(p.stand(k), p.id, g.Courses[n].ID)
			row.Lacking.Count(row.Stands[n])
		}
	}
	return g, nil
}

// lacking are the people in the journey (0: in any), of the unit (0: of all) and, unless
// missing is -1, without the course of that column; with how many courses of the
// columns each lacks.
func (r *roster) lacking(unitID, journeyID int64, columns []int, missing int) (chosen []*listed, lacks map[*listed]int) {
	lacks = map[*listed]int{}
	for i := range r.people {
		p := &r.people[i]
		if unitID != 0 && p.unit != unitID || journeyID != 0 && !slices.Contains(p.journeys, journeyID) || missing >= 0 && !p.lacks(columns[missing]) {
			continue
		}
		chosen = append(chosen, p)
		for _, k := range columns {
			if p.lacks(k) {
				lacks[p]++
			}
		}
	}
	return chosen, lacks
}

// stand is how somebody stands with a course of the roster, as far as it tells:
// without what they have ahead.
func (p *listed) stand(course int) learning.Stand {
	s := learning.Stand{Meant: p.meant[course]}
	if p.done[course] != 0 {
		s.Done = &p.done[course]
	}
	return s
}

// lacks tells whether somebody lacks the course.
func (p *listed) lacks(course int) bool { return p.stand(course).Lacks() }

// columns are the courses of the journey in its order, as places in courses.
func (r *roster) columns(journeyID int64) (all []int) {
	for k, c := range r.courses {
		if journeyID != 0 && c.in(journeyID) {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(r.courses[a].place[journeyID], r.courses[b].place[journeyID]) })
	return all
}

// shown is the journey with the identity, or that with most people; of a course
// (0: any) among those that it belongs to.
func (r *roster) shown(id, courseID int64) (journey catalogue.Journey) {
	count := map[int64]int{}
	for _, p := range r.people {
		for _, j := range p.journeys {
			count[j]++
		}
	}
	most := 0
	for _, j := range r.journeys {
		ours := courseID == 0 || slices.ContainsFunc(r.courses, func(c rosterCourse) bool { return c.ID == courseID && c.in(j.ID) })
		if j.ID == id || id == 0 && ours && count[j.ID] > most {
			journey, most = j, count[j.ID]
		}
	}
	return journey
}

// unitsOf are where the roster's people work, in Swedish order.
func unitsOf(ctx context.Context, q db.Querier, municipalityID int64, r *roster) ([]organisation.Organisation, error) {
	works := map[int64]bool{}
	for _, p := range r.people {
		works[p.unit] = true
	}
	all, err := db.Rows(ctx, q, func(o *organisation.Organisation) []any { return []any{&o.ID, &o.Name} }, `
		SELECT
			id,
			name
		FROM organisation
		WHERE municipality_id = $1
		ORDER BY sort_key, id`, municipalityID)
	return slices.DeleteFunc(all, func(o organisation.Organisation) bool { return !works[o.ID] }), err
}

// describe adds the names, terms and leave of the rows; ids are theirs, or nil for
// the whole municipality.
func (g *Grid) describe(ctx context.Context, q db.Querier, municipalityID int64, ids []int64, day clock.Day) error {
	units := make(map[int64]string, len(g.Units))
	for _, u := range g.Units {
		units[u.ID] = u.Name
	}
	at := make(map[int64]int, len(g.Rows))
	for i := range g.Rows {
		g.Rows[i].Unit = units[g.Rows[i].UnitID]
		at[g.Rows[i].PersonID] = i
	}
	var b db.Builder
	b.Add(`
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			e.title,
			e.form,
			e.shift,
			l.to_day,
			l.id IS NOT NULL
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		LEFT JOIN leave AS l ON l.person_id = e.person_id AND l.from_day <= ? AND (l.to_day IS NULL OR l.to_day >= ?)
		WHERE e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) AND e.municipality_id = ?`, day, day, day, day, municipalityID)
	if ids != nil {
		is, args := db.In("e.person_id", ids)
		b.Add("AND "+is, args...)
	}
	type row struct {
		GridRow
		until *clock.Day
		away  bool
	}
	all, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.PersonID, &r.GivenName, &r.FamilyName, &r.Title, &r.Form, &r.Shift, &r.until, &r.away}
	}, b.String(), b.Args()...)
	if err != nil {
		return err
	}
	for _, a := range all {
		i, shown := at[a.PersonID]
		if !shown {
			continue
		}
		r := &g.Rows[i]
		r.GivenName, r.FamilyName, r.Terms = a.GivenName, a.FamilyName, a.Terms
		if a.away {
			r.Away = learning.AwayUntil(a.until)
		}
	}
	return nil
}
