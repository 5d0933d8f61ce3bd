package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/tablet"
)

func TestATabletIsSharedByAUnit(t *testing.T) {
	s := newSite(t)
	unit := s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`)
	worker := s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN tablet_code AS c ON c.person_id = e.person_id WHERE e.organisation_id = $1 AND e.to_day IS NULL`, unit)
	name := s.text(fmt.Sprintf(`SELECT TRIM(given_name || ' ' || family_name) FROM person WHERE id = %d`, worker))

	// The manager makes the device one, and is signed out of it.
	v := s.as("chef@example.org")
	v.get("/my/staff").wants(t, http.StatusOK, `href="/tablets"`)
	v.get("/tablets").wants(t, http.StatusOK, "Personalrummet", "Gör den gemensam")
	v.post("/tablets", url.Values{"unit": {fmt.Sprint(unit)}}).says(t, http.StatusUnprocessableEntity, "Skriv ett namn")
	v.post("/tablets", url.Values{"unit": {fmt.Sprint(unit)}, "name": {"Köket"}}).leads(t, "/tablet")
	v.get("/my/staff").leads(t, "/sign-in?next=%2Fmy%2Fstaff")
	v.get("/sign-in").leads(t, "/tablet")
	v.get("/sign-in?otherwise=yes").wants(t, http.StatusOK, "E-postadress")

	// Somebody of the unit chooses their name and types their code.
	v.get("/tablet").wants(t, http.StatusOK, "Vem är du?", name)
	path := fmt.Sprintf("/tablet/%d", worker)
	v.get(path).wants(t, http.StatusOK, "Skriv din kod.")
	v.post(path, url.Values{"code": {"111112"}}).says(t, http.StatusUnprocessableEntity, "Koden stämmer inte")
	v.post(path, url.Values{"code": {tablet.DemoCode}}).leads(t, "/")
	v.get("/").wants(t, http.StatusOK, name, `data-idle="300"`, `<noscript><meta http-equiv="refresh" content="301;url=/">`)
	v.get("/tablet").leads(t, "/")
	// Their own alone: what changes a way in asks for a letter first.
	v.get("/my/tablet-code").leads(t, "/session/confirm?next=%2Fmy%2Ftablet-code")
	v.post("/session/end", nil).leads(t, "/tablet")

	// The manager's own code opens no role.
	chief := s.id(`SELECT id FROM person WHERE email = 'chef@example.org'`)
	own := s.as("chef@example.org")
	own.post("/my/tablet-code", url.Values{"code": {"739164"}, "again": {"739164"}}).leads(t, "/my/sessions")
	v.post(fmt.Sprintf("/tablet/%d", chief), url.Values{"code": {"739164"}}).leads(t, "/")
	v.get("/my/staff").leads(t, "/session/confirm?next=%2Fmy%2Fstaff")
	v.post("/session/end", nil).leads(t, "/tablet")

	// Who has no code comes in otherwise and is asked to choose one.
	without := s.id(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.organisation_id = $1 AND e.to_day IS NULL AND e.person_id NOT IN (SELECT person_id FROM tablet_code)`, unit)
	v.get(fmt.Sprintf("/tablet/%d", without)).wants(t, http.StatusOK, "Du har ingen kod än.", "/sign-in/paper")
	admin := s.as("regional@example.org")
	page := admin.post(fmt.Sprintf("/people/%d/sign-in/paper", without), nil)
	page.wants(t, http.StatusOK, "Kod på papper")
	_, rest, _ := strings.Cut(page.body, `class="code-to-type"><b>`)
	code, _, _ := strings.Cut(rest, "<")
	v.post("/sign-in/paper", url.Values{"code": {code}, "remember": {"on"}}).leads(t, "/my/tablet-code")
	v.post("/my/tablet-code", url.Values{"code": {"123456"}, "again": {"123456"}}).says(t, http.StatusUnprocessableEntity, "lätt att gissa")
	v.post("/my/tablet-code", url.Values{"code": {"905 172"}, "again": {"905172"}}).leads(t, "/")
	v.get("/").wants(t, http.StatusOK, `data-idle="300"`)
	if n := s.id(`SELECT COUNT(*) FROM session WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2`, without, s.id(`SELECT MAX(made_at) FROM session`)+6*60*1000000); n != 0 {
		t.Error("a session on a shared tablet lasts longer than five minutes without a touch")
	}

	// When it is shared no more, who is in is out, and the device is like any other.
	id := s.id(`SELECT id FROM tablet WHERE name = 'Köket'`)
	own.get("/tablets").wants(t, http.StatusOK, "Köket")
	own.get(fmt.Sprintf("/tablets/%d/removal", id)).wants(t, http.StatusOK, "Ta bort Köket?")
	own.post(fmt.Sprintf("/tablets/%d/removal", id), nil).leads(t, "/tablets")
	v.get("/my/page").leads(t, "/sign-in?next=%2Fmy%2Fpage")
	v.get("/tablet").wants(t, http.StatusOK, "Den här enheten delas inte")
	v.get(path).wants(t, http.StatusNotFound)
	if strings.Contains(v.get("/tablet").body, name) {
		t.Error("a device that is not shared tells who works there")
	}
}
