package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

const (
	regional  = "regional@example.org"
	employee  = "medarbetare@example.org"
	teacher   = "utbildare@example.org"
	municipal = "kommunadministrator@example.org"
	national  = "nationell@example.org"
)

// roundWhere is the first round that the condition on r finds.
func (s *site) roundWhere(condition string) int64 {
	s.t.Helper()
	return s.id(`SELECT MIN(r.id) FROM round AS r LEFT JOIN organisation AS o ON o.id = r.region_id WHERE ` + condition)
}

const (
	inDalarna    = `o.slug = 'dalarna' AND `
	isOpen       = inDalarna + `r.published_at IS NOT NULL AND r.confirmed_at IS NULL AND r.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id)`
	isUnseen     = inDalarna + `r.published_at IS NULL`
	isCancelled  = inDalarna + `r.cancelled_at IS NOT NULL`
	isApproved   = inDalarna + `EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.approved_at IS NOT NULL)`
	allHeld      = ` AND NOT EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)`
	isUnapproved = inDalarna + `r.cancelled_at IS NULL AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.approved_at IS NOT NULL)` + allHeld
	isElsewhere  = `o.slug = 'gavleborg' AND r.published_at IS NOT NULL`
)

func (a answer) wants(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d", a.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	if strings.Contains(a.body, "[[") {
		t.Errorf("a message is missing: %s", a.body[strings.Index(a.body, "[["):][:60])
	}
}

func (a answer) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page says %q", text)
		}
	}
}

func path(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func TestTheListOfRoundsKeepsItsViewInTheAddress(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	coming := s.id(`SELECT COUNT(*) FROM round AS r LEFT JOIN organisation AS o ON o.id = r.region_id
		WHERE (r.region_id IS NULL OR o.slug = 'dalarna') AND r.municipality_id IS NULL AND r.cancelled_at IS NULL AND r.last_day >= '2026-11-23' AND (r.published_at IS NOT NULL OR o.slug = 'dalarna')`)
	for name, c := range map[string]struct {
		query        string
		says, hushes []string
	}{
		"what comes is first":            {"", []string{`aria-current="page">Kommande`, fmt.Sprintf("%d kursomgångar", coming)}, []string{"våren 2025"}},
		"what is over has its tab":       {"?show=past", []string{"Handläggning av LVU, hösten 2026", `aria-sort="descending"`}, []string{"våren 2027<"}},
		"what was called off too":        {"?show=cancelled", []string{"Inställd"}, []string{"Genomförd</span>"}},
		"a year shows all of it":         {"?year=2025", []string{"våren 2025", "hösten 2025", "Inställd"}, []string{"våren 2026<"}},
		"a term is half of it":           {"?year=2025&term=vt", []string{"våren 2025"}, []string{"hösten 2025<"}},
		"a course":                       {"?show=all&course=handlaggning-av-lvu", []string{"Handläggning av LVU, hösten 2025"}, []string{"Samtal och delaktighet, "}},
		"a journey":                      {"?show=all&journey=skadligt-bruk-och-beroende", []string{"Uppdrag och ansvar, "}, []string{"Handläggning av LVU, "}},
		"a status":                       {"?status=open", []string{"Öppen för anmälan</span>"}, []string{"Inställd</span>"}},
		"sorted backwards by course":     {"?year=2025&sort=-course", []string{`aria-sort="descending"`, `sort=course`}, nil},
		"nothing found says what to do":  {"?year=2025&course=bas-1", []string{"Inga kursomgångar passar urvalet", "Ta bort urvalet"}, []string{"<table"}},
		"what is unknown does no harm":   {"?course=x&journey=x&status=x&sort=x&page=-3&term=x&year=1", []string{"Kursomgångar"}, nil},
		"a page after the last is shown": {"?page=99", []string{fmt.Sprintf("Visar 1–%d av %d", coming, coming)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := v.get("/rounds" + c.query)
			a.wants(t, http.StatusOK, c.says...)
			a.lacks(t, c.hushes...)
		})
	}
}

func TestRegionsAreChosenByThoseWhoSeeSeveral(t *testing.T) {
	s := newSite(t)
	s.as(regional).get("/rounds").lacks(t, `name="region"`)
	v := s.as(national)
	v.get("/rounds?show=all").wants(t, http.StatusOK, `name="region"`, ">Gävleborg<", ">Nationell<")
	a := v.get("/rounds?show=all&region=gavleborg")
	a.wants(t, http.StatusOK, "Gävleborg")
	a.lacks(t, ">Nationell<", "hösten 2025<")
	v.get("/rounds?show=all&region=national").wants(t, http.StatusOK, "LVU för 18–20 år")
}

func TestAnEmployeeSeesACalmListOfWhatComes(t *testing.T) {
	s := newSite(t)
	a := s.as(employee).get("/rounds")
	a.wants(t, http.StatusOK, "Lediga platser", "Öppen för anmälan")
	a.lacks(t, `name="status"`, "Godkända", "för få", path(`href="/rounds/%d"`, s.roundWhere(isUnseen)), path(`href="/rounds/%d"`, s.roundWhere(isElsewhere)))
}

func TestARoundsPageIsMadeForWhoLooks(t *testing.T) {
	s := newSite(t)
	approved, open := s.roundWhere(isApproved), s.roundWhere(isOpen)
	own := s.id(`SELECT MIN(n.round_id) FROM enrolment AS n JOIN person AS p ON p.id = n.person_id WHERE p.email = $1 AND n.approved_at IS NOT NULL`, employee)

	t.Run("the region's administrator sees everything and may change it", func(t *testing.T) {
		a := s.as(regional).get(path("/rounds/%d", approved))
		a.wants(t, http.StatusOK, "Fakturerad", "650", "Ändra närvaro", "Avgift och pott", "Ta tillbaka", "Vad som har hänt", "Kursledare, ", "Närvarande")
		a = s.as(regional).get(path("/rounds/%d", open))
		a.wants(t, http.StatusOK, "Bekräfta kursomgången", "Ställ in kursomgången", "deltagare förlorar sin plats", "Öppnar ")
	})
	t.Run("an employee sees their own place and marks, and nobody else", func(t *testing.T) {
		a := s.as(employee).get(path("/rounds/%d", own))
		a.wants(t, http.StatusOK, "Din plats", "Godkänd på kursen", "Ja, ")
		a.lacks(t, "Ta tillbaka", "Ändra närvaro", "Avgift och pott", "Fakturerad", "Vad som har hänt", `id="participants"`)
		if strings.Index(a.body, "Din plats") > strings.Index(a.body, "Om kursomgången") {
			t.Error("the own place does not come first")
		}
	})
	t.Run("a municipality sees its own", func(t *testing.T) {
		a := s.as(municipal).get(path("/rounds/%d", approved))
		a.wants(t, http.StatusOK, "Du ser dem som du ansvarar för", "Avgift och pott", `data-label="Kommun">Borlänge`)
		a.lacks(t, `data-label="Kommun">Falun`, "Ta tillbaka", "Ändra närvaro")
	})
	t.Run("who holds a day registers its attendance", func(t *testing.T) {
		due := s.id(`SELECT MIN(d.round_id) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id JOIN person AS p ON p.id = t.person_id
			JOIN round AS r ON r.id = d.round_id WHERE p.email = $1 AND d.held_at IS NULL AND r.cancelled_at IS NULL AND d.day < '2026-11-23'`, teacher)
		a := s.as(teacher).get(path("/rounds/%d", due))
		a.wants(t, http.StatusOK, "Nästa steg för dig", "Registrera närvaro")
		a.lacks(t, "Ställ in kursomgången", "Avgift och pott")
	})
	t.Run("a cancelled round says why", func(t *testing.T) {
		a := s.as(regional).get(path("/rounds/%d", s.roundWhere(isCancelled)))
		a.wants(t, http.StatusOK, "Kursomgången ställdes in", "Skäl: ")
		a.lacks(t, `class="chain"`, "Ställ in kursomgången", "Bekräfta kursomgången")
	})
	t.Run("in English too", func(t *testing.T) {
		v := s.as(regional)
		v.post("/language", url.Values{"lang": {"en"}})
		v.get(path("/rounds/%d", approved)).wants(t, http.StatusOK, "Change attendance", "Withdraw")
		v.get("/rounds").wants(t, http.StatusOK, "Course rounds")
	})
}

func TestWhatIsForeignIsNotFound(t *testing.T) {
	s := newSite(t)
	foreign, open := s.roundWhere(isElsewhere), s.roundWhere(isOpen)
	foreignDay := s.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, foreign)
	openDay := s.id(`SELECT MIN(id) FROM course_day WHERE round_id = $1`, open)
	foreignSeat := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id = $1`, foreign)
	ownSeat := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id = $1`, s.roundWhere(isApproved))
	for who, paths := range map[string][]string{
		regional:  {path("/rounds/%d", foreign), path("/days/%d/attendance", foreignDay), path("/enrolments/%d/unapproval", foreignSeat), "/enrolments/999999/unapproval", "/days/999999/attendance"},
		employee:  {path("/rounds/%d", s.roundWhere(isUnseen)), path("/rounds/%d", foreign), path("/days/%d/attendance", openDay), path("/enrolments/%d/unapproval", ownSeat)},
		municipal: {path("/days/%d/attendance", openDay), path("/enrolments/%d/unapproval", ownSeat), path("/rounds/%d", s.roundWhere(isUnseen))},
	} {
		v := s.as(who)
		for _, p := range paths {
			if a := v.get(p); a.status != http.StatusNotFound {
				t.Errorf("GET %s as %s: status %d", p, who, a.status)
			}
		}
	}
	v := s.as(municipal)
	for _, form := range []string{"publication", "confirmation", "cancellation", "approvals"} {
		if a := v.post(path("/rounds/%d/%s", open, form), url.Values{"reason": {"Skäl"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", form, a.status)
		}
	}
	for _, p := range []string{path("/days/%d/attendance", openDay), path("/enrolments/%d/unapproval", ownSeat)} {
		if a := v.post(p, url.Values{"reason": {"Skäl"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", p, a.status)
		}
	}
}

func TestARoundIsPublishedConfirmedAndCancelled(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	id := s.roundWhere(isUnseen)
	page := path("/rounds/%d", id)
	v.get(page).wants(t, http.StatusOK, "Publicera kursomgången?", "syns då för alla i Dalarna")
	v.post(page+"/confirmation", nil).wants(t, http.StatusConflict, "Publicera kursomgången först", "Om kursomgången")

	a := v.post(page+"/publication", nil)
	if a.status != http.StatusSeeOther || a.location != page {
		t.Fatalf("publishing: status %d, to %s", a.status, a.location)
	}
	v.get(page).wants(t, http.StatusOK, "Kursomgången är publicerad.", "Bekräfta kursomgången?")
	v.post(page+"/publication", nil).wants(t, http.StatusConflict, "redan publicerad", "Om kursomgången")

	v.post(page+"/confirmation", nil)
	a = v.get(page)
	a.wants(t, http.StatusOK, "Kursomgången är bekräftad.", "Bekräftad</span>")
	a.lacks(t, "Bekräfta kursomgången?")

	long := strings.Repeat("å", 501)
	v.post(page+"/cancellation", url.Values{"reason": {" "}}).wants(t, http.StatusUnprocessableEntity, "Fel:", "Skriv varför.", `id="f-reason"`, "<dialog")
	v.post(page+"/cancellation", url.Values{"reason": {long}}).wants(t, http.StatusUnprocessableEntity, "för lång", long)

	v.post(page+"/cancellation", url.Values{"reason": {"Kvarskrivet"}}).wants(t, http.StatusUnprocessableEntity, "Välj varför kursomgången ställs in.", "Kvarskrivet")
	v.post(page+"/cancellation", url.Values{"cause": {"no_trainer"}, "reason": {"Kursledaren är sjuk"}})
	v.get(page).wants(t, http.StatusOK, "Kursomgången är inställd.", "Skäl: Kursledaren är sjuk", "Kursomgången ställdes in")
	s.begins(id, clock.Date(2026, 12, 20))
	s.ends(id, clock.Date(2026, 12, 20))
	v.get("/regions/dalarna/figures").wants(t, http.StatusOK, "Inställda kursomgångar", "Utbildare saknas: 1", "Kursledaren är sjuk")
	v.post(page+"/cancellation", url.Values{"cause": {"other"}, "reason": {"Igen"}}).wants(t, http.StatusConflict, "Kursomgången är inställd.")

	held := path("/rounds/%d", s.roundWhere(isApproved))
	v.post(held+"/cancellation", url.Values{"cause": {"other"}, "reason": {"Ångrat mig"}}).wants(t, http.StatusConflict, "har redan börjat")
}

func TestParticipantsAreApprovedAndTakenBack(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	id := s.roundWhere(isUnapproved)
	page := path("/rounds/%d", id)
	day, err := db.Row(t.Context(), s.db.Reader(), db.One[clock.Day], `SELECT last_day FROM round WHERE id = $1`, id)
	if err != nil {
		t.Fatal(err)
	}
	last := day.String()
	seats := s.ids(`SELECT id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, id)
	whole, part := seats[0], seats[1]
	s.marked(whole, round.Present)
	s.marked(part, round.Absent)
	v.get(page).wants(t, http.StatusOK, "Godkänn deltagarna?", "lämnas utanför", "Varför godkänns deltagaren ändå?")

	t.Run("nobody chosen", func(t *testing.T) {
		v.post(page+"/approvals", url.Values{"on": {last}}).wants(t, http.StatusUnprocessableEntity, "Välj minst en deltagare", `id="f-approve"`)
	})
	t.Run("a day that is none", func(t *testing.T) {
		v.post(page+"/approvals", url.Values{"on": {"i går"}, "approve": {path("%d", whole)}}).
			wants(t, http.StatusUnprocessableEntity, "Skriv ett datum", `value="i går"`, path(`value="%d" checked`, whole))
	})
	t.Run("who missed a day needs a reason, and what was typed stays", func(t *testing.T) {
		a := v.post(page+"/approvals", url.Values{"on": {last}, "approve": {path("%d", whole), path("%d", part)}})
		a.wants(t, http.StatusUnprocessableEntity, "har inte varit med alla dagar", path(`href="#f-approve_%d"`, part), path(`value="%d" checked`, part))
		if n := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND approved_at IS NOT NULL`, id); n != 0 {
			t.Errorf("%d were approved", n)
		}
	})
	t.Run("a seat of another round", func(t *testing.T) {
		other := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id <> $1`, id)
		v.post(page+"/approvals", url.Values{"on": {last}, "approve": {path("%d", other)}}).wants(t, http.StatusUnprocessableEntity, "hör inte till kursomgången")
	})
	t.Run("both, with a reason", func(t *testing.T) {
		a := v.post(page+"/approvals", url.Values{
			"on": {last}, "approve": {path("%d", whole), path("%d", part)}, path("reason_%d", part): {"Har läst in det hemma"},
		})
		if a.status != http.StatusSeeOther {
			t.Fatalf("status %d", a.status)
		}
		v.get(page).wants(t, http.StatusOK, "Deltagarna är godkända.", "Har läst in det hemma", path("/enrolments/%d/unapproval", part))
	})
	t.Run("and one taken back", func(t *testing.T) {
		question := path("/enrolments/%d/unapproval", part)
		v.get(question).wants(t, http.StatusOK, "Ta tillbaka godkännandet för", "Varför?")
		v.post(question, url.Values{"reason": {"  "}}).wants(t, http.StatusUnprocessableEntity, "Fel:", "Skriv varför.")
		long := strings.Repeat("ö", 501)
		v.post(question, url.Values{"reason": {long}}).wants(t, http.StatusUnprocessableEntity, "för lång", long)
		if a := v.post(question, url.Values{"reason": {"Fel person"}}); a.status != http.StatusSeeOther || a.location != page {
			t.Fatalf("status %d, to %s", a.status, a.location)
		}
		v.get(page).wants(t, http.StatusOK, "är tillbakataget", "Fel person")
		v.get(question).wants(t, http.StatusOK, "Deltagaren är inte godkänd.")
		v.post(question, url.Values{"reason": {"Igen"}}).wants(t, http.StatusConflict, "Deltagaren är inte godkänd.")
	})
}
