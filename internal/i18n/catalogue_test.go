package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	if len(Swedish.plain) == 0 || len(Swedish.plural) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for _, pair := range [][2]*Lang{{Swedish, English}, {English, Swedish}} {
		l, other := pair[0], pair[1]
		for key, message := range l.plain {
			theirs, ok := other.plain[key]
			if !ok {
				t.Errorf("%s: %s is missing, or counts in one language only", other.code, key)
				continue
			}
			if !slices.Equal(sortedSet(message.names), sortedSet(theirs.names)) {
				t.Errorf("%s: placeholders %v in %s, %v in %s", key, message.names, l.code, theirs.names, other.code)
			}
			if strings.TrimSpace(strings.Join(message.words, "")+strings.Join(message.names, "")) == "" {
				t.Errorf("%s: %s is empty", l.code, key)
			}
		}
		for key, message := range l.plural {
			theirs, ok := other.plural[key]
			if !ok {
				t.Errorf("%s: %s is missing, or does not count", other.code, key)
				continue
			}
			if strings.TrimSpace(message.One) == "" || strings.TrimSpace(message.Other) == "" {
				t.Errorf("%s: %s needs both one and other", l.code, key)
			}
			if a, b := placeholders(message), placeholders(theirs); !slices.Equal(a, b) {
				t.Errorf("%s: placeholders %v in %s, %v in %s", key, a, l.code, b, other.code)
			}
		}
	}
}

func TestMessagesHaveNoBrokenPlaceholder(t *testing.T) {
	for _, l := range []*Lang{Swedish, English} {
		for key, message := range l.plain {
			if rest := strings.Join(message.words, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
				t.Errorf("%s: %s has braces that are no placeholder", l.code, key)
			}
		}
	}
}

func TestEveryMessageStandsInTheFileOfItsArea(t *testing.T) {
	key := regexp.MustCompile(`(?m)^\[?"([^"]+)"\]?\s*(?:=|$)`)
	entries, err := locales.ReadDir("locales")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"sv", "en"} {
		where := make(map[string]string)
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), "."+code+".toml") {
				continue
			}
			raw, err := locales.ReadFile("locales/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllStringSubmatch(string(raw), -1) {
				if first, twice := where[m[1]]; twice {
					t.Errorf("%s stands in both %s and %s", m[1], first, e.Name())
				}
				where[m[1]] = e.Name()
				if area, _, _ := strings.Cut(m[1], "."); e.Name() != area+"."+code+".toml" {
					t.Errorf("%s stands in %s: a message stands in the file that its first word names", m[1], e.Name())
				}
			}
		}
		if l := For(code); len(where) != len(l.plain)+len(l.plural) {
			t.Errorf("%s: start the line of every message with its whole key, \"area.key\" = …: %d lines, %d messages", code, len(where), len(l.plain)+len(l.plural))
		}
	}
}

// The scan knows these ways to name a message.
var (
	asked   = regexp.MustCompile(`(?:\bT|\bHas|fault\.Conflict)\(\s*"([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+)"\s*[,)]`)
	ofFault = regexp.MustCompile(`"(fault\.[a-z0-9_]+)"`)
	built   = regexp.MustCompile(`"([a-z][a-z0-9_]*\.(?:[a-z0-9_.-]*[._-])?)"\s*\+`)
	ending  = regexp.MustCompile(`\+\s*"(_[a-z]+)"`)
	literal = regexp.MustCompile(`"([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+)"`)
)

func TestEveryMessageAskedForExistsAndEveryMessageIsUsed(t *testing.T) {
	used := make(map[string]bool)
	prefixes, endings := make(map[string]bool), make(map[string]bool)
	sources(t, func(file, source string) {
		for _, pattern := range []*regexp.Regexp{asked, ofFault} {
			for _, m := range pattern.FindAllStringSubmatch(source, -1) {
				if !Swedish.Has(m[1]) {
					t.Errorf("%s asks for %s, which the catalogue lacks", file, m[1])
				}
			}
		}
		for _, m := range literal.FindAllStringSubmatch(source, -1) {
			used[m[1]] = true
		}
		for _, m := range built.FindAllStringSubmatch(source, -1) {
			prefixes[m[1]] = true
		}
		for _, m := range ending.FindAllStringSubmatch(source, -1) {
			endings[m[1]] = true
		}
	})
	if len(used) == 0 {
		t.Fatal("found no source to scan")
	}
	for _, key := range slices.Sorted(maps.Keys(all(Swedish))) {
		if used[key] || anyOf(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) ||
			anyOf(endings, func(e string) bool { base, ok := strings.CutSuffix(key, e); return ok && used[base] }) {
			continue
		}
		t.Errorf("nobody uses %s", key)
	}
}

// A message is given what it asks for: a value of another name would show as a
// gap on the page, and only where that message is reached.
func TestEveryMessageIsGivenItsValues(t *testing.T) {
	seen := 0
	sources(t, func(file, source string) {
		if !strings.HasSuffix(file, ".go") {
			return
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || call.Ellipsis != token.NoPos {
				return true
			}
			if method, ok := call.Fun.(*ast.SelectorExpr); !ok || method.Sel.Name != "T" {
				return true
			}
			key, ok := literalText(call.Args[0])
			if !ok || !Swedish.Has(key) {
				return true
			}
			var given []string
			for i := 1; i < len(call.Args); i += 2 {
				name, ok := literalText(call.Args[i])
				if !ok {
					return true
				}
				given = append(given, name)
			}
			seen++
			for _, name := range needed(key) {
				if !slices.Contains(given, name) {
					t.Errorf("%s: %s is not given its %s, only %q", file, key, name, given)
				}
			}
			return true
		})
	})
	if seen == 0 {
		t.Fatal("found no source to scan")
	}
}

// literalText is the value of a literal text.
func literalText(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}

// needed are the names of what the message cannot do without.
func needed(key string) []string {
	if m, counts := Swedish.plural[key]; counts {
		return append(placeholders(m), "Count")
	}
	return Swedish.plain[key].names
}

// sources visits the module's own Go and templ files, without tests and
// without what templ writes.
func sources(t *testing.T, visit func(file, source string)) {
	t.Helper()
	root := "../.."
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && e.Name() != ".." || e.Name() == "node_modules") {
			return filepath.SkipDir
		}
		name := e.Name()
		written := strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go")
		if e.IsDir() || written || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		visit(file, string(source))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func anyOf(set map[string]bool, holds func(string) bool) bool {
	for s := range set {
		if holds(s) {
			return true
		}
	}
	return false
}

func all(l *Lang) map[string]bool {
	keys := make(map[string]bool)
	for key := range l.plain {
		keys[key] = true
	}
	for key := range l.plural {
		keys[key] = true
	}
	return keys
}

func placeholders(m *goi18n.Message) []string {
	return sortedSet(append(cut(m.One).names, cut(m.Other).names...))
}

func sortedSet(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}
