package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

func TestMyJourneySaysWhereIAmAndWhatIsNext(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	me := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	both := func(t *testing.T, words ...string) {
		t.Helper()
		for _, page := range []string{"/my/journey", "/"} {
			v.get(page).wants(t, http.StatusOK, words...)
		}
	}
	t.Run("with a day today", func(t *testing.T) {
		v.get("/my/journey").wants(t, http.StatusOK, `aria-current="step"`, "Här är du", "2 av 6 kurser i steget är klara. 4 kurser kvar, sedan går du vidare till Van.",
			"Det som kommer", "Sista dag för förberedelsen: Samtal och delaktighet", "Väntar längre fram", "Börjar", "Inte påbörjad", "andra kurser i delresan",
			"Det du har gått", "Klar 12\u00a0mars 2025", "/certificate", "/my/evaluations/handlaggning-med-barnet-i-centrum", "/courses/arbeta-med-familjehem")
		both(t, "Du har kursdag i dag kl.\u00a09.30", `href="/check-in"`, "Checka in")
	})
	t.Run("after today's day comes one's own word, and then what is begun", func(t *testing.T) {
		s.withdrawn(s.ids(`SELECT n.id FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id WHERE n.person_id = $1 AND d.id = $2`, me, s.today())...)
		both(t, "Var du med på")
		s.withdrawn(s.ids(`SELECT n.id FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.person_id = $1 AND r.municipality_id IS NOT NULL`, me)...)
		both(t, "Fortsätt med Samtal och delaktighet", " kvar. Det tar ungefär", `href="/courses/samtal-och-delaktighet/tasks/`)
	})
	t.Run("a course finished lately is to be evaluated", func(t *testing.T) {
		s.withdrawn(s.ids(`SELECT id FROM enrolment WHERE person_id = $1 AND approved_at IS NULL`, me)...)
		s.change(`DELETE FROM progress WHERE person_id = $1`, me)
		s.change(`DELETE FROM study WHERE person_id = $1`, me)
		s.completed(clock.Date(2026, 11, 1), s.ids(`SELECT f.id FROM completion AS f JOIN course AS c ON c.id = f.course_id WHERE f.person_id = $1 AND c.slug = 'utsatthet-och-vald'`, me)...)
		both(t, "Berätta vad du tyckte om Utsatthet och våld")
	})
	t.Run("with nothing under way it says which course is next and when", func(t *testing.T) {
		s.completed(clock.Date(2025, 11, 1), s.ids(`SELECT id FROM completion WHERE person_id = $1`, me)...)
		both(t, "Nästa kurs är ")
	})
	t.Run("without an account it says whom to ask", func(t *testing.T) {
		s.change(`UPDATE account SET closed_on = '2026-11-23' WHERE person_id = $1`, me)
		v.get("/my/journey").wants(t, http.StatusOK, "Du har inget konto i en delresa än", "Be din chef", "Klar 1\u00a0november 2025")
	})
	t.Run("the page of before leads here", func(t *testing.T) {
		if a := v.get("/my/courses"); a.status != http.StatusMovedPermanently || a.location != "/my/journey" {
			t.Errorf("status %d, to %s", a.status, a.location)
		}
	})
}

// Everybody's journey goes with them (domain.md, "Who"): only who may see it
// changes.
func TestWhoMovesToAnotherMunicipalityKeepsEverything(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	me := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	all := regexp.MustCompile(`(?s)<h2 id="(way-barn-och-unga|done)">.*?</section>`)
	before := all.FindAllString(v.get("/my/journey").body, -1)
	paper := v.get(path("/completions/%d/certificate", s.id(`SELECT MIN(id) FROM completion WHERE person_id = $1 AND revoked_at IS NULL`, me))).location
	s.write(func(ctx context.Context, tx *db.Tx) error {
		to, err := organisation.BySlug(ctx, tx, organisation.Municipality, "ludvika")
		if err != nil {
			return err
		}
		return people.Employ(ctx, tx, access.System(), me, to.ID, demoNow.Day(), "Enhetschef")
	})
	s.change(`UPDATE account_role SET role = 'manager' WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)`, me)
	after := all.FindAllString(v.get("/my/journey").body, -1)
	if len(before) != 2 || !slices.Equal(before, after) {
		t.Errorf("before the move:\n%s\nand after it:\n%s", before, after)
	}
	v.get("/my/journey").wants(t, http.StatusOK, "Ludvika", "Du har kursdag i dag")
	s.nobody().get(paper).wants(t, http.StatusOK, "Giltigt intyg", "har genomfört kursen")
}

// byLink is anybody, signed in as everybody is outside the demo.
func (s *site) byLink(person int64) *visitor {
	s.t.Helper()
	secret, err := identity.MakeLink(s.t.Context(), s.db, demoNow, person, "/")
	if err != nil {
		s.t.Fatal(err)
	}
	v := s.nobody()
	if a := v.post("/sign-in/link", url.Values{"token": {secret}}); a.status != http.StatusSeeOther {
		s.t.Fatalf("signing in: status %d", a.status)
	}
	return v
}

// atTheGate is somebody of the demo who stands before the open gate of Ny in
// Barn och unga, signed in, with their account.
func (s *site) atTheGate() (v *visitor, account int64) {
	s.t.Helper()
	for _, person := range s.ids(`SELECT a.person_id FROM account AS a JOIN account_step AS t ON t.account_id = a.id AND t.to_day IS NULL
		JOIN step AS s ON s.id = t.step_id AND s.slug = 'ny' JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'barn-och-unga' WHERE a.closed_on IS NULL`) {
		standings, err := learning.Standings(s.t.Context(), s.db.Reader(), person, demoNow.Day())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, each := range standings {
			if each.Step == "Ny" && each.Open() {
				return s.byLink(person), each.AccountID
			}
		}
	}
	s.t.Fatal("nobody stands before the gate")
	return nil, 0
}

func TestTheGateAsksOneQuestionAndOpensTheNextStep(t *testing.T) {
	s := newSite(t)
	v, account := s.atTheGate()
	gate := path("/my/journey/%d/level-up", account)
	for _, page := range []string{"/", "/my/journey"} {
		v.get(page).wants(t, http.StatusOK, "Du har gått alla kurser i steget Ny", "Gå vidare till Van", `href="`+gate+`"`)
	}
	v.get(gate).wants(t, http.StatusOK, "Från Ny till Van", "Hur har du upplevt kurserna i steget?", "Mycket bra", "Varken bra eller dåligt", "Mycket dåligt", "Ingen uppfattning", "när minst fem har svarat")

	v.post(gate, url.Values{"text": {"Bra"}}).wants(t, http.StatusUnprocessableEntity, "Fel:", "Välj ett av svaren", `href="#f-grade"`, ">Bra</textarea>")
	v.post(gate, url.Values{"grade": {"splendid"}}).wants(t, http.StatusUnprocessableEntity, "Välj ett av svaren")
	long := strings.Repeat("å", 2001)
	v.post(gate, url.Values{"grade": {"very_good"}, "text": {long}}).wants(t, http.StatusUnprocessableEntity, "Skriv högst", `href="#f-text"`, long, `value="very_good" checked`)

	if a := v.post(gate, url.Values{"grade": {"fairly_good"}, "text": {"Bra övningar"}}); a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, gate+"?passed=") {
		t.Fatalf("status %d, to %s: %s", a.status, a.location, a.body)
	}
	a := v.get(path("%s?passed=%d", gate, s.id(`SELECT id FROM level_up WHERE account_id = $1`, account)))
	a.wants(t, http.StatusOK, "Grattis! Du är klar med steget Ny", "Nu är du i steget Van i Barn och unga", "Öppna intyget")
	a.lacks(t, "Bra övningar")
	v.post(gate, url.Values{"grade": {"very_bad"}}).wants(t, http.StatusConflict)
	v.get("/my/journey").wants(t, http.StatusOK, "Bakom dig", "Du gick vidare", "Här är du", "Barn och unga, steg Ny")
	v.get(gate).wants(t, http.StatusOK, "Du är inte klar med steget Van än", "Intyg för steget Ny")

	// Moved back, they go on without a second answer.
	if err := s.db.Write(s.t.Context(), func(tx *db.Tx) error {
		step, err := db.Row(s.t.Context(), tx, db.One[int64], `SELECT from_step_id FROM level_up WHERE account_id = $1`, account)
		if err != nil {
			return err
		}
		return people.SetStep(s.t.Context(), tx, access.System(), account, step, demoNow.Day(), "fel steg", demoNow)
	}); err != nil {
		t.Fatal(err)
	}
	v.get("/my/journey").wants(t, http.StatusOK, "Du har redan svarat på frågan", "Gå vidare till Van")
	v.get(gate).wants(t, http.StatusOK, "Du behöver inte svara igen", "Gå vidare till Van")
	if b := v.post(gate, url.Values{}); b.status != http.StatusSeeOther {
		t.Fatalf("going on again: status %d: %s", b.status, b.body)
	}
	v.get(gate).wants(t, http.StatusOK, "Du är inte klar med steget Van än")

	paper := v.get(regexp.MustCompile(`/level-ups/\d+/certificate`).FindString(a.body)).location
	s.nobody().get(paper).wants(t, http.StatusOK, "har genomfört alla kurser i", "Barn och unga, steg Ny", "Giltigt intyg")
	if n := s.id(`SELECT COUNT(*) FROM account_step WHERE account_id = $1 AND to_day IS NULL`, account); n != 1 {
		t.Errorf("%d steps at once", n)
	}
	s.as(employee).get(gate).wants(t, http.StatusNotFound)
}

func TestTheGateIsClosedWhileCoursesAreLeft(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	gate := path("/my/journey/%d/level-up", s.id(`SELECT a.id FROM account AS a JOIN person AS p ON p.id = a.person_id WHERE p.email = $1`, employee))
	v.get(gate).wants(t, http.StatusOK, "Du är inte klar med steget Ny än", "Du har 4 kurser kvar")
	v.post(gate, url.Values{"grade": {"very_good"}}).wants(t, http.StatusConflict)
	v.post(gate, url.Values{}).wants(t, http.StatusConflict)
}

func TestACertificateIsCheckedByAnybodyWhoHoldsIt(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	me := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	completion := s.id(`SELECT MIN(id) FROM completion WHERE person_id = $1 AND revoked_at IS NULL`, me)
	mine := path("/completions/%d/certificate", completion)
	paper := v.get(mine).location
	if again := v.get(mine).location; again != paper || !strings.HasPrefix(paper, "/certificates/") {
		t.Fatalf("first %q and then %q", paper, again)
	}
	code := strings.TrimPrefix(paper, "/certificates/")
	a := s.nobody().get(paper)
	a.wants(t, http.StatusOK, "Giltigt intyg", "har genomfört kursen", code, "https://yrkesresan.example.org/certificates", "<svg", "det nationella programmet")
	if a.header.Get("X-Robots-Tag") != "noindex" {
		t.Error("search engines may find it")
	}
	a.lacks(t, employee, "Falun")
	for typed, want := range map[string]string{
		strings.ToLower(strings.ReplaceAll(code, "-", "")): paper,
		"  " + strings.ReplaceAll(code, "-", " ") + " ":    paper,
	} {
		if a := s.nobody().get("/certificates?code=" + url.QueryEscape(typed)); a.status != http.StatusSeeOther || a.location != want {
			t.Errorf("typing %q leads to %q with %d", typed, a.location, a.status)
		}
	}
	s.nobody().get("/certificates").wants(t, http.StatusOK, "Kontrollera ett intyg", "Skriv koden")
	s.nobody().get("/certificates?code=abc").wants(t, http.StatusUnprocessableEntity, "Koden har 16 bokstäver och siffror", `value="abc"`)
	s.nobody().get("/certificates/AAAA-AAAA-AAAA-AAAA").wants(t, http.StatusNotFound, "Det finns inget intyg med den koden")

	s.as(manager).get(mine).wants(t, http.StatusSeeOther)
	s.as(manager).get(path("/people/%d", me)).wants(t, http.StatusOK, `href="`+mine+`"`)
	s.as(teacher).get(mine).wants(t, http.StatusNotFound)

	s.revoked(completion)
	s.nobody().get(paper).wants(t, http.StatusOK, "Intyget gäller inte längre")
	s.nobody().get(paper).lacks(t, "Giltigt intyg")
	v.get(mine).wants(t, http.StatusNotFound)
}

func TestAPersonsPageTellsHowTheStepHasChanged(t *testing.T) {
	s := newSite(t)
	admin := s.as(regional)
	me := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	account := s.id(`SELECT id FROM account WHERE person_id = $1`, me)
	page := path("/people/%d", me)
	admin.get(page).wants(t, http.StatusOK, "Så har steget ändrats", "När kontot öppnades", "år i yrket föreslår")
	step := path("/accounts/%d/step", account)
	van := s.text(`SELECT CAST(s.id AS TEXT) FROM step AS s JOIN journey AS j ON j.id = s.journey_id WHERE j.slug = 'barn-och-unga' AND s.slug = 'van'`)
	admin.post(step, url.Values{"step": {van}, "from": {"2026-11-20"}}).wants(t, http.StatusUnprocessableEntity, "Skriv varför steget ändras")
	admin.post(step, url.Values{"step": {van}, "from": {"2026-11-20"}, "reason": {"Har arbetat i Norge"}}).wants(t, http.StatusSeeOther)
	name := s.text(`SELECT given_name || ' ' || family_name FROM person WHERE email = $1`, regional)
	admin.get(page).wants(t, http.StatusOK, "Har arbetat i Norge", name)
}

func TestTheFiguresTellHowTheStepsWereExperienced(t *testing.T) {
	s := newSite(t)
	const page = "/regions/dalarna/figures?journey=barn-och-unga"
	s.as(regional).get(page).wants(t, http.StatusOK, "70,0\u00a0% tyckte att kurserna i Ny var bra", "Ingen uppfattning", "Vad de har skrivit", "Ny, publicerade efter vårterminen 2026", "Kursdagarna gav mest")
	a := s.as(manager).get(page)
	a.wants(t, http.StatusOK, "70,0\u00a0% tyckte att kurserna i Ny var bra")
	a.lacks(t, "Kursdagarna gav mest")
	s.as(national).get("/figures?journey=barn-och-unga").wants(t, http.StatusOK, "70,0\u00a0%", "Kursdagarna gav mest")
	s.as(regional).get("/regions/dalarna/figures?day=2025-12-31").wants(t, http.StatusOK, "Svar till och med 31\u00a0december 2025.", "Inga svar om steg är publicerade")
	s.as(regional).get("/regions/dalarna/annual-report?year=2026").wants(t, http.StatusOK, "Hur kurserna i stegen upplevts", "70,0")
	s.as(regional).get("/regions/dalarna/annual-report?year=2025").lacks(t, "Hur kurserna i stegen upplevts")
	s.change(`UPDATE answer_batch SET national_on = NULL, regional_on = NULL WHERE step_id IS NOT NULL`)
	a = s.as(regional).get(page)
	a.wants(t, http.StatusOK, "för få att visa")
	a.lacks(t, "tyckte att kurserna i Ny", "Kursdagarna gav mest")
}

func TestAnEvaluationIsSentOnce(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	const page = "/my/evaluations/utsatthet-och-vald"
	answers := s.id(`SELECT COUNT(*) FROM response`)
	v.get(page).wants(t, http.StatusOK, "Hur nöjd är du med kursen som helhet?", "Mycket nöjd", "frivilligt")

	a := v.post(page, url.Values{"text": {"Bra exempel"}})
	a.wants(t, http.StatusUnprocessableEntity, "Fel:", "Välj hur nöjd du är", "Bra exempel", `href="#f-grade"`)
	long := strings.Repeat("å", 4001)
	a = v.post(page, url.Values{"grade": {"neither"}, "text": {long}})
	a.wants(t, http.StatusUnprocessableEntity, "högst", long, `value="neither" checked`)
	a = v.post(page, url.Values{"grade": {"ecstatic"}})
	a.wants(t, http.StatusUnprocessableEntity, "Välj hur nöjd du är")

	a = v.post(page, url.Values{"grade": {"fairly_satisfied"}, "text": {"Bra exempel"}})
	if a.status != http.StatusSeeOther || a.location != "/my/journey" {
		t.Fatalf("status %d, to %s", a.status, a.location)
	}
	a = v.get("/my/journey")
	a.wants(t, http.StatusOK, "Tack! Ditt svar om Utsatthet och våld är skickat.")
	a.lacks(t, `href="`+page+`"`)
	v.get(page).wants(t, http.StatusOK, "Tack för ditt svar", "Du har redan svarat")
	v.post(page, url.Values{"grade": {"neither"}}).wants(t, http.StatusConflict, "Du har redan svarat")
	if n := s.id(`SELECT COUNT(*) FROM response`); n != answers+1 {
		t.Errorf("%d answers, want one more than %d", n, answers)
	}
}

func TestOnlyACourseThatOneHasCompletedIsEvaluated(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	for _, slug := range []string{"handlaggning-av-lvu", "bas-1", "atlantis", "1"} {
		if a := v.get("/my/evaluations/" + slug); a.status != http.StatusNotFound {
			t.Errorf("GET %s: status %d", slug, a.status)
		}
		if a := v.post("/my/evaluations/"+slug, url.Values{"grade": {"neither"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", slug, a.status)
		}
	}
}

func TestMyDaysBeginWithWhatIsToBeRegistered(t *testing.T) {
	s := newSite(t)
	v := s.as(teacher)
	due, screen := path(`href="/days/%d/attendance"`, s.dueDay()), path(`href="/days/%d/screen"`, s.today())
	a := v.get("/my/days")
	a.wants(t, http.StatusOK, "I dag kl.\u00a09.30–16.30 håller du en kursdag", "Närvaro att registrera", due, screen, "Kommande", "Tidigare", "Kursledare", "Inställd", "dag 1 av 4")
	if strings.Index(a.body, due) > strings.Index(a.body, `id="coming"`) {
		t.Error("what is to be registered does not come first")
	}
	v.get("/").wants(t, http.StatusOK, "I dag kl.\u00a09.30–16.30 håller du", path(`href="/my/days/%d"`, s.today()), "Öppna kursdagen")
	v.get(path("/my/days/%d", s.today())).wants(t, http.StatusOK, path(`href="/days/%d/together"`, s.today()), path(`href="/days/%d/attendance"`, s.today()))
	s.change(`UPDATE course_day SET starts = '08:00' WHERE id = $1`, s.today())
	v.get("/my/days").wants(t, http.StatusOK, "Registrera närvaron för", screen) // who comes now is the trainer's to mark
	for _, day := range []int64{s.dueDay(), s.today()} {
		v.post(path("/days/%d/attendance", day), s.allThere(day))
	}
	a = v.get("/my/days")
	a.wants(t, http.StatusOK, "Du är tillfrågad för")
	a.lacks(t, "Närvaro att registrera")
	v.post("/my/days/"+s.askedDay()+"/answer", url.Values{"answer": {"accepted"}})
	v.get("/my/days").wants(t, http.StatusOK, "Din nästa kursdag är", "Se kursdagen")
	v.get("/my/days?page=99").wants(t, http.StatusOK, "Tidigare")
	s.as(employee).get("/my/days").wants(t, http.StatusOK, "Du har inga kursdagar")
}
