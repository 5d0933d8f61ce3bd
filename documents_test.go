package yrkesresan_test

import (
	"os"
	"os/exec"
	"path"
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

// TestGoModTellsDirectFromIndirect keeps "// indirect" true, so that
// `make outdated` asks after exactly what the code imports.
func TestGoModTellsDirectFromIndirect(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	indirect := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+) v\S+( // indirect)?$`).FindAllSubmatch(text, -1) {
		indirect[string(line[1])] = len(line[2]) > 0
	}
	imported := map[string]bool{}
	for _, p := range listPackages(t) {
		for _, name := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			// A module may lie inside another: the longest name is the one.
			for ; name != "."; name = path.Dir(name) {
				if _, required := indirect[name]; required {
					imported[name] = true
					break
				}
			}
		}
	}
	if len(indirect) < 20 || len(imported) < 20 {
		t.Fatalf("only %d modules and %d imported ones were found", len(indirect), len(imported))
	}
	for module, isIndirect := range indirect {
		if isIndirect == imported[module] {
			t.Errorf("go.mod has %s as indirect: %t, but the code imports it: %t; run go mod tidy", module, isIndirect, imported[module])
		}
	}
}

// TestSQLiteHasItsOwnLibc holds modernc.org/libc at the version that SQLite was
// translated against: another one builds, and may crash at run time.
func TestSQLiteHasItsOwnLibc(t *testing.T) {
	output, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := libc(t, strings.TrimSpace(string(output)))
	if got := libc(t, "go.mod"); got != want {
		t.Errorf("go.mod has modernc.org/libc at %s, SQLite names %s: see docs/decisions/pinned-versions.md", got, want)
	}
}

// libc is the version of modernc.org/libc in a go.mod.
func libc(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^\tmodernc\.org/libc (v\S+)`).FindSubmatch(text)
	if line == nil {
		t.Fatalf("%s names no modernc.org/libc", file)
	}
	return string(line[1])
}
