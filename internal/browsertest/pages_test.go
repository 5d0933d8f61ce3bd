package browsertest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/db"
)

// pictures is the environment variable with a folder to write a picture of
// every page to, for people to look at.
const pictures = "YRKESRESAN_PICTURES"

var personas = []string{
	"medarbetare", "chef", "utbildare", "kommunadministrator", "regional", "styrgrupp",
	"producent", "nationell", "socialstyrelsen", "drift",
}

// everyday are those whose pages make test looks at each for itself, the nobody among
// them. Of the others' it looks at those of a kind that nobody before them has; a sweep
// looks at everybody's.
var everyday = []string{"", "medarbetare", "chef", "utbildare", "producent"}

// sweeping is the environment variable with the number of pages of each kind that a sweep
// opens in each role, in all views (make sweep). Pages of a kind differ in their rows only.
const sweeping = "YRKESRESAN_SWEEP"

// view is how a page is looked at.
type view struct {
	name          string
	width, height int64
	scheme, lang  string
}

var (
	views    = []view{{"phone", 320, 640, "dark", "sv"}, {"desktop", 1280, 800, "light", "en"}}
	allViews = append([]view{{"light phone in English", 320, 640, "light", "en"}, {"dark desktop", 1280, 800, "dark", "sv"}}, views...)
)

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

// Every page that a role can reach by links is opened (see everyday) on a phone and on a desktop, light
// and dark: axe-core finds nothing, nothing is wider than the window, and no message is
// missing. A sweep opens each role's in both languages, and there the HTML is valid and no
// link is refused.
func TestEveryPageOfEveryRoleIsAccessible(t *testing.T) {
	site := demoSite(t, sqlite(t))
	folder, written := os.Getenv(pictures), t.TempDir()
	each, err := strconv.Atoi(cmp.Or(os.Getenv(sweeping), "0"))
	if err != nil {
		t.Fatalf("%s is a number of pages: %v", sweeping, err)
	}
	all := each > 0
	shown, looked := views, map[string]bool{} // the kinds that have been looked at
	if all {
		shown = allViews
	}
	for _, persona := range append(slices.Clone(everyday), slices.DeleteFunc(slices.Clone(personas), func(p string) bool { return slices.Contains(everyday, p) })...) {
		t.Run("as "+persona, func(t *testing.T) {
			b := Open(t)
			b.Visit(site + "/sign-in") // where the language is chosen
			queue := []string{"/sign-in", "/help", "/demo", "/dev/pages"}
			if persona != "" {
				b.signIn(site, persona+"@example.org")
				queue = []string{"/", "/search?q=a", "/search?q=samtal"}
			}
			seen, kinds, followed := map[string]bool{}, map[string]int{}, map[string]bool{}
			for n := 0; len(queue) > 0; n++ {
				path := queue[0]
				queue = queue[1:]
				if seen[path] || kinds[kind(path)] >= max(each, 1) || download(path) {
					continue
				}
				seen[path] = true
				kinds[kind(path)]++
				if !all && !slices.Contains(everyday, persona) && looked[kind(path)] {
					b.Visit(site + path)
					queue = append(queue, b.Links()...)
					continue
				}
				looked[kind(path)] = true
				for _, view := range shown {
					b.Size(view.width, view.height)
					b.Scheme(view.scheme)
					if all {
						b.Speak(view.lang)
					}
					b.Visit(site + path)
					for _, problem := range b.Problems() {
						t.Errorf("%s on a %s: %s", path, view.name, problem)
					}
					name := fmt.Sprintf("%s-%02d-%s-%s", persona, n, strings.Trim(strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "-", "%", "").Replace(path), "_"), view.name)
					if folder != "" {
						b.Screenshot(filepath.Join(folder, name+".png"))
					}
					if err := os.WriteFile(filepath.Join(written, name[:min(len(name), 200)]+".html"), []byte(b.Source()), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				links := b.Links()
				if !all {
					queue = append(queue, links...)
					continue
				}
				for _, refused := range b.Refused(links, followed) {
					t.Errorf("%s has a link that is refused: %s", path, refused)
				}
				queue = append(queue, links...)
			}
			t.Logf("%d pages, %d links", len(seen), len(followed))
		})
	}
	if all {
		for _, wrong := range invalid(t, written) {
			t.Error(wrong)
		}
	}
}

// Names, places and titles are as long as people make them, without a space to break
// them at: a link to a digital meeting has 165 characters. No page scrolls sideways.
func TestNoTextIsTooLongForAPhone(t *testing.T) {
	d := sqlite(t)
	site := demoSite(t, d)
	meeting := "https://teams.example.org/l/meetup-join/" + strings.Repeat("19meetingN2Zj", 10)[:125]
	name := strings.Repeat("Wolfeschlegelstein", 4)[:60]
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, long := range []struct{ change, text string }{
			{`UPDATE course_day SET place = $1`, meeting},
			{`UPDATE trainer_meeting SET place = $1, title = $1`, meeting},
			{`UPDATE round SET note = $1, label = $1 WHERE id % 2 = 0`, meeting},
			{`UPDATE room SET name = $1 || id, address = $1`, name},
			{`UPDATE material SET title = $1`, meeting},
			{`UPDATE employment SET title = $1`, name},
			{`UPDATE person SET family_name = $1 WHERE id % 2 = 0`, name},
			{`UPDATE person SET given_name = $1 WHERE id % 3 = 0 OR email IN ('chef@example.org', 'regional@example.org')`, name},
			{`UPDATE organisation SET name = $1 WHERE kind = 'unit'`, name},
			{`UPDATE course SET name = $1 WHERE id % 2 = 0`, name},
		} {
			if _, err := db.Exec(context.Background(), tx, long.change, long.text); err != nil {
				return fmt.Errorf("%s: %w", long.change, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	who := everyday[1:3]
	if os.Getenv(sweeping) != "" {
		who = personas
	}
	for _, persona := range who {
		t.Run("as "+persona, func(t *testing.T) {
			b := Open(t)
			b.signIn(site, persona+"@example.org")
			seen, queue := map[string]bool{}, []string{"/"}
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				if seen[kind(path)] || download(path) {
					continue
				}
				seen[kind(path)] = true
				b.Size(320, 640)
				b.Visit(site + path)
				if n := b.Overflow(); n > 0 {
					t.Errorf("%s is %d pixels wider than 320 because of %s", path, n, b.widest())
				}
				queue = append(queue, b.Links()...)
			}
			t.Logf("%d pages", len(seen))
		})
	}
}

// invalid is what html-validate finds wrong with the pages in the folder.
func invalid(t *testing.T, folder string) []string {
	t.Helper()
	ctx := context.Background()
	report := filepath.Join(t.TempDir(), "report.json") // a long answer would be cut off
	out, err := exec.CommandContext(ctx, "node", "../../node_modules/html-validate/bin/html-validate.mjs",
		"--config", "testdata/html-validate.json", "--formatter", "json="+report, folder).CombinedOutput()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 1) {
		t.Fatalf("html-validate: %v (make setup installs it): %s", err, out)
	}
	var files []struct {
		FilePath string `json:"filePath"`
		Messages []struct {
			RuleID   string `json:"ruleId"`
			Message  string `json:"message"`
			Selector string `json:"selector"`
			Line     int    `json:"line"`
		} `json:"messages"`
	}
	written, err := os.ReadFile(report)
	if err == nil {
		err = json.Unmarshal(written, &files)
	}
	if err != nil {
		t.Fatalf("html-validate: %v: %.2000s", err, out)
	}
	var wrong []string
	told := map[string]bool{} // a component is on many pages
	for _, f := range files {
		for _, m := range f.Messages {
			if key := m.RuleID + m.Message + number.ReplaceAllString(m.Selector, "N"); !told[key] {
				told[key] = true
				wrong = append(wrong, fmt.Sprintf("%s: line %d: %s: %s\n\t%s", filepath.Base(f.FilePath), m.Line, m.RuleID, m.Message, m.Selector))
			}
		}
	}
	return wrong
}

// The validator finds what it is there for.
func TestInvalidPagesAreFound(t *testing.T) {
	for name, body := range map[string]string{
		"a caption in the middle": `<figure><p>a</p><figcaption>b</figcaption><p>c</p></figure>`,
		"an empty address":        `<form action=""><button type="submit">Send</button></form>`,
		"an identity twice":       `<p id="a">a</p><p id="a">b</p>`,
		"a block in a phrase":     `<p><span><div>a</div></span></p>`,
	} {
		folder := t.TempDir()
		page := `<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>A</title></head><body>` + body + `</body></html>`
		if err := os.WriteFile(filepath.Join(folder, "page.html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(invalid(t, folder)) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}

func download(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.Contains(filepath.Base(path), ".") || strings.HasPrefix(path, "/material/")
}
