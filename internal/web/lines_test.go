package web_test

import (
	"context"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/demo"
	"yrkesresan/internal/file"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
)

var (
	formOf     = regexp.MustCompile(`(?s)<form ([^>]*)>(.*?)</form>`)
	areaOf     = regexp.MustCompile(`<textarea [^>]*name="([^"]*)"`)
	boxOf      = regexp.MustCompile(`<input [^>]*>`)
	nameOf     = regexp.MustCompile(` name="([^"]*)"`)
	typeOf     = regexp.MustCompile(` type="([^"]*)"`)
	actionOf   = regexp.MustCompile(`action="([^"]*)"`)
	formaction = regexp.MustCompile(`<[^<>]*formaction="([^"]*)"[^<>]*>`)
	ourLink    = regexp.MustCompile(`href="(/[^"#]*)"`)
	figuresOf  = regexp.MustCompile(`[0-9]+`)

	// showsOnly are pages that show forms which are sent to nowhere, and files.
	showsOnly = regexp.MustCompile(`^/dev/pages|^/workshop/[^/]+/(preview|editions)|\.(zip|xlsx|csv)$`)
	writtenOf = regexp.MustCompile(`TextareaInput, Name: "([^"]+)"|pair\(ui\.TextareaInput, "([^"]+)"`)
)

// The fields of several lines are those that the route of their form names: each
// role goes from its start to every kind of page, and all forms there are compared.
func TestTheFieldsOfSeveralLinesAreThoseThatTheirRouteNames(t *testing.T) {
	s := newSite(t)
	if err := demo.Load(context.Background(), s.db, s.server.Files, demoNow); err != nil { // the files of its courses
		t.Fatal(err)
	}
	routes := map[string]visit.Route{}
	mux := http.NewServeMux()
	for _, r := range web.Routes(s.server) {
		routes[r.Method+" "+r.Path] = r
		mux.Handle(r.Method+" "+r.Path, http.NotFoundHandler())
	}
	routeOf := func(method, address string) string {
		_, pattern := mux.Handler(httptest.NewRequest(method, address, nil))
		return pattern
	}
	met := map[string]bool{} // fields of several lines, by route
	pages, forms := 0, 0
	check := func(page, body string) {
		for _, form := range formOf.FindAllStringSubmatch(body, -1) {
			method, actions := http.MethodGet, []string{page}
			if strings.Contains(form[1], `method="post"`) {
				method = http.MethodPost
			}
			if at := actionOf.FindStringSubmatch(form[1]); at != nil && at[1] != "" {
				actions[0] = html.UnescapeString(at[1])
			}
			for _, at := range formaction.FindAllStringSubmatch(form[2], -1) {
				if strings.Contains(at[0], `formmethod="get"`) { // what is ticked goes along to another page
					if pattern := routeOf(http.MethodGet, html.UnescapeString(at[1])); pattern == "" {
						t.Errorf("a button of %s leads to %s, which is no route", page, at[1])
					}
					continue
				}
				actions = append(actions, html.UnescapeString(at[1]))
			}
			forms++
			for _, action := range actions {
				action, _, _ = strings.Cut(action, "#")
				pattern := routeOf(method, action)
				route, ok := routes[pattern]
				if !ok {
					t.Errorf("a form of %s is sent to %s %s, which is no route", page, method, action)
					continue
				}
				for _, area := range areaOf.FindAllStringSubmatch(form[2], -1) {
					met[pattern+" "+area[1]] = true
					if !route.HasLines(area[1]) {
						t.Errorf("%s: %s of %s has several lines, and its route does not say so", page, area[1], pattern)
					}
				}
				for _, box := range boxOf.FindAllString(form[2], -1) {
					kind, name := typeOf.FindStringSubmatch(box), nameOf.FindStringSubmatch(box)
					if name != nil && kind != nil && kind[1] == "hidden" {
						met[pattern+" "+name[1]] = true // what stands in it may come from another page
					}
					if name == nil || kind != nil && slices.Contains([]string{"hidden", "checkbox", "radio", "file"}, kind[1]) {
						continue
					}
					if route.HasLines(name[1]) {
						t.Errorf("%s: %s of %s has one line, and its route says several", page, name[1], pattern)
					}
				}
			}
		}
	}
	for _, role := range roles {
		if role.email == "" {
			continue
		}
		v := s.as(role.email)
		ahead := []string{"/"}
		places := placesOf(s, role.name)
		for pattern, r := range routes {
			if r.Method == http.MethodGet && !strings.HasSuffix(pattern, "{$}") {
				ahead = append(ahead, places["own"].fill(r.Path))
			}
		}
		slices.Sort(ahead)
		been, kinds := map[string]bool{}, map[string]int{}
		for len(ahead) > 0 {
			page := ahead[0]
			ahead = ahead[1:]
			at, err := url.Parse(page)
			if err != nil || been[page] {
				continue
			}
			been[page] = true
			// A page's kind is its route, with the names of its place and the query
			// without its numbers.
			pattern := routeOf(http.MethodGet, page)
			kind := pattern + " " + figuresOf.ReplaceAllString(at.RawQuery, "")
			most := 3
			if strings.Contains(pattern, "/{task}") || strings.Contains(pattern, "/{item}") || strings.Contains(pattern, "/{question}") || strings.HasSuffix(pattern, "/copy") {
				most = 12 // each kind of task has a form of its own
			}
			if kinds[kind]++; kinds[kind] > most || kinds[pattern] > 8*most || showsOnly.MatchString(at.Path) || strings.Contains(at.Path, "/media/") {
				continue
			}
			kinds[pattern]++
			a := v.get(page)
			if a.status != http.StatusOK {
				continue
			}
			pages++
			check(page, a.body)
			for _, link := range ourLink.FindAllStringSubmatch(a.body, -1) {
				ahead = append(ahead, html.UnescapeString(link[1]))
			}
		}
	}
	t.Logf("%d forms on %d pages", forms, pages)
	if forms < 1000 {
		t.Errorf("only %d forms were met on %d pages: the walk is broken", forms, pages)
	}
	// Forms that stand on no page of the demo are found in the sources.
	written := areasInSources(t)
	for pattern, r := range routes {
		for _, field := range r.LineFields() {
			stem, any := strings.CutSuffix(field, "*")
			known := slices.ContainsFunc(slices.Collect(maps.Keys(met)), func(m string) bool {
				return m == pattern+" "+field || any && strings.HasPrefix(m, pattern+" "+stem)
			})
			if !known && !written[strings.TrimSuffix(stem, ".")] {
				t.Errorf("%s has no field %s of several lines", pattern, field)
			}
		}
	}
	for name := range written {
		if !slices.ContainsFunc(slices.Collect(maps.Values(routes)), func(r visit.Route) bool { return r.HasLines(name) || r.HasLines(name+".sv") }) {
			t.Errorf("no route says that its field %s has several lines", name)
		}
	}
}

// areasInSources are the names of textareas that stand in the pages' sources.
func areasInSources(t *testing.T) map[string]bool {
	written := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" && filepath.Ext(name) != ".templ" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		for _, m := range writtenOf.FindAllStringSubmatch(string(source), -1) {
			written[m[1]+m[2]] = true
		}
		return err
	})
	if err != nil || len(written) < 10 {
		t.Fatalf("%d names were found: %v", len(written), err)
	}
	return written
}

// What was typed into a form is fit to keep on both engines, whoever typed it, and so
// is what is asked for: NUL is stored by one engine and refused by the other.
func TestNoTextIsTroubleOfOurs(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { textIsFit(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.EmptyPostgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		textIsFit(t, siteOver(t, d))
	})
}

func textIsFit(t *testing.T, s *site) {
	const strange = "\x00\u202eAulan\rSUMMARY:a\x1b A\u030asa \xff"
	const fit = "Aulan SUMMARY:a Åsa \ufffd"
	v := s.as("regional@example.org")
	form := url.Values{"name": {strange}, "address": {"Skolgatan 1\r\nMora"}, "seats": {"40"}, "cost": {"0"}, "accessibility": {"a\nb"}, "back": {"/"}}
	if a := v.post("/regions/dalarna/rooms", form); a.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	var name, address string
	if err := s.db.Reader().QueryRowContext(t.Context(), `SELECT name, address FROM room ORDER BY id DESC`).Scan(&name, &address); err != nil {
		t.Fatal(err)
	}
	if name != fit || address != "Skolgatan 1 Mora" {
		t.Errorf("the room is called %q, at %q", name, address)
	}
	// A form that is refused comes back fit, too.
	form.Set("seats", "many")
	v.post("/regions/dalarna/rooms", form).wants(t, http.StatusUnprocessableEntity, html.EscapeString(fit))

	for _, path := range []string{
		"/search?q=a%00b", "/search?q=%ff", "/people?q=%00&region=%00", "/people?q=a%00", "/rounds?course=%00&q=%00", "/figures?journey=%00",
		"/regions/%00", "/regions/dalarna%00/rooms", "/regions/%ff/figures", "/courses/%00", "/courses/a%0ab", "/certificates/%00", "/certificates?code=%00",
		"/calendar/%00", "/workshop/%00", "/rounds?%00=1", "/sign-in/link?token=%00", "/people?refused=%00", "/municipalities/%00", "/help?q=%00", "/check-in/1/%00",
	} {
		for _, who := range []string{"regional@example.org", "producent@example.org", "nationell@example.org", ""} {
			v := s.nobody()
			if who != "" {
				v = s.as(who)
			}
			if a := v.get(path); a.status >= 500 {
				t.Errorf("%s as %q: status %d", path, who, a.status)
			}
		}
	}
	for _, path := range []string{"/sign-in", "/sign-in/link", "/language", "/session/role"} {
		form := url.Values{"email": {"a\x00@example.org"}, "token": {"\x00"}, "language": {"\x00"}, "back": {"\x00"}, "next": {"/\x00"}, "grant": {"\x00"}}
		if a := s.nobody().post(path, form); a.status >= 500 {
			t.Errorf("POST %s: status %d", path, a.status)
		}
	}
}

// A list in a form has a longest length: nine thousand identities held the only
// writer of SQLite for seconds.
func TestAListInAFormHasALongestLength(t *testing.T) {
	s := newSite(t)
	round := s.id(`SELECT MIN(id) FROM round WHERE published_at IS NOT NULL AND cancelled_at IS NULL AND region_id IS NOT NULL AND signup_until >= '2026-11-23'`)
	before := s.id(`SELECT COUNT(*) FROM interest`)
	var course string
	if err := s.db.Reader().QueryRowContext(t.Context(), `SELECT MIN(slug) FROM course WHERE days > 0`).Scan(&course); err != nil {
		t.Fatal(err)
	}
	people := func(n int) url.Values {
		form := url.Values{}
		for i := range n {
			form.Add("person", fmt.Sprint(10_000_000+i))
		}
		return form
	}
	v := s.as("regional@example.org")
	enrolments := fmt.Sprintf("/rounds/%d/enrolments", round)
	for _, c := range []struct {
		path string
		most int
	}{{enrolments, 500}, {"/courses/" + course + "/interests", 500}, {"/municipalities/falun/rounds", 500}, {"/people", 100}} {
		within, over := v.post(c.path, people(c.most)), v.post(c.path, people(c.most+1))
		says := fmt.Sprintf("Det går att välja högst %d åt gången, och %d är valda.", c.most, c.most+1)
		within.hides(t, says)
		over.wants(t, http.StatusUnprocessableEntity, says)
	}
	if after := s.id(`SELECT COUNT(*) FROM interest`); after != before {
		t.Errorf("%d wishes, %d before", after, before)
	}
	many := url.Values{}
	for i := range visit.MaxFields + 1 {
		many.Set(fmt.Sprint("f", i), "1")
	}
	v.post(enrolments, many).wants(t, http.StatusUnprocessableEntity, "fler fält")
}
