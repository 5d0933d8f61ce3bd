package rollout_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/people"
	"yrkesresan/internal/rollout"
)

// staff is as many people as said in each unit, the names falling from unit to
// unit.
func staff(units ...int) (all []rollout.Candidate) {
	for u, n := range units {
		for i := range n {
			name := fmt.Sprintf("%03d", 1000-len(all)-i)
			all = append(all, rollout.Candidate{
				PersonID: int64(len(all) + 1), Name: name, SortKey: i18n.SortKey(name), UnitID: int64(u + 1), Unit: fmt.Sprint("Enhet ", u),
				Shift: people.Shifts[len(all)%2*2], // days and nights
			})
		}
	}
	return all
}

func sizes(groups [][]rollout.Candidate) (n []int) {
	for _, g := range groups {
		n = append(n, len(g))
	}
	return n
}

func TestPeopleAreSplitIntoTheFewestAndMostEvenGroups(t *testing.T) {
	for name, c := range map[string]struct {
		units []int
		size  int
		by    rollout.By
		want  []int
	}{
		"one who is alone":                             {[]int{1}, 15, rollout.Mixed, []int{1}},
		"as many as a group holds":                     {[]int{15}, 15, rollout.BySize, []int{15}},
		"one more than a group holds makes two halves": {[]int{16}, 15, rollout.BySize, []int{8, 8}},
		"mixed groups are even too":                    {[]int{16, 16}, 15, rollout.Mixed, []int{11, 11, 10}},
		"units are kept apart":                         {[]int{4, 20, 15}, 15, rollout.ByUnit, []int{4, 10, 10, 15}},
		"shifts are kept apart":                        {[]int{21}, 15, rollout.ByShift, []int{11, 10}},
		"the largest group":                            {[]int{200}, 200, rollout.BySize, []int{200}},
		"groups of one":                                {[]int{3}, 1, rollout.Mixed, []int{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			groups, err := rollout.Split(staff(c.units...), c.size, c.by)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, sizes(groups)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatCannotBeSplitIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		people []rollout.Candidate
		size   int
		by     rollout.By
		want   string
	}{
		"nobody":             {nil, 15, rollout.Mixed, "rollout.nobody"},
		"groups of none":     {staff(3), 0, rollout.Mixed, "rollout.size_wrong"},
		"groups of a town":   {staff(3), 201, rollout.Mixed, "rollout.size_wrong"},
		"a way of their own": {staff(3), 15, "sign of the zodiac", "rollout.by_wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rollout.Split(c.people, c.size, c.by)
			if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Key != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestEverybodyIsInOneGroupHoweverTheyCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := staff(rapid.SliceOfN(rapid.IntRange(0, 40), 1, 12).Draw(t, "units")...)
		if len(all) == 0 {
			return
		}
		size := rapid.IntRange(1, 30).Draw(t, "size")
		by := rapid.SampledFrom(rollout.Ways).Draw(t, "by")
		groups, err := rollout.Split(all, size, by)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int64]bool{}
		for _, g := range groups {
			if len(g) == 0 || len(g) > size {
				t.Fatalf("a group of %d, want 1–%d", len(g), size)
			}
			for _, c := range g {
				if seen[c.PersonID] {
					t.Fatalf("%d is in two groups", c.PersonID)
				}
				seen[c.PersonID] = true
			}
		}
		if len(seen) != len(all) {
			t.Fatalf("%d of %d are in a group", len(seen), len(all))
		}
		if by == rollout.Mixed || by == rollout.BySize {
			n := sizes(groups)
			if len(n) != (len(all)+size-1)/size || slices.Max(n)-slices.Min(n) > 1 {
				t.Fatalf("%v groups of %d people by %d", n, len(all), size)
			}
		}
		if by == rollout.Mixed {
			for unit := range 12 {
				var n []int
				for _, g := range groups {
					n = append(n, 0)
					for _, c := range g {
						if c.UnitID == int64(unit+1) {
							n[len(n)-1]++
						}
					}
				}
				if slices.Max(n)-slices.Min(n) > 1 {
					t.Fatalf("a unit is spread as %v", n)
				}
			}
		}
		shuffled := rapid.Permutation(all).Draw(t, "order")
		again, err := rollout.Split(shuffled, size, by)
		if diff := cmp.Diff(groups, again); err != nil || diff != "" {
			t.Fatalf("in another order they are split otherwise: %v %s", err, diff)
		}
	})
}
