package catalogue_test

import (
	"context"
	"errors"
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

var ctx = context.Background()

func TestAStepIsForYearsInTheProfession(t *testing.T) {
	two, five := 2, 5
	ny, van, erfaren, bas := catalogue.Step{UpToYears: &two}, catalogue.Step{OverYears: &two, UpToYears: &five}, catalogue.Step{OverYears: &five}, catalogue.Step{}
	for name, c := range map[string]struct {
		years float64
		want  catalogue.Step
	}{
		"the first day is new":                {0, ny},
		"exactly two years is still new":      {2, ny},
		"over two is experienced":             {2.01, van},
		"exactly five is still experienced":   {5, van},
		"over five is senior":                 {5.01, erfaren},
		"a whole life in the trade is senior": {40, erfaren},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []catalogue.Step{ny, van, erfaren} {
				if got, want := s.For(c.years), s == c.want; got != want {
					t.Errorf("%+v.For(%v) = %v", s, c.years, got)
				}
			}
			if bas.For(c.years) {
				t.Error("a step without bounds is chosen by hand")
			}
		})
	}
}

func TestTheCatalogueHoldsTheCoursesOfTheSources(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 2 {
			if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
				t.Fatal(err)
			}
		}
		journeys, err := catalogue.Journeys(ctx, d.Reader())
		if err != nil || len(journeys) != 5 {
			t.Fatalf("%d journeys, %v", len(journeys), err)
		}
		for _, j := range journeys {
			courses, err := catalogue.Courses(ctx, d.Reader(), j.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]int{"barn-och-unga": 14, "funktionshinder-utforare": 6, "skadligt-bruk-och-beroende": 2, "aldre-utforare": 1}[j.Slug]
			if len(courses) != want {
				t.Errorf("%s has %d courses, want %d", j.Name, len(courses), want)
			}
		}
		bas5, err := catalogue.CourseBySlug(ctx, d.Reader(), "bas-5")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := catalogue.EditionOn(ctx, d.Reader(), bas5.ID, clock.YearEnd(2025)); !errors.Is(err, fault.NotFound) {
			t.Errorf("BAS 5 is out in 2025: %v", err)
		}
		if e, err := catalogue.EditionOn(ctx, d.Reader(), bas5.ID, clock.YearEnd(2026)); err != nil || e.Number != 1 {
			t.Errorf("BAS 5 in 2026: %+v, %v", e, err)
		}
	})
}

func TestACoursesPlaceIsItsStepOrTheRoundsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
			t.Fatal(err)
		}
		c, err := catalogue.CourseBySlug(ctx, d.Reader(), "samtal-och-delaktighet")
		if err != nil {
			t.Fatal(err)
		}
		steps, err := catalogue.StepsOf(ctx, d.Reader(), c.ID)
		if err != nil || len(steps) < 2 {
			t.Fatalf("%v, %v", steps, err)
		}
		last := steps[len(steps)-1]
		for name, test := range map[string]struct {
			step int64
			want catalogue.Place
		}{
			"the course's own step":            {0, catalogue.Place{Journey: "Barn och unga", Step: "Ny"}},
			"the round's goes before it":       {last.ID, catalogue.Place{Journey: "Barn och unga", Step: last.Name}},
			"a step of another journey is not": {last.ID + 1000, catalogue.Place{Journey: "Barn och unga", Step: "Ny"}},
		} {
			t.Run(name, func(t *testing.T) {
				got, err := catalogue.PlacesOf(ctx, d.Reader(), c.ID, test.step)
				if err != nil || len(got) != 1 || got[0] != test.want || last.Name == "Ny" {
					t.Errorf("got %v, %v; want %v", got, err, test.want)
				}
			})
		}
	})
}

func TestARegionsOwnDeliveryGoesBeforeTheUsualOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
			t.Fatal(err)
		}
		c, err := catalogue.CourseBySlug(ctx, d.Reader(), "leda-ansokan-om-lvu")
		if err != nil {
			t.Fatal(err)
		}
		dalarna, from := int64(20), clock.Date(2025, 6, 1)
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return catalogue.Deliver(ctx, tx, c.ID, &dalarna, catalogue.National, from)
		}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			region int64
			day    clock.Day
			want   catalogue.Delivery
		}{
			"before its own choice as usual": {dalarna, from - 1, catalogue.Regional},
			"from its own choice on":         {dalarna, from, catalogue.National},
			"elsewhere as usual":             {3, from, catalogue.Regional},
		} {
			t.Run(name, func(t *testing.T) {
				got, err := catalogue.DeliveryOn(ctx, d.Reader(), mustID(t, d), c.region, c.day)
				if err != nil || got != c.want {
					t.Errorf("got %s, %v; want %s", got, err, c.want)
				}
				all, err := catalogue.Deliveries(ctx, d.Reader(), c.region, c.day)
				if err != nil || all[mustID(t, d)] != c.want {
					t.Errorf("among all courses it is %s, %v; want %s", all[mustID(t, d)], err, c.want)
				}
			})
		}
	})
}

func mustID(t *testing.T, d *db.DB) int64 {
	t.Helper()
	c, err := catalogue.CourseBySlug(ctx, d.Reader(), "leda-ansokan-om-lvu")
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}
