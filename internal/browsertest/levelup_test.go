package browsertest

import (
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
)

// Somebody on a phone who uses the keyboard goes on from Ny to Van: the one
// button, the one question, and the certificate.
func TestTheNextStepIsReachedByKeyboardOnAPhone(t *testing.T) {
	ctx, d := t.Context(), sqlite(t)
	site := demoSite(t, d)
	people, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT a.person_id FROM account AS a JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'barn-och-unga' WHERE a.closed_on IS NULL`)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.System()
	var atGate int64
	for _, person := range people {
		standings, err := learning.Standings(ctx, d.Reader(), person, now.Day())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range standings {
			if s.Step == "Ny" && s.Open() {
				atGate = person
			}
		}
	}
	secret, err := identity.MakeLink(ctx, d, now, atGate, "/")
	if err != nil {
		t.Fatal(err)
	}
	b := Open(t)
	b.Size(360, 740)
	b.Visit(site + identity.LinkPath + "?token=" + secret)
	b.Follow(func() { b.Click("main form button") })

	check := func(where string) {
		t.Helper()
		for _, problem := range b.Problems() {
			t.Errorf("%s: %s", where, problem)
		}
	}
	// until goes on with the tabulator until the focus is on what is meant.
	until := func(word string) {
		t.Helper()
		for range 60 {
			b.Press("\t")
			if strings.Contains(Eval[string](b, `document.activeElement.matches("a, button, input, textarea") ? (document.activeElement.labels?.[0] ?? document.activeElement).innerText : ""`), word) {
				return
			}
		}
		t.Fatalf("the tabulator does not reach %q on\n%s", word, b.Text())
	}
	check("the start page")
	until("Gå vidare till Van")
	b.Follow(func() { b.Press("\r") })
	check("the gate")
	until("Svara och gå vidare")
	b.Follow(func() { b.Press("\r") })
	if text := b.Text(); !strings.Contains(text, "Välj ett av svaren") {
		t.Fatalf("without an answer:\n%s", text)
	}
	if problems := b.Axe(); len(problems) > 0 || b.Overflow() > 0 {
		t.Errorf("the gate without an answer: %v, %d pixels too wide", problems, b.Overflow())
	}
	until("Mycket bra")
	b.Press(" ")
	if chosen := Eval[string](b, `document.querySelector("[name=grade]:checked")?.value ?? ""`); chosen != string(learning.VeryGood) {
		t.Fatalf("the space bar chooses %q", chosen)
	}
	until("Vill du berätta mer")
	b.Press("Bra samtal")
	until("Svara och gå vidare")
	b.Follow(func() { b.Press("\r") })
	if text := b.Text(); !strings.Contains(text, "Grattis!") || !strings.Contains(text, "Nu är du i steget Van") {
		t.Fatalf("after the answer:\n%s", text)
	}
	check("the congratulation")
	until("Öppna intyget")
	b.Follow(func() { b.Press("\r") })
	if text := b.Text(); !strings.Contains(text, "har genomfört alla kurser i") {
		t.Fatalf("the certificate:\n%s", text)
	}
	check("the certificate")
	b.Scheme("dark")
	check("the certificate in the dark")

	// Anybody who has the paper finds it by its code.
	code := Eval[string](b, `document.querySelector(".certificate footer b").innerText`)
	other := Open(t)
	other.Size(360, 740)
	other.Visit(site + "/certificates")
	other.Type("#f-code", strings.ToLower(code))
	other.Follow(func() { other.Press("\r") })
	if text := other.Text(); !strings.Contains(text, "Giltigt intyg") {
		t.Errorf("the code %s leads to\n%s", code, text)
	}
}
