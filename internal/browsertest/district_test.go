package browsertest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// The municipality's administrator makes a district, puts a unit into it and names who looks
// after it; she signs in on her phone and finds her people, and nobody else.
func TestADistrictIsMadeAndItsAdministratorFindsHerPeople(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}
	// Somebody with an address, who works in another unit than the one she is to look after.
	unit := c.id(`SELECT MIN(d.unit_id) FROM district_unit AS d JOIN organisation AS o ON o.id = d.unit_id WHERE o.name LIKE 'Daglig verksamhet%'`)
	who := c.id(`SELECT MIN(e.person_id) FROM employment AS e JOIN person AS p ON p.id = e.person_id WHERE e.municipality_id = 2081 AND e.to_day IS NULL AND e.organisation_id <> $1
		AND p.email LIKE '%.%@%' AND p.id NOT IN (SELECT person_id FROM role_grant) AND p.id NOT IN (SELECT person_id FROM protected_person) AND p.id NOT IN (SELECT person_id FROM trainer)`, unit)
	hers := c.id(`SELECT MIN(person_id) FROM employment WHERE to_day IS NULL AND organisation_id = $1`, unit)
	theirs := c.id(`SELECT MIN(e.person_id) FROM employment AS e WHERE e.to_day IS NULL AND e.municipality_id = 2081 AND e.organisation_id <> $1 AND e.person_id <> $2`, unit, who)
	const address = "vera.tun@example.org"
	if err := c.d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := db.Exec(t.Context(), tx, `UPDATE person SET email = $2 WHERE id = $1`, who, address); err != nil {
			return err
		}
		return people.KeepWords(t.Context(), tx, who)
	}); err != nil {
		t.Fatal(err)
	}

	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "kommunadministrator@example.org")
	desktop.Visit(c.address + "/municipalities/borlange/units")
	desktop.tapTo("Stadsdelar")
	a.look(desktop, "districts")
	desktop.put(map[string]string{"name": "Tunets stadsdel"})
	desktop.tapTo("Lägg till stadsdelen")
	desktop.reads("Tunets stadsdel", "Inga enheter hör till stadsdelen än")
	desktop.Click(fmt.Sprintf(`input[name="units"][value="%d"]`, unit))
	desktop.put(map[string]string{"district_from": "2026-06-01"})
	desktop.tapTo("Lägg enheterna i stadsdelen")
	desktop.reads("1 enhet hör till stadsdelen i dag")
	a.look(desktop, "district")
	district := c.id(`SELECT MAX(organisation_id) FROM district`)
	desktop.Visit(fmt.Sprintf("%s/people/%d?form=role", c.address, who))
	desktop.put(map[string]string{"role": "district_admin", "organisation": fmt.Sprint(district), "from": "2026-06-01"})
	a.look(desktop, "district-role")
	desktop.tapTo("Ge en roll")
	desktop.reads("Administratör för stadsdelen", "Tunets stadsdel")

	phone := Open(t)
	phone.Size(360, 740)
	phone.Visit(c.address + "/sign-in")
	phone.Type("#f-email", address)
	phone.tapTo("Skicka mejlet")
	phone.Visit(linkIn(t, c.letterTo(address, "Din länk").Text, c.address, "/sign-in/link"))
	phone.tapTo("Logga in")
	phone.reads("Se hur långt stadsdelen har kommit")
	a.look(phone, "district-start")
	phone.tapTo("Se min stadsdel")
	phone.reads("Tunets stadsdel", "Genomförda kurser")
	a.look(phone, "district-figures")
	phone.Visit(c.address + "/people")
	a.look(phone, "district-people")
	if html := phone.Source(); !strings.Contains(html, fmt.Sprintf(`"/people/%d"`, hers)) || strings.Contains(html, fmt.Sprintf(`"/people/%d"`, theirs)) {
		t.Error("her list is not that of the district's unit")
	}
	phone.Visit(fmt.Sprintf("%s/people/%d", c.address, theirs))
	phone.reads("Sidan finns inte")
}
