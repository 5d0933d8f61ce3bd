package attendance

import (
	"testing"
	"time"

	"yrkesresan/internal/clock"
)

func TestAMarkWasMadeWithinReason(t *testing.T) {
	day := clock.Date(2026, 11, 23)
	noon := day.At(12, 0)
	last := (day + 8).Start() // a week after the day was over
	for name, c := range map[string]struct{ at, now, want clock.Instant }{
		"when it says":       {noon, noon.Add(time.Hour), noon},
		"not in the future":  {noon.Add(time.Minute), noon, noon},
		"not before its day": {day.Start() - 1, noon, day.Start()},
		"as the day begins":  {day.Start(), noon, day.Start()},
		"a week after the day it is still the word of the day": {noon, last, noon},
		"a moment later it is a word of now":                   {noon, last + 1, last + 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := madeAt(day, c.at, c.now); got != c.want {
				t.Errorf("got %v, want %v", got.Time(), c.want.Time())
			}
		})
	}
}
