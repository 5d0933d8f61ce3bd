package courses

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/improvement"
)

// Say enters what was said of the courses, with what came of it, and what people wish courses about (annual report 2025,
// S1:311). What was said is invented but for the repetition, which the report tells of.
func Say(w *world.World) error {
	region := w.Regions[world.Dalarna]
	for _, f := range []struct {
		course string
		improvement.New
		decision improvement.Decision
		answer   string
	}{
		{"samtal-och-delaktighet", improvement.New{RegionID: region, Source: improvement.Evaluation, Theme: improvement.Repeats, Text: "Handläggningen gås igenom igen, fast vi har haft den i en annan kurs."}, improvement.Next, "Vi tar bort det som också står i Handläggning med barnet i centrum."},
		{"samtal-och-delaktighet", improvement.New{Source: improvement.Group, Theme: improvement.Layout, Text: "Rollspelet behöver mer tid."}, improvement.Open, ""},
		{"bas-3", improvement.New{RegionID: region, Source: improvement.Trainer, Theme: improvement.Level, Text: "Övning 2 är svår för den som är helt ny."}, improvement.Open, ""},
		{"bas-3", improvement.New{Source: improvement.Support, Theme: improvement.Fault, Text: "Filmen om trötthet saknar text på engelska."}, improvement.Next, "Filmen får text på engelska."},
		{"bas-1", improvement.New{RegionID: region, Source: improvement.Evaluation, Theme: improvement.Content, Text: "Mer om hjälpmedel."}, improvement.Declined, "Hjälpmedel tas upp i BAS 4."},
	} {
		f.CourseID, f.On = w.Courses[f.course], w.Today-25
		if err := improvement.Enter(w.Ctx, w.Tx, w.Producer, f.New, f.On.At(10, 0)); err != nil {
			return fmt.Errorf("%s: %w", f.course, err)
		}
		if f.decision == improvement.Open {
			continue
		}
		id, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT MAX(id) FROM course_feedback`)
		if err == nil {
			err = improvement.Decide(w.Ctx, w.Tx, w.Producer, id, 1, f.decision, f.answer, (f.On+10).At(15, 0))
		}
		if err != nil {
			return err
		}
	}
	if err := build(w); err != nil {
		return err
	}
	people, err := db.Rows(w.Ctx, w.Tx, db.One[int64], `
		SELECT DISTINCT a.person_id
		FROM account AS a
		JOIN employed AS e ON e.person_id = a.person_id AND e.region_id = $1 AND e.to_day IS NULL
		WHERE a.journey_id = $2
		AND a.closed_on IS NULL
		ORDER BY a.person_id
		LIMIT 40`, region, w.Journeys[world.BarnOchUnga])
	for i, id := range people {
		subject := []string{"LVU", "Samtal med barn", "Våld", "LVU", "Placering"}[i%5]
		viewer := access.Viewer{PersonID: id, Home: access.Place{RegionID: region}}
		if err == nil {
			err = improvement.MakeWish(w.Ctx, w.Tx, viewer, w.Journeys[world.BarnOchUnga], subject, (w.Today-20).At(12, 0))
		}
	}
	return err
}

// build names what some courses build on, and a law that has changed: one course has met it and tells those who took it before,
// another has a task. The law and its change are invented.
func build(w *world.World) error {
	child, talk, lvu := w.Courses["handlaggning-med-barnet-i-centrum"], w.Courses["samtal-och-delaktighet"], w.Courses["handlaggning-av-lvu"]
	look := w.Today - 4 // since then it stands on the start page of those who make courses
	law, err := improvement.AddFoundation(w.Ctx, w.Tx, w.Producer, improvement.NewFoundation{
		Kind: improvement.Law, Name: "Socialtjänstlagen", Link: "https://example.org/socialtjanstlagen", Courses: []int64{child, talk},
	}, (w.Today-200).At(9, 0))
	if err != nil {
		return err
	}
	if _, err := improvement.AddFoundation(w.Ctx, w.Tx, w.Producer, improvement.NewFoundation{
		Kind: improvement.Knowledge, Name: "Kunskapsstöd om placering av barn", Link: "https://example.org/placering", LookOn: &look, Courses: []int64{lvu},
	}, (w.Today-200).At(9, 0)); err != nil {
		return err
	}
	if _, err := improvement.TellChange(w.Ctx, w.Tx, w.Producer, law, "Barn får egen rätt till stöd från 15 år.", "https://example.org/andring", w.Today+60, (w.Today-40).At(9, 0)); err != nil {
		return err
	}
	change, err := db.Row(w.Ctx, w.Tx, db.One[int64], `SELECT MAX(id) FROM foundation_change`)
	if err != nil {
		return err
	}
	if err := improvement.Supply(w.Ctx, w.Tx, w.Producer, change, child, improvement.Told{Text: "Den som har fyllt 15 år kan själv söka stöd. Fråga barnet först, och skriv vad det svarade.", Link: "https://example.org/andring"}, (w.Today-12).At(9, 0)); err != nil {
		return err
	}
	return improvement.EndTask(w.Ctx, w.Tx, w.Producer, change, child, 0, "Kursen tar redan upp det. Ett komplement räcker.", (w.Today-12).At(9, 30))
}
