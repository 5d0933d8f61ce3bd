package statistics_test

import (
	"errors"
	"fmt"
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
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/statistics"
)

func namesOf(t *testing.T, d *db.DB, municipality int64, day clock.Day) (names []string) {
	t.Helper()
	units, err := organisation.Units(ctx, d.Reader(), municipality, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		names = append(names, u.Name)
	}
	return names
}

func TestAUnitIsRenamedFromTodayAndKeepsItsOldNameBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		rename := func(viewer access.Viewer, name string, at clock.Day) error {
			return v.Write(func(tx *db.Tx) error { return organisation.RenameUnit(ctx, tx, viewer, v.North, name, at.At(9, 0)) })
		}
		day := roundtest.Today
		journey, _ := v.Journeys()
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			_, err := people.OpenAccount(ctx, tx, v.Admin, people.NewAccount{PersonID: v.Homes[0], JourneyID: journey, Roles: []access.Role{access.Employee}, OpenedOn: day - 30})
			return err
		}))
		roundtest.Must(t, rename(v.Admin, " Hemvård Nord ", day))
		roundtest.Must(t, rename(v.Admin, "Hemvård Norra", day)) // the same day: the first was a slip
		roundtest.Must(t, rename(v.Admin, "Norra teamet", day+10))
		roundtest.Must(t, rename(v.Admin, "Norra teamet", day+20)) // nothing new
		for _, c := range []struct {
			day  clock.Day
			want string
		}{{day - 1, "Hemtjänst Norr"}, {day, "Hemvård Norra"}, {day + 9, "Hemvård Norra"}, {day + 10, "Norra teamet"}, {day + 30, "Norra teamet"}} {
			if diff := cmp.Diff([]string{"Hemtjänst Söder", c.want}, sorted(namesOf(t, d, roundtest.Falun, c.day), c.want)); diff != "" {
				t.Errorf("%s: %s", c.day, diff)
			}
		}
		m, err := organisation.ByID(ctx, d.Reader(), roundtest.Falun)
		roundtest.Must(t, err)
		figures, err := statistics.Municipality(ctx, d.Reader(), roundtest.System, m, day)
		roundtest.Must(t, err)
		var in []string
		for _, u := range figures.Journeys[0].Units {
			if u.People == 4 {
				in = append(in, u.Name)
			}
		}
		if diff := cmp.Diff([]string{"Hemvård Norra"}, in); diff != "" {
			t.Errorf("the figures of the day: %s", diff)
		}
		_, former, err := organisation.UnitOn(ctx, d.Reader(), v.Admin, v.North, day+20)
		roundtest.Must(t, err)
		if diff := cmp.Diff([]organisation.FormerName{{Name: "Hemvård Norra", Until: day + 9}, {Name: "Hemtjänst Norr", Until: day - 1}}, former); diff != "" {
			t.Error(diff)
		}
		if got := roundtest.Key(rename(v.Admin, "hemtjänst söder", day+20)); got != "name fault.unit_exists" {
			t.Errorf("the name of another unit gives %s", got)
		}
		if got := roundtest.Key(rename(v.Admin, " ", day)); got != "name fault.name_missing" {
			t.Errorf("no name gives %s", got)
		}
		for who, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{"another municipality": {v.BorlangeAdmin, fault.NotFound}, "its manager": {v.Chief, fault.Forbidden}} {
			if err := rename(c.viewer, "Nytt", day); !errors.Is(err, c.want) {
				t.Errorf("%s gets %v", who, err)
			}
		}
	})
}

// sorted puts the name that changes last.
func sorted(names []string, last string) (all []string) {
	for _, n := range names {
		if n != last {
			all = append(all, n)
		}
	}
	if len(all) < len(names) {
		all = append(all, last)
	}
	return all
}

func TestAUnitIsClosedWhenNothingNeedsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		today := roundtest.Today
		round := v.Local(v.Occasion()) // First, in the north
		closing := func(viewer access.Viewer, unit int64, day clock.Day) error {
			return v.Write(func(tx *db.Tx) error { return organisation.CloseUnit(ctx, tx, viewer, unit, day, roundtest.Now) })
		}
		write := func(f func(tx *db.Tx) error) { t.Helper(); roundtest.Must(t, v.Write(f)) }

		// Whoever works there, leads it, or has a course day there stands in the way.
		write(func(tx *db.Tx) error {
			_, err := identity.Grant(ctx, tx, roundtest.System, v.Chief.PersonID, access.Manager, v.North, today, roundtest.Now)
			return err
		})
		used, err := organisation.UsedFrom(ctx, d.Reader(), v.Admin, v.North, roundtest.First)
		roundtest.Must(t, err)
		if len(used.People) != 4 || len(used.Managers) != 1 || len(used.Rounds) != 1 || used.Rounds[0].ID != round.ID {
			t.Errorf("in use: %+v", used)
		}
		if got := roundtest.Key(closing(v.Admin, v.North, roundtest.First)); got != "day fault.unit_used" {
			t.Errorf("a unit in use: %s", got)
		}

		// The neighbour leaves the south: it can be closed from the day after.
		write(func(tx *db.Tx) error { return people.Leave(ctx, tx, v.Admin, v.Neighbour, today+4) })
		if got := roundtest.Key(closing(v.Admin, v.South, today+4)); got != "day fault.unit_used" {
			t.Errorf("on the last day of somebody there: %s", got)
		}
		for who, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{"another municipality": {v.BorlangeAdmin, fault.NotFound}, "its manager": {v.OtherChief, fault.Forbidden}} {
			if err := closing(c.viewer, v.South, today+5); !errors.Is(err, c.want) {
				t.Errorf("%s gets %v", who, err)
			}
		}
		roundtest.Must(t, closing(v.Admin, v.South, today+5))
		if got := roundtest.Key(closing(v.Admin, v.South, today+6)); got != "fault.unit_closed_already" {
			t.Errorf("twice: %s", got)
		}

		// It is offered until then, and stands in what has been.
		if got := namesOf(t, d, roundtest.Falun, today+4); len(got) != 2 {
			t.Errorf("the day before: %v", got)
		}
		if got := namesOf(t, d, roundtest.Falun, today+5); len(got) != 1 || got[0] != "Hemtjänst Norr" {
			t.Errorf("from the day: %v", got)
		}
		places, err := organisation.Workplaces(ctx, d.Reader(), access.Scope{Municipalities: []int64{roundtest.Falun}}, today+5)
		roundtest.Must(t, err)
		if len(places) != 2 {
			t.Errorf("places to work: %+v", places)
		}
		rows, err := organisation.UnitRows(ctx, d.Reader(), v.Admin, organisation.Organisation{ID: roundtest.Falun, RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Falun}, today+5)
		roundtest.Must(t, err)
		if len(rows) != 2 || rows[0].Closed(today+5) || !rows[1].Closed(today+5) || rows[1].Closed(today+4) || rows[0].People != 4 || rows[1].People != 0 {
			t.Errorf("all units: %+v", rows)
		}

		// Nothing is put into it any more.
		later := v.Occasion()
		later.UnitID, later.MunicipalityID = v.South, roundtest.Falun
		later.Days[0].Trainers = nil
		later.Days[0].Day = today + 5
		refused := map[string]error{
			"employment": v.Write(func(tx *db.Tx) error {
				return people.Employ(ctx, tx, v.Admin, v.Homes[0], v.South, today+1, "")
			}),
			"role": v.Write(func(tx *db.Tx) error {
				_, err := identity.Grant(ctx, tx, roundtest.System, v.Homes[0], access.Manager, v.South, today, roundtest.Now)
				return err
			}),
		}
		for what, err := range refused {
			if got := roundtest.Key(err); got != "organisation fault.unit_closed" {
				t.Errorf("%s: %s", what, got)
			}
		}
		if _, err := v.PlanLocal(v.Admin, later); roundtest.Key(err) != "days.0.day fault.unit_closed" {
			t.Errorf("an occasion on the day: %s", roundtest.Key(err))
		}
		later.Days[0].Day = today + 4
		if _, err := v.PlanLocal(v.Admin, later); err != nil {
			t.Errorf("an occasion on the day before: %v", err)
		}

		// Taken back, it is as before.
		write(func(tx *db.Tx) error { return organisation.ReopenUnit(ctx, tx, v.Admin, v.South, roundtest.Now) })
		if got := namesOf(t, d, roundtest.Falun, today+5); len(got) != 2 {
			t.Errorf("opened again: %v", got)
		}
		if got := roundtest.Key(v.Write(func(tx *db.Tx) error { return organisation.ReopenUnit(ctx, tx, v.Admin, v.South, roundtest.Now) })); got != "fault.unit_open_already" {
			t.Errorf("opened twice: %s", got)
		}
		write(func(tx *db.Tx) error { return people.Employ(ctx, tx, v.Admin, v.Homes[0], v.South, today+1, "") })
	})
}

// Whoever closes a unit and whoever is put into it at the same moment do not both
// succeed.
func TestAUnitIsNotClosedUnderThoseWhoComeToIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		for i := range 10 {
			var unit int64
			roundtest.Must(t, v.Write(func(tx *db.Tx) (err error) {
				unit, err = organisation.AddUnit(ctx, tx, v.Admin, roundtest.Falun, fmt.Sprintf("Ny %d", i))
				return err
			}))
			got := roundtest.Together(
				func() error {
					return v.Write(func(tx *db.Tx) error {
						return organisation.CloseUnit(ctx, tx, v.Admin, unit, roundtest.Today, roundtest.Now)
					})
				},
				func() error {
					return v.Write(func(tx *db.Tx) error {
						_, err := people.Add(ctx, tx, v.Admin, people.NewPerson{GivenName: "Ny", FamilyName: "Ny"}, unit, roundtest.Today, "", roundtest.Now)
						return err
					})
				},
			)
			if got[""] != 1 {
				t.Fatalf("both or neither: %v", got)
			}
		}
	})
}
