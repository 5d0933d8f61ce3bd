package letter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
)

func TestTasksThatAreSoonDueAreRemindedOfOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var prepare, follow int64
		w.write(func(tx *db.Tx) error {
			edition, err := db.Row(ctx, tx, db.One[int64], `SELECT id FROM edition WHERE course_id = $1`, w.course)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `INSERT INTO edition_content (edition_id, content, published_at) VALUES ($1, $2, $3)`, edition, `{
				"rules": {"preparation_days": 7, "follow_up_days": 14},
				"tasks": [{"key": "before", "phase": "preparation", "kind": "text"}, {"key": "after", "phase": "follow_up", "kind": "text"}]}`, now); err != nil {
				return err
			}
			for key, id := range map[string]*int64{"preparation": &prepare, "follow_up": &follow} {
				if *id, err = db.Row(ctx, tx, db.One[int64], `
					INSERT INTO task (edition_id, key, phase, kind, ordinal, required) VALUES ($1, $2, $3, 'text', 1, TRUE) RETURNING id`,
					edition, map[string]string{"preparation": "before", "follow_up": "after"}[key], key); err != nil {
					return err
				}
			}
			return nil
		})
		id := w.published(5)
		w.signUp(id, w.asa, w.bo)
		w.change(id, now, func(tx *db.Tx) error { return planning.Confirm(ctx, tx, dalarnas, id, now) })
		done := func(person, task int64) {
			t.Helper()
			w.write(func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO progress (person_id, task_id, opened_at, changed_at, done_at) VALUES ($1, $2, $3, $3, $3)`, person, task, now)
				return err
			})
		}
		done(w.bo, prepare)
		done(w.asa, follow)

		type got struct {
			Kind   letter.Kind
			Person int64
		}
		letters := func(at clock.Instant) []got {
			t.Helper()
			must(t, letter.Due(ctx, d, site, at))
			all, err := db.Rows(ctx, d.Reader(), func(g *got) []any { return []any{&g.Kind, &g.Person} }, `
				SELECT l.kind, r.person_id
				FROM round_letter AS l
				JOIN round_letter_recipient AS r ON r.letter_id = l.id
				WHERE l.kind IN ('preparation_due', 'follow_up_due')
				ORDER BY l.id, r.person_id`)
			must(t, err)
			return all
		}
		due, last := first-7, first+1+14
		asa, bo := got{letter.PreparationDue, w.asa}, got{letter.FollowUpDue, w.bo}
		for _, c := range []struct {
			name string
			at   clock.Instant
			want []got
		}{
			{"four days before", (due - 4).At(9, 0), nil},
			{"three days before, before working hours", (due - 3).At(7, 59), nil},
			{"three days before", (due - 3).At(9, 0), []got{asa}},
			{"the day after", (due - 2).At(9, 0), []got{asa}},
			{"when the follow-up is far off", (first + 3).At(9, 0), []got{asa}},
			{"when the follow-up is soon due", (last - 1).At(9, 0), []got{asa, bo}},
			{"on its last day", last.At(9, 0), []got{asa, bo}},
		} {
			if diff := cmp.Diff(c.want, letters(c.at)); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
	})
}
