package surveys

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/report"
	"yrkesresan/internal/survey"
)

// Answer lets people answer, and publishes the manager survey.
func Answer(w *world.World, all []*population.Person) error {
	for _, p := range all {
		for _, r := range p.Responses {
			if err := survey.Evaluate(w.Ctx, w.Tx, access.Viewer{PersonID: p.ID}, p.ID, w.Courses[r.Course],
				grades[r.Grade], r.Text, r.On); err != nil {
				return fmt.Errorf("%s on %s: %w", p.Email, r.Course, err)
			}
		}
	}
	results, err := managerSurvey()
	if err != nil {
		return err
	}
	return survey.PublishManagerSurvey(w.Ctx, w.Tx, w.Regional[world.Dalarna], w.Regions[world.Dalarna], w.Journeys[world.BarnOchUnga], 2025, clock.YearEnd(2025), results)
}

// managerSurvey is the manager survey as published: the overall question and
// the four on knowledge.
func managerSurvey() ([]survey.Published, error) {
	overall := []survey.Option{
		{Slug: "very_good", Label: "Mycket bra", Satisfied: true}, {Slug: "fairly_good", Label: "Ganska bra", Satisfied: true},
	}
	knowledge := []survey.Option{
		{Slug: "very_much", Label: "Väldigt mycket", Satisfied: true}, {Slug: "yes_much", Label: "Ja, mycket", Satisfied: true},
		{Slug: "yes_some", Label: "Ja, en del"}, {Slug: "not_at_all", Label: "Nej, inte alls"},
		{Slug: "too_early", Label: "För tidigt att bedöma"}, {Slug: "do_not_know", Label: "Vet inte"},
	}
	first, err := data.Table("manager-survey-2025-dalarna-overall.csv", false)
	if err != nil {
		return nil, err
	}
	others, err := data.Table("manager-survey-2025-dalarna.csv", false)
	if err != nil {
		return nil, err
	}
	answers := first[0].Number("answers")
	var all []survey.Published
	for _, r := range first {
		p := survey.Published{Question: survey.Question{Wording: r.Text("question"), Options: overall}, Answers: answers}
		for _, o := range overall {
			p.PercentTenths = append(p.PercentTenths, 10*r.Number(o.Slug+"_pct"))
		}
		all = append(all, p)
	}
	for _, r := range others {
		p := survey.Published{Question: survey.Question{Wording: r.Text("question"), Options: knowledge}, Answers: answers}
		for _, o := range knowledge {
			p.PercentTenths = append(p.PercentTenths, 10*r.Number(o.Slug))
		}
		all = append(all, p)
	}
	return all, nil
}

// Print keeps the annual report 2025 as it was printed, wrong sums and all.
func Print(w *world.World) error {
	file, err := data.Open("printed-2025.csv")
	if err != nil {
		return err
	}
	defer file.Close()
	figures, err := report.ReadPrinted(file)
	if err != nil {
		return err
	}
	return report.SavePrinted(w.Ctx, w.Tx, w.Regional[world.Dalarna], report.Printed{
		RegionID: w.Regions[world.Dalarna], Year: 2025, SignedOn: clock.Date(2026, 5, 12), EvaluationsOn: evaluationsOn, Figures: figures,
	})
}
