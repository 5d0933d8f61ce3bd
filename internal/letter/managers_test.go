package letter

import (
	"context"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Whoever is nearest is told of somebody: the manager of the unit, else the district's manager,
// else who administers the district, else the municipality's administrators.
func TestTheNearestIsToldOfSomebody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		const falun = int64(2080)
		start, today := clock.Date(2026, 1, 1), clock.Date(2026, 5, 4)
		now := start.At(9, 0)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		var unit, district, somebody int64
		holders := map[string]*int64{"municipality": new(int64), "district": new(int64), "district's manager": new(int64), "unit's manager": new(int64)}
		write := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, do); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) (err error) {
			if unit, err = organisation.AddUnit(ctx, tx, system, falun, "Solgården"); err != nil {
				return err
			}
			if district, err = organisation.AddDistrict(ctx, tx, system, falun, "Norra", now); err != nil {
				return err
			}
			for _, id := range []*int64{&somebody, holders["municipality"], holders["district"], holders["district's manager"], holders["unit's manager"]} {
				if *id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Alm"}, unit, start, "", now); err != nil {
					return err
				}
			}
			return organisation.SetDistrict(ctx, tx, system, unit, district, today, now)
		})
		for _, next := range []struct {
			who  string
			role access.Role
			at   int64
		}{{"municipality", access.MunicipalAdmin, falun}, {"district", access.DistrictAdmin, district}, {"district's manager", access.Manager, district}, {"unit's manager", access.Manager, unit}} {
			write(func(tx *db.Tx) error {
				_, err := identity.Grant(ctx, tx, system, *holders[next.who], next.role, next.at, start, now)
				return err
			})
			told, err := ManagersOf(ctx, d.Reader(), somebody, today)
			if err != nil || !slices.Equal(told, []int64{*holders[next.who]}) {
				t.Errorf("with a %s, %v are told, %v; want %d", next.who, told, err, *holders[next.who])
			}
			before, err := ManagersOf(ctx, d.Reader(), somebody, today-1)
			if want := next.who == "municipality" || next.who == "unit's manager"; err != nil || slices.Equal(before, told) != want {
				t.Errorf("with a %s, before the unit belonged to the district: %v, %v", next.who, before, err)
			}
		}
	})
}
