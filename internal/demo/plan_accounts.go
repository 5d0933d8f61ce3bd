package demo

import (
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/people"
)

const dalarna = "dalarna"

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

// barnOchUnga makes the people of bou-accounts.csv.
func (b *builder) barnOchUnga() error {
	rows, err := table("bou-accounts.csv", true)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := b.bouMunicipality(r); err != nil {
			return fmt.Errorf("bou-accounts.csv, %s: %w", r.text("municipality"), err)
		}
	}
	return nil
}

// bouMunicipality makes one row's people. The roles overlap: who has no step is
// first of all a manager, then a trainer; the roles that are left go to those
// with the longest experience.
func (b *builder) bouMunicipality(r row) error {
	municipality := r.text("municipality")
	steps := slices.Concat(
		slices.Repeat([]string{"ny"}, r.number("new_0_2")),
		slices.Repeat([]string{"van"}, r.number("experienced_2_5")),
		slices.Repeat([]string{"erfaren"}, r.number("senior_5_plus")),
	)
	without := r.number("accounts") - len(steps)
	if without < 0 {
		return fmt.Errorf("%d people with a step, %d accounts", len(steps), r.number("accounts"))
	}
	managers, trainers := r.number("managers"), r.number("trainers")
	onlyManagers := min(managers, without)
	onlyTrainers := min(trainers, without-onlyManagers)
	managers -= onlyManagers
	trainers -= onlyTrainers
	if managers+trainers > len(steps) {
		return fmt.Errorf("%d managers and trainers are more than there are people", managers+trainers)
	}

	count := min((r.number("accounts")+13)/16, len(bouUnits))
	units := b.unitsOf(municipality, bou, count, bouUnit(count))
	at := func(i int) *unit { return units[i%len(units)] }
	labels := trainerLabels(municipality)
	train := func(p *person) {
		p.title = "Förste socialsekreterare"
		if len(labels) > 0 {
			b.cast.trainers[labels[0]], labels = p, labels[1:]
		} else {
			b.cast.lateTrainer = p
		}
	}

	for i := range onlyManagers {
		p := b.member(at(i), dalarna, "Enhetschef", bou, b.early(clock.Date(2022, 9, 5), clock.Date(2025, 12, 12)), "", people.Manager)
		if municipality == "Falun" && i == 0 {
			b.cast.manager = p
		}
	}
	for i := range onlyTrainers {
		train(b.member(at(i), dalarna, "", bou, b.between(clock.Date(2022, 9, 12), clock.Date(2024, 2, 1)), "", people.Employee, people.Trainer))
	}
	for i := range without - onlyManagers - onlyTrainers {
		b.member(at(i), dalarna, "Familjebehandlare", bou, b.early(clock.Date(2023, 2, 1), clock.Date(2025, 12, 12)), "", people.Employee)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		p := b.caseworker(at(i), steps[i], trainers > 0)
		a := p.account(bou)
		switch {
		case trainers > 0:
			trainers--
			a.roles = append(a.roles, people.Trainer)
			train(p)
		case managers > 0:
			managers--
			a.roles = append(a.roles, people.Manager)
			p.title = "Arbetsledare"
		}
		if municipality == "Falun" && i == 0 {
			b.cast.employee = p
			p.at = b.cast.manager.at
			a.opened = clock.Date(2024, 10, 14)
			a.steps = []step{{"ny", a.opened}}
			p.from = clock.Date(2024, 9, 2)
		}
	}
	return nil
}

// caseworker makes somebody of Barn och unga who stands at the step at the end
// of 2025.
func (b *builder) caseworker(u *unit, stepSlug string, early bool) *person {
	first, last := clock.Date(2022, 10, 3), clock.Date(2025, 12, 12)
	switch {
	case early:
		last = clock.Date(2024, 2, 1)
	case stepSlug == "ny":
		first = clock.Date(2024, 1, 8)
	}
	p := b.member(u, dalarna, "Socialsekreterare", bou, b.early(first, last), stepSlug, people.Employee)
	a := p.account(bou)
	if stepSlug == "van" && a.opened < clock.Date(2024, 3, 1) {
		// Who began as new has moved on since.
		a.steps = []step{{"ny", a.opened}, {"van", workday(a.opened.AddDate(0, 0, 500+b.rnd.IntN(130)))}}
		p.from = a.opened - 60
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

var (
	funkKinds  = []string{"Gruppbostad", "Daglig verksamhet", "Boendestöd", "Servicebostad", "Assistansgrupp", "Korttidsvistelse"}
	funkPlaces = []string{
		"Björkvägen", "Kvarnbacken", "Solsidan", "Ängsgatan", "Åkerstigen", "Skogsbrynet", "Lärkan", "Dalstigen", "Tallåsen",
		"Västra", "Slussen", "Bergsgatan", "Norra", "Ekhagen", "Strandvägen", "Smedjan", "Södra", "Hantverkaren", "Lugnet",
		"Backstugan", "Östra", "Hasseln", "Vallmon", "Linden", "Kometen",
	}
)

func funkUnit(i int) string { return funkKinds[i%len(funkKinds)] + " " + funkPlaces[i%len(funkPlaces)] }

// funktionshinder makes the people of funk-accounts.csv with the completions of
// funk-bas-completions.csv.
func (b *builder) funktionshinder() error {
	rows, err := table("funk-accounts.csv", true)
	if err != nil {
		return err
	}
	completions, err := table("funk-bas-completions.csv", true)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if completions[i].text("municipality") != r.text("municipality") {
			return fmt.Errorf("funk-bas-completions.csv, row %d: not %s", i+1, r.text("municipality"))
		}
		if err := b.funkMunicipality(r, completions[i]); err != nil {
			return fmt.Errorf("funk-accounts.csv, %s: %w", r.text("municipality"), err)
		}
	}
	return nil
}

func (b *builder) funkMunicipality(r, completions row) error {
	municipality := r.text("municipality")
	accounts, employees, managers := r.number("accounts"), r.number("employees"), r.number("managers")
	trainers, admins := r.number("trainers"), r.number("municipal_admins")
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
		count := completions.number(fmt.Sprintf("bas%d", n+1))
		if count > most {
			return fmt.Errorf("%d have completed BAS %d, more than the course before or than the employees", count, n+1)
		}
		done, most = append(done, count), count
	}

	units := b.unitsOf(municipality, funk, (accounts+9)/18, funkUnit)
	at := func(i int) *unit { return units[i%len(units)] }
	var staff, chiefs []*person
	for i := range employees {
		level := 0
		for level < len(done) && i < done[level] {
			level++
		}
		staff = append(staff, b.careWorker(at(b.rnd.IntN(len(units))), dalarna, level, clock.YearEnd(2025)))
	}
	for i := range managers {
		chiefs = append(chiefs, b.member(at(i), dalarna, "Enhetschef", funk,
			b.early(clock.Date(2024, 9, 2), clock.Date(2025, 12, 12)), "", people.Manager))
	}
	opened := func() clock.Day { return b.early(clock.Date(2024, 9, 2), clock.Date(2025, 9, 30)) }
	for range onlyTrainers {
		b.person(place{municipality: municipality}, dalarna, "Utvecklingsledare", clock.Date(2023, 1, 2)).
			open(funk, opened(), "", people.Trainer)
	}
	for range onlyAdmins {
		b.person(place{municipality: municipality}, dalarna, "Administratör", clock.Date(2022, 8, 1)).
			open(funk, opened(), "", people.MunicipalAdmin)
	}
	for _, p := range b.shuffled(staff)[:trainers-onlyTrainers] {
		a := p.account(funk)
		a.roles = append(a.roles, people.Trainer)
		p.title = "Stödpedagog"
	}
	for i := range admins - onlyAdmins {
		who := chiefs
		if i >= len(chiefs) {
			who = staff
		}
		a := who[i].account(funk)
		a.roles = append(a.roles, people.MunicipalAdmin)
	}
	return nil
}

var careTitles = []string{"Stödassistent", "Stödassistent", "Stödassistent", "Boendestödjare", "Personlig assistent", "Stödpedagog"}

// careWorker makes an employee of Funktionshinder utförare who has completed
// the first so many BAS courses by the day.
func (b *builder) careWorker(u *unit, region string, level int, by clock.Day) *person {
	published := []clock.Day{clock.Date(2024, 9, 2), clock.Date(2024, 11, 4), clock.Date(2025, 2, 3), clock.Date(2025, 5, 5)}
	// The latest opening that leaves time for the courses: later for fewer.
	last := by - []clock.Day{19, 40, 100, 150, 190}[level]
	p := b.member(u, region, careTitles[b.rnd.IntN(len(careTitles))], funk, b.between(published[0], last), "bas", people.Employee)
	day := p.account(funk).opened
	for n := range level {
		// 16 days for each course that is still to come.
		latest := by.AddDate(0, 0, -13-16*(level-1-n))
		day = b.early(max(day+7, published[n]+3), min(max(day+120, published[n]+120), latest))
		p.completions = append(p.completions, completion{basCourses[n], day})
	}
	return p
}

// rss makes the staff of the RSS, who have no account, and those who hold
// offices above the municipalities.
func (b *builder) rss() error {
	at := func(region string) place { return place{region: region} }
	lead := b.person(at(dalarna), dalarna, "Utvecklingsledare", clock.Date(2021, 12, 1))
	b.cast.trainers["S1"] = lead
	b.cast.rss = []*person{lead}
	for range 2 {
		b.cast.rss = append(b.cast.rss, b.person(at(dalarna), dalarna, "Utvecklingsledare", clock.Date(2024, 7, 1)))
	}
	for _, o := range []struct {
		role   access.Role
		at     place
		region string
		title  string
		office place
	}{
		{access.Regional, at(dalarna), dalarna, "Regional projektledare", at(dalarna)},
		{access.Steering, place{municipality: "Säter"}, dalarna, "Socialchef", at(dalarna)},
		{access.Producer, at("goteborgsregionen"), "goteborgsregionen", "Kursproducent, Barn och unga", at("goteborgsregionen")},
		// The nation employs nobody here: its people are at home in a region, without an account.
		{access.National, at("storstockholm"), "storstockholm", "Projektledare, SKR", place{}},
		{access.NationalReader, at("storstockholm"), "storstockholm", "Utredare, Socialstyrelsen", place{}},
		{access.Operator, at("storstockholm"), "storstockholm", "Systemförvaltare, lärplattformen", place{}},
	} {
		from := clock.Date(2022, 1, 3)
		p := b.person(o.at, o.region, o.title, from)
		p.office(o.role, o.office, from)
		p.play(o.role)
	}
	b.cast.manager.play(access.Manager)
	b.cast.employee.play(access.Employee)
	b.cast.trainers["B1"].play(access.Trainer)
	for _, p := range b.people {
		if a := p.account(funk); a != nil && a.is(people.MunicipalAdmin) && p.municipalityOn(a.opened) == "Borlänge" {
			p.play(access.MunicipalAdmin)
			break
		}
	}
	return nil
}

// play makes the person the picker's for the role.
func (p *person) play(role access.Role) {
	for _, persona := range personas {
		if persona.role == role {
			p.email = persona.email
		}
	}
}

func (p *person) office(role access.Role, at place, from clock.Day) {
	p.offices = append(p.offices, office{role, at, from})
}

// offices lets managers and municipal administrators act in the product where
// they are that in a journey.
func (b *builder) offices() error {
	for _, p := range b.people {
		held := map[access.Role]bool{}
		for _, a := range p.accounts {
			for _, o := range []struct {
				is   people.Role
				role access.Role
			}{{people.Manager, access.Manager}, {people.MunicipalAdmin, access.MunicipalAdmin}} {
				if !a.is(o.is) || held[o.role] {
					continue
				}
				held[o.role] = true
				at := p.at
				if o.role == access.MunicipalAdmin {
					at = place{municipality: p.municipalityOn(a.opened)}
				}
				p.office(o.role, at, a.opened)
			}
		}
	}
	return nil
}
