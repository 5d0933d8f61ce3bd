package stafffile

import (
	"github.com/a-h/templ"

	"yrkesresan/internal/db"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/row"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// meaningName is what a heading means, in words.
func meaningName(v *visit.Visit, c intake.Column) string {
	if c == intake.Ignored {
		return v.T("intake.page.not_read")
	}
	return columnName(v.Lang, c)
}

// remembered is what the municipality has said of headings, each to be changed or forgotten.
func remembered(v *visit.Visit, m organisation.Organisation) ([]templ.Component, error) {
	all, err := row.HeadingsOf(v.Context(), v.Reader(), v.Viewer, m)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	t := ui.Table{ID: "headings", Caption: v.T("intake.page.heading_list"), QuietTitle: true, Columns: []ui.Column{
		{Label: v.T("intake.page.heading")}, {Label: v.T("intake.page.heading_means")}, {Label: v.T("intake.page.heading_change")},
	}}
	path := visit.MunicipalityPath(m, "imports", "headings")
	for _, h := range all {
		change := ui.Action{
			Label: v.T("intake.page.forget"), About: h.Text, Kind: ui.Quiet, Small: true, Post: true, Href: path,
			Hidden: []ui.Hidden{{Name: "heading", Value: h.Text}},
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(h.Text), ui.Text(meaningName(v, h.Means)), {Slot: change.View(v.Lang)}}})
	}
	heading := ui.Field{Input: ui.SelectInput, Name: "heading", Label: v.T("intake.page.heading"), Value: v.Typed("heading", ""), Error: v.Wrong("heading")}
	for _, h := range all {
		heading.Options = append(heading.Options, ui.Option{Value: h.Text, Label: h.Text})
	}
	means := ui.Field{Input: ui.SelectInput, Name: "means", Label: v.T("intake.page.heading_means"), Value: v.Typed("means", ""), Error: v.Wrong("means"), Options: []ui.Option{{Value: string(intake.Ignored), Label: v.T("intake.page.ignore")}}}
	for _, c := range intake.Columns {
		means.Options = append(means.Options, ui.Option{Value: string(c), Label: columnName(v.Lang, c)})
	}
	return []templ.Component{ui.Section("headings-said", v.T("intake.page.headings"), ui.Paragraph(v.T("intake.page.headings_help")), v.Table(t),
		ui.Fold(v.T("intake.page.heading_other"), ui.Form(path, v.T("intake.page.heading_save"), nil, heading, means).View(v.Lang)))}, nil
}

// Mean says what a heading means from now on, or forgets it.
func Mean(v *visit.Visit) error {
	m, err := managed(v)
	if err != nil {
		return err
	}
	if err := v.Write(func(tx *db.Tx) error {
		return row.Mean(v.Context(), tx, v.Viewer, m, v.FormValue("heading"), intake.Column(v.FormValue("means")), v.Now)
	}); err != nil {
		return err
	}
	return v.Redirect(visit.MunicipalityPath(m, "imports"), "notice.heading_said")
}

// headingsRead tells how the headings were read that are not known by themselves.
func headingsRead(v *visit.Visit, i intake.Import, m organisation.Organisation) ([]templ.Component, error) {
	all, err := i.Headings(v.Context(), v.Reader())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	t := ui.Table{ID: "headings", Caption: v.T("intake.page.headings_read"), Dense: true, Columns: []ui.Column{
		{Label: v.T("intake.page.heading")}, {Label: v.T("intake.page.heading_read_as")}, {Label: v.T("intake.page.heading_since")},
	}}
	for _, h := range all {
		since := v.T("intake.page.heading_now")
		if h.Remembered {
			since = v.T("intake.page.heading_before")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(h.Text), ui.Text(meaningName(v, h.Means)), ui.Text(since)}})
	}
	return []templ.Component{v.Table(t), ui.Action{
		Label: v.T("intake.page.headings_change"), Href: visit.MunicipalityPath(m, "imports") + "#headings-said", Kind: ui.Quiet, Small: true,
	}.View(v.Lang)}, nil
}
