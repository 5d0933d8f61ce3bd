package catalogue_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/organisation"
)

var (
	now      = clock.Date(2026, 6, 1).At(9, 0)
	producer = access.System()
	reader   = access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: 20, RegionID: 20}}}
)

const (
	film    = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom0123456789"
	podcast = "ID3\x04\x00 a recording"
	png     = "\x89PNG\r\n\x1a\n picture"
	vtt     = "WEBVTT\n\n00:00.000 --> 00:02.000\nVälkommen!\n"
	pdf     = "%PDF-1.7 a template"
)

// course is a whole course as a folder, with every kind of task and question.
func course(change ...func(string) string) fstest.MapFS {
	text := `
format = 1
slug = "bas-1"
about.sv = "Om **kursen**."
rules = { preparation = "require", preparation_days = 7, follow_up_days = 30 }

[[tasks]]
key = "valkommen"
phase = "preparation"
kind = "text"
minutes = 5
title = { sv = "Välkommen", en = "Welcome" }
text.sv = "# Hej\n\n![Ett träd](trad.png) och [mallen](mall.pdf)"

[[tasks]]
key = "film"
phase = "preparation"
kind = "film"
title.sv = "En film"
media = "film.mp4"
captions = { sv = "film.vtt" }
transcript.sv = "Välkommen!"

[[tasks]]
key = "podd"
phase = "preparation"
kind = "podcast"
optional = true
title.sv = "En podd"
media = "podd.mp3"
transcript.sv = "Hej!"

[[tasks]]
key = "mall"
phase = "course"
kind = "document"
title.sv = "En mall"
media = "mall.pdf"

[[tasks]]
key = "lank"
phase = "follow_up"
kind = "link"
title.sv = "En länk"
url = "https://www.example.org/"

[[tasks]]
key = "tankar"
phase = "follow_up"
kind = "reflection"
title.sv = "Tankar"
text.sv = "Vad tar du med dig?"

[[tasks]]
key = "samtal"
phase = "course"
kind = "discussion"
title.sv = "Samtal"
text.sv = "Prata två och två."

[[tasks]]
key = "quiz"
phase = "preparation"
kind = "quiz"
title.sv = "Testa dig själv"
[[tasks.questions]]
kind = "one"
text.sv = "Vilken?"
options = [{ text.sv = "Den", right = true }, { text.sv = "Den andra" }]
[[tasks.questions]]
kind = "several"
text.sv = "Vilka?"
options = [{ text.sv = "A", right = true }, { text.sv = "B", right = true }, { text.sv = "C" }]
[[tasks.questions]]
kind = "order"
text.sv = "I vilken ordning?"
options = [{ text.sv = "Först" }, { text.sv = "Sedan" }]
[[tasks.questions]]
kind = "match"
text.sv = "Vad hör ihop?"
options = [{ text.sv = "Sol", match.sv = "Dag" }, { text.sv = "Måne", match.sv = "Natt" }]
[[tasks.questions]]
kind = "free"
text.sv = "Varför?"
model_answer.sv = "Därför."

[pack]
instructions.sv = "Kom i tid."
[[pack.run_sheet]]
day = 1
starts = "09:00"
minutes = 30
title.sv = "Inledning"
[[pack.exercises]]
title.sv = "Övning"
text.sv = "Gör så här."
[[pack.slides]]
title.sv = "Bilder"
media = "mall.pdf"
[[pack.films]]
title.sv = "Så gör du"
media = "film.mp4"
captions.sv = "film.vtt"
transcript.sv = "Välkommen!"
`
	for _, c := range change {
		text = c(text)
	}
	return fstest.MapFS{
		"course.toml":    {Data: []byte(text)},
		"media/film.mp4": {Data: []byte(film)},
		"media/film.vtt": {Data: []byte(vtt)},
		"media/podd.mp3": {Data: []byte(podcast)},
		"media/mall.pdf": {Data: []byte(pdf)},
		"media/trad.png": {Data: []byte(png)},
	}
}

func instead(old, replacement string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, replacement, 1) }
}

// row puts more into the row of the run sheet.
func row(more string) func(string) string {
	return instead("title.sv = \"Inledning\"\n", "title.sv = \"Inledning\"\n"+more+"\n")
}

func installed(t *testing.T, d *db.DB) {
	t.Helper()
	if err := errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d)); err != nil {
		t.Fatal(err)
	}
}

func imported(t *testing.T, d *db.DB, store *file.Store, folder fs.FS) (c catalogue.Course, version int) {
	t.Helper()
	p, err := catalogue.Receive(store, folder)
	if err != nil {
		t.Fatalf("receive: %v", err)
	}
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		c, version, err = catalogue.Import(ctx, tx, producer, p, 0, now)
		return err
	}))
	return c, version
}

func published(t *testing.T, d *db.DB, courseID int64, version int) (e catalogue.Edition) {
	t.Helper()
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		e, err = catalogue.Publish(ctx, tx, producer, courseID, version, now)
		return err
	}))
	return e
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestACourseIsPublishedFrozenExportedAndReadAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		store := file.Open(t.TempDir())
		c, version := imported(t, d, store, course())
		e := published(t, d, c.ID, version)
		if e.Number != 2 || e.PublishedOn != now.Day() {
			t.Errorf("it became %+v", e)
		}
		content, err := catalogue.ContentOf(ctx, d.Reader(), e.ID)
		must(t, err)
		again, err := catalogue.ContentOf(ctx, d.Reader(), e.ID)
		if err != nil || again != content {
			t.Error("a published edition is read twice")
		}
		tasks, err := catalogue.TasksOf(ctx, d.Reader(), e.ID)
		must(t, err)
		var required []string
		for _, task := range tasks {
			if task.Required {
				required = append(required, task.Key)
			}
			if tasks.ID(task.Key) != task.ID || task.EditionID != e.ID {
				t.Errorf("%+v", task)
			}
		}
		if want := []string{"valkommen", "film", "mall", "lank", "tankar", "samtal", "quiz"}; !slices.Equal(required, want) {
			t.Errorf("required are %v", required)
		}

		today := now.Day()
		head, err := catalogue.HeadOf(ctx, d.Reader(), c, today)
		must(t, err)
		if !slices.Equal(head.Journeys, []string{"funktionshinder-utforare/bas"}) || head.Delivery != catalogue.Municipal {
			t.Errorf("the head is %+v", head)
		}
		var first, second bytes.Buffer
		must(t, catalogue.Export(ctx, d.Reader(), store, head, content, &first))

		// Into a programme that has no such course.
		head.Slug, head.Name = "bas-1-kopia", "Kopia"
		var copied bytes.Buffer
		must(t, catalogue.Export(ctx, d.Reader(), store, head, content, &copied))
		folder, err := catalogue.OpenArchive(bytes.NewReader(copied.Bytes()), int64(copied.Len()))
		must(t, err)
		other, version := imported(t, d, store, folder)
		if _, err := catalogue.EditionOn(ctx, d.Reader(), other.ID, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("an imported course is out before it is published: %v", err)
		}
		if e := published(t, d, other.ID, version); e.Number != 1 {
			t.Errorf("the first edition is %d", e.Number)
		}
		e2, err := catalogue.EditionOn(ctx, d.Reader(), other.ID, today)
		must(t, err)
		content2, err := catalogue.ContentOf(ctx, d.Reader(), e2.ID)
		must(t, err)
		head.Slug, head.Name = c.Slug, c.Name
		must(t, catalogue.Export(ctx, d.Reader(), store, head, content2, &second))
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Error("a course that was exported and read again is exported differently")
		}
		if !bytes.Equal(withoutMedia(t, content), withoutMedia(t, content2)) || len(content2.Media) != 5 {
			t.Error("its content became another")
		}
	})
}

func withoutMedia(t *testing.T, c *catalogue.Content) []byte {
	t.Helper()
	other := *c
	other.Media = nil
	text, err := json.Marshal(&other)
	must(t, err)
	return text
}

func TestWhatCannotBePublishedIsNamedAndNothingIsPublished(t *testing.T) {
	cases := map[string]struct {
		change func(string) string
		place  string
		key    string
	}{
		"a film without captions":            {instead(`captions = { sv = "film.vtt" }`, ""), "tasks.2", "captions_missing"},
		"a film without a transcript":        {instead(`transcript.sv = "Välkommen!"`, ""), "tasks.2", "transcript_missing"},
		"a film that is a document":          {instead(`media = "film.mp4"`, `media = "mall.pdf"`), "tasks.2", "media_kind"},
		"captions that are a picture":        {instead(`{ sv = "film.vtt" }`, `{ sv = "trad.png" }`), "tasks.2", "media_kind"},
		"a podcast without a transcript":     {instead(`transcript.sv = "Hej!"`, ""), "tasks.3", "transcript_missing"},
		"a file that is not there":           {instead(`"podd.mp3"`, `"radio.mp3"`), "tasks.3", "media_missing"},
		"a picture that is not there":        {instead("trad.png", "skog.png"), "tasks.1", "media_missing"},
		"a picture from elsewhere":           {instead("trad.png", "https://example.org/a.png"), "tasks.1", "media_missing"},
		"a picture without words":            {instead("![Ett träd]", "![]"), "tasks.1", "picture_words"},
		"a task without a title":             {instead(`title.sv = "En podd"`, `title.en = "A podcast"`), "tasks.3", "title_missing"},
		"a language that we do not speak":    {instead(`title.sv = "En podd"`, `title = { sv = "En podd", de = "Ein Podcast" }`), "tasks.3", "language"},
		"a link that runs a script":          {instead("https://www.example.org/", "javascript:alert(1)"), "tasks.5", "url"},
		"a question without a right answer":  {instead(", right = true", ""), "tasks.8", "question_one_right"},
		"a question of an unknown kind":      {instead(`kind = "one"`, `kind = "many"`), "tasks.8", "question_kind"},
		"an option twice":                    {instead(`"Den andra"`, `"Den"`), "tasks.8", "question_option_twice"},
		"an option without its match":        {instead(`, match.sv = "Natt"`, ""), "tasks.8", "question_match_text"},
		"a free text without a model answer": {instead(`model_answer.sv = "Därför."`, ""), "tasks.8", "question_model_answer"},
		"a phase that is none":               {instead(`phase = "course"`, `phase = "later"`), "tasks.4", "phase"},
		"a gate that is none":                {instead(`"require"`, `"hope"`), "rules", "gate"},
		"a run sheet of a second day":        {instead("day = 1", "day = 2"), "pack.run_sheet.1", "run_sheet_day"},
		"a run sheet without a time":         {instead(`"09:00"`, `"9"`), "pack.run_sheet.1", "run_sheet_starts"},
		"a row of an unknown kind":           {row(`kind = "party"`), "pack.run_sheet.1", "item_kind"},
		"a row of a task that is gone":       {row(`task = "borta"`), "pack.run_sheet.1", "item_task"},
		"a film row without a film":          {row(`kind = "film"`), "pack.run_sheet.1", "item_film"},
		"a film row of a podcast":            {row("kind = \"film\"\ntask = \"podd\""), "pack.run_sheet.1", "item_film"},
		"a quiz that the group does":         {row("kind = \"exercise\"\ntask = \"quiz\""), "pack.run_sheet.1", "item_own"},
		"a talk that each does alone":        {row("kind = \"own\"\ntask = \"samtal\""), "pack.run_sheet.1", "item_own"},
		"a film as slides on the screen":     {row(`media = "film.mp4"`), "pack.run_sheet.1", "media_kind"},
		"a picture on the screen unsaid":     {row(`media = "trad.png"`), "pack.run_sheet.1", "picture_words"},
		"more than two hundred tasks": {func(s string) string {
			for n := range 201 - 8 {
				s += fmt.Sprintf("\n[[tasks]]\nkey = \"extra-%d\"\nphase = \"course\"\nkind = \"text\"\ntitle.sv = \"Läs\"\ntext.sv = \"Text\"\n", n)
			}
			return s
		}, "tasks", "too_many_tasks"},
		"help film without captions": {instead(`captions.sv = "film.vtt"`, ""), "pack.films.1", "captions_missing"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		store := file.Open(t.TempDir())
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			c := cases[name]
			t.Run(name, func(t *testing.T) {
				course, version := imported(t, d, store, course(c.change))
				before, err := catalogue.Editions(ctx, d.Reader(), course.ID)
				must(t, err)
				err = d.Write(ctx, func(tx *db.Tx) error {
					_, err := catalogue.Publish(ctx, tx, producer, course.ID, version, now)
					return err
				})
				f := fault.Of(err)
				if f == nil || f.Kind != fault.KindInvalid || f.Fields[0].Name != c.place || f.Fields[0].Key != "workshop.check."+c.key {
					t.Errorf("got %v, want %s: %s", err, c.place, c.key)
				}
				after, err := catalogue.Editions(ctx, d.Reader(), course.ID)
				if err != nil || len(after) != len(before) {
					t.Errorf("%d editions became %d (%v)", len(before), len(after), err)
				}
				must(t, d.Write(ctx, func(tx *db.Tx) error { return catalogue.DropDraft(ctx, tx, producer, course.ID, version) }))
			})
		}
	})
}

func TestTheSecondOfTwoWhoWriteIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		store := file.Open(t.TempDir())
		c, version := imported(t, d, store, course())
		published(t, d, c.ID, version)
		write := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }
		must(t, write(func(tx *db.Tx) error { return catalogue.StartDraft(ctx, tx, producer, c.ID, now) }))
		if err := write(func(tx *db.Tx) error { return catalogue.StartDraft(ctx, tx, producer, c.ID, now) }); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("a second draft is begun: %v", err)
		}
		draft, err := catalogue.DraftOf(ctx, d.Reader(), producer, c.ID)
		must(t, err)
		if draft.Version != 1 || draft.BasedOn == nil || len(draft.Content.Tasks) != 8 {
			t.Errorf("the draft begins as %d, %v with %d tasks", draft.Version, draft.BasedOn, len(draft.Content.Tasks))
		}
		save := func(version int, about string) (int, error) {
			mine := draft.Content
			mine.About = catalogue.Words{"sv": about}
			var now2 int
			err := write(func(tx *db.Tx) (err error) {
				now2, err = catalogue.SaveDraft(ctx, tx, producer, c.ID, version, &mine, now)
				return err
			})
			return now2, err
		}
		if v, err := save(1, "Först"); err != nil || v != 2 {
			t.Errorf("the first saves as %d: %v", v, err)
		}
		if _, err := save(1, "Sedan"); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("the second writes over the first: %v", err)
		}
		err = write(func(tx *db.Tx) error {
			_, err := catalogue.Publish(ctx, tx, producer, c.ID, 1, now)
			return err
		})
		if !errors.Is(err, fault.Conflict("")) {
			t.Errorf("what was published is not what was seen: %v", err)
		}
		draft, err = catalogue.DraftOf(ctx, d.Reader(), producer, c.ID)
		if err != nil || draft.Content.About["sv"] != "Först" {
			t.Errorf("the draft says %v (%v)", draft.Content.About, err)
		}
		for name, call := range map[string]func(tx *db.Tx) error{
			"save": func(tx *db.Tx) error {
				_, err := catalogue.SaveDraft(ctx, tx, reader, c.ID, 2, &draft.Content, now)
				return err
			},
			"publish": func(tx *db.Tx) error {
				_, err := catalogue.Publish(ctx, tx, reader, c.ID, 2, now)
				return err
			},
			"drop":  func(tx *db.Tx) error { return catalogue.DropDraft(ctx, tx, reader, c.ID, 2) },
			"start": func(tx *db.Tx) error { return catalogue.StartDraft(ctx, tx, reader, c.ID, now) },
		} {
			if err := write(call); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a region's administrator may %s: %v", name, err)
			}
		}
	})
}

func TestANewEditionSaysWhatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		store := file.Open(t.TempDir())
		c, version := imported(t, d, store, course())
		first := published(t, d, c.ID, version)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return catalogue.StartDraft(ctx, tx, producer, c.ID, now) }))
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := catalogue.Publish(ctx, tx, producer, c.ID, 1, now)
			return err
		})
		if f := fault.Of(err); f == nil || f.Fields[0].Key != "workshop.check.changes_missing" {
			t.Errorf("it says nothing of what changed: %v", err)
		}
		draft, err := catalogue.DraftOf(ctx, d.Reader(), producer, c.ID)
		must(t, err)
		draft.Content.Changes = catalogue.Words{"sv": "Ny film"}
		draft.Content.Tasks = draft.Content.Tasks[1:]
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			version, err = catalogue.SaveDraft(ctx, tx, producer, c.ID, 1, &draft.Content, now)
			return err
		}))
		second := published(t, d, c.ID, version)
		if second.Number != first.Number+1 || second.Changes != "Ny film" {
			t.Errorf("the second is %+v", second)
		}
		old, err := catalogue.ContentOf(ctx, d.Reader(), first.ID)
		if err != nil || len(old.Tasks) != 8 {
			t.Errorf("the first edition changed: %v", err)
		}
	})
}

func TestWhatARolledBackTransactionReadIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		c, version := imported(t, d, file.Open(t.TempDir()), course())
		var e catalogue.Edition
		stop := errors.New("stop")
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			if e, err = catalogue.Publish(ctx, tx, producer, c.ID, version, now); err != nil {
				return err
			}
			if _, err = catalogue.ContentOf(ctx, tx, e.ID); err != nil {
				return err
			}
			return stop
		}); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if _, err := catalogue.ContentOf(ctx, d.Reader(), e.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("an edition that was never published is read: %v", err)
		}
	})
}

func TestTextsAreCleaned(t *testing.T) {
	content := (&catalogue.Content{Alt: map[string]catalogue.Words{"b.png": {"sv": "En bild"}}}).At("/m/")
	for name, c := range map[string]struct{ text, want string }{
		"a script is left out":             {"Hej <script>alert(1)</script>", "<p>Hej alert(1)</p>"},
		"so is what a picture would run":   {`<img src=x onerror="alert(1)">`, ""},
		"and an address that runs":         {"[klicka](javascript:alert(1))", "<p>klicka</p>"},
		"and one that is a page itself":    {"[klicka](data:text/html,hej)", "<p>klicka</p>"},
		"a frame is left out":              {`<iframe src="https://example.org"></iframe>`, ""},
		"a style is left out":              {`<p style="position:fixed">Hej</p>`, ""},
		"headings begin where they should": {"# Ett\n\n## Två", "<h2>Ett</h2>\n<h3>Två</h3>"},
		"even when they are written lower": {"### Ett", "<h2>Ett</h2>"},
		"a picture of the course":          {"![Träd](a.png)", `<p><img src="/m/a.png" alt="Träd"></p>`},
		"a picture described elsewhere":    {"![](b.png)", `<p><img src="/m/b.png" alt="En bild"></p>`},
		"a picture from elsewhere":         {"![x](https://example.org/a.png)", `<p><img alt="x"></p>`},
		"a file of the course":             {"[mallen](mall.pdf)", `<p><a href="/m/mall.pdf">mallen</a></p>`},
		"an address out of the folder":     {"[x](../../a.pdf)", `<p><a href="../../a.pdf">x</a></p>`},
		"a table":                          {"|a|\n|-|\n|b|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := content.HTML(catalogue.Words{"sv": c.text}, "en"); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestANewCourseIsAskedForWhatItNeeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		good := catalogue.Head{Slug: "ny-kurs", Name: "Ny kurs", Audience: "Alla", Days: 1, Delivery: catalogue.Municipal, Journeys: []string{"aldre-utforare/bas"}}
		for name, c := range map[string]struct {
			change func(*catalogue.Head)
			field  string
		}{
			"nothing wrong":                  {func(*catalogue.Head) {}, ""},
			"a slug with letters of ours":    {func(h *catalogue.Head) { h.Slug = "äldre" }, "slug"},
			"a slug that is an address":      {func(h *catalogue.Head) { h.Slug = "new" }, "slug"},
			"a slug that another has":        {func(h *catalogue.Head) { h.Slug = "bas-1" }, "slug"},
			"no name":                        {func(h *catalogue.Head) { h.Name = " " }, "name"},
			"nobody whom it is for":          {func(h *catalogue.Head) { h.Audience = "" }, "audience"},
			"a delivery that is none":        {func(h *catalogue.Head) { h.Delivery = "post" }, "delivery"},
			"a web course with days":         {func(h *catalogue.Head) { h.Delivery = catalogue.Web }, "days"},
			"a round without days":           {func(h *catalogue.Head) { h.Days = 0 }, "days"},
			"no journey":                     {func(h *catalogue.Head) { h.Journeys = nil }, "journeys"},
			"a journey that is none":         {func(h *catalogue.Head) { h.Journeys = []string{"manen"} }, "journeys"},
			"a step of another journey":      {func(h *catalogue.Head) { h.Journeys = []string{"aldre-utforare/ny"} }, "journeys"},
			"the same journey twice":         {func(h *catalogue.Head) { h.Journeys = append(h.Journeys, "aldre-utforare") }, "journeys"},
			"a fee that nobody has heard of": {func(h *catalogue.Head) { h.TariffKind = "gold" }, "tariff_kind"},
		} {
			t.Run(name, func(t *testing.T) {
				h := good
				c.change(&h)
				stop := errors.New("stop")
				err := d.Write(ctx, func(tx *db.Tx) error {
					if _, err := catalogue.Create(ctx, tx, producer, h, now.Day()); err != nil {
						return err
					}
					return stop
				})
				if c.field == "" && errors.Is(err, stop) {
					return
				}
				if f := fault.Of(err); f == nil || f.Fields[0].Name != c.field {
					t.Errorf("got %v, want %s", err, c.field)
				}
			})
		}
	})
}

func TestTheWorkshopListsEveryCourseWithWhereItStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		installed(t, d)
		store := file.Open(t.TempDir())
		c, version := imported(t, d, store, course())
		published(t, d, c.ID, version)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			if err := catalogue.StartDraft(ctx, tx, producer, c.ID, now); err != nil {
				return err
			}
			_, err := catalogue.Create(ctx, tx, producer, catalogue.Head{Slug: "ny", Name: "Ny", Audience: "Alla", Delivery: catalogue.Web, Journeys: []string{"aldre-utforare"}}, now.Day())
			return err
		}))
		all, err := catalogue.States(ctx, d.Reader(), producer)
		must(t, err)
		states := map[string]catalogue.State{}
		for _, s := range all {
			states[s.Course.Slug] = s
		}
		if s := states["bas-1"]; s.Edition == nil || s.Edition.Number != 2 || !s.HasContent || s.Tasks != 8 || s.DraftChanged == nil || *s.DraftChanged != now {
			t.Errorf("BAS 1 stands at %+v", s)
		}
		if s := states["bas-2"]; s.Edition == nil || s.Edition.Number != 1 || s.HasContent || s.DraftChanged != nil {
			t.Errorf("BAS 2 stands at %+v", s)
		}
		if s := states["ny"]; s.Edition != nil || s.HasContent || s.DraftChanged != nil {
			t.Errorf("the new course stands at %+v", s)
		}
		if _, err := catalogue.States(ctx, d.Reader(), reader); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a region's administrator sees the workshop: %v", err)
		}
	})
}
