package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The list cannot rot: what a break replaces is there, once, and the tests that
// have to notice exist.
func TestEachBreakStandsOnceInItsFile(t *testing.T) {
	all, err := Breaks()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Errorf("only %d breaks are listed", len(all))
	}
	var names []string
	for _, b := range all {
		text, err := os.ReadFile(filepath.Join("..", "..", b.File))
		if err != nil {
			t.Errorf("%q: %v", b.Name, err)
			continue
		}
		if broken, err := b.Apply(string(text)); err != nil {
			t.Error(err)
		} else if broken == string(text) {
			t.Errorf("%q breaks nothing", b.Name)
		}
		if slices.Contains(names, b.Name) {
			t.Errorf("two breaks are called %q", b.Name)
		}
		names = append(names, b.Name)
		if !testsExist(t, b) {
			t.Errorf("%q: no test of %v matches -run %q", b.Name, b.Tests, b.Run)
		}
	}
}

func testsExist(t *testing.T, b Break) bool {
	t.Helper()
	pattern, err := regexp.Compile(b.Run)
	if err != nil {
		t.Errorf("%q: %v", b.Name, err)
		return false
	}
	for _, dir := range b.Tests {
		files, err := filepath.Glob(filepath.Join("..", "..", dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
				if pattern.MatchString(found[1]) {
					return true
				}
			}
		}
	}
	return false
}

func TestOnlyAFailingTestHasNoticed(t *testing.T) {
	tests := []struct {
		name, output string
		failed       bool
		want         Outcome
	}{
		{"all is well", "ok  \tyrkesresan/internal/money\t0.1s\n", false, Passed},
		{"a test fails", "--- FAIL: TestSplit (0.00s)\nFAIL\nFAIL\tyrkesresan/internal/money\t0.1s\n", true, Failed},
		{"a test panics", "ok  \ta\t0.1s\npanic: no weight\n\ngoroutine 1\n", true, Failed},
		{"the break does not compile", "FAIL\tyrkesresan/internal/money [build failed]\n", true, NotBuilt},
		{"an import is missing", "FAIL\tyrkesresan/internal/money [setup failed]\n", true, NotBuilt},
		{"no test has such a name", "ok  \ta\t0.1s [no tests to run]\n", false, NotRun},
		{"the go command refuses", "go: cannot find main module\n", true, NotRun},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(test.output, test.failed); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestABreakIsAppliedOnceOrNotAtAll(t *testing.T) {
	b := Break{Name: "n", File: "f", Old: "a < b", New: "a <= b"}
	if got, err := b.Apply("if a < b {"); err != nil || got != "if a <= b {" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"", "a < b || a < b"} {
		if _, err := b.Apply(text); err == nil || !strings.Contains(err.Error(), "once") {
			t.Errorf("%q is broken: %v", text, err)
		}
	}
}
