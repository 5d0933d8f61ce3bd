package main

import (
	"context"
	"io"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/report"
)

func annualReportPage(_ context.Context, w io.Writer, r report.AnnualReport, lang *i18n.Lang) error {
	return report.Text(w, r, lang)
}
