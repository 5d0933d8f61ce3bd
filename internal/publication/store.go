package publication

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
)

// nightly makes the publications that are due.
type nightly struct{}

func (nightly) Kind() string { return "publication_due" }

// Handle lets the queue make each publication when its day is over.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock) {
	jobs.Handle(q, func(ctx context.Context, _ nightly) error {
		for more := true; more; {
			// Each is a transaction of its own: a first night may have years to make up for.
			err := d.Write(ctx, func(tx *db.Tx) (err error) {
				more, err = next(ctx, tx, now())
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	jobs.Every(q, time.Hour, nightly{})
}

// Due makes all publications whose day is over, in the order of their days.
func Due(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	for {
		if more, err := next(ctx, tx, now); err != nil || !more {
			return err
		}
	}
}

// Last is the last publication that was made of the evaluations of the journey's
// courses, up to and including the day; 0 without one. Without a journey (0) it is
// the last one of everything.
func Last(ctx context.Context, q db.Querier, journeyID int64, day clock.Day) (clock.Day, error) {
	last, err := db.Row(ctx, q, db.One[*clock.Day], `
		SELECT MAX(day)
		FROM publication
		WHERE day <= $2
		AND (survey_id IS NULL OR survey_id IN (
			SELECT s.id
			FROM survey AS s
			JOIN course_journey AS j ON j.course_id = s.course_id
			WHERE j.journey_id = $1))`, journeyID, day)
	if err != nil || last == nil {
		return 0, err
	}
	return *last, nil
}

// next makes the publication that is due first, and tells whether there was one.
func next(ctx context.Context, tx *db.Tx, now clock.Instant) (bool, error) {
	today := now.Day()
	sources, err := printed(ctx, tx)
	if err != nil {
		return false, err
	}
	day, err := dueDay(ctx, tx, sources, today)
	if err != nil || day == 0 {
		return false, err
	}
	surveys, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM survey WHERE kind = 'course_evaluation' ORDER BY id`)
	if err != nil {
		return false, err
	}
	everything := Next(day) == day
	if everything {
		if err := made(ctx, tx, day, nil, now); err != nil {
			return false, err
		}
	}
	for _, id := range surveys {
		switch {
		case everything:
			if ahead, err := waitsForSource(ctx, tx, sources, id, day); err != nil {
				return false, err
			} else if ahead {
				continue
			}
		case slices.Contains(sources, source{id, day}):
			if err := made(ctx, tx, day, &id, now); err != nil {
				return false, err
			}
		default:
			continue
		}
		if err := evaluation.publish(ctx, tx, id, day); err != nil {
			return false, err
		}
	}
	if !everything {
		return true, nil
	}
	steps, err := db.Rows(ctx, tx, db.One[int64], `SELECT DISTINCT from_step_id FROM level_up WHERE answered_on <= $1 ORDER BY 1`, day)
	if err != nil {
		return false, err
	}
	for _, id := range steps {
		if err := levelUp.publish(ctx, tx, id, day); err != nil {
			return false, err
		}
	}
	return true, nil
}

func made(ctx context.Context, tx *db.Tx, day clock.Day, surveyID *int64, now clock.Instant) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO publication (day, survey_id, made_at) VALUES ($1, $2, $3)`, day, surveyID, now)
	return err
}

// source is a survey's answers that a source printed as they were on the day.
type source struct {
	surveyID int64
	on       clock.Day
}

// printed are the evaluations in reports that were printed, by their day.
func printed(ctx context.Context, q db.Querier) ([]source, error) {
	type figure struct {
		key string
		on  clock.Day
	}
	figures, err := db.Rows(ctx, q, func(f *figure) []any { return []any{&f.key, &f.on} }, `
		SELECT
			f.figure,
			r.evaluations_on
		FROM printed_report AS r
		JOIN printed_figure AS f ON f.report_id = r.id
		WHERE f.figure LIKE 'evaluations.%.total'`)
	if err != nil || len(figures) == 0 {
		return nil, err
	}
	type course struct {
		surveyID int64
		name     string
	}
	courses, err := db.Rows(ctx, q, func(c *course) []any { return []any{&c.surveyID, &c.name} }, `
		SELECT
			s.id,
			c.name
		FROM survey AS s
		JOIN course AS c ON c.id = s.course_id
		WHERE s.kind = 'course_evaluation'`)
	if err != nil {
		return nil, err
	}
	var all []source
	for _, f := range figures {
		slug := strings.TrimSuffix(strings.TrimPrefix(f.key, "evaluations."), ".total")
		for _, c := range courses {
			if organisation.Slug(c.name) == slug {
				all = append(all, source{c.surveyID, f.on})
			}
		}
	}
	slices.SortFunc(all, func(a, b source) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.surveyID, b.surveyID)) })
	return all, nil
}

// dueDay is the first day after the last publication, and before today, that is
// one of a publication; 0 when there is none.
func dueDay(ctx context.Context, q db.Querier, sources []source, today clock.Day) (clock.Day, error) {
	type days struct{ last, first *clock.Day }
	known, err := db.Row(ctx, q, func(d *days) []any { return []any{&d.last, &d.first} }, `
		SELECT
			(SELECT MAX(day) FROM publication),
			(SELECT MIN(x.day) FROM (
				SELECT MIN(answered_on) AS day FROM response
				UNION ALL
				SELECT MIN(answered_on) FROM level_up) AS x)`)
	if err != nil || known.first == nil {
		return 0, err // nobody has answered anything
	}
	from := *known.first
	if known.last != nil {
		from = max(from, *known.last+1)
	}
	due := Next(from)
	for _, s := range sources {
		if s.on >= from {
			due = min(due, s.on)
		}
	}
	if due >= today {
		return 0, nil
	}
	return due, nil
}

// waitsForSource tells whether the survey is first published on a later day: when
// a source printed its answers, and nothing of them had been shown before.
func waitsForSource(ctx context.Context, q db.Querier, sources []source, surveyID int64, day clock.Day) (bool, error) {
	if !slices.ContainsFunc(sources, func(s source) bool { return s.surveyID == surveyID && s.on > day }) {
		return false, nil
	}
	shown, err := db.Row(ctx, q, db.One[bool], `SELECT EXISTS (SELECT 1 FROM answer_batch WHERE survey_id = $1)`, surveyID)
	return !shown, err
}

// kind is where a kind of answer is kept: the column of answer_batch that names
// what was asked, what waits of it by region, edition and answer, and how each answer is
// given its batch. $1 is what was asked, $2 the day.
type kind struct{ asked, count, take string }

// regionOf is where the person was employed on the day of the answer.
func regionOf(person, day string) string {
	return `COALESCE((
		SELECT e.region_id
		FROM employed AS e
		WHERE e.person_id = ` + person + `
		AND e.from_day <= ` + day + `
		AND (e.to_day IS NULL OR e.to_day >= ` + day + `)
		ORDER BY e.from_day
		LIMIT 1), 0)`
}

// editionOf is the edition that the person of the answer r had taken, or was under way
// in; 0 when nobody knows.
const editionOf = `COALESCE(
		(SELECT k.edition_id FROM completion AS k JOIN survey AS s ON s.course_id = k.course_id WHERE s.id = r.survey_id AND k.person_id = r.person_id AND k.revoked_at IS NULL),
		(SELECT st.edition_id FROM study AS st JOIN survey AS s ON s.course_id = st.course_id WHERE s.id = r.survey_id AND st.person_id = r.person_id),
		(
			SELECT d.edition_id
			FROM enrolment AS n
			JOIN round AS d ON d.id = n.round_id
			JOIN survey AS s ON s.course_id = d.course_id
			WHERE s.id = r.survey_id
			AND n.person_id = r.person_id
			AND n.withdrawn_at IS NULL
			ORDER BY n.id DESC
			LIMIT 1
		),
		0)`

// An evaluation's answers are those to its first question.
var evaluation = kind{
	asked: "survey_id",
	count: `
		SELECT
			` + regionOf("r.person_id", "r.answered_on") + `,
			` + editionOf + `,
			o.slug,
			COUNT(*)
		FROM response AS r
		JOIN response_choice AS c ON c.response_id = r.id
		JOIN question AS q ON q.id = c.question_id
			AND q.ordinal = (SELECT MIN(f.ordinal) FROM question AS f WHERE f.survey_id = $1)
		JOIN answer_option AS o ON o.id = c.option_id
		WHERE r.survey_id = $1
		AND r.answered_on <= $2
		AND NOT EXISTS (SELECT 1 FROM batch_response AS t WHERE t.response_id = r.id)
		GROUP BY 1, 2, 3
		ORDER BY 1, 2, 3`,
	take: `
		INSERT INTO batch_response (response_id, batch_id)
		SELECT
			r.id,
			b.id
		FROM response AS r
		JOIN answer_batch AS b ON b.survey_id = $1
			AND b.taken_on = $2
			AND COALESCE(b.region_id, 0) = ` + regionOf("r.person_id", "r.answered_on") + `
			AND COALESCE(b.edition_id, 0) = ` + editionOf + `
		WHERE r.survey_id = $1
		AND r.answered_on <= $2
		AND NOT EXISTS (SELECT 1 FROM batch_response AS t WHERE t.response_id = r.id)`,
}

var levelUp = kind{
	asked: "step_id",
	count: `
		SELECT
			` + regionOf("a.person_id", "l.answered_on") + `,
			0,
			l.grade,
			COUNT(*)
		FROM level_up AS l
		JOIN account AS a ON a.id = l.account_id
		WHERE l.from_step_id = $1
		AND l.answered_on <= $2
		AND NOT EXISTS (SELECT 1 FROM batch_level_up AS t WHERE t.level_up_id = l.id)
		GROUP BY 1, 2, 3
		ORDER BY 1, 2, 3`,
	take: `
		INSERT INTO batch_level_up (level_up_id, batch_id)
		SELECT
			l.id,
			b.id
		FROM level_up AS l
		JOIN account AS a ON a.id = l.account_id
		JOIN answer_batch AS b ON b.step_id = $1
			AND b.taken_on = $2
			AND COALESCE(b.region_id, 0) = ` + regionOf("a.person_id", "l.answered_on") + `
		WHERE l.from_step_id = $1
		AND l.answered_on <= $2
		AND NOT EXISTS (SELECT 1 FROM batch_level_up AS t WHERE t.level_up_id = l.id)`,
}

// publish takes up what has been answered until the day, in a batch per region and
// edition, and shows what may be shown. Nothing new changes nothing.
func (k kind) publish(ctx context.Context, tx *db.Tx, id int64, day clock.Day) error {
	type source struct{ region, edition int64 }
	type count struct {
		source
		answer  string
		answers int
	}
	counts, err := db.Rows(ctx, tx, func(c *count) []any { return []any{&c.region, &c.edition, &c.answer, &c.answers} }, k.count, id, day)
	if err != nil || len(counts) == 0 {
		return err
	}
	batches := map[source]int64{}
	var rows [][]any
	for _, c := range counts {
		if batches[c.source] == 0 {
			if batches[c.source], err = db.Row(ctx, tx, db.One[int64],
				`INSERT INTO answer_batch (`+k.asked+`, region_id, edition_id, taken_on) VALUES ($1, $2, $3, $4) RETURNING id`,
				id, orNone(c.region), orNone(c.edition), day); err != nil {
				return err
			}
		}
		rows = append(rows, []any{batches[c.source], c.answer, c.answers})
	}
	if err := db.Insert(ctx, tx, "batch_answer", []string{"batch_id", "answer", "answers"}, rows); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, k.take, id, day); err != nil {
		return err
	}
	return k.advance(ctx, tx, id, day)
}

func (k kind) advance(ctx context.Context, tx *db.Tx, id int64, day clock.Day) error {
	type found struct {
		Batch
		national, regional, apart *clock.Day
	}
	rows, err := db.Rows(ctx, tx, func(f *found) []any {
		return []any{&f.ID, &f.Region, &f.Edition, &f.national, &f.regional, &f.apart, &f.Answers}
	}, `
		SELECT
			b.id,
			COALESCE(b.region_id, 0),
			COALESCE(b.edition_id, 0),
			b.national_on,
			b.regional_on,
			b.apart_on,
			SUM(a.answers)
		FROM answer_batch AS b
		JOIN batch_answer AS a ON a.batch_id = b.id
		WHERE b.`+k.asked+` = $1
		GROUP BY b.id, b.region_id, b.edition_id, b.national_on, b.regional_on, b.apart_on
		ORDER BY b.id`, id)
	if err != nil {
		return err
	}
	batches := make([]Batch, len(rows))
	for i, r := range rows {
		batches[i] = r.Batch
		if r.national != nil {
			batches[i].National = *r.national
		}
		if r.regional != nil {
			batches[i].Regional = *r.regional
		}
		if r.apart != nil {
			batches[i].Apart = *r.apart
		}
	}
	before := slices.Clone(batches)
	Advance(batches, day)
	for i, b := range batches {
		if b == before[i] {
			continue
		}
		if _, err := db.Exec(ctx, tx, `UPDATE answer_batch SET national_on = $2, regional_on = $3, apart_on = $4 WHERE id = $1`,
			b.ID, orNone(b.National), orNone(b.Regional), orNone(b.Apart)); err != nil {
			return err
		}
	}
	return nil
}

func orNone[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}
