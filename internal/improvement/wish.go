package improvement

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Wish is a subject that somebody wants a course about, in a journey of theirs.
type Wish struct {
	ID      int64
	Journey string
	Subject string
	On      clock.Day
}

const (
	maxSubject = 80
	mostWishes = 20 // of one person
)

// MyWishes are the viewer's, the latest first.
func MyWishes(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Wish, error) {
	if viewer.PersonID == 0 {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, func(w *Wish) []any { return []any{&w.ID, &w.Journey, &w.Subject, &w.On} }, `
		SELECT
			w.id,
			j.name,
			w.subject,
			w.wished_on
		FROM content_wish AS w
		JOIN journey AS j ON j.id = w.journey_id
		WHERE w.person_id = $1
		ORDER BY w.id DESC`, viewer.PersonID)
}

// MakeWish wishes for a course about the subject in a journey in which the viewer has an account. Wishing the same again
// changes nothing. fault.Forbidden for those who work in no region.
func MakeWish(ctx context.Context, tx *db.Tx, viewer access.Viewer, journeyID int64, subject string, now clock.Instant) error {
	if viewer.PersonID == 0 || viewer.Home.RegionID == 0 {
		return fault.Forbidden
	}
	subject = strings.Join(strings.Fields(subject), " ")
	var checks fault.Checks
	checks.Require(subject != "", "subject", "improvement.subject_missing")
	checks.Require(utf8.RuneCountInString(subject) <= maxSubject, "subject", "fault.too_long", "Max", maxSubject)
	theirs, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM account WHERE person_id = $1 AND journey_id = $2 AND opened_on <= $3 AND (closed_on IS NULL OR closed_on > $3))`,
		viewer.PersonID, journeyID, now.Day())
	if err != nil {
		return err
	}
	checks.Require(theirs, "journey", "improvement.journey_missing")
	count, err := db.Row(ctx, tx, db.One[int], `SELECT COUNT(*) FROM content_wish WHERE person_id = $1`, viewer.PersonID)
	if err != nil {
		return err
	}
	checks.Require(count < mostWishes, "subject", "improvement.many_wishes", "Max", mostWishes)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO content_wish (journey_id, subject, subject_key, region_id, person_id, wished_on)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person_id, journey_id, subject_key) DO NOTHING`, journeyID, subject, strings.ToLower(subject), viewer.Home.RegionID, viewer.PersonID, now.Day())
	return err
}

// EndWish takes one of the viewer's back; fault.NotFound for another's.
func EndWish(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM content_wish WHERE id = $1 AND person_id = $2`, id, viewer.PersonID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// Wished is how many wish for a subject in a journey, in a region.
type Wished struct {
	Journey string
	Subject string // as it was written first
	Region  string
	Count   int
	All     int // in all regions that the viewer sees
}

// Wishes are those of the regions that the viewer reads answers of, the most wished first.
func Wishes(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Wished, error) {
	scope := access.ReadAnswers(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	condition, args := scope.Where(access.Columns{Region: "w.region_id"})
	var b db.Builder
	b.Add(`
		SELECT
			j.name,
			(SELECT f.subject FROM content_wish AS f WHERE f.journey_id = s.journey_id AND f.subject_key = s.subject_key ORDER BY f.id LIMIT 1),
			o.name,
			s.wishes,
			CAST(SUM(s.wishes) OVER (PARTITION BY s.journey_id, s.subject_key) AS BIGINT) AS every
		FROM (
			SELECT w.journey_id, w.subject_key, w.region_id, COUNT(*) AS wishes
			FROM content_wish AS w
			WHERE `+condition, args...).Add(`
			GROUP BY w.journey_id, w.subject_key, w.region_id
		) AS s
		JOIN journey AS j ON j.id = s.journey_id
		JOIN organisation AS o ON o.id = s.region_id
		ORDER BY every DESC, j.ordinal, s.subject_key, s.wishes DESC, o.sort_key`)
	return db.Rows(ctx, q, func(w *Wished) []any { return []any{&w.Journey, &w.Subject, &w.Region, &w.Count, &w.All} }, b.String(), b.Args()...)
}
