package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestAFileOfStaffIsUndoneOnItsPage(t *testing.T) {
	s := newSite(t)
	admin := s.as(workAdmin)
	a := admin.bring("/municipalities/borlange/imports", part{name: "missing", content: "keep"},
		part{name: "file", file: "personal.csv", content: "Anställningsnummer;Förnamn;Efternamn;Enhet\r\n90001;Fel;Person;Fel enhet\r\n90002;Annan;Person;Fel enhet\r\n"})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/imports/") {
		t.Fatalf("reading the file: %d %s %s", a.status, a.location, a.body)
	}
	file := a.location
	admin.get(file).lacks(t, file+"/undo")
	admin.get(file+"/undo").wants(t, http.StatusConflict, "kan inte ångras")
	if a := admin.post(file+"/approval", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.get(file).wants(t, http.StatusOK, file+"/undo", "Se vad som händer om du ångrar")
	admin.get(file+"/undo").wants(t, http.StatusOK, "Tas bort", "Fel Person", "Ångra inläsningen")
	if n := s.id(`SELECT COUNT(*) FROM person WHERE family_name = 'Person'`); n != 2 {
		t.Fatalf("looking at it has changed something: %d people", n)
	}
	if a := admin.post(file+"/reversal", nil); a.status != http.StatusSeeOther || a.location != file {
		t.Fatal(a.status, a.location, a.body)
	}
	admin.get(file).wants(t, http.StatusOK, "Ångrad", "Togs bort")
	if n := s.id(`SELECT COUNT(*) FROM person WHERE family_name = 'Person'`) + s.id(`SELECT COUNT(*) FROM organisation WHERE name = 'Fel enhet'`); n != 0 {
		t.Errorf("%d are left", n)
	}
	admin.post(file+"/reversal", nil).wants(t, http.StatusConflict, "kan inte ångras")
}

func TestWhatAHeadingMeansIsAskedOnce(t *testing.T) {
	s := newSite(t)
	admin := s.as(workAdmin)
	const path = "/municipalities/borlange/imports"
	send := func(fields ...part) answer {
		return admin.bring(path, append(fields, part{name: "missing", content: "keep"},
			part{name: "file", file: "personal.csv", content: "Anställningsnummer;Förnamn;Skonummer\r\n90001;Li;42\r\n"})...)
	}
	send().wants(t, http.StatusUnprocessableEntity, "means:Skonummer", "Vad betyder rubriken")
	a := send(part{name: "means:Skonummer", content: "-"})
	if a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.get(a.location).wants(t, http.StatusOK, "Skonummer", "När filen lästes")
	again := send()
	if again.status != http.StatusSeeOther {
		t.Fatal(again.status, again.body)
	}
	admin.get(again.location).wants(t, http.StatusOK, "Skonummer", "För en tidigare fil", path+"#headings-said")
	admin.get(path).wants(t, http.StatusOK, "Rubriker ni har förklarat", "skonummer", "Glöm")
	if a := admin.post(path+"/headings", url.Values{"heading": {"skonummer"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.get(path).lacks(t, "Rubriker ni har förklarat")
	send().wants(t, http.StatusUnprocessableEntity, "Vad betyder rubriken")
}

func TestARowThatWaitsIsDecidedOnThePage(t *testing.T) {
	s := newSite(t)
	admin := s.as(workAdmin)
	send := func(rows string) string {
		t.Helper()
		a := admin.bring("/municipalities/borlange/imports", part{name: "missing", content: "keep"},
			part{name: "file", file: "personal.csv", content: "Anställningsnummer;Förnamn;Efternamn;E-post;Yrke\r\n" + rows})
		if a.status != http.StatusSeeOther {
			t.Fatalf("reading the file: %d %s", a.status, a.body)
		}
		return a.location
	}
	first := send("90001;Li;Wu;li.wu@borlange.example;\r\n")
	if a := admin.post(first+"/approval", nil); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	li := strconv.FormatInt(s.id(`SELECT id FROM person WHERE email = 'li.wu@borlange.example'`), 10)
	second := send("90009;Li;Wu;li.wu@borlange.example;Kock\r\n")
	admin.get(second).wants(t, http.StatusOK, "Ja, det är Li Wu (anst.nr 90001)", "Nej, det är någon ny", second+"/decisions")
	admin.post(second+"/decisions", url.Values{"line": {"2"}, "person": {"1"}}).wants(t, http.StatusConflict, "väntar inte längre")
	if a := admin.post(second+"/decisions", url.Values{"line": {"2"}, "person": {li}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	admin.post(second+"/decisions", url.Values{"line": {"2"}, "person": {"0"}}).wants(t, http.StatusConflict, "väntar inte längre")
	admin.get(second+"?rows=change").wants(t, http.StatusOK, "Avgjort av", "Kock")
}

func TestThePreviewShowsHowTheFileWasRead(t *testing.T) {
	s := newSite(t)
	admin := s.as(workAdmin)
	windows := func(text string) string {
		b, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name, content  string
		wants, doesNot []string
	}{
		{
			"a list from an old spreadsheet", windows("Anställningsnummer;Förnamn;Efternamn;Enhet\r\n90001;Li;Wu;Norr\r\n90002;Åsa;Öberg;Söder\r\n"),
			[]string{"Windows-1252", "semikolon", "Se efter att å, ä och ö är rätt", "Åsa Öberg"}, []string{"Ingen rad som"},
		},
		{"no letter to check", "Anställningsnummer,Förnamn,Efternamn\r\n90003,Li,Wu\r\n", []string{"UTF-8", "komma", "Ingen rad som ändrar något har å, ä eller ö"}, []string{"Se efter att"}},
	} {
		a := admin.bring("/municipalities/borlange/imports", part{name: "missing", content: "keep"}, part{name: "file", file: "personal.csv", content: c.content})
		if a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", c.name, a.status, a.body)
		}
		page := admin.get(a.location)
		page.wants(t, http.StatusOK, c.wants...)
		page.lacks(t, c.doesNot...)
	}
}
