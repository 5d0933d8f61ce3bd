package cost

import (
	"slices"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
)

// Kind is what somebody paid for.
type Kind string

// The kinds.
const (
	Room         Kind = "room"
	Refreshments Kind = "refreshments" // fika
	Lunch        Kind = "lunch"
)

// Kinds are all of them, in the order of forms and tables.
var Kinds = []Kind{Room, Refreshments, Lunch}

// Key is the kind's message key.
func (k Kind) Key() string { return "cost." + string(k) }

// Most is the largest amount that is taken for what it says and not for a slip.
const Most = money.Ore(1_000_000_00)

// Day is a course day with what is known of its costs. Cancelled tells that its round
// is called off: then it counts where it cost something all the same.
type Day struct {
	ID        int64
	Day       clock.Day
	RoundID   int64
	Round     string // its label
	Course    string
	Cancelled bool
	Known     map[Kind]money.Ore // without what is not known
}

// Sum is what days cost of one kind, or of all: Known of Days are known.
type Sum struct {
	Amount money.Ore
	Known  int
	Days   int
}

// Whole tells whether nothing is missing in the sum.
func (s Sum) Whole() bool { return s.Known == s.Days }

// Of sums the days of a kind. A day of a cancelled round counts only when it is known.
func Of(days []Day, kind Kind) (s Sum) {
	for _, d := range days {
		amount, known := d.Known[kind]
		if known {
			s.Amount += amount
			s.Known++
		}
		if known || !d.Cancelled {
			s.Days++
		}
	}
	return s
}

// Total sums the days over all kinds. A day is known when all its kinds are.
func Total(days []Day) (s Sum) {
	for _, d := range days {
		for _, amount := range d.Known {
			s.Amount += amount
		}
		if len(d.Known) == len(Kinds) {
			s.Known++
		}
		if len(d.Known) > 0 || !d.Cancelled {
			s.Days++
		}
	}
	return s
}

// Written is what somebody writes of a day; without an amount it is not known.
type Written struct {
	DayID  int64
	Kind   Kind
	Amount *money.Ore
}

// check tells what is wrong, per field: field names that of each.
func check(all []Written, field func(Written) string) error {
	var checks fault.Checks
	for _, w := range all {
		checks.Require(slices.Contains(Kinds, w.Kind), field(w), "cost.kind_wrong")
		checks.Require(w.Amount == nil || *w.Amount >= 0 && *w.Amount <= Most, field(w), "cost.amount_wrong", "Most", Most)
	}
	return checks.Err()
}

// Fact is one writing, as the history shows it. By is empty for the product itself.
type Fact struct {
	Day    clock.Day // the course day
	Kind   Kind
	Amount *money.Ore // nil: not known
	At     clock.Instant
	By     string
}
