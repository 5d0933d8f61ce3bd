package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
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
	if heads == "" || strings.Index(heads, "Samtal") > strings.Index(heads, "Introduktion") && strings.Contains(heads, "Introduktion") { //nolint:misspell // Swedish
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

// A municipality's social director reads it on one sheet, reached from the start page.
func TestASocialDirectorReadsTheMunicipalityOnOneSheet(t *testing.T) {
	s := newSite(t)
	me := s.person(learner)
	m := s.id(`SELECT municipality_id FROM employment WHERE person_id = $1 AND to_day IS NULL`, me)
	slug := s.text(`SELECT slug FROM organisation WHERE id = $1`, m)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.Grant(ctx, tx, access.System(), me, access.Steering, m, demoNow.Day(), demoNow)
		return err
	})
	v, sheet := s.as(learner), "/municipalities/"+slug+"/summary"
	v.get("/").wants(t, http.StatusOK, `href="`+sheet+`"`, "väntar på beslut")
	page := v.get(sheet)
	page.wants(t, http.StatusOK, "Det viktigaste", "personer har konto i", "Väntar på beslut", "Utlånade utbildare", `id="against-region-title"`, `id="over-time-title"`, "30 juni 2026", "31 december 2024")
	page.lacks(t, "/people", "31 december 2026")
	waits := s.id(`SELECT COUNT(*) FROM queue_entry AS w JOIN round AS r ON r.id = w.round_id JOIN employment AS e ON e.person_id = w.person_id AND e.to_day IS NULL
		WHERE w.ended_at IS NULL AND w.needs_manager AND w.allowed_at IS NULL AND r.cancelled_at IS NULL AND r.first_day > $1 AND e.municipality_id = $2`, demoNow.Day(), m)
	round := s.comingRound("samtal-och-delaktighet")
	s.run(fmt.Sprintf(`DELETE FROM enrolment WHERE person_id = %d AND round_id = %d`, me, round), fmt.Sprintf(`DELETE FROM queue_entry WHERE person_id = %d AND round_id = %d`, me, round),
		fmt.Sprintf(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES (%d, %d, 1, TRUE)`, round, me))
	v.get(sheet).wants(t, http.StatusOK, fmt.Sprintf("%d person", waits+1))
	// Every address that it leads to opens, and another municipality does not.
	for _, m := range regexp.MustCompile(`href="(/[^"#]*)`).FindAllStringSubmatch(page.body, -1) {
		if a := v.get(strings.ReplaceAll(m[1], "&amp;", "&")); !strings.Contains(m[1], "/assets/") && a.status != http.StatusOK {
			t.Errorf("%s answers %d", m[1], a.status)
		}
	}
	if a := v.get("/municipalities/mora/summary"); a.status != http.StatusNotFound {
		t.Errorf("another municipality answers %d", a.status)
	}
	s.as(municipal).get("/municipalities/borlange").wants(t, http.StatusOK, `href="/municipalities/borlange/summary"`)
}
