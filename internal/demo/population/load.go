package population

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// AddUnits adds the units where people work.
func (pop *Population) AddUnits(w *world.World) error {
	for _, u := range pop.units {
		municipality, err := w.Municipality(u.municipality)
		if err != nil {
			return err
		}
		if u.id, err = organisation.AddUnit(w.Ctx, w.Tx, access.System(), municipality, u.name); err != nil {
			return fmt.Errorf("%s in %s: %w", u.name, u.municipality, err)
		}
	}
	return pop.outsource(w)
}

// outsource has a company run the last unit of the picker's municipality.
func (pop *Population) outsource(w *world.World) error {
	for _, u := range slices.Backward(pop.units) {
		if u.municipality == "Borlänge" {
			from := clock.Date(2024, 1, 1)
			return organisation.SetProvider(w.Ctx, w.Tx, access.System(), u.id, organisation.Provider{From: from, Name: "Solrosens omsorg AB", Number: "559999-1238"}, from.At(9, 0))
		}
	}
	return errors.New("there is no unit in Borlänge")
}

// id is the identity of the place.
func (at place) id(w *world.World) (int64, error) {
	switch {
	case at.unit != nil:
		return at.unit.id, nil
	case at.municipality != "":
		return w.Municipality(at.municipality)
	case at.region != "":
		return w.Regions[at.region], nil
	}
	return organisation.NationID, nil
}

// AddPeople adds persons with employments, offices and accounts. Those who hold a
// region's office come first, and then open the accounts of their region.
func (pop *Population) AddPeople(w *world.World) error {
	all := slices.Clone(pop.People)
	slices.SortStableFunc(all, func(a, b *Person) int { return cmp.Compare(a.rank(), b.rank()) })
	for _, p := range all {
		if err := p.add(w); err != nil {
			return fmt.Errorf("%s: %w", p.Email, err)
		}
	}
	return nil
}

func (p *Person) rank() int {
	for _, o := range p.offices {
		if o.role == access.Regional {
			return 0
		}
	}
	return 1
}

func (p *Person) add(w *world.World) error {
	viewer, known := w.Regional[p.Region]
	if !known {
		viewer = access.System()
	}
	at, err := p.at.id(w)
	if err != nil {
		return err
	}
	if p.ID, err = people.Add(w.Ctx, w.Tx, viewer, people.NewPerson{GivenName: p.Given, FamilyName: p.Family, Email: p.Email},
		at, p.From, p.Title, p.From.At(9, 0)); err != nil {
		return err
	}
	for _, o := range p.offices {
		org, err := o.at.id(w)
		if err != nil {
			return err
		}
		if _, err := identity.Grant(w.Ctx, w.Tx, access.System(), p.ID, o.role, org, o.from, o.from.At(9, 0)); err != nil {
			return err
		}
		// These act for others from here on.
		switch o.role {
		case access.Regional:
			w.Regional[p.Region], _, err = identity.Viewer(w.Ctx, w.Tx, p.ID, o.from)
		case access.Producer:
			w.Producer, _, err = identity.Viewer(w.Ctx, w.Tx, p.ID, o.from)
		default:
		}
		if err != nil {
			return err
		}
	}
	for _, a := range p.Accounts {
		account := people.NewAccount{PersonID: p.ID, JourneyID: w.Journeys[a.Journey], OpenedOn: a.Opened, Roles: a.Roles, ProfessionSince: a.since()}
		if len(a.steps) > 0 {
			account.StepID = w.Steps[a.Journey+"/"+a.steps[0].slug]
		}
		id, err := people.OpenAccount(w.Ctx, w.Tx, viewer, account)
		if err != nil {
			return err
		}
		for _, s := range a.steps[min(1, len(a.steps)):] {
			if err := people.SetStep(w.Ctx, w.Tx, viewer, id, w.Steps[a.Journey+"/"+s.slug], s.from, "Mer än två år i yrket", s.from.At(9, 0)); err != nil {
				return err
			}
		}
	}
	for _, m := range p.moves {
		to, err := m.to.id(w)
		if err != nil {
			return err
		}
		if err := people.Employ(w.Ctx, w.Tx, viewer, p.ID, to, m.from, p.Title); err != nil {
			return err
		}
	}
	return nil
}
