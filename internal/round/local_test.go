package round_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat/demand"
)

func TestWhoSeesALocalRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		unit, whole := v.Local(v.Occasion()), v.Local(v.InMunicipality())
		n := v.Occasion()
		n.Capacity = 3
		draft, err := v.Planned(roundtest.System, n)
		roundtest.Must(t, err)
		regional := v.Published(v.Plan())
		names := map[int64]string{unit.ID: "unit", whole.ID: "municipality", draft: "draft", regional: "region"}
		leader := access.Viewer{PersonID: v.Chief.PersonID}
		for name, c := range map[string]struct {
			viewer access.Viewer
			sees   string
			plans  string
		}{
			"the unit's manager":               {v.Chief, "draft municipality region unit", "draft unit"},
			"another manager":                  {v.OtherChief, "municipality region", ""},
			"the administrator":                {v.Admin, "draft municipality region unit", "draft municipality unit"},
			"another administrator":            {v.BorlangeAdmin, "region", ""},
			"the region's administrator":       {roundtest.Dalarnas, "draft municipality region unit", "draft municipality region unit"},
			"another region":                   {roundtest.Uppsalas, "", ""},
			"somebody of the unit":             {v.Worker(v.Homes[0], v.North), "municipality region unit", ""},
			"somebody of another unit":         {v.Worker(v.Neighbour, v.South), "municipality region", ""},
			"somebody of another municipality": {access.Viewer{PersonID: v.Others[0], Home: access.Place{RegionID: roundtest.Dalarna, MunicipalityID: roundtest.Borlange}}, "region", ""},
			"who leads a day":                  {leader, "draft municipality unit", ""},
			"a producer, who sees rounds":      {roundtest.Producers, "region", ""},
			"the steering group":               {roundtest.Office(access.Steering, access.Region, roundtest.Dalarna, roundtest.Dalarna), "region", ""},
			"nobody":                           {access.Viewer{}, "", ""},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(roundtest.Ctx, d.Reader(), c.viewer, round.Filter{})
				roundtest.Must(t, err)
				var sees, plans []string
				for _, r := range page.Rounds {
					sees = append(sees, names[r.ID])
					one, err := round.Get(roundtest.Ctx, d.Reader(), c.viewer, r.ID)
					roundtest.Must(t, err)
					if one.Manages {
						plans = append(plans, names[r.ID])
					}
				}
				slices.Sort(sees)
				slices.Sort(plans)
				if got := strings.Join(sees, " "); got != c.sees {
					t.Errorf("sees %q, want %q", got, c.sees)
				}
				if got := strings.Join(plans, " "); got != c.plans {
					t.Errorf("plans %q, want %q", got, c.plans)
				}
				// A page leads to those and to no other.
				all, err := round.Seen(roundtest.Ctx, d.Reader(), c.viewer, slices.Collect(maps.Keys(names)))
				roundtest.Must(t, err)
				var led []string
				for id := range all {
					led = append(led, names[id])
				}
				slices.Sort(led)
				if got := strings.Join(led, " "); got != c.sees {
					t.Errorf("is led to %q, want %q", got, c.sees)
				}
			})
		}
		for name, c := range map[string]struct {
			filter round.Filter
			want   int
		}{
			"the region's and the nation's": {round.Filter{Given: round.Regionally}, 1},
			"all local ones":                {round.Filter{Given: round.Locally}, 3},
			"a municipality's":              {round.Filter{LocalIn: roundtest.Falun}, 3},
			"another municipality's":        {round.Filter{LocalIn: roundtest.Borlange}, 0},
			"a unit's":                      {round.Filter{UnitID: v.North}, 2},
		} {
			page, err := round.Rounds(roundtest.Ctx, d.Reader(), roundtest.System, c.filter)
			roundtest.Must(t, err)
			if page.Total != c.want {
				t.Errorf("%s are %d, want %d", name, page.Total, c.want)
			}
		}
	})
}

func TestALocalRoundIsNoneOfTheRegionsRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		v.Journeys()
		v.Published(v.Plan())
		look := func() (all []any) {
			t.Helper()
			year, err := round.Year(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.First.Year(), clock.YearStart(roundtest.First.Year()), clock.YearEnd(roundtest.First.Year()), roundtest.Today)
			roundtest.Must(t, err)
			demands, err := demand.In(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.Today)
			roundtest.Must(t, err)
			all = append(all, year, demands)
			for _, day := range []clock.Day{roundtest.Today, roundtest.First, roundtest.First + 5} {
				todos, err := round.Todos(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, day, 50)
				roundtest.Must(t, err)
				all = append(all, todos)
			}
			return all
		}
		before := look()
		v.Local(v.Occasion(), v.Homes...)
		v.Local(v.InMunicipality(), v.Homes...)
		if diff := cmp.Diff(before, look(), cmp.AllowUnexported()); diff != "" {
			t.Error(diff)
		}
	})
}
