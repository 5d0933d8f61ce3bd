package rollout

import (
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/planning"
)

// Slot is when a group could go, and who could hold it: one day per course day.
// TrainerID is 0 when the plan names nobody.
type Slot struct {
	Days      []clock.Day
	TrainerID int64
}

// notice is how long ahead a proposed day is, so that people can prepare.
const notice = 14

// Propose finds a slot for each group: on workdays, spread evenly over the
// plan's time from when all units of the group have started, two weeks ahead if
// there is time for that; the trainers take turns. Where the time is too short,
// groups share days; who plans sees the clashes. starts is the first day that
// suits each group (see Plan.StartsFor), days the number of course days.
func (p Plan) Propose(starts []clock.Day, days int, today clock.Day) []Slot {
	earliest := min(max(p.From, today+notice), max(p.Until, today+1))
	workdays := workdays(earliest, max(p.Until, earliest))
	order := make([]int, len(starts))
	for i := range order {
		order[i] = i
	}
	// Who may begin first goes first.
	slices.SortStableFunc(order, func(a, b int) int { return int(starts[a] - starts[b]) })
	slots := make([]Slot, len(starts))
	before := -1
	for n, i := range order {
		at := n * len(workdays) / len(order)
		if len(order) <= len(workdays) { // a day each, as long as there are days
			at = min(max(at, before+1), len(workdays)-1)
		}
		for at < len(workdays)-1 && workdays[at] < starts[i] {
			at++
		}
		before = at
		day := workdays[at]
		for range max(1, days) {
			slots[i].Days = append(slots[i].Days, day)
			day = NextWorkday(day + 1)
		}
		if len(p.Trainers) > 0 {
			slots[i].TrainerID = p.Trainers[n%len(p.Trainers)].PersonID
		}
	}
	return slots
}

// StartsFor is the day from which all units of the group have started.
func (p Plan) StartsFor(group []Member) clock.Day {
	start := p.From
	for _, m := range group {
		start = max(start, p.StartOf(m.UnitID))
	}
	return start
}

// workdays are those of the time, and the next one when it has none.
func workdays(from, until clock.Day) (all []clock.Day) {
	for d := NextWorkday(from); d <= until; d = NextWorkday(d + 1) {
		all = append(all, d)
	}
	if all == nil {
		all = append(all, NextWorkday(from))
	}
	return all
}

// NextWorkday is the day itself, or the first after it that is neither in a
// weekend nor a holiday.
func NextWorkday(d clock.Day) clock.Day {
	for planning.Weekend(d) || planning.Holiday(d) != "" {
		d++
	}
	return d
}

// Regroup moves the chosen people to the group at to; one past the last makes a
// new group. The others stay where they are, and so do groups that nobody is left
// in: the caller knows what else belongs to them.
func Regroup(groups [][]int64, chosen []int64, to int) [][]int64 {
	if to < 0 || to > len(groups) {
		return groups
	}
	moves := make(map[int64]bool, len(chosen))
	for _, person := range chosen {
		moves[person] = true
	}
	moved := make([][]int64, max(len(groups), to+1))
	var movers []int64
	for i, g := range groups {
		for _, person := range g {
			switch {
			case i != to && moves[person]:
				movers = append(movers, person)
			default:
				moved[i] = append(moved[i], person)
			}
		}
	}
	moved[to] = append(moved[to], movers...)
	return moved
}
