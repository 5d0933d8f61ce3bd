package browsertest

import (
	"os"
	"testing"
)

// A manager sets time to learn for a shift before a course day; a time in the night is refused; one
// of them finds it on her phone and says of an earlier one that she got it, and then that she did not.
func TestTimeToLearnIsSetAndAnsweredFor(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}

	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "chef@example.org")
	desktop.tapTo("Min personal")
	desktop.tapTo("Tid att lära")
	desktop.reads("Kursdagar som kommer", "Har fått tid")
	a.look(desktop, "study-time-days")
	desktop.Follow(func() { desktop.Click(`section[aria-labelledby="coming"] tbody tr:last-child a`) })
	desktop.reads("Förberedelsen tar", "Sätt tid före kursdagen")
	a.look(desktop, "study-time-sheet")
	Eval[bool](desktop, `document.querySelector('input[name="person"]').checked = true`)
	desktop.put(map[string]string{"starts": "03:00", "ends": "05:00"})
	desktop.tapTo("Sätt av tiden")
	desktop.reads("Tiden ska ligga mellan kl. 06:00 och 22:00")
	a.take(desktop, "study-time-refused")
	desktop.put(map[string]string{"starts": "08:00", "ends": "09:30"})
	desktop.tapTo("Sätt av tiden")
	desktop.reads("Tiden är satt", "8–9.30")
	a.look(desktop, "study-time-set")
	desktop.Visit(c.address + "/study-time/hours")
	desktop.reads("Satta timmar", "Hämta som CSV-fil")
	a.look(desktop, "study-time-hours")

	phone := Open(t)
	phone.Size(360, 740)
	phone.signIn(c.address, "medarbetare@example.org")
	phone.reads("Fick du tiden att lära")
	a.look(phone, "study-time-asked")
	phone.tapTo("Jag fick tiden")
	phone.reads("Tack, vi har sparat ditt svar")
	phone.tapTo("Min tid att lära")
	phone.reads("Fick tiden", "Kommer")
	a.look(phone, "study-time-mine")
	phone.tapTo("Fick den inte")
	phone.reads("Fick den inte")

	region := Open(t)
	region.Size(1280, 900)
	region.signIn(c.address, "regional@example.org")
	region.tapTo("Tid att lära")
	region.reads("För få svar", "Tillsammans")
	a.look(region, "study-time-sums")
	region.tapTo("Projekt med pengar för tid att lära")
	a.look(region, "learning-projects")
	region.tapTo("Växtkraft LSS")
	region.reads("Beviljade timmar", "ESF-rådet")
	a.look(region, "learning-project")
}

// Somebody would like to teach; her manager says no without a reason and is asked for one, then says
// yes; the region takes her into the team; a trainer ends and gives a reason, which the year counts.
func TestSomebodyBecomesATrainerAndAnotherEnds(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}

	phone := Open(t)
	phone.Size(360, 740)
	phone.signIn(c.address, "medarbetare@example.org")
	phone.Visit(c.address + "/courses/samtal-och-delaktighet/teaching")
	phone.reads("1–2 kursdagar per termin", "3 % av en heltid", "utbildarpotten")
	a.look(phone, "teaching-offer")
	phone.put(map[string]string{"words": "Jag har tid på hösten."})
	phone.tapTo("Säg att jag vill")
	phone.reads("Väntar på chefen")
	a.look(phone, "teaching-mine")

	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "chef@example.org")
	desktop.Visit(c.address + "/trainer-wishes")
	desktop.reads("Jag har tid på hösten.")
	a.look(desktop, "teaching-wishes")
	for range 2 {
		desktop.tapTo("Säg ja")
		desktop.reads("Nu svarar regionen")
	}
	a.look(desktop, "teaching-none")

	region := Open(t)
	region.Size(1280, 900)
	region.signIn(c.address, "regional@example.org")
	region.Visit(c.address + "/regions/dalarna/trainer-candidates")
	region.reads("Jag har tid på hösten.")
	a.look(region, "trainer-candidates")
	region.tapTo("Ta in i teamet")
	region.reads("är med i teamet")
	region.Visit(c.address + "/regions/dalarna/trainers")
	region.tapTo("Avsluta")
	a.look(region, "trainer-end")
	region.Click(`input[name="reason"][value="time"]`)
	region.tapTo("Avsluta")
	region.tapTo("Utbildare som kommer och slutar")
	region.reads("Hinner inte", "Chefen sa nej")
	a.look(region, "trainer-comings")
}
