package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// A round is planned and its day comes while it is not published yet: nobody has
// a seat, so what is next is to publish it and not to keep an empty list.
func TestAPlannedRoundIsPublishedBeforeItsAttendanceIsKept(t *testing.T) {
	s := newSite(t)
	id := s.id(`SELECT MIN(r.id) FROM round AS r JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.published_at IS NULL AND r.cancelled_at IS NULL`)
	ctx, today := context.Background(), demoNow.Day()
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE course_day SET day = $2 WHERE round_id = $1 AND ordinal = 1`, id, today)
		if err == nil {
			_, err = db.Exec(ctx, tx, `UPDATE round SET signup_from = $2, signup_until = $2, decide_on = NULL, withdraw_until = NULL, first_day = $2 WHERE id = $1`, id, today)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("/rounds/%d", id)
	page := s.as(regional).get(address)
	if !strings.Contains(page.body, address+"/publication") {
		t.Errorf("status %d: publishing is not offered", page.status)
	}
}
