package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
	"yrkesresan/internal/seat"
)

// comingRound is Dalarna's round of the course to come.
func (s *site) comingRound(course string) int64 {
	return s.id(`SELECT MAX(r.id) FROM round AS r JOIN course AS c ON c.id = r.course_id JOIN organisation AS o ON o.id = r.region_id
		WHERE c.slug = $1 AND o.slug = 'dalarna' AND r.first_day > '2026-11-23' AND r.published_at IS NOT NULL AND r.cancelled_at IS NULL`, course)
}

func (s *site) person(email string) int64 {
	return s.id(`SELECT id FROM person WHERE email = $1`, email)
}

func (s *site) write(f func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.db.Write(context.Background(), func(tx *db.Tx) error { return f(context.Background(), tx) }); err != nil {
		s.t.Fatal(err)
	}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// approves decides whether Falun's managers allow each sign-up.
func (s *site) approves(on bool) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return people.SetManagerApproves(ctx, tx, access.System(), s.id(`SELECT id FROM organisation WHERE slug = 'falun' AND kind = 'municipality'`), on, demoNow)
	})
}

func TestAnEmployeeBooksWaitsAnswersAndLeaves(t *testing.T) {
	s := newSite(t)
	s.approves(false)
	me := s.as("medarbetare@example.org")
	person := s.person("medarbetare@example.org")
	full := s.comingRound("handlaggning-med-barnet-i-centrum")
	s.freeSeats(full, 0)
	path := "/rounds/" + id(full)
	me.get(path).says(t, http.StatusOK, "Kursomgången är full. Ingen står på reservlistan.", "Ställ dig på reservlistan", "Du får plats 1 i kön")
	// What one needs is asked in the same form, and nobody has to answer. What is
	// wrong in it books nothing.
	me.get(path).says(t, http.StatusOK, "Behöver du specialkost eller något annat? (frivilligt)", `name="diet"`, `name="access"`)
	form := url.Values{"person": {id(person)}, "needs": {"told"}, "diet": {"vegan"}, "access": {strings.Repeat("å", 301)}}
	me.post(path+"/enrolments", form).says(t, http.StatusUnprocessableEntity, "högst 300 tecken", `<details class="details" open`)
	if n := s.id(`SELECT COUNT(*) FROM queue_entry WHERE round_id = $1`, full); n != 0 {
		t.Errorf("refused, and %d in the queue", n)
	}
	form.Set("access", "Hörslinga")
	a := me.post(path+"/enrolments", form)
	if a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("signing up: %d to %s", a.status, a.location)
	}
	me.get(path+"/needs").says(t, http.StatusOK, "Hörslinga", `value="vegan" checked`)
	me.get(path).says(t, http.StatusOK, "Du står på plats 1 på reservlistan", "Lämna kön")
	me.get("/my/journey").says(t, http.StatusOK, "du står på plats 1 på reservlistan")
	me.post(path+"/enrolments", url.Values{"person": {id(person)}}).says(t, http.StatusConflict, "Personen står redan i kö")

	// A seat becomes free shortly before the round: it is offered.
	s.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE round SET first_day = $2 WHERE id = $1`, full, demoNow.Day()+5); err != nil {
			return err
		}
		enrolment, err := db.Row(ctx, tx, db.One[int64], `SELECT MIN(id) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, full)
		if err != nil {
			return err
		}
		return seat.Withdraw(ctx, tx, access.System(), enrolment, demoNow)
	})
	entry := s.id(`SELECT id FROM queue_entry WHERE round_id = $1 AND person_id = $2 AND ended_at IS NULL`, full, person)
	me.get("/").says(t, http.StatusOK, "Du har fått en plats erbjuden på Handläggning med barnet i centrum.", "senast ons 25 november 2026")
	me.get(path).says(t, http.StatusOK, "Du är erbjuden en plats. Svara senast", "Tacka ja till platsen", "Tacka nej", `name="offered"`, "Svarar du inte i tid går platsen till nästa")
	s.as("utbildare@example.org").post("/queue/"+id(entry)+"/acceptance", nil).says(t, http.StatusNotFound)
	if a := me.post("/queue/"+id(entry)+"/acceptance", nil); a.status != http.StatusSeeOther {
		t.Fatalf("accepting: %d", a.status)
	}
	me.get(path).says(t, http.StatusOK, "Lämna platsen", "Byt kursomgång")
	enrolment := s.id(`SELECT id FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, full, person)
	me.get("/enrolments/"+id(enrolment)).says(t, http.StatusOK, "Din plats", "Lämna platsen")
	s.as("utbildare@example.org").get("/enrolments/"+id(enrolment)).says(t, http.StatusNotFound)
	if a := me.post("/enrolments/"+id(enrolment)+"/withdrawal", nil); a.status != http.StatusSeeOther {
		t.Fatalf("giving the seat up: %d", a.status)
	}
	me.get(path).says(t, http.StatusOK, "Du har lämnat din plats.")
	me.post("/enrolments/"+id(enrolment)+"/withdrawal", nil).says(t, http.StatusNotFound)
}

func TestAfterSignupTheNextStepIsAWish(t *testing.T) {
	s := newSite(t)
	me := s.as("medarbetare@example.org")
	closed := s.comingRound("utsatthet-och-vald")
	path := "/rounds/" + id(closed)
	me.get(path).says(t, http.StatusOK, "Anmälan stängde", "Anmäl intresse")
	me.post(path+"/enrolments", url.Values{"person": {id(s.person("medarbetare@example.org"))}}).says(t, http.StatusConflict, "Anmälan är inte öppen")
	wish := url.Values{"person": {id(s.person("medarbetare@example.org"))}, "back": {path}}
	if a := me.post("/courses/utsatthet-och-vald/interests", wish); a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("wishing: %d to %s", a.status, a.location)
	}
	me.post("/courses/utsatthet-och-vald/interests", wish).says(t, http.StatusConflict)
	me.get(path).says(t, http.StatusOK, "Du har anmält intresse för kursen", "Ta tillbaka intresset")
	s.as("regional@example.org").get("/regions/dalarna/demand").says(t, http.StatusOK, "Behov och utbud", "Planera nästa kursomgång", "/regions/dalarna/rounds/new?course=")
	interest := s.id(`SELECT MAX(id) FROM interest`)
	s.as("utbildare@example.org").post("/interests/"+id(interest)+"/removal", nil).says(t, http.StatusNotFound)
	if a := me.post("/interests/"+id(interest)+"/removal", nil); a.status != http.StatusSeeOther {
		t.Fatalf("taking the wish back: %d", a.status)
	}
}

func TestAfterSignupAManagerIsToldSoAndWishesForTheStaff(t *testing.T) {
	s := newSite(t)
	chef := s.as("chef@example.org")
	closed := s.comingRound("utsatthet-och-vald")
	path, wishes := "/rounds/"+id(closed), "/courses/utsatthet-och-vald/interests"
	for _, page := range []string{path, path + "/signup"} {
		a := chef.get(page)
		a.says(t, http.StatusOK, "Anmälan stängde", "Anmäl intresse för medarbetare", wishes)
		if strings.Contains(a.body, "Anmäl valda") {
			t.Errorf("%s offers a form that will be refused", page)
		}
	}
	staff, err := db.Rows(context.Background(), s.db.Reader(), db.One[int64], `
		SELECT e.person_id FROM employment AS e JOIN role_grant AS g ON g.organisation_id = e.organisation_id JOIN person AS p ON p.id = g.person_id
		WHERE p.email = 'chef@example.org' AND e.to_day IS NULL AND e.person_id <> p.id ORDER BY e.person_id LIMIT 2`)
	if err != nil || len(staff) != 2 {
		t.Fatal(staff, err)
	}
	chef.post(path+"/enrolments", url.Values{"person": {id(staff[0])}}).says(t, http.StatusOK, "Anmälan är inte öppen")
	chef.get(wishes+"?lacks=0").says(t, http.StatusOK, "Anmäl intresse för medarbetare", "Ingen omgång är planerad", `name="person"`)
	chef.post(wishes, url.Values{}).says(t, http.StatusUnprocessableEntity, "Välj minst en person")
	both := url.Values{"person": {id(staff[0]), id(staff[1])}}
	for range 2 { // the second time there is nothing left to note
		if a := chef.post(wishes, both); a.status != http.StatusSeeOther || a.location != wishes {
			t.Fatalf("wishing for two: %d to %s", a.status, a.location)
		}
	}
	if n := s.id(`SELECT COUNT(*) FROM interest AS i JOIN course AS c ON c.id = i.course_id WHERE c.slug = 'utsatthet-och-vald' AND i.ended_at IS NULL AND i.person_id IN ($1, $2)`, staff[0], staff[1]); n != 2 {
		t.Errorf("%d wishes of two", n)
	}
	chef.get(wishes+"?lacks=0").says(t, http.StatusOK, "Intresserad sedan", "De som vill gå Utsatthet och våld")
	// Somebody else's staff is not theirs, and nothing of it is kept.
	foreign := s.person("utbildare@example.org")
	chef.post(wishes, url.Values{"person": {id(staff[0]), id(foreign)}}).says(t, http.StatusNotFound)
	wish := s.id(`SELECT MAX(id) FROM interest WHERE person_id = $1 AND ended_at IS NULL`, staff[0])
	if a := chef.post("/interests/"+id(wish)+"/removal", url.Values{"back": {wishes}}); a.status != http.StatusSeeOther || a.location != wishes {
		t.Fatalf("taking it back: %d to %s", a.status, a.location)
	}
}

func TestACancelledRoundLeadsOnToAnother(t *testing.T) {
	s := newSite(t)
	gone := s.comingRound("uppdrag-och-ansvar")
	s.cancelled(gone, "För få")
	s.as("medarbetare@example.org").get("/rounds/"+id(gone)).says(t, http.StatusOK, "Kursen en annan gång", "Anmäl intresse")
}

func TestMyCoursesLeadToTheMaterialAndToWhenACourseIsGiven(t *testing.T) {
	s := newSite(t)
	me := s.as("medarbetare@example.org")
	me.get("/my/journey").says(t, http.StatusOK, "/courses/samtal-och-delaktighet", "/courses/arbeta-med-familjehem")
	round := path("/rounds/%d", s.comingRound("samtal-och-delaktighet"))
	me.get("/courses/samtal-och-delaktighet").says(t, http.StatusOK, round, `id="material"`)
	me.get("/courses/arbeta-med-familjehem/interests").says(t, http.StatusOK, "Vill du gå kursen?", "Anmäl intresse")
	s.as("regional@example.org").get("/regions/dalarna/demand").says(t, http.StatusOK, "Lokaler att planera i", "/regions/dalarna/rooms")
}

func TestAManagerAnswersRequests(t *testing.T) {
	s := newSite(t)
	me, person := s.as("medarbetare@example.org"), s.person("medarbetare@example.org")
	open := s.comingRound("uppdrag-och-ansvar")
	path := "/rounds/" + id(open)
	me.get(path).says(t, http.StatusOK, "Be om plats", "Din chef ska godkänna")
	if a := me.post(path+"/enrolments", url.Values{"person": {id(person)}}); a.status != http.StatusSeeOther {
		t.Fatalf("asking: %d", a.status)
	}
	me.get(path).says(t, http.StatusOK, "Din chef har inte svarat än")
	entry := s.id(`SELECT id FROM queue_entry WHERE round_id = $1 AND person_id = $2`, open, person)
	me.post("/queue/"+id(entry)+"/approval", nil).says(t, http.StatusForbidden)
	chef := s.as("chef@example.org")
	chef.get("/").says(t, http.StatusOK, "medarbetare väntar på ditt svar om kurser")
	chef.get("/my/requests").says(t, http.StatusOK, "Linnea Tallstig: Uppdrag och ansvar", "Godkänn", "Säg nej")
	// A seat that is set aside for the municipality is free for its own people.
	was := s.id(`SELECT capacity FROM round WHERE id = $1`, open)
	s.freeSeats(open, 1)
	used := s.id(`SELECT COUNT(*) FROM enrolment AS n JOIN employment AS e ON e.person_id = n.person_id AND e.to_day IS NULL
		WHERE n.round_id = $1 AND n.withdrawn_at IS NULL AND e.municipality_id = 2080`, open)
	s.change(`DELETE FROM seat_quota WHERE round_id = $1`, open) // the demo's
	s.change(`INSERT INTO seat_quota (round_id, municipality_id, seats, release_on) VALUES ($1, 2080, $2, $3)`, open, used+1, demoNow.Day()+5)
	chef.get("/my/requests").says(t, http.StatusOK, "1 ledig")
	s.change(`DELETE FROM seat_quota WHERE round_id = $1`, open)
	s.capacity(open, int(was))
	chef.post("/queue/"+id(entry)+"/refusal", url.Values{}).says(t, http.StatusUnprocessableEntity, "Skriv varför")
	if a := chef.post("/queue/"+id(entry)+"/approval", nil); a.status != http.StatusSeeOther || a.location != "/my/requests" {
		t.Fatalf("approving: %d to %s", a.status, a.location)
	}
	chef.post("/queue/"+id(entry)+"/approval", nil).says(t, http.StatusConflict, "inte längre i kön")
	if n := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, open, person); n != 1 {
		t.Errorf("approved, and %d seats", n)
	}
	// What the questions promise is what a municipality with such managers gives.
	const again = "Din chef behöver godkänna en gång till."
	me.get(path).says(t, http.StatusOK, "Vill du lämna platsen?", again)
	seat := s.id(`SELECT id FROM enrolment WHERE round_id = $1 AND person_id = $2 AND withdrawn_at IS NULL`, open, person)
	me.get("/enrolments/"+id(seat)).says(t, http.StatusOK, again)
}

func TestAManagerSignsUpSeveralAtOnce(t *testing.T) {
	s := newSite(t)
	chef := s.as("chef@example.org")
	open := s.comingRound("uppdrag-och-ansvar")
	path := "/rounds/" + id(open)
	chef.get(path).says(t, http.StatusOK, "Anmäl medarbetare")
	// The course is meant for none of them: they are there when all are asked for.
	chef.get(path+"/signup").says(t, http.StatusOK, "Ingen att visa")
	chef.get(path+"/signup?lacks=0").says(t, http.StatusOK, "Anmäl valda", `name="person"`, "Inget konto i kursens delresa")
	unit := s.id(`SELECT g.organisation_id FROM role_grant AS g JOIN person AS p ON p.id = g.person_id WHERE p.email = 'chef@example.org'`)
	staff, err := db.Rows(context.Background(), s.db.Reader(), db.One[int64], `
		SELECT person_id FROM employment WHERE organisation_id = $1 AND to_day IS NULL ORDER BY person_id LIMIT 17`, unit)
	if err != nil || len(staff) < 16 {
		t.Fatal(len(staff), err)
	}
	form := url.Values{"together": {"on"}, "lacks": {"0"}}
	for _, p := range staff {
		form.Add("person", id(p))
	}
	// 14 seats are free: not for all together.
	chef.post(path+"/enrolments", form).says(t, http.StatusConflict, "Ingen är anmäld", "checked")
	if n := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1`, open); n != 4 {
		t.Errorf("refused, and %d seats", n)
	}
	form.Del("together")
	if a := chef.post(path+"/enrolments", form); a.status != http.StatusSeeOther {
		t.Fatalf("signing up: %d", a.status)
	}
	chef.get(path).says(t, http.StatusOK, "Reservlista och önskemål", "Ändra plats")
	chef.get(path+"/signup?lacks=0").says(t, http.StatusOK, "Har redan en plats", "Står på reservlistan, plats 1", "disabled")
	// Somebody else's staff is not theirs.
	foreign := s.id(`SELECT MIN(person_id) FROM employment WHERE organisation_id <> $1 AND to_day IS NULL`, unit)
	chef.post(path+"/enrolments", url.Values{"person": {id(foreign), id(staff[0])}}).says(t, http.StatusOK, "2 kunde inte anmälas")
	if n := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND person_id = $2`, open, foreign); n != 0 {
		t.Error("a stranger was signed up")
	}
	chef.get("/my/staff?missing=1&course="+id(s.id(`SELECT id FROM course WHERE slug = 'samtal-och-delaktighet'`))).
		says(t, http.StatusOK, "Anmäl dem som saknar kursen", fmt.Sprintf("/rounds/%d/signup", s.comingRound("samtal-och-delaktighet")))
}

func TestAnAdministratorKeepsMovesAndReplacesSeats(t *testing.T) {
	s := newSite(t)
	admin := s.as("regional@example.org")
	kept := s.comingRound("uppdrag-och-ansvar")
	path := "/rounds/" + id(kept)
	admin.get(path).says(t, http.StatusOK, "Avsatta platser", "Mora", "Släpp platser", "Anmäl deltagare")
	falun := s.id(`SELECT id FROM organisation WHERE slug = 'falun' AND kind = 'municipality'`)
	admin.post(path+"/quotas", url.Values{"municipality": {id(falun)}, "seats": {"99"}, "release_on": {"2026-12-10"}}).
		says(t, http.StatusUnprocessableEntity, "Fler finns inte att sätta av", `value="99"`)
	if a := admin.post(path+"/quotas", url.Values{"municipality": {id(falun)}, "seats": {"3"}, "release_on": {"2026-12-10"}}); a.status != http.StatusSeeOther {
		t.Fatalf("setting aside: %d", a.status)
	}
	if a := admin.post(path+"/quotas/mora/release", nil); a.status != http.StatusSeeOther {
		t.Fatalf("releasing: %d", a.status)
	}
	admin.get(path).says(t, http.StatusOK, "Släppta", "3 platser för Falun")

	seat := s.id(`SELECT MIN(id) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, kept)
	page := "/enrolments/" + id(seat)
	admin.get(page).says(t, http.StatusOK, "Ge platsen till en kollega", "Det finns ingen annan kursomgång med lediga platser")
	admin.post(page+"/move", url.Values{}).says(t, http.StatusUnprocessableEntity)
	other := s.comingRound("samtal-och-delaktighet")
	admin.post(page+"/move", url.Values{"round": {id(other)}}).says(t, http.StatusConflict, "en annan kurs")
	colleague := s.id(`SELECT MAX(c.person_id) FROM enrolment AS n JOIN employment AS e ON e.person_id = n.person_id AND e.to_day IS NULL
		JOIN employment AS c ON c.municipality_id = e.municipality_id AND c.to_day IS NULL
		WHERE n.id = $1 AND NOT EXISTS (SELECT 1 FROM enrolment AS x WHERE x.round_id = n.round_id AND x.person_id = c.person_id)`, seat)
	if a := admin.post(page+"/replacement", url.Values{"person": {id(colleague)}}); a.status != http.StatusSeeOther || a.location != path {
		t.Fatalf("replacing: %d to %s", a.status, a.location)
	}
	if got := s.id(`SELECT replaces_id FROM enrolment WHERE round_id = $1 AND person_id = $2`, kept, colleague); got != seat {
		t.Errorf("the new seat replaces %d, want %d", got, seat)
	}
}

func TestAMunicipalityDecidesWhetherManagersApprove(t *testing.T) {
	s := newSite(t)
	k := s.as("kommunadministrator@example.org")
	k.get("/municipalities/borlange").says(t, http.StatusOK, "Anmälan till kurser", "Medarbetaren ber om en plats, och chefen svarar")
	k.post("/municipalities/borlange/sign-up", url.Values{}).says(t, http.StatusUnprocessableEntity, "Välj ett av alternativen")
	if a := k.post("/municipalities/borlange/sign-up", url.Values{"manager_approves": {"yes"}}); a.status != http.StatusSeeOther {
		t.Fatalf("deciding: %d", a.status)
	}
	if n := s.id(`SELECT COUNT(*) FROM municipality_setting AS m JOIN organisation AS o ON o.id = m.municipality_id WHERE o.slug = 'borlange' AND m.manager_approves`); n != 1 {
		t.Error("the choice is not kept")
	}
}
