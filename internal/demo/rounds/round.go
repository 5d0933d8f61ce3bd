// Package rounds is the courses as they were and are given: the rounds of 2025 as
// they were reconstructed from printed sums, those that are invented since, and
// what lies around the day of loading, with rooms, seats, attendance and letters.
package rounds

import (
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// Plan is every round that is laid out for the population.
type Plan struct {
	*population.Population
	Rounds []*Round

	Ahead []*Round // Dalarna's with a day today or later; given by Give

	rooms map[string]int64 // Dalarna's, by name; given by AddRooms
}

// NewPlan is a plan without rounds.
func NewPlan(of *population.Population) *Plan { return &Plan{Population: of} }

// Round is a round as it stands today.
type Round struct {
	ID                 int64 // given by Give
	Course             string
	Region             string // empty: national
	Label              string
	Capacity, Minimum  int
	Signup, Until      clock.Day
	Days               []*Day
	Seats              []*Seat
	Published          *clock.Day
	Confirmed          *clock.Day
	Cancelled          *clock.Day
	CancelReason, Note string
}

// Day is one of its course days.
type Day struct {
	Day      clock.Day
	Place    string
	Held     bool
	Trainers []Teacher
}

// Teacher is who holds a day.
type Teacher struct {
	Who     *population.Person
	Role    trainer.Role
	Present bool
}

// Seat is somebody's in a round.
type Seat struct {
	Who      *population.Person
	On       clock.Day
	Marks    []round.Mark // by day, as far as they have been held
	Reasons  []string
	Exempt   map[int]string // by day from 0, why no fee is charged
	Approved *clock.Day
}

// The rooms of the course days.
const (
	FalunRoom = "Sal Runn"
	bigRoom   = "Sal Siljan"
	online    = "Digitalt"
)
