package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/rollout"
)

// A manager who sees the product for the first time, on a phone, finds the way by
// what the pages offer: the team's courses, a seat for one, an occasion of the
// unit's own, who was there, and who is on leave.
func TestAManagersWalk(t *testing.T) {
	d := sqlite(t)
	site := demoSite(t, d)
	b := Open(t)
	b.Size(360, 740)
	b.signIn(site, "chef@example.org")
	check := func(where string) {
		t.Helper()
		for _, problem := range b.Problems() {
			t.Errorf("%s: %s", where, problem)
		}
	}
	follow := func(selector string) {
		t.Helper()
		b.Follow(func() { b.Click(selector) })
	}
	says := func(words ...string) {
		t.Helper()
		for _, text := range words {
			if !strings.Contains(b.Text(), text) {
				t.Errorf("%s does not say %q:\n%s", b.Path(), text, b.Text())
			}
		}
	}
	check("the start page")
	number := func(query string, args ...any) int64 {
		t.Helper()
		found, err := db.Rows(t.Context(), d.Reader(), db.One[int64], query, args...)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", query, found, err)
		}
		return found[0]
	}

	// From the table of the team to a seat for one.
	follow(`main a[href="/my/staff"]`)
	check("the team's courses")
	course := number(`SELECT id FROM course WHERE slug = 'arbeta-med-familjehem'`)
	follow(fmt.Sprintf(`main a[href*="course=%d&"][href*="person="]`, course))
	check("who misses the course")
	follow(`main a[href*="/signup?"][href*="person="]`)
	check("the sign-up")
	if ticked := Eval[int](b, `document.querySelectorAll("main input[name=person]:checked").length`); ticked != 1 {
		t.Fatalf("%d people are ticked", ticked)
	}
	follow(`main form[action$="/enrolments"] button.button:not(.secondary)`)
	says("1 fick plats")
	check("the occasion with one more")

	// An occasion for those who are left.
	b.Visit(fmt.Sprintf("%s/my/staff?course=%d&missing=1", site, course))
	follow(`main a[href*="/rounds/new?course="]`)
	check("the form of an occasion")
	day := rollout.NextWorkday(clock.System().Day() + 40)
	Eval[bool](b, `document.querySelector('[name="days.0.day"]').value = "`+day.String()+`"; document.querySelector('[name="days.0.starts"]').value = "13:00"; document.querySelector('[name="days.0.ends"]').value = "15:00"; true`)
	b.Type(`[name="days.0.place"]`, "Köket")
	b.Follow(func() { b.Press("\r") }) // as by keyboard: Enter sends the form
	says("Tillfället är planerat", "Köket", "På arbetsplatsen")
	check("the planned occasion")

	// An employee says so of herself; the manager says otherwise of another.
	other := Open(t)
	other.Size(360, 740)
	other.signIn(site, "medarbetare@example.org")
	other.Follow(func() { other.Click(`form[action$="/own-word"] button`) })
	if text := other.Text(); !strings.Contains(text, "Du har genomfört kursen") {
		t.Errorf("after \"I was there\":\n%s", text)
	}
	for _, problem := range other.Problems() {
		t.Errorf("after \"I was there\": %s", problem)
	}
	b.Visit(site + "/")
	follow(`main a[href^="/rounds/"]`)
	says("har själva sagt att de var med")
	check("the occasion that has been")
	follow(`main a[href$="/attendance"]`)
	check("the list of those who were there")
	said := Eval[string](b, `document.querySelector('main input[value="present"]:checked').name`)
	b.Click(`input[name="` + said + `"][value="absent"]`)
	b.do(chromedp.SendKeys(`input[name="reason_`+strings.TrimPrefix(said, "mark_")+`"]`, "Fick åka hem"))
	b.Click(`main button[data-preset]`)
	follow(`main form button.button:not(.secondary)`)
	says("var med", "Fick åka hem", "Klar")
	check("the occasion with its attendance")

	// Leave, in the dark and on a desktop.
	b.Size(1280, 800)
	b.Scheme("dark")
	b.Visit(site + "/my/staff")
	check("the team's courses in the dark")
	follow(`main tbody a[href^="/people/"]`)
	follow(`main a[href*="form=away"]`)
	check("the form of leave")
	Eval[bool](b, `document.querySelector('[name="from"]').value = "`+clock.System().Day().String()+`"; true`)
	follow(`form[action$="/leave"] button`)
	says("Tjänstledig")
	check("a person on leave")
}

// Touching nothing and saving a list with gaps writes nothing, with the script as
// without it; a button that fills in saves nothing either.
func TestARefusedListWritesNothing(t *testing.T) {
	d := sqlite(t)
	site := demoSite(t, d)
	b := Open(t)
	b.Size(360, 740)
	b.signIn(site, "chef@example.org")
	count := func(source string) int64 {
		t.Helper()
		n, err := db.Row(t.Context(), d.Reader(), db.One[int64], `SELECT COUNT(*) FROM attendance WHERE source = $1`, source)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	b.Follow(func() { b.Click(`main a[href^="/rounds/"]`) })
	b.Follow(func() { b.Click(`main a[href$="/attendance"]`) })
	b.ready()
	own, managers := count("own"), count("trainer")
	if own == 0 {
		t.Fatal("nobody has said anything of themselves")
	}
	if text := b.Text(); !strings.Contains(text, "Spara och bekräfta") || !strings.Contains(text, "Varje val du gör sparas direkt") {
		t.Errorf("the list does not say what its button does:\n%s", text)
	}
	b.Follow(func() { b.Click(`.save .button`) })
	if text := b.Text(); !strings.Contains(text, "behöver rättas") {
		t.Errorf("it is not refused:\n%s", text)
	}
	if count("own") != own || count("trainer") != managers {
		t.Errorf("a refused list leaves %d own words of %d, and %d others of %d", count("own"), own, count("trainer"), managers)
	}
	b.ready()
	b.Click(`main button[data-preset]`)
	b.says("ifyllda men inte sparade")
	for _, problem := range append(b.Axe(), overflow(b)...) {
		t.Errorf("filled in: %s", problem)
	}
	if count("own") != own || count("trainer") != managers {
		t.Error("filling in saves")
	}
	b.Follow(func() { b.Click(`.save .button`) })
	if !strings.HasPrefix(b.Path(), "/rounds/") || count("own") >= own || count("trainer") <= managers {
		t.Errorf("a whole list leads to %s and leaves %d own words of %d, and %d others of %d", b.Path(), count("own"), own, count("trainer"), managers)
	}
}
