package web

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/report"
	"yrkesresan/internal/web/ui"
)

// AnnualReportDocument writes the annual report as a page that stands alone: it
// loads nothing, so it can be sent and kept.
func AnnualReportDocument(ctx context.Context, w io.Writer, r report.AnnualReport, lang *i18n.Lang) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if err != nil {
		return err
	}
	nation := organisation.Organisation{ID: organisation.NationID, Name: lang.T("figures.nation_name")}
	v := &Visit{Request: request, Lang: lang, Today: r.AsOf, server: &Server{country: map[int64]organisation.Organisation{nation.ID: nation}}}
	parts := []templ.Component{
		ui.PageHead{Title: report.Title(r, lang), Lead: lang.T("annual.lead", "Day", r.AsOf)}.View(lang),
	}
	charts := v.reportCharts(r)
	for _, t := range r.Tables(lang) {
		parts = append(parts, section(t.ID, t.Title, v.reportTable(t), charts[t.ID]))
	}
	if r.Printed != nil {
		parts = append(parts, v.reportCorrections(r))
	}
	return document(lang, report.Title(r, lang), parts).Render(ctx, w)
}
