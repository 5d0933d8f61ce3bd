package population

import (
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/world"
)

var bouUnits = []string{
	"Barn och unga, utredning 1", "Barn och unga, mottagning", "Familjehem och placering",
	"Barn och unga, utredning 2", "Ungdom och familj", "Barn och unga, öppenvård",
}

func bouUnit(count int) func(i int) string {
	return func(i int) string {
		if count <= 1 {
			return "Barn och familj"
		}
		return bouUnits[i]
	}
}

// BarnOchUnga makes the people of bou-accounts.csv.
func (pop *Population) BarnOchUnga() error {
	rows, err := data.Table("bou-accounts.csv", true)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := pop.bouMunicipality(r); err != nil {
			return fmt.Errorf("bou-accounts.csv, %s: %w", r.Text("municipality"), err)
		}
	}
	return nil
}

// bouMunicipality makes one row's people. The roles overlap: who has no step is
// first of all a manager, then a trainer; the roles that are left go to those
// with the longest experience.
func (pop *Population) bouMunicipality(r data.Row) error {
	municipality := r.Text("municipality")
	steps := slices.Concat(
		slices.Repeat([]string{"ny"}, r.Number("new_0_2")),
		slices.Repeat([]string{"van"}, r.Number("experienced_2_5")),
		slices.Repeat([]string{"erfaren"}, r.Number("senior_5_plus")),
	)
	without := r.Number("accounts") - len(steps)
	if without < 0 {
		return fmt.Errorf("%d people with a step, %d accounts", len(steps), r.Number("accounts"))
	}
	managers, trainers := r.Number("managers"), r.Number("trainers")
	onlyManagers := min(managers, without)
	onlyTrainers := min(trainers, without-onlyManagers)
	managers -= onlyManagers
	trainers -= onlyTrainers
	if managers+trainers > len(steps) {
		return fmt.Errorf("%d managers and trainers are more than there are people", managers+trainers)
	}

	count := min((r.Number("accounts")+13)/16, len(bouUnits))
	units := pop.unitsOf(municipality, world.BarnOchUnga, count, bouUnit(count))
	at := func(i int) *unit { return units[i%len(units)] }
	labels := trainerLabels(municipality)
	train := func(p *Person) {
		p.Title = "Förste socialsekreterare"
		if len(labels) > 0 {
			pop.Cast.Trainers[labels[0]], labels = p, labels[1:]
		} else {
			pop.Cast.LateTrainer = p
		}
	}

	for i := range onlyManagers {
		p := pop.member(at(i), world.Dalarna, "Enhetschef", world.BarnOchUnga, pop.Early(clock.Date(2022, 9, 5), clock.Date(2025, 12, 12)), "", access.Manager)
		if municipality == "Falun" && i == 0 {
			pop.Cast.Manager = p
		}
	}
	for i := range onlyTrainers {
		train(pop.member(at(i), world.Dalarna, "", world.BarnOchUnga, pop.Between(clock.Date(2022, 9, 12), clock.Date(2024, 2, 1)), "", access.Employee, access.Trainer))
	}
	for i := range without - onlyManagers - onlyTrainers {
		pop.member(at(i), world.Dalarna, "Familjebehandlare", world.BarnOchUnga, pop.Early(clock.Date(2023, 2, 1), clock.Date(2025, 12, 12)), "", access.Employee)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		p := pop.caseworker(at(i), steps[i], trainers > 0)
		a := p.Account(world.BarnOchUnga)
		switch {
		case trainers > 0:
			trainers--
			a.Roles = append(a.Roles, access.Trainer)
			train(p)
		case managers > 0:
			managers--
			a.Roles = append(a.Roles, access.Manager)
			p.Title = "Arbetsledare"
		}
		if municipality == "Falun" && i == 0 {
			pop.Cast.Employee = p
			p.at = pop.Cast.Manager.at
			a.Opened = clock.Date(2024, 10, 14)
			a.steps = []step{{"ny", a.Opened}}
			p.From = clock.Date(2024, 9, 2)
		}
	}
	return nil
}

// caseworker makes somebody of Barn och unga who stands at the step at the end
// of 2025.
func (pop *Population) caseworker(u *unit, stepSlug string, early bool) *Person {
	first, last := clock.Date(2022, 10, 3), clock.Date(2025, 12, 12)
	switch {
	case early:
		last = clock.Date(2024, 2, 1)
	case stepSlug == "ny":
		first = clock.Date(2024, 1, 8)
	}
	p := pop.member(u, world.Dalarna, "Socialsekreterare", world.BarnOchUnga, pop.Early(first, last), stepSlug, access.Employee)
	a := p.Account(world.BarnOchUnga)
	if stepSlug == "van" && a.Opened < clock.Date(2024, 3, 1) {
		// Who began as new has moved on since.
		a.steps = []step{{"ny", a.Opened}, {"van", Workday(a.Opened.AddDate(0, 0, 500+pop.Dice.IntN(130)))}}
		p.From = a.Opened - 60
	}
	return p
}

// trainerLabels are the names of the municipality's trainers in
// course-days-2025-reconstruction.csv.
func trainerLabels(municipality string) []string {
	return map[string][]string{
		"Avesta": {"A1"}, "Borlänge": {"B1", "B2", "B3", "B4"}, "Falun": {"F1", "F2", "F3", "F4", "F5"},
		"Ludvika": {"L1", "L2"}, "Mora": {"M1"}, "Rättvik": {"R1"},
	}[municipality]
}
