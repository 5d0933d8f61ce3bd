package rollout_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/rollout"
)

func TestASlotIsAWorkdayInThePlansTimeAndTrainersTakeTurns(t *testing.T) {
	today := clock.Date(2026, 11, 23)                               // a Monday
	from, until := clock.Date(2026, 12, 1), clock.Date(2027, 1, 31) // Christmas within
	p := rollout.Plan{From: from, Until: until, Trainers: []rollout.Trainer{{PersonID: 1}, {PersonID: 2}}}
	starts := make([]clock.Day, 20)
	for i := range starts {
		starts[i] = from
	}
	slots := p.Propose(starts, 2, today)
	for i, s := range slots {
		if len(s.Days) != 2 || s.Days[0] != rollout.NextWorkday(s.Days[0]) || s.Days[1] != rollout.NextWorkday(s.Days[0]+1) {
			t.Errorf("group %d goes on %v, want two workdays after each other", i, s.Days)
		}
		if s.Days[0] < today+14 || s.Days[0] > until {
			t.Errorf("group %d goes on %v, want two weeks ahead and within the plan", i, s.Days[0])
		}
		if i > 0 && (s.Days[0] <= slots[i-1].Days[0] || s.TrainerID == slots[i-1].TrainerID) {
			t.Errorf("group %d is %v after %v, want a later day and the other trainer", i, s, slots[i-1])
		}
	}
	if last := slots[19].Days[0]; last < until-10 {
		t.Errorf("the last goes on %v, want the time used until %v", last, until)
	}

	for name, c := range map[string]struct {
		plan   rollout.Plan
		starts []clock.Day
		want   []clock.Day
	}{
		"a group whose unit starts later goes last, after that": {
			p, []clock.Day{clock.Date(2027, 1, 18), from}, []clock.Day{clock.Date(2027, 1, 18), clock.Date(2026, 12, 7)},
		},
		"groups whose units start on the same day get a day each": {
			p, []clock.Day{clock.Date(2027, 1, 18), clock.Date(2027, 1, 18)}, []clock.Day{clock.Date(2027, 1, 18), clock.Date(2027, 1, 19)},
		},
		"a plan that is over in a few days uses them": {
			rollout.Plan{From: today, Until: today + 3}, []clock.Day{today, today}, []clock.Day{today + 3, today + 3},
		},
		"a plan whose time is up gets the next workday": {
			rollout.Plan{From: today - 30, Until: today - 3}, []clock.Day{today - 30}, []clock.Day{today + 1},
		},
	} {
		var got []clock.Day
		for _, s := range c.plan.Propose(c.starts, 1, today) {
			got = append(got, s.Days[0])
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPeopleAreMovedBetweenGroups(t *testing.T) {
	groups := [][]int64{{1, 2}, {3}, {4, 5}}
	for name, c := range map[string]struct {
		chosen []int64
		to     int
		want   [][]int64
	}{
		"two from different groups":             {[]int64{1, 4}, 1, [][]int64{{2}, {3, 1, 4}, {5}}},
		"who is there already stays":            {[]int64{1, 2}, 0, [][]int64{{1, 2}, {3}, {4, 5}}},
		"into a new group":                      {[]int64{5}, 3, [][]int64{{1, 2}, {3}, {4}, {5}}},
		"a group may be left empty":             {[]int64{3}, 0, [][]int64{{1, 2, 3}, nil, {4, 5}}},
		"somebody unknown moves nobody":         {[]int64{9}, 0, groups},
		"a group that is none moves nobody":     {[]int64{1}, 7, groups},
		"a group before the first moves nobody": {[]int64{1}, -1, groups},
	} {
		if diff := cmp.Diff(c.want, rollout.Regroup(groups, c.chosen, c.to)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if diff := cmp.Diff([][]int64{{1, 2}, {3}, {4, 5}}, groups); diff != "" {
		t.Error("the groups given were changed", diff)
	}
}

func TestWhoIsOnLeaveWhenTheirUnitStartsIsNotPutIntoAGroup(t *testing.T) {
	start := clock.Date(2027, 1, 18)
	p := rollout.Plan{From: start - 30, Until: start + 60, Units: []rollout.Unit{{ID: 1, StartsOn: start}}}
	for name, c := range map[string]struct {
		until *clock.Day
		away  bool
	}{
		"who is not on leave":                  {nil, false},
		"whose leave ends the day before":      {new(start - 1), false},
		"whose leave ends on the day":          {new(start), true},
		"whose leave goes on":                  {new(start + 1), true},
		"of whom nobody knows when it is over": {new(clock.Date(9999, 12, 31)), true},
	} {
		t.Run(name, func(t *testing.T) {
			_, ready, away := p.Chosen([]rollout.Member{{Candidate: rollout.Candidate{PersonID: 1, UnitID: 1}, Stand: learning.Stand{Meant: true, Away: c.until}}})
			if (len(away) == 1) != c.away || len(ready)+len(away) != 1 {
				t.Errorf("%d are ready and %d away", len(ready), len(away))
			}
		})
	}
}
