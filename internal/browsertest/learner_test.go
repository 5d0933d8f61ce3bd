package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// tap clicks the button or link with the words, as somebody who reads the
// page does: the first that can be seen.
func (b *Browser) tap(words string) {
	b.t.Helper()
	if !Eval[bool](b, fmt.Sprintf(`(() => {
		document.querySelector("[data-tap]")?.removeAttribute("data-tap");
		const room = document.querySelector("dialog[open]") ?? document.querySelector("main");
		const all = [...room.querySelectorAll("button, a, summary, label")];
		const e = all.find(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.matches(".hidden") && e.innerText.trim().startsWith(%q));
		e?.setAttribute("data-tap", "");
		return e !== undefined;
	})()`, words)) {
		b.t.Fatalf("%s has nothing to tap that says %q:\n%s", b.Path(), words, b.Text())
	}
	b.Click("[data-tap]")
}

// tapTo taps what leads to another page.
func (b *Browser) tapTo(words string) {
	b.t.Helper()
	b.Follow(func() { b.tap(words) })
}

// reads is what the page must say.
func (b *Browser) reads(words ...string) {
	b.t.Helper()
	text := b.Text()
	for _, each := range words {
		if !strings.Contains(text, each) {
			b.t.Errorf("%s does not say %q:\n%s", b.Path(), each, text)
		}
	}
}

// album looks at each page on a way: what is wrong with it, and, where somebody
// wants to see them, pictures of it.
type album struct {
	folder string
	taken  int
}

func (a *album) look(b *Browser, name string) {
	b.t.Helper()
	for _, problem := range b.Problems() {
		b.t.Errorf("%s, %s: %s", name, b.Path(), problem)
	}
	a.take(b, name)
}

func (a *album) take(b *Browser, name string) {
	b.t.Helper()
	if a.folder == "" {
		return
	}
	a.taken++
	width := Eval[int64](b, `innerWidth`)
	for _, window := range []struct {
		width, height int64
		scheme        string
	}{{360, 740, "light"}, {360, 740, "dark"}, {1280, 800, "light"}, {1280, 800, "dark"}} {
		b.Size(window.width, window.height)
		b.Scheme(window.scheme)
		b.Screenshot(filepath.Join(a.folder, fmt.Sprintf("%02d-%s-%d-%s.png", a.taken, name, window.width, window.scheme)))
	}
	b.Scheme("light")
	b.Size(width, 740)
}

// linkIn is the address in the letter whose path begins so.
func linkIn(t *testing.T, text, site, path string) string {
	t.Helper()
	link := regexp.MustCompile(regexp.QuoteMeta(site+path) + `\S*`).FindString(text)
	if link == "" {
		t.Fatalf("no link to %s in\n%s", path, text)
	}
	return link
}

// Somebody new at work, unused to computers and with a telephone, takes a course
// from the letter that invites them to the certificate, and is told on every page
// what to do next.
func TestABASCourseFromInvitationToCertificate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { takeBAS3(t, newTerm(t, d)) })
}

func takeBAS3(t *testing.T, c *term) {
	a := &album{folder: os.Getenv(pictures)}
	const learner = "samira.haddad@example.org"
	day := clock.System().Day() + 14
	for day.Weekday() != time.Tuesday {
		day++
	}
	unit := c.id(`SELECT MIN(u.id) FROM organisation AS u JOIN organisation AS m ON m.id = u.municipality_id
		WHERE u.kind = 'unit' AND m.slug = 'borlange' AND u.id IN (
			SELECT e.organisation_id FROM employment AS e JOIN account AS a ON a.person_id = e.person_id AND a.closed_on IS NULL
			JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'funktionshinder-utforare' WHERE e.to_day IS NULL)`)
	journey := c.id(`SELECT id FROM journey WHERE slug = 'funktionshinder-utforare'`)

	// The municipality's administrator adds her and plans the day.
	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "kommunadministrator@example.org")
	desktop.Visit(c.address + "/people/new")
	desktop.put(map[string]string{
		"given_name": "Samira", "family_name": "Haddad", "email": learner, "organisation": strconv.FormatInt(unit, 10),
		"title": "Stödassistent", "journey": strconv.FormatInt(journey, 10), "years": "0",
	})
	a.look(desktop, "new-person")
	desktop.tapTo("Lägg till person")
	desktop.reads("Samira Haddad")
	a.look(desktop, "person")
	desktop.Visit(fmt.Sprintf("%s/municipalities/borlange/rounds/new?course=bas-3&unit=%d", c.address, unit))
	person := c.id(`SELECT id FROM person WHERE email = $1`, learner)
	if !Eval[bool](desktop, fmt.Sprintf(`document.querySelector('[name=person][value="%d"]')?.checked === true`, person)) {
		t.Errorf("who is new is not ticked:\n%s", desktop.Text())
	}
	desktop.put(map[string]string{"days.0.day": day.String(), "days.0.starts": "09:00", "days.0.ends": "16:00", "days.0.place": "Stadshuset, sal Tunet"})
	a.look(desktop, "plan")
	desktop.tapTo("Planera tillfället")
	if strings.Contains(desktop.Text(), "ändå") {
		desktop.tap("Spara ändå")
		desktop.tapTo("Planera tillfället")
	}
	desktop.reads("Tillfället är planerat")
	round := desktop.Path()
	a.look(desktop, "occasion")

	// The letter leads to the course; who is not known is asked for an address,
	// and the letter with the way in leads on to where she was going.
	invitation := c.letterTo(learner, "Du har en plats")
	if !strings.Contains(invitation.Text, "BAS 3") || !strings.Contains(invitation.Text, "inget lösenord") || invitation.Calendar == "" {
		t.Errorf("the invitation:\n%s", invitation.Text)
	}
	phone := Open(t)
	phone.Size(360, 740)
	phone.Visit(linkIn(t, invitation.Text, c.address, "/courses/"))
	a.look(phone, "sign-in")
	phone.Type("#f-email", learner)
	phone.tapTo("Skicka mejlet")
	a.look(phone, "sign-in-sent")
	phone.Visit(linkIn(t, c.letterTo(learner, "Din länk").Text, c.address, "/"))
	a.look(phone, "sign-in-link")
	phone.tapTo("Logga in")
	if path := phone.Path(); path != "/courses/bas-3" {
		t.Errorf("signed in, she is at %s", path)
	}
	phone.reads("Förberedelse", "Välkommen till BAS 3")
	a.look(phone, "course")
	phone.tapTo("Mer om kursdagen")
	phone.reads("Stadshuset, sal Tunet", "Din plats")
	a.look(phone, "course-day")
	phone.tapTo("Öppna kursen")
	phone.Visit(c.address + "/")
	phone.reads("Hej, Samira", "Förbered dig för BAS 3")
	a.look(phone, "start")
	phone.tapTo("Min resa")
	phone.reads("0 av 5 kurser")
	a.look(phone, "journey")

	// Preparation: the one button leads to the first task, and from each to the
	// next.
	done := func() {
		t.Helper()
		phone.wait("the script", ready)
		phone.tap("Markera som klar")
		phone.wait("what is saved", allSent)
	}
	phone.tapTo("Börja förbereda dig")
	a.look(phone, "text")
	done()
	a.take(phone, "text-done")
	phone.tapTo("Nästa uppgift")

	// In the lift there is no network.
	phone.wait("the script", ready)
	c.cut.Store(true)
	phone.tap("Markera som klar")
	phone.wait("that it waits", `document.querySelector(".saved").dataset.state === "offline"`)
	a.take(phone, "offline")
	c.cut.Store(false)
	Eval[bool](phone, `dispatchEvent(new Event("online"))`)
	phone.wait("what is saved", allSent)
	phone.tapTo("Nästa uppgift")

	// A film, half of it now and the rest later.
	phone.wait("the film", `document.querySelector("video")?.readyState >= 1`)
	a.look(phone, "film")
	Eval[bool](phone, `(async () => { const v = document.querySelector("video"); v.muted = true; v.currentTime = 31; await v.play(); v.pause(); return true; })()`)
	phone.wait("what is saved", allSent)
	phone.Visit(c.address + "/")
	a.look(phone, "start-later")
	phone.tapTo("Fortsätt förbereda dig")
	phone.wait("the film where she was", `document.querySelector("video")?.currentTime >= 30`)
	phone.reads("Du var vid 0:31 senast")
	Eval[bool](phone, `(async () => { const v = document.querySelector("video"); v.muted = true; v.currentTime = v.duration - 0.3; await v.play(); return true; })()`)
	phone.wait("the end of the film", `!document.querySelector('[data-when="done"]').hidden`)
	phone.wait("what is saved", allSent)
	phone.tapTo("Nästa uppgift")

	// An old telephone without script: the same forms do the same.
	bare := func(name string) {
		t.Helper()
		phone.script(true) // axe-core is one
		a.look(phone, name)
		phone.script(false)
	}
	phone.script(false)
	phone.tapTo("Markera som klar")
	phone.reads("Uppgiften är klar.")
	phone.tapTo("Nästa uppgift")
	bare("quiz")
	phone.tap("Att planeringen bara finns")
	phone.tap("Ljudet i rummet")
	phone.tapTo("Lämna in svaren")
	phone.reads("Välj ett svar på varje rad", "Skriv ett svar")
	a.take(phone, "quiz-refused")
	for label, answer := range map[string]string{
		"Att förstå hur länge": "En timer", "Att höra": "Tyst rum", "Att hitta ord": "Bilder", "Att ha ork": "Planerad vila",
	} {
		phone.choose(label, answer)
	}
	phone.do(chromedp.SendKeys("textarea", "I går kunde han. Vad var annorlunda?"))
	phone.tapTo("Lämna in svaren")
	bare("quiz-result")
	phone.script(true)
	phone.tapTo("Nästa uppgift")

	phone.wait("the script", ready)
	phone.do(chromedp.SendKeys("textarea", "Vi satt i köket. Radion var av."))
	a.look(phone, "reflection")
	done()
	phone.tapTo("Till kursen")
	a.look(phone, "prepared")
	phone.Visit(c.address + "/my/journey")
	a.look(phone, "journey-prepared")

	// The day.
	c.to(day.At(10, 0))
	phone.Visit(c.address + "/")
	a.look(phone, "start-of-the-day")
	phone.Visit(c.address + "/courses/bas-3")
	a.look(phone, "course-of-the-day")
	phone.tapTo("Övning: Tre situationer")
	a.look(phone, "discussion")
	done()
	phone.tapTo("Nästa uppgift")
	done()
	phone.tapTo("Nästa uppgift")
	phone.wait("the script", ready)
	phone.do(chromedp.SendKeys("textarea", "Ett schema med bilder i hallen."))
	done()
	c.to(day.At(16, 5))
	phone.Visit(c.address + "/")
	a.look(phone, "start-after-the-day")
	phone.tapTo("Jag var med")
	phone.reads("Du har genomfört kursen", "Öppna intyget", "Kognitivt stöd")
	a.look(phone, "was-there")
	desktop.Visit(c.address + round)
	desktop.reads("Säger: var med")
	a.look(desktop, "occasion-said")
	desktop.tap("Alla ")
	a.take(desktop, "everybody")
	desktop.tapTo("Alla ")
	desktop.reads("Närvaron är sparad")
	a.look(desktop, "occasion-done")

	// Follow-up, on another day.
	c.to((day + 3).At(20, 0))
	phone.Visit(c.address + "/courses/bas-3")
	phone.tapTo("Fortsätt")
	done()
	phone.tapTo("Nästa uppgift")
	phone.wait("the podcast", `document.querySelector("audio")?.readyState >= 1`)
	a.look(phone, "podcast")
	Eval[bool](phone, `(async () => { const v = document.querySelector("audio"); v.muted = true; v.currentTime = v.duration - 0.3; await v.play(); return true; })()`)
	phone.wait("the end of the podcast", `!document.querySelector('[data-when="done"]').hidden`)
	phone.wait("what is saved", allSent)
	phone.tapTo("Nästa uppgift")
	phone.reads("Ladda ner")
	a.look(phone, "document")
	done()
	phone.tapTo("Nästa uppgift")
	phone.wait("the script", ready)
	phone.tap("Vi tar bilder av stegen")
	phone.tap("Personen blir arg")
	Eval[bool](phone, `(() => { for (const s of document.querySelectorAll("main select")) { s.selectedIndex = 1; s.dispatchEvent(new Event("input", {bubbles: true})); } return true; })()`)
	phone.do(chromedp.SendKeys("textarea", "Jag visar två bilder."))
	phone.tap("Lämna in svaren")
	phone.wait("how it went", `document.querySelector(".score") !== null`)
	a.look(phone, "quiz-with-script")
	phone.tapTo("Nästa uppgift")
	phone.wait("the script", ready)
	phone.do(chromedp.SendKeys("textarea", "Schemat hjälper. Hon väljer själv."))
	done()
	phone.tapTo("Nästa uppgift")
	done()
	phone.tapTo("Nästa uppgift")
	phone.reads("kunskapsguiden.se")
	a.look(phone, "link")
	done()
	phone.tapTo("Till kursen")
	a.look(phone, "course-completed")
	if left := c.id(`SELECT COUNT(*) FROM task AS t JOIN edition AS e ON e.id = t.edition_id JOIN study AS s ON s.edition_id = e.id
		WHERE s.person_id = $1 AND NOT EXISTS (SELECT 1 FROM progress AS p WHERE p.task_id = t.id AND p.person_id = $1 AND p.done_at IS NOT NULL)`, person); left != 0 {
		t.Errorf("%d tasks are left", left)
	}
	phone.tapTo("Min resa")
	phone.reads("1 av 5 kurser", "Det du har gått", "BAS 3")
	a.look(phone, "journey-completed")

	// The certificate, and somebody who was given it and has no account.
	phone.tapTo("Intyg")
	phone.reads("Samira Haddad", "BAS 3", "har genomfört kursen")
	a.look(phone, "certificate")
	code := Eval[string](phone, `document.querySelector(".certificate footer b").innerText`)
	stranger := Open(t)
	stranger.Size(360, 740)
	stranger.Visit(c.address + "/certificates")
	stranger.Type("#f-code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	stranger.tapTo("Kontrollera")
	stranger.reads("Giltigt intyg", "Samira Haddad")
	a.look(stranger, "certificate-checked")
}

// script switches it on or off for the pages that come.
func (b *Browser) script(on bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// choose picks from the list with the label what begins with the words.
func (b *Browser) choose(label, words string) {
	b.t.Helper()
	if !Eval[bool](b, fmt.Sprintf(`(() => {
		const l = [...document.querySelectorAll("main label")].find(e => e.innerText.startsWith(%q));
		const o = l && [...l.control.options].find(e => e.text.startsWith(%q));
		if (!o) return false;
		l.control.value = o.value;
		l.control.dispatchEvent(new Event("input", {bubbles: true}));
		return true;
	})()`, label, words)) {
		b.t.Fatalf("%q cannot be chosen for %q:\n%s", words, label, b.Text())
	}
}
