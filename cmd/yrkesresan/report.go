package main

import (
	"context"
	"errors"
	"os"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/report"
	"yrkesresan/internal/web/figures"
)

// Report is the commands that make documents.
type Report struct {
	Annual Annual `cmd:"" help:"Make the annual report of a region, with computed sums and the printed ones that differ."`
}

// Annual is the annual report.
type Annual struct {
	RegionYear
	Format string `help:"html, text, json or xlsx." enum:"html,text,json,xlsx" default:"text"`
	AsOf   string `help:"The year as it stood on a day, YYYY-MM-DD. Default: its last day." placeholder:"DAY"`
	Out    string `short:"o" help:"The file to write. Default: standard output." type:"path" placeholder:"FILE"`
}

// Run makes the report whole before it writes anything.
func (c Annual) Run(ctx context.Context) (err error) {
	options := report.Options{Today: clock.System().Day()}
	if c.AsOf != "" {
		day, err := clock.ParseDay(c.AsOf)
		if err != nil {
			return err
		}
		options.AsOf = &day
	}
	return c.with(ctx, func(q db.Querier, region organisation.Organisation, lang *i18n.Lang) error {
		r, err := report.Annual(ctx, q, access.System(), region.ID, c.Year, options)
		if err != nil {
			return err
		}
		out := os.Stdout
		if c.Out != "" {
			if out, err = os.Create(c.Out); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, out.Close()) }()
		}
		switch c.Format {
		case "json":
			return report.JSON(out, r)
		case "xlsx":
			return report.XLSX(out, r, lang)
		case "html":
			return figures.AnnualReportDocument(ctx, out, r, lang)
		}
		return report.Text(out, r, lang)
	})
}
