package affiliation

import (
	"slices"
	"strings"

	"yrkesresan/internal/clock"
)

// Fact is what is said of a municipality.
type Fact string

// The facts.
const (
	Joined Fact = "joined" // it takes part in the programme
	Names  Fact = "names"  // its region may see the names of its people
)

// Statement is what somebody said: from the day on the fact holds, or does not.
type Statement struct {
	From  clock.Day
	Holds bool
	By    string // who said it; empty for the product itself
	At    clock.Instant
}

// Line is what stands of a fact of a municipality, the earliest day first.
type Line []Statement

// On tells whether the fact holds on the day: as was said last up to it, and without a word
// it does.
func (l Line) On(day clock.Day) bool {
	for _, s := range slices.Backward(l) {
		if s.From <= day {
			return s.Holds
		}
	}
	return true
}

// Stretch is a period in which the fact holds or does not. From is nil for what has held
// since before anybody said anything.
type Stretch struct {
	From  *clock.Day
	Until *clock.Day
	Holds bool
	By    string
}

// Stretches are the line as periods that follow each other, those that say the same as one.
func (l Line) Stretches() []Stretch {
	all := []Stretch{{Holds: true}}
	for _, s := range l {
		last := &all[len(all)-1]
		if last.Holds == s.Holds {
			if last.By == "" {
				last.By = s.By
			}
			continue
		}
		before := s.From - 1
		last.Until = &before
		all = append(all, Stretch{From: &s.From, Holds: s.Holds, By: s.By})
	}
	return all
}

// HoldsSQL is the condition that the fact holds for the municipality on the day; both are
// expressions. It says what Line.On does.
func HoldsSQL(fact Fact, municipality, day string) string {
	return strings.NewReplacer("{fact}", string(fact), "{municipality}", municipality, "{day}", day).Replace(`COALESCE((
		SELECT said.holds
		FROM municipality_fact AS said
		WHERE said.municipality_id = {municipality}
		AND said.fact = '{fact}'
		AND said.withdrawn_at IS NULL
		AND said.from_day <= {day}
		ORDER BY said.from_day DESC
		LIMIT 1), TRUE)`)
}
