package catalogue

import (
	"context"

	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// The catalogue is public, so these calls take no viewer.

const journeyColumns = `
	j.id,
	j.slug,
	j.name,
	j.audience,
	j.starts_on`

func (j *Journey) columns() []any {
	return []any{&j.ID, &j.Slug, &j.Name, &j.Audience, &j.StartsOn}
}

// Journeys are all journeys in the programme's order.
func Journeys(ctx context.Context, q db.Querier) ([]Journey, error) {
	return db.Rows(ctx, q, (*Journey).columns, `SELECT`+journeyColumns+` FROM journey AS j ORDER BY j.ordinal`)
}

// JourneyBySlug is the journey; fault.NotFound when there is none.
func JourneyBySlug(ctx context.Context, q db.Querier, slug string) (Journey, error) {
	return db.Row(ctx, q, (*Journey).columns, `SELECT`+journeyColumns+` FROM journey AS j WHERE j.slug = $1`, slug)
}

// Steps are the journey's steps in their order.
func Steps(ctx context.Context, q db.Querier, journeyID int64) ([]Step, error) {
	return db.Rows(ctx, q, func(s *Step) []any {
		return []any{&s.ID, &s.JourneyID, &s.Slug, &s.Name, &s.OverYears, &s.UpToYears}
	}, `
		SELECT
			id,
			journey_id,
			slug,
			name,
			over_years,
			up_to_years
		FROM step
		WHERE journey_id = $1
		ORDER BY ordinal`, journeyID)
}

// StepsOf are the steps of the journeys that the course belongs to, by journey
// and in their order.
func StepsOf(ctx context.Context, q db.Querier, courseID int64) ([]Step, error) {
	return db.Rows(ctx, q, func(s *Step) []any {
		return []any{&s.ID, &s.JourneyID, &s.Slug, &s.Name, &s.OverYears, &s.UpToYears}
	}, `
		SELECT
			s.id,
			s.journey_id,
			s.slug,
			s.name,
			s.over_years,
			s.up_to_years
		FROM course_journey AS c
		JOIN journey AS j ON j.id = c.journey_id
		JOIN step AS s ON s.journey_id = j.id
		WHERE c.course_id = $1
		ORDER BY j.ordinal, s.ordinal`, courseID)
}

// Place is where a course stands in a journey; Step is empty in one without steps, or
// for a course of all of them.
type Place struct{ Journey, Step string }

// PlacesOf are the course's places, by journey; a round's own step (0: none) goes before
// the course's.
func PlacesOf(ctx context.Context, q db.Querier, courseID, stepID int64) ([]Place, error) {
	return db.Rows(ctx, q, func(p *Place) []any { return []any{&p.Journey, &p.Step} }, `
		SELECT
			j.name,
			COALESCE(o.name, s.name, '')
		FROM course_journey AS c
		JOIN journey AS j ON j.id = c.journey_id
		LEFT JOIN step AS o ON o.id = $2 AND o.journey_id = j.id
		LEFT JOIN step AS s ON s.id = c.step_id
		WHERE c.course_id = $1
		ORDER BY j.ordinal`, courseID, stepID)
}

const courseColumns = `
	c.id,
	c.slug,
	c.name,
	c.short_name,
	c.audience,
	c.days,
	COALESCE(c.tariff_kind, '')`

func (c *Course) columns() []any {
	return []any{&c.ID, &c.Slug, &c.Name, &c.ShortName, &c.Audience, &c.Days, &c.TariffKind}
}

// Courses are those of the journey in its order.
func Courses(ctx context.Context, q db.Querier, journeyID int64) ([]Course, error) {
	return db.Rows(ctx, q, (*Course).columns, `
		SELECT`+courseColumns+`
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		WHERE cj.journey_id = $1
		ORDER BY cj.ordinal`, journeyID)
}

// AllCourses are all courses in Swedish order.
func AllCourses(ctx context.Context, q db.Querier) ([]Course, error) {
	return db.Rows(ctx, q, (*Course).columns, `SELECT`+courseColumns+` FROM course AS c ORDER BY c.sort_key`)
}

// CoursesOn are those that are not retired on the day, in Swedish order.
func CoursesOn(ctx context.Context, q db.Querier, day clock.Day) ([]Course, error) {
	return db.Rows(ctx, q, (*Course).columns, `SELECT`+courseColumns+` FROM course AS c WHERE `+lifetime.HoldsSQL("c.id", "$1")+` ORDER BY c.sort_key`, day)
}

// CourseBySlug is the course; fault.NotFound when there is none.
func CourseBySlug(ctx context.Context, q db.Querier, slug string) (Course, error) {
	return db.Row(ctx, q, (*Course).columns, `SELECT`+courseColumns+` FROM course AS c WHERE c.slug = $1`, slug)
}

// CourseByID is the course; fault.NotFound when there is none.
func CourseByID(ctx context.Context, q db.Querier, id int64) (Course, error) {
	return db.Row(ctx, q, (*Course).columns, `SELECT`+courseColumns+` FROM course AS c WHERE c.id = $1`, id)
}

// EditionOn is the course's newest edition that stands on the day; fault.NotFound when
// none does.
func EditionOn(ctx context.Context, q db.Querier, courseID int64, day clock.Day) (Edition, error) {
	return db.Row(ctx, q, (*Edition).columns, `SELECT`+editionColumns+` FROM edition AS e WHERE e.id = `+lifetime.NewestSQL("$1", "$2"), courseID, day)
}

// Deliveries are how the region gives each course on the day, by course, in the
// way that DeliveryOn tells of one.
func Deliveries(ctx context.Context, q db.Querier, regionID int64, day clock.Day) (map[int64]Delivery, error) {
	type delivery struct {
		course int64
		how    Delivery
	}
	rows, err := db.Rows(ctx, q, func(d *delivery) []any { return []any{&d.course, &d.how} }, `
		SELECT
			course_id,
			delivery
		FROM course_delivery
		WHERE (region_id = $1 OR region_id IS NULL)
		AND from_day <= $2
		ORDER BY course_id, region_id IS NULL DESC, from_day`, regionID, day)
	all := map[int64]Delivery{}
	for _, r := range rows {
		all[r.course] = r.how // the last is the one that holds
	}
	return all, err
}

// DeliveryOn is how the region gives the course on the day: by its own choice,
// or as usual. regionID 0 asks for the usual way. fault.NotFound before any.
func DeliveryOn(ctx context.Context, q db.Querier, courseID, regionID int64, day clock.Day) (Delivery, error) {
	return db.Row(ctx, q, db.One[Delivery], `
		SELECT delivery
		FROM course_delivery
		WHERE course_id = $1
		AND (region_id = $2 OR region_id IS NULL)
		AND from_day <= $3
		ORDER BY region_id IS NULL, from_day DESC
		LIMIT 1`, courseID, regionID, day)
}
