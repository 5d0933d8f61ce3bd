package catering

import (
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/fault"
)

// KeptDays is for how many days after the round's last one needs are kept.
const KeptDays = 30

// Diet is one of the special diets that a form offers; its message key is
// catering.diet. and the diet.
type Diet string

// The diets, in the order of the form.
const (
	Vegetarian  Diet = "vegetarian"
	Vegan       Diet = "vegan"
	GlutenFree  Diet = "gluten_free"
	LactoseFree Diet = "lactose_free"
	MilkFree    Diet = "milk_free"
	EggFree     Diet = "egg_free"
	NutFree     Diet = "nut_free"
	FishFree    Diet = "fish_free"
	PorkFree    Diet = "pork_free"
	Halal       Diet = "halal"
	Kosher      Diet = "kosher"
)

// Diets are all of them.
var Diets = []Diet{Vegetarian, Vegan, GlutenFree, LactoseFree, MilkFree, EggFree, NutFree, FishFree, PorkFree, Halal, Kosher}

// Need is what somebody needs in a round: diets to choose, what else of food,
// and what they need of room and material in order to take part.
type Need struct {
	Diets  []Diet
	Other  string
	Access string

	Unreadable bool // something was told, and the key that opens it is lost
}

// Empty tells whether nothing is needed.
func (n Need) Empty() bool { return len(n.Diets) == 0 && n.Other == "" && n.Access == "" }

const maxWords = 300

// check tells what is wrong, per field, and puts the diets in their order.
func (n *Need) check() error {
	n.Other, n.Access = strings.Join(strings.Fields(n.Other), " "), strings.TrimSpace(n.Access)
	var checks fault.Checks
	for _, d := range n.Diets {
		checks.Require(slices.Contains(Diets, d), "diet", "catering.diet_unknown")
	}
	checks.Require(utf8.RuneCountInString(n.Other) <= maxWords, "other", "round.text_too_long", "Max", maxWords)
	checks.Require(utf8.RuneCountInString(n.Access) <= maxWords, "access", "round.text_too_long", "Max", maxWords)
	var ordered []Diet
	for _, d := range Diets {
		if slices.Contains(n.Diets, d) {
			ordered = append(ordered, d)
		}
	}
	n.Diets = ordered
	return checks.Err()
}

// The column diet holds the diets by a comma each, then a line break and what
// else was written.

func (n Need) column() string {
	words := make([]string, len(n.Diets))
	for i, d := range n.Diets {
		words[i] = string(d)
	}
	text := strings.Join(words, ",")
	if n.Other != "" {
		text += "\n" + n.Other
	}
	return text
}

func (n *Need) read(column string) {
	diets, other, _ := strings.Cut(column, "\n")
	n.Other = other
	for _, d := range strings.Split(diets, ",") {
		if d != "" {
			n.Diets = append(n.Diets, Diet(d))
		}
	}
}

// Told is a need with whose it is, for those who order. Trainer tells that they
// hold a day of the round.
type Told struct {
	Need
	PersonID int64
	Name     string
	Trainer  bool
}

// Count is how many need a diet. Diet is empty for what was written in words,
// which stands in Other, and for needs that cannot be read.
type Count struct {
	Diet       Diet
	Other      string
	Count      int
	Unreadable bool
}

// Counts are the diets of all needs, in the order of the form, then what was
// written in words, then how many cannot be read.
func Counts(all []Told) []Count {
	var counts []Count
	for _, d := range Diets {
		n := 0
		for _, t := range all {
			if slices.Contains(t.Diets, d) {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, Count{Diet: d, Count: n})
		}
	}
	for _, t := range all {
		if t.Other == "" {
			continue
		}
		at := slices.IndexFunc(counts, func(c Count) bool { return c.Diet == "" && strings.EqualFold(c.Other, t.Other) })
		if at < 0 {
			counts = append(counts, Count{Other: t.Other})
			at = len(counts) - 1
		}
		counts[at].Count++
	}
	lost := 0
	for _, t := range all {
		if t.Unreadable {
			lost++
		}
	}
	if lost > 0 {
		counts = append(counts, Count{Unreadable: true, Count: lost})
	}
	return counts
}

// Order is what is ordered for a course day.
type Order struct {
	DayID        int64
	Morning      bool // coffee
	Afternoon    bool
	TrainerLunch bool
	Note         string
	Unreadable   bool           // there was a note, and the key that opens it is lost
	OrderedAt    *clock.Instant // nil: not ordered yet
	OrderedBy    string
}

// Wanted tells whether anything is to be ordered for the day.
func (o Order) Wanted() bool { return o.Morning || o.Afternoon || o.TrainerLunch || o.Note != "" }

// Day is a course day with its order and for how many it is: the participants
// with a seat and the day's trainers.
type Day struct {
	Order
	Day          clock.Day
	Starts, Ends string // "09:00"
	Place        string
	Participants int
	Trainers     int
	Diets        []Count // of the participants and the day's trainers
}

// Guests is how many drink coffee.
func (d Day) Guests() int { return d.Participants + d.Trainers }
