package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// looker looks at a page in dark on a phone and in light on a desktop: axe, and nothing beyond the edge.
func looker(t *testing.T, name string) func(b *Browser, where string) {
	return func(b *Browser, where string) {
		t.Helper()
		for _, w := range []struct {
			width, height int64
			scheme        string
		}{{360, 740, "dark"}, {1280, 800, "light"}} {
			b.Size(w.width, w.height)
			b.Scheme(w.scheme)
			for _, p := range append(b.Axe(), overflow(b)...) {
				t.Errorf("%s at %d px: %s", where, w.width, p)
			}
			if folder := os.Getenv(pictures); folder != "" {
				b.Screenshot(filepath.Join(folder, fmt.Sprintf("%s-%s-%d.png", name, strings.ReplaceAll(where, " ", "-"), w.width)))
			}
		}
	}
}

// fill writes the text into the field of several lines.
func (b *Browser) fill(field, text string) {
	Eval[bool](b, fmt.Sprintf(`(document.querySelector(%q).value = %q, true)`, field, text))
}

// A draft is read by those who are asked, who comment and ask for changes; the producer
// answers, and publishes over a wish for changes with a reason.
func TestADraftIsReviewed(t *testing.T) {
	site := demoSite(t, sqlite(t))
	reader, producer := Open(t), Open(t)
	look := looker(t, "review")
	reader.signIn(site, "socialstyrelsen@example.org")
	look(reader, "the start page")
	reader.Follow(func() { reader.Click(`main a[href="/reviews/bas-3"]`) })
	look(reader, "the draft")
	reader.Follow(func() { reader.Click(`a[href="/reviews/bas-3/places/task:valkommen"]`) })
	reader.Follow(func() { reader.Click("main .form button") })
	if !strings.Contains(reader.Text(), "Skriv din kommentar.") {
		t.Errorf("an empty comment gives:\n%s", reader.Text())
	}
	look(reader, "an empty comment")
	reader.fill(`textarea[name="text"]`, "Barnets röst saknas här.")
	reader.Follow(func() { reader.Click("main .form button") })
	if !strings.Contains(reader.Text(), "Barnets röst saknas här.") {
		t.Errorf("the draft says:\n%s", reader.Text())
	}
	reader.Click(`input[name="verdict"][value="changes"]`)
	reader.Follow(func() { reader.Click(`form[action$="/verdict"] button`) })
	look(reader, "answered")
	if reader.Path() != "/reviews" || !strings.Contains(reader.Text(), "vill ha ändringar") {
		t.Errorf("after the verdict, at %s:\n%s", reader.Path(), reader.Text())
	}

	producer.signIn(site, "producent@example.org")
	producer.Visit(site + "/workshop/bas-3")
	producer.Follow(func() { producer.Click(`a[href="/workshop/bas-3/review"]`) })
	look(producer, "what was said")
	if text := producer.Text(); !strings.Contains(text, "Barnets röst saknas här.") || !strings.Contains(text, "Socialstyrelsen") {
		t.Errorf("the review says:\n%s", text)
	}
	producer.Follow(func() { producer.Click(`a[href^="/workshop/bas-3/comments/"]`) })
	producer.fill(`textarea[name="answer"]`, "Vi har lagt till ett samtal med ett barn.")
	look(producer, "an answer")
	producer.Follow(func() { producer.Click("main .form button") })

	producer.Visit(site + "/workshop/bas-3/publication")
	look(producer, "before it is published")
	if !strings.Contains(producer.Text(), "Varför ger ni ut ändå?") {
		t.Fatalf("the page of publication says:\n%s", producer.Text())
	}
	producer.fill(`textarea[name="changes.sv"]`, "Ny uppgift")
	producer.Follow(func() { producer.Click("main .form button") })
	if !strings.Contains(producer.Text(), "vill ha ändringar. Skriv varför ni ger ut ändå") {
		t.Errorf("without a reason:\n%s", producer.Text())
	}
	producer.fill(`textarea[name="reason"]`, "Resten kommer i nästa utgåva.")
	producer.Follow(func() { producer.Click("main .form button") })
	producer.Visit(site + "/workshop/bas-3/review")
	if !strings.Contains(producer.Text(), "Så granskades utgåva") {
		t.Errorf("after the publication:\n%s", producer.Text())
	}
	look(producer, "published")
	reader.Visit(site + "/reviews")
	if !strings.Contains(reader.Text(), "Du har inget att granska") {
		t.Errorf("the reader still has:\n%s", reader.Text())
	}
	look(reader, "nothing to review")
}
