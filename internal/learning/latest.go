package learning

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
)

// Change is what happened to somebody on a day.
type Change string

// The changes that Latest tells of.
const (
	Came          Change = "came"
	AccountOpened Change = "account_opened"
	StepSet       Change = "step_set"
	Completed     Change = "completed"
)

// Key is the change's message key.
func (c Change) Key() string { return "learning.change." + string(c) }

// News is a change with the person it is about and the unit, journey, step or
// course that it is a change to.
type News struct {
	Day      clock.Day
	Change   Change
	PersonID int64
	Name     string
	Subject  string
}

// LatestDays is how far back news goes: a large municipality has a great many
// facts, and few of them are news.
const LatestDays = 90

// Latest are the last changes to those who are employed in the municipality on
// the day, the newest first: who came, accounts, steps and completions by the
// day for which they count, as far back as LatestDays. None for those who do not manage its people.
func Latest(ctx context.Context, q db.Querier, viewer access.Viewer, municipality organisation.Organisation, day clock.Day, most int) ([]News, error) {
	if !access.ManagePeople(viewer).Covers(municipality.Place()) {
		return nil, nil
	}
	const here = `
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)`
	return db.Rows(ctx, q, func(n *News) []any { return []any{&n.Day, &n.Change, &n.PersonID, &n.Name, &n.Subject} }, `
		SELECT
			n.day,
			n.change,
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			n.subject
		FROM (
			SELECT e.from_day AS day, 'came' AS change, e.person_id AS person_id, o.name AS subject, 1 AS ordinal
			FROM employed AS e
			JOIN organisation AS o ON o.id = e.organisation_id`+here+`
			AND e.from_day > $4
			UNION ALL
			SELECT a.opened_on, 'account_opened', a.person_id, j.name, 2
			FROM employed AS e
			JOIN account AS a ON a.person_id = e.person_id AND a.opened_on <= $2 AND a.opened_on > $4
			JOIN journey AS j ON j.id = a.journey_id`+here+`
			UNION ALL
			SELECT st.from_day, 'step_set', a.person_id, j.name || ': ' || s.name, 3
			FROM employed AS e
			JOIN account AS a ON a.person_id = e.person_id
			JOIN account_step AS st ON st.account_id = a.id AND st.from_day > a.opened_on AND st.from_day <= $2 AND st.from_day > $4
			JOIN step AS s ON s.id = st.step_id
			JOIN journey AS j ON j.id = a.journey_id`+here+`
			UNION ALL
			SELECT c.completed_on, 'completed', c.person_id, `+catalogue.TitleSQL("co")+`, 4
			FROM employed AS e
			JOIN completion AS c ON c.person_id = e.person_id AND c.revoked_at IS NULL AND c.completed_on <= $2 AND c.completed_on > $4
			JOIN course AS co ON co.id = c.course_id`+here+`
		) AS n
		JOIN person AS p ON p.id = n.person_id
		ORDER BY n.day DESC, n.ordinal DESC, p.sort_key, p.id, n.subject
		LIMIT $3`, municipality.ID, day, most, day-LatestDays)
}
