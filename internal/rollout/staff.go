package rollout

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Member is one of a municipality's staff for whom the course is meant, as of a
// day: when they completed it, and where they have a seat if they have not.
type Member struct {
	Candidate
	people.Terms
	Done    *clock.Day
	NextID  int64      // the round in which they have a seat that is to come or unsettled, 0: none
	NextDay *clock.Day // its first day to come; its first day when it has been
	Away    *clock.Day // on leave, and back the day after this one; the year 9999 when nobody knows
}

// unknownReturn stands for an end that nobody knows.
var unknownReturn = clock.Date(9999, 12, 31)

// Back tells when somebody on leave is back: known is false when nobody knows.
func (m Member) Back() (day clock.Day, known bool) {
	if m.Away == nil || *m.Away == unknownReturn {
		return 0, false
	}
	return *m.Away + 1, true
}

// Missing tells whether somebody has neither completed the course nor a seat.
func (m Member) Missing() bool { return m.Done == nil && m.NextID == 0 }

// Staff are the municipality's employees for whom the course is meant, in the
// order of their names, as they are on the day. A viewer who plans for some of
// its units sees those of these units; one who plans for none sees nobody.
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
			p.given_name || ' ' || p.family_name,
			e.sort_key,
			e.organisation_id,
			o.name,
			e.title,
			e.form,
			e.shift,
			c.completed_on,
			COALESCE(cj.step_id, 0),
			COALESCE(st.step_id, 0),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'employee'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?)),
			EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role = 'manager'
				AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?))
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= ? AND (a.closed_on IS NULL OR a.closed_on > ?)
		JOIN course_journey AS cj ON cj.journey_id = a.journey_id AND cj.course_id = ?
		LEFT JOIN account_step AS st ON st.account_id = a.id AND st.from_day <= ? AND (st.to_day IS NULL OR st.to_day >= ?)
		LEFT JOIN completion AS c ON c.person_id = e.person_id AND c.course_id = cj.course_id
			AND c.revoked_at IS NULL AND c.completed_on <= ?`,
		day, day, day, day, day, day, courseID, day, day, day).
		Add(`WHERE e.municipality_id = ? AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)`, municipalityID, day, day).
		Add("AND "+condition, args...).
		Add("ORDER BY e.sort_key, e.person_id")
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.PersonID, &r.Name, &r.SortKey, &r.UnitID, &r.Unit, &r.Title, &r.Form, &r.Terms.Shift, &r.Done,
			&r.courseStep, &r.step, &r.employee, &r.manager,
		}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	seats, err := seatsToCome(ctx, q, municipalityID, courseID, day)
	if err != nil {
		return nil, err
	}
	away, err := onLeave(ctx, q, municipalityID, day)
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
		if s, ok := seats[r.PersonID]; ok && r.Done == nil {
			r.NextID, r.NextDay = s.round, &s.day
		}
		if until, ok := away[r.PersonID]; ok {
			r.Away = &until
		}
		all = append(all, r.Member)
	}
	return all, nil
}

type seat struct {
	person, round int64
	day           clock.Day
}

// unsettledDays is for how long after a round somebody who had a seat in it, and
// of whom nobody has said that they were away, counts as one who has a seat: the
// list may not be saved, or the approval not given. Meanwhile they are neither
// reminded nor put into another group.
const unsettledDays = 30

// nextSQL is the day of a seat n in a round r with the days d: the first to come,
// or the first one when the round is over. Its argument is today.
const nextSQL = `COALESCE(MIN(CASE WHEN d.day >= ? THEN d.day END), MIN(d.day))`

// addSeats adds the conditions on a seat n in a round r that it is to come or
// unsettled.
func addSeats(b *db.Builder, day clock.Day) *db.Builder {
	return b.Add(`AND n.withdrawn_at IS NULL
		AND r.cancelled_at IS NULL
		AND r.last_day >= ?
		AND (r.last_day >= ? OR NOT EXISTS (
			SELECT 1 FROM attendance AS a WHERE a.enrolment_id = n.id AND a.mark NOT IN ('present', 'late')))`, day-unsettledDays, day)
}

// seatsToCome are the first seats to come, or unsettled, at rounds of the course,
// local or not, by person.
func seatsToCome(ctx context.Context, q db.Querier, municipalityID, courseID int64, day clock.Day) (map[int64]seat, error) {
	var b db.Builder
	b.Add("SELECT n.person_id, r.id, "+nextSQL+" AS next", day).
		Add(`
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN enrolment AS n ON n.round_id = r.id
		JOIN employment AS e ON e.person_id = n.person_id AND e.municipality_id = ?
			AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		WHERE r.course_id = ?`, municipalityID, day, day, courseID)
	addSeats(&b, day).Add("GROUP BY n.person_id, r.id, r.last_day ORDER BY r.last_day >= ?, next DESC, r.id DESC", day)
	all, err := db.Rows(ctx, q, func(s *seat) []any { return []any{&s.person, &s.round, &s.day} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	first := make(map[int64]seat, len(all))
	for _, s := range all { // the first one to come comes last
		first[s.person] = s
	}
	return first, nil
}

// onLeave are those of the municipality who are on leave on the day, with the
// last day of it.
func onLeave(ctx context.Context, q db.Querier, municipalityID int64, day clock.Day) (map[int64]clock.Day, error) {
	type row struct {
		person int64
		until  *clock.Day
	}
	all, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.until} }, `
		SELECT
			l.person_id,
			l.to_day
		FROM employment AS e
		JOIN leave AS l ON l.person_id = e.person_id AND l.from_day <= $2 AND (l.to_day IS NULL OR l.to_day >= $2)
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)`, municipalityID, day)
	if err != nil {
		return nil, err
	}
	away := make(map[int64]clock.Day, len(all))
	for _, r := range all {
		if r.until == nil {
			r.until = &unknownReturn
		}
		away[r.person] = *r.until
	}
	return away, nil
}

// forPlanners is Staff for those who plan the municipality's courses;
// fault.NotFound for others.
func forPlanners(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, courseID int64, day clock.Day) ([]Member, error) {
	if !access.PlanRollout(viewer).Covers(m.Place()) {
		return nil, fault.NotFound
	}
	return Staff(ctx, q, viewer, m.ID, courseID, day)
}
