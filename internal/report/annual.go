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
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/statistics"
)

// The journeys of the printed report's own tables, and the step whose courses
// everybody in a provider journey takes.
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

	AuthorityAccounts statistics.AccountTable      // Barn och unga
	ProviderAccounts  statistics.AccountTable      // Funktionshinder utförare
	Completions       statistics.CompletionTable   // Funktionshinder utförare, its basic courses
	OtherAccounts     []statistics.AccountTable    // of the other journeys where anybody has one
	OtherCompletions  []statistics.CompletionTable // of the other provider journeys, their basic courses
	AllCourses        []catalogue.Course           // also those not given
	Courses           statistics.CourseTable       // of all journeys
	Cancelled         []statistics.CancelledRound  // of all journeys, those that had been published
	Days              DayTable                     // of all journeys
	ManagerSurvey     []statistics.SurveyQuestion
	Evaluations       []statistics.Evaluation  // of the whole country
	EvaluationsOn     clock.Day                // their publication; the day asked for when there was none
	StepExperience    []statistics.StepAnswers // Barn och unga, of the region
	StepsOn           clock.Day                // theirs
	Comings           recruitment.Year         // of trainers
	Time              []TermTime               // to learn, of the terms in which any was set
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
	// Today is the day on which it is read: answers of a term that lasts are not told. 0 is
	// after the year.
	Today clock.Day
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
	if err := r.others(ctx, q, viewer); err != nil {
		return r, err
	}
	if r.AllCourses, err = catalogue.AllCourses(ctx, q); err != nil {
		return r, err
	}
	if r.Courses, err = statistics.Courses(ctx, q, viewer, regionID, 0, year, r.AsOf); err != nil {
		return r, err
	}
	if r.Cancelled, err = statistics.CancelledRounds(ctx, q, viewer, regionID, 0, year, r.AsOf); err != nil {
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
	if err := r.working(ctx, q, viewer, options.AsOf == nil, options.Today); err != nil {
		return r, err
	}
	if err := r.money(ctx, q, options.AsOf == nil); err != nil {
		return r, err
	}
	_, err = r.compare()
	return r, err
}

// others reads the accounts of the journeys that the printed report has no table
// of, and what their basic courses have come to.
func (r *AnnualReport) others(ctx context.Context, q db.Querier, viewer access.Viewer) error {
	journeys, err := catalogue.Journeys(ctx, q)
	if err != nil {
		return err
	}
	for _, j := range journeys {
		if j.Slug == authorityJourney || j.Slug == providerJourney {
			continue
		}
		accounts, err := statistics.Accounts(ctx, q, viewer, r.Region.ID, j.ID, r.AsOf)
		if err != nil {
			return err
		}
		if accounts.Total.Accounts == 0 {
			continue
		}
		r.OtherAccounts = append(r.OtherAccounts, accounts)
		if j.Audience != catalogue.Provider {
			continue
		}
		completions, err := statistics.Completions(ctx, q, viewer, r.Region.ID, j.ID, r.AsOf)
		if err != nil {
			return err
		}
		if completions = completions.OfStep(basicStep); len(completions.Courses) > 0 {
			r.OtherCompletions = append(r.OtherCompletions, completions)
		}
	}
	return nil
}

// Empty tells whether there is nothing to report.
func (r AnnualReport) Empty() bool {
	accounts := r.AuthorityAccounts.Total.Accounts + r.ProviderAccounts.Total.Accounts
	for _, a := range r.OtherAccounts {
		accounts += a.Total.Accounts
	}
	return accounts+len(r.Courses.Rows)+len(r.Cancelled)+r.Days.Planned+len(r.Pot.Days) == 0
}
