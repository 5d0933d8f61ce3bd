package merging

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
)

// at is an employment of the employer from a day to a day, 0 for without end.
func at(employer int64, main bool, from, until clock.Day) job {
	p := clock.Period{From: from}
	if until != 0 {
		p.Until = &until
	}
	return job{id: employer, employer: employer, main: main, Period: p}
}

func TestWhatWhoRemainsLacks(t *testing.T) {
	for name, c := range map[string]struct {
		gone, kept []job
		want       string
	}{
		"the same employment twice is one":               {[]job{at(1, true, 10, 0)}, []job{at(1, true, 10, 0)}, ""},
		"the days before are theirs, too":                {[]job{at(1, true, 10, 0)}, []job{at(1, true, 20, 0)}, "1 main 10-19"},
		"and those after":                                {[]job{at(1, true, 10, 0)}, []job{at(1, true, 10, 20)}, "1 main 21-"},
		"and those between":                              {[]job{at(1, true, 10, 50)}, []job{at(1, true, 5, 20), at(1, true, 41, 0)}, "1 main 21-40"},
		"another employer at the same time is beside":    {[]job{at(2, true, 10, 0)}, []job{at(1, true, 10, 0)}, "2 beside 10-"},
		"and the main one while there was no other":      {[]job{at(2, true, 10, 0)}, []job{at(1, true, 20, 0)}, "2 main 10-19, 2 beside 20-"},
		"an earlier one comes along whole":               {[]job{at(2, true, 10, 19)}, []job{at(1, true, 20, 0)}, "2 main 10-19"},
		"what ends on the day that the other begins":     {[]job{at(2, true, 10, 20)}, []job{at(1, true, 20, 0)}, "2 main 10-19, 2 beside 20-20"},
		"two employers of who is gone":                   {[]job{at(1, true, 10, 0), at(2, false, 10, 0)}, []job{at(1, true, 15, 0)}, "1 main 10-14, 2 beside 10-"},
		"who works nowhere gets all as it was":           {[]job{at(1, true, 10, 30), at(2, true, 31, 0)}, nil, "1 main 10-30, 2 main 31-"},
		"two of who remains do not cut what they do not": {[]job{at(3, true, 10, 0)}, []job{at(1, true, 5, 20), at(2, true, 21, 0)}, "3 beside 10-"},
	} {
		var got []string
		for _, j := range lacked(c.gone, c.kept) {
			how, until := "beside", ""
			if j.main {
				how = "main"
			}
			if j.Until != nil {
				until = fmt.Sprint(int(*j.Until))
			}
			got = append(got, fmt.Sprintf("%d %s %d-%s", j.employer, how, int(j.From), until))
		}
		if whole := c.gone[0].employer == 2 || c.gone[0].employer == 3 || len(c.kept) == 0; len(c.gone) == 1 && covers(lacked(c.gone, c.kept), c.gone[0]) != whole {
			t.Errorf("%s: all days come along is not %v", name, whole)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// On each day just one employment is the main one, nobody is employed twice by one employer,
// and all days on which either worked for an employer are there.
func TestWhatWhoRemainsLacksOnEachDay(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		some := func() (all []job) {
			for employer := range int64(3) {
				day := clock.Day(1 + r.IntN(10))
				for range r.IntN(3) {
					until := day + clock.Day(r.IntN(8))
					all = append(all, at(employer+1, false, day, until))
					day = until + 1 + clock.Day(r.IntN(4))
				}
			}
			// The main one of each day is the first of the list: cut so that it is.
			var cut []job
			for day := clock.Day(1); day < 60; day++ {
				main := true
				for _, j := range all {
					if j.Holds(day) {
						cut = append(cut, at(j.employer, main, day, day))
						main = false
					}
				}
			}
			return cut
		}
		gone, kept := some(), some()
		after := append(append([]job{}, kept...), lacked(gone, kept)...)
		for day := clock.Day(1); day < 60; day++ {
			was, is, mains := map[int64]bool{}, map[int64]int{}, 0
			for _, j := range append(append([]job{}, gone...), kept...) {
				if j.Holds(day) {
					was[j.employer] = true
				}
			}
			for _, j := range after {
				if j.Holds(day) {
					is[j.employer]++
					if j.main {
						mains++
					}
				}
			}
			if len(was) != len(is) || (mains != 1) != (len(was) == 0) {
				t.Fatalf("seed %d, day %d: employed by %v, now %v, %d main ones", seed, day, was, is, mains)
			}
			for employer, n := range is {
				if n != 1 || !was[employer] {
					t.Fatalf("seed %d, day %d: employed %d times by %d", seed, day, n, employer)
				}
			}
			if mainOn(kept, day) != 0 && mainOn(after, day) != mainOn(kept, day) {
				t.Fatalf("seed %d, day %d: another main employer", seed, day)
			}
		}
	}
}

func TestWhichOfTwoCounts(t *testing.T) {
	early, late := clock.Instant(1), clock.Instant(2)
	for name, got := range map[string]bool{
		"an open account stands before a closed one":  stands(standing{opened: 9}, standing{closed: true, step: 3}),
		"a closed one does not":                       !stands(standing{closed: true, step: 3}, standing{opened: 9}),
		"the one that has come further":               stands(standing{step: 2, opened: 9}, standing{step: 1}),
		"not the one that has come less far":          !stands(standing{step: 1}, standing{step: 2, opened: 9}),
		"the one opened first":                        stands(standing{opened: 1}, standing{opened: 2}),
		"of two alike that of who remains":            !stands(standing{opened: 1}, standing{opened: 1}),
		"what is done counts before what is not":      counts(attempt{&late, 1}, attempt{nil, 5}),
		"what is not done does not":                   !counts(attempt{nil, 5}, attempt{&late, 1}),
		"what was done first":                         counts(attempt{&early, 9}, attempt{&late, 9}),
		"not what was done later":                     !counts(attempt{&late, 9}, attempt{&early, 9}),
		"of what is not done the latest":              counts(attempt{nil, 2}, attempt{nil, 1}),
		"of two alike what who remains did":           !counts(attempt{nil, 1}, attempt{nil, 1}),
		"an offer is ahead of a place that is waited": ahead(place{true, 9}, place{false, 1}),
		"a place without one is not":                  !ahead(place{false, 1}, place{true, 9}),
		"who joined first is ahead":                   ahead(place{joined: 1}, place{joined: 2}),
		"who joined at the same moment is not":        !ahead(place{joined: 1}, place{joined: 1}),
	} {
		if !got {
			t.Error(name)
		}
	}
}
