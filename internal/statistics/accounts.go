package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// AccountRow is the accounts of one journey in one organisation. The role counts
// overlap, and an account may have no step.
//
// An account's base is what the journey's table is about: its step in an
// authority journey, the role employee in a provider journey. None counts the
// accounts with neither base nor the role manager, Overlap those with both, so
// that base + Managers − Overlap + None is Accounts.
type AccountRow struct {
	Organisation    organisation.Organisation // zero in the total
	Accounts        int
	Steps           []int // by the table's steps
	Employees       int
	Managers        int
	Trainers        int
	MunicipalAdmins int
	None            int
	Overlap         int
}

// AccountTable is a journey's accounts on a day; every organisation has a row,
// in Swedish order, also one without accounts. Who works for two of the organisations
// stands in both rows and once in the total: Twice is the accounts that the rows have more.
type AccountTable struct {
	Journey catalogue.Journey
	Day     clock.Day
	Steps   []catalogue.Step
	Rows    []AccountRow
	Total   AccountRow
	Twice   int `json:"-"`
}

// Course is a course with the step it belongs to in the table's journey; 0 and
// "" when it is outside the steps.
type Course struct {
	catalogue.Course
	StepID   int64
	StepSlug string
}

// CompletionRow is how many of an organisation's employees in the journey have
// completed each of the table's courses.
type CompletionRow struct {
	Organisation organisation.Organisation // zero in the total
	Employees    int
	Completed    []int // by the table's courses
}

// Share is the part of the employees that has completed the course with the
// index, in per cent.
func (r CompletionRow) Share(course int) Tenths { return Share(r.Completed[course], r.Employees) }

// CompletionTable is a journey's completions on a day, of the courses that had
// been published by then, in the journey's order.
type CompletionTable struct {
	Journey catalogue.Journey
	Day     clock.Day
	Courses []Course
	Rows    []CompletionRow
	Total   CompletionRow
}

// OfStep is the table with the courses of one step only.
func (t CompletionTable) OfStep(slug string) CompletionTable {
	part := CompletionTable{Journey: t.Journey, Day: t.Day}
	var kept []int
	for i, c := range t.Courses {
		if c.StepSlug == slug {
			kept = append(kept, i)
			part.Courses = append(part.Courses, c)
		}
	}
	pick := func(r CompletionRow) CompletionRow {
		picked := CompletionRow{Organisation: r.Organisation, Employees: r.Employees, Completed: make([]int, len(kept))}
		for i, from := range kept {
			picked.Completed[i] = r.Completed[from]
		}
		return picked
	}
	for _, r := range t.Rows {
		part.Rows = append(part.Rows, pick(r))
	}
	part.Total = pick(t.Total)
	return part
}

// Accounts is the journey's accounts per municipality of the region.
// fault.NotFound when the viewer may not see the region's figures.
func Accounts(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, day clock.Day) (AccountTable, error) {
	rows, err := municipalities(ctx, q, viewer, regionID)
	if err != nil {
		return AccountTable{}, err
	}
	return accounts(ctx, q, rows, regionID, journeyID, day)
}

// Completions is the journey's completions per municipality of the region.
// fault.NotFound when the viewer may not see the region's figures.
func Completions(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, day clock.Day) (CompletionTable, error) {
	rows, err := municipalities(ctx, q, viewer, regionID)
	if err != nil {
		return CompletionTable{}, err
	}
	return completions(ctx, q, rows, regionID, journeyID, day)
}

// Nation is the journey's accounts and completions per region of the country.
// fault.NotFound unless the viewer may see every region's figures.
func Nation(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID int64, day clock.Day) (AccountTable, CompletionTable, error) {
	if !access.Figures(viewer).Everything {
		return AccountTable{}, CompletionTable{}, fault.NotFound
	}
	rows, err := organisation.Regions(ctx, q)
	if err != nil {
		return AccountTable{}, CompletionTable{}, err
	}
	a, err := accounts(ctx, q, rows, 0, journeyID, day)
	if err != nil {
		return AccountTable{}, CompletionTable{}, err
	}
	c, err := completions(ctx, q, rows, 0, journeyID, day)
	return a, c, err
}

// region is nil when there is the region and the viewer may see its figures.
func region(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) error {
	if !access.Figures(viewer).Covers(access.Place{RegionID: regionID}) {
		return fault.NotFound
	}
	r, err := organisation.ByID(ctx, q, regionID)
	if err == nil && r.Kind != organisation.Region {
		return fault.NotFound
	}
	return err
}

func municipalities(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]organisation.Organisation, error) {
	if err := region(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	return organisation.Municipalities(ctx, q, regionID)
}

func journeyByID(ctx context.Context, q db.Querier, id int64) (catalogue.Journey, error) {
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return catalogue.Journey{}, err
	}
	for _, j := range journeys {
		if j.ID == id {
			return j, nil
		}
	}
	return catalogue.Journey{}, fault.NotFound
}

func accounts(ctx context.Context, q db.Querier, organisations []organisation.Organisation, regionID, journeyID int64, day clock.Day) (AccountTable, error) {
	t := AccountTable{Day: day}
	var err error
	if t.Journey, err = journeyByID(ctx, q, journeyID); err != nil {
		return t, err
	}
	if t.Steps, err = catalogue.Steps(ctx, q, journeyID); err != nil {
		return t, err
	}
	counted, err := count(ctx, q, regionID, journeyID, day)
	if err != nil {
		return t, err
	}
	step := make(map[int64]int, len(t.Steps))
	for i, s := range t.Steps {
		step[s.ID] = i
	}
	at := make(map[int64]int, len(organisations))
	for i, o := range organisations {
		at[o.ID] = i
		t.Rows = append(t.Rows, AccountRow{Organisation: o, Steps: make([]int, len(t.Steps))})
	}
	row, total := levels(regionID)
	t.Total.Steps = make([]int, len(t.Steps))
	for _, c := range counted {
		i, ok := c.row(at)
		if !ok {
			continue
		}
		for _, g := range c.groups {
			if g.reach >= row {
				t.Rows[i].count(g, t.Journey.Audience, step)
			}
			if g.reach >= total {
				t.Total.count(g, t.Journey.Audience, step)
			}
		}
	}
	t.Twice = -t.Total.Accounts
	for _, r := range t.Rows {
		t.Twice += r.Accounts
	}
	return t, nil
}

// levels are how far up an employment must count to stand in a row and in the total: of a
// region's municipalities, or (region 0) of the country's regions.
func levels(regionID int64) (row, total reach) {
	if regionID == 0 {
		return inRegion, inNation
	}
	return inMunicipality, inRegion
}

func (r *AccountRow) count(g group, audience catalogue.Audience, step map[int64]int) {
	r.Accounts += g.accounts
	i, hasStep := step[g.stepID]
	if hasStep {
		r.Steps[i] += g.accounts
	}
	for _, each := range []struct {
		role  int
		count *int
	}{{employee, &r.Employees}, {manager, &r.Managers}, {trainer, &r.Trainers}, {municipalAdmin, &r.MunicipalAdmins}} {
		if g.roles&each.role != 0 {
			*each.count += g.accounts
		}
	}
	base, leads := hasStep, g.roles&manager != 0
	if audience == catalogue.Provider {
		base = g.roles&employee != 0
	}
	switch {
	case base && leads:
		r.Overlap += g.accounts
	case !base && !leads:
		r.None += g.accounts
	}
}

// publishedCourses are the journey's courses that had a published edition on the day, in
// its order. A course that was retired stands among them to the end of its last year: the
// year's report has what was done in it. What is withdrawn later takes nothing out.
func publishedCourses(ctx context.Context, q db.Querier, journeyID int64, day clock.Day) ([]Course, error) {
	type published struct{ courseID, stepID int64 }
	steps, err := db.Rows(ctx, q, func(p *published) []any { return []any{&p.courseID, &p.stepID} }, `
		SELECT
			cj.course_id,
			COALESCE(cj.step_id, 0)
		FROM course_journey AS cj
		WHERE cj.journey_id = $1
		AND EXISTS (SELECT 1 FROM edition AS d WHERE d.course_id = cj.course_id AND d.published_on <= $2)
		AND (`+lifetime.HoldsSQL("cj.course_id", "$2")+` OR `+lifetime.HoldsSQL("cj.course_id", "$3")+`)`, journeyID, day, clock.YearStart(day.Year()))
	if err != nil {
		return nil, err
	}
	all, err := catalogue.Courses(ctx, q, journeyID)
	if err != nil {
		return nil, err
	}
	named, err := catalogue.Steps(ctx, q, journeyID)
	if err != nil {
		return nil, err
	}
	slug := map[int64]string{}
	for _, s := range named {
		slug[s.ID] = s.Slug
	}
	step := map[int64]int64{}
	for _, p := range steps {
		step[p.courseID] = p.stepID
	}
	var courses []Course
	for _, c := range all {
		if stepID, ok := step[c.ID]; ok {
			courses = append(courses, Course{Course: c, StepID: stepID, StepSlug: slug[stepID]})
		}
	}
	return courses, nil
}

func completions(ctx context.Context, q db.Querier, organisations []organisation.Organisation, regionID, journeyID int64, day clock.Day) (CompletionTable, error) {
	t := CompletionTable{Day: day}
	var err error
	if t.Journey, err = journeyByID(ctx, q, journeyID); err != nil {
		return t, err
	}
	if t.Courses, err = publishedCourses(ctx, q, journeyID, day); err != nil {
		return t, err
	}
	counted, err := count(ctx, q, regionID, journeyID, day)
	if err != nil {
		return t, err
	}
	course := make(map[int64]int, len(t.Courses))
	for i, c := range t.Courses {
		course[c.ID] = i
	}
	at := make(map[int64]int, len(organisations))
	for i, o := range organisations {
		at[o.ID] = i
		t.Rows = append(t.Rows, CompletionRow{Organisation: o, Completed: make([]int, len(t.Courses))})
	}
	row, total := levels(regionID)
	t.Total.Completed = make([]int, len(t.Courses))
	for _, c := range counted {
		i, ok := c.row(at)
		if !ok {
			continue
		}
		at := &t.Rows[i]
		for _, g := range c.groups {
			if g.roles&employee != 0 {
				at.Employees += g.in(row)
				t.Total.Employees += g.in(total)
			}
		}
		for _, done := range c.completed {
			if i, ok := course[done.courseID]; ok {
				at.Completed[i] += done.in(row)
				t.Total.Completed[i] += done.in(total)
			}
		}
	}
	return t, nil
}
