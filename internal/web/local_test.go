package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

const (
	chief   = "chef@example.org"
	learner = "medarbetare@example.org"
)

// chiefsUnit is the unit that the picker's manager leads, in Falun.
func chiefsUnit(s *site) int64 {
	return s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = $1 AND g.role = 'manager'`, chief)
}

// waitingOccasion is the picker's manager's occasion that has been and whose
// attendance nobody has saved, with its day.
func waitingOccasion(s *site) (id, day int64) {
	id = s.id(`SELECT MIN(r.id) FROM round AS r JOIN course_day AS d ON d.round_id = r.id WHERE r.unit_id = $1 AND d.held_at IS NULL AND d.day < $2`, chiefsUnit(s), demoNow.Day())
	return id, s.id(`SELECT id FROM course_day WHERE round_id = $1`, id)
}

func completed(s *site, email string, roundID int64) int64 {
	return s.id(`SELECT COUNT(*) FROM completion AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = $1 AND c.round_id = $2 AND c.revoked_at IS NULL`, email, roundID)
}

func TestAManagerPlansAnOccasionAtTheWorkplace(t *testing.T) {
	s := newSite(t)
	v, unit := s.as(chief), chiefsUnit(s)
	address := fmt.Sprintf("/municipalities/falun/rounds/new?course=arbeta-med-familjehem&unit=%d", unit)
	page := v.get(address)
	if page.status != http.StatusOK || !strings.Contains(page.body, `name="person"`) || !strings.Contains(page.body, "checked") {
		t.Fatalf("status %d: the unit's people are not there to be ticked", page.status)
	}
	before := s.id(`SELECT COUNT(*) FROM round`)
	person := s.id(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.organisation_id = $1 AND e.to_day IS NULL`, unit)
	day := demoNow.Day() + 30
	form := url.Values{
		"do": {"save"}, "days": {"1"}, "days.0.day": {day.String()}, "days.0.starts": {"13:00"}, "days.0.ends": {"12:00"}, "days.0.place": {"Köket"},
		"person": {fmt.Sprint(person)}, "days.0.email": {chief},
	}
	to := strings.Replace(address, "/rounds/new", "/rounds", 1)
	if a := v.post(to, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Köket") {
		t.Errorf("an end before the start gives %d", a.status)
	}
	form.Set("days.0.ends", "15:00")
	form.Set("days.0.email", "ingen@example.org")
	if a := v.post(to, form); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown leader gives %d", a.status)
	}
	form.Set("days.0.email", chief)
	sunday := day
	for sunday.Weekday() != 0 {
		sunday++
	}
	form.Set("days.0.day", "2026-12-24")
	if a := v.post(to, form); a.status != http.StatusConflict || s.id(`SELECT COUNT(*) FROM round`) != before {
		t.Errorf("Christmas Eve gives %d, without a warning", a.status)
	}
	form.Set("days.0.day", (sunday + 1).String())
	a := v.post(to, form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	id := s.id(`SELECT MAX(id) FROM round`)
	if s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2`, id, person) != 1 ||
		s.id(`SELECT COUNT(*) FROM day_trainer AS t JOIN course_day AS d ON d.id = t.course_day_id JOIN person AS p ON p.id = t.person_id WHERE d.round_id = $1 AND p.email = $2`, id, chief) != 1 ||
		s.id(`SELECT COUNT(*) FROM round WHERE id = $1 AND unit_id = $2 AND published_at IS NOT NULL AND tariff_kind IS NULL`, id, unit) != 1 {
		t.Error("the occasion is not what was planned")
	}
	for _, path := range []string{fmt.Sprintf("/rounds/%d", id), fmt.Sprintf("/rounds/%d/edit", id), fmt.Sprintf("/rounds/%d/signup", id), fmt.Sprintf("/rounds/%d/letters", id), "/municipalities/falun/rounds"} {
		if a := v.get(path); a.status != http.StatusOK {
			t.Errorf("%s gives %d to who planned it", path, a.status)
		}
		if a := s.as(municipal).get(path); a.status != http.StatusNotFound {
			t.Errorf("%s gives %d to the administrator of another municipality", path, a.status)
		}
	}
	if a := s.as(regional).get(fmt.Sprintf("/rounds/%d", id)); a.status != http.StatusOK {
		t.Errorf("the region's administrator gets %d", a.status)
	}
	if a := s.as(regional).get("/rounds"); strings.Contains(a.body, fmt.Sprintf(`"/rounds/%d"`, id)) {
		t.Error("it stands among the region's rounds")
	}
}

func TestAnAdministratorPlansForTheMunicipality(t *testing.T) {
	s := newSite(t)
	v := s.as(municipal)
	if a := v.get("/municipalities/borlange/rounds/new"); a.status != http.StatusOK || !strings.Contains(a.body, "Hela Borlänge") {
		t.Fatalf("status %d: one cannot choose the whole municipality", a.status)
	}
	day := demoNow.Day() + 30
	for day.Weekday() != 2 {
		day++
	}
	form := url.Values{"do": {"save"}, "days": {"1"}, "days.0.day": {day.String()}, "days.0.starts": {"13:00"}, "days.0.ends": {"15:00"}, "capacity": {"15"}}
	if a := v.post("/municipalities/borlange/rounds?course=bas-2", form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	id := s.id(`SELECT MAX(id) FROM round`)
	if a := v.get("/municipalities/borlange/rounds?course=bas-2"); !strings.Contains(a.body, fmt.Sprintf(`"/rounds/%d"`, id)) {
		t.Error("it is not among the municipality's occasions")
	}
	mixed := s.id(`SELECT MIN(r.id) FROM round AS r JOIN enrolment AS n ON n.round_id = r.id WHERE r.municipality_id = 2081 AND r.unit_id IS NULL`)
	unit := s.text(fmt.Sprintf(`SELECT MIN(o.name) FROM enrolment AS n JOIN employment AS e ON e.person_id = n.person_id AND e.to_day IS NULL
		JOIN organisation AS o ON o.id = e.organisation_id WHERE n.round_id = %d AND n.withdrawn_at IS NULL`, mixed))
	if a := v.get(fmt.Sprintf("/rounds/%d", mixed)); !strings.Contains(a.body, unit) {
		t.Errorf("who is at a mixed occasion is not said to work at %s", unit)
	}
	if a := s.as(chief).get(fmt.Sprintf("/municipalities/borlange/rounds/new?course=bas-2&unit=%d", chiefsUnit(s))); a.status != http.StatusNotFound {
		t.Errorf("another municipality's manager gets %d", a.status)
	}
}

// What a municipality gives itself comes first, and is chosen from the start.
func TestTheCoursesGivenLocallyComeFirst(t *testing.T) {
	s := newSite(t)
	page := s.as(municipal).get("/municipalities/borlange/rounds/new")
	local, others, regional := strings.Index(page.body, `value="bas-2"`), strings.Index(page.body, "<optgroup"), strings.Index(page.body, `value="arbeta-med-familjehem"`)
	if local < 0 || others < local || regional < others {
		t.Errorf("the courses stand at %d, the others from %d, a regional one at %d", local, others, regional)
	}
	first := page.body[strings.Index(page.body, `name="course"`):others]
	if strings.Count(first, " selected") != 1 || !strings.Contains(first[:strings.Index(first, "</option>")], " selected") {
		t.Errorf("the first is not the one that is chosen: %s", first)
	}
}

// Nothing is ordered for a local round, so nobody is asked what they eat, and
// what is told of it anyway is not kept.
func TestALocalRoundAsksForNoNeeds(t *testing.T) {
	s := newSite(t)
	id := s.id(`SELECT MIN(r.id) FROM round AS r WHERE r.unit_id = $1 AND r.first_day > $2`, chiefsUnit(s), demoNow.Day())
	me := s.person(learner)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM enrolment WHERE person_id = $1 AND round_id = $2`, me, id)
		if err == nil {
			_, err = db.Exec(ctx, tx, `UPDATE round SET signup_from = $2, signup_until = first_day, capacity = 40 WHERE id = $1`, id, demoNow.Day()-1)
		}
		return err
	})
	v, address := s.as(learner), fmt.Sprintf("/rounds/%d", id)
	page := v.get(address)
	page.says(t, http.StatusOK, "Behöver du något särskilt")
	if strings.Contains(page.body, `name="diet"`) || strings.Contains(page.body, `name="access"`) {
		t.Error("it asks for what nobody reads")
	}
	v.post(address+"/enrolments", url.Values{"person": {fmt.Sprint(me)}, "needs": {"told"}, "access": {"Hörslinga"}}).wants(t, http.StatusSeeOther)
	if n := s.id(`SELECT (SELECT COUNT(*) FROM enrolment WHERE person_id = $1 AND round_id = $2 AND withdrawn_at IS NULL)
		+ (SELECT COUNT(*) FROM queue_entry WHERE person_id = $1 AND round_id = $2 AND ended_at IS NULL)`, me, id); n != 1 {
		t.Fatalf("%d seats or requests", n)
	}
	if n := s.id(`SELECT COUNT(*) FROM round_need WHERE person_id = $1 AND round_id = $2`, me, id); n != 0 {
		t.Error("what was told is kept")
	}
	v.get(address+"/needs").wants(t, http.StatusNotFound)
	s.as(chief).get(address+"/catering").wants(t, http.StatusNotFound)
	if strings.Contains(v.get("/my/journey").body, address+"/needs") {
		t.Error("one's journey leads there")
	}
}

// A local round's page belongs to the occasions for those who have them in the
// menu, to the journey of those who learn, and to the rounds for others.
func TestTheMenuMarksWhereALocalRoundBelongs(t *testing.T) {
	s := newSite(t)
	id, _ := waitingOccasion(s)
	address := fmt.Sprintf("/rounds/%d", id)
	for email, want := range map[string]string{chief: "/municipalities/falun/rounds", learner: "/my/journey", regional: "/rounds"} {
		page := s.as(email).get(address)
		if page.status != http.StatusOK {
			t.Fatalf("%s gets %d", email, page.status)
		}
		body := page.body
		menu := body[strings.Index(body, "<nav"):]
		if !strings.Contains(menu, fmt.Sprintf(`href="%s" aria-current="page"`, want)) {
			t.Errorf("%s: the menu does not mark %s", email, want)
		}
	}
}

func TestOneSaysOfOneselfThatOneWasThere(t *testing.T) {
	s := newSite(t)
	id, day := waitingOccasion(s)
	address, word := fmt.Sprintf("/rounds/%d", id), fmt.Sprintf("/days/%d/own-word", day)
	v := s.as(learner)
	for _, path := range []string{"/", address, "/courses/lvu-for-18-20-ar"} {
		if page := v.get(path); !strings.Contains(page.body, word) {
			t.Errorf("%s (status %d) does not ask whether one was there", path, page.status)
		}
	}
	if a := v.post(word, url.Values{}); a.status != http.StatusSeeOther || completed(s, learner, id) != 1 {
		t.Errorf("status %d, completed %d times", a.status, completed(s, learner, id))
	}
	if a := v.get(address); !strings.Contains(a.body, word+"/removal") {
		t.Error("one cannot take it back")
	}
	if a := v.post(word+"/removal", url.Values{}); a.status != http.StatusSeeOther || completed(s, learner, id) != 0 {
		t.Errorf("status %d, still completed", a.status)
	}
	v.post(word, url.Values{})
	if a := s.as(chief).get(address); !strings.Contains(a.body, "Säger: var med") || !strings.Contains(a.body, fmt.Sprintf("/days/%d/everybody", day)) {
		t.Error("the manager does not see who has said so")
	}
	if a := s.as(chief).get(address + "/edit"); !strings.Contains(a.body, "har redan genomfört kursen här") || !strings.Contains(a.body, "Lägger du till en dag") {
		t.Error("the manager is not told what another day asks of who is done")
	}
	if a := s.as(municipal).post(fmt.Sprintf("/days/%d/everybody", day), url.Values{}); a.status != http.StatusNotFound {
		t.Errorf("another municipality's administrator marks: %d", a.status)
	}
	if a := s.as(chief).post(fmt.Sprintf("/days/%d/everybody", day), url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("everybody gives %d", a.status)
	}
	if seats, done := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1`, id), s.id(`SELECT COUNT(*) FROM completion WHERE round_id = $1 AND revoked_at IS NULL`, id); seats != done {
		t.Errorf("%d of %d have completed", done, seats)
	}
	if a := v.post(word+"/removal", url.Values{}); a.status != http.StatusConflict || !strings.Contains(a.body, "redan bekräftad") {
		t.Errorf("taking back what the manager says gives %d", a.status)
	}
}

// A press of the button that saves never makes somebody's own word the manager's,
// unless the page said that it would and the list was taken.
func TestARefusedListLeavesEverybodysWord(t *testing.T) {
	s := newSite(t)
	id, day := waitingOccasion(s)
	v, address := s.as(chief), fmt.Sprintf("/rounds/%d", id)
	list := fmt.Sprintf("/days/%d/attendance", day)
	s.as(learner).post(fmt.Sprintf("/days/%d/own-word", day), url.Values{}).wants(t, http.StatusSeeOther)
	own := func() int64 {
		return s.id(`SELECT COUNT(*) FROM attendance WHERE course_day_id = $1 AND source = 'own'`, day)
	}
	said, seats := own(), s.seats(day)
	unsaid := int64(len(seats)) - said
	if said == 0 || unsaid == 0 {
		t.Fatalf("%d have said something, %d have not", said, unsaid)
	}
	v.get(address).wants(t, http.StatusOK, fmt.Sprintf("%d av %d har själva sagt", said, len(seats)), "som sagt att", fmt.Sprintf("Alla %d var med", len(seats)), fmt.Sprintf("Alla %d som ingen sagt något om", unsaid))
	page := v.get(list)
	page.wants(t, http.StatusOK, "Spara och bekräfta", "hel eller inte alls")

	untouched := url.Values{}
	whole := s.allThere(day)
	for _, e := range s.ids(`SELECT enrolment_id FROM attendance WHERE course_day_id = $1`, day) {
		mark := s.text(fmt.Sprintf(`SELECT mark FROM attendance WHERE course_day_id = %d AND enrolment_id = %d`, day, e))
		for _, form := range []url.Values{untouched, whole} {
			form.Set(fmt.Sprintf("mark_%d", e), mark)
			form.Set(fmt.Sprintf("shown_mark_%d", e), mark)
		}
		untouched.Set(fmt.Sprintf("own_mark_%d", e), "confirmed")
	}
	v.post(list, untouched).wants(t, http.StatusUnprocessableEntity)
	if own() != said {
		t.Errorf("after a refused list %d of %d are still their own word", own(), said)
	}
	// Somebody else's page did not show that they had spoken.
	v.post(list, whole).wants(t, http.StatusSeeOther)
	if own() != said {
		t.Errorf("after a list that did not show it %d of %d are still their own word", own(), said)
	}
	if page := v.get(address); strings.Contains(page.body, "/everybody") || !strings.Contains(page.body, "/own-words") {
		t.Error("what is left to do is not to confirm")
	}
	v.post(fmt.Sprintf("/days/%d/own-words", day), url.Values{}).wants(t, http.StatusSeeOther)
	if own() != 0 || s.id(`SELECT COUNT(*) FROM course_day WHERE id = $1 AND held_at IS NOT NULL`, day) != 1 {
		t.Errorf("%d are still their own word", own())
	}
}

func TestAnOccasionIsChangedCopiedAndCancelled(t *testing.T) {
	s := newSite(t)
	unit, today := chiefsUnit(s), demoNow.Day()
	id := s.id(`SELECT MIN(id) FROM round WHERE unit_id = $1 AND first_day > $2`, unit, today)
	v := s.as(chief)
	address := fmt.Sprintf("/rounds/%d", id)
	copied := clock.Day(s.id(`SELECT COUNT(*) FROM round`))
	monday := today + 60
	for monday.Weekday() != 1 {
		monday++
	}
	if a := v.get(address + "/copy?first=" + monday.String()); a.status != http.StatusOK {
		t.Fatalf("the copy's form gives %d", a.status)
	}
	form := url.Values{"do": {"save"}, "days": {"1"}, "days.0.day": {monday.String()}, "days.0.starts": {"09:00"}, "days.0.ends": {"11:00"}, "capacity": {"8"}}
	if a := v.post(address+"/copy?first="+monday.String(), form); a.status != http.StatusSeeOther || clock.Day(s.id(`SELECT COUNT(*) FROM round`)) != copied+1 {
		t.Errorf("the copy gives %d", a.status)
	}
	form.Set("version", fmt.Sprint(s.id(`SELECT version FROM round WHERE id = $1`, id)))
	form.Set("days.0.id", fmt.Sprint(s.id(`SELECT id FROM course_day WHERE round_id = $1`, id)))
	form.Set("days.0.day", (monday + 1).String())
	form.Set("days.0.place", "Biblioteket")
	form.Set("capacity", "9")
	if a := v.post(address+"/edit", form); a.status != http.StatusSeeOther || s.id(`SELECT COUNT(*) FROM course_day WHERE round_id = $1 AND place = 'Biblioteket'`, id) != 1 {
		t.Errorf("the change gives %d: %s", a.status, a.body)
	}
	if a := v.post(address+"/cancellation", url.Values{"cause": {"other"}, "reason": {"Vattenläcka"}}); a.status != http.StatusSeeOther {
		t.Errorf("cancelling gives %d", a.status)
	}
	if a := v.get("/municipalities/falun/rounds?show=cancelled"); !strings.Contains(a.body, address) {
		t.Error("it is not among the cancelled")
	}
}
