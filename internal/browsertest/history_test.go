package browsertest

import (
	"os"
	"path/filepath"
	"testing"

	"yrkesresan/internal/db"
)

// A region's administrator reads in who took a course before the system, sees it in the person's
// journey, and takes it back.
func TestEarlierYearsAreReadInAndTakenBack(t *testing.T) {
	c := newTerm(t, sqlite(t))
	a := &album{folder: os.Getenv(pictures)}
	file := filepath.Join(t.TempDir(), "genomforda.csv")
	course, err := db.Row(t.Context(), c.d.Reader(), db.One[string], `
		SELECT MIN(c.slug)
		FROM course AS c
		JOIN edition AS e ON e.course_id = c.id AND e.published_on <= '2025-12-31'
		WHERE c.id NOT IN (SELECT k.course_id FROM completion AS k JOIN person AS p ON p.id = k.person_id WHERE p.email = 'medarbetare@example.org')`)
	if err != nil {
		t.Fatal(err)
	}
	rows := "E-post;Kurs;Genomförd\nmedarbetare@example.org;" + course + ";2026-01-15\nnobody@example.org;" + course + ";2026-01-15\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	b := Open(t)
	b.Size(1280, 900)
	b.signIn(c.address, "regional@example.org")
	b.Visit(c.address + "/regions/dalarna/figures")
	b.tapTo("Före systemet")
	b.reads("2022", "Mycket nöjd: 16")
	a.look(b, "history-figures")
	b.tapTo("Läs in tidigare år")
	a.look(b, "history-imports")
	desk{b}.choose("file", file)
	b.tapTo("Läs filen")
	b.reads("Ingen som arbetar i regionen har den adressen")
	a.look(b, "history-preview")
	b.Click(`input[name="sure"]`)
	b.tapTo("Läs in raderna")
	b.reads("Filen är inläst", "Inläst")
	a.look(b, "history-applied")

	learner := Open(t)
	learner.Size(360, 740)
	learner.signIn(c.address, "medarbetare@example.org")
	learner.Visit(c.address + "/my/journey")
	learner.reads(", före systemet")

	b.tap("Ångra inläsningen")
	b.send("/history/")
	b.reads("Inläsningen är ångrad", "Ångrad")
	if n := c.id(`SELECT COUNT(*) FROM completion AS k JOIN history_row AS r ON r.completion_id = k.id WHERE k.revoked_at IS NULL`); n != 0 {
		t.Errorf("%d completions are left", n)
	}
}
