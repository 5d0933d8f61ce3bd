package population

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
)

// The addresses of the picker's people whom others of the demo ask for.
const (
	EmployeeAddress = "medarbetare@example.org"
	ManagerAddress  = "chef@example.org"
	DistrictAddress = "stadsdel@example.org"
	GroupAddress    = "gruppadmin@example.org"
	SteeringAddress = "styrgrupp@example.org"
)

// groupAdministrator names the picker's administrator of a group of municipalities, who holds
// an office in the group and no role.
const groupAdministrator access.Role = "group_administrator"

// Part is a role that the picker offers, with the address of whoever plays it.
type Part struct {
	Role  access.Role
	Email string
}

// Parts are those of the picker in its order, one for each role.
var Parts = []Part{
	{access.Employee, EmployeeAddress},
	{access.Manager, ManagerAddress},
	{access.Trainer, "utbildare@example.org"},
	{access.DistrictAdmin, DistrictAddress},
	{access.MunicipalAdmin, "kommunadministrator@example.org"},
	{access.Regional, "regional@example.org"},
	{access.Steering, SteeringAddress},
	{groupAdministrator, GroupAddress},
	{access.Producer, "producent@example.org"},
	{access.National, "nationell@example.org"},
	{access.NationalReader, "socialstyrelsen@example.org"},
	{access.Operator, "drift@example.org"},
}

// RSS makes the staff of the RSS, who have no account, and those who hold
// offices above the municipalities.
func (pop *Population) RSS() error {
	at := func(region string) place { return place{region: region} }
	lead := pop.person(at(world.Dalarna), world.Dalarna, "Utvecklingsledare", clock.Date(2021, 12, 1))
	pop.Cast.Trainers["S1"] = lead
	pop.Cast.RSS = []*Person{lead}
	for range 2 {
		pop.Cast.RSS = append(pop.Cast.RSS, pop.person(at(world.Dalarna), world.Dalarna, "Utvecklingsledare", clock.Date(2024, 7, 1)))
	}
	for _, o := range []struct {
		role   access.Role
		at     place
		region string
		title  string
		office place
	}{
		{access.Regional, at(world.Dalarna), world.Dalarna, "Regional projektledare", at(world.Dalarna)},
		{access.Steering, place{municipality: "Säter"}, world.Dalarna, "Socialchef", at(world.Dalarna)},
		{access.Producer, at("goteborgsregionen"), "goteborgsregionen", "Kursproducent, Barn och unga", at("goteborgsregionen")},
		// The nation employs nobody here: its people are at home in a region, without an account.
		{access.National, at("storstockholm"), "storstockholm", "Projektledare, SKR", place{}},
		{access.NationalReader, at("storstockholm"), "storstockholm", "Utredare, Socialstyrelsen", place{}},
		{access.Operator, at("storstockholm"), "storstockholm", "Systemförvaltare, lärplattformen", place{}},
	} {
		from := clock.Date(2022, 1, 3)
		p := pop.person(o.at, o.region, o.title, from)
		p.office(o.role, o.office, from)
		p.play(o.role)
	}
	pop.Cast.Manager.play(access.Manager)
	pop.Cast.Employee.play(access.Employee)
	pop.Cast.Trainers["B1"].play(access.Trainer)
	for _, p := range pop.People {
		if a := p.Account(world.Funktionshinder); a != nil && a.Is(access.MunicipalAdmin) && p.MunicipalityOn(a.Opened) == "Borlänge" {
			p.play(access.MunicipalAdmin)
			break
		}
	}
	return nil
}

// Offices lets managers and municipal administrators act in the product where
// they are that in a journey.
func (pop *Population) Offices() error {
	for _, p := range pop.People {
		held := map[access.Role]bool{}
		for _, a := range p.Accounts {
			for _, o := range []struct {
				is   access.Role
				role access.Role
			}{{access.Manager, access.Manager}, {access.MunicipalAdmin, access.MunicipalAdmin}} {
				if !a.Is(o.is) || held[o.role] {
					continue
				}
				held[o.role] = true
				at := p.at
				if o.role == access.MunicipalAdmin {
					at = place{municipality: p.MunicipalityOn(a.Opened)}
				}
				p.office(o.role, at, a.Opened)
			}
		}
	}
	return nil
}
