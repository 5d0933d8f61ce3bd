package seed

import (
	"fmt"
	"time"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	roundpkg "yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// Of 300 000 people 20 000 course days.
const peoplePerDay = 15

type round struct {
	id     int64
	course *course
	region *region // nil: national
	label  string
	place  string

	created, signupFrom, signupUntil clock.Day
	published, confirmed, cancelled  *clock.Instant
	by                               *person // who runs it
	days                             []*courseDay
	seats                            []*seat
}

type courseDay struct {
	id       int64
	day      clock.Day
	held     bool
	trainers []holder
}

type holder struct {
	person  *person
	role    trainer.Role
	present bool
}

type seat struct {
	id        int64
	person    *person
	at        clock.Instant
	by        *person
	withdrawn *clock.Instant
	marks     []mark // of the held days, in order
	approved  *clock.Day
}

type mark struct {
	roundpkg.Mark
	exempt bool
}

type teamMember struct {
	person *person
	course *course
	region *region
	on     clock.Day
}

// give makes the rounds: of each course in each region in proportion to those
// whom it is for and to the time that it has been there, and of a national
// course for all.
func (p *plan) give() {
	for _, r := range p.regions {
		for _, members := range r.members {
			p.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		}
	}
	type series struct {
		course *course
		region *region
		from   clock.Day
		weight int // people × days of time
	}
	var all []series
	days := 0
	end := p.endOfComingTerm()
	for _, c := range p.courses {
		from := max(c.published, min(clock.Date(2023, time.January, 9), p.today.AddDate(-2, 0, 0)))
		if c.delivery != catalogue.Regional && c.delivery != catalogue.National || end-from < 30 {
			continue
		}
		places := p.regions
		if c.delivery == catalogue.National {
			places = []*region{nil}
		}
		for _, r := range places {
			n := p.meant(c, r)
			if r == nil {
				n /= 4 // fewer take a national course
			}
			if n < 4 {
				continue
			}
			s := series{c, r, from, n * int(end-from)}
			days += s.weight * c.Days
			all = append(all, s)
		}
	}
	target := len(p.people) / peoplePerDay
	given := 0 // weight so far, so that the roundings even out
	for _, s := range all {
		n := (given+s.weight)*target/days - given*target/days
		given += s.weight
		p.giveSeries(s.course, s.region, s.from, end, n)
	}
	p.number()
}

// endOfComingTerm is the last day of the term after today's.
func (p *plan) endOfComingTerm() clock.Day {
	if year, month, _ := p.today.Date(); month < time.July {
		return clock.Date(year, time.December, 15)
	} else {
		return clock.Date(year+1, time.June, 10)
	}
}

// meant is how many in the region, or the country, the course is for.
func (p *plan) meant(c *course, r *region) int {
	n := 0
	for _, each := range p.regions {
		if r != nil && each != r {
			continue
		}
		for j, members := range each.members {
			if !c.in(p.journeys[j]) {
				continue
			}
			if c.managers {
				n += len(members) / perUnit
			} else {
				n += len(members)
			}
		}
	}
	return n
}

// candidates walks round and round through those whom a course is for.
type candidates struct {
	people []*person
	next   int
}

// take is the next one that fits, or nil when a whole turn found none.
func (c *candidates) take(fits func(*person) bool) *person {
	for range c.people {
		each := c.people[c.next%len(c.people)]
		c.next++
		if fits(each) {
			return each
		}
	}
	return nil
}

func (p *plan) candidates(c *course, r *region) *candidates {
	var all []*person
	for _, each := range p.regions {
		if r != nil && each != r {
			continue
		}
		for j, members := range each.members {
			if !c.in(p.journeys[j]) {
				continue
			}
			for _, m := range members {
				if !c.managers || m.manager {
					all = append(all, m)
				}
			}
		}
	}
	return &candidates{all, p.IntN(max(1, len(all)))}
}

func (p *plan) giveSeries(c *course, r *region, from, end clock.Day, n int) {
	if n == 0 {
		return
	}
	starts := make([]clock.Day, n)
	for i := range starts {
		for starts[i] = p.between(from, end); !workday(starts[i]); {
			starts[i] = p.between(from, end)
		}
	}
	sortDays(starts)
	people := p.candidates(c, r)
	team := p.team(c, r, people, starts[0], n)
	inTerm := map[string]int{}
	for i, first := range starts {
		term := term(first)
		inTerm[term]++
		g := &round{course: c, region: r, label: fmt.Sprintf("%s, omgång %d", term, inTerm[term]), place: "Digitalt"}
		g.by = p.nationals[0]
		if r != nil {
			g.by = r.staff[p.IntN(2)]
			g.place = "Utbildningslokal i " + pick(p, r.municipalities).name
		}
		day := first
		for range c.Days {
			g.days = append(g.days, &courseDay{day: day})
			for day += clock.Day(7 + p.Int32N(14)); !workday(day); {
				day++
			}
		}
		p.schedule(g)
		p.staff(g, team, i)
		p.fill(g, people, team)
		p.hold(g)
		p.rounds = append(p.rounds, g)
	}
}

// workday tells whether courses are given on the day.
func workday(d clock.Day) bool {
	_, month, day := d.Date()
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false
	}
	return month != time.July && (month != time.June || day < 20) && (month != time.August || day > 14) &&
		(month != time.December || day < 18) && (month != time.January || day > 7)
}

func term(d clock.Day) string {
	if year, month, _ := d.Date(); month < time.July {
		return fmt.Sprintf("Våren %d", year)
	} else {
		return fmt.Sprintf("Hösten %d", year)
	}
}

func (g *round) first() clock.Day { return g.days[0].day }
func (g *round) last() clock.Day  { return g.days[len(g.days)-1].day }

// schedule sets what happens before the first day, as far as it has happened.
func (p *plan) schedule(g *round) {
	first := g.first()
	g.signupFrom, g.signupUntil = first-90, first-14
	g.created = min(first-120, p.today-p.between(1, 20))
	happened := func(day clock.Day, hour int) *clock.Instant {
		at := day.At(hour, 0)
		if at > p.now {
			return nil
		}
		return &at
	}
	g.published = happened(first-95, 9)
	if p.chance(30) {
		g.cancelled = happened(first-12, 13)
		return
	}
	g.confirmed = happened(first-12, 10)
}

// team is who holds the course in the region, the RSS's own trainer last.
func (p *plan) team(c *course, r *region, people *candidates, first clock.Day, rounds int) []*person {
	if r == nil {
		return p.nationals[3:5]
	}
	var team []*person
	on := min(first-60, p.today-1)
	size := min(3+rounds/8, 60, len(people.people)/3)
	chosen := map[*person]bool{}
	for len(team) < size {
		t := people.take(func(n *person) bool { return !chosen[n] && n.opened <= p.today-1 && n.left == nil })
		if t == nil {
			break
		}
		chosen[t] = true
		team = append(team, t)
		joined := max(on, t.opened)
		p.teams = append(p.teams, teamMember{t, c, r, joined})
		if t.trainer == nil || *t.trainer > joined {
			t.trainer = &joined
		}
	}
	rss := r.staff[2]
	p.teams = append(p.teams, teamMember{rss, c, r, max(on, rss.from)})
	return append(team, rss)
}

// staff lets two or three of the team hold the round's days in turn: mostly
// municipal trainers, sometimes with the RSS's own, seldom that one alone.
func (p *plan) staff(g *round, team []*person, turn int) {
	municipal, rss := team[:len(team)-1], team[len(team)-1]
	var chosen []*person
	for i := range min(2+p.IntN(2), len(municipal)) {
		t := municipal[(turn*2+i)%len(municipal)]
		if t.opened <= g.first() {
			chosen = append(chosen, t)
		}
	}
	switch {
	case len(chosen) == 0 || p.chance(10):
		chosen = []*person{rss}
	case p.chance(120):
		chosen[p.IntN(len(chosen))] = rss
	}
	for _, d := range g.days {
		for i, t := range chosen {
			role := trainer.Assistant
			if i == 0 {
				role = trainer.Lead
			}
			d.trainers = append(d.trainers, holder{t, role, !p.chance(20)})
		}
	}
}

const (
	capacity = 24
	minimum  = 8
)

// fill signs people up: those of the region whom the course is for and who have
// not done it, as far as sign-up has come.
func (p *plan) fill(g *round, people *candidates, team []*person) {
	until := min(g.signupUntil, p.today-1)
	if g.published == nil || until < g.signupFrom {
		return
	}
	n := 10 + p.IntN(13)
	if g.cancelled != nil {
		n = 3 + p.IntN(4)
	} else if until < g.signupUntil {
		n = n * int(until-g.signupFrom) / int(g.signupUntil-g.signupFrom)
	}
	// Small regions keep some of their people for other rounds.
	n = min(n, max(1, len(people.people)/2))
	taken := map[*person]bool{}
	for _, t := range team {
		taken[t] = true
	}
	for i := range n {
		who := people.take(func(n *person) bool {
			return !taken[n] && n.opened <= g.signupUntil-7 && n.opened <= until && (n.left == nil || *n.left > g.last()+30) && n.done&(1<<g.course.bit) == 0
		})
		if who == nil {
			break
		}
		taken[who] = true
		s := &seat{person: who, by: who, at: p.between(max(g.signupFrom, who.opened), until).At(8+p.IntN(9), p.IntN(60))}
		if p.chance(500) {
			s.by = who.unit.manager
		}
		if i > 1 && p.chance(40) {
			withdrawn := s.at.Add(time.Duration(1+p.IntN(6)) * time.Hour)
			s.withdrawn = &withdrawn
		}
		g.seats = append(g.seats, s)
	}
}

// hold marks the days that have been, and approves those who attended them all.
func (p *plan) hold(g *round) {
	if g.cancelled != nil || g.confirmed == nil {
		return
	}
	held := 0
	for _, d := range g.days {
		// The newest lists are not all saved yet, and a list is saved before the next day's.
		d.held = d.day < p.today && held == indexOf(g.days, d) && (d.day < p.today-7 || p.chance(500))
		if d.held {
			held++
		}
	}
	for _, s := range g.seats {
		if s.withdrawn != nil {
			continue
		}
		attended := 0
		for range held {
			m := p.mark()
			if m.Attended() {
				attended++
			}
			s.marks = append(s.marks, m)
		}
		on := g.last() + clock.Day(p.Int32N(8))
		if attended < len(g.days) || on >= p.today || p.chance(20) {
			continue
		}
		s.approved = &on
		p.complete(s.person, g.course, on, g)
	}
}

func indexOf(days []*courseDay, d *courseDay) int {
	for i, each := range days {
		if each == d {
			return i
		}
	}
	return -1
}

func (p *plan) mark() mark {
	switch n := p.IntN(1000); {
	case n < 915:
		return mark{roundpkg.Present, p.chance(4)}
	case n < 940:
		return mark{roundpkg.Late, false}
	case n < 975:
		return mark{roundpkg.Excused, false}
	}
	return mark{roundpkg.Absent, false}
}

// number gives everything its identity, the rounds in the order in which they
// were made.
func (p *plan) number() {
	sortBy(p.rounds, func(g *round) int64 { return int64(g.created)<<32 + int64(g.first()) })
	var day, seat int64
	for i, g := range p.rounds {
		g.id = int64(i + 1)
		for _, d := range g.days {
			day++
			d.id = day
		}
		for _, s := range g.seats {
			seat++
			s.id = seat
		}
	}
}
