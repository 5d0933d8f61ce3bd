package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/row"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

var (
	ctx   = context.Background()
	today = clock.Date(2026, 3, 2)
	now   = today.At(9, 0)
)

const heading = "staff_id,given_name,family_name,email,unit,profession,employment_form,employed_from,employed_until,in_profession_since,role\n"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a database with the country, and Falun's administrator.
type world struct {
	*testing.T
	d       *db.DB
	falun   organisation.Organisation
	mora    organisation.Organisation
	journey catalogue.Journey
	admin   access.Viewer
	at      clock.Instant
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d), jobs.Migrate(ctx, d)))
	w := &world{T: t, d: d, at: now}
	var err error
	w.falun, err = organisation.MunicipalityNamed(ctx, d.Reader(), "2080")
	must(t, err)
	w.mora, err = organisation.MunicipalityNamed(ctx, d.Reader(), "mora")
	must(t, err)
	w.journey, err = catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	must(t, err)
	w.admin = administrator(w.falun, 0)
	return w
}

func administrator(m organisation.Organisation, person int64) access.Viewer {
	return access.Viewer{PersonID: person, Grants: []access.Grant{{
		ID: 1, Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: m.ID, RegionID: m.RegionID, MunicipalityID: m.ID,
	}}}
}

func (w *world) stage(viewer access.Viewer, o intake.Options, file []byte) (intake.Import, error) {
	if o.MunicipalityID == 0 {
		o.MunicipalityID = w.falun.ID
	}
	return intake.Stage(ctx, w.d, viewer, o, bytes.NewReader(file), w.at, nil)
}

func (w *world) approve(i intake.Import, sure bool) error {
	return w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := intake.Approve(ctx, tx, access.System(), i.ID, sure, w.at)
		return err
	})
}

func (w *world) run(i intake.Import) {
	w.Helper()
	must(w, intake.Run(ctx, w.d, i.ID, func() clock.Instant { return w.at }, nil))
}

// took reads the file in and tells what it did, without the rows that were read.
func (w *world) took(o intake.Options, file string) string {
	w.Helper()
	i, err := w.stage(access.System(), o, []byte(file))
	must(w, err)
	must(w, w.approve(i, true))
	w.run(i)
	return counts(i)
}

func counts(i intake.Import) string {
	var parts []string
	for _, c := range []struct {
		name string
		n    int
	}{
		{"added", i.Added}, {"changed", i.Changed}, {"unchanged", i.Unchanged}, {"ended", i.Ended}, {"held", i.Held},
		{"rejected", i.Rejected}, {"units", i.UnitsAdded},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprint(c.name, " ", c.n))
		}
	}
	return strings.Join(parts, ", ")
}

// problems are what is wrong with the rows: line, column and message.
func (w *world) problems(i intake.Import, act intake.Act) (all []string) {
	w.Helper()
	rows, err := intake.RowsOf(ctx, w.d.Reader(), i.ID, act, 0, 100)
	must(w, err)
	for _, r := range rows {
		all = append(all, fmt.Sprintf("%d %s %s", r.Line.Line, r.Problem.Column, r.Problem.Key))
	}
	return all
}

// staff is who works in the municipality on the day, as "name, unit, title".
func (w *world) staff(m organisation.Organisation, day clock.Day) []string {
	w.Helper()
	type row struct{ name, email, unit, title string }
	rows, err := db.Rows(ctx, w.d.Reader(), func(r *row) []any { return []any{&r.name, &r.email, &r.unit, &r.title} }, `
		SELECT
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(p.email, ''),
			o.name,
			e.title
		FROM employment AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN organisation AS o ON o.id = e.organisation_id
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND (e.to_day IS NULL OR e.to_day >= $2)
		ORDER BY p.family_name, p.given_name, p.id`, m.ID, day)
	must(w, err)
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = strings.Join([]string{r.name, r.email, r.unit, r.title}, ", ")
	}
	return all
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	n, err := db.Row(ctx, w.d.Reader(), db.One[int], query, args...)
	must(w, err)
	return n
}

const ten = heading +
	"1,Åsa,Öberg,asa@falun.example,Hemtjänst Norr,Undersköterska,permanent,2024-01-15,,2019-06-01,manager\n" +
	"2,Björn,Ärlig,bjorn@falun.example,Hemtjänst Norr,Vårdbiträde,hourly,2025-01-15,,,employee\n" +
	"3,Märta,Åkerström,,Båten,Stödassistent,fixed_term,2026-01-15,2026-12-31,,\n" +
	"4,Émile,Östlund,emile@falun.example,Båten,,,,,,\n" +
	"5,Nils,Ek,nils@falun.example,,,,,,,\n" +
	"6,Örjan,Lind,orjan@falun.example,Båten,,,,,,\n" +
	"7,Li,,li@falun.example,Båten,,,,,,\n" +
	"8,Fatima,Håkansson,fatima@falun.example,Båten,,,,,,\n" +
	"9,Kerstin,Björk,kerstin@falun.example,Båten,,,,,,\n" +
	"10,Östen,Svensson,osten@falun.example,Båten,,,,,,\n"

// The same ten people in five ways of writing are ten new ones and then no change, and
// no unit stands twice.
func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := intake.Options{JourneyID: w.journey.ID}
		if got := w.took(o, ten); got != "added 10, units 2" {
			t.Fatal(got)
		}
		staff := w.staff(w.falun, today)
		if len(staff) != 10 || staff[len(staff)-1] != "Östen Svensson, osten@falun.example, Båten, " && !strings.Contains(strings.Join(staff, "\n"), "Åsa Öberg, asa@falun.example, Hemtjänst Norr, Undersköterska") {
			t.Errorf("the staff is %q", staff)
		}
		semicolons := strings.ReplaceAll(ten, ",", ";")
		swedish := strings.Replace(semicolons, strings.ReplaceAll(heading, ",", ";"),
			"Anställningsnummer;Förnamn;Efternamn;E-post;Enhet;Yrke;Anställningsform;Anställd från;Anställd till;I yrket sedan;Roll\n", 1)
		windows, err := charmap.Windows1252.NewEncoder().Bytes([]byte(swedish))
		must(t, err)
		sixteen, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(swedish))
		must(t, err)
		for name, file := range map[string]string{
			"again": ten, "with a mark and semicolons": "\ufeff" + semicolons, "in Swedish": swedish, "Windows-1252": string(windows), "UTF-16": string(sixteen),
		} {
			if got := w.took(o, file); got != "unchanged 10" {
				t.Errorf("%s: %s", name, got)
			}
		}
		if diff := cmp.Diff(staff, w.staff(w.falun, today)); diff != "" {
			t.Error(diff)
		}
		// A manager leads the unit, and who has been in the profession has a step.
		if n := w.count(`SELECT COUNT(*) FROM role_grant AS g JOIN organisation AS o ON o.id = g.organisation_id WHERE g.role = 'manager' AND o.name = 'Hemtjänst Norr'`); n != 1 {
			t.Errorf("%d lead the unit", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM account WHERE journey_id = $1`, w.journey.ID); n != 10 {
			t.Errorf("%d accounts", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM employed`); n != 10 {
			t.Errorf("%d are seen at the end", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM person_word WHERE word = 'asa'`); n != 1 {
			t.Error("who was read in is not found by name")
		}
	})
}

// What a row may say, at its edges.
func TestRowsThatAreRejectedSayWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct{ row, want string }{
			"no name":                     {"1,,,a@falun.example,,,,,,,", "2 given_name fault.name_missing"},
			"one name":                    {"1,Li,,a@falun.example,,,,,,,", ""},
			"a wrong address":             {"1,Li,Ek,a@@falun,,,,,,,", "2 email fault.email"},
			"neither number nor address":  {",Li,Ek,,,,,,,,", "2 staff_id intake.row_without_key"},
			"a day that does not exist":   {"1,Li,Ek,,,,,2026-02-30,,,", "2 employed_from intake.day_unknown"},
			"a day written otherwise":     {"1,Li,Ek,,,,,31/1 2026,,,", "2 employed_from intake.day_unknown"},
			"ends before it begins":       {"1,Li,Ek,,,,,2026-02-02,2026-02-01,,", "2 employed_until intake.until_before_from"},
			"ends on the day it begins":   {"1,Li,Ek,,,,,2026-03-02,2026-03-02,,", ""},
			"a form that nobody knows":    {"1,Li,Ek,,,,evig,,,,", "2 employment_form intake.form_unknown"},
			"a form in Swedish":           {"1,Li,Ek,,,,Tillsvidare,,,,", ""},
			"a role that nobody knows":    {"1,Li,Ek,,,,,,,,kung", "2 role intake.role_unknown"},
			"a role that is not theirs":   {"1,Li,Ek,,,,,,,,municipal_admin", "2 role intake.role_not_yours"},
			"a manager":                   {"1,Li,Ek,,,,,,,,chef", ""},
			"a name of a hundred letters": {"1," + strings.Repeat("å", 100) + ",Ek,,,,,,,,", ""},
			"a name of more":              {"1," + strings.Repeat("å", 101) + ",Ek,,,,,,,,", "2 given_name fault.too_long"},
			"a name that cannot go":       {"1,#töm,Ek,,,,,,,,", "2 given_name intake.not_cleared"},
			"twice the number":            {"1,Li,Ek,,,,,,,,\n1,Bo,Ek,,,,,,,,", "3 staff_id intake.twice_in_file"},
			"twice the address":           {"1,Li,Ek,a@falun.example,,,,,,,\n2,Bo,Ek,A@falun.example,,,,,,,", "3 email intake.twice_in_file"},
			"no address twice":            {"1,Li,Ek,,,,,,,,\n2,Bo,Ek,,,,,,,,", ""},
			"a cell too few":              {"1,Li,Ek,,,,,,,\n2,Bo,Ek,,,,,,,,", "2 row intake.row_short"},
			"a cell too many":             {"1,Li,Ek,,,,,,,,,x", "2 row intake.row_long"},
		} {
			i, err := w.stage(w.admin, intake.Options{}, []byte(heading+c.row+"\n"))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got := strings.Join(w.problems(i, intake.Reject), "; "); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
			must(t, intake.Discard(ctx, d, i.ID))
		}
		if n := w.count(`SELECT COUNT(*) FROM staff_import_row`) + w.count(`SELECT COUNT(*) FROM staff_import`) + w.count(`SELECT COUNT(*) FROM person`); n != 0 {
			t.Errorf("%d rows are left of files that were not applied", n)
		}
	})
}

func TestAFileThatIsWrongAsAWholeIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct{ file, want string }{
			"empty":                   {"", "intake.file_empty"},
			"a heading only":          {heading, "intake.file_empty"},
			"cut in its last row":     {heading + "1,Li,Ek,,,,,,,,\n2,Bo,E", "intake.file_cut_off"},
			"cut in a quoted cell":    {heading + "1,\"Li", "intake.file_cut_off"},
			"a misspelt heading":      {"staff_id,given_nam,family_name\n1,Li,Ek\n", "intake.heading_misspelt"},
			"an unknown heading":      {"staff_id,given_name,hattstorlek\n1,Li,42\n", "intake.heading_unknown"},
			"one heading twice":       {"staff_id,given_name,förnamn\n1,Li,Ek\n", "intake.heading_twice"},
			"nobody can be told":      {"given_name,family_name\nLi,Ek\n", "intake.no_key"},
			"nobody has a name":       {"staff_id,email\n1,a@falun.example\n", "intake.no_name"},
			"two columns are enough":  {"staff_id,given_name\n1,Li\n", ""},
			"a heading said to be so": {"staff_id,given_name,skostorlek\n1,Li,42\n", "chosen"},
		} {
			o := intake.Options{}
			if c.want == "chosen" {
				o.Chosen, c.want = map[string]string{"skostorlek": "-"}, ""
			}
			_, err := w.stage(w.admin, o, []byte(c.file))
			got := ""
			if f := fault.Of(err); f != nil {
				got = f.Fields[0].Key
			} else if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		if _, err := w.stage(administrator(w.mora, 0), intake.Options{}, []byte(ten)); !errors.Is(err, fault.NotFound) {
			t.Errorf("the file of another municipality gives %v", err)
		}
		if _, err := w.stage(access.Viewer{PersonID: 1}, intake.Options{}, []byte(ten)); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a file from somebody without an office gives %v", err)
		}
	})
}

// Everything that a file can say of somebody who is there already.
func TestWhatHasChangedIsChangedAndWhatIsNotSaidStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := intake.Options{JourneyID: w.journey.ID}
		w.took(o, ten)
		w.at = now.Add(24 * 3600e9)
		day := w.at.Day()
		// A column that is not there, and a cell without anything, say nothing.
		if got := w.took(o, "Anställningsnummer;Efternamn;E-post\n1;Öberg;\n2;;bjorn@falun.example\n"); got != "unchanged 2" {
			t.Error(got)
		}
		if got := w.took(o, "staff_id,given_name,family_name,email,unit,profession,employed_until\n"+
			"1,Åsa,Björk,asa.bjork@falun.example,Hemtjänst  norr,Undersköterska,\n"+ // another name and address; the same unit
			"2,Björn,Ärlig,,Hemtjänst Syd,,\n"+ // moves
			"3,Märta,Åkerström,marta@falun.example,Båten,#töm,2026-06-30\n"+
			"4,Émile,Östlund,,,,2026-03-01\n"); got != "changed 3, ended 1, units 1" {
			t.Error(got)
		}
		want := []string{
			"Kerstin Björk, kerstin@falun.example, Båten, ", "Åsa Björk, asa.bjork@falun.example, Hemtjänst Norr, Undersköterska",
			"Björn Ärlig, bjorn@falun.example, Hemtjänst Syd, Vårdbiträde", "Märta Åkerström, marta@falun.example, Båten, ",
		}
		got := strings.Join(w.staff(w.falun, day), "\n")
		for _, one := range want {
			if !strings.Contains(got, one) {
				t.Errorf("%q is not among\n%s", one, got)
			}
		}
		if strings.Contains(got, "Émile") {
			t.Error("who has left is still there")
		}
		// The day before nothing is another.
		if got := strings.Join(w.staff(w.falun, today), "\n"); !strings.Contains(got, "Björn Ärlig, bjorn@falun.example, Hemtjänst Norr, Vårdbiträde") {
			t.Errorf("the day before is changed:\n%s", got)
		}
		if n := w.count(`SELECT COUNT(*) FROM person_change`); n != 2 {
			t.Errorf("%d corrections are kept, want those of Åsa and Märta", n)
		}
		// Who comes back is the same person, with another surname.
		before := w.count(`SELECT COUNT(*) FROM person`)
		if got := w.took(o, "staff_id,given_name,family_name,unit\n4,Émile,Berg,Båten\n"); got != "added 1" {
			t.Error(got)
		}
		if got := strings.Join(w.staff(w.falun, day), "\n"); !strings.Contains(got, "Émile Berg, emile@falun.example, Båten") || w.count(`SELECT COUNT(*) FROM person`) != before {
			t.Errorf("who came back is not there as the same person:\n%s", got)
		}
	})
}

// Who the row is about is certain, or a person decides.
func TestDoubtfulRowsWaitAndOthersStaffIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{}, ten)
		w.took(intake.Options{MunicipalityID: w.mora.ID}, "staff_id,given_name,family_name,email\n1,Eva,Mora,eva@mora.example\n2,Ulf,Mora,ulf@mora.example\n")
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := people.Add(ctx, tx, w.admin, people.NewPerson{GivenName: "Pia", FamilyName: "Namne"}, w.falun.ID, today-10, "", now)
			return err
		}))
		ulf, err := identity.ByEmail(ctx, d.Reader(), "ulf@mora.example")
		must(t, err)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Leave(ctx, tx, access.System(), ulf, today) }))
		w.at = now.Add(48 * 3600e9)
		i, err := w.stage(w.admin, intake.Options{}, []byte("staff_id,given_name,family_name,email\n"+
			"1,Åsa,Öberg,bjorn@falun.example\n"+ // two people
			"99,Nils,Ek,nils@falun.example\n"+ // has another number
			"50,Pia,Namne,\n"+ // perhaps she who was there
			"51,Eva,Mora,eva@mora.example\n"+ // works in Mora
			"52,Ulf,Mora,ulf@mora.example\n")) // worked in Mora until two days ago
		must(t, err)
		if got := counts(i); got != "added 1, held 3, rejected 1" {
			t.Error(got)
		}
		if diff := cmp.Diff([]string{"2 email intake.two_people", "3 staff_id intake.another_number", "4 given_name intake.namesake"}, w.problems(i, intake.Hold)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"5 email intake.of_another_municipality"}, w.problems(i, intake.Reject)); diff != "" {
			t.Error(diff)
		}
		must(t, w.approve(i, false))
		w.run(i)
		if got := strings.Join(w.staff(w.falun, w.at.Day()), "\n"); !strings.Contains(got, "Ulf Mora") || strings.Contains(got, "Eva Mora") {
			t.Errorf("the staff is\n%s", got)
		}
		if again, err := identity.ByEmail(ctx, d.Reader(), "ulf@mora.example"); err != nil || again != ulf {
			t.Errorf("who moved is person %d, was %d, %v", again, ulf, err)
		}
	})
}

// A file that lacks many, or that has far too many rows, needs somebody who is sure.
func TestWhoIsMissingEndsOnlyWhenThatIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{}, ten)
		w.at = now.Add(24 * 3600e9)
		day := w.at.Day()
		lines := strings.SplitAfter(ten, "\n")
		without := func(n int) string { return strings.Join(lines[:len(lines)-1-n], "") }
		if got := w.took(intake.Options{}, without(9)); got != "unchanged 1" || len(w.staff(w.falun, day)) != 10 {
			t.Errorf("who is missing is ended without a word: %s", got)
		}
		for n, want := range map[int]string{2: "", 3: "intake.many_end"} {
			i, err := w.stage(w.admin, intake.Options{EndMissing: true}, []byte(without(n)))
			must(t, err)
			if i.Ended != n || i.Alarm() != want {
				t.Errorf("without %d rows %d end, alarm %q", n, i.Ended, i.Alarm())
			}
			if want != "" {
				if err := w.approve(i, false); fault.Of(err) == nil || fault.Of(err).Key != want {
					t.Errorf("it is applied without a question: %v", err)
				}
			}
			must(t, intake.Discard(ctx, d, i.ID))
		}
		// A row that is wrong or waits still names somebody who is there.
		i, err := w.stage(w.admin, intake.Options{EndMissing: true}, []byte(strings.Replace(ten, "1,Åsa,Öberg,asa@falun.example", "1,Åsa,Öberg,bjorn@falun.example", 1)+"12,Ny,Ny,a@@b,,,,,,,\n"))
		must(t, err)
		if i.Ended != 0 {
			t.Errorf("%d end whom a row names", i.Ended)
		}
		must(t, intake.Discard(ctx, d, i.ID))
		i, err = w.stage(w.admin, intake.Options{EndMissing: true}, []byte(without(3)))
		must(t, err)
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := intake.Approve(ctx, tx, administrator(w.falun, 1), i.ID, true, w.at)
			return err
		})
		if f := fault.Of(err); f == nil || f.Key != "intake.not_yours" {
			t.Errorf("somebody else applies the file: %v", err)
		}
		must(t, w.approve(i, true))
		w.run(i)
		if got := len(w.staff(w.falun, day)); got != 7 {
			t.Errorf("%d work there, want 7", got)
		}
		if got := len(w.staff(w.falun, today)); got != 10 {
			t.Errorf("%d worked there yesterday, want 10: it was their last day", got)
		}
	})
}

// An import that is broken off anywhere goes on where it stopped, also when two go on
// with it at once, and is the same in the end.
func TestAnImportThatIsBrokenOffGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var file strings.Builder
		file.WriteString(heading)
		for n := range 1150 {
			fmt.Fprintf(&file, "%d,Anna,Ek %d,p%d@falun.example,Enhet %d,,,,,,\n", n, n, n, n%7)
		}
		i, err := w.stage(w.admin, intake.Options{JourneyID: w.journey.ID}, []byte(file.String()))
		must(t, err)
		must(t, w.approve(i, false))
		killed, kill := context.WithCancel(ctx)
		steps := 0
		err = intake.Run(killed, d, i.ID, func() clock.Instant { return now }, func(int, int) {
			if steps++; steps == 1 {
				kill()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the first run ends with %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM person`); n == 0 || n == 1150 {
			t.Fatalf("%d people are there when it is broken off", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM employed`); n != 0 {
			t.Errorf("%d are seen before all are there", n)
		}
		listed := func() int {
			_, total, err := people.List(ctx, d.Reader(), w.admin, people.Filter{PerPage: 10, Page: 1}, today)
			must(t, err)
			return total
		}
		if n := listed(); n != 0 {
			t.Errorf("%d are listed before all are there", n)
		}
		second, err := w.stage(w.admin, intake.Options{}, []byte(ten))
		must(t, err)
		if err := w.approve(second, false); fault.Of(err) == nil || fault.Of(err).Key != "intake.busy" {
			t.Errorf("another file at the same time gives %v", err)
		}
		unfinished, err := intake.Unfinished(ctx, d.Reader(), w.falun.ID)
		if err != nil || unfinished != i.ID {
			t.Fatalf("import %d is unfinished, %v", unfinished, err)
		}
		ends := make(chan error)
		for range 2 {
			go func() { ends <- intake.Run(ctx, d, i.ID, func() clock.Instant { return now }, nil) }()
		}
		must(t, errors.Join(<-ends, <-ends))
		if n := listed(); n != 1150 {
			t.Errorf("%d are listed when all are there", n)
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM person`:                                 1150,
			`SELECT COUNT(*) FROM employed`:                               1150,
			`SELECT COUNT(*) FROM account`:                                1150,
			`SELECT COUNT(*) FROM staff_number`:                           1150,
			`SELECT COUNT(*) FROM organisation WHERE name LIKE 'Enhet %'`: 7,
			`SELECT COUNT(*) FROM staff_import WHERE state = 'applied'`:   1,
		} {
			if got := w.count(query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
}

// What is said of a heading holds for the municipality's next file, until it is changed.
func TestWhatAHeadingMeansIsRemembered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const file = "staff_id,given_name,Arbetsställe,Skonummer\n1,Li,Båten,42\n"
		const folded = "staff_id,given_name,ARBETSSTÄLLE , skonummer\n2,Bo,Båten,43\n"
		key := func(err error) string {
			if f := fault.Of(err); f != nil {
				return f.Fields[0].Key
			}
			return fmt.Sprint(err)
		}
		if _, err := w.stage(w.admin, intake.Options{}, []byte(file)); key(err) != "intake.heading_unknown" {
			t.Fatal(err)
		}
		i, err := w.stage(w.admin, intake.Options{Chosen: map[string]string{"Arbetsställe": "unit", "Skonummer": "-"}}, []byte(file))
		must(t, err)
		if i.UnitsAdded != 1 {
			t.Errorf("%+v", i.Counts)
		}
		i, err = w.stage(w.admin, intake.Options{}, []byte(folded))
		must(t, err)
		if i.UnitsAdded != 1 {
			t.Errorf("the next file: %+v", i.Counts)
		}
		read, err := i.Headings(ctx, d.Reader())
		must(t, err)
		if diff := cmp.Diff([]intake.Heading{{Text: "ARBETSSTÄLLE", Means: intake.Unit, Remembered: true}, {Text: "skonummer", Means: intake.Ignored, Remembered: true}}, read); diff != "" {
			t.Error(diff)
		}
		// Another municipality has said nothing, and its administrator neither sees nor says it.
		if _, err := w.stage(access.System(), intake.Options{MunicipalityID: w.mora.ID}, []byte(file)); key(err) != "intake.heading_unknown" {
			t.Errorf("Mora's file: %v", err)
		}
		if _, err := row.HeadingsOf(ctx, d.Reader(), administrator(w.mora, 0), w.falun); !errors.Is(err, fault.NotFound) {
			t.Errorf("Mora's administrator is told: %v", err)
		}
		mean := func(viewer access.Viewer, heading string, means intake.Column) error {
			return d.Write(ctx, func(tx *db.Tx) error { return row.Mean(ctx, tx, viewer, w.falun, heading, means, w.at) })
		}
		if err := mean(administrator(w.mora, 0), "Skonummer", intake.Unit); !errors.Is(err, fault.NotFound) {
			t.Errorf("Mora's administrator says it: %v", err)
		}
		if err := mean(w.admin, "Skonummer", "skor"); key(err) != "intake.no_such_column" {
			t.Errorf("a column that is not there: %v", err)
		}
		must(t, mean(w.admin, "ARBETSSTÄLLE", intake.Ignored))
		i, err = w.stage(w.admin, intake.Options{}, []byte(folded))
		must(t, err)
		if i.UnitsAdded != 0 {
			t.Errorf("after the change: %+v", i.Counts)
		}
		must(t, mean(w.admin, "arbetsställe", ""))
		if _, err := w.stage(w.admin, intake.Options{}, []byte(folded)); key(err) != "intake.heading_unknown" {
			t.Errorf("what was forgotten: %v", err)
		}
	})
}
