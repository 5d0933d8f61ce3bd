package learning_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
)

// begins makes the person begin the course in the edition.
func begins(t *testing.T, d *db.DB, person, course, edition int64) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO study (person_id, course_id, edition_id, started_at) VALUES ($1, $2, $3, $4)`, person, course, edition, now)
		return err
	}))
}

func TestThoseUnderWayAreCountedByTheirEditionUntilTheyAreDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first, second, course := world(t, d)
		c, err := catalogue.CourseByID(ctx, d.Reader(), course)
		must(t, err)
		editions, err := catalogue.Editions(ctx, d.Reader(), course)
		must(t, err)
		newest, oldest := editions[0].ID, editions[1].ID
		begins(t, d, first, course, oldest)
		begins(t, d, second, course, newest)
		counted := func(old, newer int) {
			t.Helper()
			n, err := learning.UnderWay(ctx, d.Reader(), access.System(), c)
			if err != nil || n[oldest] != old || n[newest] != newer {
				t.Errorf("under way are %v (%v), want %d and %d", n, err, old, newer)
			}
		}
		counted(1, 1)
		id, err := register(d, system, first, course, now.Day())
		must(t, err)
		counted(0, 1)
		done := func(want int) {
			t.Helper()
			n, err := learning.CompletedIn(ctx, d.Reader(), access.System(), c)
			if sum := n[oldest] + n[newest]; err != nil || sum != want {
				t.Errorf("completed are %v (%v), want %d", n, err, want)
			}
		}
		done(1)
		must(t, revoke(d, system, id))
		counted(1, 1)
		done(0)
		if _, err := learning.CompletedIn(ctx, d.Reader(), access.Viewer{PersonID: first}, c); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee counts who has completed: %v", err)
		}
		if _, err := learning.UnderWay(ctx, d.Reader(), access.Viewer{PersonID: first}, c); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee counts them: %v", err)
		}
	})
}
