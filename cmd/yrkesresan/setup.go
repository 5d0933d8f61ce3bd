package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/setup"
)

// Setup is the command that tells what a region still needs before its first course day.
type Setup struct {
	Database
	Region   string `help:"The region's name in addresses, such as dalarna." default:"dalarna" env:"YRKESRESAN_REGION"`
	Language string `help:"The language of texts: sv or en." enum:"sv,en" default:"sv" env:"YRKESRESAN_LANGUAGE"`
}

// setupSteps is what the command prints. Page is where the steps are taken.
type setupSteps struct {
	Region    string      `json:"region"`
	AsOf      string      `json:"as_of"`
	Operators int         `json:"operators"`
	Page      string      `json:"page"`
	Missing   int         `json:"missing"`
	Steps     []setupStep `json:"steps"`
}

type setupStep struct {
	Step setup.Step `json:"step"`
	Done bool       `json:"done"`
	What string     `json:"what"`
	Help string     `json:"help"`
}

// Run prints the steps as JSON, and on standard error for people what is missing.
func (c Setup) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	region, err := organisation.BySlug(ctx, d.Reader(), organisation.Region, c.Region)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no region %q: its name is written as in addresses, such as dalarna or vastmanland", c.Region)
	}
	if err != nil {
		return err
	}
	result, err := stepsOf(ctx, d.Reader(), region, i18n.For(c.Language))
	if err != nil {
		return err
	}
	return printJSON(result)
}

func stepsOf(ctx context.Context, q db.Querier, region organisation.Organisation, lang *i18n.Lang) (setupSteps, error) {
	today := clock.System().Day()
	facts, err := setup.Of(ctx, q, access.System(), region.ID, today)
	if err != nil {
		return setupSteps{}, err
	}
	r := setupSteps{
		Region: region.Slug, AsOf: today.String(), Operators: facts.Operators,
		Page: address.RegionSetup(region.Slug), Missing: len(facts.Missing()), Steps: []setupStep{},
	}
	if facts.Operators == 0 {
		fmt.Fprintln(os.Stderr, lang.T("cli.setup_operator", "Region", region.Slug))
	}
	if r.Missing == 0 {
		fmt.Fprintln(os.Stderr, lang.T("setup.all_done"))
	} else {
		fmt.Fprintln(os.Stderr, lang.T("cli.setup_missing", "Region", region.Name, "Page", r.Page))
	}
	for i, s := range setup.Steps {
		step := setupStep{Step: s, Done: facts.Done(s), What: lang.T("setup.step_" + string(s)), Help: lang.T("setup.step_" + string(s) + "_help")}
		if r.Steps = append(r.Steps, step); !step.Done {
			fmt.Fprintf(os.Stderr, "%2d. %s. %s\n", i+1, step.What, step.Help)
		}
	}
	return r, nil
}
