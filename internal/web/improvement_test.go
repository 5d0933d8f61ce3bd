package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What is said on a course's page is decided about without a name, and told of where it was said.
func TestWhatIsSaidOfACourseIsDecidedAndTold(t *testing.T) {
	s := newSite(t)
	learner, producer, region := s.as("medarbetare@example.org"), s.as("producent@example.org"), s.as("regional@example.org")
	const course = "/courses/handlaggning-med-barnet-i-centrum"
	learner.get(course).says(t, http.StatusOK, course+"/feedback")
	learner.post(course+"/feedback", url.Values{"theme": {"repeats"}}).says(t, http.StatusUnprocessableEntity, "Skriv vad som kan bli bättre")
	learner.post(course+"/feedback", url.Values{"theme": {"repeats"}, "text": {"Samma sak\ntvå gånger"}})
	learner.get(course+"/feedback").says(t, http.StatusOK, "Samma sak", "Inte bestämt")
	page := producer.get("/workshop/handlaggning-med-barnet-i-centrum/feedback")
	page.says(t, http.StatusOK, "Samma sak", "Deltagare", "Dalarna")
	id := "/feedback/" + s.text(`SELECT CAST(MAX(id) AS TEXT) FROM course_feedback`)
	if strings.Contains(page.body, "Tallstig") || strings.Contains(producer.get(id).body, "Tallstig") {
		t.Error("who said it is named")
	}
	producer.get("/").says(t, http.StatusOK, "synpunkt")
	producer.post(id, url.Values{"version": {"1"}, "decision": {"declined"}, "answer": {"Repetitionen är tänkt så."}})
	producer.post(id, url.Values{"version": {"1"}, "decision": {"next"}, "answer": {"Vi tar bort det."}}).says(t, http.StatusConflict, "Någon annan har bestämt det")
	learner.get(course+"/feedback").says(t, http.StatusOK, "Ändras inte", "Repetitionen är tänkt så.")
	producer.get("/workshop/samtal-och-delaktighet/feedback").says(t, http.StatusOK, "Betyg för varje utgåva", "Utgåva 2", "Utgåva 1")

	learner.get("/my/wishes").says(t, http.StatusOK, "Önska ett ämne")
	learner.post("/my/wishes", url.Values{"subject": {"Digitala möten"}, "journey": {s.text(`SELECT CAST(id AS TEXT) FROM journey WHERE slug = 'barn-och-unga'`)}})
	region.get("/wishes").says(t, http.StatusOK, "Digitala möten", "LVU")
}

// A change of a law is a task of each course until it is met, and a supplement is told until it is read.
func TestAChangeIsATaskAndASupplementIsReadOnce(t *testing.T) {
	s := newSite(t)
	learner, producer := s.as("medarbetare@example.org"), s.as("producent@example.org")
	const course, told = "/courses/handlaggning-med-barnet-i-centrum", "Något har ändrats sedan du läste Handläggning med barnet i centrum"
	learner.get("/").says(t, http.StatusOK, told)
	learner.get(course).says(t, http.StatusOK, "Den som har fyllt 15 år", "Jag har läst det")
	change := s.text(`SELECT CAST(MAX(id) AS TEXT) FROM foundation_change`)
	learner.post(course+"/supplements/"+change, url.Values{})
	if strings.Contains(learner.get("/").body, told) {
		t.Error("what is read is told again")
	}
	producer.get("/").says(t, http.StatusOK, "Se över Samtal och delaktighet")
	producer.get("/foundations").says(t, http.StatusOK, "Socialtjänstlagen", "Kurser att se över")
	task := "/foundation-changes/" + change + "/samtal-och-delaktighet"
	producer.post(task, url.Values{}).says(t, http.StatusUnprocessableEntity, "Välj en utgåva, eller skriv varför ingen behövs")
	producer.post(task, url.Values{"reason": {"Kursen tar upp det."}})
	producer.post(task, url.Values{"reason": {"Kursen tar upp det."}}).says(t, http.StatusConflict, "Uppgiften är redan avslutad")
	if strings.Contains(producer.get("/").body, "Se över Samtal och delaktighet") {
		t.Error("what is done is asked for")
	}
	law := "/foundations/" + s.text(`SELECT CAST(MIN(id) AS TEXT) FROM foundation`)
	producer.get(law).says(t, http.StatusOK, "Vad ändringarna krävde av kurserna", "Ingen ny utgåva behövs")
	producer.post(law+"/changes", url.Values{"text": {"Ny paragraf"}, "holds_on": {"2027-07-01"}})
	producer.get("/foundations").says(t, http.StatusOK, "Ny paragraf")
}

// What a course builds on stands on its page, and is looked at again when its day has come.
func TestWhatACourseBuildsOnIsShownAndLookedAt(t *testing.T) {
	s := newSite(t)
	learner, producer, owner := s.as("medarbetare@example.org"), s.as("producent@example.org"), s.as("nationell@example.org")
	learner.get("/courses/handlaggning-med-barnet-i-centrum").says(t, http.StatusOK, "Kursen bygger på", "Socialtjänstlagen", "https://example.org/socialtjanstlagen")
	if strings.Contains(learner.get("/courses/bas-1").body, "Kursen bygger på") {
		t.Error("a course that builds on nothing says what it builds on")
	}
	const due = "Dags att se över Kunskapsstöd om placering av barn"
	support := "/foundations/" + s.text(`SELECT CAST(MAX(id) AS TEXT) FROM foundation`)
	owner.get("/").says(t, http.StatusOK, due, support+"#look")
	producer.get("/").says(t, http.StatusOK, due)
	producer.get(support).says(t, http.StatusOK, "Vi har sett över det")
	producer.post(support+"/look", url.Values{"version": {"1"}, "next": {"2020-01-01"}}).says(t, http.StatusUnprocessableEntity, "Välj en dag efter i dag")
	producer.post(support+"/look", url.Values{"version": {"1"}, "next": {""}})
	if strings.Contains(owner.get("/").body, due) || strings.Contains(producer.get(support).body, "Vi har sett över det") {
		t.Error("what was looked at is asked for")
	}
}
