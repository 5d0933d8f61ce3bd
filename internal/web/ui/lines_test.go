package ui_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/web/ui"
)

// A table becomes lines of a spreadsheet: numbers are numbers, with their unit in the
// head; what is only to be pressed is left out.
func TestATableBecomesLines(t *testing.T) {
	for _, l := range []*i18n.Lang{i18n.Swedish, i18n.English} {
		kr := map[string]string{"sv": "kr", "en": "SEK"}[l.Code()]
		table := ui.Table{
			Columns: []ui.Column{{Label: "Namn"}, {Label: "Läge"}, {Label: "Antal", Numeric: true}, {Label: "Belopp", Numeric: true}, {Label: "Av", Numeric: true}, {Label: "Gör", Action: true}},
			Rows: []ui.Row{
				{Cells: []ui.Cell{{Text: "Ask", Note: "chef", Href: "/people/1"}, ui.Status("Klar", ui.Positive), {Text: l.Number(12345), Note: l.Percent(45.6, 1)}, ui.Text(l.Money(-123450)), ui.Text("3 av 5"), ui.Link("Ändra", "/x")}},
				{Cells: []ui.Cell{ui.Text("Ek"), {Tag: &ui.Tag{Word: "ord"}, Text: "ord, sedan i går"}, {Text: l.Number(0)}, {}, {}, {}}},
			},
			Total: []ui.Cell{ui.Text("Totalt"), {}, ui.Text(l.Number(12345)), ui.Text(l.Money(money.Ore(100))), {}},
		}
		want := [][]any{
			{"Namn", "Läge", "Antal", "Antal (%)", "Belopp (" + kr + ")", "Av"},
			{"Ask (chef)", "Klar", 12345.0, 45.6, -1234.5, "3 av 5"},
			{"Ek", "ord, sedan i går", 0.0, "", "", ""},
			{"Totalt", "", 12345.0, "", 1.0, ""},
		}
		if diff := cmp.Diff(want, table.Lines(l)); diff != "" {
			t.Errorf("%s: %s", l.Code(), diff)
		}
	}
	// What is no number column is kept as it is written: a number of a street, a code.
	table := ui.Table{Columns: []ui.Column{{Label: "Kod"}}, Rows: []ui.Row{{Cells: []ui.Cell{ui.Text("007")}}}}
	if diff := cmp.Diff([][]any{{"Kod"}, {"007"}}, table.Lines(i18n.Swedish)); diff != "" {
		t.Error(diff)
	}
}
