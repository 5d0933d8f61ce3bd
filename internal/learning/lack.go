package learning

import (
	"context"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// MeantFor tells whether a course, in its step of a journey (0: outside the
// steps), is meant for somebody with an account there: a course for all for
// every employee, a course of a step for those in the step, a managers' course
// for managers. A course that is not meant for somebody can be taken all the
// same (domain.md, "Journeys"). AddMeant is the same in SQL.
func MeantFor(c catalogue.Course, courseStepID, stepID int64, employee, manager bool) bool {
	switch {
	case c.ForAll():
		return employee || stepID != 0
	case c.ForManagers() && manager:
		return true
	}
	return courseStepID != 0 && courseStepID == stepID
}

// Stand is where somebody stands with a course on a day. It is the one answer
// to who lacks a course, and to what is said beside that: docs/decisions/who-lacks-a-course.md.
type Stand struct {
	Meant   bool // by their step or role, in any of their journeys
	Done    *clock.Day
	NextID  int64      // the round in which they have a seat that is to come or unsettled, 0: none
	NextDay *clock.Day // its first day to come; its first day when it has been
	Waiting bool       // in the queue of a round, or for a manager's word
	Away    *clock.Day // on leave, and back the day after this one; the year 9999 when nobody knows
}

// Lacks tells whether somebody lacks the course: it is meant for them and they
// have not completed it.
func (s Stand) Lacks() bool { return s.Meant && s.Done == nil }

// Booked tells whether somebody lacks the course and has a seat in it.
func (s Stand) Booked() bool { return s.Lacks() && s.NextID != 0 }

// WithoutSeat tells whether somebody lacks the course and has no seat in it.
func (s Stand) WithoutSeat() bool { return s.Lacks() && s.NextID == 0 }

// Waits tells whether somebody lacks the course, has no seat and waits for one.
func (s Stand) Waits() bool { return s.WithoutSeat() && s.Waiting }

// ToSignUp tells whether somebody is to be signed up: they lack the course, have
// neither seat nor place in a queue, and are at work.
func (s Stand) ToSignUp() bool { return s.WithoutSeat() && !s.Waiting && s.Away == nil }

// unknownReturn stands for an end that nobody knows.
var unknownReturn = clock.Date(9999, 12, 31)

// AwayUntil is Stand.Away for a leave with the last day, nil when nobody knows it.
func AwayUntil(last *clock.Day) *clock.Day {
	if last == nil {
		last = new(unknownReturn)
	}
	return last
}

// Back tells when somebody on leave is back: known is false when nobody knows.
func (s Stand) Back() (day clock.Day, known bool) {
	if s.Away == nil || *s.Away == unknownReturn {
		return 0, false
	}
	return *s.Away + 1, true
}

// Lacking counts how people stand: All that lack, of them the Booked, and the Waiting
// of those who are not booked.
type Lacking struct{ All, Booked, Waiting int }

// Count counts one more.
func (l *Lacking) Count(s Stand) {
	if s.Lacks() {
		l.All++
	}
	if s.Booked() {
		l.Booked++
	}
	if s.Waits() {
		l.Waiting++
	}
}

// PersonCourse is somebody in a course.
type PersonCourse struct{ PersonID, CourseID int64 }

// Facts are what a Stand is made of, beside whom a course is meant for.
type Facts struct {
	done  map[PersonCourse]*clock.Day
	Ahead map[PersonCourse]Ahead
	away  map[int64]*clock.Day
}

// Ahead is what somebody has ahead in a course: a seat (NextID, NextDay as in
// Stand), or a place in a queue.
type Ahead struct {
	NextID  int64
	NextDay clock.Day
	Waiting bool
}

// Stand is that of a person with a course, which is meant for them or not.
func (f Facts) Stand(person, course int64, meant bool) Stand {
	return f.With(Stand{Meant: meant, Done: f.done[PersonCourse{person, course}], Away: f.away[person]}, person, course)
}

// With adds what the person has ahead in the course, unless it is done.
func (f Facts) With(s Stand, person, course int64) Stand {
	if a, ok := f.Ahead[PersonCourse{person, course}]; ok && s.Done == nil {
		s.Waiting = a.Waiting
		if a.NextID != 0 {
			s.NextID, s.NextDay = a.NextID, &a.NextDay
		}
	}
	return s
}

// unsettledDays is for how long after a round somebody who had a seat in it, and
// of whom nobody has said that they were away, counts as one who has a seat: the
// list may not be saved, or the approval not given. Meanwhile they are neither
// reminded nor put into another group.
const unsettledDays = 30

// AddSeat adds the condition on a seat n in a round r that it is to come or
// unsettled.
func AddSeat(b *db.Builder, day clock.Day) *db.Builder {
	return b.Add(`n.withdrawn_at IS NULL
		AND r.cancelled_at IS NULL
		AND r.last_day >= ?
		AND (r.last_day >= ? OR NOT EXISTS (
			SELECT 1 FROM attendance AS t WHERE t.enrolment_id = n.id AND t.mark NOT IN ('present', 'late')))`, day-unsettledDays, day)
}

// Reading is what is read: of those employed on the day whose employment e the
// condition Where holds for, in one course or (0) in all. Without AheadOnly also
// what they have completed, and who is on leave.
type Reading struct {
	Where     string
	Args      []any
	CourseID  int64
	AheadOnly bool
}

// FactsOf reads the facts as they are on the day. It asks no viewer: the
// condition is that of whoever asks.
func FactsOf(ctx context.Context, q db.Querier, of Reading, day clock.Day) (Facts, error) {
	const (
		completed = iota
		seated
		waiting
		onLeave
	)
	var b db.Builder
	employed := func(course string) {
		b.Add("WHERE e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)", day, day).Add("AND "+of.Where, of.Args...)
		if course != "" && of.CourseID != 0 {
			b.Add("AND "+course+" = ?", of.CourseID)
		}
	}
	b.Add(`
		SELECT
			1,
			n.person_id,
			r.course_id,
			r.id,
			COALESCE(MIN(CASE WHEN d.day >= ? THEN d.day END), MIN(d.day))
		FROM round AS r
		JOIN course_day AS d ON d.round_id = r.id
		JOIN enrolment AS n ON n.round_id = r.id
		JOIN employment AS e ON e.person_id = n.person_id`, day)
	employed("r.course_id")
	AddSeat(b.Add("AND"), day).Add(`
		GROUP BY n.person_id, r.course_id, r.id
		UNION ALL
		SELECT 2, w.person_id, r.course_id, r.id, r.first_day
		FROM queue_entry AS w
		JOIN round AS r ON r.id = w.round_id
		JOIN employment AS e ON e.person_id = w.person_id`)
	employed("r.course_id")
	b.Add("AND w.ended_at IS NULL AND r.cancelled_at IS NULL AND r.last_day >= ?", day)
	if !of.AheadOnly {
		b.Add(`
		UNION ALL
		SELECT 0, c.person_id, c.course_id, 0, c.completed_on
		FROM employed AS e
		JOIN completion AS c ON c.person_id = e.person_id`)
		employed("c.course_id")
		b.Add(`AND c.revoked_at IS NULL AND c.completed_on <= ?
		UNION ALL
		SELECT 3, l.person_id, 0, 0, l.to_day
		FROM employed AS e
		JOIN leave AS l ON l.person_id = e.person_id`, day)
		employed("")
		b.Add("AND l.from_day <= ? AND (l.to_day IS NULL OR l.to_day >= ?)", day, day)
	}
	type row struct {
		kind, person, course, round int64
		on                          *clock.Day
	}
	all, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.kind, &r.person, &r.course, &r.round, &r.on} }, b.String(), b.Args()...)
	f := Facts{done: map[PersonCourse]*clock.Day{}, Ahead: map[PersonCourse]Ahead{}, away: map[int64]*clock.Day{}}
	for _, r := range all {
		key := PersonCourse{r.person, r.course}
		switch r.kind {
		case completed:
			f.done[key] = r.on
		case seated:
			f.Ahead[key] = f.Ahead[key].with(r.round, *r.on, day)
		case waiting:
			a := f.Ahead[key]
			a.Waiting = true
			f.Ahead[key] = a
		case onLeave:
			f.away[r.person] = AwayUntil(r.on)
		}
	}
	return f, err
}

// with is what is ahead with one more seat: the first one to come counts, and an
// unsettled one only when none is to come.
func (a Ahead) with(round int64, on, today clock.Day) Ahead {
	comes, came := on >= today, a.NextDay >= today
	switch {
	case a.NextID == 0, comes && !came, comes == came && (on < a.NextDay || on == a.NextDay && round < a.NextID):
		a.NextID, a.NextDay = round, on
	}
	return a
}

// AddMeant adds MeantFor in SQL, as a condition on an account a in the journey of
// a course. course and place are the names of what has the columns audience and
// step_id.
func AddMeant(b *db.Builder, course, place string, day clock.Day) *db.Builder {
	const (
		holds = ` WHERE r.account_id = a.id AND r.from_day <= ? AND (r.to_day IS NULL OR r.to_day >= ?)`
		role  = `EXISTS (SELECT 1 FROM account_role AS r` + holds + ` AND r.role = `
		step  = `EXISTS (SELECT 1 FROM account_step AS r` + holds
	)
	return b.Add(`(
			`+course+`.audience = 'Alla' AND (`+role+`'employee') OR `+step+`))
			OR `+course+`.audience <> 'Alla' AND LOWER(`+course+`.audience) LIKE '%chefer%' AND `+role+`'manager')
			OR `+course+`.audience <> 'Alla' AND `+place+`.step_id IS NOT NULL AND `+step+` AND r.step_id = `+place+`.step_id)
		)`, day, day, day, day, day, day, day, day)
}

// LacksSQL is Stand.Lacks in SQL: the condition on an employment e that its
// person lacks the course.
func LacksSQL(courseID int64, day clock.Day) *db.Builder {
	var b db.Builder
	b.Add(`EXISTS (
			SELECT 1
			FROM account AS a
			JOIN course_journey AS j ON j.journey_id = a.journey_id
			JOIN course AS c ON c.id = j.course_id
			WHERE a.person_id = e.person_id
			AND c.id = ?
			AND a.opened_on <= ?
			AND (a.closed_on IS NULL OR a.closed_on > ?)
			AND`, courseID, day, day)
	lifetime.AddDemanded(&b, "c.id", day).Add("AND")
	return AddMeant(&b, "c", "j", day).Add(`)
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = e.person_id AND c.course_id = ?
			AND c.revoked_at IS NULL AND c.completed_on <= ?)`, courseID, day)
}
