package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAPersonsNameAndAddressAreCorrected(t *testing.T) {
	s := newSite(t)
	region, falu := s.as(regional), s.as(manager)
	id := s.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN role_grant AS g ON g.organisation_id = e.organisation_id
		JOIN person AS p ON p.id = g.person_id AND p.email = $1
		WHERE e.to_day IS NULL AND e.person_id NOT IN (SELECT person_id FROM role_grant)`, manager)
	s.change(`UPDATE person SET email = NULL WHERE id = $1`, id)
	region.get(personAt(id)).says(t, 200, "Ingen adress. Personen kan inte logga in.", "Skriv in adressen", "Har inte loggat in", "Ändra namn eller adress")
	falu.get(personAt(id)).says(t, 200, "Senast inloggad")
	region.get(personAt(id)+"?form=name").says(t, 200, "Spara namn och adress", `name="email"`)
	save := func(v *visitor, email string) answer {
		return v.post(personAt(id)+"/correction", url.Values{"given_name": {"Åke"}, "family_name": {""}, "email": {email}})
	}
	save(falu, "ake@example.org").says(t, http.StatusForbidden)
	a := save(region, manager)
	a.says(t, http.StatusUnprocessableEntity, "Adressen finns redan hos en annan person", "Adressen finns hos", "Öppna personens sida", `value="Åke"`)
	save(region, "ake@example.org").leads(t, personAt(id))
	region.get(personAt(id)).says(t, 200, "ake@example.org", "Tidigare namn och adresser")
	region.get("/people?q=ake@ex").says(t, 200, ">Åke<")
	// Whoever has signed in is seen to have.
	self := region.get(personAt(s.id(`SELECT id FROM person WHERE email = $1`, regional)))
	if self.says(t, 200, "Senast inloggad"); strings.Contains(self.body, "Har inte loggat in") {
		t.Error("a sign-in is not told of")
	}
	// Whoever reads somebody's letters can sign in as them: not by those who cannot give the role.
	s.change(`INSERT INTO role_grant (person_id, organisation_id, role, from_day, granted_at) VALUES ($1, 20, 'regional', $2, 1)`, id, demoNow.Day())
	save(region, "ny@example.org").
		says(t, http.StatusConflict, "en roll som du inte kan ge")
}

func TestTheSamePersonIsNotAddedTwiceWithoutAWord(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	form := url.Values{"given_name": {"Dubbla"}, "family_name": {"Testsson"}, "organisation": {"2080"}, "from": {demoNow.Day().String()}}
	if a := region.post("/people", form); a.status != http.StatusSeeOther {
		t.Fatalf("adding: %d\n%s", a.status, a.body)
	}
	first := s.id(`SELECT id FROM person WHERE family_name = 'Testsson'`)
	form.Set("given_name", "dubbla")
	region.post("/people", form).says(t, http.StatusUnprocessableEntity, "Det finns redan en person med samma namn i kommunen", personAt(first), "Det är en annan person med samma namn")
	form.Set("same", "on")
	if a := region.post("/people", form); a.status != http.StatusSeeOther {
		t.Fatalf("adding another: %d", a.status)
	}
	second := s.id(`SELECT MAX(id) FROM person WHERE family_name = 'Testsson'`)
	// The wrong workplace is mended the same day, and a mistake is removed.
	region.post(personAt(second)+"/employments", url.Values{"organisation": {"2081"}, "from": {demoNow.Day().String()}}).leads(t, personAt(second))
	region.get(personAt(second)+"?form=removal").says(t, 200, "lades till av misstag")
	region.post(personAt(second)+"/removal", url.Values{"sure": {"on"}}).leads(t, "/people")
	if n := s.id(`SELECT COUNT(*) FROM person WHERE id = $1`, second); n != 0 {
		t.Error("the person is still there")
	}
}

func TestAClosedAccountIsOpenedAgainOnThePage(t *testing.T) {
	s := newSite(t)
	region := s.as(regional)
	person := s.employed("falun")
	account := id(s.id(`SELECT a.id FROM account AS a JOIN journey AS j ON j.id = a.journey_id WHERE a.person_id = $1 AND j.slug = 'funktionshinder-utforare'`, person))
	region.get(personAt(person)+"?form=closure&of="+account).says(t, 200, "kontot går att öppna igen")
	region.post("/accounts/"+account+"/closure", url.Values{"day": {demoNow.Day().String()}}).leads(t, personAt(person))
	region.get(personAt(person)).says(t, 200, "Öppna igen")
	region.get(personAt(person)+"?form=reopening&of="+account).says(t, 200, "Öppna kontot igen")
	region.post("/accounts/"+account+"/reopening", url.Values{"sure": {"on"}}).leads(t, personAt(person))
	if n := s.id(`SELECT COUNT(*) FROM account WHERE id = ` + account + ` AND closed_on IS NULL`); n != 1 {
		t.Error("the account is closed")
	}
}
