package web_test

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/web/visit"
)

// A file that takes long to read is read while its page tells how far that has come.
func TestALargeFileIsReadBehindItsPage(t *testing.T) {
	const imports = "/municipalities/borlange/imports"
	s := newSite(t)
	admin := s.as(workAdmin)
	held := make(chan struct{})
	s.server.Clock = func() clock.Instant { // the reading asks for the time when 500 rows have been read
		if strings.Contains(string(debug.Stack()), "intake.(*Staging)") {
			<-held
		}
		return demoNow
	}
	file := func(more string) string {
		var b strings.Builder
		b.WriteString("Anställningsnummer;Förnamn;Efternamn\r\n")
		for n := range 600 {
			fmt.Fprintf(&b, "%d;Åsa;Öberg%c%c\r\n", 90_000+n, 'a'+n%26, 'a'+n/26)
		}
		return b.String() + more
	}
	send := func(content string) string {
		t.Helper()
		a := admin.bring(imports, part{name: "missing", content: "keep"}, part{name: "file", file: "personal.csv", content: content})
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/imports/") {
			t.Fatalf("reading the file: %d %s %s", a.status, a.location, a.body)
		}
		return a.location
	}
	whole, cut := send(file("")), send(file("90700;Åsa\r\n"))
	admin.get(whole).wants(t, http.StatusOK, "Filen läses.", "Du kan lämna sidan.", "rader lästa", `http-equiv="refresh"`)
	admin.get(imports).wants(t, http.StatusOK, whole, cut, "Läses")
	admin.post(whole+"/removal", nil).wants(t, http.StatusConflict)
	admin.post(whole+"/approval", nil).wants(t, http.StatusConflict)
	close(held)
	until := func(file, word string) answer {
		t.Helper()
		for range 400 {
			if a := admin.get(file); strings.Contains(a.body, word) {
				return a
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatalf("%s never says %q", file, word)
		return answer{}
	}
	until(whole, "Filen har 600 rader").wants(t, http.StatusOK, "Läs in", "Öberg")
	until(cut, "rad 602").wants(t, http.StatusOK, "Inget är sparat", imports, "Kasta filen")
	admin.get(imports).wants(t, http.StatusOK, "Lästes inte", "Väntar på dig")
	if n := s.id(`SELECT COUNT(*) FROM person WHERE family_name LIKE 'Öberg%a'`); n != 0 {
		t.Errorf("%d people came by a file that nobody has approved", n)
	}
	if a := admin.post(cut+"/removal", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.get(cut).wants(t, http.StatusNotFound)

	// A server that was killed tells nothing more.
	if err := s.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE staff_import SET state = 'reading', heard_at = made_at - 60000001, read_rows = 500 WHERE id = (SELECT MAX(id) FROM staff_import)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	broken := admin.get(whole)
	broken.wants(t, http.StatusOK, "Läsningen av filen avbröts", "en gång till")
	broken.lacks(t, `http-equiv="refresh"`)
	admin.get(imports).wants(t, http.StatusOK, "Lästes inte")
	if a := admin.post(whole+"/removal", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
}

// A file of staff or of earlier years may be larger than what is typed into any form.
func TestAFileMayBeLargerThanAForm(t *testing.T) {
	s := newSite(t)
	large := "Anställningsnummer;Förnamn;Efternamn;Anteckning\r\n" + strings.Repeat("90001;Li;Wu;"+strings.Repeat("lång ", 2000)+"\r\n", 200)
	staff := part{name: "file", file: "personal.csv", content: large}
	if len(large) < 3*visit.MaxForm/2 {
		t.Fatal("the file is not large")
	}
	a := s.as(workAdmin).bring("/municipalities/borlange/imports", part{name: "missing", content: "keep"}, part{name: "means:Anteckning", content: "-"}, staff)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/imports/") {
		t.Errorf("a file of staff: %d %s", a.status, a.body)
	}
	earlier := s.as("regional@example.org").bring("/regions/dalarna/history/imports", staff)
	earlier.wants(t, http.StatusUnprocessableEntity, "rubrik")
	earlier.lacks(t, "för stor")
}
