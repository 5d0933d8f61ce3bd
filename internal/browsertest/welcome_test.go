package browsertest

import (
	"context"
	"os"
	"strconv"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/welcome"
)

// From the letter of welcome to the first finished task it takes eight touches at most, and
// nothing is typed.
func TestFromTheLetterOfWelcomeToTheFirstTask(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}
	const address = "nils.ek@example.org"
	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "kommunadministrator@example.org")
	desktop.Visit(c.address + "/municipalities/borlange")
	desktop.Click(`input[name="welcomes"][value="yes"]`)
	desktop.tapTo("Spara om välkomstbrev")
	desktop.reads("Du har sparat om nya får ett välkomstbrev", "Just nu får de det")
	a.look(desktop, "welcome-setting")
	unit := c.id(`SELECT MIN(u.id) FROM organisation AS u JOIN organisation AS m ON m.id = u.municipality_id WHERE u.kind = 'unit' AND m.slug = 'borlange'`)
	journey := c.id(`SELECT id FROM journey WHERE slug = 'funktionshinder-utforare'`)
	desktop.Visit(c.address + "/people/new")
	desktop.put(map[string]string{
		"given_name": "Nils", "family_name": "Ek", "email": address, "organisation": strconv.FormatInt(unit, 10),
		"title": "Stödassistent", "journey": strconv.FormatInt(journey, 10), "years": "0",
	})
	desktop.tapTo("Lägg till person")
	if n, err := welcome.Due(context.Background(), c.d, clock.System()); err != nil || n > 1 {
		t.Fatalf("%d are welcomed, %v", n, err)
	}

	letter := c.letterTo(address, "Välkommen")
	phone := Open(t)
	phone.Size(360, 740)
	touches := 1 // on the link
	phone.Visit(linkIn(t, letter.Text, c.address, "/sign-in/link"))
	a.look(phone, "welcome-link")
	touch := func(words string) {
		t.Helper()
		touches++
		phone.tapTo(words)
	}
	touch("Logga in")
	phone.reads("Hej, Nils")
	a.look(phone, "welcome-start")
	touch("Min resa")
	a.look(phone, "welcome-journey")
	touch("BAS 3")
	touch("Börja")
	a.look(phone, "welcome-task")
	phone.wait("the script", ready)
	touches++
	phone.tap("Markera som klar")
	phone.wait("what is saved", allSent)
	if touches > 8 {
		t.Errorf("%d touches", touches)
	}
	t.Logf("%d touches", touches)
}
