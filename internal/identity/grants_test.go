package identity_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

func TestRolesAreListedWithThoseThatRunFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		const falun, borlange = int64(2080), int64(2081)
		day := clock.Date(2025, 6, 1)
		now := day.At(12, 0)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		var id int64
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			if id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Alm"}, falun, clock.Date(2024, 1, 1), "", now); err != nil {
				return err
			}
			old, err := identity.Grant(ctx, tx, system, id, access.MunicipalAdmin, falun, clock.Date(2024, 2, 1), now)
			if err != nil {
				return err
			}
			if _, err := identity.Grant(ctx, tx, system, id, access.Manager, falun, clock.Date(2024, 1, 1), now); err != nil {
				return err
			}
			return identity.EndGrant(ctx, tx, system, old, day-1, now)
		}); err != nil {
			t.Fatal(err)
		}
		admin := func(municipality int64) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, RegionID: 20, MunicipalityID: municipality}}}
		}
		held, err := identity.Grants(ctx, d.Reader(), admin(falun), id, day)
		if err != nil {
			t.Fatal(err)
		}
		var got []access.Role
		for _, h := range held {
			got = append(got, h.Role)
			if h.Organisation != "Falun" || !access.GrantRole(admin(falun), access.Manager).Covers(h.Place()) || access.GrantRole(admin(borlange), access.Manager).Covers(h.Place()) {
				t.Errorf("the role is held at %+v", h)
			}
			if person, err := identity.OfGrant(ctx, d.Reader(), h.ID); err != nil || person != id {
				t.Errorf("the grant is %d's, %v", person, err)
			}
		}
		if diff := cmp.Diff([]access.Role{access.Manager, access.MunicipalAdmin}, got); diff != "" {
			t.Error(diff)
		}
		if _, err := identity.Grants(ctx, d.Reader(), admin(borlange), id, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("the neighbour gets %v", err)
		}
		if own, err := identity.Grants(ctx, d.Reader(), access.Viewer{PersonID: id}, id, day); err != nil || len(own) != 2 {
			t.Errorf("they themselves get %v, %v", own, err)
		}
	})
}

func TestRolesEndWithTheEmploymentThatTheyWereFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		const dalarna, falun, borlange = int64(20), int64(2080), int64(2081)
		start, last := clock.Date(2024, 1, 1), clock.Date(2025, 6, 30)
		now := start.At(12, 0)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		var leaves, stays int64
		if err := d.Write(ctx, func(tx *db.Tx) error {
			unit, err := organisation.AddUnit(ctx, tx, system, falun, "Utredning")
			if err != nil {
				return err
			}
			for _, id := range []*int64{&leaves, &stays} {
				if *id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Alm"}, unit, start, "", now); err != nil {
					return err
				}
				for _, g := range []struct {
					role access.Role
					at   int64
					from clock.Day
				}{
					{access.Manager, unit, start}, {access.MunicipalAdmin, falun, last + 10},
					{access.Manager, borlange, start}, {access.Steering, dalarna, start},
				} {
					if _, err := identity.Grant(ctx, tx, system, *id, g.role, g.at, g.from, now); err != nil {
						return err
					}
				}
			}
			e, err := people.EmploymentOn(ctx, tx, leaves, last)
			if err != nil {
				return err
			}
			return identity.EndWithEmployment(ctx, tx, e, leaves, last)
		}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			person int64
			day    clock.Day
			want   []string
		}{
			{"on the last day all are held", leaves, last, []string{"Utredning", "Borlänge", "Dalarna"}},
			{"the day after, those elsewhere", leaves, last + 1, []string{"Borlänge", "Dalarna"}},
			{"what was to begin later never does", leaves, last + 20, []string{"Borlänge", "Dalarna"}},
			{"another's are untouched", stays, last + 20, []string{"Utredning", "Falun", "Borlänge", "Dalarna"}},
		} {
			viewer, _, err := identity.Viewer(ctx, d.Reader(), c.person, c.day)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range viewer.Grants {
				got = append(got, g.Name)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
	})
}

func TestARoleThatWasHeldIsNotWipedOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system := context.Background(), access.System()
		const falun = int64(2080)
		today := clock.Date(2025, 6, 1)
		if err := organisation.Install(ctx, d); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name              string
			from, given, last clock.Day
			want              string
		}{
			{"a day before its first is refused for a role long held", today - 400, today - 400, today - 800, "identity.role_ends_before"},
			{"and so is the very day before", today - 400, today - 400, today - 401, "identity.role_ends_before"},
			{"the mistake of today, for a day gone by, is taken away", today - 400, today, today - 401, ""},
			{"a role that begins today is taken away", today, today - 30, today - 1, ""},
			{"and one that would begin later", today + 30, today - 30, today, ""},
		} {
			var id int64
			err := d.Write(ctx, func(tx *db.Tx) error {
				person, err := people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Alm"}, falun, today-900, "", (today-900).At(12, 0))
				if err != nil {
					return err
				}
				id, err = identity.Grant(ctx, tx, system, person, access.Manager, falun, c.from, c.given.At(12, 0))
				return err
			})
			if err != nil {
				t.Fatal(c.name, err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error {
				return identity.EndGrant(ctx, tx, system, id, c.last, today.At(12, 0))
			})
			got := ""
			if f := fault.Of(err); f != nil && len(f.Fields) == 1 {
				got = f.Fields[0].Key
			}
			if got != c.want || (err != nil) != (c.want != "") {
				t.Errorf("%s: %v", c.name, err)
			}
			if _, err := identity.OfGrant(ctx, d.Reader(), id); (err == nil) != (c.want != "") {
				t.Errorf("%s, but then: %v", c.name, err)
			}
		}
	})
}
