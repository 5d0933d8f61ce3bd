package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// comes tells in which order the parts stand in the page.
func (a answer) comes(t *testing.T, parts ...string) {
	t.Helper()
	at := 0
	for _, part := range parts {
		found := strings.Index(a.body[at:], part)
		if found < 0 {
			t.Fatalf("%q does not come after what should stand before it", part)
		}
		at += found + len(part)
	}
}

// TestARoundIsToldToWhoComesToLearn reads a round's page as somebody who could sign up,
// and as somebody who has a seat.
func TestARoundIsToldToWhoComesToLearn(t *testing.T) {
	s := newSite(t)
	me := s.as(employee)
	round := s.comingRound("uppdrag-och-ansvar")

	t.Run("what, when and where, for whom, what it asks, then the one button, and the rest folded", func(t *testing.T) {
		a := me.get(path("/rounds/%d", round))
		a.wants(t, http.StatusOK, `href="/courses/uppdrag-och-ansvar"`)
		a.comes(t, "Det här lär du dig", "Du lär dig vad ditt uppdrag är", "Till kursens sida",
			`id="days"`, "Utbildare", "För vem", "Skadligt bruk och beroende, steget Ny", "Anmäl dig senast", "Före kursdagarna", "6 uppgifter, ungefär 18 minuter.",
			"Du behöver göra förberedelsen", "Du är med hela dagen", "Efter kursdagarna", "5 uppgifter",
			"Be om plats", "<details", "Om kursomgången", "Kursomgångens namn", "våren 2027", "Hur kursen ges", "Platser", "tagna", `class="chain"`, "</details>")
	})
	t.Run("who has a seat meets that first, and goes on to the course", func(t *testing.T) {
		own := s.id(`SELECT MAX(n.round_id) FROM enrolment AS n JOIN person AS p ON p.id = n.person_id JOIN round AS r ON r.id = n.round_id
			WHERE p.email = $1 AND n.withdrawn_at IS NULL AND r.note LIKE 'Ta med%'`, employee)
		a := me.get(path("/rounds/%d", own))
		a.comes(t, "Öppna kursen", "Din plats", "Lämna platsen", "Kost och behov", "<details", "Det här lär du dig", "</details>", `id="days"`, "Bra att veta", "Ta med eget exempel", "Om kursomgången")
		a.lacks(t, "Anmäl dig senast", "Be om plats")
		if n := strings.Count(a.body, "Ta med eget exempel"); n != 1 {
			t.Errorf("the note is told %d times", n)
		}
	})
	t.Run("a course that nobody has described says so", func(t *testing.T) {
		me.get(path("/rounds/%d", s.comingRound("handlaggning-med-barnet-i-centrum"))).
			shows(t, http.StatusOK, "inte beskrivet än", "Du är med alla 4 dagarna", "Barn och unga, steget Ny")
	})
	t.Run("who arranges it loses nothing, and comes to the course", func(t *testing.T) {
		a := s.as(regional).get(path("/rounds/%d", round))
		a.wants(t, http.StatusOK, "<title>Uppdrag och ansvar, våren 2027 – Yrkesresan</title>", `<a href="/courses/uppdrag-och-ansvar">Uppdrag och ansvar</a>`, "behövs", "Avgift", `href="#facts"`)
		a.comes(t, `class="chain"`, `id="facts"`, `id="days"`)
		a.lacks(t, "Det här lär du dig")
	})
	t.Run("a round's own step goes before the course's", func(t *testing.T) {
		step := s.id(`SELECT s.id FROM step AS s JOIN journey AS j ON j.id = s.journey_id JOIN course_journey AS c ON c.journey_id = j.id
			JOIN course AS k ON k.id = c.course_id WHERE k.slug = 'uppdrag-och-ansvar' AND s.id <> c.step_id ORDER BY s.ordinal LIMIT 1`)
		s.change(`UPDATE round SET step_id = $2 WHERE id = $1`, round, step)
		me.get(path("/rounds/%d", round)).lacks(t, "steget Ny<")
	})
}

// TestTheListOfRoundsBeginsWithOnesOwn reads the list as somebody with seats, one who
// waits for a seat or for the manager, and one for whom nothing comes.
func TestTheListOfRoundsBeginsWithOnesOwn(t *testing.T) {
	s := newSite(t)
	me := s.as(employee)
	mine := s.person(employee)

	t.Run("a seat, then the journey, then the others", func(t *testing.T) {
		a := me.get("/rounds")
		a.wants(t, http.StatusOK, `id="mine"`, `id="meant"`, `id="others"`)
		a.comes(t, `id="mine"`, "Samtal och delaktighet", "Du har en plats", `id="meant"`, "Handläggning av unga lagöverträdare", "Lediga platser", `id="others"`, "Uppdrag och ansvar")
		a.lacks(t, "Inget för din delresa")
	})
	t.Run("who waits sees their place, and who has asked whom they wait for", func(t *testing.T) {
		for _, test := range []struct {
			course string
			asks   bool
			want   string
		}{{"uppdrag-och-ansvar", false, "Plats 1 i kön"}, {"leda-larande-och-utveckling", true, "Väntar på chefen"}} {
			s.change(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES ($1, $2, 1, $3)`, s.comingRound(test.course), mine, test.asks)
			me.get("/rounds").comes(t, `id="mine"`, path(`/rounds/%d"`, s.comingRound(test.course)), test.want, `id="meant"`)
		}
	})
	t.Run("what is over is not promised", func(t *testing.T) {
		a := me.get("/rounds?show=past")
		a.comes(t, `id="mine"`, "Utsatthet och våld")
		a.lacks(t, "Du har en plats")
	})
	t.Run("nothing of one's own, and where to go then", func(t *testing.T) {
		s.change(`UPDATE queue_entry SET ended_at = 2, ended_how = 'withdrawn' WHERE person_id = $1`, mine)
		s.change(`UPDATE enrolment SET withdrawn_at = 2 WHERE person_id = $1`, mine)
		s.change(`UPDATE account SET closed_on = opened_on WHERE person_id = $1`, mine)
		a := me.get("/rounds")
		a.comes(t, "Inget för din delresa just nu", `href="/my/journey"`, `id="others"`)
		a.lacks(t, `id="mine"`, `id="meant"`)
		me.get("/rounds?course=samtal-och-delaktighet").lacks(t, "Inget för din delresa")
	})
	t.Run("who administers has one list", func(t *testing.T) {
		s.as(regional).get("/rounds").lacks(t, `id="mine"`, `id="others"`)
	})
}

// TestTheStartPageSaysWhatOneWaitsFor shows a learner their place in a queue and what
// their manager has not answered, and an offer once: as what is theirs to answer.
func TestTheStartPageSaysWhatOneWaitsFor(t *testing.T) {
	s := newSite(t)
	me, mine := s.as(employee), s.person(employee)
	me.get("/").lacks(t, "Du väntar på")
	queued, asked, offered := s.comingRound("uppdrag-och-ansvar"), s.comingRound("leda-larande-och-utveckling"), s.comingRound("handlaggning-med-barnet-i-centrum")
	s.change(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES ($1, $2, 1, FALSE)`, queued, mine)
	s.change(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager) VALUES ($1, $2, 1, TRUE)`, asked, mine)
	s.change(`INSERT INTO queue_entry (round_id, person_id, joined_at, needs_manager, offered_at, offer_until) VALUES ($1, $2, 1, FALSE, 1, $3)`, offered, mine, demoNow+1)

	a := me.get("/")
	a.says(t, http.StatusOK, "Du väntar på", ": du står på plats 1 på reservlistan.", ": din chef har inte svarat än.")
	a.wants(t, http.StatusOK, path(`href="/rounds/%d"`, queued), path(`href="/rounds/%d"`, asked))
	if n := strings.Count(a.body, path(`href="/rounds/%d"`, offered)); n != 1 {
		t.Errorf("the offer stands %d times on the start page", n)
	}
	s.change(`UPDATE queue_entry SET ended_at = 2, ended_how = 'withdrawn' WHERE person_id = $1`, mine)
	me.get("/").lacks(t, "Du väntar på")
}

// TestAWebCourseWithoutContentIsNotOffered looks wherever it stood as something to begin
// or to remind of.
func TestAWebCourseWithoutContentIsNotOffered(t *testing.T) {
	s := newSite(t)
	me := s.as(employee)
	const empty = "samtal-med-barn-och-foraldrar"

	a := me.get("/courses/" + empty)
	a.wants(t, http.StatusOK, "Kursens innehåll kommer", "Kommer senare", "Du behöver inte anmäla dig")
	a.lacks(t, "Inte påbörjad", "Anmäl intresse")
	a = me.get("/my/journey")
	a.comes(t, path(`href="/courses/%s"`, empty), "Kommer senare")
	me.get("/courses/utreda-tillsammans").lacks(t, "Kursens innehåll kommer")
	me.get("/rounds").lacks(t, `value="`+empty+`"`)

	s.as(manager).get(path("/my/staff?lacks=%d", s.id(`SELECT id FROM course WHERE slug = $1`, empty))).lacks(t, "Anmäl intresse för")
	v := s.as(municipal)
	page := "/municipalities/borlange/courses/" + empty
	a = v.get(page)
	a.wants(t, http.StatusOK, "Ingen kan börja, och därför påminns ingen")
	a.lacks(t, page+"/reminders")
	v.post(page+"/reminders", map[string][]string{"whom": {"missing"}}).wants(t, http.StatusConflict, "därför påminns ingen")
}
