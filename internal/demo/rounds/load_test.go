package rounds

import (
	"testing"

	"yrkesresan/internal/clock"
)

func TestTodaysDayBeginsWithinTheHalfHour(t *testing.T) {
	day := clock.Date(2026, 11, 22)
	for _, c := range []struct {
		what         string
		hour, minute int
		starts, ends string
	}{
		{"on the hour it begins at half past", 8, 0, "08:30", "15:30"},
		{"a minute before it begins at once", 8, 59, "09:00", "16:00"},
		{"in the evening it ends with the day", 20, 15, "20:30", "23:59"},
		{"at the end of the day it has begun", 23, 45, "23:30", "23:59"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if starts, ends := AroundNow(day.At(c.hour, c.minute)); starts != c.starts || ends != c.ends {
				t.Errorf("%s–%s, want %s–%s", starts, ends, c.starts, c.ends)
			}
		})
	}
}
