package population

import (
	"slices"

	"yrkesresan/internal/clock"
)

// Between is a working day from the first to the last, both included; any day
// when there is none among them, and the first working day from first on when
// last comes before it.
func (pop *Population) Between(first, last clock.Day) clock.Day {
	if last <= first {
		return Workday(first)
	}
	day := first.AddDate(0, 0, pop.Dice.IntN(int(last-first)+1))
	if w := Workday(day); w <= last {
		return w
	}
	for w := last; w >= first; w-- {
		if Workday(w) == w {
			return w
		}
	}
	return day
}

// Early is a working day that more often lies in the first half.
func (pop *Population) Early(first, last clock.Day) clock.Day {
	return min(pop.Between(first, last), pop.Between(first, last))
}

// Workday is the day, or the next one that offices are open on.
func Workday(day clock.Day) clock.Day {
	for {
		_, month, date := day.Date()
		holiday := month == 12 && date >= 24 && date <= 26 || month == 1 && (date == 1 || date == 6) ||
			month == 5 && date == 1 || month == 6 && date == 6
		if w := int(day.Weekday()); w >= 1 && w <= 5 && !holiday {
			return day
		}
		day++
	}
}

// Chance is true in so many of a hundred.
func (pop *Population) Chance(percent int) bool { return pop.Dice.IntN(100) < percent }

// Shuffled is the same people in another order.
func (pop *Population) Shuffled(all []*Person) []*Person {
	all = slices.Clone(all)
	pop.Dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
