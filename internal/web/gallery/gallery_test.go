package gallery

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/i18n"
	"yrkesresan/internal/web/ui"
)

func frame(l *i18n.Lang) ui.Frame {
	return ui.Frame{
		Lang: l, Title: "Komponenter", Path: "/dev/pages?term=ht", Demo: true, Search: "/search", Organisation: "RSS Dalarna", Today: day,
		Nav:    []ui.NavItem{{Label: "Start", Href: "/", Current: true}, {Label: "Pott", Href: "/pot"}},
		Crumbs: []ui.Crumb{{Label: "Sverige", Href: "/"}, {Label: "Dalarna"}},
		Person: &ui.Person{Name: "Kerstin Åsa Lindström", Role: "Administratör", Place: "Dalarna", Picker: "/people",
			Roles: []ui.Role{{Label: "Administratör", Place: "Dalarna", Value: "1", Current: true}, {Label: "Utbildare", Place: "Falun", Value: "2"}}},
		Notice: &ui.Notice{Tone: ui.Positive, Text: "Sparat."},
	}
}

var (
	ids    = regexp.MustCompile(` id="([^"]+)"`)
	refs   = regexp.MustCompile(` (?:for|aria-labelledby|aria-describedby|popovertarget|data-opens)="([^"]+)"`)
	inline = regexp.MustCompile(`(?i) (style|on[a-z]+)=|<style|<script(?: defer)?>|javascript:`)
)

func TestTheGalleryIsWellFormedInBothLanguages(t *testing.T) {
	for _, l := range []*i18n.Lang{i18n.Swedish, i18n.English} {
		t.Run(l.Code(), func(t *testing.T) {
			page := render(t, l)
			if strings.Contains(page, "[[") {
				t.Error("a message is missing")
			}
			if found := inline.FindString(page); found != "" {
				t.Errorf("the content security policy would refuse %q", found)
			}
			known := make(map[string]bool)
			for _, m := range ids.FindAllStringSubmatch(page, -1) {
				if known[m[1]] {
					t.Errorf("id %q stands twice", m[1])
				}
				known[m[1]] = true
			}
			for _, m := range refs.FindAllStringSubmatch(page, -1) {
				for _, id := range strings.Fields(m[1]) {
					if !known[id] {
						t.Errorf("%s leads to no element", strings.TrimSpace(m[0]))
					}
				}
			}
			if strings.Count(page, "<h1") != 1 || strings.Count(page, "<main") != 1 {
				t.Error("want one heading and one main part")
			}
		})
	}
}

func render(t *testing.T, l *i18n.Lang) string {
	t.Helper()
	var b strings.Builder
	if err := Page(frame(l)).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func BenchmarkTable(b *testing.B) {
	t := rounds()
	rows := t.Rows
	for len(t.Rows) < 100 {
		t.Rows = append(t.Rows, rows...)
	}
	for b.Loop() {
		var out strings.Builder
		if err := t.View(i18n.Swedish).Render(context.Background(), &out); err != nil {
			b.Fatal(err)
		}
	}
}
