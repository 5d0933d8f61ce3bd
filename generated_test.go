package yrkesresan_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTemplatesAreGenerated compares every *_templ.go with what its template
// gives today. It generates in a copy, so the tree stays as it is.
func TestTemplatesAreGenerated(t *testing.T) {
	copied := t.TempDir()
	var templates []string
	committed := map[string]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == ".git" || name == "node_modules" {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(copied, name), 0o700)
		}
		isTemplate := strings.HasSuffix(name, ".templ")
		isGenerated := strings.HasSuffix(name, "_templ.go")
		if !isTemplate && !isGenerated && name != "go.mod" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if isGenerated {
			committed[name] = string(text)
			return nil
		}
		if isTemplate {
			templates = append(templates, name)
		}
		return os.WriteFile(filepath.Join(copied, name), text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(templates) == 0 {
		t.Fatal("no template was found: the walk is broken")
	}

	// The generated code names its template as seen from where templ ran, so
	// it must run in the copy; -n tells where the tool was built.
	tool, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "templ").Output()
	if err != nil {
		t.Fatalf("building templ: %v", err)
	}
	generate := exec.CommandContext(t.Context(), string(bytes.TrimSpace(tool)), "generate")
	generate.Dir = copied
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("generating: %v\n%s", err, output)
	}

	for _, name := range templates {
		name = strings.TrimSuffix(name, ".templ") + "_templ.go"
		fresh, err := os.ReadFile(filepath.Join(copied, name))
		if err != nil {
			t.Fatal(err)
		}
		if difference := cmp.Diff(committed[name], string(fresh)); difference != "" {
			t.Errorf("%s is stale: run make generate and commit it (- committed, + fresh)\n%s", name, difference)
		}
		delete(committed, name)
	}
	for name := range committed {
		t.Errorf("%s has no template any more: delete it", name)
	}
}
