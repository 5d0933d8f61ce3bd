package browsertest

import (
	"strings"
	"testing"
)

// A group tries a draft: the producer starts the trial and invites, who tries it says what they
// think, and that stands beside the comments of those who review. Published, the trial is over.
func TestAGroupTriesADraft(t *testing.T) {
	site := demoSite(t, sqlite(t))
	producer, learner := Open(t), Open(t)
	look := looker(t, "trial")
	says := func(b *Browser, all ...string) {
		t.Helper()
		text := b.Text()
		for _, want := range all {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", b.Path(), want, text)
			}
		}
	}
	producer.signIn(site, "producent@example.org")
	producer.Visit(site + "/workshop/bas-3")
	producer.Follow(func() { producer.Click(`a[href="/workshop/bas-3/trial"]`) })
	look(producer, "before")
	producer.Follow(func() { producer.Click("main .form button") })
	says(producer, "Välj om det räknas att gå kursen i försöket.")
	look(producer, "nothing chosen")
	producer.Click(`input[name="counts"][value="no"]`)
	producer.Follow(func() { producer.Click("main .form button") })
	says(producer, "Försöket har börjat.", "Ingen provar än")
	look(producer, "nobody yet")
	producer.fill(`textarea[name="emails"]`, "ingen.alls@example.org\nmedarbetare@example.org")
	producer.Follow(func() { producer.Click("main .form button") })
	says(producer, "Ingen har de här adresserna: ingen.alls@example.org.")
	look(producer, "an unknown address")
	producer.fill(`textarea[name="emails"]`, "chef@example.org")
	producer.Follow(func() { producer.Click("main .form button") })
	says(producer, "De är inbjudna.", "En person provar", "Ta bort")

	// The running trial of another course has people: the trainer of the demo is one of them.
	learner.signIn(site, "utbildare@example.org")
	look(learner, "start")
	const course = "/courses/mota-aldre-i-vardagen"
	learner.Follow(func() { learner.Click(`main a[href="` + course + `"]`) })
	says(learner, "Du provar en ny utgåva", "Det räknas inte som att du har gått kursen.")
	look(learner, "the course")
	learner.Visit(site + course + "/tasks/mer-an-sin-alder")
	learner.Follow(func() { learner.Click(`a[href="` + course + `/tasks/mer-an-sin-alder/trial"]`) })
	learner.Follow(func() { learner.Click("main .form button") })
	says(learner, "Skriv din kommentar.")
	learner.fill(`textarea[name="text"]`, "Säg mer om språket.")
	look(learner, "of a task")
	learner.Follow(func() { learner.Click("main .form button") })
	says(learner, "Tack! De som skriver kursen läser det.")
	learner.Visit(site + course + "/tasks/mer-an-sin-alder/trial")
	says(learner, "Det här har du sagt", "Säg mer om språket.")
	look(learner, "what was said")
	learner.Visit(site + course + "/trial")
	learner.Follow(func() { learner.Click("main .form button") })
	says(learner, "Välj")
	learner.Click(`input[name="grade"][value="fairly_satisfied"]`)
	look(learner, "the whole")
	learner.Follow(func() { learner.Click("main .form button") })
	says(learner, "Tack! Ditt svar är sparat.")

	producer.Visit(site + "/workshop/mota-aldre-i-vardagen/review")
	says(producer, "Säg mer om språket.", "Någon i provgruppen", "I försöket:")
	look(producer, "beside the comments")
	producer.Visit(site + "/workshop/mota-aldre-i-vardagen/trial")
	says(producer, "Ganska nöjd: 2")
	look(producer, "people")
	producer.Visit(site + "/workshop/mota-aldre-i-vardagen/publication")
	says(producer, "Försöket med utgåva")
	producer.Visit(site + "/workshop/mota-aldre-i-vardagen/trial")
	producer.Click(`a[data-opens="end"]`)
	producer.Follow(func() { producer.Click(`form[action$="/trial/removal"] button`) })
	says(producer, "Försöket är slut.")
	look(producer, "over")
	learner.Visit(site + course)
	if strings.Contains(learner.Text(), "Du provar en ny utgåva") {
		t.Error("who tried it still does")
	}
}
