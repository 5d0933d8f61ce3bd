package improvement

import (
	"context"
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
)

// Source is where feedback came from.
type Source string

// The sources. Learner and Trainer are those who said it from the course's page; what was said otherwise is entered by those
// who make courses.
const (
	Evaluation Source = "evaluation"
	Learner    Source = "learner"
	Trainer    Source = "trainer"
	Support    Source = "support"
	Group      Source = "group"
)

// Sources are those that can be entered.
var Sources = []Source{Evaluation, Trainer, Support, Group, Learner}

// Key is the message that names it.
func (s Source) Key() string { return "improvement.source_" + string(s) }

// Theme is what feedback is about.
type Theme string

// The themes.
const (
	Content  Theme = "content"
	Repeats  Theme = "repeats"
	Level    Theme = "level"
	Layout   Theme = "layout"
	Language Theme = "language"
	Fault    Theme = "fault"
	Other    Theme = "other"
)

// Themes are all, in the order in which they are offered.
var Themes = []Theme{Content, Repeats, Level, Layout, Language, Fault, Other}

// Key is the message that names it.
func (t Theme) Key() string { return "improvement.theme_" + string(t) }

// Decision is what comes of feedback.
type Decision string

// The decisions: none yet, in the next edition, in an edition that is out, or not.
const (
	Open     Decision = "open"
	Next     Decision = "next"
	Met      Decision = "met"
	Declined Decision = "declined"
)

// Decisions are those that somebody can make: what an edition meets is met by its publication.
var Decisions = []Decision{Next, Declined}

// Key is the message that names it.
func (d Decision) Key() string { return "improvement.decision_" + string(d) }

// Feedback is what was said of a course. Edition is the number of the one that met it, 0 for none. Told tells whether
// somebody can be told of the decision.
type Feedback struct {
	ID       int64
	CourseID int64
	Course   string
	Slug     string
	Region   string
	Source   Source
	Theme    Theme
	Text     string
	On       clock.Day
	Decision Decision
	Answer   string
	Edition  int
	Told     bool
	Version  int
}

const feedbackColumns = `
	SELECT
		f.id,
		f.course_id,
		c.slug,
		CASE WHEN f.source IN ('learner', 'trainer') THEN '' ELSE COALESCE(o.name, '') END,
		f.source,
		f.theme,
		f.text,
		f.said_on,
		f.decision,
		f.answer,
		COALESCE(e.number, 0),
		f.person_id IS NOT NULL,
		f.version,
		`

const feedbackTables = `
	FROM course_feedback AS f
	JOIN course AS c ON c.id = f.course_id
	LEFT JOIN organisation AS o ON o.id = f.region_id
	LEFT JOIN edition AS e ON e.id = f.edition_id`

func feedback(where string) string {
	return feedbackColumns + catalogue.TitleSQL("c") + feedbackTables + where
}

func (f *Feedback) columns() []any {
	return []any{&f.ID, &f.CourseID, &f.Slug, &f.Region, &f.Source, &f.Theme, &f.Text, &f.On, &f.Decision, &f.Answer, &f.Edition, &f.Told, &f.Version, &f.Course}
}

// MaxText is the longest text of feedback and of its answer, in characters.
const MaxText = 2000

func written(text, field, missing string, checks *fault.Checks) string {
	text = strings.TrimSpace(text)
	checks.Require(text != "", field, missing)
	checks.Require(utf8.RuneCountInString(text) <= MaxText, field, "fault.too_long", "Max", MaxText)
	return text
}

// has tells whether somebody has the course, and whether they are its trainer: they have begun it, have or had a seat
// in it, or are in a team of it.
func has(ctx context.Context, q db.Querier, personID, courseID int64, day clock.Day) (trainer, learner bool, err error) {
	type standing struct{ trainer, learner bool }
	s, err := db.Row(ctx, q, func(s *standing) []any { return []any{&s.trainer, &s.learner} }, `
		SELECT
			EXISTS (SELECT 1 FROM trainer AS t WHERE t.person_id = $1 AND t.course_id = $2 AND (t.ended_on IS NULL OR t.ended_on >= $3)),
			EXISTS (SELECT 1 FROM study AS s WHERE s.person_id = $1 AND s.course_id = $2)
			OR EXISTS (SELECT 1 FROM completion AS k WHERE k.person_id = $1 AND k.course_id = $2 AND k.revoked_at IS NULL)
			OR EXISTS (SELECT 1 FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.person_id = $1 AND r.course_id = $2 AND n.withdrawn_at IS NULL)`,
		personID, courseID, day)
	return s.trainer, s.learner, err
}

// MaySay tells whether the viewer may say something of the course: who has it, and its trainers.
func MaySay(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, day clock.Day) (bool, error) {
	if viewer.PersonID == 0 {
		return false, nil
	}
	trainer, learner, err := has(ctx, q, viewer.PersonID, courseID, day)
	return trainer || learner, err
}

// mostOpen is how much one person can have said of a course that nobody has decided about: a register is no chat.
const mostOpen = 20

// Say says something of a course that one has; those who make it are not told who said it. fault.NotFound for those who do not have the
// course; fault.Invalid by field.
func Say(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, theme Theme, text string, now clock.Instant) error {
	var checks fault.Checks
	checks.Require(slices.Contains(Themes, theme), "theme", "improvement.theme_missing")
	text = written(text, "text", "improvement.text_missing", &checks)
	if viewer.PersonID == 0 {
		return fault.NotFound
	}
	trainer, learner, err := has(ctx, tx, viewer.PersonID, courseID, now.Day())
	if err == nil && !trainer && !learner {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	waiting, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM course_feedback WHERE person_id = $1 AND course_id = $2 AND decision = 'open'`, viewer.PersonID, courseID)
	if err != nil {
		return err
	}
	checks.Require(waiting < mostOpen, "text", "improvement.too_much", "Max", mostOpen)
	if err := checks.Err(); err != nil {
		return err
	}
	source := Learner
	if trainer {
		source = Trainer
	}
	var region *int64
	if viewer.Home.RegionID != 0 {
		region = &viewer.Home.RegionID
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO course_feedback (course_id, region_id, source, theme, text, said_on, person_id, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, courseID, region, string(source), string(theme), text, now.Day(), viewer.PersonID, now)
	return err
}

// New is feedback as those who make courses enter it, without a name. RegionID is 0 where it came from nowhere in particular.
type New struct {
	CourseID int64
	RegionID int64
	Source   Source
	Theme    Theme
	Text     string
	On       clock.Day
}

// Enter enters what was said otherwise than from the course's page. fault.Forbidden for those who make no courses;
// fault.Invalid by field.
func Enter(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	var checks fault.Checks
	checks.Require(slices.Contains(Sources, n.Source), "source", "improvement.source_missing")
	checks.Require(slices.Contains(Themes, n.Theme), "theme", "improvement.theme_missing")
	checks.Require(n.On <= now.Day(), "on", "improvement.day_to_come")
	n.Text = written(n.Text, "text", "improvement.text_missing", &checks)
	if err := checks.Err(); err != nil {
		return err
	}
	var region *int64
	if n.RegionID != 0 {
		region = &n.RegionID
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO course_feedback (course_id, region_id, source, theme, text, said_on, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, n.CourseID, region, string(n.Source), string(n.Theme), n.Text, n.On, now, viewer.ActorID())
	if db.IsCheck(err) {
		err = fault.NotFound // no such course
	}
	return err
}

// Of is all that was said of the course, what nobody has decided about first, then the latest, for those who make courses.
// Nobody's name is told.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) ([]Feedback, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, (*Feedback).columns, feedback(`
		WHERE f.course_id = $1
		ORDER BY CASE f.decision WHEN 'open' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, f.said_on DESC, f.id DESC`), courseID)
}

// Get is one, for those who make courses.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Feedback, error) {
	if !access.ManageCourses(viewer) {
		return Feedback{}, fault.Forbidden
	}
	return db.Row(ctx, q, (*Feedback).columns, feedback(` WHERE f.id = $1`), id)
}

// Mine is what the viewer has said of the course, and what came of it, the latest first.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) ([]Feedback, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, (*Feedback).columns, feedback(` WHERE f.course_id = $1 AND f.person_id = $2 ORDER BY f.id DESC`), courseID, viewer.PersonID)
}

// Waiting is how much is said of each course that nobody has decided about, for those who make courses.
func Waiting(ctx context.Context, q db.Querier, viewer access.Viewer) (courses []Feedback, counts []int, err error) {
	if !access.ManageCourses(viewer) {
		return nil, nil, fault.Forbidden
	}
	type row struct {
		Feedback
		count int
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.CourseID, &r.Slug, &r.Course, &r.count} }, `
		SELECT
			c.id,
			c.slug,
			`+catalogue.TitleSQL("c")+`,
			COUNT(*)
		FROM course_feedback AS f
		JOIN course AS c ON c.id = f.course_id
		WHERE f.decision = 'open'
		GROUP BY c.id, c.slug, c.name, c.short_name
		ORDER BY COUNT(*) DESC, c.id`)
	for _, r := range rows {
		courses, counts = append(courses, r.Feedback), append(counts, r.count)
	}
	return courses, counts, err
}

// Decide decides what comes of it, with the answer that who said it is given. fault.Conflict "improvement.changed_meanwhile"
// when the version is not the one that is there, "improvement.is_met" when an edition has met it.
func Decide(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, version int, d Decision, answer string, now clock.Instant) error {
	f, err := Get(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if f.Decision == Met {
		return fault.Conflict("improvement.is_met")
	}
	var checks fault.Checks
	checks.Require(slices.Contains(Decisions, d), "decision", "improvement.decision_missing")
	answer = written(answer, "answer", "improvement.answer_missing", &checks)
	if err := checks.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE course_feedback
		SET decision = $3, answer = $4, decided_at = $5, decided_by = $6, version = version + 1
		WHERE id = $1
		AND version = $2
		AND decision <> 'met'`, id, version, string(d), answer, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("improvement.changed_meanwhile")
	}
	return err
}

// Promised is how much is to come with the next edition of the course, and how many letters tell of it then.
type Promised struct{ Count, Letters int }

// PromisedIn is that of the course, for those who make courses.
func PromisedIn(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) (Promised, error) {
	if !access.ManageCourses(viewer) {
		return Promised{}, fault.Forbidden
	}
	return db.Row(ctx, q, func(p *Promised) []any { return []any{&p.Count, &p.Letters} }, `
		SELECT
			COUNT(*),
			COUNT(DISTINCT p.id)
		FROM course_feedback AS f
		LEFT JOIN person AS p ON p.id = f.person_id AND p.email IS NOT NULL AND p.id NOT IN (SELECT person_id FROM protected_person)
		WHERE f.course_id = $1
		AND f.decision = 'next'`, courseID)
}

// Published lets the edition meet what was to come with it, and tells those who said it what has changed: one letter each.
// Whoever publishes an edition calls it in the same transaction.
func Published(ctx context.Context, tx *db.Tx, viewer access.Viewer, e catalogue.Edition, site letter.Site, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	met, err := db.Rows(ctx, tx, db.One[int64], `
		UPDATE course_feedback
		SET decision = 'met', edition_id = $2, version = version + 1
		WHERE course_id = $1
		AND decision = 'next'
		RETURNING id`, e.CourseID, e.ID)
	if err != nil || len(met) == 0 {
		return err
	}
	type said struct {
		letter.Person
		course, slug, answer string
	}
	rows, err := db.Rows(ctx, tx, func(s *said) []any {
		return []any{&s.ID, &s.Given, &s.Family, &s.Language, &s.course, &s.slug, &s.answer}
	}, `
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			p.language,
			`+catalogue.TitleSQL("c")+`,
			c.slug,
			f.answer
		FROM course_feedback AS f
		JOIN course AS c ON c.id = f.course_id
		JOIN person AS p ON p.id = f.person_id
		WHERE f.edition_id = $1
		AND p.email IS NOT NULL
		AND p.id NOT IN (SELECT person_id FROM protected_person)
		ORDER BY p.id, f.id`, e.ID)
	for err == nil && len(rows) > 0 {
		first, n := rows[0], 1
		answers := []string{"– " + first.answer}
		for n < len(rows) && rows[n].ID == first.ID {
			if line := "– " + rows[n].answer; !slices.Contains(answers, line) {
				answers = append(answers, line)
			}
			n++
		}
		rows = rows[n:]
		l, name := i18n.For(first.Language), first.Given
		if name == "" {
			name = first.Family
		}
		_, err = letter.PutPersonal(ctx, tx, letter.Personal{
			PersonID: first.ID, Kind: "improvement", Subject: l.T("improvement.letter_subject", "Course", first.course),
			Body: l.T("improvement.letter", "Name", name, "Course", first.course, "Answers", strings.Join(answers, "\n"), "Link", site.Base+address.Course(first.slug)) +
				"\n\n" + l.T("letter.greetings", "Sender", site.From.Name) + "\n",
		}, viewer.ActorID(), now)
	}
	return err
}
