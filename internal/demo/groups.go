package demo

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// groups makes the group of Falun, Borlänge, Gagnef and Säter with its project of three years
// (annual report 2025, S1:164), and another that Gagnef is in, too. Who administers it, its
// plan and its shares are invented, and so is the other group.
func groups(w *world.World) error {
	region, system := w.Regions[world.Dalarna], access.System()
	first, last := clock.YearStart(w.Today.Year()-1), clock.YearEnd(w.Today.Year()+1)
	began := first.At(9, 0)
	_, err := people.Add(w.Ctx, w.Tx, system, people.NewPerson{GivenName: "Elsa", FamilyName: "Granlid", Email: population.GroupAddress}, region, first-60, "Projektledare, Växtkraft LSS", began)
	if err != nil {
		return err
	}
	var made int64
	for _, g := range []struct {
		name, project string
		members       []string
		percent       []int64
	}{
		{"Falu-Borlängeregionen", "Växtkraft LSS, ett projekt på tre år\nPengar från ESF-rådet", []string{"falun", "borlange", "gagnef", "sater"}, []int64{45, 39, 8, 8}},
		{"Västerdalarna", "", []string{"gagnef", "malung-salen", "vansbro"}, []int64{34, 33, 33}},
	} {
		if _, err := municipalgroup.Make(w.Ctx, w.Tx, system, region, municipalgroup.New{Name: g.name, Project: g.project, Period: clock.Period{From: first, Until: &last}}, began); err != nil {
			return err
		}
		id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT MAX(id) FROM municipal_group`)
		if err != nil {
			return err
		}
		if made == 0 {
			made = id
		}
		percent := map[int64]int64{}
		for i, slug := range g.members {
			m, err := organisation.MunicipalityNamed(w.Ctx, w.Tx, slug)
			if err == nil {
				err = municipalgroup.Join(w.Ctx, w.Tx, system, id, m.ID, clock.Period{From: first}, began)
			}
			if err != nil {
				return err
			}
			percent[m.ID] = g.percent[i]
		}
		if err := municipalgroup.SetShares(w.Ctx, w.Tx, system, id, first, percent, began); err != nil {
			return err
		}
		if made == id {
			if err := planTogether(w, id, percent, began); err != nil {
				return err
			}
		}
	}
	for _, each := range []struct {
		email  string
		office access.GroupOffice
	}{{population.GroupAddress, access.GroupAdministrator}, {population.SteeringAddress, access.GroupSteering}} {
		id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT id FROM person WHERE email = $1`, each.email)
		if err == nil {
			err = municipalgroup.Appoint(w.Ctx, w.Tx, system, made, id, municipalgroup.Appointment{Office: each.office, From: first}, began)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// planTogether writes what the members need of the first courses of BAS, this year and the next.
func planTogether(w *world.World, id int64, percent map[int64]int64, began clock.Instant) error {
	for i, slug := range []string{"bas-1", "bas-2", "bas-3", "bas-4"} {
		course, err := catalogue.CourseBySlug(w.Ctx, w.Tx, slug)
		if err != nil {
			return err
		}
		for year := w.Today.Year(); year <= w.Today.Year()+1; year++ {
			seats := map[int64]int{}
			for m, part := range percent {
				seats[m] = int(part) * (4 - i) / 4
			}
			if err := municipalgroup.SetNeeds(w.Ctx, w.Tx, access.System(), id, course.ID, year, seats, began); err != nil {
				return err
			}
		}
	}
	return nil
}
