package room

import (
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
)

// Room is a room. Cost is per day, excluding VAT. ClosedOn is the first day on
// which it can no longer be booked, nil while it can.
type Room struct {
	ID            int64
	RegionID      int64
	Name          string
	Address       string
	Seats         int
	Equipment     string
	Accessibility string
	Cost          money.Ore
	ClosedOn      *clock.Day
}

// MaxSeats is more than any room has.
const MaxSeats = 5000

// OpenOn tells whether the room can be booked on the day.
func (r Room) OpenOn(day clock.Day) bool { return r.ClosedOn == nil || day < *r.ClosedOn }

// Place is the room as a course day names it: "Sal Runn, Myntgatan 2, Falun".
func (r Room) Place() string {
	if r.Address == "" {
		return r.Name
	}
	return r.Name + ", " + r.Address
}

// check tells what is wrong, per field.
func (r *Room) check() error {
	var checks fault.Checks
	for _, text := range []struct {
		field   string
		value   *string
		max     int
		missing string // the fault when it is empty; empty: it may be
	}{
		{"name", &r.Name, 80, "room.name_missing"},
		{"address", &r.Address, 110, "room.address_missing"},
		{"equipment", &r.Equipment, 500, ""},
		{"accessibility", &r.Accessibility, 500, ""},
	} {
		*text.value = strings.TrimSpace(*text.value)
		checks.Require(*text.value != "" || text.missing == "", text.field, text.missing)
		checks.Require(utf8.RuneCountInString(*text.value) <= text.max, text.field, "round.text_too_long", "Max", text.max)
	}
	checks.Require(r.Seats >= 1 && r.Seats <= MaxSeats, "seats", "room.seats_wrong", "Max", MaxSeats)
	checks.Require(r.Cost >= 0, "cost", "room.cost_wrong")
	return checks.Err()
}

// Use is how much a room is used in a year: course days that were not
// cancelled, and what they cost. Days counts a day once however many rounds
// share it.
type Use struct {
	RoomID int64
	Days   int
	Cost   money.Ore
}
