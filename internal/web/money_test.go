package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const steering = "styrgrupp@example.org"

// shows fails unless the answer has the status and all of the words.
func (a answer) shows(t *testing.T, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d", a.status, status)
	}
	text := readable(a.body)
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
	if strings.Contains(text, "[[") {
		t.Error("a message is missing")
	}
}

// hides fails when the answer has one of the words.
func (a answer) hides(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(readable(a.body), w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// readable is the page with ordinary spaces.
func readable(body string) string { return strings.ReplaceAll(body, "\u00a0", " ") }

// dayOn is a course day of Dalarna that carries money.
func (s *site) dayOn(day, course string) int64 {
	s.t.Helper()
	return s.id(`SELECT cd.id FROM course_day AS cd JOIN round AS r ON r.id = cd.round_id JOIN course AS c ON c.id = r.course_id
		JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.delivery = 'regional' AND cd.held_at IS NOT NULL AND cd.day = $1 AND c.slug = $2`, day, course)
}

// somebodyOn is the seat of one who was present and charged for on the day.
func (s *site) somebodyOn(day int64) string {
	s.t.Helper()
	return strconv.FormatInt(s.id(`SELECT MIN(a.enrolment_id) FROM attendance AS a WHERE a.course_day_id = $1 AND a.mark = 'present'`, day), 10)
}

func moneyOf(day int64) string { return "/days/" + strconv.FormatInt(day, 10) + "/money" }

func TestThePotSaysWhatWasPaidKeptAndWhy(t *testing.T) {
	s := newSite(t)
	a := s.as(regional).get("/regions/dalarna/pot?year=2025")
	a.shows(t, http.StatusOK, "108 000 kr", "13 200 kr", "303", "41 200 kr", `href="/municipalities/borlange/money?year=2025"`,
		"RSS-utbildares andel stannar i regionen", "Kursdagarna är en rekonstruktion", `href="/regions/dalarna/pot?year=2026"`)
	a.shows(t, http.StatusOK, `href="`+moneyOf(s.dayOn("2025-05-06", "utsatthet-och-vald"))+`"`)

	s.as(regional).get("/regions/dalarna/pot?year=2026").hides(t, "rekonstruktion")
	s.as(regional).get("/regions/dalarna/pot?year=2026").shows(t, http.StatusOK, "Ingen kommunal utbildare den dagen", "inte färdig", "Registrera närvaro")
	s.as(steering).get("/regions/dalarna/pot?year=2026").hides(t, "Registrera närvaro")
	s.as(regional).get("/regions/dalarna/pot?year=2019").shows(t, http.StatusOK, "Inga kursdagar 2019")
}

func TestMoneyIsClosedToOthers(t *testing.T) {
	s := newSite(t)
	day := s.dayOn("2025-03-20", "handlaggning-av-unga-lagovertradare")
	for _, page := range []string{"pot", "invoice-basis", "invoice-basis.csv"} {
		for _, visit := range []struct {
			who, region string
			want        int
		}{
			{regional, "dalarna", 200}, {regional, "gavleborg", 404}, {steering, "dalarna", 200}, {steering, "gavleborg", 404},
			{municipal, "dalarna", 403}, {employee, "dalarna", 403}, {employee, "atlantis", 404},
		} {
			if a := s.as(visit.who).get("/regions/" + visit.region + "/" + page); a.status != visit.want {
				t.Errorf("%s of %s as %s: status %d, want %d", page, visit.region, visit.who, a.status, visit.want)
			}
		}
	}
	for _, visit := range []struct {
		who, path string
		want      int
	}{
		{municipal, "/municipalities/borlange/money", 200}, {municipal, "/municipalities/ludvika/money", 404}, {employee, "/municipalities/falun/money", 403},
		{municipal, moneyOf(day), 200}, {employee, moneyOf(day), 403}, {regional, "/days/999999/money", 404}, {"producent@example.org", moneyOf(day), 403},
		{municipal, "/regions/dalarna/tariffs", 200}, {employee, "/regions/dalarna/tariffs", 403}, {regional, "/regions/gavleborg/tariffs", 404},
	} {
		if a := s.as(visit.who).get(visit.path); a.status != visit.want {
			t.Errorf("%s as %s: status %d, want %d", visit.path, visit.who, a.status, visit.want)
		}
	}
	for _, visit := range []struct {
		who, path string
		want      int
	}{
		{steering, "/regions/dalarna/settlements", 403}, {regional, "/regions/gavleborg/settlements", 404}, {regional, "/regions/dalarna/settlements", 422},
		{steering, "/regions/dalarna/corrections", 403}, {regional, "/regions/dalarna/corrections", 422},
		{municipal, "/regions/dalarna/tariffs", 403}, {regional, "/regions/dalarna/tariffs", 422},
		{municipal, strings.Replace(moneyOf(day), "money", "exemptions", 1), 403}, {regional, strings.Replace(moneyOf(day), "money", "exemptions", 1), 422},
		{regional, strings.Replace(moneyOf(day), "money", "exemptions/removal", 1), 422},
	} {
		if a := s.as(visit.who).post(visit.path, url.Values{}); a.status != visit.want {
			t.Errorf("sending %s as %s: status %d, want %d", visit.path, visit.who, a.status, visit.want)
		}
	}
}

func TestAnAmountCanBeOpenedDownToItsPeople(t *testing.T) {
	s := newSite(t)
	day := s.dayOn("2025-05-06", "utsatthet-och-vald") // an RSS trainer led it
	s.as(regional).get(moneyOf(day)).shows(t, http.StatusOK, "12 350 kr", "7 600 kr", "650 kr × 19 = 12 350 kr", "400 kr × 19 = 7 600 kr",
		"4 560 kr", "RSS tar ingen ersättning: andelen stannar i regionen", "Befria från avgiften", "Till kursomgången")
	s.as(steering).get(moneyOf(day)).hides(t, "Befria från avgiften", "/people/")
	s.as(steering).get(moneyOf(day)).shows(t, http.StatusOK, "Visas inte för dig")
	own := s.as(municipal).get(moneyOf(day))
	own.shows(t, http.StatusOK, "din kommuns deltagare", "Borlänge")
	own.hides(t, "Avgift per kommun</h2><table", `/municipalities/ludvika/money`, "12 350 kr")
}

func TestAMunicipalitySeesItsYear(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	v.get("/municipalities/borlange/money?year=2025").shows(t, http.StatusOK, "36 400 kr", "41 200 kr", "−4 800", "vikt 1,5", "Kursdagarna är en rekonstruktion")
	v.get("/municipalities/borlange/money?year=2019").shows(t, http.StatusOK, "Inga kursdagar 2019")
}

func TestAYearIsClosedAndCorrectedWithLinesOfTheirOwn(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	basis := "/regions/dalarna/invoice-basis?year=2025"
	v.get(basis).shows(t, http.StatusOK, "196 950 kr", "Stäng året 2025", "17 kursdagar fryses: 303 deltagardagar för 196 950 kr till 15 kommuner, och 108 000 kr ur utbildarpotten till 6 kommuner")
	s.as(steering).get(basis).hides(t, "Stäng året 2025")

	v.post("/regions/dalarna/settlements", url.Values{"year": {"2026"}}).shows(t, http.StatusUnprocessableEntity, "inte färdig")
	a := v.post("/regions/dalarna/settlements", url.Values{"year": {"2025"}})
	if a.status != http.StatusSeeOther || a.location != basis {
		t.Fatalf("closing the year: status %d, to %s", a.status, a.location)
	}
	v.get(basis).shows(t, http.StatusOK, "Året 2025 är stängt.", "Linnea Östermyr stängde det", "196 950 kr")
	v.post("/regions/dalarna/settlements", url.Values{"year": {"2025"}}).shows(t, http.StatusConflict, "redan stängt")
	v.post("/regions/dalarna/corrections", url.Values{"year": {"2025"}, "reason": {"x"}}).shows(t, http.StatusUnprocessableEntity, "Allt stämmer redan")

	day := s.dayOn("2025-03-20", "handlaggning-av-unga-lagovertradare")
	exemptions := strings.Replace(moneyOf(day), "money", "exemptions", 1)
	seat := s.somebodyOn(day)
	v.post(exemptions, url.Values{"enrolment": {seat}, "reason": {" "}}).shows(t, http.StatusUnprocessableEntity, "Skriv varför", `value="`+seat+`" selected`)
	// What a municipality pays for a closed year stays until it is corrected.
	pays := func() string {
		var all []string
		sum := regexp.MustCompile(`Kommunen betalar[^0-9]*([0-9\x{a0}]+)`)
		for _, m := range []string{"avesta", "borlange", "falun", "gagnef", "hedemora", "leksand", "ludvika", "malung-salen", "mora", "orsa",
			"rattvik", "smedjebacken", "sater", "vansbro", "alvdalen"} {
			text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(v.get("/municipalities/"+m+"/money?year=2025").body, " ")
			if found := sum.FindStringSubmatch(text); found != nil {
				all = append(all, m+" "+found[1])
			}
		}
		return strings.Join(all, "; ")
	}
	closed := pays()
	if a := v.post(exemptions, url.Values{"enrolment": {seat}, "reason": {"Gäst"}}); a.status != http.StatusSeeOther {
		t.Fatalf("exempting: status %d", a.status)
	}
	if now := pays(); now != closed || strings.Count(closed, ";") != 14 {
		t.Errorf("the municipalities pay %s, and paid %s when the year was closed", now, closed)
	}
	v.get(moneyOf(day)).shows(t, http.StatusOK, "Befriad från avgiften: Gäst", "650 kr × 15 = 9 750 kr", "Ta bort befrielsen")

	v.get(basis).shows(t, http.StatusOK, "196 950 kr", "Sedan dess har", "−650 kr")
	refused := v.post("/regions/dalarna/corrections", url.Values{"year": {"2025"}, "reason": {""}})
	refused.shows(t, http.StatusUnprocessableEntity, "Skriv varför", "1 sak behöver rättas", "<title>Fel:")
	if a := v.post("/regions/dalarna/corrections", url.Values{"year": {"2025"}, "reason": {"Gästen ska inte betala"}}); a.status != http.StatusSeeOther {
		t.Fatalf("correcting: status %d", a.status)
	}
	if now := pays(); now == closed {
		t.Errorf("after the correction the municipalities still pay %s", now)
	}
	after := v.get(basis)
	after.shows(t, http.StatusOK, "196 300 kr", "Bokförda rättelser", "Rättelse 2026-11-23 av Linnea Östermyr: Gästen ska inte betala", "−650 kr")
	after.hides(t, "Ändrat sedan året stängdes")
	csv := v.get("/regions/dalarna/invoice-basis.csv?year=2025")
	csv.shows(t, http.StatusOK, "Region;År;Kommun", "-650,00", "Gästen ska inte betala")
	if got := csv.header.Get("Content-Disposition"); got != `attachment; filename="faktureringsunderlag-dalarna-2025.csv"` {
		t.Errorf("Content-Disposition is %s", got)
	}

	if a := v.post(exemptions+"/removal", url.Values{"enrolment": {seat}}); a.status != http.StatusSeeOther {
		t.Fatalf("removing the exemption: status %d", a.status)
	}
	v.get(moneyOf(day)).shows(t, http.StatusOK, "1 befrielse har getts den här dagen", "Gäst", "Borttagen")
	v.get(basis).shows(t, http.StatusOK, "+650 kr")
	v.get("/regions/dalarna/pot?year=2025").shows(t, http.StatusOK, "Året 2025 är stängt", "Stängt belopp")
}

func TestATariffIsAddedFromADayOn(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	path := "/regions/dalarna/tariffs"
	v.get(path).shows(t, http.StatusOK, "650 kr", "400 kr", "450 kr", "200 kr", "Delas av de andra", "Kurser för chefer", "Lägg till taxan")
	s.as(steering).get(path).hides(t, "Lägg till taxan")
	s.as(national).get("/regions/blekinge/tariffs").shows(t, http.StatusOK, "Regionen har ingen egen taxa", "Nationens taxa")

	form := url.Values{
		"kind": {"authority"}, "from": {"2027-01-01"}, "fee": {"700,50"}, "pot": {"800"}, "lead_weight": {"1,5"}, "trainer_weight": {"1"}, "rss": {"kept"},
	}
	v.post(path, form).shows(t, http.StatusUnprocessableEntity, "Delen till utbildarpotten ska vara från 0 till hela avgiften", `value="700,50"`, `value="2027-01-01"`)
	form.Set("fee", "mycket")
	v.post(path, form).shows(t, http.StatusUnprocessableEntity, "Skriv ett belopp i kronor", `value="mycket"`)
	form.Set("fee", "900")
	if a := v.post(path, form); a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("adding: status %d, to %s", a.status, a.location)
	}
	v.get(path).shows(t, http.StatusOK, "900 kr", "Taxan är tillagd.", "31 december 2026")
	v.post(path, form).shows(t, http.StatusUnprocessableEntity, "redan en taxa")
}

func TestACorrectionSaysInNumbersWhatItChanges(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	path, basis := "/regions/dalarna/tariffs", "/regions/dalarna/invoice-basis?year=2025"
	form := url.Values{
		"kind": {"authority"}, "from": {"2025-12-01"}, "fee": {"700"}, "pot": {"400"}, "lead_weight": {"1,5"}, "trainer_weight": {"1"}, "rss": {"kept"},
	}
	v.post(path, form).shows(t, http.StatusUnprocessableEntity, "Kursdagar från den dagen är redan hållna")
	form.Set("from", "2025-01-01")
	form.Set("reach", "all")
	v.post(path, form).shows(t, http.StatusUnprocessableEntity, `name="reason"`)
	form.Set("reason", "Beslutat av styrgruppen")
	look := v.post(path, form)
	look.shows(t, http.StatusOK, "publicerade kursomgångar ändras", "Spara taxan och ändra kursomgångarna", "Beslutat av styrgruppen")
	v.get(basis).shows(t, http.StatusOK, "196 950 kr")
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(look.body)
	if seen == nil {
		t.Fatal("nothing to say yes to")
	}
	form.Set("seen", "1/1/1/1/1") // other numbers than those that hold
	v.post(path, form).shows(t, http.StatusOK, "publicerade kursomgångar ändras")
	form.Set("seen", seen[1])
	if a := v.post(path, form); a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("correcting: status %d, to %s", a.status, a.location)
	}
	v.get(basis).shows(t, http.StatusOK, "212 100 kr") // 303 × 700
	v.get(path).shows(t, http.StatusOK, "Rättelse av", "Beslutat av styrgruppen")

	id := strconv.FormatInt(s.id(`SELECT MAX(id) FROM tariff WHERE region_id = 20`), 10)
	s.as(steering).get(path+"?withdraw="+id).hides(t, "Ta tillbaka taxan")
	back := v.get(path + "?withdraw=" + id)
	back.shows(t, http.StatusOK, "Ta tillbaka taxan", "publicerade kursomgångar ändras")
	undo := url.Values{"withdraw": {id}, "seen": {regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(back.body)[1]}}
	v.post(path+"/withdrawal", undo).shows(t, http.StatusUnprocessableEntity, "Ta tillbaka taxan")
	undo.Set("reason", "Fel belopp")
	if a := v.post(path+"/withdrawal", undo); a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("taking back: status %d, to %s", a.status, a.location)
	}
	v.get(path).shows(t, http.StatusOK, "Taxan är tillbakatagen.", "Återtagna taxor", "Fel belopp")
	v.get(basis).shows(t, http.StatusOK, "196 950 kr")
}

// Whoever stands on a page about money can go on from each of its amounts.
func TestLinksBetweenTheMoneyPagesLeadSomewhere(t *testing.T) {
	s := newSite(t)
	link := regexp.MustCompile(`href="(/(?:regions/dalarna|municipalities|days)/[^"#]*)`)
	for _, who := range []string{regional, steering, municipal} {
		v := s.as(who)
		seen := map[string]bool{}
		start := "/regions/dalarna/pot?year=2025"
		if who == municipal {
			start = "/municipalities/borlange/money?year=2025"
		}
		for _, page := range []string{start, "/regions/dalarna/annual-report?year=2025", moneyOf(s.dayOn("2025-03-20", "handlaggning-av-unga-lagovertradare"))} {
			for _, m := range link.FindAllStringSubmatch(v.get(page).body, -1) {
				address := strings.ReplaceAll(m[1], "&amp;", "&")
				if seen[address] {
					continue
				}
				seen[address] = true
				if a := v.get(address); a.status != http.StatusOK {
					t.Errorf("%s from %s as %s: status %d", address, page, who, a.status)
				}
			}
		}
		if len(seen) < 10 {
			t.Errorf("%s found only %d links", who, len(seen))
		}
	}
}
