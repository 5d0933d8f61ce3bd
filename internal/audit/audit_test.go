package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
)

var (
	now   = clock.Date(2026, 11, 23).At(9, 0)
	anna  = access.Viewer{PersonID: 1, Name: "Anna"}
	bo    = access.Viewer{PersonID: 2, Name: "Bo"}
	quiet = slog.New(slog.DiscardHandler)
)

// country has the people Anna (1) and Bo (2); Anna works in Falun.
func country(t *testing.T, d *db.DB) (falun int64) {
	t.Helper()
	do(t, d, `INSERT INTO organisation (id, kind, parent_id, region_id, municipality_id, slug, name, sort_key) VALUES
		(1, 'nation', NULL, NULL, NULL, 'sverige', 'Sverige', 's'), (2, 'region', 1, 2, NULL, 'dalarna', 'Dalarna', 'd'), (3, 'municipality', 2, 2, 3, 'falun', 'Falun', 'f')`)
	do(t, d, `INSERT INTO person (id, given_name, family_name, sort_key, created_at) VALUES (1, 'Anna', 'Ask', 'a', 0), (2, 'Bo', 'Ek', 'b', 0)`)
	do(t, d, `INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, sort_key, from_day) VALUES (1, 3, 2, 3, 'a', '2024-01-01')`)
	return 3
}

func do(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, d *db.DB, viewer access.Viewer, kind audit.Kind, people ...int64) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return audit.Changed(t.Context(), tx, viewer, kind, people...) }); err != nil {
		t.Fatal(err)
	}
}

func entries(t *testing.T, d *db.DB) []audit.Entry {
	t.Helper()
	all, err := audit.Between(t.Context(), d.Reader(), access.System(), access.Place{}, clock.Date(2000, 1, 1), clock.Date(2200, 1, 1), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnEntrySaysWhoDidWhatToWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		falun := country(t, d)
		change(t, d, bo, audit.Employment, 1, 1, 2, 0)
		change(t, d, access.Viewer{TokenID: 7}, audit.Person, 1)
		change(t, d, access.System(), audit.Seat, 2)
		r := audit.NewRecorder(d, quiet)
		r.Record(t.Context(), bo, audit.Read, audit.Person, "/people/{person}", 1)
		r.Record(t.Context(), anna, audit.Read, audit.Person, "/people/{person}", 1) // her own
		r.Record(t.Context(), access.Viewer{PersonID: 1, SeenBy: 2}, audit.Read, audit.Support, "/my/journey", 1)

		want := []audit.Entry{
			{Act: audit.Altered, Kind: audit.Employment, SubjectID: 1, MunicipalityID: falun, ActorID: 2},
			{Act: audit.Altered, Kind: audit.Employment, SubjectID: 2, ActorID: 2},
			{Act: audit.Altered, Kind: audit.Person, SubjectID: 1, MunicipalityID: falun, TokenID: 7},
			{Act: audit.Altered, Kind: audit.Seat, SubjectID: 2},
			{Act: audit.Read, Kind: audit.Person, SubjectID: 1, MunicipalityID: falun, ActorID: 2, Page: "/people/{person}"},
			{Act: audit.Read, Kind: audit.Support, SubjectID: 1, MunicipalityID: falun, ActorID: 2, BehalfID: 1, Page: "/my/journey"},
		}
		got := entries(t, d)
		for i := range got {
			if got[i].At <= 0 {
				t.Errorf("entry %d has no time", i)
			}
			got[i].ID, got[i].At = 0, 0
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%v, want\n%v", got, want)
		}
	})
}

func TestTheAuditIsOnlyAddedTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		change(t, d, bo, audit.Person, 1)
		if _, err := audit.Seal(t.Context(), d, now); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{
			`UPDATE audit_entry SET actor_id = 1`, `DELETE FROM audit_entry`, `UPDATE audit_seal SET sealed_at = 1`, `DELETE FROM audit_seal`,
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, statement)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "only added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
}

// unlocked lets the test do what somebody with the database in their hands can do.
func unlocked(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if d.Engine == db.Postgres {
		do(t, d, `ALTER TABLE audit_entry DISABLE TRIGGER ALL`)
		do(t, d, `ALTER TABLE audit_seal DISABLE TRIGGER ALL`)
	} else {
		for _, name := range []string{"audit_entry_stays", "audit_entry_is_kept", "audit_seal_stays", "audit_seal_is_kept"} {
			do(t, d, `DROP TRIGGER IF EXISTS `+name)
		}
	}
	do(t, d, statement)
}

func TestWhereTheChainBreaksIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		broken    int64 // seal
	}{
		"nothing was touched":      {`UPDATE audit_entry SET actor_id = actor_id`, 0},
		"another did it":           {`UPDATE audit_entry SET actor_id = 1 WHERE id = 3`, 2},
		"a row was taken away":     {`DELETE FROM audit_entry WHERE id = 1`, 1},
		"a row was put before all": {`INSERT INTO audit_entry (id, act, kind, subject_id) VALUES (-1, 'read', 'person', 1)`, 1},
		"a time was changed":       {`UPDATE audit_entry SET at = at + 1 WHERE id = 5`, 3},
		"a seal was taken away":    {`DELETE FROM audit_seal WHERE id = 2`, 3},
		"a seal was changed":       {`UPDATE audit_seal SET hash = 'x' WHERE id = 1`, 1},
		"what is not sealed is so": {`UPDATE audit_entry SET actor_id = 1 WHERE id = 7`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				country(t, d)
				for range 3 {
					change(t, d, bo, audit.Person, 1, 2)
					if n, err := audit.Seal(t.Context(), d, now); n != 2 || err != nil {
						t.Fatalf("%d were sealed, %v", n, err)
					}
				}
				change(t, d, bo, audit.Person, 1)
				unlocked(t, d, c.statement)
				v, err := audit.Verify(t.Context(), d.Reader(), "")
				if err != nil {
					t.Fatal(err)
				}
				var broken int64
				if v.Broken != nil {
					broken = v.Broken.Seal
				}
				if broken != c.broken || v.Whole() != (c.broken == 0) {
					t.Errorf("seal %d is broken, want %d: %+v", broken, c.broken, v)
				}
				if c.broken == 0 && (v.Entries != 6 || v.Seals != 3 || v.Unsealed != 1) {
					t.Errorf("got %+v", v)
				}
			})
		})
	}
}

func TestWhoSealsEverythingAnewIsFoundByANotedSeal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		change(t, d, bo, audit.Person, 1)
		if _, err := audit.Seal(t.Context(), d, now); err != nil {
			t.Fatal(err)
		}
		v, err := audit.Verify(t.Context(), d.Reader(), "")
		if err != nil || !v.Whole() {
			t.Fatalf("%+v, %v", v, err)
		}
		noted := v.Hash
		if v, err = audit.Verify(t.Context(), d.Reader(), noted); err != nil || !v.Whole() {
			t.Errorf("the noted seal is not known: %+v, %v", v, err)
		}
		unlocked(t, d, `UPDATE audit_entry SET actor_id = 1`)
		do(t, d, `DELETE FROM audit_seal`)
		if _, err := audit.Seal(t.Context(), d, now); err != nil {
			t.Fatal(err)
		}
		if v, err = audit.Verify(t.Context(), d.Reader(), noted); err != nil || v.Whole() || v.Broken != nil {
			t.Errorf("it is not seen: %+v, %v", v, err)
		}
	})
}

// A transaction that has taken an identity and is not over must not be passed by.
func TestWhatIsUnderWayIsNotPassedBy(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres(t))
	country(t, d)
	written, over := make(chan bool), make(chan bool)
	done := make(chan error)
	go func() {
		done <- d.Write(context.Background(), func(tx *db.Tx) error {
			err := audit.Changed(context.Background(), tx, bo, audit.Person, 1)
			written <- true
			<-over
			return err
		})
	}()
	<-written
	if n, err := audit.Seal(t.Context(), d, now); err == nil {
		t.Errorf("%d were sealed while one is under way", n)
	}
	over <- true
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n, err := audit.Seal(t.Context(), d, now); n != 1 || err != nil {
		t.Errorf("%d were sealed, %v", n, err)
	}
}

// A page that only reads goes on though nothing can be written, and its entry comes later.
func TestAReadWaitsForTheDatabaseAndThePageDoesNot(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t)) // one writer at a time
	country(t, d)
	r := audit.NewRecorder(d, quiet)
	if err := d.Write(t.Context(), func(*db.Tx) error {
		r.Record(t.Context(), bo, audit.Read, audit.Person, "/people/{person}", 1)
		if err := r.RecordFirst(canceled(t), bo, audit.Read, audit.Support, "/", 1); err == nil {
			t.Error("what must be written first was not, and nobody is told")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, d); len(got) != 0 {
		t.Fatalf("there are %d entries", len(got))
	}
	if left := r.Flush(t.Context()); left != 0 || len(entries(t, d)) != 1 {
		t.Errorf("%d wait, %d are written", left, len(entries(t, d)))
	}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestOneReadsOnesOwnLogPageByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		for range 5 {
			change(t, d, bo, audit.Person, 1)
		}
		change(t, d, anna, audit.Person, 2)
		var before int64
		var ids []int64
		for {
			lines, more, err := audit.Of(t.Context(), d.Reader(), anna, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				if l.Actor != "Bo Ek" || l.SubjectID != 1 {
					t.Errorf("got %+v", l)
				}
				before = l.ID
				ids = append(ids, l.ID)
			}
			if !more {
				break
			}
		}
		if !slices.Equal(ids, []int64{5, 4, 3, 2, 1}) {
			t.Errorf("got %v", ids)
		}
		if _, _, err := audit.Of(t.Context(), d.Reader(), access.Viewer{TokenID: 3}, 0, 2); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a token has no log of its own: %v", err)
		}
	})
}

func TestWhoTakesOutTheAudit(t *testing.T) {
	falun, gavle := access.Place{RegionID: 20, MunicipalityID: 80}, access.Place{RegionID: 21, MunicipalityID: 81}
	admin := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: 80, RegionID: 20, MunicipalityID: 80}}}
	operator := access.Viewer{PersonID: 2, Grants: []access.Grant{{Role: access.Operator, Level: access.Nation, OrganisationID: 1}}}
	manager := access.Viewer{PersonID: 3, Grants: []access.Grant{{Role: access.Manager, Level: access.Unit, OrganisationID: 90, RegionID: 20, MunicipalityID: 80}}}
	for name, c := range map[string]struct {
		viewer access.Viewer
		of     access.Place
		want   error
	}{
		"an administrator their own municipality's": {admin, falun, nil},
		"and no other's":                 {admin, gavle, fault.NotFound},
		"nor all":                        {admin, access.Place{}, fault.NotFound},
		"an operator any municipality's": {operator, gavle, nil},
		"and all":                        {operator, access.Place{}, nil},
		"a manager none":                 {manager, falun, fault.Forbidden},
	} {
		if err := audit.Reader(c.viewer, c.of); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
