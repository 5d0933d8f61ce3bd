package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

func TestALongListReachesItsLastRow(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	all := s.id(`SELECT COUNT(*) FROM employment WHERE region_id = 20 AND from_day <= $1 AND (to_day IS NULL OR to_day >= $1)`, demoNow.Day())
	pages := (all + 29) / 30
	region.get("/people").says(t, 200, "Fler än 2 000 personer", "av fler än 2 000", ">Sida 1<")
	region.get(fmt.Sprintf("/people?page=%d", pages)).says(t, 200, fmt.Sprintf("Sida %d av %d", pages, pages), `rel="prev"`)
	a := region.get("/people?page=999999")
	a.says(t, 200, fmt.Sprintf("Sida %d av %d", pages, pages))
	if strings.Contains(a.body, `rel="next"`) {
		t.Error("a page after the last one")
	}
	last := region.get("/people?letter=" + url.QueryEscape("Ö"))
	last.says(t, 200, ">Ö<", "Sida 1 av ")
	if strings.Contains(last.body, "Almgren") {
		t.Error("A stands under Ö")
	}
	// Whatever narrows the list, it says the page that it shows.
	town := region.get("/people?municipality=2080&page=60")
	if m := regexp.MustCompile(`Sida (\d+) av (\d+)`).FindStringSubmatch(town.body); m == nil || m[1] != m[2] {
		t.Errorf("a page after the last says %v", m)
	}
}

func TestWhatIsTickedIsKeptOnOtherPages(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	open := s.comingRound("uppdrag-och-ansvar")
	path := fmt.Sprintf("/rounds/%d/signup", open)
	ticks := regexp.MustCompile(`<input type="checkbox" name="person" value="(\d+)" id`)
	first := region.get(path + "?lacks=account")
	first.says(t, 200, `name="turn" value="2"`, "Nästa", "Alla med konto i kursens delresa", "Efternamn på")
	if strings.Contains(first.body, "Inget konto i kursens delresa") {
		t.Error("somebody without an account among those with one")
	}
	chosen := ticks.FindAllStringSubmatch(first.body, 2)
	if len(chosen) != 2 {
		t.Fatal("nobody to tick")
	}
	// What the browser sends when "Nästa" is pressed without script: the form's fields.
	query := url.Values{"lacks": {"account"}, "page": {"1"}, "turn": {"2"}, "person": {chosen[0][1], chosen[1][1]}}
	second := region.get(path + "?" + query.Encode())
	second.says(t, 200, "2 valda som inte syns i listan", `name="page" value="2"`, `name="person" value="`+chosen[0][1]+`" checked`)
	one := ticks.FindStringSubmatch(second.body)
	if one == nil || one[1] == chosen[0][1] {
		t.Fatal("the second page is the first")
	}
	// Another choice of the list keeps them as well, and the first page ticks its own.
	region.get(path+"?letter=%C3%96&turn=1&page=2&person="+one[1]).says(t, 200, "1 vald som inte syns i listan")
	back := region.get(path + "?lacks=account&page=2&turn=1&person=" + chosen[0][1] + "&person=" + one[1])
	back.says(t, 200, "1 vald som inte syns i listan", `value="`+chosen[0][1]+`" checked id="person-`)
	// A refused try keeps those of all pages.
	s.freeSeats(open, 1)
	form := url.Values{"lacks": {"account"}, "page": {"2"}, "together": {"on"}, "person": {chosen[0][1], one[1]}}
	region.post(fmt.Sprintf("/rounds/%d/enrolments", open), form).says(t, http.StatusConflict, "1 vald som inte syns i listan", `value="`+one[1]+`" checked id="person-`)
	s.freeSeats(open, 5)
	form.Del("together")
	if a := region.post(fmt.Sprintf("/rounds/%d/enrolments", open), form); a.status != http.StatusSeeOther {
		t.Fatalf("signing up: %d", a.status)
	}
	seated, err := db.Rows(context.Background(), s.db.Reader(), db.One[int64], `SELECT person_id FROM enrolment WHERE round_id = $1 AND person_id IN (`+chosen[0][1]+`, `+one[1]+`) AND withdrawn_at IS NULL`, open)
	if err != nil || len(seated) != 2 {
		t.Errorf("seated %v, %v", seated, err)
	}
	// Whom the visitor may not see is not named.
	foreign := s.id(`SELECT MIN(person_id) FROM employment WHERE region_id <> 20 AND to_day IS NULL`)
	if a := region.get(fmt.Sprintf("%s?person=%d", path, foreign)); strings.Contains(a.body, "som inte syns i listan") {
		t.Error("a stranger is named")
	}
}
