package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestOnesOwnPageSaysWhatIsKeptAndTakesWhatIsWrong follows what somebody says is wrong
// from their own page to the administrator's, and back.
func TestOnesOwnPageSaysWhatIsKeptAndTakesWhatIsWrong(t *testing.T) {
	s := newSite(t)
	me := s.as(employee)
	mine := s.person(employee)
	page := path("/people/%d", mine)

	t.Run("it is reached from the menu, the start page, one's journey and the search", func(t *testing.T) {
		for _, from := range []string{"/", "/my/journey", "/search?q=mina+uppgifter"} {
			if a := me.get(from); strings.Count(a.body, `href="/my/page"`) < 2 {
				t.Errorf("%s has no way of its own beside the menu's", from)
			}
		}
	})
	t.Run("it says what is kept, to whom one speaks, and leads on", func(t *testing.T) {
		a := me.get("/my/page")
		a.comes(t, "Dina uppgifter", "Du heter", "Linnea Tallstig", "Din e-post", employee, "Du arbetar som", "Falun", "Dina chefer", manager, "Din delresa", "Barn och unga, steget",
			"Stämmer något inte?", "Det går till ", "Något är fel", "Språk", "Brev till dig", employee, "Min kalender", "Lägg in i kalendern", "Intyg", "/certificate", "/my/sessions")
	})
	t.Run("what is missing is said, and what was typed stays", func(t *testing.T) {
		me.post("/my/page/remarks", url.Values{"text": {" \n "}}).wants(t, http.StatusUnprocessableEntity, "Skriv vad som är fel.")
		long := strings.Repeat("å", 1001)
		me.post("/my/page/remarks", url.Values{"text": {long}}).wants(t, http.StatusUnprocessableEntity, "högst 1", long)
	})
	t.Run("it goes to who can mend it, with a receipt", func(t *testing.T) {
		if a := me.post("/my/page/remarks", url.Values{"text": {"Jag heter Tallstig-Berg.\nSedan i fredags."}}); a.status != http.StatusSeeOther || a.location != "/my/page" {
			t.Fatalf("status %d, to %s", a.status, a.location)
		}
		a := me.get("/my/page")
		a.wants(t, http.StatusOK, "Det du skrev har gått till ", "Jag heter Tallstig-Berg.", "Det är inte åtgärdat än.")
		if n := s.id(`SELECT COUNT(*) FROM river_job WHERE kind = 'mail_letter' AND CAST(args AS TEXT) LIKE '%Tallstig-Berg%'`); n < 1 {
			t.Error("no letter waits")
		}
	})
	t.Run("who can mend it sees it on the start page and the person's, and says that it is done", func(t *testing.T) {
		who := s.text(`SELECT p.email FROM remark_reader AS r JOIN person AS p ON p.id = r.person_id ORDER BY p.email LIMIT 1`)
		id := s.id(`SELECT id FROM remark`)
		admin := s.byLink(s.person(who))
		admin.get("/").wants(t, http.StatusOK, "Linnea Tallstig säger att något är fel", path(`href="%s"`, page))
		admin.get(page).wants(t, http.StatusOK, "Jag heter Tallstig-Berg.", path(`/remarks/%d/end`, id))
		for _, other := range []string{employee, manager, municipal} {
			a := s.as(other).get(page)
			a.lacks(t, "Jag heter Tallstig-Berg.")
			if a := s.as(other).post(path("/remarks/%d/end", id), nil); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				t.Errorf("%s says that it is done: status %d", other, a.status)
			}
		}
		admin.post(path("/remarks/%d/end", id), nil)
		a := admin.get(page)
		a.wants(t, http.StatusOK, "Klart. Linnea Tallstig ser")
		a.lacks(t, "Jag heter Tallstig-Berg.")
		admin.post(path("/remarks/%d/end", id), nil).wants(t, http.StatusConflict, "redan sagt att det är åtgärdat")
		admin.get("/").lacks(t, "säger att något är fel")
		me.get("/my/page").wants(t, http.StatusOK, "Det är åtgärdat 23")
	})
	t.Run("one's calendar opens by one tap, or is copied", func(t *testing.T) {
		a := me.post("/my/calendar", nil)
		a.wants(t, http.StatusOK, `href="webcal://yrkesresan.example.org/calendar/`, `value="https://yrkesresan.example.org/calendar/`, "data-copy=")
	})
	t.Run("the other language is one tap away", func(t *testing.T) {
		me.get("/my/page").wants(t, http.StatusOK, "Change to English")
		if a := me.post("/language", url.Values{"lang": {"en"}, "back": {"/my/page"}}); a.location != "/my/page" {
			t.Errorf("to %s", a.location)
		}
		me.get("/my/page").wants(t, http.StatusOK, "Your details", "Byt till svenska", "Letters to you")
	})
	t.Run("who works nowhere is told whom to ask", func(t *testing.T) {
		s.as("drift@example.org").get("/my/page").wants(t, http.StatusOK, "Stämmer något inte?")
	})
}
