package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// perKind is how many addresses of a kind are opened: what they are about decides who
// may see them, so that one is too few.
const perKind = 12

var (
	hrefs  = regexp.MustCompile(`href="(/[^"#]*)`)
	digits = regexp.MustCompile(`[0-9]+`)
)

// No page leads to one that its visitor may not open or that is not there: every role
// follows the links of its own pages.
func TestNoLinkIsRefused(t *testing.T) {
	s := withFiles(t)
	for _, who := range s.server.Personas {
		t.Run(string(who.Role), func(t *testing.T) {
			v := s.as(who.Email)
			type link struct{ to, on string }
			queue, met, kinds := []link{{to: "/"}, {to: "/search?q=samtal"}}, map[string]bool{}, map[string]int{}
			opened := 0
			for ; len(queue) > 0; queue = queue[1:] {
				at := queue[0]
				path, _, _ := strings.Cut(at.to, "?")
				kind := digits.ReplaceAllString(path, "N")
				if kinds[kind]++; kinds[kind] > perKind {
					continue
				}
				opened++
				a := v.get(at.to)
				switch {
				case a.status >= http.StatusBadRequest:
					t.Errorf("%s leads to %s, which answers %d", at.on, at.to, a.status)
				case strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && strings.Contains(a.body, "[["):
					t.Errorf("%s lacks a message", at.to)
				}
				for _, found := range hrefs.FindAllStringSubmatch(a.body, -1) {
					to := html.UnescapeString(found[1])
					if !met[to] && !strings.HasPrefix(to, "/assets/") {
						met[to] = true
						queue = append(queue, link{to, at.to})
					}
				}
			}
			if opened < 20 {
				t.Errorf("only %d pages were opened", opened)
			}
			t.Logf("%d pages of %d kinds", opened, len(kinds))
		})
	}
}
