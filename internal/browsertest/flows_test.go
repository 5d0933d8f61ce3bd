package browsertest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

// Somebody asks for a link, gets a letter through a real mail server, opens it,
// and is where they were going. The link works once.
func TestSigningInByALetter(t *testing.T) {
	ctx, d := t.Context(), sqlite(t)
	demoSite(t, d) // for the people in it; this test serves a site of its own, without the picker
	letters := mailtest.Open(t)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	server, err := visit.NewServer(ctx, visit.Config{
		DB: d, Clock: clock.System, Sessions: identity.NewSessions(d, clock.System, false), Log: log,
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(web.Handler(server))
	defer s.Close()
	server.Site.Base = s.URL
	queue, err := jobs.Open(ctx, d, log)
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.Open(letters.Address(), "Yrkesresan <noreply@example.org>", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	sender.Handle(queue, log)
	identity.Handle(queue, d, clock.System, sender, s.URL)
	if err := queue.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = queue.Stop(context.WithoutCancel(ctx)) }()

	b := Open(t)
	b.Size(360, 740)
	b.Visit(s.URL + "/my/journey")
	if path := b.Path(); path != "/sign-in?next=%2Fmy%2Fjourney" {
		t.Fatalf("a page that needs a sign-in leads to %s", path)
	}
	b.Type("#f-email", "inte en adress")
	b.Follow(func() { b.Press("\r") })
	if !strings.Contains(b.Text(), "Skriv e-postadressen") || Eval[string](b, `document.querySelector("#f-email").value`) != "inte en adress" {
		t.Errorf("a wrong address gives:\n%s", b.Text())
	}
	b.Type("input#f-email", "medarbetare@example.org")
	b.Follow(func() { b.Click("main form button") })
	if !strings.Contains(b.Text(), "Mejlet är på väg") {
		t.Fatalf("after asking for a link:\n%s", b.Text())
	}
	letter := letters.Next(t)
	link := regexp.MustCompile(`http://\S+`).FindString(letter.Text)
	if letter.To != "medarbetare@example.org" || link == "" {
		t.Fatalf("the letter: %+v", letter)
	}
	b.Visit(link)
	b.Follow(func() { b.Click("main form button") })
	if path := b.Path(); path != "/my/journey" {
		t.Errorf("signed in, one is at %s", path)
	}

	other := Open(t)
	other.Visit(link)
	if text := other.Text(); !strings.Contains(text, "ny länk") {
		t.Errorf("the link a second time:\n%s", text)
	}
}

// Everything works by keyboard: the first stop is the way past the menu, focus
// is always to be seen, and a form is filled in without a mouse.
func TestTheKeyboardReachesEverything(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.signIn(site, "regional@example.org")
	b.Press("\t")
	if skip := Eval[string](b, `document.activeElement.className`); skip != "skip" {
		t.Errorf("the first stop is %q", skip)
	}
	b.Press("\r")
	if Eval[string](b, `document.activeElement.id`) != "main" {
		t.Error("the skip link does not lead to the content")
	}
	b.Visit(site + "/rounds")
	stops := Eval[int](b, `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(e => e.checkVisibility()).length`)
	reached := map[string]bool{}
	for range stops + 5 {
		b.Press("\t")
		state := Eval[string](b, `(() => {
			const e = document.activeElement;
			if (e === document.body) return "";
			const s = getComputedStyle(e), seen = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none";
			return (seen ? "seen " : "unseen ") + e.outerHTML.slice(0, 120);
		})()`)
		if strings.HasPrefix(state, "unseen") {
			t.Errorf("focus is not to be seen on %s", state)
		}
		reached[state] = true
	}
	if len(reached) < stops/2 {
		t.Errorf("%d of %d stops were reached", len(reached), stops)
	}
}

// Without script a list can still be filled in: signing in, finding the way from the
// start page, and its form coming back with an answer for everybody.
func TestTheAttendanceFormWorksWithoutScript(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.Size(1280, 900)
	b.signIn(site, "regional@example.org")
	b.Follow(func() { b.Click(`a[href$="/attendance"]`) })
	b.Follow(func() { b.Click(`button[name=preset]:not(.hidden)`) })
	if open := Eval[int](b, `[...document.querySelectorAll("main fieldset")].filter(f => f.querySelector("[value=present]") && !f.querySelector(":checked")).length`); open != 0 {
		t.Errorf("%d participants are left without an answer:\n%s", open, b.Text())
	}
}
