package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"yrkesresan/internal/learning"
)

// utf16be is how a PDF writes the words of its title.
func utf16be(words string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune(words)) {
		b.WriteByte(byte(unit >> 8))
		b.WriteByte(byte(unit))
	}
	return b.String()
}

// TestACertificateIsTakenAlong prints, saves and shares a certificate, for whoever holds
// it, as long as it is valid.
func TestACertificateIsTakenAlong(t *testing.T) {
	s := newSite(t)
	completion := s.id(`SELECT MIN(c.id) FROM completion AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = $1 AND c.revoked_at IS NULL`, employee)
	page := s.as(employee).get(path("/completions/%d/certificate", completion)).location
	code := learning.ReadCode(strings.TrimPrefix(page, "/certificates/"))
	if code == "" {
		t.Fatalf("the certificate is at %q", page)
	}

	t.Run("the page has the file, the address without script, and buttons that are not printed", func(t *testing.T) {
		a := s.nobody().get(page)
		a.comes(t, `<article class="certificate`, "</article>", `class="no-print"`, page+"/intyg.pdf", "Spara som PDF", "data-print hidden", "Skriv ut",
			`value="https://yrkesresan.example.org`+page+`"`, "data-copy=", `data-share="Dela"`, "</section>")
	})
	t.Run("the file says whose it is, and leads to where it is checked", func(t *testing.T) {
		for _, test := range []struct{ lang, title string }{{"sv", "Intyg: Linnea Tallstig, "}, {"en", "Certificate: Linnea Tallstig, "}} {
			v := s.nobody()
			v.post("/language", url.Values{"lang": {test.lang}})
			a := v.get(page + "/intyg.pdf")
			if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.Contains(a.header.Get("Content-Disposition"), "intyg.pdf") ||
				a.header.Get("X-Robots-Tag") != "noindex" {
				t.Fatalf("status %d, %v", a.status, a.header)
			}
			for what, words := range map[string]string{
				"its kind": "%PDF-", "its end": "%%EOF", "its title": utf16be(test.title), "its language": "/Lang (" + test.lang + ")",
				"the link to its page": "/URI (https://yrkesresan.example.org/certificates/" + learning.FormatCode(code) + ")",
			} {
				if !strings.Contains(a.body, words) {
					t.Errorf("in %s the file lacks %s", test.lang, what)
				}
			}
			if len(a.body) < 10_000 || len(a.body) > 400_000 {
				t.Errorf("the file has %d bytes: are the fonts in it?", len(a.body))
			}
		}
	})
	t.Run("of one that holds no more there is no file", func(t *testing.T) {
		s.revoked(completion)
		a := s.nobody().get(page)
		a.wants(t, http.StatusOK, `class="certificate revoked"`)
		a.lacks(t, "intyg.pdf", "data-share")
		if a := s.nobody().get(page + "/intyg.pdf"); a.status != http.StatusNotFound {
			t.Errorf("status %d", a.status)
		}
	})
}
