package publication_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/publication"
)

const a, b, c int64 = 1, 2, 3 // regions; 0 is nowhere

// answers are how many came from each region before a publication.
type answers map[int64]int

// publish makes a publication of each: the first on day 1, the second on day 2 …
func publish(all []answers) []publication.Batch {
	var batches []publication.Batch
	for i, came := range all {
		for region := range int64(10) {
			if came[region] > 0 {
				batches = append(batches, publication.Batch{Region: region, Answers: came[region]})
			}
		}
		publication.Advance(batches, clock.Day(i+1))
	}
	return batches
}

// shown is a figure of the country (region 0) or of a region on a day.
func shown(batches []publication.Batch, region int64, day clock.Day) (n int) {
	for _, x := range batches {
		switch {
		case region == 0 && x.National != 0 && x.National <= day, region != 0 && x.Region == region && x.Regional != 0 && x.Regional <= day:
			n += x.Answers
		}
	}
	return n
}

func TestWhatAPublicationShows(t *testing.T) {
	for _, test := range []struct {
		name string
		came []answers
		want string // a publication each: the country, a, b, c
	}{
		{"four answers are not shown", []answers{{a: 4}}, "0 0 0 0"},
		{"five are", []answers{{a: 5}}, "5 5 0 0"},
		{"four more wait", []answers{{a: 5}, {a: 4}}, "5 5 0 0; 5 5 0 0"},
		{"five more are added", []answers{{a: 5}, {a: 5}}, "5 5 0 0; 10 10 0 0"},
		{"those that waited come with the next", []answers{{a: 5}, {a: 4}, {a: 1}}, "5 5 0 0; 5 5 0 0; 10 10 0 0"},
		{"a region with four is the country's alone", []answers{{a: 4, b: 6}}, "10 0 0 0"},
		{"the rest of the country has to be five, too", []answers{{a: 5, b: 6}}, "11 5 6 0"},
		{"of two with few each the third is shown", []answers{{a: 3, b: 2, c: 7}}, "12 0 0 7"},
		{"of two with too few together it is not", []answers{{a: 2, b: 2, c: 7}}, "11 0 0 0"},
		{"of those that could be shown the smaller is held back", []answers{{a: 1, b: 9, c: 7}}, "17 0 9 0"},
		{"nowhere is a rest, too", []answers{{a: 9, 0: 4}}, "13 0 0 0"},
		{"nowhere is never a region", []answers{{a: 9, 0: 5}}, "14 9 0 0"},
		{"a rest that was too few then is so later, too", []answers{{a: 9, b: 4}, {b: 5}}, "13 0 0 0; 18 0 0 0"},
		{"until the region has more of its own", []answers{{a: 9, b: 4}, {a: 1, b: 4}}, "13 0 0 0; 18 10 8 0"},
		{"what the country gets beside its regions' is five, too", []answers{{a: 5, b: 5}, {a: 5, b: 4}}, "10 5 5 0; 19 5 5 0"},
		{"one publication may not tell of the one before", []answers{{a: 3, b: 5}, {a: 2, b: 5}}, "8 0 0 0; 15 5 10 0"},
		{"two publications with one between them tell no more", []answers{{a: 4, b: 1}, {b: 6}, {a: 4, c: 1}}, "5 0 0 0; 11 0 0 0; 16 0 0 0"},
		{"without a region each publication counts alone", []answers{{0: 5}, {0: 4}, {0: 4}}, "5 0 0 0; 5 0 0 0; 13 0 0 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			batches := publish(test.came)
			var got []string
			for day := range test.came {
				var figures []string
				for _, region := range []int64{0, a, b, c} {
					figures = append(figures, fmt.Sprint(shown(batches, region, clock.Day(day+1))))
				}
				got = append(got, strings.Join(figures, " "))
			}
			if got := strings.Join(got, "; "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// drawn are up to six publications with answers from four places.
func drawn(t *rapid.T) []answers {
	most := rapid.SampledFrom([]int{3, 6, 12}).Draw(t, "most")
	all := make([]answers, rapid.IntRange(1, 6).Draw(t, "publications"))
	for i := range all {
		all[i] = answers{}
		for region := range int64(4) {
			all[i][region] = rapid.IntRange(0, most).Draw(t, "answers")
		}
	}
	return all
}

// figure is a published set: the answers that a place shows on a day.
type figure struct {
	name string
	of   []bool // by answer
}

// figures are all those that somebody who sees everything can ask for, answer by
// answer. An answer that has not been published stands in none.
func figures(batches []publication.Batch, days int) []figure {
	var all []figure
	for region := range int64(4) {
		for day := clock.Day(1); day <= clock.Day(days); day++ {
			f := figure{name: fmt.Sprintf("place %d on day %d", region, day)}
			for _, x := range batches {
				in := region == 0 && x.National != 0 && x.National <= day || region != 0 && x.Region == region && x.Regional != 0 && x.Regional <= day
				for range x.Answers {
					f.of = append(f.of, in)
				}
			}
			all = append(all, f)
		}
	}
	return all
}

func count(of []bool) (n int) {
	for _, in := range of {
		if in {
			n++
		}
	}
	return n
}

// less is x without y; false unless y is a part of x.
func less(x, y []bool) ([]bool, bool) {
	rest := slices.Clone(x)
	for i := range y {
		if y[i] && !x[i] {
			return nil, false
		}
		rest[i] = x[i] && !y[i]
	}
	return rest, true
}

func few(n int) bool { return 0 < n && n < publication.Fewest }

func TestNoDifferenceTellsOfFewerThanFive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		came := drawn(t)
		all := figures(publish(came), len(came))
		var growths []figure // of a figure, from any day to any other
		for _, x := range all {
			if few(count(x.of)) {
				t.Fatalf("%s is %d answers", x.name, count(x.of))
			}
			growths = append(growths, x)
			for _, y := range all {
				rest, ok := less(x.of, y.of)
				if !ok {
					continue
				}
				if few(count(rest)) {
					t.Fatalf("%s less %s is %d answers", x.name, y.name, count(rest))
				}
				growths = append(growths, figure{x.name + " less " + y.name, rest})
			}
		}
		// From each that is left others can be taken away, one after the other:
		// the country less its regions, and so for what came between two days.
		for _, x := range growths {
			rest, name := x.of, x.name
			for _, i := range rapid.Permutation(seq(len(growths))).Draw(t, "order") {
				if next, ok := less(rest, growths[i].of); ok && count(growths[i].of) > 0 {
					rest, name = next, name+", less "+growths[i].name
					if few(count(rest)) {
						t.Fatalf("%s is %d answers", name, count(rest))
					}
				}
			}
		}
	})
}

func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Every sum of published figures, with whatever weights, is a weight per answer:
// that of the step into the country less that of the step into the region. The
// answers that are left are a union of cuts, so all cuts are tried.
func TestNoSumOfFiguresRestsOnFewerThanFive(t *testing.T) {
	type step struct {
		region int64
		on     clock.Day
	}
	rapid.Check(t, func(t *rapid.T) {
		came := drawn(t)
		batches := publish(came[:min(len(came), 3)])
		steps := map[step]int{}
		at := func(region int64, on clock.Day) int {
			if on == 0 {
				return -1 // waits: no figure has it
			}
			s := step{region, on}
			if _, ok := steps[s]; !ok {
				steps[s] = len(steps)
			}
			return steps[s]
		}
		type line struct{ country, region, answers int }
		var lines []line
		for _, x := range batches {
			lines = append(lines, line{at(0, x.National), at(x.Region, x.Regional), x.Answers})
		}
		for chosen := range uint(1) << len(steps) {
			in := func(i int) bool { return i >= 0 && chosen>>i&1 == 1 }
			left := 0
			for _, l := range lines {
				if in(l.country) != in(l.region) {
					left += l.answers
				}
			}
			if few(left) {
				t.Fatalf("%d steps together rest on %d answers of %+v", bits.OnesCount(chosen), left, batches)
			}
		}
	})
}

func TestNothingIsHeldBackWithoutNeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches := publish(drawn(t))
		for region := range int64(4) {
			more, moved := slices.Clone(batches), false
			for i, x := range batches {
				switch {
				case region == 0 && x.National == 0:
					more[i].National, moved = 9, true
				case region != 0 && x.Region == region && x.Regional == 0:
					more[i].Regional, moved = 9, true
				}
			}
			if moved && publication.Safe(more) {
				t.Fatalf("place %d waits without need in %+v", region, batches)
			}
		}
	})
}

func TestWhatWasPublishedStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		came := drawn(t)
		then := publish(came[:len(came)-1])
		now := publish(came)
		for _, region := range []int64{0, a, b, c} {
			for day := clock.Day(1); day < clock.Day(len(came)); day++ {
				if x, y := shown(then, region, day), shown(now, region, day); x != y {
					t.Errorf("region %d on day %d showed %d, later %d", region, day, x, y)
				}
			}
		}
	})
}

func TestPublicationsAreMadeAtTheEndOfATerm(t *testing.T) {
	for _, test := range []struct{ day, want clock.Day }{
		{clock.Date(2026, 1, 1), clock.Date(2026, 6, 30)},
		{clock.Date(2026, 6, 30), clock.Date(2026, 6, 30)},
		{clock.Date(2026, 7, 1), clock.Date(2026, 12, 31)},
		{clock.Date(2026, 12, 31), clock.Date(2026, 12, 31)},
	} {
		if got := publication.Next(test.day); got != test.want {
			t.Errorf("after %s comes %s, want %s", test.day, got, test.want)
		}
	}
}

// of are answers from a region on an edition.
type of struct{ region, edition int64 }

// publishEditions is publish with answers on editions.
func publishEditions(all []map[of]int) []publication.Batch {
	var batches []publication.Batch
	for i, came := range all {
		for region := range int64(4) {
			for edition := range int64(4) {
				if n := came[of{region, edition}]; n > 0 {
					batches = append(batches, publication.Batch{Region: region, Edition: edition, Answers: n})
				}
			}
		}
		publication.Advance(batches, clock.Day(i+1))
	}
	return batches
}

func TestWhatIsToldApartByEdition(t *testing.T) {
	for _, test := range []struct {
		name string
		came []map[of]int
		want string // a publication each: the first, second and third edition
	}{
		{"of one edition there is nothing to tell apart", []map[of]int{{{a, 1}: 5}}, "5 0 0"},
		{"five of each are told apart", []map[of]int{{{a, 1}: 9, {b, 2}: 5}}, "9 5 0"},
		{"four are not", []map[of]int{{{a, 1}: 9, {b, 2}: 4}}, "0 0 0"},
		{"nor are they with what comes later", []map[of]int{{{a, 1}: 9, {a, 2}: 4}, {{a, 1}: 9, {a, 2}: 5}}, "0 0 0; 9 5 0"},
		{"what comes later less its region may tell of them", []map[of]int{{{a, 1}: 9, {b, 2}: 4}, {{a, 1}: 9, {b, 2}: 5}}, "0 0 0; 0 0 0"},
		{"those of whom nobody knows are a rest", []map[of]int{{{a, 1}: 9, {b, 0}: 4}}, "0 0 0"},
		{"which may be large enough", []map[of]int{{{a, 1}: 9, {b, 0}: 5}}, "9 0 0"},
		{"an edition less its region tells of four", []map[of]int{{{a, 1}: 9, {b, 1}: 5, {b, 2}: 9, {a, 2}: 4}}, "14 13 0"},
		{"an edition that is a region but for two", []map[of]int{{{a, 1}: 9, {a, 2}: 2, {b, 2}: 9}}, "0 0 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			batches := publishEditions(test.came)
			var got []string
			for day := range test.came {
				sums := map[int64]int{}
				for _, x := range batches {
					if x.Apart != 0 && x.Apart <= clock.Day(day+1) {
						sums[x.Edition] += x.Answers
					}
				}
				got = append(got, fmt.Sprint(sums[1], sums[2], sums[3]))
			}
			if got := strings.Join(got, "; "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A published figure is of the country, of a region or of an edition, on a day: whatever
// weights one gives them, each answer gets the sum of those that it stands in, and of the
// answers that get another sum than none there are never one to four.
func TestNoSumWithEditionsRestsOnFewerThanFive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{3, 6, 12}).Draw(t, "most")
		came := make([]map[of]int, rapid.IntRange(1, 3).Draw(t, "publications"))
		for i := range came {
			came[i] = map[of]int{}
			for region := range int64(3) {
				for edition := range int64(3) {
					came[i][of{region, edition}] = rapid.IntRange(0, most).Draw(t, "answers")
				}
			}
		}
		batches := publishEditions(came)
		type figure struct {
			kind string
			of   int64
			day  clock.Day
		}
		in := func(f figure, x publication.Batch) bool {
			switch f.kind {
			case "country":
				return x.National != 0 && x.National <= f.day
			case "region":
				return x.Region == f.of && x.Regional != 0 && x.Regional <= f.day
			}
			return x.Edition == f.of && x.Apart != 0 && x.Apart <= f.day
		}
		var all []figure
		for day := clock.Day(1); day <= clock.Day(len(came)); day++ {
			all = append(all, figure{"country", 0, day}, figure{"region", 1, day}, figure{"region", 2, day}, figure{"edition", 0, day}, figure{"edition", 1, day}, figure{"edition", 2, day})
		}
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "weights"), 1))
		for range 300 {
			weights := make([]int, len(all))
			for i := range weights {
				weights[i] = dice.IntN(3) - 1
			}
			left := 0
			for _, x := range batches {
				sum := 0
				for i, f := range all {
					if in(f, x) {
						sum += weights[i]
					}
				}
				if sum != 0 {
					left += x.Answers
				}
			}
			if few(left) {
				t.Fatalf("%v of %v rest on %d answers of %+v", weights, all, left, batches)
			}
		}
	})
}
