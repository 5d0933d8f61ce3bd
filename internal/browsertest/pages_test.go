package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pictures is the environment variable with a folder to write a picture of
// every page to, for people to look at.
const pictures = "YRKESRESAN_PICTURES"

var personas = []string{
	"medarbetare", "chef", "utbildare", "kommunadministrator", "regional", "styrgrupp",
	"producent", "nationell", "socialstyrelsen", "drift",
}

// perKind is how many pages of one kind are opened in each role: pages of the
// same kind differ in their rows only.
const perKind = 1

// arranging are the parameters that only arrange what a page shows.
var arranging = map[string]bool{"sort": true, "page": true, "day": true}

var (
	number = regexp.MustCompile(`[0-9]+`)
	slug   = regexp.MustCompile(`/(regions|municipalities|courses|evaluations|tasks|preview)/[a-z0-9-]+|/(workshop)/[a-z0-9]+-[a-z0-9-]+`)
)

// kind is what pages that differ only in what they are about have in common.
func kind(path string) string {
	path, query, _ := strings.Cut(path, "?")
	var names []string
	for _, pair := range strings.Split(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); name != "" && !arranging[name] {
			names = append(names, name)
		}
	}
	return slug.ReplaceAllString(number.ReplaceAllString(path, "N"), "/$1$2/X") + "?" + strings.Join(names, "&")
}

// Every page that a role can reach by links is opened on a phone and on a
// desktop, light and dark: axe-core finds nothing, nothing is wider than the
// window, and no message is missing.
func TestEveryPageOfEveryRoleIsAccessible(t *testing.T) {
	site := demoSite(t, sqlite(t))
	folder := os.Getenv(pictures)
	for _, persona := range append([]string{""}, personas...) {
		t.Run("as "+persona, func(t *testing.T) {
			b := Open(t)
			queue := []string{"/sign-in", "/help", "/demo", "/dev/pages"}
			if persona != "" {
				b.signIn(site, persona+"@example.org")
				queue = []string{"/"}
			}
			seen, kinds := map[string]bool{}, map[string]int{}
			for n := 0; len(queue) > 0; n++ {
				path := queue[0]
				queue = queue[1:]
				if seen[path] || kinds[kind(path)] >= perKind || download(path) {
					continue
				}
				seen[path] = true
				kinds[kind(path)]++
				for _, window := range []struct {
					name   string
					width  int64
					height int64
					scheme string
				}{{"phone", 320, 640, "dark"}, {"desktop", 1280, 800, "light"}} {
					b.Size(window.width, window.height)
					b.Scheme(window.scheme)
					b.Visit(site + path)
					for _, problem := range b.Problems() {
						t.Errorf("%s on a %s: %s", path, window.name, problem)
					}
					if folder != "" {
						name := fmt.Sprintf("%s-%02d-%s-%s.png", persona, n, strings.Trim(strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "-").Replace(path), "_"), window.name)
						b.Screenshot(filepath.Join(folder, name))
					}
				}
				queue = append(queue, b.Links()...)
			}
			t.Logf("%d pages", len(seen))
		})
	}
}

func download(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.Contains(filepath.Base(path), ".") || strings.HasPrefix(path, "/material/")
}
