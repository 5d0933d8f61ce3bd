package trainer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/trainer"
)

func TestHoursExistAndEndAfterTheyBegin(t *testing.T) {
	summer := clock.Date(2026, time.March, 29) // clocks go from 02:00 to 03:00
	for name, c := range map[string]struct {
		day          clock.Day
		starts, ends string
		want         []string
	}{
		"usual hours":                 {summer + 1, "09:00", "16:00", nil},
		"a minute":                    {summer, "09:00", "09:01", nil},
		"no time at all":              {summer, "09:00", "09:00", []string{"x.ends round.ends_before_start"}},
		"past midnight":               {summer, "22:00", "01:00", []string{"x.ends round.ends_before_start"}},
		"a start in the skipped hour": {summer, "02:30", "09:00", []string{"x.starts round.time_skipped"}},
		"an end in it":                {summer, "00:30", "02:59", []string{"x.ends round.time_skipped"}},
		"around it":                   {summer, "01:59", "03:00", nil},
		"the same hour a day later":   {summer + 1, "02:30", "03:00", nil},
		"no time of day":              {summer, "24:00", "9", []string{"x.starts round.time_wrong", "x.ends round.time_wrong"}},
	} {
		var checks fault.Checks
		trainer.CheckHours(&checks, "x.", c.day, c.starts, c.ends)
		var got []string
		if f := fault.Of(checks.Err()); f != nil {
			for _, field := range f.Fields {
				got = append(got, field.Name+" "+field.Key)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
