package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
)

// today is the demo's day of today, which begins half an hour after the tests'
// clock stands: the trainer holds it, and the employee has a seat.
func (s *site) today() (day int64) {
	s.t.Helper()
	return s.id(`SELECT id FROM course_day WHERE day = '2026-11-23'`)
}

var (
	pictured = regexp.MustCompile(`<title>https://yrkesresan\.example\.org(/check-in/[^<]+)</title>`)
	sixSigns = regexp.MustCompile(`screen-code">(\d{3}) (\d{3})<`)
	hidden   = regexp.MustCompile(`name="code" value="([^"]+)"`)
)

func find(t *testing.T, pattern *regexp.Regexp, in string) string {
	t.Helper()
	found := pattern.FindStringSubmatch(in)
	if found == nil {
		t.Fatalf("no %s in\n%s", pattern, in)
	}
	return strings.Join(found[1:], "")
}

func TestAParticipantChecksInByTheScreen(t *testing.T) {
	s := newSite(t)
	day := s.today()
	teaches, me := s.as(teacher), s.as("medarbetare@example.org")
	screen := teaches.get(path("/days/%d/screen", day))
	screen.wants(t, http.StatusOK, "Rikta kameran mot bilden", "yrkesresan.example.org/check-in", "0 av ", `<noscript><meta http-equiv="refresh" content="20"`)
	picture := teaches.get(path("/days/%d/code.svg", day))
	if picture.header.Get("Content-Type") != "image/svg+xml" || picture.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the picture comes with %v", picture.header)
	}
	scanned := find(t, pictured, picture.body)

	t.Run("who is not signed in comes back after signing in", func(t *testing.T) {
		a := s.nobody().get(scanned)
		to, err := url.Parse(a.location)
		if err != nil || a.status != http.StatusSeeOther || to.Path != "/sign-in" {
			t.Fatalf("sent to %s", a.location)
		}
		next := to.Query().Get("next")
		if !strings.HasPrefix(next, path("/check-in/%d/", day)) || next == scanned {
			t.Errorf("comes back to %s", next)
		}
		me.get(next).wants(t, http.StatusOK, "Jag är här", find(t, hidden, me.get(next).body))
	})
	t.Run("a code that is none", func(t *testing.T) {
		for _, wrong := range []string{path("/check-in/%d/AAAAAAAAAAAAAAAAAAAA", day), "/check-in/999999/AAAA", path("/check-in/%d/zz.AAAA", day)} {
			s.nobody().get(wrong).wants(t, http.StatusConflict, "Koden gäller inte längre", "Rikta kameran mot skärmen igen")
		}
		s.nobody().get("/check-in/x/AAAA").wants(t, http.StatusNotFound)
	})
	t.Run("who has no seat is told what to do", func(t *testing.T) {
		other := s.as("chef@example.org")
		other.get(scanned).wants(t, http.StatusConflict, "Du har ingen plats i den här kursomgången", "Säg till utbildaren i lokalen")
		other.get("/check-in").wants(t, http.StatusOK, "Du har ingen kursdag i dag")
		other.post("/check-in", url.Values{"code": {"123456"}}).wants(t, http.StatusConflict, "Du har ingen kursdag i dag")
	})
	t.Run("the start of one's courses leads to it", func(t *testing.T) {
		me.get("/my/journey").wants(t, http.StatusOK, `href="/check-in"`)
	})
	t.Run("a typed code that is wrong or missing", func(t *testing.T) {
		me.get("/check-in").wants(t, http.StatusOK, "Inte incheckad än", "Sex siffror")
		me.post("/check-in", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Skriv koden som står på skärmen", `href="#f-code"`)
		me.post("/check-in", url.Values{"code": {"12345"}}).wants(t, http.StatusConflict, "Koden stämmer inte", `value="12345"`)
	})
	t.Run("the scanned code, and the button", func(t *testing.T) {
		course := "/courses/" + s.text(path("SELECT c.slug FROM course AS c JOIN round AS r ON r.course_id = c.id JOIN course_day AS d ON d.round_id = r.id WHERE d.id = %d", day))
		me.get(course).wants(t, http.StatusOK, "I dag är det kursdag")
		page := me.get(scanned)
		page.wants(t, http.StatusOK, "Jag är här")
		a := me.post(path("/check-in/%d", day), url.Values{"code": {find(t, hidden, page.body)}})
		if a.status != http.StatusSeeOther || a.location != "/check-in" {
			t.Fatalf("status %d, to %s", a.status, a.location)
		}
		checked := me.get("/check-in")
		checked.wants(t, http.StatusOK, "Du är incheckad på", "Du är incheckad sedan")
		checked.lacks(t, "Jag är här")
		me.get(course).lacks(t, "I dag är det kursdag") // it says what comes next
		if a := me.get(scanned); a.location != "/check-in" {
			t.Errorf("scanning again leads to %q", a.location)
		}
	})
	t.Run("the trainer sees it and their word counts", func(t *testing.T) {
		teaches.get(path("/days/%d/screen", day)).wants(t, http.StatusOK, "1 av ")
		page := teaches.get(path("/days/%d/attendance", day))
		page.wants(t, http.StatusOK, "checkade in själv", "data-own", "data-live", "Visa incheckning på skärm")
		if n := strings.Count(page.body, `value="present" checked`); n != 1 {
			t.Errorf("%d are present", n)
		}
		form := s.allThere(day)
		mine := s.id(`SELECT n.id FROM enrolment AS n JOIN course_day AS d ON d.round_id = n.round_id JOIN person AS p ON p.id = n.person_id
			WHERE d.id = $1 AND p.email = 'medarbetare@example.org'`, day)
		form.Set(path("mark_%d", mine), "absent")
		teaches.post(path("/days/%d/attendance", day), form)
		me.get("/check-in").wants(t, http.StatusOK, "Utbildaren har markerat dig: Frånvarande")
	})
}

func TestATypedCodeIsStoppedAfterFiveGuesses(t *testing.T) {
	s := newSite(t)
	day := s.today()
	code := find(t, sixSigns, s.as(teacher).get(path("/days/%d/screen", day)).body)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	me := s.as("medarbetare@example.org")
	for range 5 {
		me.post("/check-in", url.Values{"code": {wrong}}).wants(t, http.StatusConflict, "Koden stämmer inte")
	}
	me.post("/check-in", url.Values{"code": {code}}).wants(t, http.StatusTooManyRequests, "För många fel koder")
}

func TestTheScreenSaysWhenCheckInIsClosed(t *testing.T) {
	s := newSite(t)
	ahead := s.id(`SELECT MIN(d.id) FROM course_day AS d JOIN round AS r ON r.id = d.round_id JOIN organisation AS o ON o.id = r.region_id
		WHERE o.slug = 'dalarna' AND r.cancelled_at IS NULL AND d.day > '2026-11-23'`)
	for day, says := range map[int64]string{ahead: "Incheckningen öppnar", s.dueDay(): "Incheckningen är stängd"} {
		a := s.as(regional).get(path("/days/%d/screen", day))
		a.wants(t, http.StatusOK, says)
		a.lacks(t, "code.svg")
	}
}

// send is what the list's script sends.
func (v *visitor) send(day int64, body any) (int, map[string]any) {
	v.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path("/days/%d/marks", day), strings.NewReader(string(text)))
	r.Header.Set("Content-Type", "application/json")
	a := v.do(r)
	answer := map[string]any{}
	if err := json.Unmarshal([]byte(a.body), &answer); err != nil {
		v.t.Fatalf("status %d: %v\n%s", a.status, err, a.body)
	}
	return a.status, answer
}

func TestMarksAreSentByTheListsScript(t *testing.T) {
	s := newSite(t)
	day := s.today()
	seats := s.seats(day)
	person := s.id(`SELECT id FROM person WHERE email = $1`, teacher)
	v := s.as(teacher)
	type obj = map[string]any
	marks := func(all ...obj) obj { return obj{"person": person, "sent": 1_000_000, "marks": all} }
	one := obj{"key": "k1", "enrolment": seats[0], "mark": "late", "reason": "Tåget", "at": 1_000_000 - 60_000}
	for _, c := range []struct {
		name   string
		who    *visitor
		day    int64
		body   any
		status int
		says   string
	}{
		{"who is signed out is told so", s.nobody(), day, marks(one), http.StatusUnauthorized, "Du är utloggad"},
		{"another person does not send them as theirs", s.as(regional), day, marks(one), http.StatusForbidden, "Du är utloggad"},
		{"nonsense", v, day, "x", http.StatusBadRequest, "gick inte att läsa"},
		{"a day that is not theirs", v, 999999, marks(one), http.StatusNotFound, "Sidan finns inte"},
		{"each mark has its answer", v, day, marks(one, obj{"key": "k2", "enrolment": 999999, "mark": "present"}), http.StatusOK, "ingen plats i kursomgången längre"},
		{"five hundred at a time", v, day, marks(slices.Repeat([]obj{{"key": ""}}, 500)...), http.StatusOK, "refused"},
		{"one more is too many", v, day, marks(slices.Repeat([]obj{{"key": ""}}, 501)...), http.StatusBadRequest, "gick inte att läsa"},
		{"sent again it is the same", v, day, marks(one), http.StatusOK, "saved"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, answer := c.who.send(c.day, c.body)
			if status != c.status || !strings.Contains(fmt.Sprint(answer), c.says) {
				t.Errorf("status %d: %v", status, answer)
			}
		})
	}
	at := clock.Instant(s.id(`SELECT marked_at FROM attendance WHERE enrolment_id = $1 AND mark = 'late' AND reason = 'Tåget' AND source = 'trainer' AND marked_by = $2`, seats[0], person))
	if demoNow-at != 60_000_000 {
		t.Errorf("it was made %d µs before it came", demoNow-at)
	}
	if n := s.id(`SELECT COUNT(*) FROM mark_receipt`); n != 1 {
		t.Errorf("%d receipts", n)
	}
}
