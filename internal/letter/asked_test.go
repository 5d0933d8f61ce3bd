package letter_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
)

func TestWhoWasAskedIsToldThatThePlanIsOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.write(func(tx *db.Tx) error {
			for _, p := range []int64{w.teacher, w.bo} {
				if _, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: p, CourseID: w.course, RegionID: dalarna, On: today - 10}); err != nil {
					return err
				}
			}
			return nil
		})
		n := w.plan(5)
		n.Days[0].Trainers, n.Days[1].Trainers = nil, nil
		var id int64
		w.write(func(tx *db.Tx) (err error) {
			id, err = planning.Plan(ctx, tx, dalarnas, n, now)
			return err
		})
		day := w.days(id)[0]
		w.work(now)
		w.change(id, now, func(tx *db.Tx) error {
			return planning.AskTrainer(ctx, tx, dalarnas, day, w.teacher, trainer.Lead, now)
		})
		w.next(1)
		w.change(id, now, func(tx *db.Tx) error {
			return planning.AnswerDay(ctx, tx, access.Viewer{PersonID: w.teacher, Trainer: true}, day, trainer.Accepted, "", now)
		})
		booked := w.entry(w.next(1)["ulla@example.org"][0])

		// Bo is asked, and at once it comes to nothing: he need not hear of it.
		w.change(id, now, func(tx *db.Tx) error {
			if err := planning.AskTrainer(ctx, tx, dalarnas, day, w.bo, trainer.Assistant, now); err != nil {
				return err
			}
			return planning.Delete(ctx, tx, dalarnas, id, now)
		})
		hers := w.next(1)["ulla@example.org"]
		if len(hers) != 1 {
			t.Fatal("Ulla is not told")
		}
		if text := hers[0].Text; !strings.Contains(text, "blir inte av") || strings.Contains(text, "/rounds/") {
			t.Errorf("she reads %s", text)
		}
		if off := w.entry(hers[0]); off.Method != "CANCEL" || off.UID != booked.UID {
			t.Errorf("her entry: %+v", off)
		}
		w.quiet()
	})
}

func TestOneLetterAsksForAllDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.write(func(tx *db.Tx) error {
			_, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: w.bo, CourseID: w.course, RegionID: dalarna, On: today - 10})
			return err
		})
		id := w.published(5)
		days := w.days(id)
		w.work(now)
		w.change(id, now, func(tx *db.Tx) error {
			_, err := planning.AskTrainers(ctx, tx, dalarnas, id, []planning.Ask{{DayID: days[0], PersonID: w.bo, Role: trainer.Lead}, {DayID: days[1], PersonID: w.bo, Role: trainer.Assistant}}, now)
			return err
		})
		his := w.next(1)["bo@example.org"]
		if len(his) != 1 {
			t.Fatal("Bo is not asked")
		}
		for _, words := range []string{"Kursdag 1: ons 4\u00a0november 2026", "Kursdag 2: tors 5\u00a0november 2026", "svara för alla dagar på en gång", "/my/days"} {
			if !strings.Contains(his[0].Text, words) {
				t.Errorf("the letter lacks %q: %s", words, his[0].Text)
			}
		}
		w.quiet()
	})
}
