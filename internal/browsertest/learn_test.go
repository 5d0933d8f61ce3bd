package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// network is a way to the site that can go, and come back.
type network struct {
	url string
	cut atomic.Bool
}

func newNetwork(t *testing.T, site string) *network {
	t.Helper()
	address, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	n := &network{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(address)
		r.Out.Host = r.In.Host
	}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.cut.Load() {
			panic(http.ErrAbortHandler) // the connection closes without an answer
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	n.url = s.URL
	return n
}

// wait waits until the expression is true. While one page gives way to another there is
// nothing to ask, so an error means "not yet"; the last one is told when time is out.
func (b *Browser) wait(what, expression string) {
	b.t.Helper()
	expression = `document.body !== null && (` + expression + `)` // a page has no body for a moment
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
		if err == nil && holds {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("%s does not come (%v):\n%s", what, err, b.Text())
		case <-time.After(30 * time.Millisecond):
		}
	}
}

const (
	ready   = `document.querySelector("form[data-learn]")?.dataset.ready === "yes"`
	allSent = `Object.keys(localStorage).filter(k => k.startsWith("learn:")).length === 0 && document.querySelector(".saved").dataset.state === "saved"`
)

func (b *Browser) task(site, key string) {
	b.t.Helper()
	b.Visit(site + "/courses/bas-3/tasks/" + key)
	b.wait("the script", ready)
}

// Somebody with a telephone takes the preparation of a course, through a hole in
// the network, and loses nothing.
func TestWhatIsLearntOnABadNetworkIsSaved(t *testing.T) {
	n := newNetwork(t, demoSite(t, sqlite(t)))
	b := Open(t)
	b.Size(360, 740)
	b.signIn(n.url, "medarbetare@example.org")
	b.Visit(n.url + "/courses/bas-3")
	b.Follow(func() { b.Click(".next .button") })
	b.wait("the script", ready)
	first := b.Path()

	// One touch, and it is done; the next thing is where the finger is.
	b.Click(`button[name="done"][value="yes"]`)
	b.wait("what is saved", allSent)
	if focus := Eval[string](b, `document.activeElement.innerText`); !strings.HasPrefix(focus, "Nästa uppgift") {
		t.Errorf("the focus is on %q", focus)
	}
	b.Follow(func() { b.Press("\r") })
	b.wait("the script", ready)
	if b.Path() == first {
		t.Error("the next task does not follow")
	}

	// Without a network it is done all the same, and says that it waits.
	n.cut.Store(true)
	b.Click(`button[name="done"][value="yes"]`)
	b.wait("that it waits", `document.querySelector(".saved").textContent.startsWith("Sparas när nätet är tillbaka")`)
	if !Eval[bool](b, `!document.querySelector('[data-when="done"]').hidden`) {
		t.Error("it does not show as done")
	}
	n.cut.Store(false)
	Eval[bool](b, `dispatchEvent(new Event("online"))`)
	b.wait("what is saved", allSent)
	b.Visit(n.url + b.Path())
	if !Eval[bool](b, `!document.querySelector('[data-when="done"]').hidden`) {
		t.Error("the server does not know that it is done")
	}

	// What is written when the network is gone is there again later.
	b.task(n.url, "ett-bra-mote")
	n.cut.Store(true)
	b.do(chromedp.SendKeys(`textarea[name="answer"]`, "Jag satte mig ner."))
	b.wait("that it waits", `document.querySelector(".saved").dataset.state === "offline"`)
	n.cut.Store(false)
	b.task(n.url, "valkommen") // another page sends it
	b.wait("what is saved", `Object.keys(localStorage).filter(k => k.startsWith("learn:")).length === 0`)
	b.task(n.url, "ett-bra-mote")
	if text := Eval[string](b, `document.querySelector("textarea").value`); text != "Jag satte mig ner." {
		t.Errorf("the text is %q", text)
	}

	// A film goes on where one was.
	b.task(n.url, "miljon-gor-skillnad")
	b.wait("the film", `document.querySelector("video").readyState >= 1`)
	Eval[bool](b, `(async () => { const v = document.querySelector("video"); v.muted = true; v.currentTime = 31; await v.play(); v.pause(); return true; })()`)
	b.wait("what is saved", allSent)
	b.task(n.url, "miljon-gor-skillnad")
	b.wait("the film where one was", `document.querySelector("video").currentTime >= 30`)
	if !Eval[bool](b, `[...document.querySelector("video").textTracks].some(t => t.kind === "captions")`) {
		t.Error("the film has no captions")
	}

	// Who signs out leaves nothing behind.
	b.task(n.url, "ett-bra-mote")
	Eval[bool](b, `localStorage.setItem("learn:1:/x", "{}"); document.querySelector('[action="/session/end"]').requestSubmit(); true`)
	b.wait("nothing left", `Object.keys(localStorage).filter(k => k.startsWith("learn:")).length === 0`)
}

// A quiz is answered by keyboard alone: an option is moved by its button, which
// keeps the focus and says where the option is now.
func TestAQuizByKeyboard(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.Size(360, 740)
	b.signIn(site, "medarbetare@example.org")
	b.task(site, "prova-dig")
	const order = `[...document.querySelectorAll(".ranking li > span")].map(e => e.innerText).join("|")`
	before := Eval[string](b, order)
	Eval[bool](b, `document.querySelector('.ranking [data-move="down"]').focus(); true`)
	b.Press("\r")
	after := Eval[string](b, order)
	names := strings.Split(before, "|")
	names[0], names[1] = names[1], names[0]
	if after != strings.Join(names, "|") {
		t.Errorf("the order is %s, before %s", after, before)
	}
	if said := Eval[string](b, `document.querySelector("[data-moved]").textContent`); said != "Nu på plats 2 av "+string(rune('0'+len(names))) {
		t.Errorf("it says %q", said)
	}
	if Eval[string](b, `document.activeElement.closest("li")?.querySelector("span").innerText ?? ""`) != names[1] {
		t.Error("the button has lost the focus")
	}
	b.wait("what is saved", allSent)
	b.task(site, "prova-dig")
	if kept := Eval[string](b, order); kept != after {
		t.Errorf("the order is not kept: %s", kept)
	}
	// Handed in with nothing chosen: the summary is read first.
	b.Follow(func() { b.Click(`.task .actions button[value="submit"]`) })
	if Eval[string](b, `document.activeElement.className`) != "errors" {
		t.Errorf("the focus is not on the summary:\n%s", b.Text())
	}
	Eval[bool](b, `(() => {
		for (const name of ["q0", "q1"]) document.querySelector('[name="' + name + '"]').click();
		for (const s of document.querySelectorAll("select")) { s.selectedIndex = 1; s.dispatchEvent(new Event("input", {bubbles: true})); }
		return true;
	})()`)
	b.do(chromedp.SendKeys("textarea", "Jag frågar vad personen själv vill."))
	b.wait("the script", ready)
	b.Click(`.task .actions button[value="submit"]`)
	b.wait("how it went", `document.querySelector(".score") !== null && location.hash === "#result"`)
	for _, problem := range b.Problems() {
		t.Error(problem)
	}
	if text := b.Text(); !strings.Contains(text, "rätt") || !strings.Contains(text, "Försök igen") || !strings.Contains(text, "Ett exempel på svar") {
		t.Errorf("the result:\n%s", text)
	}
	b.Click(`.task .actions button[value="again"]`)
	b.wait("another try", `document.querySelector(".ranking") !== null`)
}

// A reflection that is open in two tabs is not written over unknowingly, and a word
// that was typed just before a reload is still there after it.
func TestTwoTabsAndAReload(t *testing.T) {
	site := demoSite(t, sqlite(t))
	first, second := Open(t), Open(t)
	for _, b := range []*Browser{first, second} {
		b.signIn(site, "medarbetare@example.org")
		b.task(site, "ett-bra-mote")
	}
	first.do(chromedp.SendKeys("textarea", "Den första."))
	first.wait("what is saved", allSent)
	second.do(chromedp.SendKeys("textarea", "Den andra."))
	second.wait("that it is told", `document.querySelector(".saved").dataset.state === "refused"`)
	if told := Eval[string](second, `document.querySelector(".saved").textContent`); !strings.HasPrefix(told, "Inte sparat: svaret är ändrat i en annan flik") {
		t.Errorf("it says %q", told)
	}
	first.task(site, "ett-bra-mote")
	if text := Eval[string](first, `document.querySelector("textarea").value`); text != "Den första." {
		t.Errorf("the text is %q", text)
	}
	second.Click(`[data-when]:not([hidden]) button[value="save"]`)
	second.wait("what is saved", `document.querySelector(".saved").dataset.state === "saved"`)

	first.task(site, "ett-bra-mote")
	Eval[bool](first, `const t = document.querySelector("textarea"); t.value += " Och mer."; t.dispatchEvent(new Event("input", {bubbles: true})); location.reload(); true`)
	first.wait("the script", ready)
	first.wait("the text", `document.querySelector("textarea").value === "Den andra. Och mer."`)
}

// Without script the same forms do the same.
func TestALessonWithoutScript(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.signIn(site, "medarbetare@example.org")
	b.Visit(site + "/courses/bas-3")
	b.Follow(func() { b.Click(".next .button") })
	b.Follow(func() { b.Click(`button[name="done"][value="yes"]`) })
	if text := b.Text(); !strings.Contains(text, "Uppgiften är klar.") || !strings.Contains(text, "Nästa uppgift") {
		t.Errorf("after the button:\n%s", text)
	}
	b.Visit(site + "/courses/bas-3/tasks/prova-dig")
	const order = `[...document.querySelectorAll(".ranking li > span")].map(e => e.innerText).join("|")`
	before := Eval[string](b, order)
	b.Follow(func() { b.Click(`.ranking li:nth-child(2) [data-move="up"]`) })
	if after := Eval[string](b, order); after == before {
		t.Error("nothing has moved")
	}
}

// A task of every kind, on a phone and on a desktop: axe-core finds nothing, and
// nothing is wider than the window.
func TestEveryKindOfTaskIsAccessible(t *testing.T) {
	site := demoSite(t, sqlite(t))
	b := Open(t)
	b.signIn(site, "medarbetare@example.org")
	for _, window := range []struct {
		width  int64
		scheme string
	}{{320, "dark"}, {1280, "light"}} {
		b.Size(window.width, 740)
		b.Scheme(window.scheme)
		b.Visit(site + "/courses/bas-3")
		kinds := map[string]bool{}
		for _, path := range b.Links() {
			if !strings.HasPrefix(path, "/courses/bas-3/tasks/") {
				continue
			}
			b.Visit(site + path)
			kinds[Eval[string](b, `document.querySelector("form[data-learn]").dataset.kind`)] = true
			for _, problem := range b.Problems() {
				t.Errorf("%s at %d pixels, %s: %s", path, window.width, window.scheme, problem)
			}
		}
		if len(kinds) != 8 {
			t.Errorf("only %v were seen", kinds)
		}
	}
}

// Films, sounds and papers come from the address that uploaded files have of their own.
func TestMediaPlayFromTheFilesOwnAddress(t *testing.T) {
	site := demoSiteWith(t, sqlite(t), "127.0.0.1", "localhost")
	b := Open(t)
	b.Size(360, 740)
	b.signIn(site, "medarbetare@example.org")
	for _, key := range []string{"miljon-gor-skillnad", "trotthet"} {
		b.Visit(site + "/courses/bas-3/tasks/" + key)
		b.wait("the player of "+key, `document.querySelector("video, audio")?.readyState >= 1`)
	}
}
