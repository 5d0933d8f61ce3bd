package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// EditionTask is a task of a published edition as progress names it. What it
// says stands in the edition's content, under the key.
type EditionTask struct {
	ID        int64
	EditionID int64
	Key       string
	Phase     Phase
	Kind      TaskKind
	Required  bool
}

// Tasks are those of an edition, in their order.
type Tasks []EditionTask

// ID is that of the task with the key; 0 when there is none.
func (all Tasks) ID(key string) int64 {
	for _, t := range all {
		if t.Key == key {
			return t.ID
		}
	}
	return 0
}

// MediaBase is the address under which the media of an edition are found. It
// ends with a slash; the name of the file follows.
func MediaBase(editionID int64) string {
	return "/editions/" + strconv.FormatInt(editionID, 10) + "/media/"
}

// ContentOf is what the published edition holds; the caller changes nothing in it.
// fault.NotFound for an edition from the time before contents were kept here, and for
// one that does not exist. The program keeps it in mind, since it never changes. It
// asks no viewer.
func ContentOf(ctx context.Context, q db.Querier, editionID int64) (*Content, error) {
	p, err := publishedEdition(ctx, q, editionID)
	return p.content, err
}

// TasksOf are the tasks of the published edition; fault.NotFound as ContentOf.
// The caller changes nothing in them.
func TasksOf(ctx context.Context, q db.Querier, editionID int64) (Tasks, error) {
	p, err := publishedEdition(ctx, q, editionID)
	return p.tasks, err
}

type published struct {
	content *Content
	tasks   Tasks
}

// shelf holds the published editions that have been asked for.
type shelf struct {
	mu       sync.RWMutex
	editions map[int64]published
}

type shelfKey struct{}

// maxKept bounds the shelf; a programme has some dozens of courses, of whose
// editions one or two are in use. A full shelf is emptied.
const maxKept = 300

func publishedEdition(ctx context.Context, q db.Querier, editionID int64) (published, error) {
	memory, kept := db.Memory(q)
	found, _ := memory.LoadOrStore(shelfKey{}, &shelf{editions: map[int64]published{}})
	s := found.(*shelf) //nolint:forcetypeassert // the key is only for the shelf
	s.mu.RLock()
	p, ok := s.editions[editionID]
	s.mu.RUnlock()
	if ok {
		return p, nil
	}
	text, err := db.Row(ctx, q, db.One[string], `SELECT content FROM edition_content WHERE edition_id = $1`, editionID)
	if err != nil {
		return published{}, err
	}
	var c Content
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return published{}, err
	}
	p.content = c.kept(MediaBase(editionID))
	p.tasks, err = db.Rows(ctx, q, func(t *EditionTask) []any {
		return []any{&t.ID, &t.EditionID, &t.Key, &t.Phase, &t.Kind, &t.Required}
	}, `
		SELECT
			id,
			edition_id,
			key,
			phase,
			kind,
			required
		FROM task
		WHERE edition_id = $1
		ORDER BY ordinal`, editionID)
	if err != nil || !kept {
		return p, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.editions) >= maxKept {
		clear(s.editions)
	}
	s.editions[editionID] = p
	return p, nil
}

// editionColumns are those of an edition e.
const editionColumns = `
	e.id,
	e.course_id,
	e.number,
	COALESCE(e.published_on, '1970-01-01'),
	e.changes`

func (e *Edition) columns() []any {
	return []any{&e.ID, &e.CourseID, &e.Number, &e.PublishedOn, &e.Changes}
}

// EditionByID is the edition; fault.NotFound when there is none.
func EditionByID(ctx context.Context, q db.Querier, id int64) (Edition, error) {
	return db.Row(ctx, q, (*Edition).columns, `SELECT`+editionColumns+` FROM edition AS e WHERE e.id = $1`, id)
}

// Editions are those of the course that were published, the newest first.
func Editions(ctx context.Context, q db.Querier, courseID int64) ([]Edition, error) {
	return db.Rows(ctx, q, (*Edition).columns, `SELECT`+editionColumns+` FROM edition AS e WHERE e.course_id = $1 AND e.published_on IS NOT NULL ORDER BY e.number DESC`, courseID)
}

// NextNumber is that of the course's next edition: those that were only tried are counted.
// It asks no viewer.
func NextNumber(ctx context.Context, q db.Querier, courseID int64) (int, error) {
	return db.Row(ctx, q, db.One[int], `SELECT COALESCE(MAX(number), 0) + 1 FROM edition WHERE course_id = $1`, courseID)
}

// Draft is the course's next edition while it is written. Version counts its
// changes; BasedOn is the edition that it began as, nil for an empty page.
type Draft struct {
	CourseID  int64
	Content   Content
	Version   int
	BasedOn   *int64
	ChangedAt clock.Instant
	ChangedBy *int64 // the person; nil for the product itself
}

// DraftOf is the course's draft; fault.NotFound when nobody is writing one.
func DraftOf(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) (Draft, error) {
	if !access.ManageCourses(viewer) {
		return Draft{}, fault.Forbidden
	}
	var text string
	d, err := db.Row(ctx, q, func(d *Draft) []any {
		return []any{&d.CourseID, &text, &d.Version, &d.BasedOn, &d.ChangedAt, &d.ChangedBy}
	}, `
		SELECT
			course_id,
			content,
			version,
			based_on,
			changed_at,
			changed_by
		FROM course_draft
		WHERE course_id = $1`, courseID)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(text), &d.Content)
}

// maxDocument is the longest document, in bytes: a book of a thousand pages.
const maxDocument = 4 << 20

// SaveDraft keeps what was written. version is that of the draft that was
// changed, 0 when there was none; it gives the new one. fault.Conflict when
// somebody else changed it meanwhile. A draft need not be complete; its tasks
// must be told apart.
func SaveDraft(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int, c *Content, now clock.Instant) (int, error) {
	return saveDraft(ctx, tx, viewer, courseID, version, c, nil, now)
}

var errMeanwhile = fault.Conflict("workshop.changed_meanwhile")

func saveDraft(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int, c *Content, basedOn *int64, now clock.Instant) (int, error) {
	if !access.ManageCourses(viewer) {
		return 0, fault.Forbidden
	}
	keys := map[string]bool{}
	for _, t := range c.Tasks {
		if !keyPattern.MatchString(t.Key) || keys[t.Key] {
			return 0, fault.Invalid("tasks", "workshop.check.key", "Name", t.Title.In("sv"))
		}
		keys[t.Key] = true
	}
	text, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	if len(text) > maxDocument {
		return 0, fault.Invalid("text", "workshop.too_long")
	}
	if version == 0 {
		_, err := db.Exec(ctx, tx, `
			INSERT INTO course_draft (course_id, content, based_on, changed_at, changed_by)
			VALUES ($1, $2, $3, $4, $5)`, courseID, string(text), basedOn, now, viewer.ActorID())
		if db.IsUnique(err) {
			err = errMeanwhile
		} else if db.IsCheck(err) {
			err = fault.NotFound // no such course
		}
		return 1, err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE course_draft
		SET content = $3, version = version + 1, changed_at = $4, changed_by = $5
		WHERE course_id = $1
		AND version = $2`, courseID, version, string(text), now, viewer.ActorID())
	if err == nil && n == 0 {
		err = errMeanwhile
	}
	return version + 1, err
}

// StartDraft begins the course's next edition from its newest one, or from an
// empty page. What changed in that edition is not carried on.
func StartDraft(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, now clock.Instant) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	c, basedOn, err := newest(ctx, tx, courseID)
	if err != nil {
		return err
	}
	c = CopyOf(&c)
	_, err = saveDraft(ctx, tx, viewer, courseID, 0, &c, basedOn, now)
	return err
}

// newest is the content of the course's newest edition that has any, and that
// edition; an empty one and nil when none has.
func newest(ctx context.Context, q db.Querier, courseID int64) (Content, *int64, error) {
	ids, err := db.Rows(ctx, q, db.One[int64], `
		SELECT e.id
		FROM edition AS e
		JOIN edition_content AS c ON c.edition_id = e.id
		WHERE e.course_id = $1
		AND e.published_on IS NOT NULL
		ORDER BY e.number DESC
		LIMIT 1`, courseID)
	if err != nil || len(ids) == 0 {
		return Content{}, nil, err
	}
	c, err := ContentOf(ctx, q, ids[0])
	if err != nil {
		return Content{}, nil, err
	}
	return *c, &ids[0], nil
}

// DropDraft throws the draft away. version as in SaveDraft.
func DropDraft(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int) error {
	if !access.ManageCourses(viewer) {
		return fault.Forbidden
	}
	n, err := db.Exec(ctx, tx, `DELETE FROM course_draft WHERE course_id = $1 AND version = $2`, courseID, version)
	if err == nil && n == 0 {
		err = errMeanwhile
	}
	return err
}

// Publish makes the draft the course's newest edition, which then is frozen for
// ever, and leaves no draft. version as in SaveDraft. What Content.Check finds,
// and an edition after the first that does not say what changed, is
// fault.Invalid, and nothing is published then.
func Publish(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int, now clock.Instant) (Edition, error) {
	var e Edition
	d, err := DraftOf(ctx, tx, viewer, courseID)
	if errors.Is(err, fault.NotFound) {
		err = errMeanwhile // somebody published it, or threw it away
	}
	if err != nil {
		return e, err
	}
	if err := DropDraft(ctx, tx, viewer, courseID, version); err != nil {
		return e, err
	}
	course, err := CourseByID(ctx, tx, courseID)
	if err != nil {
		return e, err
	}
	if err := d.Content.ready(ctx, tx, course); err != nil {
		return e, err
	}
	day := now.Day()
	return freeze(ctx, tx, viewer, courseID, d.Content, &day, now)
}

// ForTrial makes an edition of the draft, which stays, for a group that tries it: it has a
// number and no day of publication. version as in SaveDraft. What Content.Check finds is
// fault.Invalid.
func ForTrial(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, version int, now clock.Instant) (Edition, error) {
	d, err := DraftOf(ctx, tx, viewer, courseID)
	if err != nil {
		return Edition{}, err
	}
	if d.Version != version {
		return Edition{}, errMeanwhile
	}
	course, err := CourseByID(ctx, tx, courseID)
	if err != nil {
		return Edition{}, err
	}
	if err := d.Content.Check(course); err != nil {
		return Edition{}, err
	}
	return freeze(ctx, tx, viewer, courseID, d.Content, nil, now)
}

// freeze makes an edition of the content, with its tasks.
func freeze(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID int64, c Content, day *clock.Day, now clock.Instant) (e Edition, err error) {
	text, err := json.Marshal(&c)
	if err != nil {
		return e, err
	}
	e, err = db.Row(ctx, tx, (*Edition).columns, `
		INSERT INTO edition (course_id, number, published_on, changes)
		VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM edition WHERE course_id = $1), $2, $3)
		RETURNING id, course_id, number, COALESCE(published_on, '1970-01-01'), changes`, courseID, day, c.Changes["sv"])
	if db.IsUnique(err) {
		return e, errMeanwhile
	}
	if err != nil {
		return e, err
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO edition_content (edition_id, content, published_at, published_by)
		VALUES ($1, $2, $3, $4)`, e.ID, string(text), now, viewer.ActorID()); err != nil {
		return e, err
	}
	rows := make([][]any, len(c.Tasks))
	for i, t := range c.Tasks {
		rows[i] = []any{e.ID, t.Key, string(t.Phase), string(t.Kind), i + 1, !t.Optional}
	}
	return e, db.Insert(ctx, tx, "task", []string{"edition_id", "key", "phase", "kind", "ordinal", "required"}, rows)
}

// Ready tells what keeps the draft from being published, as Publish would. It asks no
// viewer.
func Ready(ctx context.Context, q db.Querier, d Draft, course Course) error {
	return d.Content.ready(ctx, q, course)
}

func (c *Content) ready(ctx context.Context, q db.Querier, course Course) error {
	var checks fault.Checks
	_, before, err := newest(ctx, q, course.ID)
	if err != nil {
		return err
	}
	checks.Require(before == nil || c.Changes["sv"] != "", "changes", "workshop.check.changes_missing")
	told := checks.Err()
	found := c.Check(course)
	if told == nil || found == nil {
		return errors.Join(told, found)
	}
	both := *fault.Of(told)
	both.Fields = append(both.Fields, fault.Of(found).Fields...)
	return &both
}

// State is where a course stands in the workshop: its newest edition (nil when
// none is out), whether that holds content and how many tasks, and when its
// draft was changed (nil when nobody is writing one).
type State struct {
	Course       Course
	Edition      *Edition
	HasContent   bool
	Withdrawn    bool       // that edition is
	RetiredFrom  *clock.Day // the first day without the course, nil: it holds
	Tasks        int
	DraftChanged *clock.Instant
}

// States are those of all courses in Swedish order, for those who make courses.
func States(ctx context.Context, q db.Querier, viewer access.Viewer) ([]State, error) {
	if !access.ManageCourses(viewer) {
		return nil, fault.Forbidden
	}
	type row struct {
		State
		edition   *int64
		number    *int
		published *clock.Day
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return append(r.Course.columns(), &r.edition, &r.number, &r.published, &r.HasContent, &r.Withdrawn, &r.RetiredFrom, &r.Tasks, &r.DraftChanged)
	}, `
		SELECT`+courseColumns+`,
			e.id,
			e.number,
			e.published_on,
			EXISTS (SELECT 1 FROM edition_content AS ec WHERE ec.edition_id = e.id),
			`+lifetime.WithdrawnSQL("e.id")+`,
			`+lifetime.RetiredFromSQL("c.id")+`,
			(SELECT COUNT(*) FROM task AS t WHERE t.edition_id = e.id),
			d.changed_at
		FROM course AS c
		LEFT JOIN edition AS e ON e.course_id = c.id AND e.number = (SELECT MAX(n.number) FROM edition AS n WHERE n.course_id = c.id AND n.published_on IS NOT NULL)
		LEFT JOIN course_draft AS d ON d.course_id = c.id
		ORDER BY c.sort_key, c.id`)
	all := make([]State, len(rows))
	for i, r := range rows {
		all[i] = r.State
		if r.edition != nil {
			all[i].Edition = &Edition{ID: *r.edition, CourseID: r.Course.ID, Number: *r.number, PublishedOn: *r.published}
		}
	}
	return all, err
}
