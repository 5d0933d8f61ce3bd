package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
)

// asProgram in the environment lets the test's own binary be the program.
const asProgram = "YRKESRESAN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is the program in a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// ran runs the program to its end, and gives what it printed.
func ran(t *testing.T, args ...string) string {
	t.Helper()
	c := program(t, args...)
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", args, err, log.String())
	}
	return out.String()
}

// killed runs the program until it says that it has come some way with what it counts, and
// kills it then, the hard way.
func killed(t *testing.T, counts string, args ...string) {
	t.Helper()
	c := program(t, args...)
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	some := make([]byte, 256)
	for {
		n, err := log.Read(some)
		said.Write(some[:n])
		if strings.Contains(said.String(), counts) {
			break
		}
		if err != nil {
			t.Fatalf("it ended before it could be killed: %v\n%s", err, said.String())
		}
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, log)
	if err := c.Wait(); err == nil {
		t.Fatal("it ended by itself")
	}
}

// The program is killed while it applies a file, and while it takes it back: what was begun
// is not seen by half, and the next run ends it.
func TestAnImportSurvivesThatTheProgramIsKilled(t *testing.T) {
	const rows = 1000
	dir := t.TempDir()
	file := filepath.Join(dir, "personal.csv")
	var text strings.Builder
	text.WriteString("staff_id,given_name,family_name,email,unit\n")
	for n := range rows {
		fmt.Fprintf(&text, "%d,Anna,Ek %d,p%d@falun.example,Enhet %d\n", n, n, n, n%7)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	eachAddress(t, func(t *testing.T, c Database) {
		flags := []string{"--db", c.DB, "--key-file", c.KeyFile.KeyFile}
		with := func(command string, more ...string) []string {
			return append(append(strings.Fields(command), flags...), more...)
		}
		ran(t, with("migrate")...)
		d := dbtest.Open(t, c.DB)
		count := func(query string) int {
			t.Helper()
			n, err := db.Row(t.Context(), d.Reader(), db.One[int], query)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		read := with("import staff", "--municipality", "2080", file)
		killed(t, "people written", read...)
		if n := count(`SELECT COUNT(*) FROM employment`); n == 0 || n == rows {
			t.Fatalf("%d are written when it is killed: it was not in the middle", n)
		}
		if n := count(`SELECT COUNT(*) FROM employed`); n != 0 {
			t.Errorf("%d are seen before all are there", n)
		}
		var told imported
		if err := json.Unmarshal([]byte(ran(t, read...)), &told); err != nil {
			t.Fatal(err)
		}
		if told.Unchanged != rows || told.Added != 0 {
			t.Errorf("the next run: %+v", told)
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM employed`:                               rows,
			`SELECT COUNT(*) FROM person`:                                 rows,
			`SELECT COUNT(*) FROM organisation WHERE name LIKE 'Enhet %'`: 7,
		} {
			if got := count(query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		first := fmt.Sprint(count(`SELECT MIN(id) FROM staff_import`))
		undo := with("import undo", "--municipality", "2080", "--import", first)
		killed(t, "rows taken back", undo...)
		if n := count(`SELECT COUNT(*) FROM person`); n == 0 || n == rows {
			t.Fatalf("%d are there when the undoing is killed: it was not in the middle", n)
		}
		var back takenBack
		if err := json.Unmarshal([]byte(ran(t, undo...)), &back); err != nil {
			t.Fatal(err)
		}
		if back.Removed != rows || back.Kept+back.Ended+back.Restored != 0 {
			t.Errorf("taken back: %+v", back)
		}
		if n := count(`SELECT COUNT(*) FROM person`) + count(`SELECT COUNT(*) FROM organisation WHERE name LIKE 'Enhet %'`); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}
