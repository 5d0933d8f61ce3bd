package planning

import (
	"context"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
)

// place is whose the round will be.
func (n *New) place() access.Place {
	return access.Place{RegionID: n.RegionID, MunicipalityID: n.MunicipalityID, UnitID: n.UnitID}
}

// locate finds the municipality and the region of a local round, and the sign-up
// that it has when nobody says otherwise; it leaves other rounds as they are.
// fault.NotFound for a place that is none, or whose parts do not belong together.
func (n *New) locate(ctx context.Context, q db.Querier, today clock.Day) error {
	id, kind := n.MunicipalityID, organisation.Municipality
	if n.UnitID != 0 {
		id, kind = n.UnitID, organisation.Unit
	}
	if id == 0 {
		return nil
	}
	o, err := organisation.ByID(ctx, q, id)
	if err != nil {
		return err
	}
	if o.Kind != kind || n.MunicipalityID != 0 && o.MunicipalityID != n.MunicipalityID {
		return fault.NotFound
	}
	n.MunicipalityID, n.RegionID = o.MunicipalityID, o.RegionID
	if strings.TrimSpace(n.Label) == "" {
		n.Label = o.Name
	}
	n.openFrom(today)
	return nil
}

// holdUnit refuses a day on which the unit that gives the round is closed, and keeps it
// from being closed meanwhile.
func (n *New) holdUnit(ctx context.Context, tx *db.Tx) error {
	if n.UnitID == 0 {
		return nil
	}
	unit, err := organisation.ByID(ctx, tx, n.UnitID)
	if err != nil {
		return err
	}
	last := len(n.Days) - 1
	return organisation.HoldOpen(ctx, tx, unit, &n.Days[last].Day, fmt.Sprintf("days.%d.day", last))
}

// openFrom is the sign-up of a local round when nobody says otherwise.
func (n *New) openFrom(today clock.Day) {
	if len(n.Days) == 0 {
		return
	}
	first := n.Days[0].Day
	if n.SignupFrom == 0 {
		n.SignupFrom = min(today, first)
	}
	if n.SignupUntil == 0 {
		n.SignupUntil = first
	}
}

// checkLeaders refuses those who may not lead the days of a local round; kept are
// those who hold its days already. Of other rounds it asks nothing.
func (n *New) checkLeaders(ctx context.Context, q db.Querier, kept map[int64]bool) error {
	if n.MunicipalityID == 0 {
		return nil
	}
	for i, d := range n.Days {
		var persons []int64
		for _, t := range d.Trainers {
			if !kept[t.PersonID] {
				persons = append(persons, t.PersonID)
			}
		}
		if err := checkLeaders(ctx, q, n.RegionID, n.MunicipalityID, d.Day, persons, fmt.Sprintf("days.%d.trainers", i)); err != nil {
			return err
		}
	}
	return nil
}

// checkLeaders refuses, as a fault of the field, persons who are neither employed
// in the municipality on the day nor in a team of the region: who leads a day
// sees who takes part in it.
func checkLeaders(ctx context.Context, q db.Querier, regionID, municipalityID int64, day clock.Day, persons []int64, field string) error {
	if len(persons) == 0 {
		return nil
	}
	is, args := db.In("p.id", persons)
	var b db.Builder
	b.Add(`
		SELECT COUNT(*)
		FROM person AS p
		WHERE `+is, args...).
		Add(`AND (
			EXISTS (
				SELECT 1
				FROM employment AS e
				WHERE e.person_id = p.id
				AND e.municipality_id = ?
				AND e.from_day <= ?
				AND (e.to_day IS NULL OR e.to_day >= ?)
			)
			OR EXISTS (
				SELECT 1
				FROM trainer AS t
				WHERE t.person_id = p.id
				AND t.region_id = ?
				AND (t.ended_on IS NULL OR t.ended_on >= ?)
			)
		)`, municipalityID, day, day, regionID, day)
	known, err := db.Row(ctx, q, db.One[int], b.String(), b.Args()...)
	if err == nil && known < len(persons) {
		err = fault.Invalid(field, "round.leader_elsewhere")
	}
	return err
}

// PlanLocal plans and publishes a local round and puts the persons into it, on
// the word of those who plan it: neither a sign-up nor a manager's answer is
// needed. Without a Capacity, or with one that is too small, there is a seat for
// each of them. fault.Invalid of the field person when somebody is not employed,
// today or on the first day, where the viewer plans; otherwise as Plan. Who has
// completed the course, has another seat or is on leave is not asked: those who
// plan have chosen.
func PlanLocal(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, persons []int64, now clock.Instant) (int64, error) {
	if n.MunicipalityID == 0 && n.UnitID == 0 {
		return 0, fault.NotFound
	}
	n.Capacity = max(n.Capacity, len(persons), 1)
	id, err := plan(ctx, tx, viewer, &n, now)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE round SET published_at = $2, confirmed_at = $2 WHERE id = $1`, id, now); err != nil {
		return 0, err
	}
	events := round.NewLog(id, viewer, now)
	for _, kind := range []round.Kind{round.WasPublished, round.WasConfirmed} { // who leads is told of the second
		if err := events.Add(kind, 0, 0, round.Words{}); err != nil {
			return 0, err
		}
	}
	if len(persons) > 0 {
		if err := n.mayPutIn(ctx, tx, viewer, persons, now.Day()); err != nil {
			return 0, err
		}
		rows := make([][]any, len(persons))
		for i, person := range persons {
			rows[i] = []any{id, person, now, viewer.ActorID()}
			if err := events.Add(round.WasEnrolled, 0, person, round.Words{}); err != nil {
				return 0, err
			}
		}
		if err := db.Insert(ctx, tx, "enrolment", []string{"round_id", "person_id", "enrolled_at", "enrolled_by"}, rows); err != nil {
			return 0, err
		}
		in, args := db.In("person_id", persons)
		var b db.Builder
		b.Add("UPDATE interest SET ended_at = ?, ended_how = 'seated' WHERE course_id = ? AND ended_at IS NULL", now, n.CourseID).Add("AND "+in, args...)
		if _, err := db.Exec(ctx, tx, b.String(), b.Args()...); err != nil {
			return 0, err
		}
	}
	return id, events.Write(ctx, tx)
}

// mayPutIn is nil when each of the persons is employed in the municipality, today
// or on the first day, and there where the viewer plans local rounds; somebody
// named twice is a fault too.
func (n *New) mayPutIn(ctx context.Context, q db.Querier, viewer access.Viewer, persons []int64, today clock.Day) error {
	first := n.Days[0].Day
	in, args := db.In("e.person_id", persons)
	// The signs keep SQLite from walking through the whole municipality for a group.
	here, more := access.PlanLocally(viewer).Where(access.Columns{Region: "+e.region_id", Municipality: "+e.municipality_id", Unit: "+e.organisation_id"})
	var b db.Builder
	b.Add("SELECT COUNT(DISTINCT e.person_id) FROM employment AS e WHERE "+in, args...).
		Add("AND "+here, more...).
		Add("AND +e.municipality_id = ?", n.MunicipalityID).
		Add("AND (e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) OR e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?))", today, today, first, first)
	known, err := db.Row(ctx, q, db.One[int], b.String(), b.Args()...)
	if err == nil && known < len(persons) {
		err = fault.Invalid("person", "round.persons_elsewhere", "Count", len(persons)-known)
	}
	return err
}

// Leader is somebody who could lead a local day. InTeam tells that they are ready
// to teach the course.
type Leader struct {
	PersonID int64
	Name     string
	Unit     string
	InTeam   bool
	Manager  bool
}

// Leaders are those to think of first to lead an occasion of the course in the
// municipality: those of the region's teams who work there, the course's own
// first, and the managers, those of the unit first; unitID is 0 for none. Others
// who work there may lead too. fault.NotFound for those who plan nothing there.
func Leaders(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, place access.Place, today clock.Day) ([]Leader, error) {
	if place.MunicipalityID == 0 || !round.ManagesAt(viewer, place) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, func(l *Leader) []any { return []any{&l.PersonID, &l.Name, &l.Unit, &l.InTeam, &l.Manager} }, `
		SELECT
			a.person_id,
			a.name,
			a.unit,
			a.in_team = 1,
			a.manages = 1
		FROM (
			SELECT
				p.id AS person_id,
				TRIM(p.given_name || ' ' || p.family_name) AS name,
				p.sort_key,
				o.name AS unit,
				CASE WHEN e.organisation_id = $3 THEN 1 ELSE 0 END AS here,
				CASE WHEN EXISTS (
					SELECT 1 FROM trainer AS t WHERE t.person_id = p.id AND t.course_id = $1 AND t.ready_on <= $4 AND (t.ended_on IS NULL OR t.ended_on >= $4)
				) THEN 1 ELSE 0 END AS in_team,
				CASE WHEN EXISTS (
					SELECT 1 FROM trainer AS t WHERE t.person_id = p.id AND (t.ended_on IS NULL OR t.ended_on >= $4)
				) THEN 1 ELSE 0 END AS teaches,
				CASE WHEN EXISTS (
					SELECT 1 FROM role_grant AS g
					WHERE g.person_id = p.id AND g.role = 'manager' AND g.from_day <= $4 AND (g.to_day IS NULL OR g.to_day >= $4)
				) THEN 1 ELSE 0 END AS manages
			FROM employed AS e
			JOIN person AS p ON p.id = e.person_id
			JOIN organisation AS o ON o.id = e.organisation_id
			WHERE e.municipality_id = $2
			AND e.from_day <= $4
			AND (e.to_day IS NULL OR e.to_day >= $4)
			AND p.id IN (
				SELECT t.person_id FROM trainer AS t WHERE t.ended_on IS NULL OR t.ended_on >= $4
				UNION
				SELECT g.person_id FROM role_grant AS g WHERE g.role = 'manager' AND (g.to_day IS NULL OR g.to_day >= $4)
			)
		) AS a
		ORDER BY a.in_team DESC, a.here DESC, a.teaches DESC, a.sort_key, a.person_id`, courseID, place.MunicipalityID, place.UnitID, today)
}

// LeaderByEmail is the person with the address who works in the municipality, for
// those who plan there. fault.Invalid of the field email when there is none.
func LeaderByEmail(ctx context.Context, q db.Querier, viewer access.Viewer, place access.Place, email string, today clock.Day) (int64, error) {
	if place.MunicipalityID == 0 || !round.ManagesAt(viewer, place) {
		return 0, fault.NotFound
	}
	found, err := db.Rows(ctx, q, db.One[int64], `
		SELECT p.id
		FROM person AS p
		JOIN employed AS e ON e.person_id = p.id AND e.from_day <= $3 AND (e.to_day IS NULL OR e.to_day >= $3)
		WHERE LOWER(p.email) = LOWER($1)
		AND e.municipality_id = $2`, strings.TrimSpace(email), place.MunicipalityID, today)
	if err == nil && len(found) == 0 {
		err = fault.Invalid("email", "round.leader_unknown")
	}
	if err != nil {
		return 0, err
	}
	return found[0], nil
}

// LocalTodos are the days of local rounds that the viewer plans as a manager or a
// municipality's administrator, that have been and whose attendance is not saved,
// the oldest first, at most limit.
func LocalTodos(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day, limit int) ([]round.Todo, error) {
	plans := access.PlanLocally(viewer)
	condition, args := access.Scope{Municipalities: plans.Municipalities, Units: plans.Units}.
		Where(access.Columns{Municipality: "r.municipality_id", Unit: "r.unit_id"})
	if args == nil {
		return nil, nil
	}
	var b db.Builder
	b.Add(`
		SELECT
			'attendance',
			r.id,
			d.id,
			`+catalogue.TitleSQL("c")+`,
			r.label,
			d.day,
			(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL)
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN course AS c ON c.id = r.course_id
		WHERE `+condition, args...).
		Add(`AND r.municipality_id IS NOT NULL
		AND r.last_day >= ?
		AND r.cancelled_at IS NULL
		AND r.published_at IS NOT NULL
		AND d.day BETWEEN ? AND ?
		AND d.held_at IS NULL
		ORDER BY d.day, d.starts, d.id
		LIMIT ?`, today-round.TodoDays, today-round.TodoDays, today, limit)
	return db.Rows(ctx, q, func(t *round.Todo) []any {
		return []any{&t.Kind, &t.RoundID, &t.DayID, &t.Course, &t.Label, &t.Day, &t.Seats}
	}, b.String(), b.Args()...)
}

// EarlierPlaces are where the municipality's occasions of the last two years were
// held, the most used first; it asks no viewer: they are names of places.
func EarlierPlaces(ctx context.Context, q db.Querier, municipalityID int64, today clock.Day) ([]string, error) {
	return db.Rows(ctx, q, db.One[string], `
		SELECT d.place
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		WHERE r.municipality_id = $1
		AND r.last_day >= $2
		AND d.place <> ''
		GROUP BY d.place
		ORDER BY COUNT(*) DESC, d.place
		LIMIT 20`, municipalityID, today-2*365)
}
