package learning_test

import (
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
)

func TestWhoIsToBeSignedUp(t *testing.T) {
	day := clock.Date(2026, 3, 2)
	for name, c := range map[string]struct {
		stand learning.Stand
		want  bool
	}{
		"who lacks it":                   {learning.Stand{Meant: true}, true},
		"who has completed it":           {learning.Stand{Meant: true, Done: &day}, false},
		"for whom it is not meant":       {learning.Stand{}, false},
		"who is booked":                  {learning.Stand{Meant: true, NextID: 1, NextDay: &day}, false},
		"who waits":                      {learning.Stand{Meant: true, Waiting: true}, false},
		"who is on leave":                {learning.Stand{Meant: true, Away: &day}, false},
		"who is on leave and is waiting": {learning.Stand{Meant: true, Away: &day, Waiting: true}, false},
	} {
		if got := c.stand.ToSignUp(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
