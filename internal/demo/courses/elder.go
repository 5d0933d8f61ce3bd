package courses

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
)

// Elder are invented: no source names a course of Äldre utförare.
var Elder = []struct {
	Slug, Name, Short string
	Published         clock.Day
}{
	{"aldre-bas-1", "Bemötande i äldreomsorgen", "ÄLDRE BAS 1", clock.Date(2025, 12, 15)},
	{"aldre-bas-2", "Vanliga sjukdomar hos äldre", "ÄLDRE BAS 2", clock.Date(2026, 2, 16)},
	{"aldre-bas-3", "Måltid och munhälsa", "ÄLDRE BAS 3", clock.Date(2026, 4, 20)},
}

// Add adds the invented courses to the catalogue, and Dalarna's own choices.
func Add(w *world.World) error {
	bas := w.Steps[world.AldreUtforare+"/bas"]
	for i, c := range Elder {
		id, err := catalogue.Add(w.Ctx, w.Tx, catalogue.Course{
			Slug: c.Slug, Name: c.Name, ShortName: c.Short, Audience: "Alla", Days: 1,
		}, catalogue.Municipal, c.Published)
		if err != nil {
			return err
		}
		if err := catalogue.AddToJourney(w.Ctx, w.Tx, id, w.Journeys[world.AldreUtforare], &bas, 101+i); err != nil {
			return err
		}
	}
	if err := w.ReadCourses(); err != nil {
		return err
	}
	// Three courses are national in Dalarna (annual report 2025, section 4.3).
	region := w.Regions[world.Dalarna]
	for _, slug := range []string{"kursledarutbildning-ett-hem-att-vaxa-i", "leda-ansokan-om-lvu", "lvu-for-18-20-ar"} {
		if err := catalogue.Deliver(w.Ctx, w.Tx, w.Courses[slug], &region, catalogue.National, clock.Date(2024, 2, 1)); err != nil {
			return err
		}
	}
	return nil
}
