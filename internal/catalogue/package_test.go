package catalogue_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
)

// archive is a zip of the files.
func archive(t *testing.T, files fstest.MapFS, more ...func(*zip.Writer)) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write(files[name].Data)
		must(t, err)
	}
	for _, m := range more {
		m(z)
	}
	must(t, z.Close())
	return bytes.NewReader(b.Bytes())
}

func with(name, content string) fstest.MapFS {
	all := course()
	all[name] = &fstest.MapFile{Data: []byte(content)}
	return all
}

func TestBadArchivesAreRefusedAndNothingIsLeft(t *testing.T) {
	many := course()
	for i := range 600 {
		many["media/"+strings.Repeat("a", i%90+1)+"-"+strings.Repeat("b", i/90+1)+".pdf"] = &fstest.MapFile{Data: []byte(pdf)}
	}
	for name, c := range map[string]struct {
		archive *bytes.Reader
		want    string
	}{
		"no archive":                 {bytes.NewReader([]byte("hej")), "no_archive"},
		"no document":                {archive(t, fstest.MapFS{"media/a.pdf": {Data: []byte(pdf)}}), "no_document"},
		"a path out of the folder":   {archive(t, with("../../etc/a.pdf", pdf)), "stranger"},
		"a path out of media":        {archive(t, with("media/../../a.pdf", pdf)), "stranger"},
		"a path from the root":       {archive(t, with("/a.pdf", pdf)), "stranger"},
		"a path of another system":   {archive(t, with(`media\a.pdf`, pdf)), "stranger"},
		"a folder within media":      {archive(t, with("media/a/b.pdf", pdf)), "stranger"},
		"a page":                     {archive(t, with("index.html", "<html>")), "stranger"},
		"a drawing with script":      {archive(t, with("media/a.svg", "<svg onload=alert(1)>")), "file_type_refused"},
		"a program called a film":    {archive(t, with("media/a.mp4", "MZ")), "file_type_mismatch"},
		"captions that are no such":  {archive(t, with("media/a.vtt", "hej")), "file_type_mismatch"},
		"an empty file":              {archive(t, with("media/a.pdf", "")), "file_empty"},
		"too many files":             {archive(t, many), "too_many"},
		"a bomb":                     {archive(t, with("media/a.txt", strings.Repeat("a", 40<<20))), "bomb"},
		"too large captions":         {archive(t, with("media/a.vtt", strings.Repeat("a", 2<<20))), "file_too_large"},
		"a file twice":               {archive(t, course(), func(z *zip.Writer) { _, _ = z.Create("media/mall.pdf") }), "twice"},
		"a link to another file":     {archive(t, course(), func(z *zip.Writer) { link(t, z) }), "stranger"},
		"a key that means nothing":   {archive(t, course(instead("minutes = 5", "minuter = 5"))), "unknown_key"},
		"a value of the wrong kind":  {archive(t, course(instead("minutes = 5", `minutes = "fem"`))), "value"},
		"a document that is no TOML": {archive(t, course(instead(`phase = "preparation"`, `phase = preparation`))), "syntax"},
		"a format of the future":     {archive(t, course(instead("format = 1", "format = 2"))), "format"},
	} {
		t.Run(name, func(t *testing.T) {
			store := file.Open(t.TempDir())
			folder, err := catalogue.OpenArchive(c.archive, c.archive.Size())
			if err == nil {
				_, err = catalogue.Receive(store, folder)
			}
			if f := fault.Of(err); f == nil || f.Fields[0].Key != "workshop.import."+c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// What an archive says of itself is enough to refuse it, at the size where it begins to
// matter and at the measure of it.
func TestAnArchiveSwellsTwoHundredTimesAndNoMore(t *testing.T) {
	for name, c := range map[string]struct {
		packed, unpacked uint64
		taken            bool
	}{
		"two hundred times":               {6_000, 1_200_000, true},
		"the last byte below one more":    {6_000, 1_200_199, true},
		"one more":                        {6_000, 1_200_200, false},
		"a megabyte may be of anything":   {10, 1 << 20, true},
		"a megabyte and a byte may not":   {10, 1<<20 + 1, false},
		"as much as the limit, if packed": {50_000, 10_000_000, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := archive(t, course(), func(z *zip.Writer) {
				w, err := z.CreateRaw(&zip.FileHeader{Name: "media/a.txt", Method: zip.Deflate, CompressedSize64: c.packed, UncompressedSize64: c.unpacked})
				must(t, err)
				_, err = w.Write(make([]byte, c.packed))
				must(t, err)
			})
			_, err := catalogue.OpenArchive(a, a.Size())
			if f := fault.Of(err); c.taken != (err == nil) || err != nil && f.Fields[0].Key != "workshop.import.bomb" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func link(t *testing.T, z *zip.Writer) {
	h := &zip.FileHeader{Name: "media/hemligt.pdf"}
	h.SetMode(fs.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	must(t, err)
	_, err = w.Write([]byte("/etc/passwd"))
	must(t, err)
}

func TestTheLineOfAStrangeKeyIsTold(t *testing.T) {
	_, err := catalogue.Receive(file.Open(t.TempDir()), course(instead("optional = true", "frivillig = true")))
	f := fault.Of(err)
	if f == nil {
		t.Fatal(err)
	}
	args := map[any]any{}
	for i := 0; i+1 < len(f.Fields[0].Args); i += 2 {
		args[f.Fields[0].Args[i]] = f.Fields[0].Args[i+1]
	}
	if args["Key"] != "tasks.frivillig" || args["Line"] != 28 {
		t.Errorf("it is said to be %v", args)
	}
}
