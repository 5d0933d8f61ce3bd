package figures

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/report"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// AnnualReportDocument writes the annual report as a page that stands alone: it
// loads nothing, so it can be sent and kept.
func AnnualReportDocument(ctx context.Context, w io.Writer, r report.AnnualReport, lang *i18n.Lang) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if err != nil {
		return err
	}
	nation := organisation.Organisation{ID: organisation.NationID, Name: lang.T("figures.nation_name")}
	v := &visit.Visit{Request: request, Lang: lang, Today: r.AsOf, Server: &visit.Server{Country: map[int64]organisation.Organisation{nation.ID: nation}}}
	parts := []templ.Component{
		ui.PageHead{Title: report.Title(r, lang), Lead: lang.T("figures.annual.lead", "Day", r.AsOf)}.View(lang),
	}
	charts := reportCharts(v, r)
	for _, t := range r.Tables(lang) {
		parts = append(parts, ui.Section(t.ID, t.Title, reportTable(v, t), charts[t.ID]))
	}
	if r.Printed != nil {
		parts = append(parts, reportCorrections(v, r))
	}
	return ui.Document(lang, report.Title(r, lang), parts).Render(ctx, w)
}
