package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// A municipality's administrator makes a district, puts units into it, names who administers
// and who leads it; she sees the people of its units, on each page, and nobody else.
func TestADistrictIsMadeAndLookedAfter(t *testing.T) {
	s := newSite(t)
	const list = "/municipalities/borlange/districts"
	path := func(of string, id int64, more ...string) string {
		return of + strconv.FormatInt(id, 10) + strings.Join(more, "")
	}
	unit := func(where string) int64 {
		return s.id(`SELECT MIN(e.organisation_id) FROM employment AS e JOIN organisation AS o ON o.id = e.organisation_id
			JOIN account AS a ON a.person_id = e.person_id AND a.closed_on IS NULL
			WHERE o.kind = 'unit' AND o.municipality_id = 2081 AND e.to_day IS NULL AND ` + where)
	}
	ours, others := unit(`o.name LIKE 'Boendestöd%'`), unit(`o.name LIKE 'Servicebostad%'`)
	somebody := func(unit int64) int64 {
		return s.id(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.to_day IS NULL AND e.organisation_id = $1 AND e.person_id NOT IN (SELECT person_id FROM role_grant)
			AND e.person_id NOT IN (SELECT person_id FROM protected_person)`, unit)
	}
	v := s.as("kommunadministrator@example.org")

	v.get("/municipalities/borlange/units").says(t, http.StatusOK, `href="`+list+`"`, "Norra Borlänge", "Södra Borlänge")
	v.get("/municipalities/borlange").says(t, http.StatusOK, "Norra Borlänge", "I ingen stadsdel")
	v.post(list, url.Values{"name": {" "}}).says(t, http.StatusUnprocessableEntity, "Skriv ett namn")
	v.post(list, url.Values{"name": {"Norra Borlänge"}}).says(t, http.StatusUnprocessableEntity, "Kommunen har redan en enhet med det namnet")
	made := v.post(list, url.Values{"name": {"Tunets stadsdel"}})
	district := s.id(`SELECT MAX(organisation_id) FROM district`)
	made.leads(t, path("/units/", district))
	v.get(path("/units/", district)).says(t, http.StatusOK, "<h1>Tunets stadsdel", "Inga enheter hör till stadsdelen än", "Stäng stadsdelen", "(nu i Södra Borlänge)")
	v.get(list).says(t, http.StatusOK, "Tunets stadsdel", "Inga enheter än")

	// A unit is put into it: the form says what is missing and keeps what was ticked.
	members := path("/units/", district, "/members")
	v.post(members, url.Values{"district_from": {"2026-11-01"}}).says(t, http.StatusUnprocessableEntity, "Välj minst en enhet.", `value="2026-11-01"`)
	v.post(members, url.Values{"units": {path("", ours)}}).says(t, http.StatusUnprocessableEntity, "datum", `value="`+path("", ours)+`" checked`)
	v.post(members, url.Values{"units": {path("", ours)}, "district_from": {"2026-11-01"}}).leads(t, path("/units/", district))
	v.get(path("/units/", district)).says(t, http.StatusOK, "1 enhet hör till stadsdelen i dag", path(`href="/units/`, ours, `"`))
	v.get(path("/units/", ours)).says(t, http.StatusOK, "Enheten hör till Tunets stadsdel.", "1 nov 2026", "Norra Borlänge")
	v.post(path("/units/", ours, "/district"), url.Values{"district_from": {"2026-11-01"}}).says(t, http.StatusUnprocessableEntity, "Välj en stadsdel")
	v.post(path("/units/", ours, "/district"), url.Values{"district": {path("", ours)}, "district_from": {"2026-11-01"}}).says(t, http.StatusUnprocessableEntity, "en av kommunens stadsdelar")
	v.post(path("/units/", district, "/closing"), url.Values{"day": {"2027-01-01"}}).says(t, http.StatusUnprocessableEntity, "Stadsdelen går inte att stänga", "1 enhet hör till stadsdelen")

	// Who administers it, and who leads it.
	admin, chief := somebody(others), s.id(`SELECT MIN(person_id) FROM employment WHERE to_day IS NULL AND organisation_id = $1 AND person_id NOT IN (SELECT person_id FROM role_grant) AND person_id <> $2`, ours, somebody(ours))
	give := func(person int64, role string, at int64) answer {
		return v.post(path("/people/", person, "/grants"), url.Values{"role": {role}, "organisation": {path("", at)}, "from": {"2026-11-01"}})
	}
	v.get(path("/people/", admin, "?form=role")).says(t, http.StatusOK, "Administratör för stadsdelen", "Borlänge – Tunets stadsdel (stadsdel)")
	give(admin, "district_admin", ours).says(t, http.StatusUnprocessableEntity, "rollen")
	give(admin, "district_admin", district).leads(t, path("/people/", admin))
	give(chief, "manager", district).leads(t, path("/people/", chief))
	v.get(path("/people/", chief)).says(t, http.StatusOK, "Chef för stadsdelen")
	v.get(list).says(t, http.StatusOK, "Tunets stadsdel", "Öppen")

	hers, theirs := somebody(ours), s.id(`SELECT MAX(e.person_id) FROM employment AS e WHERE e.to_day IS NULL AND e.organisation_id = $1 AND e.person_id <> $2`, others, admin)
	name := func(id int64) string {
		return s.text(`SELECT family_name || ', ' || given_name FROM person WHERE id = $1`, id)
	}
	for who, leads := range map[int64]bool{admin: false, chief: true} {
		w := s.byLink(who)
		pages := []string{"/people?q=" + url.QueryEscape(s.text(`SELECT family_name FROM person WHERE id = $1`, hers))}
		role := "Administratör för stadsdelen"
		if leads {
			role = "Chef för stadsdelen"
			pages = append(pages, "/my/staff")
		} else {
			pages = append(pages, "/municipalities/borlange/staff")
			w.get("/").says(t, http.StatusOK, "Min stadsdel", path(`href="/districts/`, district, `"`), "Kursläge")
			w.get("/municipalities/borlange/courses").says(t, http.StatusOK, "Tunets stadsdel")
		}
		w.get("/").says(t, http.StatusOK, role, "Tunets stadsdel")
		w.get(path("/districts/", district)).says(t, http.StatusOK, "<h1>Tunets stadsdel", s.text(`SELECT name FROM organisation WHERE id = $1`, ours))
		for _, page := range pages {
			w.get(page).says(t, http.StatusOK, path("/people/", hers))
		}
		for _, page := range []string{"/people", "/people?unit=" + path("", others), "/people?unit=" + path("", district), "/my/staff", "/municipalities/borlange/staff"} {
			if a := w.get(page); strings.Contains(a.body, path(`/people/`, theirs, `"`)) {
				t.Errorf("%s shows %d somebody of another district", page, who)
			}
		}
		w.get(path("/people/", hers)).says(t, http.StatusOK, role)
		for _, page := range []string{path("/people/", theirs), path("/districts/", s.id(`SELECT MIN(organisation_id) FROM district`)), "/municipalities/borlange/money"} {
			if a := w.get(page); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				t.Errorf("%d opens %s: %d", who, page, a.status)
			}
		}
	}
	// The person reads who may see them, by which role.
	s.byLink(hers).get(path("/people/", hers, "/access")).says(t, http.StatusOK, "Administratör för stadsdelen", "Chef för stadsdelen", "Tunets stadsdel")
	w := s.byLink(admin)
	w.get("/people?municipality=2081&unit="+path("", district)).says(t, http.StatusOK, name(hers))
	w.get("/sign-ins?q="+url.QueryEscape(s.text(`SELECT email FROM person WHERE id = $1`, hers))).says(t, http.StatusOK, name(hers)[:3])

	// The unit moves back: who administered it yesterday sees nobody of it today.
	v.post(path("/units/", ours, "/district"), url.Values{"district": {"none"}, "district_from": {demoNow.Day().String()}}).leads(t, path("/units/", ours))
	v.get(path("/units/", ours)).says(t, http.StatusOK, "Enheten hör inte till någon stadsdel.", "Ingen stadsdel")
	if a := w.get(path("/people/", hers)); a.status != http.StatusNotFound {
		t.Errorf("the unit has moved, and who administered it sees its people: %d", a.status)
	}
	if a := w.get("/people"); strings.Contains(a.body, path("/people/", hers)) {
		t.Error("the unit has moved, and the list shows its people")
	}
	if a := s.byLink(hers).get(path("/people/", hers, "/access")); strings.Contains(a.body, "Tunets stadsdel") {
		t.Error("the unit has moved, and the person reads that its district sees them")
	}
}

// Fee and figures of region and nation are the same with and without districts.
func TestDistrictsChangeNoFeeAndNoFigureAbove(t *testing.T) {
	s := newSite(t)
	pages := map[string][]string{
		"regional@example.org":            {"/regions/dalarna/invoice-basis?year=2025", "/regions/dalarna/pot?year=2025", "/regions/dalarna/figures", "/regions/dalarna/annual-report?year=2025"},
		"kommunadministrator@example.org": {"/municipalities/borlange/money?year=2025", "/municipalities/borlange/summary"},
		"nationell@example.org":           {"/figures"},
	}
	read := func() map[string]string {
		all := map[string]string{}
		for who, paths := range pages {
			v := s.as(who)
			for _, p := range paths {
				a := v.get(p)
				if a.status != http.StatusOK {
					t.Fatalf("%s: %d", p, a.status)
				}
				main := a.body[strings.Index(a.body, "<main"):]
				all[p] = main
			}
		}
		return all
	}
	with := read()
	s.change(`UPDATE district_unit SET withdrawn_at = 1`)
	s.change(`DELETE FROM role_grant WHERE role = 'district_admin'`)
	for p, without := range read() {
		if with[p] != without {
			t.Errorf("%s is another without districts", p)
		}
	}
}
