package statistics_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/statistics"
)

func TestSurveysAreShownWhenEnoughHaveAnswered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		survey := w.put(`INSERT INTO survey (kind, title, course_id) SELECT 'course_evaluation', 'x', id FROM course WHERE slug = 'bas-1' RETURNING id`)
		question := w.put(`INSERT INTO question (survey_id, ordinal, wording) VALUES ($1, 1, 'Hur nöjd?') RETURNING id`, survey)
		var options []int64
		for i, slug := range []string{"very", "fairly", "neither", "un", "very-un"} {
			options = append(options, w.put(`INSERT INTO answer_option (question_id, ordinal, slug, label, satisfied) VALUES ($1, $2, $3, $3, $4) RETURNING id`, question, i+1, slug, i < 2))
		}
		answer := func(municipality int64, option int, on string) {
			id := w.put(`INSERT INTO response (survey_id, person_id, answered_on) VALUES ($1, $2, $3) RETURNING id`, survey, w.person(municipality, lastYear), on)
			w.put(`INSERT INTO response_choice (response_id, question_id, option_id) VALUES ($1, $2, $3) RETURNING response_id`, id, question, options[option])
		}
		ask := func(region int64, asOf clock.Day) statistics.Evaluation {
			all, err := statistics.Evaluations(ctx, w.Reader(), system, w.provider.ID, region, asOf)
			w.check(err)
			if len(all) != 1 {
				return statistics.Evaluation{}
			}
			return all[0]
		}
		for range 4 {
			answer(falun, 0, inYear)
		}
		if e := ask(0, yearEnd); !e.Suppressed || e.Answers != nil || e.Total != 0 {
			t.Errorf("four answers: %+v", e)
		}
		answer(falun, 4, inYear)
		if e := ask(dalarna, yearEnd); e.Suppressed || !slices.Equal(e.Answers, []int{4, 0, 0, 0, 1}) || e.Total != 5 || e.Satisfaction() != 800 {
			t.Errorf("five answers: %+v", e)
		}
		answer(uppsalaMunicipality, 1, "2025-04-01")
		if e := ask(dalarna, yearEnd); !e.Suppressed {
			t.Errorf("one answer in the rest of the country could be worked out: %+v", e)
		}
		for range 6 {
			answer(gavle, 2, "2025-07-01")
		}
		for range 9 {
			answer(gotlandMunicipality, 2, "2025-07-01")
		}
		for region, hidden := range map[int64]bool{uppsala: true, dalarna: true, gavleborg: false, gotland: false} {
			// Whoever knows the country's answers and all shown ones knows those of
			// Dalarna and Uppsala together, and of neither alone.
			if e := ask(region, yearEnd); e.Suppressed != hidden {
				t.Errorf("region %d: %+v", region, e)
			}
		}
		if e := ask(dalarna, clock.Date(2025, 3, 31)); e.Suppressed || e.Total != 5 {
			t.Errorf("before there were any others: %+v", e)
		}
		if e := ask(0, clock.Date(2025, 6, 30)); e.Total != 6 || !slices.Equal(e.Answers, []int{4, 1, 0, 0, 1}) {
			t.Errorf("nation: %+v", e)
		}
		if e := ask(0, clock.Date(2025, 3, 31)); e.Total != 5 {
			t.Errorf("the nation earlier: %+v", e)
		}
		if e := ask(0, clock.Date(2025, 2, 1)); e.Course != "" {
			t.Errorf("before any answer: %+v", e)
		}

		survey = w.put(`INSERT INTO survey (kind, title, journey_id, year) VALUES ('manager_survey', 'x', $1, 2025) RETURNING id`, w.authority.ID)
		question = w.put(`INSERT INTO question (survey_id, ordinal, wording) VALUES ($1, 1, 'Helhet?') RETURNING id`, survey)
		for i, slug := range []string{"very_good", "fairly_good"} {
			option := w.put(`INSERT INTO answer_option (question_id, ordinal, slug, label) VALUES ($1, $2, $3, $3) RETURNING id`, question, i+1, slug)
			w.put(`INSERT INTO published_result (question_id, region_id, option_id, as_of, percent_tenths, answers) VALUES ($1, $2, $3, $4, $5, 20) RETURNING answers`,
				question, dalarna, option, end, []int{650, 350}[i])
		}
		got, err := statistics.ManagerSurvey(ctx, w.Reader(), system, dalarna, w.authority.ID, 2025)
		w.check(err)
		want := []statistics.SurveyQuestion{{Question: "Helhet?", Total: 20, AsOf: yearEnd, Answers: []statistics.SurveyAnswer{
			{Slug: "very_good", Label: "very_good", Percent: 650}, {Slug: "fairly_good", Label: "fairly_good", Percent: 350}}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestAnswersOfDaysThatHavePassedAreThoseOfTheTermsEnd(t *testing.T) {
	today := clock.Date(2026, 11, 22)
	for _, c := range []struct {
		name      string
		day, want clock.Day
	}{
		{"today", today, today},
		{"a day to come is today", today + 9, today},
		{"yesterday is the end of spring", today - 1, clock.Date(2026, 6, 30)},
		{"the day of the term's end", clock.Date(2025, 6, 30), clock.Date(2025, 6, 30)},
		{"the year's end", clock.Date(2025, 12, 31), clock.Date(2025, 12, 31)},
		{"a day in spring is the year before", clock.Date(2025, 6, 29), clock.Date(2024, 12, 31)},
	} {
		if got := statistics.AnswersDay(c.day, today); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
