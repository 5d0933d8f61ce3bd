package statistics_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/publication"
	"yrkesresan/internal/statistics"
)

// publish makes the publications that are due on the day after.
func (w *world) publish(until clock.Day) {
	w.Helper()
	w.check(w.Write(ctx, func(tx *db.Tx) error { return publication.Due(ctx, tx, (until+1).At(1, 0)) }))
}

// evaluation is a survey about the course, with its five options.
func (w *world) evaluation(course string) (survey, question int64, options []int64) {
	w.Helper()
	survey = w.put(`INSERT INTO survey (kind, title, course_id) SELECT 'course_evaluation', 'x', id FROM course WHERE slug = $1 RETURNING id`, course)
	question = w.put(`INSERT INTO question (survey_id, ordinal, wording) VALUES ($1, 1, 'Hur nöjd?') RETURNING id`, survey)
	for i, slug := range []string{"very", "fairly", "neither", "un", "very-un"} {
		options = append(options, w.put(`INSERT INTO answer_option (question_id, ordinal, slug, label, satisfied) VALUES ($1, $2, $3, $3, $4) RETURNING id`, question, i+1, slug, i < 2))
	}
	return survey, question, options
}

func TestAnswersAreShownAsTheyWerePublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		survey, question, options := w.evaluation("bas-1")
		give := func(person int64, option int, on string) {
			id := w.put(`INSERT INTO response (survey_id, person_id, answered_on) VALUES ($1, $2, $3) RETURNING id`, survey, person, on)
			w.put(`INSERT INTO response_choice (response_id, question_id, option_id) VALUES ($1, $2, $3) RETURNING response_id`, id, question, options[option])
		}
		answer := func(municipality int64, option int, on string) { give(w.person(municipality, lastYear), option, on) }
		// told is a figure on a day: of which publication, and its answers.
		told := func(region int64, day clock.Day) string {
			t.Helper()
			all, on, err := statistics.Evaluations(ctx, w.Reader(), system, w.provider.ID, region, day)
			w.check(err)
			switch {
			case on == 0 && all == nil:
				return "unpublished"
			case len(all) == 0:
				return on.String() + " nothing"
			case all[0].Suppressed && all[0].Answers == nil && all[0].Total == 0 && all[0].Satisfied == 0:
				return on.String() + " hidden"
			}
			return fmt.Sprint(on, all[0].Answers, all[0].Total)
		}
		is := func(what string, region int64, day clock.Day, want string) {
			t.Helper()
			if got := told(region, day); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		spring, autumn, next := clock.Date(2025, 6, 30), clock.Date(2025, 12, 31), clock.Date(2026, 6, 30)

		for range 4 {
			answer(falun, 0, inYear)
		}
		w.publish(spring - 1)
		is("before a term is over", 0, spring, "unpublished")
		w.publish(spring)
		is("four answers", 0, spring, "2025-06-30 hidden")
		is("four answers in the region", dalarna, spring, "2025-06-30 hidden")
		is("whether a region has any answers is not told", uppsala, spring, "2025-06-30 hidden")
		is("the day before the publication", 0, spring-1, "unpublished")

		mover := w.person(falun, lastYear)
		give(mover, 4, "2025-09-01")
		is("an answer that has not been published", dalarna, autumn, "2025-06-30 hidden")
		w.leave(mover, "2025-10-01")
		w.employ(mover, uppsalaMunicipality, "2025-10-02")
		w.publish(autumn)
		is("five answers, one by somebody who has moved since", dalarna, autumn, "2025-12-31 [4 0 0 0 1] 5")
		is("in the country", 0, autumn, "2025-12-31 [4 0 0 0 1] 5")
		is("in the region moved to", uppsala, autumn, "2025-12-31 hidden")
		is("in the country the day before", 0, autumn-1, "2025-06-30 hidden")
		is("an earlier day is as it was", dalarna, spring, "2025-06-30 hidden")
		is("so is the day before the publication", dalarna, autumn-1, "2025-06-30 hidden")

		answer(uppsalaMunicipality, 1, "2026-04-01")
		answer(falun, 2, "2025-11-11") // it became known when the autumn had been published
		w.publish(next)
		is("two more wait", 0, next, "2026-06-30 [4 0 0 0 1] 5")
		is("in the region, too", dalarna, next, "2026-06-30 [4 0 0 0 1] 5")
		is("and the autumn stands", 0, autumn, "2025-12-31 [4 0 0 0 1] 5")

		for range 7 {
			answer(gavle, 2, "2026-07-01")
		}
		w.publish(clock.Date(2026, 12, 31))
		is("with seven elsewhere they count in the country", 0, clock.Date(2027, 1, 1), "2026-12-31 [4 1 8 0 1] 14")
		is("but those seven are hidden: two are not theirs", gavleborg, clock.Date(2027, 1, 1), "2026-12-31 hidden")
		is("the other region has one more than before", dalarna, clock.Date(2027, 1, 1), "2026-12-31 [4 0 0 0 1] 5")

		w.put(`UPDATE response SET answered_on = '2024-01-01' WHERE person_id = $1 RETURNING id`, mover)
		w.put(`UPDATE employment SET region_id = $2 WHERE person_id = $1 AND to_day IS NOT NULL RETURNING id`, mover, gotland)
		is("a later correction changes nothing that was published", dalarna, autumn, "2025-12-31 [4 0 0 0 1] 5")
	})
}

// What a source printed is first told as it was printed.
func TestAnswersThatASourcePrintedArePublishedOnItsDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, course := range []string{"bas-1", "bas-2"} {
			survey, question, options := w.evaluation(course)
			for i := range 13 {
				on := "2025-11-11"
				if i >= 12 {
					on = "2026-05-12" // less than five after the end of the term
				}
				id := w.put(`INSERT INTO response (survey_id, person_id, answered_on) VALUES ($1, $2, $3) RETURNING id`, survey, w.person(falun, lastYear), on)
				w.put(`INSERT INTO response_choice (response_id, question_id, option_id) VALUES ($1, $2, $3) RETURNING response_id`, id, question, options[0])
			}
		}
		name, err := db.Row(ctx, w.Reader(), db.One[string], `SELECT name FROM course WHERE slug = 'bas-1'`)
		w.check(err)
		report := w.put(`INSERT INTO printed_report (region_id, year, signed_on, evaluations_on) VALUES ($1, 2025, '2026-05-20', '2026-05-12') RETURNING id`, dalarna)
		w.put(`INSERT INTO printed_figure (report_id, figure, value) VALUES ($1, $2, 13) RETURNING value`, report, "evaluations."+organisation.Slug(name)+".total")
		w.publish(clock.Date(2026, 6, 30))
		told := func(day clock.Day) string {
			t.Helper()
			all, on, err := statistics.Evaluations(ctx, w.Reader(), system, w.provider.ID, 0, day)
			w.check(err)
			text := fmt.Sprint(on)
			for _, e := range all {
				text += fmt.Sprint(" ", e.CourseSlug, " ", e.Total)
			}
			return text
		}
		for day, want := range map[clock.Day]string{
			clock.Date(2026, 5, 11): "2025-12-31 bas-2 12",
			clock.Date(2026, 5, 12): "2026-05-12 bas-1 13 bas-2 12",
			clock.Date(2026, 6, 30): "2026-06-30 bas-1 13 bas-2 12",
		} {
			if got := told(day); got != want {
				t.Errorf("on %s: %s, want %s", day, got, want)
			}
		}
		// Once a survey has been published, a source that prints it makes one more
		// publication, under the same rule as all.
		for range 4 {
			id := w.put(`INSERT INTO response (survey_id, person_id, answered_on) SELECT s.id, $1, '2026-08-01' FROM survey AS s JOIN course AS c ON c.id = s.course_id WHERE c.slug = 'bas-1' RETURNING id`, w.person(falun, lastYear))
			w.put(`INSERT INTO response_choice (response_id, question_id, option_id) SELECT r.id, q.id, (SELECT MIN(o.id) FROM answer_option AS o WHERE o.question_id = q.id) FROM response AS r JOIN question AS q ON q.survey_id = r.survey_id WHERE r.id = $1 RETURNING response_id`, id)
		}
		w.put(`UPDATE printed_report SET evaluations_on = '2026-09-01' WHERE id = $1 RETURNING id`, report)
		w.publish(clock.Date(2026, 9, 1))
		if got, want := told(clock.Date(2026, 9, 1)), "2026-09-01 bas-1 13 bas-2 12"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestAManagerSurveyIsShownAsItWasPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		survey := w.put(`INSERT INTO survey (kind, title, journey_id, year) VALUES ('manager_survey', 'x', $1, 2025) RETURNING id`, w.authority.ID)
		question := w.put(`INSERT INTO question (survey_id, ordinal, wording) VALUES ($1, 1, 'Helhet?') RETURNING id`, survey)
		var options []int64
		for i, slug := range []string{"very_good", "fairly_good"} {
			options = append(options, w.put(`INSERT INTO answer_option (question_id, ordinal, slug, label) VALUES ($1, $2, $3, $3) RETURNING id`, question, i+1, slug))
		}
		for _, p := range []struct {
			on             clock.Day
			answers, share int
		}{
			{clock.Date(2025, 10, 1), 4, 500}, {clock.Date(2025, 11, 1), 6, 500}, {yearEnd, 20, 650}, {yearEnd + 30, 24, 700}, {yearEnd + 60, 25, 800}, {yearEnd + 90, 20, 100},
		} {
			for i, share := range []int{p.share, 1000 - p.share} {
				w.put(`INSERT INTO published_result (question_id, region_id, option_id, as_of, percent_tenths, answers) VALUES ($1, $2, $3, $4, $5, $6) RETURNING answers`,
					question, dalarna, options[i], p.on, share, p.answers)
			}
		}
		ask := func(day clock.Day) []statistics.SurveyQuestion {
			got, err := statistics.ManagerSurvey(ctx, w.Reader(), system, dalarna, w.authority.ID, 2025, day)
			w.check(err)
			return got
		}
		if got := ask(clock.Date(2025, 9, 30)); got != nil {
			t.Errorf("before it was published: %+v", got)
		}
		if got := ask(clock.Date(2025, 10, 1)); len(got) != 1 || got[0].Answers != nil {
			t.Errorf("four managers: %+v", got)
		}
		want := []statistics.SurveyQuestion{{Question: "Helhet?", Total: 20, AsOf: yearEnd, Answers: []statistics.SurveyAnswer{
			{Slug: "very_good", Label: "very_good", Percent: 650}, {Slug: "fairly_good", Label: "fairly_good", Percent: 350}}}}
		if diff := cmp.Diff(want, ask(yearEnd)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		for _, c := range []struct {
			name  string
			day   clock.Day
			total int
			share statistics.Tenths
		}{
			{"six", clock.Date(2025, 11, 1), 6, 500},
			{"four more wait", yearEnd + 30, 20, 650},
			{"five more count", yearEnd + 60, 25, 800},
			{"five less do, too", yearEnd + 90, 20, 100},
		} {
			if got := ask(c.day); len(got) != 1 || got[0].Total != c.total || len(got[0].Answers) != 2 || got[0].Answers[0].Percent != c.share {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
	})
}

func TestGradesStandByEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		survey, _, _ := w.evaluation("bas-1")
		course := w.put(`SELECT id FROM course WHERE slug = 'bas-1'`)
		today := clock.Date(2026, 7, 10)
		newest := w.put(`INSERT INTO edition (course_id, number, published_on) VALUES ($1, 99, $2) RETURNING id`, course, today-20)
		w.put(`INSERT INTO edition (course_id, number, published_on) VALUES ($1, 98, $2) RETURNING id`, course, today-30)
		batch := func(apart *clock.Day, very, un int) {
			id := w.put(`INSERT INTO answer_batch (survey_id, edition_id, taken_on, national_on, apart_on) VALUES ($1, $2, $3, $3, $4) RETURNING id`, survey, newest, today-10, apart)
			w.put(`INSERT INTO batch_answer (batch_id, answer, answers) VALUES ($1, 'very', $2), ($1, 'un', $3) RETURNING batch_id`, id, very, un)
		}
		apart := today - 10
		batch(&apart, 7, 3)
		batch(nil, 50, 1) // not told apart
		for day, want := range map[clock.Day]int{today - 11: 0, today - 10: 10} {
			all, err := statistics.EvaluationsByEdition(ctx, d.Reader(), system, course, day)
			w.check(err)
			if len(all) < 2 || all[0].Number != 99 || all[0].Total != want || all[0].Satisfied != want*7/10 || all[1].Total != 0 {
				t.Errorf("on %s the editions have %+v, want %d of the newest", day, all, want)
			}
		}
		if _, err := statistics.EvaluationsByEdition(ctx, d.Reader(), access.Viewer{PersonID: 1}, course, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("an employee reads them: %v", err)
		}
	})
}
