// Package yrkesresan_test holds what no single package can: that imports go
// down the floors of ARCHITECTURE.md, that time, environment, SQL and invented
// data enter where they may, that generated code is fresh and that the tree
// names no machine.
package yrkesresan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "yrkesresan/"

// chain is a round's life in its four packages. An external test of one may drive
// the others: what a seat is worth shows when the round is cancelled. It builds
// its rounds with internal/round/roundtest.
var chain = []string{"internal/round", "internal/seat", "internal/attendance", "internal/planning"}

// tools measure, drive or break the whole program: they may import anything, and
// nothing imports them.
var tools = []string{"internal/bench", "internal/browsertest", "internal/mutate"}

// Where something that must not spread may stand, and why.
var confined = []struct {
	what    func(file source) []string
	allowed []string
	reason  string
}{
	{
		what:    imports("database/sql", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"),
		allowed: []string{"internal/db", "internal/jobs"},
		reason:  "one SQL text runs on two engines, and their differences live in internal/db alone: ask through db.Querier",
	},
	{
		what:    uses("time", "Now", "Since", "Until"),
		allowed: []string{"internal/clock", "cmd"},
		reason:  "rules take time as an argument and calls get it from a clock.Clock, so that every figure can be asked as of a day",
	},
	{
		what:    uses("os", "Getenv", "LookupEnv", "Environ", "ExpandEnv"),
		allowed: []string{"cmd"},
		reason:  "only the command reads the environment and hands settings on, so that --help names each of them",
	},
	{
		what:    calls("MultipartReader", "ParseMultipartForm", "FormFile"),
		allowed: []string{"internal/web/visit"},
		reason:  "what is typed beside a file is text from outside: visit.ReadParts makes it fit to keep",
	},
	{
		what:    uses("encoding/json", "NewDecoder"),
		allowed: []string{"internal/web/visit", "internal/scim/resource"},
		reason:  "what a script sends is text from outside: visit.ReadJSON makes it fit to keep, and resource.Parse for SCIM",
	},
	{
		what:    imports("yrkesresan/internal/demo", "yrkesresan/internal/seed"),
		allowed: []string{"internal/demo", "internal/seed", "cmd"},
		reason:  "the product does not know what was invented to show or to measure it: keep what a page has to tell as a fact, and let the command hand the rest over",
	},
}

type goPackage struct {
	ImportPath, Dir                    string
	GoFiles, IgnoredGoFiles            []string
	Imports, TestImports, XTestImports []string
}

// TestImportsGoDownward holds the floors against the code that is there.
func TestImportsGoDownward(t *testing.T) {
	packages := listPackages(t)
	for _, broken := range upwardImports(packages) {
		t.Error(broken)
	}
}

// TestImportRules shows that each rule of the floors catches what it is for.
func TestImportRules(t *testing.T) {
	tests := []struct {
		name string
		pkg  goPackage
		want string // a part of the reason, or empty when all is well
	}{
		{"a door may import a domain package",
			goPackage{ImportPath: "yrkesresan/internal/web", Imports: []string{"fmt", "yrkesresan/internal/round"}}, ""},
		{"a domain package may import one listed before it",
			goPackage{ImportPath: "yrkesresan/internal/round", Imports: []string{"yrkesresan/internal/learning"}}, ""},
		{"a domain package may not import one listed after it",
			goPackage{ImportPath: "yrkesresan/internal/learning", Imports: []string{"yrkesresan/internal/round"}},
			"internal/learning imports internal/round, which stands above it"},
		{"the ground may not import the domain",
			goPackage{ImportPath: "yrkesresan/internal/clock", Imports: []string{"yrkesresan/internal/people"}},
			"internal/clock imports internal/people"},
		{"a test may not import upward either",
			goPackage{ImportPath: "yrkesresan/internal/round", TestImports: []string{"yrkesresan/internal/demo"}},
			"internal/round imports internal/demo"},
		{"nor may an external test",
			goPackage{ImportPath: "yrkesresan/internal/round", XTestImports: []string{"yrkesresan/internal/demo"}},
			"internal/round imports internal/demo"},
		{"an external test may import its own package",
			goPackage{ImportPath: "yrkesresan/internal/round", XTestImports: []string{"yrkesresan/internal/round"}}, ""},
		{"an external test of a link of the chain may drive the next",
			goPackage{ImportPath: "yrkesresan/internal/seat", XTestImports: []string{"yrkesresan/internal/planning"}}, ""},
		{"the link itself may not",
			goPackage{ImportPath: "yrkesresan/internal/seat", Imports: []string{"yrkesresan/internal/planning"}},
			"internal/seat imports internal/planning"},
		{"nor may its internal test",
			goPackage{ImportPath: "yrkesresan/internal/seat", TestImports: []string{"yrkesresan/internal/planning"}},
			"internal/seat imports internal/planning"},
		{"a test may import test support",
			goPackage{ImportPath: "yrkesresan/internal/clock", XTestImports: []string{"yrkesresan/internal/db/dbtest"}}, ""},
		{"the product may not import test support",
			goPackage{ImportPath: "yrkesresan/internal/round", Imports: []string{"yrkesresan/internal/db/dbtest"}},
			"internal/db/dbtest is for tests"},
		{"test support may import anything",
			goPackage{ImportPath: "yrkesresan/internal/db/dbtest", Imports: []string{"yrkesresan/internal/demo"}}, ""},
		{"a folder inside a package stands where the package stands",
			goPackage{ImportPath: "yrkesresan/internal/learning/scorm", Imports: []string{"yrkesresan/internal/round"}},
			"internal/learning/scorm imports internal/round"},
		{"a package and the folders inside it may import each other",
			goPackage{ImportPath: "yrkesresan/internal/demo", Imports: []string{"yrkesresan/internal/demo/rounds"}}, ""},
		{"a package that is not on the list is named",
			goPackage{ImportPath: "yrkesresan/internal/helpers"},
			"internal/helpers is not in the list of floors"},
		{"a name that only begins like a listed one is not listed",
			goPackage{ImportPath: "yrkesresan/internal/webhooks"},
			"internal/webhooks is not in the list of floors"},
		{"an area may import one listed before it",
			goPackage{ImportPath: "yrkesresan/internal/web/rounds", Imports: []string{"yrkesresan/internal/web/booking"}}, ""},
		{"an area may not import one listed after it",
			goPackage{ImportPath: "yrkesresan/internal/web/booking", Imports: []string{"yrkesresan/internal/web/rounds"}},
			"internal/web/booking imports internal/web/rounds, which stands above it"},
		{"nor the page of all routes",
			goPackage{ImportPath: "yrkesresan/internal/web/booking", Imports: []string{"yrkesresan/internal/web"}},
			"internal/web/booking imports internal/web, which stands above it"},
		{"of two areas in a circle the lower is named",
			goPackage{ImportPath: "yrkesresan/internal/web/study", Imports: []string{"yrkesresan/internal/web/rollcall", "yrkesresan/internal/web/workshop"}},
			"internal/web/study imports internal/web/workshop, which stands above it"},
		{"the kernel knows no area",
			goPackage{ImportPath: "yrkesresan/internal/web/visit", Imports: []string{"yrkesresan/internal/web/meals"}},
			"internal/web/visit imports internal/web/meals"},
		{"components know no visit",
			goPackage{ImportPath: "yrkesresan/internal/web/ui", Imports: []string{"yrkesresan/internal/web/visit"}},
			"internal/web/ui imports internal/web/visit"},
		{"the domain knows no area",
			goPackage{ImportPath: "yrkesresan/internal/seat", Imports: []string{"yrkesresan/internal/web/booking"}},
			"internal/seat imports internal/web/booking"},
		{"the page of all routes may import every area",
			goPackage{ImportPath: "yrkesresan/internal/web", Imports: []string{"yrkesresan/internal/web/home"}}, ""},
		{"an area that is not on the list is named",
			goPackage{ImportPath: "yrkesresan/internal/web/shop"},
			"internal/web/shop is not in the list of floors"},
		{"a tool may import anything",
			goPackage{ImportPath: "yrkesresan/internal/bench", Imports: []string{"yrkesresan/cmd/yrkesresan"}}, ""},
		{"nobody imports a tool",
			goPackage{ImportPath: "yrkesresan/cmd/yrkesresan", Imports: []string{"yrkesresan/internal/bench"}},
			"internal/bench is a tool"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(upwardImports([]goPackage{test.pkg}), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestConfinement holds SQL, time, environment and the invented data where they
// may stand. Tests, test support and tools are free to use them.
func TestConfinement(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if isTestSupport(name) || within(name, tools) {
			continue
		}
		for _, file := range slices.Concat(p.GoFiles, p.IgnoredGoFiles) {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range escapes(t, name, file, text) {
				t.Error(broken)
			}
		}
	}
}

// TestConfinementRules shows that each confinement catches what it is for.
func TestConfinementRules(t *testing.T) {
	tests := []struct {
		name, pkg, text string
		want            string
	}{
		{"the domain may not talk to a driver", "internal/round", `import "database/sql"`, "database/sql"},
		{"nor import one for its effect", "internal/web", `import _ "github.com/jackc/pgx/v5/stdlib"`, "github.com/jackc/pgx/v5"},
		{"a type may say how it is stored", "internal/clock", `import "database/sql/driver"`, ""},
		{"the database layer may", "internal/db", `import "database/sql"`, ""},
		{"so may the jobs", "internal/jobs", `import "database/sql"`, ""},
		{"the domain may not read the clock", "internal/round", "import \"time\"\nvar now = time.Now()", "time.Now"},
		{"nor under another name", "internal/round", "import t \"time\"\nvar now = t.Now", "time.Now"},
		{"nor by measuring from a time to now", "internal/web", "import \"time\"\nfunc f(a time.Time) any { return time.Since(a) }", "time.Since"},
		{"the domain may reckon with times", "internal/round", "import \"time\"\nvar day = 24 * time.Hour", ""},
		{"the command may read the clock", "cmd/yrkesresan", "import \"time\"\nvar now = time.Now()", ""},
		{"a door may not read the environment", "internal/web", "import \"os\"\nvar x = os.Getenv(\"X\")", "os.Getenv"},
		{"the command may", "cmd/yrkesresan", "import \"os\"\nvar x = os.Getenv(\"X\")", ""},
		{"a door may not know the demo", "internal/web", `import "yrkesresan/internal/demo"`, "yrkesresan/internal/demo belongs in"},
		{"nor a part of it", "internal/economy", `import "yrkesresan/internal/demo/rounds"`, "yrkesresan/internal/demo/rounds"},
		{"nor the country to measure with", "internal/api", `import "yrkesresan/internal/seed"`, "yrkesresan/internal/seed"},
		{"the command may load the demo", "cmd/yrkesresan", `import "yrkesresan/internal/demo"`, ""},
		{"the demo may be made of parts", "internal/demo", `import "yrkesresan/internal/demo/rounds"`, ""},
		{"an area may not read a form with files", "internal/web/study", "import \"net/http\"\nfunc f(r *http.Request) { r.MultipartReader() }", "MultipartReader belongs in"},
		{"the kernel may", "internal/web/visit", "import \"net/http\"\nfunc f(r *http.Request) { r.MultipartReader() }", ""},
		{"an area may not read what a script sends", "internal/web/study", "import \"encoding/json\"\nvar d = json.NewDecoder", "json.NewDecoder belongs in"},
		{"a variable called time is not the package", "internal/round", "type T struct{ Now int }\nvar time T\nvar x = time.Now", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(escapes(t, test.pkg, "file.go", []byte("package p\n"+test.text)), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestTheTreeNamesNoMachine keeps paths of one machine and addresses of one
// package registry out of what is committed: a clone must work anywhere.
func TestTheTreeNamesNoMachine(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if slices.Contains([]string{".git", "bin", "bench-out", "node_modules", "internal/web/vendor"}, name) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || name == ".git" || strings.Contains(path.Base(name), ".db") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		for _, broken := range machineNames(name, text) {
			t.Error(broken)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were read: the walk is broken", files)
	}
}

// TestMachineNameRules shows what counts as the name of a machine.
func TestMachineNameRules(t *testing.T) {
	tests := []struct {
		name, file, text string
		found            bool
	}{
		{"code that reads outside the repository", "internal/demo/demo.go", `os.Open("` + outside + `/data/x.csv")`, true},
		{"a test that does so", "internal/demo/demo_test.go", `os.Open("../..` + outside[2:] + `/data/x.csv")`, true},
		{"a page of documentation that names a source", "docs/figures.md", "From `" + outside + "/data`.", false},
		{"an absolute path in a script", "scripts/run", "cd " + workplace + "main", true},
		{"an absolute path in documentation", "docs/x.md", "see " + workplace + "main/README.md", true},
		{"a word that contains it", "internal/web/routes.go", `"GET /courses` + workplace + `{id}"`, false},
		{"a lock file that names where packages came from", "package-lock.json", `"resolved": "https://example.org/a.tgz"`, true},
		{"a lock file that does not", "package-lock.json", `"integrity": "sha512-x"`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := machineNames(test.file, []byte(test.text))
			if len(got) > 0 != test.found {
				t.Errorf("got %q, want a finding: %t", got, test.found)
			}
		})
	}
}

// Put together here, so that this file does not find itself.
const (
	outside   = ".." + "/shared"
	workplace = "/work" + "/"
)

var absolutePath = regexp.MustCompile(`(^|[^\w./}-])` + workplace)

// machineNames tells what in a file ties it to one machine.
func machineNames(name string, text []byte) []string {
	var broken []string
	if path.Ext(name) != ".md" && bytes.Contains(text, []byte(outside)) {
		broken = append(broken, name+" names "+outside+": copy what is needed into the repository, a clone stands alone")
	}
	if absolutePath.Match(text) {
		broken = append(broken, name+" has an absolute path below "+workplace+": nobody else's machine has it")
	}
	if path.Base(name) == "package-lock.json" && bytes.Contains(text, []byte(`"resolved"`)) {
		broken = append(broken, name+" names the registry that packages came from: run npm in the root, where .npmrc leaves it out")
	}
	return broken
}

// upwardImports tells, in a sentence each, what breaks the floors.
func upwardImports(packages []goPackage) []string {
	var broken []string
	for _, p := range packages {
		name, below := strings.CutPrefix(p.ImportPath, module)
		if !below {
			continue // the root holds tests of the whole and nothing else
		}
		at := floor(name)
		if at < 0 && !within(name, tools) && !isTestSupport(name) {
			broken = append(broken, name+" is not in the list of floors: decide what it may know of, and give it a line in architecture_test.go and ARCHITECTURE.md")
			continue
		}
		check := func(imported string, inTest, outside bool) {
			other, ours := strings.CutPrefix(imported, module)
			switch {
			case !ours || other == name:
			case within(other, tools):
				broken = append(broken, fmt.Sprintf("%s imports %s: %[2]s is a tool that drives the program, nothing is built on it", name, other))
			case isTestSupport(other):
				if !inTest && !isTestSupport(name) && !within(name, tools) {
					broken = append(broken, fmt.Sprintf("%s imports %s: %[2]s is for tests and must not reach the product", name, other))
				}
			case within(name, tools) || isTestSupport(name):
			case outside && within(name, chain) && within(other, chain):
			case floor(other) > at:
				broken = append(broken, fmt.Sprintf("%s imports %s, which stands above it: imports go downward only (see ARCHITECTURE.md); move the rule down, or hand the effect over as a job", name, other))
			}
		}
		for _, imported := range p.Imports {
			check(imported, false, false)
		}
		for _, imported := range p.TestImports {
			check(imported, true, false)
		}
		for _, imported := range p.XTestImports {
			check(imported, true, true)
		}
	}
	return broken
}

// floor is the place of a package in the house, or -1. No folder counts as
// internal/web itself, which stands above all areas: one that nobody has listed
// would be allowed everything.
func floor(name string) int {
	return slices.IndexFunc(house, func(listed string) bool {
		return name == listed || listed != "internal/web" && within(name, []string{listed})
	})
}

// within tells whether a package is one of those listed or inside one.
func within(name string, listed []string) bool {
	return slices.ContainsFunc(listed, func(l string) bool { return name == l || strings.HasPrefix(name, l+"/") })
}

// isTestSupport tells whether a package exists for tests: its name says so.
func isTestSupport(name string) bool {
	return strings.HasSuffix(path.Base(name), "test") && !within(name, tools)
}

type source struct {
	*ast.File
	names map[string]string // what an imported path is called in the file
}

// escapes tells what of a file stands where it may not.
func escapes(t *testing.T, pkg, file string, text []byte) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := source{parsed, map[string]string{}}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		s.names[imported] = path.Base(imported)
		if spec.Name != nil {
			s.names[imported] = spec.Name.Name
		}
	}
	var broken []string
	for _, rule := range confined {
		if within(pkg, rule.allowed) {
			continue
		}
		for _, found := range rule.what(s) {
			broken = append(broken, fmt.Sprintf("%s/%s: %s belongs in %s: %s", pkg, file, found, strings.Join(rule.allowed, ", "), rule.reason))
		}
	}
	return broken
}

// imports finds the named packages, and those inside them, among a file's
// imports. database/sql/driver is not one of them: it holds the two interfaces
// by which a type of ours, a day or a sum, is stored.
func imports(paths ...string) func(source) []string {
	return func(s source) []string {
		var found []string
		for imported := range s.names {
			if within(imported, paths) && imported != "database/sql/driver" {
				found = append(found, imported)
			}
		}
		slices.Sort(found)
		return found
	}
}

// uses finds the named functions of a package, called or handed on.
func uses(imported string, functions ...string) func(source) []string {
	return func(s source) []string {
		called, ok := s.names[imported]
		if !ok {
			return nil
		}
		var found []string
		ast.Inspect(s.File, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok && slices.Contains(functions, selector.Sel.Name) {
				if x, ok := selector.X.(*ast.Ident); ok && x.Name == called {
					found = append(found, path.Base(imported)+"."+selector.Sel.Name)
				}
			}
			return true
		})
		return found
	}
}

// calls finds the named methods, of whatever they are.
func calls(methods ...string) func(source) []string {
	return func(s source) []string {
		var found []string
		ast.Inspect(s.File, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok && slices.Contains(methods, selector.Sel.Name) {
				found = append(found, selector.Sel.Name)
			}
			return true
		})
		return found
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-json", "./...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("listing the packages: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 2 {
		t.Fatalf("only %d packages were listed", len(packages))
	}
	return packages
}
