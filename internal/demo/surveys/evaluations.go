// Package surveys is what people answered: the printed evaluations and the
// manager survey, with the annual report that they were printed in.
package surveys

import (
	"fmt"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
)

// evaluationsOn is the day that funk-bas-evaluations.csv counts to.
var evaluationsOn = clock.Date(2026, 5, 12)

// fromDalarna is how many of each course's answers come from Dalarna. The source
// does not say; elsewhere stands for the rest of the country.
var fromDalarna = []int{31, 40, 62, 45}

var grades = []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"}

// freeText are answers in words to each grade, given by few.
var freeText = [][]string{
	{"Bra övningar och gott om tid att prata.", "Tydligt och lätt att ta med till arbetsplatsen.", "Äntligen något som handlar om vår vardag!"},
	{"Bra, men lite långt.", "Filmerna var bäst.", "Bra samtal i gruppen."},
	{"Mycket kunde jag redan.", "Ojämnt: första halvan gav mest."},
	{"Svårt att komma in i lärplattformen.", "För mycket text."},
	{"Passade inte min arbetsplats."},
}

// Evaluate makes the people elsewhere who have taken the BAS courses, and the
// answers of funk-bas-evaluations.csv.
func Evaluate(pop *population.Population) error {
	rows, err := data.Table("funk-bas-evaluations.csv", false)
	if err != nil {
		return err
	}
	var need int
	for i, r := range rows {
		answers := 0
		for _, grade := range grades {
			answers += r.Number(grade)
		}
		need = max(need, answers-fromDalarna[i])
	}
	pop.CareWorkersElsewhere(need + 8)

	for i, r := range rows {
		course := population.BasCourses[i]
		var here, there []*population.Person
		for _, p := range pop.Shuffled(pop.People) {
			if on := p.CompletedOn(course); on == 0 || on > evaluationsOn-3 {
				continue
			}
			if p.Region == world.Dalarna {
				here = append(here, p)
			} else {
				there = append(there, p)
			}
		}
		var all []int
		for grade, column := range grades {
			for range r.Number(column) {
				all = append(all, grade)
			}
		}
		pop.Dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		local := min(fromDalarna[i], len(here), len(all))
		who := append(here[:local:local], there...)
		if len(who) < len(all) {
			return fmt.Errorf("funk-bas-evaluations.csv, row %d: %d people for %d answers", i+1, len(who), len(all))
		}
		for n, grade := range all {
			on := who[n].CompletedOn(course)
			answer := population.Response{Course: course, On: min(pop.Early(on, on+20), evaluationsOn), Grade: grade}
			if pop.Chance(8) {
				answer.Text = freeText[grade][pop.Dice.IntN(len(freeText[grade]))]
			}
			who[n].Responses = append(who[n].Responses, answer)
		}
	}
	return nil
}
