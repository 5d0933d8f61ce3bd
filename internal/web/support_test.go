package web_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/audit"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/file"
)

// Support sees the pages of somebody with their consent, for a while, and only looks.
func TestSupportSeesThePagesWithConsentAndOnlyLooks(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { supportLooks(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.EmptyPostgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		supportLooks(t, siteOver(t, d))
	})
}

func supportLooks(t *testing.T, s *site) {
	learner, operator := s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`), s.id(`SELECT id FROM person WHERE email = 'drift@example.org'`)
	name := s.text(`SELECT given_name FROM person WHERE email = 'medarbetare@example.org'`)
	person := "/people/" + strconv.FormatInt(learner, 10)
	support, user := s.as("drift@example.org"), s.as("medarbetare@example.org")
	must := func(what string, got answer, want int) {
		t.Helper()
		if got.status != want {
			t.Fatalf("%s: status %d, want %d", what, got.status, want)
		}
	}
	must("without a reason", support.post(person+"/support", url.Values{"reason": {" "}}), 422)
	must("a manager asks", s.as("chef@example.org").post(person+"/support", url.Values{"reason": {"vill se"}}), 403)
	must("asks", support.post(person+"/support", url.Values{"reason": {"når inte kursen"}}), 303)
	if got := s.text(`SELECT body FROM person_letter WHERE kind = 'support' AND person_id = $1`, learner); !strings.Contains(got, "Varför: når inte kursen") || !strings.Contains(got, "/my/page/support") {
		t.Errorf("the letter to them: %q", got)
	}
	must("asks twice", support.post(person+"/support", url.Values{"reason": {"når inte kursen"}}), 409)
	view := strconv.FormatInt(s.id(`SELECT MAX(id) FROM support_view`), 10)
	enter := func() answer { return support.post("/support/"+view+"/entry", nil) }
	must("enters without consent", enter(), 404)
	must("another consents", s.as("chef@example.org").post("/my/page/support/"+view+"/consent", nil), 404)
	must("support consents itself", support.post("/my/page/support/"+view+"/consent", nil), 404)
	if page := user.get("/my/page/support"); !strings.Contains(page.body, "når inte kursen") || !strings.Contains(page.body, "Ja, i 60 minuter") {
		t.Error("the person does not read the question")
	}
	must("consents", user.post("/my/page/support/"+view+"/consent", nil), 303)
	must("consents twice", user.post("/my/page/support/"+view+"/consent", nil), 409)
	must("enters", enter(), 303)

	// Everything is the person's, said so on each page, and written before it is shown.
	before := len(s.audited())
	changed := func() string {
		return s.text(`SELECT COUNT(*) || '/' || MAX(id) FROM round_event`) + s.text(`SELECT COUNT(*) || '' FROM remark`) + s.text(`SELECT COUNT(*) || '' FROM progress`) + s.text(`SELECT language FROM person WHERE email = 'medarbetare@example.org'`)
	}
	was := changed()
	page := support.get("/my/page")
	must("looks", page, 200)
	if !strings.Contains(page.body, "Du ser sidorna som "+name) || !strings.Contains(page.body, "medarbetare@example.org") {
		t.Error("the page is not the person's, or does not say so")
	}
	if page.header.Get("Cache-Control") != "no-store" {
		t.Error("the page stays in support's browser")
	}
	if kept := support.get("/offline"); kept.header.Get("Keep-Page") != "" {
		t.Error("support's browser keeps the person's coming days")
	}
	for _, path := range []string{"/my/page/remarks", "/language", "/session/role", "/my/calendar", "/my/absences", "/check-in", "/rounds", "/my/page/support/" + view + "/end"} {
		must("POST "+path, support.post(path, url.Values{"text": {"fel"}, "lang": {"en"}}), 403)
	}
	for _, path := range []string{"/my/page/data", "/my/page/data.json", "/my/sessions", "/tokens"} {
		must("GET "+path, support.get(path), 403)
	}
	if got := changed(); got != was {
		t.Errorf("something was changed: %s, was %s", got, was)
	}
	var read, refused int
	for _, e := range s.audited()[before:] {
		if e.Kind != audit.Support || e.ActorID != operator || e.BehalfID != learner || e.SubjectID != learner {
			t.Errorf("got %+v", e)
		}
		switch e.Act {
		case audit.Read:
			read++
		case audit.Refused:
			refused++
		case audit.Altered, audit.Exported, audit.Erased:
			t.Errorf("something was done: %+v", e)
		}
	}
	if read != 2 || refused != 12 {
		t.Errorf("%d looks and %d refusals are written, want 2 and 12", read, refused)
	}
	log := user.get("/my/page/log").body
	for _, want := range []string{"som såg sidorna som du", "Försökte och fick nej", "Öppnade: supportens insyn"} {
		if !strings.Contains(log, want) {
			t.Errorf("the person's log lacks %q", want)
		}
	}

	must("leaves", support.post("/support/end", nil), 303)
	if page := support.get("/my/page"); strings.Contains(page.body, "Du ser sidorna som") || !strings.Contains(page.body, "drift@example.org") {
		t.Error("support is not itself again")
	}
	// The person ends it: the next page is support's own.
	must("enters again", enter(), 303)
	must("the person ends it", user.post("/my/page/support/"+view+"/end", nil), 303)
	if page := support.get("/my/page"); page.status != 200 || !strings.Contains(page.body, "drift@example.org") {
		t.Error("support goes on after the end")
	}
	must("enters after the end", enter(), 404)
}

// An hour after the consent it is over by itself.
func TestAConsentHoldsForAnHour(t *testing.T) {
	s := newSite(t)
	person := s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`)
	support := s.as("drift@example.org")
	support.post("/people/"+strconv.FormatInt(person, 10)+"/support", url.Values{"reason": {"når inte kursen"}})
	view := strconv.FormatInt(s.id(`SELECT MAX(id) FROM support_view`), 10)
	s.as("medarbetare@example.org").post("/my/page/support/"+view+"/consent", nil)
	const minute = 60_000_000
	for _, c := range []struct {
		after int64
		want  int
	}{{60*minute - 1, 303}, {60 * minute, 404}} {
		later := siteAt(t, s.db, demoNow+clockInstant(c.after))
		got := later.as("drift@example.org").post("/support/"+view+"/entry", nil)
		if got.status != c.want {
			t.Errorf("%d µs after: status %d, want %d", c.after, got.status, c.want)
		}
	}
}

// Who may see what is made by the rules: for many people and every holder of a role, the
// page says exactly what the rules do.
func TestWhoMaySeeWhatIsWhatTheRulesSay(t *testing.T) {
	s := newSite(t)
	sightsAreTheRules(t, s)
	if page := s.as("medarbetare@example.org").get("/my/page/access"); page.status != 200 || !strings.Contains(page.body, "Vem kan se vad om mig") || !slices.ContainsFunc([]string{"Chef", "chef"}, func(w string) bool { return strings.Contains(page.body, w) }) {
		t.Error("the page does not name the manager")
	}
}
