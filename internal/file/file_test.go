package file_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
)

func office(t testing.TB, part string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", part} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOnlyFilesThatAreWhatTheySayAreTaken(t *testing.T) {
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)
	for name, c := range map[string]struct{ file, content, want string }{
		"a pdf":                                  {"Körschema.pdf", "%PDF-1.7\n…", ""},
		"a picture in capitals":                  {"BILD.PNG", png, ""},
		"a document":                             {"a.docx", office(t, "word/document.xml"), ""},
		"a presentation":                         {"a.pptx", office(t, "ppt/presentation.xml"), ""},
		"a spreadsheet":                          {"a.xlsx", office(t, "xl/workbook.xml"), ""},
		"a film":                                 {"a.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", 50), ""},
		"a recording with a tag":                 {"a.mp3", "ID3\x04\x00" + strings.Repeat("\x00", 50), ""},
		"a recording without one":                {"a.mp3", "\xff\xfb\x90\x64" + strings.Repeat("\x00", 50), ""},
		"text in Swedish, cut within a letter":   {"a.txt", strings.Repeat("a", 511) + "å och mer", ""},
		"a drawing, which can hold script":       {"a.svg", "<svg/>", "file.type_refused"},
		"a page":                                 {"a.html", "<html>", "file.type_refused"},
		"a program":                              {"a.exe", "MZ", "file.type_refused"},
		"no ending":                              {"README", "text", "file.type_refused"},
		"a page that calls itself text":          {"a.txt", "<!DOCTYPE html><script>", "file.type_mismatch"},
		"a picture that calls itself pdf":        {"a.pdf", png, "file.type_mismatch"},
		"a spreadsheet that calls itself a text": {"a.docx", office(t, "xl/workbook.xml"), "file.type_mismatch"},
		"an archive that is cut off":             {"a.docx", office(t, "word/document.xml")[:40], "file.type_mismatch"},
		"captions":                               {"a.vtt", "\ufeffWEBVTT – svenska\r\n\r\nNOTE hej\r\n\r\n1\r\n00:00.000 --> 00:02.500 align:start\r\nVälkommen!\r\n", ""},
		"captions after an hour":                 {"a.vtt", "WEBVTT\n\n59:59.000 --> 01:00:01.000\nVälkommen!", ""},
		"captions without their signature":       {"a.vtt", "1\n00:00:00,000 --> 00:00:02,000\nVälkommen!", ""},
		"captions that say nothing":              {"a.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\n\n", "file.captions_empty"},
		"captions without a cue":                 {"a.vtt", "WEBVTT\n\nVälkommen!", "file.captions_empty"},
		"captions that end before they begin":    {"a.vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nVälkommen!", "file.captions_backwards"},
		"captions with commas in their times":    {"a.vtt", "WEBVTT\n\n00:00:00,000 --> 00:00:02,000\nVälkommen!", ""},
		"captions in another alphabet's bytes":   {"a.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nV\xe4lkommen!", ""},
		"a page that calls itself captions":      {"a.vtt", "<!DOCTYPE html><script>", "file.type_mismatch"},
		"captions longer than any film":          {"a.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\n" + strings.Repeat("a", file.MaxCaptions), "file.too_large"},
		"a film larger than other files":         {"a.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", file.MaxSize), ""},
		"captions of the kind of most programs":  {"a.srt", "1\r\n00:00:00,000 --> 00:00:02,000\r\nVälkommen!\r\n", ""},
		"nothing":                                {"a.pdf", "", "file.empty"},
		"too much":                               {"a.txt", strings.Repeat("a", file.MaxSize+1), "file.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := file.Open(dir).Receive(c.file, strings.NewReader(c.content))
			got := ""
			if f := fault.Of(err); f != nil {
				got = f.Fields[0].Key
			} else if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			left := 0
			if err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					left++
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if want := map[bool]int{true: 1, false: 0}[c.want == ""]; left != want {
				t.Errorf("%d files are left, want %d", left, want)
			}
		})
	}
}

func TestTheSameContentIsKeptOnceUnderItsOwnNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, dir := context.Background(), t.TempDir()
		store := file.Open(dir)
		for _, name := range []string{`C:\Mina filer\Körschema "1".pdf`, "../../etc/b.pdf"} {
			r, err := store.Receive(name, strings.NewReader("%PDF-1.7 same"))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := file.Add(ctx, tx, r, nil, clock.Date(2026, 1, 2).Start())
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		found, err := filepath.Glob(filepath.Join(dir, "??", "*"))
		if err != nil || len(found) != 1 {
			t.Errorf("%d contents are kept (%v)", len(found), err)
		}
		for id, want := range map[int64]string{1: "Körschema 1.pdf", 2: "b.pdf"} {
			f, err := file.ByID(ctx, d.Reader(), id)
			if err != nil {
				t.Fatal(err)
			}
			content, err := store.Content(f)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(content)
			if err != nil || string(text) != "%PDF-1.7 same" || f.Name != want || f.MediaType != "application/pdf" || f.Size != int64(len(text)) {
				t.Errorf("%+v holds %q (%v)", f, text, err)
			}
			if err := content.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestNamesAreCleaned(t *testing.T) {
	for name, want := range map[string]string{
		"a.pdf": "a.pdf", "/etc/passwd.txt": "passwd.txt", `..\..\x.pdf`: "x.pdf", ".pdf": "pdf", "a\x00\r\nb.pdf": "ab.pdf", "  å ä ö .pdf": "å ä ö.pdf",
		"": "fil", strings.Repeat("å", 300) + ".pdf": strings.Repeat("å", 100) + ".pdf", "a\xffb.pdf": "ab.pdf", "a;b\"c.pdf": "abc.pdf",
	} {
		if got := file.Clean(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}
