package text_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/text"
)

func TestWordsByWhichATextIsFound(t *testing.T) {
	for s, want := range map[string][]string{
		"Åsa Öberg":                        {"asa", "oberg"},
		"A\u030asa O\u0308berg":            {"asa", "oberg"}, // decomposed
		"René Bjørn":                       {"rene", "bjorn"},
		"Ann-Sofie O’Brien":                {"annsofie", "ann", "sofie", "obrien", "o", "brien"},
		"O'Brien":                          {"obrien", "o", "brien"},
		"asa.oberg@example.org":            {"asa.oberg@example.org", "asa", "oberg"},
		"Arbeta med familjehem (1 dag)":    {"arbeta", "med", "familjehem", "1", "dag"},
		"anna anna ANNA":                   {"anna"},
		"– % '":                            nil,
		"ISU – Individbaserad uppföljning": {"isu", "individbaserad", "uppfoljning"},
	} {
		if diff := cmp.Diff(want, text.Words(s)); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	}
}

func TestWhatIsSoughtIsFoundHoweverItIsWritten(t *testing.T) {
	for _, c := range []struct {
		sought, in string
		want       int
	}{
		{"asa", "Åsa Öberg", text.Begun},
		{"öberg åsa", "Åsa Öberg", text.Begun},
		{"Öberg, Åsa", "Åsa Öberg", text.Begun},
		{"o'brien", "O’Brien", text.Begun},
		{"o brien", "O’Brien", text.Begun},
		{"obrien", "O'Brien", text.Begun},
		{"ann sofie", "Ann-Sofie", text.Begun},
		{"annsofie", "Ann-Sofie", text.Begun},
		{"ann‑sofie", "Ann-Sofie", text.Begun}, // a hyphen that does not break
		{"familjehm", "Arbeta med familjehem", text.Slip},
		{"familejhem", "Arbeta med familjehem", text.Slip},
		{"famijlehmm", "Arbeta med familjehem", text.Nowhere}, // two slips
		{"famlj", "Arbeta med familjehem", text.Slip},         // a slip in its beginning
		{"faml", "Arbeta med familjehem", text.Nowhere},       // four letters are too few for a slip
		{"jehe", "Arbeta med familjehem", text.Within},
		{"jeh", "Arbeta med familjehem", text.Nowhere}, // and three for the middle of a word
		{"familj lvu", "Arbeta med familjehem", text.Nowhere},
		{"%", "100 %", text.Nowhere},
		{"", "Åsa", text.Nowhere},
	} {
		if got := text.Seek(c.sought).Fits(c.in); got != c.want {
			t.Errorf("%q in %q: %d, want %d", c.sought, c.in, got, c.want)
		}
	}
	if got := text.Seek("a b c d e f g h i"); len(got) != 8 {
		t.Errorf("%d words are sought, want 8", len(got))
	}
}

// Both say what one slip is: the list for an index, the comparison for what is in memory.
func TestSlipsAreThoseThatAComparisonForgives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{5,9}`).Draw(t, "word")
		slips := text.Slips(word)
		near := rapid.SampledFrom(slips).Draw(t, "near")
		if len(near) >= 5 && !slices.Contains(text.Slips(near), word) {
			t.Fatalf("%s is a slip from %s, and not the other way", near, word)
		}
		if got := text.Seek(word).Fits(near); got > text.Slip {
			t.Fatalf("%s is not found in %s", word, near)
		}
	})
	if text.Slips("anna") != nil || text.Slips("annas") == nil {
		t.Error("five letters are the fewest with a slip")
	}
}
