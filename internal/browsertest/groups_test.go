package browsertest

import (
	"os"
	"testing"
)

// The region makes a group of two municipalities and gives somebody its administration; she
// comes in on her phone by the letter's way, shares what is billed, plans a course and finds
// nobody's name.
func TestAGroupIsMadeAndItsAdministratorPlans(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}
	const address = "medarbetare@example.org"

	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "regional@example.org")
	desktop.tapTo("Grupper av kommuner")
	desktop.reads("Falu-Borlängeregionen", "Västerdalarna")
	a.look(desktop, "groups")
	desktop.tapTo("Lägg till en grupp")
	a.look(desktop, "group-new")
	desktop.put(map[string]string{"name": "Siljansgruppen", "project": "Egna pengar i två år", "from": "2026-01-01"})
	desktop.tapTo("Lägg till gruppen")
	desktop.reads("Inga kommuner är med")
	for _, id := range []string{"2062", "2029"} {
		desktop.put(map[string]string{"municipality": id, "from": "2026-01-01"})
		desktop.tapTo("Lägg till kommunen")
	}
	desktop.reads("Mora", "Leksand", "Låt en kommun lämna gruppen")
	a.look(desktop, "group-members")
	desktop.tapTo("Uppdrag")
	desktop.put(map[string]string{"email": address, "from": "2026-01-01"})
	desktop.Click(`input[name="office"][value="administrator"]`)
	desktop.tapTo("Ge uppdraget")
	desktop.reads("Administratör för gruppen", "får ett mejl")
	a.look(desktop, "group-officers")
	desktop.tapTo("Översikt")
	a.look(desktop, "group-of-the-region")

	phone := Open(t)
	phone.Size(360, 740)
	c.letterTo(address, "Administratör för gruppen")
	phone.signIn(c.address, address)
	phone.reads("Planera platser för Siljansgruppen")
	a.look(phone, "group-start")
	phone.tapTo("Öppna planen")
	a.look(phone, "group-plan-empty")
	phone.tapTo("Andelar")
	phone.put(map[string]string{"from": "2026-01-01", "share_2062": "60", "share_2029": "30"})
	phone.tapTo("Spara andelarna")
	phone.reads("Andelarna blir 90 % tillsammans")
	a.take(phone, "group-shares-refused")
	phone.put(map[string]string{"share_2029": "40"})
	phone.tapTo("Spara andelarna")
	phone.put(map[string]string{"sum": "1000,01"})
	phone.tapTo("Dela beloppet")
	phone.reads("600,01")
	a.look(phone, "group-shares")
	phone.Visit(c.address + "/regions/dalarna/groups/siljansgruppen/plan?year=2027")
	phone.tap("Planera en kurs till")
	phone.tapTo("BAS 5")
	phone.put(map[string]string{"seats_2062": "12", "seats_2029": "7"})
	a.look(phone, "group-needs")
	phone.tapTo("Spara behovet")
	phone.reads("19 platser saknas")
	a.look(phone, "group-plan")
	phone.tapTo("Siffror")
	a.look(phone, "group-figures")
	phone.tapTo("Översikt")
	a.look(phone, "group")
	phone.Visit(c.address + "/regions/dalarna/groups/siljansgruppen/officers")
	phone.reads("inte") // hers to see
	desktop.Visit(c.address + "/regions/dalarna/groups/siljansgruppen/plan?year=2027")
	desktop.reads("19 platser saknas")
	a.look(desktop, "group-plan-of-the-region")
}
