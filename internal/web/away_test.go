package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/db"
	"yrkesresan/internal/web/visit"
)

func TestWhileTheDatabaseIsAwayEveryAnswerIsInTheVisitorsLanguage(t *testing.T) {
	s := newSite(t)
	regional, english, stranger := s.as("regional@example.org"), s.as("regional@example.org"), s.nobody()
	english.post("/language", url.Values{"lang": {"en"}})
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	later := func(a answer) {
		t.Helper()
		if a.header.Get("Retry-After") != "30" {
			t.Errorf("try again after %q", a.header.Get("Retry-After"))
		}
		a.lacks(t, "Internal Server Error")
	}
	for name, v := range map[string]*visitor{"signed in": regional, "nobody": stranger} {
		t.Run(name, func(t *testing.T) {
			page := "/rounds/new?course=1&term=vt"
			if v == stranger {
				page = "/sign-in/link?token=abc"
			}
			a := v.get(page)
			later(a)
			a.wants(t, http.StatusServiceUnavailable, "Yrkesresan svarar inte just nu", "Försök igen om en stund", `href="`+strings.ReplaceAll(page, "&", "&amp;")+`"`, "Till startsidan")
		})
	}
	a := english.get("/rounds")
	later(a)
	a.wants(t, http.StatusServiceUnavailable, "Yrkesresan is not answering right now", `lang="en"`)

	typed := url.Values{"email": {"namn@example.org"}, "label": {"Våren & <b>sol</b>"}, "course": {"3", "4"}}
	for name, v := range map[string]*visitor{"signed in": regional, "nobody": stranger} {
		t.Run("a form is kept, "+name, func(t *testing.T) {
			where := "/regions/dalarna/rounds"
			if v == stranger {
				where = "/sign-in"
			}
			a := v.post(where, typed)
			later(a)
			a.wants(t, http.StatusServiceUnavailable, "det du skrev finns kvar", `action="`+where+`"`,
				`name="label" value="Våren &amp; &lt;b&gt;sol&lt;/b&gt;"`, `name="course" value="3"`, `name="course" value="4"`, "Skicka igen")
		})
	}

	t.Run("a script is told in JSON", func(t *testing.T) {
		for _, c := range []struct{ path, name, value string }{
			{"/days/1/marks", "Content-Type", "application/json"},
			{"/courses/bas-3/tasks/valkommen/progress", "Accept", "application/json"},
		} {
			r := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader("{}"))
			r.Header.Set(c.name, c.value)
			a := regional.do(r)
			later(a)
			if a.status != http.StatusServiceUnavailable || a.header.Get("Content-Type") != "application/json" || a.body != `{"text":"Yrkesresan svarar inte just nu"}` {
				t.Errorf("%s: %d %s %s", c.path, a.status, a.header.Get("Content-Type"), a.body)
			}
		}
	})
	t.Run("and so is a machine", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/rounds?region=dalarna", nil)
		r.Header.Set("Authorization", "Bearer yrk_"+strings.Repeat("a", 43))
		r.Header.Set("Accept-Language", "sv")
		a := s.nobody().do(r)
		if a.status == http.StatusUnauthorized {
			t.Fatal("the token is none: its mark has changed")
		}
		later(a)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, `"code":"fault.away"`) {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

func TestARefusedFormThatCannotBeKeptIsShownAtOnce(t *testing.T) {
	s := newSite(t)
	v := s.nobody()
	s.db.Pool().SetMaxOpenConns(1)
	if _, err := s.db.Pool().ExecContext(t.Context(), `PRAGMA query_only = 1`); err != nil { // as a full disk
		t.Fatal(err)
	}
	v.post("/sign-in", url.Values{"email": {"åsa"}}).says(t, http.StatusUnprocessableEntity, "Skriv e-postadressen som", `value="åsa"`)
}

func TestWhatBreaksOutsideThePagesIsAPage(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequest(http.MethodPost, "/language", strings.NewReader("lang=en"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	s.nobody().do(r).wants(t, http.StatusForbidden, "Det här skickades inte från Yrkesresan", "Inget är sparat")

	s.server.Ready = func(context.Context) error { panic("a bug") }
	a := s.nobody().get("/readyz")
	a.wants(t, http.StatusInternalServerError, "Något gick fel hos oss")
	if a.header.Get("Content-Security-Policy") == "" {
		t.Error("without the headers of every answer")
	}
}

func TestNobodyWaitsForADatabaseThatDoesNotAnswer(t *testing.T) {
	s := newSite(t)
	var asked error
	page := visit.Patient(time.Millisecond, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		_, asked = db.Row(r.Context(), s.db.Reader(), db.One[int], `SELECT 1`)
		s.server.Fail(w, r, asked)
	}))
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusServiceUnavailable || asked == nil || !strings.Contains(w.Body.String(), "Yrkesresan svarar inte just nu") {
		t.Errorf("%d after %v", w.Code, asked)
	}
}
