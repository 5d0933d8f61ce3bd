package rounds

import (
	"fmt"
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/round"
)

// offering is a round whose participants and attendance are left to the dice.
type offering struct {
	course, label     string
	region            string // Dalarna unless told
	national          bool
	days              []clock.Day
	place             string
	capacity, minimum int
	seats             int
	level             string
	team              []Teacher // on every day
	cast              []*population.Person
	signup, until     clock.Day // 84 and 21 days before the first day unless told
	unpublished       bool
	cancelled         string // why
	unmarked          int    // so many of its last days are still without attendance
	note              string
	steady            bool // everybody comes every day
}

// meets tells whether one of the team holds another round that day.
func (o offering) meets(day clock.Day) bool {
	for _, t := range o.team {
		if t.Who.Busy[day] {
			return true
		}
	}
	return false
}

// offer lays out the round as it stands today. It takes fewer seats than asked
// for when there are no more people.
func (plan *Plan) offer(o offering) *Round {
	r := &Round{
		Course: o.course, Region: o.region, Label: o.label, Capacity: o.capacity, Minimum: o.minimum,
		Signup: o.signup, Until: o.until, Note: o.note,
	}
	if r.Region == "" && !o.national {
		r.Region = world.Dalarna
	}
	if r.Signup == 0 {
		r.Signup = population.Workday(o.days[0] - 84)
	}
	if r.Until == 0 {
		r.Until = population.Workday(o.days[0] - 21)
	}
	plan.Rounds = append(plan.Rounds, r)
	for i, day := range o.days {
		d := &Day{Day: day, Place: o.place, Held: day < plan.Today && o.cancelled == "" && i < len(o.days)-o.unmarked}
		d.Trainers = slices.Clone(o.team)
		r.Days = append(r.Days, d)
		for _, t := range o.team {
			t.Who.Busy[day] = true
		}
	}
	if o.unpublished {
		return r
	}
	published := min(r.Signup, population.Workday(plan.Today-12))
	r.Published = &published
	confirm := population.Workday(r.Until + 1)
	switch {
	case o.cancelled != "":
		cancelled := min(confirm, plan.Today-1)
		r.Cancelled, r.CancelReason = &cancelled, o.cancelled
	case confirm < plan.Today:
		r.Confirmed = &confirm
	}
	if r.Signup >= plan.Today {
		return r
	}

	count := o.seats
	who, err := plan.pick(r, count, o.level, o.cast)
	for err != nil && count > 0 {
		count--
		who, err = plan.pick(r, count, o.level, o.cast)
	}
	approve := population.Workday(o.days[len(o.days)-1] + 7)
	for _, p := range who {
		s := plan.sit(r, p)
		all := true
		for _, d := range r.Days {
			switch {
			case !d.Held:
				all = false
			case o.steady || slices.Contains(o.cast, p) || !plan.Chance(5):
				s.mark(plan.cameMark(), "")
			default:
				s.mark(round.Excused, plan.excuse())
				all = false
			}
		}
		if all && approve < plan.Today {
			s.Approved = &approve
		}
		if o.cancelled != "" {
			// Who lost their seat may try again.
			p.Taken[r.Course]--
			for _, d := range r.Days {
				p.Busy[d.Day] = false
			}
		}
	}
	return r
}

// term is the term of the day as rounds are called by it.
func term(day clock.Day) string {
	if _, month, _ := day.Date(); month < 7 {
		return fmt.Sprintf("våren %d", day.Year())
	}
	return fmt.Sprintf("hösten %d", day.Year())
}

// TermDay is the working day so many days of term after the day: July and
// Christmas, when no courses are given, do not count.
func TermDay(day clock.Day, count int) clock.Day {
	closed := func() bool {
		_, month, date := day.Date()
		return month == 7 || month == 12 && date >= 20 || month == 1 && date <= 7
	}
	for count > 0 || closed() || population.Workday(day) != day {
		if day++; !closed() {
			count--
		}
	}
	return day
}
