package people_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

func TestManagersKeepTheirPeopleWhileNobodyAdministersThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		add(t, d, "Li", "Ek", falun, today-10)
		add(t, d, "Bo", "Alm", borlange, today-10)
		admin := add(t, d, "Ada", "Berg", falun, today-10)
		keeps := func(municipality int64, day clock.Day) bool {
			t.Helper()
			k, err := people.KeepersOf(ctx, d.Reader(), municipality, day)
			must(t, err)
			return k.Managers
		}
		regional := viewer(access.Regional, access.Region, dalarna, dalarna)
		without := func() (names []string) {
			t.Helper()
			all, err := people.Unadministered(ctx, d.Reader(), regional, dalarna, true, today)
			must(t, err)
			for _, u := range all {
				names = append(names, fmt.Sprintf("%s %d %v", u.Municipality.Name, u.People, u.Managers))
			}
			return names
		}
		if diff := cmp.Diff([]string{"Borlänge 1 true", "Falun 2 true"}, without()); diff != "" {
			t.Error(diff)
		}
		last := today + 5
		must(t, in(d, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `
				INSERT INTO role_grant (person_id, role, organisation_id, from_day, to_day, granted_at)
				VALUES ($1, 'municipal_admin', $2, $3, $4, 0)`, admin, falun, today, last)
			return err
		}))
		if diff := cmp.Diff([]string{"Borlänge 1 true"}, without()); diff != "" {
			t.Error(diff)
		}
		// On the edges of the administrator's days.
		for day, want := range map[clock.Day]bool{today - 1: true, today: false, last: false, last + 1: true} {
			if got := keeps(falun, day); got != want {
				t.Errorf("on %v the managers keep them: %v", day, got)
			}
		}
		// What the municipality has said goes before.
		set := func(v access.Viewer, keep *bool) error {
			return in(d, func(tx *db.Tx) error { return people.SetManagersKeep(ctx, tx, v, falun, keep, now) })
		}
		yes, no := true, false
		municipal := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		for _, v := range []access.Viewer{
			viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna),
			{Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: 1, RegionID: dalarna, MunicipalityID: falun, Keeps: true}}},
		} {
			if err := set(v, &yes); fault.Of(err) != fault.NotFound {
				t.Errorf("%+v decided: %v", v.Grants, err)
			}
		}
		for _, c := range []struct {
			said *bool
			want map[clock.Day]bool
		}{
			{&yes, map[clock.Day]bool{today: true, last + 1: true}},
			{&no, map[clock.Day]bool{today: false, last + 1: false}},
			{nil, map[clock.Day]bool{today: false, last + 1: true}},
		} {
			must(t, set(municipal, c.said))
			for day, want := range c.want {
				if got := keeps(falun, day); got != want {
					t.Errorf("said %v, on %v: %v", c.said, day, got)
				}
			}
		}
		if _, err := people.Unadministered(ctx, d.Reader(), municipal, dalarna, true, today); fault.Of(err) != fault.NotFound {
			t.Errorf("a municipality reads the region's: %v", err)
		}
	})
}

// A manager who keeps the people of a unit adds, corrects and lets go there, and nowhere
// else; their completions are registered by who administers.
func TestAManagerKeepsThePeopleOfTheOwnUnit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		var north, south int64
		must(t, in(d, func(tx *db.Tx) (err error) {
			if north, err = organisation.AddUnit(ctx, tx, system, falun, "Norr"); err == nil {
				south, err = organisation.AddUnit(ctx, tx, system, falun, "Söder")
			}
			return err
		}))
		manager := func(keeps bool) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: north, RegionID: dalarna, MunicipalityID: falun, Keeps: keeps}}}
		}
		theirs, others := add(t, d, "Li", "Ek", north, today-10), add(t, d, "Bo", "Alm", south, today-10)
		try := func(f func(tx *db.Tx) error) string {
			if f := fault.Of(in(d, f)); f != nil {
				return f.Key
			}
			return ""
		}
		for name, c := range map[string]struct {
			viewer         access.Viewer
			unit, person   int64
			added, changed string
		}{
			"keeps, own unit":     {manager(true), north, theirs, "", ""},
			"keeps, another unit": {manager(true), south, others, fault.NotFound.Key, fault.NotFound.Key},
			"does not keep":       {manager(false), north, theirs, fault.NotFound.Key, fault.NotFound.Key},
		} {
			if got := try(func(tx *db.Tx) error {
				_, err := people.Add(ctx, tx, c.viewer, people.NewPerson{GivenName: "Ny", FamilyName: name}, c.unit, today, "", now)
				return err
			}); got != c.added {
				t.Errorf("%s: added %q, want %q", name, got, c.added)
			}
			if got := try(func(tx *db.Tx) error {
				_, err := people.Correct(ctx, tx, c.viewer, c.person, people.NewPerson{GivenName: "Rätt", FamilyName: "Namn"}, now)
				return err
			}); got != c.changed {
				t.Errorf("%s: corrected %q, want %q", name, got, c.changed)
			}
		}
		if !access.RegisterCompletions(manager(true)).Empty() {
			t.Error("a manager registers completions")
		}
		if got := try(func(tx *db.Tx) error { return people.Leave(ctx, tx, manager(true), theirs, today) }); got != "" {
			t.Errorf("let go: %q", got)
		}
	})
}
