package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Interest is somebody's wish for a course without a date. It ends with a seat
// in a round of the course, or when it is taken back.
type Interest struct {
	ID       int64
	PersonID int64
	Name     string
	CourseID int64
	Course   string
	WishedAt clock.Instant

	RetiredFrom *clock.Day // the first day without the course, nil: it holds
}

// Wish notes that the person wants the course, in the region where they are
// employed. fault.Conflict "round.already_wished", and
// "lifetime.nobody_new" for a retired course.
func Wish(ctx context.Context, tx *db.Tx, viewer access.Viewer, courseID, personID int64, now clock.Instant) (int64, error) {
	if _, err := mayBook(ctx, tx, viewer, personID, now.Day()); err != nil {
		return 0, err
	}
	if _, err := catalogue.CourseByID(ctx, tx, courseID); err != nil {
		return 0, err
	}
	retired, err := lifetime.RetirementOf(ctx, tx, courseID)
	if err != nil {
		return 0, err
	}
	if retired.On(now.Day()) {
		return 0, fault.Conflict("lifetime.nobody_new")
	}
	e, err := people.EmploymentOn(ctx, tx, personID, now.Day())
	if err != nil {
		return 0, err
	}
	ids, err := db.Rows(ctx, tx, db.One[int64], `
		INSERT INTO interest (person_id, course_id, region_id, wished_at, wished_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING
		RETURNING id`, personID, courseID, e.RegionID, now, viewer.ActorID())
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, fault.Conflict("round.already_wished")
	}
	return ids[0], nil
}

// Unwish takes the wish back. fault.Conflict "round.wish_ended".
func Unwish(ctx context.Context, tx *db.Tx, viewer access.Viewer, interestID int64, now clock.Instant) error {
	person, err := db.Row(ctx, tx, db.One[int64], `SELECT person_id FROM interest WHERE id = $1`, interestID)
	if err != nil {
		return err
	}
	if _, err := mayBook(ctx, tx, viewer, person, now.Day()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE interest SET ended_at = $2, ended_how = 'withdrawn' WHERE id = $1 AND ended_at IS NULL`, interestID, now)
	if err == nil && n == 0 {
		err = fault.Conflict("round.wish_ended")
	}
	return err
}

// MyInterests are the viewer's own wishes that still hold, the oldest first.
func MyInterests(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Interest, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, (*Interest).columns, `
		SELECT i.id, i.person_id, '', i.course_id, `+catalogue.TitleSQL("c")+`, i.wished_at, `+lifetime.RetiredFromSQL("i.course_id")+`
		FROM interest AS i
		JOIN course AS c ON c.id = i.course_id
		WHERE i.person_id = $1
		AND i.ended_at IS NULL
		ORDER BY i.id`, viewer.PersonID)
}

// Wishes are the wishes for the course in the region, or in all when it is 0, of
// those whom the viewer may see, the oldest first.
func Wishes(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, courseID int64, today clock.Day) ([]Interest, error) {
	condition, args := access.Staff(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	var b db.Builder
	b.Add(`
		SELECT i.id, i.person_id, TRIM(p.given_name || ' ' || p.family_name), i.course_id, `+catalogue.TitleSQL("c")+`, i.wished_at, `+lifetime.RetiredFromSQL("i.course_id")+`
		FROM interest AS i
		JOIN course AS c ON c.id = i.course_id
		JOIN person AS p ON p.id = i.person_id
		JOIN employed AS e ON e.main AND e.person_id = i.person_id AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		WHERE i.course_id = ?
		AND i.ended_at IS NULL`, today, today, courseID).
		Add("AND "+condition, args...)
	if regionID != 0 {
		b.Add("AND i.region_id = ?", regionID)
	}
	b.Add("ORDER BY i.id")
	return db.Rows(ctx, q, (*Interest).columns, b.String(), b.Args()...)
}

// WishesOf are when those of the persons who want the course said so. It asks no
// viewer.
func WishesOf(ctx context.Context, q db.Querier, courseID int64, persons []int64) (map[int64]clock.Instant, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	type wish struct {
		person int64
		at     clock.Instant
	}
	in, args := db.In("person_id", persons)
	var b db.Builder
	b.Add("SELECT person_id, wished_at FROM interest WHERE course_id = ? AND ended_at IS NULL", courseID).Add("AND "+in, args...)
	wishes, err := db.Rows(ctx, q, func(w *wish) []any { return []any{&w.person, &w.at} }, b.String(), b.Args()...)
	of := make(map[int64]clock.Instant, len(wishes))
	for _, w := range wishes {
		of[w.person] = w.at
	}
	return of, err
}

func (i *Interest) columns() []any {
	return []any{&i.ID, &i.PersonID, &i.Name, &i.CourseID, &i.Course, &i.WishedAt, &i.RetiredFrom}
}
