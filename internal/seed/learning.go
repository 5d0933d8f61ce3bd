package seed

import (
	"cmp"
	"slices"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/survey"
)

func sortDays(days []clock.Day) { slices.Sort(days) }

// sortBy sorts and leaves equals in their order.
func sortBy[T any, K cmp.Ordered](all []T, key func(T) K) {
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

type completion struct {
	person *person
	course *course
	on     clock.Day
	source learning.Source
	round  *round
}

// complete writes down a completion, unless the person has one of the course.
func (p *plan) complete(who *person, c *course, on clock.Day, g *round) {
	if who.done&(1<<c.bit) != 0 {
		return
	}
	who.done |= 1 << c.bit
	p.completions = append(p.completions, completion{who, c, on, learning.Round, g})
}

// Of 300 000 people a million completions.
const (
	completionsNumerator   = 10
	completionsDenominator = 3
)

// learn makes the completions that no round gave: of what is on the web, in the
// municipality or at the workplace. Those courses that come first have been
// taken by most.
func (p *plan) learn() {
	type chance struct {
		person *person
		course *course
		from   clock.Day
		until  clock.Day
		weight int
	}
	var all []chance
	weights := 0
	for _, j := range p.journeys {
		var own []*course
		for _, c := range p.courses {
			if c.in(j) && c.delivery != catalogue.Regional && c.delivery != catalogue.National {
				own = append(own, c)
			}
		}
		for _, who := range p.people {
			if who.journey < 0 || p.journeys[who.journey] != j {
				continue
			}
			keen := 500 + p.IntN(1000)
			for i, c := range own {
				from := max(who.opened, c.published)
				if p.chance(250) {
					from = max(who.from, c.published) // before there was an account: brought in from elsewhere
				}
				until := who.lastDay(p.today - 1)
				if from > until {
					continue
				}
				ch := chance{who, c, from, until, keen * (15*len(own) - 8*i) / len(own)}
				all = append(all, ch)
				weights += ch.weight
			}
		}
	}
	missing := len(p.people)*completionsNumerator/completionsDenominator - len(p.completions)
	for _, ch := range all {
		if p.Int64N(int64(weights)) >= int64(ch.weight)*int64(missing) {
			continue
		}
		c := completion{person: ch.person, course: ch.course, on: p.between(ch.from, ch.until), source: learning.Local}
		switch {
		case c.on < ch.person.opened:
			c.source = learning.Import
		case ch.course.delivery == catalogue.Web:
			c.source = learning.Web
		}
		p.completions = append(p.completions, c)
	}
	sortBy(p.completions, func(c completion) int64 { return c.person.id<<20 + int64(c.on) })
}

type response struct {
	person *person
	course *course
	on     clock.Day
	grade  int
	text   string
}

var remarks = []string{"", "", "", "", "Bra exempel från vardagen.", "Mer tid för samtal i grupp, tack.", "Lagom långt.", "Svårt att hinna med förberedelserna."}

// ask lets one in fifteen answer the evaluation, more of them after a round;
// most are satisfied.
func (p *plan) ask() {
	cumulative := []int{330, 780, 920, 980, 1000}
	for _, c := range p.completions {
		perMille := 45
		if c.source == learning.Round {
			perMille = 200
		}
		if c.source == learning.Import || !p.chance(perMille) {
			continue
		}
		grade, n := 0, p.IntN(1000)
		for n >= cumulative[grade] {
			grade++
		}
		p.responses = append(p.responses, response{
			c.person, c.course, p.between(c.on, min(c.on+14, p.today)), min(grade, len(survey.Grades)-1), pick(p, remarks),
		})
	}
}
