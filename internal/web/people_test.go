package web_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

const (
	manager  = "chef@example.org" // of a unit of Falun; municipal is of Borlänge
	operator = "drift@example.org"
)

// says fails unless the answer has the status and all of the words.
func (a answer) says(t *testing.T, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d\n%s", a.status, status, a.body)
	}
	for _, word := range words {
		if !strings.Contains(readable(a.body), word) {
			t.Errorf("the page lacks %q", word)
		}
	}
	if strings.Contains(a.body, "[[") {
		t.Errorf("the page has a missing message: %s", a.body[strings.Index(a.body, "[["):][:60])
	}
}

// leads fails unless the answer sends on to the path.
func (a answer) leads(t *testing.T, path string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("status %d to %q, want 303 to %q\n%s", a.status, a.location, path, a.body)
	}
}

// employed is somebody of the municipality who works at a unit and has an open
// account as an employee of Funktionshinder utförare without BAS 4.
func (s *site) employed(municipality string) int64 {
	s.t.Helper()
	return s.id(`SELECT MIN(e.person_id) FROM employment AS e
		JOIN organisation AS m ON m.id = e.municipality_id
		JOIN account AS a ON a.person_id = e.person_id AND a.closed_on IS NULL
		JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'funktionshinder-utforare'
		JOIN account_role AS r ON r.account_id = a.id AND r.role = 'employee' AND r.to_day IS NULL
		WHERE m.slug = $1 AND e.to_day IS NULL AND e.organisation_id <> m.id
		AND NOT EXISTS (SELECT 1 FROM completion AS c JOIN course AS k ON k.id = c.course_id
			WHERE c.person_id = e.person_id AND k.slug = 'bas-4' AND c.revoked_at IS NULL)`, municipality)
}

func (s *site) journey(slug string) string {
	return strconv.FormatInt(s.id(`SELECT id FROM journey WHERE slug = $1`, slug), 10)
}

func (s *site) course(slug string) string {
	return strconv.FormatInt(s.id(`SELECT id FROM course WHERE slug = $1`, slug), 10)
}

func personAt(id int64) string { return "/people/" + strconv.FormatInt(id, 10) }

func TestTheListOfPeople(t *testing.T) {
	s := newSite(t)
	region, municipality, unit := s.as(regional), s.as(municipal), s.as(manager)
	region.get("/people").says(t, 200, "Fler än 2 000 personer", "Lägg till person", ">Sida 1<", "Borlänge", "Falun")
	region.get("/people?page=2&sort=-name").says(t, 200, ">Sida 2<", `aria-sort="descending"`)
	region.get("/people?q=finnsinte").says(t, 200, "Ingen passar in på urvalet", "Visa alla personer", `value="finnsinte"`)
	region.get("/people?q=%25").says(t, 200, "Ingen passar in på urvalet")

	borlange := municipality.get("/people")
	borlange.says(t, 200, "Lägg till person")
	if strings.Contains(borlange.body, "<td role=\"cell\" data-label=\"Kommun\">Falun") {
		t.Error("Borlänge's administrator sees people of Falun")
	}
	municipality.get("/people?municipality=2080").says(t, 200, "Ingen passar in på urvalet")
	municipality.get("/people?journey="+s.journey("funktionshinder-utforare")+"&course="+s.course("bas-4")).says(t, 200, "som inte har genomfört BAS 4")
	municipality.get("/people?journey=none").says(t, 200, "Inget konto i någon delresa")
	municipality.get("/people?course=999999").says(t, 404)

	own := unit.get("/people")
	own.says(t, 200, "personer")
	if strings.Contains(own.body, "Lägg till person") {
		t.Error("a manager is offered to add people")
	}
	s.as(employee).get("/people").says(t, 403)
	s.as(employee).get("/people/new").says(t, 403)
	unit.get("/people/new").says(t, 403)
	unit.post("/people", url.Values{}).says(t, 403)
}

func TestAddingAPersonWithAnAccount(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	v.get("/people/new?municipality=2081").says(t, 200, "Lägg till person", `<option value="2081" selected>`)

	refused := v.post("/people", url.Values{"given_name": {strings.Repeat("x", 101)}, "family_name": {"Prövström"}, "email": {"inte en adress"}, "from": {"i går"}, "journey": {s.journey("barn-och-unga")}, "years": {"många"}})
	refused.says(t, 422, "<title>Fel:", `value="Prövström"`, `value="inte en adress"`, `value="många"`, "Skriv högst 100 tecken",
		"Skriv en e-postadress", "Välj en arbetsplats", "Skriv ett datum", "Välj minst en roll", "Skriv antalet år")
	if n := s.id(`SELECT COUNT(*) FROM person WHERE family_name = 'Prövström'`); n != 0 {
		t.Error("a refused form added somebody")
	}
	v.post("/people", url.Values{}).says(t, 422, ">Förnamn: Skriv ett namn", "Har personen bara ett namn")

	form := url.Values{
		"given_name": {"Test"}, "family_name": {"Prövström"}, "email": {"test.provstrom@example.org"}, "organisation": {"2081"}, "title": {"Socialsekreterare"},
		"from": {"2026-11-01"}, "journey": {s.journey("barn-och-unga")}, "roles": {"employee"}, "years": {"2,5"},
	}
	a := v.post("/people", form)
	id := s.id(`SELECT id FROM person WHERE family_name = 'Prövström'`)
	a.leads(t, personAt(id))
	v.get(personAt(id)).says(t, 200, "Test Prövström är tillagd.", "Socialsekreterare, Borlänge", "Barn och unga", "Van", "1 nov 2026")

	v.post("/people", form).says(t, 422, "Adressen finns redan hos en annan person")

	form.Set("email", "")
	form.Set("organisation", "2080")
	v.post("/people", form).says(t, 404) // Falun is not Borlänge's to add to
	if n := s.id(`SELECT COUNT(*) FROM person WHERE family_name = 'Prövström'`); n != 1 {
		t.Errorf("%d people, want the one", n)
	}
}

func TestAStepIsSuggestedByTheYearsAndChosenByHand(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	van := s.id(`SELECT s.id FROM step AS s JOIN journey AS j ON j.id = s.journey_id WHERE j.slug = 'barn-och-unga' AND s.slug = 'van'`)
	for name, c := range map[string]struct{ years, step, want string }{
		"two years are still new":        {"2", "", "ny"},
		"a little more is experienced":   {"2,1", "", "van"},
		"ten years are very experienced": {"10", "", "erfaren"},
		"no years give no step":          {"", "", ""},
		"a chosen step beats the years":  {"1", strconv.FormatInt(van, 10), "van"},
		"no step can be chosen":          {"1", "0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			family := "Steg" + strconv.Itoa(len(name)) + c.want + c.step
			v.post("/people", url.Values{
				"given_name": {"Test"}, "family_name": {family}, "organisation": {"2080"}, "from": {"2026-01-01"},
				"journey": {s.journey("barn-och-unga")}, "roles": {"employee"}, "years": {c.years}, "step": {c.step},
			})
			found := s.id(`SELECT COUNT(*) FROM person AS p JOIN account AS a ON a.person_id = p.id
				LEFT JOIN account_step AS st ON st.account_id = a.id LEFT JOIN step AS s ON s.id = st.step_id
				WHERE p.family_name = $1 AND COALESCE(s.slug, '') = $2`, family, c.want)
			if found != 1 {
				t.Errorf("nobody has the step %q", c.want)
			}
		})
	}
}

func TestAPersonsPageByWhoLooks(t *testing.T) {
	s := newSite(t)
	borlange, falun := s.employed("borlange"), s.employed("falun")
	v := s.as(municipal)
	v.get(personAt(borlange)).says(t, 200, "Konton i delresor", "Funktionshinder utförare", "Genomförda kurser", "Anställningar", "Roller i Yrkesresan", "Ändra steg", "Registrera genomförd kurs")
	v.get(personAt(falun)).says(t, 404)
	v.get("/people/999999").says(t, 404)
	v.get("/people/abc").says(t, 404)

	self := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	own := s.as(employee).get(personAt(self))
	own.says(t, 200, "Konton i delresor", "Anställningar")
	for _, word := range []string{"Ändra steg", "Registrera genomförd kurs", "Ge en roll", "Byt arbetsplats"} {
		if strings.Contains(own.body, word) {
			t.Errorf("one's own page offers %q", word)
		}
	}
	if opened := s.as(employee).get(personAt(self) + "?form=account"); strings.Contains(opened.body, `id="open-form"`) {
		t.Error("one's own page opens a form")
	}
	s.as(employee).post(personAt(self)+"/accounts", url.Values{}).says(t, 403)
	s.as(employee).post(personAt(borlange)+"/accounts", url.Values{}).says(t, 404)

	account := s.id(`SELECT MIN(id) FROM account WHERE person_id = $1`, borlange)
	for form, title := range map[string]string{
		"account": "Öppna konto i en delresa", "course": "Hur", "move": "Ny arbetsplats för", "leave": "Sista dagen", "role": "Ny roll för",
		"step&of=" + strconv.FormatInt(account, 10): "Skäl", "roles&of=" + strconv.FormatInt(account, 10): "Roller i delresan", "closure&of=" + strconv.FormatInt(account, 10): "Avsluta kontot",
	} {
		v.get(personAt(borlange)+"?form="+form).says(t, 200, `id="open-form"`, title)
	}
	// Somebody else's account opens no form here.
	foreign := s.id(`SELECT MIN(id) FROM account WHERE person_id = $1`, falun)
	if a := v.get(personAt(borlange) + "?form=step&of=" + strconv.FormatInt(foreign, 10)); strings.Contains(a.body, `id="open-form"`) {
		t.Error("another person's account opens a form")
	}
}

func TestAnAccountIsOpenedChangedAndClosed(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	id := s.employed("borlange")
	page := personAt(id)

	v.post(page+"/accounts", url.Values{}).says(t, 422, "Välj en delresa", "Skriv ett datum", "Välj minst en roll", `id="open-form"`)
	v.post(page+"/accounts", url.Values{"journey": {s.journey("funktionshinder-utforare")}, "opened_on": {"2026-11-01"}, "roles": {"employee"}}).
		says(t, 422, "Personen har redan ett konto i delresan", `value="2026-11-01"`)
	v.post(page+"/accounts", url.Values{"journey": {s.journey("barn-och-unga")}, "opened_on": {"1999-11-01"}, "roles": {"employee"}}).
		says(t, 422, "Personen var inte anställd hos er den dagen")
	v.post(page+"/accounts", url.Values{"journey": {s.journey("barn-och-unga")}, "opened_on": {"2026-11-01"}, "roles": {"employee"}, "years": {"1"}}).leads(t, page)
	account := s.id(`SELECT a.id FROM account AS a JOIN journey AS j ON j.id = a.journey_id WHERE a.person_id = $1 AND j.slug = 'barn-och-unga'`, id)
	path := "/accounts/" + strconv.FormatInt(account, 10)
	van := strconv.FormatInt(s.id(`SELECT s.id FROM step AS s JOIN journey AS j ON j.id = s.journey_id WHERE j.slug = 'barn-och-unga' AND s.slug = 'van'`), 10)

	v.post(path+"/step", url.Values{"step": {van}, "from": {"2026-11-20"}}).says(t, 422, "Skriv varför steget ändras", `value="2026-11-20"`)
	v.post(path+"/step", url.Values{"step": {"999999"}, "from": {"2026-11-20"}, "reason": {"prov"}}).says(t, 422, "Välj ett steg i delresan", `value="prov"`)
	refused := v.sentTo(path+"/step", url.Values{"step": {van}, "from": {"2026-11-19"}})
	for range 2 { // reloaded
		v.get(refused).says(t, 422, "Skriv varför steget ändras", `value="2026-11-19"`)
	}
	if plain := v.get(path + "/step"); plain.status != 200 || strings.Contains(plain.body, "2026-11-19") || !strings.Contains(plain.body, path+`/step"`) {
		t.Errorf("the same address without what was sent: status %d", plain.status)
	}
	v.post(path+"/step", url.Values{"step": {van}, "from": {"2026-11-20"}, "reason": {"två år i yrket"}}).leads(t, page)
	v.get(page).says(t, 200, "sedan 20 nov 2026")

	v.post(path+"/roles", url.Values{"from": {"2026-11-20"}}).says(t, 422, "Välj minst en roll")
	v.post(path+"/roles", url.Values{"from": {"2026-11-20"}, "roles": {"kejsare"}}).says(t, 422, "Välj bland rollerna")
	v.post(path+"/roles", url.Values{"from": {"2026-11-20"}, "roles": {"employee", "trainer"}}).leads(t, page)
	v.get(page).says(t, 200, "Medarbetare, Utbildare")

	v.post(path+"/closure", url.Values{"day": {""}}).says(t, 422, "Skriv ett datum")
	v.post(path+"/closure", url.Values{"day": {"2026-10-01"}}).says(t, 422, "Kontot kan inte avslutas innan det öppnades")
	v.post(path+"/closure", url.Values{"day": {"2026-11-22"}}).leads(t, page)
	v.get(page).says(t, 200, "22 nov 2026")

	for _, action := range []string{"/step", "/roles", "/closure"} {
		foreign := s.id(`SELECT MIN(id) FROM account WHERE person_id = $1`, s.employed("falun"))
		v.post("/accounts/"+strconv.FormatInt(foreign, 10)+action, url.Values{}).says(t, 404)
		v.post("/accounts/999999"+action, url.Values{}).says(t, 404)
	}
}

func TestACourseIsRegisteredOnceAndTakenBack(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	id := s.employed("borlange")
	page := personAt(id)
	v.post(page+"/completions", url.Values{}).says(t, 422, "Välj en kurs", "Skriv ett datum", "Välj hur kursen gavs")
	form := url.Values{"course": {s.course("bas-4")}, "on": {"2026-11-20"}, "source": {"web"}}
	v.post(page+"/completions", form).leads(t, page)
	v.get(page).says(t, 200, "BAS 4 Kommunikation", "Webbkurs", "20 nov 2026")
	v.post(page+"/completions", form).says(t, 409, "Personen har redan genomfört kursen")
	v.post(page+"/completions", url.Values{"course": {s.course("bas-5")}, "on": {"2027-11-20"}, "source": {"local"}}).says(t, 422)

	completion := s.id(`SELECT c.id FROM completion AS c WHERE c.person_id = $1 AND c.source = 'web' AND c.course_id = $2`, id, s.course("bas-4"))
	path := "/completions/" + strconv.FormatInt(completion, 10) + "/revocation"
	v.post(path, url.Values{}).says(t, 422, "Kryssa i att det var ett misstag", "BAS 4 Kommunikation registrerades av misstag")
	v.post(path, url.Values{"sure": {"on"}}).leads(t, page)
	if n := s.id(`SELECT COUNT(*) FROM completion WHERE id = $1 AND revoked_at IS NOT NULL`, completion); n != 1 {
		t.Error("the completion still counts")
	}
	v.post(path, url.Values{"sure": {"on"}}).says(t, 409, "redan borttaget")
	v.post("/completions/999999/revocation", url.Values{"sure": {"on"}}).says(t, 404)

	// What a round has given is taken back there; nobody is offered it here.
	form.Set("source", "local")
	v.post(page+"/completions", form).leads(t, page)
	v.get(page).says(t, 200, "form=mistake")
	if err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, `UPDATE completion SET round_id = (SELECT MIN(id) FROM round) WHERE person_id = $1 AND source = 'local'`, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	v.get(page).lacks(t, "form=mistake")
	foreign := s.id(`SELECT MIN(c.id) FROM completion AS c JOIN employment AS e ON e.person_id = c.person_id AND e.to_day IS NULL WHERE e.municipality_id = 2080`)
	v.post("/completions/"+strconv.FormatInt(foreign, 10)+"/revocation", url.Values{"sure": {"on"}}).says(t, 404)
}

func TestSomebodyMovesAndLeaves(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	id := s.employed("borlange")
	page := personAt(id)
	v.post(page+"/employments", url.Values{}).says(t, 422, "Välj en arbetsplats", "Skriv ett datum")
	v.post(page+"/employments", url.Values{"organisation": {"2081"}, "from": {"2026-11-01"}, "title": {"Samordnare"}}).leads(t, page)
	v.get(page).says(t, 200, "Samordnare, Borlänge", "31 okt 2026")
	v.post(page+"/employments", url.Values{"organisation": {"2081"}, "from": {"2026-10-01"}, "title": {"För tidigt"}}).says(t, 409, `value="För tidigt"`)
	v.post(page+"/employments", url.Values{"organisation": {"2081"}, "from": {"2026-11-01"}}).says(t, 422, "Personen är anställd här sedan 1 november 2026")
	v.post(page+"/employments", url.Values{"organisation": {"999999"}, "from": {"2026-11-10"}}).says(t, 404)

	v.post(page+"/departure", url.Values{}).says(t, 422, "Skriv ett datum")
	v.post(page+"/departure", url.Values{"day": {"1999-01-01"}}).says(t, 422, "Personen var inte anställd hos er den dagen")
	v.post(page+"/grants", url.Values{"role": {"manager"}, "organisation": {"2081"}, "from": {"2026-11-01"}}).leads(t, page)
	v.post(page+"/departure", url.Values{"day": {"2026-11-22"}}).leads(t, page)
	v.get(page).says(t, 200, "till och med 22 november 2026")
	if n := s.id(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND to_day = '2026-11-22'`, id); n != 1 {
		t.Error("who has left keeps the manager's role")
	}

	// Who lets somebody go to another municipality no longer sees them.
	gone := s.id(`SELECT MAX(e.person_id) FROM employment AS e WHERE e.municipality_id = 2081 AND e.to_day IS NULL`)
	v.post(personAt(gone)+"/grants", url.Values{"role": {"manager"}, "organisation": {"2081"}, "from": {"2026-11-01"}}).leads(t, personAt(gone))
	v.post(personAt(gone)+"/employments", url.Values{"organisation": {"2080"}, "from": {"2026-11-23"}}).leads(t, "/people")
	v.get("/people").says(t, 200, "har fått en ny arbetsplats")
	v.get(personAt(gone)).says(t, 404)
	if n := s.id(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND to_day = '2026-11-22'`, gone); n != 1 {
		t.Error("who has moved to another municipality still leads staff in the old one")
	}
}

func TestRolesAreGivenByThoseWhoMay(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	id := s.employed("borlange")
	page := personAt(id)
	v.post(page+"/grants", url.Values{}).says(t, 422, "Välj en roll", "Välj en arbetsplats", "Skriv ett datum")
	v.post(page+"/grants", url.Values{"role": {"manager"}, "organisation": {"2081"}, "from": {"2026-11-01"}}).leads(t, page)
	v.post(page+"/grants", url.Values{"role": {"manager"}, "organisation": {"2081"}, "from": {"2026-11-01"}}).says(t, 409, "Personen har redan rollen där")
	v.post(page+"/grants", url.Values{"role": {"manager"}, "organisation": {"2080"}, "from": {"2026-11-01"}}).says(t, 404)
	v.post(page+"/grants", url.Values{"role": {"operator"}, "organisation": {"1"}, "from": {"2026-11-01"}}).says(t, 403)
	s.as(operator).post(page+"/grants", url.Values{"role": {"regional"}, "organisation": {"2081"}, "from": {"2026-11-01"}}).says(t, 422, "Rollen finns inte på den här nivån")

	grant := s.id(`SELECT id FROM role_grant WHERE person_id = $1 AND role = 'manager'`, id)
	path := "/grants/" + strconv.FormatInt(grant, 10) + "/end"
	v.get(page+"?form=role_end&of="+strconv.FormatInt(grant, 10)).says(t, 200, `id="open-form"`, "Avsluta rollen Chef i Borlänge")
	v.post(path, url.Values{}).says(t, 422, "Skriv ett datum")
	v.post(path, url.Values{"last": {"2026-11-22"}}).leads(t, page)
	v.post(path, url.Values{"last": {"2026-11-22"}}).says(t, 409, "Rollen är redan avslutad")
	v.post("/grants/999999/end", url.Values{}).says(t, 404)
	foreign := s.id(`SELECT MIN(g.id) FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = $1`, manager)
	v.post("/grants/"+strconv.FormatInt(foreign, 10)+"/end", url.Values{"last": {"2026-11-22"}}).says(t, 404)
}

func TestMyStaffAgainstTheirCourses(t *testing.T) {
	s := newSite(t)
	v := s.as(manager)
	v.get("/my/staff").says(t, 200, "Min personal", "Kurser i Barn och unga", "Saknas", "Klar", "Har genomfört", "Kommande kursdagar", "Hämta som CSV-fil")
	course := s.course("samtal-och-delaktighet")
	missing := v.get("/my/staff?course=" + course + "&missing=1")
	missing.says(t, 200, "medarbetare saknar Samtal och delaktighet", "Rensa urvalet")
	all := strings.Count(v.get("/my/staff").body, `<th scope="row"`)
	if some := strings.Count(missing.body, `<th scope="row"`); some >= all {
		t.Errorf("%d rows of those who lack the course, %d of all", some, all)
	}
	v.get("/my/staff?sort=-missing").says(t, 200, `aria-sort="descending"`)
	v.get("/my/staff?unit=999999").says(t, 404)
	v.get("/my/staff?journey=999999").says(t, 404)
	for _, email := range []string{employee, municipal, regional, operator} {
		s.as(email).get("/my/staff").says(t, 403)
		s.as(email).get("/my/staff.csv").says(t, 403)
	}
}

func TestTheStaffFileOpensInASpreadsheetAndRunsNothing(t *testing.T) {
	s := newSite(t)
	v := s.as(manager)
	unit := strconv.FormatInt(s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = $1`, manager), 10)
	s.as(regional).post("/people", url.Values{
		"given_name": {`=HYPERLINK("https://example.net")`}, "family_name": {"+Åberg; den andre"}, "organisation": {unit}, "from": {"2026-01-01"},
		"title": {"@cmd"}, "journey": {s.journey("barn-och-unga")}, "roles": {"employee"}, "years": {"1"},
	})
	a := v.get("/my/staff.csv")
	a.says(t, 200)
	if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="min-personal-2026-11-23.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked {
		t.Error("no byte order mark: å would be read as two letters")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%q would run as a formula", cell)
			}
		}
		found = found || row[0] == "'+Åberg; den andre" && row[1] == `'=HYPERLINK("https://example.net")` && row[3] == "'@cmd"
	}
	if !found {
		t.Error("the person is not in the file")
	}
}

func TestMyMunicipality(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	own := v.get("/municipalities/borlange")
	own.says(t, 200, "Borlänge", "Genomförda kurser", "BAS 1", `href="/municipalities/borlange/units"`, "Senaste ändringarna", "Kostnader", "Siffror för Dalarna", "Boendestöd")
	v.get("/municipalities/borlange?journey=barn-och-unga").says(t, 200, "Barn och unga")

	neighbour := v.get("/municipalities/falun")
	neighbour.says(t, 200, "Falun", "BAS 1")
	for _, word := range []string{"/municipalities/falun/units", "Senaste ändringarna", "Boendestöd", "/people?municipality", "Lägg till person"} {
		if strings.Contains(neighbour.body, word) {
			t.Errorf("the neighbour's page shows %q", word)
		}
	}
	v.get("/municipalities/gavle").says(t, 404)
	v.get("/municipalities/atlantis").says(t, 404)
	s.as(employee).get("/municipalities/falun").says(t, 404)
	s.as("nationell@example.org").get("/municipalities/gavle").says(t, 200)
	s.as(operator).get("/municipalities/gnesta").says(t, 200, "Gnesta", "Ingen har konto i en delresa än")

	v.post("/municipalities/borlange/units", url.Values{"name": {" "}}).says(t, 422, "Skriv ett namn")
	v.post("/municipalities/borlange/units", url.Values{"name": {strings.Repeat("lång", 30)}}).says(t, 422, "Skriv högst 100 tecken", strings.Repeat("lång", 30))
	v.post("/municipalities/borlange/units", url.Values{"name": {"Enheten för prov"}}).leads(t, "/municipalities/borlange/units")
	v.get("/municipalities/borlange/units").says(t, 200, "Ingen arbetar här", "Enheten Enheten för prov finns nu i kommunen.")
	v.post("/municipalities/borlange/units", url.Values{"name": {"Enheten för prov"}}).says(t, 422, "Kommunen har redan en enhet med det namnet", `value="Enheten för prov"`)
	v.post("/municipalities/falun/units", url.Values{"name": {"Min"}}).says(t, 404)
	v.post("/municipalities/gavle/units", url.Values{"name": {"Min"}}).says(t, 404)
}

// An operator sees the person, and not what a unit gives its own people.
func TestAPersonsPageLeadsToNoRoundThatTheVisitorMayNotSee(t *testing.T) {
	s := newSite(t)
	person := s.person(employee)
	local := s.id(`SELECT n.round_id FROM enrolment AS n JOIN round AS r ON r.id = n.round_id
		WHERE n.person_id = $1 AND n.withdrawn_at IS NULL AND r.municipality_id IS NOT NULL ORDER BY r.id LIMIT 1`, person)
	link := `href="/rounds/` + id(local) + `"`
	s.as("chef@example.org").get("/people/"+id(person)).says(t, 200, link)
	s.as(operator).get("/people/"+id(person)).lacks(t, link)
	s.as(operator).get("/rounds/"+id(local)).says(t, 404)
}
