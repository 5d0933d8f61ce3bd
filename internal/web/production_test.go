package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A course is planned before it is in the catalogue, is told of on the way, tied, put off and dropped; whoever planned
// with it is told.
func TestACourseThatComesIsToldOfAndPlannedWith(t *testing.T) {
	s := newSite(t)
	producer, learner, municipality := s.as("producent@example.org"), s.as("medarbetare@example.org"), s.as("kommunadministrator@example.org")
	producer.get("/workshop").says(t, http.StatusOK, "Kurser som kommer")
	producer.get("/production/new").says(t, http.StatusOK, "Hur säkert är det?")
	place := s.text(`SELECT CAST(j.id AS TEXT) || '/' || CAST(s.id AS TEXT) FROM journey AS j JOIN step AS s ON s.journey_id = j.id WHERE j.slug = 'barn-och-unga' AND s.slug = 'ny'`)
	form := url.Values{"name": {"Barn på sjukhus"}, "place": {place}, "state": {"writing"}, "month": {"2027-04"}, "surety": {"likely"}}
	producer.post("/production", url.Values{"name": {"Barn på sjukhus"}}).says(t, http.StatusUnprocessableEntity, "Välj delresa och steg", "Välj hur långt den har kommit", `value="Barn på sjukhus"`)
	producer.post("/production", form)
	id := s.text(`SELECT CAST(MAX(id) AS TEXT) FROM planned_course`)
	page := "/production/" + id
	learner.get("/my/journey").says(t, http.StatusOK, "Barn på sjukhus", "Kommer våren 2027", page)
	learner.get(page).says(t, http.StatusOK, "Kommer våren 2027", "Skrivs")
	learner.get(page+"/edit").says(t, http.StatusForbidden)
	learner.get("/production").says(t, http.StatusOK, "Barn på sjukhus")
	if strings.Contains(learner.get("/production").body, "Barn som anhöriga") {
		t.Error("an idea is told to everybody")
	}

	// Of two who change it the second is told.
	form.Set("version", "1")
	form.Set("surety", "sure")
	producer.post(page+"/edit", form).says(t, http.StatusUnprocessableEntity, "Skriv vad som har ändrats och varför")
	form.Set("reason", "Texten är klar")
	producer.post(page+"/edit", form)
	learner.get("/my/journey").says(t, http.StatusOK, "Kommer i april 2027")
	producer.post(page+"/edit", form).says(t, http.StatusConflict, "Någon annan har ändrat planen")

	// A municipality plans with a course that is in the catalogue, and is told what becomes of it.
	plan := s.text(`SELECT CAST(r.id AS TEXT) FROM rollout AS r JOIN course AS c ON c.id = r.course_id WHERE c.slug = 'aldre-bas-4'`)
	coming := "/production/" + s.text(`SELECT CAST(p.id AS TEXT) FROM planned_course AS p JOIN course AS c ON c.id = p.course_id WHERE c.slug = 'aldre-bas-4'`)
	municipality.get("/plans/"+plan).says(t, http.StatusOK, "Väntar på kursen", "Kursen är inte här än", coming)
	municipality.get("/municipalities/borlange/plans/new").says(t, http.StatusOK, "Vård i livets slut. Kommer i mars 2027")
	municipality.get(coming).says(t, http.StatusOK, "Planera för Borlänge")
	drop := url.Values{
		"course": {s.text(`SELECT CAST(id AS TEXT) FROM course WHERE slug = 'aldre-bas-4'`)}, "place": {s.text(`SELECT CAST(journey_id AS TEXT) || '/' || CAST(step_id AS TEXT) FROM planned_course WHERE state = 'trial'`)},
		"state": {"dropped"}, "version": {"2"}, "reason": {"Socialstyrelsen gör en egen kurs"},
	}
	producer.post(coming+"/edit", drop)
	municipality.get("/plans/"+plan).says(t, http.StatusOK, "Kursen kommer inte som det var tänkt", "Socialstyrelsen gör en egen kurs. Planen och det ni har skrivit finns kvar.")
}

func TestAPlanAsksWhoLeadsItsUnitsAndTheRegionSeesWhoBeganWithout(t *testing.T) {
	s := newSite(t)
	producer, municipality, region := s.as("producent@example.org"), s.as("kommunadministrator@example.org"), s.as("regional@example.org")
	producer.get("/workshop/bas-3").says(t, http.StatusOK, "/workshop/bas-3/launch")
	producer.get("/workshop/bas-3/launch").says(t, http.StatusOK, "Kurs för dem som leder enheten", `name="version" value="1"`)
	plan := "/plans/" + s.text(`SELECT CAST(r.id AS TEXT) FROM rollout AS r JOIN course AS c ON c.id = r.course_id WHERE c.slug = 'bas-3'`)
	unit := s.text(`SELECT CAST(MIN(u.unit_id) AS TEXT) FROM rollout_unit AS u JOIN rollout AS r ON r.id = u.rollout_id JOIN course AS c ON c.id = r.course_id WHERE c.slug = 'bas-3'`)
	municipality.get(plan).says(t, http.StatusOK, "Före starten", "saknar Leda lärande och utveckling", "Ni får börja ändå", "Se nästa omgång av Leda lärande och utveckling")
	municipality.post(plan+"/meetings", url.Values{"unit": {unit}, "held": {"2027-11-01"}}).says(t, http.StatusUnprocessableEntity, "Skriv in mötet när det har hållits")
	municipality.post(plan+"/meetings", url.Values{"unit": {unit}, "held": {"2026-11-03"}})
	municipality.get(plan).says(t, http.StatusOK, "3 nov 2026")
	region.get("/regions/dalarna/starts").says(t, http.StatusOK, "Borlänge", "saknade kursen")
	producer.post("/workshop/bas-3/launch", url.Values{"version": {"1"}})
	producer.post("/workshop/bas-3/launch", url.Values{"version": {"1"}, "meeting": {"on"}}).says(t, http.StatusConflict, "Någon annan har ändrat det")
	if strings.Contains(municipality.get(plan).body, "Före starten") {
		t.Error("a course that recommends nothing is asked about")
	}
}

func TestARegionDecidesOnceAboutTheLetterOnAnEdition(t *testing.T) {
	s := newSite(t)
	region := s.as("regional@example.org")
	page := "/regions/dalarna/news/" + s.text(`SELECT CAST(MIN(e.id) AS TEXT) FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-5'`)
	region.get("/").says(t, http.StatusOK, "Nytt att berätta")
	region.get("/regions/dalarna/news").says(t, http.StatusOK, "BAS 5", "Inte bestämt", page)
	region.get(page).says(t, http.StatusOK, "Vilka det rör", "Skicka inget")
	region.post(page, url.Values{}).says(t, http.StatusUnprocessableEntity, "Välj om brevet ska skickas")
	s.change(`UPDATE person SET email = NULL WHERE email <> 'regional@example.org'`)
	region.get(page).says(t, http.StatusOK, "Ingen av dem som väntar på utgåvan har en e-postadress")
	region.post(page, url.Values{"sends": {"yes"}})
	region.get(page).says(t, http.StatusOK, "Brevet skickas")
	region.post(page, url.Values{"sends": {"no"}}).says(t, http.StatusConflict, "Det är redan bestämt")
}

// What is planned outside the steps is told of on the way, too, and a plan whose course is retired or withdrawn says so.
func TestAPlanWhoseCourseIsRetiredOrWithdrawnSaysSo(t *testing.T) {
	s := newSite(t)
	producer, learner := s.as("producent@example.org"), s.as("medarbetare@example.org")
	journey := s.text(`SELECT CAST(id AS TEXT) FROM journey WHERE slug = 'barn-och-unga'`)
	producer.post("/production", url.Values{"name": {"Samverkan med skolan"}, "place": {journey + "/0"}, "state": {"study"}, "month": {"2027-04"}, "surety": {"unsure"}})
	learner.get("/my/journey").says(t, http.StatusOK, "Samverkan med skolan", "Kommer kanske våren 2027")

	coming := s.text(`SELECT CAST(p.id AS TEXT) FROM planned_course AS p JOIN course AS c ON c.id = p.course_id WHERE c.slug = 'aldre-bas-4'`)
	producer.post("/workshop/aldre-bas-4/retirement", url.Values{"from": {demoNow.Day().String()}, "reason": {"Slut"}})
	producer.get("/production/"+coming).says(t, http.StatusOK, "Avvecklad sedan", "Ändra planen och stryk den.")
	producer.get("/").says(t, http.StatusOK, "Vård i livets slut är avvecklad och står kvar i planen", "/production/"+coming+"/edit")
	course := regexp.MustCompile(`(?s)name="course".*?<option value="(\d+)" selected`).FindStringSubmatch(producer.get("/production/" + coming + "/edit").body)
	if course == nil || course[1] != s.course("aldre-bas-4") {
		t.Fatalf("the form offers %v", course)
	}
	edit := url.Values{"course": {course[1]}, "place": {journey + "/0"}, "state": {"writing"}, "version": {"2"}, "reason": {"Vi provar"}}
	producer.post("/production/"+coming+"/edit", edit).says(t, http.StatusUnprocessableEntity, "stryk den här ur planen")
	edit.Set("state", "dropped")
	producer.post("/production/"+coming+"/edit", edit)
	if strings.Contains(producer.get("/").body, "står kvar i planen") {
		t.Error("what was dropped is asked for")
	}

	s.change(`INSERT INTO planned_course (course_id, name, journey_id, state, renews, edition_id, made_at) SELECT e.course_id, 'x', ` + journey + `, 'published', FALSE, e.id, 0 FROM edition AS e JOIN course AS c ON c.id = e.course_id WHERE c.slug = 'bas-5'`)
	s.change(`INSERT INTO planned_course_change (planned_id, state, reason, changed_at) SELECT MAX(id), 'published', '', 0 FROM planned_course`)
	out := "/production/" + s.text(`SELECT CAST(MAX(id) AS TEXT) FROM planned_course`)
	learner.get(out).says(t, http.StatusOK, "Kursen kan tas nu.")
	producer.post("/workshop/bas-5/editions/1/withdrawal", url.Values{"reason": {"Fel i filmen"}})
	learner.get(out).says(t, http.StatusOK, "Kursen är indragen", "Ingen kan börja den nu.")
}
