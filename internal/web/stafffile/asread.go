package stafffile

import (
	"slices"
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
	lines := make([]string, len(r.Lines))
	for n, l := range r.Lines {
		said := slices.DeleteFunc([]string{strings.TrimSpace(l.GivenName + " " + l.FamilyName), l.Unit, l.Profession}, func(s string) bool { return s == "" })
		lines[n] = v.T("intake.page.read_line", "Line", l.Line, "Text", strings.Join(said, ", "))
	}
	return ui.Section("read", v.T("intake.page.read_title"), ui.Paragraph(how+" "+v.T("intake.page.read_letters")), ui.Paragraph(strings.Join(lines, " "))), nil
}
