package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/people"
)

// doubtful has a row of each kind that waits: two people, another number, a namesake, an address
// of somebody without an employment, a number of an unknown century.
const doubtful = "staff_id,given_name,family_name,email,profession,personal_number\n" +
	"1,Åsa,Öberg,bjorn@falun.example,Chef,\n" +
	"99,Nils,Ek,nils@falun.example,Lärare,\n" +
	"50,Pia,Namne,,Kock,\n" +
	"51,Nan,Nation,nan@nation.example,,\n" +
	"6,Örjan,Lind,,Vakt,1203021231\n"

func newDoubt(t *testing.T, d *db.DB) (w *world, pia int64) {
	t.Helper()
	w = newWorld(t, d)
	w.took(intake.Options{}, ten)
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		pia, err = people.Add(ctx, tx, w.admin, people.NewPerson{GivenName: "Pia", FamilyName: "Namne"}, w.falun.ID, today-10, "", now)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO person (given_name, family_name, email, sort_key, created_at) SELECT 'Nan', 'Nation', 'nan@nation.example', sort_key, 0 FROM person WHERE id = $1`, pia)
		return err
	}))
	w.at = now.Add(24 * 3600e9)
	return w, pia
}

func (w *world) decide(viewer access.Viewer, i intake.Import, line int, person int64) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return intake.Decide(ctx, tx, viewer, i.ID, line, person, w.at) })
}

func (w *world) idOf(email string) int64 {
	w.Helper()
	id, err := identity.ByEmail(ctx, w.d.Reader(), email)
	must(w, err)
	return id
}

// Each kind of row that waits is decided by a person, before the file is applied and after, and
// ends the same.
func TestEachKindOfDoubtIsDecidedByAPerson(t *testing.T) {
	for _, applied := range []bool{false, true} {
		t.Run(fmt.Sprintf("applied %v", applied), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w, pia := newDoubt(t, d)
				i, err := w.stage(w.admin, intake.Options{}, []byte(doubtful))
				must(t, err)
				if got := counts(i); got != "held 5" {
					t.Fatal(got, w.problems(i, intake.Hold))
				}
				if applied {
					must(t, w.approve(i, true))
					w.run(i)
				}
				rows, err := intake.RowsOf(ctx, d.Reader(), i.ID, intake.Hold, 0, 100)
				must(t, err)
				candidates, err := i.Candidates(ctx, d.Reader(), rows)
				must(t, err)
				var names []string
				for _, c := range candidates {
					of := ""
					for _, each := range c {
						of += each.Name + " "
					}
					names = append(names, strings.TrimSpace(of))
				}
				// Who works nowhere is told to nobody.
				if got, want := strings.Join(names, "; "), "Åsa Öberg Björn Ärlig; Nils Ek; Pia Namne; ; Örjan Lind"; got != want {
					t.Errorf("the candidates are %q, want %q", got, want)
				}
				bjorn, nils, orjan := w.idOf("bjorn@falun.example"), w.idOf("nils@falun.example"), w.idOf("orjan@falun.example")
				for name, err := range map[string]error{
					"somebody who is no candidate": w.decide(w.admin, i, 2, nils),
					"a line that does not wait":    w.decide(w.admin, i, 9, 0),
				} {
					if f := fault.Of(err); f == nil || f.Key != "intake.nothing_to_decide" {
						t.Errorf("%s: %v", name, err)
					}
				}
				if err := w.decide(administrator(w.mora, 0), i, 2, bjorn); !errors.Is(err, fault.NotFound) {
					t.Errorf("Mora's administrator decides: %v", err)
				}
				must(t, errors.Join(
					w.decide(w.admin, i, 2, bjorn), // and not Åsa's number
					w.decide(w.admin, i, 3, nils),  // one number more
					w.decide(w.admin, i, 4, pia),
					w.decide(w.admin, i, 5, 0), // without the address
					w.decide(w.admin, i, 6, orjan),
				))
				if err := w.decide(w.admin, i, 4, 0); fault.Of(err) == nil || fault.Of(err).Key != "intake.nothing_to_decide" {
					t.Errorf("it is decided twice: %v", err)
				}
				i, err = intake.ByID(ctx, d.Reader(), access.System(), i.ID)
				must(t, err)
				if got := counts(i); got != "added 1, changed 4" {
					t.Error(got)
				}
				if !applied {
					must(t, w.approve(i, true))
					w.run(i)
				}
				staff := strings.Join(w.staff(w.falun, w.at.Day()), "\n")
				for _, want := range []string{
					"Åsa Öberg, asa@falun.example, Hemtjänst Norr, Undersköterska", "Åsa Öberg, bjorn@falun.example, Hemtjänst Norr, Chef", // the row's name is Björn's now
					"Nils Ek, nils@falun.example, Falun, Lärare", "Pia Namne, , Falun, Kock", "Nan Nation, , Falun, ", "Örjan Lind, orjan@falun.example, Båten, Vakt",
				} {
					if !strings.Contains(staff, want) {
						t.Errorf("%q is not among\n%s", want, staff)
					}
				}
				if n := w.count(`SELECT COUNT(*) FROM staff_number WHERE person_id = $1`, nils) + w.count(`SELECT COUNT(*) FROM staff_number WHERE person_id = $1 AND number = '50'`, pia); n != 3 {
					t.Errorf("%d numbers, want two of Nils's and one of Pia's", n)
				}
				if n := w.count(`SELECT COUNT(*) FROM person WHERE given_name = 'Nan'`); n != 2 {
					t.Errorf("%d are called Nan, want who was there and who is new", n)
				}
				if n := w.count(`SELECT COUNT(*) FROM staff_import_row WHERE decided_at IS NOT NULL`); n != 5 {
					t.Errorf("%d rows are written down as decided", n)
				}
			})
		})
	}
}

// Of many who decide at once one does.
func TestARowIsDecidedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, pia := newDoubt(t, d)
		i, err := w.stage(w.admin, intake.Options{}, []byte(doubtful))
		must(t, err)
		must(t, w.approve(i, true))
		w.run(i)
		before := w.count(`SELECT COUNT(*) FROM person`)
		ends := make(chan error)
		for n := range 8 {
			go func() { ends <- w.decide(w.admin, i, 4, []int64{0, pia}[n%2]) }()
		}
		done := 0
		for range 8 {
			switch err := <-ends; {
			case err == nil:
				done++
			case fault.Of(err) == nil || fault.Of(err).Key != "intake.nothing_to_decide":
				t.Errorf("who is late is told %v", err)
			}
		}
		if more := w.count(`SELECT COUNT(*) FROM person`) - before; done != 1 || more > 1 {
			t.Errorf("%d decided, %d people more", done, more)
		}
	})
}
