package review

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

// holdsSQL is the condition that the reviewer v may read today, the day $1.
const holdsSQL = `(v.ended_at IS NULL AND (NOT v.by_role OR EXISTS (
			SELECT 1
			FROM role_grant AS g
			WHERE g.person_id = v.person_id
			AND g.role = 'national_reader'
			AND g.from_day <= $1
			AND (g.to_day IS NULL OR g.to_day >= $1)
		)))`

const reviewerColumns = `
			v.id,
			v.course_id,
			v.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			v.part,
			v.by_role,
			v.asked_at,
			v.ended_at,
			` + holdsSQL + `,
			COALESCE(v.verdict, ''),
			v.verdict_at,
			COALESCE(v.verdict_version, 0),
			v.note`

func (r *Reviewer) columns() []any {
	return []any{&r.ID, &r.CourseID, &r.PersonID, &r.Name, &r.Part, &r.ByRole, &r.AskedAt, &r.EndedAt, &r.Holds, &r.Verdict, &r.At, &r.Version, &r.Note}
}

// Of is the review of the course's draft, or with an edition that which it had, for those
// who make courses. fault.Forbidden for others.
func Of(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, edition *int64, today clock.Day) (Review, error) {
	if !access.ManageCourses(viewer) {
		return Review{}, fault.Forbidden
	}
	return of(ctx, q, courseID, edition, today)
}

func of(ctx context.Context, q db.Querier, courseID int64, edition *int64, today clock.Day) (Review, error) {
	var r Review
	var err error
	if r.Reviewers, err = db.Rows(ctx, q, (*Reviewer).columns, `
		SELECT`+reviewerColumns+`
		FROM reviewer AS v
		JOIN person AS p ON p.id = v.person_id
		WHERE v.course_id = $2
		AND v.edition_id IS NOT DISTINCT FROM $3
		AND NOT v.in_trial
		ORDER BY v.part, p.sort_key, v.id`, today, courseID, edition); err != nil {
		return r, err
	}
	if r.Comments, err = db.Rows(ctx, q, func(c *Comment) []any {
		return []any{&c.ID, &c.ReviewerID, &c.Name, &c.Part, &c.Trial, &c.Place, &c.Quote, &c.Text, &c.At, &c.Version, &c.SettledAt, &c.Answer}
	}, `
		SELECT
			c.id,
			c.reviewer_id,
			CASE WHEN c.in_trial THEN '' ELSE TRIM(p.given_name || ' ' || p.family_name) END,
			v.part,
			c.in_trial,
			c.place,
			c.quote,
			c.said,
			c.said_at,
			c.version,
			c.settled_at,
			c.answer
		FROM review_comment AS c
		JOIN reviewer AS v ON v.id = c.reviewer_id
		JOIN person AS p ON p.id = v.person_id
		WHERE v.course_id = $1
		AND v.edition_id IS NOT DISTINCT FROM $2
		ORDER BY c.said_at, c.id`, courseID, edition); err != nil || edition == nil {
		return r, err
	}
	r.Overruled, err = db.Row(ctx, q, db.One[string], `SELECT COALESCE(MAX(reason), '') FROM review_overruled WHERE edition_id = $1`, *edition)
	return r, err
}

// Editions are the course's editions that were reviewed, the newest first, for those who
// make courses.
func Editions(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) ([]catalogue.Edition, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	all, err := catalogue.Editions(ctx, q, courseID)
	if err != nil {
		return nil, err
	}
	ids, err := db.Rows(ctx, q, db.One[int64], `SELECT DISTINCT edition_id FROM reviewer WHERE course_id = $1 AND edition_id IS NOT NULL`, courseID)
	return slices.DeleteFunc(all, func(e catalogue.Edition) bool { return !slices.Contains(ids, e.ID) }), err
}

// Ask asks the person with the address to review the course's draft, and writes them a
// letter. fault.Invalid of the fields part and email; fault.Conflict "review.asked_already";
// fault.NotFound without a draft.
func Ask(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, email string, part Part, site letter.Site, now clock.Instant) error {
	course, err := drafted(ctx, tx, viewer, courseID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	checks.Require(slices.Contains(Parts, part), "part", "review.part_missing")
	email = strings.ToLower(strings.TrimSpace(email))
	checks.Require(email != "", "email", "review.email_missing")
	if err := checks.Err(); err != nil {
		return err
	}
	who, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM person WHERE email = $1 AND id NOT IN (SELECT person_id FROM protected_person)`, email)
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return fault.Invalid("email", "review.email_unknown", "Email", email)
	}
	return request{viewer, course, part, false, site}.to(ctx, tx, who, now)
}

// AskByRole is Ask for all who read for a national authority today, and were not taken off
// the draft. fault.Conflict "review.nobody_by_role" when there is none.
func AskByRole(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, site letter.Site, now clock.Instant) error {
	course, err := drafted(ctx, tx, viewer, courseID)
	if err != nil {
		return err
	}
	who, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT DISTINCT person_id
		FROM role_grant
		WHERE role = $2
		AND from_day <= $1
		AND (to_day IS NULL OR to_day >= $1)
		ORDER BY person_id`, now.Day(), string(byRole))
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return fault.Conflict("review.nobody_by_role")
	}
	return request{viewer, course, Authority, true, site}.to(ctx, tx, who, now)
}

// drafted is the course, if somebody writes a draft of it, for those who make courses. The
// draft is held: it is published, or thrown away, after who is asked now.
func drafted(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64) (catalogue.Course, error) {
	if !access.ManageCourses(viewer) {
		return catalogue.Course{}, fault.Forbidden
	}
	n, err := db.Exec(ctx, tx, `UPDATE course_draft SET version = version WHERE course_id = $1`, courseID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return catalogue.Course{}, err
	}
	return catalogue.CourseByID(ctx, tx, courseID)
}

// request is the wish that somebody reviews the course's draft.
type request struct {
	viewer access.Viewer
	course catalogue.Course
	part   Part
	role   bool
	site   letter.Site
}

// to lets them read the draft, and writes to those who could not before; none of them is
// fault.Conflict "review.asked_already". Who was taken off it, or has lost the role by
// which they were asked, reads it again when they are asked by name. Without a site there
// is no letter: for data that are loaded with their history.
func (r request) to(ctx context.Context, tx *db.Tx, who []int64, now clock.Instant) error {
	asked := 0
	for _, person := range who {
		n, err := db.Exec(ctx, tx, `
			INSERT INTO reviewer (course_id, person_id, part, by_role, asked_at, asked_by)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (course_id, person_id) WHERE edition_id IS NULL DO UPDATE
			SET part = excluded.part, by_role = excluded.by_role, in_trial = FALSE, asked_at = excluded.asked_at, asked_by = excluded.asked_by, ended_at = NULL, ended_by = NULL
			WHERE reviewer.in_trial
			OR NOT excluded.by_role AND (reviewer.by_role OR reviewer.ended_at IS NOT NULL)`,
			r.course.ID, person, string(r.part), r.role, now, r.viewer.ActorID())
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		asked++
		if r.site.Base == "" {
			continue
		}
		if err := letter.WritePersonal(ctx, tx, person, "review", r.viewer.ActorID(), now, func(l *i18n.Lang, name string) (subject, body string) {
			return l.T("review.letter_subject", "Course", r.course.Title()),
				l.T("review.letter_body", "Name", name, "Course", r.course.Title(), "Link", r.site.Base+address.Reviews+"/"+r.course.Slug)
		}); err != nil {
			return err
		}
	}
	if asked == 0 {
		return fault.Conflict("review.asked_already")
	}
	return nil
}

// End lets the reviewer read no more; what they have said stays. fault.NotFound for one
// who is none of the course's draft.
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID, reviewerID int64, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE reviewer
		SET ended_at = COALESCE(ended_at, $3), ended_by = COALESCE(ended_by, $4)
		WHERE id = $1
		AND course_id = $2
		AND edition_id IS NULL`, reviewerID, courseID, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// Unanswered is how many comments on the draft of a course nobody has answered.
type Unanswered struct {
	Course catalogue.Course
	Count  int
}

// ToAnswer are the drafts with such comments, the one that has waited longest first, for those
// who make courses.
func ToAnswer(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Unanswered, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, func(u *Unanswered) []any {
		return []any{&u.Course.ID, &u.Course.Slug, &u.Course.Name, &u.Course.ShortName, &u.Count}
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			COUNT(*)
		FROM review_comment AS m
		JOIN reviewer AS v ON v.id = m.reviewer_id
		JOIN course AS c ON c.id = v.course_id
		WHERE v.edition_id IS NULL
		AND m.settled_at IS NULL
		GROUP BY c.id, c.slug, c.name, c.short_name
		ORDER BY MIN(m.said_at), c.id`)
}

// Waiting is a draft that somebody is asked to review. Changed tells that it is another
// than the one of which they have said their verdict, Answers how many of their comments
// were answered since.
type Waiting struct {
	Course  catalogue.Course
	AskedAt clock.Instant
	Verdict Verdict
	Changed bool
	Answers int
}

// Mine are the drafts that the viewer is asked to review, those without a verdict first.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Waiting, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, func(w *Waiting) []any {
		c := &w.Course
		return []any{&c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Days, &w.AskedAt, &w.Verdict, &w.Changed, &w.Answers}
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.days,
			v.asked_at,
			COALESCE(v.verdict, ''),
			COALESCE(d.version > v.verdict_version, FALSE),
			(SELECT COUNT(*) FROM review_comment AS m WHERE v.verdict = 'changes' AND m.reviewer_id = v.id AND m.settled_at > v.verdict_at)
		FROM reviewer AS v
		JOIN course AS c ON c.id = v.course_id
		JOIN course_draft AS d ON d.course_id = c.id
		WHERE v.person_id = $2
		AND v.edition_id IS NULL
		AND NOT v.in_trial
		AND `+holdsSQL+`
		ORDER BY CASE WHEN v.verdict IS NULL THEN 0 ELSE 1 END, v.asked_at, c.id`, today, viewer.PersonID)
}

// Reading is a draft as somebody reviews it.
type Reading struct {
	Course catalogue.Course
	Draft  catalogue.Draft
	Me     Reviewer
	Review Review
}

// Read is the draft of the course, for those who are asked to review it; fault.NotFound
// for others, and when it has been published or thrown away.
func Read(ctx context.Context, q db.Querier, viewer access.Viewer, slug string, today clock.Day) (Reading, error) {
	var r Reading
	var err error
	if r.Course, err = catalogue.CourseBySlug(ctx, q, slug); err != nil {
		return r, err
	}
	if r.Me, err = reviewerOf(ctx, q, viewer, r.Course.ID, today); err != nil {
		return r, err
	}
	if r.Draft, err = catalogue.DraftOf(ctx, q, access.System(), r.Course.ID); err != nil {
		return r, err
	}
	r.Review, err = of(ctx, q, r.Course.ID, nil, today)
	return r, err
}

// reviewerOf is the viewer as a reviewer of the course's draft; fault.NotFound for others.
func reviewerOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, today clock.Day) (Reviewer, error) {
	if viewer.PersonID == 0 {
		return Reviewer{}, fault.NotFound
	}
	return db.Row(ctx, q, (*Reviewer).columns, `
		SELECT`+reviewerColumns+`
		FROM reviewer AS v
		JOIN person AS p ON p.id = v.person_id
		WHERE v.course_id = $2
		AND v.person_id = $3
		AND v.edition_id IS NULL
		AND NOT v.in_trial
		AND `+holdsSQL, today, courseID, viewer.PersonID)
}

const (
	maxSaid  = 4_000 // characters of a comment and of a note
	maxQuote = 500
)

// Say keeps a comment of the viewer at a place of the draft. fault.Invalid of the fields
// place, quote and text; fault.NotFound for who is not asked to review it.
func Say(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, place, quote, said string, now clock.Instant) error {
	me, draft, err := reviewing(ctx, tx, viewer, courseID, now)
	if err != nil {
		return err
	}
	c := Comment{ReviewerID: me.ID, Place: place, Quote: strings.TrimSpace(quote), Text: strings.TrimSpace(said), At: now, Version: draft.Version}
	return c.add(ctx, tx, &draft.Content)
}

// add keeps a comment on what the content holds.
func (c Comment) add(ctx context.Context, tx *db.Tx, content *catalogue.Content) error {
	var checks fault.Checks
	checks.Require(has(content, c.Place), "place", "review.place_gone")
	checks.Require(utf8.RuneCountInString(c.Quote) <= maxQuote, "quote", "review.too_long", "Max", maxQuote)
	checks.Require(c.Text != "", "text", "review.text_missing")
	checks.Require(utf8.RuneCountInString(c.Text) <= maxSaid, "text", "review.too_long", "Max", maxSaid)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO review_comment (reviewer_id, place, quote, said, said_at, version, in_trial)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.ReviewerID, c.Place, c.Quote, c.Text, c.At, c.Version, c.Trial)
	return err
}

// SayInTrial keeps what the viewer says of the place while they try the draft as it was in
// the version, with the faults of Say: beside what the reviewers say, without a name. It
// asks nobody: it is for package trial, which knows who tries it.
func SayInTrial(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, c Comment, content *catalogue.Content) error {
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO reviewer (course_id, person_id, part, in_trial, asked_at)
		VALUES ($1, $2, 'pilot', TRUE, $3)
		ON CONFLICT (course_id, person_id) WHERE edition_id IS NULL DO UPDATE
		SET note = reviewer.note
		RETURNING id`, courseID, viewer.PersonID, c.At)
	if err != nil {
		return err
	}
	c.ReviewerID, c.Quote, c.Text, c.Trial = id, "", strings.TrimSpace(c.Text), true
	return c.add(ctx, tx, content)
}

// OwnAt are the viewer's own comments at the place of the course's draft, with the answers.
func OwnAt(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, place string) ([]Comment, error) {
	return db.Rows(ctx, q, func(c *Comment) []any { return []any{&c.ID, &c.Text, &c.At, &c.SettledAt, &c.Answer} }, `
		SELECT
			c.id,
			c.said,
			c.said_at,
			c.settled_at,
			c.answer
		FROM review_comment AS c
		JOIN reviewer AS v ON v.id = c.reviewer_id
		WHERE v.course_id = $1
		AND v.person_id = $2
		AND v.edition_id IS NULL
		AND c.place = $3
		ORDER BY c.said_at, c.id`, courseID, viewer.PersonID, place)
}

// Decide is the viewer's verdict on the draft as they have seen it, in that version;
// another replaces it. Who asks for changes
// says which, in the note or in a comment: fault.Invalid of the fields verdict and note.
func Decide(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, verdict Verdict, note string, seen int, now clock.Instant) error {
	me, draft, err := reviewing(ctx, tx, viewer, courseID, now)
	if err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	commented, err := db.Row(ctx, tx, db.One[bool], `SELECT EXISTS (SELECT 1 FROM review_comment WHERE reviewer_id = $1)`, me.ID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	checks.Require(verdict.Valid(), "verdict", "review.verdict_missing")
	checks.Require(verdict != Changes || note != "" || commented, "note", "review.note_missing")
	checks.Require(utf8.RuneCountInString(note) <= maxSaid, "note", "review.too_long", "Max", maxSaid)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		UPDATE reviewer
		SET verdict = $2, verdict_at = $3, verdict_version = $4, note = $5
		WHERE id = $1`, me.ID, string(verdict), now, max(0, min(seen, draft.Version)), note)
	return err
}

// reviewing is the viewer as a reviewer, with the draft. The row is held: the draft is
// published, or thrown away, after what is said now or before it.
func reviewing(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, now clock.Instant) (Reviewer, catalogue.Draft, error) {
	me, err := reviewerOf(ctx, tx, viewer, courseID, now.Day())
	if err != nil {
		return me, catalogue.Draft{}, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE reviewer SET note = note WHERE id = $1 AND edition_id IS NULL AND ended_at IS NULL`, me.ID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return me, catalogue.Draft{}, err
	}
	draft, err := catalogue.DraftOf(ctx, tx, access.System(), courseID)
	return me, draft, err
}

// Settle answers a comment on the course's draft, for those who make courses; again
// another answer replaces it. fault.Invalid of the field answer, fault.NotFound for a
// comment on something else.
func Settle(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID, commentID int64, answer string, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	answer = strings.TrimSpace(answer)
	var checks fault.Checks
	checks.Require(answer != "", "answer", "review.answer_missing")
	checks.Require(utf8.RuneCountInString(answer) <= maxSaid, "answer", "review.too_long", "Max", maxSaid)
	if err := checks.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE review_comment
		SET settled_at = COALESCE(settled_at, $3), settled_by = $4, answer = $5
		WHERE id = $1
		AND reviewer_id IN (SELECT v.id FROM reviewer AS v WHERE v.course_id = $2 AND v.edition_id IS NULL)`,
		commentID, courseID, now, viewer.ActorID(), answer)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// Close lets the review of the course's draft become that of the edition that was just
// published, in the same transaction. When somebody asks for changes, reason says why it
// is published nevertheless: fault.Invalid "review.reason_missing" of the field reason.
func Close(ctx context.Context, tx *db.Tx, viewer access.Viewer, e catalogue.Edition, reason string, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	// The lock: who says something at this moment has said it before, or finds no draft.
	if _, err := db.Exec(ctx, tx, `UPDATE reviewer SET edition_id = $2 WHERE course_id = $1 AND edition_id IS NULL`, e.CourseID, e.ID); err != nil {
		return err
	}
	asks, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM reviewer WHERE edition_id = $1 AND verdict = 'changes'`, e.ID)
	if err != nil || asks == 0 {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.Invalid("reason", "review.reason_missing", "Count", asks)
	case utf8.RuneCountInString(reason) > maxSaid:
		return fault.Invalid("reason", "review.too_long", "Max", maxSaid)
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO review_overruled (edition_id, reason, decided_at, decided_by)
		VALUES ($1, $2, $3, $4)`, e.ID, reason, now, viewer.ActorID())
	return err
}

// Drop throws the review of a draft away with it, in the same transaction.
func Drop(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	for _, statement := range []string{
		`DELETE FROM review_comment WHERE reviewer_id IN (SELECT v.id FROM reviewer AS v WHERE v.course_id = $1 AND v.edition_id IS NULL)`,
		`DELETE FROM reviewer WHERE course_id = $1 AND edition_id IS NULL`,
	} {
		if _, err := db.Exec(ctx, tx, statement, courseID); err != nil {
			return err
		}
	}
	return nil
}
