package statistics

import (
	"context"
	"errors"
	"slices"
	"sync"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// UnitRow is one unit, or those employed by the municipality itself, in one
// journey. Completed is by the journey's courses, of the employees.
type UnitRow struct {
	ID        int64 // of the unit; the municipality's own for those in no unit; 0 in a total
	Name      string
	People    int // employed there, in any journey or none
	Accounts  int
	Employees int
	Completed []int
}

// Share is the part of the employees that has completed the course with the
// index, in per cent.
func (r UnitRow) Share(course int) Tenths { return Share(r.Completed[course], r.Employees) }

// JourneyUnits is a journey in a municipality, unit by unit. Courses are those
// published by the day.
type JourneyUnits struct {
	Journey catalogue.Journey
	Courses []catalogue.Course
	Units   []UnitRow
	Total   UnitRow
}

// MunicipalityFigures is a municipality on a day. Journeys are those in which
// anybody there has an account.
type MunicipalityFigures struct {
	Day            clock.Day
	People         int // employed there
	WithoutAccount int
	Journeys       []JourneyUnits
}

// Municipality is the municipality's figures, unit by unit. fault.NotFound when
// the viewer may not see the figures of its region. Units are small enough to
// point at people: a page shows them to those only who may see the people.
func Municipality(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, day clock.Day) (MunicipalityFigures, error) {
	if m.Kind != organisation.Municipality || !access.Figures(viewer).Covers(m.Place()) {
		return MunicipalityFigures{}, fault.NotFound
	}
	units, err := organisation.Units(ctx, q, m.ID, day)
	if err != nil {
		return MunicipalityFigures{}, err
	}
	counted, err := countUnits(ctx, q, m.ID, day)
	if err != nil {
		return MunicipalityFigures{}, err
	}
	return figuresOf(ctx, q, append(units, m), counted, day)
}

// District is the same of a district: its office and the units that belong to it on the day.
// fault.NotFound for those who may not see the people there.
func District(ctx context.Context, q db.Querier, viewer access.Viewer, d organisation.Organisation, day clock.Day) (MunicipalityFigures, error) {
	if !d.District || !access.Staff(viewer).Covers(d.Place()) {
		return MunicipalityFigures{}, fault.NotFound
	}
	units, err := organisation.Units(ctx, q, d.MunicipalityID, day)
	if err != nil {
		return MunicipalityFigures{}, err
	}
	belongs, err := organisation.DistrictOf(ctx, q, d.MunicipalityID, day)
	if err != nil {
		return MunicipalityFigures{}, err
	}
	counted, err := countUnits(ctx, q, d.MunicipalityID, day)
	if err != nil {
		return MunicipalityFigures{}, err
	}
	units = slices.DeleteFunc(units, func(u organisation.Organisation) bool { return belongs[u.ID] != d.ID })
	here := map[int64]bool{}
	for _, u := range units {
		here[u.ID] = true
	}
	in := func(all []unitCount) (some []unitCount) { // what is counted is kept, so it is not changed
		for _, c := range all {
			if here[c.organisationID] {
				some = append(some, c)
			}
		}
		return some
	}
	counted.employed, counted.opened, counted.completed = in(counted.employed), in(counted.opened), in(counted.completed)
	return figuresOf(ctx, q, units, counted, day)
}

// By adds up the units by what of says they belong to, in the order of the first unit of each.
func (j JourneyUnits) By(of func(unitID int64) int64) (all []UnitRow) {
	at := map[int64]int{}
	for _, u := range j.Units {
		id := of(u.ID)
		i, known := at[id]
		if !known {
			i = len(all)
			at[id] = i
			all = append(all, UnitRow{ID: id, Completed: make([]int, len(u.Completed))})
		}
		sum := &all[i]
		sum.People, sum.Accounts, sum.Employees = sum.People+u.People, sum.Accounts+u.Accounts, sum.Employees+u.Employees
		for k, n := range u.Completed {
			sum.Completed[k] += n
		}
	}
	return all
}

// figuresOf are the figures of the units, of whom there are those counts.
func figuresOf(ctx context.Context, q db.Querier, units []organisation.Organisation, counted unitCounts, day clock.Day) (MunicipalityFigures, error) {
	f := MunicipalityFigures{Day: day}
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return f, err
	}
	employed, opened, completed := counted.employed, counted.opened, counted.completed
	people, inJourney := map[int64]int{}, map[int64]bool{}
	for _, c := range employed {
		people[c.organisationID] = int(c.all)
		f.People += int(c.all)
		f.WithoutAccount += int(c.all - c.some)
	}
	for _, c := range opened {
		inJourney[c.journeyID] = true
	}
	for _, j := range journeys {
		if !inJourney[j.ID] {
			continue
		}
		courses, err := publishedCourses(ctx, q, j.ID, day)
		if err != nil {
			return f, err
		}
		t := JourneyUnits{Journey: j, Total: UnitRow{People: f.People, Completed: make([]int, len(courses))}}
		course := make(map[int64]int, len(courses))
		for i, c := range courses {
			course[c.ID] = i
			t.Courses = append(t.Courses, c.Course)
		}
		at := make(map[int64]int, len(units))
		for i, u := range units {
			at[u.ID] = i
			t.Units = append(t.Units, UnitRow{ID: u.ID, Name: u.Name, People: people[u.ID], Completed: make([]int, len(courses))})
		}
		for _, c := range opened {
			if c.journeyID == j.ID {
				row := &t.Units[at[c.organisationID]]
				row.Accounts, row.Employees = int(c.all), int(c.some)
				t.Total.Accounts += row.Accounts
				t.Total.Employees += row.Employees
			}
		}
		for _, c := range completed {
			if i, ok := course[c.courseID]; ok && c.journeyID == j.ID {
				t.Units[at[c.organisationID]].Completed[i] = int(c.all)
				t.Total.Completed[i] += int(c.all)
			}
		}
		f.Journeys = append(f.Journeys, t)
	}
	return f, nil
}

// unitCount is two counts of one organisation's people: in a journey, of a
// course, or of neither.
type unitCount struct{ organisationID, journeyID, courseID, all, some int64 }

func (c *unitCount) columns() []any {
	return []any{&c.organisationID, &c.journeyID, &c.courseID, &c.all, &c.some}
}

// unitCounts is what was counted of a municipality's units on a day.
type unitCounts struct {
	stamp                       int64
	employed, opened, completed []unitCount
}

type unitsOf struct {
	municipalityID int64
	day            clock.Day
}

// keptUnits is what has been counted of units, for as long as the
// municipality's stamp stands; see kept.
var keptUnits = struct {
	sync.Mutex
	counts map[unitsOf]unitCounts
}{counts: map[unitsOf]unitCounts{}}

// maxKeptUnits is how many municipalities' counts are kept: a day of the whole
// country, some ten megabytes.
const maxKeptUnits = 300

func countUnits(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (unitCounts, error) {
	stamp, err := db.Row(ctx, q, db.One[int64], `SELECT stamp FROM figure_stamp WHERE municipality_id = $1`, municipalityID)
	if errors.Is(err, fault.NotFound) {
		return unitCounts{}, nil // nobody was ever employed there
	}
	if err != nil {
		return unitCounts{}, err
	}
	key := unitsOf{municipalityID, day}
	keptUnits.Lock()
	c, ok := keptUnits.counts[key]
	keptUnits.Unlock()
	if ok && c.stamp == stamp {
		return c, nil
	}
	if c, err = askUnits(ctx, q, municipalityID, day); err != nil {
		return c, err
	}
	c.stamp = stamp
	keptUnits.Lock()
	if len(keptUnits.counts) >= maxKeptUnits {
		clear(keptUnits.counts)
	}
	keptUnits.counts[key] = c
	keptUnits.Unlock()
	return c, nil
}

func askUnits(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (c unitCounts, err error) {
	const here = `
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)`
	const open = `
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= $2 AND (a.closed_on IS NULL OR a.closed_on > $2)
			AND NOT EXISTS (SELECT 1 FROM account_closure AS k WHERE k.account_id = a.id AND k.closed_on <= $2 AND k.reopened_on > $2)`
	const isEmployee = `EXISTS (
			SELECT 1
			FROM account_role AS r
			WHERE r.account_id = a.id
			AND r.role = 'employee'
			AND r.from_day <= $2
			AND (r.to_day IS NULL OR r.to_day >= $2))`
	c.employed, err = db.Rows(ctx, q, (*unitCount).columns, `
		SELECT
			e.organisation_id,
			0,
			0,
			`+amongFew("1", "e.protected")+`,
			`+amongFew(`CASE WHEN EXISTS (
				SELECT 1
				FROM account AS a
				WHERE a.person_id = e.person_id
				AND a.opened_on <= $2
				AND (a.closed_on IS NULL OR a.closed_on > $2)
				AND NOT EXISTS (SELECT 1 FROM account_closure AS k WHERE k.account_id = a.id AND k.closed_on <= $2 AND k.reopened_on > $2)) THEN 1 ELSE 0 END`, "e.protected")+`
		FROM counted AS e`+here+`
		GROUP BY e.organisation_id`, municipalityID, day)
	if err != nil {
		return c, err
	}
	c.opened, err = db.Rows(ctx, q, (*unitCount).columns, `
		SELECT
			e.organisation_id,
			a.journey_id,
			0,
			`+amongFew("1", "e.protected")+`,
			`+amongFew("CASE WHEN "+isEmployee+" THEN 1 ELSE 0 END", "e.protected")+`
		FROM counted AS e`+open+here+`
		GROUP BY e.organisation_id, a.journey_id`, municipalityID, day)
	if err != nil {
		return c, err
	}
	c.completed, err = db.Rows(ctx, q, (*unitCount).columns, `
		SELECT
			e.organisation_id,
			a.journey_id,
			c.course_id,
			`+amongFew("1", "e.protected")+`,
			0
		FROM counted AS e`+open+`
		JOIN completion AS c ON c.person_id = e.person_id AND c.revoked_at IS NULL AND c.completed_on <= $2
		JOIN course_journey AS cj ON cj.course_id = c.course_id AND cj.journey_id = a.journey_id`+here+`
		AND `+isEmployee+`
		GROUP BY e.organisation_id, a.journey_id, c.course_id`, municipalityID, day)
	return c, err
}
