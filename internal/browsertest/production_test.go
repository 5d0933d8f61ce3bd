package browsertest

import (
	"os"
	"testing"
)

// A producer plans a course and changes when it comes; a learner sees it on the way, a municipality plans with a course
// that comes and sees what is recommended first, and the region decides about a letter.
func TestACourseIsPlannedToldOfAndPlannedWith(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}

	desktop := Open(t)
	desktop.Size(1280, 900)
	desktop.signIn(c.address, "producent@example.org")
	desktop.Visit(c.address + "/workshop")
	desktop.tapTo("Kurser som kommer")
	desktop.reads("Vård i livets slut", "Struken")
	a.look(desktop, "production")
	desktop.tapTo("Planera en kurs")
	desktop.put(map[string]string{"name": "Barn på sjukhus", "place": "1/1", "month": "2027-04"})
	desktop.Click(`input[name="state"][value="writing"]`)
	desktop.Click(`input[name="surety"][value="likely"]`)
	a.look(desktop, "production-new")
	desktop.tapTo("Lägg till i planen")
	desktop.reads("Kommer våren 2027")
	desktop.tapTo("Ändra")
	desktop.put(map[string]string{"reason": "Två kommuner provar"})
	desktop.Click(`input[name="state"][value="trial"]`)
	desktop.tapTo("Spara ändringen")
	desktop.reads("Två kommuner provar", "Provas")
	a.look(desktop, "production-one")
	desktop.Visit(c.address + "/workshop/bas-3/launch")
	a.look(desktop, "launch-advice")

	desktop.Visit(c.address + "/workshop/samtal-och-delaktighet/feedback")
	a.look(desktop, "feedback-register")
	desktop.tapTo("Rollspelet behöver mer tid.")
	a.look(desktop, "feedback-one")
	desktop.Visit(c.address + "/foundations")
	a.look(desktop, "foundations")
	desktop.tapTo("Socialtjänstlagen")
	a.look(desktop, "foundation")
	desktop.tapTo("Samtal och delaktighet")
	a.look(desktop, "foundation-task")
	desktop.Visit(c.address + "/")
	desktop.reads("Dags att se över Kunskapsstöd om placering av barn", "väntar på svar")
	a.look(desktop, "start-producer")
	desktop.Visit(c.address + "/foundations")
	desktop.tapTo("Kunskapsstöd om placering av barn")
	a.look(desktop, "foundation-look")
	desktop.tapTo("Vi har sett över det")
	desktop.reads("Det är sett över.")

	phone := Open(t)
	phone.Size(360, 740)
	phone.signIn(c.address, "medarbetare@example.org")
	phone.Visit(c.address + "/my/journey")
	phone.reads("Barn på sjukhus", "Kommer våren 2027")
	a.look(phone, "journey-coming")
	phone.Visit(c.address + "/production")
	a.look(phone, "production-learner")

	phone.Visit(c.address + "/courses/handlaggning-med-barnet-i-centrum")
	phone.reads("Jag har läst det", "Kursen bygger på", "Säg vad som kan bli bättre i kursen")
	a.look(phone, "course-supplement")
	phone.Visit(c.address + "/courses/handlaggning-med-barnet-i-centrum/feedback")
	a.look(phone, "feedback-say")
	phone.Visit(c.address + "/my/wishes")
	a.look(phone, "my-wishes")

	phone.signIn(c.address, "kommunadministrator@example.org")
	phone.Visit(c.address + "/municipalities/borlange/plans")
	phone.tapTo("Vård i livets slut för alla")
	phone.reads("Väntar på kursen", "Före starten")
	a.look(phone, "plan-waits")

	desktop.signIn(c.address, "regional@example.org")
	desktop.tapTo("Nytt att berätta")
	a.look(desktop, "news")
	desktop.tapTo("BAS 5")
	a.look(desktop, "news-one")
	desktop.tapTo("Skicka inget")
	desktop.reads("Inget brev om BAS 5 skickas")
	desktop.Visit(c.address + "/wishes")
	desktop.reads("LVU")
	a.look(desktop, "wishes")
	desktop.Visit(c.address + "/regions/dalarna/starts")
	desktop.reads("Starter utan förberedelse")
	a.look(desktop, "starts")
	for name, page := range map[string]string{"hours": "/study-time/hours?from=2020-01-01", "ended": "/regions/dalarna/trainers?ended=1", "project": "/learning-projects/1", "candidates": "/regions/dalarna/trainer-candidates"} {
		desktop.Visit(c.address + page)
		a.look(desktop, name)
	}
}
