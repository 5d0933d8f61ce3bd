package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"yrkesresan/internal/db"
)

// desk is a browser in the hands of somebody who writes courses.
type desk struct{ *Browser }

// tick is what a box is given.
const tick = "✓"

// write fills in fields of the page by their names, key by key: names and texts
// in turn. A box gets a tick, a choice among several is clicked: "choose",
// "name=value".
func (b desk) write(pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "choose" {
			name, value, _ := strings.Cut(pairs[i+1], "=")
			b.Click(fmt.Sprintf(`main [name="%s"][value="%s"]`, name, value))
			continue
		}
		if pairs[i+1] == tick {
			b.Click(fmt.Sprintf(`main [name="%s"]`, pairs[i]))
			continue
		}
		field := fmt.Sprintf(`main [name="%s"]`, pairs[i])
		Eval[bool](b.Browser, "document.querySelector(`"+field+"`).value = ''; true") // Clear wants a text to clear
		b.do(chromedp.SendKeys(field, pairs[i+1]))
	}
}

// press presses the button or follows the link of the page with the words.
func (b desk) press(words string) {
	b.t.Helper()
	b.Follow(func() {
		if !Eval[bool](b.Browser, fmt.Sprintf(`(() => {
			const e = [...document.querySelectorAll("main button, main a")].find(e => e.innerText.trim().startsWith(%q) && e.checkVisibility());
			e?.click();
			return e !== undefined;
		})()`, words)) {
			b.t.Fatalf("%s has nothing called %q:\n%s", b.Path(), words, b.Text())
		}
	})
}

// says fails when the page lacks one of the texts.
func (b desk) says(texts ...string) {
	b.t.Helper()
	page := strings.ReplaceAll(b.Text(), "\u00a0", " ")
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.t.Fatalf("%s does not say %q:\n%s", b.Path(), text, page)
		}
	}
}

// look notes what axe-core finds wrong with the page on a phone in the dark and
// on a desktop in the light.
func (b desk) look() {
	b.t.Helper()
	for _, window := range []struct {
		width  int64
		scheme string
	}{{360, "dark"}, {1280, "light"}} {
		b.Size(window.width, 800)
		b.Scheme(window.scheme)
		if dir := os.Getenv("PICTURES"); dir != "" {
			b.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%d.png", strings.NewReplacer("/", "_", "?", "_").Replace(b.Path()), window.width)))
		}
		for _, problem := range b.Problems() {
			b.t.Errorf("%s at %d pixels, %s: %s", b.Path(), window.width, window.scheme, problem)
		}
	}
}

// media are files of the kinds that a course takes, small but whole enough.
func media(t *testing.T) map[string]string {
	t.Helper()
	dir, files := t.TempDir(), map[string]string{}
	for name, content := range map[string]string{
		"film.mp4":    "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom0123456789",
		"text.vtt":    "WEBVTT\n\n00:00.000 --> 00:02.000\nVälkommen!\n",
		"podd.mp3":    "ID3\x04\x00" + strings.Repeat("\x00", 50),
		"checka.pdf":  "%PDF-1.7\nen lista\n",
		"program.pdf": "MZ\x90\x00 no document",
		"bild.svg":    `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
	} {
		files[name] = filepath.Join(dir, name)
		if err := os.WriteFile(files[name], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func (b desk) choose(field, file string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(fmt.Sprintf(`input[name="%s"]`, field), []string{file}))
}

// A producer makes a course out of nothing with a task of every kind, is told
// what is wrong where it is wrong, and publishes it; somebody takes it.
func TestAProducerMakesACourseFromNothing(t *testing.T) {
	d := sqlite(t)
	site, files := demoSite(t, d), media(t)
	b := desk{Open(t)}
	b.Size(1280, 900)
	b.signIn(site, "producent@example.org")
	b.Visit(site + "/workshop")
	b.press("Skapa kurs")
	b.press("Skapa kursen")
	b.says("behöver rättas")
	b.write("name", "Att <b>prata</b> om sorg", "slug", "att-prata-om-sorg", "days", "0", "choose", "delivery=web", "choose", "journeys=funktionshinder-utforare/bas")
	b.press("Skapa kursen")
	b.says("Att <b>prata</b> om sorg", "Utkastet har inga uppgifter än")
	const course = "/workshop/att-prata-om-sorg"

	task := func(kind, title string, pairs ...string) {
		t.Helper()
		b.Visit(site + course + "/tasks/new")
		b.look()
		b.Follow(func() { b.Click(`a[href$="?kind=` + kind + `"]`) })
		b.write(append([]string{"choose", "phase=course", "title.sv", title}, pairs...)...)
	}
	save := func() { t.Helper(); b.press("Spara i utkastet") }

	task("text", "Läs först", "text.sv", "Sorg är **vanligt**. <img src=x onerror=alert(1)> [här](javascript:alert(2))")
	save()
	task("film", "Se filmen", "text.sv", "En kort film.")
	b.choose("media_file", files["bild.svg"])
	save()
	b.says("Den sortens fil kan inte läggas upp")
	if kept := Eval[string](b.Browser, `document.querySelector("[name='text.sv']").value`); kept != "En kort film." {
		t.Errorf("a refused file loses the text: %q", kept)
	}
	b.choose("media_file", files["film.mp4"])
	save()
	task("podcast", "Lyssna", "transcript.sv", "Hej och välkomna.")
	b.choose("media_file", files["podd.mp3"])
	save()
	task("document", "Checklista")
	b.choose("media_file", files["program.pdf"])
	save()
	b.says("innehåll stämmer inte med dess namn")
	b.choose("media_file", files["checka.pdf"])
	save()
	task("link", "Läs mer", "url", "javascript:alert(1)")
	save()
	b.says("behöver rättas")
	b.write("url", "https://www.example.org/sorg")
	save()
	task("reflection", "Tänk efter", "text.sv", "När mötte du någon i sorg?")
	save()
	task("discussion", "Prata ihop er", "text.sv", "Vad gör ni när någon gråter?")
	save()
	task("quiz", "Prova dig", "text.sv", "Tre frågor.")
	save()
	quiz := b.Path()
	question := func(kind string, pairs ...string) {
		t.Helper()
		b.Visit(site + quiz)
		b.press("Lägg till")
		b.Follow(func() { b.Click(`a[href$="?kind=` + kind + `"]`) })
		b.write(pairs...)
		b.press("Spara i utkastet")
		b.says("Prova dig")
	}
	question("one", "text.sv", "Vad säger man?", "option.0.text.sv", "Jag finns här", "option.1.text.sv", "Ryck upp dig", "option.0.right", tick)
	question("several", "text.sv", "Vad hjälper?", "option.0.text.sv", "Tid", "option.1.text.sv", "Sällskap", "option.2.text.sv", "Tjat", "option.0.right", tick, "option.1.right", tick)
	question("order", "text.sv", "I vilken ordning?", "option.0.text.sv", "Lyssna", "option.1.text.sv", "Fråga", "option.2.text.sv", "Följ upp")
	question("match", "text.sv", "Vad hör ihop?", "option.0.text.sv", "Gråt", "option.0.match.sv", "Vänta", "option.1.text.sv", "Ilska", "option.1.match.sv", "Lyssna")
	question("free", "text.sv", "Hur skulle du göra?", "model_answer.sv", "Sätta mig ner.")

	// The film has no captions: it says so, and leads there.
	b.Visit(site + course)
	b.look()
	b.press("Se vad")
	b.says("filmen saknar undertexter på svenska", "utskriften saknas")
	b.look()
	b.press("Se filmen")
	b.write("transcript.sv", "Välkommen!")
	b.choose("captions.sv_file", files["text.vtt"])
	b.press("Spara i utkastet")
	b.Visit(site + course + "/about")
	b.write("about.sv", "En webbkurs om sorg.")
	b.press("Spara")
	b.Visit(site + course + "/preview")
	b.look()
	b.Visit(site + course)
	b.press("Granska och publicera")
	b.look()

	// An impatient hand publishes once.
	publish := `[...document.querySelectorAll("main form.form button")].find(e => e.innerText.startsWith("Publicera"))`
	b.Follow(func() {
		Eval[bool](b.Browser, `(() => { const e = `+publish+`; e.click(); e.click(); return true; })()`)
	})
	b.says("Utgåva 1", "Inget utkast")
	count := func(query string) int64 {
		t.Helper()
		n, err := db.Row(context.Background(), d.Reader(), db.One[int64], query)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(`SELECT COUNT(*) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'att-prata-om-sorg'`); n != 1 {
		t.Errorf("%d editions are published", n)
	}
	// Back to the form: there is nothing to publish twice.
	Eval[bool](b.Browser, `history.back(); true`)
	b.wait("the course again", `location.pathname === "`+course+`" && document.body.innerText.includes("Det finns inget utkast")`)

	b.signIn(site, "medarbetare@example.org")
	b.Visit(site + "/courses/att-prata-om-sorg")
	b.says("Läs först", "Prova dig")
	b.look()
	b.Visit(site + "/courses/att-prata-om-sorg/tasks/las-forst")
	if Eval[bool](b.Browser, `document.querySelector("main [onerror], main a[href^='javascript:'], main img[src='x']") !== null`) {
		t.Error("what a producer smuggled in reaches the learner")
	}
}

// A new edition comes out while somebody is half-way: they finish theirs and are
// told; who comes after takes the new one.
func TestANewEditionWhileSomebodyIsInTheOld(t *testing.T) {
	site := demoSite(t, sqlite(t))
	producer, learner := desk{Open(t)}, desk{Open(t)}
	producer.Size(1280, 900)
	learner.Size(360, 740)
	learner.signIn(site, "medarbetare@example.org")
	learner.task(site, "valkommen")
	learner.Click(`button[name="done"][value="yes"]`)
	learner.wait("what is saved", allSent)
	tasks := func(b desk) []string {
		t.Helper()
		b.Visit(site + "/courses/bas-3")
		return Eval[[]string](b.Browser, `[...document.querySelectorAll("main a[href^='/courses/bas-3/tasks/']")].map(a => a.pathname + " " + a.innerText.trim()).slice(1)`)
	}
	before := tasks(learner)
	if len(before) < 5 {
		t.Fatalf("only %v", before)
	}

	producer.signIn(site, "producent@example.org")
	const course = "/workshop/bas-3"
	producer.Visit(site + course + "/tasks/new?kind=text")
	producer.write("title.sv", "Alldeles ny uppgift", "text.sv", "Något nytt att läsa.")
	producer.press("Spara i utkastet")
	producer.Visit(site + course + "/tasks/ett-bra-mote")
	producer.write("title.sv", "Ett ännu bättre möte")
	producer.press("Spara i utkastet")
	producer.Visit(site + course + "/tasks/valkommen")
	producer.Click(`[data-opens="remove"]`)
	producer.send(course + "/tasks/valkommen/removal")
	producer.Visit(site + course + "/publication")
	producer.says("Alldeles ny uppgift", "ny", "Ett ännu bättre möte", "ändrad", "borttagen", "är mitt i kursen")
	producer.look()
	producer.write("changes.sv", "En ny uppgift, ett bättre möte och en kortare inledning.", "reason", "Resten av granskningen kommer i nästa utgåva.")
	producer.press("Publicera utgåva 3")
	producer.says("Utgåva 3", "En ny uppgift, ett bättre möte")
	producer.look()

	after := tasks(learner)
	if strings.Join(before, "|") != strings.Join(after, "|") {
		t.Errorf("the learner's own edition changed:\n%v\n%v", before, after)
	}
	learner.says("En ny utgåva finns", "Du gör klart din, utgåva 2")
	learner.look()
	learner.task(site, "ett-bra-mote")
	if learner.Visit(site + "/courses/bas-3/tasks/alldeles-ny-uppgift"); Eval[int](learner.Browser, `performance.getEntriesByType("navigation")[0].responseStatus`) != 404 {
		t.Error("a task of the new edition is open to somebody in the old one")
	}
	newcomer := desk{Open(t)}
	newcomer.signIn(site, "chef@example.org")
	if all := strings.Join(tasks(newcomer), "|"); !strings.Contains(all, "alldeles-ny-uppgift") || strings.Contains(all, "valkommen") || !strings.Contains(all, "Ett ännu bättre möte") {
		t.Errorf("who comes new gets %s", all)
	}
}
