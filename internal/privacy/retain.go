package privacy

import (
	"context"
	"errors"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/history"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/jobs"
)

// How long is kept what nobody uses.
const (
	years, months = 5, 9 // after the last sign-in: domain.md, "Who"
	fileDays      = 90   // a file of staff that nobody approved
	perRun        = 50   // people who are erased in one run: another one goes on
)

// Rule is a rule of retention.
type Rule string

// The rules.
const (
	OldPeople Rule = "people"      // five years and nine months after the last sign-in
	OldFiles  Rule = "staff_files" // never approved
)

// Rules are all of them.
var Rules = []Rule{OldPeople, OldFiles}

// Key is the rule's message key.
func (r Rule) Key() string { return "privacy.rule_" + string(r) }

// Due tells whether somebody who was last here on the day is forgotten today.
func Due(last, today clock.Day) bool { return last.AddDate(years, months, 0) <= today }

// Report is what a rule did on a day: a number, never whom.
type Report struct {
	RanAt   clock.Instant
	Rule    Rule
	Handled int64
}

// Reports are what the rules have done, the newest first. fault.Forbidden for who may not
// read it.
func Reports(ctx context.Context, q db.Querier, viewer access.Viewer, most int) ([]Report, error) {
	if !access.ReadRetention(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, func(r *Report) []any { return []any{&r.RanAt, &r.Rule, &r.Handled} }, `
		SELECT ran_at, rule, handled
		FROM retention_report
		ORDER BY id DESC
		LIMIT $1`, most)
}

// Retain lets the rules forget what is due, a person or a file at a time so that nobody
// waits, and reports what each did.
func Retain(ctx context.Context, d *db.DB, now clock.Instant) ([]Report, error) {
	var reports []Report
	for _, rule := range []struct {
		Rule
		run func(context.Context, *db.DB, clock.Instant) (int64, error)
	}{{OldPeople, forgetPeople}, {OldFiles, forgetFiles}} {
		n, err := rule.run(ctx, d, now)
		if err != nil {
			return reports, err
		}
		reports = append(reports, Report{now, rule.Rule, n})
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO retention_report (ran_at, rule, handled) VALUES ($1, $2, $3)`, now, string(rule.Rule), n)
			return err
		}); err != nil {
			return reports, err
		}
	}
	return reports, nil
}

// lapsed are people who may be due: who has not signed in since the day, nor was added since,
// works nowhere, holds no role and no day to come, and is not erased. Who was merged goes with
// whom they were merged into.
const lapsed = `
	SELECT p.id, COALESCE(s.at, p.created_at)
	FROM person AS p
	LEFT JOIN last_sign_in AS s ON s.person_id = p.id
	WHERE COALESCE(s.at, p.created_at) < $1
	AND p.merged_into IS NULL
	AND NOT EXISTS (SELECT 1 FROM erasure AS e WHERE e.person_id = p.id)
	AND NOT EXISTS (SELECT 1 FROM employment AS e WHERE e.person_id = p.id AND (e.to_day IS NULL OR e.to_day >= $2))
	AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id AND (g.to_day IS NULL OR g.to_day >= $2))
	AND NOT EXISTS (SELECT 1 FROM day_trainer AS t JOIN course_day AS y ON y.id = t.course_day_id WHERE t.person_id = p.id AND y.day >= $2)`

type old struct {
	id   int64
	last clock.Instant
}

func (o *old) columns() []any { return []any{&o.id, &o.last} }

// stillDue is nil when the person is due at this moment.
func stillDue(ctx context.Context, q db.Querier, personID int64, today clock.Day) error {
	all, err := db.Rows(ctx, q, (*old).columns, lapsed+` AND p.id = $3`, edge(today), today, personID)
	for _, o := range all {
		if Due(o.last.Day(), today) {
			return nil
		}
	}
	if err == nil {
		err = fault.NotFound
	}
	return err
}

// edge is a moment after which nobody is due: months are of different lengths, so Due has
// the last word.
func edge(today clock.Day) clock.Instant { return (today.AddDate(-years, -months, 0) + 4).Start() }

func forgetPeople(ctx context.Context, d *db.DB, now clock.Instant) (n int64, err error) {
	today := now.Day()
	all, err := db.Rows(ctx, d.Reader(), (*old).columns, lapsed+` ORDER BY p.id`, edge(today), today)
	for _, o := range all {
		if !Due(o.last.Day(), today) || n == perRun {
			continue
		}
		err := erase(ctx, d, access.System(), o.id, Aged, now, func(tx *db.Tx) error { return stillDue(ctx, tx, o.id, today) })
		if errors.Is(err, fault.Conflict("")) || errors.Is(err, fault.NotFound) {
			continue // erased, or back, meanwhile
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, err
}

func forgetFiles(ctx context.Context, d *db.DB, now clock.Instant) (n int64, err error) {
	all, err := db.Rows(ctx, d.Reader(), db.One[int64], `
		SELECT id
		FROM staff_import
		WHERE state IN ('reading', 'ready')
		AND made_at < $1`, (now.Day() - fileDays).Start())
	for _, id := range all {
		if err := intake.Discard(ctx, d, id); err != nil {
			return n, err
		}
		n++
	}
	if err != nil {
		return n, err
	}
	all, err = db.Rows(ctx, d.Reader(), db.One[int64], `SELECT id FROM history_import WHERE state = 'ready' AND made_at < $1`, (now.Day() - fileDays).Start())
	for _, id := range all {
		if err := d.Write(ctx, func(tx *db.Tx) error { return history.Discard(ctx, tx, id) }); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}

// Remembered is somebody who has been erased, as it is kept beside the database: by number,
// and by when they were added, so that nobody else of that number is erased.
type Remembered struct {
	Person int64         `json:"person"`
	Born   clock.Instant `json:"born"`
}

// Remember are all who have been erased.
func Remember(ctx context.Context, q db.Querier) ([]Remembered, error) {
	return db.Rows(ctx, q, func(r *Remembered) []any { return []any{&r.Person, &r.Born} },
		`SELECT person_id, born_at FROM erasure ORDER BY person_id`)
}

// Reapply erases again those of the list who are back, as in a database that was restored,
// and tells how many. Who is not there, or is somebody else, is passed by.
func Reapply(ctx context.Context, d *db.DB, list []Remembered, now clock.Instant) (n int64, err error) {
	for _, r := range list {
		there := func(q db.Querier) error {
			_, err := db.Row(ctx, q, db.One[int64], `SELECT id FROM person WHERE id = $1 AND created_at = $2`, r.Person, r.Born)
			return err
		}
		err := there(d.Reader())
		if err == nil {
			err = erase(ctx, d, access.System(), r.Person, Anew, now, func(tx *db.Tx) error { return there(tx) })
		}
		if errors.Is(err, fault.Conflict("")) || errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// retaining is the job that forgets.
type retaining struct{}

func (retaining) Kind() string { return "privacy_retain" }

// Handle lets the queue forget what is due, at each start and then once a day.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ retaining) error {
		reports, err := Retain(ctx, d, now())
		if err != nil || reports[0].Handled < perRun {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error { return jobs.Add(ctx, tx, retaining{}) })
	})
	jobs.Every(q, 24*time.Hour, retaining{})
}
