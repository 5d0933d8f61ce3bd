package api_test

import (
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/seat"
)

func TestAttendanceIsSavedWholeOrNotAtAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		key := w.token(access.Regional, dalarna)
		one := fmt.Sprintf("/api/v1/rounds/%d", w.round(dalarna, 5))
		var seats []int64
		for _, p := range w.staff[:2] {
			seats = append(seats, *into[api.SignedUp](t, w.send("POST", one+"/enrolments", key, map[string]any{"person": p}), 201).Enrolment)
		}
		days := into[[]api.Day](t, w.send("GET", one+"/days", key, nil), 200)
		path := fmt.Sprintf("/api/v1/days/%d/attendance", days[0].ID)
		for _, each := range []struct{ name, body, want string }{
			{"nobody", `{"marks": []}`, "fault.invalid body.marks=round.mark_missing body.marks=round.mark_missing body.trainers=round.trainer_mark_missing"},
			{"no list", `{}`, "fault.invalid body=api.missing"},
			{"one left out", fmt.Sprintf(`{"marks": [{"enrolment": %d, "mark": "present"}], "trainers": [{"person": %d, "present": true}]}`, seats[0], w.trainer),
				"fault.invalid body.marks=round.mark_missing"},
			{"one twice", fmt.Sprintf(`{"marks": [{"enrolment": %d, "mark": "present"}, {"person": %d, "mark": "absent"}, {"person": %d, "mark": "late"}], "trainers": [{"person": %d, "present": true}]}`, seats[0], w.staff[0], w.staff[1], w.trainer),
				"fault.invalid body.marks[1]=round.mark_foreign"},
			{"somebody without a seat", fmt.Sprintf(`{"marks": [{"person": %d, "mark": "present"}]}`, w.staff[2]), "fault.invalid body.marks[0].person=api.not_enrolled"},
			{"a foreign seat", `{"marks": [{"enrolment": 99999, "mark": "present"}]}`,
				"fault.invalid body.marks[0]=round.mark_foreign body.marks=round.mark_missing body.marks=round.mark_missing body.trainers=round.trainer_mark_missing"},
			{"nobody named", `{"marks": [{"mark": "present"}]}`, "fault.invalid body.marks[0]=api.enrolment_or_person"},
			{"another mark", fmt.Sprintf(`{"marks": [{"enrolment": %d, "mark": "asleep"}]}`, seats[0]), "fault.invalid body.marks[0].mark=api.want_one_of"},
			{"a trainer twice", fmt.Sprintf(`{"marks": [], "trainers": [{"person": %d, "present": true}, {"person": %d, "present": false}]}`, w.trainer, w.trainer),
				"fault.invalid body.trainers[1]=api.twice"},
			{"marks that are none", `{"marks": "all present"}`, "fault.invalid body.marks=api.want_list"},
		} {
			if a := w.send("PUT", path, key, each.body); a.status != 422 || wrong(t, a) != each.want {
				t.Errorf("%s: %d %s, want %s", each.name, a.status, wrong(t, a), each.want)
			}
		}
		if list := into[api.Attendance](t, w.send("GET", path, key, nil), 200); list.Complete || list.Marks[0].Mark != nil {
			t.Errorf("a refused list was saved: %+v", list)
		}

		good := fmt.Sprintf(`{"marks": [{"enrolment": %d, "mark": "present"}, {"person": %d, "mark": "late", "reason": "Tåget"}], "trainers": [{"person": %d, "present": true}]}`, seats[0], w.staff[1], w.trainer)
		list := into[api.Attendance](t, w.send("PUT", path, key, good), 200)
		if !list.Complete || *list.Marks[0].Mark != "present" || *list.Marks[1].Mark != "late" || list.Marks[1].Reason != "Tåget" ||
			*list.Marks[1].Source != "trainer" || !*list.Day.Trainers[0].Present || list.Day.Attended != 2 {
			t.Errorf("the saved list is %+v", list)
		}
		// The same again is the same, and trainers keep what was said of them.
		again := fmt.Sprintf(`{"marks": [{"person": %d, "mark": "absent"}, {"enrolment": %d, "mark": "present"}]}`, w.staff[1], seats[0])
		if list := into[api.Attendance](t, w.send("PUT", path, key, again), 200); *list.Marks[1].Mark != "absent" || !*list.Day.Trainers[0].Present {
			t.Errorf("saved again it is %+v", list)
		}
		tomorrow := fmt.Sprintf("/api/v1/days/%d/attendance", days[1].ID)
		if a := w.send("PUT", tomorrow, key, good); a.status != 409 || wrong(t, a) != "round.day_ahead" {
			t.Errorf("a day ahead: %d %s", a.status, a.body)
		}
	})
}

// From the day after on, what was said is only changed for a reason; the same
// list again says nothing new, however often it is sent.
func TestACorrectionAfterTheDayTellsWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 1)
		key := w.token(access.Regional, dalarna)
		roundID := w.round(dalarna, 5)
		path := fmt.Sprintf("/api/v1/days/%d/attendance", into[[]api.Day](t, w.send("GET", fmt.Sprintf("/api/v1/rounds/%d/days", roundID), key, nil), 200)[0].ID)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := seat.SignUp(ctx, tx, system, roundID, w.staff[0], now)
			return err
		}))
		list := func(mark, why string) map[string]any {
			return map[string]any{
				"marks":    []any{map[string]any{"person": w.staff[0], "mark": mark}},
				"trainers": []any{map[string]any{"person": w.trainer, "present": true}},
				"why":      why,
			}
		}
		events := func() int {
			n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM round_event WHERE round_id = $1`, roundID)
			must(t, err)
			return n
		}
		into[api.Attendance](t, w.send("PUT", path, key, list("absent", "")), 200)
		w.at((today + 1).At(9, 0))
		before := events()
		into[api.Attendance](t, w.send("PUT", path, key, list("absent", "")), 200)
		if n := events(); n != before {
			t.Errorf("the same list again is %d events more", n-before)
		}
		if a := w.send("PUT", path, key, list("present", " ")); a.status != 422 || wrong(t, a) != "fault.invalid body.why=attendance.correction_unexplained" {
			t.Errorf("without a reason: %d %s", a.status, a.body)
		}
		if a := w.send("PUT", path, key, list("present", strings.Repeat("x", 2000))); a.status != 422 || wrong(t, a) != "fault.invalid body.why=round.text_too_long" {
			t.Errorf("with a reason that is too long: %d %s", a.status, a.body)
		}
		for range 2 {
			m := into[api.Attendance](t, w.send("PUT", path, key, list("present", "Satt längst bak")), 200).Marks[0]
			if *m.Mark != "present" || *m.Source != "correction" {
				t.Errorf("corrected it is %s by %s", *m.Mark, *m.Source)
			}
		}
		why, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT detail FROM round_event WHERE round_id = $1 ORDER BY id DESC LIMIT 1`, roundID)
		must(t, err)
		if n := events(); n != before+1 || !strings.Contains(why, "Satt längst bak") {
			t.Errorf("%d events more, the last with %s", n-before, why)
		}
	})
}
