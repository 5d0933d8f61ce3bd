package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A manager reads of one course at a time who is to be signed up, and finds them
// ticked where they are signed up.
func TestThoseWhoAreToBeSignedUpAreTickedOnArrival(t *testing.T) {
	s := newSite(t)
	open := s.comingRound("samtal-och-delaktighet")
	s.capacity(open, 200)
	v := s.as(chief)
	page := v.get("/my/staff")
	page.wants(t, http.StatusOK, "En kurs i taget")
	strip, _, _ := strings.Cut(page.body[strings.Index(page.body, `id="courses"`):], "</section>")
	course := s.course("samtal-och-delaktighet")
	link := regexp.MustCompile(`href="(/my/staff\?course=` + course + `&amp;[^"]*)"[^>]*>\s*Anmäl (?:de )?(\d+)`).FindStringSubmatch(strip)
	if link == nil {
		t.Fatalf("the course has no link: %s", strip)
	}
	if person := regexp.MustCompile(`person=`).FindString(link[1]); person != "" {
		t.Errorf("the link of all names one: %s", link[1])
	}
	chosen := v.get(strings.ReplaceAll(link[1], "&amp;", "&"))
	to := regexp.MustCompile(fmt.Sprintf(`href="(/rounds/%d/signup\?[^"]*tick=1[^"]*)"`, open)).FindStringSubmatch(chosen.body)
	if to == nil {
		t.Fatal("the chosen course has no link to its round")
	}
	heads := regexp.MustCompile(`(?s)<thead.*?</thead>`).FindString(chosen.body)
	if heads == "" || strings.Index(heads, "Samtal") > strings.Index(heads, "Introduktion") && strings.Contains(heads, "Introduktion") {
		t.Errorf("the chosen course does not stand first: %s", heads)
	}
	arrived := v.get(strings.ReplaceAll(to[1], "&amp;", "&"))
	ticked := regexp.MustCompile(`name="person" value="(\d+)" checked`).FindAllStringSubmatch(arrived.body, -1)
	if want := number(strip, `course=`+course+`&amp;[^"]*"[^>]*>\s*Anmäl (?:de )?(\d+)`); len(ticked) != want || want < 1 {
		t.Errorf("%d are ticked, want %d", len(ticked), want)
	}
	// Whoever comes without being sent ticks for themselves.
	if plain := v.get(fmt.Sprintf("/rounds/%d/signup", open)); strings.Contains(plain.body, " checked") {
		t.Error("somebody is ticked who was not asked for")
	}
	form := url.Values{"tick": {"1"}}
	for _, m := range ticked {
		form.Add("person", m[1])
	}
	v.post(fmt.Sprintf("/rounds/%d/enrolments", open), form).wants(t, http.StatusSeeOther)
	after := v.get(strings.ReplaceAll(link[1], "&amp;", "&"))
	if strings.Contains(after.body, "tick=1") {
		t.Error("there are still some to sign up")
	}
}

// What a manager must know stands at the request; several are answered at once, the
// receipt names them, and an answer can be taken back.
func TestAManagerAnswersRequestsKnowingEnough(t *testing.T) {
	s := newSite(t)
	open := s.comingRound("samtal-och-delaktighet")
	s.capacity(open, 200)
	staff := s.ids(`SELECT e.person_id FROM employment AS e WHERE e.to_day IS NULL AND e.organisation_id = (SELECT g.organisation_id FROM role_grant AS g
		JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org' AND g.role = 'manager')
		AND NOT EXISTS (SELECT 1 FROM enrolment AS n WHERE n.person_id = e.person_id AND n.round_id = $1) AND NOT EXISTS (SELECT 1 FROM queue_entry AS q WHERE q.person_id = e.person_id AND q.round_id = $1) ORDER BY e.person_id LIMIT 4`, open)
	done, away, others := staff[0], staff[1], staff[2:]
	s.run(fmt.Sprintf(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) SELECT %d, p.id, 1, TRUE FROM person AS p WHERE p.id IN (%d, %d, %d)`, open, done, others[0], others[1]),
		fmt.Sprintf(`DELETE FROM completion WHERE person_id = %d AND course_id = (SELECT course_id FROM round WHERE id = %d)`, done, open),
		fmt.Sprintf(`INSERT INTO completion (person_id, course_id, completed_on, recorded_at, source) SELECT %d, r.course_id, '2026-01-20', 1, 'import' FROM round AS r WHERE r.id = %d`, done, open),
		fmt.Sprintf(`INSERT INTO leave (person_id, from_day, told_at) VALUES (%d, '2026-01-01', 1)`, away))
	name := func(person int64) string {
		return s.text(`SELECT given_name || ' ' || family_name FROM person WHERE id = $1`, person)
	}
	entry := func(person int64) string {
		return fmt.Sprint(s.id(`SELECT MAX(id) FROM queue_entry WHERE round_id = $1 AND person_id = $2`, open, person))
	}
	v := s.as(chief)
	v.get("/my/requests").wants(t, http.StatusOK, "Kursen är redan genomförd", "Borta från enheten", name(away)+" (ledig)", fmt.Sprintf(`href="/people/%d"`, done), fmt.Sprintf(`href="/rounds/%d"`, open), "Godkänn flera på en gång")
	v.post("/my/requests", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Välj minst en person")
	v.post("/my/requests", url.Values{"entry": {entry(others[0]), entry(others[1]), "999999"}}).wants(t, http.StatusSeeOther)
	said := v.get("/my/requests")
	said.wants(t, http.StatusOK, "Godkänt, har fått plats: "+name(others[0])+", "+name(others[1]), "Gick inte", "Ja, har plats")

	no := "/queue/" + entry(done) + "/refusal"
	v.post(no, url.Values{"reason_" + entry(done): {"du har gått den"}}).wants(t, http.StatusSeeOther)
	v.get("/my/requests").wants(t, http.StatusOK, "Du har sagt nej till "+name(done), "Säg ja i stället")
	v.post("/queue/"+entry(done)+"/reconsideration", url.Values{}).wants(t, http.StatusSeeOther)
	v.get("/my/requests").wants(t, http.StatusOK, name(done)+" har fått en plats i ")
	if s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, open, done) != 1 {
		t.Error("there is no seat")
	}
	// Another's entry is none.
	if a := s.as(municipal).post("/queue/"+entry(done)+"/reconsideration", url.Values{}); a.status != http.StatusNotFound {
		t.Errorf("another municipality's answer gives %d", a.status)
	}
}
