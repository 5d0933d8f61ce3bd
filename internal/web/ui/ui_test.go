package ui

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatPeopleTypeIsEscaped(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	page := render(t, Field{Name: "q", Label: evil, Value: evil, Hint: evil, Error: evil}.View(i18n.Swedish))
	page += render(t, Table{Caption: evil, Columns: []Column{{Label: evil}, {Label: evil}}, Rows: []Row{{Cells: []Cell{Text(evil), Link(evil, "/x")}}}}.View(i18n.Swedish))
	if strings.Contains(page, "<script>") {
		t.Error(page)
	}
}

func TestTheAddressKeepsTheView(t *testing.T) {
	a := Address{Path: "/rounds", Query: url.Values{"term": {"ht"}, "page": {"3"}}}
	for _, c := range []struct{ name, got, want string }{
		{"sorting goes back to the first page and keeps the filter", a.With("sort", "-day"), "/rounds?sort=-day&term=ht"},
		{"turning the page keeps the filter", a.With("page", "4"), "/rounds?page=4&term=ht"},
		{"an empty choice leaves the address", a.With("term", ""), "/rounds"},
		{"the first page needs no number", string(Pager{Address: a, PerPage: 30, Rows: 90}.href(1)), "/rounds?term=ht"},
		{"sorting again turns the order", string(Table{Address: a, Sorted: "day"}.sortHref(Column{Key: "day"})), "/rounds?sort=-day&term=ht"},
		{"and back", string(Table{Address: a, Sorted: "-day"}.sortHref(Column{Key: "day"})), "/rounds?sort=day&term=ht"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
	if a.Query.Get("page") != "3" {
		t.Error("With changed the address it was asked of")
	}
}

func TestThePagerSaysWhatIsShown(t *testing.T) {
	for _, c := range []struct {
		name  string
		pager Pager
		want  string
		pages int
	}{
		{"the last page is short", Pager{Page: 3, PerPage: 30, Rows: 61}, "Visar 61–61 av 61", 3},
		{"a full page", Pager{Page: 2, PerPage: 30, Rows: 3000}, "Visar 31–60 av 3\u00a0000", 100},
		{"one page", Pager{Page: 1, PerPage: 30, Rows: 30}, "Visar 1–30 av 30", 1},
		{"a page after the last is the last", Pager{Page: 60, PerPage: 30, Rows: 61}, "Visar 61–61 av 61", 3},
		{"a list that is not counted to its end", Pager{Page: 2, PerPage: 30, Rows: 2000, More: true}, "Visar 31–60 av fler än 2\u00a0000", 67},
	} {
		if got := c.pager.shown(i18n.Swedish); got != c.want || c.pager.pages() != c.pages {
			t.Errorf("%s: got %q of %d pages", c.name, got, c.pager.pages())
		}
	}
}

func TestATableSaysHowItIsSorted(t *testing.T) {
	page := render(t, Table{Caption: "Kommuner", Sorted: "-n", Address: Address{Path: "/"},
		Columns: []Column{{Label: "Kommun", Key: "name"}, {Label: "Konton", Key: "n", Numeric: true}},
		Rows:    []Row{{Cells: []Cell{Text("Falun"), Text("")}}}, Total: []Cell{Text("Totalt"), Text("7")}}.View(i18n.Swedish))
	for _, want := range []string{`aria-sort="descending"`, `href="/?sort=n"`, `data-label="Konton"`, "<tfoot", `scope="row"`, `>–</span>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if strings.Count(page, "aria-sort") != 1 {
		t.Error("one column only is sorted")
	}
	if silent := render(t, Table{Caption: "Kommuner"}.View(i18n.Swedish)); !strings.Contains(silent, "<h2>Här finns inget än</h2>") {
		t.Errorf("a table without rows or words says %s", silent)
	}
	empty := render(t, Table{Caption: "Kommuner", Empty: Empty{Title: "Ingen än"}}.View(i18n.Swedish))
	if strings.Contains(empty, "<table") || !strings.Contains(empty, "Ingen än") {
		t.Error("a table without rows says why instead")
	}
}

func TestErrorsStandAtTheirFields(t *testing.T) {
	err := fault.Invalid("email", "fault.invalid")
	errs := ErrorsOf(i18n.Swedish, err)
	if errs.For("email") != "Något behöver rättas" || errs.For("name") != "" {
		t.Errorf("got %v", errs)
	}
	if page := render(t, errs.View(i18n.Swedish)); !strings.Contains(page, `href="#f-email"`) {
		t.Error(page)
	}
	if page := render(t, ErrorsOf(i18n.Swedish, nil).View(i18n.Swedish)); page != "" {
		t.Error("no errors, no summary")
	}
	page := render(t, Field{Name: "email", Label: "E-post", Hint: "h", Error: "fel"}.View(i18n.Swedish))
	for _, want := range []string{`aria-describedby="f-email-hint f-email-error"`, `aria-invalid="true"`, `for="f-email"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
}

func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	c := BarChart{Bars: []Bar{{"Falun", []float64{200}}, {"Mora", []float64{100}}, {"Orsa", []float64{0}}}}
	d := c.draw(i18n.Swedish)
	if len(d.Bars) != 3 || d.Bars[0].Width == "0%" || d.Bars[2].Width != "0%" {
		t.Fatalf("got %v", d.Bars)
	}
	var whole, half float64
	if whole, half = number(t, d.Bars[0].Width), number(t, d.Bars[1].Width); whole < 2*half-0.02 || whole > 2*half+0.02 {
		t.Errorf("200 is %v and 100 is %v", whole, half)
	}
	none := BarChart{Bars: []Bar{{"Falun", []float64{0}}}}.draw(i18n.Swedish)
	if none.Bars[0].Width != "0%" {
		t.Errorf("nothing is %s long", none.Bars[0].Width)
	}
}

func TestADistributionFillsItsLine(t *testing.T) {
	d := Distribution{Grades: []string{"1", "2", "3", "4", "5"}, Rows: []Answers{{Label: "BAS 1", Counts: []int{3, 1, 0, 0, 3}}, {Label: "Ingen", Counts: []int{0, 0, 0, 0, 0}}}}
	sum := 0.0
	drawn := d.draw(i18n.Swedish)
	for _, b := range drawn.Bars {
		sum += number(t, b.Width)
	}
	if len(drawn.Bars) != 3 || sum < 99.9 || sum > 100.1 {
		t.Errorf("%d parts of %v %%", len(drawn.Bars), sum)
	}
	for grades, want := range map[int][]int{2: {1, 5}, 3: {1, 3, 5}, 4: {1, 2, 4, 5}, 5: {1, 2, 3, 4, 5}} {
		c := Distribution{Grades: make([]string, grades)}
		for i, g := range want {
			if c.grade(i) != g {
				t.Errorf("grade %d of %d has colour %d, want %d", i+1, grades, c.grade(i), g)
			}
		}
	}
}

func TestWordsBreakBetweenWords(t *testing.T) {
	for s, want := range map[string]string{
		"Falun":                               "Falun",
		"Våld i nära relationer":              "Våld i|nära|relationer",
		"":                                    "",
		"rättssäkerhetsperspektiv i vardagen": "rättssäkerhetsperspektiv|i vardagen",
	} {
		if got := strings.Join(wrap(s, 10), "|"); got != want {
			t.Errorf("%q breaks as %q, want %q", s, got, want)
		}
	}
}

func number(t *testing.T, percent string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.TrimSuffix(percent, "%"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Kerstin Åsa Öhrn": "KÖ", "Åsa": "Å", "": ""} {
		if got := (&Person{Name: name}).initials(); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
