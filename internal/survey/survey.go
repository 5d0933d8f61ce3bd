package survey

import (
	"context"
	"errors"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Option is an answer to choose.
type Option struct {
	Slug      string
	Label     string
	Satisfied bool // counts towards the satisfaction
}

// Grades are the five grades of a course evaluation, the best first.
var Grades = []Option{
	{"very_satisfied", "Mycket nöjd", true},
	{"fairly_satisfied", "Ganska nöjd", true},
	{"neither", "Varken nöjd eller missnöjd", false},
	{"fairly_dissatisfied", "Ganska missnöjd", false},
	{"very_dissatisfied", "Mycket missnöjd", false},
}

// EvaluationQuestion is what every course evaluation asks.
const EvaluationQuestion = "Hur nöjd är du med kursen som helhet?"

// Question is a question with its answers.
type Question struct {
	Wording string
	Options []Option
}

// AddEvaluation makes the evaluation of the course, unless it has one, and
// returns it.
func AddEvaluation(ctx context.Context, tx *db.Tx, courseID int64) (int64, error) {
	id, err := evaluationOf(ctx, tx, courseID)
	if !errors.Is(err, fault.NotFound) {
		return id, err
	}
	id, err = db.Row(ctx, tx, db.One[int64],
		`INSERT INTO survey (kind, title, course_id) VALUES ('course_evaluation', 'Kursutvärdering', $1) RETURNING id`, courseID)
	if err != nil {
		return 0, err
	}
	_, err = addQuestion(ctx, tx, id, 1, Question{EvaluationQuestion, Grades})
	return id, err
}

func evaluationOf(ctx context.Context, q db.Querier, courseID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT id FROM survey WHERE kind = 'course_evaluation' AND course_id = $1`, courseID)
}

func addQuestion(ctx context.Context, tx *db.Tx, surveyID int64, ordinal int, question Question) (int64, error) {
	id, err := db.Row(ctx, tx, db.One[int64],
		`INSERT INTO question (survey_id, ordinal, wording) VALUES ($1, $2, $3) RETURNING id`, surveyID, ordinal, question.Wording)
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(question.Options))
	for i, o := range question.Options {
		rows[i] = []any{id, i + 1, o.Slug, o.Label, o.Satisfied}
	}
	return id, db.Insert(ctx, tx, "answer_option", []string{"question_id", "ordinal", "slug", "label", "satisfied"}, rows)
}

// MaxText is the longest free text of an answer, in characters.
const MaxText = 4000

// Evaluate takes the person's answer about a course that they have completed:
// the slug of one of the Grades and free text, which may be empty. A second
// answer is a fault.Conflict; a course that they have not completed by the day
// is fault.NotFound.
func Evaluate(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID, courseID int64, grade, text string, day clock.Day) error {
	if !access.Own(viewer).Covers(access.Place{PersonID: personID}) {
		return fault.NotFound
	}
	var checks fault.Checks
	checks.Require(ValidGrade(grade), "grade", "survey.grade_missing")
	checks.Require(len([]rune(text)) <= MaxText, "text", "fault.too_long", "Max", MaxText)
	if err := checks.Err(); err != nil {
		return err
	}
	completed, err := db.Row(ctx, tx, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM completion
			WHERE person_id = $1 AND course_id = $2 AND revoked_at IS NULL AND completed_on <= $3)`, personID, courseID, day)
	if err != nil {
		return err
	}
	if !completed {
		return fault.NotFound
	}
	survey, err := AddEvaluation(ctx, tx, courseID)
	if err != nil {
		return err
	}
	response, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO response (survey_id, person_id, answered_on, free_text)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (survey_id, person_id) DO NOTHING
		RETURNING id`, survey, personID, day, strings.TrimSpace(text))
	if errors.Is(err, fault.NotFound) {
		return fault.Conflict("survey.answered_already")
	}
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO response_choice (response_id, question_id, option_id)
		SELECT $1, q.id, o.id
		FROM question AS q
		JOIN answer_option AS o ON o.question_id = q.id
		WHERE q.survey_id = $2
		AND q.ordinal = 1
		AND o.slug = $3`, response, survey, grade)
	return err
}

// ValidGrade tells whether it is the slug of one of the Grades.
func ValidGrade(grade string) bool {
	for _, g := range Grades {
		if g.Slug == grade {
			return true
		}
	}
	return false
}

// Answered are the courses whose evaluation the person has answered.
func Answered(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64) (map[int64]bool, error) {
	if !access.Own(viewer).Covers(access.Place{PersonID: personID}) {
		return nil, fault.NotFound
	}
	ids, err := db.Rows(ctx, q, db.One[int64], `
		SELECT s.course_id
		FROM response AS r
		JOIN survey AS s ON s.id = r.survey_id
		WHERE r.person_id = $1
		AND s.kind = 'course_evaluation'`, personID)
	courses := make(map[int64]bool, len(ids))
	for _, id := range ids {
		courses[id] = true
	}
	return courses, err
}

// Published is a question of a manager survey with its result as published:
// tenths of a per cent per option, and how many answered.
type Published struct {
	Question
	PercentTenths []int // in the order of Options
	Answers       int
}

// PublishManagerSurvey keeps the year's manager survey of a journey as it was
// published for a region, under the day. The survey is the country's: the
// regions answer the same questions. It is for those who settle the region's
// year. A region's result of that day is kept once; other questions than those
// of the first region, or another, are a fault.Conflict.
func PublishManagerSurvey(ctx context.Context, tx *db.Tx, viewer access.Viewer, regionID, journeyID int64, year int, asOf clock.Day, results []Published) error {
	if !access.Settle(viewer).Covers(access.Place{RegionID: regionID}) {
		return fault.NotFound
	}
	survey, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO survey (kind, title, journey_id, year)
		VALUES ('manager_survey', 'Chefsenkät', $1, $2)
		ON CONFLICT (journey_id, year) WHERE kind = 'manager_survey' DO UPDATE SET title = excluded.title
		RETURNING id`, journeyID, year)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, r := range results {
		question, err := db.Row(ctx, tx, db.One[int64],
			`SELECT id FROM question WHERE survey_id = $1 AND ordinal = $2 AND wording = $3`, survey, i+1, r.Wording)
		if errors.Is(err, fault.NotFound) {
			question, err = addQuestion(ctx, tx, survey, i+1, r.Question)
		}
		if db.IsUnique(err) {
			return fault.Conflict("survey.published_already")
		}
		if err != nil {
			return err
		}
		options, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM answer_option WHERE question_id = $1 ORDER BY ordinal`, question)
		if err != nil {
			return err
		}
		if len(options) != len(r.PercentTenths) {
			return fault.Conflict("survey.published_already")
		}
		for j, option := range options {
			rows = append(rows, []any{question, regionID, option, asOf, r.PercentTenths[j], r.Answers})
		}
	}
	err = db.Insert(ctx, tx, "published_result",
		[]string{"question_id", "region_id", "option_id", "as_of", "percent_tenths", "answers"}, rows)
	if db.IsUnique(err) {
		return fault.Conflict("survey.published_already")
	}
	return err
}
