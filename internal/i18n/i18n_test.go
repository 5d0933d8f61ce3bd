package i18n

import (
	"math"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/money"
)

func TestFiguresAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	day := clock.Date(2025, time.December, 2)
	for _, c := range []struct {
		name            string
		write           func(*Lang) string
		swedish, inEngl string
	}{
		{"a number below a thousand stands alone", func(l *Lang) string { return l.Number(303) }, "303", "303"},
		{"thousands are set apart", func(l *Lang) string { return l.Number(196950) }, "196\u00a0950", "196,950"},
		{"a full group of three has no leading mark", func(l *Lang) string { return l.Number(300000) }, "300\u00a0000", "300,000"},
		{"a negative number has a true minus", func(l *Lang) string { return l.Number(-1234567) }, "−1\u00a0234\u00a0567", "−1,234,567"},
		{"the smallest number has a magnitude", func(l *Lang) string { return l.Number(math.MinInt64) },
			"−9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808", "−9,223,372,036,854,775,808"},
		{"whole kronor show no öre", func(l *Lang) string { return l.Money(19695000) }, "196\u00a0950\u00a0kr", "SEK\u00a0196,950"},
		{"öre are shown when there are some", func(l *Lang) string { return l.Money(123450) }, "1\u00a0234,50\u00a0kr", "SEK\u00a01,234.50"},
		{"öre have two digits", func(l *Lang) string { return l.Money(5) }, "0,05\u00a0kr", "SEK\u00a00.05"},
		{"a correction downwards has a true minus", func(l *Lang) string { return l.Money(-65000) }, "−650\u00a0kr", "−SEK\u00a0650"},
		{"no money is zero", func(l *Lang) string { return l.Money(0) }, "0\u00a0kr", "SEK\u00a00"},
		{"a share has its sign", func(l *Lang) string { return l.Percent(89.56, 1) }, "89,6\u00a0%", "89.6%"},
		{"nought of nought is 0.0", func(l *Lang) string { return l.Percent(0, 1) }, "0,0\u00a0%", "0.0%"},
		{"a mean has its decimals", func(l *Lang) string { return l.Decimal(17.82, 1) }, "17,8", "17.8"},
		{"a large decimal is grouped", func(l *Lang) string { return l.Decimal(12345.678, 2) }, "12\u00a0345,68", "12,345.68"},
		{"nothing rounds to minus nought", func(l *Lang) string { return l.Decimal(-0.04, 1) }, "0,0", "0.0"},
		{"a day", func(l *Lang) string { return l.Day(day) }, "2\u00a0december 2025", "2\u00a0December 2025"},
		{"a day with its weekday", func(l *Lang) string { return l.ShortDay(day) }, "tis 2\u00a0december 2025", "Tue 2\u00a0December 2025"},
		{"a tiny day", func(l *Lang) string { return l.TinyDay(day) }, "2\u00a0dec\u00a02025", "2\u00a0Dec\u00a02025"},
		{"a month", func(l *Lang) string { return l.Month(day) }, "december 2025", "December 2025"},
		{"a moment in winter is Swedish time", func(l *Lang) string { return l.DayTime(clock.At(time.Date(2025, 12, 2, 8, 5, 0, 0, time.UTC))) },
			"tis 2\u00a0december 2025 kl.\u00a09.05", "Tue 2\u00a0December 2025, 09:05"},
		{"a moment in summer is summer time", func(l *Lang) string { return l.DayTime(clock.At(time.Date(2025, 6, 30, 22, 0, 0, 0, time.UTC))) },
			"tis 1\u00a0juli 2025 kl.\u00a00", "Tue 1\u00a0July 2025, 00:00"},
		{"a course day has its hours", func(l *Lang) string { return l.DayHours(day, 9*60, 16*60) },
			"tis 2\u00a0december 2025 kl.\u00a09–16", "Tue 2\u00a0December 2025, 09:00–16:00"},
		{"half hours have a point", func(l *Lang) string { return l.Hours(8*60+30, 12*60) }, "kl.\u00a08.30–12", "08:30–12:00"},
		{"days of one month share it", func(l *Lang) string { return l.Days(day, clock.Date(2025, 12, 5)) },
			"2–5\u00a0december 2025", "2–5\u00a0December 2025"},
		{"days of one year share it", func(l *Lang) string { return l.Days(clock.Date(2025, 11, 30), day) },
			"30\u00a0november – 2\u00a0december 2025", "30\u00a0November – 2\u00a0December 2025"},
		{"days over a new year say both", func(l *Lang) string { return l.Days(day, clock.Date(2026, 1, 9)) },
			"2\u00a0december 2025 – 9\u00a0januari 2026", "2\u00a0December 2025 – 9\u00a0January 2026"},
		{"one day is no range", func(l *Lang) string { return l.Days(day, day) }, "2\u00a0december 2025", "2\u00a0December 2025"},
		{"a range has an en dash", func(l *Lang) string { return l.Range(11, 22) }, "11–22", "11–22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.write(Swedish); got != c.swedish {
				t.Errorf("Swedish: got %q, want %q", got, c.swedish)
			}
			if got := c.write(English); got != c.inEngl {
				t.Errorf("English: got %q, want %q", got, c.inEngl)
			}
		})
	}
}

func TestMessagesAreFilled(t *testing.T) {
	for _, c := range []struct {
		name string
		got  string
		want string
	}{
		{"a plain message", Swedish.T("ui.sign_out"), "Logga ut"},
		{"a placeholder", Swedish.T("ui.sort_by", "Column", "Kommun"), "Sortera efter Kommun"},
		{"one", Swedish.T("ui.errors", "Count", 1), "1 sak behöver rättas"},
		{"many, written as a number", Swedish.T("ui.answers", "Count", int64(3000)), "3\u00a0000 svar"},
		{"none is many", English.T("ui.answers", "Count", 0), "0 answers"},
		{"values are written in the language", English.T("ui.per_day", "Day", clock.Date(2025, 12, 31)), "as of 31\u00a0December 2025"},
		{"money too", Swedish.T("ui.sort_by", "Column", money.Ore(65000)), "Sortera efter 650\u00a0kr"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func TestAMissingMessageIsSeenAndCounted(t *testing.T) {
	before := Missing()
	if got := Swedish.T("nothing.here"); got != "[[nothing.here]]" {
		t.Errorf("got %q", got)
	}
	if got := Swedish.T("ui.sort_by"); got != "Sortera efter [[Column]]" {
		t.Errorf("a placeholder without its value: got %q", got)
	}
	if got := Missing() - before; got != 2 {
		t.Errorf("counted %d, want 2", got)
	}
}

func TestTheLanguageFollowsTheBrowser(t *testing.T) {
	for header, want := range map[string]*Lang{
		"":                         Swedish,
		"sv-SE,sv;q=0.9,en;q=0.8":  Swedish,
		"en-GB,en;q=0.9":           English,
		"en-US,en;q=0.9,sv;q=0.8":  English,
		"fi,ar;q=0.7":              Swedish,
		"not a language header;;;": Swedish,
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) = %s, want %s", header, got.Code(), want.Code())
		}
	}
	if For("en") != English || For("sv") != Swedish || For("tlh") != Swedish {
		t.Error("For must give English for en and Swedish otherwise")
	}
	if Swedish.Other() != English || English.Other() != Swedish {
		t.Error("Other must give the other language")
	}
}

func TestSwedishOrder(t *testing.T) {
	want := []string{
		"", "Adam", "adam", "Adamsson", "Avesta", "Borlänge", "Ek", "Eklund", "Gagnef", "Hedemora", "Leksand", "Ludvika",
		"Malung-Sälen", "Mora", "Orsa", "Rättvik", "Smedjebacken", "Säter", "Vansbro", "Vå", "Wahl", "Zorn",
		"Åkesson", "Älvdalen", "Öberg",
	}
	keys := make([]string, len(want))
	for i, s := range want {
		keys[i] = string(SortKey(s))
	}
	for i := 1; i < len(keys); i++ {
		a, b := want[i-1], want[i]
		if a == "Adam" { // case only: any order, but a fixed one
			if keys[i-1] == keys[i] {
				t.Error("Adam and adam must have different keys")
			}
			continue
		}
		if keys[i-1] >= keys[i] {
			t.Errorf("%q must come before %q", a, b)
		}
	}
}

func TestSortKeysAreTheSameForEveryCaller(t *testing.T) {
	want := string(SortKey("Älvdalen kommun"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				SortKey("Wahlström, Åsa")
				if string(SortKey("Älvdalen kommun")) != want {
					t.Error("the key changed")
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkPlainMessage(b *testing.B) {
	for b.Loop() {
		Swedish.T("ui.sign_out")
	}
}

func BenchmarkSortKey(b *testing.B) {
	for b.Loop() {
		SortKey("Malung-Sälens kommun")
	}
}
