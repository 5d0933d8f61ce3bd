package planning_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round/roundtest"
)

func TestARegionChoosesHowACourseIsGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		today := roundtest.Today
		choose := func(viewer access.Viewer, how catalogue.Delivery, from clock.Day) error {
			return v.Write(func(tx *db.Tx) error {
				return catalogue.Choose(roundtest.Ctx, tx, viewer, roundtest.Dalarna, v.Course, how, from, today)
			})
		}
		given := func(day clock.Day) planning.Given {
			t.Helper()
			all, err := planning.GivenIn(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, day)
			roundtest.Must(t, err)
			for _, g := range all {
				if g.Course.ID == v.Course {
					return g
				}
			}
			t.Fatal("the course is not listed")
			return planning.Given{}
		}
		if g := given(today); g.Usual != catalogue.Regional || g.Now != catalogue.Regional || g.NextOn != nil {
			t.Errorf("without a choice: %+v", g)
		}
		roundtest.Must(t, choose(roundtest.Dalarnas, catalogue.Web, today+5))
		roundtest.Must(t, choose(roundtest.Dalarnas, catalogue.National, today+5)) // the last word about a day holds
		roundtest.Must(t, choose(roundtest.Dalarnas, catalogue.Regional, today+50))
		if g := given(today + 4); g.Now != catalogue.Regional || g.Next != catalogue.National || *g.NextOn != today+5 {
			t.Errorf("the day before: %+v", g)
		}
		if g := given(today + 5); g.Usual != catalogue.Regional || g.Now != catalogue.National || g.Next != catalogue.Regional || *g.NextOn != today+50 {
			t.Errorf("from the day: %+v", g)
		}
		if g := given(today + 50); g.Now != catalogue.Regional || g.NextOn != nil {
			t.Errorf("back as usual: %+v", g)
		}
		if elsewhere, err := catalogue.DeliveryOn(roundtest.Ctx, d.Reader(), v.Course, 3, today+5); err != nil || elsewhere != catalogue.Regional {
			t.Errorf("another region: %s, %v", elsewhere, err)
		}

		// A round that is planned without saying so is given as the region chose for its day.
		n := v.Plan()
		for i := range n.Days {
			n.Days[i].Trainers = nil
		}
		id, err := v.Planned(roundtest.Dalarnas, n)
		roundtest.Must(t, err)
		if got := v.Get(roundtest.Dalarnas, id); got.Delivery != catalogue.National {
			t.Errorf("the round on %s is given %s", got.FirstDay, got.Delivery)
		}

		for name, c := range map[string]struct {
			how  catalogue.Delivery
			from clock.Day
			want string
		}{
			"today":                    {catalogue.Web, today, ""},
			"yesterday":                {catalogue.Web, today - 1, "from round.delivery_past"},
			"back to the municipality": {catalogue.Municipal, today, ""},
			"in no way that there is":  {"moon", today, "delivery round.delivery_wrong"},
			"in no known way":          {"", today, "delivery round.delivery_wrong"},
		} {
			if got := roundtest.Key(choose(roundtest.Dalarnas, c.how, c.from)); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		other := roundtest.Office(access.Regional, access.Region, 3, 3)
		if err := choose(other, catalogue.Web, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region chooses: %v", err)
		}
		if err := choose(v.Admin, catalogue.Web, today); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a municipality chooses: %v", err)
		}
		if _, err := planning.GivenIn(roundtest.Ctx, d.Reader(), v.Admin, roundtest.Dalarna, today); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a municipality reads: %v", err)
		}
	})
}
