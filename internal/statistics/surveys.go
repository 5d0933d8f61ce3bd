package statistics

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// FewestShown is the smallest number of answers that is shown (domain.md,
// "Surveys"): nobody may be identifiable in a small group.
const FewestShown = 5

// Evaluation is the answers to a course's overall question, the best grade
// first. When Suppressed there are answers, but too few to be shown: neither
// they nor their number.
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

// AnswersDay is the day whose answers to surveys are shown to somebody who asks
// today for the figures of a day: of days that have passed, the end of the last
// term. The difference between two days of one's choice would tell what a single
// person answered (domain.md, "Surveys").
func AnswersDay(day, today clock.Day) clock.Day {
	if day >= today {
		return today
	}
	for _, end := range []clock.Day{clock.YearEnd(day.Year()), clock.Date(day.Year(), 6, 30)} {
		if end <= day {
			return end
		}
	}
	return clock.YearEnd(day.Year() - 1)
}

// Evaluations are the answers given up to and including asOf about the
// journey's courses, in its order; of the whole country when regionID is 0,
// else of those who on asOf are employed in the region. Courses without answers
// are left out. Fewer than FewestShown are not shown to anybody, nor a region's
// that would let somebody who adds up all the others work them out. fault.NotFound
// when the viewer may not see the figures; the country's are open to everybody
// with an office.
func Evaluations(ctx context.Context, q db.Querier, viewer access.Viewer, journeyID, regionID int64, asOf clock.Day) ([]Evaluation, error) {
	if err := answersOf(ctx, q, viewer, regionID); err != nil {
		return nil, err
	}
	type count struct {
		Evaluation
		optionID  int64
		label     string
		satisfied bool
		regionID  int64 // 0: of the country, or of those employed nowhere
		answers   int
	}
	// Where somebody works is asked only when it matters: the country has many answers.
	place, employment := "0", ""
	if regionID != 0 {
		place, employment = "e.region_id", `
			LEFT JOIN employment AS e ON e.person_id = r.person_id
				AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)`
	}
	counts, err := db.Rows(ctx, q, func(c *count) []any {
		return []any{&c.CourseID, &c.Course, &c.CourseSlug, &c.optionID, &c.label, &c.satisfied, &c.regionID, &c.answers}
	}, `
		SELECT
			c.id,
			c.name,
			c.slug,
			o.id,
			o.label,
			o.satisfied,
			COALESCE(n.region_id, 0),
			COALESCE(n.answers, 0)
		FROM course_journey AS cj
		JOIN course AS c ON c.id = cj.course_id
		JOIN survey AS s ON s.course_id = c.id AND s.kind = 'course_evaluation'
		JOIN question AS q ON q.survey_id = s.id AND q.ordinal = (
			SELECT MIN(f.ordinal) FROM question AS f WHERE f.survey_id = s.id)
		JOIN answer_option AS o ON o.question_id = q.id
		LEFT JOIN (
			SELECT
				rc.option_id,
				`+place+` AS region_id,
				COUNT(*) AS answers
			FROM course_journey AS m
			JOIN survey AS v ON v.course_id = m.course_id AND v.kind = 'course_evaluation'
			JOIN response AS r ON r.survey_id = v.id AND r.answered_on <= $2
			JOIN response_choice AS rc ON rc.response_id = r.id`+employment+`
			WHERE m.journey_id = $1
			GROUP BY 1, 2
		) AS n ON n.option_id = o.id
		WHERE cj.journey_id = $1
		ORDER BY cj.ordinal, c.id, o.ordinal`, journeyID, asOf)
	if err != nil {
		return nil, err
	}
	var all []Evaluation
	for len(counts) > 0 {
		e := counts[0].Evaluation
		totals := map[int64]int{} // by region
		var option int64
		n := 0
		for ; n < len(counts) && counts[n].CourseID == e.CourseID; n++ {
			c := counts[n]
			if c.optionID != option {
				option = c.optionID
				e.Labels, e.Answers = append(e.Labels, c.label), append(e.Answers, 0)
			}
			totals[c.regionID] += c.answers
			if c.regionID != regionID {
				continue
			}
			e.Answers[len(e.Answers)-1] += c.answers
			e.Total += c.answers
			if c.satisfied {
				e.Satisfied += c.answers
			}
		}
		counts = counts[n:]
		if e.Total == 0 {
			continue
		}
		if e.Total < FewestShown || regionID != 0 && withheld(totals)[regionID] {
			e.Suppressed, e.Answers, e.Total, e.Satisfied = true, nil, 0, 0
		}
		all = append(all, e)
	}
	return all, nil
}

// withheld are the regions whose answers are not shown: those with fewer than
// FewestShown and those of nobody's region (0); and, when all of these together
// are still fewer, the smallest of the others too, since what is left of the
// country's answers without the shown ones would be theirs.
func withheld(totals map[int64]int) map[int64]bool {
	hidden := map[int64]bool{}
	sum := 0
	var smallest int64
	for id, n := range totals {
		switch {
		case n == 0:
		case id == 0 || n < FewestShown:
			hidden[id] = true
			sum += n
		case smallest == 0 || n < totals[smallest] || n == totals[smallest] && id < smallest:
			smallest = id
		}
	}
	if sum > 0 && sum < FewestShown && smallest != 0 {
		hidden[smallest] = true
	}
	return hidden
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
// was published: shares of a number of answers. fault.NotFound when the viewer
// may not see the region's figures; no questions when nothing was published.
func ManagerSurvey(ctx context.Context, q db.Querier, viewer access.Viewer, regionID, journeyID int64, year int) ([]SurveyQuestion, error) {
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
		AND p.as_of = (SELECT MAX(l.as_of) FROM published_result AS l WHERE l.question_id = q.id AND l.region_id = $1)
		ORDER BY q.ordinal, o.ordinal`, regionID, journeyID, year)
	if err != nil {
		return nil, err
	}
	var questions []SurveyQuestion
	var last int64
	for _, r := range rows {
		if r.questionID != last {
			questions = append(questions, r.SurveyQuestion)
			last = r.questionID
		}
		// The smallest group is protected here too, whoever published it.
		if r.Total >= FewestShown {
			at := len(questions) - 1
			questions[at].Answers = append(questions[at].Answers, r.SurveyAnswer)
		}
	}
	return questions, nil
}
