package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// An administrator finds a unit where nobody works, renames it, is told what stands in
// the way of closing one, closes and opens it.
func TestUnitsAreRenamedAndClosed(t *testing.T) {
	s := newSite(t)
	v := s.as("kommunadministrator@example.org")
	const list = "/municipalities/borlange/units"
	unit := func(where string) string {
		return "/units/" + strconv.FormatInt(s.id(`SELECT MIN(u.id) FROM organisation AS u JOIN organisation AS m ON m.id = u.municipality_id
			WHERE u.kind = 'unit' AND m.slug = 'borlange' AND `+where), 10)
	}
	v.post(list, url.Values{"name": {"Dagverksamhet Öst"}}).leads(t, list)
	empty, busy := unit(`u.name = 'Dagverksamhet Öst'`), unit(`EXISTS (SELECT 1 FROM employment AS e WHERE e.organisation_id = u.id AND e.to_day IS NULL)`)
	v.get(list).says(t, 200, "Dagverksamhet Öst", "Ingen arbetar här", `href="`+empty+`"`)

	v.post(empty+"/name", url.Values{"name": {""}}).says(t, 422, "Skriv ett namn")
	v.post(empty+"/name", url.Values{"name": {"Dagcenter Öst"}}).leads(t, empty)
	v.get(empty).says(t, 200, "<h1>Dagcenter Öst", "Tidigare namn", "Dagverksamhet Öst", "Ingen arbetar här")

	// In use: the reason, and links to those who are there.
	person := s.id(`SELECT MIN(person_id) FROM employment WHERE to_day IS NULL AND organisation_id = ` + strings.TrimPrefix(busy, "/units/"))
	v.post(busy+"/closing", url.Values{"day": {"2027-02-01"}}).says(t, 422, "Enheten används den 1 februari 2027 eller senare",
		"Flytta eller avsluta det här först", `href="/people/`+strconv.FormatInt(person, 10)+`"`, `value="2027-02-01"`)
	v.post(busy+"/closing", url.Values{"day": {"snart"}}).says(t, 422, "Skriv ett datum")

	v.post(empty+"/closing", url.Values{"day": {"2026-01-01"}}).leads(t, empty)
	v.get(empty).says(t, 200, "Stängd sedan 1 januari 2026", "Öppna enheten igen")
	v.get(list).says(t, 200, "Dagcenter Öst", "Stängd sedan")
	if a := v.get("/people/new?municipality=2081"); strings.Contains(a.body, "Dagcenter Öst") {
		t.Error("a closed unit is offered as a place to work")
	}
	if a := v.get("/people?municipality=2081"); strings.Contains(a.body, "Dagcenter Öst") {
		t.Error("a closed unit is offered as a filter")
	}
	v.post(empty+"/reopening", nil).leads(t, empty)
	v.get("/people/new?municipality=2081").says(t, 200, "Dagcenter Öst")
	v.post(empty+"/reopening", nil).says(t, 409, "Enheten är öppen")
}

// Of many units, each is reached by the pages and found by its name.
func TestManyUnitsAreReached(t *testing.T) {
	s := newSite(t)
	v := s.as("kommunadministrator@example.org")
	const list = "/municipalities/borlange/units"
	for i := range 70 {
		v.post(list, url.Values{"name": {"Zon " + strconv.Itoa(i+100)}})
	}
	v.get(list) // says what was added last
	if a := v.get(list); strings.Contains(a.body, "Zon 169") || !strings.Contains(a.body, "?page=2") {
		t.Error("the first page does not lead to a second")
	}
	v.get(list+"?page=99").says(t, 200, "Zon 169")
	if a := v.get(list + "?q=zon+169"); !strings.Contains(a.body, "Zon 169") || strings.Contains(a.body, "Zon 100") {
		t.Error("it is not found by its name")
	}
	v.get(list+"?q=finns-inte-alls").says(t, 200, "Ingen enhet heter så", "Visa alla enheter")
}
