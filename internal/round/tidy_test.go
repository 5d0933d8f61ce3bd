package round_test

import (
	"fmt"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

func TestTriesAndReceiptsAreForgottenInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		at := first.At(9, 0)
		count := func(table string) int {
			t.Helper()
			n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM `+table)
			must(t, err)
			return n
		}
		tidy := func(at clock.Instant) {
			t.Helper()
			must(t, d.Write(ctx, func(tx *db.Tx) error { return round.Tidy(ctx, tx, at) }))
		}
		wrong := "000000"
		if r.screen(at).Typed == wrong {
			wrong = "000001"
		}
		for range 6 {
			_, err := round.CheckInTyped(ctx, d, r.me, wrong, at)
			if key(err) != "check_in.code_expired" && key(err) != "check_in.too_many" {
				t.Fatalf("a wrong code gives %v", err)
			}
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for i, received := range []clock.Instant{at, at.Add(-round.ReceiptLife)} {
				if _, err := db.Exec(ctx, tx, `
					INSERT INTO mark_receipt (mark_key, course_day_id, enrolment_id, mark, marked_at, received_at, person_id, used)
					VALUES ($1, $2, $3, 'present', $4, $4, $5, TRUE)`, fmt.Sprintf("mark-%d", i), r.day.ID, r.seats[0], received, r.me.PersonID); err != nil {
					return err
				}
			}
			return nil
		}))
		tidy(at.Add(9 * time.Minute))
		if n := count("code_attempt"); n != 1 {
			t.Errorf("%d tries left while they count", n)
		}
		if n := count("mark_receipt"); n != 1 {
			t.Errorf("%d receipts left, want the new one", n)
		}
		if _, err := round.CheckInTyped(ctx, d, r.me, wrong, at.Add(9*time.Minute)); key(err) != "check_in.too_many" {
			t.Errorf("tidying lets one guess again: %v", err)
		}
		tidy(at.Add(11 * time.Minute))
		if n := count("code_attempt"); n != 0 {
			t.Errorf("%d tries left that count no more", n)
		}
	})
}
