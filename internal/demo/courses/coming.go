package courses

import (
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/production"
	"yrkesresan/internal/rollout"
)

// Coming is the course of the demo that is in the catalogue and not out.
const Coming = "aldre-bas-4"

// Come plans courses that come, each in another state: one in the catalogue, with which a municipality plans, a new
// edition, one that has been put off, an idea, and one that was dropped. All are invented.
func Come(w *world.World) error {
	course, err := catalogue.Create(w.Ctx, w.Tx, w.Producer, catalogue.Head{
		Slug: Coming, Name: "Vård i livets slut", ShortName: "ÄLDRE BAS 4", Audience: "Alla", Days: 1, Delivery: catalogue.Municipal, Journeys: []string{world.AldreUtforare + "/bas"},
	}, w.Today-60)
	if err != nil {
		return err
	}
	if err := w.ReadCourses(); err != nil {
		return err
	}
	y, m, _ := w.Today.Date()
	in := func(months int) *clock.Day {
		d := clock.Date(y, m, 1).AddDate(0, months, 0)
		return &d
	}
	plan := func(s production.State, month *clock.Day, sure production.Surety) production.Plan {
		return production.Plan{State: s, Month: month, Surety: sure}
	}
	bas, ny := w.Steps[world.Funktionshinder+"/bas"], w.Steps[world.BarnOchUnga+"/ny"]
	for _, p := range []struct {
		production.New
		then []production.New // what changed, a fortnight apart
	}{
		{production.New{Plan: plan(production.Writing, in(4), production.Likely), CourseID: course.ID, JourneyID: w.Journeys[world.AldreUtforare], StepID: w.Steps[world.AldreUtforare+"/bas"]}, []production.New{
			{Plan: plan(production.Trial, in(4), production.Sure), Reason: "Texten är klar. Två kommuner provar kursen."},
		}},
		{production.New{Plan: plan(production.Study, in(7), production.Unsure), Name: "Autism och IF i vardagen", JourneyID: w.Journeys[world.Funktionshinder], StepID: bas}, []production.New{
			{Plan: plan(production.Writing, in(11), production.Likely), Reason: "Fler experter ska läsa, så kursen kommer ett halvår senare."},
		}},
		{production.New{Plan: plan(production.Writing, in(3), production.Likely), CourseID: w.Courses["utsatthet-och-vald"], JourneyID: w.Journeys[world.BarnOchUnga], StepID: ny}, nil},
		{production.New{Plan: plan(production.Study, in(9), production.Unsure), Name: "Samtal med små barn", JourneyID: w.Journeys[world.BarnOchUnga], StepID: ny}, nil},
		{production.New{Plan: plan(production.Idea, nil, ""), Name: "Barn som anhöriga", JourneyID: w.Journeys[world.BarnOchUnga], StepID: ny}, nil},
		{production.New{Plan: plan(production.Study, in(2), production.Unsure), Name: "Dokumentation på webben", JourneyID: w.Journeys[world.SkadligtBruk]}, []production.New{
			{Plan: plan(production.Dropped, nil, ""), Reason: "Ämnet tas upp i Uppdrag och ansvar i stället."},
		}},
	} {
		planned := (w.Today - 50).At(10, 0)
		id, err := production.Add(w.Ctx, w.Tx, w.Producer, p.New, planned)
		if err != nil {
			return err
		}
		for i, n := range p.then {
			n.Name, n.CourseID, n.JourneyID, n.StepID = p.Name, p.CourseID, p.JourneyID, p.StepID
			if err := production.Change(w.Ctx, w.Tx, w.Producer, id, i+1, n, (w.Today-30+clock.Day(14*i)).At(14, 30)); err != nil {
				return err
			}
		}
	}
	if err := advise(w); err != nil {
		return err
	}
	return decide(w)
}

// advise says what courses of the provider journeys recommend before a unit starts (annual report 2025, S1:468).
func advise(w *world.World) error {
	for _, slug := range []string{"bas-1", "bas-3", "bas-4", "aldre-bas-1", Coming} {
		a := rollout.Advice{LeaderID: w.Courses["leda-larande-och-utveckling"], Meeting: slug != "bas-4"}
		if err := rollout.Advise(w.Ctx, w.Tx, w.Producer, w.Courses[slug], a, (w.Today-90).At(9, 0)); err != nil {
			return err
		}
	}
	return nil
}

// decide says what Dalarna has decided about the letters on what came out lately.
func decide(w *world.World) error {
	region, err := organisation.ByID(w.Ctx, w.Tx, w.Regions[world.Dalarna])
	if err != nil {
		return err
	}
	viewer := w.Regional[world.Dalarna]
	all, err := production.NewsOf(w.Ctx, w.Tx, viewer, region, w.Today)
	for _, n := range all {
		if n.Number > 1 && err == nil { // who has taken the course is told on its page
			err = production.Decide(w.Ctx, w.Tx, viewer, region, n.EditionID, false, (w.Today-5).At(11, 0))
		}
	}
	return err
}
