package learning_test

import (
	"context"
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	falun    int64 = 2080
	borlange int64 = 2081
)

var (
	ctx    = context.Background()
	system = access.System()
	day    = clock.Date(2025, 6, 1)
	now    = day.At(12, 0)
)

func admin(municipality int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{
		Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: municipality, RegionID: 20, MunicipalityID: municipality,
	}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world has two persons of Falun and a course whose editions came in 2024 and
// on 1 May 2025.
func world(t *testing.T, d *db.DB) (first, second, course int64) {
	t.Helper()
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		for _, p := range []struct {
			id   *int64
			name string
		}{{&first, "Ett"}, {&second, "Två"}} {
			if *p.id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: p.name}, falun, clock.Date(2024, 1, 1), "", now); err != nil {
				return err
			}
		}
		if course, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 1}, catalogue.Municipal, clock.Date(2024, 3, 1)); err != nil {
			return err
		}
		return catalogue.AddEdition(ctx, tx, course, 2, clock.Date(2025, 5, 1), "")
	}))
	return first, second, course
}

func register(d *db.DB, viewer access.Viewer, person, course int64, on clock.Day) (id int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		id, err = learning.Register(ctx, tx, viewer, learning.New{PersonID: person, CourseID: course, On: on}, now)
		return err
	})
	return id, err
}

func revoke(d *db.DB, viewer access.Viewer, id int64) error {
	return d.Write(ctx, func(tx *db.Tx) error { return learning.Revoke(ctx, tx, viewer, id, now) })
}

func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return ""
	case len(f.Fields) > 0:
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

func TestACourseIsCompletedOnceUntilRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, other, course := world(t, d)
		id, err := register(d, admin(falun), person, course, clock.Date(2025, 4, 30))
		must(t, err)
		if all, err := learning.Completions(ctx, d.Reader(), system, person, day); err != nil || len(all) != 1 || all[0].Edition != 1 {
			t.Errorf("got %+v, %v, want one of the edition of the day: 1", all, err)
		}
		if _, err := register(d, admin(falun), person, course, day); key(err) != "learning.already_completed" {
			t.Errorf("a second completion gives %v", err)
		}
		if _, err := register(d, admin(falun), other, course, day); err != nil {
			t.Errorf("another person's completion gives %v", err)
		}
		must(t, revoke(d, admin(falun), id))
		if err := revoke(d, admin(falun), id); key(err) != "learning.already_revoked" {
			t.Errorf("revoking twice gives %v", err)
		}
		_, err = register(d, admin(falun), person, course, clock.Date(2025, 5, 2))
		must(t, err)

		all, err := learning.Completions(ctx, d.Reader(), access.Viewer{PersonID: person}, person, day)
		must(t, err)
		if len(all) != 1 {
			t.Fatalf("the completions are %+v, want the one that was not revoked", all)
		}
		if all[0].Edition != 2 {
			t.Errorf("edition %d, want the newest on the day: 2", all[0].Edition)
		}
		if all[0].Source != learning.Local || all[0].On != clock.Date(2025, 5, 2) || all[0].Course != "Kurs" || all[0].CourseSlug != "kurs" {
			t.Errorf("it is %+v", all[0])
		}
	})
}

func TestARefusedCompletionLeavesTheTransactionGood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, other, course := world(t, d)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			n := learning.New{PersonID: person, CourseID: course, On: day, Source: learning.Import}
			if _, err := learning.Complete(ctx, tx, system, n, now); err != nil {
				return err
			}
			if _, err := learning.Complete(ctx, tx, system, n, now); !errors.Is(err, fault.Conflict("")) {
				t.Errorf("a second completion gives %v", err)
			}
			n.PersonID = other
			_, err := learning.Complete(ctx, tx, system, n, now)
			return err
		}))
	})
}

func TestWhatIsWrongWithARegistrationIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, _, course := world(t, d)
		for name, c := range map[string]struct {
			viewer         access.Viewer
			person, course int64
			on             clock.Day
			want           string
		}{
			"a day that has not come":               {admin(falun), person, course, day + 1, "on learning.future_day"},
			"a day before the course was published": {admin(falun), person, course, clock.Date(2024, 2, 29), "on learning.before_course"},
			"an unknown course":                     {admin(falun), person, 999, day, "course learning.unknown_course"},
			"an unknown person":                     {admin(falun), 999, course, day, "fault.not_found"},
			"a person of another municipality":      {admin(borlange), person, course, day, "fault.not_found"},
			"one's own":                             {access.Viewer{PersonID: person}, person, course, day, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := register(d, c.viewer, c.person, c.course, c.on); key(err) != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
			})
		}
	})
}

func TestCompletionsAreSeenAndRevokedWhereThePersonWorksNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		person, other, course := world(t, d)
		id, err := register(d, admin(falun), person, course, day)
		must(t, err)
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, person, borlange, day, "") }))
		for name, c := range map[string]struct {
			viewer access.Viewer
			sees   bool
		}{
			"the new municipality":  {admin(borlange), true},
			"the person":            {access.Viewer{PersonID: person}, true},
			"the old municipality":  {admin(falun), false},
			"somebody else":         {access.Viewer{PersonID: other}, false},
			"nobody":                {access.Viewer{}, false},
			"the old one's manager": {access.Viewer{Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: falun}}}, false},
		} {
			t.Run(name, func(t *testing.T) {
				all, err := learning.Completions(ctx, d.Reader(), c.viewer, person, day)
				if c.sees && (err != nil || len(all) != 1) || !c.sees && !errors.Is(err, fault.NotFound) {
					t.Errorf("gets %d completions, %v", len(all), err)
				}
			})
		}
		if err := revoke(d, admin(falun), id); !errors.Is(err, fault.NotFound) {
			t.Errorf("the old municipality revokes: %v", err)
		}
		must(t, revoke(d, admin(borlange), id))
	})
}
