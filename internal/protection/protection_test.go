package protection_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/protection"
)

var now = clock.Date(2026, 11, 23).At(9, 0)

// town is Falun with its people.
type town struct {
	*testing.T
	d      *db.DB
	falun  organisation.Organisation
	mora   organisation.Organisation
	unit   int64
	ada    int64 // administers Falun
	bo     int64 // administers it, too
	chief  int64 // leads the unit
	tyra   int64 // works in it
	others []int64
}

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	w := &town{T: t, d: d}
	must(t, errors.Join(jobs.Migrate(t.Context(), d), organisation.Install(t.Context(), d)))
	var err error
	w.falun, err = organisation.MunicipalityNamed(t.Context(), d.Reader(), "falun")
	must(t, err)
	w.mora, err = organisation.MunicipalityNamed(t.Context(), d.Reader(), "mora")
	must(t, err)
	w.write(func(tx *db.Tx) (err error) {
		w.unit, err = organisation.AddUnit(t.Context(), tx, access.System(), w.falun.ID, "Björkens hemtjänst")
		return err
	})
	w.ada, w.bo, w.chief = w.add("Ada", "Berg", w.falun.ID), w.add("Bo", "Alm", w.falun.ID), w.add("Cia", "Dal", w.unit)
	w.tyra = w.add("Tyra", "Zyxelqvist", w.unit)
	for i := range 3 {
		w.others = append(w.others, w.add("Eva", fmt.Sprintf("Ek%d", i), w.unit))
	}
	w.grant(w.ada, access.MunicipalAdmin, w.falun.ID)
	w.grant(w.bo, access.MunicipalAdmin, w.falun.ID)
	w.grant(w.chief, access.Manager, w.unit)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *town) write(f func(tx *db.Tx) error) {
	w.Helper()
	must(w.T, w.d.Write(w.Context(), f))
}

func (w *town) add(given, family string, at int64) (id int64) {
	w.Helper()
	w.write(func(tx *db.Tx) (err error) {
		id, err = people.Add(w.Context(), tx, access.System(), people.NewPerson{
			GivenName: given, FamilyName: family, Email: strings.ToLower(given + "." + family + "@example.org"),
		}, at, now.Day()-100, "Vårdare", now)
		return err
	})
	return id
}

func (w *town) grant(person int64, role access.Role, at int64) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := identity.Grant(w.Context(), tx, access.System(), person, role, at, now.Day()-50, now)
		return err
	})
}

// viewer is the person as they ask now, with what is open to them.
func (w *town) viewer(person int64, at clock.Instant) access.Viewer {
	w.Helper()
	v, _, err := identity.Viewer(w.Context(), w.d.Reader(), person, at.Day())
	must(w.T, err)
	v.Opened, err = protection.Opened(w.Context(), w.d.Reader(), v, at)
	must(w.T, err)
	return v
}

func (w *town) name(by, person int64) error {
	return w.d.Write(w.Context(), func(tx *db.Tx) error {
		return protection.Name(w.Context(), tx, w.viewer(by, now), w.falun, person, now)
	})
}

func (w *town) look(by int64, reason string, at clock.Instant) error {
	return w.d.Write(w.Context(), func(tx *db.Tx) error {
		return protection.Look(w.Context(), tx, w.viewer(by, at), w.falun, reason, at)
	})
}

func (w *town) mark(by, person int64, alias string) error {
	return protection.Mark(w.Context(), w.d, w.viewer(by, now), person, alias, now)
}

// sees tells whether the person may open the page of another.
func (w *town) sees(by, person int64, at clock.Instant) bool {
	w.Helper()
	_, err := people.Get(w.Context(), w.d.Reader(), w.viewer(by, at), person, at.Day())
	if err != nil && !errors.Is(err, fault.NotFound) {
		w.Fatal(err)
	}
	return err == nil
}

func is(err, want error) bool {
	if want == nil {
		return err == nil
	}
	f := fault.Of(want)
	if g := fault.Of(err); g != nil && f != nil && f.Key != "" {
		return g.Kind == f.Kind && g.Key == f.Key
	}
	return errors.Is(err, want)
}

func TestTheFirstIsNamedByAnAdministratorAndTheNextByThoseNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		for _, c := range []struct {
			what       string
			by, person int64
			want       error
		}{
			{"a manager names nobody first", w.chief, w.chief, fault.Forbidden},
			{"an employee cannot be named", w.ada, w.others[0], fault.Invalid("person", "protection.not_nameable")},
			{"an administrator names the first", w.ada, w.chief, nil},
			{"then no longer, not even themselves", w.bo, w.bo, fault.Conflict("protection.guarded")},
			{"nor whoever named the first", w.ada, w.ada, fault.Conflict("protection.guarded")},
			{"but those named do", w.chief, w.bo, nil},
			{"each once", w.chief, w.bo, fault.Conflict("protection.named_already")},
		} {
			if err := w.name(c.by, c.person); !is(err, c.want) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		for i := range 4 {
			id := w.add("Nr", fmt.Sprintf("Fler%d", i), w.falun.ID)
			w.grant(id, access.MunicipalAdmin, w.falun.ID)
			want := error(nil)
			if i == 3 {
				want = fault.Conflict("protection.few")
			}
			if err := w.name(w.chief, id); !is(err, want) {
				t.Errorf("number %d: %v", i+3, err)
			}
		}
	})
}

// Of many administrators who name themselves at once, one is named.
func TestOfManyWhoNameThemselvesFirstOneDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		all := []int64{w.ada, w.bo}
		for i := range 6 {
			id := w.add("Nr", fmt.Sprintf("Fler%d", i), w.falun.ID)
			w.grant(id, access.MunicipalAdmin, w.falun.ID)
			all = append(all, id)
		}
		viewers := make([]access.Viewer, len(all))
		for i, id := range all {
			viewers[i] = w.viewer(id, now)
		}
		var group sync.WaitGroup
		named := make([]bool, len(all))
		for i := range viewers {
			group.Go(func() {
				named[i] = d.Write(context.WithoutCancel(t.Context()), func(tx *db.Tx) error {
					return protection.Name(t.Context(), tx, viewers[i], w.falun, viewers[i].PersonID, now)
				}) == nil
			})
		}
		group.Wait()
		count := 0
		for _, n := range named {
			if n {
				count++
			}
		}
		if count != 1 {
			t.Errorf("%d were named", count)
		}
	})
}

func TestWhoIsMarkedIsHiddenFromAllButThoseNamedWhoSayWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		must(t, w.name(w.ada, w.ada))
		region := access.Viewer{PersonID: 1 << 40, Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: w.falun.RegionID, RegionID: w.falun.RegionID}}}
		operator := access.Viewer{PersonID: 1 << 40, Grants: []access.Grant{{Role: access.Operator, Level: access.Nation}}}
		everybody := func() (seen []string) {
			for who, v := range map[string]access.Viewer{
				"ada": w.viewer(w.ada, now), "bo": w.viewer(w.bo, now), "chief": w.viewer(w.chief, now), "tyra": w.viewer(w.tyra, now), "region": region, "operator": operator,
			} {
				if _, err := people.Get(t.Context(), d.Reader(), v, w.tyra, now.Day()); err == nil {
					seen = append(seen, who)
				}
				if err := people.Visible(t.Context(), d.Reader(), v, w.tyra, now.Day()); (err == nil) != (len(seen) > 0 && seen[len(seen)-1] == who) {
					t.Errorf("%s: Visible and Get disagree: %v", who, err)
				}
				if err := identity.Within(t.Context(), d.Reader(), access.HelpIn(v), w.tyra, now.Day()); err == nil && who != "ada" && who != "bo" && who != "region" && who != "operator" {
					t.Errorf("%s may help", who)
				}
			}
			return seen
		}
		if n := len(everybody()); n != 6 {
			t.Fatalf("before it %d see her", n)
		}
		if err := w.mark(w.bo, w.tyra, ""); !is(err, fault.NotFound) {
			t.Errorf("who is not named marks: %v", err)
		}
		if err := w.mark(w.ada, w.ada, ""); !is(err, fault.Conflict("protection.not_oneself")) {
			t.Errorf("oneself: %v", err)
		}
		if err := w.mark(w.ada, w.tyra, "Fru ZYXELqvist"); !is(err, fault.Invalid("alias", "protection.alias_tells")) {
			t.Errorf("an alias that tells: %v", err)
		}
		must(t, w.mark(w.ada, w.tyra, ""))
		if err := w.mark(w.ada, w.tyra, ""); !is(err, fault.NotFound) {
			t.Errorf("twice: %v", err)
		}
		if seen := everybody(); len(seen) != 1 || seen[0] != "tyra" {
			t.Errorf("she is seen by %v", seen)
		}

		// The list of those named needs a reason, and it holds for a while.
		if all, n, err := protection.List(t.Context(), d.Reader(), w.viewer(w.ada, now), w.falun.Place(), now); err != nil || n != 1 || len(all) != 0 {
			t.Errorf("closed: %v %d %v", all, n, err)
		}
		if err := w.look(w.bo, "vill veta", now); !is(err, fault.NotFound) {
			t.Errorf("who is not named looks: %v", err)
		}
		if err := w.look(w.ada, "  ", now); !is(err, fault.Invalid("reason", "protection.reason_missing")) {
			t.Errorf("without a reason: %v", err)
		}
		must(t, w.look(w.ada, "byter arbetsplats", now))
		all, n, err := protection.List(t.Context(), d.Reader(), w.viewer(w.ada, now), w.falun.Place(), now)
		if err != nil || n != 1 || len(all) != 1 || all[0].Name() != "Tyra Zyxelqvist" || all[0].Unit != "Björkens hemtjänst" || !strings.HasPrefix(all[0].Alias, "Deltagare ") {
			t.Errorf("open: %+v %d %v", all, n, err)
		}
		for at, want := range map[clock.Instant]bool{now: true, now.Add(protection.Span) - 1: true, now.Add(protection.Span): false} {
			if got := w.sees(w.ada, w.tyra, at); got != want {
				t.Errorf("at %v it is open: %v", at, got)
			}
		}
		if w.sees(w.bo, w.tyra, now) {
			t.Error("it opens to another")
		}
		own, err := protection.OwnOf(t.Context(), d.Reader(), w.viewer(w.tyra, now), 10)
		if err != nil || own.Alias != all[0].Alias || len(own.Looks) != 1 || own.Looks[0].Reason != "byter arbetsplats" || own.Looks[0].By != "Ada Berg" {
			t.Errorf("her own: %+v %v", own, err)
		}
		if log, err := db.Row(t.Context(), d.Reader(), db.One[int], `SELECT COUNT(*) FROM audit_entry WHERE subject_id = $1 AND actor_id = $2 AND kind = 'protected' AND act = 'read'`, w.tyra, w.ada); err != nil || log != 1 {
			t.Errorf("the audit has %d looks: %v", log, err)
		}
		w.write(func(tx *db.Tx) error { return protection.Close(t.Context(), tx, w.viewer(w.ada, now+1), now+1) })
		if w.sees(w.ada, w.tyra, now+2) {
			t.Error("closed, and still open")
		}
	})
}

// No row of any table but her own says what she is called, and the texts that named her have
// the alias; afterwards she is who she was.
func TestTheNameStandsInOnePlaceAndComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		must(t, w.name(w.ada, w.ada))
		w.write(func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `INSERT INTO person_letter (person_id, kind, subject, body, made_at) VALUES ($1, 'x', 'Tyra Zyxelqvist har fått plats', 'Hälsa Tyra Zyxelqvist.', 0)`, w.chief)
			return err
		})
		list := func(v access.Viewer, name string) (found []string) {
			t.Helper()
			rows, _, err := people.List(t.Context(), d.Reader(), v, people.Filter{Name: name}, now.Day())
			must(t, err)
			for _, r := range rows {
				found = append(found, r.Name())
			}
			return found
		}
		if got := list(w.viewer(w.chief, now), "zyxel"); len(got) != 1 {
			t.Fatalf("before it she is found: %v", got)
		}
		must(t, w.mark(w.ada, w.tyra, "Deltagare B2C3D"))
		for _, table := range []string{"person", "person_word", "person_letter", "employment"} {
			column := map[string]string{"person": "given_name || family_name", "person_word": "word", "person_letter": "subject || body", "employment": "title"}[table]
			rows, err := db.Rows(t.Context(), d.Reader(), db.One[string], `SELECT `+column+` FROM `+table)
			must(t, err)
			for _, r := range rows {
				if strings.Contains(strings.ToLower(r), "zyxel") {
					t.Errorf("%s still says %q", table, r)
				}
			}
		}
		if body, err := db.Row(t.Context(), d.Reader(), db.One[string], `SELECT body FROM person_letter WHERE person_id = $1`, w.chief); err != nil || body != "Hälsa Deltagare B2C3D." {
			t.Errorf("the letter says %q %v", body, err)
		}
		for who, v := range map[string]access.Viewer{"chief": w.viewer(w.chief, now), "bo": w.viewer(w.bo, now)} {
			for _, typed := range []string{"zyxel", "B2C3D", "tyra", ""} {
				for _, name := range list(v, typed) {
					if strings.Contains(name, "Zyxel") || strings.Contains(name, "Deltagare") {
						t.Errorf("%s finds %q by %q", who, name, typed)
					}
				}
			}
		}
		// What she is called changes where it stands, and the address where she signs in.
		must(t, w.look(w.ada, "nytt namn", now))
		w.write(func(tx *db.Tx) error {
			moved, err := people.Correct(t.Context(), tx, w.viewer(w.ada, now), w.tyra, people.NewPerson{GivenName: "Tyra", FamilyName: "Zyxel-Ny", Email: "ny@example.org"}, now)
			if err == nil && !moved {
				t.Error("the address did not move")
			}
			return err
		})
		if p, err := people.Get(t.Context(), d.Reader(), w.viewer(w.tyra, now), w.tyra, now.Day()); err != nil || p.Name() != "Tyra Zyxel-Ny" || p.Alias != "Deltagare B2C3D" || p.Email != "ny@example.org" {
			t.Errorf("she reads %+v %v", p.Person, err)
		}
		if got := list(w.viewer(w.bo, now), "ny@example.org"); len(got) != 0 {
			t.Errorf("her address finds %v", got)
		}
		w.write(func(tx *db.Tx) error { return protection.Unmark(t.Context(), tx, w.viewer(w.ada, now), w.tyra, now) })
		if got := list(w.viewer(w.chief, now), "zyxel"); len(got) != 1 || got[0] != "Zyxel-Ny, Tyra" {
			t.Errorf("afterwards she is %v", got)
		}
	})
}

// The last one named stays while somebody is marked; who moves is looked after where they
// work.
func TestSomebodyAlwaysLooksAfterThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		must(t, w.name(w.ada, w.ada))
		guards, err := protection.Guards(t.Context(), d.Reader(), w.viewer(w.ada, now), w.falun.Place(), now.Day())
		must(t, err)
		end := func(at clock.Instant) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				return protection.End(t.Context(), tx, w.viewer(w.ada, at), w.falun, guards[0].ID, at)
			})
		}
		must(t, w.mark(w.ada, w.tyra, ""))
		if err := end(now); !is(err, fault.Conflict("protection.last")) {
			t.Errorf("the last one ends: %v", err)
		}
		must(t, w.look(w.ada, "flyttar", now))
		w.write(func(tx *db.Tx) error {
			return people.Employ(t.Context(), tx, w.viewer(w.ada, now), w.tyra, w.mora.ID, now.Day()+1, "Vårdare")
		})
		tomorrow := (now.Day() + 1).At(9, 0)
		must(t, w.look(w.ada, "är hon kvar?", tomorrow))
		if w.sees(w.ada, w.tyra, tomorrow) {
			t.Error("the old municipality sees her at the new one")
		}
		must(t, end(tomorrow))
		eva := w.add("Moa", "Lind", w.mora.ID)
		w.grant(eva, access.MunicipalAdmin, w.mora.ID)
		if w.sees(eva, w.tyra, tomorrow) {
			t.Error("the new one's administrator sees her without being named")
		}
		w.write(func(tx *db.Tx) error {
			return protection.Name(t.Context(), tx, w.viewer(eva, tomorrow), w.mora, eva, tomorrow)
		})
		w.write(func(tx *db.Tx) error {
			return protection.Look(t.Context(), tx, w.viewer(eva, tomorrow), w.mora, "ny hos oss", tomorrow)
		})
		if !w.sees(eva, w.tyra, tomorrow) {
			t.Error("those named at the new one do not see her")
		}
		// Whoever loses the office loses what they were named for.
		w.write(func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE role_grant SET to_day = $2 WHERE person_id = $1`, eva, tomorrow.Day()-1)
			return err
		})
		if w.sees(eva, w.tyra, tomorrow) {
			t.Error("without an office she is still seen")
		}
	})
}
