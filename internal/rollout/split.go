package rollout

import (
	"cmp"
	"slices"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Candidate is somebody to be put into a group. SortKey is the name's.
type Candidate struct {
	PersonID int64
	Name     string
	SortKey  []byte
	UnitID   int64
	Unit     string
	Shift    people.Shift
}

// By is how people are split into groups.
type By string

// The ways: by name alone; mixed, so that every group has people of many units
// and no unit lacks many at once; the people of a unit together; those who work
// at the same time of the day together.
const (
	BySize  By = "size"
	Mixed   By = "mix"
	ByUnit  By = "unit"
	ByShift By = "shift"
)

// Ways are all ways in the order of the form.
var Ways = []By{Mixed, ByUnit, ByShift, BySize}

// Key is the way's message key.
func (b By) Key() string { return "rollout.by." + string(b) }

// MaxGroup is the largest size of a group.
const MaxGroup = 200

// MaxGroups is how many groups are made at once.
const MaxGroups = 500

// Split puts everybody into exactly one group of at most size people. There are
// as few groups as the way allows, and they are as even as can be: within what
// is kept together, sizes differ by one at most. The same people give the same
// groups in whatever order they come. fault.Invalid "people" when there is
// nobody, "size" and "by" when these are none.
func Split(all []Candidate, size int, by By) ([][]Candidate, error) {
	var checks fault.Checks
	checks.Require(len(all) > 0, "people", "rollout.nobody")
	checks.Require(size >= 1 && size <= MaxGroup, "size", "rollout.size_wrong", "Max", MaxGroup)
	checks.Require(slices.Contains(Ways, by), "by", "rollout.by_wrong")
	if err := checks.Err(); err != nil {
		return nil, err
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Candidate) int {
		return cmp.Or(slices.Compare(a.SortKey, b.SortKey), cmp.Compare(a.PersonID, b.PersonID))
	})
	switch by {
	case ByUnit:
		return together(sorted, size, func(a, b Candidate) int {
			return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.UnitID, b.UnitID))
		}), nil
	case ByShift:
		return together(sorted, size, func(a, b Candidate) int {
			return cmp.Compare(slices.Index(people.Shifts, a.Shift), slices.Index(people.Shifts, b.Shift))
		}), nil
	case Mixed:
		slices.SortStableFunc(sorted, func(a, b Candidate) int { return cmp.Compare(a.UnitID, b.UnitID) })
		return deal(sorted, size), nil
	case BySize:
	}
	return cut(sorted, size), nil
}

// together cuts what order says is equal into groups of its own.
func together(sorted []Candidate, size int, order func(a, b Candidate) int) (groups [][]Candidate) {
	slices.SortStableFunc(sorted, order)
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && order(sorted[0], sorted[n]) == 0 {
			n++
		}
		groups = append(groups, cut(sorted[:n], size)...)
		sorted = sorted[n:]
	}
	return groups
}

// cut makes the fewest groups of neighbours, their sizes differing by one at
// most.
func cut(sorted []Candidate, size int) [][]Candidate {
	k := (len(sorted) + size - 1) / size
	groups := make([][]Candidate, 0, k)
	for i := range k {
		groups = append(groups, sorted[len(sorted)*i/k:len(sorted)*(i+1)/k])
	}
	return groups
}

// deal deals people, unit by unit, like cards: each unit is spread as evenly as
// it can be, and so are the groups' sizes.
func deal(byUnit []Candidate, size int) [][]Candidate {
	k := (len(byUnit) + size - 1) / size
	groups := make([][]Candidate, k)
	for i, c := range byUnit {
		groups[i%k] = append(groups[i%k], c)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b Candidate) int {
			return cmp.Or(slices.Compare(a.SortKey, b.SortKey), cmp.Compare(a.PersonID, b.PersonID))
		})
	}
	return groups
}
