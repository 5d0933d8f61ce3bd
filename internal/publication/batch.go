package publication

import (
	"cmp"
	"maps"
	"slices"

	"yrkesresan/internal/clock"
)

// Fewest is the smallest number of answers that is shown, or told apart from
// others (domain.md, "Surveys"): nobody may be identifiable in a small group.
const Fewest = 5

// Batch is answers to one question, from one region and on one edition, that have
// been published together so far.
type Batch struct {
	ID       int64
	Region   int64     // 0: of people who were employed nowhere
	Edition  int64     // of the course that they had taken; 0: nobody knows, or not of a course
	National clock.Day // the publication since which they count in the country, 0 while they wait for one
	Regional clock.Day // and in the region
	Apart    clock.Day // and since which those that came into the country's figure with them are told apart by edition
	Answers  int
}

// Advance is the publication of a question on the day, given its batches: those
// that waited are published in the country and in their region, where that is
// safe. The country comes first, then the regions, the one with the most waiting
// first. A figure takes all that waits for it or nothing, and none is left that
// could take it. Then what came into the country's figure together is told apart by
// edition, where that is safe, too: all of it or nothing.
func Advance(batches []Batch, day clock.Day) {
	waiting := map[int64]int{}
	for _, b := range batches {
		if b.Region != 0 && b.Regional == 0 {
			waiting[b.Region] += b.Answers
		}
	}
	regions := slices.SortedFunc(maps.Keys(waiting), func(a, b int64) int {
		return cmp.Or(cmp.Compare(waiting[b], waiting[a]), cmp.Compare(a, b))
	})
	for more := true; more; {
		more = advance(batches, day, func(b *Batch) *clock.Day { return &b.National })
		for _, region := range regions {
			more = advance(batches, day, func(b *Batch) *clock.Day {
				if b.Region != region {
					return nil
				}
				return &b.Regional
			}) || more
		}
	}
	for _, on := range together(batches) {
		advance(batches, day, func(b *Batch) *clock.Day {
			if b.National != on {
				return nil
			}
			return &b.Apart
		})
	}
}

// together are the publications whose answers in the country's figure are of known
// editions and not told apart yet, in their order.
func together(batches []Batch) (all []clock.Day) {
	for _, b := range batches {
		if b.National != 0 && b.Apart == 0 && b.Edition != 0 && !slices.Contains(all, b.National) {
			all = append(all, b.National)
		}
	}
	slices.Sort(all)
	return all
}

// advance publishes what waits in one figure, unless that would not be safe, and
// tells whether it did. in is the batch's day in the figure, nil when the figure
// has no part of it.
func advance(batches []Batch, day clock.Day, in func(*Batch) *clock.Day) bool {
	var moved []*clock.Day
	for i := range batches {
		if at := in(&batches[i]); at != nil && *at == 0 {
			*at = day
			moved = append(moved, at)
		}
	}
	if len(moved) == 0 || Safe(batches) {
		return len(moved) > 0
	}
	for _, at := range moved {
		*at = 0
	}
	return false
}

// step is what one publication added to one figure: the country's when region is
// 0, and to that of an edition in the country once these are told apart. The zero
// step is all that waits.
type step struct {
	region, edition int64
	on              clock.Day
}

// Safe tells whether nothing can be worked out of fewer than Fewest answers from
// the figures, whatever sums and differences one makes of them and of their days.
//
// The steps are the corners of a graph, and every answer is a line: from the step
// that brought it into the country's figure to the one that brought it into its
// region's. Whatever one makes of the figures, answers cancel out but for those
// whose line leads from one set of steps to another: a cut. So no cut may have
// fewer than Fewest lines, but those that have none.
func Safe(batches []Batch) bool {
	corners := map[step]int{{}: 0}
	lines := []map[int]int{{}} // by corner, to each other, how many
	corner := func(s step) int {
		if _, ok := corners[s]; !ok {
			corners[s] = len(lines)
			lines = append(lines, map[int]int{})
		}
		return corners[s]
	}
	for _, b := range batches {
		var country, region step
		if b.National != 0 {
			country = step{on: b.National}
			if b.Apart != 0 {
				country.edition = b.Edition
			}
		}
		if b.Regional != 0 {
			region = step{region: b.Region, on: b.Regional}
		}
		if u, v := corner(country), corner(region); u != v && b.Answers > 0 {
			lines[u][v] += b.Answers
			lines[v][u] += b.Answers
		}
	}
	// Corners that enough lines join are made one. Most are joined directly.
	for joined := true; joined; {
		joined = false
		for u := range lines {
			for v, n := range lines[u] {
				if n >= Fewest {
					merge(lines, u, v)
					joined = true
					break
				}
			}
		}
	}
	for first := range lines {
		for len(lines[first]) > 0 {
			before, last, held := weakest(lines, first)
			if held < Fewest {
				return false
			}
			merge(lines, before, last)
		}
	}
	return true
}

// weakest are two corners that hang together with first, and the fewest lines
// that part them: a step of Stoer and Wagner's minimum cut. The corners are taken
// in the order of how strongly each hangs together with those taken before; what
// holds the last one is the smallest cut between it and the one before. If it is
// enough, the two may be made one, and so on until nothing is left to part.
func weakest(lines []map[int]int, first int) (before, last, held int) {
	last = first
	pull, taken := maps.Clone(lines[first]), map[int]bool{first: true}
	for len(pull) > 0 {
		before, last, held = last, 0, 0
		for v, n := range pull {
			if n > held {
				last, held = v, n
			}
		}
		delete(pull, last)
		taken[last] = true
		for v, n := range lines[last] {
			if !taken[v] {
				pull[v] += n
			}
		}
	}
	return before, last, held
}

// merge makes one corner of two.
func merge(lines []map[int]int, into, from int) {
	for v, n := range lines[from] {
		delete(lines[v], from)
		if v != into {
			lines[v][into] += n
			lines[into][v] += n
		}
	}
	clear(lines[from])
}
