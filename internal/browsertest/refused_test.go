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

// Who reloads in the middle of planning has what was typed, until it is sent or thrown
// away, and nobody has it who signs in after them.
func TestWhatWasTypedIsThereAfterAReload(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.Size(360, 740)
	b.signIn(site, "regional@example.org")
	address := site + "/regions/dalarna/rounds/new?course=samtal-och-delaktighet"
	const label, kept = `document.querySelector("[name=label]").value`, `document.querySelector(".kept") !== null`
	typed := func(text string) {
		t.Helper()
		Eval[bool](b, `(() => { const f = document.querySelector("[name=label]"); f.value = "`+text+`"; f.dispatchEvent(new Event("input", {bubbles: true})); delete f.form.dataset.guard; return true; })()`)
	}
	b.Visit(address)
	fresh := Eval[string](b, label)
	typed("Så skrev jag")
	b.Visit(address)
	if got := Eval[string](b, label); got != "Så skrev jag" || !Eval[bool](b, kept) {
		t.Errorf("after the reload the name of the round is %q", got)
	}
	for _, problem := range b.Axe() {
		t.Error(problem)
	}
	b.Click(".kept button")
	if got := Eval[string](b, label); got != fresh || Eval[bool](b, kept) {
		t.Errorf("thrown away, the name of the round is %q", got)
	}
	typed("Så skrev jag igen")
	b.Follow(func() { b.Click(`main form.planning .actions [value=save]`) }) // refused, and so not kept in the tab
	b.Visit(address)
	if got := Eval[string](b, label); got != fresh || Eval[bool](b, kept) {
		t.Errorf("sent, the name of the round is %q", got)
	}
	typed("Hemligt")
	b.Follow(func() { Eval[bool](b, `document.querySelector('[action="/session/end"]').requestSubmit(); true`) })
	if Eval[int](b, `Object.keys(sessionStorage).length`) != 0 {
		t.Error("what was typed is still in the browser of who signed out")
	}
}
