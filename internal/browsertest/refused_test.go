package browsertest

import (
	"strings"
	"testing"
)

// Who plans a round and is told what is missing may go back, reload and go on:
// what was typed is still there, and the browser never asks to send it again.
func TestAPlanThatWasRefusedIsGoneBackTo(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.Size(1280, 900)
	b.signIn(site, "regional@example.org")
	b.Visit(site + "/regions/dalarna/rounds/new?course=samtal-och-delaktighet")
	b.Type("[name=label]", "Så skrev jag")
	shows := func(where, what string) {
		t.Helper()
		if typed := Eval[string](b, `document.querySelector("[name=label]")?.value ?? location.href`); typed != "Så skrev jag" {
			t.Errorf("%s the name of the round is %q", where, typed)
		}
		if text := b.Text(); !strings.Contains(text, what) {
			t.Errorf("%s the page does not say %q:\n%s", where, what, text)
		}
	}
	const missing = "Kursdag 2: Ange datum för kursdagen."
	b.Follow(func() { b.Click(`main form.planning .actions [value=save]`) })
	shows("refused,", missing)
	for _, problem := range b.Axe() {
		t.Error(problem)
	}
	b.Follow(func() { Eval[bool](b, `location.reload(); true`) })
	shows("reloaded,", missing)
	b.Follow(func() { b.Click(`[value=add_day]`) })
	shows("with another day,", "Dag 3")
	b.Follow(func() { Eval[bool](b, `history.back(); true`) })
	shows("gone back,", missing)
	b.Follow(func() { Eval[bool](b, `history.forward(); true`) })
	shows("gone forward,", "Dag 3")
}
