package turnover_test

import (
	"context"
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/turnover"
)

// Who moves within the region keeps an office in one of its groups. Who leaves the region leaves
// it, and does not come back to it by being employed there anew.
func TestWhoLeavesTheRegionLeavesTheirOfficesInItsGroups(t *testing.T) {
	const dalarna, falun, borlange, enkoping int64 = 20, 2080, 2081, 381
	var (
		ctx    = context.Background()
		system = access.System()
		today  = clock.Date(2026, 5, 4)
		now    = today.At(12, 0)
	)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)); err != nil {
			t.Fatal(err)
		}
		var id int64
		write := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, do); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) (err error) {
			if id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Greta", FamilyName: "Grupp"}, falun, today-400, "", now); err != nil {
				return err
			}
			if _, err = municipalgroup.Make(ctx, tx, system, dalarna, municipalgroup.New{Name: "Gruppen", Period: clock.Period{From: today}}, now); err != nil {
				return err
			}
			return municipalgroup.Appoint(ctx, tx, system, 1, id, municipalgroup.Appointment{Office: access.GroupAdministrator, From: today}, now)
		})
		holds := func(day clock.Day, want int) {
			t.Helper()
			if v, _, err := identity.Viewer(ctx, d.Reader(), id, day); err != nil || len(v.Groups) != want {
				t.Errorf("on %s: %+v, %v", day, v.Groups, err)
			}
		}
		move := func(to int64, from clock.Day) {
			t.Helper()
			write(func(tx *db.Tx) error { return turnover.Move(ctx, tx, system, id, to, from, "", now) })
		}
		move(borlange, today+5)
		holds(today+10, 1)
		move(enkoping, today+20)
		holds(today+19, 1)
		holds(today+20, 0)
		move(falun, today+30)
		holds(today+30, 0)
	})
}
