package intake_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/vault"
)

const numbered = "Anställningsnummer;Förnamn;Efternamn;E-post;Personnummer\n"

// The numbers in the files of these tests.
const (
	åsas   = "850709-9805"
	björns = "8507099813"
	lisOld = "701063-2391" // a co-ordination number
	lisNew = "197010032394"
)

func TestAPersonIsFoundByTheMarkOfTheirNumberAfterStaffIDAndAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if got := w.took(intake.Options{}, numbered+"1;Åsa;Öberg;asa@falun.example;"+åsas+"\n;Björn;Ek;;"+björns+"\n3;Li;Wu;li@falun.example;"+lisOld+"\n"); got != "added 3" {
			t.Fatal(got)
		}
		for _, c := range []struct {
			name, rows, want string
			held, rejected   []string
		}{
			{"the same again", "1;Åsa;Öberg;asa@falun.example;19850709-9805\n;Björn;Ek;;19850709 9813\n3;Li;Wu;li@falun.example;" + lisOld + "\n", "unchanged 3", nil, nil},
			{"a cell that says nothing", "1;Åsa;Öberg;asa@falun.example;\n", "unchanged 1", nil, nil},
			{"by the number alone, with a new name and address", ";Björn;Ek-Lind;bjorn@falun.example;" + björns + "\n", "changed 1", nil, nil},
			{"by the number, with a staff number to come", "2;Björn;Ek-Lind;;" + björns + "\n", "changed 1", nil, nil},
			{"the staff number is one's, the number another's", "1;Åsa;Öberg;;" + björns + "\n", "held 1", []string{"2 personal_number intake.number_of_another"}, nil},
			{"somebody has another number already", "1;Åsa;Öberg;;19640823-3234\n", "held 1", []string{"2 personal_number intake.number_other"}, nil},
			{"the number's person has another staff number", "9;Björn;Ek-Lind;;" + björns + "\n", "held 1", []string{"2 staff_id intake.number_another_staff"}, nil},
			{"nobody knows the century", "8;Ny;Person;;1203021231\n", "held 1", []string{"2 personal_number intake.number_century"}, nil},
			{"wrong numbers", "8;Ny;Person;;850709-9806\n9;Ny;Annan;;850709-98R5\n", "rejected 2", nil, []string{"2 personal_number intake.number_check", "3 personal_number intake.number_reserve"}},
			{"twice in the file", "8;Ny;Person;;640823-3234\n9;Ny;Annan;;196408233234\n", "added 1, rejected 1", nil, []string{"3 personal_number intake.twice_in_file"}},
		} {
			i, err := w.stage(access.System(), intake.Options{}, []byte(numbered+c.rows))
			must(t, err)
			if got := counts(i); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
			if diff := cmp.Diff([2][]string{c.held, c.rejected}, [2][]string{w.problems(i, intake.Hold), w.problems(i, intake.Reject)}); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
			if c.want == "changed 1" {
				must(t, w.approve(i, true))
				w.run(i)
			}
		}
		if got := w.staff(w.falun, today); !slices.Contains(got, "Björn Ek-Lind, bjorn@falun.example, Falun, ") || len(got) != 3 {
			t.Errorf("the staff is %q", got)
		}
		if n := w.count(`SELECT COUNT(*) FROM personal_number`); n != 3 {
			t.Errorf("%d marks, want 3", n)
		}
	})
}

func TestANumberOfAnotherMunicipalityIsTreatedAsAnAddressThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if got := w.took(intake.Options{MunicipalityID: w.mora.ID}, numbered+"1;Åsa;Hemlig;hemlig@mora.example;"+åsas+"\n"); got != "added 1" {
			t.Fatal(got)
		}
		i, err := w.stage(w.admin, intake.Options{}, []byte(numbered+"7;Åsa;Öberg;;"+åsas+"\n"))
		must(t, err)
		if diff := cmp.Diff([]string{"2 personal_number intake.of_another_municipality"}, w.problems(i, intake.Reject)); diff != "" {
			t.Error(diff)
		}
		text := fmt.Sprint(w.text(`SELECT cells || problem FROM staff_import_row WHERE import_id = $1`, i.ID))
		if strings.Contains(text, "Hemlig") || strings.Contains(text, "mora") {
			t.Errorf("it tells who that is: %s", text)
		}
		// Whoever stands there twice and works here once is who works here.
		if got := w.took(intake.Options{}, numbered+"7;Åsa;Öberg;;\n"); got != "added 1" {
			t.Fatal(got)
		}
		if _, err := w.stage(w.admin, intake.Options{}, []byte(numbered+"7;Åsa;Öberg;;"+åsas+"\n")); err != nil {
			t.Fatal(err)
		}
		// Who worked there before comes back as who they are.
		w.at = (today + 40).At(9, 0)
		if got := w.took(intake.Options{MunicipalityID: w.mora.ID}, "staff_id,given_name,family_name,email,employed_until\n1,Åsa,Hemlig,,"+(today+10).String()+"\n"); got != "ended 1" {
			t.Fatal(got)
		}
		if got := w.took(intake.Options{}, numbered+"8;Åsa;Ny;ny@falun.example;"+åsas+"\n"); got != "added 1" {
			t.Errorf("who left there: %s", got)
		}
		if n := w.count(`SELECT COUNT(*) FROM person WHERE family_name = 'Ny'`); n != 1 || w.count(`SELECT COUNT(DISTINCT person_id) FROM personal_number`) != 1 {
			t.Errorf("they are %d people", n)
		}
	})
}

func (w *world) text(query string, args ...any) []string {
	w.Helper()
	rows, err := db.Rows(ctx, w.d.Reader(), db.One[string], query, args...)
	must(w, err)
	return rows
}

func TestAPersonalNumberAfterACoordinationNumberIsLinkedByAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if got := w.took(intake.Options{}, numbered+"3;Li;Wu;li@falun.example;"+lisOld+"\n"); got != "added 1" {
			t.Fatal(got)
		}
		later := numbered + "3;Li;Wu;li@falun.example;" + lisNew + "\n4;Ny;Person;;640823-3234\n"
		i, err := w.stage(w.admin, intake.Options{}, []byte(later))
		must(t, err)
		if diff := cmp.Diff([]string{"2 personal_number intake.number_after"}, w.problems(i, intake.Hold)); diff != "" {
			t.Fatal(diff)
		}
		if w.count(`SELECT COUNT(*) FROM personal_number`) != 1 {
			t.Error("it was linked silently")
		}
		link := func(viewer access.Viewer, line int) string {
			return fmt.Sprint(w.d.Write(ctx, func(tx *db.Tx) error { return intake.Link(ctx, tx, viewer, i.ID, line, w.at) }))
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			line   int
			want   error
		}{
			"another municipality's administrator": {administrator(w.mora, 0), 2, fault.NotFound},
			"a row that asks nothing":              {w.admin, 3, fault.Conflict("intake.nothing_to_link")},
			"a row that there is not":              {w.admin, 1, fault.Conflict("intake.nothing_to_link")},
		} {
			if got := link(c.viewer, c.line); got != c.want.Error() {
				t.Errorf("%s: %s", name, got)
			}
		}
		if got := link(w.admin, 2); got != "<nil>" {
			t.Fatal(got)
		}
		if got := link(w.admin, 2); got != fault.Conflict("intake.nothing_to_link").Error() {
			t.Errorf("twice: %s", got)
		}
		i, err = intake.ByID(ctx, d.Reader(), w.admin, i.ID)
		must(t, err)
		if got := counts(i); got != "added 1, unchanged 1" {
			t.Errorf("afterwards the file does %s", got)
		}
		if got := w.took(intake.Options{}, later); got != "added 1, unchanged 1" {
			t.Errorf("the next file: %s", got)
		}
		if got := w.took(intake.Options{}, numbered+";Li;Wu;;"+lisOld+"\n"); got != "unchanged 1" {
			t.Errorf("by the old number: %s", got)
		}
		// Never back: a co-ordination number for who has a personal one.
		i, err = w.stage(w.admin, intake.Options{}, []byte(numbered+"4;Ny;Person;;640883-3231\n"))
		must(t, err)
		if diff := cmp.Diff([]string{"2 personal_number intake.number_other"}, w.problems(i, intake.Hold)); diff != "" {
			t.Error(diff)
		}
	})
}

// No way of writing the number is anywhere in the database, whatever became of the row.
func TestTheNumberItselfIsNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		file := numbered + "1;Åsa;Öberg;;" + åsas + "\n2;Björn;Ek;;" + björns + "\n3;Fel;Siffra;;850709-9806\n4;Oviss;Person;;1203021231\n5;Två;Gånger;;" + åsas + "\n6;Reserv;Nummer;;850709-98R5\n"
		i, err := w.stage(access.System(), intake.Options{}, []byte(file))
		must(t, err)
		must(t, w.approve(i, true))
		w.run(i)
		if got := counts(i); got != "added 2, held 1, rejected 3" {
			t.Fatal(got)
		}
		tables := `SELECT name FROM sqlite_master WHERE type = 'table'`
		if d.Engine == db.Postgres {
			tables = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
		}
		var all strings.Builder
		for _, table := range w.text(tables) {
			columns := `SELECT name FROM pragma_table_info('` + table + `')`
			if d.Engine == db.Postgres {
				columns = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '` + table + `'`
			}
			for _, c := range w.text(columns) {
				for _, value := range w.text(`SELECT COALESCE(CAST("` + c + `" AS TEXT), '') FROM "` + table + `"`) {
					all.WriteString(value + "\n")
				}
			}
		}
		dump := all.String()
		if !strings.Contains(dump, "Siffra") || !strings.Contains(dump, "Oviss") {
			t.Fatal("the dump does not have the rows")
		}
		if d.Engine == db.SQLite {
			path := w.text(`SELECT file FROM pragma_database_list WHERE name = 'main'`)[0]
			for _, end := range []string{"", "-wal"} {
				text, err := os.ReadFile(path + end)
				must(t, err)
				dump += string(text)
			}
		}
		for _, part := range []string{"850709-98", "85070998", "850709 98", "120302123", "120302-123"} {
			if strings.Contains(dump, part) {
				t.Errorf("%q is in the database", part)
			}
		}
		// Four figures stand in many an instant and hash by chance: they count as a word of their own.
		if got := regexp.MustCompile(`\b(9805|98R5)\b`).FindString(dump); got != "" {
			t.Errorf("%q is in the database", got)
		}
		if n := w.count(`SELECT COUNT(*) FROM personal_number WHERE LENGTH(mark) = 32 AND key_id = $1`, d.Keys.MarkKey()); n != 2 {
			t.Errorf("%d marks, want 2", n)
		}
	})
}

func TestMarksTakeAKeyFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		d.Keys = nil
		if _, err := w.stage(access.System(), intake.Options{}, []byte(numbered+"1;Åsa;Öberg;;"+åsas+"\n")); !strings.Contains(fmt.Sprint(err), vault.ErrNoKeys.Error()) || strings.Contains(fmt.Sprint(err), "8507") {
			t.Errorf("without a key file: %v", err)
		}
		if got := w.took(intake.Options{}, "staff_id,given_name\n1,Åsa\n"); got != "added 1" {
			t.Errorf("without the column: %s", got)
		}
	})
}
