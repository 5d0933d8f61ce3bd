package yrkesresan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// TestDocumentsLinkToWhatIsThere follows every link of a document to another file.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	for _, page := range markdown(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") || m[1] == "other.md" { // other.md stands in the pattern of a decision
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

// TestDocumentsNameWhatIsThere looks up each test and each package.Name or
// Type.Name that a document quotes: a name that was changed in the code is changed
// in the documents, too.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	known := declared(t)
	quoted := regexp.MustCompile("`([^`\n]+)`")
	name := regexp.MustCompile(`^\(?\*?([a-z]{2,}\.[A-Z]\w*(?:\.\w+)?|[A-Z]\w*\.\w+|Test[A-Z]\w+)(?:\(.*\))?$`)
	checked := 0
	for _, page := range markdown(t) {
		if strings.HasPrefix(page, "docs/decisions/") || page == "docs/api.md" || page == "docs/dependencies.md" || strings.Contains(page, "/data/") {
			continue // they speak of other code, too, and of choices as they were made
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			n := name.FindStringSubmatch(m[1])
			if n == nil || !ours(n[1]) {
				continue
			}
			checked++
			if !known[n[1]] {
				t.Errorf("%s names %s, which the code does not have", page, m[1])
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d names were looked up: the test is broken", checked)
	}
}

// ours tells whether the name is one of the code's, and not of a file, a program or
// another library.
func ours(name string) bool {
	first, rest, dotted := strings.Cut(name, ".")
	if !dotted {
		return true
	}
	if slices.Contains([]string{"md", "go", "txt", "js", "css", "sql", "csv", "mod", "sum", "json", "toml", "yml", "templ", "sh", "org", "db", "zip", "xlsx", "ics", "svg"}, rest) {
		return false
	}
	return !slices.Contains([]string{"html", "http", "sql", "time", "os", "context", "errors", "README", "DEVELOPERS"}, first)
}

// declared are the names that the code declares: package.Name, Type.Method,
// Type.field and package.Type.Method, and its tests by themselves.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "node_modules", "bin"}, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := file.Name.Name
		for _, each := range file.Decls {
			for _, name := range namesOf(each) {
				known[name] = true
				known[pkg+"."+name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func namesOf(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		of := d.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		if id, ok := of.(*ast.Ident); ok {
			return []string{id.Name + "." + d.Name.Name, d.Name.Name}
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					names = append(names, id.Name)
				}
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
				fields, ok := spec.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, field := range fields.Fields.List {
					for _, id := range field.Names {
						names = append(names, spec.Name.Name+"."+id.Name)
					}
				}
			}
		}
	}
	return names
}

// TestTheHelpNamesWhatThePagesSay looks up what the help sets in bold among the
// Swedish texts of the pages. What begins a paragraph there is its own heading.
func TestTheHelpNamesWhatThePagesSay(t *testing.T) {
	texts := strings.Join(swedishTexts(t), "\n")
	help, err := os.ReadFile("docs/help.md")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, paragraph := range strings.Split(string(help), "\n\n") {
		bold := regexp.MustCompile(`(?s)\*\*(.+?)\*\*`).FindAllStringSubmatch(paragraph, -1)
		if len(bold) > 0 && strings.HasPrefix(strings.TrimSpace(paragraph), bold[0][0]) {
			bold = bold[1:] // the heading
		}
		for _, b := range bold {
			name := strings.Join(strings.Fields(b[1]), " ")
			for _, part := range strings.Split(name, "…") { // what the page fills in
				checked++
				if part = strings.TrimSpace(part); !strings.Contains(texts, part) {
					t.Errorf("the help says that something is called %q; no page says so", name)
				}
			}
		}
	}
	if checked < 80 {
		t.Errorf("only %d names were looked up: the test is broken", checked)
	}
}

func swedishTexts(t *testing.T) (texts []string) {
	t.Helper()
	files, err := filepath.Glob("internal/i18n/locales/*.sv.toml")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts were found", err)
	}
	var collect func(any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case map[string]any:
			for _, each := range v {
				collect(each)
			}
		}
	}
	for _, name := range files {
		var all map[string]any
		if _, err := toml.DecodeFile(name, &all); err != nil {
			t.Fatal(err)
		}
		collect(all)
	}
	return texts
}

// markdown are the documents.
func markdown(t *testing.T) (pages []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "node_modules", "bin"}, d.Name()) {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" && !d.IsDir() && !strings.Contains(path, "courses/") {
			pages = append(pages, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil || len(pages) < 20 {
		t.Fatal("too few documents were found", len(pages), err)
	}
	return pages
}
