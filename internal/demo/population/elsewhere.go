package population

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
)

// Elsewhere makes people and offices of other regions.
func (pop *Population) Elsewhere() error {
	for _, region := range []struct {
		slug   string
		people places
	}{
		{slug: "uppsala", people: places{{"Uppsala", 15}, {"Enköping", 6}, {"Tierp", 4}}},
		{slug: "gavleborg", people: places{{"Gävle", 11}, {"Sandviken", 6}, {"Hudiksvall", 5}}},
	} {
		admin := pop.person(place{region: region.slug}, region.slug, "Regional projektledare", clock.Date(2022, 1, 3))
		admin.office(access.Regional, place{region: region.slug}, clock.Date(2022, 1, 3))
		for _, at := range region.people {
			units := pop.unitsOf(at.municipality, world.BarnOchUnga, 1+at.count/8, bouUnit(1+at.count/8))
			for i := range at.count {
				u := units[i%len(units)]
				switch i {
				case 0:
					pop.member(u, region.slug, "Enhetschef", world.BarnOchUnga, pop.Between(clock.Date(2022, 9, 5), clock.Date(2024, 5, 1)), "", access.Manager)
				case 1:
					p := pop.member(u, region.slug, "Förste socialsekreterare", world.BarnOchUnga, clock.Date(2023, 1, 16), "erfaren", access.Employee, access.Trainer)
					pop.Cast.ElsewhereTrainers[region.slug] = append(pop.Cast.ElsewhereTrainers[region.slug], p)
				default:
					pop.member(u, region.slug, "Socialsekreterare", world.BarnOchUnga, pop.Early(clock.Date(2024, 2, 1), clock.Date(2025, 9, 30)),
						[]string{"ny", "van", "ny", "erfaren"}[i%4], access.Employee)
				}
			}
		}
	}
	return nil
}
