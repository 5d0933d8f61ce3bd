package publication_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/publication"
	"yrkesresan/internal/survey"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answered is a database with a course's evaluation and two people a week who
// answered it, in two regions and in none, from March 2024 until May 2025.
func answered(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	course, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-1")
	must(t, err)
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		id, err := survey.AddEvaluation(ctx, tx, course.ID)
		if err != nil {
			return err
		}
		question, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM question WHERE survey_id = $1`, id)
		if err != nil {
			return err
		}
		options, err := db.Rows(ctx, tx, db.One[int64], `SELECT id FROM answer_option WHERE question_id = $1 ORDER BY ordinal`, question)
		if err != nil {
			return err
		}
		var people, employments, responses, choices [][]any
		regions := []int64{20, 20, 3, 20, 0, 3, 20}
		for i := range 120 {
			on := clock.Date(2024, 3, 4) + clock.Day(i*7/2)
			people = append(people, []any{i + 1, "A", "B", []byte{1}, 0})
			if region := regions[i%len(regions)]; region != 0 {
				employments = append(employments, []any{i + 1, region, region, []byte{1}, "2024-01-01"})
			}
			responses = append(responses, []any{i + 1, id, i + 1, on})
			choices = append(choices, []any{i + 1, question, options[i%5]})
		}
		return errors.Join(
			db.Insert(ctx, tx, "person", []string{"id", "given_name", "family_name", "sort_key", "created_at"}, people),
			db.Insert(ctx, tx, "employment", []string{"person_id", "organisation_id", "region_id", "sort_key", "from_day"}, employments),
			db.Insert(ctx, tx, "response", []string{"id", "survey_id", "person_id", "answered_on"}, responses),
			db.Insert(ctx, tx, "response_choice", []string{"response_id", "question_id", "option_id"}, choices))
	}))
}

func due(d *db.DB, day clock.Day) error {
	return d.Write(ctx, func(tx *db.Tx) error { return publication.Due(ctx, tx, day.At(0, 30)) })
}

// published is all that has been published, as text.
func published(t *testing.T, d *db.DB) string {
	t.Helper()
	lines, err := db.Rows(ctx, d.Reader(), db.One[string], `
		SELECT 'publication ' || CAST(day AS TEXT) FROM publication
		UNION ALL
		SELECT CAST(b.taken_on AS TEXT) || ' region ' || CAST(COALESCE(b.region_id, 0) AS TEXT)
			|| ' ' || COALESCE(CAST(b.national_on AS TEXT), 'waits') || ' ' || COALESCE(CAST(b.regional_on AS TEXT), 'waits')
			|| ' ' || a.answer || ' ' || CAST(a.answers AS TEXT)
		FROM answer_batch AS b JOIN batch_answer AS a ON a.batch_id = b.id
		ORDER BY 1`)
	must(t, err)
	return strings.Join(lines, "\n")
}

func TestPublicationsAreTheSameWheneverTheyAreMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		other := dbtest.Open(t, dbtest.SQLite(t))
		answered(t, d)
		answered(t, other)
		end := clock.Date(2025, 7, 1)
		must(t, due(d, end))
		for day := clock.Date(2024, 3, 1); day <= end; day++ {
			must(t, due(other, day))
		}
		once, nightly := published(t, d), published(t, other)
		if diff := cmp.Diff(nightly, once); diff != "" {
			t.Errorf("night by night (-) and at once (+):\n%s", diff)
		}
		if n := strings.Count(once, "publication "); n != 3 {
			t.Errorf("%d publications, want one at the end of each of three terms:\n%s", n, once)
		}
		counted, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT SUM(answers) FROM batch_answer`)
		if err != nil || counted != 120 {
			t.Errorf("%d answers are counted of 120, %v", counted, err)
		}
	})
}

func TestAPublicationIsMadeOnceByManyPrograms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		answered(t, d)
		var all sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			all.Go(func() { errs[i] = due(d, clock.Date(2025, 7, 1)) })
		}
		all.Wait()
		for _, err := range errs {
			if err != nil && !db.IsUnique(err) { // a job is run again
				t.Error(err)
			}
		}
		must(t, due(d, clock.Date(2025, 7, 1)))
		n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT SUM(answers) FROM batch_answer`)
		if err != nil || n != 120 {
			t.Errorf("%d answers are counted of 120, %v", n, err)
		}
	})
}

func TestTheQueueMakesWhatIsDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		answered(t, d)
		must(t, jobs.Migrate(ctx, d))
		q, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler))
		must(t, err)
		publication.Handle(q, d, func() clock.Instant { return clock.Date(2025, 6, 30).At(23, 59) })
		must(t, q.Start(ctx))
		var last clock.Day
		for range 400 {
			if last, err = publication.Last(ctx, d.Reader(), 0, clock.Date(2030, 1, 1)); err != nil && !errors.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			if last == clock.Date(2024, 12, 31) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		stop, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		must(t, q.Stop(stop))
		if last != clock.Date(2024, 12, 31) {
			t.Errorf("the last publication is of %s", fmt.Sprint(last))
		}
	})
}

// Who finishes an edition after the next is published answers about the one that they
// have taken.
func TestAnAnswerBelongsToTheEditionThatWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		answered(t, d)
		newer := clock.Date(2024, 3, 10)
		var old, fresh int64
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			type course struct{ id, edition int64 }
			c, err := db.Row(ctx, tx, func(c *course) []any { return []any{&c.id, &c.edition} }, `
				SELECT c.id, MAX(e.id) FROM course AS c JOIN edition AS e ON e.course_id = c.id WHERE c.slug = 'bas-1' GROUP BY c.id`)
			if err != nil {
				return err
			}
			old = c.edition
			if fresh, err = db.Row(ctx, tx, db.One[int64], `INSERT INTO edition (course_id, number, published_on) VALUES ($1, 99, $2) RETURNING id`, c.id, newer); err != nil {
				return err
			}
			var done, begun [][]any
			for i := range 120 {
				on := clock.Date(2024, 3, 4) + clock.Day(i*7/2)
				switch {
				case i%2 == 0: // finish the old one, long after the new is there
					done = append(done, []any{i + 1, c.id, old, on, "local", 0})
				case i%3 == 0: // are under way in the new
					begun = append(begun, []any{i + 1, c.id, fresh, 0})
				default:
					done = append(done, []any{i + 1, c.id, fresh, on, "local", 0})
				}
			}
			return errors.Join(
				db.Insert(ctx, tx, "completion", []string{"person_id", "course_id", "edition_id", "completed_on", "source", "recorded_at"}, done),
				db.Insert(ctx, tx, "study", []string{"person_id", "course_id", "edition_id", "started_at"}, begun))
		}))
		must(t, due(d, clock.Date(2025, 7, 1)))
		sum := func(edition int64) int {
			n, err := db.Row(ctx, d.Reader(), db.One[int], `
				SELECT COALESCE(SUM(a.answers), 0)
				FROM answer_batch AS b
				JOIN batch_answer AS a ON a.batch_id = b.id
				WHERE b.edition_id = $1
				AND b.apart_on IS NOT NULL`, edition)
			must(t, err)
			return n
		}
		if sum(old) != 60 || sum(fresh) != 60 {
			t.Errorf("%d answers are of the old edition and %d of the new, want 60 of each", sum(old), sum(fresh))
		}
	})
}
