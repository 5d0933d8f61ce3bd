package yrkesresan_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a reader can hold: more lines are split along a noun.
const (
	mostOfPackage = 2500 // lines that are written by hand, without tests
	mostOfFile    = 600  // lines, of tests too
)

// TestNothingOutgrowsItsReader holds the sizes, without exceptions.
func TestNothingOutgrowsItsReader(t *testing.T) {
	var written []writtenFile
	for _, top := range []string{".", "cmd", "internal"} {
		err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && top == "." && name != ".":
				return fs.SkipDir
			case !d.Type().IsRegular() || path.Ext(name) != ".go" && path.Ext(name) != ".templ":
				return nil
			}
			text, err := os.ReadFile(name)
			if err == nil && !generated.Match(text) {
				written = append(written, writtenFile{filepath.ToSlash(name), bytes.Count(text, []byte("\n"))})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(written) < 200 {
		t.Errorf("only %d files were read: the walk is broken", len(written))
	}
	for _, broken := range outgrown(written) {
		t.Error(broken)
	}
}

// TestSizeRules shows where the sizes end.
func TestSizeRules(t *testing.T) {
	tests := []struct {
		name  string
		files []writtenFile
		want  string // a part of the reason, or empty when all is well
	}{
		{"a file of six hundred lines is read", []writtenFile{{"internal/seat/queue.go", 600}}, ""},
		{"one of a line more is split", []writtenFile{{"internal/seat/queue.go", 601}}, "internal/seat/queue.go has 601 lines"},
		{"a test is a file, too", []writtenFile{{"internal/seat/queue_test.go", 601}}, "internal/seat/queue_test.go has 601 lines"},
		{"so is a template", []writtenFile{{"internal/web/ui/page.templ", 601}}, "internal/web/ui/page.templ has 601 lines"},
		{"a package of two thousand five hundred lines is read", lines("internal/seat/%d.go", 500, 500, 500, 500, 500), ""},
		{"one of a line more is split", lines("internal/seat/%d.go", 500, 500, 500, 500, 501), "internal/seat has 2501 lines"},
		{"templates count into the package", lines("internal/web/ui/%d.templ", 500, 500, 500, 500, 501), "internal/web/ui has 2501 lines"},
		{"tests do not", lines("internal/seat/%d_test.go", 500, 500, 500, 500, 501), ""},
		{"a folder inside a package is a package", append(lines("internal/seat/%d.go", 500, 500, 500), lines("internal/seat/queue/%d.go", 500, 500, 500)...), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(outgrown(test.files), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func lines(name string, each ...int) (files []writtenFile) {
	for i, n := range each {
		files = append(files, writtenFile{fmt.Sprintf(name, i), n})
	}
	return files
}

// writtenFile is one that people write, and how many lines it has.
type writtenFile struct {
	name  string
	lines int
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// outgrown tells which files and packages have become too long.
func outgrown(files []writtenFile) (broken []string) {
	packages := map[string]int{}
	for _, f := range files {
		if f.lines > mostOfFile {
			broken = append(broken, fmt.Sprintf("%s has %d lines, more than %d: split it by what stands in it", f.name, f.lines, mostOfFile))
		}
		if !strings.HasSuffix(f.name, "_test.go") {
			packages[path.Dir(f.name)] += f.lines
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if packages[name] > mostOfPackage {
			broken = append(broken, fmt.Sprintf("%s has %d lines, more than %d: split it along a noun", name, packages[name], mostOfPackage))
		}
	}
	return broken
}
