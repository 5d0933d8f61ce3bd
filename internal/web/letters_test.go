package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// hasSeats is a round of Dalarna to come with participants.
const hasSeats = inDalarna + `r.cancelled_at IS NULL AND r.published_at IS NOT NULL AND r.first_day > '2026-11-24' AND EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)`

func TestALetterIsWrittenPreviewedAndSentOnce(t *testing.T) {
	s := newSite(t)
	v := s.as(regional)
	id := s.roundWhere(hasSeats)
	letters := path("/rounds/%d/letters", id)
	n := s.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, id)
	form := url.Values{"audience": {"participants"}, "subject": {"Hej {förnamn}"}, "body": {"Kom till {plats}."}, "key": {"en-nyckel-av-formulär"}}

	wrong := url.Values{"audience": {"participants"}, "subject": {"Hej"}, "body": {"Kom till {platsen}."}}
	v.post(letters+"/preview", wrong).wants(t, http.StatusUnprocessableEntity, "{platsen} är ingen platshållare", "Kom till {platsen}.")
	v.post(letters+"/preview", form).wants(t, http.StatusOK, fmt.Sprintf("%d personer får brevet", n), "Så läser ", fmt.Sprintf("Skicka till %d personer", n))

	before := s.id(`SELECT COUNT(*) FROM round_letter_recipient`)
	for range 2 {
		if a := v.post(letters, form); a.status != http.StatusSeeOther || a.location != letters {
			t.Errorf("status %d to %s", a.status, a.location)
		}
	}
	if got := s.id(`SELECT COUNT(*) FROM round_letter_recipient`) - before; got != n {
		t.Errorf("%d letters were written, want %d", got, n)
	}
	v.get(letters).wants(t, http.StatusOK, "Brevet var redan skickat", "Väntar på att skickas")
	letter := s.id(`SELECT MAX(id) FROM round_letter`)
	v.get(path("%s/%d", letters, letter)).wants(t, http.StatusOK, "Vem som fick vad", "Kom till ")
	if err := s.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `
			UPDATE round_letter_recipient
			SET failed_at = 1, failure = '550 5.1.1'
			WHERE letter_id = $1
			AND person_id = (SELECT MIN(person_id) FROM round_letter_recipient WHERE letter_id = $1)`, letter)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	v.get(path("%s/%d", letters, letter)).wants(t, http.StatusOK, "1 person fick inte brevet", "Adressen finns inte (550 5.1.1)", `href="/people/`)
	if a := v.post(path("%s/%d/resending", letters, letter), nil); a.status != http.StatusSeeOther {
		t.Errorf("sending again: status %d", a.status)
	}
	v.get(path("%s/%d", letters, letter)).lacks(t, "fick inte brevet")
	v.post(path("/rounds/%d/material-day", id), url.Values{"send_on": {"2099-01-01"}}).wants(t, http.StatusUnprocessableEntity, "2099-01-01")
	if err := s.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE round_letter SET audience = 'person' WHERE id = $1`, letter)
		if err == nil {
			_, err = db.Exec(t.Context(), tx, `DELETE FROM round_letter_recipient WHERE letter_id = $1
				AND person_id > (SELECT MIN(person_id) FROM round_letter_recipient WHERE letter_id = $1)`, letter)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	v.get(letters).wants(t, http.StatusOK, s.text(`SELECT p.given_name || ' ' || p.family_name FROM round_letter_recipient AS r JOIN person AS p ON p.id = r.person_id WHERE r.letter_id = $1`, letter))
	if a := v.post(path("/rounds/%d/material-day", id), url.Values{"send_on": {"2026-11-23"}}); a.status != http.StatusSeeOther {
		t.Errorf("status %d", a.status)
	}
}

// upload posts a form with a file.
func (v *visitor) upload(path, name, content string, fields map[string]string) answer {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := w.WriteField(field, value); err != nil {
			v.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

func TestAFileIsAddedReadInPartsAndTakenAway(t *testing.T) {
	s := newSite(t)
	v := s.as("producent@example.org")
	const page = "/courses/bas-1/material"
	content := "%PDF-1.7\n" + strings.Repeat("a", 2<<20) // more than other forms may hold
	fields := map[string]string{"audience": "trainers", "title": "Körschema å ä ö"}
	v.upload(page, "a.svg", "<svg/>", fields).wants(t, http.StatusUnprocessableEntity, "kan inte läggas upp", `value="Körschema å ä ö"`)
	v.upload(page, "a.pdf", "<html>", fields).wants(t, http.StatusUnprocessableEntity, "stämmer inte med dess namn")
	if a := v.upload(page, "Körschema våren.pdf", content, fields); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	v.get(page).wants(t, http.StatusOK, "Körschema å ä ö", "PDF, 2,0")
	id := s.id(`SELECT MAX(id) FROM material`)
	at := path("/material/%d", id)
	a := v.get(at)
	if a.status != http.StatusOK || a.body != content || a.header.Get("Content-Type") != "application/pdf" ||
		a.header.Get("Content-Disposition") != `attachment; filename*=utf-8''K%C3%B6rschema%20v%C3%A5ren.pdf` || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("status %d, %d bytes, %v", a.status, len(a.body), a.header)
	}
	r := httptest.NewRequest(http.MethodGet, at, nil)
	r.Header.Set("Range", "bytes=1-3")
	if a := v.do(r); a.status != http.StatusPartialContent || a.body != "PDF" {
		t.Errorf("a part: status %d, %q", a.status, a.body)
	}
	s.as(employee).get(at).wants(t, http.StatusNotFound)
	if a := v.post(at+"/removal", url.Values{"edition": {"1"}}); a.status != http.StatusSeeOther {
		t.Errorf("status %d", a.status)
	}
	v.get(at).wants(t, http.StatusNotFound)
}

func TestAPrivateCalendarAddressIsMadeReadAndRevoked(t *testing.T) {
	s := newSite(t)
	v := s.as(teacher)
	a := v.post("/my/calendar", url.Values{"region": {""}})
	a.wants(t, http.StatusOK, "kan inte visa den igen")
	address := regexp.MustCompile(`https://yrkesresan\.example\.org(/calendar/[\w-]+\.ics)`).FindStringSubmatch(a.body)
	if address == nil {
		t.Fatal("the page shows no address")
	}
	v.get("/my/calendar").lacks(t, address[1])
	nobody := s.nobody()
	feed := nobody.get(address[1])
	feed.wants(t, http.StatusOK, "BEGIN:VCALENDAR", "TZID:Europe/Stockholm", "END:VCALENDAR")
	r := httptest.NewRequest(http.MethodGet, address[1], nil)
	r.Header.Set("If-None-Match", feed.header.Get("ETag"))
	if again := nobody.do(r); again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("unchanged: status %d", again.status)
	}
	id := s.id(`SELECT MAX(id) FROM calendar_feed`)
	s.as(employee).post(path("/my/calendar/%d/revocation", id), nil).wants(t, http.StatusNotFound)
	v.post(path("/my/calendar/%d/revocation", id), nil)
	nobody.get(address[1]).wants(t, http.StatusNotFound)
}
