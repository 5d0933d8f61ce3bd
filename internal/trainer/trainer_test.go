package trainer_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/trainer"
)

const (
	dalarna int64 = 20
	uppsala int64 = 3
	falun   int64 = 2080
)

var (
	ctx    = context.Background()
	system = access.System()
	day    = clock.Date(2025, 6, 1)
)

func regional(region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: region, RegionID: region}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world has a trainer of Falun, one of the RSS, and a course.
func world(t *testing.T, d *db.DB) (municipal, rss, course int64) {
	t.Helper()
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		if municipal, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Öst"}, falun, day-500, "", 0); err != nil {
			return err
		}
		if rss, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: "Ärlig"}, dalarna, day-500, "", 0); err != nil {
			return err
		}
		course, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 2}, catalogue.Regional, day-500)
		return err
	}))
	return municipal, rss, course
}

func recruit(d *db.DB, viewer access.Viewer, n trainer.New) (id int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		id, err = trainer.Recruit(ctx, tx, viewer, n)
		return err
	})
	return id, err
}

func TestATeamIsRecruitedReadyAndEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		municipal, rss, course := world(t, d)
		id, err := recruit(d, regional(dalarna), trainer.New{PersonID: municipal, CourseID: course, RegionID: dalarna, On: day})
		must(t, err)
		_, err = recruit(d, regional(dalarna), trainer.New{PersonID: rss, CourseID: course, RegionID: dalarna, On: day})
		must(t, err)

		status := func(today clock.Day) (got []string) {
			t.Helper()
			team, err := trainer.Team(ctx, d.Reader(), regional(dalarna), dalarna, today)
			must(t, err)
			for _, m := range team {
				got = append(got, m.Name+", "+m.Municipality+": "+string(m.Status(today)))
			}
			return got
		}
		if diff := cmp.Diff([]string{"Test Ärlig, : recruited", "Test Öst, Falun: recruited"}, status(day)); diff != "" {
			t.Error(diff)
		}
		write := func(f func(tx *db.Tx) error) error { return d.Write(ctx, f) }
		must(t, write(func(tx *db.Tx) error { return trainer.Ready(ctx, tx, regional(dalarna), id, day+10) }))
		must(t, write(func(tx *db.Tx) error {
			return trainer.End(ctx, tx, regional(dalarna), id, day+20, trainer.Why{Reason: trainer.NoTime})
		}))
		for today, want := range map[clock.Day]string{day + 9: "recruited", day + 10: "ready", day + 20: "ready", day + 21: "ended"} {
			if got := status(today)[1]; got != "Test Öst, Falun: "+want {
				t.Errorf("on %s: %s, want %s", today, got, want)
			}
		}
		if err := write(func(tx *db.Tx) error {
			return trainer.End(ctx, tx, regional(dalarna), id, day-1, trainer.Why{Reason: trainer.NoTime})
		}); !errors.Is(err, fault.Invalid("", "")) {
			t.Errorf("ending before the beginning gives %v", err)
		}

		again := trainer.New{PersonID: municipal, CourseID: course, RegionID: dalarna, On: day + 20}
		if _, err := recruit(d, regional(dalarna), again); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("recruiting a member who is still there gives %v", err)
		}
		again.On = day + 30
		if back, err := recruit(d, regional(dalarna), again); err != nil || back != id {
			t.Errorf("coming back gives %d, %v; want %d", back, err, id)
		}
		if got := status(day + 30)[1]; got != "Test Öst, Falun: recruited" {
			t.Errorf("who came back is %s", got)
		}
	})
}

func TestATeamIsForThoseWhoManageTheRegionsRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		municipal, _, course := world(t, d)
		n := trainer.New{PersonID: municipal, CourseID: course, RegionID: dalarna, On: day}
		id, err := recruit(d, regional(dalarna), n)
		must(t, err)
		for name, viewer := range map[string]access.Viewer{
			"the neighbouring region": regional(uppsala),
			"the trainer":             {PersonID: municipal, Trainer: true},
			"nobody":                  {},
		} {
			_, recruiting := recruit(d, viewer, n)
			_, looking := trainer.Team(ctx, d.Reader(), viewer, dalarna, day)
			for what, err := range map[string]error{
				"recruit": recruiting,
				"look":    looking,
				"ready":   d.Write(ctx, func(tx *db.Tx) error { return trainer.Ready(ctx, tx, viewer, id, day) }),
				"end": d.Write(ctx, func(tx *db.Tx) error {
					return trainer.End(ctx, tx, viewer, id, day, trainer.Why{Reason: trainer.NoTime})
				}),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
		n.PersonID = 999
		if _, err := recruit(d, regional(dalarna), n); !errors.Is(err, fault.NotFound) {
			t.Errorf("recruiting an unknown person gives %v", err)
		}
	})
}

func TestADayNeedsAttendanceFromItsMorningUntilSaved(t *testing.T) {
	moment := day.Start()
	for name, c := range map[string]struct {
		day  trainer.Day
		want bool
	}{
		"tomorrow's does not":  {trainer.Day{Day: day + 1}, false},
		"today's does":         {trainer.Day{Day: day}, true},
		"last week's does":     {trainer.Day{Day: day - 7}, true},
		"a saved one does not": {trainer.Day{Day: day, HeldAt: &moment}, false},
		"a cancelled does not": {trainer.Day{Day: day, CancelledAt: &moment}, false},
		"one that somebody is only asked to hold does not": {trainer.Day{Day: day, Standing: trainer.WasAsked}, false},
	} {
		if got := c.day.NeedsAttendance(day); got != c.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
