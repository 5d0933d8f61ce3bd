package population

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/demo/world"
)

// places is how many people of a journey work where.
type places []struct {
	municipality string
	count        int
}

// Year2026 adds who came in 2026, and what was learnt then.
func (pop *Population) Year2026() error {
	// Barn och unga: new caseworkers.
	for _, at := range (places{{"Borlänge", 8}, {"Falun", 9}, {"Ludvika", 5}, {"Mora", 3}, {"Avesta", 3}, {"Leksand", 2}, {"Hedemora", 2}}) {
		units := pop.byUnit[at.municipality+"/"+world.BarnOchUnga]
		for i := range at.count {
			pop.member(units[i%len(units)], world.Dalarna, "Socialsekreterare", world.BarnOchUnga, pop.Early(clock.Date(2026, 1, 7), clock.Date(2026, 6, 12)), "ny", access.Employee)
		}
	}
	// Funktionshinder utförare: more accounts, and those who had some go on to the
	// next courses. Borlänge has stood still since New Year: 334 of its 533
	// employees lack BAS 3, which is what its plan is for.
	for _, at := range (places{{"Leksand", 25}, {"Mora", 32}, {"Falun", 50}, {"Vansbro", 8}, {"Orsa", 14}, {"Ludvika", 16}}) {
		units := pop.unitsOf(at.municipality, world.Funktionshinder, (at.count+9)/18, funkUnit)
		for i := range at.count {
			pop.member(units[i%len(units)], world.Dalarna, careTitles[i%len(careTitles)], world.Funktionshinder, pop.Early(clock.Date(2026, 1, 7), clock.Date(2026, 6, 12)), "bas", access.Employee)
		}
	}
	published := map[string]clock.Day{"bas-5": clock.Date(2026, 3, 9)}
	for _, p := range pop.People {
		a := p.Account(world.Funktionshinder)
		if a == nil || !a.Is(access.Employee) || p.MunicipalityOn(a.Opened) == "Borlänge" {
			continue
		}
		day := max(a.Opened, clock.Date(2026, 1, 8))
		for next := p.completed(BasCourses); next < len(BasCourses) && pop.Chance(38); next++ {
			day = pop.Between(max(day+10, published[BasCourses[next]]), clock.Date(2026, 6, 20))
			if day > clock.Date(2026, 6, 24) {
				break
			}
			p.Completions = append(p.Completions, Completion{BasCourses[next], day})
		}
	}
	pop.skadligtBruk()
	pop.aldre()

	// Somebody changes municipality between two days of a round.
	for _, p := range pop.People {
		if a := p.Account(world.BarnOchUnga); a != nil && p.MunicipalityOn(clock.YearEnd(2025)) == "Hedemora" && len(a.steps) > 0 &&
			!a.Is(access.Manager) && a.Opened < clock.Date(2026, 1, 1) && p.Taken["handlaggning-med-barnet-i-centrum"] == 0 {
			pop.Cast.Mover = p
			p.moves = append(p.moves, move{place{unit: pop.byUnit["Säter/"+world.BarnOchUnga][0]}, clock.Date(2026, 3, 2)})
			return nil
		}
	}
	return fmt.Errorf("nobody in Hedemora can change municipality")
}

// skadligtBruk makes the people of Skadligt bruk och beroende.
func (pop *Population) skadligtBruk() {
	steps := []string{"ny", "van", "erfaren"}
	n := 0
	for _, at := range (places{
		{"Falun", 16}, {"Borlänge", 15}, {"Ludvika", 8}, {"Avesta", 7}, {"Mora", 6}, {"Hedemora", 4}, {"Leksand", 4}, {"Rättvik", 4},
		{"Säter", 3}, {"Smedjebacken", 3}, {"Gagnef", 2}, {"Malung-Sälen", 1}, {"Vansbro", 1}, {"Orsa", 1},
	}) {
		u := pop.unitsOf(at.municipality, world.SkadligtBruk, 1, func(int) string { return "Vuxenenheten" })[0]
		for i := range at.count {
			n++
			switch {
			case i == 0 && at.count > 3:
				pop.member(u, world.Dalarna, "Enhetschef", world.SkadligtBruk, pop.Early(clock.Date(2025, 9, 8), clock.Date(2026, 2, 20)), "", access.Manager)
			case i == 1 && at.municipality == "Falun":
				pop.Cast.AbuseTrainer = pop.member(u, world.Dalarna, "Förste socialsekreterare", world.SkadligtBruk, clock.Date(2025, 9, 15), "erfaren", access.Employee, access.Trainer)
			default:
				pop.member(u, world.Dalarna, "Socialsekreterare", world.SkadligtBruk, pop.Early(clock.Date(2025, 9, 15), clock.Date(2026, 5, 20)), steps[n%len(steps)], access.Employee)
			}
		}
	}
}

var elderUnits = []string{"Hemtjänst Norra", "Särskilt boende Tallgården", "Hemtjänst Södra", "Särskilt boende Källbacken", "Hemtjänst Centrum", "Dagverksamhet Solrosen"}

// aldre makes the first people of Äldre utförare.
func (pop *Population) aldre() {
	titles := []string{"Undersköterska", "Undersköterska", "Vårdbiträde"}
	for _, at := range (places{{"Borlänge", 96}, {"Falun", 84}, {"Mora", 40}, {"Ludvika", 34}, {"Leksand", 30}, {"Rättvik", 22}, {"Säter", 18}}) {
		units := pop.unitsOf(at.municipality, world.AldreUtforare, min(at.count/15, len(elderUnits)), func(i int) string { return elderUnits[i] })
		for i := range at.count {
			u := units[i%len(units)]
			if i < len(units) {
				pop.member(u, world.Dalarna, "Enhetschef", world.AldreUtforare, pop.Early(clock.Date(2025, 12, 15), clock.Date(2026, 2, 27)), "", access.Manager)
				continue
			}
			p := pop.member(u, world.Dalarna, titles[i%len(titles)], world.AldreUtforare, pop.Early(clock.Date(2025, 12, 15), clock.Date(2026, 6, 5)), "bas", access.Employee)
			day := p.Account(world.AldreUtforare).Opened
			for n, course := range courses.Elder {
				if !pop.Chance(70 - 20*n) {
					break
				}
				if day = pop.Between(max(day+8, course.Published+5), max(day+50, course.Published+60)); day > clock.Date(2026, 6, 24) {
					break
				}
				p.Completions = append(p.Completions, Completion{course.Slug, day})
			}
		}
	}
}
