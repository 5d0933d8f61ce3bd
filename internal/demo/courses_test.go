package demo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
)

// inWords are what a writer of a course has to mend.
func inWords(err error) (all []string) {
	f := fault.Of(err)
	if f == nil {
		return []string{err.Error()}
	}
	for _, each := range f.Fields {
		all = append(all, each.Name+": "+i18n.English.T(each.Key, each.Args...))
	}
	return all
}

// Each of the demo's courses comes in, comes out, and comes in again the same.
func TestTheDemosCoursesAreWhole(t *testing.T) {
	slugs, err := demo.Courses()
	must(t, err)
	if len(slugs) == 0 {
		t.Fatal("the demo has no courses")
	}
	d := dbtest.Open(t, dbtest.SQLite(t))
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)))
	for _, c := range demo.ElderCourses() {
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := catalogue.Add(ctx, tx, c, catalogue.Municipal, now.Day())
			return err
		}))
	}
	for _, slug := range slugs {
		t.Run(slug, func(t *testing.T) {
			folder, err := demo.Course(slug)
			must(t, err)
			store := file.Open(t.TempDir())
			p, err := catalogue.Receive(store, folder)
			if err != nil {
				t.Fatalf("%q", inWords(err))
			}
			first := publish(t, d, p, slug)
			var archive bytes.Buffer
			must(t, catalogue.Export(ctx, d.Reader(), store, catalogue.Head{Slug: slug}, first, &archive))
			unpacked, err := catalogue.OpenArchive(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
			must(t, err)
			again := file.Open(t.TempDir())
			if p, err = catalogue.Receive(again, unpacked); err != nil {
				t.Fatalf("%q", inWords(err))
			}
			second := publish(t, d, p, slug)
			if !bytes.Equal(document(t, first), document(t, second)) {
				t.Error("its content became another")
			}
			for name := range first.Media {
				if !bytes.Equal(media(t, d, store, first.Media[name]), media(t, d, again, second.Media[name])) {
					t.Errorf("%s became another", name)
				}
			}
		})
	}
}

func publish(t *testing.T, d *db.DB, p catalogue.Package, slug string) *catalogue.Content {
	t.Helper()
	p.Slug = slug
	if p.Content.Changes == nil {
		p.Content.Changes = catalogue.Words{"sv": "Ny"}
	}
	var e catalogue.Edition
	err := d.Write(ctx, func(tx *db.Tx) error {
		c, version, err := catalogue.Import(ctx, tx, access.System(), p, 0, now)
		if err != nil {
			return err
		}
		e, err = catalogue.Publish(ctx, tx, access.System(), c.ID, version, now)
		return err
	})
	if err != nil {
		t.Fatalf("%q", inWords(err))
	}
	c, err := catalogue.ContentOf(ctx, d.Reader(), e.ID)
	must(t, err)
	return c
}

func document(t *testing.T, c *catalogue.Content) []byte {
	t.Helper()
	other := *c
	other.Media = nil
	text, err := json.Marshal(&other)
	must(t, err)
	return text
}

func media(t *testing.T, d *db.DB, store *file.Store, id int64) []byte {
	t.Helper()
	f, err := file.ByID(ctx, d.Reader(), id)
	must(t, err)
	content, err := store.Content(f)
	must(t, err)
	defer content.Close()
	all, err := io.ReadAll(content)
	must(t, err)
	return all
}
