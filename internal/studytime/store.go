package studytime

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// How far back and ahead the list of days goes.
const (
	daysBack  = 28
	daysAhead = 180
)

// Day is a course day with how many of the viewer's staff are there, to learn or to teach, and
// how many of them have time set around it.
type Day struct {
	Slot
	ID         int64
	RoundID    int64
	CourseSlug string
	Course     string
	Place      string
	People     int
	Given      int

	cancelled bool
	edition   *int64
}

// heldSQL are those at the viewer's places (scope, "?") who work there on the day asked for (two
// "?"), with the course days that they hold a seat on or teach.
const heldSQL = `
	SELECT e.person_id, e.id AS employment_id, d.id AS day_id, FALSE AS teaches
	FROM employed AS e
	JOIN enrolment AS n ON n.person_id = e.person_id
	JOIN course_day AS d ON d.round_id = n.round_id
	WHERE n.withdrawn_at IS NULL
	AND `

const taughtSQL = `
	UNION ALL
	SELECT e.person_id, e.id, d.id, TRUE
	FROM employed AS e
	JOIN day_trainer AS t ON t.person_id = e.person_id
	JOIN course_day AS d ON d.id = t.course_day_id
	JOIN round AS r ON r.id = d.round_id
	WHERE COALESCE(t.answer, '') <> 'declined'
	AND (r.published_at IS NOT NULL OR t.answer = 'accepted')
	AND `

// addHeld adds the two of them: for the employments on the day, and the course days that the
// condition on d narrows.
func addHeld(b *db.Builder, viewer access.Viewer, on clock.Day, days string, args ...any) {
	where, scope := access.SetStudyTime(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	for _, from := range []string{heldSQL, taughtSQL} {
		b.Add(from+where, scope...).
			Add("AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?) AND e.person_id <> ?", on, on, viewer.PersonID).
			Add("AND "+days, args...)
	}
}

// Days are the course days of the last weeks and of the coming half year on which somebody at the
// viewer's places learns or teaches, the earliest first; cancelled ones are left out. fault.Forbidden
// for those who set nobody's time.
func Days(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Day, error) {
	if access.SetStudyTime(viewer).Empty() {
		return nil, fault.Forbidden
	}
	var b db.Builder
	b.Add("WITH held AS (")
	addHeld(&b, viewer, today, "d.day BETWEEN ? AND ?", today-daysBack, today+daysAhead)
	b.Add(`)
		SELECT
			d.id, r.id, c.slug, ` + catalogue.TitleSQL("c") + `, d.day, d.starts, d.ends, d.place,
			COUNT(DISTINCT h.person_id),
			COUNT(DISTINCT CASE WHEN EXISTS (
				SELECT 1
				FROM study_time AS s
				WHERE s.course_day_id = d.id
				AND s.person_id = h.person_id
				AND s.taken_back_at IS NULL
			) THEN h.person_id END)
		FROM held AS h
		JOIN course_day AS d ON d.id = h.day_id
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE r.cancelled_at IS NULL
		GROUP BY d.id, r.id, c.slug, c.name, c.short_name, d.day, d.starts, d.ends, d.place
		ORDER BY d.day, d.starts, d.id`)
	return db.Rows(ctx, q, func(d *Day) []any {
		return []any{&d.ID, &d.RoundID, &d.CourseSlug, &d.Course, &d.Day, &d.Starts, &d.Ends, &d.Place, &d.People, &d.Given}
	}, b.String(), b.Args()...)
}

// Person is somebody at the viewer's places who learns or teaches on a course day, with how many
// minutes stand set for them in the whole round, by part.
type Person struct {
	ID      int64
	Name    string
	Unit    string
	Teaches bool
	Set     map[Part]int

	employer int64
}

// Sheet is a course day as who sets time around it sees it.
type Sheet struct {
	Day
	Cancelled bool
	People    []Person
	Times     []Time       // around this day
	Needs     map[Part]int // minutes that the edition says, 0 when it says nothing
}

// teachingNeed is what is proposed for preparing a day, in minutes: no source tells how long that
// takes, only that a trainer's whole task is some working week a year (S1:215).
const teachingNeed = 2 * 60

func dayOf(ctx context.Context, q db.Querier, id int64, today clock.Day) (Day, error) {
	return db.Row(ctx, q, func(d *Day) []any {
		return []any{&d.ID, &d.RoundID, &d.CourseSlug, &d.Course, &d.Day, &d.Starts, &d.Ends, &d.Place, &d.cancelled, &d.edition}
	}, `
		SELECT d.id, r.id, c.slug, `+catalogue.TitleSQL("c")+`, d.day, d.starts, d.ends, d.place, r.cancelled_at IS NOT NULL,
			COALESCE(`+lifetime.RoundEditionSQL("r")+`, `+lifetime.NewestSQL("r.course_id", "$2")+`)
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE d.id = $1`, id, today)
}

// who are those of the viewer's places, as they work on the day, who have to do with the course day.
func who(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64, on clock.Day) ([]Person, error) {
	var b db.Builder
	b.Add("WITH held AS (")
	addHeld(&b, viewer, on, "d.id = ?", dayID)
	b.Add(`)
		SELECT p.id, TRIM(p.given_name || ' ' || p.family_name), o.name, h.teaches, COALESCE(e.municipality_id, e.region_id)
		FROM held AS h
		JOIN employment AS e ON e.id = h.employment_id
		JOIN organisation AS o ON o.id = e.organisation_id
		JOIN person AS p ON p.id = e.person_id
		ORDER BY p.sort_key, p.id, e.main DESC, h.teaches DESC`)
	all, err := db.Rows(ctx, q, func(p *Person) []any { return []any{&p.ID, &p.Name, &p.Unit, &p.Teaches, &p.employer} }, b.String(), b.Args()...)
	return slices.CompactFunc(all, func(a, b Person) bool { return a.ID == b.ID }), err // at two units, or both learning and teaching
}

// SheetOf is the course day for whoever sets time around it: fault.Forbidden for those who set
// nobody's, and fault.NotFound when nobody of theirs is or was there.
func SheetOf(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64, today clock.Day) (Sheet, error) {
	var s Sheet
	if access.SetStudyTime(viewer).Empty() {
		return s, fault.Forbidden
	}
	var err error
	if s.Day, err = dayOf(ctx, q, dayID, today); err != nil {
		return s, err
	}
	s.Cancelled = s.cancelled
	if s.People, err = who(ctx, q, viewer, dayID, today); err != nil {
		return s, err
	}
	of, err := seen(ctx, q, viewer, "AND s.course_day_id IN (SELECT x.id FROM course_day AS x WHERE x.round_id = ?)", s.RoundID)
	if err != nil {
		return s, err
	}
	for i := range s.People {
		s.People[i].Set = map[Part]int{}
		for _, t := range of {
			if t.PersonID == s.People[i].ID && t.Lapsed() == "" {
				s.People[i].Set[t.Part] += t.Minutes()
			}
		}
	}
	s.Times = slices.DeleteFunc(of, func(t Time) bool { return t.CourseDayID != dayID })
	if len(s.People)+len(s.Times) == 0 {
		return s, fault.NotFound
	}
	s.Needs = map[Part]int{Teaching: teachingNeed}
	if s.edition != nil {
		content, err := catalogue.ContentOf(ctx, q, *s.edition)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return s, err
		}
		if err == nil {
			s.Needs[Before], s.Needs[After] = content.MinutesOf(catalogue.Preparation), content.MinutesOf(catalogue.FollowUp)
		}
	}
	return s, nil
}

const timeSQL = `
	SELECT
		s.id, s.person_id, TRIM(p.given_name || ' ' || p.family_name), COALESCE(o.name, ''), s.course_day_id, d.round_id, c.slug, ` // and the title

// hasSQL is the condition that the person of the time s still has to do with its course day d, as its part says.
const hasSQL = `CASE s.part WHEN 'teaching' THEN EXISTS (
			SELECT 1
			FROM day_trainer AS t
			WHERE t.course_day_id = s.course_day_id
			AND t.person_id = s.person_id
			AND COALESCE(t.answer, '') <> 'declined'
		) ELSE EXISTS (
			SELECT 1
			FROM enrolment AS n
			WHERE n.round_id = d.round_id
			AND n.person_id = s.person_id
			AND n.withdrawn_at IS NULL
		) END`

// timeFrom are the times s that are not taken back, with their course days, and the employment e at the employer
// that they were set by, the unit o that it is at and the employer k.
const timeFrom = `
	FROM study_time AS s
	JOIN person AS p ON p.id = s.person_id
	JOIN course_day AS d ON d.id = s.course_day_id
	JOIN round AS r ON r.id = d.round_id
	JOIN course AS c ON c.id = r.course_id
	JOIN organisation AS k ON k.id = s.employer_id
	LEFT JOIN employment AS e ON e.id = (
		SELECT x.id
		FROM employment AS x
		WHERE x.person_id = s.person_id
		AND COALESCE(x.municipality_id, x.region_id) = s.employer_id
		AND x.from_day <= s.day
		ORDER BY x.from_day DESC, x.id DESC
		LIMIT 1
	)
	LEFT JOIN organisation AS o ON o.id = e.organisation_id
	WHERE s.taken_back_at IS NULL `

const timeTables = `, s.part, s.day, s.starts, s.ends, d.day, d.starts, d.ends, s.had, s.set_at, r.cancelled_at IS NOT NULL,
		` + hasSQL + `,
		e.id IS NOT NULL AND (e.to_day IS NULL OR e.to_day >= s.day)` + timeFrom

// holdsSQL is the condition that a time of timeFrom holds: that Time.Lapsed is "".
const holdsSQL = `(s.had IS NOT NULL OR (
		r.cancelled_at IS NULL
		AND e.id IS NOT NULL
		AND (e.to_day IS NULL OR e.to_day >= s.day)
		AND ` + hasSQL + `
		AND CASE s.part WHEN 'after' THEN s.day > d.day OR s.day = d.day AND s.starts >= d.ends ELSE s.day < d.day OR s.day = d.day AND s.ends <= d.starts END
	))`

// minutesSQL are the minutes of the time s for which the condition holds, together.
func minutesSQL(condition string) string {
	return `SUM(CASE WHEN ` + condition + ` THEN (CAST(SUBSTR(s.ends, 1, 2) AS INTEGER) - CAST(SUBSTR(s.starts, 1, 2) AS INTEGER)) * 60
		+ CAST(SUBSTR(s.ends, 4, 2) AS INTEGER) - CAST(SUBSTR(s.starts, 4, 2) AS INTEGER) ELSE 0 END)`
}

// employerSQL is the employer k of a time or a trainer's day when it is a municipality, and 0 for the region's own:
// one rule for the sums of both, so that those of the region's municipalities are the region's.
const employerSQL = `CASE k.kind WHEN 'municipality' THEN k.id ELSE 0 END`

func (t *Time) columns() []any {
	return []any{
		&t.ID, &t.PersonID, &t.Person, &t.Unit, &t.CourseDayID, &t.RoundID, &t.CourseSlug, &t.Course, &t.Part, &t.Day, &t.Starts, &t.Ends,
		&t.Taught.Day, &t.Taught.Starts, &t.Taught.Ends, &t.Had, &t.SetAt, &t.cancelled, &t.has, &t.employed,
	}
}

// times are those that the condition on s asks for, the earliest first, without asking who looks.
func times(ctx context.Context, q db.Querier, condition string, args ...any) ([]Time, error) {
	var b db.Builder
	b.Add(timeSQL+catalogue.TitleSQL("c")+timeTables).Add(condition, args...).Add("ORDER BY s.day, s.starts, p.sort_key, s.id")
	return db.Rows(ctx, q, (*Time).columns, b.String(), b.Args()...)
}

// seen are the times at the viewer's places that the condition asks for.
func seen(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, args ...any) ([]Time, error) {
	where, scope := access.SetStudyTime(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "s.employer_id", Unit: "e.organisation_id"})
	shown, opened := people.ShownSQL(viewer, "s")
	return times(ctx, q, condition+" AND "+where+" AND "+shown, slices.Concat(args, scope, opened)...)
}

// Of are the person's times from the day on, for their calendar. It asks no viewer.
func Of(ctx context.Context, q db.Querier, personID int64, from clock.Day) ([]Time, error) {
	return times(ctx, q, "AND s.person_id = ? AND s.day >= ?", personID, from)
}

// Mine are the viewer's own times from the day on.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer, from clock.Day) ([]Time, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return Of(ctx, q, viewer.PersonID, from)
}

// Set sets the slot aside for each of the people, for the part around the course day; all of them
// or, with a fault, nobody. They are of the viewer's places on that day and have to do with the
// course day. fault.Invalid says what is wrong with the slot, and who has something else then.
func Set(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID int64, part Part, slot Slot, persons []int64, now clock.Instant) error {
	if access.SetStudyTime(viewer).Empty() {
		return fault.Forbidden
	}
	day, err := dayOf(ctx, tx, dayID, now.Day())
	if err != nil {
		return err
	}
	known, err := who(ctx, tx, viewer, dayID, now.Day())
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return fault.NotFound
	}
	if day.cancelled {
		return fault.Conflict("studytime.cancelled")
	}
	var checks fault.Checks
	slot.check(&checks, part, day.Slot, now)
	checks.Require(len(persons) > 0, "person", "studytime.nobody_chosen")
	if err := checks.Err(); err != nil {
		return err
	}
	persons = slices.Compact(slices.Sorted(slices.Values(persons)))
	for _, id := range persons { // all who set somebody's time change their row first
		if _, err := db.Exec(ctx, tx, `UPDATE person SET id = id WHERE id = $1`, id); err != nil {
			return err
		}
	}
	then, err := who(ctx, tx, viewer, dayID, slot.Day)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(persons))
	for _, id := range persons {
		i := slices.IndexFunc(known, func(p Person) bool { return p.ID == id })
		if i < 0 {
			return fault.NotFound
		}
		at := slices.IndexFunc(then, func(p Person) bool { return p.ID == id })
		if at < 0 {
			checks.Require(false, "person", "studytime.left", "Name", known[i].Name)
			continue
		}
		checks.Require(then[at].Teaches == (part == Teaching), "person", map[bool]string{true: "studytime.does_not_teach", false: "studytime.teaches"}[part == Teaching], "Name", known[i].Name)
		what, err := busy(ctx, tx, id, slot)
		if err != nil {
			return err
		}
		checks.Require(what == "", "person", "studytime.busy_"+cmp.Or(what, "time"), "Name", known[i].Name)
		rows = append(rows, []any{id, then[at].employer, dayID, part, slot.Day, slot.Starts, slot.Ends, now, viewer.ActorID()})
	}
	if err := checks.Err(); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.StudyTime, persons...); err != nil {
		return err
	}
	return db.Insert(ctx, tx, "study_time", []string{"person_id", "employer_id", "course_day_id", "part", "day", "starts", "ends", "set_at", "set_by"}, rows)
}

// busy is what the person has already in the slot: another time that holds, a course day, or leave.
func busy(ctx context.Context, q db.Querier, personID int64, slot Slot) (string, error) {
	set, err := times(ctx, q, "AND s.person_id = ? AND s.day = ? AND s.starts < ? AND s.ends > ?", personID, slot.Day, slot.Ends, slot.Starts)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(set, func(t Time) bool { return t.Lapsed() == "" }) {
		return "time", nil
	}
	type both struct{ day, leave bool }
	has, err := db.Row(ctx, q, func(b *both) []any { return []any{&b.day, &b.leave} }, `
		SELECT
			EXISTS (
				SELECT 1
				FROM course_day AS d
				JOIN round AS r ON r.id = d.round_id
				WHERE d.day = $2
				AND d.starts < $4
				AND d.ends > $3
				AND r.cancelled_at IS NULL
				AND (
					EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = d.round_id AND n.person_id = $1 AND n.withdrawn_at IS NULL)
					OR EXISTS (SELECT 1 FROM day_trainer AS t WHERE t.course_day_id = d.id AND t.person_id = $1 AND t.answer = 'accepted')
				)
			),
			EXISTS (SELECT 1 FROM leave WHERE person_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2))`,
		personID, slot.Day, slot.Starts, slot.Ends)
	switch {
	case err != nil:
		return "", err
	case has.day:
		return "day", nil
	case has.leave:
		return "leave", nil
	}
	return "", nil
}

// TakeBack takes a time back that has not begun to be answered: one that comes, or no longer holds.
// fault.Conflict "studytime.been" for one that is over. Gives the course day.
func TakeBack(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) (dayID int64, err error) {
	if access.SetStudyTime(viewer).Empty() {
		return 0, fault.Forbidden
	}
	found, err := seen(ctx, tx, viewer, "AND s.id = ? AND s.person_id <> ?", id, viewer.PersonID)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return 0, err
	}
	t := found[0]
	if t.Lapsed() == "" && t.over() <= now {
		return t.CourseDayID, fault.Conflict("studytime.been")
	}
	if err := audit.Changed(ctx, tx, viewer, audit.StudyTime, t.PersonID); err != nil {
		return 0, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE study_time SET taken_back_at = $2, taken_back_by = $3 WHERE id = $1 AND taken_back_at IS NULL AND had IS NULL`, id, now, viewer.ActorID())
	return t.CourseDayID, err
}

// errUnsaid is an answer without yes or no.
var errUnsaid = fault.Invalid("answer", "studytime.answer_missing")

// Answer says whether the viewer got a time of their own, or says it anew. fault.NotFound for
// others' times; fault.Conflict when the time is not over, no longer holds or is counted already,
// and fault.Invalid when nothing is said.
func Answer(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, had *bool, now clock.Instant) error {
	found, err := times(ctx, tx, "AND s.id = ? AND s.person_id = ?", id, viewer.PersonID)
	if err == nil && len(found) == 0 {
		err = fault.NotFound
	}
	switch {
	case err != nil:
		return err
	case found[0].Lapsed() != "":
		return fault.Conflict("studytime.lapsed")
	case found[0].over() > now:
		return fault.Conflict("studytime.not_yet")
	case !found[0].Answerable(now):
		return fault.Conflict("studytime.counted")
	case had == nil:
		return errUnsaid
	}
	_, err = db.Exec(ctx, tx, `UPDATE study_time SET had = $2, answered_at = $3 WHERE id = $1 AND taken_back_at IS NULL`, id, *had, now)
	return err
}
