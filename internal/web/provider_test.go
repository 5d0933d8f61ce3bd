package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// A company runs a unit: the unit's page, the list of units, the list of people and the
// municipality's figures say so, and its people count with the municipality as before.
func TestAPrivateProviderIsMarkedInListsAndFigures(t *testing.T) {
	s := newSite(t)
	v := s.as("kommunadministrator@example.org")
	id := s.id(`SELECT MIN(e.organisation_id) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id JOIN account AS a ON a.person_id = e.person_id
		WHERE o.kind = 'unit' AND o.municipality_id = 2081 AND e.to_day IS NULL AND NOT EXISTS (SELECT 1 FROM unit_provider AS p WHERE p.unit_id = o.id)`)
	page, list := "/units/"+strconv.FormatInt(id, 10), "/people?municipality=2081&unit="+strconv.FormatInt(id, 10)
	before := v.get("/municipalities/borlange").body
	v.get(page).says(t, http.StatusOK, "Vem driver enheten?", "Kommunen driver enheten.")
	for want, form := range map[string]url.Values{
		"Välj":                                {},
		"Skriv ett namn":                      {"runs": {"company"}, "provider_from": {"2026-11-01"}},
		"Det är inte ett organisationsnummer": {"runs": {"company"}, "provider": {"Solrosens omsorg AB"}, "number": {"811218-9876"}, "provider_from": {"2026-11-01"}},
	} {
		v.post(page+"/provider", form).says(t, http.StatusUnprocessableEntity, want, "Spara vem som driver")
	}
	v.post(page+"/provider", url.Values{"runs": {"company"}, "provider": {"Solrosens omsorg AB"}, "number": {"559999-1238"}, "provider_from": {"2026-11-01"}}).leads(t, page)
	v.get(page).says(t, http.StatusOK, "Du har sparat vem som driver enheten.", "Solrosens omsorg AB driver enheten åt kommunen.", "559999-123")
	const mark = "Privat utförare: Solrosens omsorg AB"
	v.get("/municipalities/borlange/units").says(t, http.StatusOK, mark)
	v.get(list).says(t, http.StatusOK, mark)
	v.get(strings.Replace(list, "/people?", "/people.csv?", 1)).says(t, http.StatusOK, mark)
	after := v.get("/municipalities/borlange")
	after.says(t, http.StatusOK, mark, "Varav hos privata utförare")
	if total := func(page string) string { return page[strings.LastIndex(page, "<tfoot"):] }; total(before) != total(after.body) {
		t.Error("the municipality's total has changed")
	}
	// From a later day the municipality does again: today nothing changes.
	v.post(page+"/provider", url.Values{"runs": {"municipality"}, "provider_from": {"2026-12-01"}}).leads(t, page)
	v.get(page).says(t, http.StatusOK, "Solrosens omsorg AB driver enheten åt kommunen.", "1 dec 2026")
	v.post(page+"/provider", url.Values{"runs": {"municipality"}, "provider_from": {"2026-11-23"}}).leads(t, page)
	if a := v.get(list); strings.Contains(a.body, mark) {
		t.Error("the unit is marked still")
	}
}

// Somebody is hired from a staffing agency: without a last day that is refused and what was
// typed is shown again; then their page, the list and the municipality's figures say so.
func TestStaffFromAnAgencyAreMarked(t *testing.T) {
	s := newSite(t)
	v := s.as("kommunadministrator@example.org")
	id := s.id(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.municipality_id = 2081 AND e.to_day IS NULL AND e.main
		AND e.person_id NOT IN (SELECT person_id FROM protected_person) AND e.person_id NOT IN (SELECT person_id FROM role_grant)`)
	page := "/people/" + strconv.FormatInt(id, 10)
	before := s.id(`SELECT COUNT(*) FROM employment WHERE agency <> ''`)
	form := url.Values{"title": {"Vikarie"}, "form": {"hourly"}, "shift": {"mixed"}, "agency": {"Solvikarier AB"}}
	v.get(page).says(t, http.StatusOK, "Nej, anställd av kommunen")
	v.post(page+"/terms", form).says(t, http.StatusUnprocessableEntity, "Den som är inhyrd har en sista dag.", `value="Solvikarier AB"`)
	s.change(`UPDATE employment SET to_day = '2027-03-31' WHERE person_id = $1 AND municipality_id = 2081 AND to_day IS NULL`, id)
	v.post(page+"/terms", form).leads(t, page)
	v.get(page).says(t, http.StatusOK, "Bemanningsföretag", "Solvikarier AB")
	name := s.text(`SELECT family_name FROM person WHERE id = $1`, id)
	v.get("/people?municipality=2081&q="+url.QueryEscape(name)).says(t, http.StatusOK, "Bemanning: Solvikarier AB")
	v.get("/municipalities/borlange").says(t, http.StatusOK, "varav "+strconv.FormatInt(before+1, 10)+" från bemanning")
}
