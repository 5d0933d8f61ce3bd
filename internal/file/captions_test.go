package file_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/text/texttest"
)

// wide is the text in UTF-16 with its mark.
func wide(s string) string {
	out := "\xff\xfe"
	for _, r := range s {
		out += string([]byte{byte(r), byte(r >> 8)})
	}
	return out
}

func TestCaptionsAreKeptAsBrowsersShowThem(t *testing.T) {
	const want = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.500\nVälkommen!\n\n2\n00:00:03.000 --> 00:00:04.000\nSå & så\n"
	const srt = "1\n00:00:00,000 --> 00:00:02,500\nVälkommen!\n\n2\n00:00:03,000 --> 00:00:04,000\nSå & så\n"
	escaped := strings.Replace(want, "&", "&amp;", 1)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := file.Open(t.TempDir())
		for name, c := range map[string]struct{ file, content, want string }{
			"as they are":                     {"a.vtt", want, want},
			"with what browsers forgive":      {"a.vtt", strings.ReplaceAll(want, "\n", "\r\n"), strings.ReplaceAll(want, "\n", "\r\n")},
			"SubRip":                          {"a.srt", srt, escaped},
			"SubRip in capitals":              {"A.SRT", srt, escaped},
			"SubRip called WebVTT":            {"a.vtt", srt, escaped},
			"SubRip of Windows":               {"a.srt", "\ufeff" + strings.ReplaceAll(srt, "\n", "\r\n") + "\r\n\r\n", escaped},
			"SubRip in UTF-16":                {"a.srt", wide(srt), escaped},
			"SubRip in Latin-1":               {"a.srt", strings.NewReplacer("ä", "\xe4", "å", "\xe5").Replace(srt), escaped},
			"WebVTT in UTF-16":                {"a.vtt", wide(want), want},
			"times with commas":               {"a.vtt", strings.NewReplacer("0.000", "0,000", "2.500", "2,5").Replace(want), want},
			"hours of one figure, no spaces":  {"a.vtt", "WEBVTT\n\n0:00:01.000-->0:00:02.000 align:start\na", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 align:start\na\n"},
			"fonts and places of SubRip":      {"a.srt", "1\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20\n{\\an8}<font color=\"red\"><I>Hej</I></font> 1 < 2", "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<i>Hej</i> 1 &lt; 2\n"},
			"a script is no mark of captions": {"a.srt", "1\n00:00:01,000 --> 00:00:02,000\n<script>x</script>", "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n&lt;script>x&lt;/script>\n"},
		} {
			t.Run(name, func(t *testing.T) {
				r, err := store.Receive(c.file, strings.NewReader(c.content))
				if err != nil {
					t.Fatalf("%v", fault.Of(err))
				}
				if !strings.HasSuffix(r.Name(), ".vtt") {
					t.Errorf("it is called %s", r.Name())
				}
				var f file.File
				if err := d.Write(context.Background(), func(tx *db.Tx) error {
					id, err := file.Add(context.Background(), tx, r, nil, clock.Date(2026, 1, 2).Start())
					if err == nil {
						f, err = file.ByID(context.Background(), tx, id)
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
				content, err := store.Content(f)
				if err != nil {
					t.Fatal(err)
				}
				defer content.Close()
				got, err := io.ReadAll(content)
				if diff := cmp.Diff(c.want, string(got)); diff != "" || err != nil || f.MediaType != "text/vtt; charset=utf-8" {
					t.Errorf("%v %s %s", err, f.MediaType, diff)
				}
			})
		}
	})
}

func TestWhatIsWrongWithCaptionsIsToldWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		content, want string
		line          int
	}{
		"a time that is none":              {"WEBVTT\n\n00:00:01.000 --> snart\na", "file.captions_time", 3},
		"a minute of sixty seconds":        {"1\n00:00:60,000 --> 00:01:01,000\na", "file.captions_time", 2},
		"two arrows":                       {"WEBVTT\n\n00:01.000 --> 00:02.000 --> 00:03.000\na", "file.captions_time", 3},
		"an end before the beginning":      {"1\r\n00:00:01,000 --> 00:00:02,000\r\na\r\n\r\n2\r\n00:00:05,000 --> 00:00:04,999\r\nb", "file.captions_backwards", 6},
		"an end at the beginning":          {"WEBVTT\n\n00:01.000 --> 00:01.000\na", "file.captions_backwards", 3},
		"no words":                         {"1\n00:00:01,000 --> 00:00:02,000\n\n", "file.captions_empty", 0},
		"blank lines":                      {"\n\n  \n", "file.captions_empty", 0},
		"only the name of the kind":        {"WEBVTT", "file.captions_empty", 0},
		"bytes that are no text":           {"WEBVTT\n\n00:01.000 --> 00:02.000\n\x81\x8d", "file.captions_unreadable", 0},
		"a text that holds NUL":            {"WEBVTT\n\n00:01.000 --> 00:02.000\na\x00", "file.captions_unreadable", 0},
		"another text":                     {"Hej", "file.type_mismatch", 0},
		"nothing":                          {"", "file.empty", 0},
		"more than a film can say, in two": {wide("WEBVTT\n\n00:01.000 --> 00:02.000\n") + strings.Repeat("a\x00", file.MaxCaptions/2), "file.too_large", 0},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ending := range []string{"a.vtt", "a.srt"} {
				_, err := file.Open(t.TempDir()).Receive(ending, strings.NewReader(c.content))
				f := fault.Of(err)
				if f == nil || f.Fields[0].Key != c.want {
					t.Fatalf("got %v, want %s", err, c.want)
				}
				if args := f.Fields[0].Args; c.line > 0 && (len(args) < 2 || args[1] != c.line) {
					t.Errorf("it is said to be in %v, want line %d", args, c.line)
				}
			}
		})
	}
}

func FuzzCaptionsAreReadWithinBounds(f *testing.F) {
	for _, s := range []string{"WEBVTT\n\n00:01.000 --> 00:02.000\na", "1\n00:00:01,000 --> 00:00:02,000\n<font>&a", wide("WEBVTT\n\n00:01.000 --> 00:02.000\na")} {
		f.Add(s, "\n00:01.000 --> 00:02.000\n<", 9000)
		f.Add(s, "-->", 300_000)
		f.Add(s, "<font ", 100_000)
		f.Add(s, "{\\", 300_000)
	}
	f.Fuzz(func(t *testing.T, head, again string, times int) {
		content := head + strings.Repeat(again, min(max(times, 0), file.MaxCaptions/max(1, len(again))))
		texttest.Within(t, 10*time.Second, 256<<20, func() {
			r, err := file.Open(t.TempDir()).Receive("a.srt", strings.NewReader(content))
			if err != nil && fault.Of(err) == nil || !utf8.ValidString(r.Name()) {
				t.Error(err)
			}
		})
	})
}

// An office file is an archive, and whoever brings one brings its list, too.
func FuzzAnOfficeFileIsReadWithinBounds(f *testing.F) {
	f.Add([]byte(office(f, "word/document.xml")), 3)
	f.Fuzz(func(t *testing.T, b []byte, times int) {
		content := strings.Repeat(string(b), min(max(times, 1), 2000))
		texttest.Within(t, 10*time.Second, 256<<20, func() {
			if _, err := file.Open(t.TempDir()).Receive("a.docx", strings.NewReader(content)); err != nil && fault.Of(err) == nil {
				t.Error(err)
			}
		})
	})
}
