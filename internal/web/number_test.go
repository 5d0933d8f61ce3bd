package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAPersonalNumberAfterACoordinationNumberIsLinkedOnThePage(t *testing.T) {
	s := newSite(t)
	admin := s.as(workAdmin)
	send := func(rows string) (address string) {
		t.Helper()
		a := admin.bring("/municipalities/borlange/imports", part{name: "missing", content: "keep"},
			part{name: "file", file: "personal.csv", content: "Anställningsnummer;Förnamn;Efternamn;Personnummer\r\n" + rows})
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/imports/") {
			t.Fatalf("reading the file: %d %s %s", a.status, a.location, a.body)
		}
		return a.location
	}
	first := send("90001;Li;Wu;701063-2391\r\n")
	if a := admin.post(first+"/approval", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	second := send("90001;Li;Wu;19701003-2394\r\n90002;Fel;Siffra;850709-9806\r\n")
	page := admin.get(second + "?rows=hold")
	page.wants(t, http.StatusOK, "samma persons nya nummer", "Ja, det är samma person", second+"/numbers")
	page.lacks(t, "19701003", "2394")
	wrong := admin.get(second + "?rows=reject")
	wrong.wants(t, http.StatusOK, "kontrollsiffran")
	wrong.lacks(t, "9806")
	admin.post(second+"/numbers", url.Values{"line": {"3"}}).wants(t, http.StatusConflict, "inget att svara på")
	if a := admin.post(second+"/numbers", url.Values{"line": {"2"}}); a.status != http.StatusSeeOther || a.location != second {
		t.Fatal(a.status, a.location)
	}
	admin.get(second).lacks(t, "Ja, det är samma person")
	if n := s.id(`SELECT COUNT(*) FROM personal_number`); n != 2 {
		t.Errorf("%d marks, want 2", n)
	}
	admin.get("/municipalities/borlange/imports").wants(t, http.StatusOK, "Personnummer", "Numret sparas inte")
}
