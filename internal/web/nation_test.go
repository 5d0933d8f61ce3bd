package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const dalarnas = "regional@example.org"

func (s *site) personOf(email string) string {
	s.t.Helper()
	return strconv.FormatInt(s.id(`SELECT id FROM person WHERE email = $1`, email), 10)
}

func TestTheNationalOwnersStartPageSaysWhatWaits(t *testing.T) {
	s := newSite(t)
	owner := s.as(national)
	owner.get("/").says(t, http.StatusOK, "Ingen kan logga in för Blekinge och 1 region till.", "kom inte fram till 1 person", "Utkastet till", "Regioner", "Brev", "Taxor", "Personer")
	owner.get("/search?q=taxa").says(t, http.StatusOK, "Taxor")
	// The regions, those without anybody first.
	list := owner.get("/nation/regions")
	list.says(t, http.StatusOK, "2 regioner har ingen som kan logga in", "Blekinge, Gotland.", "tore.lagergren@example.org", "Har inte loggat in")
	if gotland, boras := strings.Index(list.body, ">Gotland<"), strings.Index(list.body, ">Boråsregionen<"); gotland < 0 || boras < gotland {
		t.Errorf("Gotland stands at %d, Borås at %d", gotland, boras)
	}
	owner.get("/nation/regions/dalarna").says(t, http.StatusOK, "Regionens egen taxa", "regional@example.org")
	owner.get("/nation/regions/gotland").says(t, http.StatusOK, "Ingen kan logga in för Gotland", "Nationens taxa")
}

func TestAnAdministratorIsAddedAndGivesTheRegionBack(t *testing.T) {
	s := newSite(t)
	owner := s.as(national)
	add := func(given, email string) answer {
		return owner.post("/nation/regions/gotland/administrators", url.Values{"given_name": {given}, "family_name": {"Visby"}, "email": {email}, "from": {"2026-11-23"}})
	}
	add("", "").says(t, http.StatusUnprocessableEntity, "Skriv en e-postadress. Utan den kan personen inte logga in.")
	// An address that is known leads to who has it, and to making them administrator.
	add("Signe", dalarnas).says(t, http.StatusUnprocessableEntity, "Adressen finns hos", "Gör Linnea Östermyr till administratör")
	owner.post("/nation/people/"+s.personOf(dalarnas)+"/grants", url.Values{"role": {"regional"}, "organisation": {"9"}, "from": {"2026-11-23"}, "back": {"/nation/regions/gotland"}}).leads(t, "/nation/regions/gotland")
	owner.get("/nation/regions/gotland").says(t, http.StatusOK, "Linnea Östermyr har fått rollen Regional administratör, Gotland. Ett brev är på väg till regional@example.org.")

	add("Gun", "gun.visby@example.org").leads(t, "/nation/regions/gotland")
	owner.get("/nation/regions/gotland").says(t, http.StatusOK, "Gun Visby har fått rollen", "gun.visby@example.org")
	gun := s.personOf("gun.visby@example.org")
	if n := s.id(`SELECT COUNT(*) FROM person_letter AS l JOIN river_job AS j ON j.kind = 'letter_person' WHERE l.person_id = $1 AND l.kind = 'role'`, gun); n == 0 {
		t.Error("no letter is on its way")
	}
	owner.get("/").says(t, http.StatusOK, "Ingen kan logga in för Blekinge.")

	// The role is ended with its last day; the receipt names the person.
	page := owner.get("/nation/people/" + gun)
	page.says(t, http.StatusOK, "Gun Visby", "Regional administratör", "Gotland", "Har inte loggat in")
	grant := strconv.FormatInt(s.id(`SELECT MAX(id) FROM role_grant WHERE person_id = $1`, gun), 10)
	owner.get("/nation/people/"+gun+"?end="+grant).says(t, http.StatusOK, "Avsluta rollen Regional administratör i Gotland")
	owner.post("/nation/grants/"+grant+"/end", url.Values{"last": {"x"}}).says(t, http.StatusUnprocessableEntity, "Avsluta rollen Regional administratör i Gotland")
	owner.post("/nation/grants/"+grant+"/end", url.Values{"last": {"2026-11-23"}}).leads(t, "/nation/people/"+gun)
	owner.get("/nation/people/"+gun).says(t, http.StatusOK, "Rollen Regional administratör, Gotland, har fått sin sista dag för Gun Visby.")

	// The last owner stays.
	own := strconv.FormatInt(s.id(`SELECT MAX(id) FROM role_grant WHERE role = 'national'`), 10)
	owner.post("/nation/grants/"+own+"/end", url.Values{"last": {"2026-11-23"}}).says(t, http.StatusConflict, "Ingen annan är nationell ägare tills vidare.")
}

func TestAnAdministratorsAddressIsCorrected(t *testing.T) {
	s := newSite(t)
	owner := s.as(national)
	alve := s.personOf("alve.sjodin@example.org")
	owner.get("/nation/people?letters=bounced").says(t, http.StatusOK, "1 person", "Sjödin, Alve")
	owner.get("/nation/people/"+alve).says(t, http.StatusOK, "Ett brev kom inte fram", "Rätta adressen")
	owner.post("/nation/people/"+alve+"/address", url.Values{"email": {dalarnas}}).says(t, http.StatusUnprocessableEntity, "Adressen finns hos")
	owner.post("/nation/people/"+alve+"/address", url.Values{"email": {"alve@example.org"}}).leads(t, "/nation/people/"+alve)
	page := owner.get("/nation/people/" + alve)
	page.says(t, http.StatusOK, "alve@example.org")
	page.hides(t, "kom inte fram")
}

// What the nation is told of people is the least that giving roles takes.
func TestTheNationSeesNoMoreThanItNeeds(t *testing.T) {
	s := newSite(t)
	owner := s.as(national)
	id := strconv.FormatInt(s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id JOIN completion AS c ON c.person_id = e.person_id
		WHERE e.to_day IS NULL AND o.kind = 'unit'`), 10)
	unit := s.text(`SELECT MIN(o.name) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id WHERE e.to_day IS NULL AND o.kind = 'unit' AND e.person_id = ` + id)
	email := s.text(`SELECT email FROM person WHERE id = ` + id)
	page := owner.get("/nation/people/" + id)
	page.says(t, http.StatusOK, "har ingen roll för en region eller hela landet", email)
	page.hides(t, unit, "Loggade in", "Genomförda")
	for _, path := range []string{"/people/" + id, "/people/" + id + "/trainer-days"} {
		if a := owner.get(path); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	list := owner.get("/nation/people?q=" + url.QueryEscape(email))
	list.says(t, http.StatusOK, "1 person")
	if strings.Contains(list.body, ">"+email+"<") {
		t.Error("the list tells the address of somebody without an office")
	}
}

func TestALetterToTheRegionsIsPreviewedSentAndRead(t *testing.T) {
	s := newSite(t)
	owner, region := s.as(national), s.as(dalarnas)
	form := url.Values{"subject": {"Nytt arbetssätt"}, "body": {"Läs **detta**.\n\n- ett\n- två"}, "to": {"all"}, "key": {"0123456789abc"}}
	owner.post("/nation/letters/preview", form).says(t, http.StatusOK, "personer får brevet, ett var. Regioner: 24.", "2 regioner har ingen som får brevet", "Blekinge, Gotland.", "<strong>detta</strong>", "Tore Lagergren, Kronoberg, Kalmar")
	owner.post("/nation/letters/preview", url.Values{"subject": {"A"}, "body": {"B"}, "to": {"chosen"}}).says(t, http.StatusUnprocessableEntity, "Välj minst en region")
	owner.post("/nation/letters/preview", url.Values{"subject": {"A"}, "body": {"B"}, "to": {"chosen"}, "regions": {"9"}}).says(t, http.StatusUnprocessableEntity, "Ingen skulle få brevet")
	owner.post("/nation/letters", form).leads(t, "/nation/letters")
	owner.get("/nation/letters").says(t, http.StatusOK, "Brevet skickas nu.", "Nytt arbetssätt")
	owner.post("/nation/letters", form).leads(t, "/nation/letters")
	owner.get("/nation/letters").says(t, http.StatusOK, "Brevet var redan skickat.")
	id := strconv.FormatInt(s.id(`SELECT MAX(id) FROM circular`), 10)
	owner.get("/nation/letters/"+id).says(t, http.StatusOK, "2 regioner har ingen som får brevet", "Ingen administratör", "Linnea Östermyr", "Väntar")

	region.get("/").says(t, http.StatusOK, "Ett nytt brev från Yrkesresan nationellt: Nytt arbetssätt", "Brev från Yrkesresan nationellt")
	region.get("/letters").says(t, http.StatusOK, "Nytt arbetssätt", "Inte öppnat")
	read := region.get("/letters/" + id)
	read.says(t, http.StatusOK, "<strong>detta</strong>", "<li>två</li>")
	read.hides(t, "@example.org", "Tore Lagergren")
	region.get("/").says(t, http.StatusOK, "Läs brevet igen")

	// One that came back is sent again.
	bounced := strconv.FormatInt(s.id(`SELECT MAX(n.circular_id) FROM circular_recipient AS n JOIN person_letter AS l ON l.id = n.letter_id WHERE l.failed_at IS NOT NULL`), 10)
	owner.get("/nation/letters/"+bounced).says(t, http.StatusOK, "1 person fick inte brevet", "Adressen finns inte")
	owner.post("/nation/letters/"+bounced+"/resending", url.Values{}).leads(t, "/nation/letters/"+bounced)
	owner.get("/nation/letters/"+bounced).hides(t, "fick inte brevet")
}

func TestTheNationsTariffIsSetAndTheRegionsSayWhoseTheyHave(t *testing.T) {
	s := newSite(t)
	owner, region := s.as(national), s.as(dalarnas)
	region.get("/regions/dalarna/tariffs").says(t, http.StatusOK, "Det här gäller i dag", "650 kr, varav 400 kr till utbildarpotten. Regionens egen taxa, från 1 januari 2023.", "Nationens taxor")
	owner.get("/regions/uppsala/tariffs").says(t, http.StatusOK, "450 kr, varav 200 kr till utbildarpotten. Nationens taxa, från 1 januari 2026.")
	page := owner.get("/nation/tariffs")
	page.says(t, http.StatusOK, "Nationens taxor", "600 kr", "gäller nu", "Ta tillbaka")
	form := url.Values{"kind": {"authority"}, "from": {"2027-01-01"}, "fee": {"640"}, "pot": {"390"}, "lead_weight": {"1,5"}, "trainer_weight": {"1"}, "rss": {"kept"}, "reach": {"coming"}}
	owner.post("/nation/tariffs", form).leads(t, "/nation/tariffs")
	owner.get("/nation/tariffs").says(t, http.StatusOK, "640 kr")
	region.get("/nation/tariffs").hides(t, "Ta tillbaka", "Lägg till en taxa")

	// Gävleborg takes its own back: what it has from then on is the nation's, told in numbers before.
	s.change(`UPDATE tariff SET withdrawn_at = 1, withdrawn_reason = 'Fel' WHERE region_id = (SELECT id FROM organisation WHERE slug = 'gavleborg' AND kind = 'region')`)
	correction := url.Values{"kind": {"authority"}, "from": {"2026-01-01"}, "fee": {"620"}, "pot": {"375"}, "lead_weight": {"1,5"}, "trainer_weight": {"1"}, "rss": {"kept"}, "reach": {"all"}, "reason": {"Rättat"}}
	asked := owner.post("/nation/tariffs", correction)
	asked.says(t, http.StatusOK, "Spara taxan och ändra kursomgångarna")
	if !strings.Contains(asked.body, `name="seen"`) || !strings.Contains(readable(asked.body), "publicerad") {
		t.Error("the page does not say what the correction changes")
	}
	correction.Set("reach", "coming")
	owner.post("/nation/tariffs", correction).says(t, http.StatusUnprocessableEntity, "redan hållna")
}
