package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db/dbtest"
)

// newYear is the site as it was when the demo's municipalities stood as in the
// printed figures of 2025: 199 of Borlänge's 533 had taken BAS 3.
func newYear(t *testing.T) *site {
	t.Helper()
	template := newSite(t)
	path := filepath.Join(t.TempDir(), "demo.db")
	if _, err := template.db.Pool().Exec(`VACUUM INTO '` + path + `'`); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	s := siteAt(t, dbtest.Open(t, "sqlite:"+path), clock.Date(2026, 1, 2).At(9, 0))
	// The demo's own plan is of a later day.
	if _, err := s.db.Pool().Exec(`UPDATE rollout SET ended_at = 0`); err != nil {
		t.Fatal(err)
	}
	return s
}

var carriedInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// sheet is the form of groups as a browser would send it.
func sheet(body string) url.Values {
	form := url.Values{}
	main := body[strings.Index(body, `class="form planning"`):]
	for _, m := range carriedInput.FindAllStringSubmatch(main, -1) {
		form.Add(m[1], strings.ReplaceAll(m[2], "&#34;", `"`))
	}
	for _, m := range regexp.MustCompile(`<input class="input[^"]*" type="(?:date|time|text)"[^>]*name="(groups[^"]+)" value="([^"]*)"`).FindAllStringSubmatch(main, -1) {
		form.Set(m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`(?s)<select class="input" id="[^"]*" name="(groups[^"]+)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(main, -1) {
		form.Set(m[1], "")
		if chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[2]); chosen != nil {
			form.Set(m[1], chosen[1])
		}
	}
	return form
}

func groupsOf(form url.Values) (groups [][]string) {
	n, _ := strconv.Atoi(form.Get("groups"))
	for i := range n {
		groups = append(groups, strings.Split(form.Get(fmt.Sprintf("groups.%d.people", i)), ","))
	}
	return groups
}

func TestBorlangePlansBAS3ForThe334WhoHaveNotTakenIt(t *testing.T) {
	s := newYear(t)
	v := s.as(municipal)
	v.get("/municipalities/borlange/courses").says(t, 200, "Kursernas läge", "BAS 3", "533", "199", "334", "37,3 %")
	v.get("/municipalities/borlange/courses/bas-3").says(t, 200, "533", "334", "37,3 %", "Vem saknar kursen?", "I den här takten är alla klara i", "Påminn dem som saknar plats", "Planera kursen")

	v.get("/municipalities/borlange/plans/new").says(t, 200, "334 saknar plats")
	form := v.get("/municipalities/borlange/plans/new?course=bas-3")
	form.says(t, 200, "Ny plan för BAS 3", "Vilka ska gå", "Stödassistent", "timanställd", `value="15"`)
	values := url.Values{"name": {"BAS 3 för alla"}, "from": {"2026-01-12"}, "until": {"2026-06-12"}, "size": {"15"}}
	for _, m := range regexp.MustCompile(`name="units" value="(\d+)" checked`).FindAllStringSubmatch(form.body, -1) {
		values.Add("units", m[1])
	}
	late := values["units"][0]
	values.Set("units."+late, "2026-03-02")
	refused := url.Values{"name": {""}, "from": {"2026-01-12"}, "until": {"2026-01-01"}, "size": {"0"}}
	v.post("/municipalities/borlange/plans?course=bas-3", refused).says(t, 422, "<title>Fel:", "Ge planen ett namn", "Planen slutar före den börjar", "Välj minst en enhet")
	made := v.post("/municipalities/borlange/plans?course=bas-3", values)
	plan := made.location
	made.leads(t, plan)
	v.get(plan).says(t, 200, "Planen BAS 3 för alla är skapad.", "334 personer väntar på ett tillfälle.", "Dela in i grupper", "2 mars 2026", "Ingen som väntar på kursen är tjänstledig")

	v.get(plan+"/groups").says(t, 200, "Hur ska de delas in?", "Blanda enheterna", "Efter arbetspass")
	v.get(plan+"/groups?by=mix&size=0").says(t, 422, "Skriv ett antal från 1 till 200")
	v.get(plan+"/groups?by=straws&size=15").says(t, 422, "Välj hur gruppen ska delas in")
	preview := v.get(plan + "/groups?by=mix&size=15&starts=09:00&ends=16:00&place=Tunasalen")
	preview.says(t, 200, "334 personer i 23 grupper", "från 15 enheter, högst 1 från samma", "Skapa 23 tillfällen för 334 personer", "Inget är sparat")
	sent := sheet(preview.body)
	seen, days := map[string]bool{}, map[string]bool{}
	for i, g := range groupsOf(sent) {
		units := s.id(`SELECT COUNT(DISTINCT organisation_id) FROM employment WHERE from_day <= '2026-01-02' AND (to_day IS NULL OR to_day >= '2026-01-02') AND person_id IN (` + strings.Join(g, ",") + `)`)
		if len(g) > 15 || len(g) < 14 || units < 10 {
			t.Errorf("group %d has %d people of %d units, want 14 or 15 of many", i+1, len(g), units)
		}
		for _, p := range g {
			seen[p] = true
		}
		days[sent.Get(fmt.Sprintf("groups.%d.days.0.day", i))] = true
	}
	if len(seen) != 334 || len(days) != 23 {
		t.Errorf("the groups hold %d people on %d days, want 334 on 23", len(seen), len(days))
	}

	// Two of group 1 go to group 2, one to a group of their own.
	sent.Set("do", "move")
	v.post(plan+"/groups", sent).says(t, 422, "Kryssa i minst en person att flytta")
	first := groupsOf(sent)[0]
	sent["move"] = first[:2]
	sent.Set("to", "1")
	moved := v.post(plan+"/groups", sent)
	moved.says(t, 200, "Fler än 15", "334 personer i 23 grupper", "2 personer är flyttade till grupp 2. Inget är sparat än.")
	sent = sheet(moved.body)
	if g := groupsOf(sent); len(g[0]) != len(first)-2 || g[1][len(g[1])-1] != first[1] {
		t.Errorf("after the move the groups are %v and %v", g[0], g[1])
	}
	sent["move"], sent["to"], sent["do"] = groupsOf(sent)[1][:1], []string{"23"}, []string{"move"}
	moved = v.post(plan+"/groups", sent)
	moved.says(t, 200, "334 personer i 24 grupper", "Skapa 24 tillfällen")

	sent = sheet(moved.body)
	sent.Set("do", "save")
	sent.Set("groups.3.days.0.day", "2025-12-01")
	sent.Set("groups.4.days.0.ends", "08:00")
	v.post(plan+"/groups", sent).says(t, 422, "Skriv en dag som inte har varit", `value="08:00"`)
	sent.Set("groups.3.days.0.day", "2026-02-07") // a Saturday
	sent.Set("groups.4.days.0.ends", "16:00")
	clash := v.post(plan+"/groups", sent)
	clash.says(t, 409, "Grupp 4:", "helg", "Skapa tillfällena ändå")
	if n := s.id(`SELECT COUNT(*) FROM round WHERE rollout_id IS NOT NULL`); n != 0 {
		t.Fatalf("%d occasions are there before the clash is accepted", n)
	}
	sent = sheet(clash.body)
	sent.Set("do", "save")
	sent.Set("anyway", "on")
	v.post(plan+"/groups", sent).leads(t, plan)
	v.get(plan).says(t, 200, "24 tillfällen är skapade. 334 personer får ett mejl med dag, tid och plats.", "BAS 3 för alla, grupp 24", "Tunasalen", "Flytta personer",
		"334 personer har plats och går kursen framöver.")
	if n := s.id(`SELECT COUNT(*) FROM river_job WHERE kind = 'letter_news'`); n != 24 {
		t.Errorf("letters of %d occasions are to be written, want 24", n)
	}
	v.post(plan+"/groups", sent).says(t, 409, "Något har ändrats")

	// Who is missing: nobody without a seat, all planned.
	v.get("/municipalities/borlange/courses/bas-3").says(t, 200, "334", "Bokad")
	list := v.get("/municipalities/borlange/staff.csv?course=" + s.course("bas-3") + "&journey=" + s.journey("funktionshinder-utforare"))
	if n := strings.Count(list.body, "bokad 2026-"); list.status != 200 || n < 334 {
		t.Errorf("the export tells of %d booked, want those 334", n)
	}
	v.get(plan+"/groups").says(t, 200, "Det finns ingen att dela in", "533 har redan genomfört kursen eller har plats")

	// Afterwards people are moved between the occasions.
	page := v.get(plan + "/people")
	page.says(t, 200, "Flytta personer", "15 av 15")
	from := s.id(`SELECT MIN(id) FROM round WHERE rollout_id IS NOT NULL`)
	to := s.id(`SELECT MAX(id) FROM round WHERE rollout_id IS NOT NULL`)
	seat := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id = $1`, from)
	person := s.id(`SELECT person_id FROM enrolment WHERE id = $1`, seat)
	text := func(id int64) string { return strconv.FormatInt(id, 10) }
	v.post(plan+"/people", url.Values{"to": {text(to)}}).says(t, 422, "Kryssa i minst en person att flytta")
	v.post(plan+"/people", url.Values{"to": {"999999"}, "move": {text(seat)}}).says(t, 422, "Välj vart personerna ska flyttas")
	v.post(plan+"/people", url.Values{"to": {text(to)}, "move": {text(seat)}}).leads(t, plan+"/people")
	if got := s.id(`SELECT MAX(round_id) FROM enrolment WHERE person_id = $1 AND withdrawn_at IS NULL AND round_id IN (SELECT id FROM round WHERE rollout_id IS NOT NULL)`, person); got != to {
		t.Errorf("the person sits in round %d, want %d", got, to)
	}
}

// What is proposed for a second course neither takes its trainer from the first,
// nor needs anybody to find a free day by trying; and who is split by shift sees
// which shift each group is.
func TestAProposalGoesAroundTheTrainersOtherDays(t *testing.T) {
	s := newYear(t)
	v := s.as(municipal)
	trainer := strconv.FormatInt(s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS m ON m.id = e.municipality_id AND m.slug = 'borlange' WHERE e.from_day < '2026-01-01' AND e.to_day IS NULL`), 10)
	var before url.Values
	for _, course := range []string{"bas-4", "bas-3"} {
		form := v.get("/municipalities/borlange/plans/new?course=" + course)
		values := url.Values{"name": {course}, "from": {"2026-01-12"}, "until": {"2026-06-12"}, "size": {"15"}, "trainers": {trainer}}
		for _, m := range regexp.MustCompile(`name="units" value="(\d+)" checked`).FindAllStringSubmatch(form.body, 4) {
			values.Add("units", m[1])
		}
		made := v.post("/municipalities/borlange/plans?course="+course, values)
		made.leads(t, made.location)
		proposal := v.get(made.location + "/groups?by=shift&size=15&starts=09:00&ends=16:00")
		proposal.says(t, 200, "Grupp 2", "Arbetstid: ")
		if strings.Contains(proposal.body, "Skapa tillfällena ändå") {
			t.Errorf("the groups of %s are proposed on days that clash", course)
		}
		sent := sheet(proposal.body)
		if sent.Get("groups.0.days.0.trainers") != trainer {
			t.Errorf("group 1 of %s has the trainer %q", course, sent.Get("groups.0.days.0.trainers"))
		}
		if first := "groups.0.days.0.day"; before != nil && sent.Get(first) == before.Get(first) {
			t.Errorf("both courses are proposed on %s", sent.Get(first))
		}
		sent.Set("do", "save")
		v.post(made.location+"/groups", sent).leads(t, made.location)
		before = sent
	}
}

func TestWhoIsOnLeaveIsLeftOutAndNamed(t *testing.T) {
	s := newYear(t)
	v := s.as(municipal)
	person := s.id(`SELECT MIN(e.person_id) FROM employment AS e
		JOIN organisation AS m ON m.id = e.municipality_id AND m.slug = 'borlange'
		JOIN account AS a ON a.person_id = e.person_id AND a.opened_on < '2026-01-01' AND a.closed_on IS NULL
		JOIN journey AS j ON j.id = a.journey_id AND j.slug = 'funktionshinder-utforare'
		JOIN account_role AS r ON r.account_id = a.id AND r.role = 'employee' AND r.from_day < '2026-01-01' AND r.to_day IS NULL
		WHERE e.from_day < '2026-01-01' AND e.to_day IS NULL AND e.organisation_id <> m.id
		AND NOT EXISTS (SELECT 1 FROM completion AS c JOIN course AS k ON k.id = c.course_id WHERE c.person_id = e.person_id AND k.slug = 'bas-4')
		AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.person_id = e.person_id)
		AND NOT EXISTS (SELECT 1 FROM leave AS l WHERE l.person_id = e.person_id)`)
	name := s.text(`SELECT given_name || ' ' || family_name FROM person WHERE id = ` + strconv.FormatInt(person, 10))
	page := personAt(person)
	v.get(page).says(t, 200, "Arbetstid och ledighet", "Ingen tjänstledighet är inlagd", "Lägg in tjänstledighet")
	v.get(page+"?form=away").says(t, 200, "Tjänstledighet för "+name, "Varför någon är ledig sparas inte")
	v.post(page+"/leave", url.Values{"from": {"2026-01-02"}, "to": {"2025-12-01"}}).says(t, 422, "Tjänstledigheten slutar före den börjar")
	v.post(page+"/leave", url.Values{"from": {"2026-01-02"}, "to": {"2026-03-31"}}).leads(t, page)
	v.post(page+"/leave", url.Values{"from": {"2026-02-02"}}).says(t, 409, "redan tjänstledig")
	v.get(page+"?form=terms").says(t, 200, "Titel, anställningsform och arbetstid för "+name)
	v.post(page+"/terms", url.Values{"title": {"Stödpedagog"}, "form": {"hourly"}, "shift": {"evening"}}).leads(t, page)
	v.get(page).says(t, 200, "Stödpedagog", "timanställd", "kväll", "31 mars 2026", "Avsluta i dag")
	v.get("/municipalities/borlange/courses/bas-4").says(t, 200, "varav 1 tjänstledig")

	unit := s.id(`SELECT organisation_id FROM employment WHERE person_id = $1 AND from_day <= '2026-01-02' AND (to_day IS NULL OR to_day >= '2026-01-02')`, person)
	values := url.Values{"name": {"Timanställda"}, "from": {"2026-01-12"}, "until": {"2026-06-12"}, "size": {"15"}, "units": {strconv.FormatInt(unit, 10)}, "titles": {"Stödpedagog"}, "forms": {"hourly"}}
	made := v.post("/municipalities/borlange/plans?course=bas-4", values)
	made.leads(t, made.location)
	v.get(made.location).says(t, 200, "Tjänstlediga", name, "åter 1 april 2026")
	groups := v.get(made.location + "/groups")
	groups.says(t, 200, name, "åter 1 april 2026")

	// Back sooner, they wait for an occasion like the others.
	leave := s.id(`SELECT id FROM leave WHERE person_id = $1`, person)
	v.post(fmt.Sprintf("/leave/%d/end", leave), url.Values{"person": {strconv.FormatInt(person, 10)}, "back": {"2026-01-02"}}).leads(t, page+"#terms")
	v.get(made.location).says(t, 200, "Ingen som väntar på kursen är tjänstledig")
}

func TestOfTwoWhoChangeAPlanTheSecondIsTold(t *testing.T) {
	s := newSite(t)
	v, other := s.as(municipal), s.as(regional)
	plan := fmt.Sprintf("/plans/%d", s.id(`SELECT p.id FROM rollout AS p JOIN organisation AS m ON m.id = p.municipality_id WHERE m.slug = 'borlange'`))
	unit := s.id(`SELECT MIN(unit_id) FROM rollout_unit AS u JOIN rollout AS p ON p.id = u.rollout_id JOIN organisation AS m ON m.id = p.municipality_id WHERE m.slug = 'borlange'`)
	values := func(name string) url.Values {
		return url.Values{"name": {name}, "from": {"2026-12-01"}, "until": {"2027-06-12"}, "size": {"12"}, "units": {strconv.FormatInt(unit, 10)}, "version": {"1"}}
	}
	v.get(plan+"/edit").says(t, 200, "Ändra BAS 3 för alla", `name="version" value="1"`)
	other.post(plan+"/edit", values("Regionens")).leads(t, plan)
	told := v.post(plan+"/edit", values("Kommunens"))
	told.says(t, http.StatusConflict, "Någon annan har ändrat planen", `value="Kommunens"`, `name="version" value="2"`)
	v.get(plan).says(t, 200, "Regionens")
	again := values("Kommunens")
	again.Set("version", "2")
	v.post(plan+"/edit", again).leads(t, plan)
	v.post(plan+"/end", url.Values{"name": {"Kommunens"}}).leads(t, plan)
	v.get(plan).says(t, 200, "Avslutad", "Planen Kommunens är avslutad.")
	v.post(plan+"/edit", again).says(t, 409)
	v.get(plan+"/groups").says(t, 409, "Planen är avslutad")
}

func TestAMunicipalityRemindsThoseWhoMissACourse(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	path := "/municipalities/borlange/courses/bas-3"
	send := url.Values{"whom": {"missing"}}
	v.post(path+"/reminders", send).leads(t, path)
	v.get(path).says(t, 200, "Påminnelsen går till", "personer och")
	v.post(path+"/reminders", send).leads(t, path)
	v.get(path).says(t, 200, "Ingen fick en påminnelse")
	s.as(manager).post(path+"/reminders", send).says(t, 404)
}

func TestTheListOfAMunicipalitysPeople(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	v.get("/municipalities/borlange/staff").says(t, 200, "Personer och kurser", "BAS 1", "Saknas", "Hämta som Excel-fil", "Sida 1 av")
	v.get("/municipalities/borlange/staff?page=2&sort=-missing").says(t, 200, "Sida 2 av", `aria-sort="descending"`)
	v.get("/municipalities/borlange/staff?course=999999").says(t, 404)
	v.get("/municipalities/borlange/staff?journey="+s.journey("funktionshinder-utforare")+"&course="+s.course("bas-3")).says(t, 200, "saknar BAS 3")
	book := v.get("/municipalities/borlange/staff.xlsx")
	if book.status != 200 || !strings.HasPrefix(book.body, "PK") || !strings.Contains(book.header.Get("Content-Disposition"), "kurser-borlange-2026-11-23.xlsx") {
		t.Errorf("the workbook: status %d, %q", book.status, book.header.Get("Content-Disposition"))
	}
	csv := v.get("/municipalities/borlange/staff.csv")
	if head, _, _ := strings.Cut(csv.body, "\r\n"); csv.status != 200 || !strings.HasPrefix(head, "\ufeffEfternamn;Förnamn;Enhet;Titel;Anställningsform;Arbetstid;Tjänstledig;Saknar;") {
		t.Errorf("the list begins %q", head)
	}
}

func TestAManagerSeesPlansAndBooksFromTheTeamsTable(t *testing.T) {
	s := newSite(t)
	v := s.as(manager)
	unit := strconv.FormatInt(s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`), 10)
	made := s.as(regional).post("/municipalities/falun/plans?course=samtal-och-delaktighet", url.Values{
		"name": {"Samtal i vår"}, "from": {"2026-12-01"}, "until": {"2027-05-31"}, "size": {"12"}, "units": {unit},
	})
	made.leads(t, made.location)
	v.get("/my/staff").says(t, 200, "Hämta som Excel-fil", "Boka plats eller planera", "Planer som gäller din enhet", "Samtal i vår", "börjar 1 dec 2026")
	course := s.course("samtal-och-delaktighet")
	v.get("/my/staff?journey="+s.journey("barn-och-unga")+"&course="+course+"&missing=1").says(t, 200, "Planera tillfälle", "/municipalities/falun/rounds/new?course=samtal-och-delaktighet&amp;unit="+unit)

	// Who was clicked is the one who is ticked where one signs up.
	href := regexp.MustCompile(`/my/staff\?course=[^"]*person=(\d+)#sign-up`)
	booked := false
	for _, m := range href.FindAllStringSubmatch(v.get("/my/staff").body, -1) {
		path, _, _ := strings.Cut(strings.ReplaceAll(m[0], "&amp;", "&"), "#")
		to := strings.ReplaceAll(regexp.MustCompile(`/rounds/\d+/signup\?[^"]*person=`+m[1]+`[^"]*`).FindString(v.get(path).body), "&amp;", "&")
		if to == "" {
			continue // the course has no round to book
		}
		booked = true
		v.get(to).says(t, 200, `name="person" value="`+m[1]+`" checked`)
		break
	}
	if !booked {
		t.Error("nobody can be booked from the table")
	}
	own := v.get(made.location)
	own.says(t, 200, "Samtal i vår", "Kommande")
	if strings.Contains(own.body, "Ändra planen") || strings.Contains(own.body, "Dela in i grupper") {
		t.Error("a manager is offered to change the municipality's plan")
	}
	book := v.get("/my/staff.xlsx")
	if book.status != 200 || !strings.HasPrefix(book.body, "PK") {
		t.Errorf("the workbook: status %d", book.status)
	}
}
