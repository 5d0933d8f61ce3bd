// Package material is what participants and trainers need of a course: files and
// links, each of one edition of the course, for participants or for trainers
// only (utbildarmaterial).
//
// The nation's is for every round of the edition, a region's for its own rounds
// only: who makes courses keeps the one in order, who runs a region's rounds the
// other. Participants see what is for them once they have a seat in a round of the
// edition; those in the course's teams, or who hold a day of such a round, see both.
// What was removed can be brought back. A round's material is sent ahead
// on a day that is set for the round, seven days before it begins unless
// somebody says otherwise.
package material

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Audience is whom material is for.
type Audience string

// The audiences.
const (
	Participants Audience = "participants"
	Trainers     Audience = "trainers"
)

// Key is the audience's message key.
func (a Audience) Key() string { return "material.audience." + string(a) }

// Material is a file or a link of an edition. FileID is 0 for a link, URL empty
// for a file, whose name and size are then FileName and Size. RegionID is 0 for the
// nation's, Region is then empty, too.
type Material struct {
	ID        int64
	EditionID int64
	CourseID  int64
	RegionID  int64
	Region    string
	Audience  Audience
	Title     string
	URL       string
	FileID    int64
	FileName  string
	Size      int64
}

// New is material to add: a URL or a FileID; RegionID is 0 for the nation's.
type New struct {
	EditionID int64
	RegionID  int64
	Audience  Audience
	Title     string
	URL       string
	FileID    int64
}

const (
	maxTitle = 150
	// usualDays is how long before a round its material is sent.
	usualDays = 7
)

// Check tells what is wrong with it, per field; file tells that one comes with
// it.
func (n *New) Check(file bool) error {
	n.Title, n.URL = strings.TrimSpace(n.Title), strings.TrimSpace(n.URL)
	var checks fault.Checks
	checks.Require(n.Audience == Participants || n.Audience == Trainers, "audience", "material.audience_missing")
	checks.Require(n.Title != "", "title", "material.title_missing")
	checks.Require(utf8.RuneCountInString(n.Title) <= maxTitle, "title", "material.title_too_long", "Max", maxTitle)
	switch {
	case n.URL == "" && !file:
		checks.Require(false, "url", "material.nothing")
	case n.URL != "" && file:
		checks.Require(false, "url", "material.both")
	case n.URL != "":
		u, err := url.Parse(n.URL)
		checks.Require(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(n.URL) <= 500, "url", "material.url_wrong")
	}
	return checks.Err()
}

const columns = `
	m.id,
	m.edition_id,
	e.course_id,
	COALESCE(m.region_id, 0),
	COALESCE(o.name, ''),
	m.audience,
	m.title,
	m.url,
	COALESCE(m.file_id, 0),
	COALESCE(f.name, ''),
	COALESCE(f.size, 0)
FROM material AS m
JOIN edition AS e ON e.id = m.edition_id
LEFT JOIN file AS f ON f.id = m.file_id
LEFT JOIN organisation AS o ON o.id = m.region_id`

func (m *Material) columns() []any {
	return []any{&m.ID, &m.EditionID, &m.CourseID, &m.RegionID, &m.Region, &m.Audience, &m.Title, &m.URL, &m.FileID, &m.FileName, &m.Size}
}

// sees are the conditions on a material m of an edition e that the viewer may
// see it: who keeps a region's sees the nation's, too.
func sees(viewer access.Viewer) (string, []any) {
	manages := access.ManageMaterial(viewer)
	if manages.Everything {
		return "TRUE", nil
	}
	kept, args := "FALSE", []any(nil)
	if !manages.Empty() {
		kept, args = manages.Where(access.Columns{Region: "m.region_id"})
		kept = "(m.region_id IS NULL OR " + kept + ")"
	}
	if viewer.PersonID == 0 {
		return kept, args
	}
	return `(
		` + kept + `
		OR 		m.audience = 'participants' AND EXISTS (
			SELECT 1
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			WHERE n.person_id = ?
			AND n.withdrawn_at IS NULL
			AND ` + givenIn("m.edition_id") + `
			AND r.cancelled_at IS NULL
			AND (m.region_id IS NULL OR m.region_id = r.region_id)
		)
		OR EXISTS (
			SELECT 1
			FROM trainer AS t
			WHERE t.person_id = ?
			AND t.course_id = e.course_id
			AND t.ended_on IS NULL
			AND (m.region_id IS NULL OR m.region_id = t.region_id)
		)
		OR EXISTS (
			SELECT 1
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			JOIN round AS r ON r.id = d.round_id
			WHERE t.person_id = ?
			AND COALESCE(t.answer, '') <> 'declined'
			AND r.deleted_at IS NULL
			AND ` + givenIn("m.edition_id") + `
			AND (m.region_id IS NULL OR m.region_id = r.region_id)
		)
	)`, append(args, viewer.PersonID, viewer.PersonID, viewer.PersonID)
}

// givenIn is the condition that the round r was planned in the edition or is given in it:
// who had the material of an edition that was withdrawn keeps it.
func givenIn(edition string) string {
	return "(r.edition_id = " + edition + " OR " + lifetime.RoundEditionSQL("r") + " = " + edition + ")"
}

// ReadsPack tells whether the viewer may read the trainer pack of the edition:
// who may read all of them, those in the course's teams, and those who hold a
// day of a round of the edition.
func ReadsPack(ctx context.Context, q db.Querier, viewer access.Viewer, editionID int64) (bool, error) {
	if access.ReadPacks(viewer) {
		return true, nil
	}
	if !viewer.Trainer {
		return false, nil
	}
	return db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM trainer AS t
			JOIN edition AS e ON e.course_id = t.course_id
			WHERE t.person_id = $1
			AND t.ended_on IS NULL
			AND e.id = $2
			AND e.published_on IS NOT NULL
		) OR EXISTS (
			SELECT 1
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			JOIN round AS r ON r.id = d.round_id
			WHERE t.person_id = $1
			AND COALESCE(t.answer, '') <> 'declined'
			AND r.deleted_at IS NULL
			AND `+givenIn("$2")+`
		)`, viewer.PersonID, editionID)
}

// List is the edition's material that the viewer may see, for participants first, the
// nation's before the regions', in its order.
func List(ctx context.Context, q db.Querier, viewer access.Viewer, editionID int64) ([]Material, error) {
	return list(ctx, q, viewer, editionID, "m.removed_at IS NULL")
}

// OfRound is what the viewer may see of the material that a round of the edition gets;
// regionID is the round's, 0 for a national one.
func OfRound(ctx context.Context, q db.Querier, viewer access.Viewer, editionID, regionID int64) ([]Material, error) {
	return list(ctx, q, viewer, editionID, "m.removed_at IS NULL AND (m.region_id IS NULL OR m.region_id = ?)", regionID)
}

// Removed is the edition's material that was taken away and that the viewer may bring
// back.
func Removed(ctx context.Context, q db.Querier, viewer access.Viewer, editionID int64) ([]Material, error) {
	condition, args := access.ManageMaterial(viewer).Where(access.Columns{Region: "m.region_id"})
	return list(ctx, q, viewer, editionID, "m.removed_at IS NOT NULL AND "+condition, args...)
}

func list(ctx context.Context, q db.Querier, viewer access.Viewer, editionID int64, which string, of ...any) ([]Material, error) {
	condition, args := sees(viewer)
	var b db.Builder
	b.Add("SELECT"+columns+" WHERE m.edition_id = ?", editionID).
		Add("AND "+which, of...).
		Add("AND "+condition, args...).
		Add("ORDER BY m.audience, COALESCE(m.region_id, 0), m.ordinal, m.id")
	return db.Rows(ctx, q, (*Material).columns, b.String(), b.Args()...)
}

// Get is one piece of material; fault.NotFound for those who may not see it and
// when it was removed.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Material, error) {
	m, removed, err := get(ctx, q, viewer, id)
	if err == nil && removed {
		return Material{}, fault.NotFound
	}
	return m, err
}

func get(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (m Material, removed bool, err error) {
	condition, args := sees(viewer)
	var b db.Builder
	b.Add("SELECT m.removed_at IS NOT NULL,"+columns+" WHERE m.id = ?", id).Add("AND "+condition, args...)
	m, err = db.Row(ctx, q, func(m *Material) []any { return append([]any{&removed}, m.columns()...) }, b.String(), b.Args()...)
	return m, removed, err
}

// Add puts the material last in its list.
func Add(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New) (int64, error) {
	if err := allow(viewer, n.RegionID); err != nil {
		return 0, err
	}
	if err := n.Check(n.FileID != 0); err != nil {
		return 0, err
	}
	var file, region *int64
	if n.FileID != 0 {
		file = &n.FileID
	}
	if n.RegionID != 0 {
		region = &n.RegionID
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO material (edition_id, region_id, audience, title, url, file_id, ordinal)
		VALUES ($1, $2, $3, $4, $5, $6, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM material WHERE edition_id = $1))
		RETURNING id`, n.EditionID, region, n.Audience, n.Title, n.URL, file)
	if db.IsCheck(err) {
		err = fault.NotFound // no such edition or file
	}
	return id, err
}

// allow is fault.Forbidden for those who may not change the material of the region, or
// the nation's for 0. Who keeps one sees the other, so that it is no secret.
func allow(viewer access.Viewer, regionID int64) error {
	if !access.ManageMaterial(viewer).Covers(access.Place{RegionID: regionID}) {
		return fault.Forbidden
	}
	return nil
}

// Manages tells whether the viewer may change the material.
func (m Material) Manages(viewer access.Viewer) bool { return allow(viewer, m.RegionID) == nil }

// managed is the material for those who keep it in order, and whether it was removed.
func managed(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Material, bool, error) {
	if access.ManageMaterial(viewer).Empty() {
		return Material{}, false, fault.Forbidden
	}
	m, removed, err := get(ctx, q, viewer, id)
	if err == nil {
		err = allow(viewer, m.RegionID)
	}
	return m, removed, err
}

// Kept is one piece of material, removed or not, for those who may change it.
func Kept(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Material, error) {
	m, _, err := managed(ctx, q, viewer, id)
	return m, err
}

// Remove takes the material away, until Return. Who has its address reads it no more.
func Remove(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	if _, removed, err := managed(ctx, tx, viewer, id); err != nil || removed {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE material SET removed_at = $2, removed_by = $3 WHERE id = $1`, id, now, viewer.ActorID())
	return err
}

// Return brings back what was removed, to its old place in the list.
func Return(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) error {
	if _, removed, err := managed(ctx, tx, viewer, id); err != nil || !removed {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE material SET removed_at = NULL, removed_by = NULL WHERE id = $1`, id)
	return err
}

// MoveUp lets the material change places with the one before it in its list;
// the first stays.
func MoveUp(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) error {
	m, removed, err := managed(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	if removed {
		return fault.NotFound
	}
	ids, err := db.Rows(ctx, tx, db.One[int64], `
		SELECT id
		FROM material
		WHERE edition_id = $1
		AND audience = $2
		AND COALESCE(region_id, 0) = $3
		AND removed_at IS NULL
		ORDER BY ordinal, id`, m.EditionID, m.Audience, m.RegionID)
	if err != nil {
		return err
	}
	for i := 1; i < len(ids); i++ {
		if ids[i] == id {
			ids[i-1], ids[i] = ids[i], ids[i-1]
			break
		}
	}
	for i, each := range ids {
		if _, err := db.Exec(ctx, tx, `UPDATE material SET ordinal = $2 WHERE id = $1`, each, i+1); err != nil {
			return err
		}
	}
	return nil
}

// Sending is when a round's material is to be sent. Set tells that somebody has
// chosen the day.
type Sending struct {
	On  clock.Day
	Set bool
}

// SendingOf is the round's, which begins on the day first. It asks no viewer.
func SendingOf(ctx context.Context, q db.Querier, roundID int64, first clock.Day) (Sending, error) {
	days, err := db.Rows(ctx, q, db.One[clock.Day], `SELECT send_on FROM material_sending WHERE round_id = $1`, roundID)
	if err != nil || len(days) == 0 {
		return Sending{On: first - usualDays}, err
	}
	return Sending{On: days[0], Set: true}, nil
}

// SendOn sets the day on which the round's material is sent. Whoever calls it has made
// sure that the viewer manages the round, which begins on first. It asks no viewer.
func SendOn(ctx context.Context, tx *db.Tx, roundID int64, first, on clock.Day) error {
	if on > first {
		return fault.Invalid("send_on", "material.send_on_late", "Day", first)
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO material_sending (round_id, send_on)
		VALUES ($1, $2)
		ON CONFLICT (round_id) DO UPDATE SET send_on = excluded.send_on`, roundID, on)
	return err
}

// Due are the rounds whose material is to be sent by the day: confirmed, not
// over, with material.
func Due(ctx context.Context, q db.Querier, today clock.Day) ([]int64, error) {
	return db.Rows(ctx, q, db.One[int64], `
		SELECT r.id
		FROM round AS r
		LEFT JOIN material_sending AS s ON s.round_id = r.id
		WHERE r.last_day >= $1
		AND r.confirmed_at IS NOT NULL
		AND r.cancelled_at IS NULL
		AND (s.send_on <= $1 OR s.send_on IS NULL AND r.first_day <= $2)
		AND EXISTS (
			SELECT 1
			FROM material AS m
			WHERE m.edition_id = `+lifetime.RoundEditionSQL("r")+`
			AND m.removed_at IS NULL
			AND (m.region_id IS NULL OR m.region_id = r.region_id)
		)
		ORDER BY r.id`, today, today+usualDays)
}

// Editions are those of the course, the newest first.
func Editions(ctx context.Context, q db.Querier, courseID int64) ([]catalogue.Edition, error) {
	return db.Rows(ctx, q, func(e *catalogue.Edition) []any {
		return []any{&e.ID, &e.CourseID, &e.Number, &e.PublishedOn, &e.Changes}
	}, `
		SELECT id, course_id, number, published_on, changes
		FROM edition
		WHERE course_id = $1
		AND published_on IS NOT NULL
		ORDER BY number DESC`, courseID)
}

// Count is how many pieces of material a course has in all its editions.
type Count struct {
	Slug   string
	Course string
	Pieces int
}

// Counts are those of every course that the viewer may see, in Swedish order, for
// those who keep material.
func Counts(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Count, error) {
	if access.ManageMaterial(viewer).Empty() {
		return nil, fault.Forbidden
	}
	condition, args := sees(viewer)
	var b db.Builder
	b.Add(`
		SELECT
			c.slug,
			c.name,
			(
				SELECT COUNT(*)
				FROM material AS m
				JOIN edition AS e ON e.id = m.edition_id
				WHERE e.course_id = c.id
				AND m.removed_at IS NULL
				AND `+condition+`
			)
		FROM course AS c
		WHERE EXISTS (SELECT 1 FROM edition AS o WHERE o.course_id = c.id AND o.published_on IS NOT NULL) -- what is not out has nothing to add to
		ORDER BY c.sort_key, c.id`, args...)
	return db.Rows(ctx, q, func(c *Count) []any { return []any{&c.Slug, &c.Course, &c.Pieces} }, b.String(), b.Args()...)
}

// Pack is the trainer pack of a course's newest edition with content that stands.
type Pack struct {
	EditionID int64
	Course    string
}

// Packs are those of the courses in whose teams the viewer is, in Swedish order.
func Packs(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Pack, error) {
	if !viewer.Trainer {
		return nil, nil
	}
	return db.Rows(ctx, q, func(p *Pack) []any { return []any{&p.EditionID, &p.Course} }, `
		SELECT
			MAX(e.id),
			`+catalogue.TitleSQL("c")+`
		FROM trainer AS t
		JOIN course AS c ON c.id = t.course_id
		JOIN edition AS e ON e.course_id = c.id AND e.published_on IS NOT NULL
		JOIN edition_content AS ec ON ec.edition_id = e.id
		WHERE t.person_id = $1
		AND t.ended_on IS NULL
		AND NOT `+lifetime.WithdrawnSQL("e.id")+`
		GROUP BY c.id, c.name, c.short_name, c.sort_key
		ORDER BY c.sort_key, c.id`, viewer.PersonID)
}
