package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/publication"
)

// FewestShown is the smallest number of answers that is shown.
const FewestShown = publication.Fewest

// Evaluation is the answers to a course's overall question, the best grade
// first. When Suppressed none are shown: there are none, too few, or they could be
// worked out. Which of these, is not told.
type Evaluation struct {
	CourseID   int64
	Course     string
	CourseSlug string
	Suppressed bool
	Labels     []string
	Answers    []int
	Total      int
	Satisfied  int // those with a grade that counts as satisfied
}

// Satisfaction is the share of satisfied answers in per cent.
func (e Evaluation) Satisfaction() Tenths { return Share(e.Satisfied, e.Total) }

// Evaluations are the answers about the journey's courses, in its order, as they
// were last published up to and including the day, which comes with them (0:
// nothing had been published). They are those of the whole country when regionID
// is 0, else of those who were employed in the region when they answered. Courses
// that nobody in the country had answered about are left out. fault.NotFound when
// the viewer may not see the figures; the country's are open to everybody with an
// office.
func Evaluations(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, day clock.Day) ([]Evaluation, clock.Day, error) {
	if err := answersOf(ctx, q, viewer, regionID); err != nil {
		return nil, 0, err
	}
	on, err := publication.Last(ctx, q, journeyID, day)
	if err != nil || on == 0 {
		return nil, 0, err
	}
	type count struct {
		Evaluation
		label     string
		satisfied bool
		answers   int
	}
	counts, err := db.Rows(ctx, q, func(c *count) []any {
		return []any{&c.CourseID, &c.Course, &c.CourseSlug, &c.label, &c.satisfied, &c.answers}
	}, `
		SELECT
			c.id,
			c.name,
			c.slug,
			o.label,
			o.satisfied,
			COALESCE(n.answers, 0)
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		JOIN survey AS s ON s.course_id = c.id AND s.kind = 'course_evaluation'
		JOIN question AS q ON q.survey_id = s.id AND q.ordinal = (
			SELECT MIN(f.ordinal) FROM question AS f WHERE f.survey_id = s.id)
		JOIN answer_option AS o ON o.question_id = q.id
		LEFT JOIN (
			SELECT
				b.survey_id,
				a.answer,
				SUM(a.answers) AS answers
			FROM answer_batch AS b
			JOIN batch_answer AS a ON a.batch_id = b.id
			WHERE b.survey_id IS NOT NULL
			AND `+shownSQL(regionID)+`
			GROUP BY 1, 2
		) AS n ON n.survey_id = s.id AND n.answer = o.slug
		WHERE cj.journey_id = $1
		AND EXISTS (SELECT 1 FROM answer_batch AS t WHERE t.survey_id = s.id AND t.taken_on <= $2)
		ORDER BY cj.ordinal, c.id, o.ordinal`, journeyID, on, regionID)
	if err != nil {
		return nil, 0, err
	}
	var all []Evaluation
	for _, c := range counts {
		if len(all) == 0 || all[len(all)-1].CourseID != c.CourseID {
			all = append(all, c.Evaluation)
		}
		e := &all[len(all)-1]
		e.Labels, e.Answers = append(e.Labels, c.label), append(e.Answers, c.answers)
		e.Total += c.answers
		if c.satisfied {
			e.Satisfied += c.answers
		}
	}
	for i := range all {
		if e := &all[i]; e.Total == 0 {
			e.Suppressed, e.Answers = true, nil
		}
	}
	return all, on, nil
}

// EditionGrades are the published answers of the country to the overall question about a
// course, from those who had taken the edition. None are shown when there are too few, or
// they could be worked out: Total is 0.
type EditionGrades struct {
	Number      int
	PublishedOn clock.Day
	Total       int
	Satisfied   int
}

// Satisfaction is the share of satisfied answers in per cent.
func (e EditionGrades) Satisfaction() Tenths { return Share(e.Satisfied, e.Total) }

// EvaluationsByEdition are those of each edition of the course until the day, the newest
// edition first. Answers that were published without telling editions apart are in none.
func EvaluationsByEdition(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64, day clock.Day) ([]EditionGrades, error) {
	if err := answersOf(ctx, q, viewer, 0); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(e *EditionGrades) []any { return []any{&e.Number, &e.PublishedOn, &e.Total, &e.Satisfied} }, `
		SELECT
			e.number,
			e.published_on,
			COALESCE(SUM(a.answers), 0),
			COALESCE(SUM(CASE WHEN o.satisfied THEN a.answers END), 0)
		FROM edition AS e
		LEFT JOIN answer_batch AS b ON b.edition_id = e.id AND b.apart_on <= $2
		LEFT JOIN batch_answer AS a ON a.batch_id = b.id
		LEFT JOIN question AS q ON q.survey_id = b.survey_id AND q.ordinal = (SELECT MIN(f.ordinal) FROM question AS f WHERE f.survey_id = b.survey_id)
		LEFT JOIN answer_option AS o ON o.question_id = q.id AND o.slug = a.answer
		WHERE e.course_id = $1
		AND e.published_on <= $2
		GROUP BY e.id, e.number, e.published_on
		ORDER BY e.number DESC`, courseID, day)
}

// shownSQL are the batches b that count on the day $2 in the figure of the region
// $3, or of the country when it is 0.
func shownSQL(regionID int64) string {
	if regionID == 0 {
		return `$3 = 0 AND b.national_on <= $2`
	}
	return `b.region_id = $3 AND b.regional_on <= $2`
}

// SurveyAnswer is the share that gave an answer.
type SurveyAnswer struct {
	Slug    string
	Label   string
	Percent Tenths
}

// SurveyQuestion is a question's answers in the questionnaire's order, and how
// many answered it.
type SurveyQuestion struct {
	Question string
	Answers  []SurveyAnswer
	Total    int
	AsOf     clock.Day
}

// ManagerSurvey is the year's manager survey of the journey in the region as it
// was last published up to and including the day: shares of a number of answers.
// A later result replaces an earlier one only when it has at least FewestShown
// answers more, or fewer: who has both could else tell what a few have answered.
// fault.NotFound when the viewer may not see the region's figures; no questions
// when nothing was published.
func ManagerSurvey(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, year int, day clock.Day) ([]SurveyQuestion, error) {
	if err := region(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	type row struct {
		questionID int64
		SurveyQuestion
		SurveyAnswer
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.questionID, &r.Question, &r.Total, &r.AsOf, &r.Slug, &r.Label, &r.Percent}
	}, `
		SELECT
			q.id,
			q.wording,
			p.answers,
			p.as_of,
			o.slug,
			o.label,
			p.percent_tenths
		FROM survey AS s
		JOIN question AS q ON q.survey_id = s.id
		JOIN published_result AS p ON p.question_id = q.id AND p.region_id = $1
		JOIN answer_option AS o ON o.id = p.option_id
		WHERE s.kind = 'manager_survey'
		AND s.journey_id = $2
		AND s.year = $3
		AND p.as_of <= $4
		ORDER BY q.ordinal, p.as_of, o.ordinal`, regionID, journeyID, year, day)
	if err != nil {
		return nil, err
	}
	var questions []SurveyQuestion
	var last int64
	for len(rows) > 0 {
		first, n := rows[0], 0
		result := first.SurveyQuestion
		for ; n < len(rows) && rows[n].questionID == first.questionID && rows[n].AsOf == first.AsOf; n++ {
			// The smallest group is protected here too, whoever published it.
			if result.Total >= FewestShown {
				result.Answers = append(result.Answers, rows[n].SurveyAnswer)
			}
		}
		rows = rows[n:]
		at := len(questions) - 1
		switch {
		case first.questionID != last:
			questions = append(questions, result)
		case questions[at].Answers == nil, result.Answers != nil && apart(result.Total, questions[at].Total):
			questions[at] = result
		}
		last = first.questionID
	}
	return questions, nil
}

// apart tells whether two numbers of answers differ by enough to show both.
func apart(a, b int) bool { return a-b >= FewestShown || b-a >= FewestShown }
