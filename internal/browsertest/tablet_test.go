package browsertest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/tablet"
)

// A manager makes the tablet in the staff room one that the unit shares. Somebody of the
// unit comes in by name and code, goes away from it, and is asked and signed out; the text
// that they were writing is not there for the next.
func TestATabletInTheStaffRoom(t *testing.T) {
	d := sqlite(t)
	site := demoSite(t, d)
	a := &album{folder: os.Getenv(pictures)}
	b := Open(t)
	b.Size(810, 1080)
	b.signIn(site, "chef@example.org")
	b.Visit(site + "/my/staff")
	b.tapTo("Surfplattor")
	a.look(b, "tablets")
	b.put(map[string]string{"name": "Köket"})
	b.tapTo("Gör den gemensam")
	b.reads("Vem är du?", "Surfplattan delas nu av enheten")
	a.look(b, "who")

	worker, err := db.Row(t.Context(), d.Reader(), db.One[string], `
		SELECT TRIM(p.given_name || ' ' || p.family_name)
		FROM person AS p
		JOIN employment AS e ON e.person_id = p.id AND e.to_day IS NULL
		JOIN tablet_code AS c ON c.person_id = p.id
		JOIN role_grant AS g ON g.organisation_id = e.organisation_id AND g.role = 'manager'
		JOIN person AS m ON m.id = g.person_id AND m.email = 'chef@example.org'
		WHERE p.id <> m.id
		ORDER BY p.id
		LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	b.tapTo(worker)
	a.look(b, "code")
	b.Type("input#f-code", "111112")
	b.tapTo("Logga in")
	b.reads("Koden stämmer inte")
	a.take(b, "wrong")
	b.Type("input#f-code", tablet.DemoCode)
	b.Follow(func() { b.Press("\r") })
	b.reads(strings.Fields(worker)[0])
	a.look(b, "in")

	// Half a minute before the end they are asked, and a touch of the button is enough.
	b.Visit(site + "/courses/bas-3")
	later := func(span time.Duration) {
		Eval[bool](b, fmt.Sprintf(`(() => { const now = Date.now; Date.now = () => now() + %d; return true; })()`, span.Milliseconds()))
	}
	later(tablet.Idle - 29*time.Second)
	b.wait("the question", `document.getElementById("idle").open`)
	a.look(b, "asked")
	b.Click("#idle [data-closes]")
	b.wait("the end of the question", `!document.getElementById("idle").open`)
	b.wait("the course", `document.body.innerText.includes("BAS 3")`)
	// Time runs fast, so that a scroll of the page that comes late puts the end off by no more than a second.
	b.Follow(func() {
		Eval[bool](b, fmt.Sprintf(`(() => { const now = Date.now, from = now(); Date.now = () => from + (now() - from) * %d; return true; })()`, 2*int(tablet.Idle.Seconds())))
	})
	if b.Path() != "/tablet" {
		t.Errorf("after five minutes without a touch: %s", b.Path())
	}
	b.reads("Vem är du?")
	b.Visit(site + "/courses/bas-3")
	if b.Path() != "/tablet" {
		t.Errorf("signed out, %s is shown", b.Path())
	}
}
