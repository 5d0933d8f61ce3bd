package rollout

import (
	"context"
	"errors"
	"slices"
	"sync"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
)

// roster is everybody of a municipality with an account in any journey against
// all courses of these journeys, as of a day: in the order of the names, without
// the names.
type roster struct {
	stamp    stamp
	journeys []catalogue.Journey // in which somebody has an account
	courses  []rosterCourse      // in the order of the journeys, each once
	people   []listed
	at       map[int64]int // the place of each person among people
}

// rosterCourse is a course with its place in the order of each journey that it
// belongs to.
type rosterCourse struct {
	catalogue.Course
	place map[int64]int
}

func (c rosterCourse) in(journeyID int64) bool {
	_, ours := c.place[journeyID]
	return journeyID == 0 || ours
}

// listed is one person. meant and done are by the roster's courses; done is 0
// for what is not completed.
type listed struct {
	id, unit int64
	journeys []int64
	meant    []bool
	done     []clock.Day
}

// rosters are kept for as long as the municipality's stamp stands (see the
// migration that makes figure_stamp), as statistics keeps its counts: reading
// 6 000 people takes a hundred times longer than looking at them. The stamp is
// read before the facts.
var rosters = struct {
	sync.Mutex
	of map[rosterKey]*roster
}{of: map[rosterKey]*roster{}}

type rosterKey struct {
	municipalityID int64
	day            clock.Day
}

// stamp changes with the facts of the municipality, with what is published, withdrawn
// and retired, and with the courses of the journeys.
type stamp struct{ facts, lifetimes, courses int64 }

// maxRosters bounds the memory: the largest municipality is about two megabytes.
const maxRosters = 40

func rosterOf(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (*roster, error) {
	now, err := db.Row(ctx, q, func(s *stamp) []any { return []any{&s.facts, &s.lifetimes, &s.courses} }, `
		SELECT
			stamp,
			`+lifetime.StampSQL+`,
			(SELECT COUNT(*) FROM course_journey)
		FROM figure_stamp
		WHERE municipality_id = $1`, municipalityID)
	if errors.Is(err, fault.NotFound) {
		return &roster{}, nil // nobody was ever employed there
	}
	if err != nil {
		return nil, err
	}
	key := rosterKey{municipalityID, day}
	rosters.Lock()
	kept := rosters.of[key]
	rosters.Unlock()
	if kept != nil && kept.stamp == now {
		return kept, nil
	}
	r := &roster{stamp: now}
	if err := r.read(ctx, q, municipalityID, day); err != nil {
		return nil, err
	}
	rosters.Lock()
	defer rosters.Unlock()
	if len(rosters.of) >= maxRosters {
		clear(rosters.of)
	}
	rosters.of[key] = r
	return r, nil
}

// within is the roster of the units of the municipality that the scope covers.
func (r *roster) within(scope access.Scope, m organisation.Organisation) *roster {
	some := &roster{courses: r.courses, at: map[int64]int{}}
	for _, p := range r.people {
		if scope.Covers(access.Place{RegionID: m.RegionID, MunicipalityID: m.ID, UnitID: p.unit}) {
			some.at[p.id] = len(some.people)
			some.people = append(some.people, p)
		}
	}
	for _, j := range r.journeys {
		if slices.ContainsFunc(some.people, func(p listed) bool { return slices.Contains(p.journeys, j.ID) }) {
			some.journeys = append(some.journeys, j)
		}
	}
	return some
}

func (r *roster) read(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) error {
	type account struct {
		person, unit, journey, step int64
		employee, manager           bool
	}
	accounts, err := db.Rows(ctx, q, func(a *account) []any {
		return []any{&a.person, &a.unit, &a.journey, &a.step, &a.employee, &a.manager}
	}, `
		SELECT
			e.person_id,
			e.organisation_id,
			a.journey_id,
			COALESCE((SELECT MAX(s.step_id) FROM account_step AS s WHERE s.account_id = a.id
				AND s.from_day <= $2 AND (s.to_day IS NULL OR s.to_day >= $2)), 0),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee'
				AND r.from_day <= $2 AND (r.to_day IS NULL OR r.to_day >= $2)),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'manager'
				AND r.from_day <= $2 AND (r.to_day IS NULL OR r.to_day >= $2))
		FROM employed AS e
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= $2 AND (a.closed_on IS NULL OR a.closed_on > $2)
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY e.sort_key, e.id`, municipalityID, day)
	if err != nil {
		return err
	}
	steps, err := r.readCourses(ctx, q, day, func(journey int64) bool {
		return slices.ContainsFunc(accounts, func(a account) bool { return a.journey == journey })
	})
	if err != nil {
		return err
	}
	at := make(map[int64]int, len(accounts))
	r.at = at
	for _, a := range accounts {
		i, known := at[a.person]
		if !known {
			i = len(r.people)
			at[a.person] = i
			r.people = append(r.people, listed{
				id: a.person, unit: a.unit, meant: make([]bool, len(r.courses)), done: make([]clock.Day, len(r.courses)),
			})
		}
		p := &r.people[i]
		p.journeys = append(p.journeys, a.journey)
		for k, c := range r.courses {
			if step, ours := steps[inJourney{c.ID, a.journey}]; ours && learning.MeantFor(c.Course, step, a.step, a.employee, a.manager) {
				p.meant[k] = true
			}
		}
	}
	type completion struct {
		person, course int64
		on             clock.Day
	}
	completions, err := db.Rows(ctx, q, func(c *completion) []any { return []any{&c.person, &c.course, &c.on} }, `
		SELECT
			c.person_id,
			c.course_id,
			c.completed_on
		FROM employed AS e
		JOIN completion AS c ON c.person_id = e.person_id AND c.revoked_at IS NULL AND c.completed_on <= $2
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)`, municipalityID, day)
	if err != nil {
		return err
	}
	columns := make(map[int64]int, len(r.courses))
	for k, c := range r.courses {
		columns[c.ID] = k
	}
	for _, c := range completions {
		i, listed := at[c.person]
		k, shown := columns[c.course]
		if listed && shown {
			r.people[i].done[k] = c.on
		}
	}
	return nil
}

// inJourney is a course in one of its journeys.
type inJourney struct{ course, journey int64 }

// readCourses reads the journeys that have people and the courses that people
// are asked for, and gives the step of each course in each of them.
func (r *roster) readCourses(ctx context.Context, q db.Querier, day clock.Day, has func(journey int64) bool) (map[inJourney]int64, error) {
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, j := range journeys {
		if has(j.ID) {
			r.journeys = append(r.journeys, j)
		}
	}
	type row struct {
		catalogue.Course
		journey, step int64
	}
	rows, err := db.Rows(ctx, q, func(c *row) []any {
		return []any{&c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Audience, &c.Days, &c.journey, &c.step}
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.audience,
			c.days,
			j.journey_id,
			COALESCE(j.step_id, 0)
		FROM course_journey AS j
		JOIN course AS c ON c.id = j.course_id
		WHERE `+lifetime.DemandedSQL("c.id", "$1")+`
		ORDER BY j.journey_id, j.ordinal`, day)
	if err != nil {
		return nil, err
	}
	steps := make(map[inJourney]int64, len(rows))
	for _, j := range r.journeys {
		for i, c := range rows {
			if c.journey != j.ID {
				continue
			}
			steps[inJourney{c.ID, j.ID}] = c.step
			k := slices.IndexFunc(r.courses, func(o rosterCourse) bool { return o.ID == c.ID })
			if k < 0 {
				k = len(r.courses)
				r.courses = append(r.courses, rosterCourse{Course: c.Course, place: map[int64]int{}})
			}
			r.courses[k].place[j.ID] = i
		}
	}
	return steps, nil
}
