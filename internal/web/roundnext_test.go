package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// A round is planned and its day comes while it is not published yet: nobody has
// a seat, so what is next is to publish it and not to keep an empty list.
func TestAPlannedRoundIsPublishedBeforeItsAttendanceIsKept(t *testing.T) {
	s := newSite(t)
	id := s.id(`SELECT MIN(r.id) FROM round AS r JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.published_at IS NULL AND r.cancelled_at IS NULL`)
	s.begins(id, demoNow.Day())
	address := fmt.Sprintf("/rounds/%d", id)
	page := s.as(regional).get(address)
	if !strings.Contains(page.body, address+"/publication") {
		t.Errorf("status %d: publishing is not offered", page.status)
	}
}
