package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestARegionsFiguresAreAsOfADay(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	v.get("/regions/dalarna/figures?day=2025-12-31").shows(t, http.StatusOK, "per 31 december 2025", "Falun har flest konton: 83 av 325",
		"Både steg och chef", "räknas både i ett steg och som chef", "Handläggning med barnet i centrum")
	v.get("/regions/dalarna/figures?journey=funktionshinder-utforare&day=2025-12-31").shows(t, http.StatusOK, "1 966", "1 630", "89,6 %",
		"Flest har gått BAS 1: 89,6 % av medarbetarna")
	v.get("/regions/dalarna/figures?day=2999-01-01").shows(t, http.StatusOK, "per 23 november 2026")
	v.get("/regions/dalarna/figures?journey=funktionshinder-myndighet").shows(t, http.StatusOK, "Inga konton i Funktionshinder myndighetsutövning", "Inga svar är publicerade")
	v.get("/regions/dalarna/figures?day=2001-01-01").shows(t, http.StatusOK, "Inga konton i Barn och unga", "Inga genomförda kurser 2001")
	v.get("/regions/dalarna/figures?journey=nonsense").shows(t, http.StatusNotFound)
	v.get("/regions/gavleborg/figures").shows(t, http.StatusNotFound)
	s.as(employee).get("/regions/dalarna/figures").shows(t, http.StatusForbidden)
	s.as(municipal).get("/regions/dalarna/figures").shows(t, http.StatusOK, `href="/municipalities/borlange"`)
	s.as(municipal).get("/regions/dalarna/figures").hides(t, `href="/municipalities/ludvika"`)
}

func TestFiguresAreSortedByTheAddress(t *testing.T) {
	s := newSite(t)
	name := regexp.MustCompile(`<th scope="row"[^>]*>(?:<a[^>]*>)?([^<]+)`)
	first := func(address string) string {
		body := s.as(regional).get(address).body
		at := strings.Index(body, `id="accounts"`)
		if at < 0 {
			t.Fatal("no table of accounts")
		}
		return name.FindStringSubmatch(body[at:])[1]
	}
	for address, want := range map[string]string{
		"/regions/dalarna/figures?day=2025-12-31":            "Avesta",
		"/regions/dalarna/figures?day=2025-12-31&sort=-a0":   "Falun",
		"/regions/dalarna/figures?day=2025-12-31&sort=a0":    "Smedjebacken",
		"/regions/dalarna/figures?day=2025-12-31&sort=-a1":   "Borlänge",
		"/regions/dalarna/figures?day=2025-12-31&sort=a9999": "Avesta",
		"/regions/dalarna/figures?day=2025-12-31&sort=-c1":   "Avesta",
	} {
		if got := first(address); got != want {
			t.Errorf("%s begins with %s, want %s", address, got, want)
		}
	}
}

func TestTheNationsFiguresHaveARowPerRegion(t *testing.T) {
	s := newSite(t)
	a := s.as(national).get("/figures?journey=funktionshinder-utforare")
	a.shows(t, http.StatusOK, "Siffror för Sverige", "Storstockholm", `/regions/dalarna/figures?day=2026-11-23&amp;journey=funktionshinder-utforare`)
	for who, want := range map[string]int{
		regional: 404, municipal: 404, steering: 404, employee: 403, "producent@example.org": 200, "socialstyrelsen@example.org": 200, "drift@example.org": 200,
	} {
		if a := s.as(who).get("/figures"); a.status != want {
			t.Errorf("%s: status %d, want %d", who, a.status, want)
		}
	}
}

func TestTheAnnualReportIsADocumentWithItsCorrections(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	a := v.get("/regions/dalarna/annual-report?year=2025")
	a.shows(t, http.StatusOK, "Årsrapport – Yrkesresan i Dalarna 2025", "Innehåll", "tryckt: 121", "tryckt: 8", "I snitt 17,8 deltagare per kursdag, 11–22",
		"196 950 kr", "108 000 kr", "Rättelser av den tryckta rapporten", "Kursdagarna är en rekonstruktion", "<desc id=")
	// The tables stand in the order of the printed report.
	at := -1
	for _, id := range []string{
		"accounts-barn-och-unga", "courses", "course-days", "variable-fee", "pot", "manager-survey", "accounts-funktionshinder-utforare",
		"completions-funktionshinder-utforare", "evaluations", "corrections",
	} {
		next := strings.Index(a.body, `<h2 id="`+id+`"`)
		if next <= at {
			t.Errorf("%s stands at %d, after %d", id, next, at)
		}
		at = next
		if !strings.Contains(a.body, `href="#`+id+`"`) {
			t.Errorf("the contents do not lead to %s", id)
		}
	}
	v.get("/regions/dalarna/annual-report?year=2025&day=2025-06-30").hides(t, "tryckt:")
	v.get("/regions/dalarna/annual-report?year=2026").shows(t, http.StatusOK, "per 23 november 2026")
	v.get("/regions/gavleborg/annual-report").shows(t, http.StatusNotFound)
	s.as(employee).get("/regions/dalarna/annual-report").shows(t, http.StatusForbidden)
	s.as(national).get("/regions/blekinge/annual-report?year=2019").shows(t, http.StatusOK, "Inget att berätta om 2019")
}

func TestTheAnnualReportIsDownloaded(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	for ending, kind := range map[string]string{
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json", "txt": "text/plain; charset=utf-8",
	} {
		a := v.get("/regions/dalarna/annual-report." + ending + "?year=2025")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != kind || !strings.Contains(a.header.Get("Content-Disposition"), "arsrapport-dalarna-2025."+ending) {
			t.Errorf("%s: status %d, %s, %s", ending, a.status, a.header.Get("Content-Type"), a.header.Get("Content-Disposition"))
		}
		if s.as(regional).get("/regions/gavleborg/annual-report."+ending).status != http.StatusNotFound {
			t.Errorf("%s of a foreign region is given", ending)
		}
	}
	var r struct {
		VariableFee struct {
			Charged int64 `json:"charged_ore"`
		} `json:"variable_fee"`
	}
	if err := json.Unmarshal([]byte(v.get("/regions/dalarna/annual-report.json?year=2025").body), &r); err != nil || r.VariableFee.Charged != 19695000 {
		t.Errorf("charged %d, %v", r.VariableFee.Charged, err)
	}
}

// The difference between two days of one's choice would tell what one person
// answered.
func TestAnswersAreShownAsPublishedWhateverTheDay(t *testing.T) {
	s := newSite(t)
	v, nation := s.as(regional), s.as(national)
	const funk = "figures?journey=funktionshinder-utforare"
	section := func(body string) string {
		t.Helper()
		_, rest, ok := strings.Cut(body, `id="evaluations"`)
		if !ok {
			t.Fatal("no evaluations")
		}
		return rest
	}
	for _, day := range []string{"", "&day=2026-10-10"} {
		a := v.get("/regions/dalarna/" + funk + day)
		a.shows(t, http.StatusOK, "Svar till och med 30 juni 2026. Nästa publicering: 31 december 2026.", "En siffra ändras bara när minst 5 nya svar har kommit.")
	}
	a := nation.get("/" + funk + "&day=2026-05-12")
	a.shows(t, http.StatusOK, "Svar till och med 12 maj 2026.", "143 svar")
	a.hides(t, "Nästa publicering: 30 juni 2026") // it has been made
	nation.get("/"+funk+"&day=2026-05-11").shows(t, http.StatusOK, "Svar till och med 31 december 2025.", "Inga svar är publicerade")
	nation.get("/"+funk+"&day=2020-05-11").shows(t, http.StatusOK, "Inga svar var publicerade 11 maj 2020. Nästa publicering: 31 december 2026.")

	before := section(nation.get("/figures?journey=barn-och-unga").body)
	s.as(employee).post("/my/evaluations/utsatthet-och-vald", url.Values{"grade": {"neither"}})
	if n := s.id(`SELECT COUNT(*) FROM response AS r JOIN survey AS s ON s.id = r.survey_id JOIN course AS c ON c.id = s.course_id WHERE c.slug = 'utsatthet-och-vald'`); n != 1 {
		t.Fatalf("%d have answered", n)
	}
	if after := section(nation.get("/figures?journey=barn-och-unga").body); after != before {
		t.Errorf("an answer of today changes the figures:\n%s\nbefore:\n%s", after, before)
	}

	for day, want := range map[string]string{"2025-10-10": "", "2026-05-12": "2026-05-12", "2026-11-11": "2026-06-30"} {
		var r struct {
			Evaluations []struct {
				AsOf string `json:"as_of"`
			} `json:"evaluations"`
		}
		if err := json.Unmarshal([]byte(v.get("/regions/dalarna/annual-report.json?year=2025&day="+day).body), &r); err != nil || (len(r.Evaluations) == 0) != (want == "") {
			t.Fatalf("%s: %+v, %v", day, r, err)
		}
		for _, e := range r.Evaluations {
			if e.AsOf != want {
				t.Errorf("on %s answers of %s", day, e.AsOf)
			}
		}
	}
}
