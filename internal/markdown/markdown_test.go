package markdown_test

import (
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/markdown"
	"yrkesresan/internal/text/texttest"
)

// shown is a text without pictures.
func shown(source string) string { return markdown.HTML(source, 2, "", nil) }

func TestATextBeyondAllReasonIsShownAsItStands(t *testing.T) {
	for _, c := range []struct {
		name, source string
		read         bool
	}{
		{"twenty quotes in each other", strings.Repeat(">", 20) + " a", true},
		{"twenty-one", strings.Repeat(">", 21) + " a", false},
		{"quotes and nothing in them", strings.Repeat(">", 21), false},
		{"lists in each other", strings.Repeat("- ", 21) + "a", false},
		{"numbered lists in each other", strings.Repeat("1. ", 21) + "a", false},
		{"of each sort", strings.Repeat("> 1) + ", 7) + "a", false},
		{"a long rule", "a\n\n" + strings.Repeat("-", 99) + "\n\n" + strings.Repeat("* ", 99), true},
		{"bold words and amounts", "**a** **b** **c** **d** **e** **f** 1.500.000.000.000.000.000.000.000.000.000", true},
		{"a paragraph of twenty thousand bytes", strings.Repeat("abcd ", 3_999) + "abcde", true},
		{"one more", strings.Repeat("abcd ", 3_999) + "abcdef", false},
		{"several such", strings.Repeat(strings.Repeat("abcd ", 3_999)+"\n\n", 5), true},
		{"a book", strings.Repeat("ab\n\n", 25_000), true},
		{"one character more", strings.Repeat("ab\n\n", 25_000) + "a", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			html := shown("**b**\n\n" + c.source[:max(0, len(c.source))])
			if c.name == "a book" { // the words before it are too much for it
				html = shown("**b**" + c.source[5:])
			}
			if got := strings.Contains(html, "<strong>b</strong>"); got != c.read {
				t.Errorf("read: %t, want %t: %.200s", got, c.read, html)
			}
		})
	}
	if got := shown(strings.Repeat(">", 30) + "<script>\n\nb"); strings.Contains(got, "<script") || !strings.Contains(got, "<p>b</p>") {
		t.Errorf("it is shown as %s", got)
	}
}

// Whatever is written is shown within a second or so, and not with ten times the
// memory.
func FuzzMarkdownIsShownWithinBounds(f *testing.F) {
	for _, again := range []string{">", "> ", "- ", "1. ", "[](", "*a_", "_a*", "![", "`", "<a ", "|a", "|-", "\n> ", "\n- ", "[a]: b\n", "&#", "http://a.", "**a", "a@b.", "\\", "\n\n"} {
		f.Add("a", again, 90_000)
		f.Add("|a|b|\n|-|-|\n", again, 15_000/len(again))
	}
	f.Fuzz(func(t *testing.T, head, again string, times int) {
		source := head + strings.Repeat(again, min(max(times, 0), 200_000/max(1, len(again))))
		texttest.Within(t, 10*time.Second, 512<<20, func() { shown(source) })
	})
}
