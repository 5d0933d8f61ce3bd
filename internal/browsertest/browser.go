// Package browsertest tries the product in a real browser, as its users do:
// Chromium, driven over the DevTools protocol, against a server of the demo.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Browser is a Chromium window; it closes with the test.
type Browser struct {
	t   testing.TB
	ctx context.Context
	axe string
}

// Open starts Chromium. A machine without it is a failure, not a skip.
func Open(t testing.TB) *Browser {
	t.Helper()
	return OpenAt(t, "")
}

// OpenAt is Open with a folder in which the browser keeps what it is to know
// when it is opened again; empty for a browser that forgets.
func OpenAt(t testing.TB, profile string) *Browser {
	t.Helper()
	path := chromium(t)
	_, here, _, _ := runtime.Caller(0)
	axe, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal("axe-core is missing: run make setup:", err)
	}
	options := chromedp.DefaultExecAllocatorOptions[:]
	if profile != "" {
		options = append(options, chromedp.UserDataDir(profile))
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(options,
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"),
	)...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	b := &Browser{t: t, ctx: ctx, axe: string(axe)}
	// The first step starts the browser, which lives as long as that step's
	// context: it must not be one with a time limit.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	b.Scheme("light") // and without motion: a click during a transition is lost
	return b
}

// Close closes the browser as its user does.
func (b *Browser) Close() {
	b.t.Helper()
	if err := chromedp.Cancel(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("Chromium is missing: scripts/install-test-needs installs it")
	return ""
}

// patience is how long one step in the browser may take.
const patience = 30 * time.Second

func (b *Browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// Size makes the window so many pixels wide and high.
func (b *Browser) Size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// Visit opens the address.
func (b *Browser) Visit(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// Click clicks what the selector finds on the page.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(selector))
}

// Follow does something that leads to another page, and waits for that page.
func (b *Browser) Follow(leave func()) {
	b.t.Helper()
	Eval[bool](b, `window.leaving = true`)
	leave()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	for {
		// Between two pages there is nothing to ask: an error means "not yet".
		arrived, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!window.leaving && document.readyState === "complete"`))
		if err == nil && arrived {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("no page follows: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Type empties a field and writes into it, key by key.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.do(chromedp.Clear(selector), chromedp.SendKeys(selector, text))
}

// Press presses a key, as in "\t" or "\r".
func (b *Browser) Press(key string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key))
}

// Path is the address of the page without its host.
func (b *Browser) Path() string {
	b.t.Helper()
	return Eval[string](b, `location.pathname + location.search`)
}

// Text is the page's visible text.
func (b *Browser) Text() string {
	b.t.Helper()
	return Eval[string](b, `document.body.innerText`)
}

// Eval is the value of an expression in the page.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return value
}

// Screenshot writes a picture of the whole page.
func (b *Browser) Screenshot(file string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// violation is what axe-core finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Axe reports what axe-core finds wrong with the page by the rules of WCAG 2.2
// A and AA and good practice.
func (b *Browser) Axe() []string {
	b.t.Helper()
	if !Eval[bool](b, `typeof axe === "object"`) {
		Eval[bool](b, b.axe+";true")
	}
	// Colours are judged when nothing moves any more.
	result := Eval[string](b, `(async () => {
		await Promise.all(document.getAnimations().filter(a => a.timeline === document.timeline).map(a => a.finished.catch(() => {})));
		const found = await axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}});
		return JSON.stringify(found.violations);
	})()`)
	var violations []violation
	if err := json.Unmarshal([]byte(result), &violations); err != nil {
		b.t.Fatal(err)
	}
	var lines []string
	for _, v := range violations {
		for _, n := range v.Nodes {
			lines = append(lines, fmt.Sprintf("%s: %s\n\t%s\n\t%s", v.ID, v.Help, n.HTML, strings.ReplaceAll(n.Summary, "\n", " ")))
		}
	}
	return lines
}

// Overflow is by how many pixels the page is wider than its window.
func (b *Browser) Overflow() int {
	b.t.Helper()
	return Eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// widest are the innermost elements that reach beyond the window.
func (b *Browser) widest() string {
	b.t.Helper()
	return Eval[string](b, `(() => {
		const edge = document.documentElement.clientWidth + 1;
		const beyond = [...document.querySelectorAll("main *, header *")].filter(e => e.checkVisibility() && !e.closest(".scrolls") && e.getBoundingClientRect().right > edge);
		return beyond.filter(e => !beyond.some(o => o !== e && e.contains(o))).slice(0, 3).map(e => e.parentElement.outerHTML.slice(0, 200)).join("\n\t");
	})()`)
}

// Links are the addresses, with their query and without their fragment, of the
// links to our own pages.
func (b *Browser) Links() []string {
	b.t.Helper()
	return Eval[[]string](b, `[...new Set([...document.querySelectorAll("a[href]")]
		.filter(a => a.origin === location.origin && !a.hasAttribute("download"))
		.map(a => a.pathname + a.search))]`)
}

// Source is the page as the server sends it.
func (b *Browser) Source() string {
	b.t.Helper()
	return Eval[string](b, `fetch(location.href).then(a => a.text())`)
}

// Refused are the links that the server answers with an error, with its status. Those
// in followed have been asked for before; these join them.
func (b *Browser) Refused(links []string, followed map[string]bool) []string {
	b.t.Helper()
	var refused []string
	for _, link := range links {
		if followed[link] {
			continue
		}
		followed[link] = true
		if status := Eval[int](b, fmt.Sprintf(`fetch(%q, {redirect: "manual"}).then(a => { a.body?.cancel(); return a.status; })`, link)); status >= 400 {
			refused = append(refused, fmt.Sprintf("%s answers %d", link, status))
		}
	}
	return refused
}

// Speak makes the pages speak the language.
func (b *Browser) Speak(code string) {
	b.t.Helper()
	Eval[int](b, fmt.Sprintf(`fetch("/language", {method: "POST", body: new URLSearchParams({lang: %q, back: "/sign-in"})}).then(a => a.status)`, code))
}

// Scheme makes the browser ask for light or dark pages.
func (b *Browser) Scheme(scheme string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// Problems are what is wrong with the page that is open: what axe-core finds, a
// page wider than its window, a missing message, or an error page.
func (b *Browser) Problems() []string {
	b.t.Helper()
	problems := b.Axe()
	if n := b.Overflow(); n > 0 {
		problems = append(problems, fmt.Sprintf("the page is %d pixels wider than its window because of %s", n, b.widest()))
	}
	html := Eval[string](b, `document.documentElement.outerHTML`)
	if i := strings.Index(html, "[["); i >= 0 {
		problems = append(problems, "a message is missing: "+html[i:min(i+60, len(html))])
	}
	if status := Eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`); status != 200 {
		problems = append(problems, fmt.Sprintf("the answer has status %d", status))
	}
	return problems
}
