package demo

import (
	"fmt"

	"yrkesresan/internal/clock"
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

// evaluations makes the people elsewhere who have taken the BAS courses, and the
// answers of funk-bas-evaluations.csv.
func (b *builder) evaluations() error {
	rows, err := table("funk-bas-evaluations.csv", false)
	if err != nil {
		return err
	}
	var need int
	for i, r := range rows {
		answers := 0
		for _, grade := range grades {
			answers += r.number(grade)
		}
		need = max(need, answers-fromDalarna[i])
	}
	b.funkElsewhere(need + 8)

	for i, r := range rows {
		course := basCourses[i]
		var here, there []*person
		for _, p := range b.shuffled(b.people) {
			if on := p.completedOn(course); on == 0 || on > evaluationsOn-3 {
				continue
			}
			if p.region == dalarna {
				here = append(here, p)
			} else {
				there = append(there, p)
			}
		}
		var all []int
		for grade, column := range grades {
			for range r.number(column) {
				all = append(all, grade)
			}
		}
		b.rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		local := min(fromDalarna[i], len(here), len(all))
		who := append(here[:local:local], there...)
		if len(who) < len(all) {
			return fmt.Errorf("funk-bas-evaluations.csv, row %d: %d people for %d answers", i+1, len(who), len(all))
		}
		for n, grade := range all {
			on := who[n].completedOn(course)
			answer := response{course: course, on: min(b.early(on, on+20), evaluationsOn), grade: grade}
			if b.chance(8) {
				answer.text = freeText[grade][b.rnd.IntN(len(freeText[grade]))]
			}
			who[n].responses = append(who[n].responses, answer)
		}
	}
	return nil
}

// completedOn is when the person completed the course, 0 for never.
func (p *person) completedOn(course string) clock.Day {
	for _, c := range p.completions {
		if c.course == course {
			return c.on
		}
	}
	return 0
}

// funkElsewhere makes care workers of other regions who have completed BAS 1 to
// 4 in time to have answered.
func (b *builder) funkElsewhere(count int) {
	towns := []struct{ region, municipality string }{
		{"uppsala", "Uppsala"}, {"gavleborg", "Gävle"}, {"vastmanland", "Västerås"}, {"orebro", "Örebro"}, {"varmland", "Karlstad"},
		{"skane", "Malmö"}, {"jonkoping", "Jönköping"}, {"vasternorrland", "Sundsvall"}, {"norrbotten", "Luleå"}, {"halland", "Halmstad"},
		{"gavleborg", "Sandviken"}, {"uppsala", "Enköping"}, {"skane", "Lund"}, {"ostergotland", "Linköping"}, {"kalmar", "Västervik"},
	}
	for i := range count {
		at := towns[i%len(towns)]
		units := b.unitsOf(at.municipality, funk, 2, funkUnit)
		b.careWorker(units[i/len(towns)%len(units)], at.region, 4, clock.Date(2026, 4, 30))
	}
}
