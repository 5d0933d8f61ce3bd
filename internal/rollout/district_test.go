package rollout_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/rollout"
)

// Who administers a district sees how far its units have come and who lacks the course there,
// and reminds those; the others of the municipality are neither counted nor named.
func TestADistrictSeesTheCoverageOfItsUnitsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, jobs.Migrate(ctx, d))
		w := newTown(t, d)
		m := w.municipality(t)
		const district = 9_000_000 // its office, where nobody works
		of := func(municipality int64, units ...int64) access.Viewer {
			return access.Viewer{Grants: []access.Grant{{
				Role: access.DistrictAdmin, Level: access.Unit, OrganisationID: district, RegionID: 20, MunicipalityID: municipality, District: true, Units: units,
			}}}
		}
		north, both, none, elsewhere := of(borlange, w.north), of(borlange, w.north, w.south), of(borlange), of(falun)
		for name, c := range map[string]struct {
			viewer     access.Viewer
			people     int
			staff      []string
			done, left int
		}{
			"the municipality's administrator": {borl, 4, []string{"Test Ask", "Test Björk", "Test Cederkvist", "Test Dahl"}, 1, 3},
			"a district of one unit":           {north, 2, []string{"Test Ask", "Test Björk"}, 1, 1},
			"a district of both units":         {both, 4, []string{"Test Ask", "Test Björk", "Test Cederkvist", "Test Dahl"}, 1, 3},
			"a district without units":         {none, 0, nil, 0, 0},
		} {
			o, err := rollout.OverviewOf(ctx, d.Reader(), c.viewer, m, 0, day)
			must(t, err)
			var bas3 rollout.Coverage
			for _, each := range o.Courses {
				if each.ID == w.course {
					bas3 = each.Coverage
				}
			}
			if o.People != c.people || bas3.Done != c.done || bas3.WithoutSeat != c.left {
				t.Errorf("%s: %d people, %+v", name, o.People, bas3)
			}
			g, err := rollout.GridOf(ctx, d.Reader(), c.viewer, m, rollout.Filter{}, day)
			must(t, err)
			if g.Total != c.people || len(g.Rows) != c.people {
				t.Errorf("%s: the grid has %d of %d", name, len(g.Rows), g.Total)
			}
			all, err := rollout.Staff(ctx, d.Reader(), c.viewer, borlange, w.course, day)
			must(t, err)
			if diff := cmp.Diff(c.staff, names(all)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if _, err := rollout.GridOf(ctx, d.Reader(), north, m, rollout.Filter{UnitID: w.south}, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("a unit of another district: %v", err)
		}
		for what, ask := range map[string]func(access.Viewer) error{
			"the overview": func(v access.Viewer) error {
				_, err := rollout.OverviewOf(ctx, d.Reader(), v, m, 0, day)
				return err
			},
			"the grid": func(v access.Viewer) error {
				_, err := rollout.GridOf(ctx, d.Reader(), v, m, rollout.Filter{}, day)
				return err
			},
		} {
			if err := ask(elsewhere); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s for another municipality's district: %v", what, err)
			}
		}
		if _, err := w.make(both, w.plan()); !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Forbidden) {
			t.Errorf("a district plans for the municipality: %v", err)
		}
		var done rollout.Reminded
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = rollout.Remind(ctx, tx, north, m, w.course, site, now)
			return err
		}))
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM course_reminder WHERE person_id <> $1`, w.bjork); err != nil || n != 0 || done.Away != 0 {
			t.Errorf("somebody of another district is reminded: %d, %v, %+v", n, err, done)
		}
	})
}
