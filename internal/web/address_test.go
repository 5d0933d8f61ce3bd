package web_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Where addresses may be written out, and why nowhere else: what is named in one
// place can be changed there.
var addressed = []string{
	"visit/address.go", // every address of a page
	"courseroutes.go",  // patterns, too
	"workingroutes.go", // likewise
	"routes.go",        // the patterns that they match
	"site.go",          // the two doors
	"home/apidocs.go",  // the API's addresses, below api.Prefix
	"home/help.go",     // the patterns of the pages that a question is about
	"ui/",              // three forms of the frame, which knows no visit
	"gallery/",         // what it shows leads nowhere
	"assets/",          // files
}

func TestEveryAddressIsNamedInOnePlace(t *testing.T) {
	literal := regexp.MustCompile("[\"`]/[a-z{]")
	seen := 0
	walk := func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		source := (strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".templ")) &&
			!strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go")
		if e.IsDir() || !source || slices.ContainsFunc(addressed, func(a string) bool { return strings.HasPrefix(name, a) }) {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		seen++
		for n, line := range strings.Split(string(text), "\n") {
			if literal.MatchString(line) {
				t.Errorf("%s:%d writes an address out, name it in visit/address.go: %s", name, n+1, strings.TrimSpace(line))
			}
		}
		return nil
	}
	for _, top := range []string{".", "../letter", "../calendar", "../rollout"} { // what is written names pages, too
		if err := filepath.WalkDir(top, walk); err != nil {
			t.Fatal(err)
		}
	}
	if seen < 50 {
		t.Errorf("only %d files were read: the walk is broken", seen)
	}
}
