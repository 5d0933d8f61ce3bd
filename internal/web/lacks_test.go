package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/file"
)

// number is what the pattern's group finds in the page; -1 for nothing.
func number(page, pattern string) int {
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		return -1
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return -1
	}
	return n
}

// TestThePagesAgreeOnWhoLacksACourse signs up some of a manager's staff, and
// compares what the pages say of every course.
func TestThePagesAgreeOnWhoLacksACourse(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { pagesAgree(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.Postgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		pagesAgree(t, siteOver(t, d))
	})
}

func pagesAgree(t *testing.T, s *site) {
	t.Helper()
	chef := s.as(manager)
	open := s.comingRound("samtal-och-delaktighet")
	picked := chef.get(fmt.Sprintf("/rounds/%d/signup", open))
	var some []string
	for _, m := range regexp.MustCompile(`name="person"[^>]*value="(\d+)"`).FindAllStringSubmatch(picked.body, 2) {
		some = append(some, m[1])
	}
	if a := chef.post(fmt.Sprintf("/rounds/%d/enrolments", open), url.Values{"person": some}); len(some) != 2 || a.status != http.StatusSeeOther {
		t.Fatalf("%d of two are signed up with %d", len(some), a.status)
	}
	whole, _, _ := strings.Cut(chef.get("/my/staff").body, `id="coming"`)
	courses := regexp.MustCompile(`<option value="(\d+)"`).FindAllStringSubmatch(whole[strings.Index(whole, `name="course"`):], -1)
	compared, booked := 0, 0
	for _, c := range courses {
		address := "/my/staff?missing=1&course=" + c[1]
		page, _, _ := strings.Cut(chef.get(address).body, `id="coming"`)
		said := number(page, `(\d+) medarbetare saknar`)
		rows := strings.Count(page[strings.Index(page, "<tbody"):strings.Index(page, "</tbody>")], `<th scope="row"`)
		if said != rows {
			t.Errorf("%s says %d and lists %d", address, said, rows)
		}
		of := `saknar [^<]*varav (\d+) är bokad`
		booked += max(0, number(page, of))
		link := regexp.MustCompile(`/rounds/\d+/signup\?[^"]*`).FindString(page)
		if link == "" {
			continue
		}
		list := chef.get(strings.ReplaceAll(link, "&amp;", "&"))
		offered := number(list.body, `(\d+) person(?:er)? saknar kursen`)
		boxes := strings.Count(list.body, `name="person"`)
		if offered != said || boxes != said {
			t.Errorf("of course %s %d lack it, and %s says %d and offers %d", c[1], said, link, offered, boxes)
		}
		if number(page, of) != number(list.body, of) {
			t.Errorf("of course %s the pages differ in who is booked", c[1])
		}
		compared++
	}
	if compared == 0 || booked < 2 {
		t.Errorf("%d courses are compared, in which %d are booked", compared, booked)
	}

	// What somebody lacks is as many tags as their row has.
	tags := regexp.MustCompile(`class="tag[ "]`)
	for _, row := range strings.Split(whole[strings.Index(whole, "<tbody"):strings.Index(whole, "</tbody>")], "<tr")[1:] {
		if n := number(row, `class="[^"]*num[^"]*"[^>]*>\s*(\d+)`); n != len(tags.FindAllString(row, -1)) {
			t.Errorf("%d are lacked, beside %d tags: %s", n, len(tags.FindAllString(row, -1)), row)
		}
	}

	// The municipality's pages say the same of a course.
	admin := s.as(municipal)
	course := admin.get("/municipalities/borlange/courses/bas-3").body
	lack := number(course, `(\d+) medarbetare saknar`)
	list := admin.get("/municipalities/borlange/staff?course=" + s.course("bas-3")).body
	if n := number(list, `(\d+) medarbetare saknar`); n != lack || lack <= 0 {
		t.Errorf("the course page says that %d lack BAS 3, the list %d", lack, n)
	}
	tabs := admin.get("/municipalities/borlange/courses/bas-3?seat=none").body
	table := admin.get("/municipalities/borlange/courses").body
	without := regexp.MustCompile(`bas-3\?seat=none#missing"[^>]*>\s*(\d+)`)
	if m := without.FindStringSubmatch(table); m == nil || !strings.Contains(tabs, m[1]) {
		t.Errorf("the overview links %v to those without a seat", m)
	}
}
