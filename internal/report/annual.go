package report

import (
	"context"
	"errors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/statistics"
)

// The journeys that the annual report tells about, and the step whose courses
// everybody in the provider journey takes.
const (
	authorityJourney = "barn-och-unga"
	providerJourney  = "funktionshinder-utforare"
	basicStep        = "bas"
)

// AnnualReport is a region's year: what its tables, charts and texts are made of.
type AnnualReport struct {
	Region organisation.Organisation
	Year   int
	AsOf   clock.Day // the day of the accounts and completions

	AuthorityAccounts statistics.AccountTable    // Barn och unga
	ProviderAccounts  statistics.AccountTable    // Funktionshinder utförare
	Completions       statistics.CompletionTable // Funktionshinder utförare, its basic courses
	JourneyCourses    []catalogue.Course         // all of Barn och unga, also those not given
	Courses           statistics.CourseTable     // Barn och unga
	Days              statistics.DayTable        // Barn och unga
	ManagerSurvey     []statistics.SurveyQuestion
	Evaluations       []statistics.Evaluation  // of the whole country
	EvaluationsOn     clock.Day                // their publication; the day asked for when there was none
	StepExperience    []statistics.StepAnswers // Barn och unga, of the region
	StepsOn           clock.Day                // theirs
	Charged           money.Ore                // variable fee, all courses of the region
	Pot               economy.Pot
	LeadTrainers      map[int64]int // persons who led a course day, per municipality of the pot
	Municipalities    []organisation.Organisation

	Printed *Printed // the printed report of the year, when there is one to compare with
}

// Options of an annual report.
type Options struct {
	// AsOf asks for the year as it stood on a day, with the answers that were last
	// published then. nil is the year's last day, and the printed report's own day
	// for evaluations. A report as of another day is not compared with the printed
	// one.
	AsOf *clock.Day
}

// Annual is the region's annual report. fault.NotFound when the viewer may not
// see the region's figures. A printed figure without a computed one is an error.
func Annual(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int, options Options) (AnnualReport, error) {
	r := AnnualReport{Year: year, AsOf: clock.YearEnd(year)}
	if !access.Figures(viewer).Covers(access.Place{RegionID: regionID}) {
		return r, fault.NotFound
	}
	var err error
	if r.Region, err = organisation.ByID(ctx, q, regionID); err != nil {
		return r, err
	}
	if r.Municipalities, err = organisation.Municipalities(ctx, q, regionID); err != nil {
		return r, err
	}
	r.EvaluationsOn = r.AsOf
	if options.AsOf != nil {
		r.AsOf, r.EvaluationsOn = *options.AsOf, *options.AsOf
	} else {
		printed, err := printedOf(ctx, q, regionID, year)
		switch {
		case err == nil:
			r.Printed, r.EvaluationsOn = &printed, printed.EvaluationsOn
		case !errors.Is(err, fault.NotFound):
			return r, err
		}
	}
	authority, err := catalogue.JourneyBySlug(ctx, q, authorityJourney)
	if err != nil {
		return r, err
	}
	provider, err := catalogue.JourneyBySlug(ctx, q, providerJourney)
	if err != nil {
		return r, err
	}
	if r.AuthorityAccounts, err = statistics.Accounts(ctx, q, viewer, regionID, authority.ID, r.AsOf); err != nil {
		return r, err
	}
	if r.ProviderAccounts, err = statistics.Accounts(ctx, q, viewer, regionID, provider.ID, r.AsOf); err != nil {
		return r, err
	}
	completions, err := statistics.Completions(ctx, q, viewer, regionID, provider.ID, r.AsOf)
	if err != nil {
		return r, err
	}
	r.Completions = completions.OfStep(basicStep)
	if r.JourneyCourses, err = catalogue.Courses(ctx, q, authority.ID); err != nil {
		return r, err
	}
	if r.Courses, err = statistics.Courses(ctx, q, viewer, regionID, authority.ID, year, r.AsOf); err != nil {
		return r, err
	}
	if r.Days, err = statistics.CourseDays(ctx, q, viewer, regionID, authority.ID, year, r.AsOf); err != nil {
		return r, err
	}
	surveyOn := r.AsOf
	if options.AsOf == nil {
		surveyOn = clock.YearEnd(9999) // the year's survey, although its result comes when the year is over
	}
	if r.ManagerSurvey, err = statistics.ManagerSurvey(ctx, q, viewer, regionID, authority.ID, year, surveyOn); err != nil {
		return r, err
	}
	evaluations, on, err := statistics.Evaluations(ctx, q, viewer, provider.ID, 0, r.EvaluationsOn)
	if err != nil {
		return r, err
	}
	if r.Evaluations = evaluations; on != 0 {
		r.EvaluationsOn = on
	}
	steps, on, err := statistics.StepExperience(ctx, q, viewer, authority.ID, regionID, r.AsOf)
	if err != nil {
		return r, err
	}
	if r.StepExperience, r.StepsOn = steps, r.AsOf; on != 0 {
		r.StepsOn = on
	}
	if err := r.money(ctx, q, options.AsOf == nil); err != nil {
		return r, err
	}
	_, err = r.compare()
	return r, err
}
