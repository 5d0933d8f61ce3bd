package population

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/world"
)

var (
	funkKinds  = []string{"Gruppbostad", "Daglig verksamhet", "Boendestöd", "Servicebostad", "Assistansgrupp", "Korttidsvistelse"}
	funkPlaces = []string{
		"Björkvägen", "Kvarnbacken", "Solsidan", "Ängsgatan", "Åkerstigen", "Skogsbrynet", "Lärkan", "Dalstigen", "Tallåsen",
		"Västra", "Slussen", "Bergsgatan", "Norra", "Ekhagen", "Strandvägen", "Smedjan", "Södra", "Hantverkaren", "Lugnet",
		"Backstugan", "Östra", "Hasseln", "Vallmon", "Linden", "Kometen",
	}
)

func funkUnit(i int) string { return funkKinds[i%len(funkKinds)] + " " + funkPlaces[i%len(funkPlaces)] }

// Funktionshinder makes the people of funk-accounts.csv with the completions of
// funk-bas-completions.csv.
func (pop *Population) Funktionshinder() error {
	rows, err := data.Table("funk-accounts.csv", true)
	if err != nil {
		return err
	}
	completions, err := data.Table("funk-bas-completions.csv", true)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if completions[i].Text("municipality") != r.Text("municipality") {
			return fmt.Errorf("funk-bas-completions.csv, row %d: not %s", i+1, r.Text("municipality"))
		}
		if err := pop.funkMunicipality(r, completions[i]); err != nil {
			return fmt.Errorf("funk-accounts.csv, %s: %w", r.Text("municipality"), err)
		}
	}
	return nil
}

func (pop *Population) funkMunicipality(r, completions data.Row) error {
	municipality := r.Text("municipality")
	accounts, employees, managers := r.Number("accounts"), r.Number("employees"), r.Number("managers")
	trainers, admins := r.Number("trainers"), r.Number("municipal_admins")
	others := accounts - employees - managers
	onlyAdmins := min(admins, max(0, others))
	onlyTrainers := others - onlyAdmins
	if onlyTrainers < 0 || onlyTrainers > trainers {
		return fmt.Errorf("%d accounts do not hold %d employees, %d managers, %d trainers and %d administrators",
			accounts, employees, managers, trainers, admins)
	}
	if accounts == 0 {
		return nil
	}

	var done []int
	most := employees
	for n := range 4 {
		count := completions.Number(fmt.Sprintf("bas%d", n+1))
		if count > most {
			return fmt.Errorf("%d have completed BAS %d, more than the course before or than the employees", count, n+1)
		}
		done, most = append(done, count), count
	}

	units := pop.unitsOf(municipality, world.Funktionshinder, (accounts+9)/18, funkUnit)
	at := func(i int) *unit { return units[i%len(units)] }
	var staff, chiefs []*Person
	for i := range employees {
		level := 0
		for level < len(done) && i < done[level] {
			level++
		}
		staff = append(staff, pop.careWorker(at(pop.Dice.IntN(len(units))), world.Dalarna, level, clock.YearEnd(2025)))
	}
	for i := range managers {
		chiefs = append(chiefs, pop.member(at(i), world.Dalarna, "Enhetschef", world.Funktionshinder,
			pop.Early(clock.Date(2024, 9, 2), clock.Date(2025, 12, 12)), "", access.Manager))
	}
	opened := func() clock.Day { return pop.Early(clock.Date(2024, 9, 2), clock.Date(2025, 9, 30)) }
	for range onlyTrainers {
		pop.person(place{municipality: municipality}, world.Dalarna, "Utvecklingsledare", clock.Date(2023, 1, 2)).
			open(world.Funktionshinder, opened(), "", access.Trainer)
	}
	for range onlyAdmins {
		pop.person(place{municipality: municipality}, world.Dalarna, "Administratör", clock.Date(2022, 8, 1)).
			open(world.Funktionshinder, opened(), "", access.MunicipalAdmin)
	}
	for _, p := range pop.Shuffled(staff)[:trainers-onlyTrainers] {
		a := p.Account(world.Funktionshinder)
		a.Roles = append(a.Roles, access.Trainer)
		p.Title = "Stödpedagog"
	}
	for i := range admins - onlyAdmins {
		who := chiefs
		if i >= len(chiefs) {
			who = staff
		}
		a := who[i].Account(world.Funktionshinder)
		a.Roles = append(a.Roles, access.MunicipalAdmin)
	}
	return nil
}

var careTitles = []string{"Stödassistent", "Stödassistent", "Stödassistent", "Boendestödjare", "Personlig assistent", "Stödpedagog"}

// careWorker makes an employee of Funktionshinder utförare who has completed
// the first so many BAS courses by the day.
func (pop *Population) careWorker(u *unit, region string, level int, by clock.Day) *Person {
	published := []clock.Day{clock.Date(2024, 9, 2), clock.Date(2024, 11, 4), clock.Date(2025, 2, 3), clock.Date(2025, 5, 5)}
	// The latest opening that leaves time for the courses: later for fewer.
	last := by - []clock.Day{19, 40, 100, 150, 190}[level]
	p := pop.member(u, region, careTitles[pop.Dice.IntN(len(careTitles))], world.Funktionshinder, pop.Between(published[0], last), "bas", access.Employee)
	day := p.Account(world.Funktionshinder).Opened
	for n := range level {
		// 16 days for each course that is still to come.
		latest := by.AddDate(0, 0, -13-16*(level-1-n))
		day = pop.Early(max(day+7, published[n]+3), min(max(day+120, published[n]+120), latest))
		p.Completions = append(p.Completions, Completion{BasCourses[n], day})
	}
	return p
}

// CareWorkersElsewhere makes care workers of other regions who have completed BAS 1 to
// 4 in time to have answered.
func (pop *Population) CareWorkersElsewhere(count int) {
	towns := []struct{ region, municipality string }{
		{"uppsala", "Uppsala"}, {"gavleborg", "Gävle"}, {"vastmanland", "Västerås"}, {"orebro", "Örebro"}, {"varmland", "Karlstad"},
		{"skane", "Malmö"}, {"jonkoping", "Jönköping"}, {"vasternorrland", "Sundsvall"}, {"norrbotten", "Luleå"}, {"halland", "Halmstad"},
		{"gavleborg", "Sandviken"}, {"uppsala", "Enköping"}, {"skane", "Lund"}, {"ostergotland", "Linköping"}, {"kalmar", "Västervik"},
	}
	for i := range count {
		at := towns[i%len(towns)]
		units := pop.unitsOf(at.municipality, world.Funktionshinder, 2, funkUnit)
		pop.careWorker(units[i/len(towns)%len(units)], at.region, 4, clock.Date(2026, 4, 30))
	}
}
