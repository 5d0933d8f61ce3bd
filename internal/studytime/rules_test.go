package studytime

import (
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

var (
	thursday  = clock.Date(2025, 3, 13)
	courseDay = Slot{thursday, "09:00", "16:00"}
)

func TestATimeLiesWithinWorkingLifeAndOnItsSideOfTheDay(t *testing.T) {
	now := clock.Date(2025, 3, 3).At(12, 0)
	for _, c := range []struct {
		name string
		part Part
		slot Slot
		want string
	}{
		{"an afternoon before", Before, Slot{thursday - 3, "13:00", "15:00"}, ""},
		{"from six", Before, Slot{thursday - 3, "06:00", "07:00"}, ""},
		{"a minute before six", Before, Slot{thursday - 3, "05:59", "07:00"}, "starts studytime.outside_work"},
		{"in the night", Before, Slot{thursday - 3, "03:00", "05:00"}, "starts studytime.outside_work"},
		{"until ten in the evening", Before, Slot{thursday - 3, "20:00", "22:00"}, ""},
		{"a minute longer", Before, Slot{thursday - 3, "20:00", "22:01"}, "starts studytime.outside_work"},
		{"eight hours", Before, Slot{thursday - 3, "08:00", "16:00"}, ""},
		{"a minute more", Before, Slot{thursday - 3, "08:00", "16:01"}, "ends studytime.too_long"},
		{"twenty hours", Before, Slot{thursday - 3, "03:00", "23:00"}, "ends studytime.too_long, starts studytime.outside_work"},
		{"ten minutes", Before, Slot{thursday - 3, "08:00", "08:10"}, ""},
		{"nine minutes", Before, Slot{thursday - 3, "08:00", "08:09"}, "ends studytime.too_short"},
		{"over midnight", Before, Slot{thursday - 3, "22:00", "06:00"}, "ends round.ends_before_start"},
		{"no time at all", Before, Slot{thursday - 3, "", "25:00"}, "ends round.time_wrong, starts round.time_wrong"},
		{"an hour that the clocks skip", Before, Slot{clock.Date(2025, 3, 30), "02:30", "10:00"}, "starts round.time_skipped"},
		{"now", Before, Slot{now.Day(), "12:00", "13:00"}, "day studytime.has_been"},
		{"a minute from now", Before, Slot{now.Day(), "12:01", "13:00"}, ""},
		{"yesterday", Before, Slot{now.Day() - 1, "13:00", "14:00"}, "day studytime.has_been"},
		{"the morning of the day", Before, Slot{thursday, "08:00", "09:00"}, ""},
		{"into the day", Before, Slot{thursday, "08:00", "09:01"}, "day studytime.wrong_side_before"},
		{"the follow-up before the day", After, Slot{thursday - 1, "08:00", "09:00"}, "day studytime.wrong_side_after"},
		{"the follow-up at the day's end", After, Slot{thursday, "16:00", "17:00"}, ""},
		{"a minute earlier", After, Slot{thursday, "15:59", "17:00"}, "day studytime.wrong_side_after"},
		{"teaching is prepared before", Teaching, Slot{thursday + 1, "09:00", "10:00"}, "day studytime.wrong_side_teaching"},
		{"half a year on", After, Slot{thursday + 180, "09:00", "10:00"}, ""},
		{"a day further", After, Slot{thursday + 181, "09:00", "10:00"}, "day studytime.too_far"},
		{"for nothing", "lunch", Slot{thursday - 3, "13:00", "15:00"}, "part studytime.part_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var checks fault.Checks
			c.slot.check(&checks, c.part, courseDay, now)
			var got []string
			if f := fault.Of(checks.Err()); f != nil {
				for _, each := range f.Fields {
					got = append(got, each.Name+" "+each.Key)
				}
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %q", got, c.want)
			}
		})
	}
}

func TestATimeIsProposedFromTheMinutes(t *testing.T) {
	for _, c := range []struct {
		name   string
		part   Part
		needed int
		today  clock.Day
		want   Slot
		ok     bool
	}{
		{"three days before", Before, 90, thursday - 20, Slot{thursday - 3, "13:00", "14:30"}, true},
		{"up to the next quarter", Before, 91, thursday - 20, Slot{thursday - 3, "13:00", "14:45"}, true},
		{"at least half an hour", Before, 0, thursday - 20, Slot{thursday - 3, "13:00", "13:30"}, true},
		{"at most half a day", Before, 600, thursday - 20, Slot{thursday - 3, "13:00", "17:00"}, true},
		{"tomorrow when it is late", Before, 60, thursday - 2, Slot{thursday - 1, "13:00", "14:00"}, true},
		{"no day is left", Before, 60, thursday - 1, Slot{}, false},
		{"the day after", After, 60, thursday - 20, Slot{thursday + 1, "13:00", "14:00"}, true},
		{"not on a Saturday", After, 60, thursday + 1, Slot{thursday + 4, "13:00", "14:00"}, true},
		{"to teach before the day", Teaching, 120, thursday - 20, Slot{thursday - 3, "13:00", "15:00"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Proposal(c.part, c.needed, courseDay, c.today)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("got %v %v, want %v %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestATimeLapsesWithWhatItHangsOn(t *testing.T) {
	yes := true
	good := Time{Slot: Slot{thursday - 3, "13:00", "15:00"}, Part: Before, Taught: courseDay, has: true, employed: true}
	with := func(f func(*Time)) Time { t := good; f(&t); return t }
	for _, c := range []struct {
		name string
		time Time
		want Lapse
	}{
		{"nothing happened", good, ""},
		{"the round was cancelled", with(func(t *Time) { t.cancelled = true }), Cancelled},
		{"they left", with(func(t *Time) { t.employed = false }), Left},
		{"they gave up the seat", with(func(t *Time) { t.has = false }), NoSeat},
		{"the day moved before the time", with(func(t *Time) { t.Taught.Day = thursday - 4 }), Moved},
		{"the day moved away from it", with(func(t *Time) { t.Taught.Day = thursday + 9 }), ""},
		{"a follow-up that is now before the day", with(func(t *Time) { t.Part = After }), Moved},
		{"what was answered did hold", with(func(t *Time) { t.cancelled, t.Had = true, &yes }), ""},
	} {
		if got := c.time.Lapsed(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	over := (thursday - 3).At(15, 0)
	for _, c := range []struct {
		name string
		at   clock.Instant
		want bool
	}{
		{"a moment before its end", over - 1, false},
		{"at its end", over, true},
		{"on the last day of the term", clock.Date(2025, 6, 30).At(23, 59), true},
		{"when the term is over", clock.Date(2025, 7, 1).At(0, 0), false},
	} {
		if got := good.Answerable(c.at); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestNoSumOfAnswersIsOfFewerThanFive(t *testing.T) {
	some := func(municipality, unit int64, from, to int) (all []answer) {
		for p := from; p < to; p++ {
			all = append(all, answer{person: int64(p), unit: unit, municipality: municipality, minutes: 60, yes: p%2 == 0, said: true})
		}
		return all
	}
	for _, c := range []struct {
		name  string
		all   []answer
		told  int // people
		units []int64
	}{
		{"four are nobody", some(1, 10, 0, 4), 0, nil},
		{"five are a unit", some(1, 10, 0, 5), 5, []int64{10}},
		{"a small unit is in no sum", slices.Concat(some(1, 10, 0, 5), some(1, 11, 5, 9)), 5, []int64{10}},
		{"two small ones are together in it", slices.Concat(some(1, 10, 0, 5), some(1, 11, 5, 9), some(1, 12, 9, 10)), 10, []int64{10}},
		{"one who answers often is one", slices.Concat(some(1, 10, 0, 4), some(1, 10, 0, 4)), 0, nil},
		{"without a unit they are of the rest", some(1, 0, 0, 5), 5, nil},
	} {
		told, units, _ := inMunicipality(c.all)
		var got []int64
		for id := range units {
			got = append(got, id)
		}
		if shareOf(told).People != c.told || !slices.Equal(got, c.units) {
			t.Errorf("%s: %d people, units %v", c.name, shareOf(told).People, got)
		}
	}
	// Any figure minus any that it holds is of nobody or of five: one municipality tells five of
	// its nine, the other none of its four, and the region all that is left together.
	told, places := inRegion(slices.Concat(some(1, 10, 0, 5), some(1, 11, 5, 9), some(2, 20, 9, 13)))
	if shareOf(told).People != 13 || shareOf(places[1]).People != 5 || shareOf(places[2]).People != 0 {
		t.Errorf("%v %v", shareOf(told), places)
	}
	if told, _ := inRegion(slices.Concat(some(1, 10, 0, 5), some(2, 20, 9, 13))); shareOf(told).People != 5 {
		t.Errorf("the region less its municipality tells of four: %v", shareOf(told))
	}
	if s := shareOf(some(1, 10, 0, 5)); s != (Share{People: 5, Yes: 180, No: 120}) {
		t.Errorf("%v", s)
	}
}
