package clock_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"yrkesresan/internal/clock"
)

func TestAMomentFallsOnTheSwedishDay(t *testing.T) {
	for name, c := range map[string]struct {
		at   string
		want string
	}{
		"a winter evening in UTC is the next day in Sweden":       {"2025-12-31T23:30:00Z", "2026-01-01"},
		"a summer evening in UTC is the next day two hours ahead": {"2025-06-30T22:30:00Z", "2025-07-01"},
		"another zone makes no difference":                        {"2025-06-30T18:30:00-04:00", "2025-07-01"},
		"noon is the same day":                                    {"2025-06-30T12:00:00Z", "2025-06-30"},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := clock.At(at).Day().String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnHourIsSkippedWhenSummerTimeBegins(t *testing.T) {
	for name, c := range map[string]struct {
		day          clock.Day
		hour, minute int
		want         bool
	}{
		"the last minute before":                 {clock.Date(2026, time.March, 29), 1, 59, false},
		"the first that is skipped":              {clock.Date(2026, time.March, 29), 2, 0, true},
		"the last that is skipped":               {clock.Date(2026, time.March, 29), 2, 59, true},
		"the first minute after":                 {clock.Date(2026, time.March, 29), 3, 0, false},
		"the Sunday before":                      {clock.Date(2026, time.March, 22), 2, 30, false},
		"the hour that is there twice in autumn": {clock.Date(2026, time.October, 25), 2, 30, false},
	} {
		if got := c.day.Skips(c.hour, c.minute); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestDaysComeBackAsTheyWentOut(t *testing.T) {
	for _, text := range []string{"1969-12-31", "1970-01-01", "2000-02-29", "2025-12-31", "2100-03-01"} {
		day, err := clock.ParseDay(text)
		if err != nil || day.String() != text {
			t.Errorf("%s came back as %s, %v", text, day, err)
		}
		y, m, d := day.Date()
		if clock.Date(y, m, d) != day {
			t.Errorf("%s taken apart and put together is %s", text, clock.Date(y, m, d))
		}
		written, err := json.Marshal(day)
		var read clock.Day
		if err != nil || json.Unmarshal(written, &read) != nil || read != day {
			t.Errorf("%s as JSON is %s and comes back as %s", text, written, read)
		}
		for _, stored := range []any{text, []byte(text), day.Time(), text + "T00:00:00Z"} {
			var scanned clock.Day
			if err := scanned.Scan(stored); err != nil || scanned != day {
				t.Errorf("%v is read as %s, %v", stored, scanned, err)
			}
		}
	}
	for _, wrong := range []string{"", "2025-13-01", "2025-02-30", "31/12 2025", "2025-1-1"} {
		if day, err := clock.ParseDay(wrong); err == nil {
			t.Errorf("%q is read as %s", wrong, day)
		}
	}
}

func TestAPeriodHoldsBothItsEnds(t *testing.T) {
	from, until := clock.Date(2025, 1, 1), clock.Date(2025, 1, 31)
	ended, open := clock.Period{From: from, Until: &until}, clock.Period{From: from}
	for _, c := range []struct {
		day         clock.Day
		ended, open bool
	}{{from - 1, false, false}, {from, true, true}, {until, true, true}, {until + 1, false, true}} {
		if ended.Holds(c.day) != c.ended || open.Holds(c.day) != c.open {
			t.Errorf("on %s: %v and %v", c.day, ended.Holds(c.day), open.Holds(c.day))
		}
	}
}

func TestADeviceTellsHowLongAgoByItsOwnClock(t *testing.T) {
	const now = 1_000_000_000_000_000 // microseconds
	day := (24 * time.Hour).Milliseconds()
	for name, c := range map[string]struct {
		made, sent int64 // milliseconds
		ago        time.Duration
	}{
		"what is sent at once is made now":                           {5000, 5000, 0},
		"what is sent a minute later was made a minute ago":          {5000, 65_000, time.Minute},
		"a clock that is years behind does no harm":                  {-60_000, 0, time.Minute},
		"nor does one that is years ahead":                           {1e15, 1e15 + 60_000, time.Minute},
		"a millisecond counts":                                       {5000, 5001, time.Millisecond},
		"what is made after it was sent is made now":                 {5001, 5000, 0},
		"ninety days are told":                                       {0, 90 * day, 90 * 24 * time.Hour},
		"a millisecond more is a fault of the clock":                 {0, 90*day + 1, 0},
		"so is a clock that was set right in between":                {0, 1_800_000_000_000, 0},
		"a difference that no number holds is a fault, too":          {math.MinInt64, math.MaxInt64, 0},
		"and so is one that falls below what a number holds":         {math.MaxInt64, math.MinInt64, 0},
		"a span that turns round when it is counted in microseconds": {0, math.MaxInt64 / 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := clock.MadeAt(now, c.made, c.sent), clock.Instant(now).Add(-c.ago); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		})
	}
}

func TestADayLiesInTheTermThatItsDaysSay(t *testing.T) {
	for day, want := range map[clock.Day]string{
		clock.Date(2026, 1, 1): clock.Spring, clock.Date(2026, 6, 30): clock.Spring, clock.Date(2026, 7, 1): clock.Autumn, clock.Date(2026, 12, 31): clock.Autumn,
	} {
		if got := clock.TermOf(day); got != want {
			t.Errorf("%s lies in %s, want %s", day, got, want)
		}
		if first, last := clock.Term("", clock.TermOf(day), day); day < first || last < day {
			t.Errorf("%s is not from %s to %s", day, first, last)
		}
	}
}
