package statistics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

func TestAMunicipalityIsTheSumOfItsUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var unit int64
		w.check(w.Write(ctx, func(tx *db.Tx) (err error) {
			unit, err = organisation.AddUnit(ctx, tx, system, falun, "Norr")
			return err
		}))
		inUnit := func(person int64) int64 {
			w.put(`UPDATE employment SET organisation_id = $2 WHERE person_id = $1 RETURNING id`, person, unit)
			return person
		}
		first, second := inUnit(w.person(falun, lastYear)), inUnit(w.person(falun, lastYear))
		manager, without, elsewhere := w.person(falun, lastYear), w.person(falun, lastYear), w.person(mora, lastYear)
		w.account(first, w.provider, lastYear, "bas", "employee")
		w.account(second, w.provider, lastYear, "bas", "employee")
		w.account(manager, w.provider, lastYear, "", "manager")
		w.account(elsewhere, w.provider, lastYear, "bas", "employee")
		for _, p := range []int64{first, manager, without, elsewhere} {
			w.complete(p, "bas-1", inYear)
		}
		w.complete(second, "bas-1", "2026-01-01") // after the day

		m, err := organisation.ByID(ctx, d.Reader(), falun)
		w.check(err)
		f, err := statistics.Municipality(ctx, d.Reader(), system, m, yearEnd)
		w.check(err)
		if f.People != 4 || f.WithoutAccount != 1 || len(f.Journeys) != 1 {
			t.Fatalf("%d people, %d without account, %d journeys; want 4, 1, 1", f.People, f.WithoutAccount, len(f.Journeys))
		}
		j := f.Journeys[0]
		bas1 := -1
		for i, c := range j.Courses {
			if c.Slug == "bas-1" {
				bas1 = i
			}
		}
		type row struct {
			name                               string
			people, accounts, employees, count int
			share                              statistics.Tenths
		}
		var got []row
		for _, u := range append(j.Units, j.Total) {
			got = append(got, row{u.Name, u.People, u.Accounts, u.Employees, u.Completed[bas1], u.Share(bas1)})
		}
		want := []row{{"Norr", 2, 2, 2, 1, 500}, {"Falun", 2, 1, 0, 0, 0}, {"", 4, 3, 2, 1, 500}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Error(diff)
		}

		before, err := statistics.Municipality(ctx, d.Reader(), system, m, clock.Date(2023, 1, 1))
		w.check(err)
		if before.People != 0 || len(before.Journeys) != 0 {
			t.Errorf("before anybody came there are %+v", before)
		}
	})
}

func TestAMunicipalitysFiguresFollowItsRegions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		m, err := organisation.ByID(ctx, d.Reader(), falun)
		w.check(err)
		region, err := organisation.ByID(ctx, d.Reader(), dalarna)
		w.check(err)
		in := func(role access.Role, level access.Level, id, region, municipality int64) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region, MunicipalityID: municipality}}}
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			place  organisation.Organisation
			want   error
		}{
			"its own administrator":         {in(access.MunicipalAdmin, access.Municipality, falun, dalarna, falun), m, nil},
			"a neighbour's, in the region":  {in(access.MunicipalAdmin, access.Municipality, mora, dalarna, mora), m, nil},
			"the region's":                  {in(access.Regional, access.Region, dalarna, dalarna, 0), m, nil},
			"another region's":              {in(access.Regional, access.Region, uppsala, uppsala, 0), m, fault.NotFound},
			"the nation's reader":           {in(access.NationalReader, access.Nation, 1, 0, 0), m, nil},
			"an employee without an office": {access.Viewer{PersonID: 1, Home: access.Place{RegionID: dalarna}}, m, fault.NotFound},
			"nobody asks for a region here": {in(access.Regional, access.Region, dalarna, dalarna, 0), region, fault.NotFound},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := statistics.Municipality(ctx, d.Reader(), c.viewer, c.place, yearEnd); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		}
	})
}

func TestAMovedPersonMovesTheUnitsFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		m, err := organisation.ByID(ctx, d.Reader(), falun)
		w.check(err)
		people := func() int {
			t.Helper()
			f, err := statistics.Municipality(ctx, d.Reader(), system, m, yearEnd)
			w.check(err)
			return f.People
		}
		if got := people(); got != 0 {
			t.Errorf("%d people before anybody came", got)
		}
		person := w.person(falun, lastYear)
		if got := people(); got != 1 {
			t.Errorf("%d people, want the one who came", got)
		}
		w.leave(person, inYear)
		if got := people(); got != 0 {
			t.Errorf("%d people, want none after they left", got)
		}
	})
}

func TestWhatWaitsInAMunicipality(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		m, err := organisation.ByID(ctx, d.Reader(), falun)
		w.check(err)
		r, _ := w.round("bas-1", dalarna, "regional", "2026-05-04")
		wait := func(person int64, joined int, extra string) {
			w.put(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager` + extra[:strings.Index(extra, "|")] + `) VALUES (` +
				fmt.Sprint(r, ", ", person, ", ", joined, ", ") + extra[strings.Index(extra, "|")+1:] + `) RETURNING id`)
		}
		asks := "|TRUE"
		wait(w.person(falun, lastYear), 200, asks)
		wait(w.person(falun, lastYear), 100, asks)
		wait(w.person(falun, lastYear), 50, ", allowed_at|TRUE, 60")
		wait(w.person(falun, lastYear), 40, "|FALSE")
		wait(w.person(falun, lastYear), 30, ", offered_at, offer_until|FALSE, 60, 99")
		wait(w.person(falun, lastYear), 20, ", ended_at, ended_how|TRUE, 60, 'refused'")
		wait(w.person(uppsala, lastYear), 10, asks)
		before := clock.Date(2026, 5, 3)
		got, err := statistics.PendingIn(ctx, d.Reader(), system, m, before)
		w.check(err)
		if got.Managers != 2 || got.Since == nil || *got.Since != 100 || got.Offers != 1 || got.InLine != 2 {
			t.Errorf("it is %+v", got)
		}
		if got, err := statistics.PendingIn(ctx, d.Reader(), system, m, before+1); err != nil || got != (statistics.Pending{}) {
			t.Errorf("of a round that begins that day it is %+v, %v", got, err)
		}
		if _, err := statistics.PendingIn(ctx, d.Reader(), access.Viewer{PersonID: 1}, m, before); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody reads it with %v", err)
		}
	})
}
