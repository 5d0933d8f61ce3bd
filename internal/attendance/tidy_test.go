package attendance_test

import (
	"fmt"
	"testing"
	"time"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round/roundtest"
)

func TestTriesAndReceiptsAreForgottenInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		at := roundtest.First.At(9, 0)
		count := func(table string) int {
			t.Helper()
			n, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM `+table)
			roundtest.Must(t, err)
			return n
		}
		tidy := func(at clock.Instant) {
			t.Helper()
			roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error { return attendance.Tidy(roundtest.Ctx, tx, at) }))
		}
		wrong := "000000"
		if r.Screen(at).Typed == wrong {
			wrong = "000001"
		}
		for range 6 {
			_, err := attendance.CheckInTyped(roundtest.Ctx, d, r.Me, wrong, at)
			if roundtest.Key(err) != "attendance.check_in.code_expired" && roundtest.Key(err) != "attendance.check_in.too_many" {
				t.Fatalf("a wrong code gives %v", err)
			}
		}
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			for i, received := range []clock.Instant{at, at.Add(9*time.Minute - 180*24*time.Hour), at.Add(9*time.Minute - 180*24*time.Hour + 1)} {
				if _, err := db.Exec(roundtest.Ctx, tx, `
					INSERT INTO mark_receipt (mark_key, course_day_id, enrolment_id, mark, marked_at, received_at, person_id, used)
					VALUES ($1, $2, $3, 'present', $4, $4, $5, TRUE)`, fmt.Sprintf("mark-%d", i), r.Day.ID, r.Seats[0], received, r.Me.PersonID); err != nil {
					return err
				}
			}
			return nil
		}))
		tidy(at.Add(9 * time.Minute))
		if n := count("code_attempt"); n != 1 {
			t.Errorf("%d tries left while they count", n)
		}
		if n := count("mark_receipt"); n != 2 {
			t.Errorf("%d receipts left, want those of the last 180 days", n)
		}
		if _, err := attendance.CheckInTyped(roundtest.Ctx, d, r.Me, wrong, at.Add(9*time.Minute)); roundtest.Key(err) != "attendance.check_in.too_many" {
			t.Errorf("tidying lets one guess again: %v", err)
		}
		tidy(at.Add(10*time.Minute - 1))
		if n := count("code_attempt"); n != 1 {
			t.Error("the tries are forgotten before ten minutes are over")
		}
		if _, err := attendance.CheckInTyped(roundtest.Ctx, d, r.Me, wrong, at.Add(10*time.Minute)); roundtest.Key(err) != "attendance.check_in.code_expired" {
			t.Errorf("after ten minutes one may not try again: %v", err)
		}
		tidy(at.Add(20 * time.Minute))
		if n := count("code_attempt"); n != 0 {
			t.Errorf("%d tries left that count no more", n)
		}
	})
}
