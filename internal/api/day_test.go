package api_test

import (
	"fmt"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

func TestAttendanceIsSavedWholeOrNotAtAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		key := w.token(access.Regional, dalarna)
		round := fmt.Sprintf("/api/v1/rounds/%d", w.round(dalarna, 5))
		var seats []int64
		for _, p := range w.staff[:2] {
			seats = append(seats, *into[api.SignedUp](t, w.send("POST", round+"/enrolments", key, map[string]any{"person": p}), 201).Enrolment)
		}
		days := into[[]api.Day](t, w.send("GET", round+"/days", key, nil), 200)
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
