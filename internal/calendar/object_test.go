package calendar_test

import (
	"strings"
	"testing"

	"yrkesresan/internal/calendar"
	"yrkesresan/internal/clock"
)

// Whatever was kept of a room, a course or a person stays inside its property.
func TestNoTextBecomesAPropertyOfItsOwn(t *testing.T) {
	for _, end := range []string{"\r", "\n", "\r\n", "\u0085", "\u2028", "\x00\r", "\v"} {
		bad := "Sal 3" + end + "ATTACH:https://example.org/x"
		item := calendar.Item{
			UID: "a@yrkesresan", Changed: clock.Date(2026, 10, 5).At(9, 0), Day: clock.Date(2026, 10, 6), Starts: "09:00", Ends: "16:00",
			Summary: bad, Description: bad, Place: bad, Page: "https://example.org/days/1" + end + "ATTACH:x",
		}
		link := item
		link.Place, link.Link = "", bad
		invitation, _ := calendar.Invitation(item, calendar.Party{Name: bad, Email: "a@example.org"}, calendar.Party{Name: bad, Email: "b@example.org"})
		for _, object := range []string{invitation, calendar.Feed(bad, []calendar.Item{item, link})} {
			for _, line := range strings.FieldsFunc(object, func(r rune) bool { return strings.ContainsRune("\r\n\v\f\u0085\u2028\u2029", r) }) {
				if strings.HasPrefix(line, "ATTACH") || strings.ContainsRune(line, 0) {
					t.Errorf("after %q there is a line %q", end, line)
				}
			}
		}
	}
}
