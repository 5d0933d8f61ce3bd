package text_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"yrkesresan/internal/text"
	"yrkesresan/internal/text/texttest"
)

func TestTextIsMadeFitByTheKindOfItsField(t *testing.T) {
	for _, c := range []struct{ name, in, line, lines string }{
		{"what is fine stays", "Åsa Öberg, 70 %", "Åsa Öberg, 70 %", "Åsa Öberg, 70 %"},
		{"space around it goes", " \u00a0Falun\t ", "Falun", "Falun"},
		{"a line break is a space in one line", "Sal 3\r\nSUMMARY:x", "Sal 3 SUMMARY:x", "Sal 3\nSUMMARY:x"},
		{"so is a bare CR", "Sal 3\rSUMMARY:x", "Sal 3 SUMMARY:x", "Sal 3\nSUMMARY:x"},
		{"and the breaks of Unicode", "a\u2028b\u2029c\u0085d\ve\ff", "a b c d e f", "a\nb\nc\nd\ne\nf"},
		{"empty lines stay between paragraphs", "a\r\n\r\nb\n", "a  b", "a\n\nb"},
		{"a tab stays among lines", "a\tb", "a b", "a\tb"},
		{"NUL and other controls go", "a\x00b\x1b[31mc\x7f\u009bd", "ab[31mcd", "ab[31mcd"},
		{"nothing turns the direction of writing", "\u202eabc\u202c \u2066x\u2069", "abc x", "abc x"},
		{"nothing is as wide as nothing", "Fal\u200bun\ufeff\u2060", "Falun", "Falun"},
		{"joiners of one picture and of Persian stay", "👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"},
		{"a letter of two characters is one", "A\u030asa", "Åsa", "Åsa"},
		{"also when something stood between them", "A\x00\u030a", "Å", "Å"},
		{"what is no UTF-8 is shown as such", "a\xffb", "a\ufffdb", "a\ufffdb"},
		{"nothing stays nothing", "", "", ""},
		{"and controls alone are nothing", "\x00\u202e\r\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text.Line(c.in); got != c.line {
				t.Errorf("one line: %q, want %q", got, c.line)
			}
			if got := text.Lines(c.in); got != c.lines {
				t.Errorf("several lines: %q, want %q", got, c.lines)
			}
		})
	}
}

func FuzzTextIsFit(f *testing.F) {
	for _, s := range []string{"Åsa", "a\r\nb", "\x00", "A\u030a", "\xff\xfe", "\u202e", " \u0301 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, many := range []bool{false, true} {
			fit := text.Line
			if many {
				fit = text.Lines
			}
			got := fit(s)
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.TrimSpace(got) != got || fit(got) != got {
				t.Errorf("%q became %q", s, got)
			}
			for _, r := range got {
				if unicode.IsControl(r) && (!many || r != '\n' && r != '\t') {
					t.Errorf("%q keeps %q", s, r)
				}
			}
		}
	})
}

type inner struct {
	Title string
	Notes map[string]string `text:"lines"`
}

func TestEveryTextThatCanBeReachedIsMadeFit(t *testing.T) {
	word := func(s string) *string { return &s }
	type outer struct {
		Name  string
		Note  *string `text:"lines"`
		Label *string
		None  *string
		Each  []inner
		Words map[string]string
		Raw   []byte
		N     int
		own   string
	}
	got := outer{
		Name: " a\nb", Note: word("a\r\nb\x00"), Label: word("a\nb"), Raw: []byte("a\nb"), own: "a\nb",
		Each:  []inner{{"a\rb", map[string]string{"sv": "a\rb"}}},
		Words: map[string]string{"s\nv": "a\nb"},
	}
	text.Tidy(&got)
	want := outer{
		Name: "a b", Note: word("a\nb"), Label: word("a b"), Raw: []byte("a\nb"), own: "a\nb",
		Each:  []inner{{"a b", map[string]string{"sv": "a\nb"}}},
		Words: map[string]string{"s\nv": "a b"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outer{})); diff != "" {
		t.Error(diff)
	}
}

func TestFilesAreReadHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		unreadable     bool
	}{
		{"UTF-8", "Våren", "Våren", false},
		{"UTF-8 with a mark", "\xef\xbb\xbfVåren", "Våren", false},
		{"UTF-16, little end first", "\xff\xfeV\x00\xe5\x00r\x00", "Vår", false},
		{"UTF-16, big end first", "\xfe\xff\x00V\x00\xe5\x00r", "Vår", false},
		{"UTF-16 without a mark", "V\x00\xe5\x00r\x00e\x00n\x00", "Våren", false},
		{"UTF-16 without a mark, the other way", "\x00V\x00\xe5\x00r\x00e\x00n", "Våren", false},
		{"UTF-32", "\xff\xfe\x00\x00V\x00\x00\x00\xe5\x00\x00\x00", "Vå", false},
		{"Windows-1252", "V\xe5ren \x96 14", "Våren – 14", false},
		{"Latin-1 is a part of it", "\xc5sa", "Åsa", false},
		{"what Windows-1252 has no letter for", "V\x81", "", true},
		{"half a letter of UTF-16", "\xff\xfeV\x00\x00\xd8", "", true},
		{"an archive", "PK\x03\x04\x14\x00\x00\x00", "", true},
		{"nothing", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := text.Decode([]byte(c.in))
			if got != c.want || (err != nil) != c.unreadable {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"Våren", "\xff\xfeV\x00", "\xfe\xff\x00V", "V\xe5ren", "\xff\xfe\x00\x00", "V\x00å"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		texttest.Within(t, 5*time.Second, 64<<20, func() {
			if got, err := text.Decode(raw); err == nil && (!utf8.ValidString(got) || strings.ContainsRune(got, 0)) {
				t.Errorf("%q became %q", raw, got)
			}
		})
	})
}

func TestHowDeepATOMLFileMayLie(t *testing.T) {
	for _, c := range []struct {
		name, source string
		line         int
		deep         bool
	}{
		{"a course", "slug = \"a\"\n[[tasks]]\noptions = [{text = {sv = \"[a](b)\"}}]\n", 0, false},
		{"sixteen lists in each other", "a = " + strings.Repeat("[", 16) + strings.Repeat("]", 16), 0, false},
		{"seventeen", "\na = " + strings.Repeat("[", 17) + strings.Repeat("]", 17), 2, true},
		{"tables in each other", "a = " + strings.Repeat("{a=", 17), 1, true},
		{"lists over many lines", "a = " + strings.Repeat("[\n", 17), 17, true},
		{"a key of seventeen parts", "a" + strings.Repeat(".a", 16) + " = 1", 0, false},
		{"a key of eighteen parts", "a" + strings.Repeat(".a", 17) + " = 1", 1, true},
		{"brackets in a text are words", `a = "` + strings.Repeat("[", 99) + `"`, 0, false},
		{"in a long one, too", "a = \"\"\"\n" + strings.Repeat("[.", 99) + "\n\"\"\"\"\"\nb = '''" + strings.Repeat("{", 99) + "''''", 0, false},
		{"and in a remark", "# it's " + strings.Repeat("[", 99), 0, false},
		{"after a text that ends with a quote", `a = ["""x"""", ` + strings.Repeat("[", 17), 1, true},
		{"after a quote that is escaped", `a = ["\"", ` + strings.Repeat("[", 17), 1, true},
		{"after an empty text", `a = ["", ` + strings.Repeat("[", 17), 1, true},
		{"a hundred thousand parts", "a = [" + strings.Repeat("1,", 99_998) + "]", 0, false},
		{"one more", "a = [" + strings.Repeat("1,", 99_999) + "]", 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if line, deep := text.TOMLBounds(c.source); line != c.line || deep != c.deep {
				t.Errorf("line %d, deep %t; want %d, %t", line, deep, c.line, c.deep)
			}
		})
	}
}

// What is within the bounds is read by the parser within bounds, whatever it is.
func FuzzTOMLWithinBounds(f *testing.F) {
	f.Add("a = 1\n[b]\nc = [\"x\"]\n", "[", 1)
	f.Add(`a = ["""x"""", `, "[", 4000)
	f.Add(`a = ["\"`, "{a=", 4000)
	f.Add("a = '''", "'[", 4000)
	f.Add("a = [\"\"\"\\\"", "\"", 9)
	f.Add("", "a.", 4000)
	f.Add("a = [", "[\"],", 4000)
	f.Fuzz(func(t *testing.T, head, again string, times int) {
		source := head + strings.Repeat(again, min(max(times, 0), 1<<20/max(1, len(again))))
		if line, _ := text.TOMLBounds(source); line != 0 {
			return
		}
		texttest.Within(t, 10*time.Second, 512<<20, func() {
			var tree map[string]any
			if _, err := toml.Decode(source, &tree); err != nil {
				return
			}
			if d := depth(tree); d > 2*text.MostDepth*text.MostDepth {
				t.Errorf("%d deep: %.200q", d, source)
			}
		})
	})
}

func depth(v any) (most int) {
	switch v := v.(type) {
	case map[string]any:
		for _, each := range v {
			most = max(most, depth(each))
		}
	case []any:
		for _, each := range v {
			most = max(most, depth(each))
		}
	case []map[string]any:
		for _, each := range v {
			most = max(most, depth(each))
		}
	default:
		return 0
	}
	return most + 1
}
