package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const groupPages = "/regions/dalarna/groups/falu-borlangeregionen"

// Nobody of the table's columns has an office in a group alone. Whoever administers one opens
// it and writes its plan and shares; nothing else of the region, and nobody's name.
func TestWhoHasAnOfficeInAGroupOpensThatGroup(t *testing.T) {
	s := newSite(t)
	admin := s.as("gruppadmin@example.org")
	start := admin.get("/")
	start.wants(t, http.StatusOK, "Planera platser för Falu-Borlängeregionen", groupPages+"/plan")
	start.lacks(t, "Du har inget att göra just nu")
	person := s.text(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.municipality_id = 2080 AND e.to_day IS NULL`)
	for path, want := range map[string]int{
		"/regions/dalarna/groups":                  http.StatusOK,
		"/regions/dalarna/groups/new":              http.StatusForbidden,
		groupPages:                                 http.StatusOK,
		groupPages + "/plan":                       http.StatusOK,
		groupPages + "/plan.csv":                   http.StatusOK,
		groupPages + "/plan/bas-1":                 http.StatusOK,
		groupPages + "/plan/ingen":                 http.StatusNotFound,
		groupPages + "/shares":                     http.StatusOK,
		groupPages + "/figures":                    http.StatusOK,
		groupPages + "/edit":                       http.StatusForbidden,
		groupPages + "/members":                    http.StatusForbidden,
		groupPages + "/officers":                   http.StatusForbidden,
		"/regions/dalarna/groups/vasterdalarna":    http.StatusNotFound,
		"/regions/gavleborg/groups":                http.StatusNotFound,
		"/regions/dalarna/figures":                 http.StatusForbidden,
		"/municipalities/falun":                    http.StatusNotFound,
		"/municipalities/falun/staff":              http.StatusNotFound,
		"/people/" + person:                        http.StatusNotFound,
		"/regions/dalarna/invoice-basis":           http.StatusForbidden,
		"/municipalities/borlange/money":           http.StatusForbidden,
		"/municipalities/borlange/rounds":          http.StatusForbidden,
		"/regions/dalarna/rounds/new":              http.StatusForbidden,
		"/regions/dalarna/groups/falu-borlange%20": http.StatusNotFound,
	} {
		if a := admin.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	for path, want := range map[string]int{
		groupPages + "/plan/bas-1": http.StatusUnprocessableEntity, groupPages + "/shares": http.StatusUnprocessableEntity,
		groupPages + "/edit": http.StatusForbidden, groupPages + "/members": http.StatusForbidden, groupPages + "/officers": http.StatusForbidden,
		groupPages + "/members/end": http.StatusForbidden, groupPages + "/officers/end": http.StatusForbidden, "/regions/dalarna/groups": http.StatusForbidden,
	} {
		if a := admin.post(path, url.Values{}); a.status != want {
			t.Errorf("POST %s: %d, want %d", path, a.status, want)
		}
	}
	// No page of theirs names anybody of the members.
	names := strings.Split(s.text(`SELECT string_agg(p.given_name || ' ' || p.family_name, '|') FROM person AS p JOIN employment AS e ON e.person_id = p.id
		WHERE e.municipality_id IN (2080, 2081, 2026, 2082) AND p.family_name <> ''`), "|")
	for _, path := range []string{"", "/plan", "/shares", "/figures"} {
		page := admin.get(groupPages + path).body
		for _, name := range names {
			if strings.Contains(page, name) {
				t.Fatalf("%s names %s", path, name)
			}
		}
	}
	admin.get("/").says(t, http.StatusOK, "Planera platser för Falu-Borlängeregionen", groupPages)
	admin.get("/people/"+s.text(`SELECT id FROM person WHERE email = 'gruppadmin@example.org'`)).says(t, http.StatusOK, "Administratör för gruppen")
}

func TestAGroupIsPlannedSharedAndEnded(t *testing.T) {
	s := newSite(t)
	region, admin, mora := s.as("regional@example.org"), s.as("gruppadmin@example.org"), s.text(`SELECT id FROM organisation WHERE slug = 'mora' AND kind = 'municipality'`)
	region.post("/regions/dalarna/groups", url.Values{"name": {"Norra Dalarna"}, "from": {"2026-01-01"}, "project": {"Två rader\nom pengar"}}).leads(t, "/regions/dalarna/groups/norra-dalarna/members")
	const path = "/regions/dalarna/groups/norra-dalarna"
	region.post("/regions/dalarna/groups", url.Values{"name": {"Norra Dalarna"}, "from": {"2026-01-01"}}).says(t, http.StatusUnprocessableEntity, "redan en grupp som heter så", "Lägg till gruppen")
	region.post(path+"/members", url.Values{"municipality": {mora}, "from": {"2026-01-01"}}).leads(t, path+"/members")
	region.post(path+"/members", url.Values{"municipality": {mora}, "from": {"2026-02-01"}}).says(t, http.StatusConflict, "redan med i gruppen")
	region.get(path).says(t, http.StatusOK, "Två rader", "om pengar", "Andelarna stämmer inte", `href="/municipalities/mora"`)
	region.post(path+"/shares", url.Values{"from": {"2026-01-01"}, "share_" + mora: {"99"}}).says(t, http.StatusUnprocessableEntity, "99 %", "blir 100 %")
	region.post(path+"/shares", url.Values{"from": {"2026-01-01"}, "share_" + mora: {"100"}}).leads(t, path+"/shares")
	region.get(path+"/shares?sum=12+500,50").says(t, http.StatusOK, "12 500,50 kr")
	region.get(path+"/shares?sum=mycket").says(t, http.StatusOK, "Skriv ett belopp")
	region.post(path+"/officers", url.Values{"email": {"ingen@example.org"}, "office": {"administrator"}, "from": {"2026-01-01"}}).says(t, http.StatusUnprocessableEntity, "Ingen som du administrerar")
	region.post(path+"/officers", url.Values{"email": {"chef@example.org"}, "office": {"administrator"}, "from": {"2026-01-01"}}).leads(t, path+"/officers")
	chief := s.as("chef@example.org")
	chief.post(path+"/plan/bas-1", url.Values{"year": {"2027"}, "seats_" + mora: {"-1"}}).says(t, http.StatusUnprocessableEntity, "helt tal")
	chief.post(path+"/plan/bas-1", url.Values{"year": {"2027"}, "seats_" + mora: {"17"}}).leads(t, path+"/plan?year=2027")
	chief.get(path+"/plan?year=2027").says(t, http.StatusOK, "17 platser saknas")
	admin.get(path).says(t, http.StatusNotFound)
	held := s.text(`SELECT MAX(id) FROM municipal_group_office`)
	region.get(path+"/officers").says(t, http.StatusOK, "Administratör för gruppen", `value="`+held+`"`)
	region.post(path+"/officers/end", url.Values{"held": {held}, "last": {"2025-12-31"}}).leads(t, path+"/officers")
	chief.get(path).says(t, http.StatusForbidden)
	region.post(path+"/edit", url.Values{"name": {"Norra Dalarna"}, "from": {"2026-01-01"}, "until": {"2026-01-31"}}).leads(t, path)
	region.get(path).says(t, http.StatusOK, "Gruppen är avslutad")
	// Borlänge's administrator and director find their group from the municipality.
	s.as("kommunadministrator@example.org").get("/municipalities/borlange").says(t, http.StatusOK, "Gruppen Falu-Borlängeregionen", groupPages)
	own := s.text(`SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`)
	s.as("kommunadministrator@example.org").get("/people/"+own+"/access").says(t, http.StatusOK, "Falu-Borlängeregionen")
}
