package yrkesresan_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// writesNames is a statement that writes what people are found by.
var writesNames = regexp.MustCompile(`(?is)INSERT INTO person\s*\(|UPDATE person\s+SET[^` + "`" + `]*\b(given_name|family_name|email)\b`)

// TestWhoWritesNamesKeepsTheirWords holds that a file that writes a name or an e-mail
// address keeps the words by which the person is found.
func TestWhoWritesNamesKeepsTheirWords(t *testing.T) {
	writers := 0
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "test/") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil || !writesNames.Match(text) {
				return err
			}
			writers++
			if !strings.Contains(string(text), "KeepWords(") && !strings.Contains(string(text), "KeepAllWords(") {
				t.Errorf("%s writes a name and does not call people.KeepWords: nobody finds the person by it", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if writers == 0 {
		t.Error("no writer was found: the test is broken")
	}
}
