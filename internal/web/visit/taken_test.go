package visit

import (
	"net/http/httptest"
	"strings"
	"testing"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/web/ui"
)

func tableOf(rows int) ui.Table {
	return ui.Table{ID: "t", Caption: "T", Columns: []ui.Column{{Label: "Namn"}}, Rows: make([]ui.Row, rows)}
}

// A file is refused, and not cut, when it would not have all rows or too many.
func TestAFileIsWholeOrNone(t *testing.T) {
	const most = 20_000
	for name, c := range map[string]struct {
		table ui.Table
		pager *ui.Pager
		long  bool
	}{
		"as many as there may be": {tableOf(most), nil, false},
		"one more":                {tableOf(most + 1), nil, true},
		"more than were counted":  {tableOf(2), &ui.Pager{Rows: 2, More: true}, true},
		"a page of more":          {tableOf(2), &ui.Pager{Rows: 3}, true},
		"a page of all":           {tableOf(2), &ui.Pager{Rows: 2}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := &Visit{Request: httptest.NewRequest("GET", "/people.csv", nil), Lang: i18n.Swedish, route: File("/people", "csv", nil)}
			c.table.Pager = c.pager
			v.Take(c.table, "/people")
			if v.taken == nil {
				t.Fatal("the table is not taken")
			}
			if f := fault.Of(v.tooLong()); (f != nil && f.Key == "fault.file_too_long") != c.long {
				t.Errorf("got %v", f)
			}
		})
	}
}

func TestTheTableThatIsAskedForIsTaken(t *testing.T) {
	for query, want := range map[string]string{"": "a", "?table=b": "b", "?table=none": ""} {
		v := &Visit{Request: httptest.NewRequest("GET", "/figures.csv"+query, nil), Lang: i18n.Swedish, route: File("/figures", "csv", nil)}
		for _, id := range []string{"a", "b"} {
			v.Take(ui.Table{ID: id}, "/figures")
		}
		got := ""
		if v.taken != nil {
			got = v.taken.ID
		}
		if got != want {
			t.Errorf("%q takes %q, want %q", query, got, want)
		}
	}
	page := &Visit{Request: httptest.NewRequest("GET", "/people?page=3&q=a", nil), Lang: i18n.Swedish, route: Get("/people", nil)}
	var html strings.Builder
	if err := page.Take(tableWithARow(), "/people").Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`href="/people.csv?q=a&amp;table=t"`, `href="/people.xlsx?q=a&amp;table=t"`} {
		if !strings.Contains(html.String(), part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if page.taken != nil || page.PerPage(30) != 30 || page.PageNumber() != 3 {
		t.Error("a page is no file")
	}
}

func tableWithARow() ui.Table {
	table := tableOf(1)
	table.Rows[0].Cells = []ui.Cell{ui.Text("Ask")}
	return table
}

func TestTheNameOfASheetFits(t *testing.T) {
	for text, want := range map[string]string{
		"Deltagare": "Deltagare", "a/b: [c]?": "a b   c", "": "1", "'": "1",
		strings.Repeat("å", 31): strings.Repeat("å", 31), strings.Repeat("å", 32): strings.Repeat("å", 31),
	} {
		if got := sheetName(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
