package browsertest

import (
	"fmt"
	"strings"
	"testing"
)

// What is made for who comes to learn reads well on a phone in the dark and at a desk:
// the list of rounds, a round, one's own page, and a certificate to take along.
func TestALearnersOwnPages(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.signIn(site, "medarbetare@example.org")
	look := func(name string, check func()) {
		t.Helper()
		address := Eval[string](b, `location.href`)
		for _, window := range []struct {
			width  int64
			scheme string
		}{{360, "dark"}, {320, "light"}, {1280, "light"}} {
			b.Size(window.width, 740)
			b.Scheme(window.scheme)
			b.Visit(address)
			for _, problem := range b.Problems() {
				t.Errorf("%s at %d px: %s", name, window.width, problem)
			}
		}
		check()
	}

	b.Visit(site + "/rounds")
	look("the list of rounds", func() {
		first := Eval[string](b, `document.querySelector("main section h2").innerText`)
		if first != "Dina kursomgångar" {
			t.Errorf("the list begins with %q", first)
		}
	})
	b.Follow(func() { b.Click(`section[aria-labelledby="others"] tbody a`) })
	look("a round to sign up for", func() {
		order := Eval[string](b, `[...document.querySelectorAll("main h2, main summary")].map(e => e.innerText).join("|")`)
		if !strings.HasPrefix(order, "Det här lär du dig|Kursdagar|För vem och vad som krävs|") || !strings.Contains(order, "|Om kursomgången") && !strings.HasSuffix(order, "|Om tillfället") {
			t.Errorf("the page says, in order, %s", order)
		}
		if Eval[bool](b, `document.querySelector(".chain")?.checkVisibility() ?? false`) {
			t.Error("the organiser's way is not folded away")
		}
	})
	b.Visit(site + "/my/journey")
	b.Follow(func() { b.Click(`main .ways a[href="/my/page"]`) })
	look("one's own page", func() {
		b.put(map[string]string{"text": "Jag har bytt namn."})
		b.tapTo("Något är fel")
		b.reads("Det du skrev har gått till", "Det du har skrivit (1 meddelande)")
		b.tap("Det du har skrivit")
		b.reads("Jag har bytt namn.", "Det är inte åtgärdat än.")
	})
	look("one's own page with a message", func() {})
	b.Follow(func() { b.Click(`section[aria-labelledby="certificates"] a`) })
	look("a certificate", func() {
		b.reads("Spara som PDF", "Skriv ut", "Kopiera adressen")
		// The device of the test cannot share; one that can gets the button.
		got := Eval[string](b, fmt.Sprintf(`(async () => {
			const file = await fetch(document.querySelector(%q).href);
			return file.status + " " + file.headers.get("Content-Type") + " " + String.fromCharCode(...new Uint8Array(await file.arrayBuffer()).slice(0, 5));
		})()`, `a[href$="/intyg.pdf"]`))
		if got != "200 application/pdf %PDF-" {
			t.Errorf("the file is %s", got)
		}
	})
}
