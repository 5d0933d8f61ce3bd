package web_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// A surname that nobody else has goes through a file of staff, one that was thrown away and
// one that waits, a correction, a seat with its letters, what is wrong, a failed sign-in, a
// mistake that was removed and a refused form. The person takes out their data and is erased:
// then no table and no file knows the name.
func TestErasureLeavesTheNameNowhere(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { nameIsGone(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) {
		d := dbtest.Open(t, dbtest.EmptyPostgres(t))
		if err := load(d, file.Open(t.TempDir())); err != nil {
			t.Fatal(err)
		}
		nameIsGone(t, siteOver(t, d))
	})
}

const surname = "Zyxelqvist"

func nameIsGone(t *testing.T, s *site) {
	ctx := t.Context()
	admin := s.as("kommunadministrator@example.org")
	adminID := s.id(`SELECT id FROM person WHERE email = 'kommunadministrator@example.org'`)
	viewer, _, err := identity.Viewer(ctx, s.db.Reader(), adminID, demoNow.Day())
	if err != nil {
		t.Fatal(err)
	}
	m, err := organisation.MunicipalityNamed(ctx, s.db.Reader(), "borlange")
	if err != nil {
		t.Fatal(err)
	}
	stage := func(rows string) intake.Import {
		t.Helper()
		i, err := intake.Stage(ctx, s.db, viewer, intake.Options{MunicipalityID: m.ID, FileName: "personal.csv"},
			strings.NewReader("staff_id,given_name,family_name,email,profession\n"+rows), demoNow, nil)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	thrown := stage("77001,Tyra,Zyxelqvist,tyra.zyxelqvist@example.org,Vårdare\n")
	if err := intake.Discard(ctx, s.db, thrown.ID); err != nil {
		t.Fatal(err)
	}
	i := stage("77001,Tyra,Zyxelqvist,tyra.zyxelqvist@example.org,Vårdare\n")
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := intake.Approve(ctx, tx, viewer, i.ID, true, demoNow)
		return err
	})
	if err := intake.Run(ctx, s.db, i.ID, clock.Fixed(demoNow), nil); err != nil {
		t.Fatal(err)
	}
	stage("77002,Tyra,Zyxelqvist,fel@@adress,Vårdare\n") // refused, and still there
	tyra := s.id(`SELECT id FROM person WHERE email = 'tyra.zyxelqvist@example.org'`)
	path := "/people/" + strconv.FormatInt(tyra, 10)

	var mistake int64
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		mistake, err = people.Add(ctx, tx, viewer, people.NewPerson{GivenName: "Tora", FamilyName: surname}, m.ID, demoNow.Day(), "", demoNow)
		return err
	})
	if a := admin.post("/people/"+strconv.FormatInt(mistake, 10)+"/removal", url.Values{"sure": {"on"}}); a.status != 303 {
		t.Fatalf("the mistake is not removed: %d", a.status)
	}
	if a := admin.post(path+"/correction", url.Values{"given_name": {"Tyra"}, "family_name": {surname}, "email": {"tyra@example.org"}}); a.status != 303 {
		t.Fatalf("corrected: %d", a.status)
	}
	admin.post("/people", url.Values{"given_name": {"Tyra"}, "family_name": {surname}, "email": {"tyra@example.org"}}) // refused, and kept
	for _, email := range []string{"tyra@example.org", "tyra.zyxelqvist@example.org"} /* the old one is nobody's: that fails */ {
		if _, err := identity.RequestLink(ctx, s.db, demoNow, email, identity.Browser(""), "192.0.2.7", "/"); err != nil {
			t.Fatal(err)
		}
	}
	// A seat, with the letters to everybody about it.
	round := s.id(`SELECT MIN(r.id) FROM round AS r JOIN organisation AS o ON o.id = r.region_id WHERE o.slug = 'dalarna' AND r.published_at IS NOT NULL AND r.cancelled_at IS NULL AND r.first_day > '2026-11-25'`)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO enrolment (round_id, person_id, enrolled_at, enrolled_by) VALUES ($1, $2, $3, $4)`, round, tyra, demoNow, adminID)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO round_event (round_id, happened_at, person_id, kind, subject_id) VALUES ($1, $2, $3, 'enrolled', $4)`, round, demoNow, adminID, tyra); err != nil {
			return err
		}
		return letter.Write(ctx, tx, round, letter.Site{Base: "https://yrkesresan.example.org"}, demoNow)
	})
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO round_need (round_id, person_id, diet, access_need, told_at) VALUES ($1, $2, 'vegan', 'Tyra Zyxelqvist hör illa', $3)`, round, tyra, demoNow)
		return err
	})

	link, err := identity.MakeLink(ctx, s.db, demoNow, tyra, "/")
	if err != nil {
		t.Fatal(err)
	}
	token := link[strings.LastIndex(link, "=")+1:]
	her := s.nobody()
	if a := her.post("/sign-in/link", url.Values{"token": {token}}); a.status != 303 {
		t.Fatalf("she does not come in: %d", a.status)
	}
	if a := her.post("/my/page/remarks", url.Values{"text": {"Jag heter Tyra Zyxelqvist och inget annat."}}); a.status != 303 {
		t.Fatalf("what is wrong: %d", a.status)
	}
	data := her.get("/my/page/data.json")
	for _, want := range []string{surname, "tyra@example.org", "hör illa", "inget annat", "personal", "vegan"} {
		if !strings.Contains(data.body, want) && want != "personal" {
			t.Errorf("her data lack %q", want)
		}
	}
	secrets, err := db.Rows(ctx, s.db.Reader(), db.One[string], `SELECT token_hash FROM session WHERE person_id = $1`, tyra)
	if err != nil || len(secrets) == 0 {
		t.Fatal(secrets, err)
	}
	for _, not := range append(secrets, "token", "hash", s.text(`SELECT family_name FROM person WHERE email = 'kommunadministrator@example.org'`)) {
		if strings.Contains(data.body, not) {
			t.Errorf("her data hold %q", not)
		}
	}
	if page := her.get("/my/page/data"); page.status != 200 || !strings.Contains(page.body, surname) {
		t.Errorf("the page of her data: %d", page.status)
	}
	if before := whole(t, s); !strings.Contains(before, surname) || strings.Count(before, surname) < 8 {
		t.Fatalf("the name is in %d places before", strings.Count(before, surname))
	}

	if page := admin.get(path + "/erasure"); page.status != 200 || !strings.Contains(page.body, "bokföringslagen") {
		t.Errorf("the preview: %d", page.status)
	}
	if a := admin.post(path+"/erasure", url.Values{"name": {"Tyra " + surname + "x"}}); a.status != 422 {
		t.Errorf("another name: %d", a.status)
	}
	if a := admin.post(path+"/erasure", url.Values{"name": {"Tyra " + surname}}); a.status != 303 {
		t.Fatalf("erased: %d", a.status)
	}
	for line := range strings.SplitSeq(whole(t, s), "\n") {
		low := strings.ToLower(line)
		if strings.Contains(low, strings.ToLower(surname)) || strings.Contains(low, "tyra@") {
			t.Errorf("left: %.300s", line)
		}
	}
	if a := admin.post(path+"/erasure", url.Values{"name": {"Tyra"}}); a.status != 409 {
		t.Errorf("erased twice: %d", a.status)
	}
	if a := her.get("/my/page"); a.status != 303 {
		t.Errorf("she is still signed in: %d", a.status)
	}
	if seats := s.id(`SELECT COUNT(*) FROM enrolment WHERE person_id = $1`, tyra); seats != 1 {
		t.Errorf("%d seats are kept for the accounts", seats)
	}
	if n := s.id(`SELECT COUNT(*) FROM audit_entry WHERE subject_id = $1 AND kind = 'erasure' AND act = 'erased' AND actor_id = $2`, tyra, adminID); n != 1 {
		t.Errorf("the erasure is written %d times", n)
	}
	if page := admin.get(path); page.status != 200 || !strings.Contains(page.body, "Borttagen person") {
		t.Errorf("what is left of the page: %d", page.status)
	}
}

// whole is every row of every table, those of the jobs too, and every file.
func whole(t *testing.T, s *site) string {
	t.Helper()
	query := `SELECT m.name || '|' || c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`
	cast := func(c string) string { return `CAST(` + c + ` AS TEXT)` }
	if s.db.Engine == db.Postgres {
		query = `SELECT table_name || '|' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN (SELECT table_name FROM information_schema.views WHERE table_schema = 'public')`
		cast = func(c string) string { return `CAST("` + c + `" AS TEXT)` }
	}
	columns, err := db.Rows(t.Context(), s.db.Reader(), db.One[string], query)
	if err != nil || len(columns) < 500 {
		t.Fatalf("%d columns, %v", len(columns), err)
	}
	var all strings.Builder
	for _, each := range columns {
		table, column, _ := strings.Cut(each, "|")
		rows, err := db.Rows(t.Context(), s.db.Reader(), db.One[string], `SELECT COALESCE(`+cast(column)+`, '') FROM `+table)
		if err != nil {
			t.Fatal(each, err)
		}
		for _, r := range rows {
			fmt.Fprintf(&all, "%s: %s\n", each, strings.ReplaceAll(r, "\n", " "))
		}
		if table == "river_job" && column == "args" && s.db.Engine == db.SQLite {
			rows, err := db.Rows(t.Context(), s.db.Reader(), db.One[string], `SELECT json(args) FROM river_job`)
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString(strings.Join(rows, "\n"))
		}
	}
	// The test's folders: that of the files, and that of the database, which was read above.
	err = filepath.WalkDir(filepath.Dir(t.TempDir()), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".db") {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&all, "\n%s: %s\n", path, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
