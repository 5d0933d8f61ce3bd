// Package population is the invented people: who they are, where they work, what
// accounts and offices they hold and what they have completed on their own. As of
// 2025-12-31 those of Dalarna add up to the printed tables.
package population

import (
	"math/rand/v2"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
)

// BasCourses are the courses of the step BAS, in their order.
var BasCourses = []string{"bas-1", "bas-2", "bas-3", "bas-4", "bas-5"}

// LastHistory is the day until which the demo's history reaches whatever the
// clock shows: a machine whose clock is behind still gets a whole 2025.
var LastHistory = clock.Date(2026, 7, 1)

// Population is everybody as they are on a day, and the dice by which they are
// made. The dice fall the same way every time, so whoever uses them has a place
// in the order of the demo's plan.
type Population struct {
	Today  clock.Day
	People []*Person
	Cast   Cast
	Dice   *rand.Rand

	units  []*unit
	names  namer
	byUnit map[string][]*unit // units of a municipality and a journey
}

// Cast are the people who are met again by a part that they play.
type Cast struct {
	Trainers                   map[string]*Person // of the reconstruction: B1, F2, S1 …
	Employee, Manager, Mover   *Person
	AbuseTrainer               *Person
	ManagerTrainers            []*Person // of the managers' course: Borlänge's and Mora's
	RSS                        []*Person
	ElsewhereTrainers          map[string][]*Person
	NoShow, Guest, LateTrainer *Person
}

// New is an empty population on the day, or on LastHistory when that is later.
func New(today clock.Day) *Population {
	dice := rand.New(rand.NewPCG(2025, 303)) //nolint:gosec // a demo wants the same dice every time
	return &Population{
		Today: max(today, LastHistory), Dice: dice, names: namer{dice: dice, given: map[string]bool{}}, byUnit: map[string][]*unit{},
		Cast: Cast{Trainers: map[string]*Person{}, ElsewhereTrainers: map[string][]*Person{}},
	}
}

// person adds somebody who works at the place.
func (pop *Population) person(at place, region, title string, from clock.Day) *Person {
	p := &Person{Title: title, at: at, From: from, Region: region, Taken: map[string]int{}, Busy: map[clock.Day]bool{}}
	p.Given, p.Family, p.Email = pop.names.next()
	pop.People = append(pop.People, p)
	return p
}

// member adds somebody at a unit with an account in the journey.
func (pop *Population) member(u *unit, region, title, journey string, opened clock.Day, stepSlug string, roles ...access.Role) *Person {
	p := pop.person(place{unit: u}, region, title, opened.AddDate(0, 0, -3-pop.Dice.IntN(900)))
	p.open(journey, opened, stepSlug, roles...)
	return p
}

// unitsOf are the municipality's units for the journey, made when first asked
// for.
func (pop *Population) unitsOf(municipality, journey string, count int, name func(i int) string) []*unit {
	key := municipality + "/" + journey
	for i := len(pop.byUnit[key]); i < max(1, count); i++ {
		u := &unit{municipality: municipality, name: name(i)}
		pop.units = append(pop.units, u)
		pop.byUnit[key] = append(pop.byUnit[key], u)
	}
	return pop.byUnit[key]
}
