package rounds

import (
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/round"
)

func (s *Seat) mark(m round.Mark, reason string) {
	s.Marks = append(s.Marks, m)
	s.Reasons = append(s.Reasons, reason)
}

func (s *Seat) exemptFrom(day int, reason string) {
	if s.Exempt == nil {
		s.Exempt = map[int]string{}
	}
	s.Exempt[day] = reason
}

func (plan *Plan) cameMark() round.Mark {
	if plan.Chance(5) {
		return round.Late
	}
	return round.Present
}

func (plan *Plan) excuse() string {
	return []string{"Sjuk", "Vård av barn", "Förhandling i tingsrätten", "Akut ärende"}[plan.Dice.IntN(4)]
}

// pick chooses people for the round's seats: of the cast first, then account
// holders of the course's journey in the region, who have no seat in the course
// and nothing else on its days; those at the step before others.
func (plan *Plan) pick(r *Round, count int, level string, cast []*population.Person) ([]*population.Person, error) {
	who := slices.Clone(cast)
	var first, then []*population.Person
	for _, p := range plan.Shuffled(plan.People) {
		if p.Region != r.Region && r.Region != "" || slices.Contains(who, p) || !plan.eligible(p, r) {
			continue
		}
		at := ""
		for _, a := range p.Accounts {
			at += a.StepOn(r.Days[0].Day)
		}
		if level == "" || at == level {
			first = append(first, p)
		} else {
			then = append(then, p)
		}
	}
	if level != "" && len(first) > count {
		// A few of the others come too.
		keep := len(first) - count/8
		first, then = append(first[:keep:keep], then...), nil
		plan.Dice.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	}
	who = append(who, first...)
	who = append(who, then...)
	if len(who) < count {
		return nil, fmt.Errorf("%s, %s: %d people for %d seats", r.Course, r.Label, len(who), count)
	}
	return who[:count], nil
}

// eligible tells whether the person may be given a seat in the round.
func (plan *Plan) eligible(p *population.Person, r *Round) bool {
	if p.Taken[r.Course] != 0 || plan.isCast(p) {
		return false
	}
	open := false
	for _, a := range p.Accounts {
		if a.Opened > r.Until-3 {
			continue
		}
		switch r.Course {
		case "leda-larande-och-utveckling":
			open = open || a.Is(access.Manager)
		case "uppdrag-och-ansvar":
			open = open || a.Journey == world.SkadligtBruk && !a.Is(access.Trainer)
		case "leda-ansokan-om-lvu":
			open = open || a.Journey == world.BarnOchUnga && (a.Is(access.Manager) || a.StepOn(r.Days[0].Day) == "erfaren")
		case "lvu-for-18-20-ar":
			open = open || a.Journey == world.BarnOchUnga && a.StepOn(r.Days[0].Day) == "van"
		default:
			open = open || a.Journey == world.BarnOchUnga && a.Is(access.Employee) && !a.Is(access.Trainer)
		}
	}
	for _, d := range r.Days {
		if p.Busy[d.Day] {
			return false
		}
	}
	return open
}

// isCast tells whether somebody has a part to play and so takes no other seat.
func (plan *Plan) isCast(p *population.Person) bool {
	return p == plan.Cast.Employee || p == plan.Cast.Manager || p == plan.Cast.Mover || p == plan.Cast.NoShow || p == plan.Cast.Guest
}

// sit gives the person a seat in the round.
func (plan *Plan) sit(r *Round, p *population.Person) *Seat {
	first := r.Signup
	for _, a := range p.Accounts {
		if a.Opened >= first && a.Opened < r.Until {
			first = a.Opened + 1
		}
	}
	s := &Seat{Who: p, On: min(plan.Early(first, min(r.Until, plan.Today-1)), r.Until, plan.Today-1)}
	p.Taken[r.Course]++
	for _, d := range r.Days {
		p.Busy[d.Day] = true
	}
	r.Seats = append(r.Seats, s)
	return s
}
