package undo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/undo"
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

// world is a database with the country.
type world struct {
	*testing.T
	d       *db.DB
	falun   organisation.Organisation
	journey catalogue.Journey
	at      clock.Instant
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	must(t, errors.Join(organisation.Install(ctx, d), catalogue.Install(ctx, d), jobs.Migrate(ctx, d)))
	w := &world{T: t, d: d, at: now}
	var err error
	w.falun, err = organisation.MunicipalityNamed(ctx, d.Reader(), "2080")
	must(t, err)
	w.journey, err = catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	must(t, err)
	return w
}

func (w *world) clock() clock.Instant { return w.at }

// took reads the file in.
func (w *world) took(o intake.Options, file string) intake.Import {
	w.Helper()
	o.MunicipalityID = w.falun.ID
	i, err := intake.Stage(ctx, w.d, access.System(), o, bytes.NewReader([]byte(file)), w.at, nil)
	must(w, err)
	if i.Rejected+i.Held > 0 {
		w.Fatalf("%d rows are rejected, %d wait", i.Rejected, i.Held)
	}
	must(w, w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := intake.Approve(ctx, tx, access.System(), i.ID, true, w.at)
		return err
	}))
	must(w, intake.Run(ctx, w.d, i.ID, w.clock, nil))
	return w.again(i)
}

// again is the import as it is now.
func (w *world) again(i intake.Import) intake.Import {
	w.Helper()
	i, err := intake.ByID(ctx, w.d.Reader(), access.System(), i.ID)
	must(w, err)
	return i
}

func (w *world) start(i intake.Import) error {
	return w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := undo.Start(ctx, tx, access.System(), i.ID, w.at)
		return err
	})
}

// undone takes the import back, and tells what it came to; that has to be what was foreseen.
func (w *world) undone(i intake.Import) string {
	w.Helper()
	before, err := undo.Foresee(ctx, w.d.Reader(), i)
	must(w, err)
	must(w, w.start(i))
	must(w, undo.Run(ctx, w.d, i.ID, w.clock, nil))
	i = w.again(i)
	if i.State != intake.Undone {
		w.Fatalf("the import is %s", i.State)
	}
	after, err := undo.Foresee(ctx, w.d.Reader(), i)
	must(w, err)
	if diff := cmp.Diff(before, after); diff != "" {
		w.Errorf("it came to something else than what was foreseen:\n%s", diff)
	}
	var parts []string
	for _, o := range undo.Outcomes {
		if after[o] > 0 {
			parts = append(parts, fmt.Sprint(o, " ", after[o]))
		}
	}
	return strings.Join(parts, ", ")
}

// facts are all that an import can change, as text, to compare.
func (w *world) facts() map[string][]string {
	w.Helper()
	all := map[string][]string{}
	for name, query := range map[string]string{
		"person":     `SELECT id || ' ' || given_name || ' ' || family_name || ' ' || COALESCE(email, '-') FROM person ORDER BY id`,
		"word":       `SELECT person_id || ' ' || word FROM person_word ORDER BY person_id, word`,
		"number":     `SELECT person_id || ' ' || number FROM staff_number ORDER BY number`,
		"employment": `SELECT person_id || ' ' || organisation_id || ' ' || title || ' ' || form || ' ' || agency || ' ' || from_day || ' ' || COALESCE(CAST(to_day AS TEXT), '-') || ' ' || CASE WHEN main THEN 'main' ELSE '' END FROM employment ORDER BY person_id, from_day`,
		"account":    `SELECT person_id || ' ' || opened_on || ' ' || COALESCE(CAST(closed_on AS TEXT), '-') || ' ' || COALESCE(CAST(profession_since AS TEXT), '-') FROM account ORDER BY person_id`,
		"role":       `SELECT account_id || ' ' || role || ' ' || COALESCE(CAST(to_day AS TEXT), '-') FROM account_role ORDER BY account_id, role`,
		"right":      `SELECT person_id || ' ' || role || ' ' || organisation_id || ' ' || COALESCE(CAST(to_day AS TEXT), '-') FROM role_grant ORDER BY person_id, role`,
		"unit":       `SELECT name FROM organisation WHERE kind = 'unit' ORDER BY name`,
	} {
		rows, err := db.Rows(ctx, w.d.Reader(), db.One[string], query)
		if err != nil {
			w.Fatalf("%s: %v", name, err)
		}
		all[name] = rows
	}
	return all
}

func (w *world) person(email string) int64 {
	w.Helper()
	id, err := identity.ByEmail(ctx, w.d.Reader(), email)
	must(w, err)
	return id
}

func (w *world) do(query string, args ...any) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	}))
}

const first = heading +
	"1,Åsa,Öberg,asa@falun.example,Norr,Undersköterska,permanent,2024-01-15,,2019-06-01,manager\n" +
	"2,Björn,Ärlig,bjorn@falun.example,Norr,Vårdbiträde,hourly,2025-01-15,,,\n" +
	"3,Märta,Åkerström,marta@falun.example,Söder,Stödassistent,fixed_term,2026-01-15,2026-12-31,,\n" +
	"4,Émile,Östlund,emile@falun.example,Söder,,,,,,\n" +
	"5,Nils,Ek,nils@falun.example,,,,,,,\n"

// Everything that a file can do, and then nothing of it is left.
func TestAnImportIsTakenBackWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		empty := w.facts()
		o := intake.Options{JourneyID: w.journey.ID}
		alone := w.took(o, first)
		if got := w.undone(alone); got != "removed 5" {
			t.Error(got)
		}
		if diff := cmp.Diff(empty, w.facts()); diff != "" {
			t.Errorf("something is left:\n%s", diff)
		}
		if err := w.start(w.again(alone)); fault.Of(err) == nil || fault.Of(err).Key != "intake.undo_not_now" {
			t.Errorf("it is taken back twice: %v", err)
		}

		w.took(o, first)
		w.at = now.Add(24 * 3600e9)
		before := w.facts()
		second := w.took(intake.Options{JourneyID: w.journey.ID, EndMissing: true}, heading+
			"1,Åsa,Björk,asa@falun.example,Norr,Undersköterska,permanent,2024-02-01,,2018-06-01,trainer\n"+ // another name, first day, role
			"2,Björn,Ärlig,ny@falun.example,Väster,Vårdbiträde,hourly,,,,manager\n"+ // moves, leads a unit that was not there
			"3,Märta,Åkerström,,Söder,Stödassistent,fixed_term,,2026-03-01,,\n"+ // has left
			"4,Émile,Östlund,,Söder,#töm,,,2026-06-30,,\n"+
			"6,Ny,Person,nyperson@falun.example,Väster,,,,,,\n") // Nils is missing: he has left
		if second.Changed == 0 || second.Ended != 2 || second.Added != 1 {
			t.Fatalf("the second file: %+v", second.Counts)
		}
		if got := w.undone(second); got != "removed 1, restored 5" {
			t.Error(got)
		}
		if diff := cmp.Diff(before, w.facts()); diff != "" {
			t.Errorf("it is not as it was:\n%s", diff)
		}
		// The same file can be read in again, and does the same.
		third := w.took(intake.Options{JourneyID: w.journey.ID, EndMissing: true}, heading+"6,Ny,Person,nyperson@falun.example,Väster,,,,,,\n")
		if third.Added != 1 || third.Ended != 5 {
			t.Errorf("again: %+v", third.Counts)
		}
	})
}

// Who goes on without a last day comes from no agency any more, until that is taken back.
func TestWhoCameFromAnAgencyDoesSoAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{}, heading+"1,Li,Wu,li@falun.example,Norr,,,2026-01-15,2026-12-31,,\n")
		w.do(`UPDATE employment SET agency = 'Bemanning i Exempel AB'`)
		before := w.facts()
		w.at = now.Add(24 * 3600e9)
		second := w.took(intake.Options{}, heading+"1,Li,Wu,li@falun.example,Norr,,,,#töm,,\n")
		if got := strings.Join(w.facts()["employment"], "\n"); strings.Contains(got, "Bemanning") {
			t.Errorf("without a last day: %s", got)
		}
		if got := w.undone(second); got != "restored 1" {
			t.Error(got)
		}
		if diff := cmp.Diff(before, w.facts()); diff != "" {
			t.Errorf("it is not as it was:\n%s", diff)
		}
	})
}

// What others have done since stays.
func TestWhatWasChangedOrUsedSinceStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{JourneyID: w.journey.ID}, first)
		w.at = now.Add(24 * 3600e9)
		i := w.took(intake.Options{JourneyID: w.journey.ID}, heading+
			"1,Åsa,Björk,asa.bjork@falun.example,Norr,Undersköterska,permanent,,,,\n"+
			"2,Björn,Ärlig,,Väster,Vårdbiträde,hourly,,,,\n"+
			"6,In,Loggad,inne@falun.example,Väster,,,,,,\n"+
			"7,Inte,Använd,inte@falun.example,Öster,,,,,,\n")
		w.at = now.Add(48 * 3600e9)
		asa, in := w.person("asa.bjork@falun.example"), w.person("inne@falun.example")
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := people.Correct(ctx, tx, access.System(), asa, people.NewPerson{GivenName: "Åsa", FamilyName: "Björk Lind", Email: "asa.bjork@falun.example"}, w.at)
			return err
		}))
		w.do(`INSERT INTO last_sign_in (person_id, at) VALUES ($1, $2)`, in, w.at)
		// Nobody may have the old address: it was given to somebody else.
		if got := w.undone(i); got != "removed 1, ended 1, restored 2" {
			t.Error(got)
		}
		lines := []int{2, 3, 4, 5}
		effects, err := undo.Effects(ctx, d.Reader(), w.again(i), lines)
		must(t, err)
		got := ""
		for _, line := range lines {
			got += fmt.Sprintln(line, effects[line].Outcome, effects[line].Stays)
		}
		if want := "2 restored [name]\n3 restored []\n4 ended []\n5 removed []\n"; got != want {
			t.Errorf("the rows came to\n%swant\n%s", got, want)
		}
		facts := w.facts()
		if got := strings.Join(facts["person"], "\n"); !strings.Contains(got, "Åsa Björk Lind asa@falun.example") || strings.Contains(got, "Använd") || !strings.Contains(got, "Loggad") {
			t.Errorf("the people are\n%s", got)
		}
		// Who has signed in has left; their unit is there still, the empty one is gone.
		if diff := cmp.Diff([]string{"Norr", "Söder", "Väster"}, facts["unit"]); diff != "" {
			t.Error(diff)
		}
		runs, err := db.Row(ctx, d.Reader(), db.One[bool], `SELECT EXISTS (SELECT 1 FROM employment WHERE person_id = $1 AND (to_day IS NULL OR to_day >= $2))`, in, w.at.Day())
		if err != nil || runs {
			t.Errorf("who has signed in works there still: %v, %v", runs, err)
		}
	})
}

// An address that somebody else has got meanwhile stays theirs, and what the database holds of
// somebody who seemed unused lets them leave instead of go.
func TestConstraintsHaveTheLastWord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{}, first)
		w.at = now.Add(24 * 3600e9)
		i := w.took(intake.Options{}, heading+
			"2,Björn,Ärlig,ny@falun.example,,,,,,,\n"+
			"6,Har,Brev,brev@falun.example,Väster,,,,,,\n"+
			"7,Inte,Använd,inte@falun.example,Öster,,,,,,\n")
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Bo", FamilyName: "Rask", Email: "bjorn@falun.example"}, w.falun.ID, today, "", w.at)
			return err
		}))
		w.do(`INSERT INTO person_letter (person_id, kind, subject, body, made_at) VALUES ($1, 'chased', 's', 'b', $2)`, w.person("brev@falun.example"), w.at)
		must(t, w.start(i))
		must(t, undo.Run(ctx, d, i.ID, w.clock, nil))
		lines := []int{2, 3, 4}
		effects, err := undo.Effects(ctx, d.Reader(), w.again(i), lines)
		must(t, err)
		got := ""
		for _, line := range lines {
			got += fmt.Sprintln(line, effects[line].Outcome, effects[line].Stays)
		}
		if want := "2 kept [email]\n3 ended []\n4 removed []\n"; got != want {
			t.Errorf("the rows came to\n%swant\n%s", got, want)
		}
	})
}

// A municipality's administrator cannot give the right of one back, nor the address of one.
func TestTakingBackGivesNobodyMoreThanOneMayGive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.took(intake.Options{}, first)
		var admin int64
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			admin, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Ada", FamilyName: "Admin", Email: "ada@falun.example"}, w.falun.ID, today, "", now)
			if err == nil {
				_, err = identity.Grant(ctx, tx, access.System(), admin, access.MunicipalAdmin, w.falun.ID, today, now)
			}
			if err == nil {
				_, err = identity.Grant(ctx, tx, access.System(), w.person("nils@falun.example"), access.MunicipalAdmin, w.falun.ID, today, now)
			}
			return err
		}))
		w.at = now.Add(24 * 3600e9)
		i := w.took(intake.Options{}, "staff_id,given_name,family_name,employed_until\n5,Nils,Ek,2026-03-02\n1,Åsa,Öberg,2026-03-02\n")
		_ = i
		w.at = now.Add(72 * 3600e9)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			viewer, _, err := identity.Viewer(ctx, tx, admin, w.at.Day())
			if err == nil {
				_, err = undo.Start(ctx, tx, viewer, i.ID, w.at)
			}
			return err
		}))
		must(t, undo.Run(ctx, d, i.ID, w.clock, nil))
		running, err := db.Rows(ctx, d.Reader(), db.One[string], `
			SELECT p.given_name || ' ' || g.role
			FROM role_grant AS g
			JOIN person AS p ON p.id = g.person_id
			WHERE g.to_day IS NULL
			ORDER BY 1`)
		must(t, err)
		if diff := cmp.Diff([]string{"Ada municipal_admin", "Åsa manager"}, running); diff != "" {
			t.Error(diff)
		}
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM employment WHERE to_day IS NULL AND from_day < '2026-03-03'`); err != nil || n != 5 {
			t.Errorf("%d work there, %v", n, err)
		}
	})
}

// Broken off anywhere it goes on where it stopped, also when two go on with it at once.
func TestTakingBackThatIsBrokenOffGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		empty := w.facts()
		var file strings.Builder
		file.WriteString(heading)
		for n := range 120 {
			fmt.Fprintf(&file, "%d,Anna,Ek %d,p%d@falun.example,Enhet %d,,,,,,\n", n, n, n, n%7)
		}
		i := w.took(intake.Options{JourneyID: w.journey.ID}, file.String())
		must(t, w.start(i))
		if err := w.start(i); fault.Of(err) == nil {
			t.Errorf("it is begun twice: %v", err)
		}
		killed, kill := context.WithCancel(ctx)
		err := undo.Run(killed, d, i.ID, w.clock, func(done, total int) {
			if done >= 50 {
				kill()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the first run ends with %v", err)
		}
		if n := len(w.facts()["person"]); n == 0 || n == 120 {
			t.Fatalf("%d people are there when it is broken off", n)
		}
		ends := make(chan error)
		for range 2 {
			go func() { ends <- undo.Run(ctx, d, i.ID, w.clock, nil) }()
		}
		must(t, errors.Join(<-ends, <-ends))
		if diff := cmp.Diff(empty, w.facts()); diff != "" {
			t.Errorf("something is left:\n%s", diff)
		}
	})
}
