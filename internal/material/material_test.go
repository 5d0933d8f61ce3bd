package material_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/material"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

func TestMaterialIsSeenByThoseWhomItIsFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, system, today := context.Background(), access.System(), clock.Date(2026, 10, 5)
		now := today.At(12, 0)
		producer := access.Viewer{Grants: []access.Grant{{Role: access.Producer, Level: access.Nation, OrganisationID: organisation.NationID}}}
		var seated, teacher, stranger, edition, enrolment int64
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			must(d.Write(ctx, f))
		}
		must(organisation.Install(ctx, d))
		write(func(tx *db.Tx) error {
			course, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 1, TariffKind: "authority"}, catalogue.Regional, today-500)
			if err != nil {
				return err
			}
			for _, p := range []*int64{&seated, &teacher, &stranger} {
				if *p, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Test"}, 2080, today-400, "", now); err != nil {
					return err
				}
			}
			id, err := planning.Plan(ctx, tx, system, planning.New{
				CourseID: course, RegionID: 20, Label: "1", Capacity: 5, SignupFrom: today, SignupUntil: today + 5,
				Days: []planning.NewDay{{Day: today + 30, Starts: "09:00", Ends: "16:00", Trainers: []planning.NewTrainer{{PersonID: teacher, Role: trainer.Lead}}}},
			}, now)
			if err != nil {
				return err
			}
			if enrolment, err = seat.Enrol(ctx, tx, system, id, seated, now); err != nil {
				return err
			}
			detail, err := round.Get(ctx, tx, system, id)
			edition = *detail.EditionID
			return err
		})
		add := func(audience material.Audience, title string) (id int64) {
			t.Helper()
			write(func(tx *db.Tx) (err error) {
				id, err = material.Add(ctx, tx, producer, material.New{EditionID: edition, Audience: audience, Title: title, URL: "https://example.org/"})
				return err
			})
			return id
		}
		add(material.Participants, "A")
		b := add(material.Participants, "B")
		secret := add(material.Trainers, "C")
		sees := func(viewer access.Viewer) string {
			t.Helper()
			all, err := material.List(ctx, d.Reader(), viewer, edition)
			must(err)
			var titles []string
			for _, m := range all {
				titles = append(titles, m.Title)
			}
			// A page and a list never disagree.
			_, err = material.Get(ctx, d.Reader(), viewer, secret)
			if got := err == nil; got != strings.Contains(strings.Join(titles, ""), "C") {
				t.Errorf("the list has %v, the single one is seen: %t", titles, got)
			}
			return strings.Join(titles, " ")
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   bool
		}{
			"who makes courses":    {producer, true},
			"who holds a day":      {access.Viewer{PersonID: teacher, Trainer: true}, true},
			"a trainer of another": {access.Viewer{PersonID: stranger, Trainer: true}, false},
			"who has a seat":       {access.Viewer{PersonID: seated}, false},
			"nobody":               {access.Viewer{}, false},
			"who plans occasions":  {access.Viewer{PersonID: stranger, Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: 2080, RegionID: 20}}}, true},
		} {
			if got, err := material.ReadsPack(ctx, d.Reader(), c.viewer, edition); err != nil || got != c.want {
				t.Errorf("%s reads the pack: %t (%v)", name, got, err)
			}
		}
		// A team's members find its pack once there is one, held day or not.
		packs := func() int {
			t.Helper()
			all, err := material.Packs(ctx, d.Reader(), access.Viewer{PersonID: stranger, Trainer: true})
			must(err)
			return len(all)
		}
		write(func(tx *db.Tx) error {
			e, err := catalogue.EditionByID(ctx, tx, edition)
			if err == nil {
				_, err = trainer.Recruit(ctx, tx, system, trainer.New{PersonID: stranger, CourseID: e.CourseID, RegionID: 20, On: today})
			}
			return err
		})
		if reads, err := material.ReadsPack(ctx, d.Reader(), access.Viewer{PersonID: stranger, Trainer: true}, edition); err != nil || !reads || packs() != 0 {
			t.Errorf("a new member reads the pack: %t, and finds %d (%v)", reads, packs(), err)
		}
		write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO edition_content (edition_id, content, published_at) VALUES ($1, '{}', $2)`, edition, now)
			return err
		})
		if packs() != 1 {
			t.Errorf("a new member finds %d packs", packs())
		}
		write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `DELETE FROM trainer WHERE person_id = $1`, stranger)
			return err
		})
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   string
		}{
			"who makes courses":      {producer, "A B C"},
			"who has a seat":         {access.Viewer{PersonID: seated}, "A B"},
			"who holds a day":        {access.Viewer{PersonID: teacher, Trainer: true}, "A B C"},
			"who has nothing of it":  {access.Viewer{PersonID: stranger}, ""},
			"nobody":                 {access.Viewer{}, ""},
			"a manager in the place": {access.Viewer{PersonID: stranger, Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: 2080, RegionID: 20}}}, ""},
		} {
			if got := sees(c.viewer); got != c.want {
				t.Errorf("%s sees %q, want %q", name, got, c.want)
			}
		}
		write(func(tx *db.Tx) error { return material.MoveUp(ctx, tx, producer, b) })
		if got := sees(producer); got != "B A C" {
			t.Errorf("after moving up: %q", got)
		}
		write(func(tx *db.Tx) error { return material.Remove(ctx, tx, producer, b, now) })
		write(func(tx *db.Tx) error { return seat.Withdraw(ctx, tx, system, enrolment, now) })
		if got := sees(access.Viewer{PersonID: seated}); got != "" {
			t.Errorf("without the seat: %q", got)
		}
		if got := sees(producer); got != "A C" {
			t.Errorf("after removing: %q", got)
		}
		write(func(tx *db.Tx) error { return material.Return(ctx, tx, producer, b) })
		if got := sees(producer); got != "B A C" {
			t.Errorf("brought back: %q", got)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			return material.Remove(ctx, tx, access.Viewer{PersonID: teacher, Trainer: true}, secret, now)
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("a trainer removed material: %v", err)
		}
	})
}

// A region keeps what its own rounds get. The nation's, which every round gets, and
// the neighbour's are not its to change.
func TestARegionKeepsItsOwnMaterial(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, today := context.Background(), clock.Date(2026, 10, 5)
		now := today.At(12, 0)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(organisation.Install(ctx, d))
		var edition int64
		must(d.Write(ctx, func(tx *db.Tx) error {
			course, err := catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 1, TariffKind: "authority"}, catalogue.Regional, today-500)
			if err != nil {
				return err
			}
			e, err := catalogue.EditionOn(ctx, tx, course, today)
			edition = e.ID
			return err
		}))
		in := func(role access.Role, level access.Level, id int64) access.Viewer {
			g := access.Grant{Role: role, Level: level, OrganisationID: id}
			if level == access.Region {
				g.RegionID = id
			}
			return access.Viewer{Grants: []access.Grant{g}}
		}
		dalarna, gavleborg := in(access.Regional, access.Region, 20), in(access.Regional, access.Region, 21)
		producer := in(access.Producer, access.Nation, organisation.NationID)
		add := func(viewer access.Viewer, region int64) (id int64, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				id, err = material.Add(ctx, tx, viewer, material.New{EditionID: edition, RegionID: region, Audience: material.Participants, Title: "A", URL: "https://example.org/"})
				return err
			})
			return id, err
		}
		nations, err := add(producer, 0)
		must(err)
		own, err := add(dalarna, 20)
		must(err)
		for name, region := range map[string]int64{"the nation's": 0, "the neighbour's": 21} {
			if _, err := add(dalarna, region); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a region adds %s: %v", name, err)
			}
		}
		for name, c := range map[string]struct {
			viewer     access.Viewer
			id         int64
			want       error
			sees, gone int
		}{
			"a region the nation's":    {dalarna, nations, fault.Forbidden, 2, 0},
			"a neighbour the region's": {gavleborg, own, fault.NotFound, 1, 0},
			"a region its own":         {dalarna, own, nil, 1, 1},
			"the producers a region's": {producer, own, nil, 1, 1},
		} {
			err := d.Write(ctx, func(tx *db.Tx) error { return material.Remove(ctx, tx, c.viewer, c.id, now) })
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
			all, err := material.List(ctx, d.Reader(), c.viewer, edition)
			must(err)
			removed, err := material.Removed(ctx, d.Reader(), c.viewer, edition)
			must(err)
			if len(all) != c.sees || len(removed) != c.gone {
				t.Errorf("%s: %d are there and %d removed, want %d and %d", name, len(all), len(removed), c.sees, c.gone)
			}
			if err := d.Write(ctx, func(tx *db.Tx) error { return material.Return(ctx, tx, c.viewer, c.id) }); !errors.Is(err, c.want) {
				t.Errorf("%s, back: %v, want %v", name, err, c.want)
			}
		}
		for region, want := range map[int64]int{0: 1, 20: 2, 21: 1} {
			all, err := material.OfRound(ctx, d.Reader(), access.System(), edition, region)
			must(err)
			if len(all) != want {
				t.Errorf("a round of %d gets %d pieces, want %d", region, len(all), want)
			}
		}
	})
}
