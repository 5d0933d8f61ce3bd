package yrkesresan_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDependenciesAreExplained asks for a line in docs/dependencies.md about
// each module that the code imports.
func TestDependenciesAreExplained(t *testing.T) {
	text, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	var explained []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllSubmatch(text, -1) {
		explained = append(explained, string(row[1]))
	}
	for _, p := range listPackages(t) {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			host, _, _ := strings.Cut(imported, "/")
			if strings.Contains(host, ".") && !within(imported, explained) {
				t.Errorf("%s imports %s, which has no line in docs/dependencies.md: say why it is worth having", p.ImportPath, imported)
			}
		}
	}
}

// TestDecisionsAreListed keeps the list of decisions whole.
func TestDecisionsAreListed(t *testing.T) {
	list, err := os.ReadFile("docs/decisions/README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 2 {
		t.Fatal("no decision was found")
	}
	for _, page := range pages {
		name := filepath.Base(page)
		if name != "README.md" && !strings.Contains(string(list), "]("+name+")") {
			t.Errorf("%s has no line in docs/decisions/README.md", page)
		}
	}
	for _, link := range regexp.MustCompile(`\n\| \[[^\]]+\]\(([^)]+)\)`).FindAllSubmatch(list, -1) {
		if !slices.Contains(pages, filepath.Join("docs/decisions", string(link[1]))) {
			t.Errorf("docs/decisions/README.md lists %s, which does not exist", link[1])
		}
	}
}
