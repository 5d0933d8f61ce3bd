package round

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/trainer"
)

// New is what it takes to plan a round. RegionID 0 is a national round. What is
// left empty is filled in: EditionID by the newest edition on the first day,
// Delivery by how the region gives the course then, TariffKind by the course's
// own when the round is regional.
type New struct {
	CourseID    int64
	EditionID   *int64
	RegionID    int64
	Label       string
	Delivery    catalogue.Delivery
	TariffKind  string
	Capacity    int
	Minimum     int
	SignupFrom  clock.Day
	SignupUntil clock.Day
	Days        []NewDay
	Note        string
}

// NewDay is a course day to come, with its trainers.
type NewDay struct {
	Day          clock.Day
	Starts, Ends string // "09:00"
	Place        string
	Trainers     []NewTrainer
}

// NewTrainer is somebody who will hold a day.
type NewTrainer struct {
	PersonID int64
	Role     trainer.Role
}

const maxSeats = 1000

var timeOfDay = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// check tells what is wrong, per field. A day's fields are called days.0.day,
// days.0.starts, days.0.trainers and so on.
func (n *New) check() error {
	n.Label, n.Note = strings.TrimSpace(n.Label), strings.TrimSpace(n.Note)
	var checks fault.Checks
	checks.Require(n.CourseID != 0, "course", "round.course_missing")
	checks.Require(n.Label != "", "label", "round.label_missing")
	checks.Require(utf8.RuneCountInString(n.Label) <= 100, "label", "round.text_too_long", "Max", 100)
	checks.Require(utf8.RuneCountInString(n.Note) <= 2000, "note", "round.text_too_long", "Max", 2000)
	checks.Require(n.Capacity >= 1 && n.Capacity <= maxSeats, "capacity", "round.capacity_wrong", "Max", maxSeats)
	checks.Require(n.Minimum >= 0 && n.Minimum <= n.Capacity, "minimum", "round.minimum_wrong")
	checks.Require(n.SignupFrom <= n.SignupUntil, "signup_until", "round.signup_backwards")
	checks.Require(len(n.Days) > 0, "days", "round.days_missing")
	if len(n.Days) > 0 {
		checks.Require(n.SignupUntil <= n.Days[0].Day, "signup_until", "round.signup_after_start")
	}
	for i, d := range n.Days {
		field := fmt.Sprintf("days.%d.", i)
		started, ended := timeOfDay.MatchString(d.Starts), timeOfDay.MatchString(d.Ends)
		checks.Require(started, field+"starts", "round.time_wrong")
		checks.Require(ended, field+"ends", "round.time_wrong")
		checks.Require(!started || !ended || d.Starts < d.Ends, field+"ends", "round.ends_before_start")
		checks.Require(utf8.RuneCountInString(d.Place) <= 200, field+"place", "round.text_too_long", "Max", 200)
		if i > 0 {
			before := n.Days[i-1]
			checks.Require(before.Day < d.Day || before.Day == d.Day && before.Ends <= d.Starts, field+"day", "round.days_backwards")
		}
		seen := map[int64]bool{}
		for _, t := range d.Trainers {
			checks.Require(t.Role == trainer.Lead || t.Role == trainer.Assistant, field+"trainers", "round.role_wrong")
			checks.Require(!seen[t.PersonID], field+"trainers", "round.trainer_twice")
			seen[t.PersonID] = true
		}
	}
	return checks.Err()
}
