package catalogue_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/text/texttest"
)

// small are the bytes of an archive with the document, or with other files beside it.
func small(t testing.TB, document string, others int) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("course.toml")
	if err == nil {
		_, err = w.Write([]byte(document))
	}
	for i := range others {
		if err == nil {
			_, err = z.Create(fmt.Sprintf("media/%d.pdf", i))
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestASmallFileDoesNotBringTheServerDown(t *testing.T) {
	document := func(text string) fs.FS { return fstest.MapFS{"course.toml": {Data: []byte(text)}} }
	for name, c := range map[string]struct {
		folder  fs.FS
		archive *bytes.Reader
		want    string
	}{
		"two million lists in each other":  {document("a = " + strings.Repeat("[", 2_000_000)), nil, "deep"},
		"a million":                        {document("a = " + strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000)), nil, "deep"},
		"tables in each other":             {document("a = " + strings.Repeat("{a = ", 800_000)), nil, "deep"},
		"a key of a million parts":         {document(strings.Repeat("a.", 1_000_000) + "a = 1"), nil, "deep"},
		"a million values":                 {document("a = [" + strings.Repeat("1,", 1_000_000) + "]"), nil, "parts"},
		"a key of a megabyte":              {document(strings.Repeat("a", 1<<20) + " = 1"), nil, "unknown_key"},
		"a hundred thousand files":         {nil, small(t, "", 100_000), "too_many"},
		"as many, of which none is listed": {nil, lying(small(t, "", 60_000)), "too_many"},
	} {
		t.Run(name, func(t *testing.T) {
			texttest.Within(t, 10*time.Second, 64<<20, func() {
				folder, err := c.folder, error(nil)
				if c.archive != nil {
					folder, err = catalogue.OpenArchive(c.archive, c.archive.Size())
				}
				if err == nil {
					_, err = catalogue.Receive(file.Open(t.TempDir()), folder)
				}
				if f := fault.Of(err); f == nil || f.Fields[0].Key != "workshop.import."+c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
			})
		})
	}
}

// lying says at its end that there are two files.
func lying(archive *bytes.Reader) *bytes.Reader {
	b := make([]byte, archive.Size())
	_, _ = archive.ReadAt(b, 0)
	at := bytes.LastIndex(b, []byte("PK\x05\x06"))
	b[at+8], b[at+9], b[at+10], b[at+11] = 2, 0, 2, 0
	return bytes.NewReader(b)
}

func FuzzACourseIsReadWithinBounds(f *testing.F) {
	f.Add("slug = \"a\"\n", "[[tasks]]\nkey = \"a\"\n", 3)
	f.Add("a = ", "[", 90_000)
	f.Add("a = [", "{a=", 90_000)
	f.Add("", "a.", 90_000)
	f.Add("a = \"\"\"", "\"", 90_000)
	f.Fuzz(func(t *testing.T, head, again string, times int) {
		document := head + strings.Repeat(again, min(max(times, 0), 1<<20/max(1, len(again))))
		texttest.Within(t, 10*time.Second, 512<<20, func() {
			_, err := catalogue.Receive(file.Open(t.TempDir()), fstest.MapFS{"course.toml": {Data: []byte(document)}})
			if err != nil && fault.Of(err) == nil {
				t.Error(err)
			}
		})
	})
}

func FuzzAnArchiveIsReadWithinBounds(f *testing.F) {
	for _, r := range []*bytes.Reader{small(f, "slug = \"a\"", 3), small(f, "", 600), lying(small(f, "", 50))} {
		b := make([]byte, r.Size())
		_, _ = r.ReadAt(b, 0)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		texttest.Within(t, 10*time.Second, 256<<20, func() {
			folder, err := catalogue.OpenArchive(bytes.NewReader(b), int64(len(b)))
			if err == nil {
				_, err = catalogue.Receive(file.Open(t.TempDir()), folder)
			}
			if err != nil && fault.Of(err) == nil {
				t.Error(err)
			}
		})
	})
}
