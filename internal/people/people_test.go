package people_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	dalarna  int64 = 20
	falun    int64 = 2080
	borlange int64 = 2081
	uppsala  int64 = 380
)

var (
	ctx    = context.Background()
	system = access.System()
	now    = clock.Date(2025, 6, 1).At(12, 0)
)

// country is a database with the country and the catalogue.
func country(t *testing.T, d *db.DB) {
	t.Helper()
	if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		t.Fatal(err)
	}
}

// in runs f in a transaction and gives its error.
func in(d *db.DB, f func(tx *db.Tx) error) error { return d.Write(ctx, f) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, d *db.DB, given, family string, at int64, from clock.Day) int64 {
	t.Helper()
	var id int64
	must(t, in(d, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: given, FamilyName: family}, at, from, "Socialsekreterare", now)
		return err
	}))
	return id
}

func viewer(role access.Role, level access.Level, id, region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
}

func TestAListShowsThoseOfTheViewersOfficeInSwedishOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := clock.Date(2025, 6, 1)
		var unit int64
		must(t, in(d, func(tx *db.Tx) (err error) {
			unit, err = organisation.AddUnit(ctx, tx, system, falun, "Barn och familj")
			return err
		}))
		for i, p := range []struct {
			family string
			at     int64
		}{{"Åberg", falun}, {"Zetterlund", falun}, {"Öman", unit}, {"Ärlig", borlange}, {"Wall", uppsala}, {"Vall", falun}} {
			add(t, d, fmt.Sprintf("Test%d", i), p.family, p.at, day.AddDate(-1, 0, 0))
		}
		left := add(t, d, "Slutat", "Alm", falun, day.AddDate(-1, 0, 0))
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, left, day-1) }))

		for name, c := range map[string]struct {
			viewer access.Viewer
			filter people.Filter
			want   []string
		}{
			"the region's administrator sees the region":             {viewer(access.Regional, access.Region, dalarna, dalarna), people.Filter{}, []string{"Vall", "Zetterlund", "Åberg", "Ärlig", "Öman"}},
			"the municipality's administrator sees the municipality": {viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), people.Filter{}, []string{"Vall", "Zetterlund", "Åberg", "Öman"}},
			"a manager sees the unit":                                {viewer(access.Manager, access.Unit, unit, dalarna), people.Filter{}, []string{"Öman"}},
			"the operator sees everybody":                            {viewer(access.Operator, access.Nation, 1, 0), people.Filter{}, []string{"Vall", "Wall", "Zetterlund", "Åberg", "Ärlig", "Öman"}},
			"a filter outside the office finds nobody":               {viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), people.Filter{MunicipalityID: borlange}, nil},
			"a name is found by its beginning, whatever its case":    {viewer(access.Regional, access.Region, dalarna, dalarna), people.Filter{Name: "åb"}, []string{"Åberg"}},
			"signs that mean something to the engine mean nothing":   {viewer(access.Regional, access.Region, dalarna, dalarna), people.Filter{Name: "%"}, nil},
			"the second page goes on where the first ended":          {viewer(access.Regional, access.Region, dalarna, dalarna), people.Filter{PerPage: 2, Page: 2}, []string{"Åberg", "Ärlig"}},
			"a page after the last is the last":                      {viewer(access.Regional, access.Region, dalarna, dalarna), people.Filter{PerPage: 2, Page: 99}, []string{"Öman"}},
		} {
			t.Run(name, func(t *testing.T) {
				rows, _, err := people.List(ctx, d.Reader(), c.viewer, c.filter, day)
				must(t, err)
				var got []string
				for _, r := range rows {
					got = append(got, r.FamilyName)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
		_, _, err := people.List(ctx, d.Reader(), access.Viewer{PersonID: left}, people.Filter{}, day)
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("somebody without an office gets %v", err)
		}
	})
}

func TestWhoMovesTakesEverythingAlongAndIsSeenAtTheNewPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		start, move := clock.Date(2025, 1, 1), clock.Date(2025, 3, 1)
		id := add(t, d, "Flytt", "Person", falun, start)
		must(t, in(d, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, id, borlange, move, "") }))
		for day, want := range map[clock.Day]int64{start: falun, move - 1: falun, move: borlange} {
			e, err := people.EmploymentOn(ctx, d.Reader(), id, day)
			if err != nil || e.MunicipalityID != want {
				t.Errorf("on %s employed at %d, %v; want %d", day, e.MunicipalityID, err, want)
			}
		}
		old, current := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna)
		if _, err := people.Get(ctx, d.Reader(), old, id, move); !errors.Is(err, fault.NotFound) {
			t.Errorf("the old municipality sees the person: %v", err)
		}
		if p, err := people.Get(ctx, d.Reader(), current, id, move); err != nil || len(p.Employments) != 2 {
			t.Errorf("the new municipality gets %v with %d employments", err, len(p.Employments))
		}
		err := in(d, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, id, falun, move, "") })
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("a second employment from the same day gives %v", err)
		}
	})
}

func TestAccountsKeepTheirStepsAndRolesByDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		opened := clock.Date(2025, 1, 10)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), journey.ID)
		must(t, err)
		id := add(t, d, "Konto", "Person", falun, opened)
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		var account int64
		must(t, in(d, func(tx *db.Tx) (err error) {
			account, err = people.OpenAccount(ctx, tx, admin, people.NewAccount{
				PersonID: id, JourneyID: journey.ID, OpenedOn: opened, Roles: []access.Role{access.Employee}, StepID: steps[0].ID,
			})
			return err
		}))
		later := opened.AddDate(0, 6, 0)
		must(t, in(d, func(tx *db.Tx) error {
			if err := people.SetStep(ctx, tx, admin, account, steps[1].ID, later, "två år i yrket", now); err != nil {
				return err
			}
			return people.SetRoles(ctx, tx, admin, account, []access.Role{access.Manager, access.Trainer}, later)
		}))
		for day, want := range map[clock.Day]people.Account{
			later - 1: {Step: "Ny", Roles: []access.Role{access.Employee}},
			later:     {Step: "Van", Roles: []access.Role{access.Manager, access.Trainer}},
		} {
			p, err := people.Get(ctx, d.Reader(), admin, id, day)
			must(t, err)
			got := p.Accounts[0]
			if got.Step != want.Step || !cmp.Equal(got.Roles, want.Roles) {
				t.Errorf("on %s: step %q, roles %v; want %q, %v", day, got.Step, got.Roles, want.Step, want.Roles)
			}
		}

		neighbour := viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna)
		for name, f := range map[string]func(tx *db.Tx) error{
			"set a step":       func(tx *db.Tx) error { return people.SetStep(ctx, tx, neighbour, account, steps[0].ID, later, "", now) },
			"set roles":        func(tx *db.Tx) error { return people.SetRoles(ctx, tx, neighbour, account, nil, later) },
			"close an account": func(tx *db.Tx) error { return people.CloseAccount(ctx, tx, neighbour, account, later) },
			"open an account": func(tx *db.Tx) error {
				_, err := people.OpenAccount(ctx, tx, neighbour, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: later})
				return err
			},
		} {
			if err := in(d, f); !errors.Is(err, fault.NotFound) {
				t.Errorf("the neighbouring municipality may %s: %v", name, err)
			}
		}
		err = in(d, func(tx *db.Tx) error {
			_, err := people.OpenAccount(ctx, tx, admin, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: later})
			return err
		})
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid {
			t.Errorf("a second account in the journey gives %v", err)
		}
		must(t, in(d, func(tx *db.Tx) error { return people.CloseAccount(ctx, tx, admin, account, later) }))
	})
}

func TestWhatIsWrongWithAPersonIsSaidPerField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		for name, c := range map[string]struct {
			person people.NewPerson
			fields []string
		}{
			"no names":         {people.NewPerson{}, []string{"given_name"}},
			"only spaces":      {people.NewPerson{GivenName: " ", FamilyName: "\t"}, []string{"given_name"}},
			"a broken address": {people.NewPerson{GivenName: "A", FamilyName: "B", Email: "a b@c"}, []string{"email"}},
			"a named address":  {people.NewPerson{GivenName: "A", FamilyName: "B", Email: "A <a@example.org>"}, []string{"email"}},
		} {
			t.Run(name, func(t *testing.T) {
				err := in(d, func(tx *db.Tx) error {
					_, err := people.Add(ctx, tx, system, c.person, falun, 0, "", now)
					return err
				})
				f := fault.Of(err)
				if f == nil {
					t.Fatalf("got %v", err)
				}
				var got []string
				for _, field := range f.Fields {
					got = append(got, field.Name)
				}
				if diff := cmp.Diff(c.fields, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}
