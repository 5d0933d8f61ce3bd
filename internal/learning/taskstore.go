package learning

import (
	"context"
	"errors"
	"maps"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// newestSQL is the newest edition of the course $1 that stands on the day $2.
var newestSQL = lifetime.NewestSQL("$1", "$2")

// CanBegin tells whether there is anything to begin: a web course is its tasks, and
// before its first edition that has some nobody can take it.
func CanBegin(ctx context.Context, q db.Querier, course catalogue.Course, today clock.Day) (bool, error) {
	if course.Days > 0 {
		return true, nil
	}
	return db.Row(ctx, q, db.One[bool], `SELECT EXISTS (SELECT 1 FROM edition_content WHERE edition_id = `+newestSQL+`)`, course.ID, today)
}

// StudyOf is the course as the viewer takes it: in the edition that they have
// begun; else in that of the round in which they have a seat (seat, 0 for none, and for
// one that was withdrawn); else in the newest that stands (EditionFor, written so that
// one question answers it).
func StudyOf(ctx context.Context, q db.Querier, viewer access.Viewer, course catalogue.Course, seat int64, today clock.Day) (Study, error) {
	s := Study{Course: course}
	type row struct {
		catalogue.Edition
		begun       bool
		out, ends   *clock.Day
		whyOut, why string
	}
	r, err := db.Row(ctx, q, func(r *row) []any {
		return []any{
			&r.ID, &r.CourseID, &r.Number, &r.PublishedOn, &r.Changes, &r.begun, &s.Newest, &s.Completed, &s.CompletionID, &s.CompletedEdition,
			&r.out, &r.whyOut, &r.ends, &r.why,
		}
	}, `
		SELECT
			COALESCE(e.id, 0),
			co.id,
			COALESCE(e.number, 0),
			COALESCE(e.published_on, '1970-01-01'),
			COALESCE(e.changes, ''),
			st.edition_id IS NOT NULL,
			COALESCE(n.number, 0),
			c.completed_on,
			COALESCE(c.id, 0),
			COALESCE(ce.number, 0),
			ew.withdrawn_on,
			COALESCE(ew.reason, ''),
			cr.from_day,
			COALESCE(cr.reason, '')
		FROM course AS co
		LEFT JOIN edition AS n ON n.id = `+newestSQL+`
		LEFT JOIN study AS st ON st.person_id = $3 AND st.course_id = co.id
		LEFT JOIN edition AS e ON e.id = COALESCE(st.edition_id, $4, n.id)
		LEFT JOIN completion AS c ON c.person_id = $3 AND c.course_id = co.id AND c.revoked_at IS NULL
		LEFT JOIN edition AS ce ON ce.id = c.edition_id
		LEFT JOIN edition_withdrawal AS ew ON ew.edition_id = e.id AND ew.reinstated_on IS NULL
		LEFT JOIN course_retirement AS cr ON cr.course_id = co.id AND cr.taken_back_at IS NULL AND cr.taken_up_on IS NULL
		WHERE co.id = $1`, course.ID, today, viewer.PersonID, orNil(seat))
	if err != nil {
		return s, err
	}
	if r.out != nil {
		s.Withdrawn = &lifetime.Withdrawal{EditionID: r.ID, On: *r.out, Reason: r.whyOut}
	}
	if r.ends != nil {
		s.Retired = &lifetime.Retirement{From: *r.ends, Reason: r.why}
	}
	if r.ID == 0 {
		return s, nil // no edition stands, and none was begun
	}
	s.Edition, s.Begun = r.Edition, r.begun
	s.Content, err = catalogue.ContentOf(ctx, q, s.Edition.ID)
	if errors.Is(err, fault.NotFound) {
		return s, nil // an edition without tasks
	}
	if err != nil {
		return s, err
	}
	known := map[string]Progress{}
	if s.Begun {
		if known, err = progressIn(ctx, q, viewer.PersonID, s.Edition.ID); err != nil {
			return s, err
		}
	}
	s.Tasks = make([]Task, len(s.Content.Tasks))
	for i := range s.Content.Tasks {
		t := &s.Content.Tasks[i]
		s.Tasks[i] = Task{t, known[t.Key]}
	}
	return s, nil
}

func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// progressColumns are those of a progress p; of none they are zero.
const progressColumns = `
	COALESCE(p.opened_at, 0),
	COALESCE(p.changed_at, 0),
	p.done_at,
	COALESCE(p.position, 0),
	COALESCE(p.answer, ''),
	COALESCE(p.tries, 0),
	COALESCE(p.shared, FALSE),
	COALESCE(p.writer, ''),
	COALESCE(p.together_day_id, 0)`

func (p *Progress) columns() []any {
	return []any{&p.OpenedAt, &p.ChangedAt, &p.DoneAt, &p.Position, &p.Answer, &p.Tries, &p.Shared, &p.Writer, &p.Together}
}

// progressIn is how far the person has come in the edition's tasks, by key.
func progressIn(ctx context.Context, q db.Querier, personID, editionID int64) (map[string]Progress, error) {
	type row struct {
		key string
		Progress
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return append([]any{&r.key}, r.columns()...) }, `
		SELECT
			t.key,`+progressColumns+`
		FROM task AS t
		JOIN progress AS p ON p.task_id = t.id AND p.person_id = $1
		WHERE t.edition_id = $2`, personID, editionID)
	all := make(map[string]Progress, len(rows))
	for _, r := range rows {
		all[r.key] = r.Progress
	}
	return all, err
}

// Saved is what came of a work.
type Saved struct {
	Progress
	Course    catalogue.Course
	Older     bool // a later change was saved before; it stands
	Changed   bool // the task became done by this, or is done no more
	Completed bool // and with it the course
}

// Work is a change of one's own task in a course. Seat tells whether they have a seat in
// a round of the course, and gives the edition that they begin there, 0 for none; it is
// asked only until they have begun. Touch reads the change, once it is known which task it is of.
type Work struct {
	Course string // its slug
	Task   string // its key
	Seat   func(catalogue.Course) (edition int64, seated bool, err error)
	Touch  func(*catalogue.Task) Touch
}

// Save saves a change of the viewer's own task, in their edition. The first makes
// the edition theirs to finish. A web course whose last required task is done is
// completed with it; what follows for a round is attendance.SaveProgress's.
// fault.NotFound for a task of another edition; fault.Conflict
// "lifetime.nothing_begins" for who would begin a retired course without a seat in a
// round of it; fault.Invalid and fault.Conflict as Progress.With, and then Saved has what
// stands.
func Save(ctx context.Context, tx *db.Tx, viewer access.Viewer, c Work, now clock.Instant) (Saved, error) {
	if viewer.PersonID == 0 {
		return Saved{}, fault.Forbidden
	}
	// Two who change the same row at once take turns: the second reads again
	// what the first has written.
	for range maxTurns {
		saved, taken, err := save(ctx, tx, viewer, c, now)
		if err != nil || taken {
			return saved, err
		}
	}
	return Saved{}, fault.TooMany
}

const maxTurns = 20

// touched is a task with what is saved of it.
type touched struct {
	edition, task int64
	Progress
}

const touchedSQL = `
			t.edition_id,
			t.id,` + progressColumns

func (r *touched) columns() []any {
	return append([]any{&r.edition, &r.task}, r.Progress.columns()...)
}

// begun is the task in the edition that the viewer has begun, with its course;
// fault.NotFound when they have not, or when it is not of that edition.
func begun(ctx context.Context, tx *db.Tx, viewer access.Viewer, c Work) (touched, catalogue.Course, error) {
	type row struct {
		touched
		course catalogue.Course
	}
	r, err := db.Row(ctx, tx, func(r *row) []any {
		return append([]any{&r.course.ID, &r.course.Slug, &r.course.Name, &r.course.ShortName, &r.course.Days}, r.columns()...)
	}, `
		SELECT
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.days,`+touchedSQL+`
		FROM course AS c
		JOIN study AS st ON st.person_id = $1 AND st.course_id = c.id
		JOIN task AS t ON t.edition_id = st.edition_id AND t.key = $3
		LEFT JOIN progress AS p ON p.person_id = st.person_id AND p.task_id = t.id
		WHERE c.slug = $2`, viewer.PersonID, c.Course, c.Task)
	return r.touched, r.course, err
}

// unbegun is the task in the edition in which the viewer would begin.
func unbegun(ctx context.Context, tx *db.Tx, viewer access.Viewer, c Work, now clock.Instant) (touched, catalogue.Course, error) {
	course, err := catalogue.CourseBySlug(ctx, tx, c.Course)
	if err != nil {
		return touched{}, course, err
	}
	edition, seated, err := c.Seat(course)
	if err != nil {
		return touched{}, course, err
	}
	retired, err := lifetime.RetirementOf(ctx, tx, course.ID)
	if err != nil {
		return touched{}, course, err
	}
	if retired.On(now.Day()) && !seated {
		return touched{}, course, fault.Conflict("lifetime.nothing_begins", "Course", course.Title())
	}
	r, err := db.Row(ctx, tx, (*touched).columns, `
		SELECT`+touchedSQL+`
		FROM task AS t
		LEFT JOIN progress AS p ON p.person_id = $3 AND p.task_id = t.id
		WHERE t.edition_id = COALESCE((SELECT st.edition_id FROM study AS st WHERE st.person_id = $3 AND st.course_id = $1), $4, `+newestSQL+`)
		AND t.key = $5`,
		course.ID, now.Day(), viewer.PersonID, orNil(edition), c.Task)
	return r, course, err
}

func save(ctx context.Context, tx *db.Tx, viewer access.Viewer, work Work, now clock.Instant) (saved Saved, taken bool, err error) {
	r, course, err := begun(ctx, tx, viewer, work)
	fresh := errors.Is(err, fault.NotFound)
	if fresh {
		r, course, err = unbegun(ctx, tx, viewer, work, now)
	}
	if err != nil {
		return saved, false, err
	}
	content, err := catalogue.ContentOf(ctx, tx, r.edition)
	if err != nil {
		return saved, false, err
	}
	task := taskIn(content, work.Task)
	if task == nil {
		return saved, false, fault.NotFound
	}
	c := work.Touch(task)
	c.At = min(c.At, now)
	after, counts, err := r.With(task, c)
	if err != nil {
		return Saved{Progress: r.Progress, Course: course}, false, err
	}
	saved = Saved{Progress: after, Course: course, Older: !counts, Changed: (after.DoneAt == nil) != (r.DoneAt == nil)}
	if !counts {
		return saved, true, nil
	}
	if fresh {
		n, err := db.Exec(ctx, tx, `
			INSERT INTO study (person_id, course_id, edition_id, started_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (person_id, course_id) DO NOTHING`, viewer.PersonID, course.ID, r.edition, c.At)
		if err != nil || n == 0 {
			return saved, false, err
		}
	}
	// What was read must still stand.
	n, err := db.Exec(ctx, tx, `
		INSERT INTO progress (person_id, task_id, opened_at, changed_at, done_at, position, answer, tries, shared, writer, together_day_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $16, $17)
		ON CONFLICT (person_id, task_id) DO UPDATE
		SET changed_at = excluded.changed_at, done_at = excluded.done_at, position = excluded.position,
			answer = excluded.answer, tries = excluded.tries, shared = excluded.shared, writer = excluded.writer,
			together_day_id = excluded.together_day_id
		WHERE progress.changed_at = $10
		AND progress.done_at IS NOT DISTINCT FROM $11
		AND progress.position = $12
		AND progress.answer = $13
		AND progress.tries = $14
		AND progress.shared = $15`,
		viewer.PersonID, r.task, after.OpenedAt, after.ChangedAt, after.DoneAt, after.Position, after.Answer, after.Tries, after.Shared,
		r.ChangedAt, r.DoneAt, r.Position, r.Answer, r.Tries, r.Shared, after.Writer, orNil(after.Together))
	if err != nil || n == 0 {
		return saved, false, err
	}
	if saved.Changed && after.DoneAt != nil && course.Days == 0 {
		saved.Completed, err = completeWeb(ctx, tx, viewer, course.ID, r.edition, now)
	}
	return saved, true, err
}

// taskIn is the content's task with the key; nil when there is none.
func taskIn(c *catalogue.Content, key string) *catalogue.Task {
	for i := range c.Tasks {
		if c.Tasks[i].Key == key {
			return &c.Tasks[i]
		}
	}
	return nil
}

// completeWeb completes a course without course days, if all its required tasks
// are done; it tells whether it did.
func completeWeb(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID, editionID int64, now clock.Instant) (bool, error) {
	// The lock: of two who do the last two tasks at once, the second sees what the
	// first has done.
	if _, err := db.Exec(ctx, tx, `UPDATE study SET started_at = started_at WHERE person_id = $1 AND course_id = $2`, viewer.PersonID, courseID); err != nil {
		return false, err
	}
	left, err := db.Row(ctx, tx, db.One[int], `
		SELECT COUNT(*)
		FROM task AS t
		LEFT JOIN progress AS p ON p.task_id = t.id AND p.person_id = $1
		WHERE t.edition_id = $2
		AND t.required
		AND p.done_at IS NULL`, viewer.PersonID, editionID)
	if err != nil || left > 0 {
		return false, err
	}
	_, err = Complete(ctx, tx, viewer, New{PersonID: viewer.PersonID, CourseID: courseID, EditionID: &editionID, On: now.Day(), Source: Web}, now)
	if errors.Is(err, fault.Conflict("")) {
		return false, nil // completed long ago; this was to brush it up
	}
	return err == nil, err
}

// Standing is how far somebody has come in the tasks of a course. Left counts the
// required tasks that are not done, by phase. Fulfilled tells that every phase
// whose gate requires it is done; DoneAt is when the last of their tasks was, nil
// when they have none.
type Standing struct {
	EditionID int64
	Required  int
	Left      map[catalogue.Phase]int
	Fulfilled bool
	DoneAt    *clock.Instant
}

// StandingOf is how far each of the people has come with the course, each in
// their own edition; edition is that of those who have not begun (a round's), 0
// for none. Of a withdrawn edition that somebody has not begun nothing is asked of them.
// Whoever has nothing to do has fulfilled it. It asks no viewer: it is
// for those who have asked whether they may.
func StandingOf(ctx context.Context, q db.Querier, courseID, edition int64, people []int64) (map[int64]Standing, error) {
	all := make(map[int64]Standing, len(people))
	if len(people) == 0 {
		return all, nil
	}
	type row struct {
		person, edition int64
		phase           catalogue.Phase
		required, done  int
		doneAt          *clock.Instant
	}
	condition, args := db.In("n.id", people)
	var b db.Builder
	b.Add(`
		SELECT
			n.id,
			t.edition_id,
			t.phase,
			COUNT(*),
			COUNT(p.done_at),
			MAX(p.done_at)
		FROM person AS n
		LEFT JOIN study AS st ON st.person_id = n.id AND st.course_id = ?
		JOIN task AS t ON t.edition_id = COALESCE(st.edition_id, ?) AND t.required
			AND (st.edition_id IS NOT NULL OR NOT `+lifetime.WithdrawnSQL("t.edition_id")+`)
		LEFT JOIN progress AS p ON p.person_id = n.id AND p.task_id = t.id`, courseID, edition).
		Add("WHERE "+condition, args...).
		Add("GROUP BY n.id, t.edition_id, t.phase")
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.edition, &r.phase, &r.required, &r.done, &r.doneAt} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		all[person] = Standing{EditionID: edition, Left: map[catalogue.Phase]int{}, Fulfilled: true}
	}
	content := contents(ctx, q)
	for _, r := range rows {
		s := all[r.person]
		s.EditionID = r.edition
		s.Required += r.required
		s.Left[r.phase] = r.required - r.done
		c, err := content(r.edition)
		if err != nil {
			return nil, err
		}
		if GateOf(c.Rules, r.phase, false) == catalogue.Require {
			if r.done < r.required {
				s.Fulfilled = false
			}
			if r.doneAt != nil && (s.DoneAt == nil || *s.DoneAt < *r.doneAt) {
				s.DoneAt = r.doneAt
			}
		}
		all[r.person] = s
	}
	return all, nil
}

// contents gives the content of editions, reading each once: in a transaction
// the catalogue keeps none.
func contents(ctx context.Context, q db.Querier) func(edition int64) (*catalogue.Content, error) {
	read := map[int64]*catalogue.Content{}
	return func(edition int64) (*catalogue.Content, error) {
		c, ok := read[edition]
		if ok {
			return c, nil
		}
		c, err := catalogue.ContentOf(ctx, q, edition)
		if err == nil {
			read[edition] = c
		}
		return c, err
	}
}

// Shared is a reflection that somebody shares with the trainers.
type Shared struct {
	PersonID int64
	TaskKey  string
	Title    catalogue.Words
	Text     string
	At       clock.Instant
}

// SharedOf are the reflections on the course that the people share and have
// written or shared since the moment of each, by task and with the latest first.
// It asks no viewer: it is for the trainers of a course day, about those who
// have been its participants since then.
func SharedOf(ctx context.Context, q db.Querier, courseID int64, since map[int64]clock.Instant) ([]Shared, error) {
	people := slices.Sorted(maps.Keys(since))
	type row struct {
		Shared
		edition int64
	}
	condition, args := db.In("p.person_id", people)
	var b db.Builder
	b.Add(`
		SELECT
			p.person_id,
			t.edition_id,
			t.key,
			p.answer,
			p.changed_at
		FROM study AS st
		JOIN task AS t ON t.edition_id = st.edition_id AND t.kind = 'reflection'
		JOIN progress AS p ON p.task_id = t.id AND p.person_id = st.person_id
		WHERE st.course_id = ?
		AND p.shared
		AND p.answer <> ''`, courseID).
		Add("AND "+condition, args...).
		Add("ORDER BY t.edition_id, t.ordinal, p.changed_at DESC, p.person_id")
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.PersonID, &r.edition, &r.TaskKey, &r.Text, &r.At} }, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	content := contents(ctx, q)
	var all []Shared
	for _, r := range rows {
		if r.At < since[r.PersonID] {
			continue
		}
		c, err := content(r.edition)
		if err != nil {
			return nil, err
		}
		if t := taskIn(c, r.TaskKey); t != nil {
			r.Title = t.Title
		}
		all = append(all, r.Shared)
	}
	return all, nil
}
