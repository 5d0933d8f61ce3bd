package rollout

import (
	"context"
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Advice is what a course recommends before a unit starts with it (annual report 2025, S1:468): a course for who
// leads the unit, and a start-up meeting. It asks and never stops anybody.
type Advice struct {
	LeaderID   int64 // the course, 0: none
	Leader     string
	LeaderSlug string
	Meeting    bool
	Version    int // 0: nothing has been said
}

// None tells whether the course recommends nothing.
func (a Advice) None() bool { return a.LeaderID == 0 && !a.Meeting }

// AdviceOf is what the course recommends. It asks no viewer.
func AdviceOf(ctx context.Context, q db.Querier, courseID int64) (Advice, error) {
	a, err := db.Row(ctx, q, func(a *Advice) []any { return []any{&a.LeaderID, &a.Leader, &a.LeaderSlug, &a.Meeting, &a.Version} }, `
		SELECT
			COALESCE(c.id, 0),
			CASE WHEN c.id IS NULL THEN '' ELSE `+catalogue.TitleSQL("c")+` END,
			COALESCE(c.slug, ''),
			l.meeting,
			l.version
		FROM launch_advice AS l
		LEFT JOIN course AS c ON c.id = l.leader_course_id
		WHERE l.course_id = $1`, courseID)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return a, err
}

// Advise says what the course recommends, for those who make courses. a.Version is that of what was there;
// fault.Conflict "launch.changed_meanwhile" when somebody has said something else meanwhile.
func Advise(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, a Advice, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	var leader *int64
	if a.LeaderID != 0 {
		leader = &a.LeaderID
		if _, err := catalogue.CourseByID(ctx, tx, a.LeaderID); err != nil || a.LeaderID == courseID {
			return fault.Invalid("leader", "launch.leader_wrong")
		}
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO launch_advice (course_id, leader_course_id, meeting, told_at, told_by)
		SELECT id, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT), CAST($5 AS BIGINT)
		FROM course
		WHERE id = $1
		AND ($6 = 0 OR EXISTS (SELECT 1 FROM launch_advice WHERE course_id = $1))
		ON CONFLICT (course_id) DO UPDATE
		SET leader_course_id = excluded.leader_course_id, meeting = excluded.meeting, told_at = excluded.told_at, told_by = excluded.told_by,
			version = launch_advice.version + 1
		WHERE launch_advice.version = $6`, courseID, leader, a.Meeting, now, viewer.ActorID(), a.Version)
	if err == nil && n == 0 {
		err = fault.Conflict("launch.changed_meanwhile")
	}
	return err
}

// Leader is somebody who leads a unit, and when they completed the course that is for them.
type Leader struct {
	PersonID int64
	Name     string
	DoneOn   *clock.Day
}

// Start is a unit of a plan as it gets ready: whether anybody leads it, those who do as far as the viewer sees
// them, whether others do as well, and when it had its meeting.
type Start struct {
	Unit
	Led     bool
	Leaders []Leader
	Hidden  bool
	Meeting *clock.Day
}

// Lacking are those of the unit's leaders who have not completed the course that is for them.
func (s Start) Lacking() (all []Leader) {
	for _, l := range s.Leaders {
		if l.DoneOn == nil {
			all = append(all, l)
		}
	}
	return all
}

// Ready tells whether the viewer sees that the unit has all that is recommended. A unit that nobody leads has nobody
// with the course, and of leaders who are hidden nobody is told what they have.
func (s Start) Ready(a Advice) bool {
	return (a.LeaderID == 0 || s.Led && !s.Hidden && len(s.Lacking()) == 0) && (!a.Meeting || s.Meeting != nil)
}

// leadsSQL is the condition that the grant opens the unit on the day to who leads it, itself or with its district or
// municipality.
func leadsSQL(grant, unit, day string) string {
	return strings.NewReplacer("{g}", grant, "{unit}", unit, "{day}", day, "{district}", organisation.DistrictSQL(unit, day)).
		Replace(`{g}.role = 'manager' AND {g}.organisation_id IN ({unit}, {district}, (SELECT home.municipality_id FROM organisation AS home WHERE home.id = {unit})) AND {g}.from_day <= {day} AND ({g}.to_day IS NULL OR {g}.to_day >= {day})`)
}

// Starts are the plan's units as they get ready for what the advice recommends, in the plan's order. Who leads a
// unit, and whether they have the course, is told to those who see its staff; nobody whose identity is protected is.
func Starts(ctx context.Context, q db.Querier, viewer access.Viewer, p Plan, a Advice, day clock.Day) ([]Start, error) {
	if _, err := head(ctx, q, viewer, p.ID); err != nil {
		return nil, err
	}
	type row struct {
		unit int64
		led  bool
		Leader
		met *clock.Day
	}
	shown, opened := people.ShownSQL(viewer, "g")
	var b db.Builder
	b.Add(`
		SELECT
			u.unit_id,
			g.person_id IS NOT NULL,
			COALESCE(p.id, 0),
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			(SELECT MIN(k.completed_on) FROM completion AS k WHERE k.completed_on <= ? AND k.person_id = p.id AND k.course_id = ? AND k.revoked_at IS NULL),
			m.held_on
		FROM rollout_unit AS u
		LEFT JOIN rollout_meeting AS m ON m.rollout_id = u.rollout_id AND m.unit_id = u.unit_id
		LEFT JOIN role_grant AS g ON `+leadsSQL("g", "u.unit_id", "$1")+`
		LEFT JOIN person AS p ON p.id = g.person_id AND `+shown, append([]any{day, a.LeaderID}, opened...)...).
		Add(`WHERE u.rollout_id = ?
		ORDER BY u.unit_id, p.sort_key, p.id`, p.ID)
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.unit, &r.led, &r.PersonID, &r.Name, &r.DoneOn, &r.met} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	staff := access.Staff(viewer)
	all := make([]Start, len(p.Units))
	for i, u := range p.Units {
		all[i].Unit = u
		named := staff.Covers(access.Place{RegionID: p.RegionID, MunicipalityID: p.MunicipalityID, UnitID: u.ID})
		known := map[int64]bool{0: true}
		for _, r := range rows {
			if r.unit != u.ID {
				continue
			}
			all[i].Meeting, all[i].Led = r.met, all[i].Led || r.led
			all[i].Hidden = all[i].Hidden || r.led && (!named || r.PersonID == 0)
			if named && !known[r.PersonID] { // once, with several of their roles
				all[i].Leaders = append(all[i].Leaders, r.Leader)
			}
			known[r.PersonID] = true
		}
	}
	return all, nil
}

// Meet notes when a unit of the plan had its start-up meeting, nil that it has had none. fault.NotFound for those who
// do not plan for the municipality; fault.Invalid by field for a unit that is not the plan's and a day to come.
func Meet(ctx context.Context, tx *db.Tx, viewer access.Viewer, planID, unitID int64, held *clock.Day, now clock.Instant) error {
	if _, err := changed(ctx, tx, viewer, planID); err != nil {
		return err
	}
	if held != nil && *held > now.Day() {
		return fault.Invalid("held", "launch.meeting_to_come")
	}
	ours, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM rollout_unit WHERE rollout_id = $1 AND unit_id = $2)`, planID, unitID)
	if err == nil && !ours {
		err = fault.Invalid("unit", "launch.unit_missing")
	}
	if err != nil {
		return err
	}
	if held == nil {
		_, err = db.Exec(ctx, tx, `DELETE FROM rollout_meeting WHERE rollout_id = $1 AND unit_id = $2`, planID, unitID)
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO rollout_meeting (rollout_id, unit_id, held_on, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (rollout_id, unit_id) DO UPDATE
		SET held_on = excluded.held_on, told_at = excluded.told_at, told_by = excluded.told_by`, planID, unitID, *held, now, viewer.ActorID())
	return err
}

// Without is a unit that has started in a plan without what its course recommends. It is judged by who led it on
// that day: Leaders are those whom the viewer may know of, of whom Lacking had not completed the course for them.
type Without struct {
	Municipality organisation.Organisation
	UnitID       int64
	Unit         string
	Course       string
	StartedOn    clock.Day
	AsksLeader   bool // the course recommends another for who leads
	Led          bool // somebody led the unit
	LedNow       bool
	Leaders      int
	Lacking      int
	Hidden       bool // others led it as well
	AsksMeeting  bool
	LacksMeeting bool // none was held by the day it started
}

// BegunWithout are the units of the region that have started without, in plans that have not ended, the latest first.
// No names, and of those who lead in a municipality where the region sees none not how many had the course either: it
// is mostly one. fault.NotFound for those who do not manage the region's rounds.
func BegunWithout(ctx context.Context, q db.Querier, viewer access.Viewer, region organisation.Organisation, day clock.Day) ([]Without, error) {
	if err := access.ManageRounds(viewer).Allow(region.Place()); err != nil {
		return nil, err
	}
	shown, opened := people.ShownSQL(viewer, "g")
	where, named := access.Staff(viewer).Where(access.Columns{Region: "u.region_id", Municipality: "u.id"})
	shown, args := shown+" AND "+where, append(opened, named...)
	var b db.Builder
	b.Add(`
		WITH begun AS (
			SELECT m.id, m.name AS municipality, m.slug, u.rollout_id, u.unit_id, o.name AS unit, `+catalogue.TitleSQL("c")+` AS course, u.starts_on,
				m.region_id, a.leader_course_id, a.meeting,
				a.meeting AND NOT EXISTS (
					SELECT 1 FROM rollout_meeting AS t WHERE t.rollout_id = p.id AND t.unit_id = u.unit_id AND t.held_on <= u.starts_on
				) AS unmet,
				EXISTS (SELECT 1 FROM role_grant AS n WHERE `+leadsSQL("n", "u.unit_id", "$1")+`) AS led_now
			FROM rollout AS p
			JOIN launch_advice AS a ON a.course_id = p.course_id
			JOIN course AS c ON c.id = p.course_id
			JOIN organisation AS m ON m.id = p.municipality_id
			JOIN rollout_unit AS u ON u.rollout_id = p.id
			JOIN organisation AS o ON o.id = u.unit_id
			WHERE u.starts_on <= ?
			AND m.region_id = ?
			AND p.ended_at IS NULL
			AND EXISTS (SELECT 1 FROM edition AS e WHERE e.course_id = p.course_id AND e.published_on IS NOT NULL)
		), judged AS (
			SELECT u.id, u.municipality, u.slug, u.unit_id, u.unit, u.course, u.starts_on, u.leader_course_id IS NOT NULL AS asks_leader, u.meeting, u.unmet, u.led_now,
				COUNT(DISTINCT g.person_id) AS led,`, day, region.ID).
		Add("COUNT(DISTINCT CASE WHEN "+shown+" THEN g.person_id END) AS leaders,", args...).
		Add("COUNT(DISTINCT CASE WHEN "+shown+` AND u.leader_course_id IS NOT NULL AND NOT EXISTS (
					SELECT 1 FROM completion AS k WHERE k.person_id = g.person_id AND k.course_id = u.leader_course_id AND k.revoked_at IS NULL AND k.completed_on <= u.starts_on
				) THEN g.person_id END) AS lacking
			FROM begun AS u
			LEFT JOIN role_grant AS g ON `+leadsSQL("g", "u.unit_id", "u.starts_on")+`
			GROUP BY u.rollout_id, u.id, u.municipality, u.slug, u.unit_id, u.unit, u.course, u.starts_on, u.leader_course_id, u.meeting, u.unmet, u.led_now
		)
		SELECT id, municipality, slug, unit_id, unit, course, starts_on, asks_leader, led > 0, led_now, leaders, lacking, led > leaders, meeting, unmet
		FROM judged
		WHERE lacking > 0
		OR unmet
		OR asks_leader AND led = 0
		ORDER BY starts_on DESC, municipality, unit`, args...)
	return db.Rows(ctx, q, func(w *Without) []any {
		return []any{
			&w.Municipality.ID, &w.Municipality.Name, &w.Municipality.Slug, &w.UnitID, &w.Unit, &w.Course, &w.StartedOn,
			&w.AsksLeader, &w.Led, &w.LedNow, &w.Leaders, &w.Lacking, &w.Hidden, &w.AsksMeeting, &w.LacksMeeting,
		}
	}, b.String(), b.Args()...)
}
