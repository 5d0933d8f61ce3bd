package stafffile

import (
	"strings"

	"github.com/a-h/templ"

	"yrkesresan/internal/intake"
	"yrkesresan/internal/web/ui"
	"yrkesresan/internal/web/visit"
)

// separators are what separates the cells of a CSV, as keys of their names.
var separators = map[string]string{";": "semicolon", ",": "comma", "\t": "tab"}

// asRead says how the file was read, with some rows in which a wrong guess shows.
func asRead(v *visit.Visit, i intake.Import) (templ.Component, error) {
	r, err := i.AsRead(v.Context(), v.Reader())
	if err != nil || r.Encoding == "" {
		return templ.NopComponent, err
	}
	how := v.T("intake.page.read_book")
	if name, ok := separators[r.Separator]; ok {
		how = v.T("intake.page.read_csv", "Encoding", r.Encoding, "Separator", v.T("intake.page.separator_"+name))
	}
	if len(r.Lines) == 0 {
		return ui.Section("read", v.T("intake.page.read_title"), ui.Paragraph(how+" "+v.T("intake.page.read_no_letters"))), nil
	}
	t := ui.Table{ID: "read-rows", Caption: v.T("intake.page.read_rows"), QuietTitle: true, Dense: true, Columns: []ui.Column{
		{Label: v.T("intake.page.line"), Numeric: true}, {Label: v.T("people.name")},
		{Label: columnName(v.Lang, intake.Unit)}, {Label: columnName(v.Lang, intake.Profession)},
	}}
	for _, l := range r.Lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Text(v.Lang.Number(int64(l.Line))), ui.Text(strings.TrimSpace(l.GivenName + " " + l.FamilyName)), ui.Text(l.Unit), ui.Text(l.Profession),
		}})
	}
	return ui.Section("read", v.T("intake.page.read_title"), ui.Paragraph(how+" "+v.T("intake.page.read_letters")), v.Table(t)), nil
}
