package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// statements are those that the request sends to the database, beside BEGIN and
// COMMIT.
func (v *visitor) statements(method, path string, form url.Values) (sent []string, a answer) {
	v.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a = v.do(r.WithContext(db.Traced(r.Context(), func(query string) {
		sent = append(sent, strings.Join(strings.Fields(query), " "))
	})))
	return sent, a
}

// TestHowManyStatementsATripSends keeps the trips that most people make short.
// The first two of each find out who it is.
func TestHowManyStatementsATripSends(t *testing.T) {
	t.Run("signing up for a round", func(t *testing.T) {
		s := newSite(t)
		s.approves(false)
		me := s.as("medarbetare@example.org")
		path := "/rounds/" + id(s.comingRound("handlaggning-med-barnet-i-centrum")) + "/enrolments"
		sent, a := me.statements(http.MethodPost, path, url.Values{"person": {id(s.person("medarbetare@example.org"))}})
		atMost(t, 9, sent, a, http.StatusSeeOther) // one of them for the audit
	})
	t.Run("saving the list of a day", func(t *testing.T) {
		s := newSite(t)
		day := s.dueDay()
		sent, a := s.as(teacher).statements(http.MethodPost, path("/days/%d/attendance", day), s.allThere(day))
		atMost(t, 11, sent, a, http.StatusSeeOther)
	})
	t.Run("saving the progress of a task in a course that is begun", func(t *testing.T) {
		s := newSite(t)
		s.lessonIn("webbkurs", 0)
		me, tasks := s.as("medarbetare@example.org"), "/courses/webbkurs/tasks/"
		me.post(tasks+"tanke/progress", url.Values{"answer": {"En tanke"}})
		me.get(tasks + "tanke") // the edition never changes: it is in mind from now on
		sent, a := me.statements(http.MethodPost, tasks+"tanke/progress", url.Values{"answer": {"En tanke till"}})
		atMost(t, 4, sent, a, http.StatusSeeOther)
		// What is done may be the last that the course waited for.
		sent, a = me.statements(http.MethodPost, tasks+"las/progress", url.Values{"done": {"yes"}})
		atMost(t, 6, sent, a, http.StatusSeeOther)
	})
	t.Run("signing out of what began at work", func(t *testing.T) {
		w := newWork(t)
		v := w.nobody()
		w.comeIn(v)
		sent, a := v.statements(http.MethodPost, "/session/end", nil)
		atMost(t, 7, sent, a, http.StatusSeeOther)
		sent, a = v.statements(http.MethodGet, a.location, nil)
		atMost(t, 5, sent, a, http.StatusOK)
	})
	t.Run("a manager's team against its courses", func(t *testing.T) {
		s := newSite(t)
		sent, a := s.as("chef@example.org").statements(http.MethodGet, "/my/staff", nil)
		atMost(t, 10, sent, a, http.StatusOK)
	})
}

func atMost(t *testing.T, most int, sent []string, a answer, status int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d", a.status, status)
	}
	if len(sent) > most {
		t.Errorf("%d statements, want at most %d:\n%s", len(sent), most, strings.Join(sent, "\n"))
	}
}
