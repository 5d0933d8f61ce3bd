package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
)

// remindedFor is for how many days somebody who was reminded of a course is not
// reminded again.
const remindedFor = 7

// Reminded is how many a reminder went to: those who miss the course, and their
// managers. Lately are those who were reminded within a week, Away those on
// leave; they get none.
type Reminded struct {
	People, Managers, Lately, Away int
}

// Remind writes to those of the municipality who miss the course and have no
// seat, and to their managers, of whom each gets one letter about all of theirs.
// Nobody is reminded of a course more than once in a week, and nobody on leave.
// Who sees the coverage of some of its units reminds those of these units. fault.NotFound for
// those who see none; fault.Conflict "rollout.nothing_to_begin" for a web course that nobody can begin yet.
func Remind(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, courseID int64, site letter.Site, now clock.Instant) (Reminded, error) {
	return remind(ctx, tx, viewer, m, courseID, func(Member) bool { return true }, site, now)
}

func remind(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, courseID int64, concerns func(Member) bool, site letter.Site, now clock.Instant) (Reminded, error) {
	var done Reminded
	missing, err := overdue(ctx, tx, viewer, m, courseID, concerns, &done, now.Day())
	if err != nil || len(missing) == 0 {
		return done, err
	}
	course, err := catalogue.CourseByID(ctx, tx, courseID)
	if err != nil {
		return done, err
	}
	begins, err := learning.CanBegin(ctx, tx, course, now.Day())
	if err == nil && !begins {
		err = fault.Conflict("rollout.nothing_to_begin")
	}
	if err != nil {
		return done, err
	}
	units := map[int64]int{}
	ids := make([]int64, len(missing))
	rows := make([][]any, len(missing))
	for i, each := range missing {
		ids[i] = each.PersonID
		units[each.UnitID]++
		rows[i] = []any{each.PersonID, courseID, now.Day(), viewer.ActorID()}
	}
	if err := db.Insert(ctx, tx, "course_reminder", []string{"person_id", "course_id", "reminded_on", "reminded_by"}, rows); err != nil {
		return done, err
	}
	people, err := readersOf(ctx, tx, ids)
	if err != nil {
		return done, err
	}
	for _, p := range people {
		l := i18n.For(p.language)
		done.People++
		if err := p.send(ctx, tx, courseID, "person", ids[0], now, l.T("rollout.letter.subject", "Course", course.Title()), l.T("rollout.letter.person", "Name", p.given,
			"Course", course.Title(), "Link", site.Base+address.Course(course.Slug), "Municipality", m.Name)); err != nil {
			return done, err
		}
	}
	managers, err := managersOf(ctx, tx, m.ID, units, now.Day())
	if err != nil {
		return done, err
	}
	for _, each := range managers {
		l := i18n.For(each.language)
		done.Managers++
		if err := each.send(ctx, tx, courseID, "manager", ids[0], now, l.T("rollout.letter.manager_subject", "Course", course.Title(), "Count", each.missing),
			l.T("rollout.letter.manager", "Name", each.given, "Course", course.Title(), "Count", each.missing,
				"Link", fmt.Sprintf("%s/my/staff?course=%d", site.Base, courseID), "Municipality", m.Name)); err != nil {
			return done, err
		}
	}
	return done, nil
}

// overdue are those to remind today; it counts the others.
func overdue(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, courseID int64, concerns func(Member) bool, done *Reminded, day clock.Day) ([]Member, error) {
	staff, err := forPlanners(ctx, tx, viewer, m, courseID, day)
	if err != nil {
		return nil, err
	}
	// The lock: of two who remind at once, the second finds it done.
	if _, err := db.Exec(ctx, tx, `UPDATE organisation SET name = name WHERE id = $1`, m.ID); err != nil {
		return nil, err
	}
	lately, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT DISTINCT person_id
		FROM course_reminder
		WHERE course_id = $1
		AND reminded_on > $2`, courseID, day-remindedFor)
	if err != nil {
		return nil, err
	}
	reminded := make(map[int64]bool, len(lately))
	for _, id := range lately {
		reminded[id] = true
	}
	var missing []Member
	for _, each := range staff {
		switch {
		case !each.WithoutSeat() || !concerns(each):
		case each.Away != nil:
			done.Away++
		case reminded[each.PersonID]:
			done.Lately++
		default:
			missing = append(missing, each)
		}
	}
	return missing, nil
}

// reader is somebody to write to; missing is how many of a manager's staff miss
// the course.
type reader struct {
	id                     int64
	given, email, language string
	missing                int
	unit                   int64
}

func (r *reader) columns() []any { return []any{&r.id, &r.given, &r.email, &r.language} }

// send lets the letter be sent, once. among is one of those who are reminded
// with it: nobody is in two reminders on a day, so that a manager's letter about
// others is another letter.
func (r reader) send(ctx context.Context, tx *db.Tx, courseID int64, as string, among int64, now clock.Instant, subject, text string) error {
	return mail.Send(ctx, tx, mail.Letter{
		To: r.email, Subject: subject, Text: text, Key: fmt.Sprintf("course-reminder-%s-%d-course-%d-%s-%d", as, r.id, courseID, now.Day(), among),
	})
}

// readersOf are those of the persons who have an address.
func readersOf(ctx context.Context, q db.Querier, persons []int64) (all []reader, err error) {
	const atOnce = 500
	for len(persons) > 0 && err == nil {
		n := min(len(persons), atOnce)
		is, args := db.In("id", persons[:n])
		var b db.Builder
		b.Add("SELECT id, given_name, email, language FROM person WHERE email IS NOT NULL AND "+is, args...)
		var some []reader
		some, err = db.Rows(ctx, q, (*reader).columns, b.String(), b.Args()...)
		all, persons = append(all, some...), persons[n:]
	}
	return all, err
}

// managersOf are the managers of the units, with how many of their staff it is
// about.
func managersOf(ctx context.Context, q db.Querier, municipalityID int64, units map[int64]int, day clock.Day) ([]reader, error) {
	rows, err := db.Rows(ctx, q, func(r *reader) []any { return append(r.columns(), &r.unit) }, `
		SELECT
			p.id,
			p.given_name,
			p.email,
			p.language,
			o.id
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id AND o.municipality_id = $1 AND o.kind = 'unit'
		JOIN person AS p ON p.id = g.person_id
		WHERE g.role = 'manager'
		AND g.from_day <= $2
		AND (g.to_day IS NULL OR g.to_day >= $2)
		AND p.email IS NOT NULL
		ORDER BY p.id, o.id`, municipalityID, day)
	var all []reader
	for _, r := range rows {
		if r.missing = units[r.unit]; r.missing == 0 {
			continue
		}
		if n := len(all); n > 0 && all[n-1].id == r.id {
			all[n-1].missing += r.missing
			continue
		}
		all = append(all, r)
	}
	return all, err
}

// dueJob reminds of the plans that are under way.
type dueJob struct{}

func (dueJob) Kind() string { return "rollout_due" }

// dueHour is when reminders are written: in working hours.
const dueHour = 8

// Handle lets the queue remind those who are late in plans that are under way.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, site letter.Site) {
	jobs.Handle(q, func(ctx context.Context, _ dueJob) error { return Due(ctx, d, site, now()) })
	jobs.Every(q, 4*time.Hour, dueJob{})
}

// Due reminds, in every plan that is under way, those of the units that have
// started who have neither taken the course nor got a seat: at most once a
// week, on workdays, and not before the plan has any occasion: until then there
// is nothing that they could do. A municipality's plans of the same course
// remind together, so that a manager gets one letter. Trouble with one course
// leaves the others theirs.
func Due(ctx context.Context, d *db.DB, site letter.Site, now clock.Instant) error {
	today := now.Day()
	if now < today.At(dueHour, 0) || NextWorkday(today) != today {
		return nil
	}
	type row struct{ id, municipality, course int64 }
	rows, err := db.Rows(ctx, d.Reader(), func(r *row) []any { return []any{&r.id, &r.municipality, &r.course} }, `
		SELECT
			p.id,
			p.municipality_id,
			p.course_id
		FROM rollout AS p
		WHERE p.ended_at IS NULL
		AND p.from_day <= $1
		AND p.until_day >= $1
		AND EXISTS (SELECT 1 FROM round AS r WHERE r.rollout_id = p.id AND r.cancelled_at IS NULL)
		ORDER BY p.municipality_id, p.course_id, p.id`, today)
	if err != nil {
		return err
	}
	var failed error
	for len(rows) > 0 {
		first, n := rows[0], 1
		for n < len(rows) && rows[n].municipality == first.municipality && rows[n].course == first.course {
			n++
		}
		together := rows[:n]
		rows = rows[n:]
		failed = errors.Join(failed, d.Write(ctx, func(tx *db.Tx) error {
			m, err := organisation.ByID(ctx, tx, first.municipality)
			if err != nil {
				return err
			}
			plans := make([]Plan, len(together))
			for i, r := range together {
				if plans[i], err = Get(ctx, tx, access.System(), r.id); err != nil {
					return err
				}
			}
			_, err = remind(ctx, tx, access.System(), m, first.course, func(each Member) bool {
				return slices.ContainsFunc(plans, func(p Plan) bool {
					return p.Includes(each.UnitID, each.Terms) && p.StartOf(each.UnitID) <= today
				})
			}, site, now)
			return err
		}))
	}
	return failed
}
