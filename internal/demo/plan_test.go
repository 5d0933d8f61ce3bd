package demo

import (
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
)

func TestThePlanHoldsTogetherOnAnyDay(t *testing.T) {
	days := []clock.Day{clock.Date(2024, 1, 1), clock.Date(2031, 2, 28)}
	for day := population.LastHistory; day < population.LastHistory+400; day += 9 {
		days = append(days, day)
	}
	for _, today := range days {
		t.Run(today.String(), func(t *testing.T) {
			p, err := newPlan(today)
			if err != nil {
				t.Fatal(err)
			}
			now := max(today, population.LastHistory)
			type booking struct {
				who *population.Person
				day clock.Day
			}
			booked := map[booking]string{}
			book := func(who *population.Person, day clock.Day, course string) {
				if other, taken := booked[booking{who, day}]; taken {
					t.Errorf("%s %s is at %s and at %s on %s", who.Given, who.Family, other, course, day)
				}
				booked[booking{who, day}] = course
			}
			for _, r := range p.Rounds {
				if len(r.Seats) > r.Capacity {
					t.Errorf("%s, %s: %d seats of %d", r.Course, r.Label, len(r.Seats), r.Capacity)
				}
				if r.Cancelled != nil {
					continue
				}
				for i, d := range r.Days {
					if d.Held && d.Day >= now {
						t.Errorf("%s, %s: held on %s", r.Course, r.Label, d.Day)
					}
					for _, h := range d.Trainers {
						book(h.Who, d.Day, r.Course)
					}
					for _, s := range r.Seats {
						book(s.Who, d.Day, r.Course)
						if len(s.Marks) > i != d.Held {
							t.Errorf("%s, %s: marks and held days differ", r.Course, r.Label)
						}
					}
				}
				for _, s := range r.Seats {
					if s.On >= now || s.On > r.Until || s.On < r.Signup {
						t.Errorf("%s, %s: signed up on %s, open %s to %s", r.Course, r.Label, s.On, r.Signup, r.Until)
					}
					open := false
					for _, a := range s.Who.Accounts {
						open = open || a.Opened <= s.On
					}
					if !open {
						t.Errorf("%s, %s: %s signed up on %s without an account", r.Course, r.Label, s.Who.Family, s.On)
					}
				}
			}
			emails := map[string]bool{}
			for _, who := range p.People {
				if emails[who.Email] {
					t.Errorf("%s belongs to two", who.Email)
				}
				emails[who.Email] = true
				for _, a := range who.Accounts {
					if a.Opened < who.From || a.Opened >= now {
						t.Errorf("%s: account of %s, employed from %s", who.Email, a.Opened, who.From)
					}
				}
				for _, c := range who.Completions {
					if a := who.Accounts[0]; c.On < a.Opened || c.On >= now {
						t.Errorf("%s: %s on %s, account of %s", who.Email, c.Course, c.On, a.Opened)
					}
				}
			}
		})
	}
}

func TestThePlanIsTheSameEveryTime(t *testing.T) {
	today := clock.Date(2026, 11, 22)
	first, err := newPlan(today)
	if err != nil {
		t.Fatal(err)
	}
	second, err := newPlan(today)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.People) != len(second.People) || len(first.Rounds) != len(second.Rounds) {
		t.Fatal("the plans differ in size")
	}
	for i, p := range first.People {
		q := second.People[i]
		if p.Email != q.Email || p.From != q.From || len(p.Completions) != len(q.Completions) || len(p.Responses) != len(q.Responses) {
			t.Fatalf("%s became %s", p.Email, q.Email)
		}
	}
	for i, r := range first.Rounds {
		for j, s := range r.Seats {
			if other := second.Rounds[i].Seats[j]; s.Who.Email != other.Who.Email || s.On != other.On {
				t.Fatalf("%s, %s: %s became %s", r.Course, r.Label, s.Who.Email, other.Who.Email)
			}
		}
	}
}
