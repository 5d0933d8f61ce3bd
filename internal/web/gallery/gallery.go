// Package gallery is the page on which every component stands in its states: for
// those who build the product.
package gallery

import (
	"net/url"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/web/ui"
)

// The contents are invented, and as short, long, many and few as pages
// will meet them. Its words are not in the catalogue.

var day = clock.Date(2025, time.December, 31)

func chain(label string, current int) ui.Chain {
	return ui.Chain{Label: label, Current: current, Steps: []ui.Step{
		{Word: "Planerad", Note: "3 sep 2025", Href: "#chain"},
		{Word: "Öppen för anmälan", Note: "15 sep 2025", Href: "#chain"},
		{Word: "Bekräftad", Note: "12 nov 2025", Href: "#chain"},
		{Word: "Genomförd"},
		{Word: "Godkänd"},
		{Word: "Fakturerad"},
	}}
}

func rounds() ui.Table {
	rows := []ui.Row{}
	for _, r := range []struct {
		course, day, place, seats, word string
		tone                            ui.Tone
	}{
		{"Samtalsmetodik för barn och unga", "tis 2 december 2025", "Falun, Stora salen", "22 av 22", "Fullbokad", ui.Info},
		{"Att utreda barns behov", "ons 14 januari 2026", "Borlänge, Tingshuset", "14 av 22", "Öppen", ui.Positive},
		{"Våld i nära relationer och hedersrelaterat våld och förtryck, fördjupning för erfarna", "mån 9 februari 2026", "Webbmöte", "4 av 22", "Risk för inställd", ui.Caution},
		{"Leda lärande och utveckling", "tors 12 mars 2026", "Mora, Biblioteket", "0 av 18", "Inställd", ui.Negative},
		{"Uppdrag och ansvar", "fre 17 april 2026", "Falun, Stora salen", "0 av 22", "Planerad", ui.Plain},
	} {
		rows = append(rows, ui.Row{Pick: r.course, Cells: []ui.Cell{
			ui.Link(r.course, "#table"), ui.Text(r.day), ui.Text(r.place), ui.Text(r.seats), ui.Status(r.word, r.tone),
			{Text: "Öppna", Href: "#table", About: r.course},
		}})
	}
	return ui.Table{
		ID: "rounds", Caption: "Kursomgångar", Note: "Hösten 2025 och våren 2026",
		Columns: []ui.Column{
			{Label: "Kurs", Key: "course"}, {Label: "Första dag", Key: "day", Keep: true}, {Label: "Plats"},
			{Label: "Platser", Key: "seats", Numeric: true}, {Label: "Läge"}, {Label: "Gör", Action: true},
		},
		Rows: rows, Sorted: "day", Address: ui.Address{Path: "/dev/pages", Query: url.Values{"term": {"ht"}}},
		Pager: &ui.Pager{Address: ui.Address{Path: "/dev/pages"}, Page: 2, PerPage: 30, Rows: 3000},
	}
}

func accounts(l *i18n.Lang, dense bool) ui.Table {
	t := ui.Table{
		ID: "accounts", Caption: "Konton per kommun", Note: "Antal konton per 31 december 2025. Roller överlappar.", Wide: true, Dense: dense,
		Columns: []ui.Column{{Label: "Kommun", Key: "name"}}, Sorted: "name", Address: ui.Address{Path: "/dev/pages"},
	}
	if dense {
		t.ID, t.Caption = "accounts-dense", "Konton per kommun, tätt"
	}
	for _, name := range []string{"Konton", "Medarbetare", "Chefer", "Utbildare", "K-admin", "Genomfört BAS 1", "Andel"} {
		t.Columns = append(t.Columns, ui.Column{Label: name, Key: name, Numeric: true})
	}
	var sums [6]int64
	for i, name := range []string{
		"Avesta", "Borlänge", "Falun", "Gagnef", "Hedemora", "Leksand", "Ludvika", "Malung-Sälen", "Mora", "Orsa",
		"Rättvik", "Smedjebacken", "Säter", "Vansbro", "Älvdalen",
	} {
		n := int64(40 + (i*137)%311)
		values := [6]int64{n + 12, n, 9, 2, 1, n * 7 / 9}
		cells := []ui.Cell{ui.Link(name, "#table")}
		for j, v := range values {
			sums[j] += v
			cells = append(cells, ui.Text(l.Number(v)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, ui.Text(l.Percent(float64(values[5])/float64(n)*100, 1)))})
	}
	t.Total = []ui.Cell{ui.Text("Totalt")}
	for _, s := range sums {
		t.Total = append(t.Total, ui.Text(l.Number(s)))
	}
	t.Total = append(t.Total, ui.Text(l.Percent(float64(sums[5])/float64(sums[1])*100, 1)))
	return t
}

func fields(errs ui.Errors) []ui.Field {
	return []ui.Field{
		{Name: "name", Label: "Namn", Value: "Åsa Öhrn", Autocomplete: "name"},
		{Input: ui.EmailInput, Name: "email", Label: "E-postadress", Hint: "Din adress på arbetet. Vi skickar en länk dit.", Value: "asa.ohrn@", Error: errs.For("email"), Autocomplete: "email"},
		{Input: ui.DateInput, Name: "day", Label: "Första kursdag", Value: "2026-02-09"},
		{Input: ui.NumberInput, Name: "seats", Label: "Antal platser", Unit: "deltagare", Short: true, Value: "220", Error: errs.For("seats")},
		{Input: ui.SelectInput, Name: "town", Label: "Kommun", Value: "falun", Options: []ui.Option{{Value: "", Label: "Välj kommun"}, {Value: "falun", Label: "Falun"}, {Value: "mora", Label: "Mora"}}},
		{Input: ui.RadioInput, Name: "delivery", Label: "Hur ges kursen?", Error: errs.For("delivery"), Options: []ui.Option{
			{Value: "room", Label: "I en lokal"}, {Value: "web", Label: "Som webbmöte", Hint: "Deltagarna får länken i kallelsen."}}},
		{Input: ui.CheckInput, Name: "diet", Label: "Specialkost", Optional: true, Values: []string{"veg"}, Options: []ui.Option{
			{Value: "veg", Label: "Vegetariskt"}, {Value: "gluten", Label: "Glutenfritt"}}},
		{Input: ui.CheckInput, Name: "agree", Label: "Jag har stämt av med min chef"},
		{Input: ui.TextareaInput, Name: "note", Label: "Något annat kursledaren behöver veta?", Optional: true, Hint: "Skriv inga personnummer."},
	}
}

var wrong = ui.Errors{
	{Field: "email", Text: "Skriv hela e-postadressen, till exempel namn@falun.se"},
	{Field: "seats", Text: "Antal platser ska vara mellan 1 och 40"},
	{Field: "delivery", Text: "Välj hur kursen ges"},
}

var bars = ui.BarChart{
	ChartText: ui.ChartText{ID: "chart-pot", Title: "Falun får mest ur utbildarpotten 2025", Source: "Yrkesresan i Dalarna", AsOf: day, Column: "Kommun",
		Desc: "Liggande staplar, en per kommun, med utbetalning i kronor. Falun har den längsta stapeln och Malung-Sälen den kortaste."},
	Unit: "Kronor", Bars: []ui.Bar{
		{Label: "Falun", Values: []float64{32500}}, {Label: "Borlänge", Values: []float64{28120}}, {Label: "Mora", Values: []float64{11840}},
		{Label: "Falun, Borlänge, Gagnef och Säter tillsammans", Values: []float64{9300}}, {Label: "Malung-Sälen", Values: []float64{0}},
	},
}

var groups = ui.BarChart{
	ChartText: ui.ChartText{ID: "chart-terms", Title: "Nöjdheten steg i båda kurserna", Source: "Kursutvärdering", AsOf: day, Column: "Kurs",
		Desc: "Två staplar per kurs: hösten 2024 och våren 2025, andel nöjda i procent."},
	Unit: "Andel nöjda, procent", Series: []string{"HT-24", "VT-25"}, Bars: []ui.Bar{
		{Label: "Samtalsmetodik", Values: []float64{88, 94}}, {Label: "Att utreda barns behov", Values: []float64{71, 90}},
	},
}

var answers = ui.Distribution{
	ChartText: ui.ChartText{ID: "chart-answers", Title: "Nio av tio är nöjda med kursen som helhet", Source: "Kursutvärdering, funktionshinder utförare", AsOf: day, Column: "Kurs",
		Desc: "Ett delat streck per kurs med antal svar i fem grader från mycket nöjd till mycket missnöjd."},
	Grades: []string{"Mycket nöjd", "Nöjd", "Varken eller", "Missnöjd", "Mycket missnöjd"},
	Rows: []ui.Answers{
		{Label: "BAS 1 Bemötande", Counts: []int{212, 140, 28, 9, 4}, Note: "89,6 % nöjda av 393 svar"},
		{Label: "BAS 2 Kommunikation", Counts: []int{190, 160, 36, 9, 4}, Note: "87,7 % nöjda av 399 svar"},
		{Label: "BAS 4 Juridik och grundläggande rättssäkerhet i vardagen", Counts: []int{3, 1, 1, 0, 0}},
	},
}

func picked() ui.Table {
	t := rounds()
	t.ID, t.Caption, t.Pick, t.Pager, t.Dense = "picked", "Kursomgångar att välja", "round", nil, true
	t.Rows = t.Rows[:2]
	return t
}
