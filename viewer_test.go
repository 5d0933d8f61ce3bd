package yrkesresan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The reasons for which a call into the domain may do without the viewer.
var withoutViewer = map[string]string{
	"public": "everybody who is signed in may know it",
	"secret": "it opens to whoever holds the secret",
	"key":    "it tells which row a row belongs to, and nothing else",
	"asked":  "the caller has asked; its comment says that it asks no viewer",
	"work":   "it is for jobs, commands and other packages of the domain: no door calls it",
}

// TestWhoAsksNoViewerIsNamed holds that each call into the domain takes the viewer,
// but for those in testdata/without-viewer.txt, each with its reason.
func TestWhoAsksNoViewerIsNamed(t *testing.T) {
	text, err := os.ReadFile("testdata/without-viewer.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(fields) != 2 || withoutViewer[fields[1]] == "" || reasons[fields[0]] != "" {
			t.Errorf("%q: want a call and one reason of %v, each call once", strings.TrimSpace(line), slices.Sorted(maps.Keys(withoutViewer)))
			continue
		}
		reasons[fields[0]] = fields[1]
	}
	calls := map[string]*ast.FuncDecl{}
	for _, folder := range domain(t) {
		for name, f := range callsWithoutViewer(t, folder) {
			calls[name] = f
			switch reason := reasons[name]; {
			case reason == "":
				t.Errorf("%s reads or writes and takes no viewer: give it one, or a line in testdata/without-viewer.txt", name)
			case reason == "asked" && !strings.Contains(strings.Join(strings.Fields(f.Doc.Text()), " "), "no viewer"):
				t.Errorf("%s leaves asking to its caller: its comment must say that it asks no viewer", name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(reasons)) {
		if calls[name] == nil {
			t.Errorf("testdata/without-viewer.txt names %s, which is gone or takes the viewer now", name)
		}
	}
	for name, where := range calledByDoors(t) {
		if reasons[name] == "work" {
			t.Errorf("%s calls %s, which asks nobody: %s", where, name, withoutViewer["work"])
		}
	}
}

// domain is the folders of the packages on the floor of the domain.
func domain(t *testing.T) (folders []string) {
	t.Helper()
	first, last := slices.Index(house, "internal/organisation"), slices.Index(house, "internal/economy")
	if first < 0 || last < first {
		t.Fatal("the domain is not among the floors")
	}
	for _, folder := range house[first : last+1] {
		if _, err := os.Stat(folder); err == nil {
			folders = append(folders, folder)
		}
	}
	return folders
}

// callsWithoutViewer are the package's public functions that are given a way to the
// database and no viewer, by package and name.
func callsWithoutViewer(t *testing.T, folder string) map[string]*ast.FuncDecl {
	t.Helper()
	found := map[string]*ast.FuncDecl{}
	for _, file := range parsed(t, folder) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() {
				continue
			}
			var asks, tells bool
			for _, p := range f.Type.Params.List {
				switch typeName(p.Type) {
				case "db.Querier", "db.Tx", "db.DB":
					asks = true
				case "access.Viewer", "access.Scope":
					tells = true
				}
			}
			if asks && !tells {
				found[file.Name.Name+"."+f.Name.Name] = f
			}
		}
	}
	return found
}

// calledByDoors is what the pages and the API call of other packages, and where.
func calledByDoors(t *testing.T) map[string]string {
	t.Helper()
	called := map[string]string{}
	for _, top := range []string{"internal/api", "internal/web"} {
		for name, file := range parsedBelow(t, top) {
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if called[typeName(s)] == "" {
						called[typeName(s)] = name
					}
				}
				return true
			})
		}
	}
	return called
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		if of, ok := e.X.(*ast.Ident); ok {
			return of.Name + "." + e.Sel.Name
		}
	}
	return ""
}

// parsed are the package's own files, without tests.
func parsed(t *testing.T, folder string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(path.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// parsedBelow are the files of a folder and those within it, without tests, by name.
func parsedBelow(t *testing.T, top string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(top, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		files[name] = file
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("reading %s: %d files, %v", top, len(files), err)
	}
	return files
}
