// Command mutate breaks the product on purpose, one named break at a time, and
// demands that a test fails: go run ./internal/mutate [words of names]. The
// breaks stand in breaks.toml. Nothing in the tree is changed: the go command
// reads the broken file in place of the real one (-overlay).
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed breaks.toml
var list string

// Break is one way to be wrong: in File, Old (which stands there once) becomes
// New. Tests are the packages whose tests that match Run have to notice.
type Break struct {
	Name  string
	File  string // from the root of the tree
	Old   string
	New   string
	Tests []string
	Run   string
}

// Breaks are all those of the list. A key that is not known is an error: a
// misspelt one would be a break that tries nothing.
func Breaks() ([]Break, error) {
	var all struct{ Break []Break }
	read, err := toml.Decode(list, &all)
	if err != nil {
		return nil, fmt.Errorf("read breaks.toml: %w", err)
	}
	if unknown := read.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("read breaks.toml: unknown key %v", unknown[0])
	}
	return all.Break, nil
}

// Apply is the text of the file with the break in it.
func (b Break) Apply(text string) (string, error) {
	if n := strings.Count(text, b.Old); n != 1 {
		return "", fmt.Errorf("%q: %s has %q %d times, it has to be there once", b.Name, b.File, b.Old, n)
	}
	return strings.Replace(text, b.Old, b.New, 1), nil
}

// Outcome is what the tests said.
type Outcome string

// The outcomes of a run of tests.
const (
	Passed   Outcome = "passed"
	Failed   Outcome = "failed"      // a test noticed
	NotBuilt Outcome = "not built"   // no test ran: that is no proof of anything
	NotRun   Outcome = "not started" // nor is this
)

// outcome reads what go test has written; failed tells that it ended in error.
func outcome(output string, failed bool) Outcome {
	switch {
	case strings.Contains(output, "[build failed]"), strings.Contains(output, "[setup failed]"):
		return NotBuilt
	case !failed && strings.Contains(output, "[no tests to run]"):
		return NotRun
	case !failed:
		return Passed
	case strings.Contains(output, "--- FAIL: "), strings.Contains(output, "\npanic: "):
		return Failed
	}
	return NotRun
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, strings.Join(os.Args[1:], " "))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words string) error {
	all, err := Breaks()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yrkesresan-mutate")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left there harms nobody
	whole := map[string]bool{}               // the tests that were tried without a break
	tried, missed := 0, 0
	for _, b := range all {
		if !strings.Contains(b.Name, words) {
			continue
		}
		got, output, err := try(ctx, dir, b, whole)
		if err != nil {
			return err
		}
		tried++
		if got == Failed {
			fmt.Println("caught ", b.Name)
			continue
		}
		missed++
		fmt.Printf("MISSED  %s (%s): the tests %s\n", b.Name, b.File, got)
		if got != Passed {
			fmt.Println(output)
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case tried == 0:
		return fmt.Errorf("no break has %q in its name", words)
	case missed > 0:
		return fmt.Errorf("%d of %d breaks were not caught: write the test that notices, or take the break out", missed, tried)
	}
	fmt.Printf("All %d breaks were caught.\n", tried)
	return nil
}

// try runs the tests with the break; before that, once, without one: a test
// that fails anyway notices nothing.
func try(ctx context.Context, dir string, b Break, whole map[string]bool) (Outcome, string, error) {
	tests := b.Run + " " + strings.Join(b.Tests, " ")
	if !whole[tests] {
		if got, output, err := test(ctx, b, "-count=1"); err != nil || got != Passed {
			return got, output, errors.Join(err, fmt.Errorf("%q: without the break the tests %s:\n%s", b.Name, got, output))
		}
		whole[tests] = true
	}
	text, err := os.ReadFile(b.File)
	if err != nil {
		return "", "", err
	}
	broken, err := b.Apply(string(text))
	if err != nil {
		return "", "", err
	}
	file, err := filepath.Abs(b.File)
	if err != nil {
		return "", "", err
	}
	inPlace := filepath.Join(dir, filepath.Base(b.File))
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: inPlace}})
	if err != nil {
		return "", "", err
	}
	if err := os.WriteFile(inPlace, []byte(broken), 0o600); err != nil {
		return "", "", err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", "", err
	}
	return test(ctx, b, "-overlay="+list)
}

func test(ctx context.Context, b Break, flag string) (Outcome, string, error) {
	args := append([]string{"test", "-failfast", "-vet=off", "-run", b.Run, flag}, b.Tests...)
	output, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		return "", "", errors.Join(err, ctx.Err())
	}
	return outcome(string(output), err != nil), string(output), nil
}
