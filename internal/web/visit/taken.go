package visit

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/web/ui"
)

// A page's table can be taken out as a file. There is one handler for both: at the
// address of the file it asks what the page asks, as the same viewer, and the table that
// it hands to Take is sent instead of the page. So a file shows what the page does, for
// the same choice, and all rows of it.

// MostRows is how long a file may be; for more one narrows the list first.
const MostRows = 20_000

// FileKinds are the endings that the address of a page takes for its tables.
var FileKinds = []string{"csv", "xlsx"}

// File is the route of the page's tables as files of the kind; path is without the ending.
func File(path, kind string, do Handler) Route {
	r := Get(path+"."+kind, do)
	r.file = kind
	return r
}

// PerPage is how many rows the list on the page is to ask for: so many, and all of them
// in a file.
func (v *Visit) PerPage(rows int) int {
	if v.route.file != "" {
		return MostRows
	}
	return rows
}

// PageNumber is the page of the list that is asked for, from 1; a file has only one.
func (v *Visit) PageNumber() int {
	if v.route.file != "" {
		return 1
	}
	return max(1, v.Number("page", 1))
}

// Take shows the table with links to its files, which are at the path with an ending and
// the choice that stands in the address. An empty table has none.
func (v *Visit) Take(t ui.Table, path string) templ.Component {
	if v.route.file != "" {
		if asked := v.URL.Query().Get("table"); v.taken == nil && (asked == "" || asked == t.ID) {
			v.taken = &t
		}
		return templ.NopComponent
	}
	if len(t.Rows) == 0 {
		return t.View(v.Lang)
	}
	links := make([]ui.Action, len(FileKinds))
	for i, kind := range FileKinds {
		address := ui.Address{Path: path + "." + kind, Query: v.URL.Query()}
		address.Query.Del("refused")
		if t.ID != "" {
			address.Query.Set("table", t.ID)
		}
		links[i] = ui.Action{Label: v.T("ui.take_" + kind), Href: address.With("page", ""), About: t.Caption}
	}
	return templ.Join(t.View(v.Lang), ui.Links(links))
}

// sendTaken sends the table as the file that is asked for, named after the page and,
// unless it says the same, the table. fault.NotFound when the page has no such table for
// the viewer.
func (v *Visit) sendTaken(title string) error {
	t := v.taken
	if t == nil {
		return fault.NotFound
	}
	if err := v.tooLong(); err != nil {
		return err
	}
	lines := t.Lines(v.Lang)
	for _, line := range lines {
		for i, value := range line {
			if text, ok := value.(string); ok {
				line[i] = Harmless(text)
			}
		}
	}
	name := title
	if t.Caption != title {
		name += " " + t.Caption
	}
	if v.route.file == "csv" {
		return v.SendCSV(first(name, 100), lines)
	}
	return v.SendXLSX(first(name, 100), sheetName(t.Caption), lines)
}

// tooLong refuses a file that would not have all rows.
func (v *Visit) tooLong() error {
	if t := v.taken; len(t.Rows) > MostRows || t.Pager != nil && (t.Pager.More || t.Pager.Rows > len(t.Rows)) {
		return &fault.Error{Kind: fault.KindInvalid, Key: "fault.file_too_long", Args: []any{"Max", MostRows}}
	}
	return nil
}

// sheetName is the text as a workbook takes it for the name of a sheet.
func sheetName(text string) string {
	text = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, text), " '")
	if text == "" {
		return "1"
	}
	return strings.TrimRight(first(text, 31), " '")
}

// first is the beginning of the text, so many characters at most.
func first(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
