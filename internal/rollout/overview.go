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

// courseSeat is a seat to come at a round of a course.
type courseSeat struct {
	person, course int64
	day            clock.Day
}

// personCourse is somebody in a course.
type personCourse struct{ person, course int64 }

// nextDays are the days of the seats that those of the municipality have in any
// course, to come or unsettled; persons narrows to some, nil is all.
func nextDays(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day, persons []int64) (map[personCourse]clock.Day, error) {
	var b db.Builder
	b.Add("SELECT n.person_id, r.course_id, "+nextSQL, day)
	if persons == nil {
		b.Add(`
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN enrolment AS n ON n.round_id = r.id
		JOIN employment AS e ON e.person_id = n.person_id AND e.municipality_id = ?
			AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		WHERE TRUE`, municipalityID, day, day)
	} else {
		is, args := db.In("n.person_id", persons)
		b.Add(`
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		JOIN course_day AS d ON d.round_id = r.id
		WHERE `+is, args...)
	}
	addSeats(&b, day).Add("GROUP BY n.person_id, r.course_id")
	all, err := db.Rows(ctx, q, func(s *courseSeat) []any { return []any{&s.person, &s.course, &s.day} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	next := make(map[personCourse]clock.Day, len(all))
	for _, s := range all {
		next[personCourse{s.person, s.course}] = s.day
	}
	return next, nil
}

// planned is the municipality's roster for those who plan its courses;
// fault.NotFound for others.
func planned(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, day clock.Day) (*roster, error) {
	if !access.PlanRollout(viewer).Covers(m.Place()) {
		return nil, fault.NotFound
	}
	return rosterOf(ctx, q, m.ID, day)
}

// OverviewOf is the municipality's overview on the day, of one journey or (0) of
// all. fault.NotFound for those who do not plan its courses and for a journey in
// which nobody has an account.
func OverviewOf(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, journeyID int64, day clock.Day) (Overview, error) {
	r, err := planned(ctx, q, viewer, m, day)
	if err != nil {
		return Overview{}, err
	}
	if journeyID != 0 && !r.has(journeyID) {
		return Overview{}, fault.NotFound
	}
	next, err := nextDays(ctx, q, m.ID, day, nil)
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
				counts[k].add(p.done[k] != 0, false)
			}
		}
	}
	column := make(map[int64]int, len(r.courses))
	for k, c := range r.courses {
		column[c.ID] = k
	}
	for seat := range next { // few of those who miss a course have one
		i, listed := r.at[seat.person]
		k, shown := column[seat.course]
		if listed && shown && r.people[i].meant[k] && r.people[i].done[k] == 0 && (journeyID == 0 || slices.Contains(r.people[i].journeys, journeyID)) {
			counts[k].Missing--
			counts[k].Seated++
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
// of MissingID belongs to. MissingID keeps those whom the course is meant for and
// who have not completed it.
type Filter struct {
	UnitID    int64
	JourneyID int64
	MissingID int64
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
	Total    int // people who fit, on all pages
	Page     int
}

// GridRow is one of the people. Meant, Done and Next are by the grid's courses:
// Done is 0 for what is not completed, Next the day on which they have a seat
// to it, 0 for none. Away is as in Member.
type GridRow struct {
	PersonID   int64
	GivenName  string
	FamilyName string
	UnitID     int64
	Unit       string
	people.Terms
	Meant   []bool
	Done    []clock.Day
	Next    []clock.Day
	Missing int
	Away    *clock.Day
}

// Back is as in Member.
func (r GridRow) Back() (day clock.Day, known bool) { return Member{Away: r.Away}.Back() }

// GridOf is the page of the municipality's people on the day. fault.NotFound for
// those who do not plan its courses, and for an unknown unit, journey or course.
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
	g.Journey = r.shown(f.JourneyID, f.MissingID)
	columns := r.columns(g.Journey.ID)
	missing := -1
	for n, k := range columns {
		c := r.courses[k].Course
		if c.ID == f.MissingID {
			missing = n
		}
		g.Courses = append(g.Courses, c)
	}
	if f.MissingID != 0 && missing < 0 {
		return g, fault.NotFound
	}
	chosen, lacks := r.lacking(f.UnitID, g.Journey.ID, columns, missing)
	switch f.Sort {
	case "-name":
		slices.Reverse(chosen)
	case "missing":
		slices.SortStableFunc(chosen, func(a, b *listed) int { return cmp.Compare(lacks[a], lacks[b]) })
	case "-missing":
		slices.SortStableFunc(chosen, func(a, b *listed) int { return cmp.Compare(lacks[b], lacks[a]) })
	}
	g.Total = len(chosen)
	if f.PerPage > 0 {
		g.Page = max(1, min(f.Page, (g.Total+f.PerPage-1)/f.PerPage))
		chosen = chosen[min(g.Total, (g.Page-1)*f.PerPage):min(g.Total, g.Page*f.PerPage)]
	}
	for _, p := range chosen {
		row := GridRow{PersonID: p.id, UnitID: p.unit, Missing: lacks[p]}
		for _, k := range columns {
			row.Meant = append(row.Meant, p.meant[k])
			row.Done = append(row.Done, p.done[k])
		}
		row.Next = make([]clock.Day, len(columns))
		g.Rows = append(g.Rows, row)
	}
	return g, g.describe(ctx, q, m.ID, f.PerPage == 0, day)
}

// lacking are the people in the journey, of the unit (0: of all) and, unless
// missing is -1, without the course of that column; with how many courses of the
// columns each lacks.
func (r *roster) lacking(unitID, journeyID int64, columns []int, missing int) (chosen []*listed, lacks map[*listed]int) {
	lacks = map[*listed]int{}
	for i := range r.people {
		p := &r.people[i]
		if unitID != 0 && p.unit != unitID || !slices.Contains(p.journeys, journeyID) || missing >= 0 && !p.lacks(columns[missing]) {
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

// lacks tells whether the course is meant for somebody who has not completed it.
func (p *listed) lacks(course int) bool { return p.meant[course] && p.done[course] == 0 }

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

// describe adds the names, terms, seats to come and leave of the rows. whole
// tells that they are many: then the municipality is read at once.
func (g *Grid) describe(ctx context.Context, q db.Querier, municipalityID int64, whole bool, day clock.Day) error {
	units := make(map[int64]string, len(g.Units))
	for _, u := range g.Units {
		units[u.ID] = u.Name
	}
	at := make(map[int64]int, len(g.Rows))
	ids := make([]int64, len(g.Rows))
	for i := range g.Rows {
		g.Rows[i].Unit = units[g.Rows[i].UnitID]
		at[g.Rows[i].PersonID], ids[i] = i, g.Rows[i].PersonID
	}
	if len(ids) == 0 {
		return nil
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
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		LEFT JOIN leave AS l ON l.person_id = e.person_id AND l.from_day <= ? AND (l.to_day IS NULL OR l.to_day >= ?)
		WHERE e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) AND e.municipality_id = ?`, day, day, day, day, municipalityID)
	if whole {
		ids = nil
	} else {
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
		switch {
		case !a.away:
		case a.until == nil:
			r.Away = &unknownReturn
		default:
			r.Away = a.until
		}
	}
	next, err := nextDays(ctx, q, municipalityID, day, ids)
	if err != nil {
		return err
	}
	columns := make(map[int64]int, len(g.Courses))
	for k, c := range g.Courses {
		columns[c.ID] = k
	}
	for seat, on := range next {
		i, shown := at[seat.person]
		k, column := columns[seat.course]
		if shown && column && g.Rows[i].Done[k] == 0 {
			g.Rows[i].Next[k] = on
		}
	}
	return nil
}
