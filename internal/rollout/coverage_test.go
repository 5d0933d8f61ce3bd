package rollout_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/rollout"
)

// done is people who completed the course on the days; 0 is not yet.
func done(days ...clock.Day) (all []rollout.Member) {
	for _, d := range days {
		m := rollout.Member{Stand: learning.Stand{Meant: true}}
		if d != 0 {
			m.Done = &d
		}
		all = append(all, m)
	}
	return all
}

func TestHowFarIsToldMonthByMonth(t *testing.T) {
	got := rollout.OverTime(done(0, clock.Date(2025, 12, 31), clock.Date(2026, 1, 1), clock.Date(2026, 3, 10)), 3, day)
	want := []rollout.Point{
		{clock.Date(2025, 12, 31), 1}, {clock.Date(2026, 1, 31), 2}, {clock.Date(2026, 2, 28), 2}, {day, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestThePresentPaceTellsWhenAllAreDone(t *testing.T) {
	for name, c := range map[string]struct {
		staff []rollout.Member
		want  clock.Day
		ok    bool
	}{
		"nobody at all":                               {nil, 0, false},
		"all are done":                                {done(day, day), 0, false},
		"nobody lately":                               {done(0, day-90), 0, false},
		"half in ninety days takes ninety more":       {done(0, day), day + 90, true},
		"two a quarter and one left takes half of it": {done(0, day, day-89), day + 45, true},
		"three left at two a quarter, rounded up":     {done(0, 0, 0, day, day), day + 135, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := rollout.AllDone(c.staff, day); got != c.want || ok != c.ok {
				t.Errorf("got %v, %v, want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}
