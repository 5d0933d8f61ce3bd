package browsertest

import (
	"strings"
	"testing"
)

// Where there is no network the product still tells of the coming days and gives the
// tasks that were opened, and a phone may keep it among its apps.
func TestWithoutANetworkTheComingDaysAndOpenedTasksAreThere(t *testing.T) {
	n := newNetwork(t, demoSite(t, sqlite(t)))
	b := Open(t)
	b.Size(360, 740)
	b.signIn(n.url, "medarbetare@example.org")
	Eval[bool](b, `navigator.serviceWorker.ready.then(() => true)`)
	b.wait("that the worker has taken over", `!!navigator.serviceWorker.controller`)
	b.task(n.url, "valkommen")
	title := Eval[string](b, `document.querySelector("h1").textContent.trim()`)
	b.Visit(n.url + "/")
	b.wait("what is kept", `caches.open("pages").then(c => c.keys()).then(all => all.length >= 2)`)

	n.cut.Store(true)
	b.Visit(n.url + "/rounds")
	text := Eval[string](b, `document.querySelector("main").innerText`)
	for _, want := range []string{"Du är utan nät", "Kursdag: Samtal och delaktighet", title} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if wide := Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the page is %d px wide", wide)
	}
	b.Follow(func() { b.Click(`#opened a, section[aria-labelledby="opened"] a`) })
	if got := Eval[string](b, `document.querySelector("h1").textContent.trim()`); got != title {
		t.Errorf("the link leads to %q, want %q", got, title)
	}

	n.cut.Store(false)
	b.Visit(n.url + "/")
	b.Follow(func() { Eval[bool](b, `document.querySelector('form[action="/session/end"]').requestSubmit() ?? true`) })
	b.wait("that nothing is kept", `caches.has("pages").then(has => !has)`)

	manifest := Eval[string](b, `fetch(document.querySelector("link[rel=manifest]").href).then(r => r.json()).then(async (m) => {
		for (const icon of m.icons) {
			const r = await fetch(new URL(icon.src, document.querySelector("link[rel=manifest]").href));
			if (!r.ok || !r.headers.get("Content-Type").startsWith(icon.type)) return icon.src;
		}
		return m.start_url + " " + m.display;
	})`)
	if manifest != "/ standalone" {
		t.Errorf("the manifest says %q", manifest)
	}
}
