package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/db"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/text"
)

const (
	producer = "producent@example.org"

	tinyFilm = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom0123456789"
	tinyText = "WEBVTT\n\n00:00.000 --> 00:02.000\nVälkommen!\n"
)

// withFiles is a site whose demo has the files of its courses.
func withFiles(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	if err := demo.Load(context.Background(), s.db, s.server.Files, demoNow); err != nil {
		t.Fatal(err)
	}
	return s
}

// part is a field of a form, or a file that comes with it.
type part struct{ name, file, content string }

// bring sends a form with files.
func (v *visitor) bring(path string, parts ...part) answer {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		into, err := w.CreateFormField(p.name)
		if p.file != "" {
			into, err = w.CreateFormFile(p.name, p.file)
		}
		if err == nil {
			_, err = into.Write([]byte(p.content))
		}
		if err != nil {
			v.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

var hiddenInput = regexp.MustCompile(`name="(version|seen|editions)" value="([^"]*)"`)

// hidden is what the forms of the page carry along.
func (v *visitor) hidden(path string) url.Values {
	v.t.Helper()
	return hiddenIn(v.get(path))
}

func hiddenIn(a answer) url.Values {
	values := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(a.body, -1) {
		values.Set(m[1], m[2])
	}
	return values
}

// typed is a form in which something is typed: names and values in turn.
func typed(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestACourseIsWrittenFromAnEmptyPageAndPublished(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	const course = "/workshop/bas-4"
	v.get("/workshop").wants(t, http.StatusOK, "BAS 4", "Utgåva 1", "Utkast")
	v.get(course).wants(t, http.StatusOK, "Vill du ändra något i kursen börjar du på utgåva 2", "Inget utkast")
	v.post(course+"/draft", v.hidden(course)).wants(t, http.StatusSeeOther)
	empty := v.get(course)
	empty.wants(t, http.StatusOK, "Utkastet har inga uppgifter än", "Inga texter än")
	empty.lacks(t, "Alla texter finns", "0 dagar")
	empty = v.get(course + "/translation?only=lacking")
	empty.wants(t, http.StatusOK, "Inga texter än")
	empty.lacks(t, "Alla texter finns")
	v.get(course+"/tasks/new").wants(t, http.StatusOK, "Vad är det för uppgift?", "Kräver undertexter")

	// A film without captions.
	v.bring(course+"/tasks?kind=film", part{name: "phase", content: "preparation"}).wants(t, http.StatusUnprocessableEntity, "Skriv en rubrik på svenska")
	v.bring(course+"/tasks?kind=film", part{name: "phase", content: "preparation"}, part{name: "title.sv", content: "Filmen <b>om</b> samtal"},
		part{name: "text.sv", content: "Se **filmen**. <script>alert(1)</script> [x](javascript:alert(2))"},
		part{name: "minutes", content: "4"}, part{name: "media_file", file: `C:\Filmer\Så pratar vi.mp4`, content: tinyFilm}).wants(t, http.StatusSeeOther)
	v.get(course).wants(t, http.StatusOK, "Filmen &lt;b&gt;om&lt;/b&gt; samtal", "2 saker behöver göras")
	const task = course + "/tasks/filmen-b-om-b-samtal"
	v.get(course+"/publication").wants(t, http.StatusOK, "filmen saknar undertexter på svenska", "utskriften saknas", task)
	version := v.hidden(course)
	v.post(course+"/publication", typed(version, "changes.sv", "Ny film")).wants(t, http.StatusUnprocessableEntity, "filmen saknar undertexter på svenska")
	if n := s.id(`SELECT COUNT(*) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-4'`); n != 1 {
		t.Fatalf("%d editions", n)
	}

	// Captions that are none, and then some.
	seen := v.hidden(task).Get("seen")
	whole := []part{
		{name: "seen", content: seen}, {name: "phase", content: "preparation"}, {name: "title.sv", content: "Filmen om samtal"}, {name: "media", content: "sa-pratar-vi.mp4"},
		{name: "transcript.sv", content: "Välkommen!"}, {name: "text.sv", content: "Se **filmen**. <script>alert(1)</script> [x](javascript:alert(2))"},
	}
	v.bring(task, append(whole, part{name: "captions.sv_file", file: "film.vtt", content: "<svg onload=alert(1)>"})...).wants(t, http.StatusUnprocessableEntity, "innehåll stämmer inte med dess namn", "Filmen om samtal")
	v.bring(task, append(whole, part{name: "captions.sv_file", file: "film.svg", content: "<svg onload=alert(1)>"})...).wants(t, http.StatusUnprocessableEntity, "Den sortens fil kan inte läggas upp")
	v.bring(task, append(whole, part{name: "captions.sv_file", file: "film.vtt", content: tinyText})...).wants(t, http.StatusSeeOther)
	preview := v.get(course + "/preview/filmen-b-om-b-samtal")
	preview.wants(t, http.StatusOK, "<strong>filmen</strong>", `<track kind="captions"`, "/workshop/bas-4/media/sa-pratar-vi.mp4")
	if strings.Contains(preview.body, "alert(2)") || strings.Contains(preview.body, "<script>alert") {
		t.Error("a producer's script reaches the learner")
	}

	// Published and frozen.
	version = v.hidden(course + "/publication")
	// Neither words about it nor a trainer pack: that is said, and published when one says so.
	v.get(course).wants(t, http.StatusOK, "Förberedelse: uppmanas.", "Fördjupning: uppmanas.")
	v.get(course+"/publication").wants(t, http.StatusOK, "Utgåvan har ingen text om kursen", "Utgåvan har inget utbildarpaket", `href="`+course+`/pack"`, "Ge ut ändå")
	v.post(course+"/publication", typed(version, "changes.sv", "Den första med film")).wants(t, http.StatusUnprocessableEntity, "Kryssa i Ge ut ändå", "Den första med film")
	if n := s.id(`SELECT COUNT(*) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-4'`); n != 1 {
		t.Fatalf("%d editions, though nobody said so", n)
	}
	version = v.hidden(course + "/publication")
	version.Set("anyway", "on")
	v.post(course+"/publication", typed(version, "changes.sv", "Den första med film")).wants(t, http.StatusSeeOther)
	id := s.id(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-4'`)
	v.get(course).wants(t, http.StatusOK, "Utgåva 2", "Den första med film", "Inget utkast")
	v.get(course+"/editions/2").wants(t, http.StatusOK, "ändras aldrig", "Filmen om samtal")
	v.get(course+"/editions/1").wants(t, http.StatusOK, "Innehållet finns inte här")
	v.get(task).wants(t, http.StatusNotFound)

	film := path("/editions/%d/media/sa-pratar-vi.mp4", id)
	employee := s.as("medarbetare@example.org")
	r := httptest.NewRequest(http.MethodGet, film, nil)
	r.Header.Set("Range", "bytes=4-7")
	if a := employee.do(r); a.status != http.StatusPartialContent || a.body != "ftyp" || a.header.Get("Content-Type") != "video/mp4" {
		t.Errorf("a part of the film: %d %q", a.status, a.body)
	}
	employee.get(path("/editions/%d/media/%%2e%%2e%%2fsecret", id)).wants(t, http.StatusNotFound)
	if a := employee.get(path("/editions/%d/media/annat.mp4", id)); a.status != http.StatusNotFound || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a file that is not there: %d, kept %q", a.status, a.header.Get("Cache-Control"))
	}
}

func TestTheSecondProducerOfOneTaskIsToldAndMayGoOn(t *testing.T) {
	s := withFiles(t)
	first, second := s.as(producer), s.as(national)
	const task = "/workshop/bas-3/tasks/valkommen"
	mine, theirs := first.hidden(task), second.hidden(task)
	first.post(task, typed(mine, "phase", "preparation", "title.sv", "Första ordet", "text.sv", "Hej")).wants(t, http.StatusSeeOther)
	refused := second.post(task, typed(theirs, "phase", "preparation", "title.sv", "Andra ordet", "text.sv", "Hej"))
	refused.wants(t, http.StatusConflict, "Någon annan sparade samma del", "Första ordet", "Andra ordet")
	second.get(task).wants(t, http.StatusOK, "Första ordet")
	// Others write in other tasks of the same draft at the same time.
	const other = "/workshop/bas-3/about"
	third := first.hidden(other)
	second.post(task, typed(hiddenIn(refused), "phase", "preparation", "title.sv", "Andra ordet", "text.sv", "Hej")).wants(t, http.StatusSeeOther)
	first.post(other, typed(third, "about.sv", "Om kursen", "preparation", "require", "preparation_days", "5", "follow_up", "advise", "follow_up_days", "30")).wants(t, http.StatusSeeOther)
	first.get("/workshop/bas-3").wants(t, http.StatusOK, "Andra ordet", "Förberedelse: krävs, senast 5 dagar före")

	// What is published is what was seen.
	seen := first.hidden("/workshop/bas-3/publication")
	second.post(task, typed(second.hidden(task), "phase", "preparation", "title.sv", "Tredje ordet", "text.sv", "Hej")).wants(t, http.StatusSeeOther)
	first.post("/workshop/bas-3/publication", typed(seen, "changes.sv", "Nytt")).wants(t, http.StatusConflict, "Någon annan har ändrat utkastet")
	first.get("/workshop/bas-3/publication").wants(t, http.StatusOK, "ändrad", "rubrik, text", "Regler")
}

func TestTasksAndQuestionsAreOrderedCopiedAndRemoved(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	const course = "/workshop/bas-3"
	titles := func() (all []string) {
		for _, m := range regexp.MustCompile(`href="/workshop/bas-3/tasks/([a-z0-9-]+)"`).FindAllStringSubmatch(v.get(course).body, -1) {
			if m[1] != "new" {
				all = append(all, m[1])
			}
		}
		return all
	}
	before := titles()
	v.post(course+"/tasks/"+before[1]+"/position", typed(v.hidden(course), "do", "up")).wants(t, http.StatusSeeOther)
	if after := titles(); after[0] != before[1] || after[1] != before[0] {
		t.Errorf("%v became %v", before[:2], after[:2])
	}
	v.post(course+"/tasks/"+before[1]+"/position", url.Values{"do": {"up"}, "version": {"1"}}).wants(t, http.StatusConflict, "Någon annan har ändrat utkastet")
	v.post(course+"/tasks/"+before[0]+"/copy", v.hidden(course)).wants(t, http.StatusSeeOther)
	if after := titles(); len(after) != len(before)+1 || after[2] != before[0]+"-2" {
		t.Errorf("the copy stands at %v", after)
	}
	v.post(course+"/tasks/"+before[0]+"-2/removal", v.hidden(course)).wants(t, http.StatusSeeOther)
	if after := titles(); len(after) != len(before) {
		t.Errorf("%d tasks are left of %d", len(after), len(before)+1)
	}

	v.bring(course+"/tasks?kind=quiz", part{name: "phase", content: "follow_up"}, part{name: "title.sv", content: "Prova"}).wants(t, http.StatusSeeOther)
	const quiz = course + "/tasks/prova"
	v.get(quiz).wants(t, http.StatusOK, "Uppgiften har inga frågor än")
	v.get(quiz+"/questions/new").wants(t, http.StatusOK, "Vad är det för fråga?")
	one := quiz + "/questions/new?kind=one"
	v.post(one, url.Values{"text.sv": {"Vilket?"}, "option.0.text.sv": {"Det"}, "rows": {"4"}}).
		wants(t, http.StatusUnprocessableEntity, "Skriv minst två svarsalternativ", "Kryssa för ett rätt svar", "Vilket?")
	v.post(one, url.Values{"text.sv": {"Vilket?"}, "do": {"more"}, "rows": {"4"}}).wants(t, http.StatusOK, "Svarsalternativ 6", "Vilket?")
	v.post(one, url.Values{"text.sv": {"Vilket?"}, "option.0.text.sv": {"Det"}, "option.3.text.sv": {"Inte det"}, "option.0.right": {"on"}, "rows": {"4"}}).wants(t, http.StatusSeeOther)
	v.post(quiz+"/questions/new?kind=free", url.Values{"text.sv": {"Varför?"}, "model_answer.sv": {"Därför"}}).wants(t, http.StatusSeeOther)
	v.post(quiz+"/questions/2/position", typed(v.hidden(course), "do", "up")).wants(t, http.StatusSeeOther)
	v.get(quiz+"/questions/1").wants(t, http.StatusOK, "Varför?")
	v.get(course+"/preview/prova").wants(t, http.StatusOK, "Inte det", "Visa rätt svar")
	v.post(quiz+"/questions/1/removal", v.hidden(quiz)).wants(t, http.StatusSeeOther)
	v.get(quiz+"/questions/2").wants(t, http.StatusNotFound)
	v.get(course+"/translation?only=lacking").wants(t, http.StatusOK, "Saknas", "Prova, Fråga 1")
}

func TestATrainerPackIsWrittenAndReadByThoseWhoHoldTheCourse(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	const pack = "/workshop/bas-3/pack"
	v.get(pack).wants(t, http.StatusOK, "Körschema", "Övningar", "Presentationer", "Hjälpfilmer")
	v.bring(pack+"/run-sheet/new", part{name: "title.sv", content: "Slut"}, part{name: "day", content: "2"}, part{name: "starts", content: "16"}, part{name: "minutes", content: "tio"}).
		wants(t, http.StatusUnprocessableEntity, "Skriv ett helt tal, högst 1", "Skriv när det börjar")
	v.bring(pack+"/run-sheet/new", part{name: "title.sv", content: "Slutord"}, part{name: "day", content: "1"}, part{name: "starts", content: "16:05"}, part{name: "minutes", content: "10"}).wants(t, http.StatusSeeOther)
	v.get("/workshop/bas-3/preview-pack").wants(t, http.StatusOK, "Slutord", "16.05–16.15")
	v.post("/workshop/bas-3/publication", typed(v.hidden("/workshop/bas-3/publication"), "changes.sv", "Slutord", "reason", "Resten kommer sedan")).wants(t, http.StatusSeeOther)

	id := s.id(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-3'`)
	slides := path("/editions/%d/media/bildspel-bas-3.pptx", id)
	trainer := s.as("utbildare@example.org")
	for name, c := range map[string]struct {
		who  *visitor
		want int
	}{
		"an employee":                 {s.as("medarbetare@example.org"), http.StatusNotFound},
		"the steering group":          {s.as("styrgrupp@example.org"), http.StatusNotFound},
		"a manager who plans":         {s.as("chef@example.org"), http.StatusOK},
		"a municipal administrator":   {s.as("kommunadministrator@example.org"), http.StatusOK},
		"a regional administrator":    {s.as(regional), http.StatusOK},
		"a producer":                  {v, http.StatusOK},
		"a trainer of another course": {trainer, http.StatusNotFound},
	} {
		if a := c.who.get(packPath(id)); a.status != c.want || a.status == http.StatusOK && !strings.Contains(a.body, "16.05–16.15") {
			t.Errorf("%s gets %d, want %d", name, a.status, c.want)
		}
		if a := c.who.get(slides); a.status != c.want {
			t.Errorf("%s gets the slides with %d, want %d", name, a.status, c.want)
		}
	}
	if err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, `INSERT INTO trainer (person_id, region_id, course_id, recruited_on, ready_on)
			SELECT p.id, r.id, c.id, '2026-01-01', '2026-01-01' FROM person AS p, organisation AS r, course AS c
			WHERE p.email = 'utbildare@example.org' AND r.kind = 'region' AND r.slug = 'dalarna' AND c.slug = 'bas-3'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	trainer.get(packPath(id)).wants(t, http.StatusOK, "Slutord", "Anteckningar till bilderna")
}

func packPath(id int64) string { return path("/editions/%d/pack", id) }

func TestACourseGoesOutAndInAsOneFileAndBecomesAnother(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	file := v.get("/workshop/bas-1/editions/2/course.zip")
	if file.status != http.StatusOK || file.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("the export has status %d, %s", file.status, file.header.Get("Content-Type"))
	}
	for name, c := range map[string]struct{ content, want string }{
		"no zip":           {"hej", "Filen är ingen zip-fil"},
		"a file outside":   {zipped(t, "../../etc/a.txt", "hej"), "../../etc/a.txt hör inte hemma i en kurs"},
		"a strange key":    {zipped(t, "course.toml", "slug = \"bas-1\"\nrubrik = 1\n"), "course.toml, rad 2: rubrik betyder ingenting"},
		"a bomb":           {zipped(t, "media/a.txt", strings.Repeat("0", 30<<20)), "packad på ett sätt som ingen vanlig fil är"},
		"nothing":          {"", "Filen är ingen zip-fil"},
		"an unknown place": {zipped(t, "course.toml", "slug = \"ny\"\nname = \"Ny\"\naudience = \"Alla\"\ndelivery = \"web\"\njourneys = [\"manen\"]\n"), "Delresan eller steget manen finns inte"},
	} {
		t.Run(name, func(t *testing.T) {
			v.bring("/workshop/import", part{name: "file", file: "kurs.zip", content: c.content}).wants(t, http.StatusUnprocessableEntity, c.want)
		})
	}
	v.bring("/workshop/import", part{name: "file", file: "kurs.zip", content: file.body}).wants(t, http.StatusSeeOther)
	v.bring("/workshop/import", part{name: "file", file: "kurs.zip", content: file.body}).wants(t, http.StatusConflict, "har redan ett utkast")
	v.get("/workshop/bas-1").wants(t, http.StatusOK, "Utkast")
	v.get("/workshop/bas-1/publication").wants(t, http.StatusOK, "Inget är ändrat") // it came back as it went

	id := s.id(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-1'`)
	v.get(path("/workshop/new?copy=%d", id)).wants(t, http.StatusOK, "(kopia)", "bas-1-2")
	form := url.Values{"copy": {fmt.Sprint(id)}, "name": {"Ny kurs"}, "slug": {"bas-1"}, "audience": {"Alla"}, "days": {"1"}, "delivery": {"municipal"}, "journeys": {"aldre-utforare/bas"}}
	v.post("/workshop", form).wants(t, http.StatusUnprocessableEntity, "En annan kurs heter så")
	form.Set("slug", "ny-kurs")
	v.post("/workshop", form).wants(t, http.StatusSeeOther)
	v.get("/workshop/ny-kurs").wants(t, http.StatusOK, "Ny kurs", "Utkast", "Ingen utgåva är utgiven")
	v.post("/workshop/ny-kurs/publication", v.hidden("/workshop/ny-kurs/publication")).wants(t, http.StatusSeeOther)
	copied, err := catalogue.EditionOn(context.Background(), s.db.Reader(), s.id(`SELECT id FROM course WHERE slug = 'ny-kurs'`), demoNow.Day())
	if err != nil || copied.Number != 1 {
		t.Errorf("the copy's edition is %+v (%v)", copied, err)
	}
	if a := s.as("medarbetare@example.org").get(path("/editions/%d/media/%s", copied.ID, "fran-beslut-till-vardag.mp4")); a.status != http.StatusOK {
		t.Errorf("the copy's film has status %d", a.status)
	}
}

func zipped(t *testing.T, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAnEditionComesOutWhilePeopleAreInTheOld(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	ctx := context.Background()
	old := s.id(`SELECT MAX(e.id) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-3'`)
	before := s.id(`SELECT COUNT(*) FROM study AS s WHERE s.edition_id = $1 AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = s.person_id AND c.course_id = s.course_id AND c.revoked_at IS NULL)`, old)
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO study (person_id, course_id, edition_id, started_at)
			SELECT p.id, e.course_id, e.id, 1 FROM person AS p, edition AS e WHERE e.id = $1
			AND NOT EXISTS (SELECT 1 FROM study AS s WHERE s.person_id = p.id AND s.course_id = e.course_id)
			AND NOT EXISTS (SELECT 1 FROM completion AS c WHERE c.person_id = p.id AND c.course_id = e.course_id)
			ORDER BY p.id LIMIT 3`, old)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	people := fmt.Sprintf("%d personer är mitt i kursen och gör klart i sin utgåva", before+3)
	v.get("/workshop/bas-3").wants(t, http.StatusOK, "2 texter saknas på engelska")
	v.get("/workshop/bas-3/publication").wants(t, http.StatusOK, "Fråga den det gäller", "ny")
	v.post("/workshop/bas-1/draft", v.hidden("/workshop/bas-1")).wants(t, http.StatusSeeOther)
	v.get("/workshop/bas-1/publication").wants(t, http.StatusOK, "Inget är ändrat")
	v.post("/workshop/bas-3/tasks/valkommen/removal", v.hidden("/workshop/bas-3")).wants(t, http.StatusSeeOther)
	page := v.get("/workshop/bas-3/publication")
	page.wants(t, http.StatusOK, "borttagen", people)
	v.post("/workshop/bas-3/publication", hiddenIn(page)).wants(t, http.StatusUnprocessableEntity, "Skriv vad som är nytt i utgåvan")
	v.post("/workshop/bas-3/publication", typed(hiddenIn(page), "changes.sv", "Kortare inledning")).wants(t, http.StatusUnprocessableEntity, "Skriv varför ni ger ut ändå")
	v.post("/workshop/bas-3/publication", typed(typed(hiddenIn(page), "changes.sv", "Kortare inledning"), "reason", "Resten kommer sedan")).wants(t, http.StatusSeeOther)
	v.get("/workshop/bas-3").wants(t, http.StatusOK, "Kortare inledning", "Utgåva 3")
	c, err := catalogue.ContentOf(ctx, s.db.Reader(), old)
	if err != nil || c.Task("valkommen") == nil {
		t.Errorf("the old edition changed: %v", err)
	}
	if n := s.id(`SELECT COUNT(*) FROM study WHERE edition_id = $1`, old); n < 3 {
		t.Errorf("%d are left in the old edition", n)
	}
}

func TestFilesOfADraftAreTakenAndRemoved(t *testing.T) {
	s := withFiles(t)
	v := s.as(producer)
	const files = "/workshop/bas-3/media"
	v.get(files).wants(t, http.StatusOK, "trotthet.mp3", "i uppgifter", "i utbildarpaketet")
	v.bring(files).wants(t, http.StatusUnprocessableEntity, "Välj en fil")
	v.bring(files, part{name: "new_file", file: "bild.svg", content: "<svg/>"}).wants(t, http.StatusUnprocessableEntity, "Den sortens fil kan inte läggas upp")
	v.bring(files, part{name: "new_file", file: "../../Träd.PNG", content: "\x89PNG\r\n\x1a\n picture"}).wants(t, http.StatusSeeOther)
	v.get(files).wants(t, http.StatusOK, "trad.png", "används inte")
	v.post(files+"/trotthet.mp3/removal", v.hidden(files)).wants(t, http.StatusConflict, "Filen används")
	v.post(files+"/trad.png/removal", v.hidden(files)).wants(t, http.StatusSeeOther)
	v.get(files+"/trad.png").wants(t, http.StatusNotFound)
	s.as(regional).get(files).wants(t, http.StatusForbidden)
	if access.ManageCourses(access.Viewer{}) {
		t.Error("nobody may write courses")
	}
}

func TestOnlyFilesMayBeLarge(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/workshop/import", "/workshop/bas-3/media"} {
		a := s.nobody().post(path, url.Values{"text": {strings.Repeat("x", 2<<20)}})
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("a form of two megabytes without a file sent to %s gives %d", path, a.status)
		}
	}
}

// A session that ends while somebody writes a long text loses nothing.
func TestWhatWasSentWithoutASessionIsSentAgainAfterSigningIn(t *testing.T) {
	s := withFiles(t)
	const task = "/workshop/bas-3/tasks/valkommen"
	v := s.as(producer)
	long := strings.Repeat("En lång text om \"möten\" & <b>människor</b>.\r\n", 500)
	written := []part{{name: "seen", content: v.hidden(task).Get("seen")}, {name: "phase", content: "preparation"}, {name: "title.sv", content: "Välkommen igen"}, {name: "text.sv", content: long}}
	v.post("/session/end", nil)
	kept := v.bring(task, append(written, part{name: "media_file", file: "film.mp4", content: tinyFilm})...)
	kept.wants(t, http.StatusForbidden, "Du är inte inloggad längre", "Logga in i en ny flik", "Filer du valde", `action="`+task+`"`)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(kept.body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	if want := text.Lines(long); form.Get("text.sv") != want || len(want) < 23_000 {
		t.Fatalf("%d characters are kept of %d", len(form.Get("text.sv")), len(want))
	}
	v.post(task, form).wants(t, http.StatusForbidden, "Inget är sparat än") // still nobody
	s.as(producer).post(task, form).wants(t, http.StatusSeeOther)
	s.as(producer).get(task).wants(t, http.StatusOK, "Välkommen igen", "En lång text om")
	if a := s.nobody().post(task, nil); a.status != http.StatusSeeOther {
		t.Errorf("a form that says nothing leads to %d", a.status)
	}
}
