package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/affiliation"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/web"

	"context"
)

// The nation says that a municipality leaves for a while, and every list says so.
func TestTheNationSaysWhoHasJoined(t *testing.T) {
	s := newSite(t)
	owner := s.as(national)
	owner.get("/nation/affiliation").says(t, http.StatusOK, "av 290 kommuner", "Anslutna kommuner", `href="/municipalities/ale/affiliation"`, "?page=2")
	const page = "/municipalities/orsa/affiliation"
	owner.get(page).says(t, http.StatusOK, "Orsa är ansluten i dag.", "Spara anslutningen", "Kommunens administratör bestämmer")
	owner.post(page+"/joined", nil).says(t, http.StatusUnprocessableEntity, "Skriv ett datum", "Spara anslutningen")
	owner.post(page+"/joined", url.Values{"joined": {"no"}, "joined_from": {"2026-11-20"}, "joined_until": {"2026-11-19"}}).
		says(t, http.StatusUnprocessableEntity, "Sista dagen ligger före den första.", `value="2026-11-19"`)
	owner.post(page+"/joined", url.Values{"joined": {"no"}, "joined_from": {"2026-11-20"}, "joined_until": {"2026-12-31"}}).leads(t, page+"#joined")
	owner.get(page).says(t, http.StatusOK, "Anslutningen är sparad för Orsa.", "Orsa är inte ansluten i dag.", "31 dec 2026")
	owner.get("/nation/affiliation?q=orsa").says(t, http.StatusOK, "289", "Inte ansluten", "1 jan 2027")
	owner.get("/figures").says(t, http.StatusOK, "Anslutna kommuner", "289")
	s.as(dalarnas).get("/regions/dalarna/figures").says(t, http.StatusOK, "av 15 kommuner")
}

// A municipality lets its region see no names: nothing that the region reaches names who
// works there, by page, list, search, file or API, but its own rounds. It decides alone,
// and the region where nobody administers it.
func TestARegionSeesNoNamesOfAMunicipalityThatSaysNo(t *testing.T) {
	s := newSite(t)
	today := demoNow.Day()
	at := func(name string) int64 {
		return s.id(`SELECT id FROM organisation WHERE kind = 'municipality' AND slug = $1`, name)
	}
	borlange := at("borlange")
	// Somebody who is in no round of the region's, with what the region's lists are made of.
	id := s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN account AS a ON a.person_id = e.person_id WHERE e.municipality_id = $1 AND e.to_day IS NULL
		AND e.person_id NOT IN (SELECT person_id FROM enrolment) AND e.person_id NOT IN (SELECT person_id FROM queue_entry)
		AND e.person_id NOT IN (SELECT person_id FROM role_grant) AND e.person_id NOT IN (SELECT person_id FROM day_trainer)
		AND e.person_id NOT IN (SELECT person_id FROM trainer) AND e.person_id NOT IN (SELECT person_id FROM protected_person)`, borlange)
	s.change(`UPDATE person SET given_name = 'Xaviera', family_name = 'Zyxelqvist', email = 'xaviera@vixen.example.org' WHERE id = $1`, id)
	s.change(`INSERT INTO person_word (word, person_id) VALUES ('zyxelqvist', $1)`, id)
	s.change(`INSERT INTO leave (person_id, from_day, to_day, told_at) VALUES ($1, $2, $3, $4)`, id, today+10, today+20, demoNow)
	s.change(`INSERT INTO interest (person_id, region_id, course_id, wished_at) SELECT $1, 20, MIN(id), $2 FROM course WHERE id NOT IN (SELECT course_id FROM interest WHERE person_id = $1)`, id, demoNow)
	s.change(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, MIN(id), $2, 'web', $3 FROM course WHERE id NOT IN (SELECT course_id FROM completion WHERE person_id = $1)`, id, today-30, demoNow)
	s.change(`INSERT INTO sign_in_trouble (happened_at, way, cause, detail, reference, person_id, organisation_id) VALUES ($1, 'link', 'expired', '', 'XYZ', $2, $3)`, demoNow, id, borlange)
	colleague := s.id(`SELECT MIN(n.person_id) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id JOIN employment AS e ON e.person_id = n.person_id AND e.to_day IS NULL
		WHERE r.region_id = 20 AND r.municipality_id IS NULL AND n.withdrawn_at IS NULL AND r.first_day > $1 AND e.municipality_id = $2`, today, borlange)
	named := s.text(`SELECT TRIM(given_name || ' ' || family_name) FROM person WHERE id = $1`, colleague)
	theirs := "/rounds/" + strconv.FormatInt(s.id(`SELECT MIN(n.round_id) FROM enrolment AS n JOIN round AS r ON r.id = n.round_id WHERE n.person_id = $1 AND n.withdrawn_at IS NULL AND r.first_day > $2 AND r.region_id = 20 AND r.municipality_id IS NULL`, colleague, today), 10)
	page := "/people/" + strconv.FormatInt(id, 10)

	region, admin := s.as(dalarnas), s.as("kommunadministrator@example.org")
	region.get("/people?q=zyxelqvist")
	tells := func() (found []string) {
		t.Helper()
		queue := []string{"/", page, page + "/sign-in", page + "/access", "/search?q=zyxelqvist", "/people?name=zyxelqvist", "/people?municipality=2081", "/people.csv?name=zyxelqvist", "/sign-ins?q=zyxelqvist"}
		for _, place := range []map[string]string{placesOf(s, "regional")["own"], placesOf(s, "mun_admin")["own"]} {
			for _, r := range web.Routes(s.server) {
				if r.Method == http.MethodGet && !strings.HasPrefix(r.Path, "/session") && !strings.Contains(r.Path, "/my/data") {
					queue = append(queue, things(place).fill(strings.TrimSuffix(r.Path, "{$}")))
				}
			}
		}
		seen, kinds := map[string]bool{}, map[string]int{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] || strings.HasPrefix(path, "/assets") || strings.Contains(path, "demo?") || kinds[kindOf(path)] >= 4 {
				continue
			}
			seen[path] = true
			kinds[kindOf(path)]++
			a := region.get(path)
			if a.status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d", path, a.status)
			}
			if strings.Contains(strings.ToLower(strings.ReplaceAll(a.body, "q=zyxelqvist", "")), "xaviera") {
				found = append(found, path)
			}
			if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				continue
			}
			for _, href := range hrefs.FindAllStringSubmatch(a.body, -1) {
				if next := strings.ReplaceAll(href[1], "&amp;", "&"); !seen[next] && kinds[kindOf(next)] < 2 && !strings.HasSuffix(next, ".zip") && !strings.HasSuffix(next, ".pdf") {
					queue = append(queue, next)
				}
			}
		}
		made := regexp.MustCompile(`yrk_[A-Za-z0-9_-]{43}`).FindString(region.post("/tokens", url.Values{"name": {"Maskinen"}}).body)
		for path, status := range map[string]int{"/api/v1/people?municipality=2081": http.StatusOK, "/api/v1/people?region=dalarna&q=zyxelqvist": http.StatusOK} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Authorization", "Bearer "+made)
			if a := s.nobody().do(r); a.status == status && strings.Contains(a.body, "Xaviera") {
				found = append(found, path)
			}
		}
		return found
	}
	if found := tells(); len(found) < 5 {
		t.Errorf("the walk does not reach her: %v", found)
	}

	const decide = "/municipalities/borlange/affiliation"
	region.post(decide+"/names", url.Values{"names": {"no"}, "names_from": {"2026-11-20"}}).says(t, http.StatusConflict, "Borlänge har en egen administratör")
	admin.get(decide).says(t, http.StatusOK, "Får regionen se namn?", "Spara beslutet", "ropar upp dem och beställer mat", "SKR säger när")
	admin.post(decide+"/names", url.Values{"names": {"no"}, "names_from": {today.String()}}).leads(t, decide+"#names")
	admin.get(decide).says(t, http.StatusOK, "Beslutet om namn är sparat för Borlänge.", "ser i dag inga namn på de anställda i Borlänge")
	region.get("/regions/dalarna/affiliation").says(t, http.StatusOK, "Regionen ser inga namn")

	if found := tells(); len(found) > 0 {
		t.Errorf("the region reads her name at %v", found)
	}
	region.get(page).says(t, http.StatusNotFound)
	region.get("/municipalities/borlange/units").says(t, http.StatusNotFound)
	region.get("/municipalities/borlange").says(t, http.StatusOK, "Genomförda kurser")
	region.get(theirs).says(t, http.StatusOK, named)
	admin.get(page).says(t, http.StatusOK, "Xaviera")

	// The day before, the region still saw; and after the last day it sees again.
	s.write(func(ctx context.Context, tx *db.Tx) error {
		until := today + 1
		if err := affiliation.Say(ctx, tx, access.System(), borlange, affiliation.Names, true, clock.Period{From: today - 10}, demoNow); err != nil {
			return err
		}
		return affiliation.Say(ctx, tx, access.System(), borlange, affiliation.Names, false, clock.Period{From: today + 1, Until: &until}, demoNow)
	})
	region.get(page).says(t, http.StatusOK, "Xaviera")

	// Where nobody administers the people, the region decides for them.
	const unkept = "/municipalities/orsa/affiliation"
	region.post(unkept+"/names", url.Values{"names": {"no"}, "names_from": {today.String()}}).leads(t, unkept+"#names")
	region.get(unkept).says(t, http.StatusOK, "ser i dag inga namn på de anställda i Orsa")
}
