package demo

import (
	"testing"

	"yrkesresan/internal/clock"
)

func TestThePlanHoldsTogetherOnAnyDay(t *testing.T) {
	days := []clock.Day{clock.Date(2024, 1, 1), clock.Date(2031, 2, 28)}
	for day := lastHistory; day < lastHistory+400; day += 9 {
		days = append(days, day)
	}
	for _, today := range days {
		t.Run(today.String(), func(t *testing.T) {
			p, err := newPlan(today)
			if err != nil {
				t.Fatal(err)
			}
			now := max(today, lastHistory)
			type booking struct {
				who *person
				day clock.Day
			}
			booked := map[booking]string{}
			book := func(who *person, day clock.Day, course string) {
				if other, taken := booked[booking{who, day}]; taken {
					t.Errorf("%s %s is at %s and at %s on %s", who.given, who.family, other, course, day)
				}
				booked[booking{who, day}] = course
			}
			for _, r := range p.rounds {
				if len(r.seats) > r.capacity {
					t.Errorf("%s, %s: %d seats of %d", r.course, r.label, len(r.seats), r.capacity)
				}
				if r.cancelled != nil {
					continue
				}
				for i, d := range r.days {
					if d.held && d.day >= now {
						t.Errorf("%s, %s: held on %s", r.course, r.label, d.day)
					}
					for _, h := range d.trainers {
						book(h.who, d.day, r.course)
					}
					for _, s := range r.seats {
						book(s.who, d.day, r.course)
						if len(s.marks) > i != d.held {
							t.Errorf("%s, %s: marks and held days differ", r.course, r.label)
						}
					}
				}
				for _, s := range r.seats {
					if s.on >= now || s.on > r.until || s.on < r.signup {
						t.Errorf("%s, %s: signed up on %s, open %s to %s", r.course, r.label, s.on, r.signup, r.until)
					}
					open := false
					for _, a := range s.who.accounts {
						open = open || a.opened <= s.on
					}
					if !open {
						t.Errorf("%s, %s: %s signed up on %s without an account", r.course, r.label, s.who.family, s.on)
					}
				}
			}
			emails := map[string]bool{}
			for _, who := range p.people {
				if emails[who.email] {
					t.Errorf("%s belongs to two", who.email)
				}
				emails[who.email] = true
				for _, a := range who.accounts {
					if a.opened < who.from || a.opened >= now {
						t.Errorf("%s: account of %s, employed from %s", who.email, a.opened, who.from)
					}
				}
				for _, c := range who.completions {
					if a := who.accounts[0]; c.on < a.opened || c.on >= now {
						t.Errorf("%s: %s on %s, account of %s", who.email, c.course, c.on, a.opened)
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
	if len(first.people) != len(second.people) || len(first.rounds) != len(second.rounds) {
		t.Fatal("the plans differ in size")
	}
	for i, p := range first.people {
		q := second.people[i]
		if p.email != q.email || p.from != q.from || len(p.completions) != len(q.completions) || len(p.responses) != len(q.responses) {
			t.Fatalf("%s became %s", p.email, q.email)
		}
	}
	for i, r := range first.rounds {
		for j, s := range r.seats {
			if other := second.rounds[i].seats[j]; s.who.email != other.who.email || s.on != other.on {
				t.Fatalf("%s, %s: %s became %s", r.course, r.label, s.who.email, other.who.email)
			}
		}
	}
}

func TestTodaysDayBeginsWithinTheHalfHour(t *testing.T) {
	day := clock.Date(2026, 11, 22)
	for _, c := range []struct {
		what         string
		hour, minute int
		starts, ends string
	}{
		{"on the hour it begins at half past", 8, 0, "08:30", "15:30"},
		{"a minute before it begins at once", 8, 59, "09:00", "16:00"},
		{"in the evening it ends with the day", 20, 15, "20:30", "23:59"},
		{"at the end of the day it has begun", 23, 45, "23:30", "23:59"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if starts, ends := aroundNow(day.At(c.hour, c.minute)); starts != c.starts || ends != c.ends {
				t.Errorf("%s–%s, want %s–%s", starts, ends, c.starts, c.ends)
			}
		})
	}
}
