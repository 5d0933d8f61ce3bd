package identity_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// A role at a district opens the units that belong to it on the day, and its own office:
// yesterday's administrator does not see a unit that has moved.
func TestARoleAtADistrictOpensItsUnitsOfTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		const falun, borlange = int64(2080), int64(2081)
		start, today := clock.Date(2026, 1, 1), clock.Date(2026, 5, 4)
		now := today.At(9, 0)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		var north, south, elsewhere, moved, stays, none int64
		var admin, chief, theirs, office int64
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			for id, name := range map[*int64]string{&north: "Norra", &south: "Södra"} {
				if *id, err = organisation.AddDistrict(ctx, tx, system, falun, name, now); err != nil {
					return err
				}
			}
			if elsewhere, err = organisation.AddDistrict(ctx, tx, system, borlange, "Östra", now); err != nil {
				return err
			}
			for id, name := range map[*int64]string{&moved: "Ekgården", &stays: "Solgården", &none: "Utredning"} {
				if *id, err = organisation.AddUnit(ctx, tx, system, falun, name); err != nil {
					return err
				}
			}
			for _, each := range []struct {
				unit, district int64
				from           clock.Day
			}{{moved, north, start}, {moved, south, today}, {stays, north, start}} {
				if err := organisation.SetDistrict(ctx, tx, system, each.unit, each.district, each.from, now); err != nil {
					return err
				}
			}
			for _, each := range []struct {
				id *int64
				at int64
			}{{&admin, none}, {&chief, stays}, {&theirs, moved}, {&office, north}} {
				if *each.id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Alm"}, each.at, start, "", now); err != nil {
					return err
				}
			}
			if _, err := identity.Grant(ctx, tx, system, admin, access.DistrictAdmin, north, start, now); err != nil {
				return err
			}
			_, err = identity.Grant(ctx, tx, system, chief, access.Manager, north, start, now)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		viewerOn := func(person int64, day clock.Day) access.Viewer {
			t.Helper()
			v, _, err := identity.Viewer(ctx, d.Reader(), person, day)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		for _, holder := range []int64{admin, chief} {
			for day, want := range map[clock.Day][]int64{today - 1: {moved, stays}, today: {stays}} {
				v := viewerOn(holder, day)
				slices.Sort(want)
				if len(v.Grants) != 1 || !v.Grants[0].District || !slices.Equal(v.Grants[0].Units, want) {
					t.Errorf("on %s they reach %+v, want %v", day, v.Grants, want)
				}
				if saw := people.Visible(ctx, d.Reader(), v, theirs, day) == nil; saw != (day < today) {
					t.Errorf("on %s they see who works in the unit that moves: %v", day, saw)
				}
				if err := people.Visible(ctx, d.Reader(), v, office, day); err != nil {
					t.Errorf("who works at the district's office: %v", err)
				}
				if err := people.Visible(ctx, d.Reader(), v, admin, day); holder != admin && !errors.Is(err, fault.NotFound) {
					t.Errorf("who works in no district: %v", err)
				}
				list, _, err := people.List(ctx, d.Reader(), v, people.Filter{}, day)
				if err != nil {
					t.Fatal(err)
				}
				listed := slices.ContainsFunc(list, func(r people.ListRow) bool { return r.ID == theirs })
				if listed != (day < today) {
					t.Errorf("on %s the list has who works in the unit that moves: %v", day, listed)
				}
			}
		}
		give := func(v access.Viewer, person int64, role access.Role, at int64) error {
			_, err := tryGrant(d, v, person, role, at, today)
			return err
		}
		mun := viewer(access.MunicipalAdmin, access.Municipality, falun, 20)
		mun.Grants[0].MunicipalityID = falun
		who := viewerOn(admin, today)
		for _, c := range []struct {
			what string
			err  error
			want error
		}{
			{"the municipality's administrator names one for a district", give(mun, office, access.DistrictAdmin, south), nil},
			{"but not at another municipality's", give(mun, office, access.DistrictAdmin, elsewhere), fault.NotFound},
			{"and gives their own role to nobody", give(mun, office, access.MunicipalAdmin, falun), fault.Forbidden},
			{"who administers a district names who leads it", give(who, office, access.Manager, north), nil},
			{"and a unit of it", give(who, office, access.Manager, stays), nil},
			{"but not one that has moved", give(who, office, access.Manager, moved), fault.NotFound},
			{"nor the other district", give(who, office, access.Manager, south), fault.NotFound},
			{"nor the municipality", give(who, office, access.Manager, falun), fault.NotFound},
			{"nor another administrator", give(who, office, access.DistrictAdmin, north), fault.Forbidden},
			{"nor anything to somebody of another district", give(who, theirs, access.Manager, stays), fault.NotFound},
			{"who leads a district gives no roles", give(viewerOn(chief, today), office, access.Manager, stays), fault.Forbidden},
		} {
			if !errors.Is(c.err, c.want) || c.want == nil && c.err != nil {
				t.Errorf("%s: %v, want %v", c.what, c.err, c.want)
			}
		}
		for what, at := range map[string]int64{"a unit that is no district": stays, "the municipality": falun} {
			if k := key(give(mun, office, access.DistrictAdmin, at)); k != "identity.role_elsewhere" {
				t.Errorf("a district's administrator at %s: %s", what, k)
			}
		}
		held, err := identity.Grants(ctx, d.Reader(), mun, admin, today)
		if err != nil || len(held) != 1 || !held[0].District || !access.GrantRole(mun, access.DistrictAdmin).Covers(held[0].Place()) {
			t.Errorf("they hold %+v, %v", held, err)
		}
	})
}
