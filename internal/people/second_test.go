package people_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

const mora int64 = 2062

// works tells where somebody works on the day, the main place first.
func works(t *testing.T, q db.Querier, person int64, day clock.Day) (places []string) {
	t.Helper()
	running, err := people.EmploymentsOn(ctx, q, person, day)
	must(t, err)
	for i, e := range running {
		if e.Main != (i == 0) {
			t.Errorf("on %v employment %d in %s says that it is the main one: %v", day, i, e.Employer(), e.Main)
		}
		places = append(places, e.Employer())
	}
	return places
}

func TestTheFirstBegunIsTheMainEmploymentUntilThePersonChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		li := add(t, d, "Li", "Ek", falun, today-400)
		both := access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}
		falunOnly := access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna, MunicipalityID: falun}}}
		moraOnly := access.Viewer{Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: mora, RegionID: dalarna, MunicipalityID: mora}}}
		self := access.Viewer{PersonID: li}
		too := func(v access.Viewer, at int64, from clock.Day) string {
			f := fault.Of(in(d, func(tx *db.Tx) error { return people.EmployToo(ctx, tx, v, li, at, from, "Nattpersonal") }))
			switch {
			case f == nil:
				return ""
			case len(f.Fields) > 0:
				return f.Fields[0].Name + " " + f.Fields[0].Key
			}
			return f.Key
		}
		for _, c := range []struct {
			name string
			v    access.Viewer
			at   int64
			from clock.Day
			want string
		}{
			{"the old employer may not place somebody with another", falunOnly, mora, today, fault.NotFound.Key},
			{"nobody takes a person to see them", moraOnly, mora, today, "from people.not_employed_then"},
			{"the same employer has them already", both, falun, today, "organisation people.employed_there"},
			{"who worked nowhere then has no second place", both, mora, today - 401, "from people.not_employed_then"},
			{"who sees both adds it", both, mora, today - 10, ""},
			{"it is there already", both, mora, today, "organisation people.employed_there"},
		} {
			if got := too(c.v, c.at, c.from); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		expect := func(day clock.Day, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, works(t, d.Reader(), li, day)); diff != "" {
				t.Errorf("on %v: %s", day, diff)
			}
		}
		expect(today-11, "Falun")
		expect(today, "Falun", "Mora")

		// Each of the employers sees the person, where they work with them.
		for v, want := range map[*access.Viewer]string{&falunOnly: "Falun", &moraOnly: "Mora", &both: "Falun", &self: "Falun"} {
			seen, err := people.Get(ctx, d.Reader(), *v, li, today)
			must(t, err)
			if got := seen.EmployedOn(today).Employer(); got != want {
				t.Errorf("works in %s, want %s", got, want)
			}
			must(t, people.Visible(ctx, d.Reader(), *v, li, today))
		}
		// The municipalities list the person each, the region once.
		for v, want := range map[*access.Viewer]int{&falunOnly: 1, &moraOnly: 1, &both: 1} {
			_, n, err := people.List(ctx, d.Reader(), *v, people.Filter{}, today)
			must(t, err)
			if n != want {
				t.Errorf("%d in the list, want %d", n, want)
			}
		}
		if _, n, err := people.List(ctx, d.Reader(), both, people.Filter{MunicipalityID: mora}, today); err != nil || n != 1 {
			t.Errorf("%d of Mora in the region's list, %v", n, err)
		}

		// The person chooses; what was stays.
		second := func() int64 {
			all, err := people.EmploymentsOn(ctx, d.Reader(), li, today)
			must(t, err)
			return all[1].ID
		}
		if err := in(d, func(tx *db.Tx) error { return people.ChooseMain(ctx, tx, both, li, second(), today) }); fault.Of(err) != fault.NotFound {
			t.Errorf("somebody else chose: %v", err)
		}
		must(t, in(d, func(tx *db.Tx) error { return people.ChooseMain(ctx, tx, self, li, second(), today) }))
		expect(today-1, "Falun", "Mora")
		expect(today, "Mora", "Falun")
		must(t, in(d, func(tx *db.Tx) error { return people.ChooseMain(ctx, tx, self, li, second(), today) }))
		expect(today, "Falun", "Mora") // chosen back the same day

		// The main one ends: what goes on is the main one from then, and not when that is taken back.
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, falunOnly, li, today+5) }))
		expect(today+5, "Falun", "Mora")
		expect(today+6, "Mora")
		must(t, in(d, func(tx *db.Tx) error { return people.Resume(ctx, tx, falunOnly, li, today+5) }))
		expect(today+6, "Falun", "Mora")
		// Who ends the second ends just that.
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, moraOnly, li, today+7) }))
		expect(today+8, "Falun")
	})
}

// Whatever happens in whatever order, on each day one of the employments that run is the
// main one, and no employer has somebody twice.
func TestOnEachDayOneEmploymentIsTheMainOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		for seed := range uint64(20) {
			r := rand.New(rand.NewPCG(seed, 1)) // the same each time
			li := add(t, d, "Li", fmt.Sprintf("Ek%d", seed), falun, today-50)
			self := access.Viewer{PersonID: li}
			for range 25 {
				at := []int64{falun, borlange, mora, uppsala}[r.IntN(4)]
				day := today + clock.Day(r.IntN(40)) - 10
				what := []string{"too", "move", "leave", "choose", "resume"}[r.IntN(5)]
				err := in(d, func(tx *db.Tx) error {
					switch what {
					case "too":
						return people.EmployToo(ctx, tx, system, li, at, day, "")
					case "move":
						return people.Employ(ctx, tx, system, li, at, day, "")
					case "leave":
						return people.LeaveEmployer(ctx, tx, system, li, at, day)
					case "resume":
						return people.Resume(ctx, tx, system, li, day)
					}
					running, err := people.EmploymentsOn(ctx, tx, li, today)
					if err != nil || len(running) == 0 {
						return err
					}
					return people.ChooseMain(ctx, tx, self, li, running[len(running)-1].ID, today)
				})
				if err != nil && fault.Of(err) == nil {
					t.Fatalf("seed %d: %s at %d on %v: %v", seed, what, at, day, err)
				}
				type row struct {
					main     bool
					employer int64
					clock.Period
				}
				rows, err := db.Rows(ctx, d.Reader(), func(r *row) []any { return []any{&r.main, &r.employer, &r.From, &r.Until} },
					`SELECT main, COALESCE(municipality_id, region_id), from_day, to_day FROM employment WHERE person_id = $1`, li)
				must(t, err)
				for on := today - 60; on < today+60; on++ {
					mains, employers := 0, map[int64]int{}
					for _, e := range rows {
						if e.Holds(on) {
							employers[e.employer]++
							if e.main {
								mains++
							}
						}
					}
					if (len(employers) > 0) != (mains == 1) || mains > 1 {
						t.Fatalf("seed %d: after %s at %d on %v, %v has %d main employments of %d: %+v", seed, what, at, day, on, mains, len(employers), rows)
					}
					for employer, n := range employers {
						if n > 1 {
							t.Fatalf("seed %d: after %s at %d on %v, %d employs %d times on %v", seed, what, at, day, employer, n, on)
						}
					}
				}
			}
		}
	})
}
