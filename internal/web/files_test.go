package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/demo/courses"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/filehost"
)

// What is uploaded is served at an address of its own to whom a page led there, and nothing
// else is.
func TestFilesHaveAnAddressOfTheirOwn(t *testing.T) {
	s := newSite(t)
	const host = "https://filer.example.org"
	s.server.FilesURL = host
	s.handler = web.Handler(s.server)
	folder, err := courses.Folder("bas-3")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalogue.Receive(s.files, folder); err != nil {
		t.Fatal(err)
	}
	edition := s.id(`SELECT MAX(c.edition_id) FROM edition_content AS c JOIN edition AS e ON e.id = c.edition_id JOIN course AS k ON k.id = e.course_id WHERE k.slug = 'bas-3'`)
	path := fmt.Sprintf("/editions/%d/media/", edition)
	v := s.as("medarbetare@example.org")
	there := func(address string, cookies bool) answer {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		if cookies {
			return v.do(r)
		}
		return s.nobody().do(r)
	}
	led := func(name string) string {
		t.Helper()
		a := v.get(path + name)
		to := a.header.Get("Location")
		if a.status != http.StatusSeeOther || !strings.HasPrefix(to, host+"/f/") {
			t.Fatalf("%s leads to %d %q", name, a.status, to)
		}
		return to
	}

	film := led("miljon-gor-skillnad.mp4")
	if again := led("miljon-gor-skillnad.mp4"); again != film {
		t.Error("a browser cannot keep the film: its address changes")
	}
	if a := there(film, false); a.status != http.StatusOK || a.header.Get("Content-Type") != "video/mp4" || !strings.HasSuffix(a.header.Get("Content-Security-Policy"), "sandbox") ||
		a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("the film: %d %v", a.status, a.header)
	}
	if policy := v.get("/courses/bas-3").header.Get("Content-Security-Policy"); !strings.Contains(policy, "media-src 'self' "+host) || !strings.Contains(policy, "script-src") && !strings.Contains(policy, "default-src 'self';") {
		t.Error(policy)
	}
	if a := v.get(path + "miljon-gor-skillnad.sv.vtt"); a.status != http.StatusOK {
		t.Errorf("captions: %d", a.status) // no browser takes them from elsewhere
	}
	if a := there(led("checklista-tillgangligt-mote.pdf?download"), false); !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a download is %q", a.header.Get("Content-Disposition"))
	}

	// What was changed, and what nobody led to, is not there; neither are the pages.
	u, err := url.Parse(film)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimPrefix(u.Path, "/f/"), "/")
	changed := func(at int, to string) string {
		other := append([]string(nil), parts...)
		other[at] = to
		return host + "/f/" + strings.Join(other, "/")
	}
	for name, address := range map[string]string{
		"another file": changed(0, "1"), "another way": changed(1, "attachment"), "for longer": changed(2, "99999999999"), "another mark": changed(3, parts[3][1:]+"A"),
		"no mark": changed(3, ""), "no number": changed(0, "x"), "a page": host + "/", "signing in": host + "/sign-in", "the API": host + "/api/v1/rounds", "an asset": host + "/assets/x/app.js",
	} {
		if a := there(address, true); a.status != http.StatusNotFound || !strings.Contains(a.body, "gäller inte längre") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := s.nobody().get(u.Path); a.status == http.StatusOK {
		t.Error("the pages' own address serves it, too")
	}
	// It holds for six hours at least and seven at most.
	for after, want := range map[time.Duration]int{6 * time.Hour: http.StatusOK, 7 * time.Hour: http.StatusNotFound} {
		later := siteAt(t, s.db, demoNow.Add(after))
		later.server.FilesURL, later.server.Files = host, s.files
		later.handler = web.Handler(later.server)
		if a := later.nobody().do(httptest.NewRequest(http.MethodGet, film, nil)); a.status != want {
			t.Errorf("after %v: %d, want %d", after, a.status, want)
		}
	}
}

func TestTheFilesAddressIsAnotherHosts(t *testing.T) {
	for _, c := range []struct {
		address string
		ok      bool
	}{
		{"", true}, {"https://filer.example.org", true}, {"https://filer.example.org/", true}, {"http://127.0.0.2:8080", true},
		{"https://yrkesresan.example.org", false}, {"https://YRKESRESAN.example.org:8443", false}, {"filer.example.org", false}, {"https://", false},
		{"https://filer.example.org/f", false}, {"https://a@filer.example.org", false}, {"ftp://filer.example.org", false}, {"https://filer.example.org?x", false},
	} {
		if err := filehost.Check(c.address, "https://yrkesresan.example.org"); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.address, err)
		}
	}
}
