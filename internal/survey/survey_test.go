package survey_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/survey"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// completer is somebody who has completed BAS 1 on the day.
func completer(t *testing.T, d *db.DB, day clock.Day) (person, course int64) {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	c, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
	must(t, err)
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		person, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Test", FamilyName: "Person"}, 2080, day-100, "", day.Start())
		if err != nil {
			return err
		}
		_, err = learning.Complete(ctx, tx, access.System(), learning.New{PersonID: person, CourseID: c.ID, On: day, Source: learning.Local}, day.Start())
		return err
	}))
	return person, c.ID
}

func TestACourseIsEvaluatedOnceByThoseWhoCompletedIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		day := clock.Date(2025, 3, 1)
		person, course := completer(t, d, day)
		viewer := access.Viewer{PersonID: person}
		evaluate := func(viewer access.Viewer, grade string, text string, day clock.Day) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return survey.Evaluate(ctx, tx, viewer, person, course, grade, text, day)
			})
		}
		for name, c := range map[string]struct {
			err  error
			kind fault.Kind
		}{
			"before it is completed":     {evaluate(viewer, "neither", "", day-1), fault.KindNotFound},
			"so too with a long text":    {evaluate(viewer, "neither", strings.Repeat("å", 4000), day-1), fault.KindNotFound},
			"for somebody else":          {evaluate(access.Viewer{PersonID: person + 1}, "neither", "", day), fault.KindNotFound},
			"without a grade":            {evaluate(viewer, "", "", day), fault.KindInvalid},
			"with a grade of one's own":  {evaluate(viewer, "superb", "", day), fault.KindInvalid},
			"with a text without an end": {evaluate(viewer, "neither", strings.Repeat("å", 4001), day), fault.KindInvalid},
		} {
			if f := fault.Of(c.err); f == nil || f.Kind != c.kind {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		must(t, evaluate(viewer, "very_satisfied", " Bra! ", day))
		if f := fault.Of(evaluate(viewer, "neither", "", day)); f == nil || f.Kind != fault.KindConflict {
			t.Errorf("a second answer gives %v", f)
		}
		answered, err := survey.Answered(ctx, d.Reader(), viewer, person)
		if err != nil || !answered[course] {
			t.Errorf("answered: %v, %v", answered, err)
		}
		text, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT o.slug || '|' || r.free_text FROM response AS r
			JOIN response_choice AS c ON c.response_id = r.id JOIN answer_option AS o ON o.id = c.option_id`)
		if err != nil || text != "very_satisfied|Bra!" {
			t.Errorf("kept %q, %v", text, err)
		}
	})
}

func TestOfManyAnswersAtOnceOneCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		day := clock.Date(2025, 3, 1)
		person, course := completer(t, d, day)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := survey.AddEvaluation(ctx, tx, course)
			return err
		}))
		errs := make([]error, 12)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				errs[i] = d.Write(ctx, func(tx *db.Tx) error {
					return survey.Evaluate(ctx, tx, access.Viewer{PersonID: person}, person, course, "neither", "", day)
				})
			})
		}
		wg.Wait()
		taken := 0
		for _, err := range errs {
			switch f := fault.Of(err); {
			case err == nil:
				taken++
			case f == nil || f.Kind != fault.KindConflict:
				t.Error(err)
			}
		}
		if taken != 1 {
			t.Errorf("%d answers were taken", taken)
		}
	})
}

func TestAPublishedSurveyIsKeptAsPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
		j, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		question := "Intryck?"
		region := int64(20)
		publish := func(viewer access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return survey.PublishManagerSurvey(ctx, tx, viewer, region, j.ID, 2025, clock.YearEnd(2025), []survey.Published{{
					Question:      survey.Question{Wording: question, Options: []survey.Option{{Slug: "good", Label: "Bra"}, {Slug: "bad", Label: "Dåligt"}}},
					PercentTenths: []int{650, 350}, Answers: 20,
				}})
			})
		}
		if err := publish(access.Viewer{PersonID: 1}); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody without an office publishes: %v", err)
		}
		must(t, publish(access.System()))
		if f := fault.Of(publish(access.System())); f == nil || f.Kind != fault.KindConflict {
			t.Errorf("publishing twice gives %v", f)
		}
		region = 3
		question = "Något annat?"
		if f := fault.Of(publish(access.System())); f == nil || f.Kind != fault.KindConflict {
			t.Errorf("another region's other question gives %v", f)
		}
		question = "Intryck?"
		must(t, publish(access.System()))
		sum, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT SUM(percent_tenths) FROM published_result WHERE answers = 20`)
		if err != nil || sum != 2000 {
			t.Errorf("kept %d tenths, %v", sum, err)
		}
	})
}
