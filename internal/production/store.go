package production

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

var plannedQuery = `
	SELECT
		p.id,
		COALESCE(p.course_id, 0),
		COALESCE(c.slug, ''),
		CASE WHEN c.id IS NULL THEN p.name ELSE ` + catalogue.TitleSQL("c") + ` END,
		p.journey_id,
		j.name,
		COALESCE(p.step_id, 0),
		COALESCE(s.name, ''),
		p.state,
		p.month,
		COALESCE(p.surety, ''),
		p.renews,
		COALESCE(p.edition_id, 0),
		e.published_on,
		p.version,
		` + lifetime.RetiredFromSQL("p.course_id") + `,
		h.changed_at,
		h.reason
	FROM planned_course AS p
	JOIN journey AS j ON j.id = p.journey_id
	JOIN planned_course_change AS h ON h.id = (SELECT MAX(l.id) FROM planned_course_change AS l WHERE l.planned_id = p.id)
	LEFT JOIN step AS s ON s.id = p.step_id
	LEFT JOIN course AS c ON c.id = p.course_id
	LEFT JOIN edition AS e ON e.id = p.edition_id
	WHERE `

func (p *Planned) columns() []any {
	return []any{
		&p.ID, &p.CourseID, &p.CourseSlug, &p.Name, &p.JourneyID, &p.Journey, &p.StepID, &p.Step, &p.State, &p.Month, &p.Surety, &p.Renews,
		&p.EditionID, &p.PublishedOn, &p.Version, &p.RetiredFrom, &p.ChangedAt, &p.Reason,
	}
}

// shown is the condition on what the viewer sees of the plan: ideas are for those who make
// courses, also those that were dropped while they were nothing else.
func shown(viewer access.Viewer) string {
	if access.ManageCourses(viewer) {
		return "TRUE"
	}
	return `p.state <> 'idea' AND (p.state <> 'dropped' OR EXISTS (
		SELECT 1 FROM planned_course_change AS was WHERE was.planned_id = p.id AND was.state NOT IN ('idea', 'dropped')))`
}

// List is the plan: what comes by its month, what has none, then what came or was dropped, the
// latest first. Everybody in the programme sees it, ideas those who make courses.
func List(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Planned, error) {
	if !access.ReadProduction(viewer) {
		return nil, fault.Forbidden
	}
	return db.Rows(ctx, q, (*Planned).columns, plannedQuery+shown(viewer)+`
		ORDER BY p.state IN ('published', 'dropped'), CASE WHEN p.state IN ('published', 'dropped') THEN -h.changed_at END,
			p.month IS NULL, p.month, p.id`)
}

// Get is one; fault.NotFound for those who do not see it.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, planned int64) (Planned, error) {
	if !access.ReadProduction(viewer) {
		return Planned{}, fault.Forbidden
	}
	return db.Row(ctx, q, (*Planned).columns, plannedQuery+shown(viewer)+` AND p.id = $1`, planned)
}

// History is a change of a planned course: what was planned from then on, why, and by whom ("" for the product).
type History struct {
	Plan
	Reason string
	At     clock.Instant
	By     string
}

// Changes are those of one that the viewer sees, the latest first. Who changed it is told to those who make courses.
func Changes(ctx context.Context, q db.Querier, viewer access.Viewer, planned int64) ([]History, error) {
	if _, err := Get(ctx, q, viewer, planned); err != nil {
		return nil, err
	}
	all, err := db.Rows(ctx, q, func(h *History) []any {
		return []any{&h.State, &h.Month, &h.Surety, &h.Reason, &h.At, &h.By}
	}, `
		SELECT
			h.state,
			h.month,
			COALESCE(h.surety, ''),
			h.reason,
			h.changed_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM planned_course_change AS h
		LEFT JOIN person AS p ON p.id = h.changed_by
		WHERE h.planned_id = $1
		ORDER BY h.id DESC`, planned)
	if !access.ManageCourses(viewer) {
		for i := range all {
			all[i].By = ""
			if all[i].State == Idea {
				all = all[:i] // what was thought before it was more than an idea
				break
			}
		}
	}
	return all, err
}

// Coming are those of the journeys of which learners and municipalities are told that they come, by their month. It
// asks no viewer: everybody sees them.
func Coming(ctx context.Context, q db.Querier, journeys []int64) ([]Planned, error) {
	is, args := db.In("p.journey_id", journeys)
	var b db.Builder
	b.Add(plannedQuery+"p.state IN ('study', 'writing', 'trial') AND p.month IS NOT NULL AND "+is, args...).Add("ORDER BY p.month, p.id")
	all, err := db.Rows(ctx, q, (*Planned).columns, b.String(), b.Args()...)
	var coming []Planned
	for _, p := range all {
		if p.Comes() {
			coming = append(coming, p)
		}
	}
	return coming, err
}

// OfCourse is the course's row that comes still, else the latest that was dropped; fault.NotFound when nobody
// has planned it or its latest has been published. It asks no viewer and gives no ideas.
func OfCourse(ctx context.Context, q db.Querier, courseID int64) (Planned, error) {
	return db.Row(ctx, q, (*Planned).columns, plannedQuery+`p.id = (
			SELECT l.id
			FROM planned_course AS l
			WHERE l.course_id = $1
			ORDER BY l.state NOT IN ('published', 'dropped') DESC, l.id DESC
			LIMIT 1
		)
		AND p.state NOT IN ('published', 'idea')`, courseID)
}
