package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// change changes the database behind the pages, for what the demo has none of.
func (s *site) change(query string, args ...any) {
	s.t.Helper()
	if err := s.db.Write(s.t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(s.t.Context(), tx, query, args...)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestMyCoursesSayWhereIAmAndWhatIsNext(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	me := s.id(`SELECT id FROM person WHERE email = $1`, employee)
	t.Run("with a day to come", func(t *testing.T) {
		a := v.get("/my/courses")
		a.wants(t, http.StatusOK, "Barn och unga, steg Ny", "av 14 kurser klara", "Du har kursdag i dag", `href="/check-in"`, "Fler kursdagar", "Klar 12\u00a0mars 2025",
			"Kommande, börjar", "Inte påbörjad", "Svara på utvärderingen", "/my/evaluations/handlaggning-med-barnet-i-centrum")
	})
	t.Run("after today's day comes the next one", func(t *testing.T) {
		v.get("/").wants(t, http.StatusOK, "Du har kursdag i dag kl.\u00a09.30", `href="/check-in"`, "Checka in")
		s.change(`UPDATE enrolment SET withdrawn_at = 1 WHERE person_id = $1 AND round_id = (SELECT round_id FROM course_day WHERE id = $2)`, me, s.today())
		v.get("/my/courses").wants(t, http.StatusOK, "Din nästa kursdag är")
	})
	t.Run("without one, a fresh course is to be evaluated", func(t *testing.T) {
		s.change(`UPDATE enrolment SET withdrawn_at = 1 WHERE person_id = $1 AND approved_at IS NULL`, me)
		s.change(`UPDATE completion SET completed_on = '2026-11-01' WHERE person_id = $1 AND course_id = (SELECT id FROM course WHERE slug = 'utsatthet-och-vald')`, me)
		v.get("/my/courses").wants(t, http.StatusOK, "Berätta vad du tyckte om Utsatthet och våld")
	})
	t.Run("with nothing at all it says what to do", func(t *testing.T) {
		s.change(`UPDATE completion SET revoked_at = 1 WHERE person_id = $1`, me)
		v.get("/my/courses").wants(t, http.StatusOK, "Du har inga bokade kursdagar", "prata med din chef", "0 av 14 kurser klara")
		s.change(`UPDATE account SET closed_on = '2026-11-23' WHERE person_id = $1`, me)
		v.get("/my/courses").wants(t, http.StatusOK, "Du har inget konto i en delresa än")
	})
	t.Run("what was learnt in another journey is still there", func(t *testing.T) {
		s.change(`UPDATE completion SET revoked_at = NULL WHERE person_id = $1`, me)
		v.get("/my/courses").wants(t, http.StatusOK, "Andra kurser som du har gått", "Klar 12\u00a0mars 2025")
	})
}

func TestAnEvaluationIsSentOnce(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	const page = "/my/evaluations/utsatthet-och-vald"
	answers := s.id(`SELECT COUNT(*) FROM response`)
	v.get(page).wants(t, http.StatusOK, "Hur nöjd är du med kursen som helhet?", "Mycket nöjd", "frivilligt")

	a := v.post(page, url.Values{"text": {"Bra exempel"}})
	a.wants(t, http.StatusUnprocessableEntity, "Fel:", "Välj hur nöjd du är", "Bra exempel", `href="#f-grade"`)
	long := strings.Repeat("å", 4001)
	a = v.post(page, url.Values{"grade": {"neither"}, "text": {long}})
	a.wants(t, http.StatusUnprocessableEntity, "högst", long, `value="neither" checked`)
	a = v.post(page, url.Values{"grade": {"ecstatic"}})
	a.wants(t, http.StatusUnprocessableEntity, "Välj hur nöjd du är")

	a = v.post(page, url.Values{"grade": {"fairly_satisfied"}, "text": {"Bra exempel"}})
	if a.status != http.StatusSeeOther || a.location != "/my/courses" {
		t.Fatalf("status %d, to %s", a.status, a.location)
	}
	a = v.get("/my/courses")
	a.wants(t, http.StatusOK, "Tack! Ditt svar om Utsatthet och våld är skickat.")
	a.lacks(t, `href="`+page+`"`)
	v.get(page).wants(t, http.StatusOK, "Tack för ditt svar", "Du har redan svarat")
	v.post(page, url.Values{"grade": {"neither"}}).wants(t, http.StatusConflict, "Du har redan svarat")
	if n := s.id(`SELECT COUNT(*) FROM response`); n != answers+1 {
		t.Errorf("%d answers, want one more than %d", n, answers)
	}
}

func TestOnlyACourseThatOneHasCompletedIsEvaluated(t *testing.T) {
	s := newSite(t)
	v := s.as(employee)
	for _, slug := range []string{"handlaggning-av-lvu", "bas-1", "atlantis", "1"} {
		if a := v.get("/my/evaluations/" + slug); a.status != http.StatusNotFound {
			t.Errorf("GET %s: status %d", slug, a.status)
		}
		if a := v.post("/my/evaluations/"+slug, url.Values{"grade": {"neither"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s: status %d", slug, a.status)
		}
	}
}

func TestMyDaysBeginWithWhatIsToBeRegistered(t *testing.T) {
	s := newSite(t)
	v := s.as(teacher)
	due, screen := path(`href="/days/%d/attendance"`, s.dueDay()), path(`href="/days/%d/screen"`, s.today())
	a := v.get("/my/days")
	a.wants(t, http.StatusOK, "I dag kl.\u00a09.30–16.30 håller du en kursdag", "Närvaro att registrera", due, screen, "Kommande", "Tidigare", "Kursledare", "Inställd", "dag 1 av 4")
	if strings.Index(a.body, due) > strings.Index(a.body, `id="coming"`) {
		t.Error("what is to be registered does not come first")
	}
	v.get("/").wants(t, http.StatusOK, "I dag kl.\u00a09.30–16.30 håller du", path(`href="/my/days/%d"`, s.today()), "Öppna kursdagen")
	v.get(path("/my/days/%d", s.today())).wants(t, http.StatusOK, screen, path(`href="/days/%d/attendance"`, s.today()))
	s.change(`UPDATE course_day SET starts = '08:00' WHERE id = $1`, s.today())
	v.get("/my/days").wants(t, http.StatusOK, "Registrera närvaron för", screen) // who comes now is the trainer's to mark
	for _, day := range []int64{s.dueDay(), s.today()} {
		v.post(path("/days/%d/attendance", day), s.allThere(day))
	}
	a = v.get("/my/days")
	a.wants(t, http.StatusOK, "Du är tillfrågad för")
	a.lacks(t, "Närvaro att registrera")
	v.post("/my/days/"+s.askedDay()+"/answer", url.Values{"answer": {"accepted"}})
	v.get("/my/days").wants(t, http.StatusOK, "Din nästa kursdag är", "Se kursdagen")
	v.get("/my/days?page=99").wants(t, http.StatusOK, "Tidigare")
	s.as(employee).get("/my/days").wants(t, http.StatusOK, "Du har inga kursdagar")
}
