package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
)

// From an empty database: what is missing, the first person with a code that lets them in, and
// earlier years from the sample files of the documents.
func TestANewRegionOnTheCommandLine(t *testing.T) {
	ctx := context.Background()
	base := Database{DB: "sqlite:" + filepath.Join(t.TempDir(), "a.db")}
	if _, err := printed(t, func() error { return Migrate{base}.Run(ctx) }); err != nil {
		t.Fatal(err)
	}
	steps := func() (s setupSteps) {
		t.Helper()
		out, err := printed(t, func() error { return Setup{Database: base, Region: "dalarna", Language: "sv"}.Run(ctx) })
		if err := errors.Join(err, json.Unmarshal([]byte(out), &s)); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return s
	}
	if s := steps(); s.Operators != 0 || s.Missing != 8 || len(s.Steps) != 10 || s.Steps[0].Step != "administrator" || s.Steps[0].Done || s.Page != "/regions/dalarna/setup" {
		t.Errorf("at first it says %+v", s)
	}
	if err := (Setup{Database: base, Region: "narnia"}).Run(ctx); err == nil || !strings.Contains(err.Error(), "narnia") {
		t.Errorf("of no region it says %v", err)
	}
	operator := Operator{Database: base, Email: "olga@example.org", Given: "Olga", Family: "Ek", Region: "dalarna", Code: true}
	var codes []string
	for range 2 {
		out, err := printed(t, func() error { return operator.Run(ctx) })
		code := regexp.MustCompile(`[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}`).FindString(out)
		if err != nil || code == "" {
			t.Fatalf("%v: %s", err, out)
		}
		codes = append(codes, code)
	}
	if s := steps(); s.Operators != 1 || s.Missing != 8 {
		t.Errorf("with an operator it says %+v", s)
	}
	d, err := base.current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := identity.UsePaper(ctx, d, clock.System(), codes[0], "192.0.2.1"); err == nil {
		t.Error("the first code works though there is a second")
	}
	if _, err := identity.UsePaper(ctx, d, clock.System(), codes[1], "192.0.2.1"); err != nil {
		t.Errorf("the code does not let in: %v", err)
	}

	read := func(c ImportHistory) (r importedHistory, failed error) {
		t.Helper()
		c.Database, c.Region, c.Language = base, "dalarna", "sv"
		out, failed := printed(t, func() error { return c.Run(ctx) })
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%v, %v: %s", err, failed, out)
		}
		return r, failed
	}
	count := func() int {
		t.Helper()
		n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM history_day WHERE withdrawn_at IS NULL`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	rounds := filepath.Join("..", "..", "docs", "history-rounds.csv")
	if r, err := read(ImportHistory{File: rounds, DryRun: true}); err != nil || r.Import != 0 || r.Added != 2 || count() != 0 {
		t.Errorf("a dry run says %+v, %v and makes %d", r, err, count())
	}
	r, err := read(ImportHistory{File: rounds})
	if err != nil || r.Import == 0 || r.Kind != "rounds" || r.Added != 2 || r.Unchanged != 0 || count() != 2 {
		t.Errorf("it says %+v, %v and makes %d", r, err, count())
	}
	if again, err := read(ImportHistory{File: rounds}); err != nil || again.Import != 0 || again.Unchanged != 2 || again.Added != 0 || count() != 2 {
		t.Errorf("once more it says %+v, %v and makes %d", again, err, count())
	}
	if e, err := read(ImportHistory{File: filepath.Join("..", "..", "docs", "history-evaluations.csv")}); err != nil || e.Kind != "evaluations" || e.Added != 3 {
		t.Errorf("of evaluations it says %+v, %v", e, err)
	}
	wrong := filepath.Join(t.TempDir(), "fel.csv")
	if err := os.WriteFile(wrong, []byte("course,round,day,municipality,participants,attended\nbas-1,V,2024-01-08,falun,2,1\nbas-1,V,2024-01-08,Atlantis,2,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w, err := read(ImportHistory{File: wrong}); err == nil || len(w.Rejected) != 1 || w.Rejected[0].Line != 3 || w.Rejected[0].Column != "municipality" || !strings.Contains(w.Rejected[0].Reason, "Atlantis") || count() != 2 {
		t.Errorf("with a wrong row it says %+v, %v and makes %d", w, err, count())
	}
	if w, err := read(ImportHistory{File: wrong, Partial: true}); err != nil || w.Added != 1 || len(w.Rejected) != 1 || count() != 3 {
		t.Errorf("in part it says %+v, %v and makes %d", w, err, count())
	}
	out, err := printed(t, func() error { return ImportHistory{Database: base, Region: "dalarna", Undo: r.Import}.Run(ctx) })
	if err != nil || out != `{"import":1,"removed":2,"kept":0}`+"\n" || count() != 1 {
		t.Errorf("taken back it says %s, %v and leaves %d", out, err, count())
	}
	for _, c := range []ImportHistory{{Undo: r.Import}, {Undo: 999}, {}, {File: rounds, Undo: 1}} {
		c.Database, c.Region, c.Language = base, "dalarna", "sv"
		if out, err := printed(t, func() error { return c.Run(ctx) }); err == nil || out != "" {
			t.Errorf("%+v says %q, %v", c, out, err)
		}
	}
}
