package trial

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/review"
	"yrkesresan/internal/survey"
)

const columns = `
			t.id,
			t.course_id,
			t.edition_id,
			e.number,
			t.version,
			t.counts,
			t.started_at,
			t.ended_at,
			COALESCE(b.number, 0)`

const tables = `
		FROM trial AS t
		JOIN edition AS e ON e.id = t.edition_id
		LEFT JOIN edition AS b ON b.id = t.became_id`

func (t *Trial) columns() []any {
	return []any{&t.ID, &t.CourseID, &t.EditionID, &t.Number, &t.Version, &t.Counts, &t.StartedAt, &t.EndedAt, &t.Became}
}

// Of are the trials of the course, the newest first, for those who make courses.
// fault.Forbidden for others.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) ([]Trial, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, (*Trial).columns, `SELECT`+columns+tables+`
		WHERE t.course_id = $1
		ORDER BY t.id DESC`, courseID)
}

// Start lets a group try the draft as it is in the version, for those who make courses.
// fault.Conflict "trial.runs_already" while another trial of the course goes on;
// fault.Invalid when the draft is not ready to be learnt from; else as
// catalogue.ForTrial.
func Start(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int, counts bool, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	// The lock: the draft is published, or thrown away, after the trial has begun, and ends it.
	if _, err := db.Exec(ctx, tx, `UPDATE course_draft SET version = version WHERE course_id = $1`, courseID); err != nil {
		return err
	}
	runs, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM trial WHERE course_id = $1 AND ended_at IS NULL)`, courseID)
	if err != nil {
		return err
	}
	if runs {
		return fault.Conflict("trial.runs_already")
	}
	e, err := catalogue.ForTrial(ctx, tx, viewer, courseID, version, now)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO trial (course_id, edition_id, version, counts, started_at, started_by)
		VALUES ($1, $2, $3, $4, $5, $6)`, courseID, e.ID, version, counts, now, viewer.ActorID())
	return err
}

// running is the course's trial that goes on, held; fault.Conflict "trial.is_over" for none.
func running(ctx context.Context, tx *db.Tx, courseID int64) (Trial, error) {
	n, err := db.Exec(ctx, tx, `UPDATE trial SET version = version WHERE course_id = $1 AND ended_at IS NULL`, courseID)
	if err == nil && n == 0 {
		err = fault.Conflict("trial.is_over")
	}
	if err != nil {
		return Trial{}, err
	}
	return db.Row(ctx, tx, (*Trial).columns, `SELECT`+columns+tables+`
		WHERE t.course_id = $1
		AND t.ended_at IS NULL`, courseID)
}

// MostAtOnce is how many are asked at a time.
const MostAtOnce = 100

// Join lets the people with the addresses try the course, and writes them a letter; who does
// already is asked no more. All of them join or none: fault.Invalid of the field emails names
// those whom nobody knows, who are in the middle of another edition, and who have a seat in
// a round of another.
func Join(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, emails []string, site letter.Site, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	t, err := running(ctx, tx, courseID)
	if err != nil {
		return err
	}
	course, err := catalogue.CourseByID(ctx, tx, courseID)
	if err != nil {
		return err
	}
	all := addresses(emails)
	var checks fault.Checks
	checks.Require(len(all) > 0, "emails", "trial.emails_missing")
	checks.Require(len(all) <= MostAtOnce, "emails", "trial.too_many", "Max", MostAtOnce)
	if err := checks.Err(); err != nil {
		return err
	}
	var who []int64
	refused := map[string][]string{}
	for _, email := range all {
		id, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM person WHERE email = $1 AND id NOT IN (SELECT person_id FROM protected_person)`, email)
		if errors.Is(err, fault.NotFound) {
			refused["trial.unknown"] = append(refused["trial.unknown"], email)
			continue
		}
		if err != nil {
			return err
		}
		why, err := t.hinders(ctx, tx, id, now.Day())
		if err != nil {
			return err
		}
		if why != "" {
			refused[why] = append(refused[why], email)
			continue
		}
		who = append(who, id)
	}
	for _, key := range []string{"trial.unknown", "trial.begun", "trial.seated"} {
		checks.Require(len(refused[key]) == 0, "emails", key, "Emails", strings.Join(refused[key], ", "))
	}
	if err := checks.Err(); err != nil {
		return err
	}
	for _, person := range who {
		asked, err := t.join(ctx, tx, person, viewer.ActorID(), now)
		if err != nil {
			return err
		}
		if !asked || site.Base == "" {
			continue
		}
		if err := t.write(ctx, tx, course, person, viewer, "trial.letter_body", site.Base+address.CourseTrial(course.Slug), now); err != nil {
			return err
		}
	}
	return nil
}

// addresses are those in the lines, each once.
func addresses(lines []string) (all []string) {
	for _, line := range lines {
		for _, each := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) }) {
			each = strings.ToLower(each)
			if !slices.Contains(all, each) {
				all = append(all, each)
			}
		}
	}
	return all
}

// hinders is why the person cannot join, as a message; empty when they can.
func (t Trial) hinders(ctx context.Context, q db.Querier, person int64, today clock.Day) (string, error) {
	type row struct{ begun, seated bool }
	r, err := db.Row(ctx, q, func(r *row) []any { return []any{&r.begun, &r.seated} }, `
		SELECT
			EXISTS (
				SELECT 1
				FROM study AS s
				WHERE s.person_id = $1
				AND s.course_id = $2
				AND s.edition_id <> $3
				AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = s.person_id AND c.course_id = s.course_id AND c.revoked_at IS NULL)
			),
			EXISTS (
				SELECT 1
				FROM enrolment AS n
				JOIN round AS r ON r.id = n.round_id
				WHERE n.person_id = $1
				AND n.withdrawn_at IS NULL
				AND r.course_id = $2
				AND r.edition_id IS DISTINCT FROM $3
				AND r.cancelled_at IS NULL
				AND r.last_day >= $4
			)`, person, t.CourseID, t.EditionID, today)
	switch {
	case err != nil:
		return "", err
	case r.begun:
		return "trial.begun", nil
	case r.seated:
		return "trial.seated", nil
	}
	return "", nil
}

// join lets the person, whom nothing hinders, take the course in the edition; it tells
// whether they did not before.
func (t Trial) join(ctx context.Context, tx *db.Tx, person int64, by *int64, now clock.Instant) (bool, error) {
	n, err := db.Exec(ctx, tx, `
		INSERT INTO trial_person (trial_id, person_id, asked_at, asked_by, before_id)
		VALUES ($1, $2, $3, $4, (SELECT s.edition_id FROM study AS s WHERE s.person_id = $2 AND s.course_id = $5 AND s.edition_id <> $6))
		ON CONFLICT (trial_id, person_id) DO UPDATE
		SET left_at = NULL, asked_at = excluded.asked_at, asked_by = excluded.asked_by, before_id = excluded.before_id
		WHERE trial_person.left_at IS NOT NULL
		OR trial_person.asked_at IS NULL`, t.ID, person, now, by, t.CourseID, t.EditionID)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO study (person_id, course_id, edition_id, started_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, course_id) DO UPDATE
		SET edition_id = excluded.edition_id, started_at = excluded.started_at`, person, t.CourseID, t.EditionID, now)
	return err == nil, err
}

// write tells the person that they try the course, in the words of the key.
func (t Trial) write(ctx context.Context, tx *db.Tx, course catalogue.Course, person int64, viewer access.Viewer, key, link string, now clock.Instant) error {
	counts := "trial.letter_counts_not"
	if t.Counts {
		counts = "trial.letter_counts"
	}
	return letter.WritePersonal(ctx, tx, person, "trial", viewer.ActorID(), now, func(l *i18n.Lang, name string) (subject, body string) {
		return l.T("trial.letter_subject", "Course", course.Title()), l.T(key, "Name", name, "Course", course.Title(), "Counts", l.T(counts), "Link", link)
	})
}

// Leave takes the person out of the course's trial: the viewer themselves, or anybody for
// those who make courses. What they did and said stays. fault.Conflict "trial.is_over", and
// "trial.in_round" for who has a seat in a round that tries it; fault.NotFound for who was not
// asked.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID, person int64, now clock.Instant) error {
	if person != viewer.PersonID && !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	t, err := running(ctx, tx, courseID)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE trial_person
		SET left_at = $3
		WHERE trial_id = $1
		AND person_id = $2
		AND asked_at IS NOT NULL
		AND left_at IS NULL`, t.ID, person, now)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	seated, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			AND r.edition_id = $2
			AND r.cancelled_at IS NULL
			AND r.last_day >= $3
		)`, person, t.EditionID, now.Day())
	if err == nil && seated {
		err = fault.Conflict("trial.in_round")
	}
	if err != nil {
		return err
	}
	return t.release(ctx, tx, person)
}

// release lets those who take the course in the trial's edition (one of them, or all for 0)
// take it as before, or from the beginning in the edition that is out. Who has begun a task
// in a trial that counts goes on in it.
func (t Trial) release(ctx context.Context, tx *db.Tx, person int64) error {
	released := `
		edition_id = $1
		AND ($2 = 0 OR person_id = $2)`
	if t.Counts {
		released += `
		AND NOT EXISTS (
			SELECT 1
			FROM task AS k
			JOIN progress AS p ON p.task_id = k.id AND p.person_id = study.person_id
			WHERE k.edition_id = study.edition_id
		)
		AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = study.person_id AND c.edition_id = study.edition_id AND c.revoked_at IS NULL)`
	}
	before := `(SELECT o.before_id FROM trial_person AS o WHERE o.trial_id = $3 AND o.person_id = study.person_id AND o.before_id IS NOT NULL)`
	if _, err := db.Exec(ctx, tx, `UPDATE study SET edition_id = `+before+` WHERE `+released+` AND EXISTS `+before, t.EditionID, person, t.ID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM study WHERE `+released, t.EditionID, person)
	return err
}

// End ends the course's trial, for those who make courses. fault.Conflict "trial.is_over".
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	t, err := running(ctx, tx, courseID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE trial SET ended_at = $2, ended_by = $3 WHERE id = $1`, t.ID, now, viewer.ActorID()); err != nil {
		return err
	}
	if err := t.handBack(ctx, tx, viewer, now); err != nil {
		return err
	}
	return t.release(ctx, tx, 0)
}

// Close ends the trial of the draft that was just published, or thrown away with an edition
// of no ID, in the same transaction, if one goes on. The edition that was published is what
// came of the course's trials since the one before it.
func Close(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, e catalogue.Edition, now clock.Instant) error {
	if err := End(ctx, tx, viewer, courseID, now); err != nil && !errors.Is(err, fault.Conflict("trial.is_over")) {
		return err
	}
	if e.ID != 0 {
		_, err := db.Exec(ctx, tx, `UPDATE trial SET became_id = $2 WHERE course_id = $1 AND became_id IS NULL`, courseID, e.ID)
		return err
	}
	// What was said in the trials of a draft that is thrown away stays with the last of them.
	if _, err := db.Exec(ctx, tx, `
		UPDATE reviewer
		SET edition_id = (SELECT MAX(t.edition_id) FROM trial AS t WHERE t.course_id = $1 AND t.became_id IS NULL)
		WHERE course_id = $1
		AND edition_id IS NULL
		AND EXISTS (SELECT 1 FROM review_comment AS c WHERE c.reviewer_id = reviewer.id AND c.in_trial)`, courseID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE trial SET became_id = edition_id WHERE course_id = $1 AND became_id IS NULL`, courseID)
	return err
}

const takingTables = tables + `
		JOIN study AS s ON s.edition_id = t.edition_id AND s.person_id = $1
		JOIN course AS c ON c.id = t.course_id
		LEFT JOIN trial_person AS o ON o.trial_id = t.id AND o.person_id = s.person_id`

const takingColumns = columns + `,
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.days,
			COALESCE(o.grade, ''),
			COALESCE(o.said, ''),
			o.left_at IS NOT NULL,
			o.asked_at IS NOT NULL AND o.left_at IS NULL`

func (t *Taking) columns() []any {
	c := &t.Course
	return append(t.Trial.columns(), &c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Days, &t.Grade, &t.Said, &t.Left, &t.Invited)
}

// Mine are the trials that go on in which the viewer takes a course, the first first.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Taking, error) {
	return db.Rows(ctx, q, (*Taking).columns, `SELECT`+takingColumns+takingTables+`
		WHERE t.ended_at IS NULL
		AND o.left_at IS NULL
		ORDER BY t.started_at, t.id`, viewer.PersonID)
}

// In is the trial in whose edition the viewer takes the course, also when it is over; nil for none.
func In(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) (*Taking, error) {
	t, err := db.Row(ctx, q, (*Taking).columns, `SELECT`+takingColumns+takingTables+`
		WHERE t.course_id = $2`, viewer.PersonID, courseID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &t, err
}

// taking is the trial that goes on, held, for who takes the course in it; fault.NotFound for
// others, fault.Conflict "trial.is_over".
func taking(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64) (Trial, error) {
	if viewer.PersonID == 0 {
		return Trial{}, fault.NotFound
	}
	t, err := running(ctx, tx, courseID)
	if err != nil {
		return t, err
	}
	in, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM study WHERE person_id = $1 AND edition_id = $2)
		AND NOT EXISTS (SELECT 1 FROM trial_person WHERE trial_id = $3 AND person_id = $1 AND left_at IS NOT NULL)`, viewer.PersonID, t.EditionID, t.ID)
	if err == nil && !in {
		err = fault.NotFound
	}
	return t, err
}

// maxSaid is the most that somebody says of the whole, in characters.
const maxSaid = 4_000

// Grade keeps what the viewer, who tries the course, thinks of the whole; again another
// replaces it. fault.Invalid of the fields grade and text; fault.NotFound for who does not
// try it; fault.Conflict "trial.is_over".
func Grade(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, grade, said string, now clock.Instant) error {
	t, err := taking(ctx, tx, viewer, courseID)
	if err != nil {
		return err
	}
	said = strings.TrimSpace(said)
	var checks fault.Checks
	checks.Require(survey.ValidGrade(grade), "grade", "survey.grade_missing")
	checks.Require(utf8.RuneCountInString(said) <= maxSaid, "text", "review.too_long", "Max", maxSaid)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO trial_person (trial_id, person_id, said_at, grade, said)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (trial_id, person_id) DO UPDATE
		SET grade = excluded.grade, said = excluded.said, said_at = excluded.said_at`, t.ID, viewer.PersonID, now, grade, said)
	return err
}

// Say keeps what the viewer, who tries the course, says of the task: those who write the
// course read it beside what the reviewers say. fault.Invalid of the field text;
// fault.NotFound for who does not try it; fault.Conflict "trial.is_over".
func Say(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, task, said string, now clock.Instant) error {
	t, err := taking(ctx, tx, viewer, courseID)
	if err != nil {
		return err
	}
	content, err := catalogue.ContentOf(ctx, tx, t.EditionID)
	if err != nil {
		return err
	}
	c := review.Comment{Place: review.TaskPlace(task), Text: said, At: now, Version: t.Version}
	return review.SayInTrial(ctx, tx, viewer, courseID, c, content)
}

// ResultsOf is what came of the trial until now, for those who make courses; fault.Forbidden
// for others.
func ResultsOf(ctx context.Context, q db.Querier, viewer access.Viewer, t Trial) (Results, error) {
	if !access.ManageCourses(viewer) {
		return Results{}, fault.Forbidden
	}
	r := Results{Tasks: map[string]Task{}, Grades: map[string]int{}}
	var err error
	if r.People, err = db.Rows(ctx, q, func(p *Participant) []any {
		return []any{&p.PersonID, &p.Name, &p.LeftAt, &p.Done, &p.Required, &p.Grade, &p.Said, &p.Invited}
	}, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			m.left_at,
			(SELECT COUNT(*) FROM task AS k JOIN progress AS d ON d.task_id = k.id AND d.person_id = p.id AND d.done_at IS NOT NULL WHERE k.edition_id = $2 AND k.required),
			(SELECT COUNT(*) FROM task AS k WHERE k.edition_id = $2 AND k.required),
			m.grade,
			m.said,
			m.asked_at IS NOT NULL
		FROM trial_person AS m
		JOIN person AS p ON p.id = m.person_id
		WHERE m.trial_id = $1
		ORDER BY p.sort_key, p.id`, t.ID, t.EditionID); err != nil {
		return r, err
	}
	if r.Others, err = db.Row(ctx, q, db.One[int], `
		SELECT COUNT(DISTINCT s.person_id)
		FROM (
			SELECT person_id FROM study WHERE edition_id = $2
			UNION ALL
			SELECT d.person_id FROM task AS k JOIN progress AS d ON d.task_id = k.id WHERE k.edition_id = $2
		) AS s
		WHERE NOT EXISTS (SELECT 1 FROM trial_person AS o WHERE o.trial_id = $1 AND o.person_id = s.person_id)`, t.ID, t.EditionID); err != nil {
		return r, err
	}
	for _, p := range r.People {
		if p.Grade != "" {
			r.Grades[p.Grade]++
		}
	}
	type row struct {
		key string
		Task
	}
	tasks, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.key, &r.Opened, &r.Done, &r.First} }, `
		SELECT
			k.key,
			COUNT(p.person_id),
			COUNT(p.done_at),
			SUM(CASE WHEN k.kind = 'quiz' AND p.done_at IS NOT NULL AND p.tries = 1 THEN 1 ELSE 0 END)
		FROM task AS k
		LEFT JOIN progress AS p ON p.task_id = k.id
		WHERE k.edition_id = $1
		GROUP BY k.id, k.key`, t.EditionID)
	for _, each := range tasks {
		r.Tasks[each.key] = each.Task
	}
	return r, err
}
