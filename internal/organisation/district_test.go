package organisation_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// city is a municipality with two districts and a unit.
type city struct {
	*testing.T
	*db.DB
	admin             access.Viewer
	north, south      int64
	unit              int64
	foreign, district int64 // another municipality's unit and district
	today             clock.Day
}

func newCity(t *testing.T, d *db.DB) *city {
	t.Helper()
	if err := organisation.Install(ctx, d); err != nil {
		t.Fatal(err)
	}
	office := func(municipality int64) access.Viewer {
		return access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, RegionID: 20, MunicipalityID: municipality}}}
	}
	c := &city{T: t, DB: d, admin: office(2080), today: clock.Date(2026, 5, 4)}
	now := c.today.At(9, 0)
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		for _, each := range []struct {
			id   *int64
			make func() (int64, error)
		}{
			{&c.north, func() (int64, error) { return organisation.AddDistrict(ctx, tx, c.admin, 2080, " Norra ", now) }},
			{&c.south, func() (int64, error) { return organisation.AddDistrict(ctx, tx, c.admin, 2080, "Södra", now) }},
			{&c.unit, func() (int64, error) { return organisation.AddUnit(ctx, tx, c.admin, 2080, "Solgården") }},
			{&c.foreign, func() (int64, error) { return organisation.AddUnit(ctx, tx, office(2081), 2081, "Ekgården") }},
			{&c.district, func() (int64, error) { return organisation.AddDistrict(ctx, tx, office(2081), 2081, "Östra", now) }},
		} {
			if *each.id, err = each.make(); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *city) set(viewer access.Viewer, unit, district int64, from clock.Day) error {
	return c.Write(ctx, func(tx *db.Tx) error {
		return organisation.SetDistrict(ctx, tx, viewer, unit, district, from, c.today.At(9, 0))
	})
}

func (c *city) on(day clock.Day) (district int64) {
	c.Helper()
	all, err := organisation.DistrictOf(ctx, c.Reader(), 2080, day)
	if err != nil {
		c.Fatal(err)
	}
	for _, each := range []int64{c.north, c.south} { // the two ways to ask say the same
		units, err := organisation.DistrictUnits(ctx, c.Reader(), each, day)
		if err != nil || (len(units) == 1 && units[0] == c.unit) != (all[c.unit] == each) {
			c.Errorf("on %s %d has the units %v, %v; the unit is in %d", day, each, units, err, all[c.unit])
		}
		if all[each] != each {
			c.Errorf("%d is in %d", each, all[each])
		}
	}
	return all[c.unit]
}

// A unit is in one district from a day on until another word; what is said anew of a day
// holds from it on, and what was said of later days no longer does.
func TestAUnitBelongsToADistrictFromADayOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCity(t, d)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := c.on(c.today); got != 0 {
			t.Errorf("at first it is in %d", got)
		}
		must(c.set(c.admin, c.unit, c.north, c.today))
		must(c.set(c.admin, c.unit, c.south, c.today+10))
		for day, want := range map[clock.Day]int64{c.today - 1: 0, c.today: c.north, c.today + 9: c.north, c.today + 10: c.south, c.today + 99: c.south} {
			if got := c.on(day); got != want {
				t.Errorf("on %s it is in %d, want %d", day, got, want)
			}
		}
		must(c.set(c.admin, c.unit, 0, c.today+5))
		for day, want := range map[clock.Day]int64{c.today + 4: c.north, c.today + 5: 0, c.today + 10: 0} {
			if got := c.on(day); got != want {
				t.Errorf("once it is taken out it is on %s in %d, want %d", day, got, want)
			}
		}
		history, err := organisation.Memberships(ctx, d.Reader(), c.admin, c.unit)
		must(err)
		if diff := cmp.Diff([]organisation.Membership{{From: c.today + 5}, {From: c.today, Name: "Norra"}}, history); diff != "" {
			t.Error(diff)
		}
		names, err := organisation.Districts(ctx, d.Reader(), 2080, c.today)
		must(err)
		if len(names) != 2 || names[0].Name != "Norra" || names[1].Name != "Södra" {
			t.Errorf("the districts are %v", names)
		}
		rows, err := organisation.DistrictRows(ctx, d.Reader(), c.admin, organisation.Organisation{ID: 2080, Kind: organisation.Municipality, RegionID: 20, MunicipalityID: 2080}, c.today)
		must(err)
		if len(rows) != 2 || rows[0].Units != 1 || rows[1].Units != 0 {
			t.Errorf("the districts have %+v", rows)
		}
	})
}

func TestWhatCannotBeADistrictOfAUnit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCity(t, d)
		for what, err := range map[string]error{
			"another municipality's district":       c.set(c.admin, c.unit, c.district, c.today),
			"a unit that is none":                   c.set(c.admin, c.unit, c.unit, c.today),
			"the municipality":                      c.set(c.admin, c.unit, 2080, c.today),
			"nothing known":                         c.set(c.admin, c.unit, 471100, c.today),
			"a district is in no other":             c.set(c.admin, c.north, c.south, c.today),
			"nor in itself":                         c.set(c.admin, c.north, c.north, c.today),
			"a unit of another municipality (none)": c.set(c.admin, c.foreign, c.north, c.today),
		} {
			if what == "a unit of another municipality (none)" {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", what, err)
				}
				continue
			}
			if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		// Who administers or leads a district makes none and moves no unit: they could reach further.
		for _, role := range []access.Role{access.DistrictAdmin, access.Manager} {
			v := access.Viewer{Grants: []access.Grant{{Role: role, Level: access.Unit, OrganisationID: c.north, RegionID: 20, MunicipalityID: 2080, District: true, Units: []int64{c.unit}}}}
			if err := c.set(v, c.unit, c.north, c.today); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s moves a unit: %v", role, err)
			}
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := organisation.AddDistrict(ctx, tx, v, 2080, "Västra", c.today.At(9, 0))
				return err
			}); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s makes a district: %v", role, err)
			}
		}
	})
}

// A district is closed once no unit belongs to it, and takes none after that.
func TestADistrictIsClosedWhenItIsEmpty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCity(t, d)
		shut := func(day clock.Day) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return organisation.CloseUnit(ctx, tx, c.admin, c.north, day, c.today.At(9, 0))
			})
		}
		if err := c.set(c.admin, c.unit, c.north, c.today); err != nil {
			t.Fatal(err)
		}
		if err := c.set(c.admin, c.unit, c.south, c.today+10); err != nil {
			t.Fatal(err)
		}
		used, err := organisation.UsedFrom(ctx, d.Reader(), c.admin, c.north, c.today+9)
		if err != nil || len(used.Units) != 1 || used.Units[0].Name != "Solgården" {
			t.Errorf("what needs it: %+v, %v", used, err)
		}
		if f := fault.Of(shut(c.today + 9)); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("on the last day of its unit: %v", f)
		}
		if err := shut(c.today + 10); err != nil {
			t.Errorf("on the day after: %v", err)
		}
		if f := fault.Of(c.set(c.admin, c.unit, c.north, c.today)); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("a unit goes into a district that closes: %v", f)
		}
	})
}

// Of many who move a unit at the same time, the unit is in one district, and each word but
// the last is withdrawn.
func TestManyAtOnceLeaveAUnitInOneDistrict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCity(t, d)
		var all sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			all.Go(func() { errs[i] = c.set(c.admin, c.unit, []int64{c.north, c.south}[i%2], c.today) })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		held, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT CAST(COUNT(*) AS TEXT) || ' of ' || CAST((SELECT COUNT(*) FROM district_unit) AS TEXT) FROM district_unit WHERE withdrawn_at IS NULL`)
		if want := fmt.Sprintf("1 of %d", len(errs)); err != nil || held != want {
			t.Errorf("%s hold, %v; want %s", held, err, want)
		}
		if got := c.on(c.today); got != c.north && got != c.south {
			t.Errorf("it is in %d", got)
		}
		// The constraint alone would do.
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO district_unit (unit_id, from_day, district_id, told_at) VALUES ($1, $2, $3, 1)`, c.unit, c.today, c.south)
			return err
		}); !db.IsUnique(err) {
			t.Errorf("a second word of the same day: %v", err)
		}
	})
}
