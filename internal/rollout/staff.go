package rollout

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Member is one of a municipality's staff for whom the course is meant, and how
// they stand with it on a day.
type Member struct {
	Candidate
	people.Terms
	learning.Stand
}

// Staff are the municipality's employees for whom the course is meant, in the
// order of their names, as they are on the day. A viewer who plans for some of
// its units sees those of these units; one who plans for none sees nobody. Nobody lacks a
// course that is not demanded on the day.
func Staff(ctx context.Context, q db.Querier, viewer access.Viewer, municipalityID, courseID int64, day clock.Day) ([]Member, error) {
	course, err := catalogue.CourseByID(ctx, q, courseID)
	if err != nil {
		return nil, err
	}
	type row struct {
		Member
		courseStep, step  int64
		employee, manager bool
	}
	condition, args := access.PlanLocally(viewer).Where(access.Columns{
		Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id",
	})
	var b db.Builder
	b.Add(`
		SELECT
			e.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			e.sort_key,
			e.organisation_id,
			o.name,
			e.title,
			e.form,
			e.shift,
			COALESCE(cj.step_id, 0),
			COALESCE(st.step_id, 0),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?)),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'manager'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?))
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		JOIN course_journey AS cj ON cj.journey_id = a.journey_id AND cj.course_id = ?
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= ? AND (st.to_day IS NULL OR st.to_day >= ?)`,
		day, day, day, day, day, day, courseID, day, day).
		Add(`WHERE e.municipality_id = ? AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)`, municipalityID, day, day).
		Add("AND "+condition, args...).
		Add("ORDER BY e.sort_key, e.person_id")
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.PersonID, &r.Name, &r.SortKey, &r.UnitID, &r.Unit, &r.Title, &r.Form, &r.Terms.Shift,
			&r.courseStep, &r.step, &r.employee, &r.manager,
		}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	demanded, err := lifetime.Demanded(ctx, q, courseID, day)
	if err != nil {
		return nil, err
	}
	facts, err := learning.FactsOf(ctx, q, learning.Reading{Where: "e.municipality_id = ?", Args: []any{municipalityID}, CourseID: courseID}, day)
	if err != nil {
		return nil, err
	}
	var all []Member
	for _, r := range rows {
		if !learning.MeantFor(course, r.courseStep, r.step, r.employee, r.manager) ||
			len(all) > 0 && all[len(all)-1].PersonID == r.PersonID { // the course is in two of their journeys
			continue
		}
		r.Candidate.Shift = r.Terms.Shift
		r.Stand = facts.Stand(r.PersonID, courseID, demanded)
		all = append(all, r.Member)
	}
	return all, nil
}

// forPlanners is Staff for those who see the municipality's coverage, or that of a part of it;
// fault.NotFound for others.
func forPlanners(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, courseID int64, day clock.Day) ([]Member, error) {
	if !access.CoverageIn(viewer, m.Place()) {
		return nil, fault.NotFound
	}
	return Staff(ctx, q, viewer, m.ID, courseID, day)
}
