package improvement

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Kind is what a foundation is.
type Kind string

// The kinds: a law, a guideline, a knowledge support.
const (
	Law       Kind = "law"
	Guideline Kind = "guideline"
	Knowledge Kind = "support"
)

// Kinds are all.
var Kinds = []Kind{Law, Guideline, Knowledge}

// Key is the message that names it.
func (k Kind) Key() string { return "improvement.kind_" + string(k) }

// NewFoundation is what it takes to name something that courses build on. LookOn is the day to look at it again, nil: none.
type NewFoundation struct {
	Kind    Kind
	Name    string
	Link    string
	LookOn  *clock.Day
	Courses []int64
}

// Foundation is something that courses build on. Tasks are how many of its courses have something to do.
type Foundation struct {
	NewFoundation
	ID      int64
	Version int
	Tasks   int
}

const (
	maxFoundation = 200
	maxLink       = 500
)

func link(value, field string, checks *fault.Checks) string {
	value = strings.TrimSpace(value)
	checks.Require(value == "" || strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://"), field, "improvement.link_wrong")
	checks.Require(utf8.RuneCountInString(value) <= maxLink, field, "fault.too_long", "Max", maxLink)
	return value
}

func (n *NewFoundation) check() error {
	var checks fault.Checks
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	checks.Require(slices.Contains(Kinds, n.Kind), "kind", "improvement.kind_missing")
	checks.Require(n.Name != "", "name", "improvement.foundation_missing")
	checks.Require(utf8.RuneCountInString(n.Name) <= maxFoundation, "name", "fault.too_long", "Max", maxFoundation)
	n.Link = link(n.Link, "link", &checks)
	slices.Sort(n.Courses)
	n.Courses = slices.Compact(n.Courses)
	return checks.Err()
}

// AddFoundation names something that courses build on. fault.Invalid "improvement.foundation_taken" for a name that is there.
func AddFoundation(ctx context.Context, tx *db.Tx, viewer access.Viewer, n NewFoundation, now clock.Instant) (int64, error) {
	if !access.ManageCourses(viewer) {
		return 0, fault.Forbidden
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO foundation (kind, name, name_key, link, look_on, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, string(n.Kind), n.Name, strings.ToLower(n.Name), n.Link, n.LookOn, now, viewer.ActorID())
	if db.IsUnique(err) {
		return 0, fault.Invalid("name", "improvement.foundation_taken")
	}
	if err != nil {
		return 0, err
	}
	return id, n.rest(ctx, tx, id)
}

func (n NewFoundation) rest(ctx context.Context, tx *db.Tx, id int64) error {
	rows := make([][]any, len(n.Courses))
	for i, c := range n.Courses {
		rows[i] = []any{c, id}
	}
	err := db.Insert(ctx, tx, "course_foundation", []string{"course_id", "foundation_id"}, rows)
	if db.IsCheck(err) {
		err = fault.Invalid("courses", "improvement.course_unknown")
	}
	return err
}

// ChangeFoundation writes it anew; what its courses have to do stays. fault.Conflict "improvement.changed_meanwhile" when the
// version is not the one that is there.
func ChangeFoundation(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, version int, n NewFoundation) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	if err := n.check(); err != nil {
		return err
	}
	count, err := db.Exec(ctx, tx, `
		UPDATE foundation
		SET kind = $3, name = $4, name_key = $5, link = $6, look_on = $7, version = version + 1
		WHERE id = $1
		AND version = $2`, id, version, string(n.Kind), n.Name, strings.ToLower(n.Name), n.Link, n.LookOn)
	if db.IsUnique(err) {
		return fault.Invalid("name", "improvement.foundation_taken")
	}
	if err == nil && count == 0 {
		err = fault.Conflict("improvement.changed_meanwhile")
	}
	if err == nil {
		_, err = db.Exec(ctx, tx, `DELETE FROM course_foundation WHERE foundation_id = $1`, id)
	}
	if err != nil {
		return err
	}
	return n.rest(ctx, tx, id)
}

func foundations(ctx context.Context, q db.Querier, viewer access.Viewer, where string, args ...any) ([]Foundation, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	all, err := db.Rows(ctx, q, func(f *Foundation) []any {
		return []any{&f.ID, &f.Kind, &f.Name, &f.Link, &f.LookOn, &f.Version, &f.Tasks}
	}, `
		SELECT
			f.id,
			f.kind,
			f.name,
			f.link,
			f.look_on,
			f.version,
			(SELECT COUNT(*) FROM foundation_task AS t JOIN foundation_change AS c ON c.id = t.change_id WHERE c.foundation_id = f.id AND t.done_at IS NULL)
		FROM foundation AS f
		WHERE `+where+`
		ORDER BY f.name_key`, args...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	type pair struct{ foundation, course int64 }
	pairs, err := db.Rows(ctx, q, func(p *pair) []any { return []any{&p.foundation, &p.course} }, `SELECT foundation_id, course_id FROM course_foundation ORDER BY course_id`)
	for i := range all {
		for _, p := range pairs {
			if p.foundation == all[i].ID {
				all[i].Courses = append(all[i].Courses, p.course)
			}
		}
	}
	return all, err
}

// Foundations are all that courses build on, by name, for those who make courses.
func Foundations(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Foundation, error) {
	return foundations(ctx, q, viewer, "TRUE")
}

// FoundationByID is one of them.
func FoundationByID(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Foundation, error) {
	all, err := foundations(ctx, q, viewer, "f.id = $1", id)
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Foundation{}, err
	}
	return all[0], nil
}

// ToLookAt are those whose day to look at them again has come, the longest ago first, for those who make courses.
func ToLookAt(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Foundation, error) {
	all, err := foundations(ctx, q, viewer, "f.look_on <= $1", today)
	slices.SortStableFunc(all, func(a, b Foundation) int { return cmp.Compare(*a.LookOn, *b.LookOn) })
	return all, err
}

// Look notes that somebody has looked at it and that it is as it was; next is the day to look again, nil for none. fault.Conflict
// "improvement.changed_meanwhile" when the version is not the one that is there.
func Look(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, version int, next *clock.Day, today clock.Day) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	if next != nil && *next <= today {
		return fault.Invalid("next", "improvement.look_to_come")
	}
	n, err := db.Exec(ctx, tx, `UPDATE foundation SET look_on = $3, version = version + 1 WHERE id = $1 AND version = $2`, id, version, next)
	if err == nil && n == 0 {
		err = fault.Conflict("improvement.changed_meanwhile")
	}
	return err
}

// FoundationsOf are what the course builds on, laws first, by name. Everybody in the programme sees them.
func FoundationsOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) ([]NewFoundation, error) {
	if !access.ReadProduction(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, func(n *NewFoundation) []any { return []any{&n.Kind, &n.Name, &n.Link} }, `
		SELECT
			f.kind,
			f.name,
			f.link
		FROM course_foundation AS b
		JOIN foundation AS f ON f.id = b.foundation_id
		WHERE b.course_id = $1
		ORDER BY CASE f.kind WHEN 'law' THEN 0 WHEN 'guideline' THEN 1 ELSE 2 END, f.name_key`, courseID)
}

// TellChange tells of a change of what courses build on, once: each course that builds on it today has a task from then on. It
// gives how many have. HoldsOn is the day on which the change enters into force.
func TellChange(ctx context.Context, tx *db.Tx, viewer access.Viewer, foundationID int64, what, where string, holdsOn clock.Day, now clock.Instant) (int, error) {
	f, err := FoundationByID(ctx, tx, viewer, foundationID)
	if err != nil {
		return 0, err
	}
	var checks fault.Checks
	what = written(what, "text", "improvement.change_missing", &checks)
	where = link(where, "link", &checks)
	checks.Require(len(f.Courses) > 0, "text", "improvement.no_courses")
	if err := checks.Err(); err != nil {
		return 0, err
	}
	change, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO foundation_change (foundation_id, text, link, holds_on, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, foundationID, what, where, holdsOn, now, viewer.ActorID())
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(f.Courses))
	for i, c := range f.Courses {
		rows[i] = []any{change, c}
	}
	return len(rows), db.Insert(ctx, tx, "foundation_task", []string{"change_id", "course_id"}, rows)
}

// Task is what a change asks of a course: an edition that meets it, or a reason why none is needed. Supplement is what those
// who have taken or begun an older edition are told, "" for nothing.
type Task struct {
	ChangeID       int64
	CourseID       int64
	Course         string
	Slug           string
	FoundationID   int64
	Foundation     string
	Text           string
	Link           string
	HoldsOn        clock.Day
	Edition        int
	Reason         string
	Done           bool
	Supplement     string
	SupplementLink string
	Readers        int // who have read it
}

func tasks(ctx context.Context, q db.Querier, viewer access.Viewer, where string, args ...any) ([]Task, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, func(t *Task) []any {
		return []any{
			&t.ChangeID, &t.CourseID, &t.Course, &t.Slug, &t.FoundationID, &t.Foundation, &t.Text, &t.Link, &t.HoldsOn, &t.Edition, &t.Reason, &t.Done,
			&t.Supplement, &t.SupplementLink, &t.Readers,
		}
	}, `
		SELECT
			h.id,
			c.id,
			`+catalogue.TitleSQL("c")+`,
			c.slug,
			f.id,
			f.name,
			h.text,
			h.link,
			h.holds_on,
			COALESCE(e.number, 0),
			t.reason,
			t.done_at IS NOT NULL,
			t.supplement,
			t.supplement_link,
			(SELECT COUNT(*) FROM supplement_reading AS r WHERE r.change_id = t.change_id AND r.course_id = t.course_id)
		FROM foundation_task AS t
		JOIN foundation_change AS h ON h.id = t.change_id
		JOIN foundation AS f ON f.id = h.foundation_id
		JOIN course AS c ON c.id = t.course_id
		LEFT JOIN edition AS e ON e.id = t.edition_id
		WHERE `+where+`
		ORDER BY h.holds_on, h.id, c.sort_key`, args...)
}

// Tasks are those that nobody has done, the first day first, for those who make courses.
func Tasks(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Task, error) {
	return tasks(ctx, q, viewer, "t.done_at IS NULL")
}

// TasksOf are those of a foundation, done or not.
func TasksOf(ctx context.Context, q db.Querier, viewer access.Viewer, foundationID int64) ([]Task, error) {
	return tasks(ctx, q, viewer, "f.id = $1", foundationID)
}

// TaskOf is one of a change for a course.
func TaskOf(ctx context.Context, q db.Querier, viewer access.Viewer, changeID, courseID int64) (Task, error) {
	all, err := tasks(ctx, q, viewer, "h.id = $1 AND c.id = $2", changeID, courseID)
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Task{}, err
	}
	return all[0], nil
}

// EndTask ends a task: an edition of the course meets the change, or the reason says why none has to (editionID 0). fault.Conflict
// "improvement.task_done" when somebody has ended it.
func EndTask(ctx context.Context, tx *db.Tx, viewer access.Viewer, changeID, courseID, editionID int64, reason string, now clock.Instant) error {
	t, err := TaskOf(ctx, tx, viewer, changeID, courseID)
	if err != nil {
		return err
	}
	if t.Done {
		return fault.Conflict("improvement.task_done")
	}
	var checks fault.Checks
	reason = strings.TrimSpace(reason)
	checks.Require(editionID != 0 || reason != "", "reason", "improvement.reason_missing")
	checks.Require(utf8.RuneCountInString(reason) <= MaxText, "reason", "fault.too_long", "Max", MaxText)
	if err := checks.Err(); err != nil {
		return err
	}
	var edition *int64
	if editionID != 0 {
		e, err := catalogue.EditionByID(ctx, tx, editionID)
		if err != nil || e.CourseID != courseID {
			return fault.Invalid("edition", "improvement.edition_wrong")
		}
		edition = &e.ID
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE foundation_task
		SET edition_id = $3, reason = $4, done_at = $5, done_by = $6
		WHERE change_id = $1
		AND course_id = $2
		AND done_at IS NULL`, changeID, courseID, edition, reason, now, viewer.ActorID())
	if err == nil && n == 0 {
		err = fault.Conflict("improvement.task_done")
	}
	return err
}

// Told is what those who have an older edition are told; Again asks those who have read it to read it once more.
type Told struct {
	Text  string
	Link  string
	Again bool
}

// Supply says what those who have taken or begun an older edition are told of the change; "" takes it back. Who has read what was
// told before has read it still, until it changes and Again asks them.
func Supply(ctx context.Context, tx *db.Tx, viewer access.Viewer, changeID, courseID int64, told Told, now clock.Instant) error {
	t, err := TaskOf(ctx, tx, viewer, changeID, courseID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	what := strings.TrimSpace(told.Text)
	checks.Require(utf8.RuneCountInString(what) <= MaxText, "supplement", "fault.too_long", "Max", MaxText)
	where := link(told.Link, "link", &checks)
	if err := checks.Err(); err != nil {
		return err
	}
	if what == t.Supplement && where == t.SupplementLink && !told.Again {
		return nil
	}
	var on *clock.Day
	if what != "" {
		day := now.Day()
		on = &day
	}
	anew := told.Again || what == "" || t.Supplement == ""
	if _, err := db.Exec(ctx, tx, `
		UPDATE foundation_task
		SET supplement = $3, supplement_link = $4, supplement_on = CASE WHEN $6 THEN $5 ELSE supplement_on END
		WHERE change_id = $1
		AND course_id = $2`, changeID, courseID, what, where, on, anew); err != nil || !anew {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM supplement_reading WHERE change_id = $1 AND course_id = $2`, changeID, courseID)
	return err
}

// Supplement is what somebody who has taken or begun an older edition of a course is told.
type Supplement struct {
	ChangeID int64
	Course   string
	Slug     string
	Text     string
	Link     string
	HoldsOn  clock.Day
	Read     bool
}

// Supplements are the viewer's own, those to read first, the latest first: of the courses that they have finished or are
// under way in, in an edition that does not have what changed. That is each as long as nobody has said what comes of the change,
// else those before the edition that met it; without one, those that were there when the supplement was written. unread leaves
// out those that they have read.
func Supplements(ctx context.Context, q db.Querier, viewer access.Viewer, unread bool) ([]Supplement, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	query := `
		SELECT
			t.change_id,
			` + catalogue.TitleSQL("c") + `,
			c.slug,
			t.supplement,
			t.supplement_link,
			h.holds_on,
			r.person_id IS NOT NULL
		FROM (
			SELECT k.course_id, k.edition_id
			FROM completion AS k
			WHERE k.person_id = $1
			AND k.revoked_at IS NULL
			UNION ALL
			SELECT s.course_id, s.edition_id
			FROM study AS s
			WHERE s.person_id = $1
			AND NOT EXISTS (SELECT 1 FROM completion AS k WHERE k.person_id = $1 AND k.course_id = s.course_id AND k.revoked_at IS NULL)
		) AS mine
		JOIN foundation_task AS t ON t.course_id = mine.course_id AND t.supplement_on IS NOT NULL
		JOIN foundation_change AS h ON h.id = t.change_id
		JOIN course AS c ON c.id = t.course_id
		LEFT JOIN edition AS e ON e.id = mine.edition_id
		LEFT JOIN edition AS met ON met.id = t.edition_id
		LEFT JOIN supplement_reading AS r ON r.change_id = t.change_id AND r.course_id = t.course_id AND r.person_id = $1
		WHERE (
			t.done_at IS NULL
			OR e.id IS NULL
			OR e.number < met.number
			OR met.id IS NULL AND COALESCE(e.published_on <= t.supplement_on, TRUE)
		)`
	if unread {
		query += ` AND r.person_id IS NULL`
	}
	return db.Rows(ctx, q, func(s *Supplement) []any {
		return []any{&s.ChangeID, &s.Course, &s.Slug, &s.Text, &s.Link, &s.HoldsOn, &s.Read}
	}, query+` ORDER BY r.person_id IS NOT NULL, t.change_id DESC`, viewer.PersonID)
}

// MarkRead notes that the viewer has read the supplement of a change in a course; fault.NotFound for one that is not theirs.
func MarkRead(ctx context.Context, tx *db.Tx, viewer access.Viewer, changeID int64, course catalogue.Course, now clock.Instant) error {
	mine, err := Supplements(ctx, tx, viewer, false)
	if err == nil && !slices.ContainsFunc(mine, func(s Supplement) bool { return s.ChangeID == changeID && s.Slug == course.Slug }) {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO supplement_reading (change_id, course_id, person_id, read_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, changeID, course.ID, viewer.PersonID, now)
	return err
}
