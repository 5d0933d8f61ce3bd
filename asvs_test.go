package yrkesresan_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheSecurityTableIsWhole holds that every chapter of the standard has rows, and that each
// row says how it stands and what shows it. That the tests that it names exist is held by
// TestDocumentsNameWhatIsThere.
func TestTheSecurityTableIsWhole(t *testing.T) {
	text, err := os.ReadFile("docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	chapters := regexp.MustCompile(`(?m)^## V(\d+) .+$`).Split(string(text), -1)
	names := regexp.MustCompile(`(?m)^## V(\d+) `).FindAllStringSubmatch(string(text), -1)
	if len(names) != 14 {
		t.Fatalf("%d chapters, want the standard's 14", len(names))
	}
	row := regexp.MustCompile(`(?m)^\| (\d+\.[^|]+) \|([^|]*)\|([^|]*)\|(.*)\|$`)
	states := []string{"held", "does not apply", "whoever runs it", "*not yet*"}
	for i, name := range names {
		if name[1] != fmt.Sprint(i+1) {
			t.Errorf("chapter %s stands where %d belongs", name[1], i+1)
		}
		rows := row.FindAllStringSubmatch(chapters[i+1], -1)
		if len(rows) == 0 {
			t.Errorf("chapter %s has no row", name[1])
		}
		for _, r := range rows {
			state := strings.TrimSpace(r[3])
			known := false
			for _, s := range states {
				known = known || strings.HasPrefix(state, s)
			}
			if !known || strings.TrimSpace(r[2]) == "" {
				t.Errorf("%s: %q is no state, or nothing is asked", r[1], state)
			}
			if strings.HasPrefix(state, "held") && strings.TrimSpace(r[4]) == "" {
				t.Errorf("%s is said to be held, and nothing shows it", r[1])
			}
			for id := range strings.SplitSeq(strings.ReplaceAll(r[1], "–", ", "), ", ") {
				if !strings.HasPrefix(id, name[1]+".") {
					t.Errorf("%s stands in chapter %s", id, name[1])
				}
			}
		}
	}
}
